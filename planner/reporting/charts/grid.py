"""Map of the sites: which connections carry their peak, and which have to grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.grid.columns import GRID_SITES
from planner.grid.needs import ENOUGH, LATER, NOW, UNUSED
from planner.reporting.charts.site_states import site_state_map

if TYPE_CHECKING:
    import altair as alt

    from planner.tables.language import Language

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
    (needed,) = GRID_SITES.quantities("needed_kw")
    return site_state_map(
        language,
        size=needed,
        areas=(12, 320),
        states=STATE_TITLES,
        colours=_COLOURS,
        tips=SHOWN,
        description=language.text("Sites by the power that they need of the grid"),
    )
