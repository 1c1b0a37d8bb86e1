"""Trucks that wait from moment to moment, worked by hand and counted one by one."""

import numpy as np
import pytest

from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate
from planner.simulation.site_course import trucks_waiting, waits_by_hour


def simulated(plans, n_hpc, n_lpc, horizon_h=24.0):
    demand = ChargingDemand.from_stop_plans(
        plans,
        n_sites=len(n_hpc),
        horizon_h=horizon_h,
        hpc_kw=1000.0,
        lpc_kw=100.0,
        plug_overhead_h=0.0,
    )
    layout = ChargerLayout(np.array(n_hpc, np.int32), np.array(n_lpc, np.int32))
    return demand, simulate(demand, layout)


def test_a_queue_grows_with_each_truck_and_clears_as_points_get_free(cases):
    trucks = [cases.Trip(at, (cases.Stop(0),)) for at in (1.0, 1.1, 1.2)]
    demand, result = simulated(cases.plans_of(*trucks), [1, 1], [0, 0])
    waiting = trucks_waiting(demand, result, 0.25)
    assert waiting.shape == (96, 2)
    # The point is free again at 1:45 and at 2:30.
    assert waiting[3:12, 0].tolist() == [0, 0, 2, 2, 1, 1, 1, 0, 0]
    assert not waiting[:, 1].any()
    waits = waits_by_hour(demand, result)
    assert waits[1, 0] == pytest.approx(60.0 * (0.0 + 0.65 + 1.3) / 3)
    assert np.isnan(np.delete(waits.ravel(), 2)).all()


def test_trucks_of_the_day_before_wait_too_and_those_after_the_horizon_do_not(cases):
    before = [cases.Trip(-0.5, (cases.Stop(0),)) for _ in range(3)]
    after = [cases.Trip(24.0, (cases.Stop(0),)) for _ in range(2)]
    demand, result = simulated(cases.plans_of(*before, *after), [1], [0])
    assert trucks_waiting(demand, result, 0.5)[:, 0].tolist() == [2, 1, *[0] * 46]
    assert np.isnan(waits_by_hour(demand, result)).all()


def test_queues_are_those_that_are_counted_truck_by_truck(cases):
    draw = np.random.default_rng(7)
    trips = [
        cases.Trip(at, (cases.Stop(site), cases.lpc(2, next_leg_h=0.3), cases.Stop(1 - site)))
        for at, site in zip(draw.uniform(-3.0, 20.0, 60), draw.integers(0, 2, 60), strict=True)
    ]
    demand, result = simulated(cases.plans_of(*trips), [2, 1, 0], [0, 0, 3])
    waiting = trucks_waiting(demand, result, 0.25)
    assert waiting.max() > 5
    for step, moment_h in enumerate(0.25 * np.arange(96)):
        waits = (result.queue_h <= moment_h) & (moment_h < result.plug_in_h)
        sites = demand.stop_site_idx[waits]
        assert waiting[step].tolist() == np.bincount(sites, minlength=3).tolist()
