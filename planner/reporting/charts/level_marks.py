"""Published figures beside those of plans over levels, as marks of a small chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.plan.published_rules import RULES
from planner.reporting.charts.axes import value_format
from planner.reporting.charts.look import PUBLISHED_COLOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planner.plan.published_figures import PublishedFigure
    from planner.tables.language import Language
    from planner.tables.table import Quantity

SOLUTION_PARAM = "solution_name"
"""Parameter of the chart on a page: which named solution it shows."""
_ASIDE = 5


def published_marks(
    published: Sequence[PublishedFigure],
    quantity: Quantity,
    *,
    x: alt.X,
    y_of: Callable[[str], alt.Y],
    axis_title: str,
    language: Language,
) -> list[Any]:
    """Layers with published values of a figure.

    Parameters
    ----------
    published : sequence of PublishedFigure
        Those of the figure.
    quantity : Quantity
        The figure.
    x : alt.X
        How levels are encoded.
    y_of : callable
        How the figure is encoded, by the column that holds it.
    axis_title : str
        Title of the axis of levels, English where it is one of ours.
    """
    text = language.text
    whose = {
        "policy": text("published, policy sites"),
        "extended": text("published, extended sites"),
    }
    rows = [
        {
            "level": value.level_share,
            "low": value.low,
            "high": value.high,
            "whose": whose[value.network],
            "of": text(value.what),
            "definition": text(RULES[value.what].definition),
            "solution_name": value.solution_name,
        }
        for value in published
    ]
    if not rows:
        return []
    shape = (
        alt.Shape("whose:N")
        .title("\N{NO-BREAK SPACE}")
        .scale(domain=list(whose.values()), range=["diamond", "square"])
        # The empty title keeps it apart from the legend of the series.
        .legend(orient="top", titleOrient="left", titlePadding=14)
    )
    base = alt.Chart(alt.InlineData(values=rows)).transform_filter(
        f"datum.solution_name === '' || datum.solution_name === {SOLUTION_PARAM}"
    )
    form = value_format(quantity)
    tooltip = [
        alt.Tooltip("whose:N", title=text("Source")),
        alt.Tooltip("of:N", title=text("Figure")),
        alt.Tooltip("level:Q", title=language.own_text(axis_title), format=".0%"),
        alt.Tooltip("definition:N", title=text("What it counts")),
        alt.Tooltip("low:Q", title=text("from"), format=form),
        alt.Tooltip("high:Q", title=text("to"), format=form),
    ]
    layers: list[Any] = []
    # Side by side, since both networks are published for the same levels.
    for name, offset in zip(whose.values(), (-_ASIDE, _ASIDE), strict=True):
        of_one = base.transform_filter(alt.datum.whose == name)
        bar = of_one.mark_rule(strokeWidth=2, color=PUBLISHED_COLOUR, xOffset=offset)
        point = of_one.mark_point(
            size=70, filled=True, color=PUBLISHED_COLOUR, opacity=0.9, xOffset=offset
        )
        layers.append(bar.encode(x=x, y=y_of("low"), y2="high", tooltip=tooltip))
        layers += [
            point.encode(x=x, y=y_of(end), shape=shape, tooltip=tooltip) for end in ("low", "high")
        ]
    return layers
