"""What a worker of the cluster does: read inputs that several runs share, and plan one run."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from time import monotonic, perf_counter
from typing import TYPE_CHECKING

from distributed import get_worker

from planner.network.load import load_network
from planner.plan.study_inputs import read_demand, read_inputs
from planner.runs.perform import perform
from planner.studies import plan_folder  # noqa: F401  # workers write folders: imported once for all
from planner.studies.plan_study import PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from distributed import Worker

    from planner.demand.load import DemandReport
    from planner.demand.trips import Trips
    from planner.network.cleaning import NetworkReport
    from planner.network.graph import RoadGraph
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario

_SECONDS_BETWEEN_EVENTS = 0.5

_ONE_RUN_AT_A_TIME = Lock()
"""Kernels use the worker's threads themselves, and GDAL's settings belong to the process."""


def read_roads(scenario: Scenario) -> tuple[RoadGraph, NetworkReport]:
    """Read the roads of a scenario, for all runs on the same network."""
    return load_network(scenario.network)


def read_trips(
    scenario: Scenario, roads: tuple[RoadGraph, NetworkReport]
) -> tuple[Trips, DemandReport]:
    """Read the trips of a scenario, for all runs with the same demand and seed."""
    return read_demand(scenario, roads[0])


def plan_run(
    scenario: Scenario,
    folder: Path,
    roads: tuple[RoadGraph, NetworkReport],
    demand: tuple[Trips, DemandReport],
    *,
    threads: int | None,
    topic: str,
    run: str,
) -> float:
    """Plan one replication of one scenario, or go on where a worker died over it.

    Parameters
    ----------
    roads, demand : tuple
        Inputs that it shares with other runs.
    threads : int, optional
        Threads to use; as many as the worker has by default.
    topic : str
        Topic of the events that tell the stages.
    run : str
        What the events call the run.

    Returns
    -------
    float
        Seconds it took.
    """
    worker = get_worker()
    with _ONE_RUN_AT_A_TIME:
        started = perf_counter()
        folder.parent.mkdir(parents=True, exist_ok=True)
        perform(
            PLAN,
            scenario,
            out=folder,
            workers=threads or worker.state.nthreads,
            resume=True,
            progress=_Events(worker, topic, run),
            inputs=read_inputs(scenario, roads=roads, demand=demand),
            # A worker that was given up, or of a sweep that was killed, may still be on it.
            wait=True,
        )
        return perf_counter() - started


class _Events:
    """Listener that tells whoever started the sweep, a few times a second at most."""

    def __init__(self, worker: Worker, topic: str, run: str) -> None:
        self._worker = worker
        self._topic = topic
        self._run = run
        self._last = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[Advance]:
        """Tell that a stage begins, and how far it is."""
        self._tell(name, 0.0)

        def advance(done: int, total: int) -> None:
            if monotonic() - self._last >= _SECONDS_BETWEEN_EVENTS:
                self._tell(name, done / max(total, 1))

        yield advance

    def _tell(self, stage: str, share: float) -> None:
        self._last = monotonic()
        event = {"run_name": self._run, "stage": stage, "share": share}
        self._worker.log_event(self._topic, event)
