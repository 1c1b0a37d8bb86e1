"""From any coordinate reference system to longitude and latitude."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from scipy.spatial import KDTree

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LON_LAT = "EPSG:4326"
"""Longitude and latitude in degrees, as everything inside the planner."""
MATSIM_NAMES = {
    "WGS84": LON_LAT,
    "GK4": "EPSG:31468",
    "DHDN_GK4": "EPSG:31468",
    "DHDN_SOLDNERBERLIN": "EPSG:3068",
    "CH1903_LV03": "EPSG:21781",
    "CH1903_LV03_GT": "EPSG:21781",
    "CH1903_LV03_PLUS": "EPSG:2056",
    "CH1903_LV03_PLUS_GT": "EPSG:2056",
}
"""Names that MATSim has for some systems."""
SWAPPED_AT_LEAST_KM = 25.0
"""Places that lie nearer than this to where they belong are taken to be right."""
SWAPPED_FACTOR = 4.0
"""Swapped coordinates lie at least so many times as far away as the right ones."""
AREA_MARGIN_DEG = 12.0
"""Networks may reach so far beyond the area that a system is made for: two UTM zones."""
EARTH_KM = 6371.0
"""Radius of the sphere on which distances are compared, km."""
_MATSIM_UTM = re.compile(r"WGS84_UTM(\d{1,2})([NS])", re.IGNORECASE)


def reference_system(name: str, where: str) -> CRS:
    """Coordinate reference system of a name.

    Parameters
    ----------
    name : str
        ``EPSG:25832`` or whatever pyproj understands, or one of MATSim's own names
        (:data:`MATSIM_NAMES`, ``WGS84_UTM32N``).

    Raises
    ------
    InputDataError
        If there is no such system, or it says no position on the ground.
    """
    utm = _MATSIM_UTM.fullmatch(name.strip())
    if utm:
        name = f"EPSG:{'326' if utm[2].upper() == 'N' else '327'}{int(utm[1]):02d}"
    try:
        crs = CRS.from_user_input(MATSIM_NAMES.get(name.strip().upper(), name))
    except CRSError as error:
        msg = said(
            "{where}: expected a coordinate reference system such as EPSG:25832, found "
            "{name}, which is none. Name the right one under crs.",
            where=where,
            name=repr(name),
        )
        raise InputDataError(msg) from error
    if not (crs.is_projected or crs.is_geographic):
        msg = said(
            "{where}: {found} ({name}) says no position on the ground. Name another crs.",
            where=where,
            found=repr(name),
            name=crs.name,
        )
        raise InputDataError(msg)
    return crs


def to_lon_lat(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: CRS, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Transform positions to longitude and latitude, and refuse what cannot be right.

    Parameters
    ----------
    x, y : (n,) float64
        East and north coordinate, or longitude and latitude, in the system's unit, finite.

    Returns
    -------
    lon, lat : (n,) float64
        Degrees, EPSG:4326.

    Raises
    ------
    InputDataError
        If more than one position in a hundred lies outside the system's area of use widened by
        :data:`AREA_MARGIN_DEG`, or any cannot be transformed: the message says whether the axes
        look swapped.
    """
    try:
        lon, lat = _transformed(x, y, crs)
    except ProjError as error:  # a system that a file spells out itself may be none
        msg = said(
            "{where}: {label} leads to no longitude and latitude. Name the right crs.",
            where=where,
            label=_label(crs),
        )
        raise InputDataError(msg) from error
    misplaced = ~_in_area(lon, lat, crs)
    if misplaced.mean() <= 0.01 and bool(np.isfinite(lon).all() and np.isfinite(lat).all()):
        return lon, lat
    swapped = _in_area(*_transformed(y, x, crs), crs)
    if swapped.mean() > 0.99:
        reason = said("x and y look swapped: the other way round they fit. Swap them.")
    else:
        first = int(np.flatnonzero(misplaced)[0])
        reason = said(
            "for example ({x}, {y}). Name the right crs, or correct these rows.",
            x=float(x[first]),
            y=float(y[first]),
        )
    msg = said(
        "{where}: {n} of {n_all} positions lie outside the area of {label}; {reason}",
        where=where,
        n=str(int(misplaced.sum())),
        n_all=str(len(x)),
        label=_label(crs),
        reason=reason,
    )
    raise InputDataError(msg)


def refuse_swapped(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    near: tuple[ArrayLike, ArrayLike],
    where: str,
    what: str,
) -> None:
    """Refuse a table in which longitude and latitude have changed places.

    The table as a whole decides, by how far its places lie from where they belong as given, and
    the other way round. So it is told too where both readings lie on land, or both within the
    extent of a network on the diagonal (longitudes such as 44 to 50, latitudes such as 44 to 50).

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees as given; places that lack one are left to others.
    near : pair of (m,) float64
        Longitudes and latitudes that are known to be right: nodes of the network, or the depot.
    what : str
        What the places are, in the plural, for the message.

    Raises
    ------
    InputDataError
        If the median distance as given is at least :data:`SWAPPED_AT_LEAST_KM` and
        :data:`SWAPPED_FACTOR` times the median the other way round.
    """
    is_given = np.isfinite(lon) & np.isfinite(lat)
    if not is_given.any():
        return
    lon, lat = lon[is_given], lat[is_given]
    known = KDTree(on_sphere(np.atleast_1d(near[0]), np.atleast_1d(near[1])))
    given_km, swapped_km = (
        float(np.median(EARTH_KM * known.query(on_sphere(x, y))[0]))
        for x, y in ((lon, lat), (lat, lon))
    )
    if given_km >= SWAPPED_AT_LEAST_KM and given_km >= SWAPPED_FACTOR * swapped_km:
        msg = said(
            "{where}: longitude and latitude look swapped: {what} lie {given_km} km from "
            "where the others are (median), the other way round {swapped_km} km; for example "
            "longitude {lon}, latitude {lat}. Swap the columns.",
            where=where,
            what=what,
            given_km=round(given_km),
            swapped_km=round(swapped_km),
            lon=float(lon[0]),
            lat=float(lat[0]),
        )
        raise InputDataError(msg)


def on_sphere(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Places on the unit sphere, (n, 3): the nearest there is the nearest on the ground.

    What lies beyond a pole comes back on the other side.
    """
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack(
        (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    )


def _transformed(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon, lat = Transformer.from_crs(crs, LON_LAT, always_xy=True).transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _in_area(lon: NDArray[np.float64], lat: NDArray[np.float64], crs: CRS) -> NDArray[np.bool_]:
    on_globe = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)  # false where it is infinite
    area = crs.area_of_use
    if area is None or area.west > area.east:
        return np.asarray(on_globe)
    margin = AREA_MARGIN_DEG
    return np.asarray(
        on_globe
        & (lon >= area.west - margin)
        & (lon <= area.east + margin)
        & (lat >= area.south - margin)
        & (lat <= area.north + margin)
    )


def _label(crs: CRS) -> str:
    code = crs.to_authority()
    return f"{':'.join(code)} ({crs.name})" if code else crs.name
