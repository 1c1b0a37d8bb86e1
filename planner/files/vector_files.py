"""Vector files of geographic information systems: GeoPackage, GeoJSON, Shapefile, FlatGeobuf."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import InputDataError
from planner.files.bounds import VECTOR
from planner.files.input_files import open_input
from planner.files.safe_files import check_zip

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

_SIGNATURES = {
    ".gpkg": b"SQLite format 3\0",
    ".fgb": b"fgb",
    ".shp": b"\x00\x00\x27\x0a",
    ".geojson": b"{",
    ".json": b"{",
    ".zip": b"PK",
}
"""How files of each ending begin. GDAL looks at the content alone and knows formats that fetch
addresses or run through other files; what does not begin as its name says is not handed to it."""


def read_vector_file(path: Path, layer: str = "", layer_key: str = "layer") -> gpd.GeoDataFrame:
    """Read a layer of a vector file.

    Parameters
    ----------
    path : pathlib.Path
        File as .gpkg, .geojson, .json, .shp, .fgb, or a .zip with one Shapefile in it.
    layer : str
        Layer to read; needed where the file has several.
    layer_key : str
        Key of the scenario that names the layer, for messages.

    Returns
    -------
    geopandas.GeoDataFrame
        All features, in the file's own reference system (None where it names none); the index,
        ``feature``, is their id in a GeoPackage and counts them from 1 elsewhere.

    Raises
    ------
    InputDataError
        If the file is missing, of another kind than its name says, broken, too large or empty, or
        the layer is not there.
    """
    # GDAL takes a moment to import that studies without map files need not wait for.
    import pyogrio  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError  # noqa: PLC0415

    source = _checked_source(path)
    try:
        with warnings.catch_warnings():
            # GDAL warns of what it mends or leaves out; what is missing then is found below.
            warnings.simplefilter("ignore")
            layers = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
            _check_layer(path, layer, layers, layer_key)
            table = pyogrio.read_dataframe(source, layer=layer or layers[0], fid_as_index=True)
    except (DataSourceError, DataLayerError, FeatureError, ValueError, RuntimeError) as error:
        msg = f"{path}: cannot be read as a {path.suffix} file: {error}. Export it again."
        raise InputDataError(msg) from error
    if table.empty:
        msg = f"{path}: expected features, found an empty layer. Export it again."
        raise InputDataError(msg)
    if path.suffix.lower() != ".gpkg":
        # Other ids are GDAL's own or need not be unique.
        table.index = pd.RangeIndex(1, len(table) + 1)
    return table.rename_axis("feature")


def _checked_source(path: Path) -> str:
    """What GDAL is to open, after a look at size and first bytes."""
    signature = _SIGNATURES.get(path.suffix.lower())
    if signature is None:
        msg = f"{path}: expected a file as {', '.join(_SIGNATURES)}, found {path.suffix!r}."
        raise InputDataError(msg)
    with open_input(path, VECTOR) as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not start.startswith(signature):
        msg = f"{path}: does not begin as a {path.suffix} file does. Export it again."
        raise InputDataError(msg)
    if path.suffix.lower() != ".zip":
        return str(path)
    shapes = [name for name in check_zip(path, VECTOR) if name.lower().endswith(".shp")]
    if len(shapes) != 1:
        msg = f"{path}: expected one Shapefile (.shp) in the archive, found {len(shapes)}."
        raise InputDataError(msg)
    return f"/vsizip/{path}/{shapes[0]}"


def _check_layer(path: Path, layer: str, layers: list[str], layer_key: str) -> None:
    if layer and layer not in layers:
        msg = f"{path}: no layer {layer!r}; found {', '.join(layers)}."
        raise InputDataError(msg)
    if not layer and len(layers) != 1:
        found = ", ".join(layers) or "none"
        msg = f"{path}: expected one layer with geometries, found {found}. Name one as {layer_key}."
        raise InputDataError(msg)
