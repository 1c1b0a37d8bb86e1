"""A plan of a country as a kind of study: its inputs, its stages, its files."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

from numba import get_num_threads

from planner.plan.input_files import input_files
from planner.plan.prices import check_objectives
from planner.plan.study_inputs import read_inputs
from planner.routing.partitions import one_after_another
from planner.runs.perform import Study, perform
from planner.tables.language import translated

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from planner.plan.compute import PlanOutcome
    from planner.plan.study_inputs import StudyInputs
    from planner.reporting.figures.drawing import Drawing
    from planner.routing.partitions import PartitionWorkers
    from planner.runs.progress import TimedStages
    from planner.runs.run_directory import RunDirectory
    from planner.scenario.model import Scenario


def _read(scenario: Scenario, stages: TimedStages) -> StudyInputs:
    """Read roads, sites and trips; depots that trips start at are planned later."""
    _make_ready_beside()
    check_objectives(scenario)
    with stages("Reading roads and trips"):
        return read_inputs(scenario, with_depots=False)


def _compute(
    scenario: Scenario,
    inputs: StudyInputs,
    directory: RunDirectory,
    stages: TimedStages,
    workers: PartitionWorkers = one_after_another,
) -> PlanOutcome:
    _make_ready_beside()
    from planner.plan.compute import compute_plan  # noqa: PLC0415  # see _make_ready

    return compute_plan(scenario, inputs, directory, stages, workers)


@cache
def _make_ready_beside() -> None:
    Thread(target=_make_ready, daemon=True).start()


def _make_ready() -> None:
    """Import what inputs are computed with, and what is made of a computed plan.

    Kernels let go of Python's lock meanwhile, and so does work on the arrays of trips.
    """
    import_module("planner.plan.compute")  # a tenth of a second
    from planner.studies.plan_folder import make_ready  # noqa: PLC0415  # half a second

    make_ready()


def _write(outcome: PlanOutcome, folder: Path) -> None:
    from planner.studies.plan_folder import write_results  # noqa: PLC0415  # see _make_ready

    write_results(outcome, folder)


def _manifest(outcome: PlanOutcome, provenance: dict[str, Any]) -> dict[str, Any]:
    from planner.reporting.manifest import plan_manifest  # noqa: PLC0415  # see _make_ready

    results = replace(outcome.results, provenance=provenance)
    return plan_manifest(results) | {
        "inputs": outcome.inputs,
        "translations": translated("inputs", outcome.inputs),
    }


def _finish(outcome: PlanOutcome, folder: Path, stages: TimedStages, drawing: Drawing) -> None:
    from planner.studies.plan_folder import write_shown  # noqa: PLC0415  # see _make_ready

    write_shown(outcome, folder, stages, drawing)


def _drawing() -> AbstractContextManager[Drawing]:
    """Who draws the figures: begins while tables are written, of which half takes one core."""
    from planner.reporting.figures.drawing import drawn_with  # noqa: PLC0415  # see _make_ready

    return drawn_with(get_num_threads())


PLAN: Study[Scenario, StudyInputs, PlanOutcome] = Study(
    kind="plan",
    files=input_files,
    read=_read,
    compute=_compute,
    write=_write,
    page=None,
    manifest=_manifest,
    finish=_finish,
    beside=_drawing,
)


def run_plan(
    scenario: Scenario, *, cluster: str | None = None, workers: int | None = None, **more: Any
) -> Path:
    """Plan a scenario; its folder.

    Parameters
    ----------
    cluster : str, optional
        Address of a dask scheduler whose workers plan the stops of trips, or ``"local"`` for as
        many processes of this machine as ``workers`` says. Results do not depend on it.
    workers, **more
        See :func:`~planner.runs.perform.perform`.

    Raises
    ------
    ClusterError
        If the cluster is not there, or not of this version.
    """
    if cluster is None:
        return perform(PLAN, scenario, workers=workers, **more)
    from planner.plan.cluster_stops import ClusterWorkers  # noqa: PLC0415  # half a second

    on_cluster = partial(_compute, workers=ClusterWorkers(cluster, workers))
    return perform(replace(PLAN, compute=on_cluster), scenario, workers=workers, **more)
