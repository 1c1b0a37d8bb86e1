"""The one door to sweeps: from a sweep's definition to its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.durable_files import replacing
from planner.errors import RunDirectoryError, SweepError
from planner.files.spreadsheet_texts import read_csv_file
from planner.folder_lock import locked
from planner.reporting.datapackage import DATAPACKAGE
from planner.reporting.gis.export import write_map
from planner.reporting.gis.sweep_map import SWEEP_MAP, read_sweep_map
from planner.reporting.language import ENGLISH
from planner.reporting.manifest import sha256_of
from planner.reporting.tables import write_csv, write_parquet
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

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.sweeping.runs import SweepRun

MANIFEST = "sweep.json"
_RESULTS = (
    "sweep.csv",
    "sweep.parquet",
    "sweep_summary.csv",
    "sweep_differences.csv",
    "sweep.html",
    "sweep.svg",
    "sweep.png",
    "sweep.gpkg",
    "sweep.qgz",
    "sweep.xlsx",
    DATAPACKAGE,
    "figures/levels.svg",
    "figures/levels.png",
    "figures/captions.txt",
)


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
        return pd.read_parquet(self.folder / "sweep.parquet")

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
    folder = (out or Path("outputs") / sweep.definition.name).absolute()
    with locked(folder):
        schedule = Schedule(sweep, folder, listener)
        if schedule.to_do or not _is_written(folder, _state(sweep, schedule)):
            _begin(folder, sweep)
            do_runs(schedule, listener, workers, cluster)
            if schedule.faults:
                raise SweepError(_faults_text(schedule))
            listener.writing()
            _write_results(sweep, schedule, folder)
    return SweepResult(folder)


def _state(sweep: Sweep, schedule: Schedule) -> dict[str, Any]:
    """What the results say they are of, once they are complete."""
    replications = {
        variant.label: sum(run.variant.label == variant.label for run in schedule.runs)
        for variant in sweep.variants
    }
    digest = sha256(sha256_of(Path(__file__).parents[1] / "reporting").encode())
    for run in schedule.runs:
        digest.update(run.fingerprint.encode())
    return {
        "sweep": sweep.definition.model_dump(mode="json"),
        "complete": True,
        "replications": replications,
        "fingerprint": digest.hexdigest(),
    }


def _is_written(folder: Path, state: dict[str, Any]) -> bool:
    """Whether the folder holds the results of these very runs, by this program."""
    if not all((folder / name).is_file() for name in (MANIFEST, *_RESULTS)):
        return False
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and state.items() <= found.items()


def _begin(folder: Path, sweep: Sweep) -> None:
    """Make the folder ready; tables of an earlier time go, runs stay."""
    is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_free and not (folder / MANIFEST).is_file():
        msg = (
            f"{folder}: exists and is not a sweep of the planner ({MANIFEST} is missing); "
            "choose another --out, or empty the folder"
        )
        raise RunDirectoryError(msg)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = {"sweep": sweep.definition.model_dump(mode="json"), "complete": False}
        _write_manifest(folder, unfinished)
        for name in _RESULTS:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); choose another --out"
        raise RunDirectoryError(msg) from error


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


def _write_results(sweep: Sweep, schedule: Schedule, folder: Path) -> None:
    variants = sweep.variants
    schema = sweep_schema(variants)
    runs = sweep_table(schedule.runs, schema)
    summary = summary_table(runs, variants)
    differences = difference_table(runs, variants)
    for name, table, its_schema in (
        ("sweep.csv", runs, schema),
        ("sweep_summary.csv", summary, summary_schema(variants)),
        ("sweep_differences.csv", differences, DIFFERENCES),
    ):
        with replacing(folder / name) as path:
            write_csv(table, its_schema, path)
    with replacing(folder / "sweep.parquet") as path:
        write_parquet(runs, schema, path)
    write_sweep_report(sweep, runs, summary, differences, folder)
    write_map(read_sweep_map(folder), folder, SWEEP_MAP, ENGLISH)
    combinations = tuple(StoredCombination(each.axis_values, each.label) for each in variants)
    stored = StoredSweep(folder, sweep.definition, combinations, summary)
    write_sweep_spreadsheet(stored, folder / "sweep.xlsx", ENGLISH)
    write_sweep_figure(stored, ENGLISH)
    write_sweep_datapackage(stored)
    _write_manifest(folder, _state(sweep, schedule))


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    with replacing(folder / MANIFEST) as path:
        path.write_text(text, encoding="utf-8")
