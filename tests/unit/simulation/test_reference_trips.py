"""The reference without charging against all legal ways to drive, and the parts of the extra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.network.graph import RoadGraph
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.driving_kernel import Limits
from planner.routing.stop_plans import TripStatus
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules, VehicleClass
from planner.simulation.metrics import destination_arrival_h
from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate
from planner.simulation.reference_trips import extra_time, reference_trips

SPEED_KMH = 80.0
TINY = 1e-9


def names(prefix, n):
    return np.array([f"{prefix}{i}" for i in range(n)], dtype=object)


def star(lengths_km):
    """Roads from node 0 to a node each, with these lengths; the last node has no road."""
    n = len(lengths_km)
    return RoadGraph(
        node_id=names("n", n + 2),
        node_name=names("n", n + 2),
        lon=np.zeros(n + 2),
        lat=np.zeros(n + 2),
        arc_from_idx=np.zeros(n, np.int32),
        arc_to_idx=np.arange(1, n + 1, dtype=np.int32),
        arc_length_km=np.asarray(lengths_km, np.float64),
        arc_free_speed_kmh=np.full(n, 120.0),
        arc_road=names("A", n),
    )


def trips_to(nodes, abroad_before_km=0.0):
    n = len(nodes)
    return Trips(
        trip_id=np.arange(n),
        origin_node_idx=np.zeros(n, np.int32),
        destination_node_idx=np.asarray(nodes, np.int32),
        departure_h=np.full(n, 6.0),
        abroad_before_km=np.broadcast_to(np.asarray(abroad_before_km, float), n).copy(),
        abroad_after_km=np.zeros(n),
        is_loaded=np.ones(n, np.bool_),
        initial_soc_share=np.ones(n),
        vehicle_class_idx=np.zeros(n, np.int16),
        electrification_rank=np.zeros(n),
    )


LIMITS = Limits(4.5, 0.75, 9.0, 11.0, 5.0 / 60.0, frees_plug_when_charged=False)


def reference_of(graph, trips, rules, battery_kwh=1e5, stop_cost_min=0.0):
    truck = VehicleClass(
        battery_kwh=battery_kwh,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.2,
        max_charging_kw=1000.0,
        mean_speed_kmh=SPEED_KMH,
    )
    power = ChargingPower(1000.0, 100.0)
    behaviour = DriverBehaviour(stop_cost_min=stop_cost_min)
    drivers = Drivers([truck], rules, power, SiteChoice(), np.uint64(7), behaviour)
    return reference_trips(graph, trips, drivers)


def shortest_stop_h(drive_h, since_break_h, since_rest_h, rules, cost_h):
    """All ways to break or rest, each as late as the rules allow."""
    slack_h = min(
        rules.max_driving_before_break_h - since_break_h,
        rules.max_driving_before_rest_h - since_rest_h,
    )
    if drive_h <= slack_h + TINY:
        return 0.0
    left_h = drive_h - slack_h
    ways = [cost_h + rules.rest_h + shortest_stop_h(left_h, 0.0, 0.0, rules, cost_h)]
    if since_rest_h + slack_h < rules.max_driving_before_rest_h - TINY:
        later_h = shortest_stop_h(left_h, 0.0, since_rest_h + slack_h, rules, cost_h)
        ways.append(cost_h + rules.break_h + later_h)
    return min(ways)


@pytest.mark.parametrize("stop_cost_min", [0.0, 15.0])
@pytest.mark.parametrize(
    "rules",
    [
        DriverRules(),
        DriverRules(max_driving_before_rest_h=10.0),
        DriverRules(max_driving_before_break_h=2.0, break_h=4.0, rest_h=6.0),
    ],
)
def test_reference_is_the_shortest_of_all_legal_ways(rules, stop_cost_min):
    cost_h = stop_cost_min / 60
    lengths_km = np.random.default_rng(3).uniform(50.0, 2500.0, 60)
    reference = reference_of(
        star(lengths_km), trips_to(np.arange(1, 61)), rules, stop_cost_min=stop_cost_min
    )
    expected = [shortest_stop_h(km / SPEED_KMH, 0.0, 0.0, rules, cost_h) for km in lengths_km]
    assert reference.duration_h - reference.drive_h == pytest.approx(np.array(expected))
    taken_h = reference.n_breaks * rules.break_h + reference.n_rests * rules.rest_h
    taken_h = taken_h + (reference.n_breaks + reference.n_rests) * cost_h
    assert taken_h == pytest.approx(np.array(expected))
    assert reference.distance_km == pytest.approx(lengths_km)


def test_truck_from_abroad_has_its_driving_behind_it():
    graph = star([240.0])  # 3 h
    trips = trips_to([1, 1, 1], abroad_before_km=[0.0, 160.0, 640.0])
    reference = reference_of(graph, trips, DriverRules())
    # 2 h abroad: a break after 2.5 h more. 8 h abroad with a break: the daily rest after 1 h more.
    assert reference.duration_h == pytest.approx([3.0, 3.75, 14.0])


def test_trip_without_a_way_has_no_reference():
    reference = reference_of(star([100.0]), trips_to([1, 2]), DriverRules())
    assert np.isnan(reference.duration_h).tolist() == [False, True]
    assert np.isnan(reference.distance_km[1])


def extra_of(cases, stops, length_km, n_unplugged_rests=0, n_plugs=1):
    """Extra time of a hand-made plan, whose driving is 12 min longer than the reference's."""
    trip = cases.Trip(1.0, stops)
    plans = replace(
        cases.plans_of(trip),
        unplugged_offset=np.array([0, n_unplugged_rests]),
        unplugged_leg=np.zeros(n_unplugged_rests, np.int32),
        unplugged_after_drive_h=np.zeros(n_unplugged_rests),
        unplugged_length_h=np.full(n_unplugged_rests, 11.0),
        unplugged_is_rest=np.ones(n_unplugged_rests, np.bool_),
    )
    reference = reference_of(star([length_km]), trips_to([1]), DriverRules())
    plans.drive_h[:] = reference.drive_h + 0.2
    plans.n_unplugged_rests[:] = n_unplugged_rests
    demand = ChargingDemand.from_stop_plans(
        plans, n_sites=1, horizon_h=48.0, hpc_kw=1000.0, lpc_kw=100.0, plug_overhead_h=5.0 / 60.0
    )
    plugs = ChargerLayout(np.array([n_plugs], np.int32), np.array([n_plugs], np.int32))
    arrival_h = destination_arrival_h(plans, demand, simulate(demand, plugs))
    return extra_time(plans, reference, LIMITS, arrival_h)


def test_charging_in_a_break_that_is_due_anyway_adds_only_the_detour(cases):
    extra = extra_of(cases, (cases.Stop(0),), 400.0)
    assert extra.total_h == pytest.approx(0.2)
    assert extra.breaks_h == pytest.approx(0.0)


def test_extra_is_told_apart_by_cause(cases):
    intermediate = cases.Stop(0, kind=1, plug_h=0.3, hold_h=0.3)
    extra = extra_of(cases, (intermediate, cases.Stop(0), cases.lpc(0)), 300.0)
    parts = (extra.intermediate_h, extra.breaks_h, extra.rests_h, extra.detour_h)
    assert np.ravel(parts) == pytest.approx([0.3, 0.75, 11.0, 0.2])
    assert extra.waiting_h == pytest.approx(0.0)


def test_a_rest_instead_of_a_break_saves_the_break(cases):
    extra = extra_of(cases, (), 400.0, n_unplugged_rests=1)
    assert (extra.breaks_h[0], extra.rests_h[0]) == (-0.75, 11.0)


def test_waiting_is_what_the_queue_adds(cases):
    plans = cases.plans_of(*[cases.Trip(1.0, (cases.Stop(0),))] * 3, cases.Trip(1.0))
    reference = reference_of(star([400.0]), trips_to([1] * 4), DriverRules())
    demand = ChargingDemand.from_stop_plans(
        plans, n_sites=1, horizon_h=48.0, hpc_kw=1000.0, lpc_kw=100.0, plug_overhead_h=5.0 / 60.0
    )
    run = simulate(demand, ChargerLayout(np.array([1], np.int32), np.array([0], np.int32)))
    arrival_h = destination_arrival_h(plans, demand, run)
    extra = extra_time(plans, reference, LIMITS, arrival_h)
    assert extra.waiting_h == pytest.approx([0.0, 0.75, 1.5, 0.0])
    assert extra_time(plans, reference, LIMITS).waiting_h.tolist() == [0.0] * 4


def test_unserved_trips_have_no_extra(cases):
    plans = cases.plans_of(cases.Trip(1.0, status=TripStatus.NO_SITE_IN_RANGE))
    reference = reference_of(star([400.0]), trips_to([1]), DriverRules())
    extra = extra_time(plans, reference, LIMITS)
    assert np.isnan(extra.total_h).all()
    assert np.isnan(extra.distance_km).all()
