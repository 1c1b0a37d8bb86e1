"""Transit: trips through the country from one border crossing to another, as a part of their own.

The built-in demand is of trips that begin or end in the country. What only passes through is laid
beside it, drawn from random streams of its own, so that no other trip changes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.demand.calibration import DAYS
from planner.demand.od_distances import pair_distances_km
from planner.demand.od_flows import OdFlows
from planner.errors import InputDataError
from planner.files.ranges import TRUCKS_PER_YEAR
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys
from planner.said import said
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from pathlib import Path

    from planner.demand.calibration import DemandCalibration
    from planner.demand.regions import FreightPlaces
    from planner.network.graph import RoadGraph
    from planner.scenario.demand_sources import FittedTo, Transit

_COLUMNS = {
    "origin": ("origin",),
    "destination": ("destination",),
    "trucks_per_working_day": ("trucks_per_working_day",),
}
_N_WORKING_DAYS = 5


def transit_flows(
    transit: Transit,
    graph: RoadGraph,
    places: FreightPlaces,
    calibration: DemandCalibration,
    fitted_to: FittedTo = "sample",
) -> OdFlows | None:
    """Weekly flows between the gateways of the built-in network; None where none are asked for.

    Parameters
    ----------
    transit : Transit
        Of the scenario's demand.
    places : FreightPlaces
        Its gateways say how far trips go on abroad.
    calibration : DemandCalibration
        Which part of a week's trips depart from Monday to Friday.
    fitted_to : str
        Which of the built-in tables: as computed, or weighed by counts.

    Raises
    ------
    InputDataError
        If the table is broken, names a node that is no gateway, or a pair without a way.
    """
    if transit.source == "none":
        return None
    if transit.source == "builtin":
        table = "transit_counts.csv" if fitted_to == "counts" else "transit.csv"
        path, keys = bundled_path(f"network/germany/{table}"), TableKeys()
    else:
        path, keys = transit.path, transit.table_keys("demand.transit")
    pairs = _read_pairs(path, keys, graph, places)
    origin, destination = pairs["origin_idx"].to_numpy(), pairs["destination_idx"].to_numpy()
    inside_km = pair_distances_km(graph, origin, destination)
    refuse_rows(pairs, np.isinf(inside_km), str(path), "there must be a way between its gateways")
    abroad_km = np.zeros(graph.n_nodes)
    abroad_km[places.node_idx] = places.abroad_median_km
    of_working_days = sum(calibration.day_share(day) for day in DAYS[:_N_WORKING_DAYS])
    per_week = pairs["trucks"].to_numpy() * _N_WORKING_DAYS / of_working_days
    return OdFlows(
        origin_node_idx=origin,
        destination_node_idx=destination,
        trips_per_week=per_week,
        inside_km=inside_km,
        abroad_before_median_km=abroad_km[origin],
        abroad_after_median_km=abroad_km[destination],
    )


def _read_pairs(
    path: Path, keys: TableKeys, graph: RoadGraph, places: FreightPlaces
) -> pd.DataFrame:
    """Rows of the table with origin_idx, destination_idx and trucks, sorted by both ends."""
    table = named_columns(read_table(path, keys), _COLUMNS, str(path), required=tuple(_COLUMNS))
    where = str(path)
    gateways = pd.Index(graph.node_id[places.node_idx[places.is_gateway]])
    trucks = numbers(table, "trucks_per_working_day", where, "trucks per working day")
    for end in ("origin", "destination"):
        unknown = ~table[end].isin(gateways).to_numpy()
        known = ", ".join(gateways[:3])
        expected = said(
            "{end} must be the node of a gateway, for example {known}", end=end, known=known
        )
        refuse_rows(table, unknown, where, expected)
    rules = {
        "trucks_per_working_day must be a number of trucks, 0 or more": ~(
            (trucks >= TRUCKS_PER_YEAR.low) & (trucks <= TRUCKS_PER_YEAR.high)
        ),
        "origin and destination must be two gateways": (
            table["origin"] == table["destination"]
        ).to_numpy(),
        "each pair of origin and destination once": table.duplicated(
            ["origin", "destination"]
        ).to_numpy(),
    }
    for rule, broken in rules.items():
        refuse_rows(table, broken, where, rule)
    if not trucks.sum() > 0.0:
        msg = said("{where}: expected trucks between gateways, found none", where=where)
        raise InputDataError(msg)
    node = pd.Index(graph.node_id)
    pairs = table.assign(
        origin_idx=node.get_indexer(pd.Index(table["origin"])).astype(np.int32),
        destination_idx=node.get_indexer(pd.Index(table["destination"])).astype(np.int32),
        trucks=trucks,
    )
    return pairs.sort_values(["origin_idx", "destination_idx"], kind="stable")
