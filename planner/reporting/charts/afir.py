"""Map of the TEN-T roads: where pools lie close enough for the law, and where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.afir.columns import AFIR_GAPS, AFIR_WAITS, REPLANNED_WAIT
from planner.reporting.charts.axes import layered, root_axis, tip, title_of, x_of
from planner.reporting.charts.look import CHOSEN, INK, TRUCKS_SIDE, colour_of, scale_of
from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT

if TYPE_CHECKING:
    from planner.tables.language import Language

_HEIGHT = 620
_TOLD = AFIR_GAPS.without("gap")
COVERED, GAP = "covered", "gap"


def coverage_map(language: Language) -> alt.LayerChart:
    """TEN-T roads, the gaps above what is covered, and the sites that are pools.

    Data: ``roads`` (GeoJSON features with ``state`` and the columns of a gap), ``pools`` (``lon``,
    ``lat``, ``name``).
    """
    names = {COVERED: language.text("fulfilled"), GAP: language.text("pools too far apart")}
    scale = scale_of(list(names.values()), (TRUCKS_SIDE, CHOSEN))
    roads = (
        alt.Chart(alt.NamedData("roads"))
        .transform_calculate(state_name=f"{names}[datum.properties.state]")
        .mark_geoshape(filled=False, strokeWidth=2.5)
        .encode(
            stroke=alt.Stroke("state_name:N")
            .title(None)
            .scale(scale)
            .legend(orient="top", symbolType="stroke"),
            tooltip=[tip(each, language, f"properties.{each.name}") for each in _TOLD],
        )
    )
    pools = (
        alt.Chart(alt.NamedData("pools"))
        .mark_circle(size=45, color=INK, stroke="white", strokeWidth=1.0, opacity=1.0)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            tooltip=[alt.Tooltip("name:N", title=language.text("Pool"))],
        )
    )
    chart = layered(
        [roads, pools],
        height=_HEIGHT,
        description=language.text("TEN-T roads on which pools lie close enough, and gaps"),
    )
    return chart.project(type="mercator")


def wait_chart(language: Language, *, with_replanned: bool) -> alt.LayerChart:
    """Waits with the law alone over the share of electric trucks. Data: ``waits``."""
    shown = (MEAN_WAIT, P95_WAIT, *([REPLANNED_WAIT] if with_replanned else []))
    share = AFIR_WAITS.quantities("level_share")[0]
    wait = language.text("Wait (min), square-root scale")
    scale = scale_of([title_of(each, language) for each in shown])
    lines = [
        alt.Chart(alt.NamedData("waits"))
        .transform_calculate(series=f"'{title_of(each, language)}'")
        .mark_line(point=True)
        .encode(
            x=x_of(share, language),
            y=root_axis(each, language, alt.Scale(type="sqrt")).title(wait),
            color=colour_of("series", scale),
            tooltip=[tip(column, language) for column in AFIR_WAITS.columns],
        )
        for each in shown
    ]
    return layered(
        lines,
        height=260,
        description=language.text("Waits with the law alone by share of electric trucks"),
    )


def road_feature(geometry: dict[str, Any], state: str, told: dict[str, Any]) -> dict[str, Any]:
    """A road of the map, ``told`` being the columns of its gap."""
    return {"type": "Feature", "geometry": geometry, "properties": {"state": state, **told}}
