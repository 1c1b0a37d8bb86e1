"""The fewest high-power points of single sites with which trucks wait there no longer than a limit.

Where nobody waits at the sites, arrivals are known, and wait tables tell how many points keep to
the limit with these. But a truck that waits arrives later elsewhere, and may come back: so points
are added until the full simulation keeps to the limit, and taken away as long as it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.optimization.seeding import hpc_arrivals
from planner.optimization.wait_tables import build_wait_tables
from planner.simulation.queues import ChargerLayout, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand


def fewest_at_sites(
    demand: ChargingDemand,
    layout: ChargerLayout,
    is_asked: NDArray[np.bool_],
    most_hpc: NDArray[np.int32],
    limit_min: float,
    mean_waits_min: Callable[[NDArray[np.int32]], NDArray[np.float64]],
) -> NDArray[np.int32]:
    """Find the fewest high-power points of some sites whose own mean waits keep to a limit.

    Parameters
    ----------
    layout : ChargerLayout
        Points of the other sites, and overnight points of all.
    is_asked : (n_sites,) bool
        Sites whose high-power points are asked for.
    most_hpc : (n_sites,) int32
        Most that they may have, > 0; as many where even these do not keep to the limit.
    limit_min : float
        Longest mean wait at each of them, minutes, >= 0.
    mean_waits_min : callable
        Mean wait at each site by the high-power points of all sites, in the full simulation,
        minutes; NaN where nobody charges.

    Returns
    -------
    (n_sites,) int32
        High-power points of all sites. At no asked site can one be taken away.
    """
    nobody_waits = demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site
    most = np.clip(nobody_waits, 1, most_hpc).astype(np.int32)
    n_hpc = np.where(is_asked, nobody_waits, layout.n_hpc).astype(np.int32)
    n_hpc = np.where(is_asked, _by_tables(demand, layout, n_hpc, is_asked, limit_min), n_hpc)
    n_hpc = np.where(is_asked, np.minimum(n_hpc, most), n_hpc).astype(np.int32)

    def waits_too_long(points: NDArray[np.int32]) -> NDArray[np.bool_]:
        return np.asarray(is_asked & (mean_waits_min(points) > limit_min))

    while (needs_more := waits_too_long(n_hpc) & (n_hpc < most)).any():
        n_hpc = n_hpc + needs_more.astype(np.int32)
    still_waits = waits_too_long(n_hpc)
    for site in np.flatnonzero(is_asked & ~still_waits):
        while n_hpc[site] > 1:
            fewer = n_hpc.copy()
            fewer[site] -= 1
            if (waits_too_long(fewer) & ~still_waits).any():
                break
            n_hpc = fewer
    return n_hpc


def _by_tables(
    demand: ChargingDemand,
    layout: ChargerLayout,
    n_hpc: NDArray[np.int32],
    is_asked: NDArray[np.bool_],
    limit_min: float,
) -> NDArray[np.int64]:
    """Fewest points with the arrivals of trucks that do not wait at the sites, (n_sites,)."""
    run = simulate(demand, ChargerLayout(n_hpc, layout.n_lpc))
    site, queue_h, plug_h = hpc_arrivals(demand, run)
    here = is_asked[site]
    tables = build_wait_tables(
        site[here], queue_h[here], plug_h[here], demand.n_sites, demand.counted_h
    )
    fewest = np.ones(demand.n_sites, np.int64)
    for each in np.flatnonzero(is_asked & (tables.peak > 0)):
        waits_h = tables.total_wait_h[tables.offset[each] : tables.offset[each + 1]]
        keeps = waits_h <= limit_min / 60.0 * tables.n_arrivals[each]
        # Nobody waits with the last entry.
        fewest[each] = 1 + int(np.argmax(keeps))
    return fewest
