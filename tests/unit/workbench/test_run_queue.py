"""Commands that wait their turn, fail, and are stopped."""

import time

import pytest

from planner.errors import RunDirectoryError
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
    with pytest.raises(RunDirectoryError, match="not started here"):
        queue.stop("outputs/a")
    shown = home_fragment(tmp_path, queue, look_into(tmp_path))
    assert "nothing.yaml: 1 fault" in " ".join(shown.split())
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
