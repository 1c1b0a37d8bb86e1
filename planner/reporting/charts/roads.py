"""Roads behind what a map of a page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import shapely

from planner.network.arc_lines import arc_lines
from planner.reporting.charts.look import ROAD_COLOUR

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph

_GRID_DEG = 0.005


def roads_behind() -> alt.Chart:
    """Roads as thin lines. Data: ``roads``, GeoJSON features."""
    chart: alt.Chart = (
        alt.Chart(alt.NamedData("roads"))
        .mark_geoshape(filled=False, strokeWidth=1.0)
        .encode(stroke=alt.value(ROAD_COLOUR))
    )
    return chart


def all_roads(graph: RoadGraph) -> dict[str, Any]:
    """All roads as one shape, no finer than the page shows."""
    lines = shapely.simplify(arc_lines(graph, np.arange(graph.n_arcs)), _GRID_DEG)
    shape = shapely.set_precision(shapely.MultiLineString(list(lines)), 1e-3, mode="pointwise")
    return {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": {}}
