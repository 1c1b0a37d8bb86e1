"""Charging that trucks bring to each site against what its high-power points can give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.inside_horizon import joins_inside_horizon
from planner.simulation.queues import ALL_STOPS
from planner.simulation.site_load_kernel import fill_busiest_stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.queues import ChargerLayout, ChargingDemand, QueueResult

STRETCH_H = 24.0
"""Time over which a site must cope with what comes, hours: a day with its rush and its night."""


@dataclass(frozen=True, slots=True)
class SiteLoad:
    """Load of the high-power points of each site, each (n_sites,).

    Parameters
    ----------
    busiest_day_h : float64
        Hours of charging that trucks bring in the busiest 24 hours of the horizon.
    load_share : float64
        Those hours over what the points can give in 24 hours; NaN without points.
    n_waiting_at_end : int64
        Trucks that joined inside the horizon and still wait when it ends.
    """

    busiest_day_h: NDArray[np.float64]
    load_share: NDArray[np.float64]
    n_waiting_at_end: NDArray[np.int64]

    @property
    def cannot_keep_up(self) -> NDArray[np.bool_]:
        """Sites whose points cannot give in 24 hours what trucks bring in them, (n_sites,).

        A rush that the night works off is none. Where this holds the queue is longer at the end
        of those hours than at their beginning even if no point idled for a minute: every further
        day of the kind adds to it, and the waits say more of how many days were simulated than of
        the site.
        """
        return np.asarray(self.load_share >= 1.0)


def site_load(
    demand: ChargingDemand,
    result: QueueResult,
    layout: ChargerLayout,
    stop: NDArray[np.int64] | slice = ALL_STOPS,
) -> SiteLoad:
    """Load of each site in a simulated run.

    Parameters
    ----------
    result : QueueResult
        What happened at ``stop``.
    stop : (n,) int64 or slice
        All stops at some sites, ascending; nothing comes to other sites.

    Returns
    -------
    SiteLoad
        Of the sessions at high-power points whose trucks join inside the horizon.
    """
    chosen = result.is_hpc & joins_inside_horizon(demand, result)
    site = demand.stop_site_idx[stop][chosen]
    busiest_h = np.zeros(demand.n_sites)
    fill_busiest_stretches(
        site, result.queue_h[chosen], result.plug_h[chosen], STRETCH_H, busiest_h
    )
    load = np.full(demand.n_sites, np.nan)
    available_h = layout.n_hpc * min(STRETCH_H, demand.horizon_h)
    np.divide(busiest_h, available_h, out=load, where=layout.n_hpc > 0)
    still_waits = result.plug_in_h[chosen] > demand.counted_h[1]
    return SiteLoad(busiest_h, load, np.bincount(site[still_waits], minlength=demand.n_sites))
