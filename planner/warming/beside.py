"""Kernels of a plan's later stages, compiled in a process beside while its stops are planned.

Numba compiles one kernel at a time in a process, and the first plan on a machine takes most of its
time for that. The process beside computes the small plan whose stop planner is soon compiled; by
the time that the first plan has its stops, it has left the kernels of queues and searches for it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from planner.runs.progress import Advance, ProgressListener

_FROM_STAGE = "Planning stops"
_NICENESS = 5


class _BeginsAt:
    """A listener that lets a process go on once a stage begins."""

    def __init__(self, listener: ProgressListener, beside: subprocess.Popen[bytes]) -> None:
        self._listener, self._beside = listener, beside

    def __getattr__(self, name: str) -> Any:
        return getattr(self._listener, name)

    def stage(self, name: str) -> AbstractContextManager[Advance]:
        """Enter a stage."""
        if name == _FROM_STAGE and self._beside.stdin is not None:
            with suppress(OSError):
                self._beside.stdin.write(b"\n")
                self._beside.stdin.flush()
        return self._listener.stage(name)


@contextmanager
def compiled_beside(listener: ProgressListener) -> Iterator[ProgressListener]:
    """Listener of a plan's run, for whom kernels are compiled beside where none are kept.

    The process ends with the context, however that ends.
    """
    if not _is_needed():
        yield listener
        return
    try:
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        yield listener
        return
    try:
        yield _BeginsAt(listener, process)
    finally:
        process.terminate()
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()


def _is_needed() -> bool:
    """Whether the kernel that all later stages call is still to be compiled, and a core is free."""
    from numba import get_num_threads  # noqa: PLC0415  # a second of imports

    from planner.simulation.queue_kernel import run_layout  # noqa: PLC0415

    is_kept: bool | None = run_layout.is_kept()  # type: ignore[attr-defined]  # typed as a function
    return is_kept is False and get_num_threads() > 1


def _end_with(begun_by: Any) -> None:
    """End this process when the one that began it closes our input, or is no more."""
    begun_by.read()
    os.kill(os.getpid(), signal.SIGTERM)


def _compile() -> None:
    """Get ready, wait for a line, and compute the small plan."""
    from planner.warming.kernels import BESIDE, warmed_by  # noqa: PLC0415  # after signals are set

    if not sys.stdin.buffer.readline():
        return
    Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()
    warmed_by(BESIDE)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # An exit that leaves no temporary folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    _compile()
