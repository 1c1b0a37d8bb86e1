"""Stops of a depot's day and the ways between them, from tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.depot.year_tables import read_table
from planner.errors import InputDataError
from planner.files.coordinates import refuse_swapped
from planner.files.ranges import LAT_DEG, LON_DEG
from planner.scenario.depot_model import Matrices, Stops, StraightWays

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_KG_PER_LB = 0.45359237
_EARTH_KM = 6371.0088
_NEEDED = ("id", "type", "load", "service_min", "open_min", "close_min")
_NUMBERS = ("load", "service_min", "open_min", "close_min")
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
    table = read_table(section.path)
    renamed = {theirs: ours for ours, theirs in section.columns.items()}
    table = table.rename(columns=renamed)
    missing = [column for column in _NEEDED if column not in table.columns]
    if missing:
        msg = (
            f"{section.path}: the columns {', '.join(missing)} are missing; it has "
            f"{', '.join(map(str, table.columns))} (stops.columns says what they are called)"
        )
        raise InputDataError(msg)
    if table.empty:
        msg = f"{section.path}: has no rows; expected at least one stop"
        raise InputDataError(msg)
    stops = _stop_table(section, table)
    if isinstance(section.ways, Matrices):
        return stops, _matrix_ways(section.ways, stops.ids)
    return stops, _straight_ways(section.path, section.ways, stops, table)


def _stop_table(section: Stops, table: pd.DataFrame) -> StopTable:
    path = section.path
    values = {column: _column(path, table, column) for column in _NUMBERS}
    for column in ("load", "service_min"):
        wrong = np.flatnonzero(values[column] < 0.0)
        if len(wrong):
            msg = (
                f"{path}, row {wrong[0] + 2}, column {column}: expected 0 or more, found "
                f"{values[column][wrong[0]]:g}"
            )
            raise InputDataError(msg)
    wrong = np.flatnonzero(values["close_min"] < values["open_min"])
    if len(wrong):
        row = int(wrong[0])
        msg = (
            f"{path}, row {row + 2}: the stop closes at minute {values['close_min'][row]:g}, "
            f"before it opens at {values['open_min'][row]:g}; expected open_min <= close_min"
        )
        raise InputDataError(msg)
    kinds = [str(kind).strip().lower() for kind in table["type"]]
    for row, kind in enumerate(kinds):
        if kind not in _TYPES:
            msg = f"{path}, row {row + 2}, column type: expected delivery or pickup, found {kind!r}"
            raise InputDataError(msg)
    ids = tuple(str(name) for name in table["id"])
    repeated = [row for row, name in enumerate(ids) if name in ids[:row]]
    if repeated:
        msg = f"{path}, row {repeated[0] + 2}, column id: {ids[repeated[0]]} stands here twice"
        raise InputDataError(msg)
    is_delivery = np.array([_TYPES[kind] for kind in kinds])
    load_kg = values["load"] * (_KG_PER_LB if section.load_unit == "lb" else 1.0)
    return StopTable(
        ids=ids,
        delivery_kg=np.where(is_delivery, load_kg, 0.0),
        pickup_kg=np.where(is_delivery, 0.0, load_kg),
        service_min=values["service_min"],
        open_min=values["open_min"],
        close_min=values["close_min"],
        priority=_column(path, table, "priority", 1.0),
        leave_cost=_column(path, table, "leave_cost", np.inf),
        latitude=_column(path, table, "latitude", np.nan),
        longitude=_column(path, table, "longitude", np.nan),
    )


def _column(
    path: Path, table: pd.DataFrame, column: str, default: float | None = None
) -> NDArray[np.float64]:
    """Numbers of a column; a default stands where the column or a value is missing."""
    if column not in table.columns:
        return np.full(len(table), default, dtype=float)
    given = table[column]
    numbers = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float)
    is_empty = given.isna().to_numpy()
    wrong = np.flatnonzero(~np.isfinite(numbers) & ~(is_empty & (default is not None)))
    if len(wrong):
        msg = (
            f"{path}, row {wrong[0] + 2}, column {column}: expected a number, found "
            f"{given.tolist()[wrong[0]]!r}"
        )
        raise InputDataError(msg)
    return numbers if default is None else np.where(is_empty, default, numbers)


def _matrix_ways(section: Matrices, ids: tuple[str, ...]) -> Ways:
    names = [section.depot, *(f"{section.stop_prefix}{name}" for name in ids)]
    return Ways(_matrix(section.distance_m, names), _matrix(section.time_s, names), None)


def _matrix(path: Path, names: list[str]) -> NDArray[np.float64]:
    try:
        table = pd.read_csv(path, index_col=0, encoding="utf-8-sig")
    except (OSError, ValueError, pd.errors.ParserError) as error:
        msg = f"{path}: not readable as a CSV table ({error})"
        raise InputDataError(msg) from error
    table.index = table.index.map(str)
    table.columns = table.columns.map(str)
    for axis, known in (("row", table.index), ("column", table.columns)):
        missing = [name for name in names if name not in known]
        if missing:
            msg = (
                f"{path}: has no {axis} for {missing[0]}; expected the depot and all stops, as "
                "stops.ways names them (depot, stop_prefix)"
            )
            raise InputDataError(msg)
    chosen = table.loc[names, names].apply(pd.to_numeric, errors="coerce")
    return np.asarray(chosen.to_numpy(dtype=float))


def _straight_ways(
    path: Path, section: StraightWays, stops: StopTable, table: pd.DataFrame
) -> Ways:
    latitude = np.radians(np.append(section.latitude, stops.latitude))
    longitude = np.radians(np.append(section.longitude, stops.longitude))
    wrong = np.flatnonzero(np.isnan(latitude + longitude))
    if len(wrong):
        msg = (
            f"{path}, row {wrong[0] + 1}: columns latitude and longitude are needed where ways "
            "come from coordinates"
        )
        raise InputDataError(msg)
    near = (section.longitude, section.latitude)
    refuse_swapped(stops.longitude, stops.latitude, near, str(path), "stops")
    for name, possible in (("latitude", LAT_DEG), ("longitude", LON_DEG)):
        possible.check(table, name, getattr(stops, name), str(path))
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
        elevation_m = np.append(section.elevation_m, _column(path, table, "elevation_m"))
        rise = elevation_m[None, :] - elevation_m[:, None]
        slope = np.divide(rise, 1000.0 * km, out=np.zeros_like(km), where=km > 0.0)
    return Ways(1000.0 * km, 3600.0 * km / section.mean_speed_kmh, slope)
