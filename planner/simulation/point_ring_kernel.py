"""Times at which the points of a station become free, kept as a sorted ring.

Plug-ins at a station never go back in time, so with breaks of equal length points become free in
the order they were taken: the earliest release leaves at the front, the new one enters at the back
and almost never moves. A shorter stop makes its way from the nearer end.

Slots are unsigned where they index a ring: of signed ones each is looked at for a negative one,
which would count from the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numpy import uintp

from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@inner_kernel(**UNCOUNTED)
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
    # The slot of the release that is due is the end of the ring once it has been taken.
    last = end - 1
    behind = front + 1 if front < last else begin
    before = front - 1 if front > begin else last
    if ring[uintp(before)] <= release_h:
        ring[uintp(front)] = release_h
        return behind
    middle = front + (end - begin) // 2
    if middle > last:
        middle -= end - begin
    slot = front
    if ring[uintp(middle)] <= release_h:
        # From the back, past all that are released later; one in the middle is not.
        while ring[uintp(before)] > release_h:
            ring[uintp(slot)] = ring[uintp(before)]
            slot = before
            before = before - 1 if before > begin else last
        ring[uintp(slot)] = release_h
        return behind
    # From the front, past all that are released earlier, of which the slot takes the first.
    while ring[uintp(behind)] <= release_h:
        ring[uintp(slot)] = ring[uintp(behind)]
        slot = behind
        behind = behind + 1 if behind < last else begin
    ring[uintp(slot)] = release_h
    return front
