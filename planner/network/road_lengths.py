"""Whether the lengths of roads fit the straight lines between their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

MAX_DIRECT_TO_ROAD = 1.1
"""A straight line may be that much longer than the road, for rounded lengths and positions."""
_EARTH = Geod(ellps="WGS84")


def check_lengths(graph: RoadGraph, where: str) -> None:
    """Refuse a network whose straight lines do not fit the lengths of its roads.

    Roads are longer than straight lines, and not many times. Swapped axes, degrees taken for
    metres and lengths in another unit break that; a neighbouring zone of the same system does not.

    Parameters
    ----------
    graph : RoadGraph
        Lengths that do not come from the positions.

    Raises
    ------
    InputDataError
        If over a quarter of the length lies in arcs shorter than the straight line
        (:data:`MAX_DIRECT_TO_ROAD`), and swapping the axes mends it; or if half of the arcs are
        over 3 times shorter or 20 times longer than the straight line.
    """
    direct_km = _direct_km(graph.lon, graph.lat, graph)
    length_km = graph.arc_length_km
    if _share_too_short(length_km, direct_km) > 0.25 and np.abs(graph.lon).max() <= 90.0:
        swapped_km = _direct_km(graph.lat, graph.lon, graph)
        if _share_too_short(length_km, swapped_km) < 0.05:
            msg = said(
                "{where}: longitude and latitude (x and y) look swapped: straight lines are "
                "longer than the roads, and fit the other way round. Swap them.",
                where=where,
            )
            raise InputDataError(msg)
    apart = direct_km > 0.0
    if not apart.any():
        return
    ratio = float(np.median(direct_km[apart] / length_km[apart]))
    if not 0.05 <= ratio <= 3.0:
        msg = said(
            "{where}: straight lines between the ends of arcs are {ratio} times as long as "
            "the arcs (median), expected 0.05 to 3. Check the crs and the unit of the "
            "lengths.",
            where=where,
            ratio=f"{ratio:.3g}",
        )
        raise InputDataError(msg)


def _direct_km(
    lon: NDArray[np.float64], lat: NDArray[np.float64], graph: RoadGraph
) -> NDArray[np.float64]:
    start, end = graph.arc_from_idx, graph.arc_to_idx
    return np.asarray(_EARTH.inv(lon[start], lat[start], lon[end], lat[end])[2]) / 1000.0


def _share_too_short(length_km: NDArray[np.float64], direct_km: NDArray[np.float64]) -> float:
    too_short = direct_km > MAX_DIRECT_TO_ROAD * length_km
    return float(length_km[too_short].sum() / length_km.sum())
