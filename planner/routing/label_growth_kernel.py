"""How labels come of labels: drives to the next places, and stops at a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.corridor_kernel import HOURS, KM, Corridor, leads_through
from planner.routing.drive_stops_kernel import EXTRA_H, drive_outcomes
from planner.routing.drive_stops_kernel import HAS_PART as OUTCOME_HAS_PART
from planner.routing.drive_stops_kernel import N_BREAKS as OUTCOME_BREAKS
from planner.routing.drive_stops_kernel import N_RESTS as OUTCOME_RESTS
from planner.routing.drive_stops_kernel import N_SHORT as OUTCOME_SHORT
from planner.routing.drive_stops_kernel import SINCE_BREAK_H as OUTCOME_SINCE_BREAK_H
from planner.routing.drive_stops_kernel import SINCE_REST_H as OUTCOME_SINCE_REST_H
from planner.routing.driving_calendar_kernel import (
    DrivingBan,
    day_rest_h,
    until_ban_h,
)
from planner.routing.driving_kernel import (
    TOLERANCE,
    Limits,
    counts_as_part,
    energy_session_h,
    set_out,
)
from planner.routing.known_queues_kernel import (
    add_stops_before_queue,
    expects_queues,
    hpc_wait,
    overnight_delay,
)
from planner.routing.label_kernel import (
    BEST,
    BOUND_H,
    CLOCK_H,
    MODE,
    N_BREAKS,
    N_RESTS,
    N_SHORT,
    NEXT,
    PARENT,
    PLACE,
    Labels,
    add_label,
    is_cut_off,
    is_dominated,
    push,
    state_of,
    with_room,
)
from planner.routing.trip_bound_kernel import (
    ARRIVED,
    FIRST_PART,
    HPC_BREAK,
    HPC_INTERMEDIATE,
    N_STOP_MODES,
    SECOND_PART,
    VIA,
    Demand,
    Needs,
    Onward,
    bound_on_cost,
    departure_energy,
    onward_from,
)
from planner.routing.truck_kernel import Truck, hpc_charging_h, hpc_level, lpc_level
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@inner_kernel(**UNCOUNTED)
def may_meet_ban(begin_h: float, limit_h: float, ban: DrivingBan) -> bool:
    """Whether any plan that is still looked for may last until a ban begins.

    A plan costs no less than the time that it takes from the start, ``begin_h``.
    """
    return bool(ban.days != 0 and until_ban_h(begin_h, ban) <= limit_h)


@inner_kernel(**UNCOUNTED)
def on_the_road(
    start: tuple[float, float, float, float, float, float, float],
    set_out_kwh: float,
    drive_h: float,
    length_km: float,
    truck: Truck,
    limits: Limits,
) -> tuple[tuple[float, float, float, float, float, float, float], float]:
    """What becomes of a state by charging for a leg, waiting for a ban's end, and driving it.

    Returns
    -------
    state : tuple
        Cost and energy at the leg's end without any stop on it; clock, counters, part and day as
        the truck sets out.
    driven_h : float
        Time from the state to the leg's end, hours.
    """
    cost_h, clock_h, energy_kwh, since_break_h, since_rest_h, has_part, day = start
    charging_h = 0.0
    if set_out_kwh > energy_kwh:
        charging_h = hpc_charging_h(truck, energy_kwh, set_out_kwh - energy_kwh)
        # Only a stop whose energy the leg decides charges here.
        if counts_as_part(charging_h + limits.plug_overhead_h, limits):
            has_part = 1.0
    set_out_h = clock_h + charging_h
    if limits.ban.days != 0:
        set_out_h, since_break_h, since_rest_h, has_part, day = set_out(
            set_out_h, since_break_h, since_rest_h, has_part, day, limits
        )
        charging_h = set_out_h - clock_h
    driven_h = charging_h + drive_h
    energy_kwh = set_out_kwh - length_km * truck.kwh_per_km
    state = (
        cost_h + driven_h,
        set_out_h,
        energy_kwh,
        since_break_h,
        since_rest_h,
        has_part,
        day,
    )
    return state, driven_h


@inner_kernel
def extend(
    labels: Labels,
    departure: int,
    before: int,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
    corridor: Corridor,
    demand: Demand,
) -> tuple[Labels, NDArray[np.float64]]:
    """Drive from a departure to the destination and to the sites that are worth it.

    The arrivals there become labels. See :func:`~planner.routing.trip_bound_kernel.fill_ends`.

    Most legs are left out by numbers alone: handing arrays to a function costs more than these.

    Parameters
    ----------
    before : int
        Place before that of the departure, where the truck passes a site without plugging in.
    outcomes
        Working space of :func:`drive_outcomes`.
    """
    way, places, ends = corridor.way, demand.places, demand.ends
    needs, limits = demand.needs, demand.limits
    n_candidates = len(corridor.site_idx)
    place, mode = labels.link[departure, PLACE], labels.link[departure, MODE]
    start = state_of(labels.value, departure)
    begin_h = labels.value[0, CLOCK_H]
    has_queues = expects_queues(demand.queues)
    # The destination first: a plan in hand cuts off most of the rest.
    for step in range(ends[place, 0] + 1):
        is_destination = step == 0
        end = n_candidates if is_destination else ends[place, step]
        if mode == VIA and not leads_through(way, before, place, end):
            continue
        drive_h, length_km = way[HOURS, place, end], way[KM, place, end]
        set_out_kwh = departure_energy(mode, start[2], length_km, is_destination, needs)
        if not np.isfinite(drive_h) or set_out_kwh < 0.0:
            continue
        state, driven_h = on_the_road(start, set_out_kwh, drive_h, length_km, demand.truck, limits)
        onward = onward_from(places, end)
        bound_h, limit_h = state[0], labels.limit_h[0]
        if not is_destination:
            # Before the ways to take breaks are looked at, which takes longer.
            bound_h = bound_on_cost(state, drive_h, ARRIVED, onward, needs, limits, limit_h)
        if is_cut_off(bound_h, limit_h, labels.register):
            continue
        outcomes, n_outcomes = drive_outcomes(
            drive_h, state[3], state[4], state[5], state[1], state[6], limits, outcomes
        )
        if has_queues and not is_destination:
            outcomes, n_outcomes = add_stops_before_queue(
                outcomes,
                n_outcomes,
                start[1] + driven_h,
                state[6],
                demand.queues,
                corridor.site_idx[end],
                limits,
            )
        is_clock_compared = has_queues or may_meet_ban(begin_h, labels.limit_h[0], limits.ban)
        labels = arrive(
            labels,
            departure,
            end,
            is_destination,
            start,
            state,
            driven_h,
            outcomes,
            n_outcomes,
            onward,
            needs,
            limits,
            head,
            is_clock_compared,
        )
    return labels, outcomes


@inner_kernel
def arrive(
    labels: Labels,
    departure: int,
    end: int,
    is_destination: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
    start: tuple[float, float, float, float, float, float, float],
    driven: tuple[float, float, float, float, float, float, float],
    driven_h: float,
    outcomes: NDArray[np.float64],
    n_outcomes: int,
    onward: Onward,
    needs: Needs,
    limits: Limits,
    head: NDArray[np.int64],
    is_clock_compared: bool,  # noqa: FBT001
) -> Labels:
    """Make labels of the arrivals at the end of a leg, one for each way to take breaks on it.

    Parameters
    ----------
    start : tuple
        State of the departure.
    driven, driven_h
        From :func:`on_the_road`.
    outcomes, n_outcomes
        From :func:`drive_outcomes`.
    onward : Onward
        What is still to come at the end, of no account at the destination.
    is_clock_compared
        As in :func:`is_dominated`.
    """
    labels = with_room(labels, n_outcomes)
    value, link, register, limit_h = labels.value, labels.link, labels.register, labels.limit_h
    slack_h = labels.slack_h[0]
    for row in range(n_outcomes):
        added_h = driven_h + outcomes[row, EXTRA_H]
        state = (
            start[0] + added_h,
            start[1] + added_h,
            driven[2],
            outcomes[row, OUTCOME_SINCE_BREAK_H],
            outcomes[row, OUTCOME_SINCE_REST_H],
            outcomes[row, OUTCOME_HAS_PART],
            driven[6] + outcomes[row, OUTCOME_RESTS] if limits.week.n_days != 0 else 0.0,
        )
        bound_h = state[0]
        if not is_destination:
            bound_h = bound_on_cost(state, 0.0, ARRIVED, onward, needs, limits, limit_h[0])
        if is_cut_off(bound_h, limit_h[0], register) or (
            not is_destination
            and is_dominated(value, link, head, end, state, slack_h, is_clock_compared)
        ):
            continue
        label = add_label(value, link, register, state, bound_h, end, ARRIVED, departure)
        link[label, N_BREAKS] = int(outcomes[row, OUTCOME_BREAKS])
        link[label, N_RESTS] = int(outcomes[row, OUTCOME_RESTS])
        link[label, N_SHORT] = int(outcomes[row, OUTCOME_SHORT])
        if is_destination:
            register[BEST] = label
            limit_h[0] = bound_h
        else:
            link[label, NEXT] = head[end]
            head[end] = label
            push(value, labels.queue, register, label)
    return labels


@inner_kernel
def add_departures(labels: Labels, arrival: int, corridor: Corridor, demand: Demand) -> Labels:
    """Queue the departures after each kind of stop at the site of an arrival, and without one."""
    labels = with_room(labels, N_STOP_MODES + 1)
    truck, needs, limits, way = demand.truck, demand.needs, demand.limits, corridor.way
    value, link, queue, register = labels.value, labels.link, labels.queue, labels.register
    place = link[arrival, PLACE]
    before = link[link[arrival, PARENT], PLACE]
    reached = state_of(value, arrival)
    for step in range(demand.ends[place, 0] + 1):
        end = len(corridor.site_idx) if step == 0 else demand.ends[place, step]
        if leads_through(way, before, place, end):
            bound_h = value[arrival, BOUND_H]
            label = add_label(value, link, register, reached, bound_h, place, VIA, arrival)
            push(value, queue, register, label)
            break
    onward = onward_from(demand.places, place)
    cost_h, clock_h, energy_kwh, since_break_h, since_rest_h, has_part, day = reached
    clock_h += limits.stop_cost_h
    cost_h += limits.stop_cost_h + onward.penalty_h
    site = corridor.site_idx[place]
    has_queues = expects_queues(demand.queues)
    wait_h = hpc_wait(demand.queues, site, clock_h) if has_queues else 0.0
    for mode in range(N_STOP_MODES):
        if (mode == FIRST_PART and (has_part > 0.0 or limits.first_part_h == np.inf)) or (
            mode == SECOND_PART and has_part == 0.0
        ):
            continue
        waiting_h = wait_h
        after_kwh, after_break_h, after_rest_h, after_part = energy_kwh, 0.0, since_rest_h, 0.0
        after_day = day
        if mode == HPC_BREAK:
            hold_h = limits.break_h
            after_kwh = hpc_level(truck, energy_kwh, hold_h)
        elif mode == HPC_INTERMEDIATE:
            hold_h = limits.plug_overhead_h
            after_break_h, after_part = since_break_h, has_part
        elif mode == FIRST_PART:
            hold_h = limits.first_part_h
            charging_h = max(0.0, hold_h - limits.plug_overhead_h)
            after_kwh = hpc_level(truck, energy_kwh, charging_h)
            after_break_h, after_part = since_break_h, 1.0
        elif mode == SECOND_PART:
            hold_h = limits.second_part_h
            after_kwh = hpc_level(truck, energy_kwh, hold_h)
        else:
            hold_h = day_rest_h(day, limits.rest_h, limits.week)
            after_kwh = lpc_level(truck, energy_kwh, hold_h)
            if has_queues:
                charged_kwh = after_kwh - energy_kwh
                afterwards_h = energy_session_h(truck, energy_kwh, charged_kwh, limits)
                waiting_h = overnight_delay(demand.queues, site, clock_h, hold_h, afterwards_h)
            after_rest_h = 0.0
            after_day = day + 1.0 if limits.week.n_days != 0 else 0.0
        if mode != HPC_INTERMEDIATE and after_kwh - energy_kwh <= TOLERANCE:
            continue
        state = (
            cost_h + waiting_h + hold_h,
            clock_h + waiting_h + hold_h,
            after_kwh,
            after_break_h,
            after_rest_h,
            after_part,
            after_day,
        )
        limit_h = labels.limit_h[0]
        bound_h = bound_on_cost(state, 0.0, mode, onward, needs, limits, limit_h)
        if is_cut_off(bound_h, limit_h, register):
            continue
        label = add_label(value, link, register, state, bound_h, place, mode, arrival)
        push(value, queue, register, label)
    return labels
