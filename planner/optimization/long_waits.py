"""Counting waits beyond a limit, so that layouts can be sought that keep them rare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.long_wait_kernel import fill_long_waits
from planner.optimization.wait_tables import offsets
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.optimization.wait_tables import WaitTables


def long_wait_counts(
    tables: WaitTables,
    site_idx: NDArray[np.integer],
    arrival_h: NDArray[np.float64],
    plug_h: NDArray[np.float64],
    limit_h: float,
    counted_h: tuple[float, float] = (-np.inf, np.inf),
) -> NDArray[np.float64]:
    """Trucks that wait longer than a limit, for each entry of the wait tables.

    Parameters
    ----------
    tables : WaitTables
        Of the same arrivals.
    site_idx, arrival_h, plug_h : (n_arrivals,)
        As for :func:`~planner.optimization.wait_tables.build_wait_tables`.
    limit_h : float
        The limit, hours, >= 0.
    counted_h : (float, float)
        As for :func:`~planner.optimization.wait_tables.build_wait_tables`.

    Returns
    -------
    (n_entries,) float64
        Numbers of trucks; within a site never more with more charging points.
    """
    order = np.lexsort((arrival_h, site_idx))
    site_offset = offsets(np.bincount(site_idx, minlength=tables.n_sites))
    entry_site = np.repeat(np.arange(tables.n_sites), tables.peak)
    entry_plugs = np.arange(tables.offset[-1]) - tables.offset[entry_site] + 1
    n_longer = np.zeros(len(entry_site))
    in_blocks(
        fill_long_waits,
        len(entry_site),
        site_offset,
        np.asarray(arrival_h, np.float64)[order],
        np.asarray(plug_h, np.float64)[order],
        *counted_h,
        entry_site,
        entry_plugs,
        limit_h,
        n_longer,
    )
    return n_longer
