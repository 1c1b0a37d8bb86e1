"""Which places lie on land, so that no site is put on a ferry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from planner.network.country_outlines import country_outlines

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTLINED = (-10.0, 34.0, 31.5, 71.0)
"""West, south, east, north, degrees: within this frame the outlines hold all countries; beyond it
nothing is known and every place counts as land."""
SHORE_DEG = 0.03
"""Outlines are good to a kilometre: places so near to one, about 3 km, are land. Farther out there
is no place for a site on a bridge either."""

_KM_PER_DEG = 111.2


def on_land(
    lon: NDArray[np.float64], lat: NDArray[np.float64], astray_km: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether places lie on land, or may.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees, EPSG:4326.
    astray_km : (n,) float64
        How far the true place may lie from the one given, km: roads drawn straight cross bays.

    Returns
    -------
    (n,) bool
    """
    west, south, east, north = OUTLINED
    land = (lon < west) | (lon > east) | (lat < south) | (lat > north)
    asked = np.flatnonzero(~land)
    if asked.size == 0:
        return np.asarray(land)
    lon, lat = lon[asked], lat[asked]
    reach_deg = SHORE_DEG + astray_km[asked] / (_KM_PER_DEG * np.cos(np.radians(lat)))
    frame = (lon.min() - 1.0, lat.min() - 1.0, lon.max() + 1.0, lat.max() + 1.0)
    countries = shapely.STRtree(country_outlines(*frame).geometry.to_numpy())
    found = countries.query(shapely.points(lon, lat), predicate="dwithin", distance=reach_deg)
    land[asked[found[0]]] = True
    return np.asarray(land)
