"""Partitions of trips planned by the workers of a dask cluster."""

from __future__ import annotations

import warnings
from collections import deque
from concurrent.futures import CancelledError
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from distributed import KilledWorker, as_completed, get_worker

from planner.errors import ClusterError
from planner.routing.partitions import plan_partition
from planner.runs.cluster import LOCAL, refuse_other_versions, versions_of, workforce
from planner.runs.cluster_address import refuse_wrong_address
from planner.runs.kernel_threads import kernel_threads
from planner.said import AsWritten, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Client, Future

    from planner.demand.trips import Trips
    from planner.routing.drivers import Drivers
    from planner.routing.partitions import PartedTrips, Partition
    from planner.routing.site_ways import SiteWays
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance

_PLANNED_BY = "planner.routing.partitions"
_ONE_AT_A_TIME = Lock()
"""Kernels use the worker's threads themselves."""


@dataclass(frozen=True, slots=True)
class ClusterWorkers:
    """Workers of this machine or of a cluster: a partition of trips is a task.

    What a worker that dies was at is done by another. Nothing but the scheduler's connections is
    shared: plans come back by them.

    Parameters
    ----------
    address : str
        Address of a running scheduler, or ``"local"`` for processes of this machine.
    n_workers : int, optional
        Processes of this machine; one per processor core by default.

    Raises
    ------
    ClusterError
        If no scheduler answers there.
    """

    address: str
    n_workers: int | None = None

    def __post_init__(self) -> None:
        """Refuse a wrong address before anything is read."""
        if self.address != LOCAL:
            refuse_wrong_address(self.address)

    def __call__(
        self, parted: PartedTrips, to_do: Sequence[Partition], progress: Advance
    ) -> Iterator[tuple[Partition, StopPlans]]:
        """Plan partitions, and give each with its plans when it is done.

        Raises
        ------
        ClusterError
            If a worker has another version of the planner or of what it computes with, too many
            die over a partition, or the scheduler is gone.
        """
        n_trips, n_done = sum(len(one.trip_idx) for one in to_do), 0
        with workforce(len(to_do), self.n_workers, self.address, _PLANNED_BY) as force:
            refuse_other_versions(force.client, self.address, _PLANNED_BY)
            tasks = _Tasks(parted, force.client, force.threads)
            for partition, plans in tasks.done(to_do):
                n_done += len(partition.trip_idx)
                progress(n_done, n_trips)
                yield partition, plans


class _Tasks:
    """Partitions on their way to the workers and back."""

    def __init__(self, parted: PartedTrips, client: Client, threads: int | None) -> None:
        self._parted = parted
        self._client = client
        self._threads = threads
        self._versions = versions_of(_PLANNED_BY)
        self._ways: dict[int, Future] = {}

    def done(self, partitions: Sequence[Partition]) -> Iterator[tuple[Partition, StopPlans]]:
        """Give partitions as they are done."""
        to_do = deque(partitions)
        sent: dict[Future, Partition] = {}
        futures = as_completed(loop=self._client.loop)
        while to_do or sent:
            # One waiting task per worker: all at once would fill the scheduler's memory with trips.
            while to_do and len(sent) < 2 * max(len(self._client.nthreads()), 1):
                partition = to_do.popleft()
                future = self._submit(partition)
                sent[future] = partition
                futures.add(future)
            future = next(futures)
            partition = sent.pop(future)
            yield partition, _result(future)
            needed = {one.group for one in (*to_do, *sent.values())}
            self._ways = {group: ways for group, ways in self._ways.items() if group in needed}

    def _submit(self, partition: Partition) -> Future:
        client, parted = self._client, self._parted
        with warnings.catch_warnings():
            # The roads of a continent are megabytes in a task. As scattered data they would be
            # lost with the worker that holds them.
            warnings.filterwarnings("ignore", message="Sending large graph")
            if partition.group not in self._ways:
                ways = parted.ways(partition.group)
                self._ways[partition.group] = client.submit(_held, ways, pure=False)
            return client.submit(
                _plan_on_worker,
                self._ways[partition.group],
                parted.trips.select(partition.trip_idx),
                parted.drivers,
                threads=self._threads,
                versions=self._versions,
                pure=False,
            )


def _held(ways: SiteWays) -> SiteWays:
    """Ways in a worker's memory: they are measured once there, for all its partitions."""
    return ways


def _plan_on_worker(
    ways: SiteWays,
    trips: Trips,
    drivers: Drivers,
    *,
    threads: int | None,
    versions: dict[str, str],
) -> StopPlans:
    """Plan a partition, with as many threads as the worker has where none are given."""
    worker = get_worker()
    if versions_of(_PLANNED_BY) != versions:  # of a worker that came later
        told = "worker {address}: has another version of the planner than this computer"
        msg = said(told, address=AsWritten(worker.address))
        raise ClusterError(msg)
    with _ONE_AT_A_TIME, kernel_threads(threads or worker.state.nthreads):
        return plan_partition(ways, trips, drivers)


def _result(future: Future) -> StopPlans:
    try:
        plans: StopPlans = future.result()
    except CancelledError as gone:
        msg = said(
            "the cluster's scheduler is gone; finished partitions are kept: the same command "
            "with --resume goes on"
        )
        raise ClusterError(msg) from gone
    except KilledWorker as killed:
        msg = said(
            "{n} workers died over one partition of trips, maybe out of memory; finished "
            "partitions are kept: give workers more memory or take fewer, then the same command "
            "with --resume goes on",
            n=killed.allowed_failures + 1,
        )
        raise ClusterError(msg) from killed
    return plans
