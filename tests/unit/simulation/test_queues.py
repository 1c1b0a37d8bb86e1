"""Queues worked by hand, and layouts that cannot be simulated."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from planner.routing.stop_plans import TripStatus
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import (
    ChargerLayout,
    ChargingDemand,
    evaluate_layouts,
    points_occupied,
    simulate,
    unlimited_layout,
)


def demand_of(plans, n_sites=2, horizon_h=48.0, **options):
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=n_sites,
        horizon_h=horizon_h,
        **{"hpc_kw": 1000.0, "lpc_kw": 100.0, "plug_overhead_h": 5.0 / 60.0} | options,
    )


def layout(n_hpc, n_lpc):
    return ChargerLayout(np.array(n_hpc, np.int32), np.array(n_lpc, np.int32))


def score(demand, plugs):
    return evaluate_layouts(demand, plugs.n_hpc[None], plugs.n_lpc)


def test_a_wait_moves_all_later_arrivals(cases):
    first = cases.Trip(1.0, (cases.Stop(0, next_leg_h=2.0), cases.Stop(1)))
    second = cases.Trip(1.25, (cases.Stop(0, next_leg_h=2.0), cases.Stop(1)))
    demand = demand_of(cases.plans_of(first, second))
    result = simulate(demand, layout([1, 1], [0, 0]))
    assert result.arrival_h.tolist() == [1.0, 3.75, 1.25, 4.5]
    assert result.plug_in_h.tolist() == [1.0, 3.75, 1.75, 4.5]
    assert result.wait_h.tolist() == [0.0, 0.0, 0.5, 0.0]
    assert result.release_h.tolist() == [1.75, 4.5, 2.5, 5.25]
    for n_points in ([1, 1], [2, 2]):
        assert points_occupied(demand, layout(n_points, [0, 0])).n_hpc.tolist() == n_points


def test_the_hold_delays_the_truck_and_the_plug_time_delays_the_others(cases):
    quick = cases.Stop(0, plug_h=0.25, hold_h=0.75, next_leg_h=1.0)
    trips = (cases.Trip(1.0, (quick, cases.Stop(1))), cases.Trip(1.125, (cases.Stop(0),)))
    result = simulate(demand_of(cases.plans_of(*trips)), layout([1, 1], [0, 0]))
    assert result.departure_h.tolist() == [1.75, 3.5, 2.0]
    assert result.arrival_h.tolist() == [1.0, 2.75, 1.125]
    assert result.plug_in_h.tolist() == [1.0, 2.75, 1.25]


def test_an_earlier_arrival_is_served_first_though_it_is_a_follow_up(cases):
    follow_up = cases.Trip(1.0, (cases.Stop(1, next_leg_h=0.25), cases.Stop(0)))
    blocker = cases.Trip(1.5, (cases.Stop(0),))
    later = cases.Trip(2.125, (cases.Stop(0),))
    result = simulate(demand_of(cases.plans_of(later, blocker, follow_up)), layout([1, 1], [0, 0]))
    # The follow-up reaches site 0 at 2.0, before the truck that comes straight at 2.125.
    assert result.plug_in_h.tolist() == [3.0, 1.5, 1.0, 2.25]


def test_a_rejected_truck_rests_unplugged_and_then_queues_for_an_hpc_plug(cases):
    trips = (
        cases.Trip(20.0, (cases.lpc(0),)),
        cases.Trip(21.0, (cases.lpc(0, energy_kwh=500.0, next_leg_h=2.0), cases.Stop(1))),
        cases.Trip(31.5, (cases.Stop(0),)),
    )
    demand = demand_of(cases.plans_of(*trips))
    plugs = layout([1, 1], [1, 0])
    result = simulate(demand, plugs)
    charging_h = 0.5 + 5.0 / 60.0
    assert result.is_lpc_rejected.tolist() == [False, True, False, False]
    assert result.is_hpc.tolist() == [False, True, True, True]
    assert result.arrival_h[1] == 21.0
    assert result.queue_h[1] == 32.0
    assert result.plug_in_h[1] == 32.25
    assert result.release_h[1] == result.departure_h[1] == 32.25 + charging_h
    assert result.arrival_h[2] == pytest.approx(32.25 + charging_h + 2.0)
    scores = score(demand, plugs)
    assert scores.n_lpc_rejected.tolist() == [1]
    assert scores.n_hpc_processes.tolist() == [3]
    assert scores.total_wait_h.tolist() == [0.25]
    assert scores.mean_wait_min[0] == pytest.approx(5.0)
    assert scores.hpc_occupied_h[0] == pytest.approx(0.75 * 2 + charging_h)
    assert scores.hpc_energy_kwh[0] == pytest.approx(300.0 * 2 + 500.0)
    assert scores.lpc_energy_kwh[0] == pytest.approx(300.0)


def test_a_plug_freed_at_the_moment_of_arrival_is_free(cases):
    trips = (
        cases.Trip(20.0, (cases.lpc(0), cases.Stop(1, next_leg_h=0.0))),
        cases.Trip(31.0, (cases.lpc(0),)),
        cases.Trip(32.75, (cases.Stop(1),)),
    )
    result = simulate(demand_of(cases.plans_of(*trips)), layout([1, 1], [1, 0]))
    assert not result.is_lpc_rejected.any()
    assert result.plug_in_h.tolist() == [20.0, 32.0, 31.0, 32.75]


def test_without_lpc_plugs_every_rest_ends_at_an_hpc_plug(cases):
    demand = demand_of(cases.plans_of(cases.Trip(5.0, (cases.lpc(1),))))
    result = simulate(demand, layout([0, 1], [0, 0]))
    assert result.is_lpc_rejected.tolist() == [True]
    assert result.plug_in_h.tolist() == [16.0]


def test_a_site_without_hpc_plugs_lets_trucks_wait_for_an_lpc_plug(cases):
    trips = (cases.Trip(20.0, (cases.lpc(0),)), cases.Trip(22.0, (cases.lpc(0),)))
    demand = demand_of(cases.plans_of(*trips), horizon_h=72.0)
    plugs = layout([0, 0], [1, 0])
    result = simulate(demand, plugs)
    assert result.plug_in_h.tolist() == [20.0, 31.0]
    assert not result.is_lpc_rejected.any()
    scores = score(demand, plugs)
    assert scores.lpc_wait_h.tolist() == [9.0]
    assert scores.total_wait_h.tolist() == [0.0]
    assert scores.mean_wait_min.tolist() == [0.0]
    assert scores.tcu_share.tolist() == [0.0]


def test_sessions_count_with_the_part_inside_the_horizon(cases):
    trips = (
        # A quarter of an hour before 6 h, in which 250 of its 300 kWh are drawn.
        cases.Trip(5.75, (cases.Stop(0, plug_h=1.0, hold_h=1.0),)),
        cases.Trip(23.5, (cases.Stop(1, plug_h=1.0, hold_h=1.0),)),  # full before 24 h
        cases.Trip(30.0, (cases.Stop(1),)),  # all after
        cases.Trip(22.0, (cases.lpc(0, plug_h=16.0, hold_h=16.0),)),  # 2 of 3 h at 100 kW inside
    )
    demand = demand_of(cases.plans_of(*trips), start_h=6.0, horizon_h=18.0)
    scores = score(demand, layout([1, 1], [1, 0]))
    assert scores.hpc_occupied_h[0] == pytest.approx(0.75 + 0.5)
    assert scores.tcu_share[0] == pytest.approx(1.25 / 36.0)
    assert scores.hpc_energy_kwh[0] == pytest.approx(50.0 + 300.0)
    assert scores.lpc_energy_kwh[0] == pytest.approx(200.0)
    assert scores.n_hpc_processes.tolist() == [1]  # the one that joins inside


def test_trucks_of_the_days_before_are_in_the_way_and_do_not_count(cases):
    trips = (
        cases.Trip(-1.0, (cases.Stop(0, plug_h=2.0, hold_h=2.0),)),  # still there at 0 h
        cases.Trip(-0.5, (cases.Stop(0, plug_h=1.0, hold_h=1.0),)),  # waits 1.5 h before 0 h
        cases.Trip(0.5, (cases.Stop(0, plug_h=1.0, hold_h=1.0),)),  # waits 1.5 h for both
        cases.Trip(24.0, (cases.Stop(0, plug_h=1.0, hold_h=1.0),)),  # after the end
        cases.Trip(24.0, (cases.Stop(0, plug_h=1.0, hold_h=1.0),)),  # waits there
    )
    demand = demand_of(cases.plans_of(*trips), n_sites=1, horizon_h=24.0)
    scores = score(demand, layout([1], [0]))
    assert scores.n_hpc_processes.tolist() == [1]
    assert scores.total_wait_h.tolist() == [1.5]
    assert scores.hpc_occupied_h.tolist() == [3.0]
    figures = layout_figures(demand, simulate(demand, layout([1], [0])), layout([1], [0]))
    assert (figures.n_hpc_processes, figures.mean_wait_min) == (1, 90.0)
    assert figures.tcu_share == pytest.approx(3.0 / 24.0)


def test_a_busy_day_before_does_not_decide_how_many_points_are_needed(cases):
    before = [cases.Trip(-5.0, (cases.Stop(0, plug_h=1.0, hold_h=1.0),))] * 4
    still_there = cases.Trip(-0.5, (cases.Stop(0, plug_h=1.0, hold_h=1.0),))
    inside = cases.Trip(0.25, (cases.Stop(0, plug_h=1.0, hold_h=1.0),))
    only_before = cases.Trip(-9.0, (cases.Stop(1, plug_h=1.0, hold_h=1.0),))
    demand = demand_of(cases.plans_of(*before, still_there, inside, only_before))
    assert unlimited_layout(demand).n_hpc.tolist() == [2, 1]


def test_trips_without_a_stop_and_unserved_trips_are_left_out(cases):
    plans = cases.plans_of(
        cases.Trip(1.0),
        cases.Trip(2.0, (cases.Stop(1),)),
        cases.Trip(3.0, (cases.Stop(0),), TripStatus.NO_SITE_IN_RANGE),
        cases.Trip(4.0, (cases.Stop(0),)),
    )
    demand = demand_of(plans)
    assert demand.trip_idx.tolist() == [1, 3]
    assert demand.plan_stop_idx.tolist() == [0, 2]
    assert demand.n_hpc_stops_at_site.tolist() == [1, 1]
    assert simulate(demand, layout([1, 1], [0, 0])).arrival_h.tolist() == [2.0, 4.0]


def test_nobody_to_charge(cases):
    demand = demand_of(cases.plans_of(cases.Trip(1.0)))
    assert unlimited_layout(demand).n_hpc.tolist() == [0, 0]
    assert score(demand, layout([1, 0], [0, 0])).mean_wait_min.tolist() == [0.0]


def test_power_after_a_rejection_may_differ_between_trips(cases):
    trips = (cases.Trip(1.0, (cases.lpc(0),)), cases.Trip(1.0, (cases.lpc(0),)))
    demand = demand_of(cases.plans_of(*trips), hpc_kw=np.array([300.0, 600.0]))
    assert demand.stop_fallback_plug_h == pytest.approx([1.0 + 1 / 12, 0.5 + 1 / 12])


def test_no_layouts_give_no_scores(cases):
    demand = demand_of(cases.plans_of(cases.Trip(1.0, (cases.Stop(0),))))
    scores = evaluate_layouts(demand, np.empty((0, 2), np.int32), np.zeros(2, np.int32))
    assert scores.mean_wait_min.shape == (0,)


@pytest.mark.parametrize(
    ("n_hpc", "n_lpc", "fault"),
    [
        ([0, 1], [1, 1], r"high-power stops but no high-power point, the first with index 0"),
        ([1, 0], [1, 0], r"overnight stops but no charging point, the first with index 1"),
        ([1, -1], [1, 1], r"must be >= 0"),
        ([1, 1, 1], [1, 1], r"counts for 2 sites .*3,?\)"),
    ],
)
def test_a_layout_that_cannot_serve_the_demand_is_refused(cases, n_hpc, n_lpc, fault):
    plans = cases.plans_of(cases.Trip(1.0, (cases.Stop(0),)), cases.Trip(1.0, (cases.lpc(1),)))
    demand = demand_of(plans)
    with pytest.raises(ValueError, match=fault):
        simulate(demand, layout(n_hpc, n_lpc))
    with pytest.raises(ValueError, match=fault):
        score(demand, layout(n_hpc, n_lpc))


@pytest.mark.parametrize(
    ("changes", "options", "fault"),
    [
        ({}, {"n_sites": 1}, r"stop_site_idx must lie in \[0, 1\), found 0 to 1"),
        ({}, {"horizon_h": 0.0}, "horizon_h must be > 0"),
        ({}, {"hpc_kw": -1.0}, "stop_fallback_plug_h .* 2 of 2"),
        ({"stop_plug_h": [0.75, 0.0]}, {}, "stop_plug_h .* 1 of 2 .* 0.0 at index 1"),
        ({"stop_next_leg_h": [np.nan, 1.0]}, {}, "stop_next_leg_h .* nan at index 0"),
        ({"entry_h": [np.inf]}, {}, "first_arrival_h"),
    ],
)
def test_stops_that_cannot_be_simulated_are_refused(cases, changes, options, fault):
    plans = dataclasses.replace(
        cases.plans_of(cases.Trip(1.0, (cases.Stop(0), cases.Stop(1)))),
        **{name: np.array(values) for name, values in changes.items()},
    )
    with pytest.raises(ValueError, match=fault):
        demand_of(plans, **options)
