"""Figures of small layouts, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.errors import InvariantError
from planner.routing.charging_curves import TripCurves, curves_at_points
from planner.routing.stop_plans import TripStatus
from planner.scenario.parameter_sets import VehicleClass
from planner.simulation import metrics
from planner.simulation.inside_horizon import drawn_power
from planner.simulation.invariants import check_peaks
from planner.simulation.metrics import (
    destination_arrival_h,
    layout_figures,
    simultaneous_peak_kw,
    site_figures,
)
from planner.simulation.queues import ChargerLayout, ChargingDemand, evaluate_layouts, simulate


def simulated(plans, n_hpc, n_lpc, horizon_h=24.0, start_h=0.0, curves=None):
    demand = ChargingDemand.from_stop_plans(
        plans,
        n_sites=len(n_hpc),
        horizon_h=horizon_h,
        start_h=start_h,
        hpc_kw=1000.0,
        lpc_kw=100.0,
        plug_overhead_h=5.0 / 60.0,
        curves=curves,
    )
    layout = ChargerLayout(np.array(n_hpc, np.int32), np.array(n_lpc, np.int32))
    return demand, simulate(demand, layout), layout


@pytest.fixture
def platoon(cases):
    """Five trucks arrive at one plug at 10:00 and wait 0, 45, 90, 135, 180 min; one rests."""
    trucks = [cases.Trip(10.0, (cases.Stop(0),)) for _ in range(5)]
    return cases.plans_of(*trucks, cases.Trip(8.0, (cases.lpc(1, energy_kwh=500.0),)))


def test_waiting_and_utilisation_of_a_layout(platoon):
    figures = layout_figures(*simulated(platoon, [1, 1], [0, 2]))
    assert (figures.n_hpc, figures.n_lpc) == (2, 2)
    assert (figures.n_hpc_processes, figures.n_lpc_sessions, figures.n_lpc_rejected) == (5, 1, 0)
    assert (figures.sessions_per_hpc_day, figures.sessions_per_lpc_day) == (2.5, 0.5)
    assert figures.mean_wait_min == pytest.approx(90.0)
    assert figures.p50_wait_min == pytest.approx(90.0)
    assert figures.p95_wait_min == figures.max_wait_min == pytest.approx(180.0)
    assert figures.long_wait_share == pytest.approx(0.8)
    assert figures.tcu_share == pytest.approx(5 * 0.75 / 48.0)
    assert figures.ecu_share == pytest.approx(1.5 / 48.0)
    assert figures.ecu_year_5_days_share == pytest.approx(1.5 / 48.0 * 5 / 7)
    assert figures.ecu_year_6_days_share == pytest.approx(1.5 / 48.0 * 6 / 7)
    assert figures.energy_hpc_mwh == pytest.approx(1.5)
    assert figures.energy_lpc_mwh == pytest.approx(0.5)
    assert figures.lpc_energy_share == pytest.approx(0.25)


def test_a_wait_of_exactly_a_quarter_of_an_hour_is_not_long(cases):
    plans = cases.plans_of(*(cases.Trip(at_h, (cases.Stop(0),)) for at_h in (1.0, 1.5)))
    assert layout_figures(*simulated(plans, [1], [0])).long_wait_share == 0.0


def test_figures_of_nothing_are_zero(cases):
    figures = layout_figures(*simulated(cases.plans_of(cases.Trip(1.0)), [0], [0]))
    assert figures.mean_wait_min == figures.p95_wait_min == figures.tcu_share == 0.0
    assert figures.ecu_share == figures.lpc_energy_share == 0.0
    assert figures.sessions_per_hpc_day == figures.sessions_per_lpc_day == 0.0


def test_sessions_are_counted_per_day_of_the_horizon(cases):
    plans = cases.plans_of(*(cases.Trip(at_h, (cases.Stop(0),)) for at_h in (1.0, 30.0, 31.0)))
    figures = layout_figures(*simulated(plans, [3], [0], horizon_h=48.0))
    assert figures.sessions_per_hpc_day == pytest.approx(0.5)


def test_figures_agree_with_the_scores_of_the_optimiser(cases):
    generator = np.random.default_rng(3)
    trips = [
        cases.Trip(
            generator.uniform(0.0, 24.0),
            (cases.lpc(int(generator.integers(3)), next_leg_h=0.5), cases.Stop(1))
            if generator.random() < 0.3
            else (cases.Stop(int(generator.integers(3))), cases.Stop(0)),
        )
        for _ in range(80)
    ]
    demand, result, layout = simulated(cases.plans_of(*trips), [2, 2, 1], [2, 3, 1])
    figures = layout_figures(demand, result, layout)
    scores = evaluate_layouts(demand, layout.n_hpc[None], layout.n_lpc)
    assert figures.n_lpc_rejected == scores.n_lpc_rejected[0] > 0
    assert figures.n_hpc_processes == scores.n_hpc_processes[0]
    assert figures.mean_wait_min == pytest.approx(scores.mean_wait_min[0], rel=1e-9)
    assert figures.tcu_share == pytest.approx(scores.tcu_share[0], rel=1e-9)
    assert 1000.0 * figures.energy_hpc_mwh == pytest.approx(scores.hpc_energy_kwh[0], rel=1e-9)
    assert 1000.0 * figures.energy_lpc_mwh == pytest.approx(scores.lpc_energy_kwh[0], rel=1e-9)


def test_figures_of_each_site(platoon):
    demand, result, layout = simulated(platoon, [1, 0, 3], [0, 1, 0])
    figures = site_figures(demand, result, layout)
    assert figures.n_sessions_hpc.tolist() == [5, 0, 0]
    assert figures.n_sessions_lpc.tolist() == [0, 1, 0]
    assert figures.energy_hpc_kwh == pytest.approx([1500.0, 0.0, 0.0])
    assert figures.energy_lpc_kwh == pytest.approx([0.0, 500.0, 0.0])
    assert figures.mean_wait_min == pytest.approx([90.0, np.nan, np.nan], nan_ok=True)
    assert figures.p95_wait_min == pytest.approx([180.0, np.nan, np.nan], nan_ok=True)
    assert figures.utilisation_share == pytest.approx([3.75 / 24, np.nan, 0.0], nan_ok=True)
    assert figures.peak_power_kw == pytest.approx([1000.0, 100.0, 0.0])


def test_95_of_100_waits_are_no_longer_than_the_p95_of_a_site(cases):
    trucks = [cases.Trip(1.0, (cases.Stop(0, plug_h=0.5, hold_h=0.5),)) for _ in range(20)]
    demand, result, layout = simulated(cases.plans_of(*trucks), [1], [0])
    figures = site_figures(demand, result, layout)
    assert figures.p95_wait_min.tolist() == [18 * 30.0]
    assert layout_figures(demand, result, layout).p95_wait_min == 18 * 30.0


def test_the_highest_power_at_one_moment_is_no_sum_of_peaks_and_lies_in_the_horizon(cases):
    trips = (
        cases.Trip(-2.0, (cases.Stop(0, energy_kwh=500.0),)),  # before the horizon
        cases.Trip(-2.0, (cases.Stop(1, energy_kwh=500.0),)),
        cases.Trip(8.0, (cases.Stop(0, energy_kwh=500.0),)),  # half an hour at 1 MW each,
        cases.Trip(9.0, (cases.Stop(1, energy_kwh=500.0),)),  # one after the other
    )
    demand, run, layout = simulated(cases.plans_of(*trips), [1, 1], [0, 0])
    assert simultaneous_peak_kw(drawn_power(demand, run)) == pytest.approx(1000.0)
    assert site_figures(demand, run, layout).peak_power_kw.sum() == pytest.approx(2000.0)


@pytest.mark.parametrize(
    ("hour", "site_kw", "all_kw"),
    [
        pytest.param(-2.0, 0.0, 0.0, id="before the horizon"),
        pytest.param(-0.25, 2000.0, 2000.0, id="across its start"),
        pytest.param(23.75, 2000.0, 2000.0, id="across its end"),
        pytest.param(24.5, 0.0, 0.0, id="after the horizon"),
    ],
)
def test_peaks_of_a_site_and_of_all_sites_have_the_limits_of_the_horizon(
    cases, hour, site_kw, all_kw
):
    # Two trucks draw 1 MW each for half an hour.
    trips = [cases.Trip(hour, (cases.Stop(0, energy_kwh=500.0),)) for _ in range(2)]
    demand, run, layout = simulated(cases.plans_of(*trips), [2, 1], [0, 0])
    peaks = site_figures(demand, run, layout).peak_power_kw
    assert peaks == pytest.approx([site_kw, 0.0])
    together = simultaneous_peak_kw(drawn_power(demand, run))
    assert together == pytest.approx(all_kw)
    check_peaks(peaks, together)


def test_peaks_that_are_not_of_the_same_hours_are_an_error():
    peaks = np.array([1000.0, 500.0])
    for possible_kw in (1000.0, 1500.0):
        check_peaks(peaks, possible_kw)
    for impossible_kw in (999.0, 1501.0):
        with pytest.raises(InvariantError, match="all peaks sum to 1500 kW"):
            check_peaks(peaks, impossible_kw)


def test_peak_power_ends_when_the_energy_is_in_the_battery(cases):
    # 300 kWh at 1 MW are in after 0.3 h of the 0.75 h on the plug; 900 kWh need all of it.
    plans = cases.plans_of(
        cases.Trip(1.0, (cases.Stop(0), cases.Stop(1, energy_kwh=900.0))),
        cases.Trip(1.5, (cases.Stop(0),)),
        cases.Trip(3.0, (cases.Stop(1),)),
    )
    demand, result, layout = simulated(plans, [2, 2], [0, 0])
    figures = site_figures(demand, result, layout)
    assert figures.peak_power_kw == pytest.approx([1000.0, 2200.0])


@pytest.mark.parametrize(
    ("plug_in_h", "hpc_kwh", "lpc_kwh"),
    [
        pytest.param(20.0, 0.0, 400.0, id="across the end: four hours at 100 kW"),
        pytest.param(-3.0, 0.0, 200.0, id="across the start: the last two of five hours"),
        pytest.param(-6.0, 0.0, 0.0, id="full before the start, though still at the point"),
        pytest.param(15.0, 0.0, 500.0, id="full before the end, though still at the point"),
        pytest.param(12.75, 250.0, 500.0, id="rejected: at high power after the rest"),
    ],
)
def test_energy_is_drawn_from_plug_in_on_and_not_spread_over_the_rest(
    cases, plug_in_h, hpc_kwh, lpc_kwh
):
    trips = [cases.Trip(plug_in_h, (cases.lpc(0, energy_kwh=500.0),))]
    if hpc_kwh:
        trips.insert(0, cases.Trip(12.5, (cases.lpc(0, energy_kwh=500.0),)))
    demand, result, layout = simulated(cases.plans_of(*trips), [1], [1])
    figures = layout_figures(demand, result, layout)
    assert (figures.energy_hpc_mwh, figures.energy_lpc_mwh) == pytest.approx(
        (hpc_kwh / 1000.0, lpc_kwh / 1000.0)
    )
    scores = evaluate_layouts(demand, layout.n_hpc[None], layout.n_lpc)
    assert scores.hpc_energy_kwh[0] == pytest.approx(hpc_kwh, abs=1e-9)
    assert scores.lpc_energy_kwh[0] == pytest.approx(lpc_kwh, abs=1e-9)
    of_sites = site_figures(demand, result, layout)
    assert of_sites.energy_hpc_kwh == pytest.approx([hpc_kwh])
    assert of_sites.energy_lpc_kwh == pytest.approx([lpc_kwh])


def test_power_follows_the_charging_curve_in_peaks_queues_and_energy(cases):
    # 600 kW up to half full, then falling to 60 kW; trucks come with 30 % of 600 kWh.
    truck = VehicleClass(
        battery_kwh=600.0,
        consumption_loaded_kwh_km=1.2,
        consumption_empty_kwh_km=1.2,
        max_charging_kw=1000.0,
        charging_curve=((0.5, 600.0), (1.0, 60.0)),
    )
    to_full_h = 120.0 / 600.0 + 300.0 / 540.0 * np.log(10.0)
    whole = cases.Stop(0, energy_kwh=420.0, plug_h=to_full_h, hold_h=to_full_h)
    plans = cases.plans_of(
        cases.Trip(24.0 - to_full_h + 1.0, (whole,)), cases.Trip(10.0, (cases.lpc(1),))
    )
    curves = TripCurves(
        curves_at_points([truck], 1000.0, 100.0), np.zeros(2, np.int64), np.full(2, 600.0)
    )
    demand, run, layout = simulated(plans, [1, 0], [0, 1], curves=curves)
    figures = site_figures(demand, run, layout)
    assert figures.peak_power_kw == pytest.approx([600.0, 100.0])
    # What the last hour, after midnight, does not bring: power falls by 1.8 kW for each kWh.
    inside_h = to_full_h - 1.0
    inside_kwh = 120.0 + 600.0 / 1.8 * (1.0 - np.exp(-1.8 * (inside_h - 0.2)))
    # Within a fortieth of the battery power is its mean, by which energy at a cut is off.
    assert figures.energy_hpc_kwh[0] == pytest.approx(inside_kwh, rel=1e-3)
    scores = evaluate_layouts(demand, layout.n_hpc[None], layout.n_lpc)
    assert scores.hpc_energy_kwh[0] == pytest.approx(figures.energy_hpc_kwh[0], rel=1e-12)
    # A rejected truck charges its 300 kWh at high power as long as they take there.
    assert demand.stop_fallback_plug_h[1] == pytest.approx(
        120.0 / 600.0 + 300.0 / 540.0 * np.log(600.0 / 276.0) + 5.0 / 60.0
    )


def test_trips_end_later_by_what_they_waited(cases):
    plans = cases.plans_of(
        cases.Trip(1.0, (cases.Stop(0), cases.Stop(1, next_leg_h=2.0))),
        cases.Trip(1.0, (cases.Stop(0),)),
        cases.Trip(6.0),
        cases.Trip(7.0, (), TripStatus.NO_ROUTE),
    )
    demand, result, _ = simulated(plans, [1, 1], [0, 0])
    ends_h = destination_arrival_h(plans, demand, result)
    assert ends_h == pytest.approx([5.5, 3.5, 6.0, np.nan], nan_ok=True)


@pytest.mark.parametrize("n", [1, 2, 3, 19, 20, 21, 1000])
def test_quantiles_of_sorted_waits_are_those_of_the_inverted_distribution(n):
    waits = np.sort(np.random.default_rng(n).exponential(size=n))
    for share in (0.5, 0.95, 1.0):
        assert metrics._quantile(waits, share) == np.quantile(waits, share, method="inverted_cdf")
    assert metrics._quantile(waits[:0], 0.95) == 0.0
