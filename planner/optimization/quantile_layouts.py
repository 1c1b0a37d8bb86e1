"""Quantile layouts: as many charging points as were occupied for a given share of the time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import spread_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.allocation import PlugBounds
    from planner.optimization.wait_tables import SiteArrivals, WaitTables

MAX_QUANTILES = 4000
"""Most quantiles tried; beyond that every second one or so is left out."""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Share of the time for which at most so many charging points were occupied, by site.

    Parameters
    ----------
    cumulative_share : (n_sites, max_level + 1) float64
        Entry ``[s, k]``: share of the horizon with at most ``k`` charging points occupied at site
        ``s``.
    """

    cumulative_share: NDArray[np.float64]

    def quantile(self, q: float) -> NDArray[np.int32]:
        """Fewest points that suffice for a share ``q`` of the time at each site, (n_sites,)."""
        # Rounding in the sum of durations must not ask for one point more.
        return np.asarray((self.cumulative_share < q - 1e-9).sum(axis=1), np.int32)


def occupancy_over_time(arrivals: SiteArrivals) -> Occupancy:
    """Distribution over time of the charging points occupied at each site when nobody waits.

    Parameters
    ----------
    arrivals : SiteArrivals
        Arrivals and times at the charging point; what lies outside the time in which waits count is
        cut off, and shares are of that time.
    """
    # Site by site: changes of all sites at once would take several times the memory of arrivals.
    durations = [
        _hours_at_levels(
            arrivals.arrival_h[begin:end],
            arrivals.plug_h[begin:end],
            arrivals.from_h,
            arrivals.until_h,
        )
        for begin, end in pairwise(arrivals.offset.tolist())
    ]
    hours = np.zeros((len(durations), max(map(len, durations), default=1)))
    for site, of_site in enumerate(durations):
        hours[site, : len(of_site)] = of_site
    return Occupancy(np.cumsum(hours, axis=1) / (arrivals.until_h - arrivals.from_h))


def _hours_at_levels(
    arrival_h: NDArray[np.float64], plug_h: NDArray[np.float64], from_h: float, until_h: float
) -> NDArray[np.float64]:
    """Hours with 0, 1, 2, ... points occupied at a site, up to the most there are."""
    start = np.clip(arrival_h, from_h, until_h)
    end = np.clip(arrival_h + plug_h, from_h, until_h)
    # A change of zero at both ends closes the sequence of intervals.
    times = np.concatenate([start, end, [from_h, until_h]])
    changes = np.concatenate([np.ones(len(start), int), np.full(len(end), -1), [0, 0]])
    order = np.lexsort((changes, times))
    # Releases sort before arrivals at the same time, so the level may dip below zero for no time.
    occupied = np.maximum(np.cumsum(changes[order])[:-1], 0)
    return np.asarray(np.bincount(occupied, np.diff(times[order])), np.float64)


def quantile_layouts(
    occupancy: Occupancy,
    tables: WaitTables,
    bounds: PlugBounds,
    n_points: int,
    longest_wait_min: float = np.inf,
) -> NDArray[np.int32]:
    """Layouts whose sites all cover the same share of the time.

    Parameters
    ----------
    occupancy : Occupancy
        Occupied charging points over time with unlimited charging points.
    tables : WaitTables
        Waiting by site and charging points: spreads the quantiles the way the separable front is
        spread.
    bounds : PlugBounds
        Bounds of each site, kept.
    n_points : int
        Layouts wanted, >= 2.
    longest_wait_min : float
        Longest mean wait of interest under fixed arrivals, minutes.

    Returns
    -------
    (n_layouts, n_sites) int32
        At most ``n_points`` different layouts, quantile and total points ascending.

    Notes
    -----
    The older method of the German motorway study: charging points by quantile of occupancy.
    """
    # Between two of these levels no site's count changes: there are no other quantile layouts.
    levels = np.unique(occupancy.cumulative_share.round(9))
    if len(levels) > MAX_QUANTILES:
        levels = levels[np.linspace(0, len(levels) - 1, MAX_QUANTILES).astype(np.int64)]
    tried = np.stack([np.clip(occupancy.quantile(q), bounds.lower, bounds.upper) for q in levels])
    totals = tried.sum(axis=1)
    tried = tried[np.concatenate([[True], np.diff(totals) > 0])]
    chosen = spread_points(
        tables.mean_wait_min(tried), tried.sum(axis=1), n_points, longest_wait_min
    )
    return np.asarray(tried[chosen], np.int32)
