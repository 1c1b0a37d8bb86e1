"""Sheets of Excel workbooks as tables of text, with the row numbers that Excel shows."""

from __future__ import annotations

import warnings
import zlib
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from planner.errors import InputDataError, quoted
from planner.files.bounds import XLSX
from planner.files.input_files import open_input
from planner.files.number_signs import signs_of_typed_file
from planner.files.reading_notes import note
from planner.files.row_names import name_list, row_list
from planner.files.safe_files import check_zip
from planner.files.table_keys import Reading, TableKeys, with_reading
from planner.files.table_rows import table_of_rows
from planner.files.typed_cells import cell_text
from planner.files.xlsx_sheets import SheetMarks, sheet_marks
from planner.said import bracketed, said, set_off

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

_TypedRows = list[tuple[int, list[Any]]]
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""How workbooks begin that are older than .xlsx, or encrypted with a password."""
_DAMAGE = (
    BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    OSError,
    EOFError,
    RuntimeError,
    SyntaxError,
)
"""openpyxl meets damage wherever it is and lets through what its parsers say."""


def read_xlsx_table(
    path: Path, keys: TableKeys | None = None, *, blank_corner: bool = False
) -> pd.DataFrame:
    """Read a sheet of an Excel workbook as text.

    Parameters
    ----------
    path : pathlib.Path
        Workbook as .xlsx or .xlsm.
    keys : TableKeys, optional
        What the user says about it.
    blank_corner : bool
        Whether the first column may be without a name, as that of a matrix.

    Returns
    -------
    pandas.DataFrame
        A column of text per header cell, None where a cell is empty; the index is the row as Excel
        counts. Titles above the header, empty rows and columns are left out. Formulas count with
        the value that Excel saved.

    Raises
    ------
    InputDataError
        If the file is missing, damaged, protected or too large, the sheet is missing or empty,
        column names are missing or repeated, cells below the header are merged, or a formula was
        saved without a value.
    """
    keys = keys or TableKeys()
    _refuse_locked(path)
    check_zip(path, XLSX)
    sheets, sheet, values, formulas, marks = _opened(path, keys)
    _refuse_uncalculated(path, values, formulas, marks)
    rows = [(number, [cell_text(cell) for cell in row]) for number, row in values]
    table, header_row = table_of_rows(
        path, rows, keys, must_be_even=False, blank_corner=blank_corner
    )
    _refuse_merged(path, marks, header_row, values[-1][0])
    if len(sheets) > 1 and keys.sheet is None:
        note(path, said("sheet {sheet!r} of {sheets} read", sheet=sheet, sheets=name_list(sheets)))
    signs = signs_of_typed_file(table, _text_columns(table, values, header_row))
    reading = Reading(
        keys,
        tuple(sheets),
        sheet,
        header_row,
        signs,
        hidden_rows=frozenset(marks.hidden_rows),
    )
    return with_reading(table, reading)


def _refuse_locked(path: Path) -> None:
    with open_input(path, XLSX) as stream:
        start = stream.read(len(_OLD_OR_LOCKED))
    if start == _OLD_OR_LOCKED:
        msg = said(
            "{path}: the workbook is protected with a password, or older than .xlsx. Save it "
            "as .xlsx without a password.",
            path=str(path),
        )
        raise InputDataError(msg)


def _opened(
    path: Path, keys: TableKeys
) -> tuple[list[str], str, _TypedRows, _TypedRows, SheetMarks]:
    """Names of the sheets, the chosen one, its rows as values and as formulas, and its marks."""
    try:
        sheets, sheet, values, marks = _sheet_rows(path, keys, with_values=True)
        formulas = _sheet_rows(path, keys, with_values=False)[2]
    except SyntaxError as error:
        msg = said(
            "{path}: holds XML that is not well-formed ({error}). Save it again from Excel.",
            path=str(path),
            error=str(error),
        )
        raise InputDataError(msg) from error
    except _DAMAGE as error:
        msg = said(
            "{path}: not a readable .xlsx workbook ({error}). Save it again from Excel.",
            path=str(path),
            error=str(error),
        )
        raise InputDataError(msg) from error
    return sheets, sheet, values, formulas, marks


def _sheet_rows(
    path: Path, keys: TableKeys, *, with_values: bool
) -> tuple[list[str], str, _TypedRows, SheetMarks]:
    # Excel tables bring half a second of import that other studies need not wait for.
    from openpyxl import load_workbook  # noqa: PLC0415

    with warnings.catch_warnings():
        # What openpyxl cannot keep when writing (validations, styles) is no matter here.
        warnings.simplefilter("ignore", UserWarning)
        book = load_workbook(path, read_only=True, data_only=with_values, keep_links=False)
        try:
            sheet = _chosen_sheet(path, book, keys)
            marks = SheetMarks()
            if with_values:
                # openpyxl keeps to itself which part of the archive a sheet is.
                marks = sheet_marks(path, book._archive, sheet._worksheet_path)  # noqa: SLF001
            names = [one.title for one in book.worksheets]
            return names, sheet.title, list(_filled_rows(path, sheet)), marks
        finally:
            book.close()


def _chosen_sheet(path: Path, book: Any, keys: TableKeys) -> Any:
    names = [one.title for one in book.worksheets]
    if keys.sheet is None and names:
        usual = next((name for name in keys.usual_sheets if name in names), names[0])
        return book[usual]
    if keys.sheet not in names:
        named = set_off(bracketed(keys.key("sheet"))) if keys.section else ""
        msg = said(
            "{path}: expected a sheet {sheet}{named}, found {value}.",
            path=str(path),
            sheet=quoted(keys.sheet),
            named=named,
            value=name_list(names) or "none",
        )
        raise InputDataError(msg)
    return book[keys.sheet]


def _filled_rows(path: Path, sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    # What a file says of its own extent may be wrong, also on purpose.
    sheet.reset_dimensions()
    n_cells = 0
    rows = sheet.iter_rows(values_only=True, max_row=XLSX.max_rows)
    for number, row in enumerate(rows, start=1):
        if any(cell_text(cell) is not None for cell in row):
            n_cells += len(row)
            XLSX.check(path, columns=len(row), cells=n_cells)
            yield number, list(row)


def _refuse_uncalculated(
    path: Path, values: _TypedRows, formulas: _TypedRows, marks: SheetMarks
) -> None:
    """A formula without a saved value would read as an empty cell."""
    value_of = dict(values)
    rows = [
        number
        for number, row in formulas
        for place, cell in enumerate(row)
        if _is_formula(cell)
        and _cell(value_of.get(number, []), place) is None
        and (number, place + 1) not in marks.text_formulas
    ]
    if rows:
        msg = said(
            "{path}: holds formulas without a saved value in {rows}. Open and save the "
            "workbook in Excel, or paste values.",
            path=str(path),
            rows=row_list(dict.fromkeys(rows)),
        )
        raise InputDataError(msg)


def _is_formula(cell: object) -> bool:
    if isinstance(cell, str):
        return cell.startswith("=")
    return type(cell).__name__ in {"ArrayFormula", "DataTableFormula"}


def _refuse_merged(path: Path, marks: SheetMarks, header_row: int, last_row: int) -> None:
    """Merged cells hold one value, of which nobody knows whether it counts for each or for all."""
    below = sorted(
        first for first, last, _ in marks.merged if last > header_row and first <= last_row
    )
    if below:
        msg = said(
            "{path}: has merged cells below the header from {rows} on. Split them in Excel "
            "and write into each cell what it holds.",
            path=str(path),
            rows=row_list(dict.fromkeys(below)),
        )
        raise InputDataError(msg)


def _text_columns(table: pd.DataFrame, values: _TypedRows, header_row: int) -> set[str]:
    """Columns with cells that are text in the file."""
    header = next(row for number, row in values if number == header_row)
    names = [" ".join((cell_text(cell) or "").split()) for cell in header]
    below = [row for number, row in values if number > header_row]
    return {
        name
        for place, name in enumerate(names)
        if name in table.columns and any(isinstance(_cell(row, place), str) for row in below)
    }


def _cell(row: list[Any], column: int) -> Any:
    return row[column] if column < len(row) else None
