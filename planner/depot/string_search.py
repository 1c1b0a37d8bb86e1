"""Simulated annealing over string removals: tours that cost their ways alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.plain_tours_kernel import (
    EMPTY,
    FIRST,
    LENGTH,
    NEXT,
    OVER,
    TRUCK,
    PlainProblem,
    PlainTours,
)
from planner.depot.route_terms_kernel import DEPOT
from planner.depot.string_removal_kernel import search_strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

ROUND = 100
"""Iterations at one temperature and at one weight of loads above the payload."""

N_ROUNDS_OF_TRIAL = 10
"""Rounds after which it is known how long an iteration takes."""


@dataclass(frozen=True, slots=True)
class StringSettings:
    """How the search cools down and weighs broken rules.

    Parameters
    ----------
    start_temperature, end_temperature : float
        Shares of the mean way of the best plan, > 0.
    cooling_iterations : int
        Least iterations of a cooling for each place, > 0: where there are more, the search cools
        down several times, each time from a plan of its own.
    feasible_share : float
        Share of plans that should keep all rules; the weight of loads above the payload follows,
        within (0, 1).
    empty_weight : float
        Weight of a truck without a delivery, in mean ways between stops, > 0.
    """

    start_temperature: float = 1.0
    end_temperature: float = 0.01
    cooling_iterations: int = 10_000
    feasible_share: float = 0.3
    empty_weight: float = 10.0


@dataclass(frozen=True, slots=True)
class StringTours:
    """What a search has found.

    Parameters
    ----------
    stops : tuple of (n_stops,) int64
        Places of each tour in order.
    is_feasible : bool
        Whether they keep all rules; where no plan met did, they are the last one's.
    """

    stops: tuple[NDArray[np.int64], ...]
    is_feasible: bool
    n_iterations: int


def plain_problem(
    way: NDArray[np.float64],
    load: NDArray[np.float64],
    n_deliveries: int,
    payload: float,
) -> PlainProblem:
    """A problem with the neighbours of each place.

    Parameters
    ----------
    way : (n_places, n_places) float64
        Cost from place to place, >= 0; the depot comes first, then deliveries, then pickups.
    load : (n_places,) float64
        Load to bring or collect.
    n_deliveries : int
        Stops that loads are brought to, >= the number of trucks.
    payload : float
        Most load of a truck, of deliveries and of pickups each.
    """
    apart = np.minimum(way, way.T)
    # Every stop comes first among its own neighbours, and the depot last.
    np.fill_diagonal(apart, -1.0)
    apart[:, DEPOT] = np.inf
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :-1]
    return PlainProblem(
        np.ascontiguousarray(way),
        np.ascontiguousarray(way.T),
        load.astype(np.float64),
        n_deliveries,
        np.ascontiguousarray(nearest),
        float(payload),
    )


def search_plain_tours(
    problem: PlainProblem,
    n_trucks: int,
    rng: Generator,
    *,
    seconds: float | None = None,
    n_iterations: int | None = None,
    settings: StringSettings | None = None,
) -> StringTours:
    """Find tours of all trucks, each with a delivery, whose ways cost least.

    Parameters
    ----------
    n_trucks : int
        Trucks, all of which go, >= 1.
    seconds, n_iterations : float, int, optional
        The search cools down over whichever is over first; with iterations alone the result is the
        same on every machine.

    Raises
    ------
    ValueError
        If neither is given.
    """
    settings = settings or StringSettings()
    n_places = len(problem.load)
    share_done = _share_done(n_iterations, seconds)
    state = np.array([rng.integers(1, 2**63)], dtype=np.uint64)
    current, trial, best = (no_tours(n_places, n_trucks) for _ in range(3))
    best.totals[LENGTH] = np.inf
    typical = max(float(problem.way[1:, 1:].mean()), 1e-9)
    weight = typical * np.array([1.0 / problem.load[1:].mean(), settings.empty_weight])
    ratio = settings.end_temperature / settings.start_temperature
    done = 0
    begin, end = share_done(0), 1.0
    least = 0.0
    while (share := share_done(done)) < 1.0:
        if done == N_ROUNDS_OF_TRIAL * ROUND:
            least = (share - begin) / done * settings.cooling_iterations * n_places
            end = _end_of_cooling(begin, least)
        if share >= end:
            begin, end = share, _end_of_cooling(share, least)
            current = no_tours(n_places, n_trucks)
        n_round = ROUND if n_iterations is None else min(ROUND, n_iterations - done)
        known = best if np.isfinite(best.totals[LENGTH]) else current
        # At first no tour holds a stop, and nothing is known: the kernel puts them into tours.
        mean_way = known.totals[LENGTH] / (n_places - 1 + n_trucks) or typical
        place = (share - begin) / (end - begin)
        temperature = mean_way * settings.start_temperature * ratio**place
        temperatures = np.full(n_round, temperature)
        n_kept = search_strings(problem, current, trial, best, weight, temperatures, state)
        _adapt(weight[:1], n_kept / n_round, settings.feasible_share, typical)
        done += n_round
    is_feasible = bool(np.isfinite(best.totals[LENGTH]))
    found = best if is_feasible else current
    return StringTours(_stops(found), is_feasible, done)


def _share_done(n_iterations: int | None, seconds: float | None) -> Callable[[int], float]:
    """What share of a search is done, given its iterations: of them or of its seconds from now."""
    if n_iterations is None and seconds is None:
        msg = "expected seconds or n_iterations, found neither"
        raise ValueError(msg)
    begin = time.perf_counter()

    def share_done(done: int) -> float:
        share = 0.0
        if n_iterations is not None:
            share = done / n_iterations if n_iterations > 0 else 1.0
        if seconds is not None:
            share = max(share, (time.perf_counter() - begin) / seconds)
        return share

    return share_done


def _end_of_cooling(begin: float, least: float) -> float:
    """Share of the search at which a cooling ends, so that as many follow as there is time for."""
    n_coolings = max(1, int((1.0 - begin) / least)) if least > 0.0 else 1
    return begin + (1.0 - begin) / n_coolings


def no_tours(n_places: int, n_trucks: int) -> PlainTours:
    """A plan whose trucks stay where they are."""
    tours = PlainTours(
        np.zeros((3, n_places), dtype=np.int64),
        np.zeros((3, n_trucks), dtype=np.int64),
        np.zeros(n_places),
        np.zeros((2, n_trucks)),
        np.zeros(3),
    )
    tours.places[TRUCK] = n_trucks
    tours.totals[[LENGTH, OVER, EMPTY]] = 0.0, 0.0, n_trucks
    return tours


def _adapt(weight: NDArray[np.float64], kept: float, feasible_share: float, typical: float) -> None:
    """Let the weight of loads above the payload follow how often it is kept (Vidal et al. 2012)."""
    if kept < feasible_share - 0.05:
        weight *= 1.2
    elif kept > feasible_share + 0.05:
        weight *= 0.85
    np.clip(weight, 1e-6 * typical, 1e6 * typical, out=weight)


def _stops(tours: PlainTours) -> tuple[NDArray[np.int64], ...]:
    found = []
    for first in tours.trucks[FIRST]:
        order = []
        place = first
        while place != DEPOT:
            order.append(place)
            place = tours.places[NEXT, place]
        found.append(np.array(order, dtype=np.int64))
    return tuple(found)
