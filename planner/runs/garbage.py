"""How often Python looks for garbage in a process of the planner, and that it does not at its end.

Modules make half a million objects that stay, and what is large here are arrays, which go without
being looked for.
"""

from __future__ import annotations

import atexit
import gc

_NEW_OBJECTS = 50_000
"""New objects after which Python looks for garbage among them. Its own 700 took an eighth of a
small study's processor time."""


def look_for_garbage_rarely() -> None:
    """Have this process look for garbage rarely, and among nothing of before when it ends.

    An ending process goes through all its objects several times: half a second of processor time
    for the modules alone, two for those of a worker that has planned.
    """
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(gc.freeze)


def dask_setup(_: object) -> None:
    """Have a worker of a dask cluster do so: called where it preloads this module."""
    look_for_garbage_rarely()
