"""Where a line of given slope touches the lower convex hull of a site's wait table.

No table is needed for it: waiting never increases with charging points, not even by a rounding
error (:func:`~planner.optimization.wait_table_kernel.total_waiting_h`), so an entry that is known
bounds all others on its left from below, and nothing is less than zero.
"""

from __future__ import annotations

import numpy as np

from planner.optimization.wait_table_kernel import total_waiting_h
from planner.runs.kernel_decorators import inner_kernel, kernel


@inner_kernel
def _wait_h(
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    from_h: float,
    until_h: float,
    n_plugs: int,
    waits_h: np.ndarray,
    lower: int,
) -> float:
    """Waiting with so many charging points, computed where it is not known yet."""
    at = n_plugs - lower
    if np.isnan(waits_h[at]):
        waits_h[at] = total_waiting_h(arrival_h, plug_h, from_h, until_h, n_plugs)
    return float(waits_h[at])


@kernel
def touching_point(
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    from_h: float,
    until_h: float,
    waits_h: np.ndarray,
    lower: int,
    gain_h: float,
    guess: int,
) -> int:
    """Fewest charging points that minimise waiting plus so many hours for each point.

    Parameters
    ----------
    arrival_h, plug_h, from_h, until_h
        As for :func:`~planner.optimization.wait_table_kernel.total_waiting_h`, of one site.
    waits_h : (n_numbers,) float64
        Waiting for ``lower`` points, one more and so on, hours; NaN where not known, filled here.
    lower : int
        Fewest points allowed.
    gain_h : float
        Hours that a point is worth, >= 0.
    guess : int
        Where to begin; has no effect on the result.
    """
    upper = lower + len(waits_h) - 1
    best = guess
    least_h = _wait_h(arrival_h, plug_h, from_h, until_h, guess, waits_h, lower) + gain_h * guess
    n_plugs = guess - 1
    while n_plugs >= lower:
        wait_h = _wait_h(arrival_h, plug_h, from_h, until_h, n_plugs, waits_h, lower)
        if wait_h + gain_h * n_plugs <= least_h:
            best = n_plugs
            least_h = wait_h + gain_h * n_plugs
        n_plugs -= 1
        # With fewer points trucks wait at least as long, which already is too long for these.
        while n_plugs >= lower and wait_h + gain_h * n_plugs > least_h:
            n_plugs -= 1
    n_plugs = guess + 1
    # More points cost more than the best in all, even if nobody waited.
    while n_plugs <= upper and gain_h * n_plugs < least_h:
        wait_h = _wait_h(arrival_h, plug_h, from_h, until_h, n_plugs, waits_h, lower)
        if wait_h + gain_h * n_plugs < least_h:
            best = n_plugs
            least_h = wait_h + gain_h * n_plugs
        n_plugs += 1
    return best


@kernel(nogil=True)
def fill_hull_windows(
    site_offset: np.ndarray,
    arrival_h: np.ndarray,
    plug_h: np.ndarray,
    from_h: float,
    until_h: float,
    lower: np.ndarray,
    guess: np.ndarray,
    steepest_h: float,
    flattest_h: float,
    offset: np.ndarray,
    waits_h: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
) -> None:
    """Find the part of each site's hull between two slopes, and the waits along it.

    Parameters
    ----------
    site_offset, arrival_h, plug_h, from_h, until_h
        As for :func:`~planner.optimization.wait_table_kernel.fill_wait_tables`.
    lower, guess : (n_sites,) int64
        Fewest points of each site, and where to begin.
    steepest_h, flattest_h : float
        Hours that a point is worth at the beginning and at the end of the part.
    offset : (n_sites + 1,) int64
        Where the numbers of points of each site begin in ``waits_h``.
    waits_h : (n_numbers,) float64
        As for :func:`touching_point`, site after site; filled from ``first`` to ``last``.
    first, last : (n_sites,) int64
        Filled with the points of each site at both ends.
    """
    for site in range(len(lower)):
        begin, end = site_offset[site], site_offset[site + 1]
        arrivals, plugs = arrival_h[begin:end], plug_h[begin:end]
        waits = waits_h[offset[site] : offset[site + 1]]
        low = lower[site]
        first[site] = touching_point(
            arrivals, plugs, from_h, until_h, waits, low, steepest_h, guess[site]
        )
        last[site] = touching_point(
            arrivals, plugs, from_h, until_h, waits, low, flattest_h, max(guess[site], first[site])
        )
        for n_plugs in range(first[site], last[site] + 1):
            _wait_h(arrivals, plugs, from_h, until_h, n_plugs, waits, low)
