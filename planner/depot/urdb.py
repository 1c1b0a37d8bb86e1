"""Tariffs of the US utility rate database (OpenEI), in its JSON layout."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.depot.tariff import DemandRate, EnergyRate, FixedRate, Tariff, Tier
from planner.depot.urdb_document import read_urdb_item
from planner.depot.urdb_fields import (
    is_nothing,
    shape_of,
    shown_value,
    unbilled_parts,
    words_on_charges,
)
from planner.depot.urdb_item import LONGEST_NAME, UrdbItem
from planner.errors import InputDataError
from planner.files.reading_notes import note
from planner.said import joined, said
from planner.scenario.tariffs import DAY_TYPES, QUARTERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.depot.billing_periods import Period

_MONTHS, _HOURS = 12, 24
_WEEKENDS = (5, 6, DAY_TYPES.index("holiday"))
_MOST_PERIODS, _MOST_TIERS = 1_000, 100
"""A schedule of 12 months and 24 hours, twice, names 576 periods at most."""
_HIGHEST_TIER_END = 1_000_000_000_000
_BILLED_RULES = ("Net Billing Instantaneous", "Net Billing Hourly")
_FIXED_PERIODS: dict[object, Period] = {"$/day": "day", "$/month": "month", "$/year": "year"}
_OWN_COUNTRY = {"US", "USA", "UNITED STATES"}


def read_urdb(path: Path, label: str | None = None) -> Tariff:
    """Read a tariff of the utility rate database.

    Parameters
    ----------
    path : pathlib.Path
        JSON: a tariff, a list of them, or an answer of the database with ``items``.
    label : str, optional
        Label or name of the tariff, needed where the file holds several.

    Returns
    -------
    Tariff
        Months are its seasons; its weekend schedule holds on Saturdays and Sundays. Amounts in
        US dollars.

    Raises
    ------
    InputDataError
        If the file is not such a JSON, or the tariff has parts that change the bill and cannot be
        billed here.
    """
    return _UrdbTariff(path, read_urdb_item(path, label)).tariff()


def _months_of_days() -> NDArray[np.int64]:
    """Month, from 0, of each day of a leap year, (366,) int64."""
    first = dt.date(2000, 1, 1)
    return np.array([(first + dt.timedelta(days=day)).month - 1 for day in range(366)])


class _UrdbTariff(UrdbItem):
    """A tariff of the database as one that is billed here."""

    def tariff(self) -> Tariff:
        """The tariff, ready for any day."""
        self._refuse_unbilled()
        self._note_what_is_left_out()
        energy, table = self._energy()
        name = self.item.get("name")
        return Tariff(
            name=name[:LONGEST_NAME] if isinstance(name, str) else self.path.stem,
            currency="USD",
            source=str(self.item.get("uri") or self.item.get("source") or self.path)[:LONGEST_NAME],
            effective=self.date("startdate"),
            season_of_day=_months_of_days(),
            energy=energy,
            energy_table=table,
            demand=(*self._time_of_use_demand(), *self._flat_demand()),
            fixed=self._fixed(),
            demand_interval_min=self._demand_interval(),
            feeding_in_rule=self._feeding_in_rule(),
        )

    def _refuse_unbilled(self) -> None:
        parts = unbilled_parts(self.item)
        if parts:
            msg = said(
                "{path}: parts of the tariff change the bill and are not billed here: {parts}. "
                "Take another tariff, or a copy of the file without them if the bill may leave "
                "them out.",
                path=str(self.path),
                parts=joined(parts),
            )
            raise InputDataError(msg)
        country = self.item.get("country")
        if country and str(country).upper() not in _OWN_COUNTRY:
            self.refuse("a tariff of the USA, in US dollars", country, key="country")

    def _note_what_is_left_out(self) -> None:
        """Say what is left out of the bill without changing a charge that is in it."""
        for words in words_on_charges(self.item):
            note(self.path, words)
        ended = self.date("enddate")
        if ended is not None:
            told = "the tariff held until {day}; its prices are taken all the same"
            note(self.path, said(told, day=str(ended)))
        service = self.word("servicetype")
        if service not in {"", "Bundled"}:
            told = "the tariff bills {service} alone, not all of it"
            note(self.path, said(told, service=shown_value(service)))
        if self.word("dgrules") == "Net Billing Hourly":
            told = "what is fed in is netted by the quarter of an hour, not the hour"
            note(self.path, said(told))

    def _feeding_in_rule(self) -> str | None:
        """How feeding in is billed where it is not at the price of the moment."""
        rule = self.word("dgrules")
        if not rule and not is_nothing(self.item.get("usenetmetering")):
            rule = "Net Metering"
        return None if rule in {"", *_BILLED_RULES} else rule

    def _demand_interval(self) -> int:
        interval = self.whole(self.item.get("demandwindow", 15), "demandwindow")
        if interval not in {15, 30, 60}:
            self.refuse("15, 30 or 60 minutes", interval, key="demandwindow")
        return interval

    def _energy(self) -> tuple[tuple[EnergyRate, ...], NDArray[np.int64]]:
        key = "energyratestructure"
        structure = self._structure(key)
        table = self._schedule("energyweekdayschedule", "energyweekendschedule", len(structure))
        rates = []
        for number, tiers in enumerate(structure):
            is_used = bool((table == number).any())
            prices = self._tiers(key, number, tiers, "kWh", is_used=is_used)
            rates.append(EnergyRate(f"period {number}", prices, self._sells(number, tiers)))
        adjustments = self.item.get("fueladjustmentsmonthly")
        if not is_nothing(adjustments):
            return self._adjusted(rates, table, adjustments)
        return tuple(rates), table

    def _sells(self, number: int, tiers: list[dict[str, Any]]) -> Decimal:
        """What a kWh fed in brings; one price for all tiers of a period."""
        where = f"energyratestructure[{number}]"
        prices = [
            self.number(tier["sell"], f"{where}[{place}].sell")
            for place, tier in enumerate(tiers)
            if tier.get("sell") is not None
        ]
        if len(set(prices)) > 1:
            found = " and ".join(str(price) for price in sorted(set(prices))[:2])
            self.refuse("the same price of feeding in for all tiers", found, key=f"{where}.sell")
        return prices[0] if prices else Decimal(0)

    def _adjusted(
        self, rates: list[EnergyRate], table: NDArray[np.int64], adjustments: object
    ) -> tuple[tuple[EnergyRate, ...], NDArray[np.int64]]:
        """Rates of their own for each month, with what the month adds."""
        key = "fueladjustmentsmonthly"
        if not isinstance(adjustments, list) or len(adjustments) != _MONTHS:
            self.refuse("a list of 12 numbers", adjustments, key=key)
        by_month = []
        for month, adjustment in enumerate(adjustments):
            extra = self.number(adjustment, f"{key}[{month}]")
            by_month += [
                EnergyRate(
                    f"{rate.name}, month {month + 1}",
                    tuple(Tier(tier.up_to, tier.price + extra) for tier in rate.tiers),
                    rate.export_price,
                )
                for rate in rates
            ]
        shift = len(rates) * np.arange(_MONTHS)
        return tuple(by_month), table + shift[:, None, None]

    def _time_of_use_demand(self) -> list[DemandRate]:
        key = "demandratestructure"
        if is_nothing(self.item.get(key)):
            return []
        structure = self._structure(key)
        table = self._schedule("demandweekdayschedule", "demandweekendschedule", len(structure))
        return self._demand_rates(
            key, "demand period", structure, lambda number: table == number, "demandrateunit"
        )

    def _flat_demand(self) -> list[DemandRate]:
        key = "flatdemandstructure"
        if is_nothing(self.item.get(key)):
            return []
        structure = self._structure(key)
        months = self.item.get("flatdemandmonths")
        if months is None and len(structure) == 1:
            months = [0] * _MONTHS
        if not isinstance(months, list) or len(months) != _MONTHS:
            self.refuse("a list of 12 numbers of periods", months, key="flatdemandmonths")
        of_months = np.array(
            [self._period(number, "flatdemandmonths", len(structure)) for number in months]
        )

        def applies(number: int) -> NDArray[np.bool_]:
            mask = np.zeros((_MONTHS, len(DAY_TYPES), QUARTERS), dtype=bool)
            mask[of_months == number] = True
            return mask

        return self._demand_rates(key, "flat demand", structure, applies, "flatdemandunit")

    def _demand_rates(
        self,
        key: str,
        name: str,
        structure: list[list[dict[str, Any]]],
        applies: Callable[[int], NDArray[np.bool_]],
        unit_key: str,
    ) -> list[DemandRate]:
        """Prices of power that cost something at some time."""
        rates = []
        for number, tiers in enumerate(structure):
            mask = applies(number)
            is_used = bool(mask.any())
            prices = self._tiers(key, number, tiers, "kW", is_used=is_used)
            if not is_used or not any(tier.price for tier in prices):
                continue
            self._refuse_unit(unit_key)
            if min(tier.price for tier in prices) < 0:
                self.refuse("prices of power of 0 or more", key=f"{key}[{number}]")
            rates.append(DemandRate(f"{name} {number}", prices, mask))
        return rates

    def _refuse_unit(self, key: str) -> None:
        """Refuse power that is not billed by the kW of a month."""
        given = [name for name in (key, f"{key}s", "demandunits") if name in self.item]
        if given and self.word(given[0]) not in {"kW", ""}:
            self.refuse(
                "kW, the only unit in which power is billed here; take another tariff",
                self.item[given[0]],
                key=given[0],
            )

    def _fixed(self) -> tuple[FixedRate, ...]:
        by_key = {
            key: self.number(self.item.get(key, 0), key)
            for key in ("fixedchargefirstmeter", "fixedmonthlycharge")
        }
        unit = self.word("fixedchargeunits") or "$/month"
        value, monthly = by_key.values()
        if value and monthly and (value, unit) != (monthly, "$/month"):
            self.refuse("one fixed charge, found two", key=" and ".join(by_key))
        if value:
            if unit not in _FIXED_PERIODS:
                self.refuse("$/day, $/month or $/year", unit, key="fixedchargeunits")
            return (FixedRate("fixed charge", value, _FIXED_PERIODS[unit]),)
        return (FixedRate("fixed charge", monthly, "month"),) if monthly else ()

    def _structure(self, key: str) -> list[list[dict[str, Any]]]:
        structure = self.item.get(key)
        if (
            not isinstance(structure, list)
            or not structure
            or not all(isinstance(tiers, list) and tiers for tiers in structure)
            or not all(isinstance(tier, dict) for tiers in structure for tier in tiers)
        ):
            self.refuse("a list of periods, each a list of tiers", structure, key=key)
        if len(structure) > _MOST_PERIODS or max(map(len, structure)) > _MOST_TIERS:
            expected = said(
                "up to {periods} periods of up to {tiers} tiers",
                periods=_MOST_PERIODS,
                tiers=_MOST_TIERS,
            )
            self.refuse(expected, key=key)
        return structure

    def _tiers(
        self, key: str, number: int, tiers: list[dict[str, Any]], unit: str, *, is_used: bool
    ) -> tuple[Tier, ...]:
        found: list[Tier] = []
        for place, tier in enumerate(tiers):
            where = f"{key}[{number}][{place}]"
            if str(tier.get("unit") or unit) != unit:
                expected = said(
                    "{unit}, the only unit that is billed here; take another tariff", unit=unit
                )
                self.refuse(expected, tier["unit"], key=f"{where}.unit")
            if is_used and tier.get("rate") is None and tier.get("adj") is None:
                self.refuse("a price, 0 where it costs nothing; found none", key=f"{where}.rate")
            price = sum(
                (self.number(tier.get(part) or 0, f"{where}.{part}") for part in ("rate", "adj")),
                start=Decimal(0),
            )
            below = found[-1].up_to if found else Decimal(0)
            up_to = self._top(tier, f"{where}.max", below, is_last=place == len(tiers) - 1)
            found.append(Tier(up_to, price))
        return tuple(found)

    def _top(
        self, tier: dict[str, Any], where: str, below: Decimal | None, *, is_last: bool
    ) -> Decimal | None:
        """Where a tier ends; the last one has no end, whatever the file says."""
        top = (
            None
            if tier.get("max") is None
            else self.number(tier["max"], where, most=_HIGHEST_TIER_END)
        )
        is_open = top is None or top <= 0  # 0 and -1 stand for no end as well
        assert below is not None  # noqa: S101  # only the last tier has no end
        if not is_last and is_open:
            self.refuse("where the tier ends, as another one follows", top, key=where)
        if top is not None and not is_open and top <= below:
            expected = said("more than where the tier before ends ({below})", below=str(below))
            self.refuse(expected, top, key=where)
        return None if is_last else top

    def _schedule(self, weekdays: str, weekends: str, n_periods: int) -> NDArray[np.int64]:
        """Period by month, kind of day and quarter of an hour, (12, 8, 96) int64."""
        table = np.empty((_MONTHS, len(DAY_TYPES), QUARTERS), dtype=np.int64)
        table[:] = self._hours(weekdays, n_periods)[:, None, :]
        table[:, _WEEKENDS] = self._hours(weekends, n_periods)[:, None, :]
        return table

    def _hours(self, key: str, n_periods: int) -> NDArray[np.int64]:
        """A schedule of the database, (12, 96) int64."""
        rows = self.item.get(key)
        if (
            not isinstance(rows, list)
            or len(rows) != _MONTHS
            or not all(isinstance(row, list) and len(row) == _HOURS for row in rows)
        ):
            self.refuse(
                "12 months of 24 hours, each the number of a period", shape_of(rows), key=key
            )
        hours = [[self._period(number, key, n_periods) for number in row] for row in rows]
        return np.repeat(np.array(hours), QUARTERS // _HOURS, axis=1)

    def _period(self, number: object, key: str, n_periods: int) -> int:
        value = self.whole(number, key)
        if not 0 <= value < n_periods:
            expected = said("numbers of periods, 0 to {last}", last=n_periods - 1)
            self.refuse(expected, number, key=key)
        return value
