"""Figures of every plan packed small, for the scripts of a page.

Figures of every site in every plan would be half the page as text. They are whole numbers of 16
bits, or of 32 where one is too large for that, in little-endian order, site by site, compressed and
written in base64: a tenth of that.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.tables.forms import kept_decimals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.tables.table import Table

_TYPES = (np.dtype("<u2"), np.dtype("<u4"))
"""Types of whole numbers, the smallest first; the largest number of each is a figure not known."""


def packed(figures: Mapping[str, NDArray[np.float64]], table: Table) -> dict[str, Any]:
    """Figures of all plans in few letters.

    Parameters
    ----------
    figures : mapping of str to (n_solutions, n) float64
        The figures, >= 0 or NaN.
    table : Table
        Their table: figures keep the decimals of their form, fewer where 32 bits are not enough.

    Returns
    -------
    dict
        ``figures``: name, factor to the unit and bytes of a value, in order; ``columns``: n;
        ``base64``: for each figure the values of the first column in all solutions, then those of
        the second, ...
    """
    parts, entries = [], []
    n_columns = 0
    for column in table.quantities(*figures):
        values = figures[column.name]
        n_columns = values.shape[1]
        largest = float(np.nanmax(values, initial=0.0))
        digits = kept_decimals(column.form)
        while _round(largest, digits) >= _missing(_TYPES[-1]):
            digits -= 1
        kind = next(each for each in _TYPES if _round(largest, digits) < _missing(each))
        whole = np.where(np.isnan(values), _missing(kind), _round(np.nan_to_num(values), digits))
        parts.append(np.ascontiguousarray(whole.T).astype(kind).tobytes())
        entries.append({"name": column.name, "unit": float(f"1e{-digits}"), "bytes": kind.itemsize})
    text = base64.b64encode(zlib.compress(b"".join(parts), level=9)).decode("ascii")
    return {"figures": entries, "columns": n_columns, "base64": text}


def _round(values: Any, digits: int) -> Any:
    return np.round(values * 10.0**digits)


def _missing(kind: np.dtype[Any]) -> int:
    return int(np.iinfo(kind).max)
