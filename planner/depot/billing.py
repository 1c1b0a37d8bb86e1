"""The bill for a load profile, exact to the cent.

Meters count whole watt-hours per quarter of an hour; from there on all is integers and decimals.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.depot.billing_periods import share_of_period
from planner.errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from planner.depot.tariff import DemandRate, Tariff, Tier

_CENT = Decimal("0.01")
_WH_PER_KW_AND_QUARTER = 250

Kind = Literal["energy", "demand", "fixed", "export"]


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill.

    Parameters
    ----------
    kind : {"energy", "demand", "fixed", "export"}
        What it is for; exports have negative amounts.
    month : datetime.date
        First day of the month billed.
    quantity : Decimal
        kWh, kW, or share of the month (day, year) for fixed charges.
    unit : {"kWh", "kW", "day", "month", "year"}
        Unit of the quantity.
    amount : Decimal
        In the tariff's currency, rounded to the cent.
    period : {"month", "year"} or None
        What a price on power is for; None for other lines.
    share : Decimal
        Part of that price which the days billed bear; 1 for other lines.
    """

    kind: Kind
    name: str
    month: dt.date
    quantity: Decimal
    unit: str
    amount: Decimal
    period: Literal["month", "year"] | None = None
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines by month.

    Parameters
    ----------
    currency : str
        ISO code.
    lines : tuple of BillLine
        All lines with a quantity.
    """

    tariff: str
    currency: str
    lines: tuple[BillLine, ...]

    @property
    def total(self) -> Decimal:
        """Sum of all lines."""
        return self.sum_of("energy", "demand", "fixed", "export")

    def sum_of(self, *kinds: Kind) -> Decimal:
        """Sum of the lines of some kinds."""
        return sum((line.amount for line in self.lines if line.kind in kinds), Decimal(0))


def bill_profile(
    tariff: Tariff,
    first_day: dt.date,
    import_kw: NDArray[np.float64],
    export_kw: NDArray[np.float64] | None = None,
    so_far_kw: Mapping[str, float] | None = None,
) -> Bill:
    """Bill for a load profile.

    Parameters
    ----------
    import_kw, export_kw : (96 n_days,) float64
        Mean power drawn and fed in by quarter of an hour, >= 0; nothing fed in by default.
    so_far_kw : mapping of str to float, optional
        Highest power before the profile, by name of the demand rate: only what is above is
        billed, in the first month.

    Returns
    -------
    Bill
        With a line per month and rate. Fixed charges and demand are charged for the share of the
        month's or year's days that the profile covers (:func:`share_of_period`).

    Raises
    ------
    InputDataError
        If a power is negative or not a number, or the profile does not cover whole days.
    """
    exported = np.zeros_like(import_kw) if export_kw is None else export_kw
    drawn_wh, fed_wh = (
        _watt_hours(import_kw, "drawn"),
        _watt_hours(exported, "fed in"),
    )
    n_days = len(drawn_wh) // 96
    if n_days * 96 != len(drawn_wh) or len(drawn_wh) != len(fed_wh) or not n_days:
        msg = (
            f"the load profile has {len(drawn_wh)} values drawn and {len(fed_wh)} fed in: expected "
            "96 a day for whole days, as many of both"
        )
        raise InputDataError(msg)
    tariff.import_price(first_day, 1)  # tells where the tariff does not hold yet
    lines: list[BillLine] = []
    for month, first, last in _months(first_day, n_days):
        day = first_day + dt.timedelta(days=first)
        of_month = slice(96 * first, 96 * last)
        lines += _energy_lines(tariff, month, day, drawn_wh[of_month])
        lines += _export_lines(tariff, month, day, fed_wh[of_month])
        before = (so_far_kw or {}) if first == 0 else {}
        lines += _demand_lines(tariff, month, day, drawn_wh[of_month], before)
        lines += _fixed_lines(tariff, month, day, last - first)
    lines += _yearly_demand_lines(tariff, first_day, drawn_wh, so_far_kw or {})
    return Bill(tariff.name, tariff.currency, tuple(lines))


def _watt_hours(kw: NDArray[np.float64], what: str) -> NDArray[np.int64]:
    wrong = np.flatnonzero(~(kw >= 0.0) | np.isinf(kw))
    if len(wrong):
        msg = (
            f"the load profile: {kw[wrong[0]]:g} kW {what} in value {wrong[0] + 1}; expected a "
            "number of 0 or more (give what is fed in as a column of its own)"
        )
        raise InputDataError(msg)
    return np.rint(kw * _WH_PER_KW_AND_QUARTER).astype(np.int64)


def _months(first_day: dt.date, n_days: int) -> Iterable[tuple[dt.date, int, int]]:
    """Months with the first of their days in the profile and the one after the last."""
    first = 0
    while first < n_days:
        day = first_day + dt.timedelta(days=first)
        length = calendar.monthrange(day.year, day.month)[1]
        last = min(n_days, first + length - day.day + 1)
        yield day.replace(day=1), first, last
        first = last


def _energy_lines(
    tariff: Tariff, month: dt.date, day: dt.date, wh: NDArray[np.int64]
) -> Iterable[BillLine]:
    n_days = len(wh) // 96
    rates = tariff.rates(day, n_days)
    for number, rate in enumerate(tariff.energy):
        kwh = Decimal(int(wh[rates == number].sum())) / 1000
        if kwh:
            yield BillLine("energy", rate.name, month, kwh, "kWh", _cents(_tiered(rate.tiers, kwh)))
    if tariff.spot is not None and wh.any():
        prices = tariff.spot.prices(day, n_days)
        amount = sum((int(w) * p for w, p in zip(wh, prices, strict=True)), Decimal(0)) / 1000
        kwh = Decimal(int(wh.sum())) / 1000
        yield BillLine("energy", "spot price", month, kwh, "kWh", _cents(amount))


def _export_lines(
    tariff: Tariff, month: dt.date, day: dt.date, wh: NDArray[np.int64]
) -> Iterable[BillLine]:
    if not wh.any():
        return
    prices = tariff.export_prices(day, len(wh) // 96)
    amount = sum((int(w) * p for w, p in zip(wh, prices, strict=True)), Decimal(0)) / 1000
    kwh = Decimal(int(wh.sum())) / 1000
    yield BillLine("export", "fed in", month, kwh, "kWh", -_cents(amount))


def _demand_lines(
    tariff: Tariff,
    month: dt.date,
    day: dt.date,
    wh: NDArray[np.int64],
    so_far_kw: Mapping[str, float],
) -> Iterable[BillLine]:
    for rate in tariff.demand:
        if not rate.is_yearly:
            yield from _demand_line(tariff, rate, month, day, wh, so_far_kw)


def _demand_line(
    tariff: Tariff,
    rate: DemandRate,
    month: dt.date,
    day: dt.date,
    wh: NDArray[np.int64],
    so_far_kw: Mapping[str, float],
) -> Iterable[BillLine]:
    """What the highest power of days within one period costs, above that so far."""
    n_days = len(wh) // 96
    peak = _peak_kw(tariff, wh, tariff.demand_steps(rate, day, n_days))
    before = _watts(so_far_kw.get(rate.name, 0.0))
    if peak > before:
        share = share_of_period(rate.per, day, n_days)
        amount = (_tiered(rate.tiers, peak) - _tiered(rate.tiers, before)) * share
        yield BillLine(
            "demand", rate.name, month, peak - before, "kW", _cents(amount), rate.per, share
        )


def _yearly_demand_lines(
    tariff: Tariff, first_day: dt.date, wh: NDArray[np.int64], so_far_kw: Mapping[str, float]
) -> Iterable[BillLine]:
    n_days = len(wh) // 96
    for year in range(first_day.year, (first_day + dt.timedelta(days=n_days - 1)).year + 1):
        first = max(0, (dt.date(year, 1, 1) - first_day).days)
        last = min(n_days, (dt.date(year + 1, 1, 1) - first_day).days)
        day = first_day + dt.timedelta(days=first)
        of_year = wh[96 * first : 96 * last]
        before = so_far_kw if first == 0 else {}
        for rate in tariff.demand:
            if rate.is_yearly:
                yield from _demand_line(tariff, rate, day.replace(day=1), day, of_year, before)


def _fixed_lines(tariff: Tariff, month: dt.date, day: dt.date, n_days: int) -> Iterable[BillLine]:
    for fixed in tariff.fixed:
        share = share_of_period(fixed.per, day, n_days)
        yield BillLine("fixed", fixed.name, month, share, fixed.per, _cents(fixed.amount * share))


def _peak_kw(tariff: Tariff, wh: NDArray[np.int64], counts: NDArray[np.bool_]) -> Decimal:
    """Highest mean power in the intervals that count, kW."""
    quarters = tariff.demand_interval_min // 15
    by_interval = np.where(counts, wh, 0).reshape(-1, quarters).sum(axis=1)
    return Decimal(int(by_interval.max(initial=0)) * 4) / (1000 * quarters)


def _watts(kw: float) -> Decimal:
    return Decimal(round(1000 * kw)) / 1000


def _tiered(tiers: tuple[Tier, ...], quantity: Decimal) -> Decimal:
    """Price of a quantity, each part at its own tier."""
    amount = Decimal(0)
    done = Decimal(0)
    for tier in tiers:
        top = quantity if tier.up_to is None else min(quantity, tier.up_to)
        if top > done:
            amount += (top - done) * tier.price
            done = top
    return amount + (quantity - done) * tiers[-1].price


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
