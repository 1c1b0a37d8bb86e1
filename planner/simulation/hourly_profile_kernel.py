"""Waits and occupied points by hour, of all stops in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@inner_kernel(**UNCOUNTED)
def add_interval(from_h: float, to_h: float, mean: NDArray[np.float64]) -> None:
    """Add how much of each hour an interval takes up, ``from_h`` and ``to_h`` since the first."""
    begin = min(max(from_h, 0.0), float(len(mean)))
    end = min(max(to_h, 0.0), float(len(mean)))
    hour = int(begin)
    while hour < end:
        mean[hour] += min(end, hour + 1.0) - max(begin, float(hour))
        hour += 1


@kernel(nogil=True)
def fill_profile(
    queue_h: NDArray[np.float64],
    plug_in_h: NDArray[np.float64],
    release_h: NDArray[np.float64],
    is_hpc: NDArray[np.bool_],
    first_h: float,
    n_arrivals: NDArray[np.int64],
    wait_min: NDArray[np.float64],
    n_waiting: NDArray[np.float64],
    n_hpc: NDArray[np.float64],
    n_lpc: NDArray[np.float64],
) -> None:
    """Add up the stops of each hour in their order.

    Parameters
    ----------
    queue_h, plug_in_h, release_h : (n_stops,) float64
        When each truck joins its queue, takes its charging point and leaves it, hours.
    is_hpc : (n_stops,) bool
        Served at an HPC point.
    first_h : float
        Where the first hour begins, a whole number.
    n_arrivals, wait_min : (n_hours,)
        Zeros; trucks that join an HPC queue in the hour, and how long they wait, minutes.
    n_waiting, n_hpc, n_lpc : (n_hours,) float64
        Zeros; trucks that wait for an HPC point, and points occupied, mean over the hour.
    """
    n_hours = len(n_arrivals)
    for stop in range(len(is_hpc)):
        joins_h, plugs_in_h = queue_h[stop] - first_h, plug_in_h[stop] - first_h
        leaves_h = release_h[stop] - first_h
        if not is_hpc[stop]:
            add_interval(plugs_in_h, leaves_h, n_lpc)
            continue
        add_interval(plugs_in_h, leaves_h, n_hpc)
        if plug_in_h[stop] > queue_h[stop]:
            add_interval(joins_h, plugs_in_h, n_waiting)
        if first_h <= queue_h[stop] < first_h + n_hours:
            hour = int(np.floor(queue_h[stop]) - first_h)
            n_arrivals[hour] += 1
            wait_min[hour] += 60.0 * (plug_in_h[stop] - queue_h[stop])


@kernel(nogil=True)
def fill_waits_by_hour_of_day(
    site_idx: NDArray[np.int32],
    queue_h: NDArray[np.float64],
    wait_h: NDArray[np.float64],
    is_hpc: NDArray[np.bool_],
    is_counted: NDArray[np.bool_],
    n_joining: NDArray[np.int64],
    wait_min: NDArray[np.float64],
) -> None:
    """Add up the waits of each site by the hour of the day, stops in their order.

    Parameters
    ----------
    site_idx : (n_stops,) int32
        Site of each stop.
    queue_h, wait_h : (n_stops,) float64
        When each truck joins its queue, from Monday 00:00 on, and how long it waits, hours.
    is_hpc, is_counted : (n_stops,) bool
        Served at an HPC point; joins its queue inside the horizon.
    n_joining, wait_min : (n_sites, n_hours_a_day)
        Zeros; trucks that join an HPC queue in the hour, and how long they wait, minutes.
    """
    n_hours = wait_min.shape[1]
    for stop in range(len(is_hpc)):
        if is_hpc[stop] and is_counted[stop]:
            hour = int(np.floor(queue_h[stop])) % n_hours
            n_joining[site_idx[stop], hour] += 1
            wait_min[site_idx[stop], hour] += 60.0 * wait_h[stop]
