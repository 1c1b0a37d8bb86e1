"""Map of sites sized by one figure and coloured by the state that they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.reporting.charts.axes import layered, tip, title_of
from planner.reporting.charts.look import PLAIN, colour_of, scale_of
from planner.reporting.charts.roads import roads_behind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.tables.language import Language
    from planner.tables.table import Quantity

_HEIGHT = 620


def site_state_map(
    language: Language,
    *,
    size: Quantity,
    areas: tuple[int, int],
    states: Mapping[str, str],
    colours: Sequence[str],
    tips: Sequence[Quantity],
    description: str,
) -> alt.LayerChart:
    """Sites before the roads, for one who looks where it is that something is missing.

    Data: ``roads`` (GeoJSON features), ``sites`` (``lon``, ``lat``, ``state`` and the columns of
    ``size`` and ``tips``).

    Parameters
    ----------
    areas : tuple of int
        Least and greatest area of a symbol.
    states : mapping of str
        What each state is called, in the order of the legend.
    """
    names = {state: language.text(title) for state, title in states.items()}
    sites = (
        alt.Chart(alt.NamedData("sites"))
        .transform_calculate(state_name=f"{names}[datum.state]")
        .mark_circle(stroke="white", strokeWidth=0.5, opacity=0.9)
        .encode(
            longitude="lon:Q",
            latitude="lat:Q",
            size=alt.Size(f"{size.name}:Q")
            .title(title_of(size, language))
            .scale(type="linear", range=list(areas))
            .legend(orient="top", tickCount=3, symbolFillColor=PLAIN),
            color=colour_of("state_name", scale_of(list(names.values()), colours)),
            tooltip=[tip(each, language) for each in tips],
        )
    )
    chart = layered([roads_behind(), sites], height=_HEIGHT, description=description)
    return chart.project(type="mercator")
