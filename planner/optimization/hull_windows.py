"""Marginal steps of some totals alone, without the wait tables of all other numbers of points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import steps_along_hulls
from planner.optimization.hull_window_kernel import fill_hull_windows
from planner.optimization.wait_tables import offsets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.allocation import MarginalSteps, PlugBounds
    from planner.optimization.wait_tables import SiteArrivals

FIRST_WIDENING = 1.1
"""What the range of gains is widened by where it does not span the totals; squared each time."""


def steps_between(
    arrivals: SiteArrivals,
    bounds: PlugBounds,
    totals: tuple[int, int],
    guess: NDArray[np.int32],
    gains_h: tuple[float, float],
) -> MarginalSteps:
    """Edges of the sites' lower convex hulls that layouts of a range of totals consist of.

    Parameters
    ----------
    arrivals : SiteArrivals
        Arrivals at all sites.
    bounds : PlugBounds
        Bounds of each site, at least one point where there are arrivals.
    totals : (int, int)
        Fewest and most points in all that layouts are wanted for.
    guess : (n_sites,) int32
        A layout somewhere near, within the bounds; has no effect on what is allocated.
    gains_h : (float, float)
        Waiting that a point about saves at the first and at the last of the totals, hours, > 0; has
        no effect on what is allocated either.

    Returns
    -------
    MarginalSteps
        Those with which :func:`~planner.optimization.allocation.allocate` makes of every one of the
        totals the same layout as with the steps of whole tables.

    Notes
    -----
    Where a line whose slope is a gain touches a site's hull, exactly the steps that save more lie
    before (Everett 1963). What lies between two such points of a hull is the hull of the waits
    between them. With sites' points in tens there are a few entries of each that matter.
    """
    lower = bounds.lower.astype(np.int64)
    offset = offsets(bounds.upper - lower + 1)
    waits_h = np.full(offset[-1], np.nan)
    first, last = np.empty_like(lower), np.empty_like(lower)
    (fewest, most), (steepest_h, flattest_h) = totals, gains_h
    widening = FIRST_WIDENING
    while True:
        fill_hull_windows(
            *arrivals,
            lower,
            guess.astype(np.int64),
            steepest_h,
            flattest_h,
            offset,
            waits_h,
            first,
            last,
        )
        is_too_late = first.sum() > fewest and (first > lower).any()
        is_too_early = last.sum() < most and flattest_h > 0.0
        if not (is_too_late or is_too_early):
            break
        steepest_h *= widening if is_too_late else 1.0
        # In the end a worth of nothing: the whole hull.
        flattest_h /= widening if is_too_early else 1.0
        widening *= widening
    sites = np.flatnonzero(last > first)
    begin = offset[sites] - lower[sites]
    return steps_along_hulls(
        first.astype(np.int32),
        sites,
        [
            waits_h[at:end]
            for at, end in zip(begin + first[sites], begin + last[sites] + 1, strict=True)
        ],
    )
