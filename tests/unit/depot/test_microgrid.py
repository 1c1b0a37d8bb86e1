"""The microgrid against a twin in another modelling language, by hand, and where it fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.depot.charging_requests import ChargingRequest
from planner.depot.microgrid import Microgrid
from planner.depot.microgrid_site import STEP_H, DemandTerm, MicrogridSite, Storage
from planner.errors import InputDataError
from tests.languages import GERMAN
from tests.unit.depot.microgrid_twin import (
    enumerated_cost,
    random_paid_site,
    random_site,
    twin_cost,
)


def plain_site(**changes):
    n = 16
    values = {
        "load_kw": np.full(n, 10.0),
        "pv_kw": np.zeros(n),
        "import_price": np.full(n, 0.2),
        "export_price": np.full(n, 0.05),
        "demand": (),
        "storage": None,
        "n_chargers": 1,
        "charger_kw": 100.0,
        "charger_efficiency": 1.0,
        "truck_kw": np.array([100.0, 100.0]),
    }
    return MicrogridSite(**(values | changes))


def storage(**changes):
    values = {
        "capacity_kwh": 100.0,
        "initial_kwh": 50.0,
        "least_kwh": 0.0,
        "most_kwh": 100.0,
        "least_final_kwh": 0.0,
        "charge_kw": 50.0,
        "discharge_kw": 50.0,
    }
    return Storage(**(values | changes))


def random_requests(rng, site):
    requests = []
    for truck in range(len(site.truck_kw)):
        start = rng.uniform(0.0, 300.0)
        end = start + rng.uniform(20.0, 150.0)
        most = site.truck_limit_kw(truck) * (end - start) / 60.0
        requests.append(ChargingRequest(truck, start, end, rng.uniform(0.1, 0.7) * most))
    return requests


def _assert_flows_add_up(plan, site, requests):
    drawn = plan.truck_kw.sum(axis=0) / site.charger_efficiency
    balance = plan.import_kw + site.pv_kw - plan.curtailed_kw + plan.discharge_kw
    assert balance == pytest.approx(
        site.load_kw + drawn + plan.charge_kw + plan.export_kw, abs=1e-4
    )
    assert plan.truck_kw.sum(axis=1) * STEP_H == pytest.approx([r.energy_kwh for r in requests])
    assert np.minimum(plan.import_kw, plan.export_kw).max() == 0.0
    wear = 0.0 if site.storage is None else site.storage.wear_per_kwh
    worn = wear * plan.discharge_kw.sum() * STEP_H
    assert plan.cost == pytest.approx(plan.energy_cost + plan.demand_cost + worn, abs=1e-4)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("traps", [False, True])
def test_equals_the_twin(seed, traps):
    rng = np.random.default_rng([seed, traps])
    site = random_site(rng, traps=traps)
    microgrid = Microgrid(site)
    for _ in range(2):
        requests = random_requests(rng, site)
        expected = twin_cost(site, requests)
        if np.isinf(expected):
            with pytest.raises(InputDataError):
                microgrid.solve(requests)
            assert np.isinf(microgrid.cost(requests))
            continue
        plan = microgrid.solve(requests)
        assert plan.cost == pytest.approx(expected, abs=1e-5)
        added = expected - twin_cost(site, [])
        if traps:
            assert microgrid.cost(requests) >= added - 1e-5
        else:
            assert microgrid.cost(requests) == pytest.approx(added, abs=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_equals_the_twin_where_burning_energy_would_pay_later(seed):
    rng = np.random.default_rng([seed, 2])
    site = random_paid_site(rng)
    microgrid = Microgrid(site)
    expected = twin_cost(site, [])
    plan = microgrid.solve([])
    assert plan.is_proved
    assert plan.cost == pytest.approx(expected, abs=1e-5)
    assert np.minimum(plan.charge_kw, plan.discharge_kw).max() == 0.0
    request = [ChargingRequest(0, 30.0, 120.0, 20.0)]
    assert microgrid.cost(request) >= twin_cost(site, request) - expected - 1e-5
    assert microgrid.solve(request).cost == pytest.approx(twin_cost(site, request), abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_equals_all_choices_of_directions_tried_with_another_solver(seed):
    site = random_paid_site(np.random.default_rng([seed, 4]), n_steps=4)
    assert Microgrid(site).solve([]).cost == pytest.approx(enumerated_cost(site), abs=1e-5)


def test_storage_burns_nothing_at_a_positive_price_to_make_room_for_paid_energy():
    full = storage(initial_kwh=100.0, charge_efficiency=0.9, discharge_efficiency=0.9)
    prices = np.repeat([0.2, -0.3], 8)
    site = plain_site(
        load_kw=np.zeros(16),
        import_price=prices,
        export_price=np.full(16, -0.01),
        storage=full,
        max_export_kw=0.0,
    )
    plan = Microgrid(site).solve([])
    assert plan.is_proved
    assert plan.cost == pytest.approx(0.0, abs=1e-9)
    assert plan.import_kw.max() == 0.0


@pytest.mark.parametrize("seed", [29, 173, 219, 254])
def test_storage_never_charges_and_discharges_at_once(seed):
    # no wear, free energy now and then, no need to end full: energy is worth nothing in many steps
    rng = np.random.default_rng([seed, 7])
    drawn = random_site(rng)
    imports = np.where(rng.random(32) < 0.2, 0.0, drawn.import_price)
    site = replace(
        drawn,
        max_export_kw=0.0 if seed % 2 else drawn.max_export_kw,
        storage=replace(drawn.storage, wear_per_kwh=0.0),
        import_price=imports if seed % 3 else drawn.import_price,
    )
    site = replace(site, export_price=np.minimum(site.export_price, site.import_price))
    requests = random_requests(rng, site)
    plan = Microgrid(site).solve(requests)
    assert np.minimum(plan.charge_kw, plan.discharge_kw).max() == 0.0
    assert plan.cost == pytest.approx(twin_cost(site, requests), abs=1e-5)
    _assert_flows_add_up(plan, site, requests)


@pytest.mark.parametrize("seed", range(8))
def test_flows_keep_all_that_was_asked(seed):
    rng = np.random.default_rng(seed)
    site = random_site(rng, traps=True)
    requests = [r for r in random_requests(rng, site)[:1] if site.n_chargers]
    plan = Microgrid(site).solve(requests)
    _assert_flows_add_up(plan, site, requests)


def test_answers_do_not_depend_on_what_was_asked_before():
    rng = np.random.default_rng(5)
    site = random_site(rng)
    asked = [random_requests(rng, site) for _ in range(20)]
    asked = [requests[: 1 + i % 3] for i, requests in enumerate(asked)]
    kept = Microgrid(site)
    for requests in asked:
        assert kept.cost(requests) == pytest.approx(Microgrid(site).cost(requests), abs=1e-6)


def test_demand_counts_above_the_peak_so_far_only():
    # 10 kW load and 25 kWh in one step: 110 kW; 60 are paid for
    term = DemandTerm("facilities", 3.0, np.ones(16, bool), 60.0)
    microgrid = Microgrid(plain_site(demand=(term,)))
    request = ChargingRequest(0, 15.0, 30.0, 25.0)
    assert microgrid.cost([request]) == pytest.approx(25.0 * 0.2 + 3.0 * 50.0)
    long = ChargingRequest(0, 15.0, 45.0, 25.0)
    assert microgrid.cost([long]) == pytest.approx(25.0 * 0.2)


def test_demand_counts_the_mean_of_the_interval_that_the_tariff_bills():
    # 10 kW load and 25 kWh in one step of 15 min: 110 kW then, 35 kW on the mean of the hour
    hourly = DemandTerm("facilities", 3.0, np.ones(16, bool), 20.0, 4)
    microgrid = Microgrid(plain_site(demand=(hourly,)))
    request = ChargingRequest(0, 15.0, 30.0, 25.0)
    assert microgrid.cost([request]) == pytest.approx(25.0 * 0.2 + 3.0 * 15.0)
    assert microgrid.solve([request]).demand_cost == pytest.approx(3.0 * 15.0)


def test_sun_charges_for_what_feeding_in_would_have_brought():
    site = plain_site(pv_kw=np.full(16, 60.0))
    request = ChargingRequest(0, 0.0, 60.0, 50.0)
    assert Microgrid(site).cost([request]) == pytest.approx(50.0 * 0.05)


def test_one_plug_serves_two_trucks_in_turn():
    site = plain_site(n_chargers=1)
    both = [ChargingRequest(0, 0.0, 60.0, 50.0), ChargingRequest(1, 0.0, 60.0, 50.0)]
    plan = Microgrid(site).solve(both)
    assert plan.truck_kw.sum(axis=0)[:4] == pytest.approx(100.0)


def test_feeding_in_above_the_import_price_does_not_make_money_from_nothing():
    prices = np.full(16, 0.2)
    prices[8:10] = 1.0
    plan = Microgrid(plain_site(export_price=prices, max_import_kw=500.0)).solve([])
    assert plan.cost == pytest.approx(10.0 * 4 * 0.2)


def test_storage_that_may_not_export_serves_the_site_alone():
    prices = np.full(16, 1.0)
    free = Microgrid(plain_site(export_price=prices, storage=storage())).solve([])
    bound = storage(may_export=False)
    tied = Microgrid(plain_site(export_price=prices, storage=bound)).solve([])
    assert free.export_kw.sum() > 0.0
    assert tied.export_kw.sum() == 0.0
    assert tied.import_kw.sum() == 0.0


def test_negative_prices_do_not_burn_energy_in_the_storage():
    lossy = storage(charge_efficiency=0.8, discharge_efficiency=0.8, initial_kwh=100.0)
    site = plain_site(import_price=np.full(16, -0.1), export_price=np.full(16, -0.2), storage=lossy)
    plan = Microgrid(site).solve([])
    assert np.minimum(plan.charge_kw, plan.discharge_kw).max() == 0.0


def test_month_is_planned_in_one_go():
    n = 96 * 30
    site = plain_site(
        load_kw=np.full(n, 10.0),
        pv_kw=np.zeros(n),
        import_price=np.tile(np.repeat([0.1, 0.3], 48), 30),
        export_price=np.zeros(n),
        demand=(DemandTerm("facilities", 10.0, np.ones(n, bool)),),
    )
    requests = [
        ChargingRequest(0, 1440.0 * day, 1440.0 * day + 300.0, 100.0) for day in range(0, 30, 3)
    ]
    plan = Microgrid(site).solve(requests)
    assert plan.grid_peak_kw == pytest.approx(30.0)
    base = 10.0 * 12 * 30 * (0.1 + 0.3)
    assert plan.cost == pytest.approx(base + 10 * 100 * 0.1 + 300.0)


def test_too_short_a_window_is_explained():
    with pytest.raises(InputDataError) as caught:
        Microgrid(plain_site()).solve([ChargingRequest(1, 60.0, 75.0, 40.0)])
    text = str(caught.value)
    assert "\n  - truck 2, 01:00 to 01:15: 15 of 40 kWh are missing: 100 kW do not suffice" in text
    german = GERMAN.own_text(caught.value.args[0])
    assert "\n  - Lkw 2, 01:00 bis 01:15: es fehlen 15 von 40 kWh: 100 kW reichen" in german


def test_too_few_plugs_are_explained():
    both = [ChargingRequest(0, 60.0, 90.0, 40.0), ChargingRequest(1, 60.0, 90.0, 40.0)]
    with pytest.raises(
        InputDataError, match="30 of 40 kWh are missing: the charging point and the connection"
    ):
        Microgrid(plain_site()).solve(both)


def test_truck_of_greater_weight_is_charged_first():
    both = [ChargingRequest(0, 60.0, 90.0, 40.0), ChargingRequest(1, 60.0, 90.0, 40.0)]
    plan = Microgrid(plain_site()).solve_short(both, {1: 5.0})
    assert plan.missing_kwh == pytest.approx([30.0, 0.0], abs=1e-5)
    assert plan.truck_kw.sum(axis=1) * STEP_H == pytest.approx([10.0, 40.0], abs=1e-5)


def test_building_that_the_connection_cannot_supply_is_explained():
    with pytest.raises(InputDataError, match="connection of 5 kW cannot supply") as caught:
        Microgrid(plain_site(max_import_kw=5.0)).solve([])
    assert GERMAN.own_text(caught.value.args[0]).startswith("der Netzanschluss von 5 kW reicht")


@pytest.mark.parametrize(
    ("requests", "says"),
    [
        ([(0, 60.0, 90.0, 5.0), (0, 80.0, 100.0, 5.0)], "windows overlap"),
        ([(2, 60.0, 90.0, 5.0)], "no such truck"),
        ([(0, 90.0, 60.0, 5.0)], "begins before it ends"),
        ([(0, 60.0, 9e4, 5.0)], "within the 240 minutes planned"),
        ([(0, 60.0, 90.0, -5.0)], "asks for -5 kWh"),
    ],
)
def test_contradictory_requests_are_named(requests, says):
    with pytest.raises(InputDataError, match=says):
        Microgrid(plain_site()).solve([ChargingRequest(*request) for request in requests])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"load_kw": np.full(16, -3.0)}, r"load of the building is -3 kW in step 1 \(00:00\)"),
        ({"pv_kw": np.full(16, np.nan)}, "PV power is nan kW"),
        ({"import_price": np.full(16, np.nan)}, r"a kWh drawn costs nan in step 1 \(00:00\)"),
        ({"export_price": np.full(16, np.inf)}, r"a kWh fed in brings inf in step 1 \(00:00\)"),
        ({"pv_kw": np.zeros(7)}, "pv_kw has 7 steps, expected 16"),
        ({"storage": storage(initial_kwh=120.0)}, "begins with 120 kWh"),
        ({"storage": storage(most_kwh=200.0)}, "within its capacity of 100 kWh"),
    ],
)
def test_impossible_sites_are_named(changes, says):
    with pytest.raises(InputDataError, match=says):
        plain_site(**changes)
