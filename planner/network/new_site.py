"""A site to be added: the place on a road that is nearest to where a person points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.network.changed_sites import MAX_SNAP_KM
from planner.network.site_generation import place_name, positions_on_arcs
from planner.network.sites import DIRECTION_BOTH
from planner.network.snapping import snap_places
from planner.said import said

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph

_DEGREE_DECIMALS = 5
"""A metre or so."""


@dataclass(frozen=True, slots=True)
class PlaceOnRoad:
    """A place on a road.

    Parameters
    ----------
    road : str
        Reference of the road, empty where it has none.
    name : str
        Its road and the nearest end of its arc.
    lon, lat : float
        Position, degrees, EPSG:4326.
    """

    road: str
    name: str
    lon: float
    lat: float


def place_on_road(graph: RoadGraph, lon: float, lat: float) -> PlaceOnRoad:
    """The place on a road nearest to a position, as sites of a table are put to roads.

    Parameters
    ----------
    lon, lat : float
        Degrees, EPSG:4326.

    Raises
    ------
    InputDataError
        If no road is within :data:`~planner.network.changed_sites.MAX_SNAP_KM`.
    """
    found = snap_places(
        graph,
        np.array([lon]),
        np.array([lat]),
        np.array([""], dtype=object),
        np.array([DIRECTION_BOTH], dtype=object),
        MAX_SNAP_KM,
    )
    arc, offset_km = found.arc_idx, found.offset_km
    if arc[0] < 0:
        msg = said(
            "expected a place within {most_km} km of a road of the network, found {lon}, "
            "{lat} (longitude, latitude), {value} km away from the nearest; point nearer to one",
            most_km=f"{MAX_SNAP_KM:g}",
            lon=f"{lon:.4f}",
            lat=f"{lat:.4f}",
            value=f"{found.distance_km[0]:.0f}",
        )
        raise InputDataError(msg)
    on_lon, on_lat = positions_on_arcs(graph, arc, offset_km)
    road = str(graph.arc_road[arc[0]])
    return PlaceOnRoad(
        road,
        place_name(graph, road, int(arc[0]), float(offset_km[0])),
        round(float(on_lon[0]), _DEGREE_DECIMALS),
        round(float(on_lat[0]), _DEGREE_DECIMALS),
    )
