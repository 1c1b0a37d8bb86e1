"""Sheets of Excel workbooks as tables of text, with the row numbers that Excel shows."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import pandas as pd

from planner.errors import InputDataError
from planner.files.bounds import XLSX
from planner.files.csv_tables import row_list
from planner.files.safe_files import check_zip
from planner.files.typed_cells import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_Rows = list[tuple[int, list[Any]]]


def read_xlsx_table(path: Path, sheet: str | None = None) -> pd.DataFrame:
    """Read a sheet of an Excel workbook as text.

    Parameters
    ----------
    path : pathlib.Path
        Workbook as .xlsx.
    sheet : str, optional
        Name of the sheet; the first by default.

    Returns
    -------
    pandas.DataFrame
        A column of text per header cell, None where a cell is empty; the index is the row as Excel
        counts. The first row that is not empty is the header; empty rows and columns are left out.
        Formulas count with the value that Excel saved.

    Raises
    ------
    InputDataError
        If the file is missing, damaged, protected or too large, the sheet is missing or empty,
        column names are missing or repeated, or a formula was saved without a value.
    """
    check_zip(path, XLSX)
    values = _sheet_rows(path, sheet, with_values=True)
    if len(values) < 2:
        msg = f"{path}: expected a header and at least one row, found {len(values)} rows."
        raise InputDataError(msg)
    _refuse_uncalculated(path, values, _sheet_rows(path, sheet, with_values=False))
    return _table(path, values)


def _sheet_rows(path: Path, sheet: str | None, *, with_values: bool) -> _Rows:
    """Rows of a sheet that are not empty, by row number; formulas as values or as formulas."""
    # Excel tables bring half a second of import that other studies need not wait for.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # What openpyxl cannot keep when writing (validations, styles) is no matter here.
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(path, read_only=True, data_only=with_values, keep_links=False)
            try:
                return list(_filled_rows(_chosen_sheet(path, book, sheet)))
            finally:
                book.close()
    # openpyxl meets damage wherever it is and lets through what its parsers say.
    except (
        BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        EOFError,
    ) as error:
        msg = f"{path}: not a readable .xlsx workbook ({error}). Save it again from Excel."
        raise InputDataError(msg) from error
    except SyntaxError as error:
        msg = f"{path}: holds XML that is not well-formed ({error}). Save it again from Excel."
        raise InputDataError(msg) from error


def _chosen_sheet(path: Path, book: Any, sheet: str | None) -> Any:
    names = [one.title for one in book.worksheets]
    if sheet is None and names:
        return book.worksheets[0]
    if sheet not in names:
        msg = f"{path}: expected a sheet {sheet!r}, found {', '.join(names) or 'none'}."
        raise InputDataError(msg)
    return book[sheet]


def _filled_rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    # What a file says of its own extent may be wrong, also on purpose.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell_text(cell) is not None for cell in row):
            yield number, list(row)


def _refuse_uncalculated(path: Path, values: _Rows, formulas: _Rows) -> None:
    """A formula without a saved value would read as an empty cell."""
    value_of = dict(values)
    rows = [
        number
        for number, row in formulas
        for column, cell in enumerate(row)
        if isinstance(cell, str)
        and cell.startswith("=")
        and _cell(value_of.get(number, []), column) is None
    ]
    if rows:
        msg = (
            f"{path}: holds formulas without a saved value in {row_list(dict.fromkeys(rows))}. "
            "Open and save the workbook in Excel, or paste values."
        )
        raise InputDataError(msg)


def _table(path: Path, rows: _Rows) -> pd.DataFrame:
    width = max(len(row) for _, row in rows)
    header = [cell_text(_cell(rows[0][1], column)) for column in range(width)]
    cells = [[cell_text(_cell(row, column)) for column in range(width)] for _, row in rows[1:]]
    numbers = [number for number, _ in rows[1:]]
    unnamed = [
        number
        for number, row in zip(numbers, cells, strict=True)
        if any(name is None and cell is not None for name, cell in zip(header, row, strict=True))
    ]
    if unnamed:
        msg = f"{path}: cells without a column name above them in {row_list(unnamed)}."
        raise InputDataError(msg)
    named = [column for column, name in enumerate(header) if name is not None]
    names = [str(header[column]) for column in named]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{path}: column names must be unique, found more than once: {', '.join(twice)}."
        raise InputDataError(msg)
    return pd.DataFrame(
        [[row[column] for column in named] for row in cells],
        columns=names,
        index=pd.Index(numbers, name="row"),
        dtype=object,
    )


def _cell(row: list[Any], column: int) -> Any:
    return row[column] if column < len(row) else None
