"""Plans as rows, and how the best label of a search becomes one: stops, breaks and rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.corridor_kernel import HOURS, KM, Corridor
from planner.routing.drive_stops_kernel import (
    AFTER_DRIVE_H,
    IS_REST,
    LENGTH_H,
    N_PLACED_COLUMNS,
    place_stops,
)
from planner.routing.driving_calendar_kernel import ban_wait_h, day_rest_h
from planner.routing.driving_kernel import (
    counts_as_part,
    energy_session_h,
    saved_by_part_h,
    set_out,
    unplugged_h,
)
from planner.routing.label_kernel import (
    CLOCK_H,
    DAY,
    ENERGY_KWH,
    HAS_PART,
    MODE,
    N_BREAKS,
    N_RESTS,
    N_SHORT,
    PARENT,
    PLACE,
    SINCE_BREAK_H,
    SINCE_REST_H,
    Labels,
)
from planner.routing.trip_bound_kernel import (
    ARRIVED,
    FIRST_PART,
    HPC_BREAK,
    HPC_INTERMEDIATE,
    LPC_REST,
    N_STOP_MODES,
    SECOND_PART,
    Demand,
    departure_energy,
)
from planner.routing.truck_kernel import hpc_charging_h
from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

(
    ENTRY_H,
    ARRIVAL_H,
    FIRST_LEG_H,
    DISTANCE_KM,
    DIRECT_KM,
    DRIVE_H,
    ENTRY_KWH,
    FINAL_KWH,
    UNPLUGGED_BREAKS,
    UNPLUGGED_RESTS,
    LOOKED_KM,
    FIRST_TRY,
    IS_EXACT,
) = range(13)
"""Columns of the plans of trips."""

SITE, KIND, STOP_ARRIVAL_H, PLUG_H, HOLD_H, CHARGED_KWH, STOP_ARRIVAL_KWH, NEXT_LEG_H = range(8)
"""Columns of the stops of a trip."""

UNPLUGGED_LEG, UNPLUGGED_AFTER_DRIVE_H, UNPLUGGED_LENGTH_H, UNPLUGGED_IS_REST = range(4)
"""Columns of the unplugged breaks and rests of a trip."""


class PlanRows(NamedTuple):
    """Plans of trips: what :func:`plan_pairs` fills.

    Each trip has room of its own in ``stops`` and ``unplugged``: few have many stops, and the room
    that the longest need, for all of a partition, is a gigabyte. ``n_stops`` may exceed that room,
    and so may the breaks and rests of ``trip``; then the trip must be planned again.

    Parameters
    ----------
    first_stop, first_unplugged : (n_trips + 1,) int64
        Where the room of each trip begins.
    stops, unplugged : (room, n_columns) float64
        Rows of all trips, one trip after another.
    """

    status: NDArray[np.int8]
    n_stops: NDArray[np.int64]
    trip: NDArray[np.float64]
    first_stop: NDArray[np.int64]
    stops: NDArray[np.float64]
    first_unplugged: NDArray[np.int64]
    unplugged: NDArray[np.float64]


@inner_kernel
def stops_of(plans: PlanRows, row: int) -> NDArray[np.float64]:
    """Room for the stops of a trip."""
    return plans.stops[plans.first_stop[row] : plans.first_stop[row + 1]]


@inner_kernel
def unplugged_of(plans: PlanRows, row: int) -> NDArray[np.float64]:
    """Room for the unplugged breaks and rests of a trip."""
    return plans.unplugged[plans.first_unplugged[row] : plans.first_unplugged[row + 1]]


@inner_kernel
def charge_of(
    labels: Labels, departure: int, arrival: int, corridor: Corridor, demand: Demand
) -> float:
    """Energy charged at the stop before a leg, kWh."""
    mode = labels.link[departure, MODE]
    before_kwh = labels.value[labels.link[departure, PARENT], ENERGY_KWH]
    if mode == HPC_INTERMEDIATE:
        end = labels.link[arrival, PLACE]
        length_km = corridor.way[KM, labels.link[departure, PLACE], end]
        is_destination = end == len(corridor.site_idx)
        return float(
            departure_energy(mode, before_kwh, length_km, is_destination, demand.needs) - before_kwh
        )
    return float(labels.value[departure, ENERGY_KWH] - before_kwh)


@inner_kernel
def leaves_h(labels: Labels, departure: int, charged_kwh: float, demand: Demand) -> float:
    """When a truck has done at a place what it came for, hours.

    The leg decides what an energy stop charges, and so how long that takes.
    """
    clock_h = labels.value[departure, CLOCK_H]
    if labels.link[departure, MODE] == HPC_INTERMEDIATE:
        before_kwh = labels.value[labels.link[departure, PARENT], ENERGY_KWH]
        clock_h += hpc_charging_h(demand.truck, before_kwh, charged_kwh)
    return float(clock_h)


@inner_kernel
def write_stop(
    stop: NDArray[np.float64],
    labels: Labels,
    departure: int,
    arrival: int,
    corridor: Corridor,
    demand: Demand,
) -> None:
    """Write the stop that a departure label ends; the leg after it is still to be added."""
    limits = demand.limits
    mode = labels.link[departure, MODE]
    kind = mode
    reached = labels.value[labels.link[departure, PARENT]]
    charged_kwh = charge_of(labels, departure, arrival, corridor, demand)
    if kind == LPC_REST:
        hold_h = day_rest_h(reached[DAY], limits.rest_h, limits.week)
        plug_h = hold_h
    elif mode == FIRST_PART:
        kind, hold_h = HPC_INTERMEDIATE, limits.first_part_h
        plug_h = hold_h
    elif mode in (HPC_BREAK, SECOND_PART):
        hold_h = limits.break_h if mode == HPC_BREAK else limits.second_part_h
        kind = HPC_BREAK
        plug_h = hold_h
        if limits.frees_plug_when_charged:
            plug_h = hpc_charging_h(demand.truck, reached[ENERGY_KWH], charged_kwh)
    else:
        hold_h = energy_session_h(demand.truck, reached[ENERGY_KWH], charged_kwh, limits)
        plug_h = hold_h
    if limits.ban.days != 0:
        # Charged, the truck stands where it is until it may drive.
        done_h = leaves_h(labels, departure, charged_kwh, demand)
        hold_h += ban_wait_h(done_h, limits.ban)
    stop[SITE] = corridor.site_idx[labels.link[departure, PLACE]]
    stop[KIND] = kind
    stop[STOP_ARRIVAL_H] = reached[CLOCK_H] + limits.stop_cost_h
    stop[PLUG_H] = plug_h
    stop[HOLD_H] = hold_h
    stop[CHARGED_KWH] = charged_kwh
    stop[STOP_ARRIVAL_KWH] = reached[ENERGY_KWH]
    stop[NEXT_LEG_H] = 0.0


@inner_kernel
def write_unplugged(
    unplugged: NDArray[np.float64],
    leg: int,
    driven_h: float,
    labels: Labels,
    departure: int,
    arrival: int,
    corridor: Corridor,
    demand: Demand,
) -> float:
    """Write the unplugged breaks and rests on a drive, as far as there is room.

    Parameters
    ----------
    unplugged : (capacity, 4) float64
        Rows behind those of the drives before.
    leg : int
        Leg of the trip that the drive is part of.
    driven_h : float
        Driving on that leg before, hours: up to a site that the truck passes.

    Returns
    -------
    float
        Time that they take, parking included, hours.
    """
    limits = demand.limits
    start, end = labels.value[departure], labels.value[arrival]
    n_rests = labels.link[arrival, N_RESTS]
    charged_kwh, has_part = 0.0, start[HAS_PART]
    if labels.link[departure, MODE] == HPC_INTERMEDIATE:
        charged_kwh = charge_of(labels, departure, arrival, corridor, demand)
        before_kwh = labels.value[labels.link[departure, PARENT], ENERGY_KWH]
        session_h = energy_session_h(demand.truck, before_kwh, charged_kwh, limits)
        if counts_as_part(session_h, limits):
            has_part = 1.0
    clock_h, since_break_h, since_rest_h, has_part, day = set_out(
        leaves_h(labels, departure, charged_kwh, demand),
        start[SINCE_BREAK_H],
        start[SINCE_REST_H],
        has_part,
        start[DAY],
        limits,
    )
    placed = np.empty((labels.link[arrival, N_BREAKS] + n_rests, N_PLACED_COLUMNS))
    place_stops(
        corridor.way[HOURS, labels.link[departure, PLACE], labels.link[arrival, PLACE]],
        (since_break_h, since_rest_h, has_part, clock_h, day),
        (end[SINCE_BREAK_H], end[SINCE_REST_H]),
        n_rests,
        limits,
        placed,
    )
    stood_h = 0.0
    for row in range(len(placed)):
        stood_h += limits.stop_cost_h + placed[row, LENGTH_H]
        if row >= len(unplugged):
            continue
        unplugged[row, UNPLUGGED_LEG] = leg
        unplugged[row, UNPLUGGED_AFTER_DRIVE_H] = driven_h + placed[row, AFTER_DRIVE_H]
        unplugged[row, UNPLUGGED_IS_REST] = placed[row, IS_REST]
        unplugged[row, UNPLUGGED_LENGTH_H] = placed[row, LENGTH_H]
    return stood_h


@inner_kernel
def add_to_leg(
    trip: NDArray[np.float64], stops: NDArray[np.float64], leg: int, hours: float
) -> None:
    """Make a leg longer, as far as there is room for the stop before it."""
    if leg == 0:
        trip[FIRST_LEG_H] += hours
    elif leg <= len(stops):
        stops[leg - 1, NEXT_LEG_H] += hours


@inner_kernel
def write_plan(
    trip: NDArray[np.float64],
    stops: NDArray[np.float64],
    unplugged: NDArray[np.float64],
    labels: Labels,
    best: int,
    corridor: Corridor,
    demand: Demand,
) -> int:
    """Write the plan that ends in a label at the destination.

    Returns
    -------
    int
        Number of stops, also where ``stops`` has room for fewer.
    """
    n_chain = 0
    label = best
    while label >= 0:
        n_chain += 1
        label = labels.link[label, PARENT]
    chain = np.empty(n_chain, np.int64)
    label = best
    for step in range(n_chain - 1, -1, -1):
        chain[step] = label
        label = labels.link[label, PARENT]
    trip[FIRST_LEG_H], trip[DISTANCE_KM], trip[DRIVE_H] = 0.0, 0.0, 0.0
    n_stops, n_unplugged = 0, 0
    leg_drive_h = 0.0
    for step in range(n_chain - 1):
        departure, arrival = chain[step], chain[step + 1]
        mode = labels.link[departure, MODE]
        if mode == ARRIVED:
            continue
        if mode < N_STOP_MODES:
            add_to_leg(trip, stops, n_stops, demand.limits.stop_cost_h)
            if n_stops < len(stops):
                write_stop(stops[n_stops], labels, departure, arrival, corridor, demand)
            n_stops += 1
            leg_drive_h = 0.0
        link = labels.link[arrival]
        place = labels.link[departure, PLACE]
        drive_h = corridor.way[HOURS, place, link[PLACE]]
        leg_h = drive_h + unplugged_h(link[N_BREAKS], link[N_RESTS], demand.limits)
        if link[N_SHORT] > 0:
            leg_h -= saved_by_part_h(demand.limits)
        trip[DISTANCE_KM] += corridor.way[KM, place, link[PLACE]]
        trip[DRIVE_H] += drive_h
        trip[UNPLUGGED_BREAKS] += link[N_BREAKS]
        trip[UNPLUGGED_RESTS] += link[N_RESTS]
        if link[N_BREAKS] + link[N_RESTS] > 0:
            room = unplugged[n_unplugged:]
            stood_h = write_unplugged(
                room, n_stops, leg_drive_h, labels, departure, arrival, corridor, demand
            )
            if demand.limits.ban.days != 0 or demand.limits.week.n_days != 0:
                leg_h = drive_h + stood_h
            n_unplugged += link[N_BREAKS] + link[N_RESTS]
        add_to_leg(trip, stops, n_stops, leg_h)
        leg_drive_h += drive_h
    trip[ARRIVAL_H] = labels.value[best, CLOCK_H]
    trip[FINAL_KWH] = labels.value[best, ENERGY_KWH]
    return n_stops
