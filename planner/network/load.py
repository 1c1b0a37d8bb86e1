"""The door of the room: from the scenario's sections to a road graph and its sites."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import numpy as np

from planner.errors import InputDataError
from planner.files.coordinates import LON_LAT
from planner.files.row_names import row_list
from planner.network.builtin import read_builtin_network, read_builtin_sites
from planner.network.cleaning import LeftOut, NetworkReport, clean_graph
from planner.network.contraction import contract_graph
from planner.network.drawn_lines import read_line_network
from planner.network.etisplus import read_etisplus_network
from planner.network.matsim import LinkFilter, read_matsim_network
from planner.network.road_columns import RoadColumns
from planner.network.site_attachment import snap_sites
from planner.network.site_generation import sites_by_spacing
from planner.network.site_placement import place_sites
from planner.network.site_status import leave_out_closed
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table
from planner.network.tables import read_node_arc_tables
from planner.network.traffic_side import keeps_left
from planner.said import said
from planner.scenario.road_file_sources import TablesNetwork
from planner.scenario.table_sections import FurtherTable

if TYPE_CHECKING:
    import pandas as pd

    from planner.network.graph import RoadGraph
    from planner.network.od_trucks import OdTrucks
    from planner.network.site_attachment import SitesReport
    from planner.network.sites import Sites
    from planner.scenario.network_sources import Network
    from planner.scenario.road_file_sources import MatsimNetwork
    from planner.scenario.site_sources import SitesSection, TableSites


def load_network(settings: Network) -> tuple[RoadGraph, NetworkReport]:
    """Read the road network of a scenario and keep what is routable.

    Parameters
    ----------
    settings : BuiltinNetwork, EtisplusNetwork, MatsimNetwork, OsmNetwork or TablesNetwork
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
        If a file is missing or broken, no roads lead to each other, or a node to keep is not there.
    """
    match settings.source:
        case "builtin":
            return clean_graph(read_builtin_network())
        case "etisplus":
            graph, left_out = read_etisplus_network(
                settings.path, settings.file, settings.countries
            )
            return clean_graph(graph, left_out)
        case "matsim":
            types = None if settings.link_types is None else frozenset(settings.link_types)
            wanted = LinkFilter(frozenset(settings.modes), types)
            graph, left_out = read_matsim_network(
                settings.path, settings.crs, wanted, settings.road_attribute
            )
            return _contracted(graph, left_out, settings)
        case "tables":
            return _contracted(*_read_tables(settings), settings)
        case "osm":
            from planner.network.osm import load_osm_network  # noqa: PLC0415  # few studies have it

            return load_osm_network(settings)
        case _:
            assert_never(settings)


def _read_tables(settings: TablesNetwork) -> tuple[RoadGraph, tuple[LeftOut, ...]]:
    is_lines = settings.lines is not None
    reading = RoadColumns(
        settings.columns,
        settings.length_unit,
        settings.speed_unit,
        settings.free_speed_kmh,
        two_way=is_lines if settings.two_way is None else settings.two_way,
    )
    match settings:
        case TablesNetwork(nodes=FurtherTable() as nodes, arcs=FurtherTable() as arcs):
            graph = read_node_arc_tables(
                nodes.path,
                arcs.path,
                reading,
                settings.crs or LON_LAT,
                nodes.table_keys("network.nodes"),
                arcs.table_keys("network.arcs"),
            )
            return graph, ()
        case TablesNetwork(lines=Path() as lines):
            return read_line_network(
                lines, settings.layer, reading, settings.crs, settings.tolerance_m
            )
    msg = "a section of tables has nodes and arcs, or lines"
    raise AssertionError(msg)


def _contracted(
    graph: RoadGraph, left_out: tuple[LeftOut, ...], settings: MatsimNetwork | TablesNetwork
) -> tuple[RoadGraph, NetworkReport]:
    """Clean a graph and join its arcs between junctions as the scenario wants it."""
    whole, report = clean_graph(graph, left_out)
    if whole.n_arcs == 0:
        msg = said(
            "network: no roads lead to each other and back; {dropped_km} km lead nowhere. "
            "Check one-way columns, filters and network.tolerance_m.",
            dropped_km=round(report.dropped_km),
        )
        raise InputDataError(msg)
    lost = sorted(set(settings.keep_nodes) - set(whole.node_id))
    if lost:
        msg = said(
            "network.keep_nodes: {rows} not in the connected network.",
            rows=row_list(lost, kind="node"),
        )
        raise InputDataError(msg)
    if not settings.contract:
        return whole, report
    protected = np.isin(whole.node_id.astype(str), settings.keep_nodes)
    small = contract_graph(whole, protected)
    return small, replace(
        report,
        n_nodes=small.n_nodes,
        n_arcs=small.n_arcs,
        left_out=(
            *left_out,
            LeftOut("nodes between junctions", whole.n_nodes - small.n_nodes, 0.0),
        ),
    )


def load_sites(
    settings: SitesSection, graph: RoadGraph, trucks: OdTrucks | None = None
) -> tuple[Sites, SitesReport]:
    """Read or make the charging sites of a scenario.

    Parameters
    ----------
    settings : SitesSection
        The scenario's ``sites`` section.
    trucks : OdTrucks, optional
        Trucks of the demand, for sites that are placed for them.

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
            return read_builtin_sites(settings.network, graph)
        case "spacing":
            return sites_by_spacing(graph, settings.spacing_km, settings.off_road_km)
        case "flow" | "coverage" | "p_median":
            return place_sites(settings, graph, trucks)
        case "table":
            places = site_table(settings, graph)
            places, left_out = leave_out_closed(places, str(settings.path))
            sites, report = snap_sites(places, graph, settings.max_snap_km, str(settings.path))
            return sites, replace(report, left_out=left_out)
        case "osm":
            from planner.network.osm_sites import read_osm_sites  # noqa: PLC0415  # as above

            places, left_out = read_osm_sites(settings.path, settings.kinds, settings.off_road_km)
            places["keeps_left"] = keeps_left(
                places["lon"].to_numpy(), places["lat"].to_numpy(), settings.keeps
            )
            sites, report = snap_sites(places, graph, settings.max_snap_km, str(settings.path))
            return sites, replace(report, left_out=left_out)
        case _:
            assert_never(settings)


def site_table(settings: TableSites, graph: RoadGraph) -> pd.DataFrame:
    """Rows of a table of sites as the scenario says to read it, those that are closed too.

    Returns
    -------
    DataFrame
        As from :func:`~planner.network.site_tables.read_site_table`.

    Raises
    ------
    planner.errors.InputDataError
        If the file is missing or broken.
    """
    layout = TableLayout(
        settings.columns,
        settings.sheet,
        settings.crs,
        settings.grid_connection_unit,
        settings.header_row,
    )
    defaults = TableDefaults(settings.direction, settings.off_road_km, settings.keeps)
    return read_site_table(settings.path, layout, defaults, graph)
