"""What diesel and electric trucks give off on the same trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.reporting.charts.axes import layered
from planner.reporting.charts.look import CHOSEN, PLAIN, colour_of, scale_of

if TYPE_CHECKING:
    from planner.tables.language import Language

_ROW = 44


def climate_chart(language: Language, n_rows: int) -> alt.LayerChart:
    """CO2 a year by year of the grid, of diesel and of electric trucks.

    Data: ``climate``, a row per run, year and side: ``run``, ``year``, ``side``, ``t_year``.

    Parameters
    ----------
    n_rows : int
        Runs times years.
    """
    sides = {
        "diesel": language.text("Diesel trucks"),
        "electricity": language.text("Electric trucks"),
    }
    title = language.text("CO2, well to wheel (1,000 t a year)")
    bars = (
        alt.Chart(alt.NamedData("climate"))
        .transform_calculate(
            side_name=f"{sides}[datum.side]",
            thousand="datum.t_year / 1000",
            at="datum.run + ', ' + datum.year",
        )
        .mark_bar()
        .encode(
            y=alt.Y("at:N", sort=None).title(None).axis(labelLimit=180),
            yOffset=alt.YOffset("side_name:N", sort=None),
            x=alt.X("thousand:Q").title(title),
            color=colour_of("side_name", scale_of(list(sides.values()), (PLAIN, CHOSEN))),
            tooltip=[
                alt.Tooltip("at:N", title=language.text("Run")),
                alt.Tooltip("side_name:N", title=language.text("Trucks")),
                alt.Tooltip("thousand:Q", title=title, format=",.1f"),
            ],
        )
    )
    return layered(
        [bars],
        height=n_rows * _ROW,
        description=language.text("CO2 of diesel and of electric trucks on the same trips"),
    )
