"""Figures with their intervals as texts, the same in every table of several runs."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING, Any

from planner.reporting.language import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIGURES = {
    # heading, text of a value, factor to the unit of the text
    "n_hpc": ("High-power points", "{:,.0f}", 1.0),
    "n_lpc": ("Overnight points", "{:,.0f}", 1.0),
    "mean_wait_min": ("Mean wait, min", "{:,.1f}", 1.0),
    "p95_wait_min": ("95 % wait at most, min", "{:,.0f}", 1.0),
    "tcu": ("Use in time, %", "{:,.1f}", 100.0),
    "ecu_year_6_days_share": ("Use in energy, 6-day year, %", "{:,.1f}", 100.0),
    "energy_mwh": ("Energy, GWh", "{:,.2f}", 1e-3),
    "n_unserved": ("Unserved trips", "{:,.0f}", 1.0),
}

ALL_FIGURES = tuple(_FIGURES)
"""Columns of the figures, in reading order."""

BRIEF_FIGURES = ("n_hpc", "mean_wait_min", "tcu", "energy_mwh")
"""Those for which a terminal has room."""


def headings(figures: Sequence[str]) -> list[str]:
    """Headings of figures, with their units."""
    return [_FIGURES[figure][0] for figure in figures]


def figure_cells(row: Mapping[Any, Any], figures: Sequence[str], sign: str = "") -> list[str]:
    """Figures of a row as texts, with half the width of the interval where there is one.

    Parameters
    ----------
    row : mapping
        The figures, with ``_high`` the upper ends of their intervals where there are any.
    figures : sequence of str
        Which to show, of :data:`ALL_FIGURES`.
    sign : str
        ``"+"`` to show the sign of gains too.

    Returns
    -------
    list of str
        A text per figure, for example ``"1,371 ± 23"``.
    """
    cells = []
    for figure in figures:
        _, form, factor = _FIGURES[figure]
        mean = factor * row[figure]
        # The lower end may have been cut off at zero; the upper one never is.
        half = factor * (row.get(f"{figure}_high", nan) - row[figure])
        text = NOT_KNOWN if isnan(mean) else form.replace("{:", "{:" + sign).format(mean)
        cells.append(text if isnan(half) or isnan(mean) else f"{text} ± {form.format(half)}")
    return cells
