"""What electricity costs at every quarter of an hour of a given day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

import holidays
import numpy as np

from planner.depot.billing_periods import Period, share_of_period
from planner.depot.export_table import ExportTable, read_export_table
from planner.depot.microgrid_site import STEP_MIN, DemandTerm
from planner.depot.price_series import SpotSeries, read_spot_series
from planner.errors import InputDataError
from planner.said import AsWritten, said
from planner.scenario.tariffs import DAY_TYPES, QUARTERS, day_of_year, season_of_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.scenario.tariffs import ExportPrices, HolidayRule
    from planner.scenario.tariffs import Tariff as TariffSection

HOLIDAY = DAY_TYPES.index("holiday")

_MOVED = "(observed)"
"""How the holidays package marks a holiday that is moved from a weekend."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A price up to an amount.

    Parameters
    ----------
    up_to : Decimal or None
        kWh (or kW) of a month up to which it holds; None without end.
    price : Decimal
        Price of a kWh (or kW).
    """

    up_to: Decimal | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class EnergyRate:
    """Price of a kWh at some times.

    Parameters
    ----------
    name : str
        What the tariff calls them.
    tiers : tuple of Tier
        Ascending; most tariffs have one.
    export_price : Decimal
        What a kWh fed in at that time brings.
    """

    name: str
    tiers: tuple[Tier, ...]
    export_price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DemandRate:
    """Price of the highest power at some times.

    Parameters
    ----------
    tiers : tuple of Tier
        Ascending; most tariffs have one.
    applies : (n_seasons, 8, 96) bool
        When it holds, by season, kind of day and quarter of an hour.
    is_yearly : bool
        Whether the highest power of a year is paid, not that of each month.
    """

    name: str
    tiers: tuple[Tier, ...]
    applies: NDArray[np.bool_]
    is_yearly: bool = False

    @property
    def per(self) -> Literal["month", "year"]:
        """What the price is for."""
        return "year" if self.is_yearly else "month"


@dataclass(frozen=True, slots=True)
class FixedRate:
    """A price whatever the use: ``amount`` per day, month or year."""

    name: str
    amount: Decimal
    per: Period


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff, ready for any day.

    Parameters
    ----------
    name, currency, source : str
        What it is, its ISO currency, and where it comes from.
    effective : datetime.date or None
        First day on which it holds, if known.
    season_of_day : (366,) int64
        Season of each day of a leap year.
    energy_table : (n_seasons, 8, 96) int64
        Which of them holds, by season, kind of day and quarter of an hour.
    fixed : tuple of FixedRate
        Prices whatever the use.
    holiday_rule : HolidayRule or None
        Which days are holidays.
    spot : SpotSeries or None
        Prices of an exchange on top of ``energy``.
    export_spot_share : Decimal
        Share of them that energy fed in brings.
    export_table : ExportTable or None
        Prices of energy fed in on top of those in ``energy``.
    demand_interval_min : int
        Minutes over whose mean power is billed: 15, 30 or 60.
    feeding_in_rule : str or None
        How the tariff bills feeding in where that is not done here: a site that can feed in is
        refused.
    """

    name: str
    currency: str
    source: str
    effective: dt.date | None
    season_of_day: NDArray[np.int64]
    energy: tuple[EnergyRate, ...]
    energy_table: NDArray[np.int64]
    demand: tuple[DemandRate, ...] = ()
    fixed: tuple[FixedRate, ...] = ()
    holiday_rule: HolidayRule | None = None
    spot: SpotSeries | None = None
    export_spot_share: Decimal = Decimal(0)
    export_table: ExportTable | None = None
    demand_interval_min: int = 15
    feeding_in_rule: str | None = None

    def rates(self, first_day: dt.date, n_days: int) -> NDArray[np.int64]:
        """Number of the energy rate of each quarter of an hour, (96 n_days,) int64."""
        return np.concatenate(
            [self.energy_table[self._season_and_kind(day)] for day in _days(first_day, n_days)]
        )

    def import_price(self, first_day: dt.date, n_days: int) -> NDArray[np.float64]:
        """Price of a kWh drawn in the lowest tier, by quarter of an hour.

        Parameters
        ----------
        n_days : int
            Number of days, >= 1.

        Returns
        -------
        (96 n_days,) float64
            Price per kWh.

        Raises
        ------
        InputDataError
            If the tariff does not hold yet, or the spot prices have no value for a time.
        """
        self._check(first_day)
        lowest = np.array([float(rate.tiers[0].price) for rate in self.energy])
        price = lowest[self.rates(first_day, n_days)]
        if self.spot is not None:
            price = price + np.array(self.spot.prices(first_day, n_days), dtype=float)
        return price

    def export_prices(self, first_day: dt.date, n_days: int) -> list[Decimal]:
        """What a kWh fed in brings in each quarter of an hour, exact."""
        price = [self.energy[rate].export_price for rate in self.rates(first_day, n_days)]
        if self.spot is not None and self.export_spot_share:
            spot = self.spot.prices(first_day, n_days)
            price = [p + self.export_spot_share * s for p, s in zip(price, spot, strict=True)]
        if self.export_table is not None:
            of_days = [
                value
                for day in _days(first_day, n_days)
                for value in self.export_table.prices(day.month, self.kind_of(day))
            ]
            price = [p + t for p, t in zip(price, of_days, strict=True)]
        return price

    def export_price(self, first_day: dt.date, n_days: int) -> NDArray[np.float64]:
        """What a kWh fed in brings, (96 n_days,) float64."""
        return np.array(self.export_prices(first_day, n_days), dtype=float)

    def demand_steps(self, rate: DemandRate, first_day: dt.date, n_days: int) -> NDArray[np.bool_]:
        """Quarters of an hour whose power counts for a demand rate, (96 n_days,) bool."""
        return np.concatenate(
            [rate.applies[self._season_and_kind(day)] for day in _days(first_day, n_days)]
        )

    def demand_terms(
        self, first_day: dt.date, n_days: int, so_far_kw: Mapping[str, float], lead_days: int = 0
    ) -> tuple[DemandTerm, ...]:
        """Prices on power for the microgrid.

        Parameters
        ----------
        n_days : int
            Number of days; the highest power of all counts once.
        so_far_kw : mapping of str to float
            Highest power so far by name of the demand rate; 0 where not named.
        lead_days : int
            Days at the begin that bear no part of the price.

        Returns
        -------
        tuple of DemandTerm
            Those that apply at some time, at the price of their lowest tier, of which the days
            bear their share as on the bill.
        """
        charged_from = first_day + dt.timedelta(days=lead_days)
        terms = [
            DemandTerm(
                rate.name,
                float(
                    rate.tiers[0].price
                    * share_of_period(rate.per, charged_from, n_days - lead_days)
                ),
                self.demand_steps(rate, first_day, n_days),
                so_far_kw.get(rate.name, 0.0),
                self.demand_interval_min // round(STEP_MIN),
            )
            for rate in self.demand
        ]
        return tuple(term for term in terms if term.applies.any())

    def kind_of(self, day: dt.date) -> int:
        """Kind of a day: 0 Monday to 6 Sunday, 7 for a holiday."""
        rule = self.holiday_rule
        if rule is not None and day in holiday_dates(rule, day.year):
            return HOLIDAY
        return day.weekday()

    def _season_and_kind(self, day: dt.date) -> tuple[int, int]:
        return int(self.season_of_day[day_of_year(f"{day:%m-%d}")]), self.kind_of(day)

    def _check(self, day: dt.date) -> None:
        if self.effective is not None and day < self.effective:
            msg = said(
                "tariff {name}: holds from {first} on, asked for {day}; choose a later date, or "
                "give the version of the tariff that held then",
                name=AsWritten(self.name),
                first=str(self.effective),
                day=str(day),
            )
            raise InputDataError(msg)


@cache
def holiday_dates(rule: HolidayRule, year: int) -> frozenset[dt.date]:
    """Holidays of a year that a tariff knows.

    Raises
    ------
    InputDataError
        If the country, or one of the holidays named, is not known.
    """
    try:
        found = holidays.country_holidays(
            rule.country, subdiv=rule.subdivision, years=year, language="en_US"
        )
    except NotImplementedError as error:
        msg = said(
            "holidays of {where}: not known ({error}); leave them out or name another country",
            where=AsWritten(" ".join(filter(None, (rule.country, rule.subdivision)))),
            error=str(error),
        )
        raise InputDataError(msg) from error
    by_name = {day: _holiday_names(held) for day, held in found.items()}
    known = {name for names in by_name.values() for name in names}
    for name in rule.only:
        if name not in known:
            msg = said(
                "holidays of {country} in {year}: none is called {name}; expected some of {known}",
                country=AsWritten(rule.country),
                year=str(year),
                name=repr(name),
                known=AsWritten(", ".join(sorted(known))),
            )
            raise InputDataError(msg)
    return frozenset(
        day
        for day, names in by_name.items()
        if (not rule.only or names & set(rule.only))
        and not (_MOVED in found[day] and not _keeps_moved(rule, day))
    )


def _holiday_names(held: str) -> set[str]:
    return {name.removesuffix(_MOVED).strip() for name in held.split(";")}


def _keeps_moved(rule: HolidayRule, day: dt.date) -> bool:
    """Whether a holiday that was moved to this day counts."""
    return rule.moved == "all" or (rule.moved == "from_sunday" and day.weekday() == 0)


def tariff_from_section(section: TariffSection, export: ExportPrices | None = None) -> Tariff:
    """A tariff of the planner's own layout, ready for any day.

    Parameters
    ----------
    export : ExportPrices, optional
        What energy fed in brings, in place of what the tariff says.

    Raises
    ------
    InputDataError
        If a table of prices cannot be read.
    """
    export = export or section.export
    names = tuple(section.seasons)
    owners = season_of_days(section.seasons)
    table = np.zeros((len(names), len(DAY_TYPES), QUARTERS), dtype=np.int64)
    for number, period in enumerate(section.energy):
        table[period.mask(names)] = number
    return Tariff(
        name=section.name,
        currency=section.currency,
        source=section.source,
        effective=section.effective,
        season_of_day=np.array([names.index(owner[0]) for owner in owners]),
        energy=tuple(
            EnergyRate(
                f"{period.name}, {period.season}" if period.season else period.name,
                (Tier(None, period.price),),
                export.price,
            )
            for period in section.energy
        ),
        energy_table=table,
        demand=tuple(
            DemandRate(
                f"{rate.name}, {rate.season}" if rate.season else rate.name,
                (Tier(None, rate.price),),
                rate.mask(names),
                rate.per == "year",
            )
            for rate in section.demand
        ),
        fixed=tuple(FixedRate(fixed.name, fixed.amount, fixed.per) for fixed in section.fixed),
        holiday_rule=section.holidays,
        spot=None if section.spot is None else read_spot_series(section.spot, section.currency),
        export_spot_share=export.spot_share,
        export_table=(
            None if export.table is None else read_export_table(export.table, export.table_year)
        ),
    )


def _days(first_day: dt.date, n_days: int) -> list[dt.date]:
    return [first_day + dt.timedelta(days=day) for day in range(n_days)]
