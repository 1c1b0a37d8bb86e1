"""The traffic of a study beside what stations count: one against the other, and on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.counts.columns import COUNTED, COUNTS, MODELLED
from planner.reporting.charts.axes import layered, tip, title_of, x_of, y_of
from planner.reporting.charts.look import INK, colour_of, scale_of
from planner.reporting.charts.roads import roads_behind

if TYPE_CHECKING:
    from planner.tables.language import Language

_HEIGHT, _MAP_HEIGHT = 420, 620
_TOLD = COUNTS.without("lon", "lat", "station_id", "geh", "scaled_geh", "distance_km", "is_above")
CLASSES = {
    0.5: "less than half of its part",
    0.8: "less than its part",
    1.25: "about its part",
    2.0: "more than its part",
    float("inf"): "more than twice its part",
}
"""Ratio relative to that of all stations up to which each class goes."""
LINES = ("equal", "overall")
"""Lines of the chart: as many trucks as counted, and the ratio of all stations."""
_COLOURS = ("#0072b2", "#6fb1d8", "#9aa2a9", "#efa35a", "#b8430a")


def fit_chart(language: Language) -> alt.LayerChart:
    """Trucks of the study over vehicles counted, on logarithmic axes.

    Data: ``stations``, rows of ``COUNTS`` with ``part``; ``lines``, two rows with the columns of
    both flows and the name of the ``line``. Where nothing drives there is no place on such an axis.
    """
    titles = [
        language.text("{quantity}, logarithmic scale", quantity=title_of(each, language))
        for each in (COUNTED, MODELLED)
    ]
    scale = alt.Scale(type="log")
    x = x_of(COUNTED, language).title(titles[0]).scale(scale)
    y = y_of(MODELLED, language).title(titles[1]).scale(scale)
    names = dict(zip(LINES, _line_names(language), strict=True))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .transform_calculate(line_name=f"{names}[datum.line]")
        .mark_line(color=INK, strokeWidth=1.2)
        .encode(
            x=x,
            y=y,
            strokeDash=alt.StrokeDash("line_name:N")
            .title(None)
            .scale(domain=list(names.values()), range=[[1, 0], [5, 4]])
            .legend(orient="top", symbolType="stroke"),
        )
    )
    dots = (
        alt.Chart(alt.NamedData("stations"))
        .transform_filter(f"datum.{COUNTED.name} > 0 && datum.{MODELLED.name} > 0")
        .transform_calculate(part_name=_part_name(language))
        .mark_circle(size=40, opacity=0.8)
        .encode(
            x=x,
            y=y,
            color=_colour(language),
            tooltip=[tip(each, language) for each in _TOLD],
        )
    )
    return layered(
        [dots, lines],
        height=_HEIGHT,
        description=language.text("Trucks of the study over heavy vehicles counted, by station"),
    )


def _line_names(language: Language) -> tuple[str, str]:
    return language.text("as many as counted"), language.text("ratio of all stations")


def _part_name(language: Language) -> str:
    names = [language.text(each) for each in CLASSES.values()]
    return f"{names}[datum.part]"


def _colour(language: Language) -> alt.Color:
    names = [language.text(each) for each in CLASSES.values()]
    return colour_of("part_name", scale_of(names, _COLOURS))


def residual_map(language: Language) -> alt.LayerChart:
    """Stations by what part of all traffic their road carries.

    Data: ``roads`` (GeoJSON features), ``stations`` with ``part``, the position of the class.
    """
    stations = (
        alt.Chart(alt.NamedData("stations"))
        .transform_calculate(part_name=_part_name(language))
        .mark_circle(size=55, opacity=1.0, stroke="white", strokeWidth=0.7)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            color=_colour(language),
            tooltip=[tip(each, language) for each in _TOLD],
        )
    )
    chart = layered(
        [roads_behind(), stations],
        height=_MAP_HEIGHT,
        description=language.text("Stations at which the study has too many or too few trucks"),
    )
    return chart.project(type="mercator")
