"""Prices that change by the hour: of a power exchange, and of energy fed in."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from planner.errors import InputDataError
from planner.scenario.tariffs import DAY_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from planner.scenario.tariffs import SpotPrices

_QUARTER = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SpotSeries:
    """Prices of an exchange.

    Parameters
    ----------
    file : str
        Where they come from, for messages.
    by_time : dict of datetime to Decimal
        Price of a kWh from a quarter of an hour of local time on; empty for a typical year.
    by_month_and_hour : dict of (int, int) to Decimal
        Price of a kWh in a typical year; empty for a series.
    """

    file: str
    by_time: dict[dt.datetime, Decimal]
    by_month_and_hour: dict[tuple[int, int], Decimal]

    def prices(self, first_day: dt.date, n_days: int) -> list[Decimal]:
        """Price of each quarter of an hour, 96 a day.

        Raises
        ------
        InputDataError
            If the series has no value for one of them.
        """
        first = dt.datetime.combine(first_day, dt.time())
        times = [first + quarter * _QUARTER for quarter in range(96 * n_days)]
        if self.by_month_and_hour:
            return [self.by_month_and_hour[time.month, time.hour] for time in times]
        missing = [time for time in times if time not in self.by_time]
        if missing:
            known = f"{min(self.by_time)} to {max(self.by_time)}"
            msg = (
                f"{self.file}: has no price for {missing[0]}, and for {len(missing)} quarters of "
                f"an hour in all; it goes from {known}; complete it or choose another date"
            )
            raise InputDataError(msg)
        return [self.by_time[time] for time in times]


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Prices of energy fed in: a Decimal per kWh by (month, kind of day, hour)."""

    by_hour: dict[tuple[int, int, int], Decimal]

    def prices(self, month: int, kind: int) -> list[Decimal]:
        """Price of each quarter of an hour of a kind of day."""
        return [self.by_hour[month, kind, quarter // 4] for quarter in range(96)]


def read_spot_series(section: SpotPrices) -> SpotSeries:
    """Read prices of an exchange.

    Raises
    ------
    InputDataError
        If a column is missing, a value is not a number, a time stands twice or a month lacks an
        hour.
    """
    path = section.file
    unit = Decimal(1000) if section.unit == "per_mwh" else Decimal(1)
    rows = _rows(path)
    columns = set(rows[0]) if rows else set()
    if {"month", "hour", "price"} <= columns:
        typical: dict[tuple[int, int], Decimal] = {}
        for number, row in enumerate(rows, start=2):
            key = (_whole(path, number, row, "month"), _whole(path, number, row, "hour"))
            _put(path, number, typical, key, _number(path, number, row, "price") / unit)
        wanted = {(month, hour) for month in range(1, 13) for hour in range(24)}
        _check_complete(path, wanted, set(typical), "month and hour")
        return SpotSeries(str(path), {}, typical)
    if {"time", "price"} <= columns:
        return SpotSeries(str(path), _series(path, rows, unit), {})
    msg = (
        f"{path}: expected columns time and price, or month, hour and price; found "
        f"{', '.join(columns) or 'nothing'}"
    )
    raise InputDataError(msg)


def read_export_table(path: Path, year: int | None) -> ExportTable:
    """Read prices of energy fed in, in the layout of the Californian net billing tables.

    Parameters
    ----------
    path : pathlib.Path
        CSV with columns DateStart, TimeStart, DateEnd, TimeEnd, DayTypeStart, DayTypeEnd, Value.
    year : int, optional
        Year whose prices are taken; the last of the file by default.

    Raises
    ------
    InputDataError
        If the year is not there, or an hour of it has no price or several.
    """
    rows = _rows(path)
    needed = ("DateStart", "TimeStart", "TimeEnd", "DayTypeStart", "DayTypeEnd", "Value")
    lacking = [column for column in needed if not rows or column not in rows[0]]
    if lacking:
        msg = f"{path}: the columns {', '.join(lacking)} are missing"
        raise InputDataError(msg)
    years = sorted({row["DateStart"][:4] for row in rows})
    chosen = years[-1] if year is None else str(year)
    if chosen not in years:
        msg = f"{path}: has no prices of {chosen}; it has {', '.join(years)} (table_year)"
        raise InputDataError(msg)
    by_hour: dict[tuple[int, int, int], Decimal] = {}
    for number, row in enumerate(rows, start=2):
        if row["DateStart"][:4] != chosen:
            continue
        try:
            months = range(int(row["DateStart"][5:7]), int(row["DateEnd"][5:7]) + 1)
            hours = range(int(row["TimeStart"][:2]), int(row["TimeEnd"][:2]) + 1)
        except ValueError:
            msg = f"{path}, row {number}: expected dates 2024-01-31 and times 00:00:00"
            raise InputDataError(msg) from None
        first = _whole(path, number, row, "DayTypeStart")
        last = _whole(path, number, row, "DayTypeEnd")
        value = _number(path, number, row, "Value")
        for month in months:
            for kind in range(first - 1, last):
                for hour in hours:
                    _put(path, number, by_hour, (month, kind, hour), value)
    wanted = {
        (month, kind, hour)
        for month in range(1, 13)
        for kind in range(len(DAY_TYPES))
        for hour in range(24)
    }
    _check_complete(path, wanted, set(by_hour), "month, kind of day (0 Monday to 7 holiday), hour")
    return ExportTable(by_hour)


def _series(path: Path, rows: list[dict[str, str]], unit: Decimal) -> dict[dt.datetime, Decimal]:
    """Prices by quarter of an hour, from hours or quarters."""
    given: dict[dt.datetime, Decimal] = {}
    for number, row in enumerate(rows, start=2):
        try:
            time = dt.datetime.fromisoformat(row["time"]).replace(tzinfo=None)
        except ValueError:
            msg = (
                f"{path}, row {number}, column time: expected a local time such as "
                f"2026-04-15T13:00, found {row['time']!r}"
            )
            raise InputDataError(msg) from None
        _put(path, number, given, time, _number(path, number, row, "price") / unit)
    times = sorted(given)
    by_quarter = any(time.minute % 60 for time in times)
    n_quarters = 1 if by_quarter else 4
    return {
        time + quarter * _QUARTER: given[time] for time in times for quarter in range(n_quarters)
    }


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: not readable as CSV ({error})"
        raise InputDataError(msg) from error


def _number(path: Path, number: int, row: dict[str, str], column: str) -> Decimal:
    try:
        value = Decimal((row[column] or "").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        msg = f"{path}, row {number}, column {column}: expected a number, found {row[column]!r}"
        raise InputDataError(msg)
    return value


def _whole(path: Path, number: int, row: dict[str, str], column: str) -> int:
    value = _number(path, number, row, column)
    if value != int(value):
        msg = f"{path}, row {number}, column {column}: expected a whole number, found {value}"
        raise InputDataError(msg)
    return int(value)


def _put(path: Path, number: int, prices: dict[Any, Decimal], key: object, value: Decimal) -> None:
    if key in prices:
        msg = f"{path}, row {number}: a second price for {key}; leave one"
        raise InputDataError(msg)
    prices[key] = value


def _check_complete(path: Path, wanted: set[Any], found: set[Any], what: str) -> None:
    gaps = sorted(wanted - found, key=str)
    if gaps or found - wanted:
        odd = sorted(found - wanted, key=str)
        problem = f"no price for {gaps[0]}" if gaps else f"a price for {odd[0]}"
        msg = f"{path}: {problem} ({what}), expected one for each of {len(wanted)}"
        raise InputDataError(msg)
