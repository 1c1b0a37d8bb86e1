"""The German motorway network that comes with the planner, and its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.network.csv_tables import numbers, read_text_table, require_columns, rows_where
from planner.network.graph_tables import graph_from_tables
from planner.network.sites import DIRECTION_BOTH, Sites
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

SITE_COLUMNS = (
    "site_id",
    "name",
    "road",
    "lon",
    "lat",
    "direction",
    "arc_from",
    "arc_to",
    "offset_km",
    "off_road_km",
    "parking_spaces",
    "grid_connection_kw",
)
"""Columns of the built-in site files, in their order."""


def read_builtin_network(folder: Path | None = None) -> RoadGraph:
    """Read the built-in network, or one of the same layout.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Folder with ``nodes.csv`` and ``arcs.csv``; the built-in one by default.

    Returns
    -------
    RoadGraph
        All nodes and arcs of the files.

    Raises
    ------
    InputDataError
        If a file is missing or broken.
    """
    folder = folder or bundled_path("network/germany")
    nodes, arcs = folder / "nodes.csv", folder / "arcs.csv"
    return graph_from_tables(read_text_table(nodes), read_text_table(arcs), str(nodes), str(arcs))


def read_builtin_sites(path: Path, graph: RoadGraph) -> Sites:
    """Read a file of built-in sites, which names the arcs that the sites lie on.

    Parameters
    ----------
    path : pathlib.Path
        CSV file with the columns :data:`SITE_COLUMNS`.
    graph : RoadGraph
        The network the file was made for.

    Returns
    -------
    Sites
        One attachment per site, a second one on the opposite arc where it serves both directions.

    Raises
    ------
    InputDataError
        If the file is broken or names an arc that the graph does not have.
    """
    where = str(path)
    table = read_text_table(path)
    require_columns(table, SITE_COLUMNS, where)
    column = {
        name: numbers(table, name, where, unit)
        for name, unit in (
            ("lon", "degrees"),
            ("lat", "degrees"),
            ("offset_km", "km"),
            ("off_road_km", "km"),
            ("parking_spaces", "spaces"),
            ("grid_connection_kw", "kW"),
        )
    }
    arc_idx, opposite_idx = _arcs_of(table, graph, where)
    length = graph.arc_length_km[arc_idx]
    outside = ~((column["offset_km"] >= 0.0) & (column["offset_km"] <= length))
    if outside.any():
        msg = (
            f"{where}: offset_km must lie within its arc, found otherwise in "
            f"{rows_where(table, outside)}. Run network/germany/build_sites.py again."
        )
        raise InputDataError(msg)
    both = (table["direction"] == DIRECTION_BOTH).to_numpy() & (opposite_idx >= 0)
    site = np.arange(len(table), dtype=np.int32)
    attachment_site = np.concatenate([site, site[both]])
    order = np.argsort(attachment_site, kind="stable")
    offset = np.concatenate([column["offset_km"], (length - column["offset_km"])[both]])
    return Sites(
        site_id=table["site_id"].to_numpy(dtype=object),
        name=table["name"].to_numpy(dtype=object),
        road=table["road"].fillna("").to_numpy(dtype=object),
        lon=column["lon"],
        lat=column["lat"],
        direction=table["direction"].to_numpy(dtype=object),
        off_road_km=column["off_road_km"],
        parking_spaces=column["parking_spaces"].astype(np.int64),
        grid_connection_kw=column["grid_connection_kw"],
        attachment_site_idx=attachment_site[order],
        attachment_arc_idx=np.concatenate([arc_idx, opposite_idx[both]])[order],
        attachment_offset_km=offset[order],
    )


def _arcs_of(
    table: pd.DataFrame, graph: RoadGraph, where: str
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Arc of each site and the arc in the opposite direction, -1 where there is none."""
    ends = zip(graph.node_id[graph.arc_from_idx], graph.node_id[graph.arc_to_idx], strict=True)
    arc_of = {pair: arc for arc, pair in enumerate(ends)}
    named = list(zip(table["arc_from"], table["arc_to"], strict=True))
    arc_idx = np.array([arc_of.get(pair, -1) for pair in named], dtype=np.int32)
    if (arc_idx < 0).any():
        msg = (
            f"{where}: the network has no arc as named in {rows_where(table, arc_idx < 0)}. "
            "Run network/germany/build_sites.py again after a change of the network."
        )
        raise InputDataError(msg)
    opposite = np.array([arc_of.get((end, start), -1) for start, end in named], dtype=np.int32)
    return arc_idx, opposite
