"""Where else a truck could charge: the sites it could use in place of each high-power stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.drivers import trip_power_kw
from planner.routing.site_legs import site_legs
from planner.routing.stop_alternatives_kernel import (
    Found,
    PlannedStop,
    Ways,
    count_alternatives,
    fill_alternatives,
)
from planner.routing.stop_plans import StopKind
from planner.runs.random_streams import stable_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.site_legs import SiteLegs
    from planner.routing.stop_plans import StopPlans


@dataclass(frozen=True, slots=True)
class StopAlternatives:
    """High-power stops of all trips and the sites that each could be at.

    The alternatives of stop ``i`` are ``offset[i]:offset[i + 1]``; the first is the planned site.

    Parameters
    ----------
    plan_stop_idx : (n_stops,) int64
        Stop of the plans.
    offset : (n_stops + 1,) int64
        Where the alternatives of each stop begin.
    site_idx : (n_alternatives,) int32
        Site.
    arrival_h : (n_alternatives,) float64
        Arrival there, hours since Monday 00:00.
    extra_h : (n_alternatives,) float64
        Driving time beyond that of the plan, hours; 0 at the planned site.
    energy_kwh : (n_alternatives,) float64
        Energy charged there, kWh, > 0.
    plug_h : (n_alternatives,) float64
        Time at the charging point, hours, > 0.
    taste_h : (n_alternatives,) float64
        What the driver holds against the site, in hours; only differences count.
    """

    plan_stop_idx: NDArray[np.int64]
    offset: NDArray[np.int64]
    site_idx: NDArray[np.int32]
    arrival_h: NDArray[np.float64]
    extra_h: NDArray[np.float64]
    energy_kwh: NDArray[np.float64]
    plug_h: NDArray[np.float64]
    taste_h: NDArray[np.float64]

    @property
    def n_stops(self) -> int:
        """Number of high-power stops."""
        return len(self.plan_stop_idx)


def stop_alternatives(
    graph: RoadGraph,
    sites: Sites,
    trips: Trips,
    plans: StopPlans,
    drivers: Drivers,
    *,
    max_extra_h: float,
) -> StopAlternatives:
    """Sites at which trucks could charge instead, each stop by itself.

    Parameters
    ----------
    plans : StopPlans
        Their plans, made with these drivers.
    drivers : Drivers
        Trucks, rules, power of the points and tastes.
    max_extra_h : float
        Longest additional driving time for another site, hours; 0 allows sites that cost none.

    Returns
    -------
    StopAlternatives
        Of all high-power stops, in the order of the plans.

    Notes
    -----
    A stop moves to a site that the truck reaches with its minimum of energy. There it charges what
    brings it to its next place with the energy of the plan or, where that does not fit into the
    battery, as much as does, if it still arrives above its minimum. Neither leg may grow beyond
    the longest driving time without a break, or beyond its planned length where that is longer.
    Breaks and rests further on are not planned anew: this is how far a truck would go for a
    better price, not another plan.
    """
    is_hpc = plans.stop_kind != StopKind.LPC_REST
    plan_stop_idx = np.flatnonzero(is_hpc)
    trip = plans.stop_trip_idx[plan_stop_idx]
    site_hash = np.array([stable_hash(str(name)) for name in sites.site_id], dtype=np.uint64)
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], Found]] = []
    for network, rows in drivers.networks(graph, trips.select(trip)):
        of_rows = trip[rows]
        ends = trips.origin_node_idx[of_rows], trips.destination_node_idx[of_rows]
        legs = site_legs(graph, sites, network, *ends)
        stops = _planned_stops(trips, plans, drivers, legs, plan_stop_idx[rows])
        n_alternatives, found = _alternatives(stops, legs, drivers, site_hash, max_extra_h)
        parts.append((rows, n_alternatives, found))
    return _in_order(plans, plan_stop_idx, parts)


def _planned_stops(
    trips: Trips,
    plans: StopPlans,
    drivers: Drivers,
    legs: SiteLegs,
    stop: NDArray[np.int64],
) -> PlannedStop:
    trip = plans.stop_trip_idx[stop]
    vehicle = trips.vehicle_class_idx[trip]
    is_first = stop == plans.stop_offset[trip]
    is_last = stop == plans.stop_offset[trip + 1] - 1
    origin = np.searchsorted(legs.origin_node_idx, trips.origin_node_idx[trip])
    destination = np.searchsorted(legs.destination_node_idx, trips.destination_node_idx[trip])
    before = plans.stop_site_idx[np.maximum(stop - 1, 0)]
    after = plans.stop_site_idx[np.minimum(stop + 1, plans.n_stops - 1)]

    def of_vehicle(name: str) -> NDArray[np.float64]:
        return np.array([getattr(each, name) for each in drivers.vehicles], dtype=float)[vehicle]

    battery_kwh = of_vehicle("battery_kwh")
    min_kwh = of_vehicle("min_soc_share") * battery_kwh
    next_soc_share = np.where(
        is_last,
        plans.final_soc_share[trip],
        plans.stop_arrival_soc_share[np.minimum(stop + 1, plans.n_stops - 1)],
    )
    # who drives on abroad needs what is left
    is_bound = is_last & (trips.abroad_after_km[trip] > 0.0)
    consumption = np.where(
        trips.is_loaded[trip],
        of_vehicle("consumption_loaded_kwh_km"),
        of_vehicle("consumption_empty_kwh_km"),
    )
    return PlannedStop(
        site_idx=plans.stop_site_idx[stop],
        before_idx=np.where(is_first, origin, before).astype(np.int64),
        after_idx=np.where(is_last, destination, after).astype(np.int64),
        is_first=is_first,
        is_last=is_last,
        is_break=plans.stop_kind[stop] == StopKind.HPC_BREAK,
        energy_kwh=plans.stop_energy_kwh[stop],
        arrival_kwh=plans.stop_arrival_soc_share[stop] * battery_kwh,
        plug_h=plans.stop_plug_h[stop],
        spare_kwh=np.where(is_bound, 0.0, next_soc_share * battery_kwh - min_kwh),
        to_kwh=battery_kwh * drivers.charging.hpc_to_share,
        min_kwh=min_kwh,
        consumption_kwh_km=consumption,
        charging_kw=trip_power_kw(
            drivers.vehicles, trips.vehicle_class_idx[trip], drivers.charging.hpc_kw
        ),
        curve=drivers.curves[vehicle],
        trip_id=trips.trip_id[trip],
    )


def _alternatives(
    stops: PlannedStop,
    legs: SiteLegs,
    drivers: Drivers,
    site_hash: NDArray[np.uint64],
    max_extra_h: float,
) -> tuple[NDArray[np.int64], Found]:
    ways = Ways(*(getattr(legs, name) for name in Ways._fields))
    max_driving_h = drivers.limits.drive_to_break_h
    n_alternatives = np.zeros(len(stops.site_idx), dtype=np.int64)
    count_alternatives(stops, ways, max_extra_h, max_driving_h, site_hash, _room(0), n_alternatives)
    offset = np.concatenate([[0], np.cumsum(n_alternatives)])
    found = _room(int(offset[-1]))
    fill_alternatives(
        stops,
        ways,
        max_extra_h,
        max_driving_h,
        drivers.choice.taste_scale_h,
        np.uint64(drivers.taste_key),
        site_hash,
        offset,
        found,
    )
    return n_alternatives, found


def _room(n: int) -> Found:
    return Found(np.zeros(n, np.int32), *(np.zeros(n) for _ in range(5)))


def _in_order(
    plans: StopPlans,
    plan_stop_idx: NDArray[np.int64],
    parts: list[tuple[NDArray[np.int64], NDArray[np.int64], Found]],
) -> StopAlternatives:
    """Alternatives of trucks of all speeds, in the order of the stops."""
    n_alternatives = np.zeros(len(plan_stop_idx), dtype=np.int64)
    for rows, n_of_rows, _ in parts:
        n_alternatives[rows] = n_of_rows
    offset = np.concatenate([[0], np.cumsum(n_alternatives)])
    columns = _room(int(offset[-1]))
    for rows, n_of_rows, found in parts:
        # Each part holds its rows one after the other; among all stops they lie scattered.
        ends = np.cumsum(n_of_rows)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - n_of_rows, n_of_rows)
        at = np.repeat(offset[rows], n_of_rows) + within
        for name in Found._fields:
            getattr(columns, name)[at] = getattr(found, name)
    stop = np.repeat(plan_stop_idx, n_alternatives)
    return StopAlternatives(
        plan_stop_idx=plan_stop_idx,
        offset=offset,
        site_idx=columns.site_idx,
        arrival_h=plans.stop_arrival_h[stop] + columns.shift_h,
        extra_h=columns.extra_h,
        energy_kwh=columns.energy_kwh,
        plug_h=columns.plug_h,
        taste_h=columns.taste_h,
    )
