"""Outlines of countries, for the background of maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyogrio
import shapely

from planner.files.gdal_files import gdal_path
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    import geopandas as gpd

OUTLINES_ATTRIBUTION = "Natural Earth (public domain)"
"""Whom a map with these outlines names."""


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
    countries = pyogrio.read_dataframe(gdal_path(bundled_path("network/outlines/europe.geojson")))
    in_frame = shapely.intersects(
        countries.geometry.to_numpy(), shapely.box(west, south, east, north)
    )
    return countries[in_frame].reset_index(drop=True)
