"""The German motorway network that comes with the planner, and its sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.files.csv_tables import read_text_table
from planner.files.table_columns import numbers, refuse_rows, require_columns
from planner.network.graph_tables import graph_from_tables
from planner.network.site_attachment import PLACE_COLUMNS, SitesReport, attach_sites
from planner.network.sites import DIRECTION_BOTH, ORIGIN_OFFICIAL, REGISTER_COLUMNS
from planner.said import said
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

GERMANY = "network/germany"
"""Folder of the built-in network below the project's root."""
SITE_COLUMNS = (
    *PLACE_COLUMNS, *REGISTER_COLUMNS, "arc_from", "arc_to", "offset_km", "snap_km",
)  # fmt: skip
"""Columns of the built-in site files."""
_REBUILD = "after a change of the network run network/germany/build_sites.py again"


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
    folder = folder or bundled_path(GERMANY)
    nodes, arcs = folder / "nodes.csv", folder / "arcs.csv"
    return graph_from_tables(read_text_table(nodes), read_text_table(arcs), str(nodes), str(arcs))


def read_builtin_sites(
    network: str, graph: RoadGraph, folder: Path | None = None
) -> tuple[Sites, SitesReport]:
    """Read a file of built-in sites, which names the arcs that the sites lie on.

    Parameters
    ----------
    network : str
        ``"policy"`` or ``"extended"``.
    folder : pathlib.Path, optional
        Folder with ``sites_<network>.csv``, columns :data:`SITE_COLUMNS`; the built-in one by
        default.

    Returns
    -------
    Sites
        One attachment per site, a second one on the opposite arc where it serves both directions.
    SitesReport
        How many there are, and how far the official ones lie from the drawn roads.

    Raises
    ------
    InputDataError
        If the file is broken or names an arc that the graph does not have.
    """
    path = (folder or bundled_path(GERMANY)) / f"sites_{network}.csv"
    where = str(path)
    table = read_text_table(path)
    require_columns(table, SITE_COLUMNS, where)
    column = {
        name: numbers(table, name, where, unit)
        for name, unit in (
            ("lon", "degrees"),
            ("lat", "degrees"),
            ("offset_km", "km"),
            ("snap_km", "km"),
            ("off_road_km", "km"),
            ("parking_spaces", "spaces"),
            ("grid_connection_kw", "kW"),
        )
    }
    column["parking_spaces"] = np.nan_to_num(column["parking_spaces"], nan=-1.0)
    arc_idx, opposite_idx = _arcs_of(table, graph, where)
    length = graph.arc_length_km[arc_idx]
    outside = ~((column["offset_km"] >= 0.0) & (column["offset_km"] <= length))
    refuse_rows(
        table,
        outside,
        where,
        said("offset_km must lie within its arc ({rebuild})", rebuild=_REBUILD),
    )
    both = (table["direction"] == DIRECTION_BOTH).to_numpy()
    texts = table[["road", *REGISTER_COLUMNS]].fillna("")
    places = table[list(PLACE_COLUMNS)].assign(**column, **texts)
    sites = attach_sites(
        places, arc_idx, column["offset_km"], np.where(both, opposite_idx, -1), graph
    )
    official = (texts["origin"] == ORIGIN_OFFICIAL).to_numpy()
    snap_km = column["snap_km"][official]
    return sites, SitesReport(
        sites.n_sites,
        sites.n_attachments,
        snap_km_median=float(np.median(snap_km)) if snap_km.size else 0.0,
        snap_km_max=float(snap_km.max(initial=0.0)),
    )


def _arcs_of(
    table: pd.DataFrame, graph: RoadGraph, where: str
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Arc of each site and the arc in the opposite direction, -1 where there is none."""
    ends = zip(graph.node_id[graph.arc_from_idx], graph.node_id[graph.arc_to_idx], strict=True)
    arc_of = {pair: arc for arc, pair in enumerate(ends)}
    named = list(zip(table["arc_from"], table["arc_to"], strict=True))
    arc_idx = np.array([arc_of.get(pair, -1) for pair in named], dtype=np.int32)
    refuse_rows(
        table,
        arc_idx < 0,
        where,
        said("arc_from and arc_to must be an arc ({rebuild})", rebuild=_REBUILD),
    )
    opposite = np.array([arc_of.get((end, start), -1) for start, end in named], dtype=np.int32)
    return arc_idx, opposite
