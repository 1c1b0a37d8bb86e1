"""Map of the TEN-T roads: where pools lie close enough for the law, and where they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from planner.afir.columns import AFIR_GAPS
from planner.reporting.charts.axes import layered, tip
from planner.reporting.charts.look import CHOSEN, INK, TRUCKS_SIDE, scale_of

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


def road_feature(geometry: dict[str, Any], state: str, told: dict[str, Any]) -> dict[str, Any]:
    """A road of the map, ``told`` being the columns of its gap."""
    return {"type": "Feature", "geometry": geometry, "properties": {"state": state, **told}}
