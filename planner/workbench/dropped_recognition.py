"""What a dropped file may be, by its name and what it holds."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from planner.demand.od_volumes import is_square
from planner.errors import InputDataError
from planner.files.bounds import CSV
from planner.files.geopackages import geometry_layers
from planner.files.input_files import open_input
from planner.files.safe_xml import outermost_element
from planner.files.table_files import TEXT_FILES, read_table
from planner.files.table_keys import TableKeys, reading_of
from planner.files.vector_files import read_vector_file
from planner.files.xml_kinds import told_kind
from planner.network.charging_register import is_register
from planner.said import said
from planner.workbench.dropped_columns import found_columns
from planner.workbench.dropped_uses import LINE_LAYERS, OSM, POINT_LAYERS, TABLES, USES, XML

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from planner.workbench.dropped_columns import ColumnFound
    from planner.workbench.dropped_uses import FileUse

_MATSIM = {"network": "network_matsim", "population": "demand_matsim", "plans": "demand_matsim"}
_LINES = {"LineString", "MultiLineString"}
_AREAS = {"Polygon", "MultiPolygon"}
_N_SAMPLES = 3
_SAMPLE_SIGNS = 40
_FEATURES = (b'"FeatureCollection"', b'"Feature"')
_LOOKED_AT_BYTES = 4096
_HEAD_BYTES = 500_000
"""Of larger text files so much is looked at before it is known what they are."""
_GENERIC = {"id", "nr", "no", "number", "nummer", "x", "y", "lon", "lat", "name", "from", "to"}
"""Headers that tables of every kind have."""
_SEVERAL, _MOST_SHEETS = 2, 20
_BY_FAR = 2.0
_ANY_OF = {"existing": ("power_kw", "kind")}
"""Columns of which a use needs one: without it no row can be read."""


@dataclass(frozen=True, slots=True)
class TableFound:
    """A table as it lies in a file.

    Parameters
    ----------
    columns : tuple of str
        Headers.
    samples : mapping of str to str
        The first cells of each column that are filled.
    sheets : tuple of str
        Sheets of a workbook, or layers of a map file, where there are several.
    keys : tuple of str
        Columns in which every row has a text of its own.
    is_matrix : bool
        Whether header and first column name the same.
    """

    columns: tuple[str, ...] = ()
    samples: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    is_matrix: bool = False

    def columns_for(self, use: FileUse) -> tuple[ColumnFound, ...]:
        """Columns of the table for those that a use reads."""
        needed = [name for names in use.needed for name in names]
        return found_columns(use.columns, needed, self.columns)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file may be.

    Parameters
    ----------
    uses : tuple of str
        Keys of :data:`~planner.workbench.dropped_uses.USES`, the likeliest first.
    is_sure : bool
        Whether the first one is by far the likeliest.
    """

    uses: tuple[str, ...]
    is_sure: bool
    table: TableFound = TableFound()

    @property
    def likeliest(self) -> str:
        """The use that may be taken without asking; empty where nobody can tell."""
        return self.uses[0] if self.is_sure else ""


def recognised(path: Path, sheet: str | None = None, header_row: int | None = None) -> Recognised:
    """Tell what a file may be.

    Parameters
    ----------
    sheet, header_row
        Where its table lies, as the user says.

    Raises
    ------
    InputDataError
        If it can be none, or cannot be read.
    """
    status = path.stat()
    return _recognised(path, (status.st_mtime_ns, status.st_size), sheet, header_row)


def likeliest_sheet(path: Path, first: Recognised, header_row: int | None = None) -> str:
    """The sheet or layer of a file that is read where nobody says which.

    One that is recognised, before the one with the most columns; empty where that is the first.

    Parameters
    ----------
    first : Recognised
        What the first one may be.
    """
    if first.likeliest or len(first.table.sheets) < _SEVERAL:
        return ""
    found = {}
    for sheet in first.table.sheets[:_MOST_SHEETS]:
        with suppress(InputDataError):  # told where it is chosen
            found[sheet] = recognised(path, sheet, header_row)

    def order(sheet: str) -> tuple[bool, int]:
        return bool(found[sheet].likeliest), len(found[sheet].table.columns)

    best = max(found, key=order, default="")
    is_first = found and found[best].table.columns == first.table.columns
    return "" if is_first else best


@lru_cache(maxsize=64)
def _recognised(
    path: Path,
    stamp: tuple[int, int],  # noqa: ARG001  # looked at again where the file has changed
    sheet: str | None,
    header_row: int | None,
) -> Recognised:
    name = path.name.lower()
    if name.endswith(OSM):
        return Recognised(("network_osm", "sites_osm"), is_sure=False)
    if name.endswith(XML):
        return _of_xml(path)
    if name.endswith(".omx"):
        return Recognised(("demand_od",), is_sure=True)
    if name.endswith((*POINT_LAYERS, *LINE_LAYERS)):
        return _of_layer(path, sheet)
    if not name.endswith(TABLES):
        msg = said(
            "{path}: expected a file that a study reads, found another ending", path=str(path)
        )
        raise InputDataError(msg)
    if is_register(path):
        return Recognised(("existing",), is_sure=True)
    return _of_table(_table_found(head_of_table(path, sheet, header_row)))


def head_of_table(
    path: Path, sheet: str | None = None, header_row: int | None = None
) -> pd.DataFrame:
    """A table, or of a large text file its first rows, which tell what the columns are.

    Raises
    ------
    InputDataError
        If it cannot be read.
    """
    keys = TableKeys("", sheet, header_row)
    if path.name.lower().endswith(TEXT_FILES) and path.stat().st_size > _HEAD_BYTES:
        with open_input(path, CSV) as file, TemporaryDirectory() as folder:
            start = file.read(_HEAD_BYTES)
            head = Path(folder) / path.name
            head.write_bytes(start[: start.rfind(b"\n") + 1])
            with suppress(InputDataError):  # a text over several lines is cut
                return read_table(head, keys, blank_corner=True)
    return read_table(path, keys, blank_corner=True)


def _of_xml(path: Path) -> Recognised:
    tag = outermost_element(path)
    if tag == "osm":
        return Recognised(("network_osm", "sites_osm"), is_sure=False)
    if tag not in _MATSIM:
        msg = said(
            "{path}: expected a MATSim network or population, found {told_kind}.",
            path=str(path),
            told_kind=told_kind(tag),
        )
        raise InputDataError(msg)
    return Recognised((_MATSIM[tag],), is_sure=True)


def _of_layer(path: Path, layer: str | None) -> Recognised:
    """A map file: by what its features are; one of several layers is asked for."""
    if path.suffix.lower() in {".json", ".geojson"}:
        with open_input(path, CSV) as file:
            start = file.read(_LOOKED_AT_BYTES)
        if not any(sign in start for sign in _FEATURES):
            return Recognised(("existing",), is_sure=True)
    layers = tuple(geometry_layers(path)) if path.suffix.lower() == ".gpkg" else ()
    if len(layers) > 1 and not layer:
        every = ("sites", "network_lines", "existing", "regions")
        return Recognised(every, is_sure=False, table=TableFound(sheets=layers))
    features = read_vector_file(path, layer or "")
    attributes = features.drop(columns=features.geometry.name).astype("string")
    found = _table_found(attributes.astype(object), layers)
    if set(features.geom_type.dropna()) & _LINES:
        return Recognised(("network_lines",), is_sure=True, table=found)
    has_places = TableFound(
        (*found.columns, *(name for name in ("lon", "lat") if name not in found.columns)),
        found.samples,
        found.sheets,
        found.keys,
    )
    if set(features.geom_type.dropna()) & _AREAS:
        return Recognised(("regions", "sites", "existing"), is_sure=False, table=has_places)
    return _of_table(has_places, ("sites", "existing"))


def _table_found(table: pd.DataFrame, sheets: tuple[str, ...] = ()) -> TableFound:
    columns = tuple(str(name) for name in table.columns)
    filled = {
        name: [str(cell) for cell in cells.dropna().head(_N_SAMPLES)]
        for name, cells in zip(columns, (table[name] for name in table.columns), strict=True)
    }
    keys = tuple(
        name
        for name, cells in zip(columns, (table[name] for name in table.columns), strict=True)
        if cells.notna().all() and cells.is_unique
    )
    return TableFound(
        columns,
        {name: ", ".join(cells)[:_SAMPLE_SIGNS] for name, cells in filled.items()},
        sheets or reading_of(table).sheets,
        keys,
        is_matrix=is_square(table),
    )


def _of_table(table: TableFound, among: tuple[str, ...] = ()) -> Recognised:
    """Uses by how many of their columns the table has, those that tell them from others first."""
    if table.is_matrix:
        return Recognised(("demand_od",), is_sure=True, table=table)
    names = among or tuple(name for name, use in USES.items() if use.columns and use.needed)
    scores = {name: _score(USES[name], table, _ANY_OF.get(name, ())) for name in names}
    ordered = sorted(names, key=lambda name: -scores[name])
    first = scores[ordered[0]]
    second = scores[ordered[1]]
    return Recognised(tuple(ordered), is_sure=first >= max(second, 0.0) + _BY_FAR, table=table)


def _score(use: FileUse, table: TableFound, any_of: tuple[str, ...]) -> float:
    found = {each.name: each for each in table.columns_for(use) if each.column}
    is_complete = any(all(name in found for name in names) for names in use.needed)
    is_complete &= not any_of or any(name in found for name in any_of)
    told = [found[name] for name in use.telling if name in found]
    telling = [each for each in told if each.column.lower() not in _GENERIC]
    weights = [1.0 if each.is_guessed else 2.0 for each in telling]
    return sum(weights) + (2.0 if is_complete else -2.0)
