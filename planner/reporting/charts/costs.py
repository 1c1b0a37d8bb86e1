"""Costs of the solutions of a front: over the mean wait, by what is paid, by factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.costs.columns import COST_FACTORS, LEAST
from planner.costs.site_costs import COMPONENT_TITLES
from planner.reporting.charts.axes import layered, names_above, tip, title_of, x_of
from planner.reporting.charts.look import (
    CHOSEN,
    INK,
    PLAIN,
    SERIES_COLOURS,
    STORED,
    TRUCKS_SIDE,
    colour_of,
    scale_of,
)
from planner.tables.layout_quantities import (
    LOGISTICS_COST,
    MEAN_WAIT,
    N_HPC,
    OPERATOR_COST,
    SYSTEM_COST,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.tables.language import Language

_HEIGHT, _ROW, _FACTOR_ROW = 320, 26, 36
N_FACTORS = 12
"""Factors that the picture of factors shows."""
OF_OPERATORS, OF_TIME, OF_ALL = "operator_eur_day", "time_eur_day", SYSTEM_COST.name


def _wait_axis(language: Language) -> alt.X:
    title = language.text("{quantity}, square-root scale", quantity=title_of(MEAN_WAIT, language))
    axis: alt.X = x_of(MEAN_WAIT, language).title(title).scale(type="sqrt", nice=False)
    return axis


def cost_chart(language: Language, titles: Mapping[str, str], least: str) -> alt.LayerChart:
    """Costs a day of operators, of the time of trucks and of both, over the mean wait.

    Data: ``costs``, rows of ``COSTS``.

    Parameters
    ----------
    titles : mapping
        Titles of named plans by their names, from the shortest wait to the longest.
    least : str
        Name of the plan of least cost.
    """
    names = {
        OF_ALL: language.text("Both together"),
        OF_OPERATORS: language.text("Operators"),
        OF_TIME: language.text("Time of trucks"),
    }
    scale = scale_of(list(names.values()), (CHOSEN, STORED, TRUCKS_SIDE))
    title = language.text("Cost a day (1,000 EUR)")
    told = [
        tip(each, language)
        for each in (N_HPC, MEAN_WAIT, OPERATOR_COST, LOGISTICS_COST, SYSTEM_COST)
    ]
    base = alt.Chart(alt.NamedData("costs"))
    lines = (
        base.transform_calculate(time_eur_day="datum.waiting_eur_day + datum.charging_eur_day")
        .transform_fold(list(names), as_=["side", "eur_day"])
        .transform_calculate(side_name=f"{names}[datum.side]", thousand="datum.eur_day / 1000")
        .mark_line(strokeWidth=2)
        .encode(
            x=_wait_axis(language),
            y=alt.Y("thousand:Q").title(title),
            color=colour_of("side_name", scale, offset=54),
        )
    )
    named = base.transform_filter("datum.name != ''").transform_calculate(
        thousand=f"datum.{OF_ALL} / 1000", title=f"{dict(titles)}[datum.name]"
    )
    dots = named.mark_circle(
        size=70, color=INK, opacity=1.0, stroke="white", strokeWidth=1.0
    ).encode(
        x=_wait_axis(language),
        y=alt.Y("thousand:Q").title(title),
        tooltip=[alt.Tooltip("title:N", title=language.text("Plan")), *told],
    )
    # Names stand in rows above the plot, where narrow screens have room for neighbours; the first
    # one begins at the axis. That of the plan of least cost is long where it has another name too.
    others = [name for name in titles if name != LEAST]
    ends = {next(iter(titles)): "left", [*titles][-1]: "right"} if len(titles) > 1 else {}
    rows: Any = (
        ({least}, -36, ends.get(least, "center")),
        ({*others[:1]} - {least}, -6, "left"),
        ({*others[2::2]} - {least}, -6, "center"),
        ({*others[1::2]} - {least}, -21, "center"),
    )
    labels = [
        named.transform_filter(f"indexof({sorted(here)}, datum.name) >= 0")
        .mark_text(color=INK, fontSize=12, align=align, baseline="bottom")
        .encode(x=_wait_axis(language), y=alt.value(y), text="title:N")
        for here, y, align in rows
    ]
    plumb = named.mark_rule(color=PLAIN, opacity=0.5).encode(x=_wait_axis(language))
    return layered(
        [plumb, lines, dots, *labels],
        height=_HEIGHT,
        description=language.text("Costs a day over the mean wait of the plans of the front"),
    )


def component_chart(language: Language, titles: Mapping[str, str]) -> alt.LayerChart:
    """What a kWh costs operators in the named plans, by what is paid.

    Data: ``components``, a row per plan and component: ``name``, ``order``, ``component``,
    ``component_order``, ``eur_kwh``.
    """
    names = {name: language.text(title) for name, title in COMPONENT_TITLES.items()}
    bars = (
        alt.Chart(alt.NamedData("components"))
        .transform_calculate(
            component_name=f"{names}[datum.component]", title=f"{dict(titles)}[datum.name]"
        )
        .mark_bar()
        .encode(
            x=alt.X("eur_kwh:Q", stack="zero").title(OPERATOR_COST.heading(language)),
            y=alt.Y("title:N", sort=alt.SortField("order")).title(None).axis(labelLimit=220),
            order=alt.Order("component_order:Q"),
            color=colour_of("component_name", scale_of(list(names.values()), SERIES_COLOURS)),
            tooltip=[
                alt.Tooltip("title:N", title=language.text("Plan")),
                alt.Tooltip("component_name:N", title=language.text("Paid for")),
                alt.Tooltip("eur_kwh:Q", title=OPERATOR_COST.heading(language), format=".3f"),
            ],
        )
    )
    return layered(
        [bars],
        height=len(titles) * _ROW,
        description=language.text("Cost to operators per kWh in the named plans"),
    )


def factor_chart(language: Language, factors: Iterable[str]) -> alt.LayerChart:
    """Cost to operators per kWh with one factor at a time at its low and its high value.

    Data: ``factors``, the rows of ``COST_FACTORS`` with ``central_eur_kwh``.

    Parameters
    ----------
    factors : iterable of str
        English titles of all factors.
    """
    told = [
        alt.Tooltip("title_text:N", title=language.text("Meaning")),
        *(
            tip(each, language)
            for each in COST_FACTORS.quantities(
                "low", "central", "high", "operator_cost_eur_kwh_low", "operator_cost_eur_kwh_high"
            )
        ),
    ]
    texts = {title: language.text(title) for title in factors}
    base = alt.Chart(alt.NamedData("factors")).transform_calculate(
        title_text=f"{texts}[datum.title]"
    )
    y = names_above(alt.Y("title_text:N", sort=None))
    ends = {"low": language.text("factor low"), "high": language.text("factor high")}
    bars = [
        base.transform_calculate(end=f"'{ends[end]}'")
        .mark_bar(height=11, yOffset=4)
        .encode(
            y=y,
            x=alt.X("central_eur_kwh:Q").title(OPERATOR_COST.heading(language)).scale(zero=False),
            x2=f"operator_cost_eur_kwh_{end}",
            color=colour_of("end", scale_of(list(ends.values()), (TRUCKS_SIDE, STORED))),
            tooltip=told,
        )
        for end in ends
    ]
    line = base.mark_rule(color=PLAIN).encode(x="central_eur_kwh:Q")
    return layered(
        [*bars, line],
        height=N_FACTORS * _FACTOR_ROW,
        description=language.text("Cost to operators per kWh, one factor at a time"),
    )
