"""Tables of text from the files that people keep them in: CSV, spreadsheets, map layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.csv_tables import read_text_table
from planner.files.point_layers import read_point_layer
from planner.files.xlsx_tables import read_xlsx_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

TEXT_FILES = (".csv", ".tsv", ".txt")
SPREADSHEETS = (".xlsx",)
MAP_FILES = (".gpkg", ".geojson", ".json")
TABLE_FILES = TEXT_FILES + SPREADSHEETS + MAP_FILES


def read_table_file(path: Path, sheet: str | None = None) -> pd.DataFrame:
    """Read a table with a row per place, whatever program wrote it.

    Parameters
    ----------
    path : pathlib.Path
        CSV (comma, semicolon or tab), Excel workbook (.xlsx), GeoPackage or GeoJSON.
    sheet : str, optional
        Sheet of a spreadsheet (the first by default) or layer of a map file (the only one).

    Returns
    -------
    pandas.DataFrame
        Cells as text, missing where empty; the index names the rows of the file.

    Raises
    ------
    InputDataError
        If the file is of another kind, or broken.
    """
    kind = path.suffix.lower()
    if kind not in TABLE_FILES:
        msg = f"{path}: expected a table as {', '.join(TABLE_FILES)}, found {kind!r}."
        raise InputDataError(msg)
    if kind in MAP_FILES:
        return read_point_layer(path, sheet)
    if kind in SPREADSHEETS:
        return read_xlsx_table(path, sheet)
    return read_text_table(path)
