"""Tables of text from the files that people keep them in: CSV, Excel, Parquet, map layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.bounds import CSV
from planner.files.csv_tables import read_text_table
from planner.files.input_files import open_input
from planner.files.parquet_tables import PARQUET_MAGIC, read_parquet_table
from planner.files.point_layers import read_point_layer
from planner.files.table_keys import Reading, TableKeys, with_reading
from planner.files.xlsx_tables import read_xlsx_table
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

TEXT_FILES = (".csv", ".tsv", ".tab", ".txt")
SPREADSHEETS = (".xlsx", ".xlsm")
PARQUET_FILES = (".parquet", ".pq")
MAP_FILES = (".gpkg", ".geojson", ".json")
TABLE_FILES = TEXT_FILES + SPREADSHEETS + PARQUET_FILES
_OTHERS = {
    ".xls": "Save it as .xlsx in Excel.",
    ".xlsb": "Save it as .xlsx in Excel.",
    ".ods": "Save it as .xlsx or CSV in LibreOffice.",
    ".numbers": "Export it as CSV.",
}

_PACKED = {
    b"PK\x03\x04": "a packed one. A workbook must be called .xlsx; unpack others.",
    b"\xd0\xcf\x11\xe0": "an old or protected workbook. Save it as .xlsx without a password.",
    b"\x1f\x8b\x08\x08": "a packed one. Unpack it.",
    b"\x1f\x8b\x08\x00": "a packed one. Unpack it.",
}


def read_table(
    path: Path,
    keys: TableKeys | None = None,
    *,
    with_places: bool = False,
    blank_corner: bool = False,
) -> pd.DataFrame:
    """Read a table, whatever program wrote it.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel workbook (.xlsx, .xlsm) or Parquet.
    keys : TableKeys, optional
        What the user says about how it lies in the file.
    with_places : bool
        Whether a GeoPackage or GeoJSON will do too: its geometry fills columns ``lon`` and ``lat``.
    blank_corner : bool
        Whether the first column may be without a name, as that of a matrix.

    Returns
    -------
    pandas.DataFrame
        Cells as text, None where empty; the index names the rows of the file. How it was read
        travels with it, for :func:`~planner.files.table_columns.named_columns` and
        :func:`~planner.files.table_columns.numbers`.

    Raises
    ------
    InputDataError
        If the file is of another kind, or broken.
    """
    keys = keys or TableKeys()
    kind = path.suffix.lower()
    kinds = TABLE_FILES + (MAP_FILES if with_places else ())
    if kind in MAP_FILES and with_places:
        if keys.header_row is not None:
            msg = said(
                "{path}: a map file has no header row; leave out {key}.",
                path=str(path),
                key=keys.key("header_row"),
            )
            raise InputDataError(msg)
        layer = read_point_layer(path, keys.sheet, keys.key("sheet"))
        return with_reading(layer, Reading(keys))
    if kind in SPREADSHEETS:
        return read_xlsx_table(path, keys, blank_corner=blank_corner)
    if kind in (*PARQUET_FILES, *TEXT_FILES, ""):
        # Content decides: tables of trips are often called .csv whatever they are.
        start = PARQUET_MAGIC if kind in PARQUET_FILES else _start(path)
        if start == PARQUET_MAGIC:
            return read_parquet_table(path, keys)
        if start in _PACKED:
            msg = said(
                "{path}: expected a text file, found {packed}",
                path=str(path),
                packed=_PACKED[start],
            )
            raise InputDataError(msg)
        return read_text_table(path, keys, blank_corner=blank_corner)
    hint = _OTHERS.get(kind, "Export it as one of these.")
    msg = said(
        "{path}: expected a table as {listed}, found {kind}. {hint}",
        path=str(path),
        listed=", ".join(kinds),
        kind=repr(kind),
        hint=hint,
    )
    raise InputDataError(msg)


def _start(path: Path) -> bytes:
    """The first bytes of a file."""
    with open_input(path, CSV) as stream:
        return stream.read(4)
