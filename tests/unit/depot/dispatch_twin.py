"""Plain twin of the dispatcher's kernels: rules of a tour, and the best plan by trying all."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from planner.depot.dispatch import DispatchProblem, Truck

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOLERANCE = 1e-6


@dataclass(frozen=True)
class TourValue:
    cost: float
    recharge_kwh: float
    feasible: bool


def value_of(
    problem: DispatchProblem,
    truck: Truck,
    stops: Sequence[int],
    recharge_after: int | None,
    recharge_kwh: float | None = None,
) -> TourValue:
    """Follow a tour minute by minute and kWh by kWh, with the least recharge that does."""
    delivered = sum(problem.delivery_kg[s - 1] for s in stops)
    collected = sum(problem.pickup_kg[s - 1] for s in stops)
    feasible = max(delivered, collected) <= truck.payload_kg + TOLERANCE and delivered > 0.0
    kinds = [problem.pickup_kg[s - 1] > 0.0 for s in stops]
    feasible &= kinds == sorted(kinds)
    path: list[int | None] = [*stops, 0]
    if recharge_after is not None:
        path.insert(recharge_after, None)
    load, last, cost, legs = delivered, 0, truck.fixed_cost, []
    for place in path:
        here = place or 0
        cost += problem.arc_cost[last, here]
        legs.append(problem.arc_kwh[last, here] + problem.arc_kwh_per_kg[last, here] * load)
        if here:
            load += problem.pickup_kg[here - 1] - problem.delivery_kg[here - 1]
        last = here
    if recharge_kwh is None:
        least = 0.0
        if recharge_after is not None:
            lowest = min(np.cumsum([-leg for leg in legs])[recharge_after:])
            least = max(0.0, truck.reserve_kwh - truck.initial_kwh - lowest)
        recharge_kwh = least
    now, charge, last = truck.available_min, truck.initial_kwh, 0
    for place, leg in zip(path, legs, strict=True):
        here = place or 0
        now += problem.travel_min[last, here]
        charge -= leg
        feasible &= charge >= truck.reserve_kwh - TOLERANCE
        if place is None:
            feasible &= problem.n_chargers > 0 and problem.charger_kw > 0.0
            now += 60.0 * recharge_kwh / problem.charger_kw if recharge_kwh > 0.0 else 0.0
            charge += recharge_kwh
            feasible &= charge <= truck.battery_kwh + TOLERANCE or recharge_kwh <= TOLERANCE
        elif here:
            feasible &= now <= problem.close_min[here - 1] + TOLERANCE
            now = max(now, problem.open_min[here - 1]) + problem.service_min[here - 1]
        last = here
    feasible &= now <= truck.back_by_min + TOLERANCE
    cost += problem.initial_price * (sum(legs) - recharge_kwh)
    cost += problem.recharge_price * recharge_kwh
    return TourValue(cost, recharge_kwh, bool(feasible))


def best_tour(problem: DispatchProblem, truck: Truck, stops: Sequence[int]) -> float:
    """Least cost of a truck that serves some stops, in any order; infinite if it cannot."""
    if not stops:
        return np.inf if problem.all_trucks_go else 0.0
    best = np.inf
    for order in permutations(stops):
        for after in (None, *range(1, len(order))):
            value = value_of(problem, truck, order, after)
            if value.feasible:
                best = min(best, value.cost)
    return best


def best_plan(problem: DispatchProblem) -> float:
    """Least cost of serving all stops; infinite if that cannot be."""
    n = problem.n_stops
    best = np.inf
    for shared in _assignments(n, len(problem.trucks)):
        total = 0.0
        for k, truck in enumerate(problem.trucks):
            total += best_tour(problem, truck, [s for s in range(1, n + 1) if shared[s - 1] == k])
        best = min(best, total)
    return best


def _assignments(n: int, k: int) -> Iterator[tuple[int, ...]]:
    for number in range(k**n):
        yield tuple(number // k**i % k for i in range(n))


def random_problem(seed: int, n_stops: int, n_trucks: int) -> DispatchProblem:
    """A small depot with everything: windows, loads, pickups, batteries and a charger."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0.0, 40.0, (n_stops + 1, 2))
    km = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) * rng.uniform(
        1.0, 1.2, (n_stops + 1, n_stops + 1)
    )
    is_pickup = rng.random(n_stops) < 0.3
    is_pickup[0] = False
    load = rng.uniform(500.0, 4000.0, n_stops)
    begin = rng.uniform(360.0, 700.0, n_stops)
    trucks = tuple(
        Truck(
            f"truck {k}",
            payload_kg=9000.0,
            battery_kwh=150.0,
            initial_kwh=rng.uniform(60.0, 110.0),
            reserve_kwh=5.0,
            available_min=360.0,
            back_by_min=360.0 + 600.0,
            fixed_cost=rng.uniform(5.0, 15.0),
        )
        for k in range(n_trucks)
    )
    return DispatchProblem(
        stop_ids=tuple(f"S{i}" for i in range(n_stops)),
        delivery_kg=np.where(is_pickup, 0.0, load),
        pickup_kg=np.where(is_pickup, load, 0.0),
        service_min=rng.uniform(5.0, 20.0, n_stops),
        open_min=begin,
        close_min=begin + rng.uniform(60.0, 400.0, n_stops),
        leave_cost=np.full(n_stops, np.inf),
        priority=np.ones(n_stops),
        arc_cost=0.3 * km,
        travel_min=1.2 * km,
        arc_kwh=1.0 * km,
        arc_kwh_per_kg=5e-5 * km,
        trucks=trucks,
        charger_kw=100.0,
        n_chargers=n_trucks,
        initial_price=0.2,
        recharge_price=0.35,
    )
