"""What two classes of high-power points come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.optimization.class_columns import CHOICE, CLASS_FRONT, LOST, N_FAST, N_SLOW
from planner.reporting.charts.axes import layered, tip, x_of, y_of
from planner.reporting.charts.look import CHOSEN, INK, STORED, TRUCKS_SIDE, scale_of
from planner.tables.layout_quantities import OPERATOR_COST, SYSTEM_COST

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from planner.tables.language import Language

_HEIGHT = 320
_LONGEST_MIN = 20.0
"""Mixes with which trucks lose more time are in the table alone."""

KIND_TITLES = {
    "fast": "faster points alone",
    "mixed": "both mixed",
    "slow": "slower points alone",
    "swapped": "swapped one for one",
    "given": "your table",
}
_KIND_COLOURS = {
    "fast": TRUCKS_SIDE,
    "mixed": CHOSEN,
    "slow": STORED,
    "swapped": INK,
    "given": "#a6689a",
}
CHOICE_TITLES = {
    "fastest": "takes the faster one",
    "sparing": "leaves the faster one to others",
}
"""What a driver does who leaves alike from either class."""


def words(titles: Mapping[str, str], language: Language) -> dict[str, str]:
    """Titles in a language."""
    return {name: language.text(title) for name, title in titles.items()}


def swap_chart(language: Language) -> alt.LayerChart:
    """Time lost over the points swapped, for either choice of drivers.

    Data: ``swaps``, rows of ``CLASS_SWAPS``.
    """
    names = words(CHOICE_TITLES, language)
    scale = scale_of(list(names.values()), (TRUCKS_SIDE, CHOSEN))
    base = alt.Chart(alt.NamedData("swaps")).transform_calculate(
        who=f"{names}[datum.{CHOICE.name}]"
    )
    encoded = base.encode(
        x=x_of(N_SLOW, language),
        y=y_of(LOST, language),
        color=alt.Color("who:N")
        .title(CHOICE.heading(language))
        .scale(scale)
        .legend(orient="top", titleOrient="left"),
        tooltip=[tip(each, language) for each in (N_FAST, N_SLOW, LOST)],
    )
    lines = encoded.mark_line(strokeWidth=2)
    dots = encoded.mark_circle(size=45, opacity=1.0)
    title = language.text("Time lost by the points swapped for slower ones")
    return layered([lines, dots], height=_HEIGHT, description=title)


def mix_chart(language: Language, kinds: Collection[str]) -> alt.LayerChart:
    """Cost to all over the time lost, for the kinds of mixes.

    Data: ``mixes``, rows of ``CLASS_FRONT``.

    Parameters
    ----------
    kinds : collection of str
        Kinds that there are, of :data:`KIND_TITLES`.
    """
    titles = {kind: title for kind, title in KIND_TITLES.items() if kind in kinds}
    names = words(titles, language)
    scale = scale_of(list(names.values()), [_KIND_COLOURS[kind] for kind in names])
    of_front = CLASS_FRONT.quantities("n_fast", "n_slow", "mean_lost_min", "operator_eur_day")
    base = (
        alt.Chart(alt.NamedData("mixes"))
        .transform_filter(f"datum.{LOST.name} <= {_LONGEST_MIN}")
        .transform_calculate(
            thousand=f"datum.{SYSTEM_COST.name} / 1000", which=f"{names}[datum.kind]"
        )
    )
    title = language.text("Cost to all a day (1,000 EUR)")
    colour = alt.Color("which:N").title(None).scale(scale).legend(orient="top")
    y = alt.Y("thousand:Q").title(title).scale(zero=False).axis(tickCount=6)
    told = [tip(each, language) for each in (*of_front, OPERATOR_COST, SYSTEM_COST)]
    encoded = base.encode(x=x_of(LOST, language), y=y, color=colour, tooltip=told)
    lines = encoded.transform_filter("datum.kind != 'swapped' && datum.kind != 'given'").mark_line(
        strokeWidth=2
    )
    dots = encoded.mark_circle(size=40, opacity=1.0)
    named = encoded.transform_filter("datum.plan != ''").mark_circle(
        size=130, opacity=1.0, stroke="white", strokeWidth=1.0
    )
    return layered(
        [lines, dots, named],
        height=_HEIGHT,
        description=language.text("Cost to all over the time lost, by classes"),
    )
