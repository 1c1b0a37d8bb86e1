"""What a driver who knows the queues waits at a moment, without his own truck in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.drive_stops_kernel import (
    EXTRA_H,
    HAS_PART,
    N_BREAKS,
    N_RESTS,
    N_SHORT,
    SINCE_BREAK_H,
    SINCE_REST_H,
)
from planner.routing.driving_calendar_kernel import ban_wait_h, day_rest_h
from planner.routing.driving_kernel import Limits, saved_by_part_h
from planner.routing.known_queues import KnownQueues
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER_H = 1e4
"""Wait where there is no point at all: finite, so that costs stay comparable, hours."""


@inner_kernel
def replace_earliest(free_h: NDArray[np.float64], release_h: float) -> None:
    """Take the point that is free first until a later release; times are ascending."""
    slot = 0
    while slot + 1 < len(free_h) and free_h[slot + 1] < release_h:
        free_h[slot] = free_h[slot + 1]
        slot += 1
    free_h[slot] = release_h


@inner_kernel(**UNCOUNTED)
def expects_queues(queues: KnownQueues) -> bool:
    """Whether drivers know of any queues."""
    return len(queues.station_offset) > 1


@inner_kernel(**UNCOUNTED)
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


@inner_kernel
def hpc_wait(queues: KnownQueues, site: int, at_h: float) -> float:
    """Wait for high power, hours."""
    if not expects_queues(queues):
        return 0.0
    return wait_at(queues, site, at_h)


@inner_kernel
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


@inner_kernel
def add_stops_before_queue(
    outcomes: NDArray[np.float64],
    n_outcomes: int,
    arrival_h: float,
    day: float,
    queues: KnownQueues,
    site: int,
    limits: Limits,
) -> tuple[NDArray[np.float64], int]:
    """Add the ways to take a break or rest right before a site, while its queue gets shorter.

    Elsewhere an unplugged stop before it is due gains nothing. Here it does where the wait after
    it is shorter than the wait before it.

    Parameters
    ----------
    outcomes, n_outcomes
        As from :func:`~planner.routing.drive_stops_kernel.drive_outcomes`; rows are added.
    arrival_h : float
        Arrival without any unplugged stop, hours.
    day : float
        Day of the driver's week at the start of the drive.
    site : int
        The site that is arrived at.
    """
    n_due = n_outcomes
    if len(outcomes) < 3 * n_due:
        larger = np.empty((6 * n_due, outcomes.shape[1]))
        for row in range(n_due):
            for column in range(outcomes.shape[1]):
                larger[row, column] = outcomes[row, column]
        outcomes = larger
    for row in range(n_due):
        clock_h = arrival_h + outcomes[row, EXTRA_H] + limits.stop_cost_h
        least_wait_h = hpc_wait(queues, site, clock_h)
        for is_rest in (False, True):
            today = day + outcomes[row, N_RESTS]
            rest_h = day_rest_h(today, limits.rest_h, limits.week)
            stop_h = limits.stop_cost_h + (rest_h if is_rest else limits.break_h)
            is_short = outcomes[row, HAS_PART] > 0.0 and not is_rest
            if is_short:
                stop_h -= saved_by_part_h(limits)
            if limits.ban.days != 0:
                left_road_h = arrival_h + outcomes[row, EXTRA_H]
                stop_h += ban_wait_h(left_road_h + stop_h, limits.ban)
            if hpc_wait(queues, site, clock_h + stop_h) >= least_wait_h:
                continue
            added = outcomes[n_outcomes]
            added[EXTRA_H] = outcomes[row, EXTRA_H] + stop_h
            added[SINCE_BREAK_H] = 0.0
            added[SINCE_REST_H] = 0.0 if is_rest else outcomes[row, SINCE_REST_H]
            added[N_BREAKS] = outcomes[row, N_BREAKS] + (0.0 if is_rest else 1.0)
            added[N_RESTS] = outcomes[row, N_RESTS] + (1.0 if is_rest else 0.0)
            added[HAS_PART] = 0.0
            added[N_SHORT] = 1.0 if is_short else outcomes[row, N_SHORT]
            n_outcomes += 1
    return outcomes, n_outcomes


@inner_kernel
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


@inner_kernel
def are_alike(one_h: NDArray[np.float64], other_h: NDArray[np.float64], now_h: float) -> bool:
    """Whether points become free at the same times to all who come from now on."""
    for slot in range(len(one_h)):  # noqa: SIM110  # numba compiles loops faster than generators
        if max(one_h[slot], now_h) != max(other_h[slot], now_h):
            return False
    return True


@inner_kernel
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


@inner_kernel
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


@inner_kernel
def join_again(
    queues: KnownQueues, stretch: NDArray[np.int64], free_h: NDArray[np.float64]
) -> None:
    """Undo :func:`leave_queues`."""
    for row in range(len(stretch)):
        for session in range(stretch[row, 0], stretch[row, 1]):
            free_h[session] = queues.free_h[session]


@inner_kernel
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
