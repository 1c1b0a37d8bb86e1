"""Trips driven by the rule `break_first`, and how they become plans.

The driver follows the way from where he last stood to his destination until the first of two
points: where a break or rest is due, or where his charge comes to the minimum. He looks for a site
around it, stops there, and goes on from there by the same rule; nothing is optimised. All times on
a leg are counted in driving hours from the place it begins at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.break_first_rule_kernel import (
    ALWAYS,
    PARTLY_CHARGED,
    BreakFirst,
    Due,
    State,
    Way,
    energy_point_h,
    energy_stop,
    nearest_sites,
    next_due,
    site_around,
    stop_charge_kwh,
    stop_length_h,
    way_from,
)
from planner.routing.corridor_kernel import ORIGIN, Legs
from planner.routing.driving_kernel import TOLERANCE, Limits
from planner.routing.plan_writing_kernel import (
    ARRIVAL_H,
    CHARGED_KWH,
    DISTANCE_KM,
    DRIVE_H,
    FINAL_KWH,
    FIRST_LEG_H,
    HOLD_H,
    KIND,
    NEXT_LEG_H,
    PLUG_H,
    SITE,
    STOP_ARRIVAL_H,
    STOP_ARRIVAL_KWH,
    UNPLUGGED_AFTER_DRIVE_H,
    UNPLUGGED_BREAKS,
    UNPLUGGED_IS_REST,
    UNPLUGGED_LEG,
    UNPLUGGED_LENGTH_H,
    UNPLUGGED_RESTS,
    PlanRows,
    stops_of,
    unplugged_of,
)
from planner.routing.stop_planner_kernel import (
    NO_SITE_IN_RANGE,
    SERVED,
    STARTS_BELOW_MINIMUM,
    TripRows,
    begin_trip,
)
from planner.routing.trip_bound_kernel import HPC_BREAK, HPC_INTERMEDIATE, LPC_REST
from planner.routing.truck_kernel import Truck, hpc_charging_h
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

STARTS_TOO_LOW = 4
"""As :class:`~planner.routing.stop_plans.TripStatus`."""


@inner_kernel
def after_unplugged(
    state: State,
    due: Due,
    row: int,
    n_stops: int,
    limits: Limits,
    plans: PlanRows,
) -> State:
    """Write a break or rest without charging where it is due, and go on after it."""
    is_rest = due.kind == LPC_REST
    trip = plans.trip[row]
    n_before = int(trip[UNPLUGGED_BREAKS] + trip[UNPLUGGED_RESTS])
    room = unplugged_of(plans, row)
    if n_before < len(room):
        unplugged = room[n_before]
        unplugged[UNPLUGGED_LEG] = n_stops
        unplugged[UNPLUGGED_AFTER_DRIVE_H] = due.at_h
        unplugged[UNPLUGGED_LENGTH_H] = stop_length_h(due.kind, limits)
        unplugged[UNPLUGGED_IS_REST] = is_rest
    trip[UNPLUGGED_RESTS if is_rest else UNPLUGGED_BREAKS] += 1.0
    return State(
        state.place,
        state.clock_h,
        state.energy_kwh,
        due.at_h,
        state.held_h + limits.stop_cost_h + stop_length_h(due.kind, limits),
        0.0,
        0.0 if is_rest else state.since_rest_h + due.left_h,
        not is_rest,
    )


@inner_kernel
def after_stop(
    state: State,
    site: int,
    kind: int,
    hold_h: float,
    charged_kwh: float,
    way: Way,
    truck: Truck,
    limits: Limits,
) -> State:
    """State of a truck that leaves a site after a stop."""
    drive_h = way.to_h[site] - state.driven_h
    resets = kind != HPC_INTERMEDIATE
    is_rest = kind == LPC_REST
    return State(
        site,
        state.clock_h + way.to_h[site] + state.held_h + limits.stop_cost_h + hold_h,
        state.energy_kwh - way.to_km[site] * truck.kwh_per_km + charged_kwh,
        0.0,
        0.0,
        0.0 if resets else state.since_break_h + drive_h,
        0.0 if is_rest else state.since_rest_h + drive_h,
        (not is_rest) if resets else state.is_rest_next,
    )


@inner_kernel
def add_leg(
    row: int, n_stops: int, drive_h: float, km: float, held_h: float, plans: PlanRows
) -> None:
    """Write the leg that ends at the next stop or the destination."""
    trip, stops = plans.trip[row], stops_of(plans, row)
    if n_stops == 0:
        trip[FIRST_LEG_H] = drive_h + held_h
    elif n_stops <= len(stops):
        stops[n_stops - 1, NEXT_LEG_H] = drive_h + held_h
    trip[DISTANCE_KM] += km
    trip[DRIVE_H] += drive_h


@inner_kernel
def write_stop_at(
    state: State,
    site: int,
    kind: int,
    hold_h: float,
    charged_kwh: float,
    row: int,
    n_stops: int,
    way: Way,
    truck: Truck,
    limits: Limits,
    plans: PlanRows,
) -> None:
    """Write a stop at a site and the leg that leads there."""
    held_h = state.held_h + limits.stop_cost_h
    add_leg(row, n_stops, way.to_h[site], way.to_km[site], held_h, plans)
    room = stops_of(plans, row)
    if n_stops >= len(room):
        return
    stop = room[n_stops]
    arrival_kwh = state.energy_kwh - way.to_km[site] * truck.kwh_per_km
    frees = kind == HPC_BREAK and limits.frees_plug_when_charged
    stop[SITE] = site
    stop[KIND] = kind
    stop[STOP_ARRIVAL_H] = state.clock_h + way.to_h[site] + held_h
    stop[PLUG_H] = hpc_charging_h(truck, arrival_kwh, charged_kwh) if frees else hold_h
    stop[HOLD_H] = hold_h
    stop[CHARGED_KWH] = charged_kwh
    stop[STOP_ARRIVAL_KWH] = arrival_kwh
    stop[NEXT_LEG_H] = 0.0


@inner_kernel
def stop_for_energy(
    state: State,
    point_h: float,
    latest_h: float,
    due: Due,
    floor_kwh: float,
    required_kwh: float,
    truck: Truck,
    way: Way,
    limits: Limits,
    rule: BreakFirst,
    is_visited: NDArray[np.bool_],
) -> tuple[int, int, float, float]:
    """Site, kind, length and energy of a stop where charge runs out; -1 and no energy if none."""
    nearest = nearest_sites(
        point_h, latest_h, floor_kwh, state, truck, way, is_visited, HPC_INTERMEDIATE, rule, False
    )
    # Rather than strand he turns back, as long as he has not yet stopped on the leg.
    if nearest[0] < 0 and state.driven_h == 0.0:
        nearest = nearest_sites(
            point_h,
            latest_h,
            floor_kwh,
            state,
            truck,
            way,
            is_visited,
            HPC_INTERMEDIATE,
            rule,
            True,
        )
    site = site_around(nearest, 0.0, HPC_INTERMEDIATE, state, way, rule)
    if site < 0:
        return site, HPC_INTERMEDIATE, 0.0, 0.0
    kind, hold_h, charged_kwh = energy_stop(
        state, site, due, required_kwh, truck, way, limits, rule
    )
    return site, kind, hold_h, charged_kwh


@inner_kernel
def stop_when_due(
    state: State,
    due: Due,
    floor_kwh: float,
    truck: Truck,
    way: Way,
    limits: Limits,
    rule: BreakFirst,
    is_visited: NDArray[np.bool_],
) -> tuple[int, int, float, float]:
    """Site, kind, length and energy of the break or rest that is due; -1 and no energy if none."""
    point_h = max(state.driven_h, due.at_h - rule.before_limit_h)
    latest_h = due.at_h + rule.late_h
    nearest = nearest_sites(
        point_h, latest_h, floor_kwh, state, truck, way, is_visited, due.kind, rule, False
    )
    site = site_around(nearest, due.at_h - rule.early_h, due.kind, state, way, rule)
    charged_kwh = 0.0
    if site >= 0:
        arrival_kwh = state.energy_kwh - way.to_km[site] * truck.kwh_per_km
        charged_kwh = stop_charge_kwh(due.kind, arrival_kwh, truck, limits)
    return site, due.kind, stop_length_h(due.kind, limits), charged_kwh


@inner_kernel
def follow_rule(
    row: int,
    entry: tuple[float, float, float, float, float],
    origin: int,
    destination: int,
    truck: Truck,
    legs: Legs,
    trips: TripRows,
    limits: Limits,
    rule: BreakFirst,
    is_visited: NDArray[np.bool_],
    plans: PlanRows,
) -> tuple[bool, int]:
    """Drive one trip by the rule and write its stops.

    Returns
    -------
    is_served : bool
    n_stops : int
        Also where there is room for fewer, and of what an unserved truck still reached.
    """
    required_kwh = trips.required_kwh[row]
    starts_full = trips.initial_kwh[row] >= truck.battery_kwh - TOLERANCE
    always_plugs_in = rule.plugs_in == ALWAYS or (
        rule.plugs_in == PARTLY_CHARGED and not starts_full
    )
    floor_kwh = trips.floor_kwh[row]
    # Who has driven longer since his rest than since his break abroad has had the break.
    is_rest_next = entry[3] > entry[2] + TOLERANCE
    state = State(ORIGIN, entry[0], entry[1], 0.0, 0.0, entry[2], entry[3], is_rest_next)
    n_stops = 0
    looks_for_energy = True
    while True:
        way = way_from(state.place, origin, destination, legs)
        due = next_due(state, limits, rule)
        is_due = due.at_h < way.direct_h - TOLERANCE
        final_kwh = state.energy_kwh - way.direct_km * truck.kwh_per_km
        falls_short = final_kwh < required_kwh - TOLERANCE
        energy_h = np.inf
        if falls_short and looks_for_energy:
            energy_h = energy_point_h(state, final_kwh, required_kwh, truck, way)
        is_for_energy = energy_h < (due.at_h - TOLERANCE if is_due else np.inf)
        if is_for_energy:
            # A break due behind the destination cannot be taken on the way: no site lies beyond it.
            latest_h = np.inf if is_due else due.at_h + rule.late_h
            site, kind, hold_h, charged_kwh = stop_for_energy(
                state,
                energy_h,
                latest_h,
                due,
                floor_kwh,
                required_kwh,
                truck,
                way,
                limits,
                rule,
                is_visited,
            )
            if site >= 0 and way.to_h[site] > due.at_h + rule.late_h + TOLERANCE:
                state = after_unplugged(state, due, row, n_stops, limits, plans)
                continue
            if charged_kwh <= TOLERANCE:
                looks_for_energy = False
                continue
        elif is_due:
            charged_kwh = 0.0
            if falls_short or always_plugs_in:
                site, kind, hold_h, charged_kwh = stop_when_due(
                    state, due, floor_kwh, truck, way, limits, rule, is_visited
                )
            if charged_kwh <= TOLERANCE:
                state = after_unplugged(state, due, row, n_stops, limits, plans)
                continue
        else:
            break
        write_stop_at(
            state, site, kind, hold_h, charged_kwh, row, n_stops, way, truck, limits, plans
        )
        state = after_stop(state, site, kind, hold_h, charged_kwh, way, truck, limits)
        is_visited[site] = True
        n_stops += 1
        looks_for_energy = True
    add_leg(row, n_stops, way.direct_h, way.direct_km, state.held_h, plans)
    plans.trip[row, ARRIVAL_H] = state.clock_h + way.direct_h + state.held_h
    plans.trip[row, FINAL_KWH] = final_kwh
    least_kwh = floor_kwh if rule.drives_below_minimum else required_kwh
    return final_kwh >= least_kwh - TOLERANCE, n_stops


@inner_kernel(inline="always")
def follow_rule_of_pair(
    pair: int, legs: Legs, trips: TripRows, limits: Limits, rule: BreakFirst, plans: PlanRows
) -> None:
    """Drive all trips of an OD pair by the rule."""
    origin, destination = trips.pair_origin[pair], trips.pair_destination[pair]
    direct_km = legs.direct_km[origin, destination]
    is_visited = np.empty(legs.between_h.shape[0], np.bool_)
    for row in range(trips.first_trip[pair], trips.first_trip[pair + 1]):
        truck, entry = begin_trip(row, direct_km, trips, limits, plans)
        if not np.isfinite(direct_km):
            continue
        trip = plans.trip[row]
        if entry[1] < trips.floor_kwh[row] - TOLERANCE:
            plans.status[row] = STARTS_BELOW_MINIMUM
            continue
        trip[DISTANCE_KM], trip[DRIVE_H] = 0.0, 0.0
        for site in range(is_visited.size):  # numba takes seconds over an array into an array
            is_visited[site] = legs.is_closed[site]
        is_served, n_stops = follow_rule(
            row, entry, origin, destination, truck, legs, trips, limits, rule, is_visited, plans
        )
        if is_served:
            plans.status[row] = SERVED
            plans.n_stops[row] = n_stops
            continue
        trip[FIRST_LEG_H], trip[DISTANCE_KM], trip[DRIVE_H] = np.nan, np.nan, np.nan
        trip[ARRIVAL_H], trip[FINAL_KWH] = np.nan, np.nan
        trip[UNPLUGGED_BREAKS], trip[UNPLUGGED_RESTS] = 0.0, 0.0
        starts_low = n_stops == 0 and trips.initial_kwh[row] < truck.battery_kwh - TOLERANCE
        plans.status[row] = STARTS_TOO_LOW if starts_low else NO_SITE_IN_RANGE


@kernel(nogil=True)
def follow_rule_of_pairs(
    first_pair: int,
    last_pair: int,
    legs: Legs,
    trips: TripRows,
    limits: Limits,
    rule: BreakFirst,
    plans: PlanRows,
) -> None:
    """Drive the trips of some OD pairs by the rule; batches run side by side in threads."""
    for pair in range(first_pair, last_pair):
        follow_rule_of_pair(pair, legs, trips, limits, rule, plans)
