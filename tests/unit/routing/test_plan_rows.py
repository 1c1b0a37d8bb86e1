"""Room for stops, breaks and rests: each trip has its own."""

from __future__ import annotations

import numpy as np

from planner.routing.plan_rows import (
    empty_plans,
    put_plans,
    put_served,
    stop_plans,
    with_room,
)
from planner.routing.plan_writing_kernel import (
    FIRST_TRY,
    SITE,
    UNPLUGGED_BREAKS,
    UNPLUGGED_RESTS,
    PlanRows,
)
from planner.routing.stop_planner_kernel import NO_SITE_IN_RANGE, SERVED


def plans_with_stops(n_stops: list[int], room: int) -> PlanRows:
    """Plans of trips with so many stops, at sites that count up; none has breaks or rests."""
    plans = with_room(
        empty_plans(len(n_stops), room, 1), np.array(n_stops), np.zeros(len(n_stops), int)
    )
    plans.n_stops[:] = n_stops
    plans.trip[:] = 0.0
    plans.stops[:] = 0.0
    for trip, count in enumerate(n_stops):
        first = plans.first_stop[trip]
        plans.stops[first : first + count, SITE] = 100 * trip + np.arange(count)
    return plans


def test_a_trip_of_many_stops_makes_no_room_for_the_others():
    plans = with_room(empty_plans(1000, 6, 4), np.r_[177, np.zeros(999, int)], np.zeros(1000, int))
    assert len(plans.stops) == 177 + 999 * 6
    assert len(plans.unplugged) == 1000 * 4


def test_room_is_made_where_it_lacks_and_what_stood_there_stays():
    plans = empty_plans(3, 2, 1)
    plans.stops[:, SITE] = np.arange(6)
    larger = with_room(plans, np.array([0, 4, 2]), np.array([0, 0, 3]))
    assert np.diff(larger.first_stop).tolist() == [2, 4, 2]
    assert np.diff(larger.first_unplugged).tolist() == [1, 1, 3]
    kept = [larger.stops[first : first + 2, SITE].tolist() for first in larger.first_stop[:-1]]
    assert kept == [[0, 1], [2, 3], [4, 5]]
    assert with_room(larger, np.array([2, 1, 0]), np.zeros(3, int)).stops is larger.stops


def test_plans_of_some_trips_are_put_where_they_belong():
    plans = plans_with_stops([1, 0, 3, 2], room=1)
    plans = put_plans(plans, np.array([3, 0]), plans_with_stops([4, 0], room=2))
    assert plans.n_stops.tolist() == [0, 0, 3, 4]
    found = stop_plans(plans, np.full(4, 600.0), np.full(4, -1, np.int32))
    assert found.stop_offset.tolist() == [0, 0, 0, 3, 7]
    assert found.stop_site_idx.tolist() == [200, 201, 202, 0, 1, 2, 3]


def test_breaks_and_rests_have_room_of_their_own_too():
    plans = empty_plans(2, 1, 1)
    plans.trip[:] = 0.0
    some = empty_plans(1, 1, 5)
    some.trip[:] = 0.0
    some.trip[0, UNPLUGGED_BREAKS], some.trip[0, UNPLUGGED_RESTS] = 3.0, 2.0
    some.unplugged[:] = np.arange(5)[:, None]
    found = stop_plans(
        put_plans(plans, np.array([1]), some), np.full(2, 600.0), np.full(2, -1, np.int32)
    )
    assert found.unplugged_offset.tolist() == [0, 0, 5]
    assert found.unplugged_length_h.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_of_a_further_try_the_plans_that_serve_are_put_with_their_breaks():
    plans = plans_with_stops([1, 2, 1], room=1)
    again = empty_plans(2, 2, 3)
    again.status[:] = NO_SITE_IN_RANGE, SERVED
    again.n_stops[:] = 2, 1
    again.trip[:] = 0.0
    again.trip[:, UNPLUGGED_BREAKS], again.trip[:, FIRST_TRY] = (3.0, 2.0), 1.0
    again.stops[:] = np.arange(70, 74)[:, None]
    again.unplugged[:] = np.arange(6)[:, None]
    found = stop_plans(
        put_served(plans, np.array([0, 2]), again), np.full(3, 600.0), np.full(3, -1, np.int32)
    )
    assert found.stop_offset.tolist() == [0, 1, 3, 4]
    assert found.stop_site_idx.tolist() == [0, 100, 101, 72]
    assert found.unplugged_offset.tolist() == [0, 0, 0, 2]
    assert found.unplugged_length_h.tolist() == [3.0, 4.0]
    assert found.is_first_try.tolist() == [False] * 3
