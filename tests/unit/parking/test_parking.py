"""Trucks on one road of 800 km with four sites, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.parking.filling import NOWHERE, fill_spaces
from planner.parking.needs import ALL, WITHOUT, AllTrucks, parking_needs
from planner.parking.nights import Horizon, Spaces, looking_here, nights_of
from planner.parking.rules import read_parking_rules
from planner.parking.stops import (
    ParkingStops,
    stops_of_electric_trucks,
    stops_without_charging,
)
from planner.parking.ways import Passed, sites_passed
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_plans import StopKind
from planner.scenario.parameter_sets import DriverRules, VehicleClass
from tests.bare_stop_plans import bare_stop_plans

SPEED_KMH = 80.0
RULES = DriverRules(
    max_driving_before_break_h=4.5, break_h=0.75, max_driving_before_rest_h=9.0, rest_h=11.0
)
SITE_KM = np.array([250.0, 300.0, 340.0, 600.0])
SITE_H = SITE_KM / SPEED_KMH
NOTHING_PASSED = Passed(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


@pytest.fixture
def graph():
    """One way from west over the middle to the east, 400 km each."""
    names = np.array(["W", "M", "E"], object)
    return RoadGraph(
        node_id=names,
        node_name=names,
        lon=np.array([0.0, 4.0, 8.0]),
        lat=np.zeros(3),
        arc_from_idx=np.array([0, 1], np.int32),
        arc_to_idx=np.array([1, 2], np.int32),
        arc_length_km=np.full(2, 400.0),
        arc_free_speed_kmh=np.full(2, 120.0),
        arc_road=np.array(["A1", "A1"], object),
    )


def sites_of(spaces):
    n = len(SITE_KM)
    names = np.array([f"s{i}" for i in range(n)], object)
    return Sites(
        site_id=names,
        name=names,
        road=np.full(n, "A1", object),
        lon=SITE_KM / 100.0,
        lat=np.zeros(n),
        direction=np.full(n, "one", object),
        off_road_km=np.zeros(n),
        parking_spaces=np.asarray(spaces, np.int64),
        grid_connection_kw=np.full(n, np.nan),
        attachment_site_idx=np.arange(n, dtype=np.int32),
        attachment_arc_idx=np.array([0, 0, 0, 1], np.int32),
        attachment_offset_km=SITE_KM % 400.0,
    )


def trips_at(departure_h, destination=2):
    n = len(departure_h)
    return Trips(
        trip_id=np.arange(n),
        origin_node_idx=np.zeros(n, np.int32),
        destination_node_idx=np.full(n, destination, np.int32),
        departure_h=np.asarray(departure_h, float),
        abroad_before_km=np.zeros(n),
        abroad_after_km=np.zeros(n),
        is_loaded=np.ones(n, np.bool_),
        initial_soc_share=np.ones(n),
        vehicle_class_idx=np.zeros(n, np.int16),
        electrification_rank=np.zeros(n),
    )


@pytest.fixture
def drivers():
    truck = VehicleClass(
        battery_kwh=600.0,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.0,
        max_charging_kw=1000.0,
        mean_speed_kmh=SPEED_KMH,
    )
    return Drivers([truck], RULES, ChargingPower(1000.0, 100.0), SiteChoice(), np.uint64(7))


def test_drivers_begin_to_look_before_a_stop_is_due_and_break_no_rule(graph, drivers):
    stops = stops_without_charging(graph, trips_at([6.0]), drivers, search_h=1.0)
    # A break by 4.5 h; a rest in place of the next one, which is before 9 h whatever they find.
    assert stops.from_drive_h.tolist() == [3.5, 7.0]
    assert stops.to_drive_h.tolist() == [4.5, 8.0]
    assert stops.is_rest.tolist() == [False, True]
    # Leaving the road takes three minutes.
    assert stops.start_h.tolist() == pytest.approx([9.5, 6.0 + 7.0 + 0.75 + 0.05])
    assert stops.length_h.tolist() == [0.75, 11.0]


def test_who_arrives_while_still_looking_makes_no_stop(graph, drivers):
    # 400 km are 5 h: a break is due after 4.5 h, unless one looks for only 15 minutes.
    assert len(stops_without_charging(graph, trips_at([6.0], 1), drivers, search_h=0.25)) == 1
    rules = RULES.model_copy(update={"max_driving_before_break_h": 5.0})
    none_due = Drivers(drivers.vehicles, rules, drivers.charging, drivers.choice, np.uint64(7))
    assert len(stops_without_charging(graph, trips_at([6.0], 1), none_due, search_h=0.5)) == 0


def test_sites_are_passed_in_the_order_of_driving_within_the_time_left(graph, drivers):
    trips = trips_at([6.0, 8.0])
    stops = stops_without_charging(graph, trips, drivers, search_h=1.0)
    passed = sites_passed(graph, sites_of([1] * 4), trips, drivers, stops)
    assert passed.stop_idx.tolist() == [0, 0, 1, 2, 2, 3]
    assert passed.site_idx.tolist() == [1, 2, 3, 1, 2, 3]
    expected_h = [6.0 + SITE_H[1], 6.0 + SITE_H[2], 6.8 + SITE_H[3]]
    np.testing.assert_allclose(passed.at_h, [*expected_h, *(np.array(expected_h) + 2.0)])


def test_where_all_is_taken_trucks_go_on_and_the_last_is_left_without(graph, drivers):
    trips = trips_at([6.0, 6.1, 6.2, 7.5])
    stops = stops_without_charging(graph, trips, drivers, search_h=1.0)
    stops = stops.select(~stops.is_rest)
    passed = sites_passed(graph, sites_of([1] * 4), trips, drivers, stops)
    parked = fill_spaces(stops, passed, np.array([9, 1, 1, 9]), np.zeros(4, np.int64))
    # The break of the first is over when the fourth comes.
    assert parked.site_idx.tolist() == [1, 2, NOWHERE, 1]
    assert parked.first_site_idx.tolist() == [1, 1, 1, 1]
    assert parked.is_nowhere.tolist() == [False, False, True, False]
    assert parked.moves_on.tolist() == [False, True, False, False]


def plugged_rests(start_h, site=3):
    n = len(start_h)
    return ParkingStops(
        np.arange(n),
        np.zeros(n),
        np.zeros(n),
        np.asarray(start_h, float),
        np.full(n, 11.0),
        np.ones(n, np.bool_),
        np.full(n, site),
    )


def test_trucks_at_overnight_points_take_spaces_of_the_site_once_points_are_taken(graph):
    stops = plugged_rests([20.0, 20.1, 20.2, 20.3])
    parked = fill_spaces(stops, NOTHING_PASSED, np.array([0, 0, 0, 1]), np.array([0, 0, 0, 2]))
    assert parked.at_point.tolist() == [True, True, False, False]
    assert parked.site_idx.tolist() == [3, 3, 3, NOWHERE]


def test_a_night_that_goes_on_after_the_last_day_fills_the_first_morning():
    stops = plugged_rests([20.0])
    spaces = Spaces(np.array([0, 0, 0, 9]), np.zeros(4), np.array([0, 0, 0, 1]))
    nights = nights_of(stops, NOTHING_PASSED, np.ones(1, np.bool_), spaces, Horizon(0.0, 24.0))
    standing = nights.at_points[3]
    assert standing.tolist() == [1.0] * 7 + [0.0] * 13 + [1.0] * 4
    assert nights.to_build.tolist() == [0] * 4


def test_so_many_stops_look_here_as_are_said_and_the_same_trips_each_time(graph, drivers):
    trips = trips_at(np.linspace(0.0, 23.0, 400))
    stops = stops_without_charging(graph, trips, drivers, search_h=1.0)
    passed = sites_passed(graph, sites_of([1] * 4), trips, drivers, stops)
    chance = np.random.default_rng(1).random(400)
    few, many = (looking_here(stops, passed, chance, share) for share in (0.2, 0.6))
    assert few.mean() == pytest.approx(0.2, abs=0.04)
    assert many.mean() == pytest.approx(0.6, abs=0.04)
    assert not (few & ~many).any()


def test_electric_trucks_stand_unplugged_where_their_plan_says():
    plans = bare_stop_plans(
        np.array([1]),
        stop_site_idx=np.array([3], np.int32),
        stop_kind=np.array([StopKind.LPC_REST], np.int8),
        entry_h=np.array([6.0]),
        first_leg_h=np.array([7.5 + 0.75]),
        stop_arrival_h=np.array([14.25]),
        stop_plug_h=np.array([6.0]),
        stop_hold_h=np.array([11.0]),
        stop_energy_kwh=np.array([400.0]),
        stop_next_leg_h=np.array([2.5]),
        unplugged_offset=np.array([0, 1]),
        unplugged_leg=np.array([0], np.int32),
        unplugged_after_drive_h=np.array([4.5]),
        unplugged_length_h=np.array([0.75]),
        unplugged_is_rest=np.array([False]),
    )
    stops = stops_of_electric_trucks(plans, np.array([5]), search_h=1.0, stop_cost_h=0.0)
    assert stops.plugged_site_idx.tolist() == [3, -1]
    assert stops.trip_idx.tolist() == [5, 5]
    assert stops.start_h.tolist() == [14.25, 6.0 + 3.5]
    assert stops.from_drive_h[1] == 3.5
    assert stops.to_drive_h[1] == pytest.approx(4.5)


def test_points_take_spaces_and_what_is_missing_is_built(graph, drivers):
    trips = trips_at(np.full(20, 6.5))
    trucks = AllTrucks(
        graph,
        sites_of([5, 4, 6, -1]),
        trips,
        drivers,
        np.zeros(20, np.bool_),
        bare_stop_plans(
            np.zeros(0, np.int64),
            stop_site_idx=np.zeros(0, np.int32),
            stop_kind=np.zeros(0, np.int8),
            entry_h=np.zeros(0),
            first_leg_h=np.zeros(0),
            stop_plug_h=np.zeros(0),
            stop_hold_h=np.zeros(0),
            stop_energy_kwh=np.zeros(0),
            stop_next_leg_h=np.zeros(0),
        ),
        np.zeros(0, np.int64),
        np.array([0, 3, 0, 0]),
        np.array([0, 1, 8, 0]),
        np.zeros(20),
        np.array(["west", "west", "east", ""], object),
        Horizon(0.0, 24.0),
    )
    needs = parking_needs(trucks, read_parking_rules(), None, "csv")
    sites = needs.sites.set_index("site_id")
    # Nothing is left of the four spaces of s1, and points take two more than the six of s2.
    assert sites.loc["s1", "point_bays"] == 4.0
    # All 20 trucks pass s1 at 10.25 h for a break, and are counted in the middle of the hour.
    assert sites.loc["s1", "to_build"] == 20
    assert sites.loc["s2", "to_build"] == 2
    # Without charging 4 and 6 of the 20 find a space.
    assert sites.loc["s1", "to_build_without"] == 10
    assert sites.loc["s3", ["spaces", "spaces_sure"]].tolist() == [30, "assumed"]
    assert needs.whole["to_build"] == 22
    assert needs.regions["region"].tolist() == [ALL, "west", "east"]
    assert needs.cases.loc[needs.cases["case"] == WITHOUT, "to_build"].item() == 10
    # No space is an estimate, so that no case varies them but that of the unknown ones.
    assert "space_share" not in set(needs.cases["case"])
    assert "unknown_spaces" in set(needs.cases["case"])
    assert needs.share_here == 1.0
    assert needs.published.empty
