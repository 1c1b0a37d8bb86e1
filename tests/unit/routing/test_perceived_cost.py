"""Taste and time of finished plans add up to what the planner minimised."""

from __future__ import annotations

import numpy as np
import pytest

from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.perceived_cost import SiteTastes
from planner.routing.site_choice_kernel import gumbel_draw
from planner.runs.random_streams import stable_hash
from planner.scenario.parameter_sets import DriverRules

KEY = np.uint64(7)


def tastes_of(graph, sites, trips, truck, choice):
    drivers = Drivers([truck], DriverRules(), ChargingPower(600.0, 100.0), choice, KEY)
    return SiteTastes(graph, sites, trips, drivers)


def test_chosen_site_is_perceived_as_cheapest(motorway, sites_at, trips_along, plan, truck):
    graph = motorway(700)
    # One stop, at any of four sites off the road by different ways.
    kilometres = [345.0, 348.0, 350.0, 353.0]
    sites = sites_at(graph, kilometres)
    trips = trips_along(graph, 200)
    choice = SiteChoice(taste_scale_h=0.5)
    plans = plan(graph, sites, trips, choice=choice)
    cost_h = tastes_of(graph, sites, trips, truck, choice).cost_h(np.arange(200), plans)
    # No detours and one break: every trip stops at its favourite.
    assert len(np.unique(plans.stop_site_idx)) == 4
    assert cost_h == pytest.approx(np.zeros(200))


def test_each_stop_costs_what_is_liked_less_than_the_favourite(
    motorway, sites_at, trips_along, plan, truck
):
    graph = motorway(1000)
    sites = sites_at(graph, [100.0, 340.0, 500.0, 680.0])
    trips = trips_along(graph, 50)
    choice = SiteChoice(taste_scale_h=0.01)
    plans = plan(graph, sites, trips, choice=choice)
    chosen = np.array([7, 3, 40])
    cost_h = tastes_of(graph, sites, trips, truck, choice).cost_h(chosen, plans.select(chosen))
    for row, trip in enumerate(chosen):
        liking = [gumbel_draw(KEY, trip, np.uint64(stable_hash(f"s{site}"))) for site in range(4)]
        stops = plans.stop_site_idx[slice(*plans.stop_offset[trip : trip + 2])]
        expected = 0.01 * sum(max(liking) - liking[site] for site in stops)
        assert cost_h[row] == pytest.approx(expected)
        assert len(stops) == 2


def test_corridor_is_the_one_that_the_trip_was_planned_in(
    motorway, sites_at, trips_along, plan, truck
):
    graph = motorway(700)
    choice = SiteChoice(corridor_detour_km=(10.0, 30.0), taste_scale_h=1e-4)
    far = sites_at(graph, [350.0, 10.0], off_road_km=12.0)  # both in the wider corridor alone
    trips = trips_along(graph, 20)
    plans = plan(graph, far, trips, choice=choice)
    cost_h = tastes_of(graph, far, trips, truck, choice).cost_h(np.arange(20), plans)
    assert (plans.stop_site_idx == 0).all()
    assert 0 < (cost_h > 0.0).sum() < 20  # some like the useless site better
