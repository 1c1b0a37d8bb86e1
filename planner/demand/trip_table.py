"""Tables of single trips, CSV or Parquet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from planner.demand.map_coordinates import degrees
from planner.demand.matsim_times import seconds_of
from planner.demand.surroundings import TripEnds
from planner.demand.trip_records import TripRecords
from planner.errors import InputDataError
from planner.files.coordinates import reference_system, refuse_swapped
from planner.files.ranges import DEPARTURE_H
from planner.files.reading_notes import note
from planner.files.table_columns import (
    named_columns,
    numbers,
    plain_numbers,
    refuse_rows,
    require_columns,
)
from planner.files.table_files import read_table
from planner.files.table_times import column_times
from planner.network.named_nodes import find_nodes
from planner.said import said, set_off

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.files.table_keys import TableKeys
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
_TIME_OF_DAY = r"[0-9]{1,3}:[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
_HOURS = r"[+-]?([0-9]{1,9}\.?[0-9]{0,20}|\.[0-9]{1,20})([eE][+-]?[0-9]{1,3})?"
_SIGN_OF_DATE = r"[0-9][-/.][0-9]|[A-Za-z]{3}.* [0-9]{4}"
_YES_NO = {
    "1": 1, "true": 1, "yes": 1, "loaded": 1, "1.0": 1,
    "0": 0, "false": 0, "no": 0, "empty": 0, "unloaded": 0, "0.0": 0,
}  # fmt: skip


def read_trip_table(
    path: Path,
    keys: TableKeys,
    crs: str,
    graph: RoadGraph,
    vehicle_classes: Sequence[str],
    time_zone: str | None = None,
) -> TripRecords:
    """Read a table with a row per trip.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel or Parquet file.
    keys : TableKeys
        How the table lies in it; its columns are those of :data:`COLUMNS`.
    crs : str
        Coordinate system of ends that are coordinates.
    graph : RoadGraph
        Road graph whose node ids the ends may name.
    vehicle_classes : sequence of str
        Names that ``vehicle_class`` may hold.
    time_zone : str, optional
        Zone whose clocks departures are counted by, where the table says UTC or an offset.

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
    or a date and time (its day of the week counts). One that says its offset from UTC counts by
    the clock as written, unless ``time_zone`` names the clock.
    """
    known = {name: (name,) for name in COLUMNS}
    table = named_columns(read_table(path, keys), known, str(path))
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
        departure_h=_departures(path, table, time_zone),
        is_loaded=_loads(path, table),
        initial_soc_share=_soc(path, table),
        vehicle_class_idx=_classes(path, table, vehicle_classes),
    )


def _ends(path: Path, table: pd.DataFrame, end: str, crs: str, graph: RoadGraph) -> TripEnds:
    where = str(path)
    if end in table:
        nodes = find_nodes(graph, table[end].astype("string"))
        expected = said(
            "{end} must be a node id of the road graph (such as {node}){hint}",
            end=end,
            node=repr(graph.node_id[0]),
            hint=set_off(nodes.hint, "; "),
        )
        refuse_rows(table, nodes.is_unknown, where, expected)
        return TripEnds(nodes.lon, nodes.lat, nodes.node_idx)
    pair = (f"{end}_lon", f"{end}_lat")
    if not any(name in table for name in pair):
        require_columns(
            table,
            (end,),
            said(
                "{where} ({lon} and {lat} would do as well)", where=where, lon=pair[0], lat=pair[1]
            ),
        )
    require_columns(table, pair, where)
    x, y = (numbers(table, name, where, "degrees or metres of demand.crs") for name in pair)
    refuse_rows(table, np.isnan(x) | np.isnan(y), where, said("{end} must be given", end=end))
    system = reference_system(crs, "demand.crs")
    if system.is_geographic:
        refuse_swapped(x, y, (graph.lon, graph.lat), f"{where} ({end})", "ends of trips")
    lon, lat = degrees(x, y, system, where)
    expected = said("{end} must lie on the globe in {crs}; check demand.crs", end=end, crs=crs)
    refuse_rows(table, np.isnan(lon), where, expected)
    return TripEnds(lon, lat, np.full(len(table), -1, dtype=np.int32))


def _departures(path: Path, table: pd.DataFrame, time_zone: str | None) -> NDArray[np.float64]:
    """Hours since Monday 00:00."""
    where = str(path)
    require_columns(table, ("departure_h",), where, "demand.columns")
    text = plain_numbers(table, "departure_h", where).fillna("")
    is_time = text.str.fullmatch(_TIME_OF_DAY).to_numpy(dtype=bool)
    is_number = ~is_time & text.str.fullmatch(_HOURS).to_numpy(dtype=bool)
    is_date = ~(is_time | is_number) & text.str.contains(_SIGN_OF_DATE).to_numpy(dtype=bool)
    hours = np.full(len(table), np.nan)
    hours[is_time] = [(seconds_of(cell) or 0.0) / 3600.0 for cell in text[is_time]]
    hours[is_number] = text[is_number].astype(float)
    if is_date.any():
        hours[is_date] = _hours_of_week(table[is_date], time_zone, where)
    wrong = ~DEPARTURE_H.holds(hours)
    expected = said(
        "departure_h must be hours since Monday 00:00, HH:MM:SS or a date and time, {possible}",
        possible=DEPARTURE_H.in_words(),
    )
    refuse_rows(table, wrong, where, expected, "departure_h")
    return hours


def _hours_of_week(table: pd.DataFrame, time_zone: str | None, where: str) -> list[float]:
    """Hours since Monday 00:00 by the clocks of the country, of dates with times."""
    times = column_times(table, "departure_h", where)
    offsets = {time.utcoffset() for time in times}
    if time_zone is not None:
        zone = ZoneInfo(time_zone)
        times = [time if time.tzinfo is None else time.astimezone(zone) for time in times]
    elif dt.timedelta(0) in offsets:
        msg = said(
            "{where}: departure_h is in UTC, while trips depart by the clocks of the "
            "country. Name them as demand.time_zone, for example Europe/Berlin, or write "
            "local times.",
            where=where,
        )
        raise InputDataError(msg)
    elif offsets != {None}:
        told = "departure_h counted by the clock as written, whatever its offset"
        note(where, said(told))
    return [
        time.weekday() * 24.0
        + time.hour
        + time.minute / 60.0
        + (time.second + time.microsecond / 1e6) / 3600.0
        for time in times
    ]


def _loads(path: Path, table: pd.DataFrame) -> NDArray[np.int8]:
    if "is_loaded" not in table:
        return np.full(len(table), -1, dtype=np.int8)
    text = table["is_loaded"].astype("string").str.lower()
    loaded = text.map(_YES_NO)
    wrong = (loaded.isna() & text.notna()).to_numpy()
    refuse_rows(table, wrong, str(path), "is_loaded must be true, false, loaded, empty or nothing")
    return np.asarray(loaded.fillna(-1), dtype=np.int8)


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
    expected = said(
        "vehicle_class must be in vehicles.mix ({classes}) or nothing",
        classes=list(vehicle_classes),
    )
    refuse_rows(table, wrong, str(path), expected)
    return found.astype(np.int16)
