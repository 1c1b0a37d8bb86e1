"""Putting stops back into tours: greedily, by regret, and greedily with recharges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.depot.route_kernel import EITHER, NO_RECHARGE, RECHARGE, evaluate, penalised
from planner.depot.route_plan_kernel import Tours, draw, locate, revalue
from planner.depot.route_terms_kernel import (
    COST,
    DELIVERY,
    DEPOT,
    LEAVE_COST,
    OVERLOAD,
    PAYLOAD,
    PICKUP,
    Terms,
)
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

GREEDY, REGRET, GREEDY_RECHARGE = range(3)
"""Repairs: cheapest stop first; the stop first that would lose most if its best tour were taken;
cheapest first where a tour may take up or give up a recharge for it. The first two leave each
tour with the recharge that it has or has not."""

NEVER = 1e300


@kernel
def insert_all(
    terms: Terms,
    weight: NDArray[np.float64],
    tours: Tours,
    kind: int,
    noise: float,
    state: NDArray[np.uint64],
    room: NDArray[np.float64],
) -> None:
    """Put stops that no tour holds into the tours, where that costs less than leaving them.

    Parameters
    ----------
    terms, weight : see :func:`~planner.depot.route_kernel.evaluate`
    tours : Tours
        Changed.
    kind : int
        ``GREEDY``, ``REGRET`` or ``GREEDY_RECHARGE``.
    noise : float
        Largest random share by which the cost of an insertion is taken higher, >= 0.
    state : (1,) uint64
        State of the random generator.
    room : (ROOM_ROWS, n_places + 2) float64
        Overwritten.
    """
    waiting = np.flatnonzero(tours.truck_of[1:] < 0) + 1
    n_trucks = len(tours.n_stops)
    extra = np.empty((len(waiting), n_trucks))
    place_at = np.empty((len(waiting), n_trucks), dtype=np.int64)
    trial = np.empty(len(tours.truck_of) + 1, dtype=np.int64)
    for truck in range(n_trucks):
        mode = _mode(tours, truck, kind)
        revalue(terms, weight, tours, truck, mode, room)
        for s in range(len(waiting)):
            _price(terms, weight, tours, waiting, s, truck, mode, trial, extra, place_at, room)
            extra[s, truck] += noise * draw(state) * abs(extra[s, truck])
    n_waiting = len(waiting)
    while n_waiting > 0:
        chosen, truck = _choose(terms, tours, waiting, n_waiting, extra, kind)
        if chosen < 0:
            return
        place = waiting[chosen]
        _insert(tours, truck, place, place_at[chosen, truck])
        revalue(terms, weight, tours, truck, _mode(tours, truck, kind), room)
        n_waiting -= 1
        # The last one fills the gap; only the tour that changed is priced anew.
        waiting[chosen] = waiting[n_waiting]
        extra[chosen] = extra[n_waiting]
        place_at[chosen] = place_at[n_waiting]
        mode = _mode(tours, truck, kind)
        for s in range(n_waiting):
            _price(terms, weight, tours, waiting, s, truck, mode, trial, extra, place_at, room)
            extra[s, truck] += noise * draw(state) * abs(extra[s, truck])


@inner_kernel
def _mode(tours: Tours, truck: int, kind: int) -> int:
    """Whether a repair lets a tour change its recharge."""
    if kind == GREEDY_RECHARGE:
        return EITHER
    return RECHARGE if tours.recharges[truck] else NO_RECHARGE


@inner_kernel
def _choose(
    terms: Terms,
    tours: Tours,
    waiting: NDArray[np.int64],
    n_waiting: int,
    extra: NDArray[np.float64],
    kind: int,
) -> tuple[int, int]:
    """Stop to insert next and its truck, or -1 if leaving all costs less."""
    places = terms.places
    best = NEVER
    chosen = -1
    chosen_truck = -1
    n_trucks = len(tours.n_stops)
    for s in range(n_waiting):
        leave = places[LEAVE_COST, waiting[s]]
        first = NEVER
        second = NEVER
        first_truck = -1
        for truck in range(n_trucks):
            if extra[s, truck] < first:
                second = first
                first = extra[s, truck]
                first_truck = truck
            elif extra[s, truck] < second:
                second = extra[s, truck]
        if first >= leave:
            continue
        # To leave the stop is one more alternative that would be lost.
        value = first - min(second, leave) if kind == REGRET else first
        if value < best:
            best = value
            chosen = s
            chosen_truck = first_truck
    return chosen, chosen_truck


@inner_kernel
def _insert(tours: Tours, truck: int, place: int, at: int) -> None:
    """Put a stop into a tour."""
    n = tours.n_stops[truck]
    for i in range(n, at, -1):
        tours.stops[truck, i] = tours.stops[truck, i - 1]
    tours.stops[truck, at] = place
    tours.n_stops[truck] = n + 1
    tours.changed[truck] = True
    locate(tours, truck)


@inner_kernel
def _price(
    terms: Terms,
    weight: NDArray[np.float64],
    tours: Tours,
    waiting: NDArray[np.int64],
    s: int,
    truck: int,
    mode: int,
    trial: NDArray[np.int64],
    extra: NDArray[np.float64],
    place_at: NDArray[np.int64],
    room: NDArray[np.float64],
) -> None:
    """Fill what a stop adds to a tour at its best place there, and the place."""
    ways, places, trucks = terms.ways, terms.places, terms.trucks
    place = waiting[s]
    n = tours.n_stops[truck]
    stops = tours.stops[truck]
    is_pickup = places[PICKUP, place] > 0.0
    first_pickup = 0
    load = 0.0
    while first_pickup < n and places[PICKUP, stops[first_pickup]] == 0.0:
        load += 0.0 if is_pickup else places[DELIVERY, stops[first_pickup]]
        first_pickup += 1
    begin = first_pickup if is_pickup else 0
    end = n if is_pickup else first_pickup
    best = NEVER
    best_at = begin
    # Energy, windows and the fixed cost of an unused truck need the whole tour at each place.
    if terms.electric or terms.timed or n == 0:
        trial[0] = place
        for i in range(n):
            trial[i + 1] = stops[i]
        for at in range(end + 1):
            # The stop moves on by changing places with its neighbour; the tour is not written anew.
            if at > 0:
                trial[at - 1] = trial[at]
                trial[at] = place
            if at < begin:
                continue
            verdict = evaluate(terms, weight, truck, trial, n + 1, mode, room)
            value = penalised(verdict, weight) - tours.value[truck]
            if value < best:
                best = value
                best_at = at
    else:
        # Else a place costs its links alone: the load is the same at every place of its kind.
        before = DEPOT if begin == 0 else stops[begin - 1]
        for at in range(begin, end + 1):
            after = stops[at] if at < n else DEPOT
            value = ways[COST, before, place] + ways[COST, place, after] - ways[COST, before, after]
            if value < best:
                best = value
                best_at = at
            before = after
        if is_pickup:
            for i in range(first_pickup, n):
                load += places[PICKUP, stops[i]]
        added = places[PICKUP, place] + places[DELIVERY, place]
        over = max(0.0, load + added - trucks[PAYLOAD, truck]) - max(
            0.0, load - trucks[PAYLOAD, truck]
        )
        best += weight[OVERLOAD] * over
        if not is_pickup and first_pickup == 0:
            trial[0] = place
            for i in range(n):
                trial[i + 1] = stops[i]
            verdict = evaluate(terms, weight, truck, trial, n + 1, mode, room)
            best = penalised(verdict, weight) - tours.value[truck]
    extra[s, truck] = best
    place_at[s, truck] = best_at
