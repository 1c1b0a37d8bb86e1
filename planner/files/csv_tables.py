"""CSV files as tables of text, with row numbers a person finds again in a spreadsheet."""

from __future__ import annotations

import csv
import difflib
import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.bounds import CSV
from planner.files.input_files import read_input_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_SHOWN_ROWS = 8
_DELIMITERS = ",;\t"
_COMMA_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}([.]\d{3})+)(,\d+)?")
"""Number with a decimal comma, and points between thousands."""


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV file as text, with the delimiter (comma, semicolon or tab) found in its header.

    Where the delimiter is another one, decimal commas are turned into points, as German
    spreadsheets write them.

    Parameters
    ----------
    path : pathlib.Path
        UTF-8 file with a header row.

    Returns
    -------
    pandas.DataFrame
        A column of stripped text per header cell, missing values where a cell is empty; the index
        is the line number in the file, the header being line 1. Empty lines are left out.

    Raises
    ------
    InputDataError
        If the file is missing, empty, too large, not UTF-8, not rectangular, names a column
        twice, or has points beside decimal commas that may stand between thousands.
    """
    try:
        text = read_input_bytes(path, CSV).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = (
            f"{path}: expected UTF-8 text, found byte {error.start} that is not. "
            "In a spreadsheet save it as “CSV UTF-8”."
        )
        raise InputDataError(msg) from error
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    CSV.check(path, columns=header.count(delimiter) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        msg = f"{path}: not readable as CSV at row {reader.line_num}: {error}."
        raise InputDataError(msg) from error
    if len(rows) < 2:
        msg = f"{path}: expected a header and at least one row, found {len(rows)} rows of text."
        raise InputDataError(msg)
    table = _rectangular(path, rows)
    return table if delimiter == "," else _with_decimal_points(path, table)


def _with_decimal_points(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    """The same with decimal points in columns of numbers that have decimal commas."""
    comma_columns: list[str] = []
    point_columns: list[str] = []
    for column in table.columns:
        given = table[column].dropna()
        has_comma, has_point = (given.str.contains(sign, regex=False).any() for sign in ",.")
        if (has_comma or has_point) and given.str.fullmatch(_COMMA_NUMBER).all():
            (comma_columns if has_comma else point_columns).append(column)
    if not comma_columns:
        return table
    for column in point_columns:
        is_unclear = table[column].str.contains(".", regex=False).fillna(value=False).to_numpy(bool)
        first, where = table[column][is_unclear].iloc[0], rows_where(table, is_unclear)
        msg = (
            f"{path}: {column} has {first!r} and the like in {where}, while {comma_columns[0]} has "
            "decimal commas: is the point between thousands? Write numbers without points between "
            "thousands, and all decimals with the same sign."
        )
        raise InputDataError(msg)
    plain = {
        column: table[column].str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        for column in comma_columns
    }
    return table.assign(**plain)


def _rectangular(path: Path, rows: list[tuple[int, list[str]]]) -> pd.DataFrame:
    columns = [cell.strip() for cell in rows[0][1]]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        msg = f"{path}: column names must be unique, found more than once: {', '.join(twice)}."
        raise InputDataError(msg)
    uneven = [line for line, row in rows if len(row) != len(columns)]
    if uneven:
        msg = (
            f"{path}: expected {len(columns)} cells in every row as in the header, found another "
            f"number in {row_list(uneven)}. Quote cells that hold the delimiter."
        )
        raise InputDataError(msg)
    table = pd.DataFrame(
        [[cell.strip() for cell in row] for _, row in rows[1:]],
        columns=columns,
        index=pd.Index([line for line, _ in rows[1:]], name="row"),
        dtype=object,
    )
    return table.mask(table == "", None)


def require_columns(
    table: pd.DataFrame, columns: Iterable[str], where: str, named_under: str = ""
) -> None:
    """Check that a table has the columns it must have.

    Parameters
    ----------
    table : pandas.DataFrame
        The table.
    columns : iterable of str
        Columns it must have.
    where : str
        File, for messages.
    named_under : str
        Key of the scenario under which columns with other names can be told, if there is one.

    Raises
    ------
    InputDataError
        If one is missing; the message names those that look like it.
    """
    missing = [name for name in columns if name not in table.columns]
    if not missing:
        return
    found = [str(name) for name in table.columns]
    hints = [f"{name}{_did_you_mean(name, found)}" for name in missing]
    msg = f"{where}: missing column {', '.join(hints)}. Found columns: {', '.join(found)}."
    if named_under:
        msg += f" Columns that are called otherwise can be named under {named_under}."
    raise InputDataError(msg)


def _did_you_mean(name: str, found: Sequence[str]) -> str:
    lower = {other.lower(): other for other in found}
    near = difflib.get_close_matches(name.lower(), lower, n=2, cutoff=0.6)
    return f" (did you mean {' or '.join(lower[other] for other in near)}?)" if near else ""


def numbers(table: pd.DataFrame, column: str, where: str, unit: str) -> NDArray[np.float64]:
    """Read a column of text as finite numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        Text; the index names the rows.
    column : str
        Column to read.
    where : str
        File, for messages.
    unit : str
        What the numbers are, for messages, for example ``"km"``.

    Returns
    -------
    (n_rows,) float64
        NaN where a cell is empty.

    Raises
    ------
    InputDataError
        If a cell holds something else than a finite number.
    """
    text = table[column]
    values = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64)
    given = text.notna().to_numpy()
    wrong = given & ~np.isfinite(values)
    if wrong.any():
        first = str(text[wrong].iloc[0])
        hint = " Write decimals with a point." if "," in first else ""
        msg = (
            f"{where}: {column} must be a finite number ({unit}), found {first!r} and the like in "
            f"{rows_where(table, wrong)}.{hint}"
        )
        raise InputDataError(msg)
    return values


def rows_where(table: pd.DataFrame, chosen: NDArray[np.bool_]) -> str:
    """Name the rows of a table that are chosen, for a message."""
    return row_list(table.index[chosen], kind=str(table.index.name or "row"))


def row_list(rows: Iterable[object], kind: str = "row") -> str:
    """Name rows for a message, the first few of them.

    Parameters
    ----------
    rows : iterable
        Row numbers or names.
    kind : str
        What one of them is called.

    Returns
    -------
    str
        For example ``"rows 3, 7, 9 and 12 more"``.
    """
    names = [str(row) for row in rows]
    more = len(names) - _SHOWN_ROWS
    tail = f" and {more} more" if more > 0 else ""
    return f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names[:_SHOWN_ROWS])}{tail}"


def refuse_rows(table: pd.DataFrame, wrong: NDArray[np.bool_], where: str, expected: str) -> None:
    """Refuse a table if any of its rows is wrong.

    Raises
    ------
    InputDataError
        Names the file, what was expected and the wrong rows.
    """
    if wrong.any():
        msg = f"{where}: {expected}; see {rows_where(table, wrong)}."
        raise InputDataError(msg)
