"""Charts as Altair definitions: the front, and waiting and utilisation by hour.

Colours keep a contrast of 3:1 on white and on near-black and stay apart for colour-blind readers.
Text, axes and grid take their colours from the page's style sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

if TYPE_CHECKING:
    from planner.reporting.plan_results import PlanResults

PLAIN_COLOUR = "#8a929a"
NAMED_COLOUR = "#2f7fb8"
SELECTED_COLOUR = "#d9660f"

SOLUTION_PARAM = "selected_solution"
"""Parameter of the front chart: number of the selected solution."""
NAME_PARAM = "selected_name"
"""Parameter of the hourly charts: name of the selected named solution."""

_DAYS = "['Mon','Tue','Wed','Thu','Fri','Sat','Sun'][floor(datum.value / 24) % 7]"


def front_chart(results: PlanResults) -> alt.LayerChart:
    """Pareto front: utilisation against mean waiting, named solutions labelled.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    LayerChart
        With the parameter :data:`SOLUTION_PARAM`, initially the default solution.
    """
    columns = ["solution", "n_hpc", "mean_wait_min", "p95_wait_min", "tcu"]
    data = results.front[columns].round({"mean_wait_min": 3, "p95_wait_min": 2, "tcu": 5})
    data["n_hpc"] = data["n_hpc"].astype(float)
    titles: dict[int, str] = {}
    for named in results.named_solutions:
        before = f"{titles[named.solution]}, " if named.solution in titles else ""
        titles[named.solution] = before + named.title
    data["title"] = data["solution"].map(titles).fillna("")
    selected = alt.param(name=SOLUTION_PARAM, value=results.default_solution.solution)
    is_selected = f"datum.solution === {SOLUTION_PARAM}"
    top = shown_wait_limit_min(results)
    shown = data[data["mean_wait_min"] <= top]
    margin = 0.3 * max(shown["tcu"].max() - shown["tcu"].min(), 0.01)
    base = alt.Chart(shown).encode(
        x=alt.X("tcu:Q")
        .title("Utilisation of high-power points (share of time)")
        .axis(format="%", tickCount=6)
        .scale(domain=[max(shown["tcu"].min() - margin, 0.0), shown["tcu"].max() + margin / 4]),
        y=alt.Y("mean_wait_min:Q")
        .title("Mean waiting time (minutes)")
        .axis(tickCount=6)
        .scale(type="sqrt", domainMin=0, nice=True),
    )
    is_named = alt.datum.title != ""
    dots = base.mark_circle(size=34, color=PLAIN_COLOUR, opacity=0.75)
    named_dots = base.transform_filter(is_named).mark_circle(
        size=130, color=NAMED_COLOUR, opacity=1
    )
    labels = base.transform_filter(is_named).mark_text(
        align="right", dx=-11, dy=-7, fontSize=13, fontWeight=600
    )
    chosen = base.transform_filter(is_selected).mark_point(
        shape="circle", size=260, strokeWidth=3, color=SELECTED_COLOUR, filled=False, opacity=1
    )
    targets = base.mark_circle(size=200, opacity=0, cursor="pointer").encode(
        tooltip=[
            alt.Tooltip("title:N", title="Plan"),
            alt.Tooltip("n_hpc:Q", title="High-power points", format=",.0f"),
            alt.Tooltip("mean_wait_min:Q", title="Mean wait (min)", format=".1f"),
            alt.Tooltip("p95_wait_min:Q", title="95 % wait at most (min)", format=".0f"),
            alt.Tooltip("tcu:Q", title="Utilisation", format=".0%"),
        ]
    )
    chart: alt.LayerChart = (
        alt.layer(dots, named_dots, labels.encode(text="title:N"), chosen, targets)
        .add_params(selected)
        .properties(width="container", height=265, description="Pareto front of the plans.")
        .configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500, titlePadding=10)
    )
    return chart


def shown_wait_limit_min(results: PlanResults) -> float:
    """Longest mean wait that the front chart shows, minutes.

    Beyond the named solutions a front can go on to hours of waiting, which would press everything
    of interest against the axis.
    """
    named = [named.solution for named in results.named_solutions]
    return 1.6 * max(float(results.front["mean_wait_min"].iloc[named].max()), 1.0)


def hourly_chart(results: PlanResults, column: str) -> alt.LayerChart:
    """One figure by hour for every named solution, the selected one in front.

    Parameters
    ----------
    results : PlanResults
        The plan.
    column : {"mean_wait_min", "occupied_share"}
        Column of the hourly table.

    Returns
    -------
    LayerChart
        With the parameter :data:`NAME_PARAM`, initially the default solution.
    """
    is_share = column == "occupied_share"
    title = "High-power points in use" if is_share else "Mean waiting time (minutes)"
    data = pd.DataFrame(
        {
            "name": results.hourly["solution_name"],
            "hour": results.hourly["hour"].astype(float),
            "value": results.hourly[column].round(4 if is_share else 2),
        }
    )
    is_selected = f"datum.name === {NAME_PARAM}"
    last = float(data["hour"].max()) + 1.0
    base = alt.Chart(data).encode(
        x=alt.X("hour:Q")
        .title(None)
        .scale(domain=[data["hour"].min(), last], nice=False)
        .axis(
            values=[float(hour) for hour in range(0, int(last) + 1, 12)],
            labelExpr=f"datum.value % 24 === 12 ? {_DAYS} : ''",
            tickOpacity=alt.condition("datum.value % 24 === 0", alt.value(1), alt.value(0)),
            gridOpacity=alt.condition("datum.value % 24 === 0", alt.value(1), alt.value(0)),
        ),
        y=alt.Y("value:Q")
        .title(title)
        .axis(format="%" if is_share else ",.2~f", tickCount=4)
        .scale(domainMin=0),
        detail="name:N",
    )
    others = base.mark_line(strokeWidth=1, color=PLAIN_COLOUR, opacity=0.6)
    chosen = base.transform_filter(is_selected).mark_line(strokeWidth=2.5, color=SELECTED_COLOUR)
    targets = (
        base.transform_filter(is_selected)
        .mark_bar(opacity=0, width=6)
        .encode(
            tooltip=[
                alt.Tooltip("hour:Q", title="Hour since Monday 00:00", format=".0f"),
                alt.Tooltip("value:Q", title=title, format=".0%" if is_share else ".1f"),
            ]
        )
    )
    chart: alt.LayerChart = (
        alt.layer(others, chosen, targets)
        .add_params(alt.param(name=NAME_PARAM, value=results.default_solution.name))
        .properties(width="container", height=190, description=f"{title} by hour.")
        .configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500, titlePadding=10)
    )
    return chart
