"""Prices of energy fed in by month, hour and kind of day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.price_columns import (
    check_complete,
    exact_prices,
    put_once,
    whole_numbers,
)
from planner.errors import InputDataError
from planner.files.table_columns import named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys
from planner.files.table_times import column_times
from planner.said import AsWritten, said
from planner.scenario.tariffs import DAY_TYPES

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    import pandas as pd

_COLUMNS = ("DateStart", "TimeStart", "DateEnd", "TimeEnd", "DayTypeStart", "DayTypeEnd", "Value")
_CLOCK = re.compile(r"([01]?\d|2[0-3])(:[0-5]\d){1,2}(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Prices of energy fed in: a Decimal per kWh by (month, kind of day, hour)."""

    by_hour: dict[tuple[int, int, int], Decimal]

    def prices(self, month: int, kind: int) -> list[Decimal]:
        """Price of each quarter of an hour of a kind of day."""
        return [self.by_hour[month, kind, quarter // 4] for quarter in range(96)]


def read_export_table(path: Path, year: int | None) -> ExportTable:
    """Read prices of energy fed in, in the layout of the Californian net billing tables.

    Parameters
    ----------
    path : pathlib.Path
        Table with columns DateStart, TimeStart, DateEnd, TimeEnd, DayTypeStart, DayTypeEnd, Value.
    year : int, optional
        Year whose prices are taken; the last of the file by default.

    Raises
    ------
    InputDataError
        If the year is not there, or an hour of it has no price or several.
    """
    where = str(path)
    table = named_columns(
        read_table(path, TableKeys("export")),
        {name: (name,) for name in _COLUMNS},
        where,
        required=_COLUMNS,
    )
    starts = column_times(table, "DateStart", where)
    years = sorted({time.year for time in starts})
    chosen = years[-1] if year is None else year
    if chosen not in years:
        msg = said(
            "{path}: has no prices of {year}; it has {known} (table_year)",
            path=str(path),
            year=str(chosen),
            known=[*map(str, years)],
        )
        raise InputDataError(msg)
    ends = column_times(table, "DateEnd", where)
    months = [
        range(start.month, end.month + 1) if start.year == end.year == chosen else range(0)
        for start, end in zip(starts, ends, strict=True)
    ]
    hours = list(
        zip(_hours(table, "TimeStart", where), _hours(table, "TimeEnd", where), strict=True)
    )
    kinds = list(
        zip(
            whole_numbers(table, "DayTypeStart", where, 1, len(DAY_TYPES)),
            whole_numbers(table, "DayTypeEnd", where, 1, len(DAY_TYPES)),
            strict=True,
        )
    )
    prices = exact_prices(table, "Value", where, "a price of a kWh")
    by_hour: dict[tuple[int, int, int], Decimal] = {}
    for row, of_months, (first, last), (begin, end), price in zip(
        table.index, months, hours, kinds, prices, strict=True
    ):
        for month in of_months:
            for kind in range(begin - 1, end):
                for hour in range(first, last + 1):
                    put_once(path, row, by_hour, (month, kind, hour), price)
    wanted = {
        (month, kind, hour)
        for month in range(1, 13)
        for kind in range(len(DAY_TYPES))
        for hour in range(24)
    }
    check_complete(path, wanted, set(by_hour), "month, kind of day (0 Monday to 7 holiday), hour")
    return ExportTable(by_hour)


def _hours(table: pd.DataFrame, column: str, where: str) -> list[int]:
    """Hour of each time of day of a column."""
    found = [_CLOCK.fullmatch(cell or "") for cell in table[column]]
    refuse_rows(
        table,
        np.array([match is None for match in found]),
        where,
        said("{column} must be a time of day such as 13:00:00", column=AsWritten(column)),
    )
    return [int(match[1]) for match in found if match is not None]
