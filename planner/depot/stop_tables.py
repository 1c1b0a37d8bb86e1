"""Stops of a depot's day and the ways between them, from tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.coordinates import refuse_swapped
from planner.files.ranges import LAT_DEG, LON_DEG
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import reading_of
from planner.said import AsWritten, said
from planner.scenario.depot_model import Matrices, Stops, StraightWays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.scenario.table_sections import FurtherTable

_KG_PER_LB = 0.45359237
_EARTH_KM = 6371.0088
_NEEDED = ("id", "type", "load", "service_min", "open_min", "close_min")
_NUMBERS = {
    "load": "a weight",
    "service_min": "minutes",
    "open_min": "minutes from the depot's opening",
    "close_min": "minutes from the depot's opening",
}
_COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in _NEEDED},
    "priority": ("priority",),
    "leave_cost": ("leave_cost",),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "elevation_m": ("elevation_m",),
}
_TYPES = {"delivery": True, "linehaul": True, "pickup": False, "backhaul": False}


@dataclass(frozen=True, slots=True)
class StopTable:
    """Stops as they are given.

    Parameters
    ----------
    ids : tuple of str
        Names, unique.
    delivery_kg, pickup_kg : (n_stops,) float64
        Loads.
    service_min, open_min, close_min : (n_stops,) float64
        Time at the stop, and when it may begin, minutes from the depot's opening.
    priority, leave_cost : (n_stops,) float64
        Weight when not all can be served; cost of not serving, infinite where it must be.
    latitude, longitude : (n_stops,) float64
        Degrees; NaN where not given.
    """

    ids: tuple[str, ...]
    delivery_kg: NDArray[np.float64]
    pickup_kg: NDArray[np.float64]
    service_min: NDArray[np.float64]
    open_min: NDArray[np.float64]
    close_min: NDArray[np.float64]
    priority: NDArray[np.float64]
    leave_cost: NDArray[np.float64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways between the depot, place 0, and the stops, from 1.

    Parameters
    ----------
    distance_m, time_s : (n_places, n_places) float64
        Length and driving time.
    slope : (n_places, n_places) float64 or None
        Mean rise, m per m; None where elevations are not known.
    """

    distance_m: NDArray[np.float64]
    time_s: NDArray[np.float64]
    slope: NDArray[np.float64] | None


def read_stops(section: Stops) -> tuple[StopTable, Ways]:
    """Read stops and the ways between them.

    Raises
    ------
    InputDataError
        With the file and row where something is missing, negative or contradictory.
    """
    table = read_table(section.path, section.table_keys("depot.stops"))
    where = str(section.path)
    table = named_columns(table, _COLUMNS, where, required=_NEEDED)
    stops = _stop_table(section, table, where)
    if isinstance(section.ways, Matrices):
        return stops, _matrix_ways(section.ways, stops.ids)
    return stops, _straight_ways(section.ways, stops, table, where)


def _stop_table(section: Stops, table: pd.DataFrame, where: str) -> StopTable:
    values = {column: _column(table, column, where, unit) for column, unit in _NUMBERS.items()}
    for column in ("load", "service_min"):
        rule = said("{column} must be 0 or more", column=AsWritten(column))
        refuse_rows(table, values[column] < 0.0, where, rule, column)
    early = values["close_min"] < values["open_min"]
    refuse_rows(
        table, early, where, "a stop must not close before it opens (open_min)", "close_min"
    )
    refuse_rows(table, table["id"].isna().to_numpy(), where, "every stop needs an id, found none")
    twice = table["id"].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, where, "ids must be unique", "id")
    is_delivery = table["type"].str.lower().map(_TYPES)
    odd = is_delivery.isna().to_numpy()
    refuse_rows(table, odd, where, "type must be delivery or pickup", "type")
    delivers = is_delivery.to_numpy(dtype=bool)
    load_kg = values["load"] * (_KG_PER_LB if section.load_unit == "lb" else 1.0)
    return StopTable(
        ids=tuple(table["id"]),
        delivery_kg=np.where(delivers, load_kg, 0.0),
        pickup_kg=np.where(delivers, 0.0, load_kg),
        service_min=values["service_min"],
        open_min=values["open_min"],
        close_min=values["close_min"],
        priority=_column(table, "priority", where, "weight", 1.0),
        leave_cost=_column(table, "leave_cost", where, "cost", np.inf),
        latitude=_column(table, "latitude", where, "degrees", np.nan),
        longitude=_column(table, "longitude", where, "degrees", np.nan),
    )


def _column(
    table: pd.DataFrame, column: str, where: str, unit: str, default: float | None = None
) -> NDArray[np.float64]:
    """Numbers of a column; a default stands where the column or a value is missing."""
    if column not in table.columns and default is not None:
        return np.full(len(table), default, dtype=float)
    values = numbers(table, column, where, unit)
    if default is not None:
        return np.where(np.isnan(values), default, values)
    rule = said("{column} must be given ({unit})", column=AsWritten(column), unit=unit)
    refuse_rows(table, np.isnan(values), where, rule, column)
    return values


def _matrix_ways(section: Matrices, ids: tuple[str, ...]) -> Ways:
    names = [section.depot, *(f"{section.stop_prefix}{name}" for name in ids)]
    return Ways(
        _matrix(section.distance_m, "distance_m", names, "m"),
        _matrix(section.time_s, "time_s", names, "s"),
        None,
    )


def _matrix(file: FurtherTable, key: str, names: list[str], unit: str) -> NDArray[np.float64]:
    """The part of a matrix that belongs to some places, (n_names, n_names)."""
    where = str(file.path)
    keys = file.table_keys(f"depot.stops.ways.{key}")
    table = read_table(file.path, keys, blank_corner=True)
    rows = pd.Index(table.iloc[:, 0])
    for axis, known in (("row", rows), ("column", table.columns[1:])):
        missing = [name for name in names if name not in known]
        if missing:
            msg = said(
                "{where}: has no {axis} for {name}; expected the depot and all stops, as "
                "stops.ways names them (depot, stop_prefix).{hint}",
                where=where,
                axis=axis,
                name=AsWritten(missing[0]),
                hint=reading_of(table).hint(),
            )
            raise InputDataError(msg)
    twice = rows.isin(names) & rows.duplicated(keep=False)
    refuse_rows(table, twice, where, "every place must have one row")
    chosen = table.iloc[[rows.get_loc(name) for name in names]]
    values = np.column_stack(
        [
            numbers(
                chosen,
                name,
                where,
                said("{unit}, in column {name}", unit=unit, name=AsWritten(name)),
            )
            for name in names
        ]
    )
    for column, name in enumerate(names):
        wrong = ~(values[:, column] >= 0.0)
        rule = said(
            "column {name} must be 0 or more {unit}", name=AsWritten(name), unit=AsWritten(unit)
        )
        refuse_rows(chosen, wrong, where, rule, name)
    return values


def _straight_ways(
    section: StraightWays, stops: StopTable, table: pd.DataFrame, where: str
) -> Ways:
    unknown = np.isnan(stops.latitude + stops.longitude)
    needed = "columns latitude and longitude are needed where ways come from coordinates"
    refuse_rows(table, unknown, where, needed)
    near = (section.longitude, section.latitude)
    refuse_swapped(stops.longitude, stops.latitude, near, where, "stops")
    for name, possible in (("latitude", LAT_DEG), ("longitude", LON_DEG)):
        possible.check(table, name, getattr(stops, name), where)
    latitude = np.radians(np.append(section.latitude, stops.latitude))
    longitude = np.radians(np.append(section.longitude, stops.longitude))
    half = (
        np.sin((latitude[:, None] - latitude[None, :]) / 2.0) ** 2
        + np.cos(latitude)[:, None]
        * np.cos(latitude)[None, :]
        * np.sin((longitude[:, None] - longitude[None, :]) / 2.0) ** 2
    )
    straight_km = 2.0 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    km = section.detour_factor * straight_km
    slope = None
    if section.elevation_m is not None and "elevation_m" in table.columns:
        of_stops = _column(table, "elevation_m", where, "m")
        elevation_m = np.append(section.elevation_m, of_stops)
        rise = elevation_m[None, :] - elevation_m[:, None]
        slope = np.divide(rise, 1000.0 * km, out=np.zeros_like(km), where=km > 0.0)
    return Ways(1000.0 * km, 3600.0 * km / section.mean_speed_kmh, slope)
