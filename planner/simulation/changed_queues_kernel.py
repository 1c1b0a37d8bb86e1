"""Event loop of the queues where a layout differs from one before: only what changes is simulated.

A station's queue is that of the run before until the first moment at which its points, or the
trucks that come, are others. From there on all its arrivals are taken again, in the one order of
time and trips of :mod:`planner.simulation.queue_kernel`. A truck that goes on at another time than
before is taken away where it came before and comes where it comes now: both wake their stations.
Every arrival is taken once, so there is nothing to iterate.
"""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.driving_calendar_kernel import DrivingBan, leg_end_h
from planner.runs.kernel_decorators import inner_kernel, kernel
from planner.simulation.queue_kernel import (
    Trace,
    free_from_h,
    occupy,
    set_up_rings,
    workspace_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.event_tables import EventTables

_AS_BEFORE, _GONE, _NOW = 0, 1, 2
"""What comes: the next truck of a station as before, a truck that came before, one that comes now.
"""


class StationSessions(NamedTuple):
    """Sessions of each station, the same for every layout."""

    offset: NDArray[np.int64]
    """(n_stations + 1,) where the sessions of each station begin."""
    session: NDArray[np.int32]
    """(n_sessions,) those of the stations, one station after the other."""
    trip: NDArray[np.int32]
    """(n_sessions,) whose each session is, by the numbers of sessions."""


@inner_kernel
def _order_before(
    sessions: StationSessions, station: int, arrival_h: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Sessions of a station that took place before, in the order of their arrivals."""
    at = sessions.session[sessions.offset[station] : sessions.offset[station + 1]]
    at = at[~np.isnan(arrival_h[at])]
    at = at[np.argsort(arrival_h[at])]
    # Trucks that come together stand in the order of their trips.
    for i in range(1, at.size):
        session = at[i]
        k = i
        while (
            k > 0
            and arrival_h[at[k - 1]] == arrival_h[session]
            and sessions.trip[at[k - 1]] > sessions.trip[session]
        ):
            at[k] = at[k - 1]
            k -= 1
        at[k] = session
    return at


@inner_kernel
def _due(at_h: float, trip: int, what: int, of: int) -> tuple[float, int, int, int]:
    """What is due, in integers of one kind: heaps take no others."""
    return at_h, np.int64(trip), np.int64(what), np.int64(of)  # type: ignore[return-value]


@inner_kernel
def _as_before(
    before: Trace, sessions: StationSessions, session: int, station: int
) -> tuple[float, int, int, int]:
    """A station's next truck as before, in what is due."""
    return _due(before.arrival_h[session], sessions.trip[session], _AS_BEFORE, station)


@kernel(nogil=True)
def retrace_layout(
    tables: EventTables,
    sessions: StationSessions,
    before: Trace,
    is_other: NDArray[np.bool_],
    n_hpc: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
) -> tuple[Trace, NDArray[np.int64]]:
    """Simulate a layout from what happened on another one.

    Parameters
    ----------
    before : Trace
        Times of all sessions on the other layout.
    is_other : (n_stations,) bool
        Stations with other points, or with other rules, than there.
    n_hpc, n_lpc : (n_sites,) int32
        As for ``run_layout``.

    Returns
    -------
    Trace
        As ``trace_layout`` gives it, to the byte.
    (n_changed,) int64
        Sessions that are otherwise than before, ascending.
    """
    n_sites = tables.n_sites
    session = tables.session
    n_sessions = session.size
    work = workspace_of(tables)
    ring = set_up_rings(work, n_hpc, n_lpc)
    ban = DrivingBan(tables.ban_days, tables.ban_from_h, tables.ban_until_h)
    arrival_h = before.arrival_h.copy()
    plug_in_h = before.plug_in_h.copy()
    is_gone = np.zeros(n_sessions, np.bool_)  # does not come when it came before
    is_settled = np.zeros(n_sessions, np.bool_)  # known when, or whether, it comes now
    is_awake = np.zeros(2 * n_sites, np.bool_)
    position = np.zeros(2 * n_sites, np.int64)
    ordered = [np.empty(0, np.int32) for _ in range(2 * n_sites)]
    # Time, trip, what, and its station or session.
    due = [_due(np.inf, -1, _GONE, -1)]

    for station in range(2 * n_sites):
        if is_other[station]:
            is_awake[station] = True
            ordered[station] = _order_before(sessions, station, before.arrival_h)
            if ordered[station].size:
                heappush(due, _as_before(before, sessions, ordered[station][0], station))

    while due[0][0] < np.inf:
        now_h, trip, what, at = due[0]
        if what == _AS_BEFORE:
            station = at
            at = ordered[station][position[station]]
            position[station] += 1
            if position[station] < ordered[station].size:
                following = ordered[station][position[station]]
                heapreplace(due, _as_before(before, sessions, following, station))
            else:
                heappop(due)
            if is_gone[at]:
                continue
        else:
            heappop(due)
            station = session[at].station
            if what == _GONE and not is_gone[at]:
                continue  # it comes as before after all
            if not is_awake[station]:
                is_awake[station] = True
                here = _order_before(sessions, station, before.arrival_h)
                ordered[station] = here
                i = 0
                while i < here.size and (
                    before.arrival_h[here[i]] < now_h
                    or (before.arrival_h[here[i]] == now_h and sessions.trip[here[i]] < trip)
                ):
                    # Those that were turned away occupied nothing.
                    if not np.isnan(before.plug_in_h[here[i]]):
                        release_h = before.plug_in_h[here[i]] + session[here[i]].plug_h
                        occupy(work, ring, station, release_h)
                    i += 1
                position[station] = i
                if i < here.size:
                    heappush(due, _as_before(before, sessions, here[i], station))

        after_before = -1
        if not np.isnan(before.arrival_h[at]):
            after_before = session[at].next_session
            if np.isnan(before.plug_in_h[at]):
                after_before = tables.fallback_session[at]
        after = -1
        if what != _GONE:
            is_hpc = station < n_sites
            free_h = free_from_h(work, ring, station)
            arrival_h[at] = now_h
            if not is_hpc and free_h > now_h and n_hpc[station - n_sites] > 0:
                plug_in_h[at] = np.nan
                after = tables.fallback_session[at]
                next_arrival_h = now_h + tables.hold_h[at]
            else:
                plug_in_h[at] = max(now_h, free_h)
                after = session[at].next_session
                occupy(work, ring, station, plug_in_h[at] + session[at].plug_h)
                next_arrival_h = plug_in_h[at] + session[at].lag_h
                if ban.days != 0 and after >= 0:
                    leg = tables.leg_of_session[at]
                    next_arrival_h = leg_end_h(
                        plug_in_h[at] + tables.hold_h[at],
                        tables.piece_offset[leg],
                        tables.piece_offset[leg + 1],
                        tables.piece_drive_h,
                        tables.piece_stand_h,
                        ban,
                    )
            if after >= 0:
                is_settled[after] = True
                if before.arrival_h[after] == next_arrival_h:
                    if is_gone[after]:
                        is_gone[after] = False
                        arrival_h[after] = before.arrival_h[after]
                        plug_in_h[after] = before.plug_in_h[after]
                else:
                    heappush(due, _due(next_arrival_h, trip, _NOW, after))
                    if not np.isnan(before.arrival_h[after]) and not is_gone[after]:
                        is_gone[after] = True
                        heappush(due, _due(before.arrival_h[after], trip, _GONE, after))
        # Where it came next before it comes no more, as long as nothing else is known.
        if after_before >= 0 and not is_settled[after_before] and not is_gone[after_before]:
            is_gone[after_before] = True
            arrival_h[after_before] = np.nan
            plug_in_h[after_before] = np.nan
            heappush(due, _due(before.arrival_h[after_before], trip, _GONE, after_before))

    changed = np.empty(n_sessions, np.int64)
    n_changed = 0
    for at in range(n_sessions):
        if is_awake[session[at].station] and not (
            _is_same(arrival_h[at], before.arrival_h[at])
            and _is_same(plug_in_h[at], before.plug_in_h[at])
        ):
            changed[n_changed] = at
            n_changed += 1
    return Trace(arrival_h, plug_in_h), changed[:n_changed].copy()


@inner_kernel
def _is_same(one: float, other: float) -> bool:
    """Whether two times are the same, or neither took place."""
    return one == other or (np.isnan(one) and np.isnan(other))
