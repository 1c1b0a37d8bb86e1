"""How many processor cores kernels use, and threads that start some at the same time."""

from __future__ import annotations

from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

import numba

if TYPE_CHECKING:
    from collections.abc import Iterator

_TURN = RLock()
_TAKES_TURNS = "workqueue"
"""Numba's own threads, where it finds neither OpenMP nor TBB: two callers end the process."""


@contextmanager
def kernels_in_turn() -> Iterator[None]:
    """Let one thread after the other start kernels where the system's threads need that.

    Which threads numba uses is known after the first parallel kernel alone, which waits its turn.
    """
    try:
        # Exported by numba, though not by the name that type checkers look for.
        takes_turns = numba.threading_layer() == _TAKES_TURNS  # type: ignore[attr-defined]
    except ValueError:
        takes_turns = True
    if not takes_turns:
        yield
        return
    with _TURN:
        yield


@contextmanager
def kernel_threads(workers: int | None) -> Iterator[None]:
    """Let kernels use so many threads, all by default, and as many as before afterwards."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(workers or before, before))
    try:
        yield
    finally:
        numba.set_num_threads(before)
