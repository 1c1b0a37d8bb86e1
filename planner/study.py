"""The one place that knows the order of a study: scenario, stages, a run directory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner.files.spreadsheet_texts import write_csv_file
from planner.optimization.comparison import compare_with_other_methods, no_comparison
from planner.optimization.optimize import optimize
from planner.optimization.replanned_front import (
    Round,
    balanced_layout,
    search_replanned_front,
)
from planner.plan.assembly import ComputedPlan, arrival_soc_table, assemble
from planner.plan.assumptions import read_assumptions
from planner.plan.depot_figures import write_national_depots
from planner.plan.depots import depot_input_files
from planner.plan.finished_run import read_finished_run
from planner.plan.market import market_of_plan
from planner.plan.market_figures import write_national_tables
from planner.plan.plan_tables import write_tables
from planner.plan.stages import (
    StudyInputs,
    charge_at_depots,
    charging_demand,
    plan_trips,
    read_inputs,
    replan_trips,
    site_limits,
)
from planner.reporting.datapackage import write_datapackage
from planner.reporting.figures.run_figures import write_run_figures
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import PLAN_MAP, plan_map
from planner.reporting.html_report import write_html_report
from planner.reporting.manifest import write_manifest
from planner.reporting.market.national_headline import MARKET_PAGE
from planner.reporting.market.national_report import write_national_report
from planner.reporting.spreadsheet import write_spreadsheet
from planner.routing.plan_files import read_plans, write_plans
from planner.runs.kernel_threads import kernel_threads
from planner.runs.progress import Quiet, TimedStages
from planner.runs.provenance import collect_provenance, run_fingerprint
from planner.runs.random_streams import RandomStreams
from planner.runs.run_directory import MANIFEST, RunDirectory
from planner.scenario.bundled import bundled_path
from planner.scenario.input_paths import named_files
from planner.scenario.load import load_scenario
from planner.scenario.model import Scenario
from planner.simulation.replanning_files import read_replanning, write_replanning
from planner.tables.language import ENGLISH
from planner.tables.run_result import RunResult

if TYPE_CHECKING:
    import pandas as pd

    from planner.optimization.nsga2 import Progress
    from planner.plan.depots import PlanDepots
    from planner.plan.market_figures import NationalFigures
    from planner.plan.plan_results import PlanResults
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance, ProgressListener
    from planner.simulation.queues import ChargerLayout
    from planner.simulation.replanning import ReplanningResult


@dataclass(frozen=True, slots=True)
class StudyResult(RunResult):
    """A finished run, read from its folder; its tables: front, layouts, sites, trips, stops.

    Parameters
    ----------
    folder : pathlib.Path
        The run directory.
    """

    @property
    def front(self) -> pd.DataFrame:
        """A row per solution of the Pareto front."""
        return self.table("front")


def run(
    scenario: Scenario | str | Path,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    progress: ProgressListener | None = None,
    inputs: StudyInputs | None = None,
    wait: bool = False,
) -> StudyResult:
    """Plan a study from its inputs to its report.

    Parameters
    ----------
    scenario : Scenario, str or Path
        The study, its file, or the name of one that comes with the planner.
    out : Path, optional
        Run directory; ``outputs/<name>`` by default.
    workers : int, optional
        Processor cores to use; all by default. Results do not depend on it.
    resume : bool
        Go on with an interrupted run of the same scenario; a complete one is not repeated.
    progress : ProgressListener, optional
        Told of the stages.
    inputs : StudyInputs, optional
        This scenario's inputs where they are read already.
    wait : bool
        Wait while another process is at work in the folder; by default that is an error.

    Returns
    -------
    StudyResult
        The finished run.

    Raises
    ------
    PlannerError
        If an input is not valid, the folder cannot be written, or another process is at work in
        it.
    """
    if not isinstance(scenario, Scenario):
        scenario = load_scenario(scenario)
    directory = run_directory(scenario, out or Path("outputs") / scenario.name)
    stages = TimedStages(progress or Quiet())
    with directory.held(wait=wait):
        if not (resume and directory.is_complete()):  # by now, after waiting
            directory.begin(resume=resume)
            with kernel_threads(workers):
                plan, inputs = _compute(scenario, inputs, directory.cache, stages)
                market = _market(plan, inputs, directory.cache, stages)
                _write(plan, inputs, market, directory, stages)
            directory.finish()
    return StudyResult(directory.final)


def run_directory(scenario: Scenario, out: Path, *, is_part: bool = False) -> RunDirectory:
    """Folder of a scenario's run, which tells whether it holds this very run."""
    inputs = tuple(input_files(scenario).values())
    return RunDirectory(out, run_fingerprint(scenario, inputs), inputs=inputs, is_part=is_part)


def _compute(
    scenario: Scenario, inputs: StudyInputs | None, cache: Path, stages: TimedStages
) -> tuple[ComputedPlan, StudyInputs]:
    with stages("Reading roads and trips"):
        inputs = inputs or read_inputs(scenario, with_depots=False)
    if scenario.depots is not None and inputs.depots is None:
        with stages("Charging trucks at depots") as advance:
            inputs = charge_at_depots(scenario, inputs, cache, advance)
    with stages("Planning stops") as advance:
        plans = read_plans(cache / "stop_plans.npz")
        if plans is None:
            plans = plan_trips(scenario, inputs, advance)
            write_plans(plans, cache / "stop_plans.npz")
    with stages("Searching the front") as advance:
        found = _searched(scenario, inputs, plans, cache, advance)
    found, replanning, rounds = _replanned(scenario, inputs, found, cache, stages)
    comparison = no_comparison()
    if scenario.optimization.compare_methods:
        with stages("Comparing methods") as advance:
            comparison = compare_with_other_methods(
                found.optimization.start,
                found.optimization.found,
                scenario.optimization,
                RandomStreams(scenario.seed),
                progress=_by_generation(advance),
                checkpoint_dir=cache,
            )
    plan = ComputedPlan(
        scenario,
        inputs.graph,
        inputs.sites,
        inputs.trips,
        found.plans,
        found.demand,
        found.optimization,
        comparison,
        replanning,
        rounds,
    )
    return plan, inputs


def _searched(
    scenario: Scenario,
    inputs: StudyInputs,
    plans: StopPlans,
    checkpoint_dir: Path,
    advance: Advance,
) -> Round:
    """Front for the trucks with these plans."""
    classes = inputs.trips.vehicle_class_idx
    demand = charging_demand(scenario, classes, plans, inputs.sites.n_sites)
    optimization = optimize(
        demand,
        scenario.optimization,
        RandomStreams(scenario.seed),
        limits=site_limits(scenario, inputs.sites),
        progress=_by_generation(advance),
        checkpoint_dir=checkpoint_dir,
    )
    return Round(plans, demand, optimization)


def _replanned(
    scenario: Scenario, inputs: StudyInputs, first: Round, cache: Path, stages: TimedStages
) -> tuple[Round, ReplanningResult | None, pd.DataFrame | None]:
    """Let trucks learn the balanced layout; where asked, search the front again for them."""
    settings = scenario.replanning
    if settings is None:
        return first, None, None

    def learned(
        stage: str, plans: StopPlans, layout: ChargerLayout, number: int
    ) -> ReplanningResult:
        with stages(stage) as advance:
            file = cache / f"replanning-{number}.npz"
            kept = read_replanning(file)
            if kept is None:
                kept = replan_trips(scenario, inputs, plans, layout, advance)
                write_replanning(kept, file)
            return kept

    if not settings.in_optimization:
        layout = balanced_layout(first.optimization.front)
        return first, learned("Replanning", first.plans, layout, 1), None

    def replan(plans: StopPlans, layout: ChargerLayout, number: int) -> ReplanningResult:
        return learned(f"Replanning, round {number}", plans, layout, number)

    def search(plans: StopPlans, number: int) -> Round:
        folder = cache / f"round-{number}"
        folder.mkdir(exist_ok=True)
        with stages(f"Searching the front, round {number}") as advance:
            return _searched(scenario, inputs, plans, folder, advance)

    ended = search_replanned_front(
        first,
        replan=replan,
        search=search,
        max_rounds=settings.max_rounds,
        tolerance=settings.round_tolerance,
    )
    return ended.last, ended.replanning, ended.rounds


def _market(
    plan: ComputedPlan, inputs: StudyInputs, cache: Path, stages: TimedStages
) -> NationalFigures | None:
    """Let operators compete at the sites of the balanced layout, where that is asked."""
    settings = plan.scenario.market
    if settings is None:
        return None
    plans = plan.plans if plan.replanning is None else plan.replanning.plans
    layout = balanced_layout(plan.optimization.front)
    with stages("Letting operators compete") as advance:
        return market_of_plan(plan.scenario, settings, inputs, plans, layout, cache, advance)


def _by_generation(advance: Advance) -> Progress:
    def progress(generation: int, max_generations: int, hypervolume: float) -> None:  # noqa: ARG001  # a bar has no place for it
        advance(generation, max_generations)

    return progress


def _write(
    plan: ComputedPlan,
    inputs: StudyInputs,
    market: NationalFigures | None,
    directory: RunDirectory,
    stages: TimedStages,
) -> None:
    with stages("Measuring the plans") as advance:
        results = assemble(plan, advance)
    folder = directory.results
    if market is not None:
        results = replace(results, summary=results.summary | {"market": market.summary})
    as_read = {what: report.sentences() for what, report in inputs.reports().items()}
    results = replace(results, assumptions=(*results.assumptions, *read_assumptions(as_read)))
    if inputs.depots is not None:
        results = _with_depots(results, inputs.depots)
    with stages("Writing results"):
        write_tables(results, folder)
        counted_plans = plan.trips_that_count().plans
        write_csv_file(arrival_soc_table(counted_plans), folder / "arrival_soc.csv")
        drawn = plan_map(results, None if market is None else market.sites)
        write_map(drawn, folder, PLAN_MAP, ENGLISH)
        if plan.scenario.market is not None and market is not None:
            write_national_tables(market, folder)
            write_national_report(plan.scenario.market, market, drawn, folder / MARKET_PAGE)
        if results.depots is not None:
            write_national_depots(results.depots, folder)
    provenance = collect_provenance(input_files(plan.scenario), plan.scenario.seed, stages.seconds)
    results = replace(results, provenance=provenance)
    write_html_report(results, folder / "report.html")
    additions = {"fingerprint": directory.fingerprint, "inputs": inputs.sentences()}
    write_manifest(results, folder / MANIFEST, additions)
    finished = read_finished_run(folder)
    write_spreadsheet(finished, folder / "plan.xlsx", ENGLISH)
    with stages("Drawing figures"):
        write_run_figures(finished, ENGLISH)
    write_datapackage(finished)


def _with_depots(results: PlanResults, depots: PlanDepots) -> PlanResults:
    summary = depots.figures.summary(depots.drawn_soc_share)
    return replace(results, depots=depots.figures, summary=results.summary | {"depots": summary})


def input_files(scenario: Scenario) -> dict[str, Path]:
    """Files and folders that a scenario's result depends on, by what they are."""
    sections = {"network": scenario.network, "sites": scenario.sites, "demand": scenario.demand}
    named = {
        name: path for key, section in sections.items() for name, path in named_files(section, key)
    }
    if scenario.depots is not None:
        named |= depot_input_files(scenario.depots)
    return named | {"built-in Germany": bundled_path("network/germany")}
