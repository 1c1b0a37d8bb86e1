"""The order of a depot run: scenario, inputs, three ways of planning, a run directory."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.depot.cooptimizer import plan_depot
from planner.depot.depot_inputs import read_depot
from planner.folder_lock import locked
from planner.progress import Quiet, TimedStages
from planner.reporting.depot.depot_manifest import write_depot_manifest
from planner.reporting.depot.depot_outcome import DepotOutcome
from planner.reporting.depot.depot_report import write_depot_report
from planner.reporting.depot.depot_tables import write_depot_tables
from planner.reporting.manifest import collect_provenance, sha256_of
from planner.run_directory import MANIFEST, RunDirectory, read_manifest
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.scenario.input_paths import named_files

if TYPE_CHECKING:
    from planner.progress import ProgressListener


@dataclass(frozen=True, slots=True)
class DepotStudyResult:
    """A finished depot run, read from its folder.

    Parameters
    ----------
    folder : pathlib.Path
        The run directory.
    """

    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        """Headline figures: the ``summary`` of ``run.json``."""
        summary: dict[str, Any] = read_manifest(self.folder)["summary"]
        return summary

    def table(self, name: str) -> pd.DataFrame:
        """A result table: power_flows, charging, tours, bill or unserved."""
        return pd.read_parquet(self.folder / f"{name}.parquet")


def run_depot_study(
    scenario: DepotScenario | str | Path,
    *,
    out: Path | None = None,
    resume: bool = False,
    progress: ProgressListener | None = None,
) -> DepotStudyResult:
    """Plan a depot's day from its scenario to its files.

    Parameters
    ----------
    scenario : DepotScenario, str or Path
        The study, its file, or the name of one that comes with the planner.
    out : Path, optional
        Run directory; ``outputs/<name>`` by default.
    resume : bool
        Leave a complete run of the same scenario as it is.
    progress : ProgressListener, optional
        Told of the stages.

    Returns
    -------
    DepotStudyResult
        The finished run.

    Raises
    ------
    PlannerError
        If an input is not valid, the folder cannot be written, or another process is at work in
        it.
    """
    if not isinstance(scenario, DepotScenario):
        scenario = load_depot(scenario)
    final = (out or Path("outputs") / scenario.name).absolute()
    directory = RunDirectory(final, _fingerprint(scenario))
    stages = TimedStages(progress or Quiet())
    with locked(directory.final):
        if not (resume and directory.is_complete()):
            outcome = _compute(scenario, stages)
            directory.begin(resume=resume)
            _write(outcome, directory, stages)
            directory.finish()
    return DepotStudyResult(directory.final)


def _compute(scenario: DepotScenario, stages: TimedStages) -> DepotOutcome:
    with stages("Reading the depot"):
        inputs = read_depot(scenario)
    with stages("Planning tours and charging") as advance:
        days = plan_depot(
            inputs.problem,
            inputs.site,
            scenario.seed,
            n_iterations=scenario.depot.iterations,
            advance=advance,
        )
    return DepotOutcome(scenario, inputs, days)


def _write(outcome: DepotOutcome, directory: RunDirectory, stages: TimedStages) -> None:
    folder, scenario = directory.partial, outcome.scenario
    with stages("Writing results"):
        write_depot_tables(outcome, folder)
    provenance = collect_provenance(dict(named_files(scenario)), scenario.seed, stages.seconds)
    write_depot_report(outcome, provenance, folder / "report.html")
    write_depot_manifest(
        outcome, folder / MANIFEST, provenance, {"fingerprint": directory.fingerprint}
    )


def _fingerprint(scenario: DepotScenario) -> str:
    """Hash of the settings, the input files and the program itself."""
    digest = sha256(scenario.model_dump_json().encode())
    program = Path(__file__).parent
    files = [path for _, path in named_files(scenario)]
    for path in (*files, *sorted(program.rglob("*.py"))):
        digest.update(sha256_of(path).encode())
    return digest.hexdigest()
