"""Tours of trucks that do not get all the energy planned for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.depot.baselines import charge_on_arrival
from planner.depot.charging_requests import ChargingRequest
from planner.depot.dispatch import Halt, Tour
from planner.depot.driven_tours import driven_halts, places_not_reached
from planner.depot.microgrid import Microgrid
from planner.depot.microgrid_site import MicrogridSite

HALTS = (
    Halt("D", 0.0, 0.0, 0.0, 900.0, 50.0, 50.0, 0.0),
    Halt("a", 20.0, 20.0, 30.0, 600.0, 30.0, 30.0, 20.0),
    Halt("R", 45.0, 45.0, 75.0, 600.0, 15.0, 65.0, 15.0),
    Halt("b", 100.0, 100.0, 110.0, 0.0, 40.0, 40.0, 25.0),
    Halt("D", 140.0, 140.0, 140.0, 0.0, 10.0, 10.0, 30.0),
)
REQUEST = ChargingRequest(0, 45.0, 75.0, 50.0)
TOUR = Tour(0, HALTS, 1.0, 90.0, 50.0, REQUEST)


def power(charger_kw):
    n = 16
    site = MicrogridSite(
        load_kw=np.ones(n),
        pv_kw=np.zeros(n),
        import_price=np.full(n, 0.2),
        export_price=np.zeros(n),
        demand=(),
        storage=None,
        n_chargers=1,
        charger_kw=charger_kw,
        charger_efficiency=1.0,
        truck_kw=np.array([200.0]),
    )
    return charge_on_arrival(Microgrid(site).solve(()), [REQUEST])


def test_tour_takes_place_as_planned_where_all_energy_came():
    driven = driven_halts(TOUR, power(100.0))
    assert [d.halt for d in driven] == list(HALTS)
    assert all(d.missing_kwh == d.shortfall_kwh == 0.0 for d in driven)
    assert places_not_reached(TOUR, power(100.0)) == ()


def test_battery_holds_what_was_delivered_and_the_rest_is_a_shortfall():
    # 46 kW for half an hour: 23 of 50 kWh, so that 27 are missing from there on
    driven = driven_halts(TOUR, power(46.0))
    assert [d.missing_kwh for d in driven] == pytest.approx([0.0, 0.0, 27.0, 0.0, 0.0])
    assert [d.halt.arrival_kwh for d in driven] == pytest.approx([50.0, 30.0, 15.0, 13.0, 0.0])
    assert [d.halt.departure_kwh for d in driven] == pytest.approx([50.0, 30.0, 38.0, 13.0, 0.0])
    assert [d.shortfall_kwh for d in driven] == pytest.approx([0.0, 0.0, 0.0, 0.0, 17.0])
    assert places_not_reached(TOUR, power(46.0)) == ("D",)


def test_other_trucks_do_not_lack_what_one_truck_misses():
    driven = driven_halts(replace(TOUR, truck=1), power(46.0))
    assert [d.halt for d in driven] == list(HALTS)
