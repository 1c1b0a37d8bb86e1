"""What a driver who knows the queues waits at a moment, without his own truck in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from planner.routing.known_queues import KnownQueues

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER_H = 1e4
"""Wait where there is no point at all: finite, so that costs stay comparable, hours."""


@njit(cache=True)
def replace_earliest(free_h: NDArray[np.float64], release_h: float) -> None:
    """Take the point that is free first until a later release; times are ascending."""
    slot = 0
    while slot + 1 < len(free_h) and free_h[slot + 1] < release_h:
        free_h[slot] = free_h[slot + 1]
        slot += 1
    free_h[slot] = release_h


@njit(cache=True)
def expects_queues(queues: KnownQueues) -> bool:
    """Whether drivers know of any queues."""
    return len(queues.station_offset) > 1


@njit(cache=True)
def wait_at(queues: KnownQueues, station: int, at_h: float) -> float:
    """Wait of a truck that joins at a moment, behind all that joined until then, hours."""
    if queues.n_points[station] == 0:
        return NEVER_H
    first, last = queues.station_offset[station], queues.station_offset[station + 1]
    begin = first
    while first < last:
        middle = (first + last) // 2
        if queues.joined_h[middle] <= at_h:
            first = middle + 1
        else:
            last = middle
    if first == begin:
        return 0.0
    return float(max(0.0, queues.free_h[first - 1] - at_h))


@njit(cache=True)
def hpc_wait(queues: KnownQueues, site: int, at_h: float) -> float:
    """Wait for high power, hours."""
    if not expects_queues(queues):
        return 0.0
    return wait_at(queues, site, at_h)


@njit(cache=True)
def overnight_delay(
    queues: KnownQueues, site: int, at_h: float, rest_h: float, afterwards_h: float
) -> float:
    """What a truck loses at an overnight stop beyond its rest, hours.

    With all points taken it rests unplugged, queues for high power, and charges ``afterwards_h``
    hours there; where there is no high power it waits for an overnight point.
    """
    if not expects_queues(queues):
        return 0.0
    n_sites = len(queues.n_points) // 2
    wait_h = wait_at(queues, n_sites + site, at_h)
    if wait_h == 0.0 or queues.n_points[site] == 0:
        return wait_h
    return wait_at(queues, site, at_h + rest_h) + afterwards_h


@njit(cache=True)
def points_before(
    queues: KnownQueues, station: int, session: int, free_h: NDArray[np.float64]
) -> None:
    """Fill when each point becomes free just before a truck joins, ascending, hours.

    What is free by then is free all along to everyone behind: -inf.
    """
    free_h[:] = -np.inf
    now_h = queues.joined_h[session]
    before = session - 1
    while (
        before >= queues.station_offset[station]
        and queues.plug_in_h[before] + queues.longest_h[station] > now_h
    ):
        release_h = queues.plug_in_h[before] + queues.plug_h[before]
        if release_h > max(now_h, free_h[0]):
            replace_earliest(free_h, release_h)
        before -= 1


@njit(cache=True)
def are_alike(one_h: NDArray[np.float64], other_h: NDArray[np.float64], now_h: float) -> bool:
    """Whether points become free at the same times to all who come from now on."""
    for slot in range(len(one_h)):  # noqa: SIM110  # numba compiles loops faster than generators
        if max(one_h[slot], now_h) != max(other_h[slot], now_h):
            return False
    return True


@njit(cache=True)
def leave_station(
    queues: KnownQueues, station: int, own: NDArray[np.int64], free_h: NDArray[np.float64]
) -> int:
    """Take a truck's sessions out of a station: those behind it move up.

    Parameters
    ----------
    own : (n_own,) int64
        Its sessions there, ascending, at least one.
    free_h : (n_sessions,) float64
        As in the queues; from the first own session on overwritten as far as it changes.

    Returns
    -------
    int
        Behind the last session that may have changed.
    """
    last = queues.station_offset[station + 1]
    with_it = np.empty(queues.n_points[station])
    points_before(queues, station, own[0], with_it)
    without = with_it.copy()
    n_left = 0
    for session in range(own[0], last):
        now_h = queues.joined_h[session]
        if n_left == len(own) and are_alike(with_it, without, now_h):
            return session
        replace_earliest(with_it, queues.plug_in_h[session] + queues.plug_h[session])
        if n_left < len(own) and own[n_left] == session:
            n_left += 1
        else:
            replace_earliest(without, max(now_h, without[0]) + queues.plug_h[session])
        free_h[session] = without[0]
    return int(last)


@njit(cache=True)
def leave_queues(queues: KnownQueues, trip: int, free_h: NDArray[np.float64]) -> NDArray[np.int64]:
    """Take a trip's truck out of all queues.

    Returns
    -------
    (n, 2) int64
        Stretches of ``free_h`` that may have changed.
    """
    if not expects_queues(queues):
        return np.empty((0, 2), np.int64)
    own = queues.own_session[queues.own_offset[trip] : queues.own_offset[trip + 1]]
    stretch = np.empty((len(own), 2), np.int64)
    n_stretches, first = 0, 0
    while first < len(own):
        station = np.searchsorted(queues.station_offset, own[first], side="right") - 1
        end = first + 1
        while end < len(own) and own[end] < queues.station_offset[station + 1]:
            end += 1
        stretch[n_stretches, 0] = own[first]
        stretch[n_stretches, 1] = leave_station(queues, station, own[first:end], free_h)
        n_stretches += 1
        first = end
    return stretch[:n_stretches]


@njit(cache=True)
def join_again(
    queues: KnownQueues, stretch: NDArray[np.int64], free_h: NDArray[np.float64]
) -> None:
    """Undo :func:`leave_queues`."""
    for row in range(len(stretch)):
        for session in range(stretch[row, 0], stretch[row, 1]):
            free_h[session] = queues.free_h[session]


@njit(cache=True)
def copy_of(queues: KnownQueues) -> KnownQueues:
    """Return a copy for one thread, which may change ``free_h``.

    The rest is copied too: what threads share they also count the users of together, which takes
    longer than planning.
    """
    return KnownQueues(
        queues.station_offset.copy(),
        queues.n_points.copy(),
        queues.joined_h.copy(),
        queues.plug_in_h.copy(),
        queues.plug_h.copy(),
        queues.free_h.copy(),
        queues.longest_h.copy(),
        queues.own_offset.copy(),
        queues.own_session.copy(),
    )
