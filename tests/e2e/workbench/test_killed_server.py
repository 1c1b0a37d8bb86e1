"""A server that is killed in the middle of a run: nothing is lost."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from planner import run
from planner.workbench.guard import Address
from tests.e2e.workbench.conftest import Client
from tests.small_study import write_study

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


@contextmanager
def workbench_process(folder):
    """A workbench that is a process of its own, and its client."""
    command = [sys.executable, "-m", "planner", "open", str(folder), "--no-browser"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "500"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            url = next(
                re.finditer(r"http://127.0.0.1:(\d+)/\S*token=(\S+)", server.stdout.readline())
            )
            yield server, Client(Address(int(url[1]), url[2]))
        finally:
            server.kill()


def test_ctrl_c_ends_the_workbench_as_it_says(tmp_path):
    with workbench_process(tmp_path) as (server, ask):
        ask("GET", "/")  # it serves
        os.kill(server.pid, signal.SIGINT)
        assert server.wait(60) == 0
        told = server.stdout.read()
    assert told.strip() == "The workbench has ended. Runs that it has begun go on."


@pytest.mark.proof
def test_a_run_of_a_killed_server_is_stopped_and_resumed_by_the_next(tmp_path):
    study = write_study(tmp_path) / STUDY
    longer = study.read_text().replace("max_generations: 15", "max_generations: 300")
    study.write_text(longer)
    with workbench_process(tmp_path) as (server, ask):
        ask.json("POST", "/api/runs", {"study": STUDY})
        until(lambda: has_progress(ask, RUN))
        os.kill(server.pid, signal.SIGKILL)
    with workbench_process(tmp_path) as (_, ask):
        assert has_progress(ask, RUN)
        ask.json("POST", "/api/runs/stop", {"run": RUN})
        assert result_of(ask, RUN)["state"] == "interrupted"
        job = ask.json("POST", "/api/runs/resume", {"run": RUN})
        assert job["command"].endswith(f"--out {RUN} --resume")
        until(lambda: (result_of(ask, RUN) or {}).get("state") == "finished")
    whole = run(study, out=tmp_path / "whole")
    assert tables(tmp_path / RUN) == tables(whole.folder)
