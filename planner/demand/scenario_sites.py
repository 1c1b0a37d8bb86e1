"""Sites of a scenario, also those that are placed for the trucks of its demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.demand.load import load_trips
from planner.network.changed_sites import with_site_changes
from planner.network.existing_points import with_existing_points
from planner.network.load import load_sites
from planner.network.od_trucks import count_od_trucks
from planner.network.route_spread import route_spread_of
from planner.network.standing_points import with_standing_points
from planner.runs.random_streams import RandomStreams
from planner.said import said
from planner.scenario.site_sources import placed_for_trucks, shared_part

if TYPE_CHECKING:
    from pathlib import Path

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.od_trucks import OdTrucks
    from planner.network.site_attachment import SitesReport
    from planner.network.sites import Sites
    from planner.scenario.model import Scenario


def load_scenario_sites(scenario: Scenario, graph: RoadGraph) -> tuple[Sites, SitesReport]:
    """Read or make the sites of a scenario.

    Returns
    -------
    Sites
        Sites attached to the graph's arcs.
    SitesReport
        How they came there, and what was dropped.

    Raises
    ------
    planner.errors.PlannerError
        If the sites, or the demand that they are placed for, are not valid.
    """
    trucks = fleet_trucks(scenario, graph) if placed_for_trucks(scenario.sites) else None
    sites, report = load_sites(scenario.sites, graph, trucks)
    sites, told = with_existing_points(scenario.sites.existing, sites)
    if scenario.sites.changes is not None:
        sites, changed = with_changes(scenario, sites, graph, scenario.sites.changes.path)
        told = (*told, *changed)
    if (part := shared_part(scenario.sites)) < 1.0:
        told = (*told, _sharing_notice(part))
    report = replace(
        report,
        n_sites=sites.n_sites,
        n_attachments=sites.n_attachments,
        notices=(*report.notices, *told),
    )
    return with_standing_points(scenario.standing, sites), report


def with_changes(
    scenario: Scenario, sites: Sites, graph: RoadGraph, path: Path
) -> tuple[Sites, tuple[str, ...]]:
    """Sites of a scenario with those that a table adds and the connections that it sets.

    Returns
    -------
    Sites
        The same sites, and those that are added after them.
    tuple of str
        What was changed.

    Raises
    ------
    InputDataError
        If the table is broken, or an added site lies near no road.
    """
    limits_anyway = scenario.sites.within_grid_connection
    point_kw = None if limits_anyway else scenario.chargers.hpc_kw
    return with_site_changes(path, sites, graph, point_kw)


def _sharing_notice(part: float) -> str:
    return said(
        "points share their site's connection and are sure of {percent} % of their power each; "
        "waits do not count what then lacks, planner connections tells it",
        percent=round(100.0 * part, 1),
    )


def fleet_trips(scenario: Scenario, graph: RoadGraph) -> Trips:
    """Trips of a scenario's whole fleet, electric or not; the same at every level."""
    everyone = scenario.demand.model_copy(update={"electrification_share": 1.0})
    streams = RandomStreams(scenario.seed)
    spread = route_spread_of(scenario.routing.route_spread, streams)
    trips, _ = load_trips(everyone, graph, scenario.vehicles.mix, streams, spread=spread)
    return trips


def fleet_trucks(scenario: Scenario, graph: RoadGraph) -> OdTrucks:
    """Trips of a scenario's whole fleet by OD pair, electric or not.

    Returns
    -------
    OdTrucks
        Trips over the scenario's days; the same at every electrification level.
    """
    trips = fleet_trips(scenario, graph)
    return count_od_trucks(trips.origin_node_idx, trips.destination_node_idx)
