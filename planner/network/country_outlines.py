"""Outlines of countries, for the background of maps."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyogrio
import shapely

from planner.files.gdal_files import gdal_path
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

OUTLINES_ATTRIBUTION = "Natural Earth (public domain)"
"""Whom a map with these outlines names."""
_PLANNED_SHARE = 0.05
"""Of the sites of the country with most, which a planned one has: a few may lie across a border."""


def country_outlines(west: float, south: float, east: float, north: float) -> gpd.GeoDataFrame:
    """Countries that come into a frame, whole.

    Parameters
    ----------
    west, south, east, north : float
        The frame, degrees, EPSG:4326.

    Returns
    -------
    GeoDataFrame
        ``iso_a2``, ``name`` and polygons in EPSG:4326, by name; no rows beyond Europe. Good to a
        kilometre: to look at, not to compute with.
    """
    countries = _europe()
    in_frame = shapely.intersects(
        countries.geometry.to_numpy(), shapely.box(west, south, east, north)
    )
    return countries[in_frame].reset_index(drop=True)


@cache
def _europe() -> gpd.GeoDataFrame:
    """All outlines, of which a run takes several frames."""
    return pyogrio.read_dataframe(gdal_path(bundled_path("network/outlines/europe.geojson")))


def sites_inside(
    outlines: gpd.GeoDataFrame, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Sites in each country, (n_countries,) int64.

    Parameters
    ----------
    outlines : GeoDataFrame
        From :func:`country_outlines`.
    lon, lat : (n_sites,) float64
        The sites, degrees.
    """
    areas = outlines.geometry.to_numpy()
    shapely.prepare(areas)
    inside = shapely.contains(areas[:, None], shapely.points(lon, lat)[None, :])
    return np.asarray(inside.sum(axis=1), dtype=np.int64)


def least_sites(n_sites: NDArray[np.int64]) -> int:
    """Sites that a country needs to be one that a plan is for, >= 1; see :func:`planned`."""
    return max(math.ceil(_PLANNED_SHARE * int(n_sites.max(initial=0))), 1)


def planned(n_sites: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which countries a plan is for: those with more than a few sites across a border.

    Parameters
    ----------
    n_sites : (n_countries,) int64
        Sites in each.
    """
    return np.asarray(n_sites >= least_sites(n_sites))
