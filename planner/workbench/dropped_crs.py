"""The coordinate system that columns of metres are in, guessed by where the roads lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from planner.errors import InputDataError
from planner.files.coordinates import EARTH_KM, on_sphere, reference_system, to_lon_lat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

TRIED = tuple(
    f"EPSG:{code}"
    for code in (
        25832,
        25833,
        25831,
        3035,
        3857,
        31466,
        31467,
        31468,
        31469,
        2154,
        28992,
        2056,
        31287,
        27700,
        3006,
        25829,
        25830,
        25834,
    )
)
"""Systems that tables of European countries are in, the more usual of two alike first."""
_MOST_TRIED = 500
"""About so many places tell the system."""
_NEAR_KM = 25.0
"""Median distance to the roads above which no system fits."""
_AS_NEAR = 0.98
"""One that is listed later must bring places nearer than this share of the distance."""


def guessed_crs(x: NDArray[np.float64], y: NDArray[np.float64], graph: RoadGraph) -> str | None:
    """System that puts places nearest to the roads.

    Parameters
    ----------
    x, y : (n,) float64
        East and north coordinates as in a file; NaN where a cell is empty.

    Returns
    -------
    str or None
        None where they are degrees, or no system puts them by the roads.
    """
    given = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    given = given[:: max(1, len(given) // _MOST_TRIED)]
    x, y = x[given], y[given]
    if not x.size or (np.abs(x).max() <= 180.0 and np.abs(y).max() <= 90.0):
        return None
    roads = KDTree(on_sphere(graph.lon, graph.lat))
    best, best_km = None, _NEAR_KM
    for name in TRIED:
        try:
            lon, lat = to_lon_lat(x, y, reference_system(name, name), name)
        except InputDataError:  # they lie outside its area
            continue
        km = float(np.median(roads.query(on_sphere(lon, lat))[0])) * EARTH_KM
        if km < best_km * (_AS_NEAR if best else 1.0):
            best, best_km = name, km
    return best
