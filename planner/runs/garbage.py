"""How often Python looks for garbage in a process of the planner, and that it does not at its end.

Modules make half a million objects that stay, and what is large here are arrays, which go without
being looked for.
"""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEW_OBJECTS = 50_000
"""New objects after which Python looks for garbage among them. Its own 700 took an eighth of a
small study's processor time."""
_OF_A_COMPILER = 100_000
"""The same while a kernel is compiled."""


def look_for_garbage_rarely() -> None:
    """Have this process look for garbage rarely, and among nothing of before when it ends.

    An ending process goes through all its objects several times: half a second of processor time
    for the modules alone, two for those of a worker that has planned.
    """
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)


@contextmanager
def garbage_left() -> Iterator[None]:
    """Have this process look for garbage more rarely still while kernels are compiled.

    Numba makes millions of small objects that refer to each other, and keeps most of them: looking
    them through again and again takes an eighth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OF_A_COMPILER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def dask_setup(_: object) -> None:
    """Have a worker of a dask cluster do so: called where it preloads this module."""
    look_for_garbage_rarely()
