"""Map of the sites: how large the connection of least cost is, and where a battery pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.plan.connection_columns import SITE_CONNECTIONS
from planner.reporting.charts.axes import layered, tip, title_of
from planner.reporting.charts.look import colour_of, scale_of
from planner.reporting.charts.roads import roads_behind

if TYPE_CHECKING:
    from planner.tables.language import Language

_HEIGHT = 620
SHOWN = SITE_CONNECTIONS.quantities(
    "name",
    "road",
    "peak_kw",
    "with_battery_kw",
    "battery_kwh",
    "battery_kw",
    "saved_eur_year",
    "requested_kw",
)
_COLOURS = ("#009e73", "#0072b2")


def least_cost_map(language: Language) -> alt.LayerChart:
    """Sites by the power of their connection of least cost, coloured by what stands behind it.

    Data: ``roads`` (GeoJSON features), ``sites`` (``lon``, ``lat`` and the columns :data:`SHOWN`).
    """
    names = [language.text("connection with a battery"), language.text("connection alone")]
    (power,) = SITE_CONNECTIONS.quantities("with_battery_kw")
    sites = (
        alt.Chart(alt.NamedData("sites"))
        .transform_calculate(behind=f"{names}[datum.battery_kwh > 0 ? 0 : 1]")
        .mark_circle(stroke="white", strokeWidth=0.5, opacity=0.9)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size("with_battery_kw:Q")
            .title(title_of(power, language))
            .scale(type="linear", range=[12, 320])
            .legend(orient="top", values=[1000, 2000, 5000], titleLimit=320),
            color=colour_of("behind", scale_of(names, _COLOURS)),
            tooltip=[tip(each, language) for each in SHOWN],
        )
    )
    chart = layered(
        [roads_behind(), sites],
        height=_HEIGHT,
        description=language.text("Sites by the connection that costs least"),
    )
    return chart.project(type="mercator")
