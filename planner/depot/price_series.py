"""Prices of a power exchange, which change by the hour or quarter of an hour."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from planner.depot.local_prices import QUARTER, gap_list, local_clock, prices_by_quarter
from planner.depot.price_columns import check_complete, exact_prices, put_once, whole_numbers
from planner.errors import InputDataError, quoted
from planner.files.reading_notes import note
from planner.files.row_names import row_list
from planner.files.table_columns import named_columns, require_columns
from planner.files.table_files import read_table
from planner.files.table_keys import reading_of, with_reading
from planner.files.table_times import column_times
from planner.said import said

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    import pandas as pd

    from planner.scenario.tariffs import SpotPrices

_COLUMNS = {
    "month": ("month",),
    "hour": ("hour",),
    "time": (
        *("time", "datetime", "timestamp", "unix_seconds"),
        *("MTU (CET/CEST)", "MTU (UTC)", "MTU (CET)", "MTU"),  # ENTSO-E
        *("Datum von", "Start date"),  # SMARD
        *("Datum (MEZ)", "Date (GMT+1)", "Datum (UTC)", "Date (UTC)"),  # energy-charts
    ),
    "price": (
        *("price", "Price (EUR/MWh)", "Price [EUR/MWh]", "Preis (EUR/MWh)", "Preis [EUR/MWh]"),
        *("Day-ahead Price (EUR/MWh)", "Day-ahead Price [EUR/MWh]"),
        *("Day Ahead Price (EUR/MWh)", "Day Ahead Price [EUR/MWh]"),
        *("Deutschland/Luxemburg [€/MWh]", "Germany/Luxembourg [€/MWh]"),
        "Deutschland/Luxemburg [€/MWh] Originalauflösungen",
        "Deutschland/Luxemburg [€/MWh] Berechnete Auflösungen",
        "Germany/Luxembourg [€/MWh] Original resolutions",
        "Germany/Luxembourg [€/MWh] Calculated resolutions",
        *("Day Ahead Auktion (DE-LU)", "Day Ahead Auction (DE-LU)"),
    ),
}
"""Names that are known without being told, as exchanges export them."""
_NO_PRICE = {"", "-", "n/e", "n/a", "nan", "null"}
_UNIT = re.compile(r"(?P<money>[A-Z]{3}|€|ct|cents?|øre)\s*/\s*(?P<energy>[kM]Wh)", re.IGNORECASE)
_OFFSET = re.compile(r"\b(?:UTC|GMT)(?P<hours>[+-]\d{1,2})?\b")
_HIGH_PER_KWH, _LOW_PER_MWH = 5, 3
"""Prices beyond these, of a kWh and a MWh, look as if the unit were the other one."""


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
        times = [first + quarter * QUARTER for quarter in range(96 * n_days)]
        if self.by_month_and_hour:
            return [self.by_month_and_hour[time.month, time.hour] for time in times]
        missing = [time for time in times if time not in self.by_time]
        if missing:
            starts = [time for time in missing if time - QUARTER not in missing]
            ends = [time + QUARTER for time in missing if time + QUARTER not in missing]
            msg = said(
                "{file}: has no price for {first}, and for {n} quarters of an hour in all "
                "({gaps}); it goes from {begin} to {end}; complete it or choose another date",
                file=str(self.file),
                first=str(missing[0]),
                n=len(missing),
                gaps=gap_list(list(zip(starts, ends, strict=True))),
                begin=str(min(self.by_time)),
                end=str(max(self.by_time) + QUARTER),
            )
            raise InputDataError(msg)
        return [self.by_time[time] for time in times]


def read_spot_series(section: SpotPrices, currency: str) -> SpotSeries:
    """Read prices of an exchange.

    Parameters
    ----------
    currency : str
        That of the tariff, ISO code.

    Raises
    ------
    InputDataError
        If a column is missing, a value is not a number, a time stands twice or a month lacks an
        hour.
    """
    path = section.file
    where = str(path)
    whole = read_table(path, section.table_keys("spot"))
    table = named_columns(whole, _COLUMNS, where)
    of_time = {"month", "hour"} <= set(table.columns) and "time" not in table.columns
    needed = ("month", "hour", "price") if of_time else ("time", "price")
    lacking = [name for name in needed if name not in table.columns]
    require_columns(whole, lacking, where, "spot.columns")
    _check_unit(table, section, currency)
    if of_time:
        return SpotSeries(where, {}, _typical_year(path, table, section))
    table = _with_prices(path, table)
    rows = table.index.tolist()
    prices = exact_prices(table, "price", where, "a price", _per(section))
    _note_odd_prices(path, section, prices)
    times = _times(table, where)
    zone = section.zone(currency)
    if times[0].tzinfo is not None:
        if zone is None:
            msg = said(
                "{path}: has times with an offset from UTC; name the depot's time zone as "
                "spot.time_zone, such as America/Los_Angeles",
                path=str(path),
            )
            raise InputDataError(msg)
        times = local_clock(path, times, zone, is_default=section.time_zone is None)
    return SpotSeries(where, prices_by_quarter(path, rows, times, prices, zone), {})


def _per(section: SpotPrices) -> int:
    return 1000 if section.unit == "per_mwh" else 1


def _typical_year(
    path: Path, table: pd.DataFrame, section: SpotPrices
) -> dict[tuple[int, int], Decimal]:
    where = str(path)
    months = whole_numbers(table, "month", where, 1, 12)
    hours = whole_numbers(table, "hour", where, 0, 23)
    prices = exact_prices(table, "price", where, "a price", _per(section))
    _note_odd_prices(path, section, prices)
    typical: dict[tuple[int, int], Decimal] = {}
    for row, month, hour, price in zip(table.index, months, hours, prices, strict=True):
        put_once(path, row, typical, (month, hour), price)
    wanted = {(month, hour) for month in range(1, 13) for hour in range(24)}
    check_complete(path, wanted, set(typical), "month and hour")
    return typical


def _check_unit(table: pd.DataFrame, section: SpotPrices, currency: str) -> None:
    """Refuse prices whose column names another unit or currency."""
    header = reading_of(table).headers.get("price", "")
    found = _UNIT.search(header)
    if found is None:
        return
    money = "EUR" if found["money"] == "€" else found["money"].upper()
    energy = found["energy"].lower()
    if len(money) == 3 and money != currency:
        problem = said("prices in {money}, the tariff is in {own}", money=money, own=currency)
    elif len(money) != 3:
        problem = said("prices in {money}; give them in {own}", money=found["money"], own=currency)
    elif energy != section.unit.removeprefix("per_"):
        problem = said(
            "prices per {energy}; set spot.unit to {unit}",
            energy=found["energy"],
            unit=f"per_{energy}",
        )
    else:
        return
    msg = said(
        "{file}: the column {header} has {problem}",
        file=str(section.file),
        header=quoted(header),
        problem=problem,
    )
    raise InputDataError(msg)


def _with_prices(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    """Rows that have a price; what stands in the others is noted."""
    prices = table["price"].fillna("").astype(str).str.strip().str.lower()
    # A second row of the header names units.
    is_header = (table["time"].isna() & ~prices.str.contains(r"^[+-]?\d")).to_numpy(dtype=bool)
    is_empty = prices.isin(_NO_PRICE).to_numpy(dtype=bool) & ~is_header
    if is_header.any():
        note(
            str(path),
            said("{rows} without a time passed over", rows=row_list(table.index[is_header])),
        )
    if is_empty.any():
        note(str(path), said("no price in {rows}", rows=row_list(table.index[is_empty])))
    kept = table[~(is_header | is_empty)]
    if kept.empty:
        msg = said("{path}: expected times with prices, found no price", path=str(path))
        raise InputDataError(msg)
    return with_reading(kept, reading_of(table))


def _times(table: pd.DataFrame, where: str) -> list[dt.datetime]:
    """Begins of the prices, aware where the file says how its clock goes."""
    cells = table["time"].fillna("").astype(str)
    begins = table.assign(time=cells.str.replace(r"\s+[-\u2013]\s+\S.*$", "", regex=True))
    times = column_times(begins, "time", where)
    header = reading_of(table).headers.get("time", "")
    found = _OFFSET.search(header)
    if times[0].tzinfo is not None or found is None:
        return times
    zone = dt.timezone(dt.timedelta(hours=int(found["hours"] or 0)))
    told = "times are in {zone}, as their column {column} says"
    note(where, said(told, zone=found[0], column=quoted(header)))
    return [time.replace(tzinfo=zone) for time in times]


def _note_odd_prices(path: Path, section: SpotPrices, prices: list[Decimal]) -> None:
    """Say that the unit may be wrong, where prices look like it."""
    middle = median(abs(price) for price in prices)
    highest = max(abs(price) for price in prices) * _per(section)
    if section.unit == "per_kwh" and middle > _HIGH_PER_KWH:
        told = "prices of about {price} per kWh: is spot.unit per_mwh?"
        note(str(path), said(told, price=float(f"{middle:.4g}")))
    if section.unit == "per_mwh" and 0 < highest < _LOW_PER_MWH:
        told = "prices of at most {price} per MWh: is spot.unit per_kwh?"
        note(str(path), said(told, price=float(f"{highest:.4g}")))
