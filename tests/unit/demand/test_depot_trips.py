"""Which trips start at which depot."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from planner.demand.depot_trips import trips_of_depots
from planner.demand.initial_soc import SocHistogram, arrival_soc, departing_with
from planner.demand.trips import Trips

# nodes on the equator: a degree is 111.32 km
GRAPH = SimpleNamespace(lon=np.array([0.0, 0.1, 0.2, 5.0]), lat=np.zeros(4))


def trips(origin, day, rank, abroad_km=None):
    n = len(origin)
    return Trips(
        trip_id=np.arange(100, 100 + n),
        origin_node_idx=np.array(origin, dtype=np.int32),
        destination_node_idx=np.full(n, 3, dtype=np.int32),
        departure_h=24.0 * np.array(day) + 8.0,
        abroad_before_km=np.zeros(n) if abroad_km is None else np.array(abroad_km),
        abroad_after_km=np.zeros(n),
        is_loaded=np.ones(n, dtype=bool),
        initial_soc_share=np.full(n, 0.5),
        vehicle_class_idx=np.zeros(n, dtype=np.int16),
        electrification_rank=np.array(rank),
    )


def chosen(of, lon, n_trucks, reach_km=25.0):
    lon = np.array(lon, dtype=float)
    return trips_of_depots(of, GRAPH, lon, np.zeros(len(lon)), np.array(n_trucks), reach_km)


def test_a_trip_belongs_to_the_nearest_depot_within_reach():
    found = chosen(trips([0, 1, 2, 3], [0] * 4, [0.1] * 4), [0.02, 0.19], [9, 9])
    assert found.trip_idx.tolist() == [0, 1, 2]
    assert found.depot_idx.tolist() == [0, 0, 1]
    assert found.n_in_reach.tolist() == [2, 1]
    assert found.nearest_km == pytest.approx([2.226, 1.113], abs=1e-3)


def test_so_many_trips_of_a_day_start_as_there_are_trucks_and_the_same_at_every_level():
    of = trips([0] * 6, [0, 0, 0, 1, 1, 1], [0.04, 0.01, 0.02, 0.3, 0.03, 0.2])
    found = chosen(of, [0.0], [2])
    assert found.trip_idx.tolist() == [1, 2, 4, 5]
    fewer = of.electrified(0.1)
    kept = fewer.trip_id[chosen(fewer, [0.0], [2]).trip_idx]
    assert set(kept) <= set(of.trip_id[found.trip_idx])


def test_trips_from_abroad_start_at_no_depot_at_the_border():
    found = chosen(trips([0, 0], [0, 0], [0.1, 0.1], abroad_km=[200.0, 0.0]), [0.0], [9])
    assert found.trip_idx.tolist() == [1]


def test_a_depot_out_of_reach_has_no_trips_and_says_how_far_they_are():
    found = chosen(trips([0], [0], [0.1]), [1.0], [9])
    assert not len(found.trip_idx)
    assert found.nearest_km == pytest.approx([111.32], abs=0.01)
    abroad = chosen(trips([0], [0], [0.1], abroad_km=[1.0]), [0.0], [9])
    assert np.isinf(abroad.nearest_km).all()


def test_a_trip_comes_with_the_same_charge_in_every_study():
    others = SocHistogram.uniform(0.2)
    ids = np.arange(1000)
    drawn = arrival_soc(others, ids, np.uint64(7))
    assert drawn.min() >= 0.2
    assert drawn.max() < 1.0
    assert drawn.mean() == pytest.approx(0.6, abs=0.03)
    assert np.array_equal(arrival_soc(others, ids[500:], np.uint64(7)), drawn[500:])


def test_only_the_trips_of_depots_change():
    of = trips([0, 1], [0, 0], [0.1, 0.1])
    changed = departing_with(of, np.array([1]), np.array([0.9]))
    assert changed.initial_soc_share.tolist() == [0.5, 0.9]
    assert of.initial_soc_share.tolist() == [0.5, 0.5]
