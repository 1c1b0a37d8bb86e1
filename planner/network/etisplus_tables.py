"""CSV layouts of the European synthetic truck-flow data set (ETISplus, Speth et al. 2022).

The published layout (Mendeley Data py2zkrb65h): ``03_network-nodes.csv`` with Network_Node_ID,
Network_Node_X and Network_Node_Y (longitude and latitude, degrees), ETISplus_Zone_ID and Country
(two letters); ``04_network-edges.csv`` with Network_Edge_ID, Manually_Added, Distance (km),
Network_Node_A_ID, Network_Node_B_ID and Traffic_flow_trucks_2019 and _2030 (trucks a year). An edge
stands once for both directions. Columns that are not needed may be missing.

``segments.csv`` is written by derived data sets that cut out a country: source, target, position_x
and position_y (where the segment begins), capacity, travel_speed (km/h) and segment_length (km),
one or more rows per direction of an edge in driving order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.csv_tables import read_text_table
from planner.files.ranges import ARC_KM, DISTANCE_KM, FREE_SPEED_KMH
from planner.files.row_names import row_list
from planner.files.table_columns import numbers, refuse_rows, require_columns
from planner.network.cleaning import LeftOut
from planner.network.graph_tables import graph_from_tables
from planner.network.road_lengths import check_lengths
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

NODES_FILE, EDGES_FILE = "03_network-nodes.csv", "04_network-edges.csv"
SEGMENTS_FILE = "segments.csv"
NODE_COLUMNS = ("Network_Node_ID", "Network_Node_X", "Network_Node_Y", "Country")
EDGE_COLUMNS = ("Network_Edge_ID", "Network_Node_A_ID", "Network_Node_B_ID", "Distance")
SEGMENT_COLUMNS = (
    "source",
    "target",
    "position_x",
    "position_y",
    "travel_speed",
    "segment_length",
)
MIN_EDGE_KM = 0.01
"""Length of edges that are stated as 0 km: the data round to metres, and arcs have a length."""


def read_published_network(
    folder: Path, countries: Sequence[str], free_speed_kmh: float
) -> tuple[RoadGraph, tuple[LeftOut, ...]]:
    """Read nodes and edges of the published layout.

    Parameters
    ----------
    folder : pathlib.Path
        Folder with :data:`NODES_FILE` and :data:`EDGES_FILE`.
    countries : sequence of str
        Values of Country to keep; empty keeps all.
    free_speed_kmh : float
        Free speed of all arcs, km/h: the files state none.

    Returns
    -------
    RoadGraph
        Kept nodes; arcs from A to B in the order of the edges, then those back.
    tuple of LeftOut
        Edges with an end outside the kept countries.

    Raises
    ------
    InputDataError
        If a file is missing or broken, an identifier is repeated or unknown, a value is out of its
        range, a country does not occur, or positions and distances do not fit each other.
    """
    nodes_path, edges_path = folder / NODES_FILE, folder / EDGES_FILE
    nodes, where = read_text_table(nodes_path), str(edges_path)
    require_columns(nodes, NODE_COLUMNS if countries else NODE_COLUMNS[:-1], str(nodes_path))
    edges = read_text_table(edges_path)
    require_columns(edges, EDGE_COLUMNS, where)
    twice = edges["Network_Edge_ID"].duplicated(keep=False).to_numpy()
    refuse_rows(edges, twice, where, "Network_Edge_ID must be unique")
    distance_km = _distances_km(edges, where)
    kept_nodes, kept = _within(nodes, edges, countries, str(nodes_path))
    arcs = pd.DataFrame(
        {
            "from_node_id": edges["Network_Node_A_ID"],
            "to_node_id": edges["Network_Node_B_ID"],
            "length_km": distance_km,
            "free_speed_kmh": free_speed_kmh,
            "road": "",
        },
        index=edges.index,
    )[kept]
    back = arcs.rename(columns={"from_node_id": "to_node_id", "to_node_id": "from_node_id"})
    graph = graph_from_tables(
        _published_nodes(kept_nodes), pd.concat([arcs, back]), str(nodes_path), where
    )
    check_lengths(graph, where)
    left_out_km = 2.0 * float(distance_km[~kept].sum())
    what = said("edges with an end outside {countries}", countries=tuple(countries))
    return graph, (LeftOut(what, int((~kept).sum()), left_out_km),)


def read_segments(folder: Path) -> RoadGraph:
    """Read a network of segments.

    Parameters
    ----------
    folder : pathlib.Path
        Folder with :data:`SEGMENTS_FILE`.

    Returns
    -------
    RoadGraph
        A node per source, an arc per source and target in the order of their first segments:
        length and free-flow time are the sums over its segments.

    Raises
    ------
    InputDataError
        If the file is missing or broken, a value is out of its range, a segment is repeated, a
        target is never a source (so that its position is not known), a source has two positions, or
        positions and lengths do not fit each other.
    """
    path = folder / SEGMENTS_FILE
    where = str(path)
    table = read_text_table(path)
    require_columns(table, SEGMENT_COLUMNS, where)
    twice = table.duplicated(["source", "target", "position_x", "position_y"], keep=False)
    refuse_rows(table, twice.to_numpy(), where, "segments must be unique")
    length_km = numbers(table, "segment_length", where, "km")
    speed_kmh = numbers(table, "travel_speed", where, "km/h")
    ARC_KM.check(table, "segment_length", length_km, where)
    FREE_SPEED_KMH.check(table, "travel_speed", speed_kmh, where)
    segments = table.assign(length_km=length_km, time_h=length_km / speed_kmh)
    begins = ~segments.duplicated(["source", "target"]).to_numpy()
    total = segments.groupby(["source", "target"], sort=False)[["length_km", "time_h"]]
    arcs = segments[begins].assign(
        length_km=total.transform("sum")["length_km"],
        free_speed_kmh=(total.transform("sum")["length_km"] / total.transform("sum")["time_h"]),
    )
    arcs = arcs.rename(columns={"source": "from_node_id", "target": "to_node_id"}).assign(road="")
    graph = graph_from_tables(_segment_nodes(segments[begins], where), arcs, where, where)
    check_lengths(graph, where)
    return graph


def _distances_km(edges: pd.DataFrame, where: str) -> NDArray[np.float64]:
    distance_km = numbers(edges, "Distance", where, "km")
    DISTANCE_KM.check(edges, "Distance", distance_km, where)
    return np.maximum(distance_km, MIN_EDGE_KM)


def _within(
    nodes: pd.DataFrame, edges: pd.DataFrame, countries: Sequence[str], where: str
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Nodes in the countries, and whether each edge has no end outside them."""
    if not countries:
        return nodes, np.ones(len(edges), dtype=bool)
    found = sorted(nodes["Country"].dropna().unique())
    missing = [country for country in countries if country not in found]
    if missing:
        msg = said(
            "{where}: no node in {listed}; found {found}.",
            where=where,
            listed=", ".join(missing),
            found=", ".join(found),
        )
        raise InputDataError(msg)
    inside = nodes["Country"].isin(countries)
    outside = nodes["Network_Node_ID"][~inside]
    ends = edges[["Network_Node_A_ID", "Network_Node_B_ID"]]
    return nodes[inside], ~ends.isin(set(outside)).any(axis=1).to_numpy()


def _published_nodes(nodes: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "Network_Node_ID": "node_id",
        "Network_Node_X": "lon",
        "Network_Node_Y": "lat",
    }
    return nodes[list(columns)].rename(columns=columns).assign(name=nodes["Network_Node_ID"])


def _segment_nodes(first: pd.DataFrame, where: str) -> pd.DataFrame:
    """Nodes and their positions from the first segments of all edges."""
    unplaced = first["target"][~first["target"].isin(set(first["source"]))].drop_duplicates()
    if len(unplaced):
        msg = said(
            "{where}: the position of {nodes} is not known, as no segment begins there; see "
            "{rows}.",
            where=where,
            nodes=row_list(unplaced, kind="node"),
            rows=row_list(unplaced.index),
        )
        raise InputDataError(msg)
    position = first[["source", "position_x", "position_y"]].drop_duplicates()
    twice = position["source"].duplicated(keep=False).to_numpy()
    refuse_rows(position, twice, where, "every edge from a source must begin at the same position")
    columns = {"source": "node_id", "position_x": "lon", "position_y": "lat"}
    return position.rename(columns=columns).assign(name=position["source"])
