"""Traffic counting stations: a table of them, and the roads that they count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.ranges import LAT_DEG, LON_DEG, NOT_NEGATIVE
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.network.sites import DIRECTION_BOTH
from planner.network.snapping import normalised_road, snap_places
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

MAX_DISTANCE_KM = 3.0
"""Farthest that a station may lie from its road as it is drawn; a schematic network is coarse."""
NOT_IN_NETWORK, TOO_FAR, NO_COUNT = (
    "its road is not in the network",
    "too far from its road as the network draws it",
    "without a count",
)
REASONS = (NOT_IN_NETWORK, TOO_FAR, NO_COUNT)
"""Why a station is not compared."""
_COUNT = "heavy_vehicles_per_working_day"
_USUAL_NAMES = {
    "station_id": ("station_id", "id"),
    "name": ("name",),
    "motorway": ("motorway", "road", "ref"),
    "lon": ("lon", "longitude", "lng", "x"),
    "lat": ("lat", "latitude", "y"),
    _COUNT: (_COUNT, "counted_per_day"),
}


@dataclass(frozen=True, slots=True)
class MatchedStations:
    """Where counting stations lie on a network.

    Parameters
    ----------
    stations : DataFrame
        Those on a road: as :func:`read_stations`, with ``distance_km``.
    arc_idx, opposite_arc_idx : (n_stations,) int32
        Both carriageways of each; -1 where there is none in the other direction.
    left_out : DataFrame
        ``COUNTS_LEFT_OUT``.
    """

    stations: pd.DataFrame
    arc_idx: NDArray[np.int32]
    opposite_arc_idx: NDArray[np.int32]
    left_out: pd.DataFrame


def read_stations(path: Path) -> pd.DataFrame:
    """Read a table of counting stations.

    Parameters
    ----------
    path : pathlib.Path
        A row per station: CSV, Excel workbook, GeoPackage or GeoJSON of points, with
        ``station_id``, ``motorway``, ``lon``, ``lat`` (degrees),
        ``heavy_vehicles_per_working_day`` (both directions together), and ``name`` if known.

    Returns
    -------
    DataFrame
        ``station_id``, ``name``, ``road``, ``lon``, ``lat``, ``counted_per_day`` (NaN where the
        cell is empty).

    Raises
    ------
    InputDataError
        If the file is broken, a station stands there twice, or lacks key or position.
    """
    where = str(path)
    table = named_columns(
        read_table(path, with_places=True),
        _USUAL_NAMES,
        where,
        required=[name for name in _USUAL_NAMES if name != "name"],
        filled=True,
    )
    keys = table["station_id"]
    refuse_rows(table, keys.isna().to_numpy(), where, "every station needs a station_id")
    # A road that was given another number is counted under both by the same station.
    roads = table["motorway"].fillna("")
    of_road = pd.DataFrame({"station": keys, "road": roads.map(normalised_road)})
    again = of_road.duplicated(keep=False).to_numpy()
    once = "every station of a road must stand there once"
    refuse_rows(table, again, where, once, "station_id")
    lon, lat = (numbers(table, name, where, "degrees") for name in ("lon", "lat"))
    LON_DEG.check(table, "lon", lon, where)
    LAT_DEG.check(table, "lat", lat, where)
    counted = numbers(table, _COUNT, where, "heavy vehicles per working day")
    NOT_NEGATIVE.check(table, _COUNT, counted, where, may_be_empty=True)
    return pd.DataFrame(
        {
            "station_id": keys.to_numpy(object),
            "name": table["name"].fillna("").to_numpy(object),
            "road": roads.to_numpy(object),
            "lon": lon,
            "lat": lat,
            "counted_per_day": counted,
        }
    )


def match_stations(
    stations: pd.DataFrame, graph: RoadGraph, where: str, max_distance_km: float = MAX_DISTANCE_KM
) -> MatchedStations:
    """Find the stretch of road that each station counts: the nearest of the road that it names.

    Parameters
    ----------
    stations : DataFrame
        From :func:`read_stations`.
    where : str
        Their file, for the message.
    max_distance_km : float
        Farthest that a station may lie from its road, km.

    Raises
    ------
    InputDataError
        If not one of them can be compared.

    Notes
    -----
    A station that names no road counts the nearest one, as all do where no road has a name.
    """
    of_network = {normalised_road(str(each)) for each in graph.arc_road}
    road = (
        stations["road"].to_numpy(object) if any(of_network) else np.full(len(stations), "", object)
    )
    snapped = snap_places(
        graph,
        stations["lon"].to_numpy(),
        stations["lat"].to_numpy(),
        road,
        np.full(len(stations), DIRECTION_BOTH, dtype=object),
        max_distance_km,
    )
    names = [normalised_road(each) for each in road]
    found = [normalised_road(str(graph.arc_road[arc])) for arc in snapped.arc_idx]
    is_near = snapped.arc_idx >= 0
    is_own = np.array([name in ("", other) for name, other in zip(names, found, strict=True)])
    is_missing = np.array([bool(name) and name not in of_network for name in names])
    reason = np.select(
        [stations["counted_per_day"].isna().to_numpy(), is_missing, ~(is_near & is_own)],
        [NO_COUNT, NOT_IN_NETWORK, TOO_FAR],
        "",
    )
    kept = reason == ""
    if not kept.any():
        reasons = pd.Series(reason).value_counts()
        told = ", ".join(f"{count} {why}" for why, count in reasons.items())
        msg = said(
            "{where}: expected stations with a count within {max_distance_km} km of the road "
            "of the network that they name; found none: {told}. Check their roads, positions "
            "and counts, or raise --max-distance-km",
            where=where,
            max_distance_km=max_distance_km,
            told=told,
        )
        raise InputDataError(msg)
    left_out = stations.assign(reason=reason)[~kept].drop(columns="counted_per_day")
    matched = stations.assign(distance_km=snapped.distance_km)[kept]
    of_arc = graph.arc_road[snapped.arc_idx[kept]]
    matched["road"] = np.where(of_arc == "", matched["road"], of_arc)
    return MatchedStations(
        matched.reset_index(drop=True),
        snapped.arc_idx[kept],
        snapped.opposite_arc_idx[kept],
        left_out.reset_index(drop=True),
    )
