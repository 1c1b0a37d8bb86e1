"""Commands that wait their turn, fail, and are stopped."""

import subprocess
import sys
import time

import pytest

from planner.errors import RunDirectoryError
from planner.workbench import run_queue
from planner.workbench.folder import look_into
from planner.workbench.home import home_fragment
from planner.workbench.run_queue import Queue


@pytest.fixture
def queue(tmp_path):
    queue = Queue(tmp_path)
    yield queue
    queue.close()


def state_of(queue, folder, *until):
    for _ in range(600):
        state = next(job.state for job in queue.jobs() if job.folder == folder)
        if state in until:
            return state
        time.sleep(0.05)
    return state


def test_commands_wait_fail_with_what_they_said_and_are_stopped(queue, tmp_path):
    queue.add(("planner", "run", "nothing.yaml"), "outputs/a")
    queue.add(("planner", "warm"), "outputs/b")
    with pytest.raises(RunDirectoryError, match="outputs/b: waits or is at work already"):
        queue.add(("planner", "warm"), "outputs/b")
    assert queue.stop("outputs/b").state == "stopped"
    assert state_of(queue, "outputs/a", "failed") == "failed"
    with pytest.raises(RunDirectoryError, match="nothing is at work in it"):
        queue.stop("outputs/a")
    shown = home_fragment(tmp_path, queue, look_into(tmp_path))
    assert "nothing.yaml: 1 fault" in " ".join(shown.split())
    assert '<span lang="de">nothing.yaml: 1 Fehler' in shown
    assert shown.count('data-post="/api/runs/resume"') == 2
    queue.add(("planner", "warm"), "outputs/b")
    assert state_of(queue, "outputs/b", "running") == "running"
    queue.stop("outputs/b")
    assert state_of(queue, "outputs/b", "stopped") == "stopped"


def test_what_waited_is_known_to_the_next_server_which_starts_nothing_unasked(queue, tmp_path):
    queue.add(("planner", "run", "nothing.yaml"), "outputs/a")
    queue.add(("planner", "run", "later.yaml"), "outputs/b")
    later = Queue(tmp_path)
    later.close()
    assert {(job.folder, job.state) for job in later.jobs()} >= {("outputs/b", "stopped")}
    assert later.command_of("outputs/b") == ("planner", "run", "later.yaml")
    queue.stop("outputs/b")
    state_of(queue, "outputs/a", "failed")


def test_plans_of_countries_stand_before_other_studies(queue, tmp_path):
    shown = home_fragment(tmp_path, queue, look_into(tmp_path))
    places = [
        shown.index(f"<b>{name}</b>") for name in ("germany-10", "germany-sweep", "depot-demo")
    ]
    assert places == sorted(places)


TELLS = """
import io, time
from rich.console import Console
from planner.runs.progress import listener_on

with listener_on(Console(file=io.StringIO())) as listener:
    with listener.stage("Planning stops") as advance:
        advance(1, 4)
        time.sleep(60)
"""


def test_a_question_that_takes_minutes_tells_how_far_it_is(queue, tmp_path):
    (tmp_path / "asked.py").write_text(TELLS, encoding="utf-8")
    job = queue.add(("asked",), "outputs/a/rank-30")
    for _ in range(600):
        if (told := queue.how_far(job)) and told.total:
            break
        time.sleep(0.05)
    assert (told.stage, told.done, told.total) == ("Planning stops", 1, 4)
    assert "1 of 4" in home_fragment(tmp_path, queue, look_into(tmp_path))
    queue.stop("outputs/a/rank-30")
    assert queue.how_far(job) is None


AT_WORK = """
import signal, sys, time
from pathlib import Path
from planner.runs.folder_lock import locked
from planner.runs.manifests import work_beside
from planner.runs.noted_progress import NotedProgress
from planner.runs.progress import Quiet

signal.signal(signal.SIGINT, getattr(signal, sys.argv[2]))
final = Path(sys.argv[1])
with locked(final):
    work_beside(final).mkdir()
    with NotedProgress(Quiet(), work_beside(final)).stage("Planning stops") as advance:
        advance(1, 4)
        print("at work", flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("hears", ["default_int_handler", "SIG_IGN"])
def test_a_run_that_nobody_here_began_is_told_and_stopped(queue, tmp_path, monkeypatch, hears):
    if hears == "SIG_IGN":
        monkeypatch.setattr(run_queue, "_PATIENCE_S", 0.5)
    final = tmp_path / "outputs" / "elsewhere"
    final.parent.mkdir()
    words = [sys.executable, "-c", AT_WORK, str(final), hears]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        (told,) = look_into(tmp_path).results
        assert (told.state, told.how_far.process_id) == ("running", process.pid)
        shown = home_fragment(tmp_path, queue, look_into(tmp_path))
        assert 'data-post="/api/runs/stop"' in shown
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr("platform.node", lambda: "another computer")
            with pytest.raises(RunDirectoryError, match="could be stopped from here"):
                queue.stop("outputs/elsewhere")
            assert 'data-post="/api/runs/stop"' not in home_fragment(
                tmp_path, queue, look_into(tmp_path)
            )
        with pytest.raises(RunDirectoryError, match="is at work already"):
            queue.add(("planner", "run", "study.yaml"), "outputs/elsewhere")
        assert queue.stop("outputs/elsewhere").state == "stopped"
        _, said = process.communicate(timeout=20)
    assert (b"KeyboardInterrupt" in said) is (hears == "default_int_handler")
    (told,) = look_into(tmp_path).results
    assert (told.state, told.how_far) == ("interrupted", None)
    # What it has noted is of a process that is no more: nobody is stopped by it.
    with pytest.raises(RunDirectoryError, match="nothing is at work in it"):
        queue.stop("outputs/elsewhere")


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"commands": []}', '{"commands": {"a": ["rm", "-r", "x"]}, "waiting": ["a"]}'],
)
def test_a_file_of_somebody_else_starts_nothing(tmp_path, text):
    (tmp_path / ".planner-workbench").mkdir()
    (tmp_path / ".planner-workbench" / "queue.json").write_text(text)
    queue = Queue(tmp_path)
    assert queue.jobs() == []
    assert queue.command_of("a") is None
    queue.close()
