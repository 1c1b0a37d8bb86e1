"""Grid connections in the unit that a table means: kW, MW, kVA or MVA."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import NDArray

POWER_FACTOR = 0.95
"""Active over apparent power taken for a connection given in VA. Assumption: what network
operators ask of large consumers lies between 0.90 and 1."""
KW_PER_UNIT = {"kW": 1.0, "MW": 1000.0, "kVA": POWER_FACTOR, "MVA": 1000.0 * POWER_FACTOR}
PLAUSIBLE_KW = (100.0, 200_000.0)
"""A list of truck charging sites of which none lies within this has another unit: the least is
one slow point's power, the most a small power station's."""
_UNIT_IN_NAME = re.compile(r"(?<![a-z])(kw|mw|kva|mva|w|gw)(?![a-z])")


def grid_connections_kw(
    values: NDArray[np.float64], column: str, unit: str | None, where: str
) -> NDArray[np.float64]:
    """Turn grid connections into kW, and refuse a unit that cannot be meant.

    Parameters
    ----------
    values : (n_sites,) float64
        As in the table, >= 0; NaN where unknown.
    column : str
        Header of their column, which may name a unit: ``"Anschluss [MW]"``, ``grid_mva``.
    unit : str or None
        Key of :data:`KW_PER_UNIT`; None takes the header's, or kW where it names none.

    Returns
    -------
    (n_sites,) float64
        Active power, kW; NaN where unknown.

    Raises
    ------
    InputDataError
        If the header names another unit than ``unit``, one that is not known, or all sites lie
        outside :data:`PLAUSIBLE_KW`.
    """
    named = unit_named(column, where)
    if unit is not None and named is not None and named != unit:
        msg = said(
            "{where}: column {column} names {named}, sites.grid_connection_unit says {unit}. "
            "Correct one of them.",
            where=where,
            column=repr(column),
            named=named,
            unit=unit,
        )
        raise InputDataError(msg)
    meant = unit or named or "kW"
    power_kw = values * KW_PER_UNIT[meant]
    _refuse_implausible(power_kw[power_kw > 0.0], column, meant, where)
    return power_kw


def unit_named(column: str, where: str) -> str | None:
    """Unit that a header names, a key of :data:`KW_PER_UNIT`; None where it names none.

    Raises
    ------
    InputDataError
        If it names one that is not known.
    """
    found = _UNIT_IN_NAME.search(column.lower())
    if found is None:
        return None
    known = {unit.lower(): unit for unit in KW_PER_UNIT}
    if found[1] not in known:
        msg = said(
            "{where}: column {column} must be in {listed}; convert it.",
            where=where,
            column=repr(column),
            listed=", ".join(KW_PER_UNIT),
        )
        raise InputDataError(msg)
    return known[found[1]]


def _refuse_implausible(power_kw: NDArray[np.float64], column: str, unit: str, where: str) -> None:
    """Name the unit that was probably meant where a whole column is off by a factor of 1000."""
    least, most = PLAUSIBLE_KW
    if not power_kw.size or not (power_kw.max() < least or power_kw.min() > most):
        return
    others = [
        other
        for other, factor in KW_PER_UNIT.items()
        if least <= np.median(power_kw) / KW_PER_UNIT[unit] * factor <= most
    ]
    likely = said("the values look like {unit}", unit=others[0]) if others else "check the unit"
    low, high = (value / KW_PER_UNIT[unit] for value in (power_kw.min(), power_kw.max()))
    msg = said(
        "{where}: column {column} holds {low} to {high} {unit}, but truck charging sites "
        "have {least} to {most} kW; {likely}. Set sites.grid_connection_unit or convert "
        "it.",
        where=where,
        column=repr(column),
        low=low,
        high=high,
        unit=unit,
        least=least,
        most=most,
        likely=likely,
    )
    raise InputDataError(msg)
