"""The charts of a market's page: one site with its operators.

Data are named and stand in the page once, see
:func:`planner.reporting.charts.market_chart_data.market_chart_data`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.market.market_schemas import (
    MARKET_ALTERNATIVES,
    MARKET_COURSE,
    MARKET_HOURS,
    MARKET_OFFERS,
    MARKET_OPERATORS,
)
from planner.reporting.charts.axes import (
    day_axis,
    days_axis,
    layered,
    names_above,
    tip,
    title_of,
    x_of,
    y_of,
)
from planner.reporting.charts.look import (
    CHOSEN,
    FIRST_COLOURS,
    PLAIN,
    TRUCKS_SIDE,
    Look,
    colour_of,
    legend_of,
    scale_of,
)
from planner.reporting.charts.market_chart_data import MarketFrame, alternative_label, group_label
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_PRICE, _DEMAND, _THRESHOLD, _USE, _WAIT, _QUEUED, _HOUR = MARKET_HOURS.quantities(
    "price_eur_kwh",
    "demand_share",
    "threshold_eur_kwh",
    "utilisation_raw",
    MEAN_WAIT,
    "n_queued",
    "hour",
)
(_ASKED,) = MARKET_OFFERS.quantities("asked_eur_kwh")
_OPERATOR, _ITERATION = (
    *MARKET_OPERATORS.quantities("operator"),
    *MARKET_COURSE.quantities("iteration"),
)
(_USE_OF_YEAR,) = MARKET_ALTERNATIVES.quantities("utilisation_corrected")
_COURSE = MARKET_COURSE.quantities("price_eur_kwh", "n_chargers", "profit_eur_day")
_MEAN_PRICE, *_OF_ALTERNATIVES = MARKET_ALTERNATIVES.quantities(
    "mean_price_eur_kwh", "utilisation_raw", MEAN_WAIT
)
_ALTERNATIVE_ROW, _BELOW_NAME = 36, 6
"""Height of the row of an alternative, and how far its price stands below the middle, pixels."""
_DASHES: tuple[list[float], ...] = ([1, 0], [7, 5], [2, 3])
"""Of the lines of operators, in their order."""
COURSE_CHARTS = {"course-price": 0, "course-chargers": 1, "course-profit": 2}
"""Charts of the figures of :data:`MARKET_COURSE` by their place."""


def market_charts(frame: MarketFrame, language: Language, look: Look) -> dict[str, alt.LayerChart]:
    """All charts of a market by name."""
    charts = {
        "price": price_chart(frame, language, look),
        "offers": offer_chart(frame, language, look),
        "demand": demand_chart(language, look),
        "use": _area_chart(
            frame, language, _USE, (), language.text("Charging points in use by hour of the day.")
        ),
        "queue": _area_chart(
            frame, language, _WAIT, (_QUEUED,), language.text("Mean wait by hour of the day.")
        ),
        "break-even": break_even_chart(frame, language, look),
    }
    charts |= {
        name: course_chart(frame, language, look, _COURSE[at]) for name, at in COURSE_CHARTS.items()
    }
    for group in dict.fromkeys(group for group, _, _ in frame.alternatives):
        charts[f"alternatives-{group}"] = alternatives_chart(frame, language, look, group)
    return charts


def price_chart(frame: MarketFrame, language: Language, look: Look) -> alt.LayerChart:
    """What trucks pay by hour, with the band of the seeds and the cost of electricity."""
    base = _by_hour(frame, language)
    low, high = MARKET_HOURS.quantities("price_low_eur_kwh", "price_high_eur_kwh")

    def y(column: str = "") -> alt.Y:
        return y_of(_PRICE, language, column)

    step: dict[str, Any] = {"interpolate": "step-after"}
    band = base.mark_area(**step, opacity=0.3, color=CHOSEN).encode(
        y=y(low.name).scale(domainMin=0), y2=high.name
    )
    cost = base.mark_line(**step, strokeDash=[4, 4], color=PLAIN, strokeWidth=look.line).encode(
        y=y("electricity")
    )
    line = base.mark_line(**step, strokeWidth=1.25 * look.line, color=CHOSEN).encode(y=y())
    return layered(
        [band, cost, line, _hour_targets(frame, language, (_PRICE,))],
        height=240,
        description=language.text("What trucks pay by hour of the day."),
    )


def offer_chart(frame: MarketFrame, language: Language, look: Look) -> alt.LayerChart:
    """What each operator asks by hour."""
    lines = (
        alt.Chart(alt.NamedData("offers"))
        .mark_line(interpolate="step-after", strokeWidth=look.line)
        .encode(
            x=_hour_axis(frame, language),
            y=y_of(_ASKED, language).scale(domainMin=0),
            color=_operator_colour(frame),
            strokeDash=_operator_dash(frame),
            tooltip=[tip(quantity, language) for quantity in (_OPERATOR, _HOUR, _ASKED)],
        )
    )
    description = language.text("What each operator asks by hour of the day.")
    return layered([lines], height=210, description=description)


def demand_chart(language: Language, look: Look) -> alt.LayerChart:
    """Price against demand, an hour a dot, and where undercutting leads to."""
    x = x_of(_DEMAND, language).scale(domainMin=0)
    y = y_of(_PRICE, language)
    dots = (
        alt.Chart(alt.NamedData("hours"))
        .transform_filter("!datum.closes")
        .mark_circle(size=1.3 * look.dot, color=CHOSEN, opacity=0.9)
        .encode(
            x=x,
            y=y.scale(domainMin=0),
            tooltip=[tip(each, language) for each in (_HOUR, _DEMAND, _PRICE, _THRESHOLD)],
        )
    )
    theory = alt.Chart(alt.NamedData("threshold")).mark_line(
        strokeWidth=look.line, color=TRUCKS_SIDE
    )
    return layered(
        [theory.encode(x=x, y=y), dots],
        height=240,
        description=language.text("Price against demand, an hour a dot."),
    )


def _area_chart(
    frame: MarketFrame,
    language: Language,
    quantity: Quantity,
    others: tuple[Quantity, ...],
    description: str,
) -> alt.LayerChart:
    """A figure by hour as an area; others stand in its tooltip."""
    y = y_of(quantity, language)
    is_share = quantity.form == "percent"
    y = y.scale(domain=[0, 1.02], nice=False) if is_share else y.scale(domainMin=0)
    area = _by_hour(frame, language).mark_area(
        interpolate="step-after", opacity=0.75, color=TRUCKS_SIDE
    )
    targets = _hour_targets(frame, language, (quantity, *others))
    return layered([area.encode(y=y), targets], height=170, description=description)


def course_chart(
    frame: MarketFrame, language: Language, look: Look, quantity: Quantity
) -> alt.LayerChart:
    """One figure of each operator over the turns, with the band of the seeds."""
    base = (
        alt.Chart(alt.NamedData("course"))
        .transform_filter(f"datum.figure === '{quantity.name}'")
        .encode(
            x=alt.X("iteration:Q").title(language.text("Turns")).axis(format=",d", tickCount=4),
            color=_operator_colour(frame),
        )
    )
    # What may be negative need not begin at zero.
    low = y_of(quantity, language, "low").scale(zero=quantity.unit != "EUR/day")
    line = base.mark_line(strokeWidth=look.line).encode(
        y=y_of(quantity, language, "mean"),
        strokeDash=_operator_dash(frame),
        tooltip=[
            *(tip(each, language) for each in (_OPERATOR, _ITERATION)),
            tip(quantity, language, "mean"),
        ],
    )
    band = base.mark_area(opacity=0.25).encode(y=low, y2="high:Q")
    return layered([band, line], height=180, description=title_of(quantity, language))


def break_even_chart(frame: MarketFrame, language: Language, look: Look) -> alt.LayerChart:
    """Use at which a charging point pays by price, with marks and where the market stands."""
    lowest = frame.electricity_eur_kwh + frame.charger_eur_kw_day / 24.0
    dearest = max(0.5, 2.0 * lowest)
    x = x_of(_PRICE, language, "price").scale(
        domain=[frame.electricity_eur_kwh, dearest], nice=False
    )
    y = y_of(_USE_OF_YEAR, language, "use")
    y = y.scale(domain=[0, 1], nice=False)
    curve = alt.Chart(alt.NamedData("break-even")).mark_line(
        strokeWidth=1.25 * look.line, color=TRUCKS_SIDE, clip=True
    )
    marks = alt.Chart(alt.NamedData("break-even-marks")).encode(x=x, y=y)
    is_mark = "datum.kind === 'mark'"
    dots = marks.transform_filter(is_mark).mark_circle(size=1.6 * look.dot, color=TRUCKS_SIDE)
    market = marks.transform_filter(f"!({is_mark})").mark_circle(size=look.named_dot, color=CHOSEN)
    # Texts stand on the side of their dots on which the plot has more room.
    is_cheap = f"datum.price < {(frame.electricity_eur_kwh + dearest) / 2.0}"
    right_of_dot = marks.transform_filter(is_cheap).mark_text(
        align="left", dx=9, dy=-9, fontSize=look.label
    )
    left_of_dot = marks.transform_filter(f"!({is_cheap})").mark_text(
        align="right", dx=9, dy=-16, fontSize=look.label
    )
    labels = [each.encode(text=f"label_{language.code}:N") for each in (right_of_dot, left_of_dot)]
    return layered(
        [curve.encode(x=x, y=y), dots, market, *labels],
        height=240,
        description=language.text("Use at which a charging point pays, by price."),
    )


def alternatives_chart(
    frame: MarketFrame, language: Language, look: Look, group: str
) -> alt.LayerChart:
    """Mean price of the alternatives of a group, with the band of the seeds and the study's."""
    labels = [
        alternative_label(key, value, language)
        for other, key, value in frame.alternatives
        if other == group
    ]
    y = names_above(alt.Y(f"label_{language.code}:N"))
    base = (
        alt.Chart(alt.NamedData("alternatives"))
        .transform_filter(f"datum.group === '{group}'")
        .encode(y=y.sort(labels))
    )
    x = x_of(_MEAN_PRICE, language, tickCount=8).scale(zero=False)
    band = base.mark_rule(
        strokeWidth=2.5 * look.line, opacity=0.35, color=TRUCKS_SIDE, yOffset=_BELOW_NAME
    ).encode(x=x_of(_MEAN_PRICE, language, "low", tickCount=8), x2="high:Q")
    tips = [
        alt.Tooltip(f"label_{language.code}:N", title=" "),
        *(tip(quantity, language) for quantity in (_MEAN_PRICE, *_OF_ALTERNATIVES)),
    ]
    dots = base.mark_circle(
        size=1.4 * look.dot, color=TRUCKS_SIDE, opacity=1, yOffset=_BELOW_NAME
    ).encode(x=x, tooltip=tips)
    study = alt.Chart(alt.NamedData("study")).mark_rule(
        strokeDash=[4, 4], color=CHOSEN, strokeWidth=0.75 * look.line
    )
    return layered(
        [study.encode(x=x), band, dots],
        height=_ALTERNATIVE_ROW * len(labels),
        description=group_label(group, language),
    )


def _by_hour(frame: MarketFrame, language: Language) -> alt.Chart:
    return alt.Chart(alt.NamedData("hours")).encode(x=_hour_axis(frame, language))


def _hour_axis(frame: MarketFrame, language: Language, column: str = "hour") -> alt.X:
    n_days = frame.n_days
    return days_axis(0, 24 * n_days, language, column) if n_days > 1 else day_axis(language, column)


def _hour_targets(
    frame: MarketFrame, language: Language, figures: tuple[Quantity, ...]
) -> alt.Chart:
    """Invisible bars that tell an hour's figures where the pointer is."""
    targets: alt.Chart = (
        _by_hour(frame, language)
        .transform_filter("!datum.closes")
        .transform_calculate(middle="datum.hour + 0.5")
        .mark_bar(opacity=0, width=14)
        .encode(
            # The same axis as of the other layers, or its labels are lost.
            x=_hour_axis(frame, language, "middle"),
            y=alt.Y(f"{figures[0].name}:Q"),
            tooltip=[tip(quantity, language) for quantity in (_HOUR, *figures)],
        )
    )
    return targets


def _operator_colour(frame: MarketFrame) -> alt.Color:
    scale = scale_of(frame.operators, FIRST_COLOURS)
    return colour_of("operator", scale, symbolType="stroke")


def _operator_dash(frame: MarketFrame) -> alt.StrokeDash:
    """Dashes from the second operator on: who answers each other's prices lie on one line."""
    dashes = [_DASHES[at % len(_DASHES)] for at in range(len(frame.operators))]
    dash = alt.StrokeDash("operator:N").title(None)
    dash = dash.scale(domain=list(frame.operators), range=dashes)
    return dash.legend(legend_of(frame.operators, symbolType="stroke"))
