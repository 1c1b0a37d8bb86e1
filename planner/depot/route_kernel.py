"""What one truck's tour costs and where it breaks a rule, with the best place of a recharge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from planner.depot.recharge_kernel import best_recharge
from planner.depot.route_course_kernel import DEEPEST, fill_energy, fill_times
from planner.depot.route_terms_kernel import (
    COST,
    DELIVERY,
    DEPOT,
    FAULT,
    FIXED_COST,
    INITIAL,
    LACK,
    LATENESS,
    OVERLOAD,
    PAYLOAD,
    PICKUP,
    RESERVE,
    Terms,
    excess,
)
from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_RECHARGE, RECHARGE, EITHER = cast("tuple[int, int, int]", tuple(np.arange(3)))
"""Whether a tour goes without a recharge, has one, or has whichever costs less. Numbers of numpy's:
for Python's own, numba would compile every kernel anew for each of them."""
NO_STOPS = cast("int", np.int64(0))
"""Stops counted so far, where kernels are called with their number; likewise numpy's 0."""


class Verdict(NamedTuple):
    """What a tour costs, how far it breaks each rule, and its recharge.

    Parameters
    ----------
    cost : float
        Cost without penalties; infinite where a delivery comes after a pickup.
    overload, lateness, lack, fault : float
        How far each rule is broken; all 0 in a feasible tour.
    recharge_after : int
        Stops before the recharge, or -1 without one.
    """

    cost: float
    overload: float
    lateness: float
    lack: float
    fault: float
    recharge_after: int
    recharge_kwh: float


@kernel(inline="always")
def penalised(verdict: Verdict, weight: NDArray[np.float64]) -> float:
    """Cost with every broken rule at its weight."""
    return float(
        verdict.cost
        + weight[OVERLOAD] * verdict.overload
        + weight[LATENESS] * verdict.lateness
        + weight[LACK] * verdict.lack
        + weight[FAULT] * verdict.fault
    )


@kernel
def evaluate(
    terms: Terms,
    weight: NDArray[np.float64],
    truck: int,
    stops: NDArray[np.int64],
    n_stops: int,
    recharge: int,
    room: NDArray[np.float64],
) -> Verdict:
    """Cost and broken rules of a tour.

    Parameters
    ----------
    weight : (4,) float64
        Weights of the broken rules, by which the place of a recharge is chosen.
    stops : (>= n_stops,) int64
        Places in order, without the depot.
    recharge : int
        ``NO_RECHARGE``, ``RECHARGE`` or ``EITHER``.
    room : (ROOM_ROWS, >= n_stops + 2) float64
        Overwritten.
    """
    if n_stops == 0:
        return Verdict(0.0, 0.0, 0.0, 0.0, 1.0 if terms.all_go else 0.0, -1, 0.0)
    ways, places, trucks = terms.ways, terms.places, terms.trucks
    cost = trucks[FIXED_COST, truck]
    delivered = 0.0
    collected = 0.0
    last = DEPOT
    for i in range(n_stops):
        place = stops[i]
        if places[PICKUP, place] > 0.0:
            collected += places[PICKUP, place]
        elif collected > 0.0:
            return Verdict(np.inf, 0.0, 0.0, 0.0, 0.0, -1, 0.0)
        else:
            delivered += places[DELIVERY, place]
        cost += ways[COST, last, place]
        last = place
    cost += ways[COST, last, DEPOT]
    overload = excess(delivered - trucks[PAYLOAD, truck]) + excess(
        collected - trucks[PAYLOAD, truck]
    )
    fault = 1.0 if delivered == 0.0 else 0.0
    if not terms.electric:
        lateness = fill_times(terms, truck, stops, n_stops, room) if terms.timed else 0.0
        return Verdict(cost, overload, lateness, 0.0, fault, -1, 0.0)
    used = fill_energy(terms, stops, n_stops, delivered, room)
    lateness = fill_times(terms, truck, stops, n_stops, room)
    reserve = trucks[RESERVE, truck]
    lack = excess(room[DEEPEST, n_stops + 1] + reserve - trucks[INITIAL, truck])
    plain = Verdict(cost + terms.initial_price * used, overload, lateness, lack, fault, -1, 0.0)
    if recharge == NO_RECHARGE or n_stops < 2 or terms.charger_kw <= 0.0:
        return plain
    with_recharge = best_recharge(terms, weight, truck, stops, n_stops, cost, room)
    verdict = Verdict(
        with_recharge[0],
        overload,
        with_recharge[1],
        with_recharge[2],
        fault,
        int(with_recharge[3]),
        with_recharge[4],
    )
    if recharge == RECHARGE or penalised(verdict, weight) < penalised(plain, weight) - 1e-9:
        return verdict
    return plain
