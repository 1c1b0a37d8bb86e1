"""Plans of some trips taken out and put back."""

from __future__ import annotations

import tracemalloc
from dataclasses import fields

import numpy as np
import pytest

from planner.routing.stop_plans import StopPlans


@pytest.fixture
def plans(motorway, sites_at, trips_along, plan):
    graph = motorway(1000)
    trips = trips_along(
        graph,
        5,
        initial_soc_share=[1.0, 0.1, 0.5, 0.9, 0.6],
        destination_node_idx=[8, 20, 20, 20, 20],
    )
    return plan(graph, sites_at(graph, [100, 340, 680]), trips)


def assert_same(plans, other):
    for field in fields(plans):
        assert np.array_equal(getattr(plans, field.name), getattr(other, field.name), True)


def test_selected_trips_keep_their_stops_breaks_and_rests(plans):
    assert len(plans.unplugged_leg) > 0
    chosen = plans.select(np.array([3, 0]))
    for row, trip in enumerate((3, 0)):
        stops = slice(*plans.stop_offset[trip : trip + 2])
        own = slice(*chosen.stop_offset[row : row + 2])
        assert chosen.stop_site_idx[own].tolist() == plans.stop_site_idx[stops].tolist()
        assert chosen.stop_arrival_h[own].tolist() == plans.stop_arrival_h[stops].tolist()
        assert chosen.arrival_h[row] == plans.arrival_h[trip]
        breaks = slice(*plans.unplugged_offset[trip : trip + 2])
        own = slice(*chosen.unplugged_offset[row : row + 2])
        after_h = plans.unplugged_after_drive_h[breaks].tolist()
        assert chosen.unplugged_after_drive_h[own].tolist() == after_h


def test_the_lowest_charge_of_a_trip_is_that_of_a_stop_or_of_its_end(plans):
    lowest = plans.lowest_soc_share()
    assert np.isnan(lowest[1])
    assert lowest[0] == plans.final_soc_share[0]  # without any stop
    for trip in (2, 3, 4):
        stops = slice(*plans.stop_offset[trip : trip + 2])
        ends = [*plans.stop_arrival_soc_share[stops], plans.final_soc_share[trip]]
        assert lowest[trip] == min(ends)


def test_putting_back_what_was_taken_out_changes_nothing(plans):
    rows = np.array([4, 1, 2])
    assert_same(plans.with_plans_of(rows, plans.select(rows)), plans)


def test_replaced_trips_have_the_new_stops_and_the_others_their_own(plans):
    swapped = plans.with_plans_of(np.array([0, 3]), plans.select(np.array([3, 0])))
    assert_same(swapped, plans.select(np.array([3, 1, 2, 0, 4])))


def test_as_many_plans_as_trips(plans):
    with pytest.raises(ValueError, match="2 trips are chosen, but there are 1 plans"):
        plans.with_plans_of(np.array([0, 3]), plans.select(np.array([3])))


def test_merged_parts_that_nobody_else_holds_are_given_up_column_by_column(plans):
    many = np.resize(np.arange(plans.n_trips), 8_000)
    trips = np.array_split(np.random.default_rng(2).permutation(len(many)), 4)
    tracemalloc.start()
    merged = StopPlans.merged((plans.select(many[some]) for some in trips), trips)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert_same(merged, plans.select(many))
    # Both at once would be twice as much; what is more than once are rows of the stops.
    assert peak < 1.6 * held
