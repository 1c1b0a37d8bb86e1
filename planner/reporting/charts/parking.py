"""Parking spaces: which sites are short of them, and who stands where by hour of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.parking.columns import PARKING_HOURS, PARKING_SITES
from planner.parking.needs import FULL, ROOM, SHORT
from planner.reporting.charts.axes import layered, tip
from planner.reporting.charts.look import INK, colour_of, scale_of
from planner.reporting.charts.site_states import site_state_map

if TYPE_CHECKING:
    from planner.tables.language import Language

_HEIGHT = 260
SHOWN = PARKING_SITES.quantities(
    "name",
    "road",
    "spaces",
    "point_bays",
    "standing",
    "at_points",
    "nowhere",
    "to_build",
    "to_build_without",
)
STATE_TITLES = {
    SHORT: "trucks left without a space",
    FULL: "full at times, nobody left without",
    ROOM: "never full",
}
_COLOURS = ("#d55e00", "#e69f00", "#0072b2")
STANDS = PARKING_HOURS.quantities("standing", "at_points", "nowhere")
"""Parts of the trucks by hour, from the axis up."""
_STAND_COLOURS = ("#0072b2", "#6fb1d8", "#d55e00")


def space_map(language: Language) -> alt.LayerChart:
    """Sites by the spaces that they lack.

    Data: ``roads`` (GeoJSON features), ``sites`` (``lon``, ``lat``, ``state``, :data:`SHOWN`).
    """
    (to_build,) = PARKING_SITES.quantities("to_build")
    return site_state_map(
        language,
        size=to_build,
        areas=(20, 340),
        states=STATE_TITLES,
        colours=_COLOURS,
        tips=SHOWN,
        description=language.text("Sites by the truck parking spaces that they lack"),
    )


def standing_chart(language: Language) -> alt.LayerChart:
    """Trucks that stand at the sites or look for a space there, by hour of the mean day.

    Data: ``hours``, rows of ``PARKING_HOURS``.
    """
    titles = {each.name: each.heading(language, with_unit=False) for each in STANDS}
    without = PARKING_HOURS.quantities("nowhere_without")[0]
    (hour,) = PARKING_HOURS.quantities("hour")
    x = (
        alt.X("hour:O")
        .title(language.text("Hour of the day"))
        .axis(labelAngle=0, labelOverlap="parity", labelSeparation=4)
    )
    bars = (
        alt.Chart(alt.NamedData("hours"))
        .transform_fold([each.name for each in STANDS], as_=["part", "trucks"])
        .transform_calculate(
            part_name=f"{titles}[datum.part]",
            order=f"indexof({[each.name for each in STANDS]}, datum.part)",
        )
        .mark_bar(binSpacing=1)
        .encode(
            x=x,
            y=alt.Y("trucks:Q").title(language.text("Trucks")).axis(tickCount=5),
            color=colour_of("part_name", scale_of(list(titles.values()), _STAND_COLOURS)),
            order="order:Q",
            tooltip=[tip(each, language) for each in (hour, *STANDS, without)],
        )
    )
    spaces = (
        alt.Chart(alt.NamedData("spaces"))
        .mark_rule(color=INK, strokeDash=[5, 4])
        .encode(y="beside:Q")
    )
    return layered(
        [bars, spaces],
        height=_HEIGHT,
        description=language.text("Trucks that stand at the sites by hour of the day"),
    )
