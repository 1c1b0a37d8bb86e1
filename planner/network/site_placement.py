"""Sites that are placed for a purpose: for the trucks of a demand, or to cover the motorways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.network.site_coverage import sites_by_coverage, sites_by_p_median
from planner.network.site_flow_capture import FlowCapture, sites_by_flow
from planner.scenario.site_sources import placed_for_trucks

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph
    from planner.network.od_trucks import OdTrucks
    from planner.network.site_attachment import SitesReport
    from planner.network.sites import Sites
    from planner.scenario.site_sources import CoverageSites, FlowSites, PMedianSites


def place_sites(
    settings: FlowSites | CoverageSites | PMedianSites, graph: RoadGraph, trucks: OdTrucks | None
) -> tuple[Sites, SitesReport]:
    """Place sites as a scenario asks.

    Parameters
    ----------
    settings : FlowSites, CoverageSites or PMedianSites
        The scenario's ``sites`` section.
    trucks : OdTrucks or None
        Trucks of the demand; needed where
        :func:`~planner.scenario.site_sources.placed_for_trucks` says so.

    Returns
    -------
    Sites
        By road and running kilometre.
    SitesReport
        What they reach.

    Raises
    ------
    ValueError
        If trucks are needed and missing.
    planner.errors.InputDataError
        If the settings do not fit the network.
    """
    if settings.source == "flow":
        capture = FlowCapture(settings.n_sites, settings.candidate_spacing_km, settings.reach_km)
        return sites_by_flow(graph, _given(trucks, settings), capture, settings.off_road_km)
    weighing = _given(trucks, settings) if placed_for_trucks(settings) else None
    if settings.source == "p_median":
        return sites_by_p_median(
            graph,
            n_sites=settings.n_sites,
            candidate_spacing_km=settings.candidate_spacing_km,
            trucks=weighing,
            off_road_km=settings.off_road_km,
        )
    return sites_by_coverage(
        graph,
        n_sites=settings.n_sites,
        service_km=settings.service_km,
        candidate_spacing_km=settings.candidate_spacing_km,
        trucks=weighing,
        off_road_km=settings.off_road_km,
    )


def _given(trucks: OdTrucks | None, settings: FlowSites | CoverageSites | PMedianSites) -> OdTrucks:
    if trucks is None:
        msg = f"sites of source {settings.source!r} are placed for trucks: expected some"
        raise ValueError(msg)
    return trucks
