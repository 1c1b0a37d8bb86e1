"""Label setting for one trip: the exact search among the candidate sites of its corridor."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from planner.routing.driving_kernel import (
    EXTRA_H,
    TOLERANCE,
    Limits,
    Truck,
    drive_outcomes,
    least_stop_h,
)
from planner.routing.driving_kernel import N_BREAKS as OUTCOME_BREAKS
from planner.routing.driving_kernel import N_RESTS as OUTCOME_RESTS
from planner.routing.driving_kernel import SINCE_BREAK_H as OUTCOME_SINCE_BREAK_H
from planner.routing.driving_kernel import SINCE_REST_H as OUTCOME_SINCE_REST_H
from planner.routing.label_kernel import (
    BOUND_H,
    CLOCK_H,
    COST_H,
    ENERGY_KWH,
    IS_DEAD,
    MODE,
    N_BREAKS,
    N_LABELS,
    N_QUEUED,
    N_RESTS,
    NEXT,
    PARENT,
    PLACE,
    SINCE_BREAK_H,
    SINCE_REST_H,
    Labels,
    is_dominated,
    pop,
    push,
    with_room,
)
from planner.routing.site_choice_kernel import expected_wait

if TYPE_CHECKING:
    from numpy.typing import NDArray

HPC_BREAK, HPC_INTERMEDIATE, LPC_REST, VIA, ARRIVED, STARTED = range(6)
"""What a label stands for: leaving after one of the three kinds of stop
(:class:`~planner.routing.stop_plans.StopKind`), leaving without plugging in, having arrived,
having entered the road graph."""

ORIGIN = -1
"""Place of the label that a search starts from; the destination comes after the last site."""


class Corridor(NamedTuple):
    """Candidate sites of an OD pair and the legs between them, hours and kilometres.

    ``site_idx`` ascends; ``between_*[i, j]`` leads from candidate i to candidate j.
    """

    site_idx: NDArray[np.int32]
    from_origin_h: NDArray[np.float64]
    from_origin_km: NDArray[np.float64]
    between_h: NDArray[np.float64]
    between_km: NDArray[np.float64]
    to_destination_h: NDArray[np.float64]
    to_destination_km: NDArray[np.float64]
    direct_h: float
    direct_km: float
    slowest_kmh: float


class Demand(NamedTuple):
    """What one trip asks of a corridor."""

    truck: Truck
    limits: Limits
    required_kwh: float
    penalty_h: NDArray[np.float64]
    wait_h: NDArray[np.float64]


@njit(cache=True)
def leg(corridor: Corridor, start: int, end: int) -> tuple[float, float]:
    """Driving time and length between two places."""
    if end == len(corridor.site_idx):
        if start == ORIGIN:
            return corridor.direct_h, corridor.direct_km
        return corridor.to_destination_h[start], corridor.to_destination_km[start]
    if start == ORIGIN:
        return corridor.from_origin_h[end], corridor.from_origin_km[end]
    return corridor.between_h[start, end], corridor.between_km[start, end]


@njit(cache=True)
def leads_through(corridor: Corridor, before: int, place: int, end: int) -> bool:
    """Whether passing a site unplugged may serve, because no leg past it is as quick and as short.

    That is so only where the quickest way is longer and the battery might not bear it, or where
    the site is a place to turn.
    """
    first_h, first_km = leg(corridor, before, place)
    second_h, second_km = leg(corridor, place, end)
    past_h, past_km = leg(corridor, before, end)
    return past_h > first_h + second_h + TOLERANCE or past_km > first_km + second_km + TOLERANCE


@njit(cache=True)
def departure_energy(
    mode: int, energy_kwh: float, length_km: float, end: int, corridor: Corridor, demand: Demand
) -> float:
    """Energy with which a truck sets out on a leg; negative where it cannot drive it.

    An intermediate stop charges exactly what the leg needs, and none that needs nothing.
    """
    needed_kwh = demand.truck.min_kwh
    if end == len(corridor.site_idx):
        needed_kwh = demand.required_kwh
    needed_kwh += length_km * demand.truck.kwh_per_km
    if mode == HPC_INTERMEDIATE:
        if (
            needed_kwh - energy_kwh <= TOLERANCE
            or needed_kwh > demand.truck.battery_kwh + TOLERANCE
        ):
            return -1.0
        return needed_kwh
    if energy_kwh < needed_kwh - TOLERANCE:
        return -1.0
    return energy_kwh


@njit(cache=True)
def bound_on_cost(
    cost_h: float,
    energy_kwh: float,
    since_break_h: float,
    since_rest_h: float,
    drive_h: float,
    corridor: Corridor,
    demand: Demand,
) -> float:
    """Lower bound on the perceived cost at the destination.

    The quickest drive there, the fewest stops that the driver rules ask for on it, and at least
    the time that the missing energy takes: no way is shorter than the quickest one driven at the
    lowest speed of the network.
    """
    truck = demand.truck
    missing_kwh = (
        demand.required_kwh + drive_h * corridor.slowest_kmh * truck.kwh_per_km - energy_kwh
    )
    charging_h = missing_kwh / truck.hpc_kw
    return (
        cost_h
        + drive_h
        + least_stop_h(drive_h, since_break_h, since_rest_h, charging_h, demand.limits)
    )


@njit(cache=True)
def state_of(labels: Labels, label: int) -> tuple[float, float, float, float, float]:
    """Cost, clock, energy and both counters of a label."""
    value = labels.value[label]
    return (
        value[COST_H],
        value[CLOCK_H],
        value[ENERGY_KWH],
        value[SINCE_BREAK_H],
        value[SINCE_REST_H],
    )


@njit(cache=True)
def add_label(
    labels: Labels,
    state: tuple[float, float, float, float, float],
    bound_h: float,
    place: int,
    mode: int,
    parent: int,
) -> int:
    """Put a label into the pool, which must have room for it."""
    label = labels.size[N_LABELS]
    labels.size[N_LABELS] += 1
    value = labels.value[label]
    value[COST_H], value[CLOCK_H], value[ENERGY_KWH] = state[0], state[1], state[2]
    value[SINCE_BREAK_H], value[SINCE_REST_H] = state[3], state[4]
    value[BOUND_H] = bound_h
    link = labels.link[label]
    link[PLACE], link[MODE], link[PARENT], link[NEXT] = place, mode, parent, -1
    link[IS_DEAD], link[N_BREAKS], link[N_RESTS] = 0, 0, 0
    return int(label)


@njit(cache=True)
def extend(
    labels: Labels,
    departure: int,
    end: int,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
    best: int,
    corridor: Corridor,
    demand: Demand,
) -> tuple[Labels, NDArray[np.float64], int]:
    """Drive from a departure to a place; the arrivals there become labels.

    Returns
    -------
    labels : Labels
    outcomes : working space of :func:`drive_outcomes`
    best : int
        Best arrival at the destination so far, -1 where there is none.
    """
    n_candidates = len(corridor.site_idx)
    drive_h, length_km = leg(corridor, labels.link[departure, PLACE], end)
    if not np.isfinite(drive_h):
        return labels, outcomes, best
    onward_h = corridor.to_destination_h[end] if end < n_candidates else 0.0
    least_h = np.inf if best < 0 else labels.value[best, COST_H]
    start_cost_h, start_clock_h, start_kwh, since_break_h, since_rest_h = state_of(
        labels, departure
    )
    if start_cost_h + drive_h + onward_h >= least_h:
        return labels, outcomes, best
    mode = labels.link[departure, MODE]
    energy_kwh = departure_energy(mode, start_kwh, length_km, end, corridor, demand)
    if energy_kwh < 0.0:
        return labels, outcomes, best
    charging_h = (energy_kwh - start_kwh) / demand.truck.hpc_kw
    energy_kwh -= length_km * demand.truck.kwh_per_km
    outcomes, n_outcomes = drive_outcomes(
        drive_h, since_break_h, since_rest_h, demand.limits, outcomes
    )
    labels = with_room(labels, n_outcomes)
    for row in range(n_outcomes):
        outcome = outcomes[row]
        added_h = charging_h + drive_h + outcome[EXTRA_H]
        state = (
            start_cost_h + added_h,
            start_clock_h + added_h,
            energy_kwh,
            outcome[OUTCOME_SINCE_BREAK_H],
            outcome[OUTCOME_SINCE_REST_H],
        )
        bound_h = state[0]
        if end < n_candidates:
            bound_h = bound_on_cost(
                state[0], energy_kwh, state[3], state[4], onward_h, corridor, demand
            )
        if best >= 0 and bound_h >= labels.value[best, COST_H]:
            continue
        is_clock_compared = demand.wait_h.shape[1] > 0
        if end < n_candidates and is_dominated(labels, head, end, state, is_clock_compared):
            continue
        label = add_label(labels, state, bound_h, end, ARRIVED, departure)
        labels.link[label, N_BREAKS] = int(outcome[OUTCOME_BREAKS])
        labels.link[label, N_RESTS] = int(outcome[OUTCOME_RESTS])
        if end == n_candidates:
            best = label
        else:
            labels.link[label, NEXT] = head[end]
            head[end] = label
            push(labels, label)
    return labels, outcomes, best


@njit(cache=True)
def add_departures(
    labels: Labels, arrival: int, best: int, corridor: Corridor, demand: Demand
) -> Labels:
    """Queue the departures after each kind of stop at the site of an arrival, and without one."""
    labels = with_room(labels, 4)
    truck, limits = demand.truck, demand.limits
    place = labels.link[arrival, PLACE]
    before = labels.link[labels.link[arrival, PARENT], PLACE]
    for end in range(len(corridor.site_idx) + 1):
        if leads_through(corridor, before, place, end):
            bound_h = labels.value[arrival, BOUND_H]
            push(labels, add_label(labels, state_of(labels, arrival), bound_h, place, VIA, arrival))
            break
    cost_h, clock_h, energy_kwh, since_break_h, since_rest_h = state_of(labels, arrival)
    onward_h = corridor.to_destination_h[place]
    penalty_h = demand.penalty_h[place]
    wait_h = expected_wait(demand.wait_h[corridor.site_idx[place]], clock_h)
    for mode in range(3):
        waiting_h = wait_h
        after_kwh, after_break_h, after_rest_h = energy_kwh, 0.0, since_rest_h
        if mode == HPC_BREAK:
            hold_h = limits.break_h
            after_kwh = min(truck.battery_kwh, energy_kwh + truck.hpc_kw * hold_h)
        elif mode == HPC_INTERMEDIATE:
            hold_h = limits.plug_overhead_h
            after_break_h = since_break_h
        else:
            waiting_h = 0.0
            hold_h = limits.rest_h
            after_kwh = min(truck.battery_kwh, energy_kwh + truck.lpc_kw * hold_h)
            after_rest_h = 0.0
        if mode != HPC_INTERMEDIATE and after_kwh - energy_kwh <= TOLERANCE:
            continue
        state = (
            cost_h + waiting_h + hold_h + penalty_h,
            clock_h + waiting_h + hold_h,
            after_kwh,
            after_break_h,
            after_rest_h,
        )
        bound_h = bound_on_cost(
            state[0], after_kwh, after_break_h, after_rest_h, onward_h, corridor, demand
        )
        if best >= 0 and bound_h >= labels.value[best, COST_H]:
            continue
        label = add_label(labels, state, bound_h, place, mode, arrival)
        push(labels, label)
    return labels


@njit(cache=True)
def search(
    labels: Labels,
    start: tuple[float, float, float, float],
    corridor: Corridor,
    demand: Demand,
    head: NDArray[np.int64],
    outcomes: NDArray[np.float64],
) -> tuple[Labels, NDArray[np.float64], int]:
    """Best plan of a trip within a corridor.

    Best first by a lower bound on the final cost, so that the search may stop at the first label
    that cannot beat the best arrival known.

    Parameters
    ----------
    labels : Labels
        Working space; emptied first.
    start : tuple
        Clock, energy and both counters on entering the road graph.
    head : (n_candidates,) int64
        Working space.

    Returns
    -------
    labels : Labels
    outcomes : (capacity, 5) float64
    best : int
        Label at the destination, -1 where the trip cannot be driven.
    """
    n_candidates = len(corridor.site_idx)
    labels.size[N_LABELS] = 0
    labels.size[N_QUEUED] = 0
    for candidate in range(n_candidates):
        head[candidate] = -1
    clock_h, energy_kwh, since_break_h, since_rest_h = start
    state = (0.0, clock_h, energy_kwh, since_break_h, since_rest_h)
    push(labels, add_label(labels, state, 0.0, ORIGIN, STARTED, -1))
    best = -1
    while labels.size[N_QUEUED] > 0:
        label = pop(labels)
        if best >= 0 and labels.value[label, BOUND_H] >= labels.value[best, COST_H]:
            break
        place, mode = labels.link[label, PLACE], labels.link[label, MODE]
        if mode == ARRIVED:
            if labels.link[label, IS_DEAD] == 0:
                labels = add_departures(labels, label, best, corridor, demand)
            continue
        before = ORIGIN
        if mode == VIA:
            before = labels.link[labels.link[labels.link[label, PARENT], PARENT], PLACE]
        # The destination first: a plan in hand cuts off most of the rest.
        for step in range(-1, n_candidates):
            end = n_candidates if step < 0 else step
            if mode == VIA and not leads_through(corridor, before, place, end):
                continue
            labels, outcomes, best = extend(
                labels, label, end, head, outcomes, best, corridor, demand
            )
    return labels, outcomes, best
