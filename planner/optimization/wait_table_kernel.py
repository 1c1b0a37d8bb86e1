"""Waiting at every site for every number of charging points, arrivals held fixed."""

from __future__ import annotations

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel
from planner.simulation.point_ring_kernel import take_earliest

MOST_IN_BUCKET = 64
"""Arrivals in a bucket up to which they are sorted by insertion."""


@kernel(nogil=True)
def sort_by_site(
    site: np.ndarray,
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    offset: np.ndarray,
    sorted_arrival_h: np.ndarray,
    sorted_plug_h: np.ndarray,
) -> bool:
    """Sort arrivals by site, then by time, equal times as they stand; linear in their number.

    Each site's time is cut into as many buckets as it has arrivals.

    Parameters
    ----------
    site : (n,) int32
        Site of each arrival.
    arrival_h, plug_h : (n,) float64
        Arrivals and occupied times, hours, finite.
    offset : (n_sites + 1,) int64
        Where the arrivals of each site begin once they are sorted.
    sorted_arrival_h, sorted_plug_h : (n,) float64
        Filled with the sorted ones.

    Returns
    -------
    bool
        Whether it was done: not where a bucket holds more than ``MOST_IN_BUCKET``.
    """
    n = len(site)
    first_h, last_h = arrival_h.min(), arrival_h.max()
    span_h = last_h - first_h if last_h > first_h else 1.0
    bucket = np.empty(n, np.int32)
    begin = np.zeros(n + 1, np.int32)
    for i in range(n):
        of_site = offset[site[i] + 1] - offset[site[i]]
        number = int((arrival_h[i] - first_h) / span_h * of_site)
        bucket[i] = offset[site[i]] + min(number, of_site - 1)
        begin[bucket[i] + 1] += 1
    for i in range(n):
        if begin[i + 1] > MOST_IN_BUCKET:
            return False
        begin[i + 1] += begin[i]
    end = begin[:-1].copy()
    for i in range(n):
        at = end[bucket[i]]
        end[bucket[i]] += 1
        while at > begin[bucket[i]] and sorted_arrival_h[at - 1] > arrival_h[i]:
            sorted_arrival_h[at] = sorted_arrival_h[at - 1]
            sorted_plug_h[at] = sorted_plug_h[at - 1]
            at -= 1
        sorted_arrival_h[at] = arrival_h[i]
        sorted_plug_h[at] = plug_h[i]
    return True


@inner_kernel
def peak_occupancy(arrival_h: np.ndarray, release_h: np.ndarray) -> int:
    """Most trucks plugged in at once when nobody waits.

    A charging point freed at the very moment of an arrival counts as free.

    Parameters
    ----------
    arrival_h : (n,) float64
        Arrival times, hours, ascending.
    release_h : (n,) float64
        Release times, hours, ascending (sorted on their own).

    Returns
    -------
    int
        Peak occupancy, 0 where there are no arrivals.
    """
    n_released = 0
    peak = 0
    for i in range(len(arrival_h)):
        while n_released < i and release_h[n_released] <= arrival_h[i]:
            n_released += 1
        peak = max(peak, i + 1 - n_released)
    return peak


@kernel
def total_waiting_h(
    arrival_h: np.ndarray, plug_h: np.ndarray, from_h: float, until_h: float, n_plugs: int
) -> float:
    """Sum of the waiting at one site served first come, first served.

    Parameters
    ----------
    arrival_h : (n,) float64
        Arrival times, hours, ascending.
    plug_h : (n,) float64
        Time each truck occupies its charging point, hours.
    from_h, until_h : float
        Waits of arrivals from the first up to but not including the second count, hours.
    n_plugs : int
        Charging points, >= 1.

    Returns
    -------
    float
        Total waiting of the counted trucks, hours.

    Notes
    -----
    Kiefer and Wolfowitz (1955) recursion on a sorted ring of release times. Sums and maxima round
    monotonically and are taken in the same order for every ``n_plugs``, so the result never
    increases with ``n_plugs``, not even by a rounding error.
    """
    free_h = np.full(n_plugs, -np.inf)
    front = 0
    total_h = 0.0
    for i in range(len(arrival_h)):
        # Whoever comes later has no part in the waits of those before.
        if arrival_h[i] >= until_h:
            break
        start_h = max(arrival_h[i], free_h[np.uintp(front)])
        if arrival_h[i] >= from_h:
            total_h += start_h - arrival_h[i]
        front = take_earliest(free_h, 0, n_plugs, front, start_h + plug_h[i])
    return total_h


@kernel(nogil=True)
def site_peaks(
    first_site: int,
    last_site: int,
    site_offset: np.ndarray,
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    peak: np.ndarray,
) -> None:
    """Fill the peak occupancy of a block of sites; arrivals are sorted by site, then by time."""
    for site in range(first_site, last_site):
        first, last = site_offset[site], site_offset[site + 1]
        release_h = np.sort(arrival_h[first:last] + plug_h[first:last])
        peak[site] = peak_occupancy(arrival_h[first:last], release_h)


@kernel(nogil=True)
def fill_wait_tables(
    first_entry: int,
    last_entry: int,
    site_offset: np.ndarray,
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    from_h: float,
    until_h: float,
    entry_site: np.ndarray,
    entry_plugs: np.ndarray,
    total_wait_h: np.ndarray,
) -> None:
    """Fill a block of entries, one per site and number of charging points.

    Every entry is computed on its own, so the result does not depend on the number of threads.

    Parameters
    ----------
    first_entry, last_entry : int
        First entry of the block, and the one after its last.
    site_offset : (n_sites + 1,) int64
        Where the arrivals of each site begin.
    arrival_h, plug_h : (n_arrivals,) float64
        Arrivals and occupied times, hours, by site and then ascending in time.
    from_h, until_h : float
        As for :func:`total_waiting_h`.
    entry_site, entry_plugs : (n_entries,) int64
        Site and number of charging points of each entry.
    total_wait_h : (n_entries,) float64
        Filled with the total waiting, hours.
    """
    for entry in range(first_entry, last_entry):
        first = site_offset[entry_site[entry]]
        last = site_offset[entry_site[entry] + 1]
        total_wait_h[entry] = total_waiting_h(
            arrival_h[first:last], plug_h[first:last], from_h, until_h, entry_plugs[entry]
        )
