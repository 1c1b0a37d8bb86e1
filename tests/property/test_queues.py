"""The queue kernel equals a plain single-heap simulation, whatever the trucks do."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from itertools import permutations

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimization.seeding import arrivals_under, hpc_arrivals
from planner.optimization.wait_tables import arrivals_by_site
from planner.routing.stop_plans import StopKind, StopPlans, TripStatus
from planner.simulation.queues import (
    ChargerLayout,
    ChargingDemand,
    evaluate_layouts,
    points_occupied,
    simulate,
    unlimited_layout,
)
from tests.bare_stop_plans import bare_stop_plans

HPC_KW, LPC_KW = 1000.0, 100.0
START_H, HORIZON_H = 1.0, 7.0
"""Most fleets have trucks that come before the start, and some after the end."""


@dataclass
class Stop:
    site: int
    kind: int
    plug_h: float
    hold_h: float
    energy_kwh: float
    next_leg_h: float


@dataclass
class Trip:
    first_arrival_h: float
    stops: list[Stop]
    is_served: bool = True


def stop_plans(trips: list[Trip]) -> StopPlans:
    stops = [stop for trip in trips for stop in trip.stops]

    def column(name: str):
        return np.array([getattr(stop, name) for stop in stops])

    return bare_stop_plans(
        [len(trip.stops) for trip in trips],
        status=np.array(
            [TripStatus.SERVED if t.is_served else TripStatus.NO_ROUTE for t in trips], np.int8
        ),
        entry_h=np.array([trip.first_arrival_h for trip in trips], np.float64),
        first_leg_h=np.zeros(len(trips)),
        stop_site_idx=column("site"),
        stop_kind=column("kind"),
        **{
            f"stop_{name}": column(name).astype(np.float64)
            for name in ("plug_h", "hold_h", "energy_kwh", "next_leg_h")
        },
    )


def plain_simulation(trips: list[Trip], n_hpc: list[int], n_lpc: list[int]) -> list[dict]:
    """One heap over all trucks, one heap of plug-free times per station."""
    plugs = {("hpc", s): [-math.inf] * n for s, n in enumerate(n_hpc)}
    plugs |= {("lpc", s): [-math.inf] * n for s, n in enumerate(n_lpc)}
    charging = sorted(
        (i for i, trip in enumerate(trips) if trip.is_served and trip.stops),
        key=lambda i: (trips[i].first_arrival_h, i),
    )
    events = [(trips[i].first_arrival_h, rank, i, 0, False) for rank, i in enumerate(charging)]
    heapq.heapify(events)
    outcome: dict[tuple[int, int], dict] = {}
    while events:
        now, rank, i, position, after_rejection = heapq.heappop(events)
        stop = trips[i].stops[position]
        row = outcome.setdefault((i, position), {"arrival": now, "rejected": after_rejection})
        wants_lpc = stop.kind == StopKind.LPC_REST and not after_rejection
        free = plugs["lpc" if wants_lpc else "hpc", stop.site]
        if wants_lpc and n_hpc[stop.site] > 0 and (not free or free[0] > now):
            row["rejected"] = True
            heapq.heappush(events, (now + stop.hold_h, rank, i, position, True))
            continue
        fallback_h = stop.energy_kwh / HPC_KW + 5.0 / 60.0
        plug_h, hold_h = (fallback_h, fallback_h) if after_rejection else (stop.plug_h, stop.hold_h)
        plug_in = max(now, free[0])
        heapq.heapreplace(free, plug_in + plug_h)
        row |= {
            "queue": now,
            "plug_in": plug_in,
            "release": plug_in + plug_h,
            "departure": plug_in + hold_h,
            "is_hpc": not wants_lpc,
            "energy": stop.energy_kwh,
        }
        if position + 1 < len(trips[i].stops):
            follow = plug_in + (hold_h + stop.next_leg_h)
            heapq.heappush(events, (follow, rank, i, position + 1, False))
    return [outcome[key] for key in sorted(outcome)]


def drawn_inside_kwh(row: dict) -> float:
    """Energy drawn inside the horizon: at full power from plug-in on."""
    plug_h = row["release"] - row["plug_in"]
    charging_h = min(row["energy"] / (HPC_KW if row["is_hpc"] else LPC_KW), plug_h)
    inside_h = min(row["plug_in"] + charging_h, START_H + HORIZON_H) - max(row["plug_in"], START_H)
    return row["energy"] * max(inside_h, 0.0) / charging_h


# Eighths of an hour are exact in binary, so that equal times are drawn often and stay equal.
eighths = st.integers(1, 12).map(lambda k: k / 8)
stops = st.builds(
    lambda site, kind, plug, extra, energy, leg: Stop(
        site, kind, plug, plug + extra, energy * 10.0, leg
    ),
    st.integers(0, 2),
    st.sampled_from(StopKind),
    eighths,
    st.integers(0, 8).map(lambda k: k / 8),
    st.integers(1, 60),
    st.one_of(st.just(0.0), eighths, st.floats(0.0, 200.0)),
)
fleets = st.lists(
    st.builds(
        Trip,
        st.one_of(st.integers(-16, 160).map(lambda k: k / 8), st.floats(-5.0, 30.0)),
        st.lists(stops, max_size=4),
        st.sampled_from([True, True, True, False]),
    ),
    max_size=25,
)
plug_counts = st.lists(st.integers(0, 3), min_size=3, max_size=3)


def usable_counts(demand: ChargingDemand, n_hpc, n_lpc):
    hpc = np.maximum(n_hpc, np.minimum(demand.n_hpc_stops_at_site, 1))
    lpc = np.where((demand.n_lpc_stops_at_site > 0) & (hpc == 0), np.maximum(n_lpc, 1), n_lpc)
    return hpc.astype(np.int32), lpc.astype(np.int32)


def demand_of(trips: list[Trip], start_h=START_H, horizon_h=HORIZON_H) -> ChargingDemand:
    return ChargingDemand.from_stop_plans(
        stop_plans(trips),
        n_sites=3,
        start_h=start_h,
        horizon_h=horizon_h,
        hpc_kw=HPC_KW,
        lpc_kw=LPC_KW,
        plug_overhead_h=5.0 / 60.0,
    )


@settings(max_examples=300, deadline=None)
@given(fleets, plug_counts, plug_counts)
def test_equals_a_single_heap(trips, n_hpc, n_lpc):
    assert_equals_a_single_heap(trips, n_hpc, n_lpc)


def assert_equals_a_single_heap(trips, n_hpc, n_lpc):
    demand = demand_of(trips)
    hpc, lpc = usable_counts(demand, n_hpc, n_lpc)
    result = simulate(demand, ChargerLayout(hpc, lpc))
    expected = plain_simulation(trips, hpc.tolist(), lpc.tolist())
    assert len(expected) == demand.n_stops
    for name, found in (
        ("arrival", result.arrival_h),
        ("queue", result.queue_h),
        ("plug_in", result.plug_in_h),
        ("release", result.release_h),
        ("departure", result.departure_h),
    ):
        np.testing.assert_allclose(
            found, [row[name] for row in expected], rtol=0.0, atol=1e-9, err_msg=name
        )
    assert result.is_hpc.tolist() == [row["is_hpc"] for row in expected]
    assert result.is_lpc_rejected.tolist() == [row["rejected"] for row in expected]


@settings(max_examples=300, deadline=None)
@given(fleets, plug_counts, plug_counts)
def test_arrivals_of_a_traced_layout_are_those_of_its_run_by_site_time_and_stop(
    trips, n_hpc, n_lpc
):
    demand = demand_of(trips)
    layout = ChargerLayout(*usable_counts(demand, n_hpc, n_lpc))
    expected = arrivals_by_site(
        *hpc_arrivals(demand, simulate(demand, layout)), demand.n_sites, demand.counted_h
    )
    for found, sought in zip(arrivals_under(demand, layout), expected, strict=True):
        assert np.array_equal(found, sought)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_arrivals_at_the_same_time_stand_in_the_order_of_the_stops(order):
    def to_the_first_site(first_arrival_h, plug_h):
        """A trip that stops elsewhere and comes to the first site at 4 h."""
        elsewhere = Stop(1, StopKind.HPC_BREAK, 0.5, 0.5, 90.0, 3.5 - first_arrival_h)
        there = Stop(0, StopKind.HPC_BREAK, plug_h, plug_h, 90.0, 0.0)
        return Trip(first_arrival_h, [elsewhere, there])

    def at_once(plug_h):
        return Trip(4.0, [Stop(0, StopKind.HPC_BREAK, plug_h, plug_h, 90.0, 0.0)])

    all_trips = [
        to_the_first_site(2.0, 0.25),
        at_once(0.5),
        to_the_first_site(1.0, 0.75),
        at_once(1),
    ]
    trips = [all_trips[i] for i in order]
    demand = demand_of(trips)
    layout = ChargerLayout(*usable_counts(demand, [4, 4, 4], [0, 0, 0]))
    offset, arrival_h, plug_h = arrivals_under(demand, layout)[:3]
    first_site = slice(offset[0], offset[1])
    assert arrival_h[first_site].tolist() == [4.0] * 4
    assert plug_h[first_site].tolist() == [trip.stops[-1].plug_h for trip in trips]


def test_who_is_late_to_the_bound_of_two_buckets_comes_behind_an_earlier_trip_of_then():
    def stop(site, plug_h, next_leg_h=0.0):
        return Stop(site, StopKind.HPC_BREAK, plug_h, plug_h, 90.0, next_leg_h)

    trips = [
        Trip(0.0, [stop(1, 0.5, 3.5), stop(0, 0.5)]),
        Trip(3.0, [stop(2, 0.625)]),
        Trip(
            3.5, [stop(2, 0.25, 0.125), stop(0, 0.5)]
        ),  # waits, and comes to the first site at 4 h
        Trip(8.0, [stop(1, 0.5)]),
    ]
    assert demand_of(trips).events.tables.buckets_per_h == 2.0
    assert_equals_a_single_heap(trips, [1, 1, 1], [0, 0, 0])


def test_a_crowd_with_stops_of_many_lengths_equals_a_single_heap():
    # Many follow-ups at the same time, more than a bucket has room for in a row, and many points
    # that become free in another order than they were taken.
    generator = np.random.default_rng(11)

    def stop():
        plug_h = float(generator.integers(1, 12)) / 8
        return Stop(int(generator.integers(3)), int(generator.integers(3)), plug_h, plug_h, 90.0, 2)

    at_h = generator.integers(8, 12, 600) / 8
    trips = [Trip(float(each), [stop() for _ in range(generator.integers(1, 4))]) for each in at_h]
    for n_hpc in ([1, 2, 3], [12, 30, 70], [60, 110, 170]):
        assert_equals_a_single_heap(trips, n_hpc, [0, 5, 60])


@settings(max_examples=100, deadline=None)
@given(fleets, st.lists(plug_counts, min_size=1, max_size=4), plug_counts)
def test_scores_are_sums_over_a_single_heap(trips, layouts, n_lpc):
    demand = demand_of(trips)
    counts = [usable_counts(demand, n_hpc, [max(n, 1) for n in n_lpc]) for n_hpc in layouts]
    lpc = counts[0][1]
    scores = evaluate_layouts(demand, np.array([hpc for hpc, _ in counts]), lpc)
    for k, (hpc, _) in enumerate(counts):
        rows = plain_simulation(trips, hpc.tolist(), lpc.tolist())
        hpc_rows = [row for row in rows if row["is_hpc"]]
        lpc_rows = [row for row in rows if not row["is_hpc"]]

        def counted(rows, time="queue"):
            return [row for row in rows if START_H <= row[time] < START_H + HORIZON_H]

        def inside_h(row):
            end_h = START_H + HORIZON_H
            return max(min(row["release"], end_h) - max(row["plug_in"], START_H), 0.0)

        def energy_kwh(rows):
            return sum(drawn_inside_kwh(row) for row in rows)

        wait_h = sum(row["plug_in"] - row["queue"] for row in counted(hpc_rows))
        occupied_h = sum(map(inside_h, hpc_rows))
        assert scores.n_hpc_processes[k] == len(counted(hpc_rows))
        assert scores.n_lpc_rejected[k] == sum(row["rejected"] for row in counted(rows, "arrival"))
        for found, expected in (
            (scores.total_wait_h, wait_h),
            (scores.mean_wait_min, 60.0 * wait_h / max(len(counted(hpc_rows)), 1)),
            (scores.lpc_wait_h, sum(row["plug_in"] - row["queue"] for row in counted(lpc_rows))),
            (scores.hpc_occupied_h, occupied_h),
            (scores.tcu_share, occupied_h / (HORIZON_H * hpc.sum()) if hpc.sum() else 0.0),
            (scores.hpc_energy_kwh, energy_kwh(hpc_rows)),
            (scores.lpc_energy_kwh, energy_kwh(lpc_rows)),
        ):
            assert found[k] == pytest.approx(expected, rel=1e-9, abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(fleets, plug_counts, st.integers(0, 2))
def test_a_plug_more_never_lengthens_the_queues_of_single_stops(trips, n_hpc, site):
    for trip in trips:
        trip.stops = trip.stops[:1]
        for stop in trip.stops:
            stop.kind = StopKind.HPC_BREAK
    demand = demand_of(trips, 0.0, 24.0)
    hpc, lpc = usable_counts(demand, n_hpc, [0, 0, 0])
    more = hpc.copy()
    more[site] += 1
    before_h, after_h = evaluate_layouts(demand, np.array([hpc, more]), lpc).total_wait_h
    assert after_h <= before_h + 1e-9


@settings(max_examples=100, deadline=None)
@given(fleets)
def test_nobody_waits_or_is_rejected_on_the_unlimited_layout(trips):
    # Trucks that come before the horizon do not decide how many points it takes, and may wait.
    trips = [trip for trip in trips if trip.first_arrival_h >= 0.0]
    demand = demand_of(trips, 0.0, 24.0)
    layout = unlimited_layout(demand)
    result = simulate(demand, layout)
    assert not result.wait_h.any()
    assert not result.is_lpc_rejected.any()
    occupied = points_occupied(demand, layout)
    assert occupied.n_hpc.tolist() == layout.n_hpc.tolist()
    assert occupied.n_lpc.tolist() == layout.n_lpc.tolist()


def test_scores_do_not_depend_on_the_number_of_threads_or_the_company():
    generator = np.random.default_rng(7)
    trips = [
        Trip(
            float(generator.uniform(0.0, 20.0)),
            [
                Stop(
                    int(generator.integers(3)),
                    int(generator.integers(3)),
                    float(generator.uniform(0.2, 1.0)),
                    1.0,
                    300.0,
                    float(generator.uniform(0.0, 5.0)),
                )
                for _ in range(generator.integers(1, 4))
            ],
        )
        for _ in range(400)
    ]
    demand = demand_of(trips)
    n_lpc = np.array([4, 5, 6], np.int32)
    n_hpc = generator.integers(1, 12, (17, 3)).astype(np.int32)
    n_threads = numba.get_num_threads()
    together = evaluate_layouts(demand, n_hpc, n_lpc)
    try:
        numba.set_num_threads(1)
        alone = [evaluate_layouts(demand, n_hpc[k : k + 1], n_lpc) for k in range(17)]
    finally:
        numba.set_num_threads(n_threads)
    assert together.total_wait_h.min() > 0.0
    for name in ("total_wait_h", "hpc_occupied_h", "hpc_energy_kwh", "lpc_energy_kwh"):
        apart = np.concatenate([getattr(scores, name) for scores in alone])
        assert getattr(together, name).tobytes() == apart.tobytes()
