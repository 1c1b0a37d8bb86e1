"""The door of the room: from the scenario's sections to a road graph and its sites."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from planner.network.builtin import read_builtin_network, read_builtin_sites
from planner.network.cleaning import NetworkReport, clean_graph
from planner.network.etisplus import read_etisplus_network
from planner.network.osm import load_osm_network
from planner.network.osm_sites import read_osm_sites
from planner.network.site_attachment import SitesReport, snap_sites
from planner.network.site_generation import sites_by_spacing
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.scenario.network_sources import Network
    from planner.scenario.site_sources import SitesSection


def load_network(settings: Network) -> tuple[RoadGraph, NetworkReport]:
    """Read the road network of a scenario and keep what is routable.

    Parameters
    ----------
    settings : BuiltinNetwork, EtisplusNetwork or OsmNetwork
        The scenario's ``network`` section.

    Returns
    -------
    RoadGraph
        The largest strongly connected part, without loops and parallel arcs.
    NetworkReport
        What was kept and dropped.

    Raises
    ------
    planner.errors.InputDataError
        If a file is missing or broken.
    """
    match settings.source:
        case "builtin":
            graph = read_builtin_network()
        case "etisplus":
            graph = read_etisplus_network(settings.path)
        case "osm":
            return load_osm_network(settings)
        case _:
            assert_never(settings)
    return clean_graph(graph)


def load_sites(settings: SitesSection, graph: RoadGraph) -> tuple[Sites, SitesReport]:
    """Read or make the charging sites of a scenario.

    Parameters
    ----------
    settings : BuiltinSites, SpacingSites, TableSites or OsmSites
        The scenario's ``sites`` section.
    graph : RoadGraph
        The scenario's network.

    Returns
    -------
    Sites
        Sites attached to the graph's arcs.
    SitesReport
        How they came there, and what was dropped.

    Raises
    ------
    planner.errors.InputDataError
        If a file is missing or broken, or no site lies near the network.
    """
    match settings.source:
        case "builtin":
            sites = read_builtin_sites(settings.network, graph)
            return sites, SitesReport(sites.n_sites, sites.n_attachments)
        case "spacing":
            return sites_by_spacing(graph, settings.spacing_km, settings.off_road_km)
        case "table":
            defaults = TableDefaults(settings.direction, settings.off_road_km)
            layout = TableLayout(
                settings.columns, settings.sheet, settings.crs, settings.grid_connection_unit
            )
            places = read_site_table(settings.path, layout, defaults, graph)
            return snap_sites(places, graph, settings.max_snap_km, str(settings.path))
        case "osm":
            places, left_out = read_osm_sites(settings.path, settings.kinds, settings.off_road_km)
            sites, report = snap_sites(places, graph, settings.max_snap_km, str(settings.path))
            return sites, replace(report, left_out=left_out)
        case _:
            assert_never(settings)
