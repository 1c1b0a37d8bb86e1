"""Axes and tooltips as the catalogue of quantities tells them: title with unit, form of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt

import planner.reporting.charts.mended_altair  # noqa: F401  # threads make charts at once
from planner.tables.forms import TEXTS, decimals
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.tables.language import Language
    from planner.tables.table import Quantity

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS_PER_WEEK = 7 * HOURS_PER_DAY


def title_of(quantity: Quantity, language: Language) -> str:
    """Title with the unit; without where every label of the axis has it."""
    return quantity.heading(language, with_unit=quantity.form != "percent")


def axis_format(quantity: Quantity) -> str:
    """D3 format of the labels at an axis: as many decimals as tell them apart."""
    if quantity.form == "percent":
        return "~%"
    return ",.0f" if quantity.form == "count" else f",.{decimals(quantity.form) + 2}~f"


def value_format(quantity: Quantity) -> str:
    """D3 format of one figure, to the decimals of its form."""
    if quantity.form == "percent":
        return ".1~%"
    return "" if quantity.form in TEXTS else f",.{decimals(quantity.form)}f"


def x_of(quantity: Quantity, language: Language, column: str = "", **axis: Any) -> alt.X:
    """Horizontal axis of a quantity, which may stand in a column of another name."""
    encoded: alt.X = _axis(alt.X, quantity, language, column, axis)
    return encoded


def y_of(quantity: Quantity, language: Language, column: str = "", **axis: Any) -> alt.Y:
    """Vertical axis of a quantity."""
    encoded: alt.Y = _axis(alt.Y, quantity, language, column, axis)
    return encoded


def root_axis(quantity: Quantity, language: Language, scale: alt.Scale, **axis: Any) -> alt.Y:
    """Vertical axis on a square-root scale, which it says."""
    title = language.text("{quantity}, square-root scale", quantity=title_of(quantity, language))
    encoded: alt.Y = y_of(quantity, language, **axis).title(title).scale(scale)
    return encoded


def _axis(
    channel: Any, quantity: Quantity, language: Language, column: str, axis: dict[str, Any]
) -> Any:
    shown = {"format": axis_format(quantity), "tickCount": 6} | axis
    if quantity.form == "count":
        shown["tickMinStep"] = 1  # or labels would repeat a number
    encoded = channel(f"{column or quantity.name}:Q").title(title_of(quantity, language))
    return encoded.axis(**shown)


def tip(quantity: Quantity, language: Language, column: str = "", title: str = "") -> alt.Tooltip:
    """Line of a tooltip."""
    kind = "N" if quantity.form in TEXTS else "Q"
    named = f"{column or quantity.name}:{kind}"
    shown = title or title_of(quantity, language)
    if form := value_format(quantity):
        return alt.Tooltip(named, title=shown, format=form)
    return alt.Tooltip(named, title=shown)


def days_axis(first: int, last: int, language: Language, column: str = "hour") -> alt.X:
    """Hours since Monday 00:00: a line at each midnight, a name at each noon."""
    days = [language.text(day) for day in DAYS]
    hour = "datum.value" if first >= 0 else f"(datum.value + {_HOURS_PER_WEEK})"
    at_midnight = alt.condition(f"datum.value % {HOURS_PER_DAY} === 0", alt.value(1), alt.value(0))
    return (
        alt.X(f"{column}:Q")
        .title(None)
        .scale(domain=[first, last], nice=False)
        .axis(
            values=[float(each) for each in range(min(first, 0), last + 1, 12)],
            labelExpr=f"{hour} % 24 === 12 ? {days}[floor({hour} / 24) % 7] : ''",
            labelOverlap=False,  # the labels between the days are empty
            tickOpacity=at_midnight,
            gridOpacity=at_midnight,
        )
    )


def day_axis(language: Language, column: str = "hour") -> alt.X:
    """The hours of a day."""
    return (
        alt.X(f"{column}:Q")
        .title(language.text("Hour of the day"))
        .scale(domain=[0, 24], nice=False)
        .axis(values=list(range(0, 25, 3)), format=".0f")
    )


def names_above(encoding: alt.Y) -> alt.Y:
    """Names above their rows and not beside them, so that narrow screens have room for both."""
    above: alt.Y = encoding.title(None).axis(
        labelAlign="left",
        labelPadding=-4,
        labelOffset=-10,
        labelLimit=330,
        ticks=False,
        domain=False,
    )
    return above


def layered(
    layers: Sequence[Any],
    *,
    height: float,
    description: str,
    width: float | Literal["container"] = "container",
) -> alt.LayerChart:
    """Layers as one chart, on a page as wide as its room."""
    return alt.LayerChart(layer=list(layers), width=width, height=height, description=description)
