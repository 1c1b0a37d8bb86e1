"""Which part of a charge by the day, month or year some days bear: the one way for all figures."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

Period = Literal["day", "month", "year"]


def share_of_period(per: Period, first_day: dt.date, n_days: int) -> Decimal:
    """Part of a charge that days in a row bear, as if all days of its period were like them.

    A charge on the highest power of a month or year is paid once for all its days; put on one day
    alone it would swamp the price of energy.

    Parameters
    ----------
    per : {"day", "month", "year"}
        What the charge is for.
    n_days : int
        Number of days, >= 1.

    Returns
    -------
    Decimal
        Days by the days of their month or year, summed over months or years; a whole month or year
        bears 1.
    """
    return sum(
        (Decimal(days) / length for days, length in _days_by_period(per, first_day, n_days)),
        Decimal(0),
    )


def _days_by_period(per: Period, first_day: dt.date, n_days: int) -> Iterator[tuple[int, int]]:
    """Days in each period that is touched, and the days that it has."""
    day, left = first_day, n_days
    while left > 0:
        of_year = 366 if calendar.isleap(day.year) else 365
        of_month = calendar.monthrange(day.year, day.month)[1]
        length, done = {
            "day": (1, 0),
            "month": (of_month, day.day - 1),
            "year": (of_year, day.timetuple().tm_yday - 1),
        }[per]
        days = min(left, length - done)
        yield days, length
        day += dt.timedelta(days=days)
        left -= days
