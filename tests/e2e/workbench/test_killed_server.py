"""A server that is killed in the middle of a run: nothing is lost."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

RUN, STUDY = "outputs/small", "study.yaml"
QUEUE = """
import sys, time
from pathlib import Path
from planner.workbench.run_queue import Queue

queue = Queue(Path(sys.argv[1]))
for name in ("killed", "later"):
    queue.add(("planner", "run", "study.yaml", "--out", f"outputs/{name}"), f"outputs/{name}")
time.sleep(600)
"""


def result_of(ask, run):
    return next((each for each in ask.json("GET", "/api/runs") if each["run"] == run), None)


def until(found, seconds=120.0):
    """What a function finds at last."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.1)
    pytest.fail("nothing happened")


def tables(folder):
    """Files of a run but those that tell when it was made and how long it took."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"run.json", "report.html"}
        if ".stages" not in path.parts
    }


def has_progress(ask, run):
    result = result_of(ask, run)
    return result is not None and result["state"] == "running" and result["progress"]


def test_a_run_outlives_the_server_that_began_it_to_the_same_bytes(ask, folder):
    with subprocess.Popen([sys.executable, "-c", QUEUE, str(folder)]) as server:
        until(lambda: has_progress(ask, "outputs/killed"))
        os.kill(server.pid, signal.SIGKILL)
    # Another server tells of it, and could stop it.
    assert 'data-post="/api/runs/stop"' in ask("GET", "/fragments/found").text
    until(lambda: (result_of(ask, "outputs/killed") or {}).get("state") == "finished")
    assert tables(folder / "outputs" / "killed") == tables(folder / RUN)
    # What waited is begun by nobody, and known by its command to the next server.
    assert result_of(ask, "outputs/later") is None
    noted = folder / ".planner-workbench" / "queue.json"
    told = json.loads(noted.read_text())
    noted.write_text(json.dumps(told | {"waiting": []}))
    assert told["waiting"] == ["outputs/later"]
    assert told["commands"]["outputs/later"] == [
        *("planner", "run", STUDY, "--out", "outputs/later")
    ]
    ask.json("POST", "/api/runs/bin", {"run": "outputs/killed"})


@pytest.mark.proof
def test_a_run_of_a_killed_server_is_stopped_and_resumed_by_the_next(ask, folder):
    with subprocess.Popen([sys.executable, "-c", QUEUE, str(folder)]) as server:
        until(lambda: has_progress(ask, "outputs/killed"))
        os.kill(server.pid, signal.SIGKILL)
    ask.json("POST", "/api/runs/stop", {"run": "outputs/killed"})
    assert result_of(ask, "outputs/killed")["state"] == "interrupted"
    job = ask.json("POST", "/api/runs/resume", {"run": "outputs/killed"})
    assert job["command"].endswith("--out outputs/killed --resume")
    until(lambda: (result_of(ask, "outputs/killed") or {}).get("state") == "finished")
    assert tables(folder / "outputs" / "killed") == tables(folder / RUN)
    ask.json("POST", "/api/runs/bin", {"run": "outputs/killed"})
