"""Energy on a way against the tractive power written out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.depot.energy import arc_energy
from planner.errors import InputDataError
from planner.scenario.depot_vehicles import DepotVehicle


def truck(**changes):
    values = {
        "curb_mass_kg": 10_000.0,
        "payload_kg": 20_000.0,
        "battery_kwh": 400.0,
        "rolling_resistance": 0.006,
        "drag_area_m2": 6.0,
        "drivetrain_efficiency": 0.85,
    }
    return DepotVehicle(**(values | changes))


def table(value):
    return np.array([[0.0, value], [value, 0.0]])


def kwh(energy, load):
    return energy.empty_kwh[0, 1] + load * energy.per_kg_kwh[0, 1]


def test_level_way_by_hand():
    # 36 km in half an hour: 20 m/s. Rolling 15 t: 882.9 N, drag: 0.5 * 1.2041 * 6 * 400 = 1444.92 N
    energy = arc_energy(truck(), table(36_000.0), table(1_800.0))
    expected = (15_000 * 9.81 * 0.006 + 0.5 * 1.2041 * 6.0 * 400.0) * 36_000 / 0.85 / 3.6e6
    assert kwh(energy, 5_000.0) == pytest.approx(expected, rel=1e-12)
    assert expected == pytest.approx(27.386, abs=1e-3)


def test_a_place_is_no_way_from_itself():
    energy = arc_energy(truck(auxiliary_kw=3.0), table(10_000.0), table(600.0))
    assert np.diag(energy.empty_kwh).tolist() == [0.0, 0.0]


def test_climb_adds_the_lifted_weight():
    level = arc_energy(truck(), table(1_000.0), table(100.0))
    climb = arc_energy(truck(), table(1_000.0), table(100.0), table(0.05))
    lifted = 10_000 * 9.81 * np.sin(np.arctan(0.05)) * 1_000
    less_rolling = 10_000 * 9.81 * 0.006 * (1 - np.cos(np.arctan(0.05))) * 1_000
    added = (lifted - less_rolling) / 0.85 / 3.6e6
    assert kwh(climb, 0.0) - kwh(level, 0.0) == pytest.approx(added, rel=1e-9)


def test_descent_gives_back_only_with_regeneration():
    without = arc_energy(truck(), table(1_000.0), table(100.0), table(-0.06))
    with_it = arc_energy(truck(regeneration_share=0.6), table(1_000.0), table(100.0), table(-0.06))
    assert without.empty_kwh[0, 1] == 0.0
    angle = np.arctan(-0.06)
    wheel = 10_000 * 9.81 * (np.sin(angle) + 0.006 * np.cos(angle)) + 0.5 * 1.2041 * 6 * 100
    assert wheel < 0
    assert with_it.empty_kwh[0, 1] == pytest.approx(0.6 * wheel * 1_000 / 3.6e6, rel=1e-12)


def test_line_over_the_load_lies_above_a_bend():
    # at 25 m/s and 1 % down the empty truck still drives, the full one brakes
    way = (table(1_000.0), table(40.0), table(-0.012))
    full = truck(payload_kg=30_000.0, regeneration_share=0.5)
    line = arc_energy(full, *way)
    for load in (0.0, 10_000.0, 20_000.0, 30_000.0):
        heavier = arc_energy(full.model_copy(update={"curb_mass_kg": 10_000.0 + load}), *way)
        assert kwh(line, load) >= heavier.empty_kwh[0, 1] - 1e-12
    assert kwh(line, 30_000.0) == pytest.approx(heavier.empty_kwh[0, 1], rel=1e-9)


def test_stops_cost_what_braking_does_not_bring_back():
    steady = arc_energy(truck(), table(10_000.0), table(500.0))
    stops = arc_energy(
        truck(stops_per_km=0.5, regeneration_share=0.6), table(10_000.0), table(500.0)
    )
    kinetic_kwh = 0.5 * 10_000 * 20.0**2 / 3.6e6
    added = 5 * kinetic_kwh * (1 / 0.85 - 0.6)
    assert kwh(stops, 0.0) - kwh(steady, 0.0) == pytest.approx(added, rel=1e-9)


@pytest.mark.parametrize(
    ("distance", "time", "says"),
    [
        (-5.0, 100.0, "distance from place 0 to place 1"),
        (np.nan, 100.0, "no road reaches"),
        (5.0, np.inf, "driving time from place 0 to place 1"),
        (5.0, 0.0, "in 0 s"),
        (60_000.0, 60.0, "check the units"),
    ],
)
def test_impossible_ways_are_named(distance, time, says):
    with pytest.raises(InputDataError, match=says):
        arc_energy(truck(), table(distance), table(time))
