"""Tables with a row per hour or quarter of an hour of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError

if TYPE_CHECKING:
    from pathlib import Path

_YEARS = (8_760, 8_784, 35_040, 35_136)


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV or Excel file.

    Raises
    ------
    InputDataError
        If it is neither.
    """
    try:
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            return pd.read_excel(path)
        return pd.read_csv(path, sep=None, engine="python", encoding="utf-8-sig")
    except (OSError, ValueError, pd.errors.ParserError, KeyError) as error:
        msg = f"{path}: not readable as a table ({error}); expected CSV or Excel"
        raise InputDataError(msg) from error


def read_year_columns(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read columns of a year.

    Parameters
    ----------
    path : pathlib.Path
        CSV or Excel file with a row per hour or quarter of an hour, from 1 January on.
    columns : tuple of str
        Columns to read, all numbers.

    Returns
    -------
    pandas.DataFrame
        Those columns, float64.

    Raises
    ------
    InputDataError
        If a column is missing, a value is not a number, or the rows are not those of a year.
    """
    table = read_table(path)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        msg = (
            f"{path}: the column {missing[0]!r} is missing; the file has "
            f"{', '.join(map(str, table.columns))}"
        )
        raise InputDataError(msg)
    if len(table) not in _YEARS:
        msg = (
            f"{path}: has {len(table)} rows, expected those of a year: "
            f"{', '.join(map(str, _YEARS))} (hours or quarters of an hour)"
        )
        raise InputDataError(msg)
    numbers = table[list(columns)].apply(pd.to_numeric, errors="coerce")
    wrong = np.argwhere(~np.isfinite(numbers.to_numpy(dtype=float)))
    if len(wrong):
        row, column = (int(place) for place in wrong[0])
        msg = (
            f"{path}, row {row + 2}, column {columns[column]}: expected a number, found "
            f"{table[columns[column]].tolist()[row]!r}"
        )
        raise InputDataError(msg)
    return pd.DataFrame(numbers.astype(float))
