"""Charts of the market of a plan as Altair definitions, in one language each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from planner.plan.market_schemas import MARKET_HOURS_BY_SITE, MARKET_ROUNDS, MARKET_SITES
from planner.reporting.charts.axes import day_axis, layered, tip, title_of, x_of, y_of
from planner.reporting.charts.look import CHOSEN, PLAIN, ROAD_COLOUR, TRUCKS_SIDE, Look
from planner.reporting.charts.map_frame import frame_around, vertices
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.plan.market_figures import NationalFigures
    from planner.reporting.charts.map_frame import MapFrame
    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_LAND = "#8a949c"
_MAP_HEIGHT, _HEIGHT = 620, 220

_TOLD = MARKET_SITES.quantities(
    "name",
    "road",
    "price_eur_kwh",
    "n_hpc_market",
    "n_hpc_plan",
    MEAN_WAIT,
    "profit_eur_day",
    "subsidy_eur_day",
)
"""What the map tells of a site."""
_PRICE, _PAID_POINTS, _PLAN_POINTS = _TOLD[2:5]


def national_chart_data(figures: NationalFigures, plan_map: PlanMap) -> dict[str, list[Any]]:
    """Data of all charts, the same in every language."""
    frame = map_frame(plan_map)
    countries = plan_map.layers["countries"]
    ours = countries[countries["n_sites"] > 0]
    network = plan_map.layers["network"]
    roads = network[network["road"] != "access"]
    sites = figures.sites
    x, y = frame.positions(sites["lon"].to_numpy(), sites["lat"].to_numpy())
    shown = sites.assign(x=x.round(1), y=y.round(1)).round(4)
    by_hour = figures.hours.assign(
        hour=figures.hours["hour"] % 24,
        revenue=(figures.hours["price_eur_kwh"] * figures.hours["sold_kwh"]).fillna(0.0),
    )
    sums = by_hour.groupby("hour")[["revenue", "sold_kwh"]].sum()
    hours = pd.DataFrame(
        {"hour": sums.index, "price": (sums["revenue"] / sums["sold_kwh"].clip(lower=1e-9))}
    ).round(4)
    # a step needs an end: the day closes where it began
    hours = pd.concat([hours, hours.iloc[:1].assign(hour=24)])
    return {
        "land": _rows(vertices(frame.shapes(ours)).round(1)),
        "roads": _rows(vertices(frame.shapes(roads)).drop(columns="shape").round(1)),
        "sites": _rows(shown),
        "hours": _rows(hours),
        "rounds": _rows(figures.course.round(4)),
    }


def map_frame(plan_map: PlanMap) -> MapFrame:
    """Sheet of the price map."""
    return frame_around([plan_map.layers["network"], plan_map.layers["sites"]])


def national_charts(frame: MapFrame, language: Language, look: Look) -> dict[str, alt.LayerChart]:
    """All charts of the market of a plan by name."""
    return {
        "map": price_map(frame, language, look),
        "prices": price_histogram(language),
        "hours": hour_chart(language, look),
        "points": point_chart(language, look),
        "rounds": course_chart(language, look),
    }


def price_map(frame: MapFrame, language: Language, look: Look) -> alt.LayerChart:
    """Sites by points that operators build, coloured by what a kWh costs."""
    x = alt.X("x:Q").axis(None).scale(domain=[frame.left, frame.right], nice=False)
    y = alt.Y("y:Q").axis(None).scale(domain=[frame.bottom, frame.top], nice=False)
    land = (
        alt.Chart(alt.NamedData("land"))
        .mark_line(
            interpolate="linear-closed",
            fill=_LAND,
            fillOpacity=0.12,
            stroke=_LAND,
            strokeWidth=0.5 * look.line,
        )
        .encode(x=x, y=y, order="order:Q", detail="shape:N")
    )
    roads = (
        alt.Chart(alt.NamedData("roads"))
        .mark_line(color=ROAD_COLOUR, strokeWidth=0.4 * look.line)
        .encode(x=x, y=y, order="order:Q")
    )
    tips = [tip(quantity, language) for quantity in _TOLD]
    base = alt.Chart(alt.NamedData("sites")).encode(x=x, y=y, tooltip=tips)
    closed = base.transform_filter("!datum.is_open").mark_point(
        shape="cross", size=0.9 * look.dot, angle=45, color=PLAIN, strokeWidth=0.8 * look.line
    )
    sites = (
        base.transform_filter("datum.is_open && isValid(datum.price_eur_kwh)")
        .mark_circle(opacity=0.95, stroke="white", strokeWidth=0.6)
        .encode(
            size=alt.Size("n_hpc_market:Q")
            .title(title_of(_PAID_POINTS, language))
            .scale(range=[0.27 * look.dot, 7.6 * look.dot])
            .legend(symbolFillColor=PLAIN, symbolStrokeWidth=0),
            color=alt.Color("price_eur_kwh:Q")
            .title(title_of(_PRICE, language))
            .scale(scheme="viridis", reverse=True),
        )
    )
    return layered(
        [land, roads, closed, sites],
        width=round(_MAP_HEIGHT * frame.width_km / frame.height_km),
        height=_MAP_HEIGHT,
        description=language.text("Map of what a kWh costs at each site."),
    )


def price_histogram(language: Language) -> alt.LayerChart:
    """How many sites have which price."""
    bars = (
        alt.Chart(alt.NamedData("sites"))
        .transform_filter("isValid(datum.price_eur_kwh)")
        .mark_bar(color=TRUCKS_SIDE)
        .encode(
            x=alt.X("price_eur_kwh:Q").bin(step=0.02).title(title_of(_PRICE, language)),
            y=alt.Y("count():Q").title(language.text("Sites")),
        )
    )
    return layered([bars], height=_HEIGHT, description=language.text("Sites by price"))


def hour_chart(language: Language, look: Look) -> alt.LayerChart:
    """Mean price over all sites by hour of the day."""
    line = alt.Chart(alt.NamedData("hours")).mark_line(
        interpolate="step-after", strokeWidth=1.25 * look.line, color=CHOSEN
    )
    (price,) = MARKET_HOURS_BY_SITE.quantities("price_eur_kwh")
    drawn = line.encode(x=day_axis(language), y=y_of(price, language, "price"))
    return layered([drawn], height=_HEIGHT, description=language.text("Price by hour"))


def point_chart(language: Language, look: Look) -> alt.LayerChart:
    """Points that pay against those of the plan, a site a dot."""
    x, y = x_of(_PLAN_POINTS, language), y_of(_PAID_POINTS, language)
    base = alt.Chart(alt.NamedData("sites")).encode(x=x)
    dots = base.mark_circle(size=0.8 * look.dot, opacity=0.7, color=CHOSEN).encode(
        y=y, tooltip=[tip(quantity, language) for quantity in MARKET_SITES.quantities("name")]
    )
    same = base.mark_line(strokeDash=[4, 4], color=PLAIN, strokeWidth=look.line).encode(
        y=y_of(_PAID_POINTS, language, "n_hpc_plan")
    )
    description = language.text("Points that pay, and points of the plan")
    return layered([same, dots], height=_HEIGHT, description=description)


def course_chart(language: Language, look: Look) -> alt.LayerChart:
    """Mean price round by round, a line per repetition."""
    number, price = MARKET_ROUNDS.quantities("round", "mean_price_eur_kwh")
    lines = (
        alt.Chart(alt.NamedData("rounds"))
        .mark_line(strokeWidth=0.75 * look.line, color=TRUCKS_SIDE)
        .encode(
            x=x_of(number, language),
            y=y_of(price, language).scale(zero=False),
            detail="seed_number:N",
        )
    )
    return layered([lines], height=_HEIGHT, description=language.text("How the market got there"))


def _rows(data: pd.DataFrame) -> list[Any]:
    """Rows of plain values; what is not known is None."""
    known = data.astype(object).where(data.notna(), None)
    return [
        {key: each.item() if isinstance(each, np.generic) else each for key, each in row.items()}
        for row in known.to_dict("records")
    ]
