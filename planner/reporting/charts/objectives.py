"""A front of other objectives than waiting and utilisation: on parallel axes, and pair by pair."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.optimization.objectives import OBJECTIVES
from planner.reporting.charts.axes import layered, tip, title_of, x_of, y_of
from planner.reporting.charts.front import FRONT_AXES, front_axis_limit
from planner.reporting.charts.look import INK, PLAIN, colour_of, scale_of, solution_colours
from planner.tables.forms import written
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language
    from planner.tables.table import Quantity

PARALLEL = "parallel-objectives"
_HEIGHT, _PAIR_HEIGHT = 300, 280


def objective_pairs(results: PlanResults) -> dict[str, tuple[Quantity, Quantity]]:
    """Pairs of objectives by the name of their chart; none that the chart of the front shows."""
    shown = [{MEAN_WAIT.name, axis} for axis in FRONT_AXES]
    return {
        f"objectives-{x.name}-{y.name}".replace("_", "-"): (x, y)
        for x, y in combinations(results.objectives, 2)
        if {x.name, y.name} not in shown
    }


def objective_charts(results: PlanResults, language: Language) -> dict[str, Any]:
    """Charts of the objectives of a plan by their names; none of the two by default."""
    charts: dict[str, Any] = {}
    if len(results.objectives) > 2:
        charts[PARALLEL] = _parallel_chart(results, language)
    for name, (x, y) in objective_pairs(results).items():
        charts[name] = _pair_chart(results, x, y, language)
    return charts


def _shown(results: PlanResults) -> alt.Chart:
    """Plans as the page has them, those of very long waits left out as in the front."""
    longest_min = front_axis_limit(results.front, results.named_solutions)
    return alt.Chart(alt.NamedData("front")).transform_filter(
        f"datum.{MEAN_WAIT.name} <= {longest_min}"
    )


def _titles(results: PlanResults, language: Language) -> dict[str, str]:
    """Titles of the named plans as the page's script joins them, with their colour's name."""
    by_solution: dict[int, list[tuple[str, str]]] = {}
    for each in results.named_solutions:
        title = language.own_text(each.title)
        by_solution.setdefault(each.solution, []).append((title, each.name))
    return {", ".join(title for title, _ in names): names[0][1] for names in by_solution.values()}


def _parallel_chart(results: PlanResults, language: Language) -> alt.LayerChart:
    """A line per plan through its objectives, each on an axis whose better end is above."""
    longest_min = front_axis_limit(results.front, results.named_solutions)
    front = results.front[results.front[MEAN_WAIT.name] <= longest_min]
    heads, better, spans = {}, {}, {}
    for quantity in results.objectives:
        values = front[quantity.name]
        known = OBJECTIVES.get(quantity.name)
        ends = float(values.max()), float(values.min())
        worst, best = ends if known is None or known.direction == "min" else ends[::-1]
        heads[quantity.name] = "|".join(
            (
                title_of(quantity, language),
                language.text("above: {best}", best=written(best, quantity.form, language)),
                language.text("below: {worst}", worst=written(worst, quantity.form, language)),
            )
        )
        better[quantity.name], spans[quantity.name] = worst, (best - worst) or 1.0
    titles = _titles(results, language)
    base = (
        _shown(results)
        .transform_fold(list(heads), as_=["objective", "value"])
        .transform_calculate(
            at=f"(datum.value - {better}[datum.objective]) / {spans}[datum.objective]",
            head=f"{heads}[datum.objective]",
        )
    )
    x = (
        alt.X("head:N", sort=list(heads.values()))
        .title(None)
        .scale(type="point", padding=0.4)
        .axis(labelExpr="split(datum.label, '|')", labelAngle=0, labelLimit=240, grid=True)
    )
    y = alt.Y("at:Q").title(None).axis(None).scale(domain=[0, 1], nice=False)
    others = base.transform_filter("datum.title == ''")
    named = base.transform_filter("datum.title != ''")
    told = [
        alt.Tooltip("title:N", title=language.text("Plan")),
        *(tip(each, language) for each in results.objectives),
    ]
    scale = scale_of(list(titles), solution_colours(list(titles.values())))
    lines = [
        others.mark_line(color=PLAIN, opacity=0.35, strokeWidth=1).encode(
            x=x, y=y, detail="solution:N"
        ),
        named.mark_line(strokeWidth=2.5, point=True).encode(
            x=x, y=y, detail="solution:N", color=colour_of("title", scale), tooltip=told
        ),
    ]
    return layered(
        lines,
        height=_HEIGHT,
        description=language.text("Plans over all objectives, the better end of each above"),
    )


def _pair_chart(
    results: PlanResults, x: Quantity, y: Quantity, language: Language
) -> alt.LayerChart:
    """All plans over two of the objectives."""
    base = _shown(results).encode(
        x=x_of(x, language).scale(zero=False), y=y_of(y, language).scale(zero=False)
    )
    told = [
        alt.Tooltip("title:N", title=language.text("Plan")),
        *(tip(each, language) for each in results.objectives),
    ]
    titles = _titles(results, language)
    scale = scale_of(list(titles), solution_colours(list(titles.values())))
    dots = base.mark_circle(size=40, color=PLAIN, opacity=0.75).encode(tooltip=told)
    named = (
        base.transform_filter("datum.title != ''")
        .mark_circle(size=110, opacity=1.0, stroke=INK, strokeWidth=0.6)
        .encode(color=colour_of("title", scale, columns=3), tooltip=told)
    )
    return layered(
        [dots, named],
        height=_PAIR_HEIGHT,
        description=language.text(
            "Plans over {x} and {y}", x=title_of(x, language), y=title_of(y, language)
        ),
    )
