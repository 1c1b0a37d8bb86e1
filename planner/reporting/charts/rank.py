"""What the first sites of a network carry, and where they lie."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from planner.reporting.charts.axes import layered, tip, x_of, y_of
from planner.reporting.charts.label_sides import Box
from planner.reporting.charts.look import CHOSEN, INK, PLAIN, TRUCKS_SIDE, scale_of
from planner.reporting.charts.roads import roads_behind
from planner.selection.columns import EXTRA, RANK, SERVED, SITE_ORDER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.tables.language import Language
    from planner.tables.table import Quantity

_HEIGHT, _MAP_HEIGHT = 260, 620
_DIGIT, _LINE, _BESIDE, _DOT = 7.0, 12.0, 9.0, 6.0
"""Width of a digit, height of a number, its way from the middle of its dot, half a dot: pixels."""
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


def numbered_sites(
    lon: NDArray[np.float64], lat: NDArray[np.float64], first: int, height_deg: float
) -> NDArray[np.bool_]:
    """Which sites have their rank beside them on the map, where it lies on no other one or dot.

    Parameters
    ----------
    lon, lat : (n_sites,) float64
        Positions by rank, degrees.
    first : int
        How many sites come first: those alone may have a number.
    height_deg : float
        What the map shows from south to north, degrees.
    """
    chosen = np.zeros(len(lon), bool)
    if not len(lon):
        return chosen
    per_deg = _MAP_HEIGHT / max(height_deg, np.finfo(float).eps)
    x = lon[:first] * per_deg * math.cos(math.radians(float(lat.mean())))
    y = -lat[:first] * per_deg
    dots = [Box(a - _DOT, b - _DOT, a + _DOT, b + _DOT) for a, b in zip(x, y, strict=True)]
    taken = list(dots)
    for at, dot in enumerate(dots):
        left, middle = x[at] + _BESIDE, y[at]
        right = left + _DIGIT * len(str(at + 1))
        number = Box(left, middle - _LINE / 2.0, right, middle + _LINE / 2.0)
        if not any(number.shared_with(other) for other in taken if other is not dot):
            chosen[at] = True
            taken.append(number)
    return chosen


def order_map(language: Language) -> alt.LayerChart:
    """The first sites among all.

    Data: ``roads`` (GeoJSON features), ``order`` with ``is_first`` and ``is_numbered``.
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
        .transform_filter("datum.is_numbered")
        .mark_text(dx=9, align="left", fontSize=11, color=INK)
        .encode(longitude="lon:Q", latitude="lat:Q", text="rank:Q")
    )
    chart = layered(
        [roads_behind(), *sites, labels],
        height=_MAP_HEIGHT,
        description=language.text("The first sites to build among all sites"),
    )
    return chart.project(type="mercator")
