"""Tables of single trips, CSV or Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from planner.demand.map_coordinates import degrees
from planner.demand.matsim_times import seconds_of
from planner.demand.surroundings import TripEnds
from planner.demand.trip_records import TripRecords
from planner.errors import InputDataError
from planner.files.bounds import PARQUET
from planner.files.coordinates import reference_system, refuse_swapped
from planner.files.csv_tables import read_text_table
from planner.files.input_files import open_input
from planner.files.ranges import DEPARTURE_H
from planner.files.table_columns import numbers, refuse_rows, require_columns
from planner.network.named_nodes import find_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

COLUMNS = (
    "origin",
    "destination",
    "origin_lon",
    "origin_lat",
    "destination_lon",
    "destination_lat",
    "departure_h",
    "trip_id",
    "soc_share",
    "vehicle_class",
    "is_loaded",
)
"""Columns that are understood; own names stand in ``demand.columns``."""
_YES_NO = {
    "1": 1, "true": 1, "yes": 1, "loaded": 1, "1.0": 1,
    "0": 0, "false": 0, "no": 0, "empty": 0, "unloaded": 0, "0.0": 0,
}  # fmt: skip


def read_trip_table(
    path: Path,
    columns: Mapping[str, str],
    crs: str,
    graph: RoadGraph,
    vehicle_classes: Sequence[str],
) -> TripRecords:
    """Read a table with a row per trip.

    Parameters
    ----------
    path : pathlib.Path
        CSV or Parquet file (by its first bytes).
    columns : mapping of str to str
        Column that holds one of :data:`COLUMNS`, where it has another name.
    crs : str
        Coordinate system of ends that are coordinates.
    graph : RoadGraph
        Road graph whose node ids the ends may name.
    vehicle_classes : sequence of str
        Names that ``vehicle_class`` may hold.

    Returns
    -------
    TripRecords
        Trips in the order of the table.

    Raises
    ------
    InputDataError
        If the file cannot be read, a column or value is missing or impossible, a node or vehicle
        class is not known, a trip_id is used twice, or longitude and latitude are swapped.

    Notes
    -----
    Departures are hours since Monday 00:00, a time of day ``HH:MM:SS`` (beyond 24 on later days),
    or a date and time (its day of the week counts).
    """
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown:
        msg = f"demand.columns: expected {', '.join(COLUMNS)}; found {', '.join(unknown)}"
        raise InputDataError(msg)
    raw = _read(path)
    named = {columns.get(name, name): name for name in COLUMNS}
    require_columns(raw, columns.values(), str(path), "demand.columns")
    table = raw[[name for name in raw.columns if name in named]].rename(columns=named)
    if "trip_id" in table:
        twice = table["trip_id"].duplicated(keep=False).to_numpy()
        refuse_rows(table, twice, str(path), "trip_id must be unique")
    ends = {end: _ends(path, table, end, crs, graph) for end in ("origin", "destination")}
    n_rows = len(table)
    return TripRecords(
        record_idx=np.arange(n_rows, dtype=np.int64),
        origin_lon=ends["origin"].lon,
        origin_lat=ends["origin"].lat,
        destination_lon=ends["destination"].lon,
        destination_lat=ends["destination"].lat,
        origin_node_idx=ends["origin"].node_idx,
        destination_node_idx=ends["destination"].node_idx,
        departure_h=_departures(path, table),
        is_loaded=_loads(path, table),
        initial_soc_share=_soc(path, table),
        vehicle_class_idx=_classes(path, table, vehicle_classes),
    )


def _read(path: Path) -> pd.DataFrame:
    """The table; cells of CSV are text, of Parquet what they are."""
    with open_input(path, PARQUET) as stream:
        is_parquet = stream.read(4) == b"PAR1"
    if not is_parquet:
        return read_text_table(path)
    try:
        table = pd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = f"{path}: the Parquet file cannot be read ({error}). Write it again."
        raise InputDataError(msg) from error
    if table.empty:
        msg = f"{path}: expected at least one trip, found none."
        raise InputDataError(msg)
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="trip")).astype(object)


def _ends(path: Path, table: pd.DataFrame, end: str, crs: str, graph: RoadGraph) -> TripEnds:
    where = str(path)
    if end in table:
        nodes = find_nodes(graph, table[end].astype("string"))
        hint = f"; {nodes.hint}" if nodes.hint else ""
        expected = f"{end} must be a node id of the road graph (such as {graph.node_id[0]!r}){hint}"
        refuse_rows(table, nodes.is_unknown, where, expected)
        return TripEnds(nodes.lon, nodes.lat, nodes.node_idx)
    pair = (f"{end}_lon", f"{end}_lat")
    if not any(name in table for name in pair):
        require_columns(table, (end,), f"{where} ({pair[0]} and {pair[1]} would do as well)")
    require_columns(table, pair, where)
    x, y = (numbers(table, name, where, "degrees or metres of demand.crs") for name in pair)
    refuse_rows(table, np.isnan(x) | np.isnan(y), where, f"{end} must be given")
    system = reference_system(crs, "demand.crs")
    if system.is_geographic:
        refuse_swapped(x, y, (graph.lon, graph.lat), f"{where} ({end})", "ends of trips")
    lon, lat = degrees(x, y, system, where)
    expected = f"{end} must lie on the globe in {crs}; check demand.crs"
    refuse_rows(table, np.isnan(lon), where, expected)
    return TripEnds(lon, lat, np.full(len(table), -1, dtype=np.int32))


def _departures(path: Path, table: pd.DataFrame) -> NDArray[np.float64]:
    require_columns(table, ("departure_h",), str(path))
    column = table["departure_h"]
    departure_h = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, copy=True)
    for row in np.flatnonzero(np.isnan(departure_h)):
        departure_h[row] = _hours_of(column.iloc[row])
    expected = (
        f"departure_h must be hours since Monday 00:00, HH:MM:SS or a date and time, {DEPARTURE_H}"
    )
    refuse_rows(table, ~DEPARTURE_H.holds(departure_h), str(path), expected)
    return departure_h


def _hours_of(cell: object) -> float:
    """Hours since Monday 00:00 of a time of day or a date and time; NaN where it is neither."""
    if isinstance(cell, str) and "-" not in cell:
        seconds = seconds_of(cell)
        return float("nan") if seconds is None else seconds / 3600.0
    moment = pd.to_datetime(str(cell), errors="coerce")
    if pd.isna(moment):
        return float("nan")
    midnight = moment.normalize()
    return float(moment.weekday() * 24 + (moment - midnight).total_seconds() / 3600.0)


def _loads(path: Path, table: pd.DataFrame) -> NDArray[np.int8]:
    if "is_loaded" not in table:
        return np.full(len(table), -1, dtype=np.int8)
    text = table["is_loaded"].astype("string").str.lower()
    said = text.map(_YES_NO)
    wrong = (said.isna() & text.notna()).to_numpy()
    refuse_rows(table, wrong, str(path), "is_loaded must be true, false, loaded, empty or nothing")
    return np.asarray(said.fillna(-1), dtype=np.int8)


def _soc(path: Path, table: pd.DataFrame) -> NDArray[np.float64]:
    if "soc_share" not in table:
        return np.full(len(table), np.nan)
    soc_share = numbers(table, "soc_share", str(path), "share of the battery")
    wrong = (soc_share < 0.0) | (soc_share > 1.0)
    refuse_rows(table, wrong, str(path), "soc_share must be 0 to 1 (0.8 for 80 %) or nothing")
    return soc_share


def _classes(path: Path, table: pd.DataFrame, vehicle_classes: Sequence[str]) -> NDArray[np.int16]:
    if "vehicle_class" not in table:
        return np.full(len(table), -1, dtype=np.int16)
    names = table["vehicle_class"]
    found = pd.Index(vehicle_classes).get_indexer(pd.Index(names.astype("string")))
    wrong = (found < 0) & names.notna().to_numpy()
    expected = f"vehicle_class must be in vehicles.mix ({', '.join(vehicle_classes)}) or nothing"
    refuse_rows(table, wrong, str(path), expected)
    return found.astype(np.int16)
