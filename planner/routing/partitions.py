"""Stops planned partition by partition, so that memory is that of one partition and of the plans.

A partition holds the trips of some OD pairs whose trucks find the roads alike. It depends on the
trips and drivers alone, and the plan of a trip on no other trip: whoever plans the partitions, in
whatever order, the plans are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

import numpy as np

from planner.routing.known_plans import KnownPlans, write_planned_for
from planner.routing.partition_files import PartitionFile
from planner.routing.site_legs import shortest_trees_of_legs
from planner.routing.site_ways import SiteWays
from planner.routing.stop_planner import plan_stops
from planner.routing.stop_plans import StopPlans
from planner.runs.kernel_threads import one_ahead, one_behind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.path_trees import PathTrees
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.runs.progress import Advance

MOST_TRIPS = 20_000
"""Trips of a partition; more only where one OD pair has more. A minute's work among thousands of
sites, three seconds' in a country."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Some trips of a study.

    Parameters
    ----------
    number : int
        From 0.
    group : int
        Whose trucks find the roads alike has the same number; ascending with ``number``.
    trip_idx : (n,) int64
        The trips, ascending.
    """

    number: int
    group: int
    trip_idx: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PartedTrips:
    """Trips of a study in partitions, with all that they are planned by."""

    graph: RoadGraph
    sites: Sites
    trips: Trips
    drivers: Drivers
    partitions: tuple[Partition, ...]

    @classmethod
    def of(cls, graph: RoadGraph, sites: Sites, trips: Trips, drivers: Drivers) -> PartedTrips:
        """Part trips by speed and draw of the roads, then by OD block."""
        found: list[Partition] = []
        for group, (*_, chosen) in enumerate(drivers.groups(trips)):
            for block in _od_blocks(trips.select(chosen), MOST_TRIPS):
                found.append(Partition(len(found), group, np.sort(chosen[block])))
        if not found:  # without trips
            found.append(Partition(0, 0, np.empty(0, np.int64)))
        return cls(graph, sites, trips, drivers, tuple(found))

    def ways(self, group: int, shortest: PathTrees | None = None) -> SiteWays:
        """Legs of the partitions of a group, measured when first asked for.

        Parameters
        ----------
        shortest : PathTrees, optional
            Those of :meth:`shortest_trees`, where they serve other groups too.
        """
        rows = np.concatenate([one.trip_idx for one in self.partitions if one.group == group])
        ends = self.trips.origin_node_idx[rows], self.trips.destination_node_idx[rows]
        return SiteWays(self.graph, self.sites, *ends, shortest)

    def shortest_trees(self) -> PathTrees:
        """Trees of shortest ways for all groups, grown when first asked for."""
        return shortest_trees_of_legs(self.graph, self.sites, self.trips.origin_node_idx)


class PartitionWorkers(Protocol):
    """Who plans partitions: this process, or others."""

    def __call__(
        self, parted: PartedTrips, to_do: Sequence[Partition], progress: Advance
    ) -> Iterator[tuple[Partition, StopPlans]]:
        """Plan partitions, and give each with its plans when it is done, in any order."""
        ...


def one_after_another(
    parted: PartedTrips, to_do: Sequence[Partition], progress: Advance
) -> Iterator[tuple[Partition, StopPlans]]:
    """Plan partitions in this process.

    Legs of the next group are measured meanwhile, where memory is meant for both.
    """
    n_trips, n_done = sum(len(one.trip_idx) for one in to_do), 0
    groups = [list(some) for _, some in groupby(to_do, key=lambda one: one.group)]
    all_ways = one_ahead(_measured_ways(parted, groups))
    for ways, partitions in zip(all_ways, groups, strict=True):
        for partition in partitions:

            def told(n_planned: int, _: int, n_before: int = n_done) -> None:
                progress(n_before + n_planned, n_trips)

            trips = parted.trips.select(partition.trip_idx)
            yield partition, plan_partition(ways, trips, parted.drivers, told)
            n_done += len(partition.trip_idx)


def _measured_ways(
    parted: PartedTrips, groups: Sequence[Sequence[Partition]]
) -> Iterator[SiteWays]:
    """Ways of groups one after another, measured where they are few."""
    shortest = parted.shortest_trees()
    for partitions in groups:
        ways = parted.ways(partitions[0].group, shortest)
        if ways.are_few:
            ways.measure(parted.drivers, parted.trips.select(partitions[0].trip_idx))
        yield ways


def plan_partition(
    ways: SiteWays, trips: Trips, drivers: Drivers, progress: Advance | None = None
) -> StopPlans:
    """Plan the trips of a partition."""
    return plan_stops(
        ways.graph, ways.sites, trips, drivers, ways=ways, tells_stranded=True, progress=progress
    )


def plan_in_partitions(
    parted: PartedTrips,
    folder: Path | None = None,
    workers: PartitionWorkers = one_after_another,
    progress: Advance | None = None,
    known: KnownPlans | None = None,
) -> StopPlans:
    """Plan all trips, going on where an interrupted run left off.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where finished partitions are kept, each as a Parquet file of its own; those that are there
        are not planned again. Without it they are kept in memory.
    progress : callable, optional
        Told how many trips of how many are done.
    known : KnownPlans, optional
        Plans that are taken instead of being made.

    Returns
    -------
    StopPlans
        Of all trips in their order.
    """
    files = {one.number: PartitionFile(folder, one.number) for one in parted.partitions if folder}
    in_memory: dict[int, StopPlans] = {}
    kept = {number for number, file in files.items() if file.is_whole()}
    whole = {one.number: one for one in parted.partitions if one.number not in kept}
    if known is None:
        known = KnownPlans(None, np.full(parted.trips.n_trips, -1, np.int64))
    unknown = [
        replace(one, trip_idx=one.trip_idx[known.row[one.trip_idx] < 0]) for one in whole.values()
    ]
    to_do = [one for one in unknown if len(one.trip_idx) or known.plans is None]
    n_all = parted.trips.n_trips
    n_kept = n_all - sum(len(one.trip_idx) for one in to_do)

    def told(n_done: int, _: int) -> None:
        if progress is not None:
            progress(n_kept + n_done, n_all)

    def keep(number: int, plans: StopPlans | None) -> None:
        completed = _completed(whole[number], plans, known)
        if number in files:
            files[number].write(completed)
        else:
            in_memory[number] = completed

    for number in whole.keys() - {one.number for one in to_do}:
        keep(number, None)
    if to_do:
        left = replace(parted, partitions=tuple(to_do))
        one_behind(workers(left, to_do, told), lambda done: keep(done[0].number, done[1]))
    if folder is not None:
        write_planned_for(folder, parted)
    parts = (
        files[one.number].read() if files else in_memory.pop(one.number)
        for one in parted.partitions
    )
    return StopPlans.merged(parts, [one.trip_idx for one in parted.partitions])


def _completed(partition: Partition, plans: StopPlans | None, known: KnownPlans) -> StopPlans:
    """Plans of a partition: those that were made, with those that were known before."""
    of_known, is_known = known.of_trips(partition.trip_idx)
    parts = [(of_known, np.flatnonzero(is_known)), (plans, np.flatnonzero(~is_known))]
    there = [(part, rows) for part, rows in parts if part is not None]
    return StopPlans.merged(*zip(*there, strict=True))


def _od_blocks(trips: Trips, most_trips: int) -> Iterator[NDArray[np.int64]]:
    """Trips in blocks of whole OD pairs, by origin and destination."""
    order = np.lexsort((trips.destination_node_idx, trips.origin_node_idx))
    origin, destination = trips.origin_node_idx[order], trips.destination_node_idx[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (np.diff(origin) != 0) | (np.diff(destination) != 0)
    starts = np.append(np.flatnonzero(is_first), len(order))
    first = 0
    while first < len(order):
        # The last pair that ends within the room of the block, or the first alone.
        end = int(starts[np.searchsorted(starts, first + most_trips, side="right") - 1])
        if end <= first:
            end = int(starts[np.searchsorted(starts, first, side="right")])
        yield order[first:end]
        first = end
