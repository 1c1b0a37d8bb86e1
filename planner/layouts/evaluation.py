"""``planner evaluate``: what the trucks of a finished run meet at a layout of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.layouts.evaluated import EvaluatedLayout, Evaluation, SiteAnswer
from planner.layouts.layout_reading import GivenLayout, plan_named, read_layout
from planner.layouts.run_trucks import inputs_of_run
from planner.layouts.site_change import SiteChange, changed_site, shown_name
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.schemas import UNSERVED
from planner.plan.stages import charging_demand, replan_trips
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import StudyInputs, site_limits
from planner.plan.trip_tables import unserved_table
from planner.plan.unserved_trips import count_by_reason
from planner.reporting.layout_files import layout_table, write_layout
from planner.runs.progress import Quiet
from planner.runs.run_directory import RunDirectory
from planner.said import joined, said
from planner.simulation.invariants import check_queues
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.language import ENGLISH
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.layouts.site_change import ChangedSite
    from planner.network.sites import Sites
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import ProgressListener
    from planner.scenario.model import Scenario
    from planner.tables.language import Language


def evaluate_layout(
    run_dir: Path,
    layout_file: Path | None = None,
    *,
    solution: str | None = None,
    sheet: str | None = None,
    change: SiteChange | None = None,
    learn_queues: bool = False,
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
    learn_queues : bool
        Whether trucks also learn the queues of the layout and plan anew; they do it as the
        section ``replanning`` of the run's scenario says, or as it does by default.
    out : pathlib.Path, optional
        Folder for the layout and its figures; by default beside the run, named after the layout.
    progress : ProgressListener, optional
        Told of the stages.
    language : Language
        Of the workbook.

    Returns
    -------
    Evaluation
        The layout, written as ``sites.csv``, ``sites.xlsx`` and ``sites.gpkg``, and its figures as
        ``evaluation.csv`` and ``evaluation.json``; CSV files for German spreadsheets beside them.

    Raises
    ------
    InputDataError
        If the file is not a layout of the run's sites, or the change is none.
    RunDirectoryError
        If the folder is not a run, its inputs have changed, or the result cannot be written.
    """
    solution = None if solution is None else plan_named(solution)
    run = read_finished_run(run_dir, PLAN).on_roads(solution or DEFAULT_SOLUTION)
    given = None
    if layout_file is not None:
        given = read_layout(
            layout_file, run.sites.site_id, run.n_lpc, sheet=sheet, solution=solution
        )
        if solution is None and given.plan in NAMED_SOLUTION_DEFINITIONS:
            run = read_finished_run(run_dir, PLAN).on_roads(given.plan)
    name = run.solution if layout_file is None else layout_file.stem
    directory = RunDirectory(
        out or _folder_beside(run_dir, name, layout_file, change),
        "",
        manifest="evaluation.json",
        inputs=() if layout_file is None else (layout_file,),
    )
    with directory.held():
        trial = _Trial(run, run_dir, directory.final, progress or Quiet())
        evaluation = trial.evaluation(given, change, learn_queues=learn_queues)
        table = evaluation.evaluated[-1].sites
        write_layout(table, _answer(run, evaluation), directory, evaluation.table(), language)
    return evaluation


@dataclass(frozen=True, slots=True)
class _Trucks:
    """Trucks of a run, the sites that they may use, and where they stop."""

    scenario: Scenario
    sites: Sites
    vehicle_class_idx: NDArray[np.int16]
    plans: StopPlans
    n_trips: int
    unserved_by_reason: dict[str, int]
    of_run: NDArray[np.bool_]
    """Which sites of the run the sites are, (n_sites of the run,)."""

    def at(self, whole: ChargerLayout, name: str) -> EvaluatedLayout:
        """What they meet at a layout of the run's sites."""
        layout = self.here(whole)
        demand = charging_demand(
            self.scenario, self.vehicle_class_idx, self.plans, self.sites.n_sites
        )
        result = simulate(demand, layout)
        check_queues(self.plans, demand, layout, result)
        return EvaluatedLayout(
            name=name,
            figures=layout_figures(demand, result, layout),
            sites=layout_table(self.sites, demand, result, layout),
            n_visited=int(np.count_nonzero(result.peak_hpc)),
            n_trips=self.n_trips,
            unserved_by_reason=self.unserved_by_reason,
        )

    def here(self, whole: ChargerLayout) -> ChargerLayout:
        """A layout of the run's sites, of their own sites alone."""
        return ChargerLayout(whole.n_hpc[self.of_run], whole.n_lpc[self.of_run])

    def with_plans(self, inputs: StudyInputs, plans: StopPlans) -> _Trucks:
        """The same trucks with other stops at their sites."""
        trips = inputs.trips
        counted = np.flatnonzero(trips.is_counted)
        unserved = unserved_table(
            trips.select(trips.is_counted), plans.select(counted), inputs.graph
        )
        by_reason = count_by_reason(unserved["reason"])
        return replace(self, plans=plans, unserved_by_reason=by_reason)


class _Trial:
    """Layouts tried on the trucks of a run; its inputs are read where trucks plan anew."""

    def __init__(
        self, run: SolutionOnRoads, run_dir: Path, folder: Path, listener: ProgressListener
    ) -> None:
        self.run, self.run_dir, self.folder, self.listener = run, run_dir, folder, listener
        self.plan = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
        self.trucks = _Trucks(
            scenario=run.scenario,
            sites=run.sites,
            vehicle_class_idx=run.vehicle_class_idx(),
            plans=run.plans(),
            n_trips=len(run.trips),
            unserved_by_reason=count_by_reason(run.run.table(UNSERVED)["reason"]),
            of_run=np.ones(run.sites.n_sites, np.bool_),
        )
        self.is_visited = np.isin(np.arange(run.sites.n_sites), self.trucks.plans.stop_site_idx)
        self._inputs: StudyInputs | None = None
        self._without: dict[bytes, _Trucks] = {}

    def evaluation(
        self, given: GivenLayout | None, change: SiteChange | None, *, learn_queues: bool
    ) -> Evaluation:
        run = self.run
        tried = [(said("{plan} plan", plan=run.solution), self.plan)]
        if given is not None:
            tried.append((said("your layout"), given.layout))
        changed = None
        if change is not None:
            changed = changed_site(change, run.sites, tried[-1][1], run.scenario.chargers.hpc_kw)
            tried.append((said("with the change"), changed.layout))
        evaluated = [self.trucks_of(layout).at(layout, name) for name, layout in tried]
        if learn_queues and changed is None:
            evaluated.append(self.learned(tried[-1][1], said("trucks know it")))
        elif learn_queues:
            # Before and after are told of trucks that know as much.
            evaluated += [
                self.learned(layout, joined((name, said("trucks know it")), ", "))
                for name, layout in tried[-2:]
            ]
        layout = tried[-1][1]
        sites = run.sites if changed is None else changed.sites
        return Evaluation(
            evaluated=tuple(evaluated),
            closed=tuple(run.sites.name[self.closed_by(layout)]),
            beyond_limits=tuple(run.sites.name[_beyond_limits(run.scenario, sites, layout)]),
            folder=self.folder,
            sites_section=run.scenario.model_dump(mode="json")["sites"],
            knows_queues=learn_queues,
            notes=() if given is None else given.notes,
            changed=None if changed is None else _site_answer(changed),
        )

    def closed_by(self, layout: ChargerLayout) -> NDArray[np.bool_]:
        """Sites without points that trucks stop at in the run, (n_sites,)."""
        return np.asarray((layout.n_hpc == 0) & self.is_visited)

    def inputs(self) -> StudyInputs:
        """Roads, sites and trips of the run."""
        if self._inputs is None:
            with self.listener.stage("Reading roads and trips"):
                self._inputs = inputs_of_run(self.run, self.run_dir)
        return self._inputs

    def trucks_of(self, layout: ChargerLayout) -> _Trucks:
        """The trucks, with stops at sites that are open."""
        if not self.closed_by(layout).any():
            return self.trucks
        is_open = layout.n_hpc > 0
        if (key := is_open.tobytes()) not in self._without:
            inputs = self.inputs()
            sites = inputs.sites.select(is_open)
            here = replace(inputs, sites=sites)
            with self.listener.stage("Planning stops") as advance:
                plans = plan_trips(self.run.scenario, here, advance)
            of_open = replace(self.trucks, sites=sites, of_run=is_open)
            self._without[key] = of_open.with_plans(here, plans)
        return self._without[key]

    def learned(self, layout: ChargerLayout, name: str) -> EvaluatedLayout:
        """What trucks meet once they know the queues of a layout."""
        trucks, inputs = self.trucks_of(layout), self.inputs()
        here = replace(inputs, sites=inputs.sites.select(trucks.of_run))
        with self.listener.stage("Replanning") as advance:
            plans = replan_trips(
                self.run.scenario, here, trucks.plans, trucks.here(layout), advance
            ).plans
        return trucks.with_plans(here, plans).at(layout, name)


def _site_answer(changed: ChangedSite) -> SiteAnswer:
    sites, index = changed.sites, changed.index
    return SiteAnswer(str(sites.site_id[index]), shown_name(sites, index), changed.carried)


def _beyond_limits(scenario: Scenario, sites: Sites, layout: ChargerLayout) -> NDArray[np.bool_]:
    limits = site_limits(scenario, sites)
    too_many = (layout.n_hpc > limits.max_hpc) | (layout.n_lpc > limits.max_lpc)
    too_few = (layout.n_hpc < limits.existing_hpc) | (layout.n_lpc < limits.existing_lpc)
    return np.asarray(too_many | too_few)


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
        "sites_beyond_limits": list(evaluation.beyond_limits),
        "overloaded_sites": evaluation.evaluated[-1].overloaded["site_id"].tolist(),
        "changed_site": None if changed is None else changed.site_id,
        "notes": list(evaluation.notes),
        "layouts": {one.name: one.answer() for one in evaluation.evaluated},
    }
