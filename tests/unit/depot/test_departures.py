"""Trucks that leave a depot at set times: what they get, and who comes first where it is short."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from planner.depot.charging_requests import ChargingRequest
from planner.depot.departures import Stay, charge_departures
from planner.depot.microgrid_site import DemandTerm, MicrogridSite


def site(n_days=3, max_import_kw=np.inf, n_chargers=10, own_trucks=1, demand_price=0.0):
    n = 96 * n_days
    return MicrogridSite(
        load_kw=np.full(n, 10.0),
        pv_kw=np.zeros(n),
        import_price=np.tile(np.repeat([0.3, 0.1], 48), n_days),
        export_price=np.zeros(n),
        demand=(DemandTerm("peak", demand_price, np.ones(n, dtype=bool), 10.0),),
        storage=None,
        n_chargers=n_chargers,
        charger_kw=150.0,
        charger_efficiency=1.0,
        truck_kw=np.full(own_trucks, 100.0),
        max_import_kw=max_import_kw,
    )


def stay(start_h=36.0, hours=10.0, arrival=100.0, needed=400.0, wanted=600.0):
    return Stay(60 * start_h, 60 * (start_h + hours), 600.0, arrival, needed, wanted, 1000.0)


def test_trucks_leave_with_what_they_want_where_that_is_to_be_had():
    found = charge_departures(site(), [], [stay(), stay(arrival=590.0), stay(hours=2.0)])
    # 150 kW for two hours are 300 kWh
    assert found.received_kwh == pytest.approx([500.0, 10.0, 300.0], abs=1e-4)
    added = found.power.import_kw.sum() - found.without.import_kw.sum()
    assert added * 0.25 == pytest.approx(810.0, abs=1e-3)


def test_charging_waits_for_cheap_hours_and_spares_the_peak():
    # 18:00 to 06:00 is cheap; the truck stays from 08:00 to 22:00 of the second day
    cheap = charge_departures(site(), [], [stay(start_h=32.0, hours=14.0)])
    hours = np.flatnonzero(cheap.power.truck_kw[0] > 0.0) / 4.0 % 24.0
    assert hours.min() >= 12.0
    flat = charge_departures(site(demand_price=50.0), [], [stay(start_h=32.0, hours=10.0)])
    # 500 kWh over ten hours
    assert flat.power.grid_peak_kw == pytest.approx(10.0 + 50.0, abs=1e-3)


def test_need_goes_before_wish_and_own_tours_before_both():
    # 40 kW beside the building for ten hours: 400 kWh
    small = site(max_import_kw=50.0)
    own = [ChargingRequest(0, 36 * 60.0, 46 * 60.0, 150.0)]
    two = [stay(needed=200.0), stay(arrival=300.0, needed=300.0)]
    found = charge_departures(small, own, two)
    assert found.own_missing_kwh == pytest.approx(0.0, abs=1e-3)
    # the need of the first is 100, of the second 0; the other 150 kWh go to the emptiest
    assert found.received_kwh == pytest.approx([250.0, 0.0], abs=1e-2)
    urgent = [stay(needed=200.0), stay(arrival=300.0, needed=450.0)]
    found = charge_departures(small, own, urgent)
    assert found.received_kwh == pytest.approx([100.0, 150.0], abs=1e-2)


def test_plugs_are_shared():
    found = charge_departures(site(n_chargers=1), [], [stay(hours=5.0), stay(hours=5.0)])
    assert found.received_kwh.sum() == pytest.approx(750.0, abs=1e-3)
    assert found.received_kwh.min() >= 250.0 - 1e-3


def test_a_depot_without_trucks_costs_what_its_building_does():
    found = charge_departures(site(), [], [])
    assert found.power.cost == pytest.approx(found.without.cost)
    assert len(found.received_kwh) == 0


@pytest.mark.parametrize("n_days", [2, 5])
def test_the_same_trucks_get_the_same_again(n_days):
    small = site(n_days=n_days, max_import_kw=60.0)
    stays = [stay(start_h=20.0 + i, arrival=100.0 + 7 * i) for i in range(6)]
    one, other = (charge_departures(small, [], stays) for _ in range(2))
    assert np.array_equal(one.received_kwh, other.received_kwh)
    assert np.array_equal(one.power.import_kw, other.power.import_kw)
    # 11 hours of stays overlapping from 20:00 to 11:00, 50 kW: 15 hours
    assert one.received_kwh.sum() == pytest.approx(15 * 50.0, abs=1e-2)


def most_kwh(stays, of_stay, step_kw):
    """Most energy that trucks can get in all, as a flow: trucks to steps to the connection."""
    flow = nx.DiGraph()
    for number, one in enumerate(stays):
        flow.add_edge("depot", number, capacity=one.lacks_kwh(of_stay(one)))
        for step in range(int(one.start_min // 15), int(one.end_min // 15)):
            flow.add_edge(number, ("step", step), capacity=0.25 * min(150.0, one.max_kw))
            flow.add_edge(("step", step), "grid", capacity=0.25 * step_kw)
    return nx.maximum_flow_value(flow, "depot", "grid") if stays else 0.0


@pytest.mark.parametrize("seed", range(6))
def test_as_little_as_can_be_is_missing_by_rank(seed):
    draw = np.random.default_rng(seed)
    n_chargers, connection_kw = int(draw.integers(1, 4)), float(draw.uniform(60.0, 400.0))
    stays = []
    for _ in range(8):
        start = 15.0 * draw.integers(100, 180)
        arrival = float(draw.uniform(120.0, 600.0))
        needed = float(draw.uniform(200.0, 500.0))
        end = start + 15.0 * draw.integers(4, 40)
        stays.append(Stay(start, end, 600.0, arrival, needed, 600.0, 1000.0))
    found = charge_departures(
        site(max_import_kw=10.0 + connection_kw, n_chargers=n_chargers), [], stays
    )
    step_kw = min(connection_kw, 150.0 * n_chargers)
    received = found.received_kwh
    of_need = sum(
        min(got, one.lacks_kwh(one.needed_kwh)) for got, one in zip(received, stays, strict=True)
    )
    assert of_need == pytest.approx(most_kwh(stays, lambda one: one.needed_kwh, step_kw), abs=0.01)
    assert received.sum() == pytest.approx(
        most_kwh(stays, lambda one: one.wanted_kwh, step_kw), abs=0.01
    )
    assert found.power.import_kw.max() <= 10.0 + connection_kw + 1e-6
