"""Power of the depots that trips start at, as a chart of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.charts import (
    NAMED_COLOUR,
    PLAIN_COLOUR,
    SELECTED_COLOUR,
    hours_of_days,
    styled,
)

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language

_DATA = "depot-power"
_LINES = (
    # figure, what it is, colour
    ("import_kw", "From the grid", SELECTED_COLOUR),
    ("import_without_kw", "From the grid without long-haul trucks", PLAIN_COLOUR),
    ("trucks_kw", "Charging points of long-haul trucks", NAMED_COLOUR),
)


def depot_chart_data(results: PlanResults) -> dict[str, list[dict[str, Any]]]:
    """Rows for the chart by its data's name; none where the study has no depots."""
    if results.depots is None:
        return {}
    power = results.depots.power
    columns = [column for column, *_ in _LINES]
    of_all = power.groupby("hour", sort=True)[columns].sum()
    hourly = of_all.groupby(of_all.index // 1.0).mean().round(1)
    hours = hourly.index.to_numpy(dtype=float).tolist()
    figures = [hourly[column].tolist() for column in columns]
    rows = zip(hours, *figures, strict=True)
    return {_DATA: [dict(zip(("hour", *columns), row, strict=True)) for row in rows]}


def depot_charts(results: PlanResults, language: Language) -> dict[str, dict[str, Any]]:
    """Chart of the power of all depots together; none where the study has no depots.

    Parameters
    ----------
    results : PlanResults
        The plan.
    language : Language
        Language of titles and labels.

    Returns
    -------
    dict
        Vega-Lite specification by name.
    """
    if results.depots is None:
        return {}
    hours = results.depots.power["hour"]
    first, last = int(hours.min()), int(hours.max()) + 1
    titles = [language.text(title) for _, title, _ in _LINES]
    named = {column: title for (column, *_), title in zip(_LINES, titles, strict=True)}
    title = language.text("Power of all depots (kW)")
    lines = (
        alt.Chart(alt.NamedData(_DATA))
        .transform_fold(list(named), as_=["key", "kw"])
        .transform_calculate(figure=f"{named}[datum.key]")
        .mark_line(strokeWidth=2)
        .encode(
            x=hours_of_days(first, last, language),
            y=alt.Y("kw:Q").title(title).axis(format=",.0f", tickCount=4).scale(domainMin=0),
            color=alt.Color("figure:N")
            .title(None)
            .scale(domain=titles, range=[colour for *_, colour in _LINES])
            .legend(orient="top", direction="horizontal", labelFontSize=12, labelLimit=320),
            tooltip=[
                alt.Tooltip("hour:Q", title=language.text("Hour since Monday 00:00"), format=".0f"),
                alt.Tooltip("figure:N", title=language.text("Figure")),
                alt.Tooltip("kw:Q", title=title, format=",.0f"),
            ],
        )
    )
    chart = alt.LayerChart(layer=[lines], width="container", height=210, description=title)
    return {"depots": styled(chart).to_dict()}
