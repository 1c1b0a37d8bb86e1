"""Plans of trips of trucks that find the same roads, in batches of OD pairs side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numba import get_num_threads

from planner.routing.break_first_kernel import follow_rule_of_pairs
from planner.routing.corridor_kernel import Legs
from planner.routing.plan_rows import empty_plans, n_unplugged, pair_of_trip, with_room
from planner.routing.stop_planner_kernel import plan_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.routing.break_first_rule_kernel import BreakFirst
    from planner.routing.driving_kernel import Limits
    from planner.routing.plan_writing_kernel import PlanRows
    from planner.routing.site_legs import SiteLegs
    from planner.routing.stop_planner_kernel import Choice, TripRows

_BATCHES_PER_THREAD = 4
"""So that no thread waits long for the last."""
_LEAST_TRIPS, _MOST_TRIPS = 16, 500
"""Trips of a batch: fewer are not worth a thread, after more progress is reported late."""

_STOPS_PER_TRIP = 6
"""Room for the stops of a trip; more is made where it is not enough."""

_UNPLUGGED_PER_TRIP = 4
"""Room for its unplugged breaks and rests."""


def rows_for_plans(n_trips: int) -> PlanRows:
    """Rows for plans that are still to be made, with the room that most of them need."""
    return empty_plans(n_trips, _STOPS_PER_TRIP, _UNPLUGGED_PER_TRIP)


def plan_in_batches(
    rows: TripRows,
    legs: SiteLegs,
    choice: Choice,
    limits: Limits,
    report: Callable[[int], None],
    rule: BreakFirst | None = None,
) -> PlanRows:
    """Plan trips of one speed, in batches of OD pairs, exactly or by a rule."""
    n_trips = len(rows.trip_id)
    kernel_legs = Legs(
        legs.direct_h,
        legs.direct_km,
        legs.from_origin_h,
        legs.from_origin_km,
        legs.to_destination_h,
        legs.to_destination_km,
        legs.between_h,
        legs.between_km,
        legs.is_closed,
    )
    plans = rows_for_plans(n_trips)

    def fill(first_pair: int, last_pair: int) -> None:
        if rule is None:
            plan_pairs(first_pair, last_pair, kernel_legs, choice, rows, limits, plans)
        else:
            follow_rule_of_pairs(first_pair, last_pair, kernel_legs, rows, limits, rule, plans)

    def plan(batch: tuple[int, int]) -> int:
        fill(*batch)
        return int(rows.first_trip[batch[1]] - rows.first_trip[batch[0]])

    n_planned = 0
    batches = _batches(rows.first_trip)
    with ThreadPoolExecutor(get_num_threads()) as threads:
        # Threads that plan one batch alone are not worth their start.
        planned = threads.map(plan, batches) if len(batches) > 1 else map(plan, batches)
        for n_trips_of_batch in planned:
            n_planned += n_trips_of_batch
            report(n_planned)
    n_breaks_rests = n_unplugged(plans)
    is_cut = (plans.n_stops > _STOPS_PER_TRIP) | (n_breaks_rests > _UNPLUGGED_PER_TRIP)
    if is_cut.any():
        plans = with_room(plans, plans.n_stops, n_breaks_rests)
        for pair in np.unique(pair_of_trip(rows)[is_cut]):
            fill(pair, pair + 1)
    return plans


def _batches(first_trip: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last OD pair of batches of about equally many trips."""
    n_trips = int(first_trip[-1])
    n_even = ceil(n_trips / (_BATCHES_PER_THREAD * get_num_threads()))
    size = min(max(n_even, _LEAST_TRIPS), _MOST_TRIPS)
    starts = np.searchsorted(first_trip, np.arange(0, n_trips, size))
    bounds = np.unique(np.append(starts, len(first_trip) - 1)).tolist()
    return list(pairwise(bounds))
