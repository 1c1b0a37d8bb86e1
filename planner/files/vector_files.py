"""Vector files of geographic information systems: GeoPackage, GeoJSON, Shapefile, FlatGeobuf."""

from __future__ import annotations

import re
import shutil
import warnings
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

import pandas as pd

from planner.errors import InputDataError
from planner.files.bounds import VECTOR
from planner.files.gdal_files import gdal_path, only_driver
from planner.files.geopackages import geometry_layers, refuse_unsaved, require_stored_layer
from planner.files.input_files import checked_input, open_input
from planner.files.safe_files import FETCH_AGAIN, check_zip
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd


@dataclass(frozen=True, slots=True)
class _Kind:
    """Files of an ending: what GDAL calls their driver, and how they begin.

    The driver alone would do to keep others out; the beginning gives the better message.
    """

    driver: str
    signature: bytes


_SHAPEFILE = _Kind("ESRI Shapefile", b"\x00\x00\x27\x0a")
_GEOJSON = _Kind("GeoJSON", b"{")
_ZIP = _Kind(_SHAPEFILE.driver, b"PK")
_KINDS = {
    ".gpkg": _Kind("GPKG", b"SQLite format 3\0"),
    ".fgb": _Kind("FlatGeobuf", b"fgb"),
    ".shp": _SHAPEFILE,
    ".geojson": _GEOJSON,
    ".json": _GEOJSON,
    ".zip": _ZIP,
}
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SIDE_FILES = (*_SHAPEFILE_PARTS, ".qix", ".sbn", ".sbx", ".idm", ".ind", ".qpj", ".cst")
_LOOKED_THROUGH_BYTES = 1 << 16
_MAX_TOLD = 200
_CRS_BY_ADDRESS = re.compile(rb'"crs"\s*:\s*\{[^{}]*"type"\s*:\s*"(link|url)"', re.IGNORECASE)
_SAFE_NAME = re.compile(r"\w[\w .-]{0,99}")


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
    kind = _checked_kind(path)
    with _source(path, kind) as source, only_driver(kind.driver):
        table = _read(path, source, layer, layer_key)
    if not hasattr(table, "geometry"):  # a damaged file may promise one that GDAL does not find
        msg = said(
            "{path}: expected features with geometries, found a layer without. Export it again.",
            path=str(path),
        )
        raise InputDataError(msg)
    if table.empty:
        msg = said(
            "{path}: expected features, found an empty layer. Export it again.", path=str(path)
        )
        raise InputDataError(msg)
    if path.suffix.lower() != ".gpkg":
        # Other ids are GDAL's own or need not be unique.
        table.index = pd.RangeIndex(1, len(table) + 1)
    return table.rename_axis("feature")


def _read(path: Path, source: Path, layer: str, layer_key: str) -> gpd.GeoDataFrame:
    """Hand a file to GDAL, after its own word on how much it holds."""
    # GDAL takes a moment to import that studies without map files need not wait for.
    import pyogrio  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    name = gdal_path(source)
    try:
        with warnings.catch_warnings():
            # GDAL warns of what it mends or leaves out; what is missing then is found below.
            warnings.simplefilter("ignore")
            if source.suffix.lower() == ".gpkg":
                # GDAL would run layers that are programs to tell their geometries.
                chosen = _checked_layer(path, layer, geometry_layers(source), layer_key)
                require_stored_layer(source, chosen)
            else:
                layers = [str(one) for one, kind in pyogrio.list_layers(name) if kind is not None]
                chosen = _checked_layer(path, layer, layers, layer_key)
            about = pyogrio.read_info(name, layer=chosen)
            _check_size(path, source, int(about["features"]), len(about["fields"]))
            return pyogrio.read_dataframe(name, layer=chosen, fid_as_index=True)
    # GDAL, shapely, pyproj and pandas meet damage wherever it is; pyogrio's own errors and pyproj's
    # are RuntimeErrors.
    except NameError as error:  # pyogrio's, of a reference system that it can find no text for
        msg = said(
            "{path}: its reference system (.prj) is damaged. Export it again.", path=str(path)
        )
        raise InputDataError(msg) from error
    except (
        RuntimeError,
        ValueError,
        OSError,
        ArithmeticError,
        LookupError,
        TypeError,
        MemoryError,
        shapely.errors.ShapelyError,
    ) as error:
        told = str(error)[:_MAX_TOLD]
        reason = "what it holds is something else" if "not recognized" in told else told
        msg = said(
            "{path}: cannot be read as a {suffix} file: {reason}. Export it again.",
            path=str(path),
            suffix=path.suffix,
            reason=reason,
        )
        raise InputDataError(msg) from error


def _check_size(path: Path, source: Path, n_features: int, n_columns: int) -> None:
    n_features = max(n_features, 0)
    VECTOR.check(path, objects=n_features, columns=n_columns, cells=n_features * n_columns)
    # The number may stand in the file by itself, and pyogrio makes room for it.
    if n_features > source.stat().st_size:
        msg = said(
            "{path}: says that it holds {n_features} features, more than its bytes. {fetch_again}.",
            path=str(path),
            n_features=n_features,
            fetch_again=FETCH_AGAIN,
        )
        raise InputDataError(msg)


def _checked_kind(path: Path) -> _Kind:
    """What a file is by its ending, after a look at size and first bytes."""
    kind = _KINDS.get(path.suffix.lower())
    with open_input(path, VECTOR) as file:
        if kind is None:
            msg = said(
                "{path}: expected a file as {listed}, found {suffix}.",
                path=str(path),
                listed=", ".join(_KINDS),
                suffix=repr(path.suffix),
            )
            raise InputDataError(msg)
        start = file.read(_LOOKED_THROUGH_BYTES)
        file.seek(max(0, path.stat().st_size - _LOOKED_THROUGH_BYTES))
        end = file.read(_LOOKED_THROUGH_BYTES)
    if not start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(kind.signature):
        msg = said(
            "{path}: does not begin as a {suffix} file does. Export it again.",
            path=str(path),
            suffix=path.suffix,
        )
        raise InputDataError(msg)
    if kind is _GEOJSON and (_CRS_BY_ADDRESS.search(start) or _CRS_BY_ADDRESS.search(end)):
        msg = said(
            "{path}: names its reference system (crs) by an address, which is not looked up. "
            "Export it again with an EPSG number, or without crs in longitude and latitude.",
            path=str(path),
        )
        raise InputDataError(msg)
    return kind


@contextmanager
def _source(path: Path, kind: _Kind) -> Iterator[Path]:
    """The file that GDAL is to open, unpacked where it is an archive, all its parts looked at."""
    if kind is _ZIP:
        with TemporaryDirectory(prefix="planner-") as folder:
            yield _unpacked_shapefile(path, Path(folder))
        return
    if kind is _SHAPEFILE:
        for part in path.parent.glob(f"{_literal(path.stem)}.*"):
            is_empty_file = part.is_file() and not part.stat().st_size
            if part.suffix.lower() in _SIDE_FILES and not is_empty_file:
                checked_input(part, VECTOR)
    elif path.suffix.lower() == ".gpkg" and gdal_path(path) != str(path.absolute()):
        refuse_unsaved(path)
    yield path


def _unpacked_shapefile(path: Path, folder: Path) -> Path:
    members = [PurePosixPath(name) for name in check_zip(path, VECTOR)]
    # Archives made on a Mac hold a second file, ._name, for each.
    shapes = [
        name for name in members if name.suffix.lower() == ".shp" and not name.name.startswith("._")
    ]
    if len(shapes) != 1:
        msg = said(
            "{path}: expected one Shapefile (.shp) in the archive, found {n}.",
            path=str(path),
            n=str(len(shapes)),
        )
        raise InputDataError(msg)
    stem = shapes[0].stem if _SAFE_NAME.fullmatch(shapes[0].stem) else "layer"
    try:
        with open_input(path, VECTOR) as packed, ZipFile(packed) as archive:
            for name in members:
                suffix = name.suffix.lower()
                if name.with_suffix("") == shapes[0].with_suffix("") and suffix in _SHAPEFILE_PARTS:
                    target = folder / f"{stem}{suffix}"
                    with archive.open(str(name)) as member, target.open("wb") as file:
                        shutil.copyfileobj(member, file)
    # Places in the archive may lie outside it, which the system refuses.
    except (
        BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        KeyError,
        OSError,
        ValueError,
        zlib.error,
    ) as error:
        msg = said(
            "{path}: the archive cannot be unpacked ({error}). {fetch_again}.",
            path=str(path),
            error=str(error),
            fetch_again=FETCH_AGAIN,
        )
        raise InputDataError(msg) from error
    found = folder / f"{stem}.shp"
    with found.open("rb") as file:
        if file.read(len(_SHAPEFILE.signature)) != _SHAPEFILE.signature:
            msg = said(
                "{path}: {shapes} does not begin as a .shp file does. Export it again.",
                path=str(path),
                shapes=str(shapes[0]),
            )
            raise InputDataError(msg)
    return found


def _literal(name: str) -> str:
    """A name as a pattern that matches it alone."""
    return re.sub(r"([*?[])", r"[\1]", name)


def _checked_layer(path: Path, layer: str, layers: list[str], layer_key: str) -> str:
    if layer and layer not in layers:
        msg = said(
            "{path}: no layer {layer}; found {listed}.",
            path=str(path),
            layer=repr(layer),
            listed=", ".join(layers),
        )
        raise InputDataError(msg)
    if not layer and len(layers) != 1:
        found = ", ".join(layers) or "none"
        msg = said(
            "{path}: expected one layer with geometries, found {found}. Name one as {layer_key}.",
            path=str(path),
            found=found,
            layer_key=layer_key,
        )
        raise InputDataError(msg)
    return layer or layers[0]
