"""Trucks between two sites: where the split is known, and what must not depend on anything."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.network.sites import Sites
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.stop_planner import plan_stops
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules, VehicleClass
from planner.scenario.replanning import Replanning
from planner.simulation.invariants import check_energy, check_queues
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate
from planner.simulation.replanning import changes_site, replan
from planner.simulation.rule_replanning import expected_time_h, replan_by_rule, waits_of_run

LENGTH_KM, SITE_KM, SPEED_KMH = 500.0, 250.0, 80.0
DETOUR_H = 8.0 / SPEED_KMH
BREAK_H = 0.75
HORIZON_H = 48.0


def names(prefix, n):
    return np.array([f"{prefix}{i}" for i in range(n)], dtype=object)


@pytest.fixture(scope="module")
def graph():
    """One road with one carriageway, 500 km: farther than a battery reaches."""
    return RoadGraph(
        node_id=names("n", 2),
        node_name=names("n", 2),
        lon=np.array([0.0, 5.0]),
        lat=np.zeros(2),
        arc_from_idx=np.array([0], np.int32),
        arc_to_idx=np.array([1], np.int32),
        arc_length_km=np.array([LENGTH_KM]),
        arc_free_speed_kmh=np.array([SPEED_KMH]),
        arc_road=names("A", 1),
    )


@pytest.fixture(scope="module")
def sites():
    """Two sites half way, the second 4 km off the road."""
    return Sites(
        site_id=names("s", 2),
        name=names("s", 2),
        road=names("A", 2),
        lon=np.zeros(2),
        lat=np.zeros(2),
        direction=np.array(["one", "one"], dtype=object),
        off_road_km=np.array([0.0, 4.0]),
        parking_spaces=np.full(2, -1),
        grid_connection_kw=np.full(2, np.nan),
        attachment_site_idx=np.arange(2, dtype=np.int32),
        attachment_arc_idx=np.zeros(2, np.int32),
        attachment_offset_km=np.full(2, SITE_KM),
    )


def trips_of(departure_h, first_id=0):
    n = len(departure_h)
    return Trips(
        trip_id=first_id + np.arange(n),
        origin_node_idx=np.zeros(n, np.int32),
        destination_node_idx=np.ones(n, np.int32),
        departure_h=np.asarray(departure_h, np.float64),
        abroad_before_km=np.zeros(n),
        abroad_after_km=np.zeros(n),
        is_loaded=np.ones(n, np.bool_),
        initial_soc_share=np.ones(n),
        vehicle_class_idx=np.zeros(n, np.int16),
        electrification_rank=np.zeros(n),
    )


def drivers(taste_scale_h=0.0):
    truck = VehicleClass(
        battery_kwh=600.0,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.2,
        max_charging_kw=1000.0,
        mean_speed_kmh=SPEED_KMH,
    )
    choice, behaviour = SiteChoice(taste_scale_h=taste_scale_h), DriverBehaviour(stop_cost_min=0.0)
    return Drivers(
        [truck], DriverRules(), ChargingPower(1000.0, 100.0), choice, np.uint64(7), behaviour
    )


def plan(graph, sites, trips, of):
    return plan_stops(graph, sites, trips, of)


def layout(*n_hpc):
    return ChargerLayout(np.array(n_hpc, np.int32), np.zeros(2, np.int32))


def learned(graph, sites, trips, plugs, of=None, **settings):
    of = of or drivers()
    return replan(
        graph,
        sites,
        trips,
        plan(graph, sites, trips, of),
        plugs,
        drivers=of,
        settings=Replanning(**settings),
        draw_key=np.uint64(11),
        horizon_h=HORIZON_H,
    )


def simulated(plans, plugs):
    demand = ChargingDemand.from_stop_plans(
        plans,
        n_sites=2,
        horizon_h=HORIZON_H,
        hpc_kw=1000.0,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
    )
    return demand, simulate(demand, plugs)


def test_trucks_split_as_logit_and_queue_balance(graph, sites):
    """With more demand for the near site than it serves, its queue grows until the rest goes on.

    The site gets what it serves, rate * P(near) = service, and P is the logit of the wait against
    the detour, which gives the wait.
    """
    rate, hours, n_plugs, scale_h = 40.0, 12.0, 12, 0.25
    service = n_plugs / BREAK_H
    theory_h = DETOUR_H + scale_h * np.log(rate / service - 1.0)
    plugs, waits_h = layout(n_plugs, 400), []
    for first_id in (0, 1000, 2000):
        trips = trips_of(np.arange(0.0, hours, 1.0 / rate), first_id)
        result = learned(graph, sites, trips, plugs, drivers(scale_h))
        figures = result.summary()
        assert figures["mean_wait_after_min"] < 0.1 * figures["mean_wait_before_min"]
        assert figures["gap"] < 0.01 * figures["gap_before"]
        demand, run = simulated(result.plans, plugs)
        since_h = run.arrival_h - run.arrival_h.min()
        steady = (demand.stop_site_idx == 0) & (since_h > 3.0) & (since_h < hours)
        assert steady.sum() / (hours - 3.0) == pytest.approx(service, rel=0.1)
        waits_h.append(run.wait_h[steady].mean())
    assert np.mean(waits_h) == pytest.approx(theory_h, abs=0.08)


def test_nobody_moves_where_nobody_waits(graph, sites):
    trips = trips_of(np.arange(0.0, 5.0, 0.5))
    result = learned(graph, sites, trips, layout(10, 10), drivers(taste_scale_h=0.2))
    assert (result.history["mean_wait_min"] == 0.0).all()
    assert (result.history["n_changed_site"] == 0).all()
    assert (result.history["gap_share"] == 0.0).all()
    assert result.summary()["is_settled"]
    assert result.summary()["n_iterations"] == 0


def test_history_ends_with_what_the_plans_do(graph, sites):
    trips, plugs = trips_of(np.arange(0.0, 6.0, 0.1)), layout(2, 2)
    given = plan(graph, sites, trips, drivers())
    result = learned(graph, sites, trips, plugs, iterations=6, changing_share=0.0)
    assert result.history["iteration"].tolist() == list(range(len(result.history)))
    last = result.history.iloc[-1]
    demand, run = simulated(result.plans, plugs)
    assert last["mean_wait_min"] == layout_figures(demand, run, plugs).mean_wait_min
    n_far = int((result.plans.stop_site_idx == 1).sum())
    assert last["n_changed_site"] == n_far == changes_site(given, result.plans).sum() > 0
    assert last["extra_distance_km"] == pytest.approx(8.0 * n_far / trips.n_trips)


def test_new_plans_keep_the_conservation_laws(graph, sites):
    trips, plugs = trips_of(np.arange(0.0, 6.0, 0.1)), layout(2, 2)
    result = learned(graph, sites, trips, plugs, drivers(taste_scale_h=0.05), iterations=6)
    demand, run = simulated(result.plans, plugs)
    same = np.ones(trips.n_trips)
    check_queues(result.plans, demand, plugs, run)
    check_energy(
        result.plans,
        battery_kwh=600.0 * same,
        consumption_kwh_km=1.2 * same,
        least_soc_share=(0.2 * same, 0.2 * same),
    )


def test_same_result_whatever_the_number_of_threads(graph, sites):
    trips, plugs = trips_of(np.arange(0.0, 6.0, 0.05)), layout(2, 2)
    before = numba.get_num_threads()
    results = []
    for n_threads in (1, before):
        numba.set_num_threads(n_threads)
        results.append(learned(graph, sites, trips, plugs, drivers(0.05), iterations=6))
    numba.set_num_threads(before)
    assert results[0].history.equals(results[1].history)
    for name in ("stop_offset", "stop_site_idx", "stop_arrival_h", "distance_km"):
        one, other = (getattr(result.plans, name) for result in results)
        assert one.tobytes() == other.tobytes()


def test_share_of_all_trucks_moves_them_all_at_once(graph, sites):
    # All at the same minute: whoever waits goes elsewhere. The first waits for nobody.
    trips = trips_of(np.full(40, 1.0))
    result = learned(graph, sites, trips, layout(1, 40), share=1.0, iterations=2)
    moved = result.history["n_changed_site"]
    assert moved.iloc[1] == 39
    assert moved.iloc[0] == 0


def test_a_site_without_points_attracts_nobody(graph, sites):
    trips = trips_of(np.arange(0.0, 2.0, 0.1))
    result = learned(graph, sites, trips, layout(1, 0), iterations=4)
    assert (result.plans.stop_site_idx == 0).all()


@pytest.mark.parametrize("n_plugs", [13, 14])
def test_once_settled_more_iterations_change_the_mean_wait_by_little(graph, sites, n_plugs):
    departure_h = np.sort(np.random.default_rng(1).uniform(0.0, 24.0, 480))
    trips, plugs = trips_of(departure_h), layout(n_plugs, 16)
    settled = learned(graph, sites, trips, plugs, drivers(0.05))
    figures = settled.summary()
    assert figures["is_settled"]
    assert figures["gap"] <= 0.001 < figures["gap_before"]
    assert figures["would_change_share"] <= 0.01 < figures["would_change_share_before"]
    longer = learned(
        graph,
        sites,
        trips,
        plugs,
        drivers(0.05),
        tolerance_share=0.0,
        changing_share=0.0,
        iterations=3 * max(figures["n_iterations"], 10),
    ).summary()
    assert longer["n_iterations"] > figures["n_iterations"]
    assert longer["gap"] <= figures["gap"]
    assert longer["mean_wait_after_min"] == pytest.approx(figures["mean_wait_after_min"], abs=0.1)


def test_gap_is_what_trucks_met_against_the_best_they_could_have_had(graph, sites):
    """Two trucks at one point: the second waits 36 min, and 6 min of driving would spare them."""
    trips = trips_of([1.0, 1.15])
    result = learned(graph, sites, trips, layout(1, 1), share=1e-9, iterations=2)
    first = result.history.iloc[0]
    # Each drives 500 km and takes a break; waiting for the second would not help the first.
    times_h = 2 * (LENGTH_KM / SPEED_KMH + BREAK_H) + 0.6
    assert first["mean_wait_min"] == pytest.approx(18.0)
    assert first["gap_share"] == pytest.approx((0.6 - DETOUR_H) / times_h)
    assert first["would_change_share"] == 0.5


def test_trucks_that_never_settle_end_at_the_maximum_and_are_told(graph, sites):
    trips, plugs = trips_of(np.arange(0.0, 6.0, 0.05)), layout(6, 2)
    result = learned(graph, sites, trips, plugs, share=0.5, iterations=3, tolerance_share=0.0)
    assert result.summary()["n_iterations"] == 3
    assert not result.summary()["is_settled"]
    assert result.summary()["would_change_share"] > 0.0


def rule_drivers(**choice):
    of = drivers()
    behaviour = DriverBehaviour(stop_planning="break_first", plug_in_at_breaks="always")
    return replace(of, behaviour=behaviour, **choice)


def learned_by_rule(graph, sites, trips, plugs, **settings):
    of = rule_drivers()
    given = plan(graph, sites, trips, of)
    found = replan_by_rule(
        graph,
        sites,
        trips,
        given,
        plugs,
        drivers=of,
        settings=Replanning(**settings),
        draw_key=np.uint64(11),
        horizon_h=HORIZON_H,
    )
    return given, found


def test_the_wait_that_the_rule_expects_is_the_mean_of_those_who_queued_in_that_hour(graph, sites):
    # Three trucks at once and one alone five hours on: waits of 0, 0.75 and 1.5 h, then none.
    trips = trips_of([0.0, 0.0, 0.0, 5.0])
    plans = plan(graph, sites, trips, rule_drivers())
    assert plans.stop_site_idx.tolist() == [0, 0, 0, 0]
    waits = waits_of_run(*simulated(plans, layout(1, 1)), layout(1, 0))
    assert waits.is_open.tolist() == [[True, False], [True, False]]
    assert waits.from_h == 3.0  # they come after 250 km
    assert waits.wait_h == pytest.approx(np.array([[1.125], [0.0]]))
    assert expected_time_h(plans, waits) == pytest.approx(
        plans.arrival_h - plans.entry_h + np.array([1.125, 1.125, 1.125, 0.0])
    )


def test_drivers_who_follow_the_rule_leave_a_queue_for_the_site_beside_it(graph, sites):
    trips = trips_of(np.arange(0.0, 6.0, 0.05))
    given, found = learned_by_rule(graph, sites, trips, layout(8, 8), iterations=10, share=0.3)
    assert (given.stop_site_idx == 0).all()
    figures = found.summary()
    assert figures["mean_wait_after_min"] < 0.5 * figures["mean_wait_before_min"]
    assert 0 < figures["n_changed_site"] == (found.plans.stop_site_idx == 1).sum() < trips.n_trips
    # A wait shorter than the way to the other site moves nobody.
    _, calm = learned_by_rule(graph, sites, trips, layout(15, 15), iterations=10, share=0.3)
    assert calm.summary()["n_changed_site"] == 0
    assert calm.summary()["is_settled"]
