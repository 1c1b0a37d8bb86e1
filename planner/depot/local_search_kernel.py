"""Local search over tours: relocate, swap, or-opt, cross-exchange, 2-opt and 2-opt*.

All moves are one of two. Between two tours, a stretch of one changes places with a stretch of the
other; either may be empty, or reach to the end. Within a tour, two stretches change places, of
which one may be empty, or one stretch is turned round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

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


TAILS, UP_TO, FROM_TURNED, FROM, UP_TO_TURNED, NEXT, PREVIOUS = range(7)
"""Moves that let a stop v follow a stop u of another tour: the end of v's tour for that of u's; the
stretch up to u, or turned round the one from u on, before v; the stretch from v on, or turned round
the one up to v, behind u; what follows u for the stretch from v on; the stretch up to u for what
precedes v."""

LENGTHS = tuple(range(1, LONGEST + 1))
MOVES = np.array(
    [(TAILS, 0, 0)]
    + [(kind, length, 0) for length in LENGTHS for kind in (UP_TO, FROM)]
    + [(kind, length, 0) for length in LENGTHS[1:] for kind in (FROM_TURNED, UP_TO_TURNED)]
    + [(kind, a, b) for a in LENGTHS for b in LENGTHS for kind in (NEXT, PREVIOUS)],
    dtype=np.int64,
)
"""Kind of each move and the lengths of its stretches, the most fruitful first."""


FIRST, SECOND = cast("tuple[int, int]", tuple(np.arange(2)))
"""Rows of the tours being tried; numbers of numpy's, so that numba compiles once for both."""


class Move(NamedTuple):
    """Two stretches that change places, each from ``begin`` to before ``end``, turned or not."""

    begin_one: int
    end_one: int
    turn_one: bool
    begin_two: int
    end_two: int
    turn_two: bool


class Search(NamedTuple):
    """What the moves of one search share.

    Parameters
    ----------
    terms, weight : see :func:`~planner.depot.route_kernel.evaluate`
    tours : Tours
        Changed by the moves.
    trial : (2, n_places + 1) int64
        Two tours being tried.
    room : (ROOM_ROWS, n_places + 2) float64
        Overwritten.
    changed_at : (n_trucks + 1,) int64
        Number of the last move that changed each tour; at the end, of moves made.
    """

    terms: Terms
    weight: NDArray[np.float64]
    tours: Tours
    trial: NDArray[np.int64]
    room: NDArray[np.float64]
    changed_at: NDArray[np.int64]


@njit(cache=True)
def improve(
    terms: Terms,
    weight: NDArray[np.float64],
    neighbours: NDArray[np.int64],
    tours: Tours,
    state: NDArray[np.uint64],
    room: NDArray[np.float64],
) -> None:
    """Make moves that cost less until there is none, beginning with the tours that changed.

    Parameters
    ----------
    terms, weight : see :func:`~planner.depot.route_kernel.evaluate`
    neighbours : (n_places, n_neighbours) int64
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
        np.empty((2, n_places + 1), dtype=np.int64),
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
        if not terms.all_alike:
            for truck in range(n_trucks):
                while _change_trucks(search, truck):
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
    value = _try(search, truck, FIRST, n) + terms.places[LEAVE_COST, u]
    if value >= tours.value[truck] - _least_gain(tours.value[truck]):
        return False
    tours.truck_of[u] = -1
    _adopt(search, truck, FIRST, n)
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
    for row in range(len(MOVES)):
        move = _stretches(MOVES[row, 0], MOVES[row, 1], MOVES[row, 2], i, n_one, j, n_two)
        if move.begin_one < 0 or move.end_one > n_one or move.begin_two < 0 or move.end_two > n_two:
            continue
        if _gain(cost, first, n_one, second, n_two, move) > bar and _exchange(
            search, one, two, move
        ):
            return True
    return False


@njit(cache=True)
def _stretches(kind: int, length: int, other: int, i: int, n_one: int, j: int, n_two: int) -> Move:
    """The stretches of a kind of move that lets stop j of one tour follow stop i of another."""
    if kind == TAILS:
        return Move(i + 1, n_one, False, j, n_two, False)
    if kind == UP_TO:
        return Move(i - length + 1, i + 1, False, j, j, False)
    if kind == FROM_TURNED:
        return Move(i, i + length, True, j, j, False)
    if kind == FROM:
        return Move(i + 1, i + 1, False, j, j + length, False)
    if kind == UP_TO_TURNED:
        return Move(i + 1, i + 1, False, j - length + 1, j + 1, True)
    if kind == NEXT:
        return Move(i + 1, i + 1 + other, False, j, j + length, False)
    return Move(i - length + 1, i + 1, False, j - other, j, False)


@njit(cache=True)
def _join_within(search: Search, truck: int, i: int, j: int) -> bool:
    """Make the first move found within a tour that lets stop j follow stop i and costs less."""
    n = search.tours.n_stops[truck]
    for k in range(2 * LONGEST + 1):
        turned = k == 0
        length = (k + 1) // 2
        if turned:
            begin, middle, end = i + 1, j + 1, j + 1
        elif i < j and k % 2 == 1:
            begin, middle, end = i + 1, j, j + length
        elif i < j:
            begin, middle, end = i - length + 1, i + 1, j
        elif k % 2 == 1:
            begin, middle, end = j, j + length, i + 1
        else:
            begin, middle, end = j, i - length + 1, i + 1
        is_move = 0 <= begin < middle <= end <= n and (turned or middle < end)
        if is_move and _swap(search, truck, begin, middle, end, turned):
            return True
    return False


@njit(cache=True)
def _start_afresh(search: Search, u: int) -> bool:
    """Give a stop, or the tour from it on, to a truck that has no tour, if that costs less."""
    tours = search.tours
    truck = tours.truck_of[u]
    i = tours.position[u]
    for idle in range(len(tours.n_stops)):
        none = tours.n_stops[idle]
        if none > 0:
            continue
        for end in (i + 1, tours.n_stops[truck]):
            if _exchange(search, truck, idle, Move(i, end, False, none, none, False)):
                return True
    return False


@njit(cache=True)
def _change_trucks(search: Search, truck: int) -> bool:
    """Let a truck and another one change tours if that costs less."""
    n_stops = search.tours.n_stops
    for other in range(len(n_stops)):
        if other == truck or n_stops[other] + n_stops[truck] == 0:
            continue
        move = Move(FIRST, n_stops[truck], False, FIRST, n_stops[other], False)
        if _exchange(search, truck, other, move):
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


@njit(cache=True, inline="always")
def _least_gain(value: float) -> float:
    return ENOUGH * (1.0 + abs(value))


@njit(cache=True)
def _gain(
    cost: NDArray[np.float64],
    first: NDArray[np.int64],
    n_first: int,
    second: NDArray[np.int64],
    n_second: int,
    move: Move,
) -> float:
    """What the links of two tours gain if a stretch of one changes places with one of the other."""
    before_one = first[move.begin_one - 1] if move.begin_one > 0 else DEPOT
    after_one = first[move.end_one] if move.end_one < n_first else DEPOT
    before_two = second[move.begin_two - 1] if move.begin_two > 0 else DEPOT
    after_two = second[move.end_two] if move.end_two < n_second else DEPOT
    return (
        _links(cost, first, before_one, move.begin_one, move.end_one, after_one)
        + _links(cost, second, before_two, move.begin_two, move.end_two, after_two)
        - _links(cost, second, before_one, move.begin_two, move.end_two, after_one)
        - _links(cost, first, before_two, move.begin_one, move.end_one, after_two)
        - _turning(cost, first, before_two, move.begin_one, move.end_one, after_two, move.turn_one)
        - _turning(cost, second, before_one, move.begin_two, move.end_two, after_one, move.turn_two)
    )


@njit(cache=True)
def _links(
    cost: NDArray[np.float64],
    stops: NDArray[np.int64],
    before: int,
    begin: int,
    end: int,
    after: int,
) -> float:
    """Cost of the links of a stretch to what stands before and after it."""
    if begin == end:
        return float(cost[before, after])
    return float(cost[before, stops[begin]] + cost[stops[end - 1], after])


@njit(cache=True)
def _turning(
    cost: NDArray[np.float64],
    stops: NDArray[np.int64],
    before: int,
    begin: int,
    end: int,
    after: int,
    turned: bool,  # noqa: FBT001
) -> float:
    """What a stretch between two places costs more if it is turned round."""
    if not turned or end - begin < 2:
        return 0.0
    total = cost[before, stops[end - 1]] + cost[stops[begin], after]
    total -= cost[before, stops[begin]] + cost[stops[end - 1], after]
    for k in range(begin, end - 1):
        total += cost[stops[k + 1], stops[k]] - cost[stops[k], stops[k + 1]]
    return float(total)


@njit(cache=True)
def _splice(
    target: NDArray[np.int64],
    host: NDArray[np.int64],
    n_host: int,
    begin: int,
    end: int,
    guest: NDArray[np.int64],
    guest_begin: int,
    guest_end: int,
    turned: bool,  # noqa: FBT001
) -> int:
    """Write a tour with a stretch replaced by one of another tour; give its number of stops."""
    at = begin
    target[:begin] = host[:begin]
    for k in range(guest_end - guest_begin):
        target[at] = guest[guest_end - 1 - k if turned else guest_begin + k]
        at += 1
    for k in range(end, n_host):
        target[at] = host[k]
        at += 1
    return at


@njit(cache=True)
def _exchange(search: Search, one: int, two: int, move: Move) -> bool:
    """Let a stretch of one tour change places with one of another tour if that costs less."""
    tours = search.tours
    first = tours.stops[one]
    second = tours.stops[two]
    value = tours.value[one] + tours.value[two]
    least = _least_gain(value)
    m = move
    n_one = _splice(
        search.trial[0],
        first,
        tours.n_stops[one],
        m.begin_one,
        m.end_one,
        second,
        m.begin_two,
        m.end_two,
        m.turn_two,
    )
    new = _try(search, one, FIRST, n_one)
    if new >= value - least:
        return False
    n_two = _splice(
        search.trial[1],
        second,
        tours.n_stops[two],
        m.begin_two,
        m.end_two,
        first,
        m.begin_one,
        m.end_one,
        m.turn_one,
    )
    new += _try(search, two, SECOND, n_two)
    if new >= value - least:
        return False
    _adopt(search, one, FIRST, n_one)
    _adopt(search, two, SECOND, n_two)
    return True


@njit(cache=True)
def _try(search: Search, truck: int, trial: int, n: int) -> float:
    """Penalised cost of the tour that is tried."""
    verdict = evaluate(
        search.terms, search.weight, truck, search.trial[trial], n, EITHER, search.room
    )
    return float(penalised(verdict, search.weight))


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
            gain = -_turning(cost, stops, before, begin, end, after, turned)
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
    trial[:n] = stops[:n]
    for k in range(begin, end):
        if turned:
            trial[begin + end - 1 - k] = stops[k]
        elif k < middle:
            trial[k + end - middle] = stops[k]
        else:
            trial[begin + k - middle] = stops[k]
    if _try(search, truck, FIRST, n) >= value - least:
        return False
    _adopt(search, truck, FIRST, n)
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
