"""Quantile layouts: as many charging points as were occupied for a given share of the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.allocation import spread_points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from planner.optimization.allocation import PlugBounds
    from planner.optimization.wait_tables import WaitTables

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


def occupancy_over_time(
    site_idx: ArrayLike,
    arrival_h: ArrayLike,
    plug_h: ArrayLike,
    n_sites: int,
    horizon_h: tuple[float, float],
) -> Occupancy:
    """Distribution over time of the charging points occupied at each site when nobody waits.

    Parameters
    ----------
    site_idx : (n_arrivals,) integer
        Site of each arrival.
    arrival_h, plug_h : (n_arrivals,) float
        Arrival and time at the charging point, hours; what lies outside the horizon is cut off.
    horizon_h : (float, float)
        Start and end of the horizon, hours.
    """
    site = np.asarray(site_idx, dtype=np.int64)
    start = np.clip(np.asarray(arrival_h, dtype=np.float64), *horizon_h)
    end = np.clip(np.asarray(arrival_h) + np.asarray(plug_h), *horizon_h)
    every = np.arange(n_sites)
    # A change of zero at both ends of the horizon closes each site's sequence of intervals.
    sites = np.concatenate([site, site, every, every])
    times = np.concatenate([start, end, *np.repeat(horizon_h, n_sites).reshape(2, -1)])
    changes = np.concatenate(
        [np.ones(len(site), np.int64), -np.ones(len(site), np.int64), np.zeros(2 * n_sites, int)]
    )
    order = np.lexsort((changes, times, sites))
    sites, times, level = sites[order], times[order], np.cumsum(changes[order])
    inside = sites[1:] == sites[:-1]
    # Releases sort before arrivals at the same time, so the level may dip below zero for no time.
    occupied = np.maximum(level[:-1][inside], 0)
    share = np.zeros((n_sites, int(occupied.max(initial=0)) + 1))
    np.add.at(share, (sites[:-1][inside], occupied), np.diff(times)[inside])
    return Occupancy(np.cumsum(share, axis=1) / (horizon_h[1] - horizon_h[0]))


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
