"""Large towns by name, to find one's way on a map whose roads have no names of places."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from planner.files.coordinates import on_sphere
from planner.files.csv_tables import read_text_table
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

TOWNS_ATTRIBUTION = "GeoNames (CC BY 4.0)"
"""Whom a map with these names names."""

_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Towns:
    """Towns, the largest first.

    Parameters
    ----------
    geonames_id : (n_towns,) int64
        Their numbers in GeoNames.
    country : (n_towns,) object
        ISO 3166-1 codes of two letters.
    name : (n_towns,) object
        English names.
    population : (n_towns,) float64
        Inhabitants.
    lon, lat : (n_towns,) float64
        Degrees, EPSG:4326.
    """

    geonames_id: NDArray[np.int64]
    country: NDArray[np.object_]
    name: NDArray[np.object_]
    population: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def chosen(self, which: NDArray[Any]) -> Towns:
        """Some of the towns, by a mask or their positions, in order."""
        return Towns(
            **{each.name: getattr(self, each.name)[which] for each in fields(self)},
        )

    def nearest(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], within_km: float
    ) -> NDArray[np.int64]:
        """Index of the town nearest to each point, -1 where none is so near.

        Parameters
        ----------
        lon, lat : (n,) float64
            Points, degrees.
        within_km : float
            How far away the middle of a town may be as the crow flies, km.

        Returns
        -------
        (n,) int64
        """
        return nearest_points(self.lon, self.lat, lon, lat, within_km)


def nearest_points(
    of_lon: NDArray[np.float64],
    of_lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    within_km: float,
) -> NDArray[np.int64]:
    """Index of the nearest of some points to each other point, -1 where none is so near.

    Parameters
    ----------
    of_lon, of_lat : (n_points,) float64
        Points that are looked for, degrees.
    lon, lat : (n,) float64
        Points around which they are looked for, degrees.
    within_km : float
        How far away they may be as the crow flies, km.

    Returns
    -------
    (n,) int64
    """
    if not len(of_lon):
        return np.full(len(lon), -1, dtype=np.int64)
    chord_km = 2.0 * _EARTH_RADIUS_KM * np.sin(within_km / (2.0 * _EARTH_RADIUS_KM))
    far_km, nearest = cKDTree(in_space_km(of_lon, of_lat)).query(in_space_km(lon, lat))
    return np.where(far_km <= chord_km, nearest, -1).astype(np.int64)


def european_towns() -> Towns:
    """Towns of Europe as far as 32 degrees east, of 20,000 inhabitants or more.

    Of small countries the 30 largest; parts of cities are left out.
    """
    table = _table()
    return Towns(
        table["geonames_id"].to_numpy(np.int64),
        table["country"].to_numpy(object),
        table["name_en"].to_numpy(object),
        *(table[column].to_numpy(np.float64) for column in ("population", "lon", "lat")),
    )


def town_names(language: str) -> Mapping[int, str]:
    """Names by number in GeoNames; English ones where a language has none of its own.

    Parameters
    ----------
    language : str
        Its code, for example ``"de"``.
    """
    table = _table()
    column = f"name_{language}" if f"name_{language}" in table else "name_en"
    return dict(zip(table["geonames_id"].astype(int), table[column], strict=True))


@cache
def _table() -> pd.DataFrame:
    return read_text_table(bundled_path("network/towns/europe.csv"))


def in_space_km(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on a sphere, (n, 3): straight distances between them keep their order."""
    return _EARTH_RADIUS_KM * on_sphere(lon, lat)
