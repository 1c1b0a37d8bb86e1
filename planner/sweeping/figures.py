"""The figures of a sweep for papers: one named plan over the levels, all fronts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.finished_run import read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.solution_names import no_such_solution
from planner.reporting.figures.formats import PictureFormat
from planner.reporting.figures.plan_figures import fronts_figure, levels_figure
from planner.reporting.figures.run_figures import (
    FOLDER,
    run_sources,
    sources_line,
    write_figures,
)
from planner.sweeping.axes import SweepAxes, chart_data
from planner.sweeping.report import fronts_of_sweep
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from planner.plan.finished_run import FinishedRun
    from planner.reporting.figures.drawing import Drawing
    from planner.reporting.figures.rendering import Figure
    from planner.tables.language import Language


def sweep_figure(sweep: FinishedRun, language: Language, solution: str | None = None) -> Figure:
    """Figure of a sweep.

    Parameters
    ----------
    solution : str, optional
        Named plan that is shown; the default one without it.

    Raises
    ------
    RunDirectoryError
        If the sweep has no such plan.
    """
    asked = solution or DEFAULT_SOLUTION
    names = list(dict.fromkeys(sweep.levels["solution_name"]))
    if asked not in names:
        raise no_such_solution(sweep.folder, asked, names)
    axis, data = chart_data(sweep.levels, sweep.combinations)
    n_most = int(sweep.levels["n_replications"].max())
    caption = language.text(
        "Plan “{plan}” of the sweep {sweep}: means over up to {n} replications with their 95 % "
        "confidence intervals."
        if n_most > 1
        else "Plan “{plan}” of the sweep {sweep}, {n} run of each combination.",
        plan=language.text(NAMED_SOLUTION_DEFINITIONS[asked].title),
        sweep=sweep.definition.name,
        n=n_most,
    )
    shown = data[data["solution_name"] == asked]
    return levels_figure(shown, axis, caption, language)


def sweep_figures(
    sweep: FinishedRun, language: Language, solution: str | None = None
) -> tuple[Figure, ...]:
    """Figures of a sweep: one named plan over the levels, and all fronts over each other."""
    axes = SweepAxes.of(sweep.combinations)
    runs = language.text("Sweep {name}", name=sweep.definition.name)
    fronts = fronts_of_sweep(sweep, language)
    return (
        sweep_figure(sweep, language, solution),
        fronts_figure(fronts, axes.axis.title, runs, language),
    )


def sweep_sources(sweep: FinishedRun, language: Language) -> str:
    """The line that names who made the inputs, from the first run."""
    return sources_line(run_sources(read_finished_run(sweep.first_run), language), language)


def write_sweep_figures(sweep: FinishedRun, language: Language, by: Drawing | None = None) -> None:
    """Write the figures that every sweep has: SVG and PNG in its folder ``figures``.

    Parameters
    ----------
    by : Drawing, optional
        Who draws; this process by default.
    """
    write_figures(
        sweep_figures(sweep, language),
        sweep.folder / FOLDER,
        (PictureFormat.SVG, PictureFormat.PNG),
        language,
        sources=sweep_sources(sweep, language),
        by=by,
    )
