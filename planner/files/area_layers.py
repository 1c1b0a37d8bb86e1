"""Layers of polygons with names, from files of geographic information systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from planner.errors import InputDataError
from planner.files.coordinates import to_lon_lat
from planner.files.table_columns import refuse_rows, require_columns
from planner.files.typed_cells import cell_text
from planner.files.vector_files import read_vector_file
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class NamedAreas:
    """Polygons with names.

    Parameters
    ----------
    name : (n_areas,) object
        Name of each, not empty; several may have the same.
    area : (n_areas,) object
        Its polygon or polygons, longitude and latitude in degrees, EPSG:4326.
    """

    name: NDArray[np.object_]
    area: NDArray[np.object_]

    def names_at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
        """Name of the first area that each place lies in, (n_places,); empty where in none."""
        place, area = shapely.STRtree(self.area).query(
            shapely.points(lon, lat), predicate="intersects"
        )
        first = np.full(len(lon), len(self.name))
        np.minimum.at(first, place, area)
        names: NDArray[np.object_] = np.append(self.name, "")[first]
        return names


def read_named_areas(path: Path, layer: str, name_column: str, keys: str) -> NamedAreas:
    """Read a layer of polygons.

    Parameters
    ----------
    path : pathlib.Path
        File as :func:`~planner.files.vector_files.read_vector_file` takes it.
    layer : str
        Layer to read; needed where the file has several.
    keys : str
        Section of the scenario, for messages.

    Raises
    ------
    InputDataError
        If the file cannot be read, has no such column or no coordinate system, or a feature is no
        area or has no name.
    """
    where = str(path)
    frame = read_vector_file(path, layer, f"{keys}.layer")
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    attributes.columns = attributes.columns.map(str)
    require_columns(attributes, (name_column,), where)
    if frame.crs is None or not (frame.crs.is_projected or frame.crs.is_geographic):
        msg = said(
            "{where}: the layer does not say in which coordinate system it is. Set its "
            "projection (EPSG number) in your GIS and export it again.",
            where=where,
        )
        raise InputDataError(msg)
    names = attributes[name_column].map(cell_text)
    texts = names.fillna("").astype(str).str.strip().to_numpy(object)
    refuse_rows(
        attributes,
        texts == "",
        where,
        said("every polygon needs a name in the column {column}", column=AsWritten(name_column)),
        name_column,
    )
    return NamedAreas(texts, _areas(frame, where))


def _areas(frame: gpd.GeoDataFrame, where: str) -> NDArray[np.object_]:
    """Polygons in longitude and latitude, each valid."""
    geometry = frame.geometry
    refuse_rows(
        frame,
        ~geometry.geom_type.isin(_AREAS).to_numpy() | geometry.is_empty.to_numpy(),
        where,
        "regions must be polygons, found empty geometries, points or lines",
    )
    try:
        # Lines that cross themselves are common in maps; their areas are not in doubt.
        valid = shapely.make_valid(shapely.force_2d(geometry.to_numpy()))
    except shapely.errors.GEOSException as error:
        msg = said(
            "{where}: expected polygons of finite coordinates; found others. Export it again.",
            where=where,
        )
        raise InputDataError(msg) from error
    corners = shapely.get_coordinates(valid)
    if not np.isfinite(corners).all():
        msg = said(
            "{where}: expected polygons of finite coordinates; found others. Export it again.",
            where=where,
        )
        raise InputDataError(msg)
    lon, lat = to_lon_lat(corners[:, 0], corners[:, 1], frame.crs, where)
    areas: NDArray[np.object_] = shapely.set_coordinates(valid, np.column_stack([lon, lat]))
    shapely.prepare(areas)
    return areas
