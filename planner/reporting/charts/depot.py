"""Charts of a depot's report as Altair definitions, in one language each.

Data are named and stand in the page once, see :func:`depot_chart_data`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.depot.cooptimizer import COORDINATIONS
from planner.depot.depot_schemas import DEPOT_TOURS
from planner.reporting.charts.axes import layered, tip, x_of, y_of
from planner.reporting.charts.depot_chart_data import DRIVING, RECHARGING, SERVING, WAITING
from planner.reporting.charts.depot_labels import N_LINES, STOP_LETTERS, STOP_SIDES, TOURS_HEIGHT
from planner.reporting.charts.depot_ways import way_titles
from planner.reporting.charts.look import FIRST_COLOURS, STORED, Look, scale_of
from planner.reporting.charts.quantities import BATTERY, BEGIN, DAY_COST, END, FLOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.depot.depot_outcome import DepotOutcome
    from planner.tables.language import Language

_TRUCK, _STOP, _WAY_KWH = DEPOT_TOURS.quantities("truck", "stop", "driven_kwh")
_FLOW_COLOURS = {
    "pv_used": "#e0a800",
    "discharge": STORED,
    "import": "#b0413e",
    "load": "#8d97a0",
    "trucks": "#0072b2",
    "charge": "#7cc9ae",
    "export": "#e3b3b0",
}
_COST_COLOURS = {
    "morning": "#3d8fb8",
    "energy": "#b0413e",
    "demand": "#d55e00",
    "operation": "#8d97a0",
    "export": "#e0a800",
}
_DOING_COLOURS = {
    DRIVING: "#0072b2",
    WAITING: "#d6dbdf",
    SERVING: "#8d97a0",
    RECHARGING: STORED,
}

_LEAST_WIDTH = 700


@dataclass(frozen=True)
class DepotFrame:
    """What the charts of a depot need to know beside their rows."""

    trucks: list[str]
    coordination: str
    has_storage: bool
    currency: str

    @classmethod
    def of(cls, outcome: DepotOutcome) -> DepotFrame:
        """Frame of a day that was planned."""
        inputs = outcome.inputs
        return cls(
            [truck.name for truck in inputs.problem.trucks],
            outcome.chosen.coordination,
            inputs.site.storage is not None,
            inputs.tariff.currency,
        )


def depot_charts(frame: DepotFrame, language: Language, look: Look) -> dict[str, Any]:
    """All charts of a depot's day by name."""
    return {
        "tours": tour_chart(frame.trucks, language, look),
        "schedule": schedule_chart(frame.trucks, language, look),
        "flows": flow_chart(frame.coordination, language, look),
        "charge": charge_chart(frame, language, look),
        "cost": cost_chart(frame.currency, language, look),
    }


def tour_chart(trucks: list[str], language: Language, look: Look) -> alt.LayerChart:
    """Tours of the chosen plan between their stops."""
    x = alt.X("x:Q").axis(None).scale(zero=False, padding=20)
    y = alt.Y("y:Q").axis(None).scale(zero=False, padding=20)
    ways = (
        alt.Chart(alt.NamedData("ways"))
        .mark_rule(strokeWidth=1.1 * look.line, opacity=0.85)
        .encode(
            x=x,
            y=y,
            x2="x2:Q",
            y2="y2:Q",
            color=_truck_colour(trucks, language),
            strokeDash=alt.condition("datum.to_depot", alt.value([5, 4]), alt.value([1, 0])),
            tooltip=[tip(_TRUCK, language), tip(_WAY_KWH, language, "kwh")],
        )
    )
    kinds = {
        "delivery": language.text("delivery"),
        "pickup": language.text("pickup"),
        "left": language.text("unserved"),
        "depot": language.text("depot"),
    }
    # Above, since the trucks stand below: side by side two legends would run into each other.
    shape = (
        alt.Shape("kind:N")
        .scale(domain=list(kinds), range=["circle", "square", "cross", "diamond"])
        .legend(
            title=language.text("Stop"),
            labelExpr=_labels(kinds),
            orient="top",
            titleOrient="left",
            symbolFillColor="#6b6b6b",
        )
    )
    stops = (
        alt.Chart(alt.NamedData("places"))
        .mark_point(size=1.6 * look.dot, filled=True, color="#4b555d", opacity=1)
        .encode(x=x, y=y, shape=shape, tooltip=[tip(_STOP, language, "place")])
    )
    labels = [
        alt.Chart(alt.NamedData("places"))
        .transform_filter(alt.datum.side == side)
        .mark_text(fontSize=look.label, **STOP_LETTERS.encoding(side))
        .encode(x=x, y=y, text="place:N")
        for side in STOP_SIDES
    ]
    depot = alt.Chart(alt.NamedData("depot")).mark_point(
        size=2 * look.named_dot, shape="diamond", filled=True, color="#b0413e", opacity=1
    )
    home = depot.encode(x=x, y=y, tooltip=alt.value(language.text("Depot")))
    return layered(
        [ways, stops, *labels, home],
        height=TOURS_HEIGHT,
        description=language.text("Tours of the trucks between depot and stops."),
    )


def schedule_chart(trucks: list[str], language: Language, look: Look) -> alt.LayerChart:
    """What each truck does through the day."""
    doing = {
        DRIVING: language.text("driving"),
        SERVING: language.text("at a stop"),
        WAITING: language.text("waiting for the opening"),
        RECHARGING: language.text("recharging at the depot"),
    }
    base = alt.Chart(alt.NamedData("halts")).encode(
        x=_hours("begin:Q", language, zero=False),
        x2="end:Q",
        y=alt.Y("truck:N").title(None).sort(trucks),
    )
    bars = base.mark_bar(height=22 * look.share).encode(
        color=alt.Color("what:N")
        .scale(domain=list(doing), range=[_DOING_COLOURS[name] for name in doing])
        .legend(title=None, labelExpr=_labels(doing), orient="bottom"),
        tooltip=[
            tip(_TRUCK, language),
            tip(_STOP, language, "place"),
            tip(BEGIN, language),
            tip(END, language),
        ],
    )
    names = [
        alt.Chart(alt.NamedData("halts"))
        .transform_filter(alt.datum.line == line)
        .transform_calculate(middle="(datum.begin + datum.end) / 2")
        .mark_text(fontSize=look.label - 2, dy=-17 - 10 * line)
        .encode(
            x=_hours("middle:Q", language, zero=False),
            y=alt.Y("truck:N").title(None).sort(trucks),
            # On a narrow screen the bars are too close for names; the table has them.
            text=alt.condition(f"width > {_LEAST_WIDTH}", "place:N", alt.value("")),
        )
        for line in range(N_LINES)
    ]
    return layered(
        [bars, *names],
        height=56 * len(trucks),
        description=language.text("Timetable of every truck."),
    )


def flow_chart(first: str, language: Language, look: Look) -> alt.FacetChart:
    """Power by quarter of an hour: sources upwards, uses downwards; one row per way."""
    flows = {
        "pv_used": language.text("from PV"),
        "discharge": language.text("from the storage"),
        "import": language.text("from the grid"),
        "load": language.text("building"),
        "trucks": language.text("trucks"),
        "charge": language.text("into the storage"),
        "export": language.text("into the grid"),
    }
    bars = (
        alt.Chart()
        .mark_bar(binSpacing=0)
        .encode(
            x=_hours("hour:Q", language, bin_=True),
            x2="hour_end:Q",
            y=y_of(FLOW, language).stack("zero"),
            color=alt.Color("flow:N")
            .scale(domain=list(flows), range=[_FLOW_COLOURS[name] for name in flows])
            .legend(
                title=None,
                labelExpr=_labels(flows),
                orient="top",
                columns=7 if look.is_live else 4,
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("flow:N"),
                tip(BEGIN, language, "hour"),
                tip(FLOW, language),
            ],
        )
        .properties(width=1080, height=150)
    )
    titles = way_titles(language)
    order = [first, *(name for name in COORDINATIONS if name != first)]
    row = (
        alt.Row("way:N")
        .sort(order)
        .header(
            title=None,
            labelExpr=_labels(titles),
            labelOrient="top",
            labelAnchor="start",
            labelFontWeight=600,
            labelFontSize=look.title,
        )
    )
    chart: alt.FacetChart = bars.facet(row=row, data=alt.NamedData("flows"), spacing=14).properties(
        description=language.text("Power flows by quarter of an hour in the three ways."),
    )
    return chart


def charge_chart(frame: DepotFrame, language: Language, look: Look) -> alt.LayerChart:
    """Energy in the trucks' batteries and in the storage through the day."""
    y = y_of(BATTERY, language).scale(domainMin=0)
    lines = (
        alt.Chart(alt.NamedData("charge"))
        .mark_line(strokeWidth=1.1 * look.line)
        .encode(
            x=_hours("hour:Q", language),
            y=y,
            order="order:Q",
            color=_truck_colour(frame.trucks, language),
        )
    )
    layers: list[alt.Chart] = [lines]
    if frame.has_storage:
        layers.append(
            alt.Chart(alt.NamedData("storage"))
            .mark_line(strokeWidth=look.line, strokeDash=[6, 4], color=STORED)
            .encode(x=_hours("hour:Q", language), y=y)
        )
    return layered(
        [*layers],
        height=260,
        description=language.text("Energy in the batteries of trucks and storage by hour."),
    )


def cost_chart(currency: str, language: Language, look: Look) -> alt.Chart:
    """What the day costs by component, in the three ways."""
    parts = {
        "morning": language.text("energy charged before the tours"),
        "energy": language.text("energy from the grid"),
        "demand": language.text("demand above that so far"),
        "operation": language.text("driving, trucks, wear"),
        "export": language.text("energy fed in"),
    }
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("bill"))
        .mark_bar(height=26 * look.share)
        .encode(
            x=x_of(DAY_COST, language, tickCount=8).title(
                DAY_COST.heading(language, currency=currency)
            ),
            y=alt.Y("way:N")
            .title(None)
            .sort(list(COORDINATIONS))
            .axis(labelExpr=_labels(way_titles(language)), labelLimit=260),
            color=alt.Color("part:N")
            .scale(domain=list(parts), range=[_COST_COLOURS[name] for name in parts])
            .legend(
                title=None, labelExpr=_labels(parts), orient="bottom", columns=3, labelLimit=300
            ),
            order="order:Q",
            tooltip=[alt.Tooltip("part:N"), tip(DAY_COST, language)],
        )
        .properties(
            width="container",
            height=44 * len(COORDINATIONS),
            description=language.text("Cost of the day by component, in the three ways."),
        )
    )
    return chart


def _truck_colour(trucks: list[str], language: Language) -> alt.Color:
    legend = alt.Legend(title=language.text("Truck"), orient="bottom")
    return alt.Color("truck:N", legend=legend).scale(scale_of(trucks, FIRST_COLOURS))


def _hours(field: str, language: Language, *, zero: bool = True, bin_: bool = False) -> alt.X:
    """The hours of the day; all 24 of them, or those that there is something in."""
    scale = alt.Scale(domain=[0, 24], nice=False) if zero else alt.Scale(zero=False, nice=True)
    axis = alt.Axis(title=language.text("Hour of the day"), tickMinStep=1, format="d")
    return alt.X(field, scale=scale, axis=axis, bin="binned" if bin_ else alt.Undefined)


def _labels(titles: Mapping[str, str]) -> str:
    """Vega expression that writes titles for names."""
    pairs = ", ".join(f"{_quoted(name)}: {_quoted(title)}" for name, title in titles.items())
    return f"({{{pairs}}})[datum.label]"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
