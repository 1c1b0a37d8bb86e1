"""Trucks that charge as they come, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.depot.baselines import charge_on_arrival
from planner.depot.charging_requests import ChargingRequest
from planner.depot.microgrid import Microgrid
from planner.depot.microgrid_site import DemandTerm, MicrogridSite, Storage


def site(**changes):
    values = {
        "load_kw": np.full(16, 10.0),
        "pv_kw": np.zeros(16),
        "import_price": np.full(16, 0.2),
        "export_price": np.full(16, 0.05),
        "demand": (DemandTerm("peak", 2.0, np.ones(16, bool), 10.0),),
        "storage": None,
        "n_chargers": 1,
        "charger_kw": 100.0,
        "charger_efficiency": 0.8,
        "truck_kw": np.array([100.0, 100.0]),
    }
    return MicrogridSite(**(values | changes))


def test_full_power_from_the_arrival_on():
    alone = Microgrid(site()).solve(())
    plan = charge_on_arrival(alone, [ChargingRequest(0, 20.0, 200.0, 40.0)])
    # 10 min of the step from 15 to 30, then a whole step would be 25 kWh, of which 23.33 are left
    assert plan.truck_kw[0, :4] == pytest.approx([0.0, 100 * 10 / 15, 93.3333333, 0.0])
    assert plan.truck_kw.sum() / 4 == pytest.approx(40.0)
    assert plan.import_kw[2] == pytest.approx(10.0 + 93.3333333 / 0.8)
    assert plan.cost == pytest.approx(0.2 * (40.0 + 50.0) + 2.0 * 93.3333333 / 0.8)
    assert plan.missing_kwh == pytest.approx([0.0])


def test_who_comes_first_has_the_plug():
    alone = Microgrid(site()).solve(())
    both = [ChargingRequest(1, 5.0, 60.0, 50.0), ChargingRequest(0, 0.0, 60.0, 25.0)]
    plan = charge_on_arrival(alone, both)
    assert plan.truck_kw[1, 0] == pytest.approx(100.0)
    assert plan.truck_kw[0, :3] == pytest.approx([0.0, 100.0, 100.0])


def test_what_a_window_does_not_give_is_missing():
    alone = Microgrid(site()).solve(())
    plan = charge_on_arrival(alone, [ChargingRequest(0, 0.0, 15.0, 40.0)])
    assert plan.missing_kwh == pytest.approx([15.0])


def test_sun_that_would_be_spilled_or_sold_goes_to_trucks():
    sunny = site(pv_kw=np.full(16, 60.0), max_export_kw=20.0)
    alone = Microgrid(sunny).solve(())
    assert alone.curtailed_kw.sum() > 0.0
    plan = charge_on_arrival(alone, [ChargingRequest(0, 0.0, 15.0, 10.0)])
    assert plan.import_kw[0] == pytest.approx(0.0)
    assert plan.export_kw[0] + plan.curtailed_kw[0] == pytest.approx(0.0)


def test_storage_does_not_help():
    storage = Storage(100.0, 100.0, 0.0, 100.0, 0.0, 100.0, 100.0, may_export=False)
    stored = site(storage=storage)
    alone = Microgrid(stored).solve(())
    request = ChargingRequest(0, 0.0, 15.0, 20.0)
    plan = charge_on_arrival(alone, [request])
    assert plan.import_kw[0] == pytest.approx(alone.import_kw[0] + 80.0 / 0.8)
    assert Microgrid(stored).solve([request]).cost < plan.cost
