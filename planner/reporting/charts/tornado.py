"""What points and costs depend on: one factor at a time, the one that moves most on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.charts.axes import layered, names_above, tip
from planner.reporting.charts.look import PLAIN, STORED, TRUCKS_SIDE, colour_of, scale_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.tables.language import Language
    from planner.tables.table import Quantity

_ROW, _PRINTED_ROW = 36, 22


def tornado_chart(
    rows: Sequence[Mapping[str, Any]],
    quantity: Quantity,
    language: Language,
    *,
    names_beside: bool = False,
) -> alt.LayerChart:
    """Bars from the central value of a measure to those with a factor low and high.

    Data: named after the measure, a row per factor in the order of bars: ``factor``, ``low``,
    ``central``, ``high`` of the factor, ``at_low``, ``at_central``, ``at_high`` of the measure.

    Parameters
    ----------
    rows : sequence of mapping
        These rows with their English ``title``, for the names of factors.
    quantity : Quantity
        The measure.
    names_beside : bool
        Whether names stand beside their rows, where there is room: in print.
    """
    names = {
        row["factor"]: f"{language.own_text(row['title'])}: {language.figure(row['low'])} "
        f"\N{EN DASH} {language.figure(row['high'])}"
        for row in rows
    }
    heading = quantity.heading(language)
    base = alt.Chart(alt.NamedData(quantity.name)).transform_calculate(
        name=f"{names}[datum.factor]"
    )
    encoded = alt.Y("name:N", sort=None)
    y = encoded.title(None).axis(labelLimit=400) if names_beside else names_above(encoded)
    ends = {"low": language.text("factor low"), "high": language.text("factor high")}
    told = [
        alt.Tooltip("name:N", title=language.text("Factor")),
        tip(quantity, language, "at_low", ends["low"]),
        tip(quantity, language, "at_central"),
        tip(quantity, language, "at_high", ends["high"]),
    ]
    bars = [
        base.transform_calculate(end=f"'{ends[end]}'")
        .mark_bar(
            height=alt.RelativeBandSize(0.65) if names_beside else 11,
            yOffset=0 if names_beside else 4,
        )
        .encode(
            y=y,
            x=alt.X("at_central:Q").title(heading).scale(zero=False),
            x2=f"at_{end}",
            color=colour_of("end", scale_of(list(ends.values()), (TRUCKS_SIDE, STORED))),
            tooltip=told,
        )
        for end in ends
    ]
    line = base.mark_rule(color=PLAIN).encode(x="at_central:Q")
    return layered(
        [*bars, line],
        height=max(len(rows), 1) * (_PRINTED_ROW if names_beside else _ROW),
        description=language.text("{quantity}, one factor at a time", quantity=heading),
    )
