"""Trucks of an OD pair spread over ways that take about as long."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.network.distances import truck_network
from planner.network.graph import RoadGraph
from planner.network.route_spread import RouteSpread
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.flows import driven_ways
from planner.scenario.parameter_sets import DriverRules
from planner.simulation.reference_trips import reference_trips

SPREAD = RouteSpread(
    hour_deviation_h=5 / 60, road_deviation_share=0.1, n_draws=16, key=np.uint64(5)
)


def two_ways(second_km, pieces=1):
    """Two motorways from node 0 to node 1, one of 300 km, the other of a length in pieces."""
    inner = np.arange(2, 1 + pieces)
    nodes = np.array([0, *inner, 1], dtype=np.int32)
    names = np.array([str(node) for node in range(1 + pieces)], dtype=object)
    return RoadGraph(
        node_id=names,
        node_name=names,
        lon=np.zeros(len(names)),
        lat=np.zeros(len(names)),
        arc_from_idx=np.append(np.int32(0), nodes[:-1]),
        arc_to_idx=np.append(np.int32(1), nodes[1:]),
        arc_length_km=np.append(300.0, np.full(pieces, second_km / pieces)),
        arc_free_speed_kmh=np.full(1 + pieces, 100.0),
        arc_road=np.array(["A1"] + ["A2"] * pieces, dtype=object),
    )


def drivers_with(truck, spread):
    power = ChargingPower(hpc_kw=600.0, lpc_kw=100.0)
    return Drivers([truck], DriverRules(), power, SiteChoice(), np.uint64(7), spread=spread)


def share_of_second_way(truck, trips, second_km):
    graph = two_ways(second_km)
    reference = reference_trips(graph, trips, drivers_with(truck, SPREAD))
    return float((reference.distance_km == second_km).mean())


def test_ways_that_take_as_long_share_the_trucks_and_much_longer_ones_have_none(trips_along, truck):
    trips = trips_along(two_ways(301.0), 400, destination_node_idx=1)
    near, farther, far = (share_of_second_way(truck, trips, km) for km in (301.0, 330.0, 600.0))
    assert 0.2 < near < 0.8
    assert farther < near
    assert far == 0.0


def test_a_way_varies_the_same_however_many_stretches_it_is_cut_into():
    spread = replace(SPREAD, road_deviation_share=0.0)
    deviation_h = [
        np.std(
            [
                truck_network(two_ways(320.0, pieces), 80.0, spread, draw).arc_time_h[1:].sum()
                for draw in range(600)
            ]
        )
        for pieces in (1, 20)
    ]
    # Four hours: twice what one hour varies by.
    assert deviation_h == pytest.approx([10 / 60] * 2, rel=0.1)


def test_a_road_is_slow_or_quick_from_end_to_end():
    spread = replace(SPREAD, hour_deviation_h=0.0)
    times_h = np.array(
        [truck_network(two_ways(320.0, 4), 80.0, spread, draw).arc_time_h for draw in range(200)]
    )
    assert times_h[:, 1:] == pytest.approx(np.repeat(times_h[:, 1:2], 4, axis=1))
    assert np.log(times_h[:, 0]).std() == pytest.approx(0.1, rel=0.15)
    assert abs(np.corrcoef(times_h[:, 0], times_h[:, 1])[0, 1]) < 0.2


def test_trips_keep_their_draw_whatever_other_trips_there_are(trips_along, truck):
    graph = two_ways(301.0)
    trips = trips_along(graph, 60, destination_node_idx=1)
    drivers = drivers_with(truck, SPREAD)
    of_all = reference_trips(graph, trips, drivers).distance_km
    some = np.arange(3, 60, 7)
    assert (reference_trips(graph, trips.select(some), drivers).distance_km == of_all[some]).all()


def test_planned_trucks_drive_the_ways_of_their_draws(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(700)
    sites, trips = sites_at(graph, [320.0, 345.0]), trips_along(graph, 40)
    plans = plan(graph, sites, trips, spread=SPREAD)
    drivers = drivers_with(truck, SPREAD)
    flow = driven_ways(graph, sites, trips, plans, drivers).flow
    assert flow @ graph.arc_length_km == pytest.approx(plans.distance_km.sum())
    draw = SPREAD.draw_of_trips(trips.trip_id)
    for number in np.unique(draw):
        time_h = truck_network(graph, 80.0, SPREAD, int(number)).arc_time_h[:14].sum()
        assert plans.drive_h[draw == number] == pytest.approx(time_h)
