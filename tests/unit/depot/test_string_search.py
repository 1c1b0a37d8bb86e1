"""Search by string removals: its plans keep their books, and it cools down as often as told."""

from __future__ import annotations

import numpy as np
import pytest

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
)
from planner.depot.string_removal_kernel import search_strings
from planner.depot.string_search import (
    StringSettings,
    no_tours,
    plain_problem,
    search_plain_tours,
)

N_TRUCKS = 4


def problem(seed: int, n_deliveries: int = 20, n_pickups: int = 12) -> PlainProblem:
    rng = np.random.default_rng(seed)
    n_places = 1 + n_deliveries + n_pickups
    way = rng.uniform(1.0, 100.0, (n_places, n_places))
    np.fill_diagonal(way, 0.0)
    load = np.append(0.0, rng.integers(1, 9, n_places - 1).astype(float))
    payload = 1.05 * load[1 : n_deliveries + 1].sum() / N_TRUCKS
    return plain_problem(way, load, n_deliveries, payload)


def tours_of(plan: PlainTours) -> list[list[int]]:
    """Stops of each truck, followed onward; backward they must be the same."""
    tours = []
    for truck in range(N_TRUCKS):
        order, last, place = [], 0, int(plan.trucks[FIRST, truck])
        while place:
            assert plan.places[PREVIOUS, place] == last
            assert plan.places[TRUCK, place] == truck
            order.append(place)
            last, place = place, int(plan.places[NEXT, place])
        tours.append(order)
    return tours


@pytest.mark.parametrize("seed", range(4))
def test_what_a_plan_notes_is_what_its_tours_come_to(seed):
    of = problem(seed)
    n_places = len(of.load)
    current, trial, best = (no_tours(n_places, N_TRUCKS) for _ in range(3))
    best.totals[LENGTH] = np.inf
    state = np.array([7 + seed], dtype=np.uint64)
    # Hot, and broken rules cost little: trucks without deliveries and with too much are met too.
    for weight in (np.array([0.1, 1.0]), np.array([50.0, 1e4])):
        temperatures = np.full(300, 30.0)
        search_strings(of, current, trial, best, weight, temperatures, state)
        tours = tours_of(current)
        assert sorted(i for tour in tours for i in tour) == list(range(1, n_places))
        over, length = 0.0, 0.0
        for truck, tour in enumerate(tours):
            deliveries = [i for i in tour if i <= of.n_deliveries]
            assert tour[: len(deliveries)] == deliveries
            assert current.trucks[N_STOPS, truck] == len(tour)
            assert current.trucks[LAST_DELIVERY, truck] == (deliveries or [0])[-1]
            loads = [of.load[deliveries].sum(), of.load[tour[len(deliveries) :]].sum()]
            assert current.loads[:, truck].tolist() == loads
            over += sum(max(0.0, load - of.payload) for load in loads)
            length += of.way[[0, *tour], [*tour, 0]].sum()
            onward = of.way[tour, [*tour[1:], 0]] if tour else np.empty(0)
            assert current.onward[tour].tolist() == onward.tolist()
        n_empty = sum(not tour or tour[0] > of.n_deliveries for tour in tours)
        assert current.totals[[OVER, LENGTH]] == pytest.approx([over, length])
        assert current.totals[EMPTY] == n_empty
    assert best.totals[OVER] == pytest.approx(0.0, abs=1e-9)
    assert best.totals[LENGTH] == pytest.approx(
        sum(of.way[[0, *tour], [*tour, 0]].sum() for tour in tours_of(best))
    )


def test_longer_searches_cool_down_several_times_and_lose_nothing():
    of = problem(1)
    lengths = []
    for cooling_iterations in (10, 10_000):
        settings = StringSettings(cooling_iterations=cooling_iterations)
        found = search_plain_tours(
            of, N_TRUCKS, np.random.default_rng(1), n_iterations=20_000, settings=settings
        )
        assert found.is_feasible
        assert found.n_iterations == 20_000
        lengths.append(sum(of.way[[0, *tour], [*tour, 0]].sum() for tour in found.stops))
    # Sixty short coolings and one long one are different searches, and both find good tours.
    assert lengths[0] != lengths[1]
    assert max(lengths) < 1.1 * min(lengths)
