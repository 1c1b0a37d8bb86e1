"""Giving the runs of a sweep to the workers, in an order that keeps all of them busy."""

from __future__ import annotations

from collections import deque
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from distributed import KilledWorker, as_completed

from planner.errors import ClusterError, InvariantError, PlannerError
from planner.runs.cluster import workforce
from planner.said import said
from planner.sweeping.replications import replications_wanted
from planner.sweeping.runs import SweepRun
from planner.sweeping.worker_tasks import plan_run, read_roads, read_trips
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from distributed import Client, Future

    from planner.runs.cluster import Workforce
    from planner.runs.progress import Advance
    from planner.scenario.sweep import Sweep, Variant


class SweepListener(Protocol):
    """Whoever wants to know how far a sweep is; called from more than one thread."""

    def wanted(self, runs: Iterable[SweepRun]) -> None:
        """These runs belong to the sweep too."""
        ...

    def kept(self, run: SweepRun) -> None:
        """A run is done since an earlier time."""
        ...

    def stage(self, run_name: str, stage: str, share: float) -> None:
        """A run is so far in a stage."""
        ...

    def finished(self, run: SweepRun, seconds: float) -> None:
        """A run is done."""
        ...

    def failed(self, run: SweepRun, fault: str) -> None:
        """A run cannot be done."""
        ...

    def writing(self) -> None:
        """All runs are done; tables, page, map and figures are being written."""
        ...


class Schedule:
    """The runs of a sweep: those that are done, those to do, and what came of them.

    Parameters
    ----------
    listener : SweepListener
        Told how far it is.
    """

    def __init__(self, sweep: Sweep, root: Path, listener: SweepListener) -> None:
        self._rule = sweep.definition.replicate_until
        self._root = root
        self._listener = listener
        self._runs: dict[str, list[SweepRun]] = {variant.label: [] for variant in sweep.variants}
        self._open: set[str] = set()
        self.faults: dict[str, str] = {}
        self.to_do: deque[SweepRun] = deque()
        n_first = sweep.definition.replications
        for variant, runs in [(each, self._more(each, n_first)) for each in sweep.variants]:
            self._take_on(variant, runs)
        # The fleets with the most trucks take longest: last, they would keep one worker alone.
        self.to_do = deque(sorted(self.to_do, key=_electric_share, reverse=True))

    @property
    def runs(self) -> list[SweepRun]:
        """All runs in the order of the variants and replications."""
        return [run for runs in self._runs.values() for run in runs]

    @property
    def n_at_most(self) -> int:
        """Runs that there may be to do, those that the rule may add included."""
        most = self._rule.at_most if self._rule else 0
        n_more = sum(max(most - len(runs), 0) for runs in self._runs.values())
        return len(self.to_do) + n_more

    def settle(self, run: SweepRun, fault: str = "") -> None:
        """Take note that a run is done, or why not, and ask for more replications if need be."""
        self._open.discard(run.name)
        if fault:
            self.faults[run.name] = fault
        self._replicate_further(run.variant)

    def _more(self, variant: Variant, n_runs: int) -> list[SweepRun]:
        """Runs that a combination needs beyond those it has, to have so many."""
        runs = self._runs[variant.label]
        new = [SweepRun(variant, number, self._root) for number in range(len(runs) + 1, n_runs + 1)]
        runs += new
        self._listener.wanted(new)
        return new

    def _take_on(self, variant: Variant, runs: list[SweepRun]) -> None:
        """Keep runs that are done, and put the others on the list."""
        for run in runs:
            if run.is_complete():
                self._listener.kept(run)
            else:
                self._open.add(run.name)
                self.to_do.append(run)
        self._replicate_further(variant)

    def _replicate_further(self, variant: Variant) -> None:
        runs = self._runs[variant.label]
        is_open = any(run.name in self._open or run.name in self.faults for run in runs)
        if self._rule is None or is_open:
            return
        waits = [
            run.manifest["summary"]["solutions"][self._rule.solution][MEAN_WAIT.name]
            for run in runs
        ]
        n_wanted = replications_wanted(waits, self._rule)
        if n_wanted > len(runs):
            self._take_on(variant, self._more(variant, n_wanted))


def _electric_share(run: SweepRun) -> float:
    return run.scenario.demand.electrification_share


def do_runs(
    schedule: Schedule,
    listener: SweepListener,
    advance: Advance,
    workers: int | None,
    address: str | None,
) -> None:
    """Have all runs of a schedule done.

    Parameters
    ----------
    schedule : Schedule
        What is to do; nothing is started where all is done.
    listener : SweepListener
        Told how far each run is.
    advance : callable
        Told how many of the runs are done that were to do.
    workers, address
        See :func:`~planner.runs.cluster.workforce`.

    Raises
    ------
    ClusterError
        If no scheduler answers at the address, or it is gone before the end.
    """
    if not schedule.to_do:
        return
    with workforce(schedule.n_at_most, workers, address, plan_run.__module__) as force:
        topic = f"planner-sweep-{uuid4().hex}"

        def tell(event: tuple[float, dict[str, Any]]) -> None:
            said = event[1]
            listener.stage(said["run_name"], said["stage"], said["share"])

        force.client.subscribe_topic(topic, tell)
        _Dispatch(force, topic).do(schedule, listener, advance)
        force.client.unsubscribe_topic(topic)


class _Dispatch:
    """Runs on their way to the workers and back."""

    def __init__(self, force: Workforce, topic: str) -> None:
        self._force = force
        self._topic = topic
        self._run_of: dict[Future, SweepRun] = {}
        self._shared: dict[str, Future] = {}

    def do(self, schedule: Schedule, listener: SweepListener, advance: Advance) -> None:
        n_done = 0
        advance(n_done, len(schedule.to_do))
        done = as_completed(loop=self._force.client.loop)
        while schedule.to_do or self._run_of:
            # One more than there are workers: nobody waits for the next, and what is left to
            # share with later runs is not read long before they come.
            while schedule.to_do and len(self._run_of) <= _n_threads(self._force.client):
                done.add(self._submit(schedule.to_do.popleft()))
            future = next(done)
            run = self._run_of.pop(future)
            fault = _fault_of(future, run)
            if fault:
                listener.failed(run, fault)
            else:
                listener.finished(run, future.result())
            schedule.settle(run, fault)
            n_done += 1
            advance(n_done, n_done + len(self._run_of) + len(schedule.to_do))
            self._release_what_nobody_needs(schedule)

    def _submit(self, run: SweepRun) -> Future:
        client, scenario = self._force.client, run.scenario
        roads_key, trips_key = _keys_of_inputs(run)
        if roads_key not in self._shared:
            self._shared[roads_key] = client.submit(read_roads, scenario, pure=False)
        roads = self._shared[roads_key]
        if trips_key not in self._shared:
            self._shared[trips_key] = client.submit(read_trips, scenario, roads, pure=False)
        future = client.submit(
            plan_run,
            scenario,
            run.folder,
            roads,
            self._shared[trips_key],
            threads=self._force.threads,
            topic=self._topic,
            run=run.name,
            pure=False,
        )
        self._run_of[future] = run
        return future

    def _release_what_nobody_needs(self, schedule: Schedule) -> None:
        needed = {
            key for run in (*schedule.to_do, *self._run_of.values()) for key in _keys_of_inputs(run)
        }
        self._shared = {key: future for key, future in self._shared.items() if key in needed}


def _keys_of_inputs(run: SweepRun) -> tuple[str, str]:
    """What the roads and the trips of a run depend on."""
    scenario = run.scenario
    roads = scenario.network.model_dump_json()
    demand = scenario.demand.model_dump_json()
    # Volumes that counts weigh anew depend on the routes that trucks take.
    routes = scenario.routing.route_spread
    return roads, f"{roads} {demand} {routes} {scenario.vehicles.mix} {scenario.seed}"


def _n_threads(client: Client) -> int:
    return sum(client.nthreads().values())


def _fault_of(future: Future, run: SweepRun) -> str:
    """Why a run failed; empty where it did not.

    Raises
    ------
    InvariantError
        If the fault is the planner's.
    ClusterError
        If the scheduler is gone.
    """
    try:
        error = future.exception()
    except CancelledError as gone:
        told = "the cluster's scheduler is gone; finished runs are kept: start the sweep again"
        msg = said(told)
        raise ClusterError(msg) from gone
    if error is None:
        if run.is_complete():
            return ""
        return (
            f"a worker planned it, and {run.folder} is not here: --out must lie in a file system "
            "that the workers share, and they must run this version of the planner"
        )
    if isinstance(error, InvariantError):
        raise error
    if isinstance(error, KilledWorker):
        return (
            f"{error.allowed_failures + 1} workers died over it, maybe out of memory; "
            "try fewer --workers"
        )
    if isinstance(error, (PlannerError, OSError)):
        return str(error)
    raise error
