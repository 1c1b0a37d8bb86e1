"""What a slower class of points means for stops, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.routing.drivers import drivers_of
from planner.routing.stop_plans import StopKind
from planner.scenario.charger_classes import PointClass
from planner.scenario.model import Scenario
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.class_demand import class_demand
from planner.simulation.class_queues import ClassLayout, as_served, simulate_classes
from planner.simulation.metrics import loads_of_sites
from tests.bare_stop_plans import bare_stop_plans

FAST = PointClass(power_kw=1000.0, connector="mcs")
SLOW = PointClass(power_kw=400.0, connector="ccs")


def scenario(**vehicle) -> Scenario:
    truck = {
        "battery_kwh": 600.0,
        "consumption_loaded_kwh_km": 1.0,
        "consumption_empty_kwh_km": 1.0,
        "max_charging_kw": 1000.0,
        "min_soc_share": 0.2,
    } | vehicle
    return Scenario.model_validate(
        {
            "name": "by-hand",
            "network": {"source": "builtin"},
            "sites": {"source": "builtin"},
            "demand": {"source": "builtin"},
            "vehicles": {"mix": {"truck": 1.0}, "classes": {"truck": truck}},
            "routing": {"border_reserve_km": 60.0},
        }
    )


def trucks(kinds, energy_kwh, arrival_soc, final_soc, hold_h, **vehicle):
    """One trip of stops at one site each."""
    study = scenario(**vehicle)
    hold_h = np.array(hold_h)
    plans = bare_stop_plans(
        [len(kinds)],
        entry_h=np.array([1.0]),
        first_leg_h=np.zeros(1),
        stop_site_idx=np.arange(len(kinds)),
        stop_kind=np.array(kinds, np.int8),
        stop_plug_h=hold_h,
        stop_hold_h=hold_h,
        stop_energy_kwh=np.array(energy_kwh),
        stop_next_leg_h=np.full(len(kinds), 4.0),
        stop_arrival_soc_share=np.array(arrival_soc),
        final_soc_share=np.array([final_soc]),
    )
    drivers, class_idx = drivers_of(study), np.zeros(1, np.int16)
    demand = demand_of_trucks(
        plans, drivers, class_idx, n_sites=len(kinds), start_h=0.0, horizon_h=24.0
    )
    return class_demand(demand, plans, drivers, class_idx, (FAST, SLOW))


def test_a_break_ends_when_what_is_charged_is_enough_for_the_trip():
    # 480 kWh planned, 300 kWh fit into 45 min at 400 kW. It ends with 0.5 of 600 kWh, of which 120
    # are the minimum and 60 the reserve: 120 kWh may be missing, so 360 are charged, in 54 min.
    found = trucks([StopKind.HPC_BREAK], [480.0], [0.2], 0.5, [0.75])
    assert found.slow_energy_kwh.tolist() == pytest.approx([360.0])
    assert found.slow_hold_h.tolist() == pytest.approx([0.9])
    enough = trucks([StopKind.HPC_BREAK], [480.0], [0.2], 0.7, [0.75])
    assert enough.slow_energy_kwh.tolist() == pytest.approx([300.0])
    assert enough.slow_hold_h.tolist() == [0.75]


def test_a_break_spares_only_what_later_stops_do_not_miss():
    # At the end 240 kWh are to spare, but at the second stop only 60: the first spares those, the
    # second 120 of its own.
    found = trucks(
        [StopKind.HPC_BREAK, StopKind.HPC_BREAK], [480.0, 420.0], [0.2, 0.3], 0.7, [0.75, 0.75]
    )
    assert found.slow_energy_kwh.tolist() == pytest.approx([420.0, 300.0])


def test_a_stop_for_energy_alone_takes_what_was_planned():
    minutes = 60.0 * 200.0 / 1000.0 + 5.0
    found = trucks([StopKind.HPC_INTERMEDIATE], [200.0], [0.25], 0.9, [minutes / 60.0])
    assert found.slow_energy_kwh.tolist() == [200.0]
    assert (60.0 * found.slow_plug_h).tolist() == pytest.approx([35.0])


def test_along_a_curve_as_much_fits_into_the_break_as_its_power_gives():
    curve = ((0.0, 1000.0), (0.5, 1000.0), (0.8, 200.0), (1.0, 200.0))
    found = trucks([StopKind.HPC_BREAK], [400.0], [0.2], 0.9, [1.0], charging_curve=curve)
    # 315 kWh come at 400 kW, in 47 min; then the curve gives less.
    assert 315.0 < found.slow_energy_kwh[0] < 400.0
    assert found.slow_hold_h[0] == pytest.approx(1.0, abs=1e-6)


def test_power_and_energy_are_those_of_the_class_that_served():
    found = trucks([StopKind.HPC_INTERMEDIATE], [200.0], [0.25], 0.9, [0.2 + 5.0 / 60.0])
    for n_fast, n_slow, peak_kw in ((1, 0, 1000.0), (0, 1, 400.0)):
        layout = ClassLayout(*(np.array([n], np.int32) for n in (n_fast, n_slow, 0)))
        result = simulate_classes(found, layout)
        energy_kwh, power_kw = loads_of_sites(as_served(found, result), result.queues)
        assert power_kw.tolist() == pytest.approx([peak_kw])
        assert energy_kwh.tolist() == pytest.approx([200.0])
        assert result.lost_h.tolist() == pytest.approx([0.0 if n_fast else 0.3])


def test_a_truck_takes_points_with_its_connector_alone():
    found = trucks(
        [StopKind.HPC_BREAK], [300.0], [0.3], 0.7, [0.75], max_charging_kw=400.0, connectors=["ccs"]
    )
    assert (found.takes_fast.tolist(), found.takes_slow.tolist()) == ([False], [True])
