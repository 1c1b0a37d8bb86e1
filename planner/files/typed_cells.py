"""Cells with types of their own (spreadsheets, map layers) as the text that CSV files hold."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from numbers import Integral, Real

import pandas as pd


def cell_text(value: object) -> str | None:
    """Write a cell as it would stand in a CSV file.

    Parameters
    ----------
    value : object
        Number, text, truth value, date or nothing.

    Returns
    -------
    str or None
        Whole numbers without a decimal point (an identifier 46 may be stored as 46.0); None for
        empty cells, NaN and blank text.
    """
    if isinstance(value, str):
        return value.strip() or None
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Real) and not isinstance(value, Integral):
        number = float(value)
        if math.isnan(number):
            return None
        return str(int(number)) if number.is_integer() else repr(number)
    return str(value)
