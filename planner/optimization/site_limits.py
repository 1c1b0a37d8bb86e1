"""What may stand at each site: existing points stay, power and space end somewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.network.grid_limits import hpc_carried_by_grid
from planner.said import said
from planner.simulation.queues import ChargerLayout, points_occupied, unlimited_layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.site_attachment import SitesReport
    from planner.network.sites import Sites
    from planner.simulation.charging_demand import ChargingDemand

NO_LIMIT = np.iinfo(np.int32).max
"""Upper limit where none is known."""


@dataclass(frozen=True, slots=True)
class PlugLimits:
    """Fewest and most charging points of each site, whatever the demand.

    Parameters
    ----------
    existing_hpc, existing_lpc : (n_sites,) int32
        Points that stand already and stay, >= 0.
    max_hpc, max_lpc : (n_sites,) int32
        Most points, >= the existing ones; :data:`NO_LIMIT` where none is known.
    """

    existing_hpc: NDArray[np.int32]
    max_hpc: NDArray[np.int32]
    existing_lpc: NDArray[np.int32]
    max_lpc: NDArray[np.int32]

    @property
    def allows_hpc(self) -> NDArray[np.bool_]:
        """Whether a site may have an HPC point at all, (n_sites,)."""
        return np.asarray(self.max_hpc > 0)


def no_limits(n_sites: int) -> PlugLimits:
    """Limits of sites of which nothing is known."""
    none = np.zeros(n_sites, np.int32)
    any_number = np.full(n_sites, NO_LIMIT, np.int32)
    return PlugLimits(none, any_number, none, any_number)


def plug_limits(
    sites: Sites, hpc_kw: float, *, within_grid_connection: bool, within_parking_spaces: bool
) -> PlugLimits:
    """Limits that the sites' own figures set.

    What stands already stays, also where it is more than the figures allow: they are then older
    than the points, or the points share their power.

    Parameters
    ----------
    sites : Sites
        Sites with existing points, the most HPC points, parking spaces and grid connections.
    hpc_kw : float
        Nameplate power of an HPC point, kW, > 0.
    within_grid_connection : bool
        Whether the grid connection limits HPC points, see
        :func:`~planner.network.grid_limits.hpc_carried_by_grid`.
    within_parking_spaces : bool
        Whether parking spaces limit LPC points: a truck at one is parked for the night.
    """
    limits = no_limits(sites.n_sites)
    max_hpc, max_lpc = limits.max_hpc, limits.max_lpc
    if sites.max_hpc is not None:
        max_hpc = _where_known(sites.max_hpc)
    if within_grid_connection:
        max_hpc = np.minimum(max_hpc, hpc_carried_by_grid(sites.grid_connection_kw, hpc_kw))
    if within_parking_spaces:
        max_lpc = _where_known(sites.parking_spaces)
    existing_hpc, existing_lpc = (
        none if existing is None else existing.astype(np.int32)
        for none, existing in (
            (limits.existing_hpc, sites.existing_hpc),
            (limits.existing_lpc, sites.existing_lpc),
        )
    )
    return PlugLimits(
        existing_hpc=existing_hpc,
        max_hpc=np.maximum(max_hpc, existing_hpc),
        existing_lpc=existing_lpc,
        max_lpc=np.maximum(max_lpc, existing_lpc),
    )


def sites_with_hpc(
    sites: Sites, report: SitesReport, limits: PlugLimits
) -> tuple[Sites, SitesReport]:
    """Leave out sites that may not have an HPC point: any truck may stop at a site and need one.

    Parameters
    ----------
    report : SitesReport
        How they came onto the network.

    Returns
    -------
    Sites
        Those that may have one.
    SitesReport
        The report, with the names of those left out.

    Raises
    ------
    InputDataError
        If none is left.
    """
    usable = limits.allows_hpc
    if usable.all():
        return sites, report
    if not usable.any():
        msg = said(
            "sites: expected a site that may have a high-power point, found none among {n}; check "
            "max_hpc and the grid connections (kW), or set sites.within_grid_connection to false",
            n=sites.n_sites,
        )
        raise InputDataError(msg)
    kept = sites.select(usable)
    return kept, replace(
        report,
        n_sites=kept.n_sites,
        n_attachments=kept.n_attachments,
        too_weak=tuple(sites.name[~usable]),
    )


def layout_without_hpc_queues(demand: ChargingDemand, limits: PlugLimits) -> ChargerLayout:
    """Layout with which nobody waits for an HPC point, LPC points within their limits.

    Where a site has fewer LPC points than trucks that want to rest at one, those that find none
    rest unplugged and charge at an HPC point afterwards; the HPC points provide for them.

    Parameters
    ----------
    limits : PlugLimits
        Limits of each site; those on HPC points are left to the search.

    Returns
    -------
    ChargerLayout
        Peak HPC occupancy, and the LPC points used for all layouts: peak occupancy without limits,
        at most the most allowed, at least the existing ones.
    """
    unlimited = unlimited_layout(demand)
    n_lpc = np.clip(unlimited.n_lpc, limits.existing_lpc, limits.max_lpc)
    if (n_lpc >= unlimited.n_lpc).all():
        return ChargerLayout(unlimited.n_hpc, n_lpc)
    # Every stop may end at an HPC point: with a point for each nobody waits.
    for_all = (demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site).astype(np.int32)
    return ChargerLayout(points_occupied(demand, ChargerLayout(for_all, n_lpc)).n_hpc, n_lpc)


def _where_known(count: NDArray[np.int64]) -> NDArray[np.int32]:
    """Counts as upper limits: -1 (unknown) limits nothing."""
    return np.where(count < 0, NO_LIMIT, count).astype(np.int32)
