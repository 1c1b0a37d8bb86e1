"""Event loop of the queues where a site has high-power points of two classes.

The loop is that of :mod:`planner.simulation.queue_kernel`, with a third kind of station and one
choice more: a truck that comes for high power commits to the class at which it leaves earlier.
It stands beside that loop, so that studies of one class run the code that they always ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.driving_calendar_kernel import DrivingBan, leg_end_h
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel, kernel
from planner.simulation.arrival_calendar_kernel import (
    go_on,
    make_workspace,
    next_arrival,
    open_bucket,
    pass_over_late,
    reopen_overflow,
    set_late,
)
from planner.simulation.queue_kernel import free_from_h, occupy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.arrival_calendar_kernel import Workspace
    from planner.simulation.event_tables import EventTables


class ClassSessions(NamedTuple):
    """What the two classes mean for each session of the event tables, each (n_sessions,).

    Parameters
    ----------
    slow_plug_h, slow_hold_h : float64
        Time at a point of the slower class, and from plug-in there to departure, hours.
    takes_fast, takes_slow : bool
        Classes whose connector the truck has.
    spares_fast : bool
        Whether a truck that leaves alike from either class takes the slower one; one for all.
    """

    slow_plug_h: NDArray[np.float64]
    slow_hold_h: NDArray[np.float64]
    takes_fast: NDArray[np.bool_]
    takes_slow: NDArray[np.bool_]
    spares_fast: bool


class ClassTrace(NamedTuple):
    """Times of each session that took place, and whether at the slower class; NaN for others."""

    arrival_h: NDArray[np.float64]
    plug_in_h: NDArray[np.float64]
    is_slow: NDArray[np.bool_]


@inner_kernel(**UNCOUNTED)
def run_class_layout(
    tables: EventTables,
    classes: ClassSessions,
    n_points: NDArray[np.int32],
    work: Workspace,
    ring: NDArray[np.float64],
    trace: ClassTrace,
) -> None:
    """Simulate one layout of points of two high-power classes.

    Parameters
    ----------
    n_points : (3, n_sites) int32
        As for :func:`trace_class_layout`.
    work : Workspace
        With rings of all stations, all points free.
    ring : (n_points,) float64
        Those rings.
    trace : ClassTrace
        Filled with the times of all sessions.
    """
    n_sites = tables.n_sites
    session = tables.session
    ban = DrivingBan(tables.ban_days, tables.ban_from_h, tables.ban_until_h)
    overflow = work.bucket_head.size - 1
    origin_h, buckets_per_h = tables.origin_h, tables.buckets_per_h
    next_planned, bucket = 0, 0
    while True:
        if bucket == overflow:
            if work.bucket_head[overflow] < 0:
                break
            origin_h, buckets_per_h = reopen_overflow(work)
            bucket = 0
        n_due = open_bucket(work, bucket)
        last_planned = max(tables.bucket_first_planned[bucket + 1], next_planned)
        while True:
            next_planned = pass_over_late(tables, work, next_planned, last_planned)
            if next_planned == last_planned and n_due == 0:
                break
            is_on_time, trip, at, now_h, next_planned, n_due = next_arrival(
                tables.planned,
                next_planned,
                last_planned,
                work,
                n_due,
            )
            station = session[at].station
            is_high_power = station < n_sites
            following = session[at].next_session
            hold_h = tables.hold_h[at]
            plug_h = session[at].plug_h
            free_h = free_from_h(work, ring, station)
            site = station if is_high_power else station - n_sites
            has_high_power = n_points[0, site] + n_points[2, site] > 0
            trace.arrival_h[at] = now_h
            # Nobody queues for an overnight point where the site has high-power points.
            if not is_high_power and free_h > now_h and has_high_power:
                goes_on_as_planned = False
                following = tables.fallback_session[at]
                next_arrival_h = now_h + hold_h
            else:
                if is_high_power and classes.takes_slow[at] and n_points[2, site] > 0:
                    slow_station = 2 * n_sites + site
                    slow_free_h = free_from_h(work, ring, slow_station)
                    slow_hold_h = classes.slow_hold_h[at]
                    fast_h = max(now_h, free_h) + hold_h if classes.takes_fast[at] else np.inf
                    slow_h = max(now_h, slow_free_h) + slow_hold_h
                    if slow_h < fast_h or (classes.spares_fast and slow_h == fast_h):
                        station, free_h, hold_h = slow_station, slow_free_h, slow_hold_h
                        plug_h = classes.slow_plug_h[at]
                        trace.is_slow[at] = True
                plug_in_h = max(now_h, free_h)
                goes_on_as_planned = is_on_time and plug_in_h == now_h and not trace.is_slow[at]
                occupy(work, ring, station, plug_in_h + plug_h)
                trace.plug_in_h[at] = plug_in_h
                # At the faster class the sum of the one-class loop, so that nothing is rounded
                # otherwise.
                lag_h = session[at].lag_h
                if trace.is_slow[at]:
                    lag_h += hold_h - tables.hold_h[at]
                next_arrival_h = plug_in_h + lag_h
                if ban.days != 0 and following >= 0:
                    leg = tables.leg_of_session[at]
                    next_arrival_h = leg_end_h(
                        plug_in_h + hold_h,
                        tables.piece_offset[leg],
                        tables.piece_offset[leg + 1],
                        tables.piece_drive_h,
                        tables.piece_stand_h,
                        ban,
                    )

            if is_on_time and not goes_on_as_planned:
                set_late(tables, work, at)
            if following >= 0 and not goes_on_as_planned:
                position = (next_arrival_h - origin_h) * buckets_per_h
                n_due = go_on(work, trip, following, next_arrival_h, position, bucket, n_due)
        bucket += 1


@kernel
def trace_class_layout(
    tables: EventTables,
    classes: ClassSessions,
    n_points: NDArray[np.int32],
) -> ClassTrace:
    """Simulate one layout of points of two high-power classes.

    Parameters
    ----------
    n_points : (3, n_sites) int32
        Points of the faster class, low-power points, points of the slower class. Whoever stops at
        a site finds one there that has its connector.
    """
    n_sites = tables.n_sites
    n_sessions = tables.session.size
    trace = ClassTrace(
        np.full(n_sessions, np.nan), np.full(n_sessions, np.nan), np.zeros(n_sessions, np.bool_)
    )
    ring_begin = np.zeros(3 * n_sites + 1, np.int64)
    ring_begin[1:] = np.cumsum(n_points.reshape(3 * n_sites))
    ring = np.full(ring_begin[3 * n_sites], -np.inf)
    work = make_workspace(tables, ring_begin, ring_begin[:-1].copy())
    run_class_layout(tables, classes, n_points, work, ring, trace)
    return trace
