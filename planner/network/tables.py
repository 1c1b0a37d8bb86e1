"""Road networks from a table of nodes and a table of arcs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.coordinates import reference_system, to_lon_lat
from planner.files.table_columns import numbers, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys
from planner.network.graph_tables import TENT_COLUMN, graph_from_tables
from planner.network.road_columns import END_NAMES, NODE_NAMES, ROAD_NAMES
from planner.network.road_lengths import check_lengths

if TYPE_CHECKING:
    from pathlib import Path

    from planner.network.graph import RoadGraph
    from planner.network.road_columns import RoadColumns

_KEYS = TableKeys("network")


def read_node_arc_tables(
    nodes_path: Path,
    arcs_path: Path,
    reading: RoadColumns,
    crs: str,
    nodes_keys: TableKeys = _KEYS,
    arcs_keys: TableKeys = _KEYS,
) -> RoadGraph:
    """Read a network from a table of nodes and a table of arcs.

    Parameters
    ----------
    nodes_path, arcs_path : pathlib.Path
        CSV, Excel or Parquet files with a row per node, and per arc or two-way road.
    crs : str
        System of the nodes' coordinates.
    nodes_keys, arcs_keys : TableKeys
        How the tables lie in their files.

    Returns
    -------
    RoadGraph
        Nodes in the order of their table; arcs in that of theirs, those against it last.

    Raises
    ------
    InputDataError
        If a table is broken, a needed column is missing, a node is named twice or missing, a value
        is out of its range, or positions and lengths do not fit each other or the system.
    """
    nodes_where, arcs_where = str(nodes_path), str(arcs_path)
    reading.check(NODE_NAMES | END_NAMES | ROAD_NAMES)
    table = read_table(arcs_path, arcs_keys)
    known, required = END_NAMES | ROAD_NAMES, ("from_node", "to_node", "length")
    roads = reading.chosen(table, known, required, arcs_where)
    along, against = reading.directions(roads, arcs_where)
    length_km = reading.lengths_km(roads, arcs_where)
    refuse_rows(roads, np.isnan(length_km), arcs_where, "every arc needs a length")
    arcs = pd.DataFrame(
        {
            "from_node_id": roads["from_node"],
            "to_node_id": roads["to_node"],
            "length_km": length_km,
            "free_speed_kmh": reading.speeds_kmh(roads, arcs_where),
            "road": roads["road"],
            TENT_COLUMN: roads[TENT_COLUMN],
        },
        index=roads.index,
    )
    back = arcs[against].rename(
        columns={"from_node_id": "to_node_id", "to_node_id": "from_node_id"}
    )
    graph = graph_from_tables(
        _node_table(nodes_path, nodes_keys, reading, crs),
        pd.concat([arcs[along], back]),
        nodes_where,
        arcs_where,
    )
    check_lengths(graph, arcs_where)
    return graph


def _node_table(path: Path, keys: TableKeys, reading: RoadColumns, crs: str) -> pd.DataFrame:
    where = str(path)
    nodes = reading.chosen(read_table(path, keys), NODE_NAMES, ("node_id", "x", "y"), where)
    x, y = (numbers(nodes, axis, where, "coordinate") for axis in ("x", "y"))
    refuse_rows(nodes, np.isnan(x) | np.isnan(y), where, "every node needs a position")
    lon, lat = to_lon_lat(x, y, reference_system(crs, where), where)
    return nodes[["node_id", "name"]].assign(lon=lon, lat=lat)
