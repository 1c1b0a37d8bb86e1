"""One tariff of the US utility rate database: values of its fields, or why they are none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from planner.depot.urdb_fields import decimal_of, shown_value
from planner.errors import InputDataError
from planner.said import AsWritten, joined, said
from planner.scenario.tariffs import HIGHEST_PRICE, LOWEST_PRICE

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

LONGEST_NAME = 200
_SECONDS_OF_START = (
    int(dt.datetime(1900, 1, 1, tzinfo=dt.UTC).timestamp()),
    int(dt.datetime(2200, 1, 1, tzinfo=dt.UTC).timestamp()),
)


@dataclass(frozen=True)
class UrdbItem:
    """One tariff of the database; its methods refuse a value that is none.

    Parameters
    ----------
    path : pathlib.Path
        File that it is from, for messages.
    item : dict
        As :func:`planner.depot.urdb_document.read_urdb_item` gives it.
    """

    path: Path
    item: dict[str, Any]

    def word(self, key: str) -> str:
        """A short text, empty where there is none."""
        value = self.item.get(key, "")
        if not isinstance(value, str) or len(value) > LONGEST_NAME:
            self.refuse("a short text", value, key=key)
        return value.strip()

    def date(self, key: str) -> dt.date | None:
        """A day of a field, told in seconds since 1970; None where there is none."""
        if key not in self.item:
            return None
        first, last = _SECONDS_OF_START
        number = decimal_of(self.item[key])
        if number is None or not first <= number <= last:
            expected = "seconds since 1970 of a day from 1900 to 2199"
            self.refuse(expected, self.item[key], key=key)
        return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=int(number))).date()  # noqa: DTZ001

    def number(
        self, value: object, key: str, most: int = HIGHEST_PRICE, least: int = LOWEST_PRICE
    ) -> Decimal:
        """A number of a field, which may stand in quotes."""
        number = decimal_of(value)
        if number is None:
            self.refuse("a number", value, key=key)
        if not least <= number <= most:
            expected = said("a number from {least} to {most}", least=least, most=most)
            self.refuse(expected, value, key=key)
        return number

    def whole(self, value: object, key: str) -> int:
        """A whole number of a field."""
        number = self.number(value, key)
        if number != int(number):
            self.refuse("a whole number", value, key=key)
        return int(number)

    def refuse(self, expected: str, found: object = None, *, key: str) -> NoReturn:
        """Refuse the tariff over one of its fields.

        Raises
        ------
        InputDataError
            Always.
        """
        msg = said(
            "{path}: {key}: expected {expected}",
            path=str(self.path),
            key=AsWritten(key),
            expected=expected,
        )
        if found is not None:
            msg = joined((msg, said("found {value}", value=shown_value(found))), ", ")
        raise InputDataError(msg)
