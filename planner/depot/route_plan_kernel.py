"""The tours of all trucks as arrays that search kernels change in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.depot.route_kernel import EITHER, evaluate, penalised
from planner.depot.route_terms_kernel import LEAVE_COST, Terms
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Tours(NamedTuple):
    """Tours of all trucks.

    Parameters
    ----------
    stops : (n_trucks, n_places) int64
        Stops of each tour in order; what stands behind the last one means nothing.
    n_stops : (n_trucks,) int64
        Stops of each tour.
    truck_of : (n_places,) int64
        Truck that serves a stop, or -1.
    position : (n_places,) int64
        Where in its tour.
    recharges : (n_trucks,) bool
        Whether the tour has a recharge.
    changed : (n_trucks,) bool
        Whether the tour changed since the last local search.
    value : (n_trucks,) float64
        Penalised cost of each tour at the weights of the search.
    penalty : (n_trucks,) float64
        Part of it that is penalties.
    """

    stops: NDArray[np.int64]
    n_stops: NDArray[np.int64]
    truck_of: NDArray[np.int64]
    position: NDArray[np.int64]
    recharges: NDArray[np.bool_]
    changed: NDArray[np.bool_]
    value: NDArray[np.float64]
    penalty: NDArray[np.float64]


@inner_kernel
def locate(tours: Tours, truck: int) -> None:
    """Note where the stops of a tour stand."""
    stops, truck_of, position = tours.stops, tours.truck_of, tours.position
    for i in range(tours.n_stops[truck]):
        place = stops[truck, i]
        truck_of[place] = truck
        position[place] = i


@inner_kernel
def remove_marked(tours: Tours, marked: NDArray[np.bool_]) -> None:
    """Take marked stops out of their tours."""
    for truck in range(len(tours.n_stops)):
        kept = 0
        for i in range(tours.n_stops[truck]):
            place = tours.stops[truck, i]
            if marked[place]:
                tours.truck_of[place] = -1
            else:
                tours.stops[truck, kept] = place
                kept += 1
        if kept < tours.n_stops[truck]:
            tours.n_stops[truck] = kept
            tours.changed[truck] = True
            locate(tours, truck)


@inner_kernel
def revalue(
    terms: Terms,
    weight: NDArray[np.float64],
    tours: Tours,
    truck: int,
    recharge: int,
    room: NDArray[np.float64],
) -> None:
    """Note penalised cost, penalties and recharge of a tour."""
    verdict = evaluate(
        terms, weight, truck, tours.stops[truck], tours.n_stops[truck], recharge, room
    )
    tours.value[truck] = penalised(verdict, weight)
    tours.penalty[truck] = tours.value[truck] - verdict.cost
    tours.recharges[truck] = verdict.recharge_after >= 0


@kernel
def measure(
    terms: Terms, weight: NDArray[np.float64], tours: Tours, room: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Cost with that of unserved stops, and by how much each rule is broken, (5,) float64."""
    result = np.zeros(5)
    for truck in range(len(tours.n_stops)):
        verdict = evaluate(
            terms, weight, truck, tours.stops[truck], tours.n_stops[truck], EITHER, room
        )
        result[0] += verdict.cost
        result[1] += verdict.overload
        result[2] += verdict.lateness
        result[3] += verdict.lack
        result[4] += verdict.fault
    for place in range(1, len(tours.truck_of)):
        if tours.truck_of[place] < 0:
            result[0] += terms.places[LEAVE_COST, place]
    return result


@inner_kernel(inline="always")
def draw(state: NDArray[np.uint64]) -> float:
    """Uniform number in [0, 1) from a generator's state, which goes on (xorshift64*).

    Notes
    -----
    Vigna (2016), An experimental exploration of Marsaglia's xorshift generators, scrambled.
    """
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@inner_kernel
def draw_below(state: NDArray[np.uint64], n: int) -> int:
    """Uniform integer in [0, n)."""
    return min(n - 1, int(draw(state) * n))
