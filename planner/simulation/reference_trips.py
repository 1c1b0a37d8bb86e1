"""The same trips by trucks that never charge, and what charging adds to them.

The reference truck drives the quickest way, takes the same breaks and daily rests where the rules
ask for them, with the same choice between break and rest, and enters the road graph from abroad
at the same time with the same driving behind it. It is planned exactly: the shortest of all legal
ways to place breaks and rests on the drive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import travel_matrix
from planner.routing.stop_plans import StopKind
from planner.simulation.reference_trips_kernel import fill_reference_trips

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.routing.drivers import Drivers
    from planner.routing.driving_kernel import Limits
    from planner.routing.stop_plans import StopPlans


@dataclass(frozen=True, slots=True)
class ReferenceTrips:
    """Trips without charging, from entry into the road graph to the destination node.

    Parameters
    ----------
    duration_h : (n_trips,) float64
        Driving, breaks and rests, hours; NaN where there is no way.
    drive_h : (n_trips,) float64
        Driving alone, hours; NaN where there is no way.
    distance_km : (n_trips,) float64
        Length of the way, km; NaN where there is none.
    n_breaks, n_rests : (n_trips,) int16
        Breaks and daily rests.
    """

    duration_h: NDArray[np.float64]
    drive_h: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    n_breaks: NDArray[np.int16]
    n_rests: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class ExtraTime:
    """What charging adds to each trip against its reference, by cause; NaN where not served.

    The parts add up to ``total_h``. A charging stop in a break or daily rest that the reference
    takes as well adds nothing.

    Parameters
    ----------
    detour_h : (n_trips,) float64
        Driving to sites and on slower ways, hours.
    breaks_h, rests_h : (n_trips,) float64
        Breaks and daily rests more, or less, than the reference takes, plugged in or not, hours.
    intermediate_h : (n_trips,) float64
        Stops made for energy alone, hours.
    waiting_h : (n_trips,) float64
        Queues, and charging after a daily rest whose overnight point was taken, hours.
    distance_km : (n_trips,) float64
        Extra distance, km.
    """

    detour_h: NDArray[np.float64]
    breaks_h: NDArray[np.float64]
    rests_h: NDArray[np.float64]
    intermediate_h: NDArray[np.float64]
    waiting_h: NDArray[np.float64]
    distance_km: NDArray[np.float64]

    @property
    def total_h(self) -> NDArray[np.float64]:
        """Extra duration of each trip, hours."""
        return self.detour_h + self.breaks_h + self.rests_h + self.intermediate_h + self.waiting_h


def reference_trips(
    graph: RoadGraph,
    trips: Trips,
    drivers: Drivers,
    limits: Limits | None = None,
    direct: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> ReferenceTrips:
    """Drive all trips without charging.

    Parameters
    ----------
    drivers : Drivers
        Those of the electric trips: trucks from abroad enter at the same times.
    limits : Limits, optional
        Others than those of the drivers.
    direct : tuple of (n_trips,) float64, optional
        Driving time and length of each trip's quickest way, hours and km, inf where there is none;
        without them they are measured.
    """
    truck = drivers.trucks(trips)
    drive_h, distance_km = _direct_ways(graph, trips, drivers) if direct is None else direct
    stop_h = np.empty(trips.n_trips)
    n_breaks = np.empty(trips.n_trips, np.int16)
    n_rests = np.empty(trips.n_trips, np.int16)
    fill_reference_trips(
        drive_h,
        trips.departure_h,
        trips.initial_soc_share * truck[:, 0],
        trips.abroad_before_km,
        truck,
        drivers.limits if limits is None else limits,
        stop_h,
        n_breaks,
        n_rests,
    )
    has_way = np.isfinite(drive_h)
    return ReferenceTrips(
        duration_h=drive_h + stop_h,
        drive_h=np.where(has_way, drive_h, np.nan),
        distance_km=np.where(has_way, distance_km, np.nan),
        n_breaks=n_breaks,
        n_rests=n_rests,
    )


def _direct_ways(
    graph: RoadGraph, trips: Trips, drivers: Drivers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Time and length of each trip's quickest way."""
    drive_h, distance_km = np.empty(trips.n_trips), np.empty(trips.n_trips)
    for network, chosen in drivers.networks(graph, trips):
        origin = trips.origin_node_idx[chosen]
        destination = trips.destination_node_idx[chosen]
        ways = travel_matrix(network, origin, destination)
        pair = ways.row(origin), ways.column(destination)
        drive_h[chosen] = ways.time_h[pair]
        distance_km[chosen] = ways.length_km[pair]
    return drive_h, distance_km


def extra_time(
    plans: StopPlans,
    reference: ReferenceTrips,
    limits: Limits,
    arrival_h: NDArray[np.float64] | None = None,
) -> ExtraTime:
    """What charging adds to each trip.

    Parameters
    ----------
    arrival_h : (n_trips,) float64, optional
        Arrivals with queues (:func:`~planner.simulation.metrics.destination_arrival_h`); without
        them nobody waits.
    """
    hold_h = _sum_of_stops(plans, plans.stop_hold_h)
    waiting_h = np.zeros(plans.n_trips)
    if arrival_h is not None:
        legs_h = plans.first_leg_h + _sum_of_stops(plans, plans.stop_next_leg_h)
        waiting_h = arrival_h - plans.entry_h - legs_h - hold_h
    is_intermediate = plans.stop_kind == StopKind.HPC_INTERMEDIATE
    taken_h = plans.stop_hold_h + limits.stop_cost_h
    unplugged_h = plans.unplugged_length_h + limits.stop_cost_h

    def hours_of(kind: StopKind, is_unplugged: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Time of the stops of a kind and of what is like it unplugged, (n_trips,)."""
        trip, hours = plans.unplugged_trip_idx, unplugged_h * is_unplugged
        plugged_h = _sum_of_stops(plans, taken_h * (plans.stop_kind == kind))
        return plugged_h + np.bincount(trip, hours, minlength=plans.n_trips)

    break_h, rest_h = limits.break_h + limits.stop_cost_h, limits.rest_h + limits.stop_cost_h
    reference_rests_h = reference.n_rests * rest_h
    if limits.ban.days or limits.week.n_days:
        # Rests differ in length, and bans make them longer.
        stands_h = reference.duration_h - reference.drive_h
        reference_rests_h = stands_h - reference.n_breaks * break_h
    is_rest = plans.unplugged_is_rest
    unserved = np.where(plans.is_served, 0.0, np.nan)
    return ExtraTime(
        detour_h=plans.drive_h - reference.drive_h,
        breaks_h=hours_of(StopKind.HPC_BREAK, ~is_rest) - reference.n_breaks * break_h + unserved,
        rests_h=hours_of(StopKind.LPC_REST, is_rest) - reference_rests_h + unserved,
        intermediate_h=_sum_of_stops(plans, taken_h * is_intermediate) + unserved,
        waiting_h=waiting_h + unserved,
        distance_km=plans.distance_km - reference.distance_km,
    )


def _sum_of_stops(plans: StopPlans, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum over the stops of each trip, (n_trips,)."""
    sums = np.bincount(plans.stop_trip_idx, value, minlength=plans.n_trips)
    return sums.astype(np.float64)
