"""Local search over tours: relocate, swap, or-opt, cross-exchange, 2-opt and 2-opt*.

All moves are one of two. Between two tours, a stretch of one changes places with a stretch of the
other; either may be empty, or reach to the end. Within a tour, two stretches change places, of
which one may be empty, or one stretch is turned round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.depot.route_kernel import EITHER
from planner.depot.route_plan_kernel import Tours, draw_below, revalue
from planner.depot.route_terms_kernel import COST, Terms
from planner.depot.tour_move_kernel import (
    FIRST,
    Move,
    Search,
    exchange,
    leave,
    links_gain,
    needed_gain,
    swap,
)
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 3
"""Most stops of a stretch that moves, save for the ends of tours."""


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


@kernel
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
    truck_of = tours.truck_of
    n_places = len(truck_of)
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
    # Tours that did not change since they were last searched have nothing left to find.
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
            if truck_of[u] < 0:
                continue
            last_test = tested_at[u]
            tested_at[u] = moves[n_trucks]
            if moves[truck_of[u]] > last_test and leave(search, int(u)):
                continue
            for v in neighbours[u]:
                if v < 0:
                    break
                if truck_of[v] < 0:
                    continue
                if max(moves[truck_of[u]], moves[truck_of[v]]) > last_test:
                    while _join(search, int(u), int(v)):
                        pass
            if moves[truck_of[u]] > last_test:
                while _start_afresh(search, int(u)):
                    pass
        if not terms.all_alike:
            for truck in range(n_trucks):
                while _change_trucks(search, truck):
                    pass


@inner_kernel
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
    bar = needed_gain(search, one, two)
    for row in range(len(MOVES)):
        move = _stretches(MOVES[row, 0], MOVES[row, 1], MOVES[row, 2], i, n_one, j, n_two)
        if move.begin_one < 0 or move.end_one > n_one or move.begin_two < 0 or move.end_two > n_two:
            continue
        if links_gain(cost, first, n_one, second, n_two, move) > bar and exchange(
            search, one, two, move
        ):
            return True
    return False


@inner_kernel
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


@inner_kernel
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
        if is_move and swap(search, truck, begin, middle, end, turned):
            return True
    return False


@inner_kernel
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
            if exchange(search, truck, idle, Move(i, end, False, none, none, False)):
                return True
    return False


@inner_kernel
def _change_trucks(search: Search, truck: int) -> bool:
    """Let a truck and another one change tours if that costs less."""
    n_stops = search.tours.n_stops
    for other in range(len(n_stops)):
        if other == truck or n_stops[other] + n_stops[truck] == 0:
            continue
        move = Move(FIRST, n_stops[truck], False, FIRST, n_stops[other], False)
        if exchange(search, truck, other, move):
            return True
    return False
