"""The search of a plan's front, also with trucks that learn its queues between searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.optimization.optimize import optimize
from planner.optimization.replanned_front import (
    Round,
    balanced_layout,
    search_replanned_front,
)
from planner.plan.prices import prices_of
from planner.plan.stages import charging_demand, replan_trips
from planner.plan.study_inputs import StudyInputs, layout_limits
from planner.runs.random_streams import RandomStreams
from planner.simulation.replanning_files import read_replanning, write_replanning

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from planner.optimization.nsga2 import Progress
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance, TimedStages
    from planner.scenario.model import Scenario
    from planner.simulation.queues import ChargerLayout
    from planner.simulation.replanning import ReplanningResult


def search_front(
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
        limits=layout_limits(scenario, inputs.graph, inputs.sites, plans),
        prices=prices_of(scenario, inputs, plans),
        progress=by_generation(advance),
        checkpoint_dir=checkpoint_dir,
    )
    return Round(plans, demand, optimization)


def search_with_replanning(
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
            return search_front(scenario, inputs, plans, folder, advance)

    ended = search_replanned_front(
        first,
        replan=replan,
        search=search,
        max_rounds=settings.max_rounds,
        tolerance=settings.round_tolerance,
    )
    return ended.last, ended.replanning, ended.rounds


def by_generation(advance: Advance) -> Progress:
    """Tell a listener of stages how many generations of a search are done."""

    def progress(generation: int, max_generations: int, hypervolume: float) -> None:  # noqa: ARG001  # a bar has no place for it
        advance(generation, max_generations)

    return progress
