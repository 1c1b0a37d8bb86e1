"""What a truck would meet in the queues of a run, against a simulation of the others and it."""

from __future__ import annotations

import numpy as np
import pytest

from planner.routing.known_queues_kernel import (
    NEVER_H,
    copy_of,
    hpc_wait,
    join_again,
    leave_queues,
    overnight_delay,
)
from planner.simulation.final_queues import queues_of_run
from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate
from tests.called_kernels import called

copy_of = called(copy_of)
hpc_wait = called(hpc_wait)
join_again = called(join_again)
leave_queues = called(leave_queues)
overnight_delay = called(overnight_delay)

REST_H, AFTERWARDS_H = 11.0, 0.4


def demand_of(plans, n_sites=1):
    return ChargingDemand.from_stop_plans(
        plans,
        n_sites=n_sites,
        horizon_h=24.0,
        hpc_kw=1000.0,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
    )


def layout(n_hpc, n_lpc):
    return ChargerLayout(np.array(n_hpc, np.int32), np.array(n_lpc, np.int32))


def known(cases, trips, plugs):
    demand = demand_of(cases.plans_of(*trips), len(plugs.n_hpc))
    return queues_of_run(demand, plugs, simulate(demand, plugs), len(trips))


def without(queues, trip):
    """The queues as one trip's truck knows them."""
    mine = copy_of(queues)
    leave_queues(queues, trip, mine.free_h)
    return mine


def random_trips(cases, rng, n=14):
    return [
        cases.Trip(
            rng.uniform(1.0, 4.0),
            (cases.Stop(0, plug_h=(plug := rng.uniform(0.2, 1)), hold_h=plug),),
        )
        for _ in range(n)
    ]


@pytest.mark.parametrize("n_plugs", [1, 2, 4])
def test_a_truck_knows_what_it_would_meet_were_its_own_stop_elsewhere(cases, n_plugs):
    rng = np.random.default_rng(n_plugs)
    trips, plugs = random_trips(cases, rng), layout([n_plugs], [0])
    queues = known(cases, trips, plugs)
    n_waited = 0
    for trip in range(len(trips)):
        mine = without(queues, trip)
        others = trips[:trip] + trips[trip + 1 :]
        for at in rng.uniform(0.5, 7.0, 8):
            moved = [*others, cases.Trip(at, (cases.Stop(0),))]
            met_h = simulate(demand_of(cases.plans_of(*moved)), plugs).wait_h[-1]
            assert hpc_wait(mine, 0, at) == pytest.approx(met_h, abs=1e-12)
            n_waited += met_h > 0.0
    assert n_waited > 10


def test_own_plan_costs_in_known_queues_what_it_met(cases):
    trips, plugs = random_trips(cases, np.random.default_rng(5), n=30), layout([2], [0])
    demand = demand_of(cases.plans_of(*trips))
    run = simulate(demand, plugs)
    queues = queues_of_run(demand, plugs, run, len(trips))
    for trip, met_h in enumerate(run.wait_h):
        at_h = trips[trip].first_arrival_h
        assert hpc_wait(without(queues, trip), 0, at_h) == pytest.approx(met_h, abs=1e-12)


def test_a_truck_alone_at_one_point_meets_nobody(cases):
    queues = known(cases, [cases.Trip(2.0, (cases.Stop(0),))], layout([1], [0]))
    assert hpc_wait(queues, 0, 2.25) == pytest.approx(0.5)  # another one meets it
    assert hpc_wait(without(queues, 0), 0, 2.25) == 0.0


def test_of_two_trucks_each_knows_the_other(cases):
    trips = [cases.Trip(2.0, (cases.Stop(0),)), cases.Trip(2.25, (cases.Stop(0),))]
    queues = known(cases, trips, layout([1], [0]))
    # Without the first the second charges from 2.25 to 3.0, without the second the first to 2.75.
    assert hpc_wait(without(queues, 0), 0, 2.5) == pytest.approx(0.5)
    assert hpc_wait(without(queues, 1), 0, 2.5) == pytest.approx(0.25)
    assert hpc_wait(queues, 0, 2.5) == pytest.approx(1.0)


def test_a_truck_with_two_stops_at_a_site_leaves_both(cases):
    twice = cases.Trip(2.0, (cases.Stop(0, next_leg_h=0.5), cases.Stop(0)))
    queues = known(cases, [twice, cases.Trip(2.1, (cases.Stop(0),))], layout([1], [0]))
    mine = without(queues, 0)
    assert hpc_wait(mine, 0, 2.5) == pytest.approx(0.35)
    assert hpc_wait(mine, 0, 3.5) == 0.0
    assert hpc_wait(queues, 0, 3.5) > 0.0


def test_leaving_and_joining_again_changes_nothing(cases):
    trips = random_trips(cases, np.random.default_rng(3), n=40)
    queues = known(cases, trips, layout([2], [0]))
    mine = copy_of(queues)
    for trip in range(len(trips)):
        join_again(queues, leave_queues(queues, trip, mine.free_h), mine.free_h)
        assert mine.free_h.tobytes() == queues.free_h.tobytes()


def test_taken_overnight_points_cost_the_wait_after_the_rest_and_charging(cases):
    trips = [
        cases.Trip(2.0, (cases.lpc(0),)),
        cases.Trip(15.0, (cases.Stop(0, plug_h=1.0, hold_h=1.0),)),
    ]
    queues = known(cases, trips, layout([1], [1]))
    delays = [overnight_delay(queues, 0, at, REST_H, AFTERWARDS_H) for at in (1.0, 3.0, 4.5, 13.0)]
    assert delays == pytest.approx([0.0, AFTERWARDS_H, 0.5 + AFTERWARDS_H, 0.0])
    assert overnight_delay(without(queues, 0), 0, 4.5, REST_H, AFTERWARDS_H) == 0.0


def test_without_high_power_a_truck_waits_for_the_overnight_point(cases):
    queues = known(cases, [cases.Trip(2.0, (cases.lpc(0),))], layout([0], [1]))
    assert overnight_delay(queues, 0, 4.0, REST_H, AFTERWARDS_H) == pytest.approx(9.0)


def test_a_site_without_points_keeps_everyone_away(cases):
    queues = known(cases, [cases.Trip(1.0, (cases.Stop(0),))], layout([1, 0], [0, 0]))
    assert hpc_wait(queues, 1, 5.0) == NEVER_H
    assert overnight_delay(queues, 1, 5.0, REST_H, AFTERWARDS_H) == NEVER_H
