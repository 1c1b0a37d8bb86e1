"""Local search over tours: relocate, swap, or-opt, cross-exchange, 2-opt and 2-opt*.

All moves are one of two. Between two tours, a stretch of one changes places with a stretch of the
other; either may be empty, or reach to the end. Within a tour, two stretches change places, of
which one may be empty, or one stretch is turned round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from planner.depot.route_kernel import (
    COST,
    DEPOT,
    EITHER,
    FIXED_COST,
    LEAVE_COST,
    Terms,
    evaluate,
    penalised,
)
from planner.depot.route_plan_kernel import Tours, draw_below, locate, revalue

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 3
"""Most stops of a stretch that moves, save for the ends of tours."""

ENOUGH = 1e-7
"""Least gain of a move, share of the value of the tours it changes."""


class Search(NamedTuple):
    """What the moves of one search share.

    Parameters
    ----------
    terms, weight : see :func:`~planner.depot.route_kernel.evaluate`
    tours : Tours
        Changed by the moves.
    trial : (2, n_places + 1) int32
        Two tours being tried.
    room : (ROOM_ROWS, n_places + 2) float64
        Overwritten.
    changed_at : (n_trucks + 1,) int64
        Number of the last move that changed each tour; at the end, of moves made.
    """

    terms: Terms
    weight: NDArray[np.float64]
    tours: Tours
    trial: NDArray[np.int32]
    room: NDArray[np.float64]
    changed_at: NDArray[np.int64]


@njit(cache=True)
def improve(
    terms: Terms,
    weight: NDArray[np.float64],
    neighbours: NDArray[np.int32],
    tours: Tours,
    state: NDArray[np.uint64],
    room: NDArray[np.float64],
) -> None:
    """Make moves that cost less until there is none, beginning with the tours that changed.

    Parameters
    ----------
    terms, weight : see :func:`~planner.depot.route_kernel.evaluate`
    neighbours : (n_places, n_neighbours) int32
        Stops worth coming directly after each stop, nearest first; -1 where there are no more.
    tours : Tours
        Changed.
    state : (1,) uint64
        State of the random generator.
    room : (ROOM_ROWS, n_places + 2) float64
        Overwritten.
    """
    n_places = len(tours.truck_of)
    n_trucks = len(tours.n_stops)
    search = Search(
        terms,
        weight,
        tours,
        np.empty((2, n_places + 1), dtype=np.int32),
        room,
        np.zeros(n_trucks + 1, dtype=np.int64),
    )
    moves = search.changed_at
    moves[n_trucks] = 1
    for truck in range(n_trucks):
        revalue(terms, weight, tours, truck, EITHER, room)
        moves[truck] = 1 if tours.changed[truck] else 0
        tours.changed[truck] = False
    tested_at = np.zeros(n_places, dtype=np.int64)
    order = np.arange(1, n_places)
    for i in range(len(order) - 1, 0, -1):
        j = draw_below(state, i + 1)
        order[i], order[j] = order[j], order[i]
    n_moves = 0
    while n_moves < moves[n_trucks]:
        n_moves = moves[n_trucks]
        for u in order:
            if tours.truck_of[u] < 0:
                continue
            last_test = tested_at[u]
            tested_at[u] = moves[n_trucks]
            if moves[tours.truck_of[u]] > last_test and _leave(search, int(u)):
                continue
            for v in neighbours[u]:
                if v < 0:
                    break
                if tours.truck_of[v] < 0:
                    continue
                if max(moves[tours.truck_of[u]], moves[tours.truck_of[v]]) > last_test:
                    while _join(search, int(u), int(v)):
                        pass
            if moves[tours.truck_of[u]] > last_test:
                while _start_afresh(search, int(u)):
                    pass


@njit(cache=True)
def _leave(search: Search, u: int) -> bool:
    """Leave a stop behind if that costs less."""
    tours = search.tours
    terms = search.terms
    if terms.places[LEAVE_COST, u] > tours.value[tours.truck_of[u]]:
        return False
    truck = tours.truck_of[u]
    n = 0
    for i in range(tours.n_stops[truck]):
        if tours.stops[truck, i] != u:
            search.trial[0, n] = tours.stops[truck, i]
            n += 1
    verdict = evaluate(terms, search.weight, truck, search.trial[0], n, EITHER, search.room)
    value = penalised(verdict, search.weight) + terms.places[LEAVE_COST, u]
    if value >= tours.value[truck] - _least_gain(tours.value[truck]):
        return False
    tours.truck_of[u] = -1
    _adopt(search, truck, 0, n)
    return True


@njit(cache=True)
def _join(search: Search, u: int, v: int) -> bool:
    """Make the first move found that lets a stop follow another and costs less."""
    tours = search.tours
    one = tours.truck_of[u]
    two = tours.truck_of[v]
    i = tours.position[u]
    j = tours.position[v]
    if one == two:
        return j != i + 1 and _join_within(search, one, i, j)
    cost = search.terms.ways[COST]
    first = tours.stops[one]
    second = tours.stops[two]
    n_one = tours.n_stops[one]
    n_two = tours.n_stops[two]
    bar = _bar(search, one, two)
    # The end of v's tour, from v, for the end of u's tour.
    if _gain(
        cost, first, n_one, i + 1, n_one, False, second, n_two, j, n_two, False
    ) > bar and _exchange(search, one, i + 1, n_one, False, two, j, n_two, False):
        return True
    for length in range(1, LONGEST + 1):
        # A stretch that ends with u, or begins with it and is turned round, before v.
        b = i - length + 1
        if (
            b >= 0
            and _gain(cost, first, n_one, b, i + 1, False, second, n_two, j, j, False) > bar
            and _exchange(search, one, b, i + 1, False, two, j, j, False)
        ):
            return True
        e = i + length
        if (
            length > 1
            and e <= n_one
            and _gain(cost, first, n_one, i, e, True, second, n_two, j, j, False) > bar
            and _exchange(search, one, i, e, True, two, j, j, False)
        ):
            return True
        # A stretch that begins with v, or ends with it and is turned round, after u.
        a = i + 1
        e = j + length
        if (
            e <= n_two
            and _gain(cost, first, n_one, a, a, False, second, n_two, j, e, False) > bar
            and _exchange(search, one, a, a, False, two, j, e, False)
        ):
            return True
        b = j - length + 1
        if (
            length > 1
            and b >= 0
            and _gain(cost, first, n_one, a, a, False, second, n_two, b, j + 1, True) > bar
            and _exchange(search, one, a, a, False, two, b, j + 1, True)
        ):
            return True
        for other in range(1, LONGEST + 1):
            # What follows u for a stretch from v on; what precedes v for a stretch up to u.
            c = a + other
            e = j + length
            if (
                c <= n_one
                and e <= n_two
                and _gain(cost, first, n_one, a, c, False, second, n_two, j, e, False) > bar
                and _exchange(search, one, a, c, False, two, j, e, False)
            ):
                return True
            b = i - length + 1
            c = j - other
            if (
                b >= 0
                and c >= 0
                and _gain(cost, first, n_one, b, a, False, second, n_two, c, j, False) > bar
                and _exchange(search, one, b, a, False, two, c, j, False)
            ):
                return True
    return False


@njit(cache=True)
def _join_within(search: Search, truck: int, i: int, j: int) -> bool:
    """Make the first move found within a tour that lets stop j follow stop i and costs less."""
    n = search.tours.n_stops[truck]
    if i < j:
        if _swap(search, truck, i + 1, j + 1, j + 1, True):
            return True
        for length in range(1, LONGEST + 1):
            # The stretch from j on to behind i; the one up to i to before j.
            if j + length <= n and _swap(search, truck, i + 1, j, j + length, False):
                return True
            if length <= i + 1 and _swap(search, truck, i - length + 1, i + 1, j, False):
                return True
        return False
    for length in range(1, LONGEST + 1):
        if j + length <= i and _swap(search, truck, j, j + length, i + 1, False):
            return True
        if i - length + 1 > j and _swap(search, truck, j, i - length + 1, i + 1, False):
            return True
    return False


@njit(cache=True)
def _start_afresh(search: Search, u: int) -> bool:
    """Give a stop, or the tour from it on, to a truck that has no tour, if that costs less."""
    tours = search.tours
    truck = tours.truck_of[u]
    i = tours.position[u]
    n = tours.n_stops[truck]
    for idle in range(len(tours.n_stops)):
        if tours.n_stops[idle] > 0:
            continue
        if _exchange(search, truck, i, n, False, idle, 0, 0, False):
            return True
        if _exchange(search, truck, i, i + 1, False, idle, 0, 0, False):
            return True
    return False


@njit(cache=True)
def _bar(search: Search, one: int, two: int) -> float:
    """What the links must gain before a move of two tours is worth evaluating in full.

    Penalties can fall by what they are and a truck can be spared; nothing else can make up for
    longer links. Where energy goes with the load, links say nothing.
    """
    tours = search.tours
    if search.terms.electric:
        return -np.inf
    fixed = search.terms.trucks[FIXED_COST]
    return float(
        _least_gain(tours.value[one] + tours.value[two])
        - tours.penalty[one]
        - tours.penalty[two]
        - fixed[one]
        - fixed[two]
    )


@njit(cache=True)
def _gain(
    cost: NDArray[np.float64],
    first: NDArray[np.int32],
    n_first: int,
    begin_one: int,
    end_one: int,
    turn_one: bool,  # noqa: FBT001
    second: NDArray[np.int32],
    n_second: int,
    begin_two: int,
    end_two: int,
    turn_two: bool,  # noqa: FBT001
) -> float:
    """What the links of two tours gain if a stretch of one changes places with one of the other."""
    before_one = first[begin_one - 1] if begin_one > 0 else DEPOT
    after_one = first[end_one] if end_one < n_first else DEPOT
    before_two = second[begin_two - 1] if begin_two > 0 else DEPOT
    after_two = second[end_two] if end_two < n_second else DEPOT
    return (
        _links(cost, first, before_one, begin_one, end_one, False, after_one)
        + _links(cost, second, before_two, begin_two, end_two, False, after_two)
        - _links(cost, second, before_one, begin_two, end_two, turn_two, after_one)
        - _links(cost, first, before_two, begin_one, end_one, turn_one, after_two)
    )


@njit(cache=True, inline="always")
def _least_gain(value: float) -> float:
    return ENOUGH * (1.0 + abs(value))


@njit(cache=True)
def _links(
    cost: NDArray[np.float64],
    stops: NDArray[np.int32],
    before: int,
    begin: int,
    end: int,
    turned: bool,  # noqa: FBT001
    after: int,
) -> float:
    """Cost of the links of a stretch to what stands before and after it.

    A stretch that is turned round counts what its own links change by.
    """
    if begin == end:
        return float(cost[before, after])
    if not turned:
        return float(cost[before, stops[begin]] + cost[stops[end - 1], after])
    total = cost[before, stops[end - 1]] + cost[stops[begin], after]
    for k in range(begin, end - 1):
        total += cost[stops[k + 1], stops[k]] - cost[stops[k], stops[k + 1]]
    return float(total)


@njit(cache=True)
def _copy(
    source: NDArray[np.int32],
    begin: int,
    end: int,
    turned: bool,  # noqa: FBT001
    target: NDArray[np.int32],
    at: int,
) -> int:
    """Copy a stretch of a tour; give the place behind it."""
    if turned:
        for k in range(end - 1, begin - 1, -1):
            target[at] = source[k]
            at += 1
    else:
        for k in range(begin, end):
            target[at] = source[k]
            at += 1
    return at


@njit(cache=True)
def _exchange(
    search: Search,
    one: int,
    begin_one: int,
    end_one: int,
    turn_one: bool,  # noqa: FBT001
    two: int,
    begin_two: int,
    end_two: int,
    turn_two: bool,  # noqa: FBT001
) -> bool:
    """Let a stretch of one tour change places with one of another tour if that costs less."""
    tours = search.tours
    terms = search.terms
    first = tours.stops[one]
    second = tours.stops[two]
    n_first = tours.n_stops[one]
    n_second = tours.n_stops[two]
    value = tours.value[one] + tours.value[two]
    least = _least_gain(value)
    trial = search.trial
    n_one = _copy(first, 0, begin_one, False, trial[0], 0)
    n_one = _copy(second, begin_two, end_two, turn_two, trial[0], n_one)
    n_one = _copy(first, end_one, n_first, False, trial[0], n_one)
    new = penalised(
        evaluate(terms, search.weight, one, trial[0], n_one, EITHER, search.room), search.weight
    )
    if new >= value - least:
        return False
    n_two = _copy(second, 0, begin_two, False, trial[1], 0)
    n_two = _copy(first, begin_one, end_one, turn_one, trial[1], n_two)
    n_two = _copy(second, end_two, n_second, False, trial[1], n_two)
    new += penalised(
        evaluate(terms, search.weight, two, trial[1], n_two, EITHER, search.room), search.weight
    )
    if new >= value - least:
        return False
    _adopt(search, one, 0, n_one)
    _adopt(search, two, 1, n_two)
    return True


@njit(cache=True)
def _swap(
    search: Search,
    truck: int,
    begin: int,
    middle: int,
    end: int,
    turned: bool,  # noqa: FBT001
) -> bool:
    """Let two neighbouring stretches of a tour change places if that costs less.

    Where ``middle`` is ``end``, the one stretch is turned round instead.
    """
    tours = search.tours
    terms = search.terms
    stops = tours.stops[truck]
    n = tours.n_stops[truck]
    value = tours.value[truck]
    least = _least_gain(value)
    if not terms.electric:
        before = stops[begin - 1] if begin > 0 else DEPOT
        after = stops[end] if end < n else DEPOT
        cost = terms.ways[COST]
        if turned:
            gain = _links(cost, stops, before, begin, end, False, after) - _links(
                cost, stops, before, begin, end, True, after
            )
        else:
            gain = (
                cost[before, stops[begin]]
                + cost[stops[middle - 1], stops[middle]]
                + cost[stops[end - 1], after]
                - cost[before, stops[middle]]
                - cost[stops[end - 1], stops[begin]]
                - cost[stops[middle - 1], after]
            )
        if gain + tours.penalty[truck] <= least:
            return False
    trial = search.trial[0]
    at = _copy(stops, 0, begin, False, trial, 0)
    if not turned:
        at = _copy(stops, middle, end, False, trial, at)
    at = _copy(stops, begin, middle, turned, trial, at)
    _copy(stops, end, n, False, trial, at)
    new = penalised(
        evaluate(terms, search.weight, truck, trial, n, EITHER, search.room), search.weight
    )
    if new >= value - least:
        return False
    _adopt(search, truck, 0, n)
    return True


@njit(cache=True)
def _adopt(search: Search, truck: int, trial: int, n: int) -> None:
    """Put the tour that was tried in place of a truck's tour."""
    tours = search.tours
    for k in range(n):
        tours.stops[truck, k] = search.trial[trial, k]
    tours.n_stops[truck] = n
    locate(tours, truck)
    revalue(search.terms, search.weight, tours, truck, EITHER, search.room)
    search.changed_at[-1] += 1
    search.changed_at[truck] = search.changed_at[-1]
