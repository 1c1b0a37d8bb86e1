"""What a plan is computed from and what it comes to, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.optimization.comparison import compare_methods, compare_with_other_methods
from planner.optimization.objectives import objectives_of
from planner.optimization.optimize import optimize
from planner.optimization.replanned_front import (
    Round,
    balanced_layout,
    search_replanned_front,
)
from planner.plan.assembly import assemble
from planner.plan.assumptions import read_assumptions
from planner.plan.computed_plan import ComputedPlan
from planner.plan.energy_at_ends import energy_at_ends
from planner.plan.market import market_of_plan
from planner.plan.stages import (
    StudyInputs,
    charge_at_depots,
    charging_demand,
    plan_trips,
    read_inputs,
    replan_trips,
    site_limits,
)
from planner.plan.warm_up import WarmUp, soc_histogram, warmed_up
from planner.routing.plan_files import read_plans, write_plans
from planner.runs.random_streams import RandomStreams
from planner.simulation.replanning_files import read_replanning, write_replanning

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.optimization.nsga2 import Progress
    from planner.plan.market_figures import NationalFigures
    from planner.plan.plan_results import PlanResults
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance, TimedStages
    from planner.runs.run_directory import RunDirectory
    from planner.scenario.model import Scenario
    from planner.simulation.queues import ChargerLayout
    from planner.simulation.replanning import ReplanningResult


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """A plan with all that is shown of it.

    Parameters
    ----------
    scenario : Scenario
        The study.
    results : PlanResults
        Tables and figures, still without provenance.
    arrival_soc : DataFrame
        Histogram of the state of charge with which trips end.
    initial_soc : DataFrame, optional
        Histogram that trips drew from, where runs before this one gave it.
    market : NationalFigures, optional
        What operators do at its sites.
    inputs : list of str
        What was read, a line per input.
    """

    scenario: Scenario
    results: PlanResults
    arrival_soc: pd.DataFrame
    initial_soc: pd.DataFrame | None
    market: NationalFigures | None
    inputs: list[str]


def read_plan_inputs(scenario: Scenario, stages: TimedStages) -> StudyInputs:
    """Read roads, sites and trips; depots that trips start at are planned later."""
    objectives_of(scenario.optimization.objectives, scenario.name)
    with stages("Reading roads and trips"):
        return read_inputs(scenario, with_depots=False)


def compute_plan(
    scenario: Scenario, inputs: StudyInputs, directory: RunDirectory, stages: TimedStages
) -> PlanOutcome:
    """Compute a plan.

    Parameters
    ----------
    scenario : Scenario
        The study.
    inputs : StudyInputs
        Its inputs.
    directory : RunDirectory
        Keeps finished stages.
    stages : TimedStages
        Told of them.
    """
    cache = directory.cache
    warm_up: WarmUp | None = None
    drawn = scenario
    if scenario.demand.initial_soc.is_warmed_up:
        drawn, inputs, warm_up = warmed_up(scenario, inputs, cache, stages)
    if scenario.depots is not None and inputs.depots is None:
        with stages("Charging trucks at depots") as advance:
            inputs = charge_at_depots(drawn, inputs, cache, advance)
    plan = _searched_and_compared(scenario, inputs, cache, stages)
    market = _market(plan, inputs, cache, stages)
    with stages("Measuring the plans") as advance:
        results = assemble(plan, advance)
    counted = plan.trips_that_count()
    summary = results.summary | {"energy_at_ends": energy_at_ends(counted)}
    if warm_up is not None:
        summary["initial_soc"] = warm_up.summary()
    if market is not None:
        summary["market"] = market.summary
    if inputs.depots is not None:
        summary["depots"] = inputs.depots.figures.summary(inputs.depots.drawn_soc_share)
    as_read = {what: report.sentences() for what, report in inputs.reports().items()}
    results = replace(
        results,
        summary=summary,
        assumptions=(*results.assumptions, *read_assumptions(as_read)),
        depots=None if inputs.depots is None else inputs.depots.figures,
    )
    arrival_soc = soc_histogram(counted.plans, counted.trips.is_counted)
    initial_soc = None if warm_up is None else warm_up.histogram
    return PlanOutcome(scenario, results, arrival_soc, initial_soc, market, inputs.sentences())


def _searched_and_compared(
    scenario: Scenario, inputs: StudyInputs, cache: Path, stages: TimedStages
) -> ComputedPlan:
    with stages("Planning stops") as advance:
        plans = read_plans(cache / "stop_plans.npz")
        if plans is None:
            plans = plan_trips(scenario, inputs, advance)
            write_plans(plans, cache / "stop_plans.npz")
    with stages("Searching the front") as advance:
        found = _searched(scenario, inputs, plans, cache, advance)
    found, replanning, rounds = _replanned(scenario, inputs, found, cache, stages)
    comparison = compare_methods((), found.optimization.front.space)
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
    return ComputedPlan(
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
