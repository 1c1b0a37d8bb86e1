"""Trucks on arcs: each truck once on every arc it drives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.flows import driven_ways
from planner.scenario.parameter_sets import DriverRules
from planner.simulation.reference_trips import reference_trips


@pytest.fixture
def drivers(truck):
    return Drivers([truck], DriverRules(), ChargingPower(600.0, 100.0), SiteChoice(), np.uint64(7))


@pytest.fixture
def flows(plan, drivers):
    def run(graph, sites, trips, **changes):
        plans = plan(graph, sites, trips, **changes)
        assert plans.is_served.all()
        return plans, driven_ways(graph, sites, trips, plans, drivers).flow

    return run


def test_direct_trucks_count_on_every_arc_of_their_way(motorway, sites_at, trips_along, flows):
    graph = motorway(300)
    trips = trips_along(graph, 3, destination_node_idx=[6, 6, 2])
    _, flow = flows(graph, sites_at(graph, []), trips)
    assert flow[:6].tolist() == [3, 3, 2, 2, 2, 2]
    assert flow[6:].sum() == 0


@pytest.mark.parametrize("km", [320.0, 350.0])
def test_stop_in_the_middle_of_an_arc_or_at_its_start_counts_it_once(
    motorway, sites_at, trips_along, flows, km
):
    graph = motorway(700)
    plans, flow = flows(graph, sites_at(graph, [km]), trips_along(graph))
    assert plans.n_stops == 1
    assert flow[:14].tolist() == [1] * 14
    assert flow[14:].sum() == 0


def test_two_stops_on_one_arc_count_it_once(motorway, sites_at, trips_along, flows, truck):
    graph = motorway(150)
    small = truck.model_copy(update={"battery_kwh": 100.0})  # 66 km
    plans, flow = flows(graph, sites_at(graph, [55, 95]), trips_along(graph), vehicles=[small])
    assert plans.stop_site_idx.tolist() == [0, 1]
    assert flow.tolist() == [1, 1, 1, 0, 0, 0]


def test_site_on_the_other_side_adds_the_arcs_of_the_detour(motorway, sites_at, trips_along, flows):
    graph = motorway(500)
    plans, flow = flows(graph, sites_at(graph, [260], ["down"]), trips_along(graph))
    assert plans.distance_km[0] == pytest.approx(600)
    # Up past the site to km 300, down the site's arc to 250, up again.
    assert flow[:10].tolist() == [1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    assert flow[10:].tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert flow @ graph.arc_length_km == pytest.approx(plans.distance_km[0])


def test_unserved_trucks_do_not_drive(motorway, sites_at, trips_along, plan, drivers):
    graph = motorway(700)
    sites, trips = sites_at(graph, []), trips_along(graph)
    flow = driven_ways(graph, sites, trips, plan(graph, sites, trips), drivers).flow
    assert flow.sum() == 0


def test_ways_without_stops_are_those_that_the_reference_drives(
    motorway, sites_at, trips_along, plan, drivers
):
    graph = motorway(700)
    sites = sites_at(graph, [320.0])
    trips = trips_along(graph, 3, destination_node_idx=[14, 6, 2])
    ways = driven_ways(graph, sites, trips, plan(graph, sites, trips), drivers)
    reference = reference_trips(graph, trips, drivers)
    assert ways.direct_h.tolist() == reference.drive_h.tolist()
    assert ways.direct_km.tolist() == reference.distance_km.tolist() == [700.0, 300.0, 100.0]
    told = reference_trips(graph, trips, drivers, direct=(ways.direct_h, ways.direct_km))
    assert told.duration_h.tolist() == reference.duration_h.tolist()


@pytest.mark.parametrize("most_legs", [0, 4_000_000])
def test_trucks_of_several_speeds_add_up_whether_their_legs_are_measured_ahead_or_not(
    motorway, sites_at, trips_along, plan, drivers, truck, monkeypatch, most_legs
):
    monkeypatch.setattr("planner.routing.site_legs._FEW_LEGS", most_legs)
    graph = motorway(700)
    sites = sites_at(graph, [320.0])
    # Slower and faster by turns, to the end, to km 300 and to km 100.
    trips = trips_along(
        graph, 4, vehicle_class_idx=[0, 1, 0, 2], destination_node_idx=[14, 14, 6, 2]
    )
    vehicles = [truck.model_copy(update={"mean_speed_kmh": kmh}) for kmh in (50.0, 80.0, 100.0)]
    plans = plan(graph, sites, trips, vehicles=vehicles)
    assert plans.is_served.all()
    ways = driven_ways(graph, sites, trips, plans, replace(drivers, vehicles=vehicles))
    assert ways.flow[:14].tolist() == [4] * 2 + [3] * 4 + [2] * 8
    assert ways.flow[14:].sum() == 0
    assert ways.direct_km.tolist() == [700.0, 700.0, 300.0, 100.0]
    np.testing.assert_allclose(ways.direct_h, [14.0, 8.75, 6.0, 1.0])
