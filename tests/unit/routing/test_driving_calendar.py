"""Driving bans and the days of a driver's week, on a straight motorway and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InvariantError
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.driving_calendar_kernel import DrivingBan, ban_ahead, ban_wait_h
from planner.routing.stop_plans import StopKind
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_library import bundled_library
from planner.scenario.parameter_sets import DriverRules, VehicleClass, WeeklyLimits
from planner.scenario.parameter_sets import DrivingBan as BanSection
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.driving_invariants import check_driving
from planner.simulation.invariants import check_queues
from planner.simulation.metrics import destination_arrival_h
from planner.simulation.queues import ChargerLayout, simulate
from planner.simulation.reference_trips import extra_time, reference_trips
from tests.called_kernels import called

ban_wait_h = called(ban_wait_h)

SUNDAY_H, END_H = 144.0, 166.0
BAN = DriverRules(driving_ban=BanSection())
WEEK = DriverRules(week=WeeklyLimits(begins="trip"))
ENDURING = VehicleClass(
    battery_kwh=1e5,
    consumption_loaded_kwh_km=1.2,
    consumption_empty_kwh_km=1.2,
    max_charging_kw=1000.0,
)


def drivers_with(rules, vehicle):
    return Drivers(
        [vehicle],
        rules,
        ChargingPower(hpc_kw=600.0, lpc_kw=100.0),
        SiteChoice(taste_scale_h=0.0),
        np.uint64(7),
        DriverBehaviour(stop_cost_min=0.0),
    )


@pytest.mark.parametrize(
    ("clock_h", "ban_h", "wait_h"),
    [
        (0.0, (144.0, 166.0), 0.0),
        (144.0, (144.0, 166.0), 22.0),
        (165.0, (144.0, 166.0), 1.0),
        (166.0, (312.0, 334.0), 0.0),
        (-24.0, (-24.0, -2.0), 22.0),
    ],
)
def test_a_ban_comes_every_week(clock_h, ban_h, wait_h):
    sundays = DrivingBan(1 << 6, 0.0, 22.0)
    assert ban_ahead(clock_h, sundays) == ban_h
    assert ban_wait_h(clock_h, sundays) == wait_h


def test_bans_from_midnight_to_midnight_are_one():
    assert ban_ahead(100.0, DrivingBan(0b110_0000, 0.0, 24.0)) == (120.0, 168.0)


def test_no_truck_moves_on_a_sunday_afternoon(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(500)
    sites = sites_at(graph, [200, 350])
    trips = trips_along(graph, n=24 * 4, departure_h=np.arange(120.0, 168.0, 0.5))
    plans = plan(graph, sites, trips, rules=BAN)
    check_driving(plans, trips, drivers_with(BAN, truck))
    times_h = np.concatenate([plans.arrival_h, plans.stop_arrival_h, plans.entry_h])
    assert not ((times_h > SUNDAY_H + 1e-6) & (times_h < END_H - 1e-6)).any()
    # It matters: by the same plans without a ban trucks drive all Sunday, as the check sees.
    free = plan(graph, sites, trips)
    assert ((free.arrival_h > SUNDAY_H) & (free.arrival_h < END_H)).any()
    with pytest.raises(InvariantError, match="trips drive in a driving ban, first trip"):
        check_driving(free, trips, drivers_with(BAN, truck))


def test_who_is_on_the_road_leaves_it_and_has_rested_when_the_ban_ends(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(700)  # 8.75 h: one break, without a ban
    trips = trips_along(graph, departure_h=SUNDAY_H - 4.0)
    plans = plan(graph, sites_at(graph, [1]), trips, rules=BAN, vehicles=[ENDURING])
    assert plans.unplugged_is_rest.tolist() == [True, False]
    assert plans.unplugged_after_drive_h == pytest.approx([4.0, 8.5])
    assert plans.unplugged_length_h == pytest.approx([22.0, 0.75])
    assert plans.arrival_h[0] == pytest.approx(END_H + 4.75 + 0.75)


def test_who_is_at_a_site_charges_on_and_leaves_when_the_ban_ends(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(500)  # a stop after 350 km, 4.4 h, must come before the minimum after 400
    trips = trips_along(graph, departure_h=SUNDAY_H - 350 / 80 - 0.25)
    plans = plan(graph, sites_at(graph, [350]), trips, rules=BAN)
    assert plans.stop_arrival_h[0] == pytest.approx(SUNDAY_H - 0.25)
    assert plans.stop_arrival_h[0] + plans.stop_hold_h[0] == pytest.approx(END_H)
    assert plans.stop_plug_h[0] < 1.0 or plans.stop_kind[0] == StopKind.LPC_REST
    assert plans.n_unplugged_breaks[0] + plans.n_unplugged_rests[0] == 0
    assert plans.arrival_h[0] == pytest.approx(END_H + 150 / 80)


def test_who_would_set_out_in_a_ban_sets_out_at_its_end(motorway, sites_at, trips_along, plan):
    graph = motorway(100)
    trips = trips_along(graph, n=2, departure_h=[SUNDAY_H + 5.0, END_H + 0.5])
    plans = plan(graph, sites_at(graph, [50]), trips, rules=BAN)
    assert plans.entry_h.tolist() == [END_H, END_H + 0.5]


def test_a_truck_that_a_queue_holds_until_a_ban_begins_waits_for_its_end(
    motorway, sites_at, trips_along, plan, truck
):
    graph = motorway(500)
    sites = sites_at(graph, [350])
    trips = trips_along(graph, n=2, departure_h=SUNDAY_H - 350 / 80 - 2.7)
    drivers = drivers_with(BAN, truck)
    plans = plan(graph, sites, trips, rules=BAN)
    # Both would be at the end of their trips in time; the second waits for the first.
    assert (plans.arrival_h <= SUNDAY_H + 1e-9).all()
    demand = demand_of_trucks(
        plans, drivers, trips.vehicle_class_idx, n_sites=1, start_h=0.0, horizon_h=168.0
    )
    layout = ChargerLayout(np.ones(1, np.int32), np.ones(1, np.int32))
    run = simulate(demand, layout)
    check_queues(plans, demand, layout, run)
    arrival_h = np.sort(destination_arrival_h(plans, demand, run))
    wait_h = run.wait_h.max()
    driven_before_h = SUNDAY_H - run.departure_h.max()
    assert arrival_h == pytest.approx(
        [plans.arrival_h[0], END_H + 150 / 80 - driven_before_h], abs=1e-9
    )
    assert wait_h > 0.0
    reference = reference_trips(graph, trips, drivers)
    extra = extra_time(plans, reference, drivers.limits, destination_arrival_h(plans, demand, run))
    assert extra.waiting_h.max() == pytest.approx(22.0 + wait_h)


def test_arrivals_in_a_ban_are_noticed(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(900)
    sites, trips = sites_at(graph, [300, 600]), trips_along(graph, departure_h=SUNDAY_H - 7.0)
    plans = plan(graph, sites, trips, rules=BAN)
    drivers = drivers_with(BAN, truck)
    demand = demand_of_trucks(
        plans, drivers, trips.vehicle_class_idx, n_sites=2, start_h=0.0, horizon_h=168.0
    )
    layout = ChargerLayout(np.ones(2, np.int32), np.ones(2, np.int32))
    run = simulate(demand, layout)
    check_queues(plans, demand, layout, run)
    early = replace(demand, first_arrival_h=demand.first_arrival_h + 6.0)
    run = simulate(early, layout)
    with pytest.raises(InvariantError, match="drive to their stops in a driving ban"):
        check_queues(plans, early, layout, run)


def test_a_full_week_meets_56_hours_and_the_law_s_days_and_rests(
    motorway, sites_at, trips_along, plan
):
    graph = motorway(5250)  # 65.6 h, which one weekly rest and all long days are just enough for
    sites, trips = sites_at(graph, [1]), trips_along(graph)
    plans = plan(graph, sites, trips, rules=WEEK, vehicles=[ENDURING])
    is_rest = plans.unplugged_is_rest
    assert plans.unplugged_length_h[is_rest] == pytest.approx([9, 9, 9, 11, 11, 45])
    assert 5250 / 80 - 10 <= plans.unplugged_after_drive_h[is_rest][-1] <= 56.0
    figures = check_driving(plans, trips, drivers_with(WEEK, ENDURING))
    assert 5250 / 80 - 10 <= figures["longest_drive_to_weekly_rest_h"] <= 56.0
    # Without weeks it would drive on: eleven hours of rest and no more after any day.
    endless = plan(graph, sites, trips, vehicles=[ENDURING])
    assert set(endless.unplugged_length_h[endless.unplugged_is_rest]) == {11.0}


def test_who_sets_out_on_a_thursday_has_three_days_left(motorway, sites_at, trips_along, plan):
    graph = motorway(2500)  # 31.25 h
    trips = trips_along(graph, departure_h=72.0 + 6.0)
    rules = DriverRules(week=WeeklyLimits())
    plans = plan(graph, sites_at(graph, [1]), trips, rules=rules, vehicles=[ENDURING])
    assert plans.unplugged_after_drive_h[plans.unplugged_is_rest] == pytest.approx([9, 18, 27])
    assert plans.unplugged_length_h[plans.unplugged_is_rest] == pytest.approx([11, 11, 45])
    figures = check_driving(plans, trips, drivers_with(rules, ENDURING))
    assert figures["longest_drive_to_weekly_rest_h"] == pytest.approx(56.0)


def test_two_weeks_have_90_hours(motorway, sites_at, trips_along, plan):
    graph = motorway(8000)  # 100 h
    plans = plan(graph, sites_at(graph, [1]), trips_along(graph), rules=WEEK, vehicles=[ENDURING])
    weekly = plans.unplugged_is_rest & (plans.unplugged_length_h == 45.0)
    assert plans.unplugged_after_drive_h[weekly] == pytest.approx([56.0, 90.0])


@pytest.mark.parametrize(
    ("changes", "is_right"),
    [
        ({}, True),
        ({"long_days": 1}, False),
        ({"reduced_rests": 2}, False),
        ({"driving_h": 55.0}, False),
        ({"weekly_rest_h": 46.0}, False),
    ],
)
def test_long_days_short_rests_and_hours_are_counted(
    motorway, sites_at, trips_along, plan, changes, is_right
):
    graph = motorway(5250)
    trips = trips_along(graph)
    plans = plan(graph, sites_at(graph, [1]), trips, rules=WEEK, vehicles=[ENDURING])
    stricter = DriverRules(week=WeeklyLimits(begins="trip", **changes))
    drivers = drivers_with(stricter, ENDURING)
    if is_right:
        check_driving(plans, trips, drivers)
    else:
        with pytest.raises(InvariantError, match="1 trips break the driver rules"):
            check_driving(plans, trips, drivers)


@pytest.mark.parametrize("length_km", [400, 750, 1300, 2000])
def test_a_longer_day_and_a_split_break_never_lengthen_a_trip(
    motorway, sites_at, trips_along, plan, length_km
):
    graph = motorway(length_km)
    sites, trips = sites_at(graph, list(range(150, length_km, 220))), trips_along(graph, n=3)
    trips.initial_soc_share[:] = [1.0, 0.6, 0.4]
    library = bundled_library()
    flat, split, longest = (
        plan(graph, sites, trips, rules=library.driver_rules(name), stop_cost_min=3.0)
        for name in ("eu-561-flat", "eu-561", "eu-561-longest-days")
    )
    week = plan(graph, sites, trips, rules=WEEK, stop_cost_min=3.0)
    assert (split.arrival_h <= flat.arrival_h + 1e-9).all()
    assert (longest.arrival_h <= split.arrival_h + 1e-9).all()
    assert (week.arrival_h <= flat.arrival_h + 1e-9).all()
