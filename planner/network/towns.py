"""Large towns by name, to find one's way on a map whose roads have no names of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from planner.files.coordinates import on_sphere
from planner.files.csv_tables import read_text_table
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOWNS_ATTRIBUTION = "GeoNames (CC BY 4.0)"
"""Whom a map with these names names."""

_LEAST_POPULATION = 100_000
_EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Towns:
    """Towns, the largest first.

    Parameters
    ----------
    name : (n_towns,) object
        German names.
    lon, lat : (n_towns,) float64
        Degrees, EPSG:4326.
    """

    name: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

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
        chord_km = 2.0 * _EARTH_RADIUS_KM * np.sin(within_km / (2.0 * _EARTH_RADIUS_KM))
        tree = cKDTree(in_space_km(self.lon, self.lat))
        far_km, nearest = tree.query(in_space_km(lon, lat))
        return np.where(far_km <= chord_km, nearest, -1).astype(np.int64)


def german_towns() -> Towns:
    """Towns of Germany with 100,000 inhabitants or more, of the built-in network's regions."""
    regions = read_text_table(bundled_path("network/germany/regions.csv"))
    population = regions["population"].to_numpy(np.float64)
    is_large = (regions["kind"] == "city").to_numpy() & (population >= _LEAST_POPULATION)
    order = np.flatnonzero(is_large)[np.argsort(-population[is_large], kind="stable")]
    return Towns(
        regions["name"].to_numpy(object)[order],
        regions["lon"].to_numpy(np.float64)[order],
        regions["lat"].to_numpy(np.float64)[order],
    )


def in_space_km(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on a sphere, (n, 3): straight distances between them keep their order."""
    return _EARTH_RADIUS_KM * on_sphere(lon, lat)
