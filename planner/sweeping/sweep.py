"""The one door to sweeps: from a sweep's definition to its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import SweepError
from planner.files.spreadsheet_texts import read_csv_file
from planner.reporting.gis.export import write_map
from planner.reporting.gis.sweep_map import SWEEP_MANIFEST, SWEEP_MAP, read_sweep_map
from planner.runs.own_files import own_files
from planner.runs.provenance import sha256_of
from planner.runs.run_directory import MANIFEST as RUN_MANIFEST
from planner.runs.run_directory import RunDirectory
from planner.scenario.sweep import Sweep, load_sweep
from planner.sweeping.datapackage import write_sweep_datapackage
from planner.sweeping.figures import write_sweep_figure
from planner.sweeping.report import write_sweep_report
from planner.sweeping.schedule import Schedule, SweepListener, do_runs
from planner.sweeping.spreadsheet import write_sweep_spreadsheet
from planner.sweeping.stored_sweep import StoredCombination, StoredSweep
from planner.sweeping.tables import (
    DIFFERENCES,
    difference_table,
    summary_schema,
    summary_table,
    sweep_schema,
    sweep_table,
)
from planner.tables.language import ENGLISH
from planner.tables.table_files import read_parquet, write_csv, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from planner.sweeping.runs import SweepRun


@dataclass(frozen=True, slots=True)
class SweepResult:
    """A finished sweep, read from its folder.

    Parameters
    ----------
    folder : pathlib.Path
        The sweep's folder.
    """

    folder: Path

    @property
    def runs(self) -> pd.DataFrame:
        """A row per combination, replication and named solution."""
        return read_parquet(self.folder / "sweep.parquet")

    @property
    def summary(self) -> pd.DataFrame:
        """A row per combination and named solution: means with confidence intervals."""
        return read_csv_file(self.folder / "sweep_summary.csv")


class _Quiet:
    """Listener that says nothing."""

    def wanted(self, runs: Iterable[SweepRun]) -> None:
        """Runs belong to the sweep."""

    def kept(self, run: SweepRun) -> None:
        """A run is done since an earlier time."""

    def stage(self, run_name: str, stage: str, share: float) -> None:
        """A run is so far in a stage."""

    def finished(self, run: SweepRun, seconds: float) -> None:
        """A run is done."""

    def failed(self, run: SweepRun, fault: str) -> None:
        """A run cannot be done."""

    def writing(self) -> None:
        """All runs are done."""


def run_sweep(
    sweep: Sweep | str | Path,
    *,
    out: Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    listener: SweepListener | None = None,
) -> SweepResult:
    """Plan all runs of a sweep that are not done yet, and lay their figures side by side.

    Parameters
    ----------
    sweep : Sweep, str or Path
        The sweep, its file, or the name of one that comes with the planner.
    out : Path, optional
        Folder of the sweep; ``outputs/<name>`` by default. Runs that are in it already, of this
        or an earlier definition, are kept where nothing that they depend on has changed.
    workers : int, optional
        Runs at the same time on this machine; one per core by default. Results do not depend on
        it.
    cluster : str, optional
        Address of a dask scheduler whose workers do the runs instead; they must see ``out``.
    listener : SweepListener, optional
        Told how far it is.

    Returns
    -------
    SweepResult
        The finished sweep.

    Raises
    ------
    SweepError
        If runs failed; the others are kept.
    PlannerError
        If the sweep is not valid, the folder cannot be written, another process is at work in it
        or the cluster is not there.
    """
    if not isinstance(sweep, Sweep):
        sweep = load_sweep(sweep)
    listener = listener or _Quiet()
    folder = out or Path("outputs") / sweep.definition.name
    with _directory(folder).held():
        schedule = Schedule(sweep, _directory(folder).final, listener)
        directory = _directory(folder, _fingerprint(sweep, schedule))
        if schedule.to_do or not directory.is_complete():
            directory.begin(resume=False)
            directory.withdraw(_manifest(sweep, complete=False))
            do_runs(schedule, listener, workers, cluster)
            if schedule.faults:
                raise SweepError(_faults_text(schedule))
            listener.writing()
            _write_results(sweep, schedule, directory)
            directory.finish()
    return SweepResult(directory.final)


def _directory(folder: Path, fingerprint: str = "") -> RunDirectory:
    """The folder of a sweep: also one with runs of the planner whose manifest is damaged."""
    runs = folder.glob("runs/*/*")
    has_runs = any(own_files(run, RUN_MANIFEST) is not None for run in runs)
    return RunDirectory(folder, fingerprint, manifest=SWEEP_MANIFEST, is_part=has_runs)


def _fingerprint(sweep: Sweep, schedule: Schedule) -> str:
    """Hash of all that the results depend on: what is asked, the runs, the program."""
    digest = sha256(sha256_of(Path(__file__).parents[1] / "reporting").encode())
    digest.update(sweep.definition.model_dump_json().encode())
    for run in schedule.runs:
        digest.update(run.fingerprint.encode())
    return digest.hexdigest()


def _manifest(sweep: Sweep, *, complete: bool) -> dict[str, Any]:
    return {"sweep": sweep.definition.model_dump(mode="json"), "complete": complete}


def _faults_text(schedule: Schedule) -> str:
    n_done = len(schedule.runs) - len(schedule.faults)
    by_fault: dict[str, list[str]] = {}
    for name, fault in schedule.faults.items():
        by_fault.setdefault(fault, []).append(name)
    head = (
        f"{len(schedule.faults)} of {len(schedule.runs)} runs failed; {n_done} are done and "
        "kept: mend the fault and start the sweep again"
    )
    return "\n".join([head, *(f"  - {', '.join(by)}: {fault}" for fault, by in by_fault.items())])


def _write_results(sweep: Sweep, schedule: Schedule, directory: RunDirectory) -> None:
    root, folder, variants = directory.final, directory.results, sweep.variants
    schema = sweep_schema(variants)
    runs = sweep_table(schedule.runs, schema)
    summary = summary_table(runs, variants)
    differences = difference_table(runs, variants)
    write_csv(runs, schema, folder / "sweep.csv")
    write_csv(summary, summary_schema(variants), folder / "sweep_summary.csv")
    write_csv(differences, DIFFERENCES, folder / "sweep_differences.csv")
    write_parquet(runs, schema, folder / "sweep.parquet")
    write_sweep_report(sweep, runs, summary, differences, root, to=folder)
    write_map(read_sweep_map(root, tables=folder), folder, SWEEP_MAP, ENGLISH)
    combinations = tuple(StoredCombination(each.axis_values, each.label) for each in variants)
    stored = StoredSweep(folder, sweep.definition, combinations, summary, runs_in=root)
    write_sweep_spreadsheet(stored, folder / "sweep.xlsx", ENGLISH)
    write_sweep_figure(stored, ENGLISH)
    replications = {
        variant.label: sum(run.variant.label == variant.label for run in schedule.runs)
        for variant in variants
    }
    manifest = _manifest(sweep, complete=True) | {
        "replications": replications,
        "fingerprint": _fingerprint(sweep, schedule),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / SWEEP_MANIFEST).write_text(text, encoding="utf-8")
    write_sweep_datapackage(stored)
