"""Trips for which the exact search is given up after so many states, and what is told of them."""

from __future__ import annotations

from dataclasses import fields, replace

import numba
import numpy as np
import pytest

from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_planner import plan_stops
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules


@pytest.fixture
def slow(motorway, sites_at, trips_along, truck):
    """Plan trucks that charge at 65 kW on 1,500 km past 34 sites, with split breaks."""
    graph = motorway(1500)
    sites = sites_at(graph, (np.arange(1, 35) * 43.7 % 1500).tolist(), off_road_km=0.4)
    # The last one needs no charge.
    destination = np.array([graph.n_nodes - 1] * 3 + [4])
    trips = trips_along(graph, 4, initial_soc_share=[1.0, 0.7, 0.5, 1.0])
    trips = replace(trips, destination_node_idx=destination.astype(np.int32))
    drivers = Drivers(
        vehicles=[truck.model_copy(update={"max_charging_kw": 65.0})],
        rules=DriverRules(split_break_h=(0.25, 0.5)),
        charging=ChargingPower(hpc_kw=600.0, lpc_kw=100.0),
        choice=SiteChoice(),
        taste_key=np.uint64(7),
        behaviour=DriverBehaviour(),
    )

    def run(**changes):
        return plan_stops(graph, sites, trips, drivers, **changes)

    return run


def test_a_trip_of_too_many_states_is_planned_by_a_coarser_search_and_told_of(slow):
    exact, coarse = slow(), slow(most_states=500)
    assert exact.is_exact.all()
    assert coarse.is_exact.tolist() == [False, False, False, True]
    assert coarse.is_served.all()
    later_h = coarse.arrival_h - exact.arrival_h
    assert later_h[3] == 0.0
    # Draws of taste may make the cheaper plan the one that arrives later.
    assert np.all(np.abs(later_h) < 3.0)


def test_with_room_for_all_states_nothing_is_given_up(slow):
    for field in fields(exact := slow()):
        same = getattr(slow(most_states=10**7), field.name)
        np.testing.assert_array_equal(getattr(exact, field.name), same)


def test_the_coarser_search_gives_the_same_plans_whatever_the_number_of_threads(slow):
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = slow(most_states=500)
    finally:
        numba.set_num_threads(before)
    together = slow(most_states=500)
    for field in fields(alone):
        np.testing.assert_array_equal(getattr(alone, field.name), getattr(together, field.name))
