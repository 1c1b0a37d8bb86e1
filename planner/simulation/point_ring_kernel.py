"""Times at which the points of a station become free, kept as a sorted ring.

Plug-ins at a station never go back in time, so with breaks of equal length points become free in
the order they were taken: the earliest release leaves at the front, the new one enters at the back
and almost never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@njit(cache=True)
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
    slot = _moved_back(ring, begin, slot, release_h)
    # At the first slot the ring goes on at the last one, unless it begins here.
    if slot == begin and front != begin and ring[end - 1] > release_h:
        ring[begin] = ring[end - 1]
        slot = _moved_back(ring, front, end - 1, release_h)
    ring[slot] = release_h
    return front


@njit(cache=True)
def _moved_back(ring: NDArray[np.float64], first: int, slot: int, release_h: float) -> int:
    """Move later releases one slot on, down to the first; returns the slot that is left free."""
    while slot > first and ring[slot - 1] > release_h:
        ring[slot] = ring[slot - 1]
        slot -= 1
    return slot
