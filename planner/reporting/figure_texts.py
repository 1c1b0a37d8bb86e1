"""Figures with their intervals as texts, the same in every table of several runs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import isnan, nan
from typing import TYPE_CHECKING, Any

from planner.plan.run_columns import ENERGY, FROM_SUMMARY, OBJECTIVE_FIGURES, OF_THE_RUN, REPLANNED
from planner.plan.schemas import FRONT
from planner.reporting.page_tables import Figure, PageColumn
from planner.reporting.phrases import Phrase
from planner.tables.forms import decimals
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.tables.language import Language


ALL_FIGURES = (
    "n_hpc",
    "n_visited_sites",
    "n_lpc",
    MEAN_WAIT.name,
    f"replanned_{MEAN_WAIT.name}",
    "p95_wait_min",
    "tcu",
    *(each.name for each in OBJECTIVE_FIGURES),
    "ecu_year_6_days_share",
    "energy_mwh",
    "mean_extra_duration_share",
    "mean_extra_km",
    "unserved_share",
)
"""Columns of the figures, in reading order: as many as a sheet of paper is wide."""

BRIEF_FIGURES = ("n_hpc", MEAN_WAIT.name, "tcu", "energy_mwh")
"""Those for which a terminal has room."""

_QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        *FRONT.columns,
        *FROM_SUMMARY,
        *OBJECTIVE_FIGURES,
        *REPLANNED,
        *OF_THE_RUN,
        # In GWh, since tables of several runs are of whole countries.
        replace(ENERGY, unit="GWh", form="two"),
    )
}
_FACTORS = {"GWh": 1e-3, "share": 100.0}


def known_figures(table: Any) -> tuple[str, ...]:
    """Figures of a table of means that any row knows, in reading order."""
    return tuple(
        figure for figure in ALL_FIGURES if figure in table and table[figure].notna().any()
    )


def figure_columns(figures: Sequence[str]) -> tuple[PageColumn, ...]:
    """Columns of figures, with their units in the headings."""
    return tuple(PageColumn.of(_QUANTITIES[figure], with_unit=True) for figure in figures)


def figure_cells(
    row: Mapping[Any, Any],
    figures: Sequence[str],
    *,
    with_sign: bool = False,
    brief: bool = False,
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

    Returns
    -------
    tuple of Figure
        A cell per figure, for example ``"1,371 ± 23"``.
    """
    cells = []
    for figure in figures:
        quantity = _QUANTITIES[figure]
        places = min(decimals(quantity.form), 1) if brief else decimals(quantity.form)
        factor = _FACTORS.get(quantity.unit, 1.0)
        mean = factor * row[figure]
        # The lower end may have been cut off at zero; the upper one never is.
        half = factor * (row.get(f"{figure}_high", nan) - row[figure])
        write = partial(_with_interval, mean, half, places, with_sign=with_sign)
        cells.append(Figure(Phrase.of(write), mean))
    return tuple(cells)


def _with_interval(
    mean: float, half: float, places: int, language: Language, *, with_sign: bool
) -> str:
    # Never a minus before nothing but zeros.
    shown = 0.0 if round(mean, places) == 0.0 else mean
    text = language.number(shown, places)
    if with_sign and shown >= 0.0:
        text = f"+{text}"
    return text if isnan(half) or isnan(mean) else f"{text} ± {language.number(half, places)}"
