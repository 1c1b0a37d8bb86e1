"""Plans in several scenarios: the fronts of the mean and of the worst case, waits and regrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from planner.optimization.robust_columns import REGRET
from planner.reporting.charts.axes import layered, tip, title_of, x_of
from planner.reporting.charts.look import ON_LIGHT, STORED, TRUCKS_SIDE, colour_of, scale_of
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.tables.language import Language

_HEIGHT, _ROW = 340, 34


def robust_chart(language: Language) -> alt.LayerChart:
    """Mean wait over all scenarios, and in the worst one, over the number of points.

    Data: ``robust``, a row per layout and measure: ``measure`` (``mean`` or ``worst``), ``n_hpc``,
    ``wait_min``, ``is_front``; ``title`` of plans, which are points.
    """
    names = {
        "mean": language.text("Mean over all scenarios"),
        "worst": language.text("Worst scenario"),
    }
    scale = scale_of(list(names.values()), (TRUCKS_SIDE, STORED))
    title = language.text("{quantity}, square-root scale", quantity=title_of(MEAN_WAIT, language))
    base = alt.Chart(alt.NamedData("robust")).transform_calculate(
        measure_name=f"{names}[datum.measure]"
    )
    x = x_of(N_HPC, language).scale(zero=False)
    y = alt.Y("wait_min:Q").title(title).scale(type="sqrt")
    line = (
        base.transform_filter("datum.is_front")
        .mark_line(strokeWidth=2, interpolate="step-after")
        .encode(x=x, y=y, color=colour_of("measure_name", scale))
    )
    dots = (
        base.transform_filter("!datum.is_front")
        .mark_circle(size=60, opacity=1.0, stroke="white", strokeWidth=1.0)
        .encode(
            x=x,
            y=y,
            color=colour_of("measure_name", scale),
            tooltip=[
                alt.Tooltip("title:N", title=language.text("Plan")),
                alt.Tooltip("measure_name:N", title=language.text("Measure")),
                tip(N_HPC, language),
                tip(MEAN_WAIT, language, "wait_min"),
            ],
        )
    )
    return layered(
        [line, dots],
        height=_HEIGHT,
        description=language.text("Mean wait over all scenarios, and in the worst one"),
    )


def case_chart(language: Language, titles: Mapping[str, str]) -> alt.LayerChart:
    """Mean wait of each plan in each scenario, on the colour of its regret.

    Data: ``cases``, rows of ``ROBUST_CASES``.

    Parameters
    ----------
    titles : mapping
        Titles of plans by their names, in the order of rows.
    """
    base = alt.Chart(alt.NamedData("cases")).transform_calculate(
        title=f"{dict(titles)}[datum.plan]"
    )
    x = alt.X("scenario:N", sort=None).title(None).axis(orient="top", labelAngle=-30, domain=False)
    y = alt.Y("title:N", sort=None).title(None).axis(labelLimit=200, domain=False)
    cells = base.mark_rect(stroke="white").encode(
        x=x,
        y=y,
        color=alt.Color(f"{REGRET.name}:Q")
        .title(title_of(REGRET, language))
        .scale(range=["#f4f4f2", "#d9660f"], zero=True)
        .legend(orient="bottom", gradientLength=180),
        tooltip=[
            alt.Tooltip("title:N", title=language.text("Plan")),
            alt.Tooltip("scenario:N", title=language.text("Scenario")),
            *(tip(each, language) for each in (N_HPC, MEAN_WAIT, REGRET)),
        ],
    )
    figures = base.mark_text(color=ON_LIGHT, fontSize=12).encode(
        x=x, y=y, text=alt.Text(f"{MEAN_WAIT.name}:Q", format=".1f")
    )
    return layered(
        [cells, figures],
        height=len(titles) * _ROW,
        description=language.text("Mean wait of each plan in each scenario"),
    )
