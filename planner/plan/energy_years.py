"""Energy of a year from that of the mean simulated day."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_WEEKS_A_YEAR = 365.0 / 7.0

MegawattHours = TypeVar("MegawattHours", float, NDArray[np.float64])


def year_gwh(day_mwh: MegawattHours, *, days_a_week: int) -> MegawattHours:
    """Energy of a year in which some days of each week are like the mean simulated day, GWh.

    Parameters
    ----------
    days_a_week : int
        Days like it; nobody charges on the others.
    """
    return days_a_week * _WEEKS_A_YEAR * day_mwh / 1000.0
