"""Tariffs of the US utility rate database (OpenEI), in its JSON layout."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from planner.depot.tariff import DemandRate, EnergyRate, FixedRate, Tariff, Tier
from planner.errors import InputDataError
from planner.scenario.tariffs import DAY_TYPES, QUARTERS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_MONTHS, _HOURS = 12, 24
_LARGEST_BYTES = 50_000_000
_WEEKENDS = (5, 6, DAY_TYPES.index("holiday"))
_UNSUPPORTED = ("coincidentratestructure", "demandreactivepowercharge", "demandrachetpercentage")


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
    return _UrdbItem(path, _chosen(path, label)).tariff()


def _chosen(path: Path, label: str | None) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            msg = f"{path}: larger than {_LARGEST_BYTES:,} bytes; give the JSON of one tariff"
            raise InputDataError(msg)
        document = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError, RecursionError) as error:
        msg = f"{path}: not readable as JSON ({error})"
        raise InputDataError(msg) from error
    found = document.get("items", [document]) if isinstance(document, dict) else document
    items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    if label is not None:
        items = [item for item in items if label in (item.get("label"), item.get("name"))]
    if len(items) != 1:
        msg = (
            f"{path}: expected one tariff{f' called {label}' if label else ''}, found {len(items)};"
            " name one by its label (urdb_label)"
        )
        raise InputDataError(msg)
    return items[0]


def _months_of_days() -> NDArray[np.int64]:
    """Month, from 0, of each day of a leap year, (366,) int64."""
    first = dt.date(2000, 1, 1)
    return np.array([(first + dt.timedelta(days=day)).month - 1 for day in range(366)])


class _UrdbItem:
    """One tariff of the database."""

    def __init__(self, path: Path, item: dict[str, Any]) -> None:
        self._path = path
        self._item = item

    def tariff(self) -> Tariff:
        """The tariff, ready for any day."""
        for key in _UNSUPPORTED:
            if self._item.get(key):
                self._refuse("a part that is not billed here; take another tariff", key=key)
        energy, table = self._energy()
        interval = self._whole(self._item.get("demandwindow", 15), "demandwindow")
        if interval not in {15, 30, 60}:
            self._refuse("15, 30 or 60 minutes", interval, key="demandwindow")
        start = self._item.get("startdate")
        return Tariff(
            name=str(self._item.get("name", self._path.stem)),
            currency="USD",
            source=str(self._item.get("uri") or self._item.get("source") or self._path),
            effective=self._start(start) if start is not None else None,
            season_of_day=_months_of_days(),
            energy=energy,
            energy_table=table,
            demand=(*self._time_of_use_demand(), *self._flat_demand()),
            fixed=self._fixed(),
            demand_interval_min=interval,
        )

    def _energy(self) -> tuple[tuple[EnergyRate, ...], NDArray[np.int64]]:
        key = "energyratestructure"
        structure = self._structure(key)
        table = self._schedule("energyweekdayschedule", "energyweekendschedule", len(structure))
        rates = []
        for number, tiers in enumerate(structure):
            prices = self._tiers(key, number, tiers, ("kWh",))
            sells = self._number(tiers[0].get("sell", 0), f"{key}[{number}].sell")
            rates.append(EnergyRate(f"period {number}", prices, sells))
        adjustments = self._item.get("fueladjustmentsmonthly")
        if adjustments:
            return self._adjusted(rates, table, adjustments)
        return tuple(rates), table

    def _adjusted(
        self, rates: list[EnergyRate], table: NDArray[np.int64], adjustments: object
    ) -> tuple[tuple[EnergyRate, ...], NDArray[np.int64]]:
        """Rates of their own for each month, with what the month adds."""
        key = "fueladjustmentsmonthly"
        if not isinstance(adjustments, list) or len(adjustments) != _MONTHS:
            self._refuse("a list of 12 numbers", key=key)
        by_month = []
        for month, adjustment in enumerate(adjustments):
            extra = self._number(adjustment, f"{key}[{month}]")
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
        if not self._item.get(key):
            return []
        structure = self._structure(key)
        table = self._schedule("demandweekdayschedule", "demandweekendschedule", len(structure))
        rates = []
        for number, tiers in enumerate(structure):
            prices = self._tiers(key, number, tiers, ("kW",))
            if any(tier.price for tier in prices) and (table == number).any():
                rates.append(DemandRate(f"demand period {number}", prices, table == number))
        return rates

    def _flat_demand(self) -> list[DemandRate]:
        key = "flatdemandstructure"
        if not self._item.get(key):
            return []
        structure = self._structure(key)
        months = self._item.get("flatdemandmonths", [0] * _MONTHS)
        if not isinstance(months, list) or len(months) != _MONTHS:
            self._refuse("a list of 12 numbers of periods", key="flatdemandmonths")
        of_months = np.array(
            [self._period(number, "flatdemandmonths", len(structure)) for number in months]
        )
        rates = []
        for number, tiers in enumerate(structure):
            applies = np.zeros((_MONTHS, len(DAY_TYPES), QUARTERS), dtype=bool)
            applies[of_months == number] = True
            prices = self._tiers(key, number, tiers, ("kW",))
            if any(tier.price for tier in prices) and applies.any():
                rates.append(DemandRate(f"flat demand {number}", prices, applies))
        return rates

    def _fixed(self) -> tuple[FixedRate, ...]:
        amount = self._item.get("fixedchargefirstmeter", self._item.get("fixedmonthlycharge"))
        if not amount:
            return ()
        unit = str(self._item.get("fixedchargeunits", "$/month"))
        if unit not in {"$/day", "$/month", "$/year"}:
            self._refuse("$/day, $/month or $/year", unit, key="fixedchargeunits")
        value = self._number(amount, "fixedchargefirstmeter")
        return (FixedRate("fixed charge", value, unit.removeprefix("$/")),)

    def _structure(self, key: str) -> list[list[dict[str, Any]]]:
        structure = self._item.get(key)
        if (
            not isinstance(structure, list)
            or not structure
            or not all(isinstance(tiers, list) and tiers for tiers in structure)
            or not all(isinstance(tier, dict) for tiers in structure for tier in tiers)
        ):
            self._refuse("a list of periods, each a list of tiers", key=key)
        return structure

    def _tiers(
        self, key: str, number: int, tiers: list[dict[str, Any]], units: tuple[str, ...]
    ) -> tuple[Tier, ...]:
        found = []
        for place, tier in enumerate(tiers):
            where = f"{key}[{number}][{place}]"
            unit = tier.get("unit", units[0])
            if unit not in units:
                self._refuse(" or ".join(units), unit, key=f"{where}.unit")
            price = self._number(tier.get("rate", 0), f"{where}.rate")
            price += self._number(tier.get("adj", 0), f"{where}.adj")
            top = tier.get("max")
            is_last = place == len(tiers) - 1
            up_to = None if top is None or is_last else self._number(top, f"{where}.max")
            found.append(Tier(up_to, price))
        return tuple(found)

    def _schedule(self, weekdays: str, weekends: str, n_periods: int) -> NDArray[np.int64]:
        """Period by month, kind of day and quarter of an hour, (12, 8, 96) int64."""
        table = np.empty((_MONTHS, len(DAY_TYPES), QUARTERS), dtype=np.int64)
        table[:] = self._hours(weekdays, n_periods)[:, None, :]
        table[:, _WEEKENDS] = self._hours(weekends, n_periods)[:, None, :]
        return table

    def _hours(self, key: str, n_periods: int) -> NDArray[np.int64]:
        """A schedule of the database, (12, 96) int64."""
        rows = self._item.get(key)
        if (
            not isinstance(rows, list)
            or len(rows) != _MONTHS
            or not all(isinstance(row, list) and len(row) == _HOURS for row in rows)
        ):
            self._refuse("12 months of 24 hours, each the number of a period", key=key)
        hours = [[self._period(number, key, n_periods) for number in row] for row in rows]
        return np.repeat(np.array(hours), QUARTERS // _HOURS, axis=1)

    def _period(self, number: object, key: str, n_periods: int) -> int:
        value = self._whole(number, key)
        if not 0 <= value < n_periods:
            self._refuse(f"numbers of periods, 0 to {n_periods - 1}", number, key=key)
        return value

    def _start(self, value: object) -> dt.date:
        seconds = self._whole(value, "startdate")
        return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date()  # noqa: DTZ001

    def _number(self, value: object, key: str) -> Decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite():
            self._refuse("a number", value, key=key)
        return number

    def _whole(self, value: object, key: str) -> int:
        number = self._number(value, key)
        if number != int(number):
            self._refuse("a whole number", value, key=key)
        return int(number)

    def _refuse(self, expected: str, found: object = None, *, key: str) -> NoReturn:
        tail = "" if found is None else f", found {found!r}"
        msg = f"{self._path}: {key}: expected {expected}{tail}"
        raise InputDataError(msg)
