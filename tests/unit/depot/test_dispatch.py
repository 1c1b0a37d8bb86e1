"""Tours of small depots against trying everything, and what is said when not all can be served."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.depot.charging_requests import ChargingRequest
from planner.depot.dispatch import DispatchProblem, Truck
from planner.depot.dispatch_chargers import can_share_chargers
from planner.depot.dispatch_plan import retimed
from planner.depot.dispatch_search import dispatch
from planner.depot.dispatch_terms import dispatch_terms
from planner.depot.route_course_kernel import ROOM_ROWS
from planner.depot.route_kernel import EITHER, NO_RECHARGE, RECHARGE, evaluate, penalised
from planner.errors import InputDataError
from tests.unit.depot.dispatch_twin import best_plan, random_problem, value_of

HEAVY = np.full(4, 1e6)


def tour_cost(problem: DispatchProblem, truck: int, stops: list[int], recharge: int):
    terms = dispatch_terms(problem)
    room = np.empty((ROOM_ROWS, problem.n_stops + 2))
    order = np.array(stops, dtype=np.int64)
    return evaluate(terms, HEAVY, truck, order, len(order), recharge, room)


@pytest.mark.parametrize("seed", range(60))
def test_kernel_equals_its_plain_twin(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(seed, 7, 2)
    stops = list(rng.permutation(7)[: rng.integers(1, 7)] + 1)
    stops.sort(key=lambda s: problem.pickup_kg[s - 1] > 0.0)
    plain = value_of(problem, problem.trucks[0], stops, None)
    verdict = tour_cost(problem, 0, stops, NO_RECHARGE)
    assert verdict.cost == pytest.approx(plain.cost)
    assert (penalised(verdict, HEAVY) == verdict.cost) == plain.feasible
    options = [value_of(problem, problem.trucks[0], stops, i) for i in range(1, len(stops))]
    feasible = [option.cost for option in options if option.feasible]
    best = tour_cost(problem, 0, stops, RECHARGE)
    if feasible:
        assert penalised(best, HEAVY) == pytest.approx(min(feasible))
    elif options:
        assert penalised(best, HEAVY) > best.cost
    either = tour_cost(problem, 0, stops, EITHER)
    assert penalised(either, HEAVY) == pytest.approx(
        min(penalised(verdict, HEAVY), penalised(best, HEAVY)), rel=1e-9
    )


def test_deliveries_after_pickups_are_not_allowed():
    problem = random_problem(3, 7, 2)
    pickup = int(np.flatnonzero(problem.pickup_kg > 0.0)[0]) + 1
    assert tour_cost(problem, 0, [pickup, 1], NO_RECHARGE).cost == np.inf
    assert tour_cost(problem, 0, [pickup], NO_RECHARGE).fault == 1.0


@pytest.mark.parametrize("seed", range(10))
def test_search_finds_the_best_plan_of_small_depots(seed):
    problem = random_problem(seed, 5, 2)
    plan = dispatch(problem, seed=1, n_iterations=300)
    best = best_plan(problem)
    if best < np.inf:
        assert not plan.unserved
        assert plan.cost == pytest.approx(best)
    else:
        assert plan.unserved


@pytest.mark.parametrize("seed", range(10))
def test_timetables_keep_every_rule(seed):
    problem = random_problem(seed, 9, 3)
    plan = dispatch(problem, seed=2, n_iterations=60)
    index = {stop: i + 1 for i, stop in enumerate(problem.stop_ids)}
    served = [index[place] for tour in plan.tours for place in tour.places if place != "R"]
    left = [index[stop.stop_id] for stop in plan.unserved]
    assert sorted(served + left) == list(range(1, 10))
    total = 0.0
    for tour in plan.tours:
        truck = problem.trucks[tour.truck]
        stops = [index[place] for place in tour.places if place != "R"]
        after = tour.places.index("R") if "R" in tour.places else None
        energy = tour.request.energy_kwh if tour.request else None
        value = value_of(problem, truck, stops, after, energy)
        assert value.feasible
        total += value.cost
        kwh = [kwh for halt in tour.halts for kwh in (halt.arrival_kwh, halt.departure_kwh)]
        assert min(kwh) >= truck.reserve_kwh - 1e-6
        assert max(kwh) <= truck.battery_kwh + 1e-6
        assert tour.halts[-1].arrival_min <= truck.back_by_min + 1e-6
    assert plan.cost == pytest.approx(total)


def test_the_same_seed_gives_the_same_plan():
    problem = random_problem(4, 9, 3)
    assert dispatch(problem, 5, n_iterations=40) == dispatch(problem, 5, n_iterations=40)


def plain_problem(n_stops: int, trucks: tuple[Truck, ...], **changes) -> DispatchProblem:
    """Stops on a line east of the depot, ten minutes and 10 kWh apart."""
    at = np.arange(n_stops + 1, dtype=float)
    km = 10.0 * np.abs(at[:, None] - at[None])
    given = {
        "stop_ids": tuple("ABCDEFGH"[:n_stops]),
        "delivery_kg": np.full(n_stops, 1000.0),
        "pickup_kg": np.zeros(n_stops),
        "service_min": np.full(n_stops, 10.0),
        "open_min": np.zeros(n_stops),
        "close_min": np.full(n_stops, 1440.0),
        "leave_cost": np.full(n_stops, np.inf),
        "priority": np.ones(n_stops),
        "arc_cost": np.zeros_like(km),
        "travel_min": km,
        "arc_kwh": km,
        "arc_kwh_per_kg": np.zeros_like(km),
        "trucks": trucks,
        "charger_kw": 60.0,
        "n_chargers": 1,
        "initial_price": 1.0,
        "recharge_price": 1.0,
    }
    return DispatchProblem(**{**given, **changes})


def test_what_weighs_least_stays_behind_when_trucks_are_short():
    truck = Truck("only", payload_kg=2000.0, battery_kwh=200.0, initial_kwh=200.0)
    problem = plain_problem(3, (truck,), priority=np.array([1.0, 5.0, 3.0]))
    plan = dispatch(problem, 1, n_iterations=30)
    assert [(stop.stop_id, stop.cause) for stop in plan.unserved] == [("A", "trucks")]


def test_the_truck_with_the_fuller_battery_goes_far():
    weak = Truck("weak", payload_kg=9e3, battery_kwh=200.0, initial_kwh=45.0)
    strong = Truck("strong", payload_kg=9e3, battery_kwh=200.0, initial_kwh=120.0)
    problem = plain_problem(5, (weak, strong), n_chargers=0)
    plan = dispatch(problem, 1, n_iterations=30)
    assert not plan.unserved
    assert [tour.truck for tour in plan.tours if "E" in tour.places] == [1]


def test_causes_name_what_stands_in_the_way():
    truck = Truck("t", 1500.0, battery_kwh=70.0, initial_kwh=70.0, available_min=480.0)
    problem = plain_problem(
        4,
        (truck, truck, truck),
        delivery_kg=np.array([1000.0, 2000.0, 1000.0, 1000.0]),
        close_min=np.array([1440.0, 1440.0, 490.0, 1440.0]),
    )
    plan = dispatch(problem, 1, n_iterations=30)
    causes = {stop.stop_id: stop.cause for stop in plan.unserved}
    assert causes == {"B": "payload", "C": "window", "D": "energy"}


def test_a_stop_that_costs_more_than_it_brings_is_left():
    truck = Truck("t", 9000.0, battery_kwh=200.0, initial_kwh=200.0)
    worth = np.array([np.inf, np.inf, 15.0])
    plan = dispatch(plain_problem(3, (truck,), leave_cost=worth), 1, n_iterations=30)
    assert [(stop.stop_id, stop.cause) for stop in plan.unserved] == [("C", "cost")]
    assert plan.leave_cost == 15.0
    assert plan.cost == pytest.approx(40.0 + 15.0)


def test_trucks_that_are_not_needed_stay_at_the_depot():
    trucks = tuple(
        Truck(f"t{k}", 9000.0, battery_kwh=200.0, initial_kwh=200.0, fixed_cost=50.0 - k)
        for k in range(3)
    )
    plan = dispatch(plain_problem(3, trucks), 1, n_iterations=30)
    assert [tour.truck for tour in plan.tours] == [2]
    assert plan.driving_cost == 48.0


def test_the_microgrid_decides_when_energy_is_charged():
    """Energy by day is free until noon, the morning's costs: the truck comes home before noon."""
    truck = Truck("t", 9000.0, battery_kwh=200.0, initial_kwh=200.0, available_min=480.0)
    asked = []

    def charging(requests: tuple[ChargingRequest, ...]) -> float:
        asked.append(requests)
        return sum(0.0 if r.end_min <= 720.0 else 2.0 * r.energy_kwh for r in requests)

    closing = np.array([600.0, 720.0, 1440.0])
    opening = np.array([480.0, 660.0, 1000.0])
    problem = plain_problem(3, (truck,), open_min=opening, close_min=closing)
    plan = dispatch(problem, 1, n_iterations=50, charging=charging)
    assert plan.tours[0].places == ("A", "R", "B", "C")
    assert plan.requests[0].end_min <= 720.0
    assert plan.charging_cost == 0.0
    assert plan.requests[0].energy_kwh == pytest.approx(60.0)
    assert len(asked) == len(set(asked))
    later = retimed(problem, plan, {0: 640.0})
    halts = {halt.place: halt for halt in later.tours[0].halts}
    assert halts["R"].departure_min == 640.0
    assert halts["B"].arrival_min == 660.0


def test_recharges_that_the_microgrid_refuses_are_not_planned():
    truck = Truck("t", 9000.0, battery_kwh=200.0, initial_kwh=50.0)
    problem = plain_problem(3, (truck, truck))
    free = dispatch(problem, 1, n_iterations=30)
    assert free.requests
    refused = dispatch(
        problem, 1, n_iterations=30, charging=lambda requests: np.inf if requests else 0.0
    )
    assert not refused.requests


@pytest.mark.parametrize(
    ("n_chargers", "windows", "fits"),
    [
        (1, [(0.0, 60.0, 60.0)], True),
        (1, [(0.0, 59.0, 60.0)], False),
        (1, [(0.0, 60.0, 30.0), (0.0, 60.0, 30.0)], True),
        (1, [(0.0, 60.0, 31.0), (0.0, 60.0, 30.0)], False),
        (1, [(0.0, 60.0, 30.0), (20.0, 50.0, 30.0)], True),
        (2, [(0.0, 60.0, 40.0)] * 3, True),
        (2, [(0.0, 60.0, 41.0)] * 3, False),
        (0, [(0.0, 60.0, 1.0)], False),
    ],
)
def test_trucks_take_turns_at_chargers(n_chargers, windows, fits):
    requests = [ChargingRequest(k, *window) for k, window in enumerate(windows)]
    assert can_share_chargers(requests, n_chargers, charger_kw=60.0) == fits


def test_too_few_chargers_change_the_tours():
    truck = Truck("t", 3000.0, battery_kwh=200.0, initial_kwh=70.0, back_by_min=260.0)
    problem = plain_problem(6, (truck, truck), charger_kw=20.0)
    for n_chargers in (1, 2):
        plan = dispatch(replace(problem, n_chargers=n_chargers), 1, n_iterations=40)
        assert can_share_chargers(plan.requests, n_chargers, 20.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delivery_kg": np.array([-1.0, 5.0])}, ["stop A", "delivers -1"]),
        ({"pickup_kg": np.array([1.0, 0.0])}, ["stop A", "collects 1"]),
        ({"close_min": np.array([9.0, 1.0]), "open_min": np.full(2, 5.0)}, ["stop B", "closes"]),
        ({"priority": np.array([0.0, 1.0])}, ["stop A", "priority"]),
        ({"stop_ids": ("A", "A")}, ["stop A", "more than once"]),
        ({"travel_min": np.zeros((2, 2))}, ["travel_min", "(3, 3)"]),
        ({"trucks": ()}, ["no truck"]),
        ({"trucks": (Truck("t", 1.0, 10.0, 20.0),)}, ["truck t", "20 kWh"]),
    ],
)
def test_bad_problems_are_named(changes, words):
    with pytest.raises(InputDataError) as caught:
        plain_problem(2, changes.pop("trucks", (Truck("t", 9000.0),)), **changes)
    assert all(word in str(caught.value) for word in words)
