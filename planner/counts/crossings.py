"""Border crossings of a study, and the counting stations that stand by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.coordinates import on_sphere
from planner.network.snapping import normalised_road

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.counts.stations import MatchedStations
    from planner.network.graph import RoadGraph

NEAR_KM = 10.0
"""Farthest that a station may stand from a crossing to be taken for its traffic; how far it does
is told, since roads that join in between bring other traffic."""
_EARTH_RADIUS_KM = 6371.0


def crossings(
    matched: MatchedStations, graph: RoadGraph, across_per_day: NDArray[np.float64]
) -> pd.DataFrame:
    """Traffic over each crossing, with the nearest station of its road.

    Parameters
    ----------
    across_per_day : (n_nodes,) float64
        Trips of the study that come in or leave at each node on a working day.

    Returns
    -------
    DataFrame
        A row per crossing in use, the busiest first: ``crossing_id``, ``crossing``, ``road``,
        ``modelled_per_day``, ``counted_per_day``, ``station_id``, ``name``, ``distance_km``,
        ``lon``, ``lat``. Counts are NaN and stations empty where none stands near, and at crossings
        with roads on to several sides, such as ports within the country: what is counted there
        mostly stays in it.
    """
    node = np.flatnonzero(across_per_day > 0.0)
    node = node[np.argsort(-across_per_day[node], kind="stable")]
    station = matched.stations
    of_station = np.array([normalised_road(str(each)) for each in station["road"]], object)
    at_station = on_sphere(station["lon"].to_numpy(), station["lat"].to_numpy())
    at_node = on_sphere(graph.lon[node], graph.lat[node])
    road = [_only_road(graph, int(each)) for each in node]
    found = np.full(len(node), -1)
    away_km = np.full(len(node), np.nan)
    for row, name in enumerate(road):
        if name is None:
            continue
        of_road = np.flatnonzero(of_station == normalised_road(name)) if name else None
        near = np.arange(len(station)) if of_road is None else of_road
        chord = np.linalg.norm(at_station[near] - at_node[row], axis=1)
        distance_km = 2.0 * _EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2.0, 1.0))
        if len(near) and distance_km.min() <= NEAR_KM:
            found[row], away_km[row] = near[distance_km.argmin()], distance_km.min()
    has = found >= 0

    def of_nearest(column: str, nothing: object) -> NDArray[np.object_]:
        values = np.full(len(node), nothing, object)
        values[has] = station[column].to_numpy(object)[found[has]]
        return values

    return pd.DataFrame(
        {
            "crossing_id": graph.node_id[node],
            "crossing": graph.node_name[node],
            "road": np.array([name or "" for name in road], object),
            "modelled_per_day": across_per_day[node],
            "counted_per_day": of_nearest("counted_per_day", np.nan).astype(np.float64),
            "station_id": of_nearest("station_id", ""),
            "name": of_nearest("name", ""),
            "distance_km": away_km,
            "lon": graph.lon[node],
            "lat": graph.lat[node],
        }
    )


def _only_road(graph: RoadGraph, node: int) -> str | None:
    """Road on which a crossing lies at the end; None where roads go on to several sides."""
    arcs = np.flatnonzero((graph.arc_from_idx == node) | (graph.arc_to_idx == node))
    others = {*graph.arc_from_idx[arcs].tolist(), *graph.arc_to_idx[arcs].tolist()} - {node}
    return str(graph.arc_road[arcs[0]]) if len(others) == 1 else None
