"""Charts of a market's report as Altair definitions, in one language each.

Data are named and stand in the page once, see :func:`market_chart_data`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.reporting.charts import NAMED_COLOUR, PLAIN_COLOUR, SELECTED_COLOUR
from planner.reporting.market.market_chart_data import alternative_label, group_label

if TYPE_CHECKING:
    from planner.market.outcome import MarketOutcome
    from planner.tables.language import Language

OPERATOR_COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#a6689a",
    "#8a7a00",
    "#3d8fb8",
    "#6b6b6b",
    "#b0413e",
)
"""After Okabe and Ito (2008): told apart by colour-blind readers."""
_WEEKDAYS = "datum.value % 24 === 12 ? days[floor(datum.value / 24)] : ''"


def market_charts(outcome: MarketOutcome, language: Language) -> dict[str, dict[str, Any]]:
    """All charts of the report.

    Parameters
    ----------
    outcome : MarketOutcome
        The market.
    language : Language
        Language of titles and labels.

    Returns
    -------
    dict
        Vega-Lite specification by name.
    """
    charts = {
        "price": price_chart(outcome, language),
        "offers": offer_chart(outcome, language),
        "demand": demand_chart(language),
        "use": use_chart(outcome, language),
        "queue": queue_chart(outcome, language),
        "course-price": course_chart(
            outcome, language, "price", language.text("What trucks pay (EUR/kWh)")
        ),
        "course-chargers": course_chart(
            outcome, language, "chargers", language.text("Charging points")
        ),
        "course-profit": course_chart(
            outcome, language, "profit", language.text("Profit (EUR a day)")
        ),
        "break-even": break_even_chart(outcome, language),
    }
    for group in dict.fromkeys(other.group for other in outcome.alternatives):
        charts[f"alternatives-{group}"] = alternatives_chart(outcome, language, group)
    return {name: _styled(chart).to_dict() for name, chart in charts.items()}


def price_chart(outcome: MarketOutcome, language: Language) -> alt.LayerChart:
    """What trucks pay by hour, with the band of the seeds and the cost of electricity."""
    base = alt.Chart(alt.NamedData("hours")).encode(x=_hour_axis(outcome, language))
    title = language.text("What trucks pay (EUR/kWh)")
    band = base.mark_area(interpolate="step-after", opacity=0.3, color=SELECTED_COLOUR).encode(
        y=alt.Y("low:Q").title(title).scale(domainMin=0), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5, color=SELECTED_COLOUR).encode(
        y=alt.Y("price:Q").title(title)
    )
    cost = base.mark_line(interpolate="step-after", strokeDash=[4, 4], color=PLAIN_COLOUR).encode(
        y=alt.Y("electricity:Q").title(title)
    )
    return _layered(
        band,
        cost,
        line,
        _hour_targets(
            base,
            _hour_axis(outcome, language, "middle:Q"),
            language,
            [("price", title, ".3f"), ("low", None, ".3f")],
        ),
        height=240,
        description=language.text("What trucks pay by hour of the day."),
    )


def offer_chart(outcome: MarketOutcome, language: Language) -> alt.LayerChart:
    """What each operator asks by hour."""
    title = language.text("Price asked (EUR/kWh)")
    lines = (
        alt.Chart(alt.NamedData("offers"))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=_hour_axis(outcome, language),
            y=alt.Y("asked:Q").title(title).scale(domainMin=0),
            color=_operator_colour(outcome),
            tooltip=[
                alt.Tooltip("operator:N", title=language.text("Operator")),
                alt.Tooltip("hour:Q", title=language.text("Hour")),
                alt.Tooltip("asked:Q", title=title, format=".3f"),
            ],
        )
    )
    return _layered(
        lines, height=210, description=language.text("What each operator asks by hour of the day.")
    )


def demand_chart(language: Language) -> alt.LayerChart:
    """Price against demand, an hour a dot, and where undercutting leads to."""
    x = alt.X("demand:Q").title(
        language.text("Power that trucks ask for, of what charging points give")
    )
    x = x.axis(format="%", tickCount=6).scale(domainMin=0)
    title = language.text("What trucks pay (EUR/kWh)")
    dots = (
        alt.Chart(alt.NamedData("hours"))
        .transform_filter("!datum.closes")
        .mark_circle(size=70, color=SELECTED_COLOUR, opacity=0.9)
        .encode(
            x=x,
            y=alt.Y("price:Q").title(title).scale(domainMin=0),
            tooltip=[
                alt.Tooltip("hour:Q", title=language.text("Hour")),
                alt.Tooltip("demand:Q", title=language.text("Demand"), format=".0%"),
                alt.Tooltip("price:Q", title=title, format=".3f"),
                alt.Tooltip(
                    "threshold:Q", title=language.text("Undercutting pays above"), format=".3f"
                ),
            ],
        )
    )
    theory = (
        alt.Chart(alt.NamedData("threshold"))
        .mark_line(strokeWidth=2, color=NAMED_COLOUR)
        .encode(x=x, y=alt.Y("price:Q").title(title))
    )
    return _layered(
        theory,
        dots,
        height=240,
        description=language.text("Price against demand, an hour a dot."),
    )


def use_chart(outcome: MarketOutcome, language: Language) -> alt.LayerChart:
    """Use of the charging points by hour."""
    base = alt.Chart(alt.NamedData("hours")).encode(x=_hour_axis(outcome, language))
    title = language.text("Charging points in use")
    area = base.mark_area(interpolate="step-after", opacity=0.75, color=NAMED_COLOUR).encode(
        y=alt.Y("use:Q").title(title).axis(format="%").scale(domain=[0, 1.02], nice=False)
    )
    return _layered(
        area,
        _hour_targets(
            base, _hour_axis(outcome, language, "middle:Q"), language, [("use", title, ".0%")]
        ),
        height=170,
        description=language.text("Charging points in use by hour of the day."),
    )


def queue_chart(outcome: MarketOutcome, language: Language) -> alt.LayerChart:
    """Mean wait by hour of arrival."""
    base = alt.Chart(alt.NamedData("hours")).encode(x=_hour_axis(outcome, language))
    title = language.text("Mean wait (min)")
    area = base.mark_area(interpolate="step-after", opacity=0.75, color=NAMED_COLOUR).encode(
        y=alt.Y("wait:Q").title(title).scale(domainMin=0)
    )
    return _layered(
        area,
        _hour_targets(
            base,
            _hour_axis(outcome, language, "middle:Q"),
            language,
            [("wait", title, ".1f"), ("queued", language.text("Trucks in the queue"), ".2f")],
        ),
        height=170,
        description=language.text("Mean wait by hour of the day."),
    )


def course_chart(
    outcome: MarketOutcome, language: Language, figure: str, title: str
) -> alt.LayerChart:
    """One figure of each operator over the iterations, with the band of the seeds."""
    base = (
        alt.Chart(alt.NamedData("course"))
        .transform_filter(f"datum.figure === '{figure}'")
        .encode(
            x=alt.X("iteration:Q").title(language.text("Iterations")).axis(format="~s"),
            color=_operator_colour(outcome),
        )
    )
    band = base.mark_area(opacity=0.25).encode(
        y=alt.Y("low:Q").title(title).scale(zero=figure != "profit"), y2="high:Q"
    )
    line = base.mark_line(strokeWidth=2).encode(
        y=alt.Y("mean:Q").title(title),
        tooltip=[
            alt.Tooltip("operator:N", title=language.text("Operator")),
            alt.Tooltip("iteration:Q", title=language.text("Iterations"), format=",.0f"),
            alt.Tooltip("mean:Q", title=title, format=",.3~f"),
        ],
    )
    return _layered(band, line, height=180, description=title)


def break_even_chart(outcome: MarketOutcome, language: Language) -> alt.LayerChart:
    """Use at which a charging point pays by price, with marks and where the market stands."""
    scenario = outcome.run.scenario
    costs = next(iter(scenario.operators.values())).costs
    lowest = costs.electricity_eur_kwh + costs.charger_eur_kw_day / 24.0
    x = alt.X("price:Q").title(language.text("Price (EUR/kWh)"))
    x = x.scale(domain=[costs.electricity_eur_kwh, max(0.5, 2.0 * lowest)], nice=False)
    y = alt.Y("use:Q").title(language.text("Use at which a charging point pays")).axis(format="%")
    y = y.scale(domain=[0, 1], nice=False)
    curve = (
        alt.Chart(alt.NamedData("break-even"))
        .mark_line(strokeWidth=2.5, color=NAMED_COLOUR, clip=True)
        .encode(x=x, y=y)
    )
    marks = alt.Chart(alt.NamedData("break-even-marks")).encode(x=x, y=y)
    dots = marks.transform_filter("datum.kind === 'mark'").mark_circle(size=90, color=NAMED_COLOUR)
    market = marks.transform_filter("datum.kind !== 'mark'").mark_circle(
        size=130, color=SELECTED_COLOUR
    )
    labels = marks.mark_text(align="left", dx=9, dy=-9, fontSize=12).encode(
        text=f"label_{language.code}:N"
    )
    return _layered(
        curve,
        dots,
        market,
        labels,
        height=240,
        description=language.text("Use at which a charging point pays, by price."),
    )


def alternatives_chart(outcome: MarketOutcome, language: Language, group: str) -> alt.LayerChart:
    """Mean price of the alternatives of a group, with the band of the seeds and the study's."""
    rows = [other for other in outcome.alternatives if other.group == group]
    y = alt.Y(f"label_{language.code}:N").title(None).axis(labelLimit=330)
    y = y.sort([alternative_label(other, language) for other in rows])
    title = language.text("Mean price (EUR/kWh)")
    base = (
        alt.Chart(alt.NamedData("alternatives"))
        .transform_filter(f"datum.group === '{group}'")
        .encode(y=y)
    )
    x = alt.X("price:Q").title(title).scale(zero=False).axis(tickCount=8)
    band = base.mark_rule(strokeWidth=5, opacity=0.35, color=NAMED_COLOUR).encode(
        x=alt.X("low:Q").title(title), x2="high:Q"
    )
    dots = base.mark_circle(size=80, color=NAMED_COLOUR, opacity=1).encode(
        x=x,
        tooltip=[
            alt.Tooltip(f"label_{language.code}:N", title=" "),
            alt.Tooltip("price:Q", title=title, format=".3f"),
            alt.Tooltip("use:Q", title=language.text("Charging points in use"), format=".0%"),
            alt.Tooltip("wait:Q", title=language.text("Mean wait (min)"), format=".1f"),
        ],
    )
    study = (
        alt.Chart(alt.NamedData("study"))
        .mark_rule(strokeDash=[4, 4], color=SELECTED_COLOUR, strokeWidth=1.5)
        .encode(x=x)
    )
    return _layered(
        study,
        band,
        dots,
        height=26 * len(rows) + 20,
        description=group_label(group, language),
    )


def _hour_axis(outcome: MarketOutcome, language: Language, field: str = "hour:Q") -> alt.X:
    n_days = outcome.run.arrivals.n_days
    if n_days == 1:
        return (
            alt.X(field)
            .title(language.text("Time of day (hours)"))
            .scale(domain=[0, 24], nice=False)
            .axis(values=list(range(0, 25, 3)), format=".0f")
        )
    days = [language.text(day) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")]
    return (
        alt.X(field)
        .title(None)
        .scale(domain=[0, 24 * n_days], nice=False)
        .axis(
            values=[float(hour) for hour in range(0, 24 * n_days + 1, 12)],
            labelExpr=_WEEKDAYS.replace("days", repr(days)),
            labelOverlap=False,  # the labels between the days are empty
        )
    )


def _hour_targets(
    base: alt.Chart,
    axis: alt.X,
    language: Language,
    figures: list[tuple[str, str | None, str]],
) -> alt.Chart:
    """Invisible bars that tell an hour's figures where the pointer is."""
    named = [(key, title, form) for key, title, form in figures if title is not None]
    targets: alt.Chart = (
        base.transform_filter("!datum.closes")
        .transform_calculate(middle="datum.hour + 0.5")
        .mark_bar(opacity=0, width=14)
        .encode(
            x=axis,  # the same as of the other layers, or its labels are lost
            y=alt.Y(f"{named[0][0]}:Q"),
            tooltip=[
                alt.Tooltip("hour:Q", title=language.text("Hour")),
                *(alt.Tooltip(f"{key}:Q", title=title, format=form) for key, title, form in named),
            ],
        )
    )
    return targets


def _operator_colour(outcome: MarketOutcome) -> alt.Color:
    names = list(outcome.run.scenario.operators)
    return (
        alt.Color("operator:N")
        .title(None)
        .scale(domain=names, range=list(OPERATOR_COLOURS[: len(names)]))
        .legend(orient="top", direction="horizontal", labelFontSize=12)
    )


def _layered(*charts: alt.Chart, height: int, description: str) -> alt.LayerChart:
    return alt.LayerChart(
        layer=list(charts), width="container", height=height, description=description
    )


def _styled(chart: alt.LayerChart) -> alt.LayerChart:
    styled: alt.LayerChart = (
        chart.configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500, titlePadding=10)
    )
    return styled
