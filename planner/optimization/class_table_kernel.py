"""Time lost at every site for numbers of points of two classes, arrivals held fixed."""

from __future__ import annotations

import numpy as np

from planner.runs.kernel_decorators import kernel
from planner.simulation.point_ring_kernel import take_earliest


@kernel(nogil=True)
def fill_class_tables(
    first_entry: int,
    last_entry: int,
    site_offset: np.ndarray,
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    hold_h: np.ndarray,
    takes: np.ndarray,
    counted_h: tuple[float, float],
    entry_site: np.ndarray,
    entry_points: np.ndarray,
    spares_fast: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
    lost_h: np.ndarray,
) -> None:
    """Fill one entry per site and pair of numbers of points.

    Parameters
    ----------
    first_entry, last_entry : int
        Fills entries from the first up to but not including the last.
    site_offset : (n_sites + 1,) int64
        Where the arrivals of each site begin.
    arrival_h : (n_arrivals,) float64
        Arrivals, hours, by site and then ascending in time.
    plug_h, hold_h : (n_arrivals, 2) float64
        Time at a point of the faster and of the slower class, and to departure, hours.
    takes : (n_arrivals, 2) bool
        Classes whose connector the truck has.
    counted_h : (float, float)
        Time lost of arrivals from the first up to but not including the second count, hours.
    entry_site : (n_entries,) int64
    entry_points : (n_entries, 2) int64
        Site, and points of either class, of each entry.
    spares_fast : bool
        Whether a truck that leaves alike from either class takes the slower one.
    lost_h : (n_entries,) float64
        Filled with waiting and longer charging of all counted arrivals, hours; inf where a truck
        finds no point with its connector.
    """
    for entry in range(first_entry, last_entry):
        n_fast, n_slow = entry_points[entry, 0], entry_points[entry, 1]
        fast_free_h, slow_free_h = np.full(n_fast, -np.inf), np.full(n_slow, -np.inf)
        fast_front, slow_front = 0, 0
        total_h = 0.0
        for i in range(site_offset[entry_site[entry]], site_offset[entry_site[entry] + 1]):
            now_h = arrival_h[i]
            fast_h, slow_h = np.inf, np.inf
            if n_fast > 0 and takes[i, 0]:
                fast_h = max(now_h, fast_free_h[fast_front]) + hold_h[i, 0]
            if n_slow > 0 and takes[i, 1]:
                slow_h = max(now_h, slow_free_h[slow_front]) + hold_h[i, 1]
            leaves_h = min(fast_h, slow_h)
            if leaves_h == np.inf:
                total_h = np.inf
                break
            if slow_h < fast_h or (spares_fast and slow_h == fast_h):
                start_h = max(now_h, slow_free_h[slow_front])
                slow_front = take_earliest(
                    slow_free_h, 0, n_slow, slow_front, start_h + plug_h[i, 1]
                )
            else:
                start_h = max(now_h, fast_free_h[fast_front])
                fast_front = take_earliest(
                    fast_free_h, 0, n_fast, fast_front, start_h + plug_h[i, 0]
                )
            if counted_h[0] <= now_h < counted_h[1]:
                total_h += leaves_h - now_h - hold_h[i, 0]
        lost_h[entry] = total_h
