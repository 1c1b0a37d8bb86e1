"""Waits and points in use of a plan, hour by hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.plan.schemas import HOURLY
from planner.plan.site_course import N_WAITING
from planner.reporting.charts.axes import days_axis, layered, tip, title_of, y_of
from planner.reporting.charts.look import (
    CHOSEN,
    INK,
    TRUCKS_SIDE,
    Look,
    solution_colours,
    solution_dashes,
)
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    import pandas as pd

    from planner.tables.language import Language
    from planner.tables.table import Quantity

HOURLY_FIGURES = HOURLY.quantities(MEAN_WAIT, "occupied_share")
NOW = "now"
"""Parameter of charts of a course: the moment that is shown beside."""


def hours_chart(
    rows: alt.NamedData | pd.DataFrame,
    quantity: Quantity,
    hours: tuple[int, int],
    titles: dict[str, str],
    language: Language,
    look: Look,
    **size: Any,
) -> alt.LayerChart:
    """One figure by hour, a line per named plan.

    On a page the lines are grey behind that of the chosen plan, of the data ``chosen-hours``; on
    paper each has its colour.

    Parameters
    ----------
    rows : NamedData or DataFrame
        ``hour``, the name of the plan as ``name``, and the figure.
    quantity : Quantity
        The figure, of :data:`HOURLY_FIGURES`.
    hours : tuple of int
        First and last hour, from Monday 00:00.
    titles : dict
        Titles of the named plans, for the legend on paper.
    **size
        Its ``width`` and ``height``.
    """
    x = days_axis(*hours, language)
    y = y_of(quantity, language, tickCount=4).scale(domainMin=0)
    title = title_of(quantity, language)

    def lines(data: alt.NamedData | pd.DataFrame) -> alt.Chart:
        return alt.Chart(data).encode(x=x, y=y, detail="name:N")

    if not look.is_live:
        names, plans = list(titles), list(dict.fromkeys(titles.values()))
        colour = (
            alt.Color("plan:N")
            .title(None)
            .scale(domain=plans, range=solution_colours(names))
            .legend(orient="top", symbolType="stroke", symbolSize=120, symbolStrokeWidth=1.2)
        )
        dashes: Any = solution_dashes(names)
        dash = alt.StrokeDash("plan:N").title(None).scale(domain=plans, range=dashes)
        line = lines(rows).mark_line(strokeWidth=look.line, strokeJoin="round")
        return layered([line.encode(color=colour, strokeDash=dash)], description="", **size)
    others = lines(rows).mark_line(strokeWidth=1, color=look.plain, opacity=0.6)
    chosen = lines(alt.NamedData("chosen-hours"))
    hour = alt.Tooltip("hour:Q", title=language.text("Hour since Monday 00:00"), format=".0f")
    targets = chosen.mark_bar(opacity=0, width=6).encode(tooltip=[hour, tip(quantity, language)])
    line = chosen.mark_line(strokeWidth=2.5, color=CHOSEN)
    return layered([others, line, targets], height=190, description=title)


def course_charts(hours: tuple[int, int], language: Language) -> dict[str, alt.LayerChart]:
    """Trucks that wait in the whole country and power that all sites draw, by name.

    A line marks the moment of the parameter :data:`NOW`, hours since Monday 00:00. Data:
    ``course``, a row per step with its ``hour``, ``n_waiting`` and ``power_mw``.

    Parameters
    ----------
    hours : tuple of int
        First and last hour, from Monday 00:00.
    """
    shown = {
        "course-waiting": ("n_waiting", N_WAITING.heading(language), CHOSEN),
        "course-power": ("power_mw", language.text("Power of all sites (MW)"), TRUCKS_SIDE),
    }
    charts = {}
    for name, (column, title, colour) in shown.items():
        x = days_axis(*hours, language)
        area = (
            alt.Chart(alt.NamedData("course"))
            .mark_area(color=colour, opacity=0.35, line={"color": colour, "strokeWidth": 1.5})
            .encode(x=x, y=alt.Y(f"{column}:Q").title(None).axis(tickCount=3))
        )
        moment = (
            alt.Chart(alt.InlineData(values=[{}]))
            .transform_calculate(hour=NOW)
            .mark_rule(color=INK, strokeWidth=2)
            .encode(x=alt.X("hour:Q"))
        )
        chart = layered([area, moment], height=90, description=title)
        # Above: beside so low a plot a title would be cut.
        charts[name] = chart.properties(title=title).add_params(alt.param(name=NOW, value=hours[0]))
    return charts
