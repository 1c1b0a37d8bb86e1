"""A process beside compiles for the first plan on a machine, and ends with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from planner.runs import kernel_claims
from planner.simulation.queue_kernel import run_layout
from planner.warming import beside
from planner.warming.beside import compiled_beside

WAIT_S = 120.0
FIRST_PLAN = """\
import subprocess, sys, time
from pathlib import Path
from planner.warming.beside import compiled_beside

class Begun(subprocess.Popen):
    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        print(self.pid, flush=True)

subprocess.Popen = Begun
with compiled_beside():
    while not list(Path(sys.argv[1]).rglob("*.nbi")):
        time.sleep(0.05)
    print("kept", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def first_plan(tmp_path):
    """Begin a plan that waits so many seconds after the first kernel was left for it."""
    begun = []

    def begin(seconds):
        environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
        plan = subprocess.Popen(
            [sys.executable, "-c", FIRST_PLAN, str(tmp_path), str(seconds)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(plan)
        return plan

    yield begin
    for each in begun:
        each.kill()
        each.communicate()


def is_gone(pid):
    """Whether a process ends in time."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_where_kernels_are_kept_no_process_begins():
    assert run_layout.is_kept()  # `make test` warms them
    with compiled_beside():
        assert not kernel_claims._FOLDERS


def test_where_no_temporary_folder_can_be_made_a_plan_compiles_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(beside, "_is_needed", lambda: True)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with compiled_beside():
        assert not kernel_claims._FOLDERS


@pytest.mark.skipif(os.cpu_count() == 1, reason="one core has no room beside a plan")
def test_kernels_are_left_and_the_process_ends_with_the_plan(first_plan, tmp_path):
    plan = first_plan(0.0)
    beside = int(plan.stdout.readline())
    assert plan.stdout.readline() == "kept\n"
    assert plan.wait(WAIT_S) == 0
    assert is_gone(beside)
    assert not list(tmp_path.glob("planner-*"))


@pytest.mark.skipif(os.cpu_count() == 1, reason="one core has no room beside a plan")
def test_the_process_ends_with_a_plan_that_is_killed(first_plan, tmp_path):
    plan = first_plan(WAIT_S)
    beside = int(plan.stdout.readline())
    assert plan.stdout.readline() == "kept\n"
    plan.send_signal(signal.SIGKILL)
    assert is_gone(beside)
    assert not list(tmp_path.glob("planner-*"))
