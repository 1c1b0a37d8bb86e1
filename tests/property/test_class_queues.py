"""Queues with points of two classes: a plain twin, simpy, and the queues of one class."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimization.allocation import allocate
from planner.optimization.class_mixes import FAST, MIXED, SLOW, MixTables
from planner.optimization.class_swap import SwapQuestion, most_swapped, swap_steps
from planner.optimization.class_tables import class_arrivals
from planner.simulation.charging_demand import ChargingDemand
from planner.simulation.class_demand import ClassDemand
from planner.simulation.class_queues import ClassLayout, ClassResult, simulate_classes
from planner.simulation.drawn_energy import draws_at_full_power, joined
from planner.simulation.queues import ChargerLayout, simulate

N_SITES = 2


@dataclass
class Stop:
    site: int
    is_hpc: bool
    plug_h: float
    extra_hold_h: float
    slower_h: float
    fallback_h: float
    next_leg_h: float

    @property
    def hold_h(self) -> float:
        return self.plug_h + self.extra_hold_h

    def at_high_power(self, *, is_slow: bool, after_rejection: bool) -> tuple[float, float]:
        """Time at the point, and to departure."""
        plug_h, hold_h = self.plug_h, self.hold_h
        if after_rejection:
            plug_h = hold_h = self.fallback_h
        if not is_slow:
            return plug_h, hold_h
        return plug_h + self.slower_h, max(hold_h, plug_h + self.slower_h)


@dataclass
class Trip:
    first_arrival_h: float
    takes: str
    stops: list[Stop]


def trucks_of(trips: list[Trip], *, spares_fast: bool = False) -> ClassDemand:
    stops = [(trip, stop) for trip in trips for stop in trip.stops]

    def column(value, dtype=np.float64):
        return np.array([value(trip, stop) for trip, stop in stops], dtype)

    energy_kwh = np.full(len(stops), 100.0)
    draws = draws_at_full_power(energy_kwh, 1000.0, column(lambda _, s: s.plug_h))
    demand = ChargingDemand(
        n_sites=N_SITES,
        start_h=0.0,
        horizon_h=24.0,
        trip_idx=np.arange(len(trips)),
        trip_stop_offset=np.cumsum([0, *(len(trip.stops) for trip in trips)]),
        plan_stop_idx=np.arange(len(stops)),
        stop_site_idx=column(lambda _, s: s.site, np.int32),
        stop_is_hpc=column(lambda _, s: s.is_hpc, np.bool_),
        stop_plug_h=column(lambda _, s: s.plug_h),
        stop_hold_h=column(lambda _, s: s.hold_h),
        stop_next_leg_h=column(lambda _, s: s.next_leg_h),
        stop_energy_kwh=energy_kwh,
        stop_fallback_plug_h=column(lambda _, s: s.fallback_h),
        first_arrival_h=np.array([trip.first_arrival_h for trip in trips]),
        draws=joined(draws, draws),
    )
    slow = column(lambda _, s: s.at_high_power(is_slow=True, after_rejection=not s.is_hpc)).reshape(
        -1, 2
    )
    return ClassDemand(
        demand,
        energy_kwh,
        slow[:, 0],
        slow[:, 1],
        column(lambda t, _: "f" in t.takes, np.bool_),
        column(lambda t, _: "s" in t.takes, np.bool_),
        draws,
        spares_fast,
    )


def leaves_earlier(fast_h: float, slow_h: float, *, spares_fast: bool) -> str:
    if fast_h == slow_h:
        return "slow" if spares_fast else "fast"
    return "fast" if fast_h < slow_h else "slow"


def plain_simulation(trips: list[Trip], layout: dict, *, spares_fast: bool) -> list[dict]:
    """One heap over all trucks, one heap of release times for each class at each site."""
    points = {key: [-math.inf] * n for key, n in layout.items()}
    order = sorted(range(len(trips)), key=lambda i: (trips[i].first_arrival_h, i))
    events = [(trips[i].first_arrival_h, rank, i, 0, False) for rank, i in enumerate(order)]
    heapq.heapify(events)
    outcome: dict[tuple[int, int], dict] = {}
    while events:
        now, rank, i, position, rejected = heapq.heappop(events)
        trip, stop = trips[i], trips[i].stops[position]
        has_high = layout["fast", stop.site] + layout["slow", stop.site] > 0
        if not stop.is_hpc and not rejected:
            free = points["lpc", stop.site]
            if has_high and (not free or free[0] > now):
                heapq.heappush(events, (now + stop.hold_h, rank, i, position, True))
                continue
            kind, plug_h, hold_h = "lpc", stop.plug_h, stop.hold_h
        else:
            leaves = dict.fromkeys(("fast", "slow"), math.inf)
            for kind in leaves:
                if kind[0] in trip.takes and points[kind, stop.site]:
                    hold_h = stop.at_high_power(is_slow=kind == "slow", after_rejection=rejected)[1]
                    leaves[kind] = max(now, points[kind, stop.site][0]) + hold_h
            kind = leaves_earlier(leaves["fast"], leaves["slow"], spares_fast=spares_fast)
            plug_h, hold_h = stop.at_high_power(is_slow=kind == "slow", after_rejection=rejected)
        free = points[kind, stop.site]
        plug_in = max(now, free[0])
        heapq.heapreplace(free, plug_in + plug_h)
        outcome[i, position] = {
            "queue": now,
            "plug_in": plug_in,
            "release": plug_in + plug_h,
            "departure": plug_in + hold_h,
            "kind": kind,
        }
        if position + 1 < len(trip.stops):
            follow = plug_in + (hold_h + stop.next_leg_h)
            heapq.heappush(events, (follow, rank, i, position + 1, False))
    return [outcome[key] for key in sorted(outcome)]


# Eighths of an hour are exact in binary, so that trucks often leave alike from both classes.
eighths = st.integers(1, 10).map(lambda k: k / 8)
none_or_some = st.integers(0, 8).map(lambda k: k / 8)
stops = st.builds(
    Stop,
    st.integers(0, N_SITES - 1),
    st.sampled_from([True, True, False]),
    eighths,
    none_or_some,
    none_or_some,
    eighths,
    st.one_of(none_or_some, st.floats(0.0, 100.0)),
)
fleets = st.lists(
    st.builds(
        Trip,
        st.integers(0, 120).map(lambda k: k / 8),
        st.sampled_from(["fs", "fs", "f", "s"]),
        st.lists(stops, min_size=1, max_size=3),
    ),
    max_size=25,
)
counts = st.lists(st.integers(1, 3), min_size=N_SITES, max_size=N_SITES)
lpc_counts = st.lists(st.integers(0, 2), min_size=N_SITES, max_size=N_SITES)


def layout_of(fast, slow, lpc) -> tuple[ClassLayout, dict]:
    by_class = {"fast": fast, "slow": slow, "lpc": lpc}
    plain = {(kind, site): n for kind, of in by_class.items() for site, n in enumerate(of)}
    return ClassLayout(*(np.array(of, np.int32) for of in by_class.values())), plain


def assert_same(result: ClassResult, expected: list[dict]) -> None:
    queues = result.queues
    for name, found in (
        ("queue", queues.queue_h),
        ("plug_in", queues.plug_in_h),
        ("release", queues.release_h),
        ("departure", queues.departure_h),
    ):
        np.testing.assert_allclose(found, [row[name] for row in expected], atol=1e-9, rtol=0.0)
    assert result.is_slow.tolist() == [row["kind"] == "slow" for row in expected]
    assert queues.is_hpc.tolist() == [row["kind"] != "lpc" for row in expected]


@settings(max_examples=80, deadline=None)
@given(fleets, counts, counts, lpc_counts, st.booleans())
def test_equals_a_plain_simulation(trips, fast, slow, lpc, spares_fast):
    layout, plain = layout_of(fast, slow, lpc)
    result = simulate_classes(trucks_of(trips, spares_fast=spares_fast), layout)
    assert_same(result, plain_simulation(trips, plain, spares_fast=spares_fast))
    assert (result.longer_charging_h >= 0.0).all()


@settings(max_examples=50, deadline=None)
@given(fleets, counts, lpc_counts)
def test_points_of_the_faster_class_alone_give_the_queues_of_one_class(trips, fast, lpc):
    for trip in trips:
        trip.takes = "fs"
    trucks = trucks_of(trips)
    layout, _ = layout_of(fast, [0] * N_SITES, lpc)
    found = simulate_classes(trucks, layout).queues
    of_one = simulate(trucks.demand, ChargerLayout(layout.n_fast, layout.n_lpc))
    for name in ("arrival_h", "queue_h", "plug_in_h", "release_h", "departure_h"):
        np.testing.assert_array_equal(getattr(found, name), getattr(of_one, name))


class _Class:
    """Points of one class in simpy: the queue is its own, the end of each session is known."""

    def __init__(self, environment: simpy.Environment, n_points: int) -> None:
        self.points = simpy.Resource(environment, n_points)
        self.ends_h: dict[simpy.resources.resource.Request, float] = {}
        self.takes_h: dict[simpy.resources.resource.Request, float] = {}

    def next_start_h(self, now_h: float) -> float:
        """When a truck that joins now is served: those before it go first, each as it can."""
        ends = sorted(self.ends_h[each] for each in self.points.users)
        ends += [now_h] * (self.points.capacity - len(ends))
        heapq.heapify(ends)
        for waiting in self.points.queue:
            heapq.heapreplace(ends, ends[0] + self.takes_h[waiting])
        return ends[0]


def in_simpy(arrivals, n_fast: int, n_slow: int) -> list[tuple[str, float]]:
    """Class and start of trucks that look at the state of both queues when they come."""
    environment = simpy.Environment()
    classes = {"fast": _Class(environment, n_fast), "slow": _Class(environment, n_slow)}
    found: list[tuple[str, float]] = []

    def truck(number: int, arrival_h: float, lasts_h: dict[str, float]):
        yield environment.timeout(arrival_h)
        now_h = environment.now
        leaves = {kind: each.next_start_h(now_h) + lasts_h[kind] for kind, each in classes.items()}
        kind = leaves_earlier(leaves["fast"], leaves["slow"], spares_fast=False)
        chosen = classes[kind]
        request = chosen.points.request()
        chosen.takes_h[request] = lasts_h[kind]
        with request:
            if not request.triggered:
                yield request
            found[number] = (kind, environment.now)
            chosen.ends_h[request] = environment.now + lasts_h[kind]
            yield environment.timeout(lasts_h[kind])

    for number, (arrival_h, fast_h, slow_h) in enumerate(arrivals):
        found.append(("", math.nan))
        environment.process(truck(number, arrival_h, {"fast": fast_h, "slow": slow_h}))
    environment.run()
    return found


@pytest.mark.parametrize(("n_fast", "n_slow"), [(1, 1), (3, 2), (2, 6)])
def test_equals_a_queue_of_two_kinds_of_servers_in_simpy(n_fast, n_slow):
    generator = np.random.default_rng(5)
    n = 400
    arrival_h = np.sort(generator.uniform(0.0, 40.0 * 3 / (n_fast + n_slow) * 4, n))
    fast_h = generator.uniform(0.1, 0.75, n)
    slow_h = fast_h * generator.uniform(1.0, 2.5, n)
    trips = [
        Trip(float(at), "fs", [Stop(0, True, float(f), 0.0, float(s - f), 1.0, 0.0)])
        for at, f, s in zip(arrival_h, fast_h, slow_h, strict=True)
    ]
    trucks = trucks_of(trips)
    trucks = replace(trucks, slow_plug_h=slow_h, slow_hold_h=slow_h)
    layout, _ = layout_of([n_fast, 0], [n_slow, 0], [0, 0])
    result = simulate_classes(trucks, layout)
    expected = in_simpy(zip(arrival_h, fast_h, slow_h, strict=True), n_fast, n_slow)
    assert ["slow" if slow else "fast" for slow in result.is_slow] == [kind for kind, _ in expected]
    np.testing.assert_allclose(result.queues.plug_in_h, [at for _, at in expected], atol=1e-6)
    assert 0.05 < result.is_slow.mean() < 0.95
    assert (result.queues.wait_h > 0.0).mean() > 0.1


def test_a_site_without_the_connector_of_its_trucks_is_refused():
    trips = [Trip(1.0, "s", [Stop(1, True, 0.5, 0.0, 0.5, 1.0, 0.0)])]
    layout, _ = layout_of([1, 1], [1, 0], [0, 0])
    with pytest.raises(ValueError, match="no point with the connector"):
        simulate_classes(trucks_of(trips), layout)


@settings(max_examples=40, deadline=None)
@given(fleets, counts, counts, st.booleans())
def test_tables_tell_the_time_lost_where_nobody_stops_twice(trips, fast, slow, spares_fast):
    for trip in trips:
        trip.stops = trip.stops[:1]
        trip.stops[0].is_hpc = True
    trucks = trucks_of(trips, spares_fast=spares_fast)
    layout, _ = layout_of(fast, slow, [0] * N_SITES)
    result = simulate_classes(trucks, layout)
    counted = result.queues.queue_h < 24.0
    expected = np.bincount(
        trucks.demand.stop_site_idx[counted], result.lost_h[counted], minlength=N_SITES
    )
    found = class_arrivals(trucks, result).lost_h(np.arange(N_SITES), np.array(fast), slow)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def few_trips(n: int, takes: str = "fs") -> list[Trip]:
    generator = np.random.default_rng(4)
    return [
        Trip(
            float(generator.uniform(0.0, 6.0)),
            takes,
            [Stop(int(generator.integers(N_SITES)), True, 0.5, 0.0, 0.4, 1.0, 0.0)],
        )
        for _ in range(n)
    ]


def test_no_other_choice_of_sites_swaps_as_many_points_at_less_time():
    trucks = trucks_of(few_trips(40))
    n_points = np.array([5, 4], np.int32)
    none = np.zeros(N_SITES, np.int32)
    asked = SwapQuestion(trucks, n_points, none, none)
    first = asked.with_slow(none)
    steps = swap_steps(class_arrivals(trucks, first.result), asked)
    assert steps.totals[-1] == n_points.sum()
    for total in steps.totals:
        n_slow = allocate(steps, int(total))
        of_total = [
            asked.with_slow(np.array([a, total - a], np.int32)).mean_lost_min
            for a in range(n_points[0] + 1)
            if 0 <= total - a <= n_points[1]
        ]
        assert asked.with_slow(n_slow).mean_lost_min == pytest.approx(min(of_total), abs=1e-9)


def test_one_point_more_would_lose_more_time_than_allowed():
    trucks = trucks_of(few_trips(40))
    n_points = np.array([5, 4], np.int32)
    none = np.zeros(N_SITES, np.int32)
    asked = SwapQuestion(trucks, n_points, none, none)
    known = [asked.with_slow(none), asked.with_slow(n_points)]
    found = most_swapped(asked, known, 2.0)
    limit_min = known[0].mean_lost_min + 2.0
    assert 0 < found.n_swapped < n_points.sum()
    assert found.mean_lost_min <= limit_min
    assert asked.swap(found.n_swapped + 1, found).mean_lost_min > limit_min


def test_the_mix_of_least_cost_is_the_least_entry_of_each_site():
    tables = MixTables(
        n_sites=2,
        site=np.array([0, 0, 0, 1, 1]),
        n_fast=np.array([1, 0, 2, 1, 0], np.int32),
        n_slow=np.array([0, 1, 0, 0, 2], np.int32),
        operator_eur_day=np.array([10.0, 6.0, 20.0, 10.0, 12.0]),
        lost_h_day=np.array([3.0, 6.0, 0.0, 2.0, 0.0]),
    )
    cheap, dear = tables.cheapest(MIXED, 1.0), tables.cheapest(MIXED, 5.0)
    assert [of.tolist() for of in cheap] == [[0, 1], [1, 0]]
    assert [of.tolist() for of in dear] == [[2, 0], [0, 2]]
    assert [of.tolist() for of in tables.cheapest(FAST, 1.0)] == [[1, 1], [0, 0]]
    assert tables.cheapest(SLOW, 1.0)[1].tolist() == [1, 2]
