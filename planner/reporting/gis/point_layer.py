"""Tables of places as layers of points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from planner.reporting.gis.plan_layers import CRS

if TYPE_CHECKING:
    import pandas as pd


def point_layer(table: pd.DataFrame, *, with_position: bool = True) -> gpd.GeoDataFrame:
    """A table with ``lon`` and ``lat``, degrees, as points.

    Parameters
    ----------
    with_position : bool
        Whether these stay as columns besides.
    """
    points = gpd.points_from_xy(table["lon"], table["lat"])
    told = table if with_position else table.drop(columns=["lon", "lat"])
    return gpd.GeoDataFrame(told, geometry=points, crs=CRS)
