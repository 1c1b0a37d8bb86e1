"""The stop planner against an enumeration of all plans."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.routing.drivers import Drivers
from planner.routing.known_queues import KnownQueues
from planner.routing.stop_planner import plan_stops
from planner.routing.stop_plans import MOST_STATES, StopKind, TripStatus
from planner.scenario.driver_behaviour import DriverBehaviour
from planner.simulation.driving_invariants import check_driving
from tests.property.stop_plan_enumeration import (
    KEY,
    TINY,
    Enumeration,
    leg,
    overnight_delay,
    wait,
)
from tests.property.stop_planner_cases import (
    random_case,
    with_calendar,
    with_curves,
    with_full_overnight_points,
    with_split_breaks,
)

FLOOR_SHARE = 0.1


def planned(case, **changes):
    trips = changes.get("trips", case.trips)
    return plan_stops(
        case.graph,
        case.sites,
        trips,
        drivers_of(case),
        known=known_queues(case, trips.n_trips),
        most_states=changes.get("most_states", MOST_STATES),
    )


def drivers_of(case):
    behaviour = DriverBehaviour(stop_cost_min=60.0 * case.stop_cost_h)
    return Drivers(case.vehicles, case.rules, case.charging, case.choice, np.uint64(KEY), behaviour)


def known_queues(case, n_trips):
    """One high-power and one overnight point at each site, none of whose trucks is planned."""
    if case.joined_h is None:
        return None
    full_h = (
        np.full(case.sites.n_sites, 1e3) if case.lpc_full_from_h is None else (case.lpc_full_from_h)
    )
    joined_h = np.append(case.joined_h.ravel(), full_h)
    free_h = np.append(case.free_h.ravel(), np.full(case.sites.n_sites, 2e3))
    n_hpc, n_sites = case.joined_h.size, case.sites.n_sites
    return KnownQueues(
        station_offset=np.append(
            np.arange(0, n_hpc, case.joined_h.shape[1]), n_hpc + np.arange(n_sites + 1)
        ),
        n_points=np.ones(2 * n_sites, np.int32),
        joined_h=joined_h,
        plug_in_h=joined_h,
        plug_h=free_h - joined_h,
        free_h=free_h,
        longest_h=np.full(2 * n_sites, 2e3),
        own_offset=np.zeros(n_trips + 1, np.int64),
        own_session=np.empty(0, np.int64),
    )


def check_trip(case, plans, trip):
    enumeration = Enumeration(case, trip)
    energy = enumeration.entry[1]
    floor = min(enumeration.minimum, FLOOR_SHARE * enumeration.battery)
    status = TripStatus(plans.status[trip])
    if energy < floor - TINY:
        assert status in (TripStatus.STARTS_BELOW_MINIMUM, TripStatus.NO_ROUTE)
        return
    if math.isinf(leg(case, enumeration.speed, enumeration.origin, enumeration.destination)[0]):
        assert status == TripStatus.NO_ROUTE
        return
    widths_km = (*case.choice.corridor_detour_km, math.inf)
    if case.choice.taste_scale_h == 0.0:
        widths_km = (math.inf,)
    by_length = Enumeration(replace(case, weight="km", legs={}, paths={}), trip)
    for least in floors(enumeration, by_length, floor):
        for each, widths in ((enumeration, widths_km), (by_length, (math.inf,))):
            each.floor = least
            for entry in each.entries():
                each.entry = entry
                for width_km in widths:
                    if is_best_or_missing(each, plans, width_km):
                        return
    if energy < enumeration.minimum - TINY:
        assert status == TripStatus.STARTS_BELOW_MINIMUM
    else:
        assert status in (TripStatus.NO_SITE_IN_RANGE, TripStatus.STARTS_TOO_LOW)
    assert plans.entry_h[trip] == pytest.approx(enumeration.enter()[0], abs=1e-9)


def floors(enumeration, by_length, floor):
    """Least energies at the first site in the order they are tried.

    Only who starts low comes there below the minimum: who would be served, had he started full.
    """
    if enumeration.entry[1] >= enumeration.minimum - TINY:
        yield enumeration.minimum
        if enumeration.case.trips.abroad_before_km[enumeration.trip] > 0.0:
            return
        full = Enumeration(by_length.case, by_length.trip)
        clock, _, *counters = full.entry
        full.entry = clock, full.battery, *counters
        if not full.has_plan(math.inf, 5):
            return
    yield floor


def is_best_or_missing(enumeration, plans, width_km):
    """Compare with the enumeration; whether it is settled: it has a plan or cannot have one."""
    trip = enumeration.trip
    penalty = enumeration.penalties(width_km)
    first, last = plans.stop_offset[trip : trip + 2]
    stops = plans.stop_site_idx[first:last]
    cost = math.inf
    enters_so = abs(plans.entry_h[trip] - enumeration.entry[0]) < 1e-9
    # A plan that comes to its first site lower is one of a later try.
    keeps = plans.stop_arrival_soc_share[first:last][:1] * enumeration.battery
    holds_floor = (keeps >= enumeration.floor - TINY).all()
    if plans.is_served[trip] and enters_so and holds_floor and set(stops) <= set(penalty):
        cost = plans.arrival_h[trip] - plans.entry_h[trip] + sum(penalty[s] for s in stops)
    for depth in (3, 4, 5):
        least = enumeration.best(width_km, depth, cost + 1e-6)
        assert least >= cost - 1e-9
        # Deeper only for plans that the shallow enumeration cannot hold: the planner's has
        # more stops or passes a site unplugged.
        if least == pytest.approx(cost, abs=1e-9) or (last - first) > depth:
            break
    if (last - first) > depth:
        return True
    assert least == pytest.approx(cost, abs=1e-9), (trip, width_km)
    return not math.isinf(least)


def check_against_enumerated_plans(seed):
    case = random_case(seed)
    if seed % 3 == 0:
        case = with_curves(case, seed)
    plans = planned(case)
    for trip in range(case.trips.n_trips):
        check_trip(case, plans, trip)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
@example(11993)  # a break before the queue costs nothing while the queue gets shorter
@example(1148)  # earlier and cheaper, yet the longer wait ahead costs the lead
def test_no_enumerated_plan_is_better_and_the_planned_cost_is_among_them(seed):
    check_against_enumerated_plans(seed)


@pytest.mark.proof
@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_no_enumerated_plan_is_better_in_many_more_cases(seed):
    check_against_enumerated_plans(seed)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_no_enumerated_plan_is_better_where_days_differ_and_bans_stop_trucks(seed):
    case = with_calendar(random_case(seed), seed)
    plans = planned(case)
    check_driving(plans, case.trips, drivers_of(case))
    for trip in range(case.trips.n_trips):
        check_trip(case, plans, trip)


# Every site, both kinds of way and every entry are enumerated here: some seconds an example.
@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_no_enumerated_plan_is_better_where_overnight_points_may_be_taken(seed):
    case = with_full_overnight_points(random_case(seed), seed)
    plans = planned(case)
    for trip in range(case.trips.n_trips):
        check_trip(case, plans, trip)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_plans_add_up(seed, may_be_full):
    case = random_case(seed, n_trips=20)
    if seed % 3 == 0:
        case = with_curves(case, seed)
    if may_be_full:
        case = with_full_overnight_points(case, seed)
    plans = planned(case)
    assert plans.is_exact.all()
    check_that_plans_add_up(case, plans)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_a_coarser_search_keeps_all_rules_and_misses_no_trip(seed, most_states):
    case = random_case(seed, n_trips=20)
    case.choice = replace(case.choice, taste_scale_h=0.0)
    if seed % 3 == 0:
        case = with_calendar(case, seed)
    if seed % 3 == 1:
        case.rules = with_split_breaks(case.rules)
    plans, exact = planned(case, most_states=most_states), planned(case)
    check_that_plans_add_up(case, plans)
    np.testing.assert_array_equal(plans.status, exact.status)
    np.testing.assert_array_equal(plans.entry_h, exact.entry_h)
    served = exact.is_served
    assert np.all(plans.arrival_h[served] >= exact.arrival_h[served] - 1e-9)
    is_exact = served & plans.is_exact
    np.testing.assert_array_equal(plans.arrival_h[is_exact], exact.arrival_h[is_exact])


@pytest.mark.parametrize(("seed", "most_states"), [(205, 5), (216, 5), (216, 20)])
def test_a_coarser_search_among_more_sites_gives_up_no_plan_that_arrives_earlier(seed, most_states):
    case = random_case(seed, n_trips=20)
    case.choice = replace(case.choice, taste_scale_h=0.0)
    plans = planned(case, most_states=most_states)
    # With draws, however small, a plan is looked for among the sites along the way alone.
    case.choice = replace(case.choice, taste_scale_h=1e-12)
    along = planned(case, most_states=most_states)
    served = plans.is_served
    np.testing.assert_array_equal(along.is_served, served)
    assert not plans.is_exact[served].all()
    assert np.all(plans.arrival_h[served] <= along.arrival_h[served] + 1e-6)


def check_that_plans_add_up(case, plans):
    trips = case.trips
    check_driving(plans, trips, drivers_of(case))
    for trip in np.flatnonzero(plans.is_served):
        vehicle = case.vehicles[trips.vehicle_class_idx[trip]]
        per_km = Enumeration(case, trip).per_km
        stops = slice(*plans.stop_offset[trip : trip + 2])
        charged = plans.stop_energy_kwh[stops]
        hpc = Enumeration(case, trip).hpc
        arrival_kwh = plans.stop_arrival_soc_share[stops] * vehicle.battery_kwh
        overhead_h = case.charging.plug_overhead_h
        waits = [
            overnight_delay(case, site, clock, hpc.hours(arrived, energy) + overhead_h)
            if kind == StopKind.LPC_REST
            else wait(case, site, clock)
            for site, clock, kind, arrived, energy in zip(
                plans.stop_site_idx[stops],
                plans.stop_arrival_h[stops],
                plans.stop_kind[stops],
                arrival_kwh,
                charged,
                strict=True,
            )
        ]
        unplugged_h = (
            plans.unplugged_length_h[slice(*plans.unplugged_offset[trip : trip + 2])]
            + case.stop_cost_h
        ).sum() + len(charged) * case.stop_cost_h
        hold_h = plans.stop_hold_h[stops]
        next_leg_h = plans.stop_next_leg_h[stops]
        total_h = plans.first_leg_h[trip] + sum(hold_h) + sum(next_leg_h) + sum(waits)
        assert plans.arrival_h[trip] - plans.entry_h[trip] == pytest.approx(total_h, abs=1e-9)
        assert plans.drive_h[trip] + unplugged_h == pytest.approx(
            plans.first_leg_h[trip] + sum(next_leg_h), abs=1e-9
        )
        balance = plans.entry_soc_share[trip] - plans.final_soc_share[trip]
        balance *= vehicle.battery_kwh
        assert balance + sum(charged) == pytest.approx(plans.distance_km[trip] * per_km, abs=1e-8)
        assert np.all(charged > 0)
        assert np.all(plans.stop_plug_h[stops] > 0)
        assert np.all(plans.stop_plug_h[stops] <= hold_h + 1e-12)
        after = plans.stop_arrival_soc_share[stops] + charged / vehicle.battery_kwh
        assert np.all(after <= 1 + 1e-9)
        least = np.full(len(charged), vehicle.min_soc_share)
        least[:1] = min(FLOOR_SHARE, vehicle.min_soc_share)
        assert np.all(plans.stop_arrival_soc_share[stops] >= least - 1e-9)
        assert plans.final_soc_share[trip] >= vehicle.min_soc_share - 1e-9
        reached_h = plans.entry_h[trip] + plans.first_leg_h[trip]
        for k, wait_h in enumerate(waits):
            assert plans.stop_arrival_h[stops][k] == pytest.approx(reached_h, abs=1e-9)
            reached_h += wait_h + hold_h[k] + next_leg_h[k]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_a_trip_is_planned_the_same_in_any_company(seed, random):
    case = random_case(seed, n_trips=8)
    order = list(range(8))
    random.shuffle(order)
    some = np.array(order[:5])
    together, apart = planned(case), planned(case, trips=case.trips.select(some))
    np.testing.assert_array_equal(together.arrival_h[some], apart.arrival_h)
    np.testing.assert_array_equal(together.status[some], apart.status)
    for k, trip in enumerate(some):
        stops, same = (
            plans.stop_site_idx[slice(*plans.stop_offset[i : i + 2])]
            for plans, i in ((together, trip), (apart, k))
        )
        np.testing.assert_array_equal(stops, same)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_another_site_leaves_no_trip_unserved_and_delays_none_without_draws(seed):
    case = random_case(seed, n_trips=20)
    case.choice = replace(case.choice, taste_scale_h=0.0)
    # On roads of one speed the quickest ways are the shortest; elsewhere a truck that has to take
    # the shortest may come back to a quickest way with the new site, and be later.
    one_speed = np.full(case.graph.n_arcs, 120.0)
    case.graph = replace(case.graph, arc_free_speed_kmh=one_speed)
    after = planned(case)
    fewer = replace(case, sites=case.sites.select(np.arange(case.sites.n_sites) > 0))
    if case.joined_h is not None:
        fewer.joined_h, fewer.free_h = case.joined_h[1:], case.free_h[1:]
    before = planned(fewer)
    assert np.all(after.is_served[before.is_served])
    # Whoever had to charge before the border and now finds a site may lose time there.
    same_entry = before.is_served & (before.entry_h == after.entry_h)
    assert np.all(after.arrival_h[same_entry] <= before.arrival_h[same_entry] + 1e-9)
    inland = before.is_served & (case.trips.abroad_before_km == 0.0)
    assert np.all(same_entry[inland])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_dearer_stops_are_never_more_stops_and_cost_no_less_time(seed):
    case = random_case(seed, n_trips=20)
    case.joined_h = case.free_h = None
    case.choice = replace(case.choice, taste_scale_h=0.0)
    case.trips = replace(case.trips, abroad_before_km=np.zeros(20))
    cheap, dear = planned(replace(case, stop_cost_h=0.05)), planned(replace(case, stop_cost_h=0.5))
    np.testing.assert_array_equal(cheap.status, dear.status)
    served = cheap.is_served
    n_stops = [
        np.diff(each.stop_offset) + each.n_unplugged_breaks + each.n_unplugged_rests
        for each in (cheap, dear)
    ]
    assert np.all(n_stops[1][served] <= n_stops[0][served])
    assert np.all(dear.arrival_h[served] >= cheap.arrival_h[served] - 1e-9)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_split_breaks_never_lengthen_a_trip(seed):
    case = random_case(seed, n_trips=20)
    case.joined_h = case.free_h = None
    case.choice = replace(case.choice, taste_scale_h=0.0)
    case.trips = replace(case.trips, abroad_before_km=np.zeros(20))
    whole = case.rules.model_copy(update={"split_break_h": None})
    flat = planned(replace(case, rules=whole))
    split = planned(replace(case, rules=with_split_breaks(whole)))
    np.testing.assert_array_equal(flat.status, split.status)
    assert np.all((split.arrival_h <= flat.arrival_h + 1e-9)[flat.is_served])
