"""From the load of the simulated days to a typical week and a whole year."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import holidays
import numpy as np
from pydantic import Field, TypeAdapter

from planner.demand.calibration import DAYS, german_calibration
from planner.errors import InvariantError, ScenarioError
from planner.said import meant, said
from planner.scenario.bundled import bundled_path
from planner.scenario.parameter_sets import Day, Positive, Section
from planner.scenario.yaml_files import read_yaml_mapping, validated
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Span = Literal["days", "week", "year"]
_FILE = "config/load_calendar.yaml"
_TOLERANCE = 1e-9


class MonthFactors(Section):
    """Energy charged by month, on any scale."""

    factors: tuple[Positive, ...] = Field(min_length=12, max_length=12)
    sure: str
    source: str


class HolidayRule(Section):
    """What public holidays are like."""

    like: Day
    sure: str
    source: str


class LoadCalendar(Section):
    """What a year is made of."""

    months: MonthFactors
    holidays: HolidayRule


class DatedLoad(NamedTuple):
    """Load over time.

    Parameters
    ----------
    start : (n_steps,) datetime64[m]
        Begin of each step, local time; every day has 24 hours.
    energy_kwh : (..., n_steps) float64
        Energy charged in each step.
    """

    start: NDArray[np.datetime64]
    energy_kwh: NDArray[np.float64]


@cache
def load_calendar() -> LoadCalendar:
    """Read ``config/load_calendar.yaml``."""
    path = bundled_path(_FILE)
    return validated(TypeAdapter(LoadCalendar), read_yaml_mapping(path), str(path), {})


def day_factors() -> NDArray[np.float64]:
    """Trips that depart on each day of the week, Monday first, (7,)."""
    per_day = german_calibration().trips_per_day
    return np.array([getattr(per_day, day) for day in DAYS], np.float64)


def known_country(code: str) -> str:
    """Country whose public holidays are known, in capitals; empty for none.

    Raises
    ------
    ScenarioError
        If there is none of that code.
    """
    known = holidays.list_supported_countries()
    if code and code.upper() not in known:
        fault = said(
            "expected a country of two letters with --holidays, for example DE; found "
            "{code}{meant}",
            code=repr(code),
            meant=meant(code.upper(), known),
        )
        raise ScenarioError([fault], "--holidays")
    return code.upper()


def first_monday(year: int) -> date:
    """Monday of the first week that lies wholly in a year: the days of a week are dated by it."""
    new_year = date(year, 1, 1)
    return new_year + timedelta(days=-new_year.weekday() % 7)


def dated_load(
    energy_kwh: NDArray[np.float64], days: Sequence[str], span: Span, year: int, country: str
) -> DatedLoad:
    """Lay the load of the simulated days over days, a typical week or a year.

    Parameters
    ----------
    energy_kwh : (..., n_days * n_steps_a_day) float64
        Energy charged in each step of the simulated days.
    days : sequence of str
        The simulated days, consecutive.
    year : int
        Calendar year.
    country : str
        Country of the public holidays of a year, empty for none.

    Raises
    ------
    InvariantError
        If the year has another energy than its days.
    """
    by_day = energy_kwh.reshape(*energy_kwh.shape[:-1], len(days), -1)
    simulated = [DAYS.index(day) for day in days]
    monday = first_monday(year)
    if span == "days":
        dates = [monday + timedelta(days=day) for day in simulated]
        return _dated(by_day, dates)
    factors = day_factors()
    like_mean = factors / factors[simulated].mean()
    mean_day = by_day.mean(axis=-2)
    week = np.stack(
        [
            by_day[..., simulated.index(day), :] if day in simulated else like_mean[day] * mean_day
            for day in range(len(DAYS))
        ],
        axis=-2,
    )
    if span == "week":
        return _dated(week, [monday + timedelta(days=day) for day in range(len(DAYS))])
    dates = [
        date(year, 1, 1) + timedelta(days=n)
        for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    days_off = holidays.country_holidays(country, years=year) if country else {}
    like = DAYS.index(load_calendar().holidays.like)
    kind = np.array([like if day in days_off else day.weekday() for day in dates])
    month = np.array(load_calendar().months.factors)[[day.month - 1 for day in dates]]
    season = month / month.mean()
    of_year = week[..., kind, :] * season[:, np.newaxis]
    expected = (week.sum(axis=-1)[..., kind] * season).sum()
    if not np.isclose(of_year.sum(), expected, rtol=_TOLERANCE, atol=_TOLERANCE):
        msg = f"load of the year: {of_year.sum():.6g} kWh, but its days have {expected:.6g} kWh"
        raise InvariantError(msg)
    return _dated(of_year, dates)


def _dated(by_day: NDArray[np.float64], dates: Sequence[date]) -> DatedLoad:
    n_steps = by_day.shape[-1]
    minutes = HOURS_PER_DAY * 60 // n_steps
    of_day = np.arange(n_steps) * np.timedelta64(minutes, "m")
    midnight: NDArray[np.datetime64] = np.array(dates, "datetime64[m]")
    start = midnight[:, np.newaxis] + of_day
    return DatedLoad(start.ravel(), by_day.reshape(*by_day.shape[:-2], -1))
