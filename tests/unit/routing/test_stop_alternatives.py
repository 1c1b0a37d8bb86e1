"""Other sites for a stop, worked out by hand on a straight motorway."""

from __future__ import annotations

import numpy as np
import pytest

from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_alternatives import stop_alternatives
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules

KM_H = 80.0


@pytest.fixture
def found(motorway, sites_at, trips_along, plan, truck):
    """Alternatives of a trip of 700 km, 8.75 h with one break, and its plan."""

    def run(kilometres, *, max_extra_h=0.0, taste_scale_h=0.0, off_road_km=0.0, n=1):
        graph = motorway(700)
        sites = sites_at(graph, kilometres, off_road_km=off_road_km)
        trips = trips_along(graph, n)
        drivers = Drivers(
            vehicles=[truck],
            rules=DriverRules(),
            charging=ChargingPower(hpc_kw=600.0, lpc_kw=100.0),
            choice=SiteChoice(taste_scale_h=taste_scale_h),
            taste_key=np.uint64(7),
            behaviour=DriverBehaviour(stop_cost_min=0.0),
        )
        plans = plan(graph, sites, trips, choice=drivers.choice)
        return plans, stop_alternatives(
            graph, sites, trips, plans, drivers, max_extra_h=max_extra_h
        )

    return run


def test_a_stop_moves_where_driving_time_and_battery_allow(found):
    # 340 to 360 km from either end is within 4.5 h; at 330 km the rest of the way is not
    plans, other = found([350, 345, 330])
    assert plans.stop_site_idx.tolist() == [0]
    assert other.offset.tolist() == [0, 2]
    assert other.site_idx.tolist() == [0, 1]
    assert other.extra_h.tolist() == pytest.approx([0.0, 0.0])
    assert other.arrival_h[0] - other.arrival_h[1] == pytest.approx(5 / KM_H)
    # full either way: 345 km take 414 kWh, and the truck arrives with 6 kWh less than planned
    assert other.energy_kwh.tolist() == pytest.approx([420.0, 414.0])
    assert other.plug_h.tolist() == pytest.approx([0.75, 0.75])


def test_way_off_the_carriageway_counts_in_time_and_energy(found):
    plans, near = found([350, 355], max_extra_h=0.0, off_road_km=2.0)
    planned = int(plans.stop_site_idx[0])
    assert near.site_idx.tolist() == [planned, 1 - planned]
    assert abs(np.diff(near.energy_kwh)[0]) <= 1.2 * 5.0 + 1e-9


def test_never_below_the_minimum_on_arrival(found):
    # full truck: 400 km to the minimum; 4.5 h are 360 km, so the rules bind before the battery
    _, other = found([350, 359], max_extra_h=0.1)
    assert set(other.site_idx.tolist()) == {0, 1}
    minimum = 0.2 * 600.0
    arrival_kwh = 600.0 - 1.2 * np.array([350.0, 359.0])[other.site_idx]
    assert (arrival_kwh >= minimum).all()
    assert (arrival_kwh + other.energy_kwh <= 600.0 + 1e-6).all()


def test_tastes_are_those_of_the_plan(found):
    plans, other = found([350, 345], taste_scale_h=0.5, n=40)
    # both sites cost the same time, so that each truck planned the one it holds less against
    for first, last in zip(other.offset, other.offset[1:], strict=False):
        assert last - first == 2
        assert other.taste_h[first] <= other.taste_h[first + 1]
    assert len(set(plans.stop_site_idx.tolist())) == 2
