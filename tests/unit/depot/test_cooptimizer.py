"""A small depot planned in three ways, and where energy is short."""

from __future__ import annotations

import numpy as np
import pytest

from planner.depot.cooptimizer import COORDINATIONS, plan_depot
from planner.depot.depot_inputs import read_depot
from planner.depot.shortage import charging_weights
from planner.errors import InputDataError, ScenarioError
from planner.scenario.depot_model import load_depot
from tests.unit.depot.small_depot import STOPS, write_depot


def planned(path, *overrides):
    scenario = load_depot(path, overrides)
    inputs = read_depot(scenario)
    iterations = scenario.depot.iterations
    return inputs, plan_depot(inputs.problem, inputs.site, scenario.seed, n_iterations=iterations)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return planned(write_depot(tmp_path_factory.mktemp("depot")))


def test_all_stops_are_served_in_all_ways(small):
    inputs, days = small
    for name in COORDINATIONS:
        day = days.of(name)
        served = [p for tour in day.dispatch.tours for p in tour.places if p != "R"]
        assert sorted(served) == sorted(inputs.problem.stop_ids)
        assert day.n_recharges >= 1


def test_coordination_never_costs_more(small):
    _, days = small
    assert days.co_optimised.cost_total <= days.dispatch_first.cost_total + 1e-6
    assert days.dispatch_first.cost_total <= days.uncoordinated.cost_total + 1e-6


def test_costs_add_up(small):
    inputs, days = small
    for name in COORDINATIONS:
        day = days.of(name)
        parts = day.cost_energy + day.cost_demand + day.cost_operation
        assert day.cost_total == pytest.approx(parts)
        assert day.power.cost == pytest.approx(
            day.power.energy_cost + day.power.demand_cost + day.power.wear_cost, abs=1e-4
        )
        initial = sum(tour.energy_kwh for tour in day.dispatch.tours) - sum(
            request.energy_kwh for request in day.dispatch.requests
        )
        assert day.dispatch.initial_cost == pytest.approx(
            initial * inputs.problem.initial_price, abs=1e-6
        )


def test_trucks_charge_what_their_tours_need(small):
    _, days = small
    for name in COORDINATIONS:
        day = days.of(name)
        got = day.power.truck_kw.sum(axis=1) / 4.0
        assert got == pytest.approx([r.energy_kwh for r in day.power.requests], abs=1e-4)
        for tour in day.dispatch.tours:
            assert min(halt.arrival_kwh for halt in tour.halts[1:]) >= 15.0 - 1e-6


def test_recharge_ends_when_the_microgrid_ends_it(small):
    _, days = small
    day = days.co_optimised
    by_truck = {tour.truck: tour for tour in day.dispatch.tours}
    for request, kw in zip(day.power.requests, day.power.truck_kw, strict=True):
        halt = next(h for h in by_truck[request.truck].halts if h.place == "R")
        last = np.flatnonzero(kw)[-1]
        assert 15.0 * last < halt.departure_min <= request.end_min + 1e-6


def test_same_seed_same_day(tmp_path, small):
    _, days = small
    _, again = planned(write_depot(tmp_path))
    for name in COORDINATIONS:
        assert days.of(name).dispatch == again.of(name).dispatch
        assert np.array_equal(days.of(name).power.import_kw, again.of(name).power.import_kw)


@pytest.mark.parametrize("limit_kw", [15, 40])
def test_short_connection_charges_the_most_urgent_first(tmp_path, limit_kw):
    path = write_depot(
        tmp_path, site__pv=None, site__storage=None, site__grid={"max_import_kw": limit_kw}
    )
    inputs, days = planned(path)
    first = days.dispatch_first
    weights = charging_weights(inputs.problem, first.dispatch)
    missing = dict(
        zip((r.truck for r in first.power.requests), first.power.missing_kwh, strict=True)
    )
    assert sum(missing.values()) > 0.0
    assert set(weights) == set(missing)
    assert days.co_optimised.power.missing_kwh.sum() <= sum(missing.values()) + 1e-3
    left = [stop.stop_id for stop in days.co_optimised.dispatch.unserved]
    assert "3" not in left  # the stop of the greatest weight


def test_dear_trucks_stay_at_the_depot(tmp_path):
    fleet = {"trucks": 4, "vehicle": "rigid-19t"}
    _, free = planned(write_depot(tmp_path, fleet=fleet))
    costs = {"per_truck_used": 500.0, "per_km": 0.3}
    _, dear = planned(write_depot(tmp_path, fleet=fleet, costs=costs))
    n_dear = len(dear.co_optimised.dispatch.tours)
    assert n_dear < 4
    assert n_dear <= len(free.co_optimised.dispatch.tours)
    assert not dear.co_optimised.dispatch.unserved
    assert dear.co_optimised.cost_operation > 500.0 * n_dear
    assert free.co_optimised.cost_operation < 10.0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"month": 13}, "month"),
        ({"opens": "25:00"}, "opens"),
        ({"opens": "20:00"}, "back by midnight"),
        ({"day": 31}, "a day that exists"),
        ({"fleet": {"vehicle": "rigid-91t"}}, r"rigid-91t.*rigid-19t"),
        ({"site__tariff": {"name": "plane"}}, r"'plane'.*plain"),
        ({"site__tariff": {}}, "one of name, urdb and definition"),
        ({"site__storage__initial_share": 0.05}, "initial_share between least_share"),
        ({"stops__path": "nowhere.csv"}, "does not exist"),
        ({"speed": 5}, "speed"),
    ],
)
def test_wrong_studies_are_named(tmp_path, changes, says):
    path = write_depot(tmp_path, **changes)
    with pytest.raises(ScenarioError, match=says):
        load_depot(path)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"initial_energy_kwh": 900}, "between the reserve of 15 and the battery's 300 kWh"),
        ({"year": 2025}, "holds from 2026-01-01 on"),
        (
            {"stops": STOPS.replace("800", "-800")},
            "load must be 0 or more, found '-800'",
        ),
    ],
)
def test_wrong_inputs_are_named(tmp_path, changes, says):
    path = write_depot(tmp_path, **changes)
    with pytest.raises(InputDataError, match=says):
        read_depot(load_depot(path))


def test_stop_out_of_reach_stays_behind_with_its_cause(tmp_path):
    far = STOPS + "9,delivery,100,10,0,30,53.0,10.0,1\n"
    heavy = far + "10,delivery,99000,10,0,480,51.01,10.0,1\n"
    _, days = planned(write_depot(tmp_path, stops=heavy))
    causes = {stop.stop_id: stop.cause for stop in days.co_optimised.dispatch.unserved}
    assert causes == {"9": "window", "10": "payload"}
