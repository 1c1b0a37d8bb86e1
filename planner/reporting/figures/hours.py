"""Waiting and use of the points hour by hour as a figure, a line per named plan."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.figures.rendering import Figure
from planner.reporting.figures.style import (
    PAGE_MM,
    SOLUTION_DASHES,
    solution_colours,
)

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language

_HEIGHT_PT = 92.0
_HOURS_BETWEEN_TICKS = 12
_HOURS_PER_DAY = 24


def hours_figure(run: FinishedRun, language: Language) -> Figure:
    """Figure of the hours.

    Parameters
    ----------
    run : FinishedRun
        The run.
    language : Language
        Its language.

    Returns
    -------
    Figure
    """
    caption = language.text(
        "(a) Mean waiting time of the sessions that begin in each hour, (b) share of the "
        "high-power charging points with a truck plugged in, for the named plans. {study}.",
        study=run.study_in_words(language),
    )
    return Figure("hours", PAGE_MM, caption, partial(_draw, run, run.hourly(), language))


def _draw(
    run: FinishedRun, hourly: pd.DataFrame, language: Language, width: float
) -> dict[str, Any]:
    titles = run.titles(language)
    data = hourly.assign(plan=hourly["solution_name"].map(titles), hour=hourly["hour"] + 0.5)
    panels = [
        _panel(
            run,
            data[["hour", "plan", column]].dropna(),
            data["hour"],
            alt.Y(f"{column}:Q").title(title).axis(format=number_format, tickCount=4),
            heading,
            language,
        ).properties(width=width, height=_HEIGHT_PT)
        for column, title, number_format, heading in (
            ("mean_wait_min", language.text("Mean waiting time (min)"), ",.3~f", "(a)"),
            ("occupied_share", language.text("Points in use"), "~%", "(b)"),
        )
    ]
    spec: dict[str, Any] = alt.vconcat(*panels, spacing=8).to_dict()
    return spec


def _panel(
    run: FinishedRun,
    data: pd.DataFrame,
    all_hours: pd.Series[float],
    y: alt.Y,
    heading: str,
    language: Language,
) -> alt.Chart:
    """One chart; where nobody charges it is empty, over all hours of the plan."""
    names = [named.name for named in run.named_solutions]
    titles = run.titles(language)
    drawn = all_hours if data.empty else data["hour"]
    first = _HOURS_PER_DAY * int(drawn.min() // _HOURS_PER_DAY)
    last = int(drawn.max() + 0.5)
    days = ",".join(f"'{day}'" for day in _days(language))
    at_midnight = f"datum.value % {_HOURS_PER_DAY} === 0"
    x = (
        alt.X("hour:Q")
        .title(None)
        .scale(domain=[first, last], nice=False)
        .axis(
            values=list(range(first, last + 1, _HOURS_BETWEEN_TICKS)),
            labelExpr=f"datum.value % {_HOURS_PER_DAY} === {_HOURS_BETWEEN_TICKS} "
            f"? [{days}][floor(datum.value / {_HOURS_PER_DAY}) % 7] : ''",
            tickOpacity=alt.condition(at_midnight, alt.value(1), alt.value(0)),
            gridOpacity=alt.condition(at_midnight, alt.value(1), alt.value(0)),
        )
    )
    dashes: list[Any] = [SOLUTION_DASHES.get(name, [1.0, 0.0]) for name in names]
    plans = list(dict.fromkeys(titles[name] for name in names))
    colour = (
        alt.Color("plan:N")
        .title(None)
        .scale(domain=plans, range=solution_colours(names))
        .legend(orient="top", symbolType="stroke", symbolSize=120, symbolStrokeWidth=1.2)
    )
    dash = alt.StrokeDash("plan:N").title(None).scale(domain=plans, range=dashes)
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_line(strokeWidth=1, strokeJoin="round")
        .encode(x=x, y=y.scale(domainMin=0), color=colour, strokeDash=dash)
        .properties(title=heading)
    )
    return chart


def _days(language: Language) -> tuple[str, ...]:
    return (
        language.text("Mon"),
        language.text("Tue"),
        language.text("Wed"),
        language.text("Thu"),
        language.text("Fri"),
        language.text("Sat"),
        language.text("Sun"),
    )
