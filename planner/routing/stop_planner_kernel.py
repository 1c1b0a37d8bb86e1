"""Plans of many trips: corridors per OD pair, one search per trip, stops written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.corridor_kernel import (
    Corridor,
    Legs,
    corridor_of,
    corridor_through,
    holds_all,
)
from planner.routing.drive_stops_kernel import N_OUTCOME_COLUMNS
from planner.routing.driving_kernel import (
    TOLERANCE,
    Limits,
    charged_at_border,
    entry_state,
    least_stop_h,
)
from planner.routing.known_queues_kernel import copy_of, join_again, leave_queues
from planner.routing.label_kernel import BEST, CLOCK_H, IS_COARSE, Labels, empty_labels
from planner.routing.label_search_kernel import search
from planner.routing.plan_writing_kernel import (
    ARRIVAL_H,
    DIRECT_KM,
    ENTRY_H,
    ENTRY_KWH,
    FIRST_TRY,
    IS_EXACT,
    LOOKED_KM,
    UNPLUGGED_BREAKS,
    UNPLUGGED_RESTS,
    PlanRows,
    stops_of,
    unplugged_of,
    write_plan,
)
from planner.routing.site_choice_kernel import fill_penalties
from planner.routing.trip_bound_kernel import (
    N_PLACE_COLUMNS,
    PENALTY_H,
    Demand,
    may_set_out,
    needs_of,
)
from planner.routing.truck_kernel import Truck, truck_of
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.known_queues import KnownQueues

SERVED, NO_ROUTE, NO_SITE_IN_RANGE, STARTS_BELOW_MINIMUM = range(4)
"""As :class:`~planner.routing.stop_plans.TripStatus`."""

AS_IT_COMES, TO_FIRST_SITE, TO_FULL = range(3)
"""What a truck from abroad charges before the border, each tried where the one before fails."""

N_BORDER_CHARGES = 3


class Choice(NamedTuple):
    """How drivers choose sites: corridor widths, taste, the queues they know of.

    ``least_from_h`` (n_origins, n_sites) and ``least_to_h`` (n_destinations, n_sites) are the
    least driving times to and from sites, all of them open; they count only without draws, where
    the best of all sites is taken, however wide the corridor. ``most_states`` are those that the
    search for a trip's plan looks at before it is given up for a coarser one.
    """

    detour_km: NDArray[np.float64]
    taste_key: np.uint64
    taste_scale_h: float
    site_hash: NDArray[np.uint64]
    queues: KnownQueues
    least_from_h: NDArray[np.float64]
    least_to_h: NDArray[np.float64]
    most_states: int


class TripRows(NamedTuple):
    """Trips grouped by OD pair.

    ``pair_*`` (n_pairs,), ``first_trip`` (n_pairs + 1,), the rest (n_trips,); ``truck`` has the
    columns of :func:`~planner.routing.truck_kernel.truck_of`. ``floor_kwh`` is the least energy
    with which a truck may come to its first site, the minimum itself where it keeps that.
    """

    pair_origin: NDArray[np.int64]
    pair_destination: NDArray[np.int64]
    first_trip: NDArray[np.int64]
    trip_id: NDArray[np.int64]
    departure_h: NDArray[np.float64]
    initial_kwh: NDArray[np.float64]
    abroad_before_km: NDArray[np.float64]
    required_kwh: NDArray[np.float64]
    floor_kwh: NDArray[np.float64]
    truck: NDArray[np.float64]


@inner_kernel
def begin_trip(
    row: int, direct_km: float, trips: TripRows, limits: Limits, plans: PlanRows
) -> tuple[Truck, tuple[float, float, float, float, float]]:
    """Truck of a trip and its state on entering the roads, which begin the trip's row.

    Without a way, of which ``direct_km`` is not finite, that is all there is to write.
    """
    # A row of its own: threads that share an array lose time counting its users.
    truck = truck_of(trips.truck[row].copy())
    entry = entry_state(
        trips.departure_h[row], trips.initial_kwh[row], trips.abroad_before_km[row], truck, limits
    )
    trip = plans.trip[row]
    for column in range(len(trip)):
        trip[column] = np.nan
    plans.n_stops[row] = 0
    trip[ENTRY_H], trip[ENTRY_KWH] = entry[0], entry[1]
    trip[UNPLUGGED_BREAKS], trip[UNPLUGGED_RESTS] = 0.0, 0.0
    trip[LOOKED_KM], trip[FIRST_TRY], trip[IS_EXACT] = np.inf, 1.0, 1.0
    if np.isfinite(direct_km):
        trip[DIRECT_KM] = direct_km
    else:
        plans.status[row] = NO_ROUTE
    return truck, entry


@inner_kernel
def search_corridor(
    labels: Labels,
    outcomes: NDArray[np.float64],
    start: tuple[float, float, float, float, float],
    truck: Truck,
    corridor: Corridor,
    row: int,
    choice: Choice,
    trips: TripRows,
    limits: Limits,
    plans: PlanRows,
) -> tuple[Labels, NDArray[np.float64], bool]:
    """Look for the best plan of a trip in a corridor and write it where there is one.

    A trip that has a plan, of fewer sites, keeps it where a coarser search finds none that arrives
    earlier.

    Returns
    -------
    labels, outcomes
        The working memory, perhaps grown.
    is_found : bool
    """
    n_candidates = len(corridor.site_idx)
    places = np.empty((n_candidates + 1, N_PLACE_COLUMNS))
    fill_penalties(
        choice.taste_key,
        trips.trip_id[row],
        choice.site_hash,
        corridor.site_idx,
        choice.taste_scale_h,
        places[:n_candidates, PENALTY_H],
    )
    needs = needs_of(truck, trips.required_kwh[row], trips.floor_kwh[row])
    ends = np.empty((n_candidates + 1, n_candidates + 1), np.int32)
    demand = Demand(truck, needs, limits, places, choice.queues, ends)
    head = np.empty(n_candidates, np.int64)
    labels, outcomes = search(labels, start, corridor, demand, head, outcomes, choice.most_states)
    best = labels.register[BEST]
    trip = plans.trip[row]
    is_coarse = labels.register[IS_COARSE] == 1
    if best >= 0 and is_coarse and plans.status[row] == SERVED:
        trip[IS_EXACT] = 0.0
        if labels.value[best, CLOCK_H] >= trip[ARRIVAL_H]:
            return labels, outcomes, True
    if best >= 0:
        trip[ENTRY_H], trip[ENTRY_KWH] = start[0], start[1]
        trip[UNPLUGGED_BREAKS], trip[UNPLUGGED_RESTS] = 0.0, 0.0
        trip[IS_EXACT] = 0.0 if is_coarse else 1.0
        plans.status[row] = SERVED
        plans.n_stops[row] = write_plan(
            trip, stops_of(plans, row), unplugged_of(plans, row), labels, best, corridor, demand
        )
    return labels, outcomes, best >= 0


@inner_kernel
def sites_that_may_help(
    origin: int,
    destination: int,
    start: tuple[float, float, float, float, float],
    longest_h: float,
    is_closed: NDArray[np.bool_],
    choice: Choice,
    limits: Limits,
) -> NDArray[np.int32]:
    """Open sites through which a truck can arrive within ``longest_h`` hours, as far as is known.

    As if it could turn at the closed ones.
    """
    n_sites = len(choice.site_hash)
    site_idx = np.empty(n_sites, np.int32)
    n_found = 0
    for site in range(n_sites):
        drive_h = choice.least_from_h[origin, site] + choice.least_to_h[destination, site]
        if is_closed[site] or drive_h > longest_h + TOLERANCE:
            continue
        stop_h = least_stop_h(drive_h, start[2], start[3], -1.0, 0.0, start[0], start[4], limits)
        if drive_h + stop_h <= longest_h + TOLERANCE:
            site_idx[n_found] = site
            n_found += 1
    return site_idx[:n_found].copy()


@inner_kernel
def those_that_do_help(
    site_idx: NDArray[np.int32],
    origin: int,
    destination: int,
    start: tuple[float, float, float, float, float],
    longest_h: float,
    legs: Legs,
    limits: Limits,
) -> NDArray[np.int32]:
    """Of sites that may help, those through which a truck arrives within ``longest_h`` hours.

    Least ways through them lead past none but them: whoever turns at a site comes through it.
    """
    n_sites = len(site_idx)
    from_h, to_h = np.empty(n_sites), np.empty(n_sites)
    for i in range(n_sites):
        from_h[i] = legs.from_origin_h[origin, site_idx[i]]
        to_h[i] = legs.to_destination_h[destination, site_idx[i]]
    is_changed = True
    while is_changed:
        is_changed = False
        for i in range(n_sites):
            for j in range(n_sites):
                leg_h = legs.between_h[site_idx[i], site_idx[j]]
                if from_h[i] + leg_h < from_h[j]:
                    from_h[j] = from_h[i] + leg_h
                    is_changed = True
                if leg_h + to_h[j] < to_h[i]:
                    to_h[i] = leg_h + to_h[j]
                    is_changed = True
    does_help = np.empty(n_sites, np.bool_)
    for i in range(n_sites):
        drive_h = from_h[i] + to_h[i]
        does_help[i] = drive_h <= longest_h + TOLERANCE
        if does_help[i]:
            stop_h = least_stop_h(
                drive_h, start[2], start[3], -1.0, 0.0, start[0], start[4], limits
            )
            does_help[i] = drive_h + stop_h <= longest_h + TOLERANCE
    return site_idx[does_help]


@inner_kernel(inline="always")
def plan_pair(
    pair: int,
    legs: Legs,
    choice: Choice,
    queues: KnownQueues,
    trips: TripRows,
    limits: Limits,
    plans: PlanRows,
) -> None:
    """Plan all trips of an OD pair.

    ``queues`` are those with all trucks; from the ones in ``choice`` each truck is taken out while
    it is planned.
    """
    origin, destination = trips.pair_origin[pair], trips.pair_destination[pair]
    direct_km = legs.direct_km[origin, destination]
    labels = empty_labels(256)
    outcomes = np.empty((16, N_OUTCOME_COLUMNS))
    nearest_km = np.inf
    for site in range(len(legs.is_closed)):
        if not legs.is_closed[site]:
            nearest_km = min(nearest_km, legs.from_origin_km[origin, site])
    corridor = corridor_through(legs, origin, destination, np.empty(0, np.int32))
    width = -1
    for row in range(trips.first_trip[pair], trips.first_trip[pair + 1]):
        truck, entry = begin_trip(row, direct_km, trips, limits, plans)
        if not np.isfinite(direct_km):
            continue
        trip = plans.trip[row]
        if entry[1] < trips.floor_kwh[row] - TOLERANCE:
            plans.status[row] = STARTS_BELOW_MINIMUM
            continue
        plans.status[row] = NO_SITE_IN_RANGE
        stretch = leave_queues(queues, row, choice.queues.free_h)
        for border_charge in range(N_BORDER_CHARGES):
            start = entry
            if border_charge != AS_IT_COMES:
                trip[FIRST_TRY] = 0.0
                charged_kwh = truck.hpc_to_kwh - entry[1]
                if border_charge == TO_FIRST_SITE:
                    end_kwh = trips.required_kwh[row] + direct_km * truck.kwh_per_km
                    site_kwh = truck.min_kwh + nearest_km * truck.kwh_per_km
                    charged_kwh = min(charged_kwh, min(end_kwh, site_kwh) - entry[1])
                if trips.abroad_before_km[row] <= TOLERANCE or charged_kwh <= TOLERANCE:
                    continue
                start = charged_at_border(entry, charged_kwh, truck, limits)
            needs = needs_of(truck, trips.required_kwh[row], trips.floor_kwh[row])
            if not may_set_out(start[1], nearest_km, direct_km, needs):
                continue
            is_found = False
            looked_km = -np.inf
            for attempt in range(len(choice.detour_km)):
                if attempt != width:
                    corridor = corridor_of(legs, origin, destination, choice.detour_km[attempt])
                    width = attempt
                looked_km = max(looked_km, choice.detour_km[attempt])
                labels, outcomes, is_found = search_corridor(
                    labels, outcomes, start, truck, corridor, row, choice, trips, limits, plans
                )
                if is_found:
                    break
            if not is_found:
                continue
            if choice.taste_scale_h == 0.0:
                longest_h = trip[ARRIVAL_H] - start[0]
                site_idx = sites_that_may_help(
                    origin, destination, start, longest_h, legs.is_closed, choice, limits
                )
                if not holds_all(corridor, site_idx):
                    site_idx = those_that_do_help(
                        site_idx, origin, destination, start, longest_h, legs, limits
                    )
                if not holds_all(corridor, site_idx):
                    exact = corridor_through(legs, origin, destination, site_idx)
                    labels, outcomes, is_found = search_corridor(
                        labels, outcomes, start, truck, exact, row, choice, trips, limits, plans
                    )
            elif border_charge == AS_IT_COMES:
                trip[LOOKED_KM] = looked_km
            break
        join_again(queues, stretch, choice.queues.free_h)


@kernel(nogil=True)
def plan_pairs(
    first_pair: int,
    last_pair: int,
    legs: Legs,
    choice: Choice,
    trips: TripRows,
    limits: Limits,
    plans: PlanRows,
) -> None:
    """Plan the trips of some OD pairs.

    Runs without the interpreter's lock and writes the rows of these pairs only, so that batches
    run side by side in threads; ``prange`` would do the same and take 15 s to compile.
    """
    own = Choice(
        choice.detour_km,
        choice.taste_key,
        choice.taste_scale_h,
        choice.site_hash,
        copy_of(choice.queues),
        choice.least_from_h,
        choice.least_to_h,
        choice.most_states,
    )
    for pair in range(first_pair, last_pair):
        plan_pair(pair, legs, own, choice.queues, trips, limits, plans)
