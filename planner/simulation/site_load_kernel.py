"""The most that comes to each site in any stretch of time, each site on its own."""

from __future__ import annotations

import numpy as np

from planner.runs.kernel_decorators import kernel


@kernel(nogil=True)
def fill_busiest_stretches(
    site_idx: np.ndarray,
    joins_h: np.ndarray,
    brought_h: np.ndarray,
    stretch_h: float,
    busiest_h: np.ndarray,
) -> None:
    """Fill in the most hours of charging that trucks bring to each site in any stretch.

    Parameters
    ----------
    site_idx : (n_sessions,) int
        Site of each session.
    joins_h : (n_sessions,) float64
        When its truck joins the queue, hours.
    brought_h : (n_sessions,) float64
        Charging that it brings, hours.
    stretch_h : float
        Length of a stretch, without its end, hours.
    busiest_h : (n_sites,) float64
        Filled in; 0 without sessions.
    """
    n_sites = len(busiest_h)
    offset = np.zeros(n_sites + 1, np.int64)
    for site in site_idx:
        offset[site + 1] += 1
    offset = np.cumsum(offset)
    free = offset[:-1].copy()
    at_site = np.empty(len(site_idx), np.int64)
    for session in range(len(site_idx)):
        at_site[free[site_idx[session]]] = session
        free[site_idx[session]] += 1
    for site in range(n_sites):
        here = at_site[offset[site] : offset[site + 1]]
        here = here[np.argsort(joins_h[here], kind="mergesort")]
        before_h = 0.0
        up_to_h = 0.0
        end = 0
        highest_h = 0.0
        # A busiest stretch begins with a truck that joins.
        for first in here:
            while end < len(here) and joins_h[here[end]] < joins_h[first] + stretch_h:
                up_to_h += brought_h[here[end]]
                end += 1
            highest_h = max(highest_h, up_to_h - before_h)
            before_h += brought_h[first]
        busiest_h[site] = highest_h
