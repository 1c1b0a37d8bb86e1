"""What a plan is computed from and what it comes to, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from planner.optimization.comparison import compare_methods, compare_with_other_methods
from planner.optimization.replanned_front import balanced_layout
from planner.plan.assembly import assemble
from planner.plan.assumptions import read_assumptions
from planner.plan.computed_plan import ComputedPlan
from planner.plan.draws import Draw, other_draws, with_draws
from planner.plan.energy_at_ends import energy_at_ends
from planner.plan.market import market_of_plan
from planner.plan.search import by_generation, search_front, search_with_replanning
from planner.plan.search_report import SearchReport
from planner.plan.selected_sites import SelectedSites, select_sites
from planner.plan.stops import STOPS, plan_trips, stops_content
from planner.plan.study_inputs import StudyInputs, charge_at_depots, input_line, read_inputs
from planner.plan.warm_up import WarmUp, soc_histogram, warmed_up
from planner.routing.partitions import one_after_another
from planner.runs.random_streams import RandomStreams
from planner.runs.stage_folders import StageFolders

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.market_figures import NationalFigures
    from planner.plan.plan_results import PlanResults
    from planner.routing.partitions import PartitionWorkers
    from planner.runs.progress import TimedStages
    from planner.runs.run_directory import RunDirectory
    from planner.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """A plan with all that is shown of it.

    Parameters
    ----------
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


def compute_plan(
    scenario: Scenario,
    inputs: StudyInputs,
    directory: RunDirectory,
    stages: TimedStages,
    workers: PartitionWorkers = one_after_another,
) -> PlanOutcome:
    """Compute a plan.

    Parameters
    ----------
    directory : RunDirectory
        Keeps finished stages.
    stages : TimedStages
        Told of them.
    workers : callable
        Who plans the stops of trips, partition by partition: of the study's own run, of the rounds
        before it and of further draws.
    """
    folders = StageFolders.of(directory, stages)
    of_trips = _settings(scenario, *_NOT_OF_TRIPS)
    before = folders.key(read_inputs, of_trips)
    warm_up: WarmUp | None = None
    drawn = scenario
    if scenario.demand.initial_soc.is_warmed_up:
        kept = folders.stage("warm-up", warmed_up, of_trips, before)
        drawn, inputs, warm_up = warmed_up(scenario, inputs, kept.folder, stages, workers)
        before = kept.key
    if scenario.depots is not None and inputs.depots is None:
        kept = folders.stage("depots", charge_at_depots, of_trips, before)
        with stages("Charging trucks at depots") as advance:
            inputs = charge_at_depots(drawn, inputs, kept.folder, advance)
        before = kept.key
    selected: SelectedSites | None = None
    if scenario.sites.selection is not None:
        of_selection = _settings(scenario, "optimization", "replanning", "market")
        kept = folders.stage("selection", select_sites, of_selection, before)
        with stages("Selecting sites") as advance:
            selected = select_sites(drawn, inputs, kept.folder, advance)
        inputs, before = selected.inputs, kept.key
    plan, key = _searched_and_compared(scenario, inputs, folders, before, stages, workers)
    market = _market(plan, inputs, folders, key, stages)
    draws: list[Draw] = []
    if scenario.replications > 1:
        kept = folders.stage("draws", other_draws, _settings(scenario, "market"), key)
        draws = other_draws(drawn, inputs, plan, kept.folder, stages, workers)
    folders.forget_others()
    at_ends, arrival_soc = _at_ends_of_trips(plan.trips_that_count())
    with stages("Measuring the plans") as advance:
        results = with_draws(assemble(plan, advance), draws)
    search = SearchReport(plan.optimization.found, scenario.optimization)
    summary = results.summary | {
        "search": search.summary(),
        "energy_at_ends": at_ends,
    }
    if warm_up is not None:
        summary["initial_soc"] = warm_up.summary()
    if market is not None:
        summary["market"] = market.summary
    if inputs.depots is not None:
        summary["depots"] = inputs.depots.figures.summary(inputs.depots.drawn_soc_share)
    reports = {
        **inputs.reports(),
        **({} if selected is None else {"Selection": selected}),
        _SEARCH: search,
    }
    as_read = {what: report.sentences() for what, report in reports.items()}
    results = replace(
        results,
        summary=summary,
        assumptions=(*results.assumptions, *read_assumptions(as_read)),
        depots=None if inputs.depots is None else inputs.depots.figures,
    )
    lines = inputs.sentences()
    if selected is not None:
        results = replace(
            results,
            summary=results.summary | {"selection": selected.summary()},
            selection=selected.table,
        )
        lines.append(input_line("Selection", selected))
    lines.append(input_line(_SEARCH, search))
    initial_soc = None if warm_up is None else warm_up.histogram
    return PlanOutcome(scenario, results, arrival_soc, initial_soc, market, lines)


_SEARCH = "Search of the front"

_NOT_OF_TRIPS = ("optimization", "replanning", "market", "infrastructure_costs")


def _settings(scenario: Scenario, *but: str) -> str:
    """Settings of a scenario without names, regions and sections that a stage does not read.

    Each draw of the demand is kept for itself, so that their number makes no stage new.
    """
    no_names = ("name", "description", "results_licence", "regions", "replications")
    return scenario.model_dump_json(
        exclude=dict.fromkeys((*no_names, *but), True) | {"chargers": {"classes"}}
    )


def _at_ends_of_trips(counted: ComputedPlan) -> tuple[dict[str, float | None], pd.DataFrame]:
    """Energy at the ends of trips, and the histogram of the states of charge they end with."""
    return energy_at_ends(counted), soc_histogram(counted.plans, counted.trips.is_counted)


def _searched_and_compared(
    scenario: Scenario,
    inputs: StudyInputs,
    folders: StageFolders,
    before: str,
    stages: TimedStages,
    workers: PartitionWorkers,
) -> tuple[ComputedPlan, str]:
    """The plan, and the key of all that it depends on; ``before`` is that of its inputs."""
    content, family = stops_content(scenario, inputs)
    kept = folders.stage(STOPS, plan_trips, content, reads_files=False, family=family)
    with stages("Planning stops") as advance:
        plans = plan_trips(
            scenario,
            inputs,
            advance,
            folder=kept.folder,
            workers=workers,
            earlier=folders.alike(STOPS, family),
            took_part=partial(folders.took_part, STOPS),
        )
    of_search = _settings(scenario, "replanning", "market")
    kept = folders.stage("front", search_front, of_search, before, kept.key)
    with stages("Searching the front") as advance:
        found = search_front(scenario, inputs, plans, kept.folder, advance)
    of_replanning = _settings(scenario, "market")
    kept = folders.stage("replanning", search_with_replanning, of_replanning, kept.key)
    found, replanning, rounds = search_with_replanning(scenario, inputs, found, kept.folder, stages)
    comparison = compare_methods((), found.optimization.front.space)
    if scenario.optimization.compare_methods:
        to = folders.stage("comparison", compare_with_other_methods, of_replanning, kept.key)
        with stages("Comparing methods") as advance:
            comparison = compare_with_other_methods(
                found.optimization.start,
                found.optimization.found,
                scenario.optimization,
                RandomStreams(scenario.seed),
                progress=by_generation(advance),
                checkpoint_dir=to.folder,
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
        inputs.region_of_site,
    )
    return plan, kept.key


def _market(
    plan: ComputedPlan,
    inputs: StudyInputs,
    folders: StageFolders,
    key: str,
    stages: TimedStages,
) -> NationalFigures | None:
    """Let operators compete at the sites of the balanced layout, where that is asked."""
    settings = plan.scenario.market
    if settings is None:
        return None
    plans = plan.plans if plan.replanning is None else plan.replanning.plans
    layout = balanced_layout(plan.optimization.front)
    kept = folders.stage("market", market_of_plan, _settings(plan.scenario), key)
    with stages("Letting operators compete") as advance:
        return market_of_plan(plan.scenario, settings, inputs, plans, layout, kept.folder, advance)
