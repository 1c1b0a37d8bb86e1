"""Electricity tariffs: entries of ``config/tariffs/*.yaml``."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticKnownError

from planner.errors import quoted
from planner.said import joined, said
from planner.scenario.input_paths import InputPath
from planner.scenario.parameter_sets import Section, Whole
from planner.scenario.patterns import Currency, Date
from planner.scenario.table_sections import TableSection

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_TYPES = (*WEEKDAYS, "holiday")
"""Kinds of days that a tariff can tell apart; a holiday is none of the others."""

QUARTERS = 96
"""Quarters of an hour in a day: the finest that a tariff can tell apart."""

_GROUPS = {
    "all": DAY_TYPES,
    "weekdays": WEEKDAYS[:5],
    "weekends": (*WEEKDAYS[5:], "holiday"),
}
_HOURS = re.compile(r"([0-9]{1,2}):(00|15|30|45)-([0-9]{1,2}):(00|15|30|45)")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_EXACT = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_LEAP_YEAR = 2000
_ZONE_OF_EUROS = "Europe/Berlin"


def _month_and_day(text: str) -> str:
    if _MONTH_DAY.fullmatch(text):
        try:
            dt.date.fromisoformat(f"{_LEAP_YEAR}-{text}")
        except ValueError:
            pass
        else:
            return text
    msg = said(
        'month and day of two digits each, in quotes, such as "04-01"; found {value}',
        value=quoted(text),
    )
    raise ValueError(msg)


def _span(text: str) -> str:
    expected = "hours in quarters, such as 16:00-21:00"
    if _HOURS.fullmatch(text):
        first, last = quarters_of(text)
        if first < last <= QUARTERS:
            return text
        begin, end = text.split("-")
        if last < first < QUARTERS:
            both = f'["{begin}-24:00", "00:00-{end}"]' if last else f'["{begin}-24:00"]'
            expected = said("hours within one day: write those over midnight as {both}", both=both)
    msg = said("{expected}; found {value}", expected=expected, value=quoted(text))
    raise ValueError(msg)


def _is_an_exact_number(value: object) -> object:
    # Results are stored with prices as text; underscores and other scripts' digits are refused.
    if isinstance(value, bool) or (isinstance(value, str) and not _EXACT.fullmatch(value)):
        raise PydanticKnownError("decimal_type")  # noqa: EM101  # not a message
    return value


def quarters_of(hours: str) -> tuple[int, int]:
    """First quarter of an hour of a span such as ``16:00-21:00``, and the one after its last."""
    begin, end = hours.split("-")
    first, last = (4 * int(time[:-3]) + int(time[-2:]) // 15 for time in (begin, end))
    return first, last


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        msg = said(
            "a time zone such as Europe/Berlin or America/Los_Angeles; found {name}",
            name=repr(name),
        )
        raise ValueError(msg) from None
    return name


MonthDay = Annotated[str, AfterValidator(_month_and_day)]
Hours = Annotated[str, AfterValidator(_span)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
LOWEST_PRICE, HIGHEST_PRICE = -1000, 100_000
"""What a kWh, a kW or a fixed charge may cost, in any currency."""
_exact = BeforeValidator(_is_an_exact_number)
Price = Annotated[Decimal, Field(ge=LOWEST_PRICE, le=HIGHEST_PRICE), _exact]
PriceOfPower = Annotated[Decimal, Field(ge=0, le=HIGHEST_PRICE), _exact]
ExactShare = Annotated[Decimal, Field(ge=0, le=1), _exact]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"]


class TariffSeason(Section):
    """A part of the year; its ends belong to it, and it may go over New Year."""

    first: MonthDay = Field(description="First day, month and day: 06-01.")
    last: MonthDay = Field(description="Last day, month and day: 09-30.")


class _Times(Section):
    """A price with its name, and when it holds."""

    name: str = Field(min_length=1, description="What the tariff calls it, for example on-peak.")
    season: str | None = Field(default=None, description="Season; the whole year if none.")
    days: Literal["all", "weekdays", "weekends"] | tuple[Day, ...] = Field(
        default="all",
        description="Days: all, weekdays (Monday to Friday), weekends (with holidays), or a list "
        "such as [sat, holiday].",
    )
    hours: tuple[Hours, ...] = Field(
        default=("00:00-24:00",), min_length=1, description="Hours of the day, local time."
    )

    def day_types(self) -> tuple[str, ...]:
        """Kinds of days."""
        return _GROUPS[self.days] if isinstance(self.days, str) else self.days

    def mask(
        self, seasons: tuple[str, ...]
    ) -> np.ndarray[tuple[int, int, int], np.dtype[np.bool_]]:
        """Where it holds, (n_seasons, 8, 96) bool."""
        holds = np.zeros((len(seasons), len(DAY_TYPES), QUARTERS), dtype=bool)
        of_seasons = [s for s, name in enumerate(seasons) if self.season in (None, name)]
        of_days = [DAY_TYPES.index(day) for day in self.day_types()]
        for hours in self.hours:
            first, last = quarters_of(hours)
            holds[np.ix_(of_seasons, of_days, range(first, last))] = True
        return holds


class EnergyPeriod(_Times):
    """Times at which a kWh costs the same."""

    price: Price = Field(description="Price of a kWh, beside that of the spot market if any.")


class DemandCharge(_Times):
    """A price on the highest mean power of 15 minutes."""

    price: PriceOfPower = Field(description="Price of a kW.")
    per: Literal["month", "year"] = Field(
        default="month", description="Whose highest power is paid: each month's or the year's."
    )


class FixedCharge(Section):
    """A price that does not depend on use."""

    name: str = Field(min_length=1, description="What the tariff calls it.")
    amount: Price = Field(description="Amount.")
    per: Literal["day", "month", "year"] = Field(default="month", description="How often.")


class SpotPrices(TableSection):
    """Prices of a power exchange, passed on."""

    file: InputPath = Field(
        description="Table (CSV, Excel, Parquet) with columns time and price by the hour or "
        "quarter of an hour, also as ENTSO-E, SMARD and energy-charts export them; or with columns "
        "month, hour and price for a typical year."
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which column of the file is time, price, month and hour, where it is called "
        "otherwise: `price: DE-LU`.",
    )
    unit: Literal["per_mwh", "per_kwh"] = Field(default="per_mwh", description="Unit of prices.")
    time_zone: TimeZone | None = Field(
        default=None,
        description="The depot's time zone, such as America/Los_Angeles: times in UTC or with "
        "another offset are turned into it, and it says when clocks change. Europe/Berlin if none "
        "and prices are in EUR.",
    )

    def zone(self, currency: str) -> ZoneInfo | None:
        """The time zone; None if it is not known."""
        name = self.time_zone or (_ZONE_OF_EUROS if currency == "EUR" else None)
        return None if name is None else ZoneInfo(name)


class ExportPrices(Section):
    """What energy fed into the grid brings."""

    price: Price = Field(default=Decimal(0), description="Price of every kWh fed in.")
    spot_share: ExactShare = Field(
        default=Decimal(0), description="Share of the spot price, in addition."
    )
    table: InputPath | None = Field(
        default=None,
        description="Table of prices by month, hour and kind of day, in addition: columns "
        "DateStart, TimeStart, DateEnd, TimeEnd, DayTypeStart, DayTypeEnd (1 Monday to 7 Sunday, "
        "8 holiday), Value per kWh.",
    )
    table_year: Whole | None = Field(
        default=None,
        ge=1900,
        le=2200,
        description="Year of the table that is taken; the last one if none.",
    )


class HolidayRule(Section):
    """Which days are holidays."""

    country: str = Field(min_length=2, max_length=2, description="Country, ISO code: US.")
    subdivision: str | None = Field(default=None, description="State or province: CA.")
    only: tuple[str, ...] = Field(
        default=(),
        description="Names of the holidays that the tariff knows; all if none.",
    )
    moved: Literal["all", "from_sunday", "none"] = Field(
        default="all",
        description="Which holidays on a weekend move to a working day: as the country does, those "
        "on a Sunday alone, or none.",
    )


class Tariff(Section):
    """A tariff of a grid operator or supplier, of one version."""

    name: str = Field(min_length=1, description="Name, with the version.")
    description: str = Field(default="", description="Who it is for.")
    currency: Currency = Field(description="Currency, ISO code: USD, EUR.")
    effective: Date = Field(description="First day on which it holds.")
    source: str = Field(min_length=1, description="Where the figures come from.")
    holidays: HolidayRule | None = Field(default=None, description="Holidays, if it knows any.")
    seasons: dict[str, TariffSeason] = Field(
        default={"year": TariffSeason(first="01-01", last="12-31")},
        min_length=1,
        description="Parts of the year by name; together they must be the year.",
    )
    energy: tuple[EnergyPeriod, ...] = Field(
        min_length=1, description="Energy prices; every quarter of an hour belongs to one."
    )
    spot: SpotPrices | None = Field(default=None, description="Spot prices on top of those.")
    demand: tuple[DemandCharge, ...] = Field(default=(), description="Prices on power.")
    fixed: tuple[FixedCharge, ...] = Field(default=(), description="Prices whatever the use.")
    export: ExportPrices = Field(
        default_factory=ExportPrices, description="What energy fed in brings; nothing by default."
    )

    @model_validator(mode="after")
    def _covers_all_times_once(self) -> Self:
        faults = season_faults(self.seasons) or self._unknown_seasons() or self._period_faults()
        if faults:
            msg = said("a tariff without gaps and overlaps; found {listed}", listed=joined(faults))
            raise ValueError(msg)
        return self

    def _unknown_seasons(self) -> list[str]:
        return [
            said(
                "{part} in season {season}, which is none of {seasons}",
                part=part.name,
                season=quoted(part.season),
                seasons=list(self.seasons),
            )
            for part in (*self.energy, *self.demand)
            if part.season is not None and part.season not in self.seasons
        ]

    def _period_faults(self) -> list[str]:
        seasons = tuple(self.seasons)
        count = np.sum([period.mask(seasons) for period in self.energy], axis=0)
        faults: list[str] = []
        for found, what in ((count == 0, "no energy price"), (count > 1, "several energy prices")):
            for s, season in enumerate(seasons):
                for d, day in enumerate(DAY_TYPES):
                    quarters = np.flatnonzero(found[s, d])
                    if len(quarters):
                        first, last = int(quarters[0]), int(_run_end(quarters))
                        fault = said(
                            "{what} in {season} on {day} from {begin} to {end}",
                            what=what,
                            season=season,
                            day=day,
                            begin=_time(first),
                            end=_time(last),
                        )
                        faults.append(fault)
        more = len(faults) - 5
        return faults[:5] + ([said("and {n} more", n=more)] if more > 0 else [])


def season_faults(seasons: dict[str, TariffSeason]) -> list[str]:
    """Days of the year in no season, or in several."""
    owners = season_of_days(seasons)
    faults: list[str] = []
    for day, names in enumerate(owners):
        date = dt.date(_LEAP_YEAR, 1, 1) + dt.timedelta(days=day)
        if len(names) != 1:
            several = "{date} in several seasons: {seasons}"
            template = several if names else "{date} in no season"
            faults.append(said(template, date=f"{date:%m-%d}", seasons=names))
    return faults[:1]


def season_of_days(seasons: dict[str, TariffSeason]) -> list[list[str]]:
    """Names of the seasons of each of the 366 days of a leap year."""
    owners: list[list[str]] = [[] for _ in range(366)]
    for name, season in seasons.items():
        first, last = day_of_year(season.first), day_of_year(season.last)
        length = (last - first) % 366 + 1
        for day in range(first, first + length):
            owners[day % 366].append(name)
    return owners


def day_of_year(month_day: str) -> int:
    """Number of a day in a leap year, from 0."""
    return dt.date.fromisoformat(f"{_LEAP_YEAR}-{month_day}").timetuple().tm_yday - 1


def _run_end(quarters: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """Quarter after the first run of consecutive ones."""
    breaks = np.flatnonzero(np.diff(quarters) > 1)
    return int(quarters[breaks[0]] if len(breaks) else quarters[-1]) + 1


def _time(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"
