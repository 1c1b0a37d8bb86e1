"""From the coordinates of a file to degrees, and back to see whether they can be trusted.

A projection is made for its own region. MATSim scenarios carry ends far outside it: a trip from
Portugal in the German UTM zone, or one from French Guiana that no truck drives. Distances measured
in such coordinates are stretched (3 % at 18 degrees from the central meridian, several times beyond
60), and the series that many programs use to turn them back err by kilometres at 25 degrees and by
thousands beyond 45. Both are repaired by PROJ's exact transverse Mercator and by measuring on the
globe; an end that does not come back to where it stood is not placed at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from planner.errors import InputDataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

WGS84 = CRS.from_epsg(4326)
MATSIM_NAMES = {
    "WGS84": 4326,
    "GK4": 31468,
    "DHDN_GK4": 31468,
    "CH1903_LV03": 21781,
    "CH1903_LV03_GT": 21781,
    "CH1903_LV03_Plus": 2056,
    "CH1903_LV03_Plus_GT": 2056,
    "WGS84_UTM31N": 32631,
    "WGS84_UTM32N": 32632,
    "WGS84_UTM33N": 32633,
    "WGS84_UTM34N": 32634,
    "WGS84_UTM35N": 32635,
    "WGS84_UTM36N": 32636,
}
"""Coordinate systems that MATSim files call by a name of their own, as EPSG codes."""
MAX_ROUND_TRIP_M = 1.0
_DEGREE_M = 111_195.0


def coordinate_system(name: str, where: str) -> CRS:
    """Coordinate system of a name, code or definition.

    Parameters
    ----------
    name : str
        ``"EPSG:25832"``, a name MATSim uses (:data:`MATSIM_NAMES`), WKT or PROJ text.
    where : str
        Where the name stands, for messages.

    Raises
    ------
    InputDataError
        If it is not known.
    """
    try:
        return CRS.from_user_input(MATSIM_NAMES.get(name, name))
    except CRSError as error:
        msg = (
            f"{where}: expected a coordinate system such as EPSG:25832, found {name!r}; "
            f"set demand.crs to the one the coordinates are in"
        )
        raise InputDataError(msg) from error


def degrees(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: CRS, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of points.

    Parameters
    ----------
    x, y : (n,) float64
        Coordinates, easting or longitude first.
    crs : pyproj.CRS
        Their coordinate system.
    where : str
        File, for messages.

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
            msg = (
                f"{where}: expected coordinates in metres ({crs.to_string()}), found degrees such "
                f"as {x[finite][0]:g}, {y[finite][0]:g}; set demand.crs to EPSG:4326"
            )
            raise InputDataError(msg)
    onward = Transformer.from_crs(crs, WGS84, always_xy=True)
    lon, lat = onward.transform(x, y)
    back_x, back_y = onward.transform(lon, lat, direction="INVERSE")
    unit_m = _DEGREE_M if crs.is_geographic else 1.0
    with np.errstate(invalid="ignore"):
        off_m = np.hypot(back_x - x, back_y - y) * unit_m
        sound = finite & (off_m <= MAX_ROUND_TRIP_M) & (np.abs(lat) <= 90.0) & (np.abs(lon) <= 180)
    return np.where(sound, lon, np.nan), np.where(sound, lat, np.nan)
