"""Point layers of GeoPackage and GeoJSON files as tables of text with longitude and latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from planner.errors import InputDataError
from planner.files.coordinates import to_lon_lat
from planner.files.table_columns import refuse_rows
from planner.files.typed_cells import cell_text
from planner.files.vector_files import read_vector_file
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

LON, LAT = "lon", "lat"
"""Columns that the geometry fills where the layer has none of these names."""
_PLACES = ("Point", "Polygon", "MultiPolygon")


def read_point_layer(
    path: Path, layer: str | None = None, layer_key: str = "sheet"
) -> pd.DataFrame:
    """Read a map layer of points (or areas, each by a point inside it) as text.

    Parameters
    ----------
    path : pathlib.Path
        File as .gpkg, .geojson or .json.
    layer : str, optional
        Layer of a GeoPackage; by default the only one with a geometry.
    layer_key : str
        Key of the scenario that names the layer, for messages.

    Returns
    -------
    pandas.DataFrame
        A column of text per attribute, None where empty, and ``lon`` and ``lat`` in degrees
        (EPSG:4326) from the geometry where the layer has no such columns. The index names the
        features as :func:`~planner.files.vector_files.read_vector_file` does.

    Raises
    ------
    InputDataError
        If the file or layer cannot be read, the layer is without a coordinate system, or a feature
        is neither a point nor an area.
    """
    where = str(path)
    frame = read_vector_file(path, layer or "", layer_key)
    if frame.crs is None or not (frame.crs.is_projected or frame.crs.is_geographic):
        msg = said(
            "{where}: the layer does not say in which coordinate system it is. Set its "
            "projection (EPSG number) in your GIS and export it again.",
            where=where,
        )
        raise InputDataError(msg)
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table = pd.DataFrame(
        {str(name): [cell_text(cell) for cell in column] for name, column in attributes.items()},
        index=frame.index,
        dtype=object,
    )
    lower = {str(name).lower() for name in table.columns}
    lon, lat = _positions(frame, where)
    for name, values in ((LON, lon), (LAT, lat)):
        if name not in lower:
            table[name] = [repr(float(value)) for value in values]
    return table


def _positions(
    frame: gpd.GeoDataFrame, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes of points, and of points inside areas."""
    places = frame.geometry.map(_single_point)
    missing = (places.isna() | places.is_empty).to_numpy()
    refuse_rows(frame, missing, where, "every site needs a place, found an empty geometry")
    other = sorted(set(places.geom_type) - set(_PLACES))
    refuse_rows(
        frame,
        places.geom_type.isin(other).to_numpy(),
        where,
        said("sites must be points or areas, found {kinds}", kinds=other),
    )
    points = places.representative_point()
    return to_lon_lat(points.x.to_numpy(), points.y.to_numpy(), frame.crs, where)


def _single_point(geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    """The point of a multi-point that holds one, as many layers do; anything else as it is."""
    if isinstance(geometry, shapely.MultiPoint) and len(geometry.geoms) == 1:
        return geometry.geoms[0]
    return geometry
