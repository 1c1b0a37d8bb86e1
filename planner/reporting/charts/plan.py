"""The charts of a plan's page, in one language each.

The figures stand in the page once and are handed to the charts by name, so that a chart in another
language, or of another plan, costs no second copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.charts.axes import days_axis, layered, tip, title_of, y_of
from planner.reporting.charts.chart_data import (
    front_axis,
    length_titles,
    mark_label,
    published_marks,
)
from planner.reporting.charts.front import FRONT_AXES, front_chart, front_rows
from planner.reporting.charts.hours import HOURLY_FIGURES, hours_chart
from planner.reporting.charts.look import CHOSEN, PLAIN, SCREEN, TRUCKS_SIDE, colour_of
from planner.reporting.charts.objectives import objective_charts
from planner.reporting.charts.quantities import DEPOT_POWER
from planner.reporting.charts.site_hours import site_charts, worst_sites_chart
from planner.reporting.charts.trips import (
    duration_chart,
    extra_chart,
    learning_chart,
    length_chart,
)

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language

_DEPOT_LINES = (
    # figure, what it is, colour
    ("import_kw", "From the grid", CHOSEN),
    ("import_without_kw", "From the grid without long-haul trucks", PLAIN),
    ("trucks_kw", "Charging points of long-haul trucks", TRUCKS_SIDE),
)


def plan_charts(results: PlanResults, language: Language) -> dict[str, dict[str, Any]]:
    """All charts of the page: Vega-Lite specification by name.

    Data are named, see :func:`~planner.reporting.charts.chart_data.chart_data` and the page's
    script.
    """
    hours = int(results.detail.hour[0]), int(results.detail.hour[-1]) + 1
    titles = {named.name: language.own_text(named.title) for named in results.named_solutions}
    rows = front_rows(results.front, results.named_solutions, titles, language)
    marks = {
        axis: [
            mark | {"label": mark_label(str(mark["kind"]), language)}
            for mark in published_marks(results, axis)
        ]
        for axis in FRONT_AXES
    }
    charts = {
        f"front-{axis}": front_chart(
            rows,
            front_axis(results, axis),
            results.named_solutions,
            language,
            SCREEN,
            axis=axis,
            selected=results.default_solution.solution,
            published=f"published-{axis}" if marks[axis] else "",
            marks=marks[axis],
            objectives=results.objectives,
        )
        for axis in FRONT_AXES
    }
    for name, figure in zip(("wait", "use"), HOURLY_FIGURES, strict=True):
        named = alt.NamedData("named-hours")
        charts[name] = hours_chart(named, figure, hours, {}, language, SCREEN)
    charts |= {"duration": duration_chart(language, SCREEN), "extra": extra_chart(language)}
    if len(results.extra):
        classes, by_length = length_titles(results.extra, language), alt.NamedData("by-length")
        charts["length"] = length_chart(by_length, classes, language, SCREEN)
    charts |= {"worst": worst_sites_chart(language)} | site_charts(language, SCREEN)
    if "replanning" in results.summary:
        charts["learning"] = learning_chart(
            results.summary["replanning"]["history"], language, SCREEN
        )
    if results.depots is not None:
        charts["depots"] = _depot_power_chart(results.depots.power["hour"], language)
    charts |= objective_charts(results, language)
    return {name: SCREEN.dressed(chart) for name, chart in charts.items()}


def depot_power_rows(results: PlanResults) -> list[dict[str, Any]]:
    """Rows of the chart of the depots' power, by hour; none where the study has no depots."""
    if results.depots is None:
        return []
    power = results.depots.power
    of_all = power.groupby("hour", sort=True)[[column for column, *_ in _DEPOT_LINES]].sum()
    hourly = of_all.groupby(of_all.index // 1.0).mean().round(1)
    rows = hourly.rename_axis("hour").reset_index().to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def _depot_power_chart(hours: pd.Series[float], language: Language) -> alt.LayerChart:
    """Power of the depots that trips start at, all together."""
    named = {column: language.text(title) for column, title, _ in _DEPOT_LINES}
    title = title_of(DEPOT_POWER, language)
    scale = alt.Scale(domain=list(named.values()), range=[colour for *_, colour in _DEPOT_LINES])
    lines = (
        alt.Chart(alt.NamedData("depot-power"))
        .transform_fold(list(named), as_=["key", "kw"])
        .transform_calculate(figure=f"{named}[datum.key]")
        .mark_line(strokeWidth=SCREEN.line)
        .encode(
            x=days_axis(int(min(hours)), int(max(hours)) + 1, language),
            y=y_of(DEPOT_POWER, language, tickCount=4).scale(domainMin=0),
            color=colour_of("figure", scale),
            tooltip=[
                alt.Tooltip("hour:Q", title=language.text("Hour since Monday 00:00"), format=".0f"),
                alt.Tooltip("figure:N", title=language.text("Figure")),
                tip(DEPOT_POWER, language),
            ],
        )
    )
    return layered([lines], height=210, description=title)
