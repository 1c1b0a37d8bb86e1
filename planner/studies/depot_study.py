"""A depot's day as a kind of study: its inputs, its stages, its files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planner.depot.compute import DepotRead, compute_depot, read_depot_study
from planner.depot.depot_tables import depot_tables
from planner.reporting.depot_manifest import depot_manifest
from planner.reporting.depot_report import write_depot_report
from planner.runs.perform import Study, perform
from planner.runs.stage_folders import StageFolders
from planner.scenario.input_paths import named_files
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.depot.depot_outcome import DepotOutcome
    from planner.runs.progress import TimedStages
    from planner.runs.run_directory import RunDirectory
    from planner.scenario.depot_model import DepotScenario


def _input_files(scenario: DepotScenario) -> dict[str, Path]:
    """Files that the result depends on, by the keys that name them."""
    return dict(named_files(scenario))


def _compute(
    scenario: DepotScenario, read: DepotRead, directory: RunDirectory, stages: TimedStages
) -> DepotOutcome:
    folders = StageFolders.of(directory, stages)
    settings = scenario.model_dump_json(exclude={"name", "description"})
    kept = folders.stage("day", compute_depot, settings)
    outcome = compute_depot(scenario, read, kept.folder, stages)
    folders.forget_others()
    return outcome


def _write(outcome: DepotOutcome, folder: Path) -> None:
    write_csv_and_parquet(depot_tables(outcome), folder)


def _page(outcome: DepotOutcome, provenance: Mapping[str, Any], folder: Path) -> None:
    write_depot_report(outcome, provenance, folder / "report.html")


def _manifest(outcome: DepotOutcome, provenance: dict[str, Any]) -> dict[str, Any]:
    return depot_manifest(outcome) | {"provenance": provenance}


DEPOT: Study[DepotScenario, DepotRead, DepotOutcome] = Study(
    kind="depot",
    files=_input_files,
    read=read_depot_study,
    compute=_compute,
    write=_write,
    page=_page,
    manifest=_manifest,
)

run_depot_study = partial(perform, DEPOT)
