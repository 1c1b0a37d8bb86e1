"""A process whose copies are the workers of this machine: it imports once what each of them would.

It computes nothing and has no thread but that of the allocator of pyarrow, which minds copies: a
copy begins as a process of its own would.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

IS_THERE = sys.platform == "linux"
"""Windows copies no process, and libraries of macOS do not bear it."""
METHOD = "forkserver" if IS_THERE else "spawn"
"""How Python calls the way in which workers are started."""

_OF_WORKERS = {
    "MALLOC_TRIM_THRESHOLD_": "65536",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "6640",
    "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning",
}
"""What dask sets for a worker before it begins, where the user does not: libraries read it when
they are imported. And Python's process that gives back what an interrupted sweep leaves does so in
silence."""


_ONE_AT_A_TIME = Lock()
_USERS: set[object] = set()
"""Contexts that last; without the process their workers would be taken for dead."""


def begin_fork_server(*modules: str) -> None:
    """Let the process begin to import, unless it has; nothing where there are no such processes.

    Parameters
    ----------
    *modules : str
        Modules of the tasks that workers will be given.
    """
    if not IS_THERE:
        return
    from multiprocessing import forkserver, resource_tracker  # noqa: PLC0415  # not on Windows

    atexit.register(_leave_none_behind)
    multiprocessing.get_context(METHOD).set_forkserver_preload(["distributed", *modules])
    with _as_for_workers():
        resource_tracker.ensure_running()  # else begun below, where it would let interrupts through
        with _interrupts_held_back():
            forkserver.ensure_running()


@contextmanager
def fork_server(*modules: str) -> Iterator[None]:
    """Have the process, as :func:`begin_fork_server`, for as long as any such context lasts."""
    user = object()
    with _ONE_AT_A_TIME:
        _USERS.add(user)
        begin_fork_server(*modules)
    try:
        yield
    finally:
        with _ONE_AT_A_TIME:
            _USERS.remove(user)
            if not _USERS:
                _end_fork_server()


def _end_fork_server() -> None:
    """Let the process end and wait for it: whoever started this one is told of its time too."""
    if not IS_THERE:
        return
    from multiprocessing import forkserver  # noqa: PLC0415  # not there on Windows

    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # noqa: SLF001  # no other way


def _leave_none_behind() -> None:
    """End the process, where nobody has: by itself it does so once it has imported everything."""
    from multiprocessing import forkserver  # noqa: PLC0415  # not there on Windows

    pid = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # noqa: SLF001
    if pid is not None:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)


@contextmanager
def _as_for_workers() -> Iterator[None]:
    added = {name: value for name, value in _OF_WORKERS.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Leave Ctrl-C to the process that starts the workers, which ends them.

    What is begun here, and its copies, hold interrupts back for good; here one that comes
    meanwhile is not lost.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
