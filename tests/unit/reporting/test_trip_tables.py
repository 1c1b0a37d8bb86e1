"""Trips and stops with names instead of indices."""

import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.plan.trip_schemas import STOPS, TRIPS, UNSERVED
from planner.plan.trip_tables import stop_table, trip_table, unserved_table
from planner.routing.stop_plans import StopKind, StopPlans, TripStatus
from planner.tables.table import check_table

NAN = float("nan")


@pytest.fixture
def trips():
    return Trips(
        trip_id=np.array([10, 20, 30]),
        origin_node_idx=np.array([0, 1, 2], dtype=np.int32),
        destination_node_idx=np.array([5, 6, 7], dtype=np.int32),
        departure_h=np.array([1.0, 2.0, 3.0]),
        abroad_before_km=np.zeros(3),
        abroad_after_km=np.zeros(3),
        is_loaded=np.array([True, False, True]),
        initial_soc_share=np.ones(3),
        vehicle_class_idx=np.array([1, 0, 0], dtype=np.int16),
        electrification_rank=np.zeros(3),
    )


@pytest.fixture
def stop_plans():
    """Two stops, none because unserved where it stands, none because unserved on the way."""
    lost = [TripStatus.SERVED, TripStatus.NO_ROUTE, TripStatus.NO_SITE_IN_RANGE]
    return StopPlans(
        status=np.array(lost, dtype=np.int8),
        stop_offset=np.array([0, 2, 2, 2]),
        entry_h=np.array([1.0, 2.0, 3.0]),
        arrival_h=np.array([9.0, NAN, NAN]),
        first_leg_h=np.zeros(3),
        distance_km=np.array([500.0, NAN, NAN]),
        direct_distance_km=np.array([498.0, NAN, 700.0]),
        drive_h=np.array([6.0, NAN, NAN]),
        n_unplugged_breaks=np.zeros(3, dtype=np.int16),
        n_unplugged_rests=np.zeros(3, dtype=np.int16),
        entry_soc_share=np.ones(3),
        final_soc_share=np.array([0.3, NAN, NAN]),
        stranded_node_idx=np.array([-1, -1, 4], dtype=np.int32),
        looked_km=np.full(3, np.inf),
        is_first_try=np.ones(3, np.bool_),
        is_exact=np.ones(3, np.bool_),
        stop_site_idx=np.array([3, 1], dtype=np.int32),
        stop_kind=np.array([StopKind.HPC_BREAK, StopKind.LPC_REST], dtype=np.int8),
        stop_arrival_h=np.array([4.0, 6.0]),
        stop_plug_h=np.array([0.75, 11.0]),
        stop_hold_h=np.array([0.75, 11.0]),
        stop_energy_kwh=np.array([300.0, 200.0]),
        stop_arrival_soc_share=np.array([0.4, 0.5]),
        stop_next_leg_h=np.array([1.0, 2.0]),
        unplugged_offset=np.zeros(3 + 1, np.int64),
        unplugged_leg=np.zeros(0, np.int32),
        unplugged_after_drive_h=np.zeros(0),
        unplugged_length_h=np.zeros(0),
        unplugged_is_rest=np.zeros(0, np.bool_),
    )


def test_waits_of_all_stops_add_up_in_the_trip(plan, trips, stop_plans):
    wait_h, reference_h = np.array([0.1, 0.4]), np.array([8.0, NAN, 10.0])
    extra_h = np.array([0.5, NAN, NAN])
    classes = ["small", "big"]
    least = np.array([0.35, 0.2, 0.2])
    table = trip_table(trips, stop_plans, plan.graph, classes, wait_h, reference_h, extra_h, least)

    check_table(table, TRIPS)
    assert table["wait_min"].tolist() == pytest.approx([30.0, 0.0, 0.0])
    assert table["extra_min"].tolist() == pytest.approx([30.0, NAN, NAN], nan_ok=True)
    assert table["n_stops"].tolist() == [2, 0, 0]
    assert table["vehicle_class"].tolist() == ["big", "small", "small"]
    assert table["status"].tolist() == ["served", "no_route", "no_site_in_range"]
    assert table["is_below_minimum"].tolist() == [True, False, False]
    assert table["origin"][1] == plan.graph.node_name[1]


def test_stops_are_numbered_within_their_trip(plan, trips, stop_plans):
    table = stop_table(trips, stop_plans, plan.sites, np.array([0.1, 0.4]))

    check_table(table, STOPS)
    assert table["trip_id"].tolist() == [10, 10]
    assert table["stop"].tolist() == [0, 1]
    assert table["site_id"].tolist() == ["S003", "S001"]
    assert table["kind"].tolist() == ["hpc_break", "lpc_rest"]


def test_unserved_trips_strand_where_known_and_else_at_their_origin(plan, trips, stop_plans):
    table = unserved_table(trips, stop_plans, plan.graph)

    check_table(table, UNSERVED)
    assert table["trip_id"].tolist() == [20, 30]
    assert table["reason"].tolist() == ["no route", "no site in range"]
    assert table["place"].tolist() == [plan.graph.node_name[1], plan.graph.node_name[4]]
