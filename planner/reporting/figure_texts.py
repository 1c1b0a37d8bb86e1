"""Figures with their intervals as texts, the same in every table of several runs."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING, Any

from planner.reporting.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.reporting.language import Language

_FIGURES = {
    # heading, decimals of a value, factor to the unit of the heading
    "n_hpc": ("High-power points", 0, 1.0),
    "n_lpc": ("Overnight points", 0, 1.0),
    "mean_wait_min": ("Mean wait, min", 1, 1.0),
    "p95_wait_min": ("95 % wait at most, min", 0, 1.0),
    "tcu": ("Use in time, %", 1, 100.0),
    "ecu_year_6_days_share": ("Use in energy, 6-day year, %", 1, 100.0),
    "energy_mwh": ("Energy, GWh", 2, 1e-3),
    "n_unserved": ("Unserved trips", 0, 1.0),
}

ALL_FIGURES = tuple(_FIGURES)
"""Columns of the figures, in reading order."""

BRIEF_FIGURES = ("n_hpc", "mean_wait_min", "tcu", "energy_mwh")
"""Those for which a terminal has room."""


def headings(figures: Sequence[str], language: Language = ENGLISH) -> list[str]:
    """Headings of figures, with their units."""
    return [language.text(_FIGURES[figure][0]) for figure in figures]


def figure_cells(
    row: Mapping[Any, Any],
    figures: Sequence[str],
    *,
    with_sign: bool = False,
    language: Language = ENGLISH,
) -> list[str]:
    """Figures of a row as texts, with half the width of the interval where there is one.

    Parameters
    ----------
    row : mapping
        The figures, with ``_high`` the upper ends of their intervals where there are any.
    figures : sequence of str
        Which to show, of :data:`ALL_FIGURES`.
    with_sign : bool
        Whether gains have a sign too.
    language : Language
        How figures are written.

    Returns
    -------
    list of str
        A text per figure, for example ``"1,371 ± 23"``.
    """
    cells = []
    for figure in figures:
        _, decimals, factor = _FIGURES[figure]
        mean = factor * row[figure]
        # The lower end may have been cut off at zero; the upper one never is.
        half = factor * (row.get(f"{figure}_high", nan) - row[figure])
        text = language.number(mean, decimals)
        if with_sign and mean >= 0.0:
            text = f"+{text}"
        is_known = not (isnan(half) or isnan(mean))
        cells.append(f"{text} ± {language.number(half, decimals)}" if is_known else text)
    return cells
