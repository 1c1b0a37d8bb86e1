"""What one more truck would meet, against a simulation with that truck in it."""

from __future__ import annotations

import numpy as np
import pytest

from planner.simulation.expected_waits import (
    ExpectedWaits,
    expected_arrival_h,
    n_wait_bins,
    waits_met,
)
from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate

N_BINS = n_wait_bins(24.0)


def demand_of(plans, n_sites):
    return ChargingDemand.from_stop_plans(
        plans, n_sites=n_sites, horizon_h=24.0, hpc_kw=1000.0, plug_overhead_h=5.0 / 60.0
    )


def layout(n_hpc, n_lpc):
    return ChargerLayout(np.array(n_hpc, np.int32), np.array(n_lpc, np.int32))


def met(demand, plugs):
    return waits_met(demand, plugs, simulate(demand, plugs), N_BINS)


def no_waits(n_sites):
    nothing = np.zeros((n_sites, N_BINS))
    return ExpectedWaits(nothing, nothing, nothing)


def random_trips(cases, rng, n=12):
    return [
        cases.Trip(
            rng.uniform(1.0, 4.0),
            (cases.Stop(0, plug_h=(plug := rng.uniform(0.2, 1)), hold_h=plug),),
        )
        for _ in range(n)
    ]


@pytest.mark.parametrize("n_plugs", [1, 2, 4])
def test_wait_met_is_that_of_a_truck_inserted_at_many_moments_of_the_bin(cases, n_plugs):
    rng = np.random.default_rng(n_plugs)
    trips, plugs = random_trips(cases, rng), layout([n_plugs], [0])
    waits = met(demand_of(cases.plans_of(*trips), 1), plugs)
    n_moments = 50
    for bin_idx in (0, 6, 10, 14, 18, 40):
        moments = (bin_idx + (np.arange(n_moments) + 0.5) / n_moments) * 0.25
        inserted = [
            simulate(demand_of(cases.plans_of(*trips, cases.Trip(at, (cases.Stop(0),))), 1), plugs)
            for at in moments
        ]
        mean_h = np.mean([run.wait_h[-1] for run in inserted])
        assert waits.hpc_wait_h[0, bin_idx] == pytest.approx(mean_h, abs=0.01)


def test_who_comes_later_never_starts_earlier(cases):
    trips = random_trips(cases, np.random.default_rng(5), n=40)
    waits = met(demand_of(cases.plans_of(*trips), 1), layout([2], [0]))
    assert waits.hpc_wait_h.max() > 1.0
    assert (np.diff(waits.hpc_wait_h[0]) >= -0.25 - 1e-12).all()


def test_overnight_points_are_full_while_trucks_rest_there(cases):
    trips = [cases.Trip(2.0, (cases.lpc(0),)), cases.Trip(4.1, (cases.lpc(0),))]
    waits = met(demand_of(cases.plans_of(*trips), 1), layout([1], [2]))
    full = waits.lpc_full_share[0]
    assert full[15] == 0.0
    assert full[16] == pytest.approx(0.6)  # from 4.1 h on
    assert (full[17:52] == 1.0).all()  # until 13 h
    assert full[52] == 0.0
    assert waits.lpc_wait_h[0, 17] == pytest.approx(13.0 - 4.375)


def test_a_site_without_plugs_keeps_everyone_away(cases):
    waits = met(
        demand_of(cases.plans_of(cases.Trip(1.0, (cases.Stop(0),))), 2), layout([1, 0], [0, 0])
    )
    assert (waits.hpc_wait_h[1] > 100.0).all()
    assert (waits.lpc_full_share == 1.0).all()


def test_arrival_without_waits_is_that_of_a_run_without_queues(cases):
    stops = (cases.Stop(0, next_leg_h=2.0), cases.lpc(1, next_leg_h=3.0))
    demand = demand_of(cases.plans_of(cases.Trip(1.0, stops)), 2)
    plugs = layout([1, 1], [1, 1])
    delays = no_waits(2).delays(plugs, 11.0)
    assert expected_arrival_h(demand, delays).tolist() == [1.0 + 0.75 + 2 + 11 + 3]


def test_expected_waits_add_up_along_a_trip(cases):
    stops = (cases.Stop(0, next_leg_h=2.0), cases.lpc(1, next_leg_h=3.0, energy_kwh=300.0))
    demand = demand_of(cases.plans_of(cases.Trip(1.0, stops)), 2)
    waits = ExpectedWaits(
        hpc_wait_h=np.array([[0.5], [0.25]]),
        lpc_wait_h=np.array([[9.0], [2.0]]),
        lpc_full_share=np.array([[1.0], [0.4]]),
    )
    rest_at_h = 1.0 + 0.5 + 0.75 + 2.0
    charging_h = 0.25 + 300.0 / 1000.0 + 5.0 / 60.0
    # A plug may be taken: then HPC after the rest. Without HPC points it waits for the other.
    expected = rest_at_h + 11.0 + 0.4 * charging_h + 3.0
    delays = waits.delays(layout([1, 1], [1, 1]), 11.0)
    assert expected_arrival_h(demand, delays) == pytest.approx(expected)
    expected = rest_at_h + 2.0 + 11.0 + 3.0
    delays = waits.delays(layout([1, 0], [1, 1]), 11.0)
    assert expected_arrival_h(demand, delays) == pytest.approx(expected)


def test_wait_after_a_rest_without_a_point_is_that_of_its_end():
    hpc_wait_h = np.zeros((1, N_BINS))
    hpc_wait_h[0, 60] = 1.0  # at 15.0 to 15.25 h
    waits = ExpectedWaits(hpc_wait_h, np.zeros((1, N_BINS)), np.full((1, N_BINS), 0.5))
    delays = waits.delays(layout([1], [1]), 11.0)
    assert np.flatnonzero(delays.lpc_wait_h[0]).tolist() == [60 - 44]
    assert delays.lpc_wait_h[0, 16] == pytest.approx(0.5)


def test_expectations_move_part_of_the_way(cases):
    ones, threes = (ExpectedWaits(*(np.full((1, 2), value),) * 3) for value in (1.0, 3.0))
    assert (ones.moved_towards(threes, 0.25).lpc_wait_h == 1.5).all()
