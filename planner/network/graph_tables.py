"""From tables of nodes and arcs to a checked :class:`RoadGraph`; every reader ends here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.ranges import ARC_KM, FREE_SPEED_KMH, LAT_DEG, LON_DEG, Range
from planner.files.row_names import row_list
from planner.files.table_columns import numbers, refuse_rows, require_columns, rows_where
from planner.network.graph import RoadGraph
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODE_COLUMNS = ("node_id", "name", "lon", "lat")
ARC_COLUMNS = ("from_node_id", "to_node_id", "length_km", "free_speed_kmh", "road")
TENT_COLUMN = "tent_class"
"""Column of arcs that may be there: whether a road belongs to the TEN-T, and to which part."""
TENT_CORE, TENT_COMPREHENSIVE = TENT_CLASSES = ("core", "comprehensive")


def graph_from_tables(
    nodes: pd.DataFrame, arcs: pd.DataFrame, nodes_where: str, arcs_where: str
) -> RoadGraph:
    """Build a road graph from text tables and check every value.

    Parameters
    ----------
    nodes : pandas.DataFrame
        A row per node, columns as :data:`NODE_COLUMNS`; lon and lat in degrees.
    arcs : pandas.DataFrame
        A row per directed arc, columns as :data:`ARC_COLUMNS`; length in km, speed in km/h. It may
        have :data:`TENT_COLUMN` besides.
    nodes_where, arcs_where : str
        Files the tables come from, for messages. The tables' indices name rows in them.

    Returns
    -------
    RoadGraph
        Nodes and arcs in the order of the tables, without geometry.

    Raises
    ------
    InputDataError
        If a column or value is missing, a node is named twice, an arc's end is no node, a
        coordinate is not on the globe, or a length or speed is impossible.
    """
    require_columns(nodes, NODE_COLUMNS, nodes_where)
    require_columns(arcs, ARC_COLUMNS, arcs_where)
    node_id = _text(nodes, "node_id", nodes_where)
    refuse_rows(
        nodes,
        pd.Series(node_id).duplicated(keep=False).to_numpy(),
        nodes_where,
        "node_id must be unique",
    )
    position = {name: idx for idx, name in enumerate(node_id)}
    ends = []
    for column in ("from_node_id", "to_node_id"):
        names = _text(arcs, column, arcs_where)
        idx = np.array([position.get(name, -1) for name in names], dtype=np.int32)
        if (idx < 0).any():
            unknown = row_list(dict.fromkeys(names[idx < 0]), kind="node")
            msg = said(
                "{arcs_where}: {column} names {nodes} not in {nodes_where}, in {rows}. Add the "
                "node or remove the arc.",
                arcs_where=arcs_where,
                column=AsWritten(column),
                nodes=unknown,
                nodes_where=nodes_where,
                rows=rows_where(arcs, idx < 0),
            )
            raise InputDataError(msg)
        ends.append(idx)
    return RoadGraph(
        node_id=node_id,
        node_name=nodes["name"].fillna(nodes["node_id"]).to_numpy(dtype=object),
        lon=_in_range(nodes, "lon", LON_DEG, nodes_where),
        lat=_in_range(nodes, "lat", LAT_DEG, nodes_where),
        arc_from_idx=ends[0],
        arc_to_idx=ends[1],
        arc_length_km=_in_range(arcs, "length_km", ARC_KM, arcs_where),
        arc_free_speed_kmh=_in_range(arcs, "free_speed_kmh", FREE_SPEED_KMH, arcs_where),
        arc_road=arcs["road"].fillna("").to_numpy(dtype=object),
        arc_tent_class=_tent_class(arcs, arcs_where),
    )


def _tent_class(arcs: pd.DataFrame, where: str) -> NDArray[np.object_] | None:
    if TENT_COLUMN not in arcs or arcs[TENT_COLUMN].isna().all():
        return None
    classes = arcs[TENT_COLUMN].fillna("").str.strip().str.lower()
    wrong = ~classes.isin(("", *TENT_CLASSES)).to_numpy()
    refuse_rows(
        arcs,
        wrong,
        where,
        said("{column} must be {classes} or empty", column=TENT_COLUMN, classes=list(TENT_CLASSES)),
    )
    return classes.to_numpy(dtype=object)


def _text(table: pd.DataFrame, column: str, where: str) -> NDArray[np.object_]:
    refuse_rows(
        table,
        table[column].isna().to_numpy(),
        where,
        said("{column} must not be empty", column=AsWritten(column)),
    )
    return table[column].to_numpy(dtype=object)


def _in_range(table: pd.DataFrame, column: str, possible: Range, where: str) -> NDArray[np.float64]:
    values = numbers(table, column, where, possible.unit)
    possible.check(table, column, values, where)
    return values
