"""Sites closed one by one: each state is what planning all trucks with the sites left gives."""

from __future__ import annotations

import numpy as np
import pytest

from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.site_ways import SiteWays
from planner.routing.stop_planner import plan_stops
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules
from planner.selection.closing import order_sites

LOST_TRIP_H = 24.0


@pytest.fixture
def network(motorway, sites_at, trips_along, truck):
    """Trips and sites strewn along a motorway, and how they are planned."""

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
        return graph, sites, trips, drivers

    return build


def ordered(graph, sites, trips, drivers, n_kept=1):
    ways = SiteWays(graph, sites, trips.origin_node_idx, trips.destination_node_idx)

    def plan(chosen):
        return plan_stops(graph, sites, trips.select(chosen), drivers, ways=ways)

    everyone = plan(np.arange(trips.n_trips))
    return order_sites(
        everyone,
        ways,
        plan,
        n_kept=n_kept,
        lost_trip_h=LOST_TRIP_H,
        progress=lambda *_: None,
    )


def with_sites(network, open_sites):
    """Plans of all trips where there are these sites alone."""
    graph, sites, trips, drivers = network
    is_open = np.isin(np.arange(sites.n_sites), open_sites)
    return plan_stops(graph, sites.select(is_open), trips, drivers)


def loss(network, open_sites, before):
    """Trips lost and hours added where only these sites are open."""
    now = with_sites(network, open_sites)
    served = now.is_served & before.is_served
    lost = int(before.is_served.sum() - served.sum())
    return lost, float((now.arrival_h - before.arrival_h)[served].sum())


@pytest.mark.parametrize("seed", range(6))
def test_every_state_on_the_way_is_what_planning_all_trucks_anew_gives(network, seed):
    case = network(seed)
    everyone = with_sites(case, np.arange(6))
    order = ordered(*case)
    assert sorted(order.site_idx) == list(range(6))
    now = [loss(case, order.site_idx[: k + 1], everyone) for k in range(6)]
    assert order.lost_trips.tolist() == [lost for lost, _ in now]
    assert order.extra_h.tolist() == pytest.approx([extra_h for _, extra_h in now], abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_each_step_closes_the_site_whose_trucks_lose_least(network, seed):
    case = network(seed)
    order = ordered(*case)
    for n_open in range(6, 1, -1):
        sites_open = order.site_idx[:n_open]
        before = with_sites(case, sites_open)
        of_site = {}
        for site in sites_open:
            lost, extra_h = loss(case, np.setdiff1d(sites_open, site), before)
            of_site[site] = extra_h + LOST_TRIP_H * lost
        assert of_site[order.site_idx[n_open - 1]] == pytest.approx(min(of_site.values()), abs=1e-9)


def test_how_critical_a_site_is_is_what_its_closing_alone_does(network):
    case = network(3)
    everyone = with_sites(case, np.arange(6))
    order = ordered(*case, n_kept=4)
    for at, site in enumerate(order.site_idx):
        lost, extra_h = loss(case, np.setdiff1d(np.arange(6), site), everyone)
        assert order.lost_alone[at] == lost
        assert order.extra_alone_h[at] == pytest.approx(extra_h, abs=1e-9)
    assert order.lost_alone.sum() > 0
    assert order.n_kept == 4
