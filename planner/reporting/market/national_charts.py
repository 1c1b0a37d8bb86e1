"""Charts of the market of a plan as Altair definitions, in one language each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from planner.reporting.charts import NAMED_COLOUR, PLAIN_COLOUR, SELECTED_COLOUR
from planner.reporting.figures.map_frame import frame_around, vertices

if TYPE_CHECKING:
    from planner.plan.market_figures import NationalFigures
    from planner.reporting.figures.map_frame import MapFrame
    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_LAND, _ROAD = "#8a949c", "#9fb3c4"
_MAP_HEIGHT = 620


def national_chart_data(figures: NationalFigures, plan_map: PlanMap) -> dict[str, list[Any]]:
    """Data of all charts, the same in every language.

    Parameters
    ----------
    figures : NationalFigures
        The market.
    plan_map : PlanMap
        Roads and countries behind the sites.

    Returns
    -------
    dict
        Rows by name of the data set.
    """
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


def national_charts(plan_map: PlanMap, language: Language) -> dict[str, dict[str, Any]]:
    """All charts of the page.

    Parameters
    ----------
    plan_map : PlanMap
        Roads and countries behind the sites.
    language : Language
        Language of titles.

    Returns
    -------
    dict
        Vega-Lite specification by name.
    """
    charts = {
        "map": price_map(map_frame(plan_map), language),
        "prices": price_histogram(language),
        "hours": hour_chart(language),
        "points": point_chart(language),
        "rounds": course_chart(language),
    }
    return {
        name: chart.configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight=500, titlePadding=10)
        .to_dict()
        for name, chart in charts.items()
    }


def price_map(frame: MapFrame, language: Language) -> alt.LayerChart:
    """Sites by points that operators build, coloured by what a kWh costs."""
    x = alt.X("x:Q").axis(None).scale(domain=[frame.left, frame.right], nice=False)
    y = alt.Y("y:Q").axis(None).scale(domain=[frame.bottom, frame.top], nice=False)
    land = (
        alt.Chart(alt.NamedData("land"))
        .mark_line(interpolate="linear-closed", fill=_LAND, fillOpacity=0.12, stroke=_LAND)
        .encode(x=x, y=y, order="order:Q", detail="shape:N")
    )
    roads = (
        alt.Chart(alt.NamedData("roads"))
        .mark_line(color=_ROAD, strokeWidth=0.8)
        .encode(x=x, y=y, order="order:Q")
    )
    price_title = language.text("What trucks pay (EUR/kWh)")
    tips = [
        alt.Tooltip("name:N", title=language.text("Site")),
        alt.Tooltip("road:N", title=language.text("Motorway")),
        alt.Tooltip("price_eur_kwh:Q", title=price_title, format=".3f"),
        alt.Tooltip("n_hpc_market:Q", title=language.text("Points that pay"), format=".1f"),
        alt.Tooltip("n_hpc_plan:Q", title=language.text("Points of the plan")),
        alt.Tooltip("mean_wait_min:Q", title=language.text("Mean wait (min)"), format=".0f"),
        alt.Tooltip("profit_eur_day:Q", title=language.text("Profit (EUR a day)"), format=",.0f"),
        alt.Tooltip("subsidy_eur_day:Q", title=language.text("Subsidy (EUR a day)"), format=",.0f"),
    ]
    base = alt.Chart(alt.NamedData("sites")).encode(x=x, y=y, tooltip=tips)
    closed = base.transform_filter("!datum.is_open").mark_point(
        shape="cross", size=50, angle=45, color=PLAIN_COLOUR, strokeWidth=1.6
    )
    sites = (
        base.transform_filter("datum.is_open && isValid(datum.price_eur_kwh)")
        .mark_circle(opacity=0.95, stroke="white", strokeWidth=0.6)
        .encode(
            size=alt.Size("n_hpc_market:Q")
            .title(language.text("Points that pay"))
            .scale(range=[15, 420])
            .legend(symbolFillColor=PLAIN_COLOUR, symbolStrokeWidth=0),
            color=alt.Color("price_eur_kwh:Q")
            .title(language.text("EUR/kWh"))
            .scale(scheme="viridis", reverse=True),
        )
    )
    return alt.LayerChart(
        layer=[land, roads, closed, sites],
        width=round(_MAP_HEIGHT * frame.width_km / frame.height_km),
        height=_MAP_HEIGHT,
        description=language.text("Map of what a kWh costs at each site."),
    )


def price_histogram(language: Language) -> alt.Chart:
    """How many sites have which price."""
    bars: alt.Chart = (
        alt.Chart(alt.NamedData("sites"))
        .transform_filter("isValid(datum.price_eur_kwh)")
        .mark_bar(color=NAMED_COLOUR)
        .encode(
            x=alt.X("price_eur_kwh:Q")
            .bin(step=0.02)
            .title(language.text("What trucks pay (EUR/kWh)")),
            y=alt.Y("count():Q").title(language.text("Sites")),
        )
        .properties(width="container", height=220)
    )
    return bars


def hour_chart(language: Language) -> alt.Chart:
    """Mean price over all sites by hour of the day."""
    line: alt.Chart = (
        alt.Chart(alt.NamedData("hours"))
        .mark_line(interpolate="step-after", strokeWidth=2.5, color=SELECTED_COLOUR)
        .encode(
            x=alt.X("hour:Q")
            .title(language.text("Hour of the day"))
            .scale(domain=[0, 24], nice=False)
            .axis(values=list(range(0, 25, 3)), format=".0f"),
            y=alt.Y("price:Q").title(language.text("What trucks pay (EUR/kWh)")),
        )
        .properties(width="container", height=220)
    )
    return line


def point_chart(language: Language) -> alt.LayerChart:
    """Points that pay against those of the plan, a site a dot."""
    x = alt.X("n_hpc_plan:Q").title(language.text("Points of the plan"))
    y = alt.Y("n_hpc_market:Q").title(language.text("Points that pay"))
    dots = (
        alt.Chart(alt.NamedData("sites"))
        .mark_circle(size=45, opacity=0.7, color=SELECTED_COLOUR)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("name:N", title=language.text("Site"))])
    )
    same = (
        alt.Chart(alt.NamedData("sites"))
        .mark_line(strokeDash=[4, 4], color=PLAIN_COLOUR)
        .encode(x=x, y=alt.Y("n_hpc_plan:Q").title(language.text("Points that pay")))
    )
    return alt.LayerChart(layer=[same, dots], width="container", height=220)


def course_chart(language: Language) -> alt.Chart:
    """Mean price round by round, a line per repetition."""
    lines: alt.Chart = (
        alt.Chart(alt.NamedData("rounds"))
        .mark_line(strokeWidth=1.5, color=NAMED_COLOUR)
        .encode(
            x=alt.X("round:Q").title(language.text("Rounds")),
            y=alt.Y("mean_price_eur_kwh:Q")
            .title(language.text("What trucks pay (EUR/kWh)"))
            .scale(zero=False),
            detail="seed_number:N",
        )
        .properties(width="container", height=220)
    )
    return lines


def _rows(data: pd.DataFrame) -> list[Any]:
    """Rows of plain values; what is not known is None."""
    known = data.astype(object).where(data.notna(), None)
    return [
        {key: each.item() if isinstance(each, np.generic) else each for key, each in row.items()}
        for row in known.to_dict("records")
    ]
