"""The dispatcher on vehicle routing problems with backhauls, where best values are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.alns_search import SearchSettings, TourSearch, until
from planner.depot.route_terms_kernel import (
    BACK_BY_MIN,
    BATTERY,
    CLOSE_MIN,
    COST,
    DELIVERY,
    INITIAL,
    LEAVE_COST,
    OPEN_MIN,
    PAYLOAD,
    PICKUP,
    Terms,
)
from planner.depot.string_search import plain_problem, search_plain_tours
from planner.depot.vrpb_instance import read_vrpb
from planner.runs.random_streams import RandomStreams

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.depot.vrpb_instance import VrpbInstance


_WARM_UP = 2
"""Iterations in which every kernel runs."""


@dataclass(frozen=True, slots=True)
class VrpbSolution:
    """Routes of an instance.

    Parameters
    ----------
    cost : float
        Sum of the ways in the instance's own units.
    routes : tuple of tuples of int
        Numbers of the customers as in the file, deliveries before pickups, without the depot.
    feasible : bool
        Whether all customers are served by exactly the given number of routes, each within the
        capacity and with at least one delivery.
    """

    cost: float
    routes: tuple[tuple[int, ...], ...]
    feasible: bool
    n_iterations: int


def solve_vrpb(
    path: Path,
    seconds: float,
    seed: int,
) -> VrpbSolution:
    """Solve an instance file in a given time.

    Parameters
    ----------
    path : pathlib.Path
        File as :func:`~planner.depot.vrpb_instance.read_vrpb` reads it.
    seconds : float
        Time for the search, seconds, > 0; reading the file and, at the first time, compiling the
        kernels comes on top.
    seed : int
        Seed, >= 0.

    Returns
    -------
    VrpbSolution
        The best solution met. The search cools down over the time, so that a faster machine, which
        does more in it, may find a better one.
    """
    instance = read_vrpb(path)
    # Compiling the kernels, once after every installation, is not searching: it comes before.
    search_routes(instance, seed, n_iterations=_WARM_UP)
    return search_routes(instance, seed, seconds=seconds)


def search_routes(
    instance: VrpbInstance,
    seed: int,
    *,
    seconds: float | None = None,
    n_iterations: int | None = None,
) -> VrpbSolution:
    """Solve an instance by string removals, in a given time or number of iterations.

    Parameters
    ----------
    seed : int
        Seed, >= 0.
    seconds, n_iterations : float, int, optional
        See :func:`~planner.depot.string_search.search_plain_tours`.
    """
    # The depot first, then deliveries, then pickups.
    order = np.append(0, 1 + np.argsort(instance.is_pickup[1:], kind="stable"))
    problem = plain_problem(
        instance.cost[np.ix_(order, order)],
        instance.demand[order],
        len(order) - 1 - int(instance.is_pickup.sum()),
        instance.capacity,
    )
    rng = RandomStreams(seed).generator("depot.dispatch")
    found = search_plain_tours(
        problem, instance.n_vehicles, rng, seconds=seconds, n_iterations=n_iterations
    )
    stops = (order[tour] for tour in found.stops)
    return _solution(instance, stops, found.is_feasible, found.n_iterations)


def search_as_depots_do(
    instance: VrpbInstance,
    seed: int,
    *,
    seconds: float | None = None,
    n_iterations: int | None = None,
) -> VrpbSolution:
    """Solve an instance by the search that depots with windows and batteries are planned by.

    Parameters
    ----------
    seed : int
        Seed, >= 0.
    seconds, n_iterations : float, int, optional
        Whichever comes first ends the search; with iterations alone the result is the same on
        every machine.
    """
    rng = RandomStreams(seed).generator("depot.dispatch")
    search = TourSearch(vrpb_terms(instance), rng, SearchSettings())
    plan, done = search.run(until(n_iterations, seconds))
    stops = [plan.tours.stops[truck, :n] for truck, n in enumerate(plan.tours.n_stops)]
    return _solution(instance, stops, plan.is_feasible, done)


def _solution(
    instance: VrpbInstance,
    stops: Iterable[NDArray[np.int64]],
    feasible: bool,  # noqa: FBT001
    n_iterations: int,
) -> VrpbSolution:
    routes = [route for route in stops if len(route) > 0]
    cost = sum(
        float(instance.cost[np.append(0, route), np.append(route, 0)].sum()) for route in routes
    )
    ids = tuple(tuple(int(i) for i in instance.ids[route]) for route in routes)
    return VrpbSolution(cost, ids, feasible, n_iterations)


def vrpb_terms(instance: VrpbInstance) -> Terms:
    """The instance as a depot without windows and batteries, where every truck goes."""
    n = len(instance.ids)
    ways = np.zeros((4, n, n))
    ways[COST] = instance.cost
    places = np.zeros((6, n))
    places[DELIVERY] = np.where(instance.is_pickup, 0.0, instance.demand)
    places[PICKUP] = np.where(instance.is_pickup, instance.demand, 0.0)
    places[OPEN_MIN] = -np.inf
    places[CLOSE_MIN] = np.inf
    places[LEAVE_COST] = np.inf
    trucks = np.zeros((7, instance.n_vehicles))
    trucks[PAYLOAD] = instance.capacity
    trucks[[BATTERY, INITIAL, BACK_BY_MIN]] = np.inf
    return Terms(
        ways,
        places,
        trucks,
        recharge_price=np.zeros(1),
        initial_price=0.0,
        charger_kw=0.0,
        timed=False,
        electric=False,
        all_go=True,
        all_alike=True,
    )
