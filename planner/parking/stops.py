"""Breaks and daily rests for which trucks look for a space on their way."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.parking.stops_due_kernel import fill_stops_due
from planner.routing.stop_plans import StopKind
from planner.simulation.reference_trips import reference_trips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans

_LEAST_WINDOW_H = 1e-6


@dataclass(frozen=True, slots=True)
class ParkingStops:
    """Stops, each with the stretch of the truck's way on which it may be made.

    Parameters
    ----------
    trip_idx : (n,) int64
        Trip of each, of the trips that they were made from.
    from_drive_h, to_drive_h : (n,) float64
        Driving from the trip's entry to where the driver begins to look for a space, and to where
        he has to stop, hours.
    start_h : (n,) float64
        When he begins to look, hours since Monday 00:00.
    length_h : (n,) float64
        How long the truck stands, hours.
    is_rest : (n,) bool
        Whether it is a daily rest, else a break.
    plugged_site_idx : (n,) int64
        Site at which the truck stands at an overnight point, -1 where it looks for any space.
    """

    trip_idx: NDArray[np.int64]
    from_drive_h: NDArray[np.float64]
    to_drive_h: NDArray[np.float64]
    start_h: NDArray[np.float64]
    length_h: NDArray[np.float64]
    is_rest: NDArray[np.bool_]
    plugged_site_idx: NDArray[np.int64]

    def __len__(self) -> int:
        """Number of stops."""
        return len(self.trip_idx)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> ParkingStops:
        """Stops of a mask or of indices, in that order."""
        return ParkingStops(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def later(self, hours: float) -> ParkingStops:
        """The same stops so many hours later."""
        return replace(self, start_h=self.start_h + hours)

    def of_trips(self, trip_idx: NDArray[np.int64]) -> ParkingStops:
        """The same stops, their trips counted as those that the present ones are among others."""
        return replace(self, trip_idx=trip_idx[self.trip_idx])

    @classmethod
    def joined(cls, parts: Sequence[ParkingStops]) -> ParkingStops:
        """Stops of several parts, one after the other."""
        return cls(
            *(
                np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            )
        )


def stops_without_charging(
    graph: RoadGraph, trips: Trips, drivers: Drivers, search_h: float
) -> ParkingStops:
    """Stops of trucks that never charge.

    Their drivers plan with limits shorter by ``search_h``, so that they may go on for so long from
    where they begin to look and break no rule, here or at any later stop. Who reaches his
    destination within that time makes no stop.
    """
    limits = drivers.limits
    week = limits.week
    if week.n_days:
        week = week._replace(day_h=week.day_h - search_h, long_day_h=week.long_day_h - search_h)
    sooner = limits._replace(
        drive_to_break_h=limits.drive_to_break_h - search_h,
        drive_to_rest_h=limits.drive_to_rest_h - search_h,
        week=week,
    )
    reference = reference_trips(graph, trips, drivers, sooner)
    n_due = reference.n_breaks.astype(np.int64) + reference.n_rests
    drives = np.flatnonzero(n_due)
    n_stops = n_due[drives]
    some, drive_h = trips.select(drives), reference.drive_h[drives]
    truck = drivers.trucks(some)
    first = np.concatenate([[0], np.cumsum(n_stops)])
    stops, entry_h = np.empty((int(first[-1]), 3)), np.empty(len(drives))
    fill_stops_due(
        drive_h,
        some.departure_h,
        some.initial_soc_share * truck[:, 0],
        some.abroad_before_km,
        truck,
        sooner,
        first,
        entry_h,
        stops,
    )
    of_stop = np.repeat(np.arange(len(drives)), n_stops)
    after_h, length_h = stops[:, 0], stops[:, 2]
    stood_h = _sums_before(length_h + limits.stop_cost_h, first[:-1], of_stop)
    found = ParkingStops(
        drives[of_stop],
        after_h,
        after_h + search_h,
        entry_h[of_stop] + after_h + stood_h,
        length_h,
        stops[:, 1] > 0.0,
        np.full(len(after_h), -1),
    )
    return found.select(np.isfinite(after_h) & (found.to_drive_h < drive_h[of_stop]))


def stops_of_electric_trucks(
    plans: StopPlans, trip_idx: NDArray[np.int64], search_h: float, stop_cost_h: float
) -> ParkingStops:
    """Stops of trucks that charge: rests at overnight points, and what they stand unplugged.

    Where they stand unplugged is measured in driving along their plan.

    Parameters
    ----------
    trip_idx : (n_plans,) int64
        Trip of each plan.
    """
    is_rest = plans.stop_kind == StopKind.LPC_REST
    plugged = ParkingStops(
        trip_idx[plans.stop_trip_idx[is_rest]],
        np.zeros(int(is_rest.sum())),
        np.zeros(int(is_rest.sum())),
        plans.stop_arrival_h[is_rest],
        plans.stop_hold_h[is_rest],
        np.ones(int(is_rest.sum()), np.bool_),
        plans.stop_site_idx[is_rest].astype(np.int64),
    )
    plan, leg = plans.unplugged_trip_idx, plans.unplugged_leg.astype(np.int64)
    stands_h = plans.unplugged_length_h + stop_cost_h
    first_leg, n_legs = plans.leg_offset[:-1], int(plans.leg_offset[-1])
    key = first_leg[plan] + leg
    leg_h = np.zeros(n_legs)
    leg_h[first_leg] = plans.first_leg_h
    of_stop = np.arange(plans.n_stops) + plans.stop_trip_idx + 1
    leg_h[of_stop] = plans.stop_next_leg_h
    begins_h = np.zeros(n_legs)
    begins_h[first_leg] = plans.entry_h
    begins_h[of_stop] = plans.stop_arrival_h + plans.stop_hold_h
    drive_h = np.nan_to_num(leg_h) - np.bincount(key, stands_h, minlength=n_legs)
    driven_h = np.cumsum(drive_h) - drive_h
    before_h = driven_h[key] - driven_h[first_leg[plan]]
    first_of_leg = np.searchsorted(key, np.arange(n_legs))
    stood_h = _sums_before(stands_h, first_of_leg, key)
    due_h = before_h + plans.unplugged_after_drive_h
    start_h = begins_h[key] + plans.unplugged_after_drive_h + stood_h
    window_h = np.minimum(search_h, due_h)
    unplugged = ParkingStops(
        trip_idx[plan],
        due_h - window_h,
        due_h + _LEAST_WINDOW_H,
        start_h - window_h,
        plans.unplugged_length_h,
        plans.unplugged_is_rest,
        np.full(len(plan), -1),
    )
    return ParkingStops.joined([plugged, unplugged])


def _sums_before(
    value: NDArray[np.float64], first: NDArray[np.int64], group: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum of the values before each in its group; groups are ascending."""
    before = np.cumsum(value) - value
    if not len(value):
        return before
    return before - before[np.minimum(first, len(value) - 1)][group]
