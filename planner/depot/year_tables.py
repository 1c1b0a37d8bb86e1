"""Tables with a row per hour or quarter of an hour of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.table_columns import named_columns, numbers, refuse_rows, require_columns
from planner.files.table_files import read_table
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from pathlib import Path

    from planner.files.table_keys import TableKeys

_YEARS = (8_760, 8_784, 35_040, 35_136)


def read_year_columns(
    path: Path, keys: TableKeys, columns: tuple[str, ...], named_under: str
) -> pd.DataFrame:
    """Read columns of a year.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel or Parquet file with a row per hour or quarter of an hour, from 1 January on.
    columns : tuple of str
        Columns to read, all numbers.
    named_under : str
        Key of the study that names them, for messages.

    Returns
    -------
    pandas.DataFrame
        Those columns, float64.

    Raises
    ------
    InputDataError
        If a column is missing, a value is not a number, or the rows are not those of a year.
    """
    where = str(path)
    known = {column: (column,) for column in columns}
    found = read_table(path, keys)
    table = named_columns(found, known, where, columns={})
    missing = [column for column in columns if column not in table]
    require_columns(found, missing, where, named_under)
    if len(table) not in _YEARS:
        msg = said(
            "{path}: expected the rows of a year, {years} (hours or quarters of an hour), found "
            "{n}.",
            path=str(path),
            years=[said("{n}", n=n) for n in _YEARS],
            n=len(table),
        )
        raise InputDataError(msg)
    year = {}
    for column in columns:
        year[column] = numbers(table, column, where, "each hour's or quarter's")
        empty = np.isnan(year[column])
        rule = said("{column} must have a number in every row", column=AsWritten(column))
        refuse_rows(table, empty, where, rule)
    return pd.DataFrame(year)
