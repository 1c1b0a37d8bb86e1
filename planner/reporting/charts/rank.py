"""What the first sites of a network carry, and where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.reporting.charts.axes import layered, tip, x_of, y_of
from planner.reporting.charts.look import CHOSEN, INK, PLAIN, TRUCKS_SIDE, scale_of
from planner.reporting.charts.roads import roads_behind
from planner.selection.columns import EXTRA, RANK, SERVED, SITE_ORDER

if TYPE_CHECKING:
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_HEIGHT, _MAP_HEIGHT = 260, 620
_TOLD = SITE_ORDER.without("lon", "lat", "site_id")


def served_chart(language: Language) -> alt.LayerChart:
    """Share of trips that can be driven over the number of sites, and the number asked for.

    Data: ``order``, rows of ``SITE_ORDER``; ``first``, one row with ``rank``.
    """
    title = language.text("Trips that can be driven with the first sites")
    return _over_sites(SERVED, title, language)


def extra_chart(language: Language) -> alt.LayerChart:
    """How much later these trips arrive over the number of sites; data as for the other chart."""
    title = language.text("How much later trips arrive with the first sites alone")
    return _over_sites(EXTRA, title, language)


def _over_sites(quantity: Quantity, description: str, language: Language) -> alt.LayerChart:
    sites = language.text("Sites that are open")
    line = (
        alt.Chart(alt.NamedData("order"))
        .mark_line(strokeWidth=2, color=TRUCKS_SIDE, interpolate="step-before")
        .encode(x=x_of(RANK, language).title(sites), y=y_of(quantity, language))
    )
    dots = (
        alt.Chart(alt.NamedData("order"))
        .mark_circle(size=60, opacity=0.0)
        .encode(
            x=x_of(RANK, language).title(sites),
            y=y_of(quantity, language),
            tooltip=[tip(each, language) for each in _TOLD],
        )
    )
    rule = alt.Chart(alt.NamedData("first")).mark_rule(color=INK).encode(x="rank:Q")
    return layered([line, dots, rule], height=_HEIGHT, description=description)


def order_map(language: Language) -> alt.LayerChart:
    """The first sites among all.

    Data: ``roads`` (GeoJSON features), ``order`` with ``is_first``.
    """
    names = [language.text("among the first"), language.text("later")]
    scale = scale_of(names, (CHOSEN, PLAIN))
    # The first sites lie above those that share their place on the other carriageway.
    sites = [
        alt.Chart(alt.NamedData("order"))
        .transform_filter(f"{'' if is_first else '!'}datum.is_first")
        .transform_calculate(place=repr(names[0 if is_first else 1]))
        .mark_circle(opacity=1.0, stroke="white", strokeWidth=1.0, size=size)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            color=alt.Color("place:N").title(None).scale(scale).legend(orient="top"),
            tooltip=[tip(each, language) for each in _TOLD],
        )
        for is_first, size in ((False, 30), (True, 110))
    ]
    labels = (
        alt.Chart(alt.NamedData("order"))
        .transform_filter("datum.is_first && datum.rank <= 10")
        .mark_text(dx=9, align="left", fontSize=11, color=INK)
        .encode(longitude="lon:Q", latitude="lat:Q", text="rank:Q")
    )
    chart = layered(
        [roads_behind(), *sites, labels],
        height=_MAP_HEIGHT,
        description=language.text("The first sites to build among all sites"),
    )
    return chart.project(type="mercator")
