"""High-power sessions of a simulated layout, by site and then by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.queue_kernel import Trace


@inner_kernel
def _is_behind(
    a_h: float, a_session: int, b_h: float, b_session: int, stop_of_session: NDArray[np.int32]
) -> bool:
    """Whether the first of two arrivals comes after the other: by time, then by stop."""
    return a_h > b_h or (
        a_h == b_h and stop_of_session[np.uintp(a_session)] > stop_of_session[np.uintp(b_session)]
    )


@kernel(nogil=True)
def sort_traced(
    session: NDArray[np.void],
    trace: Trace,
    stop_of_session: NDArray[np.int32],
    n_first: int,
    n_sites: int,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Sort the high-power sessions that took place by site, then by time, equal times by stop.

    Parameters
    ----------
    session : (n_sessions,) of ``SESSION_DTYPE``
        As in the event tables: the ``n_first`` first stops in the order of their arrivals, then
        others, mostly in the order of theirs.
    stop_of_session : (n_sessions,) int32
        Stop of each session.

    Returns
    -------
    (n_sites + 1,) int64, (n,) float64, (n,) float64
        Where the arrivals of each site begin, when each joins the queue and how long it is on the
        point, hours.
    """
    offset = np.zeros(n_sites + 1, np.int64)
    n_later = np.zeros(n_sites + 1, np.int64)
    for at in range(session.size):
        site = session[at].station
        if site < n_sites and not np.isnan(trace.arrival_h[at]):
            offset[site + 1] += 1
            if at >= n_first:
                n_later[site + 1] += 1
    offset, later = np.cumsum(offset), np.cumsum(n_later)
    arrival_h, plug_h = np.empty(offset[n_sites]), np.empty(offset[n_sites])
    of = np.empty(offset[n_sites], np.int32)
    later_h, later_plug_h = np.empty(later[n_sites]), np.empty(later[n_sites])
    later_of = np.empty(later[n_sites], np.int32)
    end, later_end = offset[:-1].copy(), later[:-1].copy()
    for at in range(session.size):
        site = session[at].station
        joins_h = trace.arrival_h[at]
        if site >= n_sites or np.isnan(joins_h):
            continue
        # As in results of a run: from plug-in to release.
        plug_in_h = trace.plug_in_h[at]
        on_plug_h = (plug_in_h + session[at].plug_h) - plug_in_h
        if at < n_first:
            to = np.uintp(end[site])
            arrival_h[to], plug_h[to], of[to] = joins_h, on_plug_h, at
            end[site] += 1
            continue
        # Those that are late move ahead of no more than came in the meantime.
        slot = later_end[site]
        later_end[site] += 1
        while slot > later[site]:
            to, before = np.uintp(slot), np.uintp(slot - 1)
            if not _is_behind(later_h[before], later_of[before], joins_h, at, stop_of_session):
                break
            later_h[to], later_plug_h[to] = later_h[before], later_plug_h[before]
            later_of[to] = later_of[before]
            slot -= 1
        to = np.uintp(slot)
        later_h[to], later_plug_h[to], later_of[to] = joins_h, on_plug_h, at
    for site in range(n_sites):
        # Merged from the back, where there is room; what is left then stands where it belongs.
        first, slot = end[site] - 1, offset[site + 1] - 1
        second = later_end[site] - 1
        while second >= later[site]:
            to, one, other = np.uintp(slot), np.uintp(first), np.uintp(second)
            if first >= offset[site] and _is_behind(
                arrival_h[one], of[one], later_h[other], later_of[other], stop_of_session
            ):
                arrival_h[to], plug_h[to] = arrival_h[one], plug_h[one]
                first -= 1
            else:
                arrival_h[to], plug_h[to] = later_h[other], later_plug_h[other]
                second -= 1
            slot -= 1
    return offset, arrival_h, plug_h
