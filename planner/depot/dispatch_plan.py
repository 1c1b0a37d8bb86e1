"""Timetables of tours from the order of their stops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.charging_requests import ChargingRequest
from planner.depot.dispatch import DEPOT, RECHARGE, DispatchPlan, DispatchProblem, Halt, Tour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.depot.dispatch_recharges import Choice


def tour_of(
    problem: DispatchProblem,
    truck: int,
    stops: Sequence[int],
    choice: Choice,
) -> Tour:
    """Timetable of a tour driven as early as can be, recharging at full power on arrival.

    Parameters
    ----------
    stops : sequence of int
        Places in order, from 1.
    """
    option = choice.option
    places: list[int | None] = [*stops, 0]
    if option.after >= 0:
        places.insert(option.after, None)
    fleet = problem.trucks[truck]
    load = float(sum(problem.delivery_kg[place - 1] for place in stops))
    legs = _leg_energies(problem, places, load)
    before = sum(legs[: option.after + 1]) if option.after >= 0 else sum(legs)
    deepest = float(np.max(np.cumsum([0.0, *legs[: max(option.after + 1, 0) or len(legs)]])))
    initial = deepest + fleet.reserve_kwh
    if option.after >= 0:
        onward = float(np.max(np.cumsum([0.0, *legs[option.after + 1 :]])))
        initial = max(initial, onward + fleet.reserve_kwh - choice.recharge_kwh + before)
    now = fleet.available_min
    charge = initial
    halts = [Halt(DEPOT, now, now, now, load, charge, charge, 0.0)]
    last = 0
    for place, leg in zip(places, legs, strict=True):
        here = place or 0
        arrival = now + problem.travel_min[last, here]
        arrival_kwh = charge - leg
        charge = arrival_kwh
        name = DEPOT
        start = now = arrival
        if place is None:
            name = RECHARGE
            charge += choice.recharge_kwh
            now = arrival + 60.0 * choice.recharge_kwh / problem.charger_kw
        elif place > 0:
            i = place - 1
            name = problem.stop_ids[i]
            start = max(arrival, problem.open_min[i])
            now = start + problem.service_min[i]
            load += problem.pickup_kg[i] - problem.delivery_kg[i]
        halts.append(
            Halt(
                name,
                float(arrival),
                float(start),
                float(now),
                float(load),
                float(arrival_kwh),
                float(charge),
                float(leg),
            )
        )
        last = here
    request = None
    if option.after >= 0:
        request = ChargingRequest(
            truck, option.arrival_min, option.leave_by_min, choice.recharge_kwh
        )
    ways = [0, *(place or 0 for place in places)]
    arc_cost = float(problem.arc_cost[ways[:-1], ways[1:]].sum())
    return Tour(truck, tuple(halts), arc_cost, float(sum(legs)), initial, request)


def _leg_energies(
    problem: DispatchProblem, places: Sequence[int | None], load_kg: float
) -> list[float]:
    """Energy of each drive of a tour that starts with a load."""
    legs = []
    last = 0
    for place in places:
        here = place or 0
        legs.append(
            float(problem.arc_kwh[last, here] + problem.arc_kwh_per_kg[last, here] * load_kg)
        )
        if here > 0:
            load_kg += problem.pickup_kg[here - 1] - problem.delivery_kg[here - 1]
        last = here
    return legs


def retimed(
    problem: DispatchProblem, plan: DispatchPlan, recharged_min: Mapping[int, float]
) -> DispatchPlan:
    """The plan with recharges that end when the microgrid ends them.

    Parameters
    ----------
    recharged_min : mapping of int to float
        End of the recharge of each truck, minutes since midnight, within its window.

    Returns
    -------
    DispatchPlan
        The same tours; what follows a recharge is later.
    """
    tours = tuple(
        _later(problem, tour, recharged_min[tour.truck])
        if tour.request is not None and tour.truck in recharged_min
        else tour
        for tour in plan.tours
    )
    return replace(plan, tours=tours)


def _later(problem: DispatchProblem, tour: Tour, recharged_min: float) -> Tour:
    at = next(i for i, halt in enumerate(tour.halts) if halt.place == RECHARGE)
    index = {stop: i + 1 for i, stop in enumerate(problem.stop_ids)}
    halts = [*tour.halts[:at]]
    now = max(tour.halts[at].arrival_min, recharged_min)
    halts.append(replace(tour.halts[at], departure_min=now))
    last = 0
    for halt in tour.halts[at + 1 :]:
        here = index.get(halt.place, 0)
        arrival = float(now + problem.travel_min[last, here])
        start = now = arrival
        if here > 0:
            start = float(max(arrival, problem.open_min[here - 1]))
            now = float(start + problem.service_min[here - 1])
        halts.append(replace(halt, arrival_min=arrival, start_min=start, departure_min=now))
        last = here
    return replace(tour, halts=tuple(halts))
