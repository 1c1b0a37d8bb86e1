"""Plans of an earlier planning that hold for another one: of trips that are the same there.

Beside the partitions of a planning lies what they were planned for, its trips and sites. The plan
of a trip depends on no other trip: with other trips beside it, it stays. Where sites differ it
stays as far as :class:`~planner.routing.site_differences.SiteDifferences` says.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from planner.demand.trips import Trips
from planner.network.sites import Sites
from planner.routing.partition_files import PartitionFile
from planner.routing.site_differences import SiteDifferences
from planner.routing.stop_plans import StopPlans
from planner.runs.stage_files import (
    is_known_as_damaged,
    read_arrays,
    tell_of_damage_beside,
    write_arrays,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.routing.partitions import PartedTrips

_FILE = "planned-for.npz"
OF_SITES = (
    "site_id",
    "off_road_km",
    "attachment_site_idx",
    "attachment_arc_idx",
    "attachment_offset_km",
)
"""What stops are planned by of all that is known of sites."""
OF_TRIPS = tuple(field.name for field in fields(Trips) if field.name != "electrification_rank")
"""Of trips: all but what tells at which share a trip is electric."""


class KnownPlans(NamedTuple):
    """Plans of some trips, known before these are planned.

    Parameters
    ----------
    plans : StopPlans
        Of ``n_known`` trips.
    row : (n_trips,) int64
        Which of them is that of each trip of the study; -1 where none is.
    folder : pathlib.Path or None
        Where they come from; None where nothing is known.
    """

    plans: StopPlans | None
    row: NDArray[np.int64]
    folder: Path | None = None

    @property
    def n_known(self) -> int:
        """Trips whose plans are known."""
        return int(np.count_nonzero(self.row >= 0))

    def of_trips(self, trip_idx: NDArray[np.int64]) -> tuple[StopPlans | None, NDArray[np.bool_]]:
        """Plans of those of some trips that are known, and which these are."""
        row = self.row[trip_idx]
        is_known = row >= 0
        return (None if self.plans is None else self.plans.select(row[is_known])), is_known


def write_planned_for(folder: Path, parted: PartedTrips) -> None:
    """Write what finished partitions in a folder were planned for, where that is not there."""
    if read_arrays(folder / _FILE) is not None:
        return
    sites = {f"sites.{name}": getattr(parted.sites, name) for name in OF_SITES}
    sites["sites.site_id"] = sites["sites.site_id"].astype(str)
    trips = {f"trips.{name}": getattr(parted.trips, name) for name in OF_TRIPS}
    rows = [one.trip_idx for one in parted.partitions]
    partitions = {
        "partitions.trip_idx": np.concatenate(rows),
        "partitions.n_trips": np.array([len(row) for row in rows]),
    }
    write_arrays(folder / _FILE, sites | trips | partitions)


def known_plans(folders: Sequence[Path], parted: PartedTrips) -> KnownPlans:
    """The plans of one of some earlier plannings that hold for most trips.

    Parameters
    ----------
    folders : sequence of pathlib.Path
        Of plannings on the same roads by the same drivers. What is not whole is passed over.
    parted : PartedTrips
        What is to be planned.
    """
    best = KnownPlans(None, np.full(parted.trips.n_trips, -1, np.int64))
    for folder in folders:
        found = _known_in(folder, parted)
        if found is not None and found.n_known > best.n_known:
            best = found
        if best.n_known == parted.trips.n_trips:
            break
    return best


def _known_in(folder: Path, parted: PartedTrips) -> KnownPlans | None:
    if is_known_as_damaged(folder):
        return None
    stored = read_arrays(folder / _FILE, tell_of_damage_beside)
    if stored is None:
        return None
    before, same = _same_trips(stored, parted.trips)
    parts = np.split(stored["partitions.trip_idx"], np.cumsum(stored["partitions.n_trips"])[:-1])
    files = [PartitionFile(folder, number) for number in range(len(parts))]
    if not len(same) or not all(file.is_whole(tell_of_damage_beside) for file in files):
        return None
    plans = StopPlans.merged((file.read() for file in files), parts).select(before)
    differ = SiteDifferences.of(_sites(stored, parted.sites), parted.sites)
    leaves = np.flatnonzero(differ.leave(parted.graph, parted.trips.select(same), plans))
    plans = plans.select(leaves)
    plans = replace(plans, stop_site_idx=differ.now_idx[plans.stop_site_idx])
    row = np.full(parted.trips.n_trips, -1, np.int64)
    row[same[leaves]] = np.arange(len(leaves))
    return KnownPlans(plans, row, folder)


def _same_trips(
    stored: Mapping[str, NDArray[Any]], trips: Trips
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Trips of an earlier planning that are the same in this one, and which they are here."""
    _, before, now = np.intersect1d(
        stored["trips.trip_id"], trips.trip_id, assume_unique=True, return_indices=True
    )
    is_same = np.ones(len(now), np.bool_)
    for name in OF_TRIPS:
        is_same &= stored[f"trips.{name}"][before] == getattr(trips, name)[now]
    return before[is_same], now[is_same]


def _sites(stored: Mapping[str, NDArray[Any]], like: Sites) -> Sites:
    """Sites of an earlier planning, as far as stops are planned by them."""
    known = {name: stored[f"sites.{name}"] for name in OF_SITES}
    known["site_id"] = known["site_id"].astype(object)
    n_sites = len(known["site_id"])
    columns: dict[str, Any] = {}
    for field in fields(Sites):
        values = getattr(like, field.name)
        # What stops are not planned by is unknown.
        columns[field.name] = None if values is None else np.zeros(n_sites, values.dtype)
    return Sites(**columns | known)
