"""Load and waits of sites by the hour of the day, in the chosen plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.plan.site_hour_schemas import SITE_HOURS
from planner.reporting.charts.axes import day_axis, layered, names_above, tip, title_of, y_of
from planner.reporting.charts.look import CHOSEN, TRUCKS_SIDE, Look
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.tables.language import Language

N_WORST = 10
_ROW = 36
WORST_DATA, SITE_DATA = "worst-hours", "site-hours"
"""Data that the page's script makes: of the sites with the longest waits, and of one site."""
_HOUR, _POWER, _WAIT = SITE_HOURS.quantities("hour_of_day", "power_kw", MEAN_WAIT.name)


def worst_sites_chart(language: Language) -> alt.LayerChart:
    """Waits by hour at the sites where trucks wait longest, the longest above."""
    colour = (
        alt.Color(f"{_WAIT.name}:Q")
        .title(title_of(_WAIT, language))
        .scale(scheme="orangered", domainMin=0)
        .legend(orient="top", gradientLength=160)
    )
    cells = (
        alt.Chart(alt.NamedData(WORST_DATA))
        .mark_bar(cursor="pointer", height=16, yOffset=6)
        .encode(
            x=day_axis(language, "from"),
            x2="to:Q",
            y=names_above(alt.Y("site:N").sort(field="order")),
            color=colour,
            tooltip=[
                alt.Tooltip("site:N", title=language.text("Site")),
                tip(_HOUR, language, "from"),
                tip(_WAIT, language),
                tip(_POWER, language),
            ],
        )
    )
    description = language.text("Mean wait by the hour at the ten sites with the longest waits")
    return layered([cells], height=_ROW * N_WORST, description=description)


def site_charts(language: Language, look: Look) -> dict[str, alt.LayerChart]:
    """Load and waits of one site, by name."""
    charts = {}
    for name, figure, colour in (
        ("site-power", _POWER, TRUCKS_SIDE),
        ("site-waits", _WAIT, CHOSEN),
    ):
        bars = (
            alt.Chart(alt.NamedData(SITE_DATA))
            # Vega warns of a scale without any figure, as of waits where no truck charges.
            .transform_calculate(height=f"datum.{figure.name} || 0")
            .mark_bar(color=colour, binSpacing=1)
            .encode(
                x=day_axis(language, "from"),
                x2="to:Q",
                y=y_of(figure, language, "height", tickCount=4).scale(domainMin=0),
                y2=alt.YDatum(0),
                tooltip=[tip(_HOUR, language, "from"), tip(figure, language)],
            )
        )
        title = title_of(figure, language)
        charts[name] = layered([bars], height=110 if look.is_live else 80, description=title)
    return charts
