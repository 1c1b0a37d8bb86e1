"""Fewest points under a limit that is a sum over sites, by dynamic programming over their total.

Marginal allocation (:mod:`planner.optimization.allocation`) is exact at the corners of the convex
hulls only; between them a layout off the hulls may be better. This is exact for every total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.allocation import PlugBounds
    from planner.optimization.wait_tables import WaitTables

_ROUNDING = 1e-9


def least_by_total(
    tables: WaitTables, bounds: PlugBounds
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Least sum of table entries for every total of charging points.

    Parameters
    ----------
    tables : WaitTables
        An amount by site and charging points, never increasing in charging points; beyond the peak
        as at the peak.

    Returns
    -------
    totals : (n_totals,) int64
        Every total from the fewest charging points to the most that are of use.
    least : (n_totals,) float64
        Least sum with each, never increasing.

    Notes
    -----
    Bellman (1957): the best of the first sites with each total, site by site.
    """
    least = np.zeros(1)
    for site in np.flatnonzero(tables.peak):
        fewest = max(int(bounds.lower[site]), 1)
        most = max(min(int(bounds.upper[site]), int(tables.peak[site])), fewest)
        plugs = np.minimum(np.arange(fewest, most + 1), tables.peak[site])
        amounts = tables.total_wait_h[tables.offset[site] + plugs - 1]
        longer = np.full(len(least) + len(amounts) - 1, np.inf)
        for more, amount in enumerate(amounts):
            part = longer[more : more + len(least)]
            np.minimum(part, least + amount, out=part)
        least = longer
    n_fewest = int(np.maximum(bounds.lower, tables.peak > 0).sum())
    return n_fewest + np.arange(len(least)), least


def fewest_plugs(tables: WaitTables, bounds: PlugBounds, limit: float) -> int | None:
    """Fewest charging points with which the sum of table entries keeps to a limit.

    Parameters
    ----------
    tables, bounds
        As for :func:`least_by_total`.
    limit : float
        Largest sum allowed.

    Returns
    -------
    int or None
        Proved: no layout within the bounds has fewer. None where none keeps to the limit.
    """
    totals, least = least_by_total(tables, bounds)
    enough = least <= limit + _ROUNDING * max(limit, 1.0)
    return int(totals[np.argmax(enough)]) if enough.any() else None
