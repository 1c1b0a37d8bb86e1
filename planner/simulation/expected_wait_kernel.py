"""What a truck that might come would meet at a station, and how long a plan takes then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from planner.routing.site_choice_kernel import WAIT_BIN_H, expected_wait

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_PLUG_WAIT_H = 1000.0
"""Expected waiting where there is no plug at all: finite, so that bins can be interpolated."""


@njit(cache=True)
def replace_earliest(free_h: NDArray[np.float64], release_h: float) -> None:
    """Take the plug that is free first until a later release; times are ascending."""
    slot = 0
    while slot + 1 < len(free_h) and free_h[slot + 1] < release_h:
        free_h[slot] = free_h[slot + 1]
        slot += 1
    free_h[slot] = release_h


@njit(cache=True)
def fill_virtual_waits(
    station_offset: NDArray[np.int64],
    queue_h: NDArray[np.float64],
    release_h: NDArray[np.float64],
    n_plugs: NDArray[np.int32],
    wait_h: NDArray[np.float64],
    full_share: NDArray[np.float64],
) -> None:
    """Fill the mean wait of a truck that comes at any moment of a bin, behind all before it.

    Parameters
    ----------
    station_offset : (n_stations + 1,) int64
        Where the sessions of each station begin.
    queue_h, release_h : (n_sessions,) float64
        When each session's truck joins the queue and frees its plug, hours, by station in the
        order of service.
    n_plugs : (n_stations,) int32
        Plugs, >= 0.
    wait_h, full_share : (n_stations, n_bins) float64
        Filled with the waiting, hours, and with the share of the bin in which all plugs are taken.

    Notes
    -----
    A truck that joins a queue served first come, first served, starts when the plug that is free
    first after all starts before it becomes free: the earliest of the latest ``n_plugs`` releases.
    Between two arrivals its wait falls by an hour an hour, so the mean over a bin is exact.
    """
    n_bins = wait_h.shape[1]
    for station in range(len(n_plugs)):
        if n_plugs[station] == 0:
            wait_h[station] = NO_PLUG_WAIT_H
            full_share[station] = 1.0
            continue
        free_h = np.full(n_plugs[station], -np.inf)
        session, last = station_offset[station], station_offset[station + 1]
        now_h = 0.0
        for bin_idx in range(n_bins):
            end_h = (bin_idx + 1) * WAIT_BIN_H
            total_wait_h, total_full_h = 0.0, 0.0
            while True:
                is_arrival = session < last and queue_h[session] < end_h
                until_h = max(now_h, queue_h[session]) if is_arrival else end_h
                taken_until_h = min(until_h, free_h[0])
                if taken_until_h > now_h:
                    taken_h = taken_until_h - now_h
                    total_full_h += taken_h
                    total_wait_h += taken_h * (free_h[0] - 0.5 * (now_h + taken_until_h))
                now_h = until_h
                if not is_arrival:
                    break
                replace_earliest(free_h, release_h[session])
                session += 1
            wait_h[station, bin_idx] = total_wait_h / WAIT_BIN_H
            full_share[station, bin_idx] = total_full_h / WAIT_BIN_H


@njit(cache=True)
def fill_expected_arrivals(
    first_arrival_h: NDArray[np.float64],
    trip_stop_offset: NDArray[np.int64],
    stop_site_idx: NDArray[np.int32],
    stop_is_hpc: NDArray[np.bool_],
    stop_hold_h: NDArray[np.float64],
    stop_fallback_plug_h: NDArray[np.float64],
    stop_next_leg_h: NDArray[np.float64],
    hpc_wait_h: NDArray[np.float64],
    lpc_wait_h: NDArray[np.float64],
    lpc_full_share: NDArray[np.float64],
    arrival_h: NDArray[np.float64],
) -> None:
    """Fill when each truck expects to arrive at its destination.

    Parameters
    ----------
    first_arrival_h, trip_stop_offset, stop_*
        As in :class:`~planner.simulation.charging_demand.ChargingDemand`.
    hpc_wait_h, lpc_wait_h, lpc_full_share : (n_sites, n_bins) float64
        What to expect by quarter hour of arrival, as in
        :class:`~planner.routing.expected_delays.ExpectedDelays`.
    arrival_h : (n_trips,) float64
        Filled, hours since Monday 00:00.
    """
    for trip in range(len(first_arrival_h)):
        clock_h = first_arrival_h[trip]
        for stop in range(trip_stop_offset[trip], trip_stop_offset[trip + 1]):
            site = stop_site_idx[stop]
            if stop_is_hpc[stop]:
                delay_h = expected_wait(hpc_wait_h[site], clock_h)
            else:
                full_share = expected_wait(lpc_full_share[site], clock_h)
                delay_h = expected_wait(lpc_wait_h[site], clock_h)
                delay_h += full_share * stop_fallback_plug_h[stop]
            clock_h += delay_h + stop_hold_h[stop] + stop_next_leg_h[stop]
        arrival_h[trip] = clock_h
