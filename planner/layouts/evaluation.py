"""``planner evaluate``: what the trucks of a finished run meet at a layout of one's own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.files.spreadsheet_texts import write_csv_file
from planner.layouts.run_trucks import inputs_of_run
from planner.progress import Quiet
from planner.reporting.layout_files import layout_table, read_layout, write_layout
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.shown_tables import ShownTable
from planner.reporting.stored_run import StoredRun, read_run
from planner.reporting.trip_tables import unserved_table
from planner.reporting.unserved_trips import (
    count_by_reason,
    unserved_sentence,
    unserved_share,
)
from planner.run_directory import RunDirectory
from planner.simulation.invariants import check_queues
from planner.simulation.metrics import LayoutFigures, layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.stages import (
    StudyInputs,
    charging_demand,
    plan_trips,
    replan_trips,
    site_limits,
)
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.progress import Advance, ProgressListener
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.model import Scenario
    from planner.simulation.queues import ChargingDemand, QueueResult

_SHOWN_SITES = 5


@dataclass(frozen=True, slots=True)
class EvaluatedLayout:
    """A layout and what trucks meet there.

    Parameters
    ----------
    name : str
        What it is called, for example ``"your layout"`` or ``"trucks know it"``.
    figures : LayoutFigures
        Figures of the whole layout.
    n_sites : int
        Sites with points.
    n_trips : int
        All trips.
    unserved_by_reason : dict
        Trips that cannot be driven, by reason.
    """

    name: str
    figures: LayoutFigures
    n_sites: int
    n_trips: int
    unserved_by_reason: dict[str, int]

    @property
    def n_unserved(self) -> int:
        """Trips that cannot be driven."""
        return sum(self.unserved_by_reason.values())

    @property
    def unserved_share(self) -> float:
        """Trips that cannot be driven, as a share of all."""
        return unserved_share(self.n_unserved, self.n_trips)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A layout beside the plan of the run that it was tried on.

    Parameters
    ----------
    evaluated : tuple of EvaluatedLayout
        The run's plan, the layout, and the layout once trucks know its queues where that was
        asked.
    closed : tuple of str
        Names of sites of the run that have no points.
    beyond_limits : tuple of str
        Names of sites with more points than power or space allow, or fewer than stand there.
    folder : pathlib.Path
        Where the layout was written.
    """

    evaluated: tuple[EvaluatedLayout, ...]
    closed: tuple[str, ...]
    beyond_limits: tuple[str, ...]
    folder: Path

    def shown(self) -> ShownTable:
        """The figures as a table, a row per figure and a column per layout."""
        columns = [_column(one) for one in self.evaluated]
        rows = tuple((label, *(column[label] for column in columns)) for label in columns[0])
        names = tuple(one.name for one in self.evaluated)
        return ShownTable(("figure", *names), ("", *names), rows, 1)

    def table(self) -> pd.DataFrame:
        """The figures to reckon with, a row per figure: ``figure``, then a column per layout."""
        columns = {one.name: _answer_of(one) for one in self.evaluated}
        return pd.DataFrame(columns).rename_axis("figure").reset_index()

    def sentences(self) -> list[str]:
        """What to know of the layout beside its figures."""
        last = self.evaluated[-1]
        said = [
            sentence
            for sentence in [unserved_sentence(last.n_trips, last.unserved_by_reason)]
            if sentence
        ]
        if self.closed:
            said.append(
                f"{_sites(self.closed)} without high-power points: trucks plan their stops anew "
                "without them."
            )
        if self.beyond_limits:
            said.append(
                f"{_sites(self.beyond_limits)} with more points than power or space allow, or "
                "fewer than stand there."
            )
        return said


def _sites(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN_SITES])
    more = len(names) - _SHOWN_SITES
    tail = f" and {more} more" if more > 0 else ""
    return f"{len(names)} site{'s' if len(names) > 1 else ''} ({shown}{tail})"


def _column(one: EvaluatedLayout) -> dict[str, str]:
    figures, say = one.figures, ENGLISH
    return {
        "sites with points": say.count(one.n_sites),
        "high-power points": say.count(figures.n_hpc),
        "overnight points": say.count(figures.n_lpc),
        "mean wait": say.minutes(figures.mean_wait_min),
        "95 % wait at most": say.minutes(figures.p95_wait_min),
        "waits over 15 min": say.percent(figures.long_wait_share),
        "use in time": say.percent(figures.tcu_share),
        "use in energy": say.percent(figures.ecu_share),
        "MWh at high power": say.count(figures.energy_hpc_mwh),
        "MWh overnight": say.count(figures.energy_lpc_mwh),
        "found no overnight point": say.count(figures.n_lpc_rejected),
        "trips that cannot be driven": say.count(one.n_unserved),
        "as a share of all trips": say.percent(one.unserved_share),
    }


def evaluate_layout(
    run_dir: Path,
    layout_file: Path | None = None,
    *,
    solution: str = DEFAULT_SOLUTION,
    sheet: str | None = None,
    learn_queues: bool = False,
    out: Path | None = None,
    progress: ProgressListener | None = None,
) -> Evaluation:
    """Try a layout on the trucks of a finished run.

    Parameters
    ----------
    run_dir : pathlib.Path
        A finished run.
    layout_file : pathlib.Path, optional
        Points of each site, see :func:`~planner.reporting.layout_files.read_layout`; by default
        those of the solution.
    solution : str
        Named solution of the run that stands beside.
    sheet : str, optional
        Sheet or layer of the file.
    learn_queues : bool
        Whether trucks also learn the queues of the layout and plan anew; they do it as the
        section ``replanning`` of the run's scenario says, or as it does by default.
    out : pathlib.Path, optional
        Folder for the layout and its figures; by default beside the run, named after the layout.
    progress : ProgressListener, optional
        Told of the stages.

    Returns
    -------
    Evaluation
        The layout, written as ``sites.csv`` and ``sites.gpkg``, and its figures as
        ``evaluation.csv`` and ``evaluation.json``.

    Raises
    ------
    InputDataError
        If the file is not a layout of the run's sites.
    RunDirectoryError
        If the folder is not a run, its inputs have changed, or the result cannot be written.
    """
    run = read_run(run_dir, solution)
    directory = RunDirectory(
        out or _folder_beside(run_dir, layout_file, solution),
        "",
        manifest="evaluation.json",
        inputs=() if layout_file is None else (layout_file,),
    )
    with directory.held():
        layout = None
        if layout_file is not None:
            layout = read_layout(layout_file, run.sites.site_id, run.n_lpc, sheet)
        evaluation, table = _tried(
            run,
            run_dir,
            layout,
            directory.final,
            progress or Quiet(),
            learn_queues=learn_queues,
        )
        figures = StringIO()
        write_csv_file(evaluation.table(), figures)
        texts = {"evaluation.csv": figures.getvalue()}
        write_layout(table, _answer(run, evaluation), texts, directory)
    return evaluation


def _tried(
    run: StoredRun,
    run_dir: Path,
    layout: ChargerLayout | None,
    folder: Path,
    listener: ProgressListener,
    *,
    learn_queues: bool,
) -> tuple[Evaluation, pd.DataFrame]:
    """A layout, or the run's own, on the trucks of a run; and its table."""
    scenario = run.scenario
    beside = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
    has_own = layout is not None
    layout = beside if layout is None else layout
    is_open = layout.n_hpc > 0
    with listener.stage("Reading roads and trips"):
        inputs = inputs_of_run(run, run_dir)
    tried = _Tried(scenario, inputs, run.plans(), beside)
    evaluated = [tried.evaluated(f"{run.solution} plan")]
    if has_own:
        if not is_open.all():
            with listener.stage("Planning stops") as advance:
                tried = tried.without_sites(is_open, advance)
        open_layout = ChargerLayout(layout.n_hpc[is_open], layout.n_lpc[is_open])
        tried = replace(tried, layout=open_layout)
        evaluated.append(tried.evaluated("your layout"))
    if learn_queues:
        with listener.stage("Replanning") as advance:
            tried = tried.learned(advance)
        evaluated.append(tried.evaluated("trucks know it"))
    evaluation = Evaluation(
        evaluated=tuple(evaluated),
        closed=tuple(run.sites.name[~is_open]),
        beyond_limits=tuple(run.sites.name[_beyond_limits(scenario, run.sites, layout)]),
        folder=folder,
    )
    return evaluation, tried.table()


@dataclass(frozen=True, slots=True)
class _Tried:
    """Trucks, their stops and a layout."""

    scenario: Scenario
    inputs: StudyInputs
    plans: StopPlans
    layout: ChargerLayout

    def without_sites(self, is_open: NDArray[np.bool_], advance: Advance) -> _Tried:
        """The same trucks with plans for the open sites alone."""
        inputs = replace(self.inputs, sites=self.inputs.sites.select(is_open))
        return replace(self, inputs=inputs, plans=plan_trips(self.scenario, inputs, advance))

    def learned(self, advance: Advance) -> _Tried:
        """The same trucks once they know the queues."""
        result = replan_trips(self.scenario, self.inputs, self.plans, self.layout, advance)
        return replace(self, plans=result.plans)

    def _run(self) -> tuple[ChargingDemand, QueueResult]:
        classes, n_sites = self.inputs.trips.vehicle_class_idx, self.inputs.sites.n_sites
        demand = charging_demand(self.scenario, classes, self.plans, n_sites)
        return demand, simulate(demand, self.layout)

    def evaluated(self, name: str) -> EvaluatedLayout:
        demand, result = self._run()
        check_queues(self.plans, demand, self.layout, result)
        trips, plans, graph = self.inputs.trips, self.plans, self.inputs.graph
        counted = np.flatnonzero(trips.is_counted)
        unserved = unserved_table(trips.select(trips.is_counted), plans.select(counted), graph)
        return EvaluatedLayout(
            name=name,
            figures=layout_figures(demand, result, self.layout),
            n_sites=int((self.layout.n_hpc > 0).sum()),
            n_trips=len(counted),
            unserved_by_reason=count_by_reason(unserved["reason"]),
        )

    def table(self) -> pd.DataFrame:
        demand, result = self._run()
        sites, chargers = self.inputs.sites, self.scenario.chargers
        return layout_table(sites, demand, result, self.layout, chargers)


def _beyond_limits(scenario: Scenario, sites: Sites, layout: ChargerLayout) -> NDArray[np.bool_]:
    limits = site_limits(scenario, sites)
    too_many = (layout.n_hpc > limits.max_hpc) | (layout.n_lpc > limits.max_lpc)
    too_few = (layout.n_hpc < limits.existing_hpc) | (layout.n_lpc < limits.existing_lpc)
    return np.asarray(too_many | too_few)


def _folder_beside(run_dir: Path, layout_file: Path | None, solution: str) -> Path:
    name = solution if layout_file is None else layout_file.stem
    run_dir = run_dir.absolute()
    return run_dir.with_name(f"{run_dir.name}-evaluated-{name}")


def _answer(run: StoredRun, evaluation: Evaluation) -> dict[str, Any]:
    return {
        "study": run.scenario.name,
        "solution_beside": run.solution,
        "closed_sites": list(evaluation.closed),
        "sites_beyond_limits": list(evaluation.beyond_limits),
        "layouts": {one.name: _answer_of(one) for one in evaluation.evaluated},
    }


def _answer_of(one: EvaluatedLayout) -> dict[str, float | int]:
    of_trips = {
        "n_sites": one.n_sites,
        "n_unserved": one.n_unserved,
        "unserved_share": one.unserved_share,
    }
    by_reason = {
        f"n_unserved_{reason.replace(' ', '_')}": n for reason, n in one.unserved_by_reason.items()
    }
    return of_trips | by_reason | asdict(one.figures)
