"""``planner evaluate``: what the trucks of a finished run meet at a layout of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.demand.scenario_sites import with_changes
from planner.layouts.assumed_classes import assumption, with_assumed_classes
from planner.layouts.beyond_limits import beyond_limits, powers_kw
from planner.layouts.evaluated import Evaluation, SiteAnswer, answers
from planner.layouts.layout_map import layout_map
from planner.layouts.layout_reading import GivenLayout, plan_named, read_layout
from planner.layouts.needed_points import WITH_ADDED, needed_points
from planner.layouts.site_change import SiteChange, changed_site, shown_name
from planner.layouts.trial import Trial
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.reporting.layout_files import write_layout
from planner.runs.progress import Quiet
from planner.runs.run_directory import RunDirectory
from planner.said import joined, said
from planner.tables.language import ENGLISH
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from planner.layouts.site_change import ChangedSite
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.runs.progress import ProgressListener
    from planner.tables.language import Language


def evaluate_layout(
    run_dir: Path,
    layout_file: Path | None = None,
    *,
    solution: str | None = None,
    sheet: str | None = None,
    change: SiteChange | None = None,
    sites_file: Path | None = None,
    slow_kw: float | None = None,
    learn_queues: bool = False,
    qgis: bool = False,
    out: Path | None = None,
    progress: ProgressListener | None = None,
    language: Language = ENGLISH,
) -> Evaluation:
    """Try a layout on the trucks of a finished run.

    Parameters
    ----------
    run_dir : pathlib.Path
        A finished run.
    layout_file : pathlib.Path, optional
        Points of each site, see :func:`~planner.layouts.layout_reading.read_layout`; by default
        those of the solution.
    solution : str, optional
        Named solution of the run that stands beside, and whose rows are read where the file holds
        several plans; by default the one of the rows that are read, else the balanced one.
    sheet : str, optional
        Sheet or layer of the file.
    change : SiteChange, optional
        What one site gets in place of what it has in the layout.
    sites_file : pathlib.Path, optional
        Sites that are added to those of the run, and grid connections that are other ones, see
        :func:`~planner.network.changed_sites.with_site_changes`. An added site of which the layout
        says nothing has the points that it needs
        (:func:`~planner.layouts.needed_points.needed_points`).
    slow_kw : float, optional
        Power of points of a slower class, kW, where the study names no classes
        (:func:`~planner.layouts.assumed_classes.with_assumed_classes`); a layout with such points
        assumes them without it.
    learn_queues : bool
        Whether trucks also learn the queues of the layout and plan anew; they do it as the
        section ``replanning`` of the run's scenario says, or as it does by default.
    qgis : bool
        Whether a project for QGIS is written too.
    out : pathlib.Path, optional
        Folder for the layout and its figures; by default beside the run, named after the layout.
    progress : ProgressListener, optional
        Told of the stages.
    language : Language
        Of the workbook and the project.

    Returns
    -------
    Evaluation
        The layout, written as ``sites.csv``, ``sites.xlsx`` and ``sites.gpkg``, and its figures as
        ``evaluation.csv`` and ``evaluation.json``; CSV files for German spreadsheets beside them.

    Raises
    ------
    InputDataError
        If the file is not a layout of the run's sites, the change is none, trucks find no point
        of a class with their connector, or a slower class cannot be assumed.
    RunDirectoryError
        If the folder is not a run, its inputs have changed, or the result cannot be written.
    """
    solution = None if solution is None else plan_named(solution)
    run = _run(run_dir, solution or DEFAULT_SOLUTION, slow_kw)
    trial = _trial(run, run_dir, sites_file, progress or Quiet())
    given = None
    if layout_file is not None:
        plan = trial.plan
        given = read_layout(
            layout_file,
            trial.sites.site_id,
            plan.n_lpc.astype(np.int64),
            lpc_alone=(plan.n_hpc == 0) & (plan.n_lpc > 0),
            classes=trial.trucks.classes,
            sheet=sheet,
            solution=solution,
        )
        if solution is None and given.plan in NAMED_SOLUTION_DEFINITIONS:
            run = _run(run_dir, given.plan, slow_kw)
            trial = _trial(run, run_dir, sites_file, trial.listener)
        if given.has_slower and trial.trucks.classes is None:
            run = with_assumed_classes(run)
            trial = _trial(run, run_dir, sites_file, trial.listener)
    name = run.solution if layout_file is None else layout_file.stem
    directory = RunDirectory(
        out or _folder_beside(run_dir, name, layout_file, change),
        "",
        manifest="evaluation.json",
        inputs=tuple(file for file in (layout_file, sites_file) if file is not None),
    )
    with directory.held():
        evaluation = _evaluation(trial, given, change, directory.final, learn_queues=learn_queues)
        *others, last = evaluation.evaluated
        project = layout_map(run.run, last, others[-1] if others else None) if qgis else None
        answer, figures = _answer(run, evaluation), answers(evaluation.evaluated)
        write_layout(last.sites, answer, directory, figures, language, project)
    return evaluation


def _run(run_dir: Path, solution: str, slow_kw: float | None) -> SolutionOnRoads:
    run = read_finished_run(run_dir, PLAN).on_roads(solution)
    return run if slow_kw is None else with_assumed_classes(run, slow_kw)


def _trial(
    run: SolutionOnRoads, run_dir: Path, sites_file: Path | None, progress: ProgressListener
) -> Trial:
    trial = Trial(run, run_dir, progress)
    if sites_file is None:
        return trial
    sites, _ = with_changes(run.scenario, run.sites, run.graph, sites_file)
    return trial.on(sites)


def _evaluation(
    trial: Trial,
    given: GivenLayout | None,
    change: SiteChange | None,
    folder: Path,
    *,
    learn_queues: bool,
) -> Evaluation:
    """The plan of the run, a layout, and that with a change, each with what trucks meet."""
    run = trial.run
    tried = [(said("{plan} plan", plan=run.solution), trial.plan)]
    if given is not None:
        tried.append((said("your layout"), given.by_class(trial.plan.n_slow)))
    is_asked = trial.is_added
    if given is not None and given.is_told is not None:
        is_asked = is_asked & ~given.is_told
    needed = needed_points(trial, tried[-1][1], is_asked, trial.sites)
    if needed.told:
        tried = [*tried[:1], (tried[-1][0] if given else WITH_ADDED, needed.layout)]
    changed = None
    if change is not None:
        changed = changed_site(change, trial.sites, tried[-1][1], powers_kw(run.scenario))
        tried.append((said("with the change"), changed.layout))
    evaluated = [trial.trucks_of(layout).at(layout, name) for name, layout in tried]
    if learn_queues and changed is None:
        evaluated.append(trial.learned(tried[-1][1], said("trucks know it")))
    elif learn_queues:
        # Before and after are told of trucks that know as much.
        evaluated += [
            trial.learned(layout, joined((name, said("trucks know it")), ", "))
            for name, layout in tried[-2:]
        ]
    layout = tried[-1][1]
    sites = trial.sites if changed is None else changed.sites
    evaluated[-1] = evaluated[-1].connected(sites)
    return Evaluation(
        evaluated=tuple(evaluated),
        closed=tuple(sites.name[trial.closed_by(layout)]),
        added=tuple(sites.name[trial.is_added & (layout.n_hpc > 0)]),
        beyond_limits=tuple(sites.name[beyond_limits(run.scenario, sites, layout)]),
        folder=folder,
        sites_section=run.scenario.model_dump(mode="json")["sites"],
        knows_queues=learn_queues,
        notes=(*(() if given is None else given.notes), *assumption(run), *needed.told),
        changed=None if changed is None else _site_answer(changed),
    )


def _site_answer(changed: ChangedSite) -> SiteAnswer:
    sites, index = changed.sites, changed.index
    return SiteAnswer(str(sites.site_id[index]), shown_name(sites, index), changed.carried)


def _folder_beside(
    run_dir: Path, name: str, layout_file: Path | None, change: SiteChange | None
) -> Path:
    """Folder beside the run that is named after the layout and does not hold its table."""
    if change is not None:
        name = f"{name}-{change.folder_name}"
    run_dir = run_dir.absolute()
    stem = f"{run_dir.name}-evaluated-{name}"
    folder, number = run_dir.with_name(stem), 2
    while layout_file is not None and folder.resolve() in layout_file.resolve().parents:
        folder, number = run_dir.with_name(f"{stem}-{number}"), number + 1
    return folder


def _answer(run: SolutionOnRoads, evaluation: Evaluation) -> dict[str, Any]:
    changed = evaluation.changed
    return {
        "study": run.scenario.name,
        "solution_beside": run.solution,
        "closed_sites": list(evaluation.closed),
        "added_sites": list(evaluation.added),
        "sites_beyond_limits": list(evaluation.beyond_limits),
        "overloaded_sites": evaluation.evaluated[-1].overloaded["site_id"].tolist(),
        "changed_site": None if changed is None else changed.site_id,
        "notes": list(evaluation.notes),
        "layouts": answers(evaluation.evaluated),
    }
