"""The order of a depot run: scenario, inputs, three ways of planning, a run directory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.depot.cooptimizer import plan_depot
from planner.depot.depot_inputs import read_depot
from planner.depot.depot_outcome import DepotOutcome
from planner.depot.depot_tables import write_depot_tables
from planner.files.reading_notes import note_lines, reading_notes
from planner.reporting.depot.depot_manifest import write_depot_manifest
from planner.reporting.depot.depot_report import write_depot_report
from planner.runs.progress import Quiet, TimedStages
from planner.runs.provenance import collect_provenance, run_fingerprint
from planner.runs.run_directory import MANIFEST, RunDirectory
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.scenario.input_paths import named_files
from planner.tables.run_result import RunResult

if TYPE_CHECKING:
    from planner.depot.cooptimizer import DepotComparison
    from planner.depot.depot_inputs import DepotInputs
    from planner.runs.progress import ProgressListener


def run_depot_study(
    scenario: DepotScenario | str | Path,
    *,
    out: Path | None = None,
    resume: bool = False,
    progress: ProgressListener | None = None,
) -> RunResult:
    """Plan a depot's day from its scenario to its files.

    Parameters
    ----------
    scenario : DepotScenario, str or Path
        The study, its file, or the name of one that comes with the planner.
    out : Path, optional
        Run directory; ``outputs/<name>`` by default.
    resume : bool
        Go on with an interrupted run of the same scenario; a complete one is not repeated.
    progress : ProgressListener, optional
        Told of the stages.

    Returns
    -------
    RunResult
        The finished run; its tables: power_flows, charging, tours, bill, unserved.

    Raises
    ------
    PlannerError
        If an input is not valid, the folder cannot be written, or another process is at work in
        it.
    """
    if not isinstance(scenario, DepotScenario):
        scenario = load_depot(scenario)
    files = tuple(path for _, path in named_files(scenario))
    final = out or Path("outputs") / scenario.name
    directory = RunDirectory(final, run_fingerprint(scenario, files), inputs=files)
    stages = TimedStages(progress or Quiet())
    with directory.held():
        if not (resume and directory.is_complete()):
            inputs, notes = _read(scenario, stages)
            directory.begin(resume=resume)
            days = _plan(scenario, inputs, directory.cache, stages)
            outcome = DepotOutcome(scenario, inputs, days, notes)
            _write(outcome, directory, stages)
            directory.finish()
    return RunResult(directory.final)


def _read(scenario: DepotScenario, stages: TimedStages) -> tuple[DepotInputs, tuple[str, ...]]:
    """What the scenario names, and what the readers of its files noticed."""
    with stages("Reading the depot"), reading_notes() as said:
        inputs = read_depot(scenario)
    return inputs, tuple(note_lines({Path(file).name: texts for file, texts in said.items()}))


def _plan(
    scenario: DepotScenario, inputs: DepotInputs, cache: Path, stages: TimedStages
) -> DepotComparison:
    with stages("Planning tours and charging") as advance:
        return plan_depot(
            inputs.problem,
            inputs.site,
            scenario.seed,
            n_iterations=scenario.depot.iterations,
            advance=advance,
            cache=cache,
        )


def _write(outcome: DepotOutcome, directory: RunDirectory, stages: TimedStages) -> None:
    folder, scenario = directory.results, outcome.scenario
    with stages("Writing results"):
        write_depot_tables(outcome, folder)
    provenance = collect_provenance(dict(named_files(scenario)), scenario.seed, stages.seconds)
    write_depot_report(outcome, provenance, folder / "report.html")
    write_depot_manifest(
        outcome, folder / MANIFEST, provenance, {"fingerprint": directory.fingerprint}
    )
