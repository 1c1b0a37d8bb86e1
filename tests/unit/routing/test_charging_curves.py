"""Charging along a curve, worked by hand: how long it takes, and what it does to plans."""

from __future__ import annotations

import math

import pytest

from planner.routing.charging_choice import ChargingPower
from planner.routing.charging_curves import curves_at_points
from planner.routing.stop_plans import StopKind
from planner.routing.truck_kernel import HPC, LPC, charging_h, level_after
from planner.scenario.parameter_sets import DriverRules, VehicleClass
from tests.called_kernels import called

charging_h = called(charging_h)
level_after = called(level_after)

FALLING = ((0.5, 600.0), (1.0, 60.0))
"""600 kW up to half full, then straight down to 60 kW."""


def with_curve(truck, curve):
    return VehicleClass(**truck.model_dump() | {"charging_curve": curve})


def test_power_that_falls_in_a_straight_line_charges_along_an_exponential(truck):
    (curve,) = curves_at_points([with_curve(truck, FALLING)], 1000.0, 100.0)
    assert charging_h(curve, HPC, 1000.0, 120.0, 180.0) == pytest.approx(0.3)
    # From half to full: 300 kWh at powers that fall from 600 to 60 kW.
    to_full_h = 300.0 / 540.0 * math.log(10.0)
    assert charging_h(curve, HPC, 1000.0, 300.0, 300.0) == pytest.approx(to_full_h)
    assert charging_h(curve, HPC, 1000.0, 120.0, 480.0) == pytest.approx(0.3 + to_full_h)
    half_an_hour_on_kwh = 600.0 / 1.8 * (1.0 - math.exp(-1.8 * 0.5))
    assert level_after(curve, HPC, 1000.0, 300.0, 0.5, 600.0) == pytest.approx(
        300.0 + half_an_hour_on_kwh
    )
    # Never beyond what is asked for, and never less than before.
    assert level_after(curve, HPC, 1000.0, 120.0, 9.0, 540.0) == 540.0
    assert level_after(curve, HPC, 1000.0, 560.0, 9.0, 540.0) == 560.0


def test_a_point_cuts_the_curve_off_where_it_gives_less(truck):
    (curve,) = curves_at_points([with_curve(truck, FALLING)], 330.0, 100.0)
    # 330 kW are what the truck takes at three quarters.
    assert charging_h(curve, HPC, 330.0, 0.0, 450.0) == pytest.approx(450.0 / 330.0)
    beyond_h = 150.0 / 270.0 * math.log(330.0 / 60.0)
    assert charging_h(curve, HPC, 330.0, 450.0, 150.0) == pytest.approx(beyond_h)
    last_kwh = 600.0 * 0.5 * 40.0 / 540.0
    overnight_h = (600.0 - last_kwh) / 100.0 + last_kwh / 40.0 * math.log(100.0 / 60.0)
    assert charging_h(curve, LPC, 100.0, 0.0, 600.0) == pytest.approx(overnight_h)


def test_classes_without_a_curve_keep_one_power_beside_those_that_have_one(truck):
    assert curves_at_points([truck, truck], 600.0, 100.0).shape == (2, 0)
    mixed = curves_at_points([truck, with_curve(truck, FALLING)], 600.0, 100.0)
    assert charging_h(mixed[0], HPC, 600.0, 30.0, 500.0) == pytest.approx(500.0 / 600.0)


def test_a_break_charges_less_and_a_stop_for_energy_lasts_longer_along_a_curve(
    motorway, sites_at, trips_along, plan, truck
):
    graph = motorway(600)
    sites, trips = sites_at(graph, [340]), trips_along(graph)
    charging = ChargingPower(hpc_kw=600.0, lpc_kw=100.0)
    rules = DriverRules(hpc_release="when_charged")
    full = {"charging": charging, "rules": rules}
    flat = plan(graph, sites, trips, **full)
    assert flat.stop_kind.tolist() == [StopKind.HPC_BREAK]
    assert flat.stop_energy_kwh == pytest.approx([340.0 * 1.2])
    curved = plan(graph, sites, trips, vehicles=[with_curve(truck, FALLING)], **full)
    begun_kwh = 600.0 - 340.0 * 1.2
    falling_h = 0.75 - (300.0 - begun_kwh) / 600.0
    gained_kwh = 300.0 - begun_kwh + 600.0 / 1.8 * (1.0 - math.exp(-1.8 * falling_h))
    assert curved.stop_energy_kwh == pytest.approx([gained_kwh])
    assert curved.stop_plug_h == pytest.approx([0.75])
    capped = plan(
        graph,
        sites,
        trips,
        vehicles=[with_curve(truck, FALLING)],
        rules=rules,
        charging=ChargingPower(hpc_kw=600.0, lpc_kw=100.0, hpc_to_share=0.8),
    )
    assert capped.stop_energy_kwh == pytest.approx([480.0 - begun_kwh])
    to_480_h = (300.0 - begun_kwh) / 600.0 + 300.0 / 540.0 * math.log(600.0 / 276.0)
    assert capped.stop_plug_h == pytest.approx([to_480_h])
    no_break = DriverRules(max_driving_before_break_h=100.0, max_driving_before_rest_h=100.0)
    to_kwh = 120.0 + 260.0 * 1.2  # what the way to the destination takes on top of the minimum
    of_shape = {
        (): (to_kwh - begun_kwh) / 600.0,
        FALLING: (300.0 - begun_kwh) / 600.0
        + 300.0 / 540.0 * math.log(600.0 / (600.0 - 1.8 * (to_kwh - 300.0))),
    }
    for curve, charging_hours in of_shape.items():
        vehicles = [with_curve(truck, curve)]
        plans = plan(graph, sites, trips, vehicles=vehicles, charging=charging, rules=no_break)
        assert plans.stop_kind.tolist() == [StopKind.HPC_INTERMEDIATE]
        assert plans.stop_energy_kwh == pytest.approx([to_kwh - begun_kwh])
        assert plans.stop_hold_h == pytest.approx([charging_hours + 5 / 60])


def test_a_curve_comes_from_a_table_too_and_its_shares_ascend(tmp_path, truck):
    table = tmp_path / "curve.csv"
    table.write_text("soc_share,power_kw\n0.5,600\n1.0,60\n", encoding="utf-8")
    assert with_curve(truck, str(table)).charging_curve == FALLING
    with pytest.raises(ValueError, match=r"shares that ascend from point to point; found 0\.5"):
        with_curve(truck, [(0.5, 600.0), (0.5, 60.0)])
    table.write_text("soc_share,power\n0.5,600\n", encoding="utf-8")
    with pytest.raises(ValueError, match="soc_share, power_kw"):
        with_curve(truck, str(table))
