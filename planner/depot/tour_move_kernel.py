"""Moves of a local search: a stop is left, or stretches change places, if that costs less."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from planner.depot.route_kernel import EITHER, NO_STOPS, evaluate, penalised
from planner.depot.route_plan_kernel import Tours, locate, revalue
from planner.depot.route_terms_kernel import COST, DEPOT, FIXED_COST, LEAVE_COST, Terms
from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENOUGH = 1e-7
"""Least gain of a move, share of the value of the tours it changes."""

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


@inner_kernel
def leave(search: Search, u: int) -> bool:
    """Leave a stop behind if that costs less."""
    tours = search.tours
    terms = search.terms
    # Leaving a stop saves no more than the whole tour costs.
    if terms.places[LEAVE_COST, u] > tours.value[tours.truck_of[u]]:
        return False
    truck = tours.truck_of[u]
    n = NO_STOPS
    for i in range(tours.n_stops[truck]):
        if tours.stops[truck, i] != u:
            search.trial[0, n] = tours.stops[truck, i]
            n += 1
    value = _value_of_trial(search, truck, FIRST, n) + terms.places[LEAVE_COST, u]
    if value >= tours.value[truck] - _least_gain(tours.value[truck]):
        return False
    tours.truck_of[u] = -1
    _adopt(search, truck, FIRST, n)
    return True


@inner_kernel
def exchange(search: Search, one: int, two: int, move: Move) -> bool:
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
    new = _value_of_trial(search, one, FIRST, n_one)
    # The first tour alone may cost too much already: the second is not evaluated then.
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
    new += _value_of_trial(search, two, SECOND, n_two)
    if new >= value - least:
        return False
    _adopt(search, one, FIRST, n_one)
    _adopt(search, two, SECOND, n_two)
    return True


@inner_kernel
def swap(
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
    # Without batteries the links and the penalties are all that can change: what they cannot
    # gain need not be evaluated.
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
    if _value_of_trial(search, truck, FIRST, n) >= value - least:
        return False
    _adopt(search, truck, FIRST, n)
    return True


@inner_kernel
def needed_gain(search: Search, one: int, two: int) -> float:
    """What the links must gain before a move of two tours is worth evaluating in full.

    Penalties can fall by what they are and a truck can be spared; nothing else can make up for
    longer links. Where energy goes with the load, links say nothing.
    """
    tours = search.tours
    # Energy depends on loads and recharges as well: links alone rule nothing out.
    if search.terms.electric:
        return -np.inf
    # At best both penalties go, and so do the fixed costs of trucks that get no stop.
    fixed = search.terms.trucks[FIXED_COST]
    return float(
        _least_gain(tours.value[one] + tours.value[two])
        - tours.penalty[one]
        - tours.penalty[two]
        - fixed[one]
        - fixed[two]
    )


@inner_kernel
def links_gain(
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


@inner_kernel
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


@inner_kernel
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


@inner_kernel(inline="always")
def _least_gain(value: float) -> float:
    return ENOUGH * (1.0 + abs(value))


@inner_kernel
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


@inner_kernel
def _value_of_trial(search: Search, truck: int, trial: int, n: int) -> float:
    """Penalised cost of the tour that is tried."""
    verdict = evaluate(
        search.terms, search.weight, truck, search.trial[trial], n, EITHER, search.room
    )
    return float(penalised(verdict, search.weight))


@inner_kernel
def _adopt(search: Search, truck: int, trial: int, n: int) -> None:
    """Put the tour that was tried in place of a truck's tour."""
    tours = search.tours
    for k in range(n):
        tours.stops[truck, k] = search.trial[trial, k]
    tours.n_stops[truck] = n
    locate(tours, truck)
    revalue(search.terms, search.weight, tours, truck, EITHER, search.room)
    # Moves are counted, so that pairs of tours without a change since their last test are skipped.
    search.changed_at[-1] += 1
    search.changed_at[truck] = search.changed_at[-1]
