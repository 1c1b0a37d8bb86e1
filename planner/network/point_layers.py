"""Point layers of GeoPackage and GeoJSON files as tables of text with longitude and latitude."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from planner.errors import InputDataError
from planner.network.coordinates import to_lon_lat
from planner.network.csv_tables import refuse_rows
from planner.network.typed_cells import cell_text

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

MAX_LAYER_BYTES = 2_000_000_000
"""Larger files are refused before they are read."""
LON, LAT = "lon", "lat"
"""Columns that the geometry fills where the layer has none of these names."""
_BEGINNINGS = {".gpkg": b"SQLite format 3\x00", ".geojson": b"{", ".json": b"{"}
"""GDAL goes by content: a file of another kind, say one that names others to open, is refused."""
_PLACES = ("Point", "Polygon", "MultiPolygon")


def read_point_layer(path: Path, layer: str | None = None) -> pd.DataFrame:
    """Read a map layer of points (or areas, each by a point inside it) as text.

    Parameters
    ----------
    path : pathlib.Path
        File as .gpkg, .geojson or .json.
    layer : str, optional
        Layer of a GeoPackage; by default the only one with a geometry.

    Returns
    -------
    pandas.DataFrame
        A column of text per attribute, None where empty, and ``lon`` and ``lat`` in degrees
        (EPSG:4326) from the geometry where the layer has no such columns. The index is the
        feature's id in a GeoPackage, its number from 1 in GeoJSON.

    Raises
    ------
    InputDataError
        If the file is missing, damaged, too large or another kind than its name says, the layer is
        missing or one of several, empty or without a coordinate system, or a feature is neither a
        point nor an area.
    """
    _check_beginning(path)
    frame = _read_layer(path, _chosen_layer(path, layer))
    where = str(path)
    if frame.empty:
        msg = f"{where}: expected at least one point, found an empty layer."
        raise InputDataError(msg)
    frame.index = (
        frame.index.rename("feature")
        if path.suffix.lower() == ".gpkg"
        else pd.RangeIndex(1, len(frame) + 1, name="feature")
    )
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


def _check_beginning(path: Path) -> None:
    if not path.is_file():
        msg = f"{path}: expected a map file, found none. Check the path."
        raise InputDataError(msg)
    if path.stat().st_size > MAX_LAYER_BYTES:
        msg = f"{path}: expected at most {MAX_LAYER_BYTES // 10**6} MB. Cut out what is needed."
        raise InputDataError(msg)
    with path.open("rb") as file:
        found = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    kind = path.suffix.lower()
    if not found.startswith(_BEGINNINGS[kind]):
        msg = f"{path}: not a {kind} file, whatever its name says. Export it again."
        raise InputDataError(msg)


def _chosen_layer(path: Path, layer: str | None) -> str:
    # GDAL takes a moment to import that studies without map files need not wait for.
    import pyogrio  # noqa: PLC0415
    from pyogrio.errors import DataSourceError  # noqa: PLC0415

    is_geojson = path.suffix.lower() != ".gpkg"
    try:
        layers = [
            str(name)
            for name, geometry in pyogrio.list_layers(path)
            if is_geojson or geometry is not None
        ]
    except DataSourceError as error:
        raise _not_readable(path, error) from error
    if layer is None and len(layers) == 1:
        return layers[0]
    if layer is None:
        msg = (
            f"{path}: expected one layer with places, found {', '.join(layers) or 'none'}. "
            "Name one as sites.sheet."
        )
        raise InputDataError(msg)
    if layer not in layers:
        msg = f"{path}: expected a layer {layer!r}, found {', '.join(layers) or 'none'}."
        raise InputDataError(msg)
    return layer


def _read_layer(path: Path, layer: str) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # Attributes of mixed types come as text, which is what is wanted here.
            warnings.simplefilter("ignore", UserWarning)
            frame = gpd.read_file(path, layer=layer, engine="pyogrio", fid_as_index=True)
    except (DataSourceError, DataLayerError, FeatureError, ValueError, RuntimeError) as error:
        raise _not_readable(path, error) from error
    if frame.crs is None or not (frame.crs.is_projected or frame.crs.is_geographic):
        msg = (
            f"{path}: layer {layer} does not say in which coordinate system it is. "
            "Set its projection (EPSG number) in your GIS and export it again."
        )
        raise InputDataError(msg)
    return frame


def _not_readable(path: Path, error: Exception) -> InputDataError:
    return InputDataError(f"{path}: not readable ({error}). Export it again from your GIS.")


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
        f"sites must be points or areas, found {', '.join(other)}",
    )
    points = places.representative_point()
    return to_lon_lat(points.x.to_numpy(), points.y.to_numpy(), frame.crs, where)


def _single_point(geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    """The point of a multi-point that holds one, as many layers do; anything else as it is."""
    if isinstance(geometry, shapely.MultiPoint) and len(geometry.geoms) == 1:
        return geometry.geoms[0]
    return geometry
