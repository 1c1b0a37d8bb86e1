"""Figures with their intervals as texts, the same in every table of several runs."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, Any

from planner.reporting.shown_tables import Figure
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.tables.language import Language


@dataclass(frozen=True, slots=True)
class _Form:
    """How a figure is written: heading, decimals, and factor to the unit of the heading."""

    heading: str
    decimals: int = 0
    factor: float = 1.0
    brief_decimals: int | None = None
    """Decimals on a terminal, where they are fewer."""


_FORMS = {
    "n_hpc": _Form("Points (HPC)"),
    "n_visited_sites": _Form("of which one per visited site"),
    "n_lpc": _Form("Points (LPC)"),
    "mean_wait_min": _Form("Mean wait, min", 1),
    "replanned_mean_wait_min": _Form("Mean wait after replanning, min", 1),
    "p95_wait_min": _Form("95 % wait at most, min"),
    "tcu": _Form("Use in time, %", 1, 100.0),
    "ecu_year_6_days_share": _Form("Use in energy, 6-day year, %", 1, 100.0),
    "energy_mwh": _Form("Energy, GWh", 2, 1e-3, brief_decimals=1),
    "mean_extra_duration_share": _Form("Longer trips, %", 2, 100.0),
    "mean_extra_km": _Form("Detour, km", 2),
    "n_unserved": _Form("Unserved trips"),
    "unserved_share": _Form("Unserved trips, %", 1, 100.0),
}

ALL_FIGURES = tuple(figure for figure in _FORMS if figure != "n_unserved")
"""Columns of the figures, in reading order: as many as a sheet of paper is wide."""

BRIEF_FIGURES = ("n_hpc", "mean_wait_min", "tcu", "energy_mwh")
"""Those for which a terminal has room."""


def known_figures(table: Any) -> tuple[str, ...]:
    """Figures of a table of means that any row knows, in reading order."""
    return tuple(
        figure for figure in ALL_FIGURES if figure in table and table[figure].notna().any()
    )


def headings(figures: Sequence[str], language: Language = ENGLISH) -> tuple[str, ...]:
    """Headings of figures, with their units."""
    return tuple(language.text(_FORMS[figure].heading) for figure in figures)


def figure_cells(
    row: Mapping[Any, Any],
    figures: Sequence[str],
    *,
    with_sign: bool = False,
    brief: bool = False,
    language: Language = ENGLISH,
) -> tuple[Figure, ...]:
    """Figures of a row as they are shown, with half the width of the interval where there is one.

    Parameters
    ----------
    row : mapping
        The figures, with ``_high`` the upper ends of their intervals where there are any.
    figures : sequence of str
        Which to show, of :data:`ALL_FIGURES`.
    with_sign : bool
        Whether gains have a sign too.
    brief : bool
        Whether they are written for a terminal.
    language : Language
        How figures are written.

    Returns
    -------
    tuple of Figure
        A cell per figure, for example ``"1,371 ± 23"``.
    """
    cells = []
    for figure in figures:
        form = _FORMS[figure]
        decimals = form.decimals
        if brief and form.brief_decimals is not None:
            decimals = form.brief_decimals
        mean = form.factor * row[figure]
        # The lower end may have been cut off at zero; the upper one never is.
        half = form.factor * (row.get(f"{figure}_high", nan) - row[figure])
        # Never a minus before nothing but zeros.
        shown = 0.0 if round(mean, decimals) == 0.0 else mean
        text = language.number(shown, decimals)
        if with_sign and shown >= 0.0:
            text = f"+{text}"
        if not (isnan(half) or isnan(mean)):
            text = f"{text} ± {language.number(half, decimals)}"
        cells.append(Figure(text, mean))
    return tuple(cells)
