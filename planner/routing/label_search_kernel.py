"""Label setting for one trip: the exact search among the candidate sites of its corridor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from planner.routing.corridor_kernel import HOURS, KM, ORIGIN, Corridor, leads_through
from planner.routing.drive_stops_kernel import EXTRA_H, drive_outcomes
from planner.routing.drive_stops_kernel import HAS_PART as OUTCOME_HAS_PART
from planner.routing.drive_stops_kernel import N_BREAKS as OUTCOME_BREAKS
from planner.routing.drive_stops_kernel import N_RESTS as OUTCOME_RESTS
from planner.routing.drive_stops_kernel import N_SHORT as OUTCOME_SHORT
from planner.routing.drive_stops_kernel import SINCE_BREAK_H as OUTCOME_SINCE_BREAK_H
from planner.routing.drive_stops_kernel import SINCE_REST_H as OUTCOME_SINCE_REST_H
from planner.routing.driving_calendar_kernel import ban_wait_h, day_rest_h, until_ban_h
from planner.routing.driving_kernel import (
    TOLERANCE,
    Limits,
    counts_as_part,
    energy_session_h,
    least_stop_h,
    saved_by_part_h,
    set_out,
)
from planner.routing.known_queues_kernel import expects_queues, hpc_wait, overnight_delay
from planner.routing.label_kernel import (
    BEST,
    BOUND_H,
    CLOCK_H,
    COST_H,
    DAY,
    ENERGY_KWH,
    HAS_PART,
    IS_CUT,
    IS_DEAD,
    MODE,
    N_BREAKS,
    N_LABELS,
    N_QUEUED,
    N_RESTS,
    N_SHORT,
    NEXT,
    PARENT,
    PLACE,
    SINCE_BREAK_H,
    SINCE_REST_H,
    Labels,
    clear,
    is_cut_off,
    is_dominated,
    pop,
    push,
    with_room,
)
from planner.routing.trip_bound_kernel import (
    ARRIVED,
    FIRST_PART,
    HPC_BREAK,
    HPC_INTERMEDIATE,
    N_STOP_MODES,
    SECOND_PART,
    STARTED,
    VIA,
    Demand,
    bound_on_cost,
    departure_energy,
    fill_cost_to_go,
)
from planner.routing.truck_kernel import hpc_charging_h, hpc_level, lpc_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.known_queues import KnownQueues

FIRST_MARGIN_H = 0.4
"""Plans this much longer than the direct way are looked for first, hours."""

LAST_MARGIN_H = 5.0
"""Beyond this all plans are looked for."""


@njit(cache=True)
def state_of(labels: Labels, label: int) -> tuple[float, float, float, float, float, float, float]:
    """Cost, clock, energy and counters of a label, whether it has a first part, and its day."""
    value = labels.value[label]
    return (
        value[COST_H],
        value[CLOCK_H],
        value[ENERGY_KWH],
        value[SINCE_BREAK_H],
        value[SINCE_REST_H],
        value[HAS_PART],
        value[DAY],
    )


@njit(cache=True)
def add_label(
    labels: Labels,
    state: tuple[float, float, float, float, float, float, float],
    bound_h: float,
    place: int,
    mode: int,
    parent: int,
) -> int:
    """Put a label into the pool, which must have room for it."""
    label = labels.register[N_LABELS]
    labels.register[N_LABELS] += 1
    value = labels.value[label]
    value[COST_H], value[CLOCK_H], value[ENERGY_KWH] = state[0], state[1], state[2]
    value[SINCE_BREAK_H], value[SINCE_REST_H] = state[3], state[4]
    value[HAS_PART], value[DAY], value[BOUND_H] = state[5], state[6], bound_h
    link = labels.link[label]
    link[PLACE], link[MODE], link[PARENT], link[NEXT] = place, mode, parent, -1
    link[IS_DEAD], link[N_BREAKS], link[N_RESTS], link[N_SHORT] = 0, 0, 0, 0
    return int(label)


@njit(cache=True)
def add_stops_before_queue(
    outcomes: NDArray[np.float64],
    n_outcomes: int,
    arrival_h: float,
    day: float,
    queues: KnownQueues,
    site: int,
    limits: Limits,
) -> tuple[NDArray[np.float64], int]:
    """Add the ways to take a break or rest right before a site, while its queue gets shorter.

    Elsewhere an unplugged stop before it is due gains nothing. Here it does where the wait after
    it is shorter than the wait before it.

    Parameters
    ----------
    outcomes, n_outcomes
        As from :func:`drive_outcomes`; rows are added.
    arrival_h : float
        Arrival without any unplugged stop, hours.
    day : float
        Day of the driver's week at the start of the drive.
    site : int
        The site that is arrived at.
    """
    n_due = n_outcomes
    if len(outcomes) < 3 * n_due:
        larger = np.empty((6 * n_due, outcomes.shape[1]))
        for row in range(n_due):
            for column in range(outcomes.shape[1]):
                larger[row, column] = outcomes[row, column]
        outcomes = larger
    for row in range(n_due):
        clock_h = arrival_h + outcomes[row, EXTRA_H] + limits.stop_cost_h
        least_wait_h = hpc_wait(queues, site, clock_h)
        for is_rest in (False, True):
            today = day + outcomes[row, OUTCOME_RESTS]
            rest_h = day_rest_h(today, limits.rest_h, limits.week)
            stop_h = limits.stop_cost_h + (rest_h if is_rest else limits.break_h)
            is_short = outcomes[row, OUTCOME_HAS_PART] > 0.0 and not is_rest
            if is_short:
                stop_h -= saved_by_part_h(limits)
            if limits.ban.days != 0:
                left_road_h = arrival_h + outcomes[row, EXTRA_H]
                stop_h += ban_wait_h(left_road_h + stop_h, limits.ban)
            if hpc_wait(queues, site, clock_h + stop_h) >= least_wait_h:
                continue
            added = outcomes[n_outcomes]
            added[EXTRA_H] = outcomes[row, EXTRA_H] + stop_h
            added[OUTCOME_SINCE_BREAK_H] = 0.0
            added[OUTCOME_SINCE_REST_H] = 0.0 if is_rest else outcomes[row, OUTCOME_SINCE_REST_H]
            added[OUTCOME_BREAKS] = outcomes[row, OUTCOME_BREAKS] + (0.0 if is_rest else 1.0)
            added[OUTCOME_RESTS] = outcomes[row, OUTCOME_RESTS] + (1.0 if is_rest else 0.0)
            added[OUTCOME_HAS_PART] = 0.0
            added[OUTCOME_SHORT] = 1.0 if is_short else outcomes[row, OUTCOME_SHORT]
            n_outcomes += 1
    return outcomes, n_outcomes


@njit(cache=True)
def extend(
    labels: Labels,
    departure: int,
    end: int,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
    corridor: Corridor,
    demand: Demand,
) -> tuple[Labels, NDArray[np.float64]]:
    """Drive from a departure to a place; the arrivals there become labels.

    ``outcomes`` is working space of :func:`drive_outcomes`.
    """
    is_destination = end == len(corridor.site_idx)
    limits = demand.limits
    place = labels.link[departure, PLACE]
    drive_h, length_km = corridor.way[HOURS, place, end], corridor.way[KM, place, end]
    start_cost_h, start_clock_h, start_kwh, since_break_h, since_rest_h, has_part, day = state_of(
        labels, departure
    )
    mode = labels.link[departure, MODE]
    energy_kwh = departure_energy(mode, start_kwh, length_km, end, corridor, demand)
    if not np.isfinite(drive_h) or energy_kwh < 0.0:
        return labels, outcomes
    charging_h = 0.0
    if energy_kwh > start_kwh:
        charging_h = hpc_charging_h(demand.truck, start_kwh, energy_kwh - start_kwh)
        # Only a stop whose energy the leg decides charges here.
        if counts_as_part(charging_h + limits.plug_overhead_h, limits):
            has_part = 1.0
    energy_kwh -= length_km * demand.truck.kwh_per_km
    set_out_h = start_clock_h + charging_h
    if limits.ban.days != 0:
        set_out_h, since_break_h, since_rest_h, has_part, day = set_out(
            set_out_h, since_break_h, since_rest_h, has_part, day, limits
        )
        charging_h = set_out_h - start_clock_h
    driven_h = charging_h + drive_h
    if is_destination:
        bound_h = start_cost_h + driven_h
    else:
        # Before the ways to take breaks are looked at, which takes longer.
        start = (
            start_cost_h + driven_h,
            set_out_h,
            energy_kwh,
            since_break_h,
            since_rest_h,
            has_part,
            day,
        )
        bound_h = bound_on_cost(start, drive_h, end, ARRIVED, corridor, demand)
    if is_cut_off(labels, bound_h):
        return labels, outcomes
    outcomes, n_outcomes = drive_outcomes(
        drive_h, since_break_h, since_rest_h, has_part, set_out_h, day, limits, outcomes
    )
    has_queues = expects_queues(demand.queues)
    is_clock_compared = has_queues or may_meet_ban(labels, limits)
    if has_queues and not is_destination:
        outcomes, n_outcomes = add_stops_before_queue(
            outcomes,
            n_outcomes,
            start_clock_h + driven_h,
            day,
            demand.queues,
            corridor.site_idx[end],
            limits,
        )
    labels = with_room(labels, n_outcomes)
    for row in range(n_outcomes):
        outcome = outcomes[row]
        added_h = driven_h + outcome[EXTRA_H]
        state = (
            start_cost_h + added_h,
            start_clock_h + added_h,
            energy_kwh,
            outcome[OUTCOME_SINCE_BREAK_H],
            outcome[OUTCOME_SINCE_REST_H],
            outcome[OUTCOME_HAS_PART],
            day + outcome[OUTCOME_RESTS] if limits.week.n_days != 0 else 0.0,
        )
        bound_h = state[0]
        if not is_destination:
            bound_h = bound_on_cost(state, 0.0, end, ARRIVED, corridor, demand)
        if is_cut_off(labels, bound_h) or (
            not is_destination and is_dominated(labels, head, end, state, is_clock_compared)
        ):
            continue
        label = add_label(labels, state, bound_h, end, ARRIVED, departure)
        labels.link[label, N_BREAKS] = int(outcome[OUTCOME_BREAKS])
        labels.link[label, N_RESTS] = int(outcome[OUTCOME_RESTS])
        labels.link[label, N_SHORT] = int(outcome[OUTCOME_SHORT])
        if is_destination:
            labels.register[BEST] = label
            labels.limit_h[0] = bound_h
        else:
            labels.link[label, NEXT] = head[end]
            head[end] = label
            push(labels, label)
    return labels, outcomes


@njit(cache=True)
def may_meet_ban(labels: Labels, limits: Limits) -> bool:
    """Whether any plan that is still looked for may last until a ban begins."""
    if limits.ban.days == 0:
        return False
    # The first label is that of the start; a plan costs no less than the time that it takes.
    return bool(until_ban_h(labels.value[0, CLOCK_H], limits.ban) <= labels.limit_h[0])


@njit(cache=True)
def add_departures(labels: Labels, arrival: int, corridor: Corridor, demand: Demand) -> Labels:
    """Queue the departures after each kind of stop at the site of an arrival, and without one."""
    labels = with_room(labels, N_STOP_MODES + 1)
    truck, limits = demand.truck, demand.limits
    place = labels.link[arrival, PLACE]
    before = labels.link[labels.link[arrival, PARENT], PLACE]
    for end in range(len(corridor.site_idx) + 1):
        if leads_through(corridor.way, before, place, end):
            bound_h = labels.value[arrival, BOUND_H]
            push(labels, add_label(labels, state_of(labels, arrival), bound_h, place, VIA, arrival))
            break
    cost_h, clock_h, energy_kwh, since_break_h, since_rest_h, has_part, day = state_of(
        labels, arrival
    )
    clock_h += limits.stop_cost_h
    cost_h += limits.stop_cost_h + demand.penalty_h[place]
    site = corridor.site_idx[place]
    wait_h = hpc_wait(demand.queues, site, clock_h)
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
        bound_h = bound_on_cost(state, 0.0, place, mode, corridor, demand)
        if is_cut_off(labels, bound_h):
            continue
        label = add_label(labels, state, bound_h, place, mode, arrival)
        push(labels, label)
    return labels


@njit(cache=True)
def search_below(
    limit_h: float,
    labels: Labels,
    start: tuple[float, float, float, float, float],
    corridor: Corridor,
    demand: Demand,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
) -> tuple[Labels, NDArray[np.float64]]:
    """Best plan of a trip among those that cost less than a limit.

    Best first by a lower bound on the final cost, so that the search may stop at the first label
    that cannot beat the best arrival known. The result stands in ``labels.register``.
    """
    n_candidates = len(corridor.site_idx)
    clear(labels, limit_h)
    for candidate in range(n_candidates):
        head[candidate] = -1
    clock_h, energy_kwh, since_break_h, since_rest_h, day = start
    state = (0.0, clock_h, energy_kwh, since_break_h, since_rest_h, 0.0, day)
    push(labels, add_label(labels, state, 0.0, ORIGIN, STARTED, -1))
    while labels.register[N_QUEUED] > 0:
        label = pop(labels)
        if labels.value[label, BOUND_H] >= labels.limit_h[0]:
            break
        place, mode = labels.link[label, PLACE], labels.link[label, MODE]
        if mode == ARRIVED:
            if labels.link[label, IS_DEAD] == 0:
                labels = add_departures(labels, label, corridor, demand)
            continue
        before = ORIGIN
        if mode == VIA:
            before = labels.link[labels.link[labels.link[label, PARENT], PARENT], PLACE]
        # The destination first: a plan in hand cuts off most of the rest.
        for step in range(-1, n_candidates):
            end = n_candidates if step < 0 else step
            if mode == VIA and not leads_through(corridor.way, before, place, end):
                continue
            labels, outcomes = extend(labels, label, end, head, outcomes, corridor, demand)
    return labels, outcomes


@njit(cache=True)
def search(
    labels: Labels,
    start: tuple[float, float, float, float, float],
    corridor: Corridor,
    demand: Demand,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
) -> tuple[Labels, NDArray[np.float64]]:
    """Best plan of a trip within a corridor.

    Plans not much longer than the direct way are tried first: most trips have one, and knowing
    that nothing dearer is wanted saves most of the work. The limit is raised until a plan is
    found or nothing was left out because of it, so that the result does not depend on it.

    Parameters
    ----------
    labels : Labels
        Working space; emptied first.
    start : tuple
        Clock, energy, both counters and day of the driver's week on entering the road graph.
    head : (n_candidates,) int64
        Working space.

    Returns
    -------
    labels : Labels
        ``register[BEST]`` is the label at the destination, -1 where the trip cannot be driven.
    outcomes : (capacity, 7) float64
    """
    truck = demand.truck
    direct_h, direct_km = corridor.way[HOURS, -1, -1], corridor.way[KM, -1, -1]
    missing_kwh = demand.required_kwh + direct_km * truck.kwh_per_km - start[1]
    charging_h = missing_kwh / truck.hpc_kw
    least_h = direct_h + least_stop_h(
        direct_h, start[2], start[3], charging_h, 0.0, start[0], start[4], demand.limits
    )
    fill_cost_to_go(corridor, demand)
    margin_h = FIRST_MARGIN_H
    while True:
        labels, outcomes = search_below(
            least_h + margin_h, labels, start, corridor, demand, head, outcomes
        )
        if labels.register[BEST] >= 0 or labels.register[IS_CUT] == 0:
            return labels, outcomes
        margin_h = np.inf if margin_h > LAST_MARGIN_H else 4.0 * margin_h
