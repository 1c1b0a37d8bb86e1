"""Sites strewn along the motorway of the routing tests, and what closing them is asked of."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
import pytest

from planner.network.distances import truck_network
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.site_ways import SiteWays
from planner.routing.stop_planner import plan_stops
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules
from planner.selection.closing import Question
from planner.simulation.reference_trips import reference_trips
from tests.unit.routing.conftest import motorway, sites_at, trips_along, truck

__all__ = ["motorway", "sites_at", "trips_along", "truck"]

LOST_TRIP_H = 24.0


class Case(NamedTuple):
    """Trips and sites along a motorway."""

    graph: object
    sites: object
    trips: object
    drivers: Drivers

    def question(self, latest_h=np.inf, lost_trip_h=LOST_TRIP_H, stays=()):
        """What is asked of them, every trip to arrive by ``latest_h``."""
        graph, sites, trips, drivers = self
        ends = trips.origin_node_idx, trips.destination_node_idx
        ways = SiteWays(graph, sites, *ends)
        quickest = truck_network(graph, float(drivers.trucks(trips)[0, 5]))

        def plan(chosen):
            return plan_stops(graph, sites, trips.select(chosen), drivers, ways=ways)

        return Question(
            plan(np.arange(trips.n_trips)),
            ways,
            plan,
            lambda site: ways.hours_through(site, quickest, *ends),
            lost_trip_h,
            np.broadcast_to(np.asarray(latest_h, float), trips.n_trips),
            np.isin(np.arange(sites.n_sites), stays),
        )


def lost_and_later(question, open_sites):
    """Trips lost and hours added where only these sites are open, all trips planned."""
    question.ways.is_closed[:] = True
    question.ways.is_closed[list(open_sites)] = False
    now = question.plan(np.arange(question.plans.n_trips))
    question.ways.is_closed[:] = False
    before = question.plans
    was, served = (each.is_served & (each.arrival_h <= question.latest_h) for each in (before, now))
    later_h = (now.arrival_h - before.arrival_h)[was & served]
    return int(was.sum() - served.sum()), float(later_h.sum())


def hours_of_sets(question, size):
    """What every set of so many sites loses, in hours, by the set."""
    hours = {}
    for each in combinations(range(question.n_sites), size):
        lost, later_h = lost_and_later(question, each)
        hours[each] = later_h + question.lost_trip_h * lost
    return hours


@pytest.fixture
def strewn(motorway, sites_at, trips_along, truck):
    """Trips and sites strewn along a motorway by chance."""

    def build(seed, n_sites=6, n_trips=25):
        rng = np.random.default_rng(seed)
        graph = motorway(900.0)
        kilometres = sorted(rng.choice(np.arange(20, 880, 7), n_sites, replace=False))
        directions = list(rng.choice(["both", "up", "down"], n_sites, p=[0.6, 0.2, 0.2]))
        sites = sites_at(graph, kilometres, directions, off_road_km=rng.uniform(0, 4, n_sites))
        ends = np.array([rng.choice(graph.n_nodes, 2, replace=False) for _ in range(n_trips)])
        trips = trips_along(
            graph,
            n_trips,
            origin_node_idx=ends[:, 0],
            destination_node_idx=ends[:, 1],
            initial_soc_share=rng.uniform(0.4, 1.0, n_trips),
        )
        drivers = Drivers(
            vehicles=[truck],
            rules=DriverRules(),
            charging=ChargingPower(hpc_kw=600.0, lpc_kw=100.0),
            choice=SiteChoice(taste_scale_h=0.0),
            taste_key=np.uint64(7),
            behaviour=DriverBehaviour(),
        )
        return Case(graph, sites, trips, drivers)

    return build


def covering_case(strewn, seed):
    """A case where trips may take 30 % more time, and how many of those in time may be lost."""
    case = strewn(seed)
    reference = reference_trips(case.graph, case.trips, case.drivers)
    plans = case.question().plans
    latest_h = np.nan_to_num(plans.entry_h + 1.3 * reference.duration_h, nan=-np.inf)
    question = case.question(latest_h, lost_trip_h=10_000.0)
    in_time = int((plans.is_served & (plans.arrival_h <= latest_h)).sum())
    return question, in_time // 10


def fewest_of_all(question, most_lost):
    """Size of the smallest set of sites that loses few enough trips."""
    for size in range(1, question.n_sites + 1):
        sets = combinations(range(question.n_sites), size)
        if any(lost_and_later(question, each)[0] <= most_lost for each in sets):
            return size
    return None
