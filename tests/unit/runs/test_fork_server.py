"""The process whose copies are the workers of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from planner.runs.cluster import workforce
from planner.runs.fork_server import IS_THERE, begin_fork_server, fork_server

if not IS_THERE:
    pytest.skip("this system copies no processes", allow_module_level=True)

MODULE = "planner.runs.counter_draws"
"""Stands for that of tasks; small."""


def test_workers_are_copies_of_one_process_that_ends_with_them(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with workforce(2, 2, None, MODULE) as force:
        found = force.client.run(lambda: (os.getppid(), os.environ["OPENBLAS_NUM_THREADS"]))
    ((server, threads), other) = found.values()
    assert other == (server, "1")
    assert threads == "1"
    assert server != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_workers_see_the_environment_of_when_they_are_started(monkeypatch):
    with fork_server(MODULE):
        monkeypatch.setenv("PLANNER_ANY", "later")
        with workforce(1, 1, None, MODULE) as force:
            found = force.client.run(os.environ.get, "PLANNER_ANY")
    assert [*found.values()] == ["later"]


def test_the_process_that_is_copied_has_no_thread_of_ours_and_leaves_interrupts_to_others():
    with fork_server("planner.sweeping.worker_tasks"), workforce(1, 1, None, MODULE) as force:
        (server,) = force.client.run(os.getppid).values()
        of_server = Path("/proc", str(server))
        status = (of_server / "status").read_text(encoding="utf-8")
        threads = [(each / "comm").read_text().strip() for each in of_server.glob("task/*")]
    assert len([name for name in threads if name != "jemalloc_bg_thd"]) == 1
    told = dict(line.split(":", 1) for line in status.splitlines())
    assert int(told["SigIgn"], 16) & 2  # the second signal is SIGINT


def test_an_interrupt_while_it_is_begun_is_not_lost(monkeypatch):
    kill = partial(os.kill, os.getpid(), signal.SIGINT)
    monkeypatch.setattr("multiprocessing.forkserver.ensure_running", kill)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            begin_fork_server(MODULE)
    finally:
        signal.signal(signal.SIGINT, before)


def test_it_does_not_outlive_a_command_that_ends_while_it_imports(tmp_path):
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(600)\n")
    program = """
import sys
from multiprocessing import forkserver
from planner.runs.fork_server import begin_fork_server
sys.path.append(sys.argv[1])
begin_fork_server("slow_to_import")
print(forkserver._forkserver._forkserver_pid)
"""
    command = [sys.executable, "-c", program, str(tmp_path)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    with pytest.raises(ProcessLookupError):
        os.kill(int(ended.stdout), 0)


def test_workers_outlive_others_that_were_started_after_them():
    with workforce(1, 1, None, MODULE) as first:
        (server,) = first.client.run(os.getppid).values()
        with workforce(1, 1, None, MODULE) as second:
            assert [*second.client.run(os.getppid).values()] == [server]
        assert first.client.submit(os.getppid, pure=False).result(timeout=60) == server


def test_it_is_begun_in_any_thread_and_its_settings_do_not_stay(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with fork_server(MODULE):
        thread = threading.Thread(target=begin_fork_server, args=(MODULE,))
        thread.start()
        thread.join()
        assert "OPENBLAS_NUM_THREADS" not in os.environ
