"""Charts of the report as Altair definitions, in one language each.

The figures stand in the page once and are handed to the charts by name, so that a chart in another
language, or of another plan, costs no second copy. Colours are blue and vermilion of Okabe and Ito
(2008), which colour-blind readers tell apart; they keep a contrast of 3:1 on white and on
near-black. Text, axes and grid take their colours from the page's style sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt

from planner.reporting.chart_data import (
    EXTRA_LAST_MIN,
    EXTRA_STEP_MIN,
    front_axis,
    length_titles,
    published_marks,
)

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language

PLAIN_COLOUR = "#8a929a"
NAMED_COLOUR = "#0072b2"
SELECTED_COLOUR = "#d55e00"
WITHOUT_CHARGING_COLOUR = "#8a929a"

SOLUTION_PARAM = "selected_solution"
"""Parameter of the front charts: number of the selected solution."""

_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif'
"""As in the style sheet: Vega measures texts in it."""

FrontAxis = Literal["tcu", "n_hpc"]


def report_charts(results: PlanResults, language: Language) -> dict[str, dict[str, Any]]:
    """All charts of the report.

    Parameters
    ----------
    results : PlanResults
        The plan.
    language : Language
        Language of titles and labels.

    Returns
    -------
    dict
        Vega-Lite specification by name; data are named, see
        :func:`planner.reporting.chart_data.chart_data`.
    """
    charts = {
        "front-tcu": front_chart(results, language, "tcu"),
        "front-n_hpc": front_chart(results, language, "n_hpc"),
        "wait": hourly_chart(results, language, "mean_wait_min"),
        "use": hourly_chart(results, language, "occupied_share"),
        "duration": duration_chart(language),
        "extra": extra_chart(language),
    }
    if len(results.extra):
        charts["length"] = length_chart(results, language)
    if "replanning" in results.summary:
        charts["learning"] = learning_chart(language)
    return {name: styled(chart).to_dict() for name, chart in charts.items()}


def front_chart(results: PlanResults, language: Language, axis: FrontAxis) -> alt.LayerChart:
    """Pareto front: mean waiting against use or number of points, named solutions labelled.

    Parameters
    ----------
    results : PlanResults
        The plan.
    language : Language
        Language of titles and labels.
    axis : {"tcu", "n_hpc"}
        What stands on the horizontal axis.

    Returns
    -------
    LayerChart
        Of the data ``front`` and ``published-<axis>``, with the parameter
        :data:`SOLUTION_PARAM`, initially the default solution.
    """
    is_share = axis == "tcu"
    range_shown = front_axis(results, axis)
    selected = alt.param(name=SOLUTION_PARAM, value=results.default_solution.solution)
    title = (
        language.text("Utilisation of high-power points (share of time)")
        if is_share
        else language.text("High-power points")
    )
    base = (
        alt.Chart(alt.NamedData("front"))
        .transform_filter(f"datum.mean_wait_min <= {range_shown.longest_wait_min}")
        .encode(
            x=alt.X(f"{axis}:Q")
            .title(title)
            .axis(format="%" if is_share else ",.0f", tickCount=6)
            .scale(domain=[range_shown.low, range_shown.high], nice=False),
            y=alt.Y("mean_wait_min:Q")
            .title(language.text("Mean waiting time (minutes)"))
            .axis(tickCount=6)
            .scale(type="sqrt", domainMin=0, nice=True),
        )
    )
    is_named = alt.datum.title != ""
    side: dict[str, Any] = (
        {"align": "right", "dx": -11} if is_share else {"align": "left", "dx": 11}
    )
    dots = base.mark_circle(size=34, color=PLAIN_COLOUR, opacity=0.75)
    named_dots = base.transform_filter(is_named).mark_circle(
        size=130, color=NAMED_COLOUR, opacity=1
    )
    labels = base.transform_filter(is_named).mark_text(dy=-7, fontSize=13, fontWeight=600, **side)
    chosen = base.transform_filter(f"datum.solution === {SOLUTION_PARAM}").mark_point(
        shape="circle", size=260, strokeWidth=3, color=SELECTED_COLOUR, filled=False, opacity=1
    )
    targets = base.mark_circle(size=200, opacity=0, cursor="pointer").encode(
        tooltip=[
            alt.Tooltip("title:N", title=language.text("Plan")),
            alt.Tooltip("n_hpc:Q", title=language.text("High-power points"), format=",.0f"),
            alt.Tooltip("mean_wait_min:Q", title=language.text("Mean wait (min)"), format=",.1f"),
            alt.Tooltip(
                "p95_wait_min:Q",
                title=language.text("95th percentile of waits (min)"),
                format=",.0f",
            ),
            alt.Tooltip("tcu:Q", title=language.text("Use in time"), format=".0%"),
        ]
    )
    layers = [dots, named_dots, labels.encode(text="title:N"), chosen, targets]
    if published_marks(results, axis):
        layers = [*_published_layers(axis), *layers]
    return _layered(
        *layers,
        height=265,
        description=language.text("Pareto front of the plans."),
    ).add_params(selected)


def _published_layers(axis: FrontAxis) -> list[alt.Chart]:
    """What the study prints, behind our dots: an area, a line or a point."""
    base = alt.Chart(alt.NamedData(f"published-{axis}")).encode(
        x=alt.X("x0:Q").scale(zero=False),
        y=alt.Y("y0:Q"),
        tooltip=[alt.Tooltip("label:N", title=" ")],
    )
    areas = base.mark_rect(
        fill=SELECTED_COLOUR,
        fillOpacity=0.14,
        stroke=SELECTED_COLOUR,
        strokeDash=[4, 3],
        strokeWidth=1.5,
    ).encode(x2="x1:Q", y2="y1:Q")
    labels = base.mark_text(align="right", baseline="bottom", dy=-5, fontSize=11.5).encode(
        x=alt.X("x1:Q").scale(zero=False), y=alt.Y("y1:Q"), text="label:N"
    )
    return [areas, labels]


def hourly_chart(
    results: PlanResults, language: Language, column: Literal["mean_wait_min", "occupied_share"]
) -> alt.LayerChart:
    """One figure by hour: the chosen plan in front of the named ones.

    Parameters
    ----------
    results : PlanResults
        The plan.
    language : Language
        Language of titles and labels.
    column : {"mean_wait_min", "occupied_share"}
        Column of the hourly table.

    Returns
    -------
    LayerChart
        Of the data ``named-hours`` and ``chosen-hours``.
    """
    is_share = column == "occupied_share"
    title = (
        language.text("High-power points in use")
        if is_share
        else language.text("Mean waiting time (minutes)")
    )
    first, last = int(results.detail.hour[0]), int(results.detail.hour[-1]) + 1

    def lines(data: str) -> alt.Chart:
        return alt.Chart(alt.NamedData(data)).encode(
            x=hours_of_days(first, last, language),
            y=alt.Y(f"{column}:Q")
            .title(title)
            .axis(format="%" if is_share else ",.2~f", tickCount=4)
            .scale(domainMin=0),
            detail="name:N",
        )

    others = lines("named-hours").mark_line(strokeWidth=1, color=PLAIN_COLOUR, opacity=0.6)
    chosen = lines("chosen-hours").mark_line(strokeWidth=2.5, color=SELECTED_COLOUR)
    targets = (
        lines("chosen-hours")
        .mark_bar(opacity=0, width=6)
        .encode(
            tooltip=[
                alt.Tooltip("hour:Q", title=language.text("Hour since Monday 00:00"), format=".0f"),
                alt.Tooltip(f"{column}:Q", title=title, format=".0%" if is_share else ",.1f"),
            ]
        )
    )
    return _layered(others, chosen, targets, height=190, description=title)


def hours_of_days(first: int, last: int, language: Language) -> alt.X:
    """Horizontal axis of the field ``hour``, from Monday 00:00: a line and a name for each day."""
    days = [language.text(day) for day in _DAYS]
    hour = "datum.value" if first >= 0 else "(datum.value + 168)"
    return (
        alt.X("hour:Q")
        .title(None)
        .scale(domain=[first, last], nice=False)
        .axis(
            values=[float(hour) for hour in range(min(first, 0), last + 1, 12)],
            labelExpr=f"{hour} % 24 === 12 ? {days}[floor({hour} / 24) % 7] : ''",
            tickOpacity=alt.condition("datum.value % 24 === 0", alt.value(1), alt.value(0)),
            gridOpacity=alt.condition("datum.value % 24 === 0", alt.value(1), alt.value(0)),
        )
    )


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def duration_chart(language: Language) -> alt.LayerChart:
    """Trips by duration, with charging and without, of the data ``durations``."""
    without, charging = language.text("without charging"), language.text("with charging")
    base = alt.Chart(alt.NamedData("durations")).encode(
        x=alt.X("hours:Q").title(language.text("Duration of the trip (hours)")).axis(tickCount=8)
    )
    y = alt.Y("share:Q").title(language.text("Trips")).axis(format="%", tickCount=4)
    colour = (
        alt.Color("kind:N")
        .title(None)
        .scale(domain=[without, charging], range=[WITHOUT_CHARGING_COLOUR, SELECTED_COLOUR])
        .legend(orient="top", direction="horizontal", labelFontSize=12, symbolStrokeWidth=3)
    )
    lines = (
        base.transform_fold(["without", "charging"], as_=["key", "share"])
        .transform_calculate(kind=f"datum.key === 'without' ? {without!r} : {charging!r}")
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(y=y, color=colour)
    )
    return _layered(
        lines,
        height=210,
        description=language.text("Trips by duration, with charging and without."),
    )


def extra_chart(language: Language) -> alt.LayerChart:
    """Trips by the charging delay, of the data ``extra``."""
    bars = (
        alt.Chart(alt.NamedData("extra"))
        .mark_bar(color=NAMED_COLOUR)
        .encode(
            x=alt.X("from_min:Q")
            .bin("binned")
            .title(language.text("Charging delay (minutes)"))
            .axis(
                values=list(range(0, EXTRA_LAST_MIN + 1, 2 * EXTRA_STEP_MIN)),
                grid=False,
                labelExpr=f"datum.value < {EXTRA_LAST_MIN} ? datum.label : datum.label + ' +'",
            )
            .scale(domain=[0, EXTRA_LAST_MIN + EXTRA_STEP_MIN], nice=False),
            x2="to_min:Q",
            y=alt.Y("share:Q").title(language.text("Trips")).axis(format="%", tickCount=4),
            tooltip=[
                alt.Tooltip("label:N", title=language.text("Minutes")),
                alt.Tooltip("share:Q", title=language.text("Trips"), format=".1%"),
            ],
        )
    )
    return _layered(
        bars,
        height=210,
        description=language.text("Trips by their charging delay."),
    )


def length_chart(results: PlanResults, language: Language) -> alt.LayerChart:
    """Mean charging delay by length of the trip, of the data ``by-length``."""
    titles = length_titles(results, language)
    waiting, other = language.text("waiting"), language.text("charging, breaks and detours")
    parts = (
        alt.Chart(alt.NamedData("by-length"))
        .transform_fold(["waiting_min", "other_min"], as_=["key", "minutes"])
        .transform_calculate(
            part=f"datum.key === 'waiting_min' ? {waiting!r} : {other!r}",
            length=f"{titles}[datum.number]",
        )
        .mark_bar()
        .encode(
            y=alt.Y("length:N")
            .sort(titles)
            .title(language.text("Length of the trip (km)"))
            .axis(labelLimit=160),
            x=alt.X("minutes:Q")
            .title(language.text("Mean charging delay (minutes)"))
            .axis(tickCount=5),
            color=alt.Color("part:N")
            .title(None)
            .scale(domain=[other, waiting], range=[NAMED_COLOUR, SELECTED_COLOUR])
            .legend(orient="top", columns=1, labelFontSize=12, labelLimit=260),
            tooltip=[
                alt.Tooltip("length:N", title="km"),
                alt.Tooltip("part:N", title=language.text("Part")),
                alt.Tooltip("minutes:Q", title=language.text("Minutes"), format=",.1f"),
            ],
        )
    )
    return _layered(
        parts,
        height=210,
        description=language.text("Mean charging delay by length of the trip."),
    )


def learning_chart(language: Language) -> alt.LayerChart:
    """Waits while trucks learn the queues, of the data ``learning``."""
    mean, p95 = language.text("Mean wait"), language.text("95th percentile of waits")
    lines = (
        alt.Chart(alt.NamedData("learning"))
        .transform_fold(["mean_wait_min", "p95_wait_min"], as_=["key", "minutes"])
        .transform_calculate(figure=f"datum.key === 'mean_wait_min' ? {mean!r} : {p95!r}")
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=alt.X("iteration:Q")
            .title(language.text("Times that all trucks planned anew"))
            .axis(tickMinStep=1),
            y=alt.Y("minutes:Q").title(language.text("Minutes")).scale(domainMin=0),
            color=alt.Color("figure:N")
            .title(None)
            .scale(domain=[mean, p95], range=[SELECTED_COLOUR, NAMED_COLOUR])
            .legend(orient="top", direction="horizontal", labelFontSize=12, labelLimit=260),
            tooltip=[
                alt.Tooltip("iteration:Q", title=language.text("Round")),
                alt.Tooltip("figure:N", title=language.text("Figure")),
                alt.Tooltip("minutes:Q", title=language.text("Minutes"), format=",.1f"),
            ],
        )
    )
    return _layered(
        lines,
        height=210,
        description=language.text("Waits while trucks learn the queues."),
    )


def _layered(*charts: alt.Chart, height: int, description: str) -> alt.LayerChart:
    return alt.LayerChart(
        layer=list(charts), width="container", height=height, description=description
    )


def styled(chart: alt.LayerChart) -> alt.LayerChart:
    """A chart in the looks of the page."""
    dressed: alt.LayerChart = (
        chart.configure(background="transparent", font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500, titlePadding=10)
    )
    return dressed
