"""Which sites can give what trucks bring, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate
from planner.simulation.site_load import site_load


def loads(plans, n_hpc, n_lpc=None, horizon_h=96.0):
    demand = ChargingDemand.from_stop_plans(
        plans,
        n_sites=len(n_hpc),
        horizon_h=horizon_h,
        hpc_kw=1000.0,
        lpc_kw=100.0,
        plug_overhead_h=0.0,
    )
    n_lpc = np.zeros(len(n_hpc)) if n_lpc is None else np.array(n_lpc)
    layout = ChargerLayout(np.array(n_hpc, np.int32), n_lpc.astype(np.int32))
    return site_load(demand, simulate(demand, layout), layout)


@pytest.fixture
def steady(cases):
    """A truck every half hour for four days that needs some time on the point."""

    def plans(plug_h, until_h=96.0):
        hours = np.arange(0.0, until_h, 0.5)
        return cases.plans_of(*(cases.Trip(at, (cases.Stop(0, plug_h=plug_h),)) for at in hours))

    return plans


@pytest.mark.parametrize(
    ("plug_h", "n_hpc", "load", "keeps_up"),
    [
        pytest.param(0.49, 1, 0.98, True, id="just less than its points can give"),
        pytest.param(0.5, 1, 1.0, False, id="just as much"),
        pytest.param(0.75, 1, 1.5, False, id="half as much again"),
        pytest.param(0.75, 2, 0.75, True, id="with another point"),
    ],
)
def test_a_site_keeps_up_while_less_comes_than_its_points_can_give(
    steady, plug_h, n_hpc, load, keeps_up
):
    found = loads(steady(plug_h), [n_hpc])
    assert found.load_share == pytest.approx([load])
    assert found.busiest_day_h == pytest.approx([48 * plug_h])
    assert found.cannot_keep_up.tolist() == [not keeps_up]
    # The queue grows by what is too much, to the last hour.
    too_much_h = max(plug_h / 0.5 - n_hpc, 0.0) * 96.0
    assert found.n_waiting_at_end[0] == pytest.approx(too_much_h / plug_h, abs=1.0)


def test_a_rush_that_the_night_works_off_is_no_overload(cases):
    rush = [cases.Trip(24.0 * day + 8.0, (cases.Stop(0),)) for day in range(4) for _ in range(20)]
    found = loads(cases.plans_of(*rush), [1])
    assert found.load_share == pytest.approx([20 * 0.75 / 24.0])  # waits up to 14 hours
    assert not found.cannot_keep_up.any()
    assert found.n_waiting_at_end.tolist() == [0]


def test_one_day_that_is_too_much_is_an_overload_wherever_it_begins(cases):
    # 27 hours of charging between 18:00 on the second day and 18:00 on the third.
    busy = [cases.Trip(42.0 + 0.6 * i, (cases.Stop(0),)) for i in range(36)]
    quiet = [cases.Trip(day * 24.0 + 2.0, (cases.Stop(0),)) for day in (0, 3)]
    found = loads(cases.plans_of(*busy, *quiet), [1])
    assert found.load_share == pytest.approx([36 * 0.75 / 24.0])
    assert found.cannot_keep_up.all()


def test_sites_do_not_share_a_day(cases):
    trips = [cases.Trip(95.0, (cases.Stop(site),)) for site in (0, 1, 1, 2)]
    found = loads(cases.plans_of(*trips), [1, 1, 1, 0])
    assert found.busiest_day_h == pytest.approx([0.75, 1.5, 0.75, 0.0])
    assert found.load_share == pytest.approx([0.75 / 24, 1.5 / 24, 0.75 / 24, np.nan], nan_ok=True)


def test_days_outside_the_horizon_and_overnight_points_do_not_count(cases):
    before = [cases.Trip(-20.0, (cases.Stop(0),)) for _ in range(20)]
    after = [cases.Trip(25.0, (cases.Stop(0),)) for _ in range(20)]
    night = [cases.Trip(8.0, (cases.lpc(0),))]
    found = loads(cases.plans_of(*before, *after, *night), [1], [1], horizon_h=24.0)
    assert found.busiest_day_h.tolist() == [0.0]
    # A truck that found no overnight point charges at high power, and does count.
    found = loads(cases.plans_of(*night, *night), [1], [1], horizon_h=24.0)
    assert found.busiest_day_h == pytest.approx([0.3])
