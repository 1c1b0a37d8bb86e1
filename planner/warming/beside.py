"""Kernels that a first plan calls, compiled in a process beside while it begins.

Numba compiles one kernel at a time in a process, and the first plan on a machine takes most of its
time for that. The process beside computes the small plan whose stop planner is soon compiled; by
the time that the first plan has its stops, it has left the kernels of queues and searches for it.
What both call, either compiles for both.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn

from planner.runs.kernel_claims import folder_of_claims, kernels_shared, share_kernels

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def compiled_beside() -> Iterator[None]:
    """Let kernels of a plan be compiled beside, where none are kept.

    The process ends with the context, however that ends.
    """
    if not _is_needed():
        yield
        return
    with ExitStack() as ends:
        claims = ends.enter_context(folder_of_claims())
        if claims is None:
            yield
            return
        with suppress(OSError):
            process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", __name__, claims],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            ends.callback(_end, process)
            ends.enter_context(kernels_shared(claims))
        yield


def _end(process: subprocess.Popen[bytes]) -> None:
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


def _exit(*_: Any) -> NoReturn:
    """End, once, and leave no temporary folder behind."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


def _compile(claims: Path) -> None:
    """Compute the small plan."""
    Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()
    share_kernels(claims)
    from planner.warming.small_plan import compute_small_plan  # noqa: PLC0415  # signals first

    try:
        compute_small_plan()
    except SystemExit:
        # A plan that was killed leaves them, and one that ended did not wait for the last of ours.
        rmtree(claims, ignore_errors=True)
        raise


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _exit)
    _compile(Path(sys.argv[1]))
