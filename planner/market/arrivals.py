"""Who comes to a site and when: from a scenario's typical day to the trucks of a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys
from planner.market.market_arrays import Trucks
from planner.said import AsWritten, said
from planner.scenario.bundled import bundled_path
from planner.scenario.market_scenario import (
    TYPICAL_DAYS,
    WEEKDAYS,
    BuiltinDay,
    FileDay,
    HourlyDay,
    MarketScenario,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

DAY_MIN = 1440.0
GOLDEN_SHARE = 0.6180339887498949
"""Fractional part of the golden ratio: its multiples fall evenly into any number of parts."""
_COLUMNS = {name: (name,) for name in ("arrival_min", "energy_kwh", "charging_min")}


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Trucks of a period at one site, and the price slots the period is divided into.

    Parameters
    ----------
    trucks : Trucks
        In the order they arrive; those before minute 0 fill the site for the beginning.
    slot_of_hour : (n_hours,) int64
        Price slot of each hour of the period.
    n_days : int
        Days of the period, >= 1.
    days : tuple of str
        Names of the days: ``("day",)`` or the weekdays from Monday.
    """

    trucks: Trucks
    slot_of_hour: NDArray[np.int64]
    n_days: int
    days: tuple[str, ...]

    @property
    def n_slots(self) -> int:
        """Price slots."""
        return int(self.slot_of_hour.max()) + 1

    @property
    def n_counted(self) -> int:
        """Trucks of the period itself."""
        return int((self.trucks.arrival_min >= 0.0).sum())


def read_arrivals(scenario: MarketScenario) -> Arrivals:
    """Trucks of a scenario's period: its typical day, or a week of days like it.

    Raises
    ------
    InputDataError
        If the table of the typical day is not valid.
    """
    day = typical_day(scenario)
    if scenario.week is None:
        days: tuple[str, ...] = ("day",)
        period = day
    else:
        days = WEEKDAYS
        period = pd.concat(
            [
                scaled_day(day, scenario.week.get(name, 0.0)).assign(day_idx=number)
                for number, name in enumerate(WEEKDAYS)
            ]
        )
        period["arrival_min"] += DAY_MIN * period.pop("day_idx")
    period_min = DAY_MIN * len(days)
    period = period.sort_values("arrival_min", kind="stable")
    before = period[period["arrival_min"] >= period_min - 60.0 * scenario.carry_over_h].copy()
    before["arrival_min"] -= period_min
    coming = pd.concat([before, period])
    arrival_min = coming["arrival_min"].to_numpy(np.float64)
    energy_kwh = coming["energy_kwh"].to_numpy(np.float64)
    return Arrivals(
        Trucks(
            arrival_min,
            energy_kwh,
            coming["charging_min"].to_numpy(np.float64),
            np.floor(arrival_min / 60.0).astype(np.int64) % (24 * len(days)),
            outside_costs_eur(scenario, energy_kwh),
        ),
        np.arange(24 * len(days), dtype=np.int64),
        len(days),
        days,
    )


def outside_costs_eur(
    scenario: MarketScenario, energy_kwh: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Generalised cost of charging at the next site, euro; infinite where that is no option."""
    price = scenario.trucks.outside_price_eur_kwh
    if price is None:
        return np.full(len(energy_kwh), np.inf)
    return price * energy_kwh + scenario.trucks.outside_detour_eur


def typical_day(scenario: MarketScenario) -> pd.DataFrame:
    """Trucks of the typical day.

    Returns
    -------
    DataFrame
        ``arrival_min``, minutes after midnight, ``energy_kwh``, ``charging_min``; a row per truck.
    """
    source = scenario.arrivals
    if isinstance(source, HourlyDay):
        day = pd.DataFrame(
            {
                "arrival_min": [
                    60.0 * (hour + (number + 0.5) / count)
                    for hour, count in enumerate(source.trucks_per_hour)
                    for number in range(count)
                ]
            }
        )
    else:
        keys = source.table_keys("arrivals") if isinstance(source, FileDay) else TableKeys()
        day = _read_day(arrivals_file(source), keys)
    trucks = scenario.trucks
    if "energy_kwh" not in day:
        day["energy_kwh"] = trucks.energy_kwh
    if "charging_min" not in day:
        day["charging_min"] = 60.0 * day["energy_kwh"] / trucks.charging_kw
    return day.sort_values("arrival_min", kind="stable", ignore_index=True)


def arrivals_file(source: BuiltinDay | FileDay) -> Path:
    """File of a typical day."""
    if isinstance(source, FileDay):
        return source.path
    return bundled_path(TYPICAL_DAYS) / f"{source.day}.csv"


def scaled_day(day: pd.DataFrame, factor: float) -> pd.DataFrame:
    """Day with another number of trucks, spread like the day itself.

    Parameters
    ----------
    day : DataFrame
        A row per truck.
    factor : float
        Trucks in parts of the day's, >= 0. Every truck comes so many whole times, a second later
        each, and those whose place in a golden-ratio sequence lies below the rest once more: a
        lower factor leaves a part of the trucks of a higher one.
    """
    place = (np.arange(len(day)) + 0.5) * GOLDEN_SHARE % 1.0
    n_times = np.floor(factor) + (place < factor % 1.0)
    rows = np.repeat(np.arange(len(day)), n_times.astype(np.int64))
    scaled = day.iloc[rows].copy()
    number = scaled.groupby(level=0).cumcount().to_numpy()
    scaled["arrival_min"] = np.minimum(scaled["arrival_min"] + number / 60.0, DAY_MIN - 1e-6)
    return scaled.reset_index(drop=True)


def _read_day(path: Path, keys: TableKeys) -> pd.DataFrame:
    where = str(path)
    table = named_columns(read_table(path, keys), _COLUMNS, where, required=("arrival_min",))
    day = pd.DataFrame(index=table.index)
    for name in table.columns:
        is_time = name == "arrival_min"
        unit = "minutes after midnight" if is_time else "above 0"
        values = numbers(table, name, where, unit)
        valid = (values >= 0.0) & (values < DAY_MIN) if is_time else (values > 0.0) & (values < 1e5)
        rule = said(
            "{name} must be minutes from 0 to below 1440"
            if is_time
            else "{name} must be a number above 0, below 100,000",
            name=AsWritten(name),
        )
        refuse_rows(table, ~valid, where, rule, name)
        day[name] = values
    return day
