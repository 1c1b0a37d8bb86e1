"""Points that share a connection below their peak, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.simulation.inside_horizon import drawn_power
from planner.simulation.queues import ChargerLayout, ChargingDemand, simulate
from planner.simulation.shared_power import share_power


@pytest.fixture
def shared(cases):
    def run(trips, connection_kw, n_hpc, n_lpc):
        demand = ChargingDemand.from_stop_plans(
            cases.plans_of(*trips),
            n_sites=len(n_hpc),
            horizon_h=24.0,
            start_h=0.0,
            hpc_kw=1000.0,
            lpc_kw=100.0,
            plug_overhead_h=5.0 / 60.0,
        )
        layout = ChargerLayout(np.array(n_hpc, np.int32), np.array(n_lpc, np.int32))
        result = simulate(demand, layout)
        return share_power(demand, result, drawn_power(demand, result), np.array(connection_kw))

    return run


def test_a_connection_that_carries_the_peak_delays_nothing(shared, cases):
    trips = [cases.Trip(10.0, (cases.Stop(0, energy_kwh=500.0),)) for _ in range(2)]
    found = shared(trips, [2000.0], [2], [0])
    assert found.delayed_kwh == pytest.approx([0.0])
    assert found.n_late.tolist() == [0]
    assert found.latest_min == pytest.approx([0.0])


def test_two_trucks_on_half_the_power_leave_a_quarter_of_an_hour_late(shared, cases):
    # Each draws 500 kWh from 10:00 to 10:30 and would leave at 10:45; 1 MW gives them by 11:00.
    trips = [cases.Trip(10.0, (cases.Stop(0, energy_kwh=500.0),)) for _ in range(2)]
    found = shared(trips, [1000.0], [2], [0])
    assert found.delayed_kwh == pytest.approx([500.0])
    assert found.n_late.tolist() == [2]
    assert found.late_min == pytest.approx([30.0], abs=1e-3)
    assert found.latest_min == pytest.approx([15.0], abs=1e-3)
    assert found.missing_kwh == pytest.approx([0.0])


def test_the_rest_of_a_break_takes_up_what_comes_later(shared, cases):
    # 300 kWh each by 10:18; 1 MW gives them by 10:36, before the breaks end at 10:45.
    trips = [cases.Trip(10.0, (cases.Stop(0, energy_kwh=300.0),)) for _ in range(2)]
    found = shared(trips, [1000.0], [2], [0])
    assert found.delayed_kwh[0] > 200.0
    assert found.n_late.tolist() == [0]


def test_overnight_points_take_what_high_power_points_leave(shared, cases):
    # The connection is the high-power point's alone until 10:30; the night is long enough.
    trips = [
        cases.Trip(10.0, (cases.Stop(0, energy_kwh=500.0),)),
        cases.Trip(10.0, (cases.lpc(0, energy_kwh=500.0),)),
    ]
    found = shared(trips, [1000.0], [1], [1])
    assert found.delayed_kwh == pytest.approx([50.0], rel=1e-6)
    assert found.n_late.tolist() == [0]


def test_a_connection_below_the_mean_load_never_catches_up(shared, cases):
    trips = [cases.Trip(h, (cases.Stop(0, energy_kwh=500.0),)) for h in range(24)]
    found = shared(trips, [250.0], [2], [0])
    assert found.missing_kwh[0] > 5000.0
    assert found.latest_min[0] > 600.0
