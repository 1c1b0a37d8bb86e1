"""Map of the sites: which connections carry their peak, and which have to grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.grid.columns import GRID_SITES
from planner.grid.needs import ENOUGH, LATER, NOW, UNUSED
from planner.reporting.charts.axes import layered, tip, title_of
from planner.reporting.charts.look import PLAIN, colour_of, scale_of
from planner.reporting.charts.roads import roads_behind

if TYPE_CHECKING:
    from planner.tables.language import Language

_HEIGHT = 620
SHOWN = GRID_SITES.quantities(
    "name",
    "grid_operator_mv",
    "grid_operator_hv",
    "requested_kw",
    "needed_kw",
    "to_request_kw",
    "passing_year",
    "request_by_year",
)
STATE_TITLES = {
    NOW: "more to request now",
    LATER: "more to request later",
    ENOUGH: "request is enough",
    UNUSED: "nothing drawn",
}
_COLOURS = ("#d55e00", "#e69f00", "#0072b2", "#bec4ca")


def connection_map(language: Language) -> alt.LayerChart:
    """Sites by the power that they need, coloured by what becomes of their connection.

    Data: ``roads`` (GeoJSON features), ``sites`` (``lon``, ``lat``, ``state`` and the columns
    :data:`SHOWN`).
    """
    names = {state: language.text(title) for state, title in STATE_TITLES.items()}
    needed = GRID_SITES.quantities("needed_kw")[0]
    sites = (
        alt.Chart(alt.NamedData("sites"))
        .transform_calculate(state_name=f"{names}[datum.state]")
        .mark_circle(stroke="white", strokeWidth=0.5, opacity=0.9)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("needed_kw:Q")
            .title(title_of(needed, language))
            .scale(type="linear", range=[12, 320])
            .legend(orient="top", tickCount=3, symbolFillColor=PLAIN),
            color=colour_of("state_name", scale_of(list(names.values()), _COLOURS)),
            tooltip=[tip(each, language) for each in SHOWN],
        )
    )
    chart = layered(
        [roads_behind(), sites],
        height=_HEIGHT,
        description=language.text("Sites by the power that they need of the grid"),
    )
    return chart.project(type="mercator")
