"""What the stop planner hands on: the stops of every trip."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


class StopKind(IntEnum):
    """Kind of a plugged-in stop."""

    HPC_BREAK = 0
    """High-power charging during the mandatory break."""
    HPC_INTERMEDIATE = 1
    """High-power charging only because the state of charge would fall under the minimum."""
    LPC_REST = 2
    """Low-power charging during the daily rest."""


MOST_STATES = 200_000
"""States that the search for a trip's plan looks at before it is given up for a coarser one: four
times those of the longest ways through Europe."""


class TripStatus(IntEnum):
    """Whether a trip could be planned, and if not, why."""

    SERVED = 0
    NO_ROUTE = 1
    """The destination cannot be reached on the road graph."""
    NO_SITE_IN_RANGE = 2
    """No sequence of sites, on any way, keeps the battery above its minimum, not of a truck that
    starts full either: a hole of the network."""
    STARTS_BELOW_MINIMUM = 3
    """The truck starts with less than the minimum state of charge and no site at hand."""
    STARTS_TOO_LOW = 4
    """The truck does not reach a site with what it starts with; one that starts full would."""


@dataclass(frozen=True, slots=True)
class StopPlans:
    """Stops of all trips: per-trip arrays, and flat arrays of stops in the order of driving.

    The stops of trip ``i`` are ``stop_offset[i]:stop_offset[i + 1]``, the breaks and daily rests
    that it takes unplugged on its legs ``unplugged_offset[i]:unplugged_offset[i + 1]``. A trip has
    one leg more than stops: leg ``k`` ends at its stop ``k``, the last at the destination. Times
    are the plan's own: without queues beyond the expected waiting the plan was made with.

    Parameters
    ----------
    status : (n_trips,) int8
        :class:`TripStatus`.
    stop_offset : (n_trips + 1,) int64
        Where the stops of each trip begin.
    entry_h : (n_trips,) float64
        When the trip enters the road graph, hours since Monday 00:00.
    arrival_h : (n_trips,) float64
        Planned arrival at the destination node; NaN where not served.
    first_leg_h : (n_trips,) float64
        From entry to the first stop (or to the destination where there is none), driving and
        unplugged breaks and rests, hours; NaN where not served.
    distance_km : (n_trips,) float64
        Driven on the road graph, detours to sites included, km; NaN where not served.
    direct_distance_km : (n_trips,) float64
        Without any charging detour, km; NaN where there is no route.
    drive_h : (n_trips,) float64
        Driving time on the road graph, hours; NaN where not served.
    n_unplugged_breaks, n_unplugged_rests : (n_trips,) int16
        Mandatory breaks and daily rests taken at rest areas without a plug.
    entry_soc_share, final_soc_share : (n_trips,) float64
        State of charge on entering and on leaving the road graph, share of the battery; the
        latter NaN where not served.
    stranded_node_idx : (n_trips,) int32
        Where an unserved trip strands: the farthest node that it still reaches; -1 where served.
    looked_km : (n_trips,) float64
        Detour up to which sites could have had a say in the plan, km; inf where all could.
    is_first_try : (n_trips,) bool
        Whether the truck drives the quickest ways, keeps its minimum and charges at no border to
        come to its first site. Only so no site more makes it later: where it could not, a new site
        may be what it needs to do so, and it may be the longer way.
    is_exact : (n_trips,) bool
        Whether the search for the best plan ended. Else there were more states than it looks at,
        and the plan is that of a coarser search, which may take longer than it must.
    stop_site_idx : (n_stops,) int32
        Site of each stop.
    stop_kind : (n_stops,) int8
        :class:`StopKind`.
    stop_arrival_h : (n_stops,) float64
        Planned arrival at the plug, hours since Monday 00:00.
    stop_plug_h : (n_stops,) float64
        Time the plug stays occupied, hours, > 0.
    stop_hold_h : (n_stops,) float64
        Time from plug-in to departure, hours, >= ``stop_plug_h``.
    stop_energy_kwh : (n_stops,) float64
        Energy charged, kWh, > 0.
    stop_arrival_soc_share : (n_stops,) float64
        State of charge on arrival, share of the battery.
    stop_next_leg_h : (n_stops,) float64
        From departure to the next stop or the destination, driving and unplugged stops, hours.
    unplugged_offset : (n_trips + 1,) int64
        Where the unplugged breaks and rests of each trip begin.
    unplugged_leg : (n_unplugged,) int32
        Leg of the trip that each is taken on, from 0.
    unplugged_after_drive_h : (n_unplugged,) float64
        Driving on that leg before it, hours, breaks and rests before it left out.
    unplugged_length_h : (n_unplugged,) float64
        Its length, hours; the second part of a split break is the shorter one.
    unplugged_is_rest : (n_unplugged,) bool
        Whether it is a daily rest; else it is a break.
    """

    status: NDArray[np.int8]
    stop_offset: NDArray[np.int64]
    entry_h: NDArray[np.float64]
    arrival_h: NDArray[np.float64]
    first_leg_h: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    direct_distance_km: NDArray[np.float64]
    drive_h: NDArray[np.float64]
    n_unplugged_breaks: NDArray[np.int16]
    n_unplugged_rests: NDArray[np.int16]
    entry_soc_share: NDArray[np.float64]
    final_soc_share: NDArray[np.float64]
    stranded_node_idx: NDArray[np.int32]
    looked_km: NDArray[np.float64]
    is_first_try: NDArray[np.bool_]
    is_exact: NDArray[np.bool_]
    stop_site_idx: NDArray[np.int32]
    stop_kind: NDArray[np.int8]
    stop_arrival_h: NDArray[np.float64]
    stop_plug_h: NDArray[np.float64]
    stop_hold_h: NDArray[np.float64]
    stop_energy_kwh: NDArray[np.float64]
    stop_arrival_soc_share: NDArray[np.float64]
    stop_next_leg_h: NDArray[np.float64]
    unplugged_offset: NDArray[np.int64]
    unplugged_leg: NDArray[np.int32]
    unplugged_after_drive_h: NDArray[np.float64]
    unplugged_length_h: NDArray[np.float64]
    unplugged_is_rest: NDArray[np.bool_]

    @property
    def n_trips(self) -> int:
        """Number of trips, served or not."""
        return len(self.status)

    @property
    def n_stops(self) -> int:
        """Number of plugged-in stops."""
        return len(self.stop_site_idx)

    @property
    def is_served(self) -> NDArray[np.bool_]:
        """Mask of the trips that could be planned, (n_trips,)."""
        served: NDArray[np.bool_] = self.status == TripStatus.SERVED
        return served

    @property
    def stop_trip_idx(self) -> NDArray[np.int64]:
        """Trip of each stop, (n_stops,)."""
        return np.repeat(np.arange(self.n_trips), np.diff(self.stop_offset))

    @property
    def unplugged_trip_idx(self) -> NDArray[np.int64]:
        """Trip of each unplugged break and rest, (n_unplugged,)."""
        return np.repeat(np.arange(self.n_trips), np.diff(self.unplugged_offset))

    @property
    def leg_offset(self) -> NDArray[np.int64]:
        """Where the legs of each trip begin, (n_trips + 1,)."""
        return self.stop_offset + np.arange(self.n_trips + 1)

    def lowest_soc_share(self) -> NDArray[np.float64]:
        """Lowest state of charge on any arrival of each trip, NaN where not served, (n_trips,)."""
        lowest = self.final_soc_share.copy()
        np.minimum.at(lowest, self.stop_trip_idx, self.stop_arrival_soc_share)
        return lowest

    def is_below(self, min_soc_share: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Mask of the trips whose truck arrives anywhere below its minimum, (n_trips,).

        Parameters
        ----------
        min_soc_share : (n_trips,) float64
            Minimum state of charge of each trip's truck.
        """
        return np.asarray(self.lowest_soc_share() < min_soc_share - SOC_TOLERANCE_SHARE)

    def select(self, chosen: NDArray[np.int64]) -> StopPlans:
        """Plans of some trips.

        Parameters
        ----------
        chosen : (n_chosen,) int64
            Trips, in any order.

        Returns
        -------
        StopPlans
            In that order.
        """
        rows = {"": chosen}
        columns: dict[str, Any] = {}
        for part in _PARTS:
            offset, rows[part] = _rows_of(getattr(self, f"{part}_offset"), chosen)
            columns[f"{part}_offset"] = offset
        for name in _COLUMNS:
            columns[name] = getattr(self, name)[rows[part_of(name)]]
        return StopPlans(**columns)

    @classmethod
    def merged(cls, parts: Iterable[StopPlans], trip_idx: Sequence[NDArray[np.int64]]) -> StopPlans:
        """Plans of several parts as those of all trips.

        Parameters
        ----------
        parts : iterable of StopPlans
            Each trip in one of them. Of those that nobody else holds a column at a time is held
            twice.
        trip_idx : sequence of (n,) int64
            Trips of each part.
        """
        of_parts: dict[str, list[NDArray[Any]]] = {field.name: [] for field in fields(cls)}
        for plans in parts:
            for name, arrays in of_parts.items():
                arrays.append(getattr(plans, name))
            del plans  # the last one would be held all along
        n_trips = sum(map(len, trip_idx))
        columns: dict[str, Any] = {}
        rows: dict[str, Sequence[NDArray[np.int64]]] = {"": trip_idx}
        for part in _PARTS:
            n_of_trip = np.zeros(n_trips, dtype=np.int64)
            for of_part, trip in zip(of_parts.pop(f"{part}_offset"), trip_idx, strict=True):
                n_of_trip[trip] = np.diff(of_part)
            offset = columns[f"{part}_offset"] = offsets(n_of_trip)
            rows[part] = [_rows_of(offset, trip)[1] for trip in trip_idx]
        for name in _COLUMNS:
            into, of_column = rows[part_of(name)], of_parts.pop(name)
            columns[name] = np.empty(sum(map(len, into)), dtype=of_column[0].dtype)
            for row, values in zip(into, of_column, strict=True):
                columns[name][row] = values
        return cls(**columns)

    def with_plans_of(self, chosen: NDArray[np.int64], plans: StopPlans) -> StopPlans:
        """Plans in which some trips have other plans.

        Parameters
        ----------
        chosen : (n_chosen,) int64
            The trips, each once.
        plans : StopPlans
            Their new plans, in that order.

        Returns
        -------
        StopPlans
            All trips, in the order of these plans.
        """
        if len(chosen) != plans.n_trips:
            message = f"{len(chosen)} trips are chosen, but there are {plans.n_trips} plans"
            raise ValueError(message)
        columns: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(plans, name)]) for name in _COLUMNS
        }
        for name in (f"{part}_offset" for part in _PARTS):
            before = getattr(self, name)
            columns[name] = np.concatenate([before, before[-1] + getattr(plans, name)[1:]])
        row = np.arange(self.n_trips)
        row[chosen] = self.n_trips + np.arange(len(chosen))
        return StopPlans(**columns).select(row)


SOC_TOLERANCE_SHARE = 1e-6
"""State of charge by which an arrival may miss the minimum for rounding alone."""

_PARTS = ("stop", "unplugged")
"""What a trip has any number of; the names of fields with a value for each begin so."""

_COLUMNS = tuple(field.name for field in fields(StopPlans) if not field.name.endswith("_offset"))
"""All fields with a value per trip or per part of one."""


def part_of(name: str) -> str:
    """Tell what a field has a value for: a trip, where it is none of its parts."""
    first = name.partition("_")[0]
    return first if first in _PARTS else ""


def _rows_of(
    offset: NDArray[np.int64], chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Offsets of the parts of some trips, and their rows among those of all."""
    n_parts = np.diff(offset)[chosen]
    chosen_offset = offsets(n_parts)
    within = np.arange(chosen_offset[-1]) - np.repeat(chosen_offset[:-1], n_parts)
    return chosen_offset, np.repeat(offset[chosen], n_parts) + within


def offsets(n_parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the parts of each trip begin, (n_trips + 1,)."""
    return np.concatenate([[0], np.cumsum(n_parts, dtype=np.int64)])
