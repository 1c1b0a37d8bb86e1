"""Bands over the draws of the demand in words and cells, the same wherever a solution is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plan.schemas import ON_DRAWS, ends_on_draws
from planner.tables.forms import decimals, written
from planner.tables.layout_quantities import MEAN_WAIT, TCU

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from planner.tables.language import Language
    from planner.tables.table import Quantity

_WITH_BAND = {figure.name: ends_on_draws(figure) for figure in ON_DRAWS}
_PER_CENT = 100.0


def figure_with_band(
    row: Mapping[Any, Any] | pd.Series, figure: Quantity, language: Language
) -> str:
    """Figure of a solution, with the ends of its band in brackets where it has one.

    Parameters
    ----------
    row : mapping or Series
        A row of the front.
    """
    text = written(row[figure.name], figure.form, language)
    if figure.name not in _WITH_BAND or _WITH_BAND[figure.name][0].name not in row:
        return text
    factor = _PER_CENT if figure.form == "percent" else 1.0
    low, high = (
        language.number(factor * row[end.name], decimals(figure.form))
        for end in _WITH_BAND[figure.name]
    )
    return f"{text} ({low}\N{EN DASH}{high})"


def draws_sentence(summary: Mapping[str, Any], solution: str, language: Language) -> str:
    """What a solution gives on all draws of the demand; empty where there is one."""
    if "draws" not in summary:
        return ""
    figures = summary["draws"]["solutions"][solution]
    waits, uses = figures[MEAN_WAIT.name], figures[TCU.name]
    return language.text(
        "On {n} draws of the demand (seeds {first} to {last}) trucks wait between {shortest} and "
        "{longest} on average with this plan, and its points are in use between {least} and {most} "
        "of the time.",
        shortest=language.minutes(min(waits)),
        longest=language.minutes(max(waits)),
        least=language.percent(min(uses)),
        most=language.percent(max(uses)),
        **_seeds(summary),
    )


def band_sentence(summary: Mapping[str, Any], language: Language) -> str:
    """What the band of a front says; empty where there is none."""
    if "draws" not in summary:
        return ""
    return language.text(
        "The band reaches from the least to the longest mean wait of each plan on {n} draws of the "
        "demand (seeds {first} to {last}); plans are searched for the first draw, and so tend to "
        "lie at the lower end of their bands.",
        **_seeds(summary),
    )


def _seeds(summary: Mapping[str, Any]) -> dict[str, int]:
    seeds = summary["draws"]["seeds"]
    return {"n": len(seeds), "first": seeds[0], "last": seeds[-1]}
