"""Stops planned in partitions: the same plans, whoever plans them, in whatever order."""

from __future__ import annotations

import logging
from dataclasses import fields
from threading import get_ident

import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.network import path_trees
from planner.network.distances import truck_network
from planner.routing import partitions, plan_batches, site_ways
from planner.routing.charging_choice import ChargingPower, SiteChoice
from planner.routing.drivers import Drivers
from planner.routing.partition_files import PartitionFile
from planner.routing.partitions import PartedTrips, one_after_another, plan_in_partitions
from planner.routing.site_legs import site_legs
from planner.routing.site_ways import SiteWays
from planner.routing.stop_planner import plan_stops
from planner.routing.stop_plans import TripStatus
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.scenario.parameter_sets import DriverRules

N_TRIPS = 60


def bytes_of(plans):
    return {field.name: getattr(plans, field.name).tobytes() for field in fields(plans)}


@pytest.fixture
def case(motorway, sites_at, truck, monkeypatch):
    """Trips of two truck speeds between many nodes; some reach no site, some none at all."""
    monkeypatch.setattr(partitions, "MOST_TRIPS", 7)
    graph = motorway(1500.0)
    sites = sites_at(graph, [110.0, 330.0, 520.0, 700.0, 940.0, 1210.0])
    rng = np.random.default_rng(3)
    ends = np.array([rng.permutation(graph.n_nodes)[:2] for _ in range(N_TRIPS)])
    trips = Trips(
        trip_id=np.arange(N_TRIPS),
        origin_node_idx=ends[:, 0].astype(np.int32),
        destination_node_idx=ends[:, 1].astype(np.int32),
        departure_h=rng.uniform(0.0, 24.0, N_TRIPS),
        abroad_before_km=np.where(rng.random(N_TRIPS) < 0.2, 120.0, 0.0),
        abroad_after_km=np.zeros(N_TRIPS),
        is_loaded=np.ones(N_TRIPS, np.bool_),
        initial_soc_share=rng.choice([0.1, 0.21, 0.35, 1.0], N_TRIPS),
        vehicle_class_idx=rng.integers(0, 2, N_TRIPS).astype(np.int16),
        electrification_rank=np.zeros(N_TRIPS),
    )
    slow = truck.model_copy(update={"mean_speed_kmh": 65.0})
    drivers = Drivers(
        vehicles=[truck, slow],
        rules=DriverRules(),
        charging=ChargingPower(hpc_kw=600.0, lpc_kw=100.0),
        choice=SiteChoice(),
        taste_key=np.uint64(7),
        behaviour=DriverBehaviour(),
    )
    return graph, sites, trips, drivers


def test_plans_of_partitions_are_those_of_all_trips_at_once(case):
    whole = plan_stops(*case)
    assert {TripStatus.SERVED, TripStatus.STARTS_BELOW_MINIMUM} < set(whole.status.tolist())
    assert (whole.stranded_node_idx >= 0).any()
    parted = PartedTrips.of(*case)
    assert len(parted.partitions) > 2 * parted.partitions[-1].group > 0
    found = np.concatenate([one.trip_idx for one in parted.partitions])
    assert sorted(found.tolist()) == list(range(N_TRIPS))
    told = []
    assert bytes_of(plan_in_partitions(parted, progress=lambda *n: told.append(n))) == bytes_of(
        whole
    )
    assert told[-1] == (N_TRIPS, N_TRIPS)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_plans_are_the_same_however_many_trips_a_thread_plans_at_a_time(case, monkeypatch):
    whole = plan_stops(*case)
    for least, most in ((1, 1), (7, 7), (1000, 1000)):
        monkeypatch.setattr(plan_batches, "_LEAST_TRIPS", least)
        monkeypatch.setattr(plan_batches, "_MOST_TRIPS", most)
        assert bytes_of(plan_stops(*case)) == bytes_of(whole)


@pytest.mark.parametrize("most_legs", [0, 4_000_000])
def test_few_legs_are_measured_while_others_are_planned_to_the_same_plans(
    case, monkeypatch, most_legs
):
    monkeypatch.setattr("planner.routing.site_legs._FEW_LEGS", most_legs)
    measured = []

    def noted(graph, sites, network, *rest, shortest, **options):
        if not shortest:
            measured.append((network.speed_kmh, get_ident() == here))
        return site_legs(graph, sites, network, *rest, shortest=shortest, **options)

    here = get_ident()
    whole = plan_stops(*case)
    monkeypatch.setattr(site_ways, "site_legs", noted)
    assert bytes_of(plan_in_partitions(PartedTrips.of(*case))) == bytes_of(whole)
    assert measured == [(65.0, most_legs == 0), (80.0, most_legs == 0)]


@pytest.mark.parametrize("tree_cells", [1, 4_000_000])
def test_trees_of_shortest_ways_are_grown_once_for_trucks_of_all_speeds(
    case, monkeypatch, tree_cells
):
    graph, sites, trips, _ = case
    whole = plan_stops(*case)
    monkeypatch.setattr(path_trees, "_TREE_CELLS", tree_cells)
    parted = PartedTrips.of(*case)
    shortest = parted.shortest_trees()
    grown = []
    fill_trees = path_trees.fill_trees

    def counted(first, last, indptr, indices, weight, *rest):
        is_of_lengths = weight.tobytes() == shortest.network.time_matrix.data.tobytes()
        grown.append((last - first) * is_of_lengths)
        fill_trees(first, last, indptr, indices, weight, *rest)

    monkeypatch.setattr(path_trees, "fill_trees", counted)
    assert bytes_of(plan_in_partitions(parted)) == bytes_of(whole)
    all_starts = len(shortest.source_node_idx)
    assert parted.partitions[-1].group == 1
    # Of each speed some trips find no plan on quickest ways.
    assert sum(grown) == (2 * all_starts if tree_cells == 1 else all_starts)
    alone = site_legs(
        graph,
        sites,
        truck_network(graph, 65.0),
        trips.origin_node_idx,
        trips.destination_node_idx,
        shortest=True,
    )
    shared = SiteWays(graph, sites, trips.origin_node_idx, trips.destination_node_idx, shortest)
    again = shared.legs(truck_network(graph, 65.0), shortest=True)
    for name in ("direct_h", "direct_km", "from_origin_h", "to_destination_h", "between_h"):
        np.testing.assert_array_equal(getattr(again, name), getattr(alone, name))


def test_trips_of_an_od_pair_are_in_one_partition(case):
    graph, sites, trips, drivers = case
    same = trips.select(np.zeros(9, np.int64))
    assert [
        len(one.trip_idx) for one in PartedTrips.of(graph, sites, same, drivers).partitions
    ] == [9]


def test_no_trips_have_no_plans(case):
    graph, sites, trips, drivers = case
    none = PartedTrips.of(graph, sites, trips.select(np.empty(0, np.int64)), drivers)
    assert plan_in_partitions(none).n_trips == 0


def test_an_interrupted_run_goes_on_at_the_partition(case, tmp_path, caplog):
    parted = PartedTrips.of(*case)
    planned = []

    def killed_after_three(parted, to_do, progress):
        for partition, plans in one_after_another(parted, to_do[::-1], progress):
            if len(planned) == 3:
                raise KeyboardInterrupt
            planned.append(partition.number)
            yield partition, plans

    with pytest.raises(KeyboardInterrupt):
        plan_in_partitions(parted, tmp_path, killed_after_three)
    damaged = PartitionFile(tmp_path, planned.pop()).path
    damaged.write_bytes(damaged.read_bytes()[:-9])
    told = []

    def noting(parted, to_do, progress):
        assert not {one.number for one in to_do} & set(planned)
        return one_after_another(parted, to_do, progress)

    with caplog.at_level(logging.WARNING):
        plans = plan_in_partitions(parted, tmp_path, noting, lambda *n: told.append(n))
    assert bytes_of(plans) == bytes_of(plan_stops(*case))
    assert damaged.name in caplog.text
    assert told[0][0] > sum(len(parted.partitions[number].trip_idx) for number in planned)
    nobody = plan_in_partitions(parted, tmp_path, workers=None)
    assert bytes_of(nobody) == bytes_of(plans)
