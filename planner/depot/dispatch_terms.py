"""A dispatch problem as arrays, and why a stop may be out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from planner.depot.route_course_kernel import ROOM_ROWS
from planner.depot.route_kernel import EITHER, evaluate
from planner.depot.route_terms_kernel import (
    AVAILABLE_MIN,
    BACK_BY_MIN,
    BATTERY,
    CLOSE_MIN,
    DELIVERY,
    FIXED_COST,
    INITIAL,
    LEAVE_COST,
    OPEN_MIN,
    PAYLOAD,
    PICKUP,
    RESERVE,
    SERVICE_MIN,
    Terms,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.depot.dispatch import DispatchProblem

Obstacle = Literal["payload", "window", "energy"]

TOLERANCE = 1e-6
"""Kilograms, minutes and kilowatt-hours that do not count as breaking a rule."""


def dispatch_terms(
    problem: DispatchProblem, recharge_price: NDArray[np.float64] | None = None
) -> Terms:
    """The problem as the kernels read it.

    Parameters
    ----------
    recharge_price : (n_steps,) float64, optional
        What a kWh is taken to cost by quarter of an hour; ``problem.recharge_price`` by default.
    """
    n = problem.n_stops + 1
    places = np.zeros((6, n))
    places[DELIVERY, 1:] = problem.delivery_kg
    places[PICKUP, 1:] = problem.pickup_kg
    places[SERVICE_MIN, 1:] = problem.service_min
    places[OPEN_MIN] = np.append(-np.inf, problem.open_min)
    places[CLOSE_MIN] = np.append(np.inf, problem.close_min)
    places[LEAVE_COST] = np.append(0.0, problem.leave_cost)
    trucks = np.empty((7, len(problem.trucks)))
    for k, truck in enumerate(problem.trucks):
        trucks[PAYLOAD, k] = truck.payload_kg
        trucks[BATTERY, k] = truck.battery_kwh
        trucks[INITIAL, k] = truck.initial_kwh
        trucks[RESERVE, k] = truck.reserve_kwh
        trucks[AVAILABLE_MIN, k] = truck.available_min
        trucks[BACK_BY_MIN, k] = truck.back_by_min
        trucks[FIXED_COST, k] = truck.fixed_cost
    price = np.array([problem.recharge_price]) if recharge_price is None else recharge_price
    has_energy = bool(problem.arc_kwh.any() or problem.arc_kwh_per_kg.any())
    costs_energy = problem.initial_price != 0.0 or bool(price.any())
    ways = (problem.arc_cost, problem.travel_min, problem.arc_kwh, problem.arc_kwh_per_kg)
    return Terms(
        np.ascontiguousarray(np.stack(ways).astype(np.float64)),
        places,
        trucks,
        recharge_price=np.asarray(price, dtype=np.float64),
        initial_price=float(problem.initial_price),
        charger_kw=float(problem.charger_kw) if problem.n_chargers > 0 else 0.0,
        timed=bool(np.isfinite(problem.close_min).any() or np.isfinite(trucks[BACK_BY_MIN]).any()),
        electric=has_energy and (costs_energy or bool(np.isfinite(trucks[INITIAL]).any())),
        all_go=problem.all_trucks_go,
        all_alike=bool((trucks == trucks[:, :1]).all()),
    )


def obstacle(terms: Terms, place: int, truck: int) -> Obstacle | None:
    """Why a truck cannot serve a stop even if it serves nothing else.

    A recharge on the way to it is taken to fill the battery. A pickup is looked at as if it came
    with a delivery.

    Parameters
    ----------
    place : int
        Number of the stop, from 1.
    truck : int
        Number of the truck, from 0.

    Returns
    -------
    {"payload", "window", "energy"} or None
        What stands in the way first; None if nothing does.
    """
    if terms.charger_kw > 0.0:
        trucks = terms.trucks.copy()
        trucks[INITIAL] = trucks[BATTERY]
        terms = terms._replace(trucks=trucks)
    room = np.empty((ROOM_ROWS, 3))
    verdict = evaluate(terms, np.ones(4), truck, np.array([place], dtype=np.int64), 1, EITHER, room)
    if verdict.overload > TOLERANCE:
        return "payload"
    if verdict.lateness > TOLERANCE:
        return "window"
    return "energy" if verdict.lack > TOLERANCE else None
