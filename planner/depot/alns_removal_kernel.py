"""The five ways of taking stops out of a plan: worst, Shaw, random, path and cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.depot.route_kernel import EITHER, NO_STOPS, evaluate, penalised
from planner.depot.route_plan_kernel import Tours, draw, draw_below, remove_marked, revalue
from planner.depot.route_terms_kernel import COST, TRAVEL_MIN, Terms
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORST, SHAW, RANDOM, PATH, CLUSTER = range(5)
"""Removals: stops that cost most where they are; stops like one another; any; a stretch of a tour
and of those beside it; half of a tour and of those beside it, split where it is widest."""

WORST_POWER = 3.0
SHAW_POWER = 6.0
"""How strongly the ranking of worst and of Shaw's removal is followed: the rank is a uniform number
to this power (Ropke and Pisinger 2006)."""


@kernel
def remove(
    terms: Terms,
    weight: NDArray[np.float64],
    unlikeness: NDArray[np.float64],
    tours: Tours,
    kind: int,
    n_remove: int,
    state: NDArray[np.uint64],
    room: NDArray[np.float64],
) -> None:
    """Take stops out of their tours.

    Parameters
    ----------
    terms, weight : see :func:`~planner.depot.route_kernel.evaluate`
    unlikeness : (n_places, n_places) float64
        How little two stops have in common: the lower, the more easily they change places.
    tours : Tours
        Changed.
    kind : int
        ``WORST`` to ``CLUSTER``.
    n_remove : int
        Stops to take out; fewer where the tours have fewer.
    state : (1,) uint64
        State of the random generator.
    room : (ROOM_ROWS, n_places + 2) float64
        Overwritten.
    """
    marked = np.zeros(len(tours.truck_of), dtype=np.bool_)
    served = np.flatnonzero(tours.truck_of[1:] >= 0) + 1
    n_remove = min(n_remove, len(served))
    if n_remove == 0:
        return
    if kind == WORST:
        _mark_worst(terms, weight, tours, served, n_remove, marked, state, room)
    elif kind == SHAW:
        _mark_alike(unlikeness, served, n_remove, marked, state)
    elif kind == RANDOM:
        for i in range(n_remove):
            # The first steps of a Fisher-Yates shuffle: each subset is equally likely.
            j = i + draw_below(state, len(served) - i)
            served[i], served[j] = served[j], served[i]
            marked[served[i]] = True
    else:
        _mark_beside(terms, unlikeness, tours, served, n_remove, kind, marked, state)
    remove_marked(tours, marked)
    for truck in range(len(tours.n_stops)):
        revalue(terms, weight, tours, truck, EITHER, room)


@inner_kernel
def _mark_worst(
    terms: Terms,
    weight: NDArray[np.float64],
    tours: Tours,
    served: NDArray[np.int64],
    n_remove: int,
    marked: NDArray[np.bool_],
    state: NDArray[np.uint64],
    room: NDArray[np.float64],
) -> None:
    """Mark stops without which their tours would cost least, with some chance."""
    saving = np.empty(len(served))
    without = np.empty(len(tours.truck_of), dtype=np.int64)
    for s in range(len(served)):
        truck = tours.truck_of[served[s]]
        n = NO_STOPS
        for i in range(tours.n_stops[truck]):
            if tours.stops[truck, i] != served[s]:
                without[n] = tours.stops[truck, i]
                n += 1
        verdict = evaluate(terms, weight, truck, without, n, EITHER, room)
        saving[s] = tours.value[truck] - penalised(verdict, weight)
    # Stable, so that equal savings are ranked alike on every machine.
    order = np.argsort(-saving, kind="mergesort")
    _mark_by_rank(served[order], n_remove, WORST_POWER, marked, state)


@inner_kernel
def _mark_by_rank(
    ranked: NDArray[np.int64],
    n_remove: int,
    power: float,
    marked: NDArray[np.bool_],
    state: NDArray[np.uint64],
) -> None:
    """Mark stops, the earlier ones in the ranking more likely."""
    n = len(ranked)
    for _ in range(n_remove):
        chosen = int(draw(state) ** power * n)
        marked[ranked[chosen]] = True
        for i in range(chosen, n - 1):
            ranked[i] = ranked[i + 1]
        n -= 1


@inner_kernel
def _mark_alike(
    unlikeness: NDArray[np.float64],
    served: NDArray[np.int64],
    n_remove: int,
    marked: NDArray[np.bool_],
    state: NDArray[np.uint64],
) -> None:
    """Mark stops that are like ones marked before, with some chance (Shaw 1998)."""
    taken = np.empty(n_remove, dtype=np.int64)
    taken[0] = served[draw_below(state, len(served))]
    marked[taken[0]] = True
    for n in range(1, n_remove):
        like = taken[draw_below(state, n)]
        rest = served[~marked[served]]
        order = np.argsort(unlikeness[like][rest], kind="mergesort")
        taken[n] = rest[order[int(draw(state) ** SHAW_POWER * len(rest))]]
        marked[taken[n]] = True


@inner_kernel
def _mark_beside(
    terms: Terms,
    unlikeness: NDArray[np.float64],
    tours: Tours,
    served: NDArray[np.int64],
    n_remove: int,
    kind: int,
    marked: NDArray[np.bool_],
    state: NDArray[np.uint64],
) -> None:
    """Mark a part of one tour, then of the tours of the stops nearest to where it began."""
    seed = served[draw_below(state, len(served))]
    done = np.zeros(len(tours.n_stops), dtype=np.bool_)
    longest = 0
    for truck in range(len(tours.n_stops)):
        longest = max(longest, tours.n_stops[truck])
    most = max(1, min(n_remove, longest))
    n_marked = 0
    for place in np.argsort(unlikeness[seed], kind="mergesort"):
        if n_marked >= n_remove:
            return
        if place == 0 or tours.truck_of[place] < 0 or done[tours.truck_of[place]]:
            continue
        truck = tours.truck_of[place]
        done[truck] = True
        if kind == PATH:
            length = 1 + draw_below(state, min(most, tours.n_stops[truck], n_remove - n_marked))
            # The stretch holds the place, wherever in it that is.
            first = tours.position[place] - draw_below(state, length)
            first = max(0, min(first, tours.n_stops[truck] - length))
            for i in range(first, first + length):
                marked[tours.stops[truck, i]] = True
            n_marked += length
        else:
            n_marked += _mark_half(terms, tours, truck, place, marked)


@inner_kernel
def _mark_half(
    terms: Terms, tours: Tours, truck: int, place: int, marked: NDArray[np.bool_]
) -> int:
    """Mark the stops of a tour on a stop's side of its widest gap; give their number.

    Notes
    -----
    The two clusters are what Kruskal's algorithm leaves before it would join the last two (Ropke
    and Pisinger 2006).
    """
    n = tours.n_stops[truck]
    stops = tours.stops[truck, :n]
    group = np.arange(n)
    n_pairs = n * (n - 1) // 2
    gap = np.empty(n_pairs)
    first = np.empty(n_pairs, dtype=np.int64)
    second = np.empty(n_pairs, dtype=np.int64)
    k = 0
    for i in range(n):
        for j in range(i + 1, n):
            gap[k] = (
                terms.ways[COST, stops[i], stops[j]] + terms.ways[TRAVEL_MIN, stops[i], stops[j]]
            )
            first[k] = i
            second[k] = j
            k += 1
    n_groups = n
    for k in np.argsort(gap, kind="mergesort"):
        if n_groups <= 2:
            break
        one = group[first[k]]
        other = group[second[k]]
        if one != other:
            group[group == other] = one
            n_groups -= 1
    n_marked = 0
    mine = group[tours.position[place]]
    for i in range(n):
        if group[i] == mine:
            marked[stops[i]] = True
            n_marked += 1
    return n_marked
