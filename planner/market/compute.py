"""A market as it is run: the study itself, then its alternatives, each kept when it is done."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from planner.market.alternatives import alternatives
from planner.market.analysis import rush_theory, slot_theory
from planner.market.market_kernel import BlockMeans
from planner.market.market_run import MarketRun, simulate_market
from planner.market.outcome import (
    AlternativeOutcome,
    MarketOutcome,
    alternative_outcome,
    checked_invariants,
)
from planner.market.steady_state import steady_state
from planner.runs.stage_files import read_arrays, read_json, write_arrays, write_json
from planner.runs.stage_folders import StageFolders

if TYPE_CHECKING:
    from pathlib import Path

    from planner.market.alternatives import Alternative
    from planner.market.arrivals import Arrivals
    from planner.runs.progress import TimedStages
    from planner.runs.run_directory import RunDirectory
    from planner.scenario.market_scenario import MarketScenario

_OUTCOME = TypeAdapter(AlternativeOutcome)


def compute_market(
    scenario: MarketScenario, arrivals: Arrivals, directory: RunDirectory, stages: TimedStages
) -> MarketOutcome:
    """Run a market and what its study asks to be otherwise, keeping what is finished."""
    folders = StageFolders.of(directory, stages)
    settings = scenario.model_dump_json(exclude={"name", "description", "alternatives"})
    kept = folders.stage("market", simulate_market, settings)
    with stages("Running the market"):
        run = _kept_run(scenario, arrivals, kept.folder / "market.npz")
    found: list[AlternativeOutcome] = []
    if scenario.alternatives:
        others = alternatives(scenario)
        to = folders.stage("alternatives", alternative_outcome, settings, kept.key)
        with stages("Running alternatives") as advance:
            for number, other in enumerate(others, start=1):
                found.append(_kept_alternative(other, scenario, arrivals, to.folder))
                advance(number, len(others))
    folders.forget_others()
    state = steady_state(run)
    return MarketOutcome(
        run,
        state,
        slot_theory(run, state),
        rush_theory(run, state),
        tuple(found),
        checked_invariants(run),
    )


def _kept_run(scenario: MarketScenario, arrivals: Arrivals, path: Path) -> MarketRun:
    """Market run, from an interrupted run's file where it has been."""
    stored = read_arrays(path)
    if stored is not None:
        return MarketRun(scenario, arrivals, BlockMeans(**stored))
    run = simulate_market(scenario, arrivals)
    write_arrays(path, run.means._asdict())
    return run


def _kept_alternative(
    alternative: Alternative, base: MarketScenario, arrivals: Arrivals, cache: Path
) -> AlternativeOutcome:
    """Outcome of an alternative, from an interrupted run's file where it has been."""
    name = sha256(alternative.scenario.model_dump_json().encode()).hexdigest()[:16]
    path = cache / f"alternative-{name}.json"
    stored = read_json(path)
    if stored is not None:
        return _OUTCOME.validate_python(stored)
    same_trucks = (
        alternative.scenario.trucks == base.trucks
        and alternative.scenario.week == base.week
        and alternative.scenario.carry_over_h == base.carry_over_h
    )
    outcome = alternative_outcome(alternative, arrivals if same_trucks else None)
    write_json(path, asdict(outcome))
    return outcome
