"""Times at which the points of a station become free, kept as a sorted ring.

Plug-ins at a station never go back in time, so with breaks of equal length points become free in
the order they were taken: the earliest release leaves at the front, the new one enters at the back
and almost never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@inner_kernel
def take_earliest(
    ring: NDArray[np.float64], begin: int, end: int, front: int, release_h: float
) -> int:
    """Replace the earliest release of a station by a new one and keep its ring sorted.

    Parameters
    ----------
    ring : (n,) float64
        Releases of many stations, hours; those of this one from ``begin`` up to ``end``, not empty.
    front : int
        Where its earliest release stands.

    Returns
    -------
    int
        Where its earliest release stands now.
    """
    # The slot of the release that is due is the end of the ring once it has been taken: the
    # new release moves back from there to its place, mostly not at all.
    slot = front
    front += 1
    if front == end:
        front = begin
    while slot != front:
        before = slot - 1 if slot > begin else end - 1
        if ring[before] <= release_h:
            break
        ring[slot] = ring[before]
        slot = before
    ring[slot] = release_h
    return front
