"""OD tables in trucks per year, as in the European synthetic truck-flow data set (ETISplus)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.od_distances import pair_distances_km
from planner.demand.od_flows import OdFlows
from planner.errors import InputDataError
from planner.network.csv_tables import numbers, read_text_table, require_columns, rows_where

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

USUAL_COLUMNS = {
    "origin": ("origin",),
    "destination": ("destination",),
    "trucks_per_year": ("trucks_per_year", "volume"),
}
"""What a table needs, and the column names that are understood without being told."""

N_EXAMPLES = 10
"""Faulty values that a message shows."""


def read_od_table(
    path: Path,
    columns: Mapping[str, str],
    graph: RoadGraph,
    weeks_per_year: float,
    min_distance_km: float,
) -> tuple[OdFlows, tuple[str, ...]]:
    """Read an OD table in trucks per year.

    Parameters
    ----------
    path : pathlib.Path
        CSV file with a row per OD pair; origin and destination are node ids of the graph.
    columns : mapping of str to str
        Column that holds ``origin``, ``destination`` or ``trucks_per_year``, where it has another
        name than the usual one (:data:`USUAL_COLUMNS`).
    graph : RoadGraph
        The road graph the nodes belong to.
    weeks_per_year : float
        Weeks over which a year's trucks are spread.
    min_distance_km : float
        Shortest distance on the road graph that counts, km.

    Returns
    -------
    flows : OdFlows
        Flows of at least the minimum distance, sorted by origin and destination.
    notices : tuple of str
        What was summed or left out, with numbers; a sentence each.

    Raises
    ------
    InputDataError
        If the file cannot be read, a column or value is missing, a node is unknown, a number is
        negative, or nothing is left.

    Notes
    -----
    One truck is one trip in the direction of its row. Where flows that cross a border are clipped
    at a node inside the country, as in ETISplus, the table cannot tell what was driven abroad: the
    trip is taken to begin or end at that node.
    """
    table = _read_columns(path, columns)
    volume = _checked_volumes(path, table)
    origin_idx, destination_idx = _checked_nodes(path, table, graph)
    notices: list[str] = []
    origin_idx, destination_idx, volume = _summed_pairs(
        path, graph.n_nodes, origin_idx, destination_idx, volume, notices
    )
    inside_km = pair_distances_km(graph, origin_idx, destination_idx)
    kept = _kept_pairs(path, inside_km, volume, min_distance_km, notices)
    if not kept.any():
        msg = (
            f"{path}: no flow of {min_distance_km:g} km or more is left; "
            f"lower demand.min_distance_km or check the table. {' '.join(notices)}"
        )
        raise InputDataError(msg)
    inland = np.zeros(int(kept.sum()))
    flows = OdFlows(
        origin_node_idx=origin_idx[kept],
        destination_node_idx=destination_idx[kept],
        trips_per_week=volume[kept] / weeks_per_year,
        inside_km=inside_km[kept],
        abroad_before_median_km=inland,
        abroad_after_median_km=inland,
    )
    return flows, tuple(notices)


def _read_columns(path: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    """The table's three columns as text, under the names of :data:`USUAL_COLUMNS`."""
    unknown = sorted(set(columns) - set(USUAL_COLUMNS))
    if unknown:
        msg = f"demand.columns: expected {', '.join(USUAL_COLUMNS)}; found {', '.join(unknown)}"
        raise InputDataError(msg)
    table = read_text_table(path)
    chosen = {}
    for name, usual in USUAL_COLUMNS.items():
        candidates = (columns[name],) if name in columns else usual
        chosen[name] = next((one for one in candidates if one in table.columns), candidates[0])
    require_columns(table, chosen.values(), f"{path} (demand.columns names other columns)")
    return pd.DataFrame({name: table[column] for name, column in chosen.items()})


def _checked_volumes(path: Path, table: pd.DataFrame) -> NDArray[np.float64]:
    volume = numbers(table, "trucks_per_year", str(path), "trucks per year")
    broken = ~(volume >= 0.0)
    if broken.any():
        examples = ", ".join(repr(found) for found in table["trucks_per_year"][broken][:N_EXAMPLES])
        msg = (
            f"{path}: expected trucks per year of 0 or more, found {examples} in "
            f"{rows_where(table, broken)}; correct or delete these rows"
        )
        raise InputDataError(msg)
    return volume


def _checked_nodes(
    path: Path, table: pd.DataFrame, graph: RoadGraph
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    nodes = pd.Index(graph.node_id)
    ends = {name: nodes.get_indexer(pd.Index(table[name])) for name in ("origin", "destination")}
    is_unknown = (ends["origin"] < 0) | (ends["destination"] < 0)
    if is_unknown.any():
        names = set(table["origin"][ends["origin"] < 0].fillna(""))
        names |= set(table["destination"][ends["destination"] < 0].fillna(""))
        listed = ", ".join(repr(name) for name in sorted(names)[:N_EXAMPLES])
        more = "" if len(names) <= N_EXAMPLES else ", ..."
        msg = (
            f"{path}: expected node ids of the road graph (such as {graph.node_id[0]!r}); "
            f"{len(names)} unknown ids in {int(is_unknown.sum())} of {len(table)} rows: "
            f"{listed}{more}; use the table that belongs to the network, or delete these rows"
        )
        raise InputDataError(msg)
    return ends["origin"].astype(np.int32), ends["destination"].astype(np.int32)


def _summed_pairs(
    path: Path,
    n_nodes: int,
    origin_idx: NDArray[np.int32],
    destination_idx: NDArray[np.int32],
    volume: NDArray[np.float64],
    notices: list[str],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Sum repeated pairs and drop empty ones; sorted by origin and destination."""
    pair = origin_idx.astype(np.int64) * n_nodes + destination_idx
    pairs, position = np.unique(pair, return_inverse=True)
    summed: NDArray[np.float64] = np.bincount(position, weights=volume).astype(np.float64)
    if len(pairs) < len(pair):
        repeated = len(pair) - len(pairs)
        notices.append(f"{path.name}: {repeated} rows repeat an OD pair; their trucks were summed.")
    driven = summed > 0.0
    origin, destination = np.divmod(pairs[driven], n_nodes)
    return origin.astype(np.int32), destination.astype(np.int32), summed[driven]


def _kept_pairs(
    path: Path,
    inside_km: NDArray[np.float64],
    volume: NDArray[np.float64],
    min_distance_km: float,
    notices: list[str],
) -> NDArray[np.bool_]:
    """Mask of the pairs that become trips; every pair left out is counted in a notice."""
    same_node = inside_km == 0.0
    unreachable = np.isinf(inside_km)
    too_short = (inside_km < min_distance_km) & ~same_node
    for left_out, reason in (
        (same_node, "begin and end at the same node"),
        (unreachable, "have no way between their nodes"),
        (too_short, f"are shorter than {min_distance_km:g} km"),
    ):
        if left_out.any():
            notices.append(
                f"{path.name}: {int(left_out.sum())} OD pairs with {volume[left_out].sum():,.0f} "
                f"trucks a year {reason} and were left out."
            )
    kept: NDArray[np.bool_] = ~(same_node | unreachable | too_short)
    return kept
