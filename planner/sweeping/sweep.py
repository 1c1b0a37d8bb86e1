"""The one door to sweeps: from a sweep's definition to its folder."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from numba import get_num_threads

from planner.errors import SweepError
from planner.plan.finished_run import FinishedRun, read_finished_run
from planner.reporting.figures.drawing import DrawnHere, drawn_with
from planner.reporting.gis.export import write_map
from planner.reporting.gis.sweep_map import SWEEP_MAP, read_sweep_map
from planner.runs.manifests import MANIFEST, SWEEP_MANIFEST
from planner.runs.own_files import own_files
from planner.runs.perform import Study, perform
from planner.runs.run_directory import RunDirectory
from planner.said import with_points
from planner.scenario.sweep import Sweep, load_sweep
from planner.studies.plan_study import PLAN
from planner.sweeping.datapackage import write_sweep_datapackage
from planner.sweeping.figures import write_sweep_figures
from planner.sweeping.report import write_sweep_report
from planner.sweeping.schedule import Schedule, SweepListener, do_runs
from planner.sweeping.spreadsheet import write_sweep_spreadsheet
from planner.sweeping.tables import (
    DIFFERENCES,
    difference_table,
    summary_schema,
    summary_table,
    sweep_schema,
    sweep_table,
)
from planner.tables.language import ENGLISH
from planner.tables.table_files import write_csv, write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from planner.reporting.figures.drawing import Drawing
    from planner.runs.progress import TimedStages
    from planner.sweeping.runs import SweepRun


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
) -> FinishedRun:
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
    return read_finished_run(
        perform_sweep(sweep, out=out, workers=workers, cluster=cluster, progress=listener)
    )


def perform_sweep(
    sweep: Sweep,
    *,
    out: Path | None = None,
    workers: int | None = None,
    resume: bool = True,  # noqa: ARG001  # a sweep always goes on
    progress: SweepListener | None = None,
    cluster: str | None = None,
) -> Path:
    """Do a sweep as :func:`run_sweep` does; its folder."""
    final = RunDirectory(out or Path("outputs") / sweep.name, "").final
    # Also a folder with runs of the planner whose manifest is damaged is one of a sweep.
    has_runs = any(own_files(run, MANIFEST) is not None for run in final.glob("runs/*/*"))
    with ExitStack() as at_end:
        doing = Doing(final, progress or _Quiet(), at_end, workers, cluster)
        return perform(doing.study(), sweep, out=final, resume=True, is_part=has_runs)


class SweepOutcome(NamedTuple):
    """The runs of a sweep, all done, and their figures side by side."""

    sweep: Sweep
    schedule: Schedule
    runs: pd.DataFrame
    summary: pd.DataFrame
    differences: pd.DataFrame


@dataclass(slots=True)
class Doing:
    """A sweep as a kind of study: its runs are done by others, in its final folder.

    Parameters
    ----------
    root : pathlib.Path
        The sweep's folder.
    listener : SweepListener
        Told how far it is.
    at_end : ExitStack
        Ends what is begun beside.
    workers, cluster
        See :func:`run_sweep`.
    """

    root: Path
    listener: SweepListener
    at_end: ExitStack
    workers: int | None = None
    cluster: str | None = None
    _drawing: Drawing = field(default_factory=DrawnHere, init=False)

    def study(self) -> Study[Sweep, Schedule, SweepOutcome]:
        """The steps of such a study."""
        return Study(
            kind="sweep",
            files=_input_files,
            read=self._read,
            compute=self._compute,
            write=self._write,
            page=None,
            manifest=_manifest,
            finish=self._finish,
            manifest_name=SWEEP_MANIFEST,
            is_open=lambda schedule: bool(schedule.to_do),
        )

    def _read(self, sweep: Sweep, _: TimedStages) -> Schedule:
        return Schedule(sweep, self.root, self.listener)

    def _compute(
        self, sweep: Sweep, schedule: Schedule, directory: RunDirectory, stages: TimedStages
    ) -> SweepOutcome:
        directory.withdraw(_asked(sweep) | {"complete": False})
        with stages("Runs of the sweep") as advance:
            do_runs(schedule, self.listener, advance, self.workers, self.cluster)
        if schedule.faults:
            raise SweepError(_faults_text(schedule))
        self.listener.writing()
        self._drawing = self.at_end.enter_context(drawn_with(get_num_threads()))  # ready when asked
        runs = sweep_table(schedule.runs, sweep_schema(sweep.variants))
        summary = summary_table(runs, sweep.variants)
        return SweepOutcome(sweep, schedule, runs, summary, difference_table(runs, sweep.variants))

    def _write(self, outcome: SweepOutcome, folder: Path) -> None:
        variants = outcome.sweep.variants
        schema = sweep_schema(variants)
        write_csv(outcome.runs, schema, folder / "sweep.csv")
        write_csv(outcome.summary, summary_schema(variants), folder / "sweep_summary.csv")
        write_csv(outcome.differences, DIFFERENCES, folder / "sweep_differences.csv")
        write_parquet(outcome.runs, schema, folder / "sweep.parquet")
        with ThreadPoolExecutor(1) as thread:
            # GDAL works without Python's lock, and waits for the disk.
            mapped = thread.submit(self._write_map, folder)
            write_sweep_report(
                outcome.sweep,
                outcome.runs,
                outcome.summary,
                outcome.differences,
                self.root,
                to=folder,
                by=self._drawing,
            )
            mapped.result()

    def _write_map(self, folder: Path) -> None:
        write_map(read_sweep_map(self.root, tables=folder), folder, SWEEP_MAP, ENGLISH)

    def _finish(self, _: SweepOutcome, folder: Path, __: TimedStages, ___: None) -> None:
        stored = replace(read_finished_run(folder), runs_in=self.root)
        write_sweep_spreadsheet(stored, folder / "sweep.xlsx", ENGLISH)
        write_sweep_figures(stored, ENGLISH, self._drawing)
        write_sweep_datapackage(stored)


def _input_files(sweep: Sweep) -> dict[str, Path]:
    """Files and folders that any of its runs depends on."""
    return {
        f"{name} ({path})": path
        for variant in sweep.variants
        for name, path in PLAN.files(variant.scenario).items()
    }


def _asked(sweep: Sweep) -> dict[str, Any]:
    return {"kind": "sweep", "sweep": sweep.definition.model_dump(mode="json")}


def _manifest(outcome: SweepOutcome, _: Mapping[str, Any]) -> dict[str, Any]:
    replications = Counter(run.variant.label for run in outcome.schedule.runs)
    return _asked(outcome.sweep) | {"complete": True, "replications": dict(replications)}


def _faults_text(schedule: Schedule) -> str:
    n_done = len(schedule.runs) - len(schedule.faults)
    by_fault: dict[str, list[str]] = {}
    for name, fault in schedule.faults.items():
        by_fault.setdefault(fault, []).append(name)
    head = (
        f"{len(schedule.faults)} of {len(schedule.runs)} runs failed; {n_done} are done and "
        "kept: mend the fault and start the sweep again"
    )
    return with_points(head, [f"{', '.join(by)}: {fault}" for fault, by in by_fault.items()])
