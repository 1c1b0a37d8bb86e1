"""Event loop of the queue simulation: every arrival of every truck in global time order.

Three choices make a national layout cost a few milliseconds:

* Arrivals of trucks that never wait are known before the run: they are sorted once per demand and
  merely walked through. Only what comes behind a wait is scheduled while running.
* Trucks that are late go into narrow time buckets (a calendar queue: Brown, 1988, Comm. ACM
  31(10)), so scheduling costs a few writes. A bucket is sorted when its time has come.
* The times at which a station's charging points become free are kept as a sorted ring
  (:mod:`planner.simulation.point_ring_kernel`, which also says why indices are unsigned).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.driving_calendar_kernel import DrivingBan, leg_end_h
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel, kernel
from planner.simulation.arrival_calendar_kernel import (
    Workspace,
    go_on,
    make_workspace,
    next_arrival,
    open_bucket,
    pass_over_late,
    reopen_overflow,
    set_late,
)
from planner.simulation.drawn_energy_kernel import Draws, drawn_by
from planner.simulation.point_ring_kernel import take_earliest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.event_tables import EventTables


class Totals(NamedTuple):
    """Sums over one run.

    Waits, processes and rejections are those of trucks that join their queue inside the horizon.
    ``rejected_*`` are the occupied time and energy of all stand-in sessions, ``outside`` is what
    falls outside the horizon of all sessions.
    """

    hpc_wait_h: float
    lpc_wait_h: float
    n_hpc_processes: int
    n_lpc_rejected: int
    rejected_plug_h: float
    rejected_energy_kwh: float
    hpc_outside_h: float
    hpc_outside_kwh: float
    lpc_outside_kwh: float


class Trace(NamedTuple):
    """Times of each session that took place; NaN for the others."""

    arrival_h: NDArray[np.float64]
    plug_in_h: NDArray[np.float64]


@inner_kernel
def workspace_of(tables: EventTables) -> Workspace:
    """Allocate scratch memory for one thread."""
    n_stations = 2 * tables.n_sites
    return make_workspace(
        tables, np.zeros(n_stations + 1, np.int64), np.empty(n_stations, np.int64)
    )


@inner_kernel
def set_up_rings(
    work: Workspace, n_hpc: NDArray[np.int32], n_lpc: NDArray[np.int32]
) -> NDArray[np.float64]:
    """All charging points free: one sorted ring per station, stations one after the other."""
    n_sites = n_hpc.size
    slot = 0
    for station in range(2 * n_sites):
        work.ring_begin[station] = slot
        work.ring_front[station] = slot
        slot += n_hpc[station] if station < n_sites else n_lpc[station - n_sites]
    work.ring_begin[2 * n_sites] = slot
    return np.full(slot, -np.inf)


@inner_kernel(**UNCOUNTED)
def occupy(work: Workspace, ring: NDArray[np.float64], station: int, release_h: float) -> None:
    """Take the point of a station that is free first until a later release."""
    at = np.uintp(station)
    begin, end = work.ring_begin[at], work.ring_begin[np.uintp(station + 1)]
    work.ring_front[at] = take_earliest(ring, begin, end, work.ring_front[at], release_h)


@inner_kernel(inline="always")
def free_from_h(work: Workspace, ring: NDArray[np.float64], station: int) -> float:
    """When a point of a station is free first, hours; never where it has none."""
    at = np.uintp(station)
    if work.ring_begin[np.uintp(station + 1)] == work.ring_begin[at]:
        return np.inf
    return float(ring[np.uintp(work.ring_front[at])])


@inner_kernel(**UNCOUNTED)
def run_layout(
    tables: EventTables,
    n_hpc: NDArray[np.int32],
    work: Workspace,
    ring: NDArray[np.float64],
    trace: Trace | None,
) -> Totals:
    """Simulate one layout.

    Parameters
    ----------
    n_hpc : (n_sites,) int32
        HPC points; a site with HPC stops has at least one.
    work : Workspace
        From :func:`workspace_of`.
    ring : (n_points,) float64
        From :func:`set_up_rings`; a site with LPC stops has a point of either kind.
    trace : Trace or None
        Filled with the times of all sessions where given.

    Returns
    -------
    Totals
        Sums over all sessions.
    """
    n_sites = tables.n_sites
    session = tables.session
    draws = Draws(tables.draw_offset, tables.draw_until_h, tables.draw_until_kwh)
    ban = DrivingBan(tables.ban_days, tables.ban_from_h, tables.ban_until_h)
    overflow = work.bucket_head.size - 1
    origin_h = tables.origin_h
    buckets_per_h = tables.buckets_per_h
    hpc_wait_h = 0.0
    lpc_wait_h = 0.0
    n_hpc_processes = 0
    n_rejected = 0
    rejected_plug_h = 0.0
    rejected_kwh = 0.0
    hpc_outside_h = 0.0
    hpc_outside_kwh = 0.0
    lpc_outside_kwh = 0.0
    next_planned = 0
    bucket = 0
    while True:
        if bucket == overflow:
            if work.bucket_head[overflow] < 0:
                break
            origin_h, buckets_per_h = reopen_overflow(work)
            bucket = 0
        n_due = open_bucket(work, bucket)
        # All planned arrivals lie before the first overflow, so this is empty in later rounds.
        last_planned = max(tables.bucket_first_planned[bucket + 1], next_planned)
        while True:
            next_planned = pass_over_late(tables, work, next_planned, last_planned)
            if next_planned == last_planned and n_due == 0:
                break
            is_on_time, trip, arrives, now_h, next_planned, n_due = next_arrival(
                tables.planned,
                next_planned,
                last_planned,
                work,
                n_due,
            )
            at = np.uintp(arrives)
            station = session[at].station
            is_hpc = station < n_sites
            following = session[at].next_session
            is_counted = tables.start_h <= now_h < tables.end_h
            free_h = free_from_h(work, ring, station)
            # Nobody queues for an overnight point where the site has high-power points.
            if not is_hpc and free_h > now_h and n_hpc[np.uintp(station - n_sites)] > 0:
                if is_counted:
                    n_rejected += 1
                goes_on_as_planned = False
                following = tables.fallback_session[at]
                rejected_plug_h += session[following].plug_h
                rejected_kwh += tables.energy_kwh[at]
                next_arrival_h = now_h + tables.hold_h[at]
                if trace is not None:
                    trace.arrival_h[at] = now_h
            else:
                plug_in_h = max(now_h, free_h)
                goes_on_as_planned = is_on_time and plug_in_h == now_h
                plug_h = session[at].plug_h
                release_h = plug_in_h + plug_h
                occupy(work, ring, station, release_h)
                if is_counted:
                    if is_hpc:
                        hpc_wait_h += plug_in_h - now_h
                        n_hpc_processes += 1
                    else:
                        lpc_wait_h += plug_in_h - now_h
                # What all sessions add up to is known beforehand; only what lies outside is not.
                if plug_in_h < tables.start_h or release_h > tables.end_h:
                    outside_h = plug_h
                    outside_kwh = tables.energy_kwh[at]
                    if release_h > tables.start_h and plug_in_h < tables.end_h:
                        inside_h = min(release_h, tables.end_h) - max(plug_in_h, tables.start_h)
                        outside_h -= max(inside_h, 0.0)
                        outside_kwh -= drawn_by(draws, arrives, tables.end_h - plug_in_h)
                        outside_kwh += drawn_by(draws, arrives, tables.start_h - plug_in_h)
                    if is_hpc:
                        hpc_outside_h += outside_h
                        hpc_outside_kwh += outside_kwh
                    else:
                        lpc_outside_kwh += outside_kwh
                next_arrival_h = plug_in_h + session[at].lag_h
                # A ban may begin on the way of a truck that has waited.
                if ban.days != 0 and following >= 0 and not goes_on_as_planned:
                    leg = tables.leg_of_session[at]
                    next_arrival_h = leg_end_h(
                        plug_in_h + tables.hold_h[at],
                        tables.piece_offset[leg],
                        tables.piece_offset[leg + 1],
                        tables.piece_drive_h,
                        tables.piece_stand_h,
                        ban,
                    )
                if trace is not None:
                    trace.arrival_h[at] = now_h
                    trace.plug_in_h[at] = plug_in_h

            if is_on_time and not goes_on_as_planned:
                set_late(tables, work, arrives)
            if following >= 0 and not goes_on_as_planned:
                position = (next_arrival_h - origin_h) * buckets_per_h
                n_due = go_on(work, trip, following, next_arrival_h, position, bucket, n_due)
        bucket += 1
    return Totals(
        hpc_wait_h,
        lpc_wait_h,
        n_hpc_processes,
        n_rejected,
        rejected_plug_h,
        rejected_kwh,
        hpc_outside_h,
        hpc_outside_kwh,
        lpc_outside_kwh,
    )


@kernel(nogil=True)
def trace_layout(
    tables: EventTables, n_hpc: NDArray[np.int32], n_lpc: NDArray[np.int32]
) -> tuple[Totals, Trace]:
    """Simulate one layout and keep the times of every session."""
    n_sessions = tables.session.size
    trace = Trace(np.full(n_sessions, np.nan), np.full(n_sessions, np.nan))
    work = workspace_of(tables)
    ring = set_up_rings(work, n_hpc, n_lpc)
    totals = run_layout(tables, n_hpc, work, ring, trace)
    return totals, trace


@kernel(nogil=True)
def score_layouts(
    first: int,
    last: int,
    n_shares: int,
    tables: EventTables,
    n_hpc: NDArray[np.int32],
    n_lpc: NDArray[np.int32],
    rows: NDArray[np.float64],
) -> None:
    """Simulate some of many layouts, each on its own; for blocks of shares in threads.

    Parameters
    ----------
    first, last : int
        First of the shares that are taken, and the one after the last. A share is every
        ``n_shares``-th layout, for which scratch memory is allocated once.
    n_hpc : (n_layouts, n_sites) int32
        HPC points of each layout.
    n_lpc : (n_sites,) int32
        LPC points of all layouts.
    rows : (n_layouts, 9) float64
        Filled with the fields of :class:`Totals` in their order.
    """
    for share in range(first, last):
        work = workspace_of(tables)
        for i in range(share, n_hpc.shape[0], n_shares):
            ring = set_up_rings(work, n_hpc[i], n_lpc)
            totals = run_layout(tables, n_hpc[i], work, ring, None)
            rows[i, 0] = totals.hpc_wait_h
            rows[i, 1] = totals.lpc_wait_h
            rows[i, 2] = totals.n_hpc_processes
            rows[i, 3] = totals.n_lpc_rejected
            rows[i, 4] = totals.rejected_plug_h
            rows[i, 5] = totals.rejected_energy_kwh
            rows[i, 6] = totals.hpc_outside_h
            rows[i, 7] = totals.hpc_outside_kwh
            rows[i, 8] = totals.lpc_outside_kwh
