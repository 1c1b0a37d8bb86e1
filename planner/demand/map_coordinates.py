"""From the coordinates of a file to degrees, and back to see whether they can be trusted.

A projection is made for its own region. MATSim scenarios carry ends far outside it: a trip from
Portugal in the German UTM zone, or one from French Guiana that no truck drives. Distances measured
in such coordinates are stretched (3 % at 18 degrees from the central meridian, several times beyond
60), and the series that many programs use to turn them back err by kilometres at 25 degrees and by
thousands beyond 45. Both are repaired by PROJ's exact transverse Mercator and by measuring on the
globe; an end that does not come back to where it stood is not placed at all. Networks are held to
the area of their system instead (:func:`planner.files.coordinates.to_lon_lat`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from planner.errors import InputDataError
from planner.files.coordinates import LON_LAT
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

MAX_ROUND_TRIP_M = 1.0
_DEGREE_M = 111_195.0


def degrees(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: CRS, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of points.

    Parameters
    ----------
    x, y : (n,) float64
        Coordinates, easting or longitude first.

    Returns
    -------
    lon, lat : (n,) float64
        Degrees, EPSG:4326; NaN where the point cannot be placed: not a finite number, off the
        globe, or not within a metre of itself after being turned to degrees and back.

    Raises
    ------
    InputDataError
        If the coordinates are degrees and the coordinate system is in metres.
    """
    finite = np.isfinite(x) & np.isfinite(y)
    if crs.is_projected and finite.any():
        in_degrees = (np.abs(x[finite]) <= 180.0) & (np.abs(y[finite]) <= 90.0)
        if in_degrees.mean() > 0.5:
            msg = said(
                "{where}: expected coordinates in metres ({crs}), found degrees such as "
                "{x}, {y}; set demand.crs to EPSG:4326",
                where=where,
                crs=crs.to_string(),
                x=float(x[finite][0]),
                y=float(y[finite][0]),
            )
            raise InputDataError(msg)
    onward = Transformer.from_crs(crs, LON_LAT, always_xy=True)
    lon, lat = onward.transform(x, y)
    back_x, back_y = onward.transform(lon, lat, direction="INVERSE")
    unit_m = _DEGREE_M if crs.is_geographic else 1.0
    with np.errstate(invalid="ignore"):
        off_m = np.hypot(back_x - x, back_y - y) * unit_m
        sound = finite & (off_m <= MAX_ROUND_TRIP_M) & (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180)
    return np.where(sound, lon, np.nan), np.where(sound, lat, np.nan)
