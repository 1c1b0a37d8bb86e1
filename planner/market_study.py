"""The order of a market run: scenario, market, alternatives, a run directory."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from planner.market.alternatives import alternatives
from planner.market.analysis import rush_theory, slot_theory
from planner.market.arrivals import arrivals_file, read_arrivals
from planner.market.market_kernel import BlockMeans
from planner.market.market_run import MarketRun, simulate_market
from planner.market.market_tables import write_market_tables
from planner.market.outcome import (
    AlternativeOutcome,
    MarketOutcome,
    alternative_outcome,
    checked_invariants,
)
from planner.market.steady_state import steady_state
from planner.reporting.market.market_manifest import write_market_manifest
from planner.reporting.market.market_report import write_market_report
from planner.runs.kernel_threads import kernel_threads
from planner.runs.progress import Quiet, TimedStages
from planner.runs.provenance import collect_provenance, run_fingerprint
from planner.runs.run_directory import MANIFEST, RunDirectory
from planner.runs.stage_files import read_arrays, read_json, write_arrays, write_json
from planner.scenario.market_scenario import HourlyDay, MarketScenario, load_market
from planner.tables.run_result import RunResult

if TYPE_CHECKING:
    from planner.market.alternatives import Alternative
    from planner.market.arrivals import Arrivals
    from planner.runs.progress import ProgressListener

_OUTCOME = TypeAdapter(AlternativeOutcome)


def run_market_study(
    scenario: MarketScenario | str | Path,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = False,
    progress: ProgressListener | None = None,
) -> RunResult:
    """Run a market from its scenario to its report.

    Parameters
    ----------
    scenario : MarketScenario, str or Path
        The study, its file, or the name of one that comes with the planner.
    out : Path, optional
        Run directory; ``outputs/<name>`` by default.
    workers : int, optional
        Processor cores to use; all by default. Results do not depend on it.
    resume : bool
        Go on with an interrupted run of the same scenario; a complete one is not repeated.
    progress : ProgressListener, optional
        Told of the stages.

    Returns
    -------
    RunResult
        The finished run; its tables: hours, offers, operators, course, seeds, alternatives.

    Raises
    ------
    PlannerError
        If an input is not valid, the folder cannot be written, or another process is at work in
        it.
    """
    if not isinstance(scenario, MarketScenario):
        scenario = load_market(scenario)
    inputs = tuple(_input_files(scenario).values())
    final = out or Path("outputs") / scenario.name
    directory = RunDirectory(final, run_fingerprint(scenario, inputs), inputs=inputs)
    stages = TimedStages(progress or Quiet())
    with directory.held():
        if not (resume and directory.is_complete()):
            arrivals = read_arrivals(scenario)
            directory.begin(resume=resume)
            with kernel_threads(workers):
                outcome = _compute(scenario, arrivals, directory.cache, stages)
            _write(outcome, directory, stages)
            directory.finish()
    return RunResult(directory.final)


def _compute(
    scenario: MarketScenario, arrivals: Arrivals, cache: Path, stages: TimedStages
) -> MarketOutcome:
    with stages("Running the market"):
        run = _kept_run(scenario, arrivals, cache / "market.npz")
    found: list[AlternativeOutcome] = []
    if scenario.alternatives:
        others = alternatives(scenario)
        with stages("Running alternatives") as advance:
            for number, other in enumerate(others, start=1):
                found.append(_kept_alternative(other, scenario, arrivals, cache))
                advance(number, len(others))
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


def _write(outcome: MarketOutcome, directory: RunDirectory, stages: TimedStages) -> None:
    folder, scenario = directory.results, outcome.run.scenario
    with stages("Writing results"):
        write_market_tables(outcome, folder)
    provenance = collect_provenance(_input_files(scenario), scenario.seed, stages.seconds)
    write_market_report(outcome, provenance, folder / "report.html")
    write_market_manifest(
        outcome, folder / MANIFEST, provenance, {"fingerprint": directory.fingerprint}
    )


def _input_files(scenario: MarketScenario) -> dict[str, Path]:
    """Files that the result depends on, by what they are."""
    if isinstance(scenario.arrivals, HourlyDay):
        return {}
    return {"arrivals": arrivals_file(scenario.arrivals)}
