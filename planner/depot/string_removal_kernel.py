"""Search by string removals: stretches of tours near one another go, and come back greedily.

For tours that cost their ways alone: no windows, no batteries, all trucks the same.

Notes
-----
Christiaens and Vanden Berghe (2020), Slack induction by string removals. Here loads may go above
the payload at a price, so that trucks that must all go and are nearly full are no dead end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.depot.plain_tours_kernel import (
    EMPTY,
    FIRST,
    LAST_DELIVERY,
    LENGTH,
    N_STOPS,
    NEXT,
    OVER,
    PREVIOUS,
    TRUCK,
    PlainProblem,
    PlainTours,
    copy_tours,
    count_anew,
    penalised_cost,
)
from planner.depot.route_plan_kernel import draw, draw_below
from planner.depot.route_terms_kernel import DEPOT, NOTHING
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEAN_REMOVED = 10.0
LONGEST_STRING = 10.0
SPLIT_SHARE = 0.5
SKIP_MORE = 0.01
BLINK = 0.01
"""Stops taken out in an iteration in the mean; longest string; share of strings that leave stops in
their midst where they are, and the chance of each further such stop; chance of a place for an
insertion to be passed over."""

BY_CHANCE, LARGE_FIRST, FAR_FIRST = 4.0 / 11.0, 8.0 / 11.0, 10.0 / 11.0
"""Bounds of the shares of orders in which stops come back: any, by load, far from the depot or near
to it first."""


@kernel
def search_strings(
    problem: PlainProblem,
    current: PlainTours,
    trial: PlainTours,
    best: PlainTours,
    weight: NDArray[np.float64],
    temperatures: NDArray[np.float64],
    state: NDArray[np.uint64],
) -> int:
    """Take strings out of tours and put their stops back, once for each temperature.

    Parameters
    ----------
    current : PlainTours
        Where the search stands; stops of no truck are put into tours first. Changed.
    trial : PlainTours
        Overwritten.
    best : PlainTours
        The plan of least cost that breaks no rule; its ``LENGTH`` is infinite as long as there is
        none. Changed.
    weight : (2,) float64
        Cost of a unit of load above the payload, and of a truck without a delivery.
    temperatures : (n_iterations,) float64
        Temperature of each iteration in units of cost, > 0.
    state : (1,) uint64
        State of the random generator.

    Returns
    -------
    int
        Plans among those tried that kept all rules.
    """
    n_places = len(problem.load)
    removed = np.empty(n_places, dtype=np.int64)
    n_removed = 0
    for place in range(1, n_places):
        if current.places[TRUCK, place] == current.trucks.shape[1]:
            removed[n_removed] = place
            n_removed += 1
    _put_back(problem, current, removed, n_removed, weight, state)
    count_anew(problem, current)
    copy_tours(current, trial)
    n_kept = 0
    for temperature in temperatures:
        n_removed = _take_out(problem, trial, removed, state)
        _put_back(problem, trial, removed, n_removed, weight, state)
        is_kept = trial.totals[OVER] <= NOTHING and trial.totals[EMPTY] == 0.0
        n_kept += int(is_kept)
        rise = penalised_cost(trial, weight) - penalised_cost(current, weight)
        if rise < -temperature * np.log(1.0 - draw(state)):
            copy_tours(trial, current)
            if is_kept and trial.totals[LENGTH] < best.totals[LENGTH] * (1.0 - NOTHING):
                copy_tours(trial, best)
        else:
            copy_tours(current, trial)
    return n_kept


@inner_kernel
def _take_out(
    problem: PlainProblem,
    tours: PlainTours,
    removed: NDArray[np.int64],
    state: NDArray[np.uint64],
) -> int:
    """Take strings out of tours near a stop drawn by chance; note their stops, give the number."""
    places = tours.places
    n_trucks = tours.trucks.shape[1]
    n_stops = len(problem.load) - 1
    longest = min(LONGEST_STRING, n_stops / n_trucks)
    most = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0
    n_strings = int(1.0 + draw(state) * most)
    done = np.zeros(n_trucks, dtype=np.bool_)
    n_removed = 0
    seed = 1 + draw_below(state, n_stops)
    for place in problem.nearest[seed]:
        truck = places[TRUCK, place]
        if truck == n_trucks or done[truck]:
            continue
        done[truck] = True
        n_removed = _take_string(problem, tours, place, longest, removed, n_removed, state)
        n_strings -= 1
        if n_strings <= 0:
            break
    return n_removed


@inner_kernel
def _take_string(
    problem: PlainProblem,
    tours: PlainTours,
    place: int,
    longest: float,
    removed: NDArray[np.int64],
    n_removed: int,
    state: NDArray[np.uint64],
) -> int:
    """Take a string that holds a stop out of its tour; give the number of stops that are out."""
    # Arrays are taken out of their tuples once: each time, numba counts who holds them.
    places, trucks, onward = tours.places, tours.trucks, tours.onward
    loads, totals = tours.loads, tours.totals
    way, load_of = problem.way, problem.load
    payload, n_deliveries = problem.payload, problem.n_deliveries
    n_trucks = trucks.shape[1]
    truck = places[TRUCK, place]
    n = trucks[N_STOPS, truck]
    length = int(1.0 + draw(state) * min(float(n), longest))
    n_skipped = 0
    if 1 < length < n and draw(state) < SPLIT_SHARE:
        n_skipped = 1
        while length + n_skipped < n and draw(state) < SKIP_MORE:
            n_skipped += 1
    span = length + n_skipped
    position = 0
    before = places[PREVIOUS, place]
    while before != DEPOT:
        position += 1
        before = places[PREVIOUS, before]
    # The string holds the place, wherever in it that is, and ends within the tour.
    least = max(0, position - span + 1)
    begin = least + draw_below(state, min(position, n - span) - least + 1)
    skip_from = 1 + draw_below(state, length - 1) if n_skipped > 0 else span
    at = place
    for _ in range(position - begin):
        at = places[PREVIOUS, at]
    for k in range(span):
        following = places[NEXT, at]
        if not skip_from <= k < skip_from + n_skipped:
            before = places[PREVIOUS, at]
            if before == DEPOT:
                trucks[FIRST, truck] = following
            else:
                places[NEXT, before] = following
                onward[before] = way[before, following]
            if following != DEPOT:
                places[PREVIOUS, following] = before
            places[TRUCK, at] = n_trucks
            totals[LENGTH] += way[before, following] - way[before, at] - onward[at]
            if trucks[LAST_DELIVERY, truck] == at:
                trucks[LAST_DELIVERY, truck] = before
                totals[EMPTY] += int(before == DEPOT)
            kind = int(at > n_deliveries)
            over = max(0.0, loads[kind, truck] - payload)
            loads[kind, truck] -= load_of[at]
            totals[OVER] += max(0.0, loads[kind, truck] - payload) - over
            removed[n_removed] = at
            n_removed += 1
        at = following
    trucks[N_STOPS, truck] -= length
    return n_removed


@inner_kernel
def _put_back(
    problem: PlainProblem,
    tours: PlainTours,
    removed: NDArray[np.int64],
    n_removed: int,
    weight: NDArray[np.float64],
    state: NDArray[np.uint64],
) -> None:
    """Put stops back, each at its cheapest place but for those that are passed over."""
    _sort(problem, removed, n_removed, state)
    places, trucks, onward = tours.places, tours.trucks, tours.onward
    loads, totals = tours.loads, tours.totals
    way, way_from, load_of = problem.way, problem.way_from, problem.load
    payload, n_deliveries = problem.payload, problem.n_deliveries
    n_trucks = trucks.shape[1]
    extra = np.empty(n_trucks + 1)
    extra[n_trucks] = np.inf
    truck_of = places[TRUCK]
    following = places[NEXT]
    for k in range(n_removed):
        place = removed[k]
        is_pickup = place > n_deliveries
        to = way[place]
        since = way_from[place]
        best = np.inf
        best_truck = 0
        best_before = DEPOT
        for truck in range(n_trucks):
            load = loads[int(is_pickup), truck] - payload
            extra[truck] = weight[0] * (max(0.0, load + load_of[place]) - max(0.0, load))
            # The first delivery of a truck may come at its beginning, pickups behind the last one.
            before = DEPOT
            if is_pickup:
                before = trucks[LAST_DELIVERY, truck]
            elif trucks[LAST_DELIVERY, truck] == DEPOT:
                extra[truck] -= weight[1]
            after = trucks[FIRST, truck] if before == DEPOT else places[NEXT, before]
            rise = extra[truck] + since[before] + to[after] - way[before, after]
            if rise < best and (best == np.inf or draw(state) >= BLINK):
                best = rise
                best_truck = truck
                best_before = before
        # Behind a stop of its own kind the order of deliveries and pickups is kept.
        begin = n_deliveries + 1 if is_pickup else 1
        end = len(load_of) if is_pickup else n_deliveries + 1
        for before in range(begin, end):
            truck = truck_of[before]
            rise = extra[truck] + since[before] + to[following[before]] - onward[before]
            if rise < best and draw(state) >= BLINK:
                best = rise
                best_truck = truck
                best_before = before
        truck, before = best_truck, best_before
        after = trucks[FIRST, truck] if before == DEPOT else places[NEXT, before]
        if before == DEPOT:
            trucks[FIRST, truck] = place
        else:
            places[NEXT, before] = place
            onward[before] = way[before, place]
        if after != DEPOT:
            places[PREVIOUS, after] = place
        places[NEXT, place] = after
        places[PREVIOUS, place] = before
        places[TRUCK, place] = truck
        onward[place] = way[place, after]
        totals[LENGTH] += way[before, place] + way[place, after] - way[before, after]
        trucks[N_STOPS, truck] += 1
        if not is_pickup and trucks[LAST_DELIVERY, truck] == before:
            trucks[LAST_DELIVERY, truck] = place
            totals[EMPTY] -= int(before == DEPOT)
        kind = int(is_pickup)
        over = max(0.0, loads[kind, truck] - payload)
        loads[kind, truck] += load_of[place]
        totals[OVER] += max(0.0, loads[kind, truck] - payload) - over


@inner_kernel
def _sort(
    problem: PlainProblem,
    removed: NDArray[np.int64],
    n_removed: int,
    state: NDArray[np.uint64],
) -> None:
    """Bring stops into one of four orders, drawn by chance."""
    which = draw(state)
    if which < BY_CHANCE:
        for i in range(n_removed - 1, 0, -1):
            j = draw_below(state, i + 1)
            removed[i], removed[j] = removed[j], removed[i]
        return
    rank_of = problem.load if which < LARGE_FIRST else problem.way[DEPOT]
    sign = 1.0 if which >= FAR_FIRST else -1.0
    for i in range(1, n_removed):
        place = removed[i]
        rank = sign * rank_of[place]
        j = i
        while j > 0 and sign * rank_of[removed[j - 1]] > rank:
            removed[j] = removed[j - 1]
            j -= 1
        removed[j] = place
