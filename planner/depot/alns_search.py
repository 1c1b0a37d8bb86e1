"""Adaptive large neighbourhood search for a depot's tours, on the ``alns`` package."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from planner.depot.alns_insertion_kernel import REGRET, insert_all
from planner.depot.alns_package import ALNS, RouletteWheel
from planner.depot.alns_removal_kernel import remove
from planner.depot.local_search_kernel import improve
from planner.depot.route_course_kernel import ROOM_ROWS
from planner.depot.route_plan_kernel import Tours, measure
from planner.depot.route_terms_kernel import (
    CLOSE_MIN,
    COST,
    DELIVERY,
    KWH,
    KWH_PER_KG,
    OPEN_MIN,
    PICKUP,
    SERVICE_MIN,
    TRAVEL_MIN,
    Terms,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

REMOVALS = ("worst", "shaw", "random", "path", "cluster")
REPAIRS = ("greedy", "regret_2", "greedy_with_recharge")
"""Operators, in the order of the numbers that the kernels know them by."""

FEW = 6
"""Stops that may be taken out at once however few there are."""

HARD_WEIGHT = 1e9
"""Weight of a broken rule, share of the typical cost of a way, when plans are compared for good."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How the search goes about its work.

    Parameters
    ----------
    least_removed, most_removed : int
        Bounds of the stops taken out in an iteration, >= 1.
    removed_share : float
        Bound of the stops taken out, share of all, within (0, 1].
    n_neighbours : int
        Stops next to each stop that the local search tries, >= 1.
    start_worse_share, end_worse_share : float
        A plan worse by this share of the cost is accepted with probability 1/2 at the begin and at
        the end of a cooling, > 0.
    cycle_iterations : int
        Iterations of a cooling, after which the search heats up again from its best plan, >= 1.
    noise_shares : tuple of float
        Largest random shares on the cost of an insertion, one of which is drawn for each repair.
    feasible_share : float
        Share of plans that should keep all rules; the weights of the rules follow, within (0, 1).
    """

    least_removed: int = 2
    most_removed: int = 30
    removed_share: float = 0.35
    n_neighbours: int = 15
    start_worse_share: float = 0.04
    end_worse_share: float = 0.0002
    cycle_iterations: int = 2000
    noise_shares: tuple[float, ...] = (0.0, 0.1, 1.0)
    feasible_share: float = 0.3


class Judge(Protocol):
    """Says what plans without broken rules cost beyond what the kernels know."""

    def __call__(self, tours: Tours, cost: float, within: float) -> float:
        """Cost of a plan; it need not be exact where it is surely above ``within``."""
        ...


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan as the search holds it.

    Parameters
    ----------
    cost : float
        Cost, with that of unserved stops and of recharges.
    broken : (4,) float64
        How far each rule is broken.
    hard_weight : float
        What one unit of a broken rule weighs when plans are compared for good.
    """

    tours: Tours
    cost: float
    broken: NDArray[np.float64]
    hard_weight: float

    @property
    def is_feasible(self) -> bool:
        """Whether no rule is broken."""
        return bool(self.broken.max() <= 1e-6)

    def objective(self) -> float:
        """Cost by which plans are compared for good."""
        if self.is_feasible:
            return self.cost
        return self.cost + self.hard_weight * float(self.broken.sum())


class TourSearch:
    """The search for one problem.

    Parameters
    ----------
    judge : callable, optional
        Says what plans cost where the kernels' own cost is not the last word.
    hard : bool
        Whether no rule may ever be broken, so that stops stay unserved instead.
    """

    def __init__(
        self,
        terms: Terms,
        rng: Generator,
        settings: SearchSettings,
        *,
        judge: Judge | None = None,
        hard: bool = False,
    ) -> None:
        self._terms = terms
        self._rng = rng
        self._settings = settings
        self._judge = judge
        self._hard = hard
        n_places = len(terms.places[DELIVERY])
        self._room = np.empty((ROOM_ROWS, n_places + 2))
        self._random = np.array([rng.integers(1, 2**63)], dtype=np.uint64)
        proximity = way_lengths(terms)
        self._unlikeness = unlikeness(terms, proximity)
        self._neighbours = neighbours(terms, proximity, settings.n_neighbours)
        # Penalties and temperatures are in parts of this, so that units of cost do not matter.
        typical = float(np.abs(proximity[1:, 1:]).mean()) if n_places > 2 else 1.0
        self._typical = max(typical, 1e-9)
        load = np.concatenate([terms.places[DELIVERY], terms.places[PICKUP]])
        mean_load = float(load[load > 0.0].mean())
        unit = np.array([self._typical / mean_load, self._typical / 10.0, self._typical / 2.0])
        self._weight = np.append(unit, 10.0 * self._typical)
        if hard:
            self._weight[:] = HARD_WEIGHT * self._typical
        self._kept: list[NDArray[np.bool_]] = []
        self._iteration = 0

    def run(self, may_go_on: Callable[[int], bool]) -> tuple[PlanState, int]:
        """Search as long as asked.

        Parameters
        ----------
        may_go_on : callable
            Asked before every iteration with the number of those done.

        Returns
        -------
        PlanState
            The best plan met.
        int
            Iterations done.
        """
        search = ALNS(self._rng)
        for kind, name in enumerate(REMOVALS):
            search.add_destroy_operator(self._removal(kind), name)
        for kind, name in enumerate(REPAIRS):
            search.add_repair_operator(self._repair(kind), name)
        select = RouletteWheel([20.0, 5.0, 2.0, 0.5], 0.95, len(REMOVALS), len(REPAIRS))
        start = self._first_plan()
        result = search.iterate(
            start, select, self._accept, lambda _rng, _best, _current: self._stop(may_go_on)
        )
        best: PlanState = result.best_state
        return best, self._iteration

    def _stop(self, may_go_on: Callable[[int], bool]) -> bool:
        if not may_go_on(self._iteration):
            return True
        self._iteration += 1
        return False

    def _accept(
        self, rng: Generator, best: PlanState, current: PlanState, candidate: PlanState
    ) -> bool:
        """Metropolis' rule at the temperature of the cooling, on softly penalised costs."""
        settings = self._settings
        # Cooling starts again every so often: a long search is many short ones from good plans.
        place = (self._iteration % settings.cycle_iterations) / settings.cycle_iterations
        worse = settings.start_worse_share ** (1.0 - place) * settings.end_worse_share**place
        # At this temperature a plan worse by that share is taken in half of the cases.
        temperature = worse * max(abs(best.cost), self._typical) / np.log(2.0)
        rise = self._soft(candidate) - self._soft(current)
        return bool(rise <= 0.0 or rng.random() < np.exp(-rise / temperature))

    def _soft(self, plan: PlanState) -> float:
        return plan.cost + float(self._weight @ plan.broken)

    def _first_plan(self) -> PlanState:
        n_places = len(self._terms.places[DELIVERY])
        n_trucks = self._terms.trucks.shape[1]
        tours = Tours(
            np.zeros((n_trucks, n_places), dtype=np.int64),
            np.zeros(n_trucks, dtype=np.int64),
            np.full(n_places, -1, dtype=np.int64),
            np.zeros(n_places, dtype=np.int64),
            np.zeros(n_trucks, dtype=np.bool_),
            np.ones(n_trucks, dtype=np.bool_),
            np.zeros(n_trucks),
            np.zeros(n_trucks),
        )
        return self._finish(tours, REGRET, np.inf)

    def _removal(self, kind: int) -> Callable[[PlanState, Generator], PlanState]:
        n_stops = len(self._terms.places[DELIVERY]) - 1
        share = int(np.ceil(self._settings.removed_share * n_stops))
        most = min(self._settings.most_removed, max(share, FEW), n_stops)
        least = min(self._settings.least_removed, most)

        def operator(plan: PlanState, rng: Generator) -> PlanState:
            # Operators of alns must leave the plan they are given alone; the kernels work in place.
            tours = Tours._make(array.copy() for array in plan.tours)
            n_remove = int(rng.integers(least, most + 1))
            remove(
                self._terms,
                self._weight,
                self._unlikeness,
                tours,
                kind,
                n_remove,
                self._random,
                self._room,
            )
            return PlanState(tours, plan.cost, plan.broken, plan.hard_weight)

        return operator

    def _repair(self, kind: int) -> Callable[[PlanState, Generator], PlanState]:
        def operator(plan: PlanState, rng: Generator) -> PlanState:  # noqa: ARG001  # as alns calls it
            return self._finish(plan.tours, kind, plan.cost)

        return operator

    def _finish(self, tours: Tours, kind: int, previous_cost: float) -> PlanState:
        """Insert what is missing, improve, and mend what is broken now and then."""
        terms = self._terms
        noise = float(self._rng.choice(self._settings.noise_shares))
        insert_all(terms, self._weight, tours, kind, noise, self._random, self._room)
        improve(terms, self._weight, self._neighbours, tours, self._random, self._room)
        measured = measure(terms, self._weight, tours, self._room)
        if not self._hard:
            self._adapt(measured[1:] <= 1e-6)
            if measured[1:].max() > 1e-6 and self._rng.random() < 0.5:
                strict = 10.0 * self._weight
                improve(terms, strict, self._neighbours, tours, self._random, self._room)
                measured = measure(terms, strict, tours, self._room)
        cost = float(measured[0])
        if self._judge is not None and measured[1:].max() <= 1e-6:
            cost = self._judge(tours, cost, previous_cost)
        return PlanState(tours, cost, measured[1:], HARD_WEIGHT * self._typical)

    def _adapt(self, kept: NDArray[np.bool_]) -> None:
        """Let the weights of the rules follow how often they are kept (Vidal et al. 2012)."""
        self._kept.append(kept)
        if len(self._kept) < 20:
            return
        kept_by_rule = np.mean(self._kept, axis=0)
        kept_all = float(np.mean(np.all(self._kept, axis=1)))
        self._kept.clear()
        target = self._settings.feasible_share
        if kept_all < target - 0.05:
            self._weight[kept_by_rule < 1.0] *= 1.2 if kept_all > 0.0 else 2.0
        elif kept_all > target + 0.05:
            self._weight *= 0.85
        np.clip(self._weight, 1e-6 * self._typical, 1e6 * self._typical, out=self._weight)


def way_lengths(terms: Terms) -> NDArray[np.float64]:
    """How much is lost by going from one place to another, (n_places, n_places) float64.

    Cost with energy at the mean load, and the time that is surely waited or missed.
    """
    load = np.concatenate([terms.places[DELIVERY], terms.places[PICKUP]])
    mean_load = float(load[load > 0.0].mean())
    price = max(terms.initial_price, float(terms.recharge_price.min()))
    length: NDArray[np.float64] = terms.ways[COST] + price * (
        terms.ways[KWH] + terms.ways[KWH_PER_KG] * mean_load
    )
    if not terms.timed:
        return length
    onward = terms.places[SERVICE_MIN][:, None] + terms.ways[TRAVEL_MIN]
    wait = np.maximum(
        0.0, terms.places[OPEN_MIN][None, :] - onward - terms.places[CLOSE_MIN][:, None]
    )
    late = np.maximum(
        0.0, terms.places[OPEN_MIN][:, None] + onward - terms.places[CLOSE_MIN][None, :]
    )
    driving = terms.ways[TRAVEL_MIN].mean()
    scale = np.abs(length).mean() / driving if driving > 0.0 else 0.0
    return np.asarray(length + scale * (0.2 * np.nan_to_num(wait, neginf=0.0) + late))


def unlikeness(terms: Terms, proximity: NDArray[np.float64]) -> NDArray[np.float64]:
    """How little stops have in common, (n_places, n_places) float64 (Shaw 1998).

    Distance, loads and windows, each as a share of its largest difference.
    """

    def share(difference: NDArray[np.float64]) -> NDArray[np.float64]:
        largest = difference.max()
        return difference / largest if largest > 0.0 else difference

    load = terms.places[DELIVERY] - terms.places[PICKUP]
    opening = np.clip(terms.places[OPEN_MIN], 0.0, 1440.0)
    near = share(np.minimum(proximity, proximity.T))
    alike = near + 0.1 * share(np.abs(load[:, None] - load[None, :]))
    alike += 0.3 * share(np.abs(opening[:, None] - opening[None, :]))
    np.fill_diagonal(alike, 0.0)
    return np.asarray(alike)


def neighbours(
    terms: Terms, proximity: NDArray[np.float64], n_neighbours: int
) -> NDArray[np.int64]:
    """Stops worth coming directly after each stop, (n_places, n_neighbours) int64, else -1."""
    n_places = len(terms.places[DELIVERY])
    is_pickup = terms.places[PICKUP] > 0.0
    # Backhauls: once a tour has picked up something, it delivers nothing more.
    barred = is_pickup[:, None] & ~is_pickup[None, :]
    barred[:, 0] = True
    length = np.where(barred, np.inf, proximity)
    np.fill_diagonal(length, np.inf)
    order = np.argsort(length, axis=1, kind="stable")[:, :n_neighbours]
    found = np.take_along_axis(length, order, axis=1) < np.inf
    table = np.full((n_places, n_neighbours), -1, dtype=np.int64)
    table[:, : order.shape[1]] = np.where(found, order, -1)
    return table


def until(
    n_iterations: int | None,
    seconds: float | None = None,
    advance: Callable[[int, int], None] | None = None,
) -> Callable[[int], bool]:
    """Rule by which a search goes on: up to a number of iterations, or of seconds.

    Parameters
    ----------
    n_iterations : int, optional
        Most iterations.
    seconds : float, optional
        Most seconds from now.
    advance : callable, optional
        Told how many iterations (or tenths of a second) are done, of how many.
    """
    begin = time.perf_counter()

    def may_go_on(done: int) -> bool:
        if n_iterations is not None and done >= n_iterations:
            return False
        passed = time.perf_counter() - begin
        if advance is not None and n_iterations is not None:
            advance(done, n_iterations)
        elif advance is not None and seconds is not None:
            advance(int(10 * passed), int(10 * seconds))
        return seconds is None or passed < seconds

    return may_go_on
