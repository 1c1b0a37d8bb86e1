"""The queue simulation against queueing theory and against ciw."""

from __future__ import annotations

import math

import ciw
import numpy as np
import pytest
from scipy.stats import poisson

from planner.simulation.charging_demand import ChargingDemand
from planner.simulation.drawn_energy import draws_at_full_power, joined
from planner.simulation.queues import ChargerLayout, simulate

N_SITES = 60
N_TRUCKS_PER_SITE = 25_000
N_WARM_UP = 2_000


def demand_of(first_arrival_h, site_idx, plug_h, next_leg_h=0.0):
    """Demand of trucks with as many stops as ``site_idx`` has columns, all at HPC plugs."""
    n_trips, n_trip_stops = site_idx.shape
    n_stops = site_idx.size
    plug_h = np.broadcast_to(plug_h, site_idx.shape).ravel()
    draws = draws_at_full_power(np.full(n_stops, 300.0), 1000.0, plug_h)
    return ChargingDemand(
        n_sites=int(site_idx.max()) + 1,
        start_h=0.0,
        horizon_h=96.0,
        trip_idx=np.arange(n_trips),
        trip_stop_offset=np.arange(n_trips + 1) * n_trip_stops,
        plan_stop_idx=np.arange(n_stops),
        stop_site_idx=site_idx.ravel().astype(np.int32),
        stop_is_hpc=np.ones(n_stops, np.bool_),
        stop_plug_h=plug_h,
        stop_hold_h=plug_h,
        stop_next_leg_h=np.full(n_stops, next_leg_h),
        stop_energy_kwh=np.full(n_stops, 300.0),
        stop_fallback_plug_h=plug_h,
        first_arrival_h=first_arrival_h,
        draws=joined(draws, draws),
    )


def simulate_hpc(demand, n_hpc):
    return simulate(
        demand,
        ChargerLayout(np.array(n_hpc, np.int32), np.zeros(demand.n_sites, np.int32)),
    )


def steady_state_waits(n_points, utilisation, draw_plug_h):
    """Waits at independent copies of one site after its warm-up, (sites, trucks)."""
    generator = np.random.default_rng(2026)
    shape = (N_SITES, N_TRUCKS_PER_SITE)
    arrival_h = generator.exponential(1.0 / (utilisation * n_points), shape).cumsum(axis=1)
    site = np.repeat(np.arange(N_SITES), N_TRUCKS_PER_SITE)[:, None]
    plug_h = draw_plug_h(generator, site.shape)
    result = simulate_hpc(demand_of(arrival_h.ravel(), site, plug_h), [n_points] * N_SITES)
    return result.wait_h.reshape(shape)[:, N_WARM_UP:]


def assert_mean(per_site, expected, largest_error_share):
    """Within four standard errors of the mean over sites, and these are small."""
    standard_error = per_site.std(ddof=1) / math.sqrt(len(per_site))
    assert 4.0 * standard_error < largest_error_share * expected
    assert abs(per_site.mean() - expected) < 4.0 * standard_error


def erlang_c(n_points, utilisation):
    load = n_points * utilisation
    all_busy = load**n_points / math.factorial(n_points) / (1.0 - utilisation)
    return all_busy / (sum(load**k / math.factorial(k) for k in range(n_points)) + all_busy)


@pytest.mark.parametrize(("n_points", "utilisation"), [(1, 0.5), (3, 0.7), (10, 0.85)])
def test_exponential_sessions_wait_as_in_mmc(n_points, utilisation):
    wait_h = steady_state_waits(
        n_points, utilisation, lambda generator, shape: generator.exponential(1.0, shape)
    )
    must_wait_share = erlang_c(n_points, utilisation)
    mean_h = must_wait_share / (n_points * (1.0 - utilisation))
    assert_mean(wait_h.mean(axis=1), mean_h, 0.08)
    assert_mean((wait_h > 0.0).mean(axis=1), must_wait_share, 0.04)


@pytest.mark.parametrize(("n_points", "utilisation"), [(1, 0.5), (3, 0.7), (10, 0.85)])
def test_breaks_of_equal_length_wait_as_in_mdc(n_points, utilisation):
    """Crommelin (1932): mean wait of M/D/c as a series of Poisson tails."""
    wait_h = steady_state_waits(n_points, utilisation, lambda _, shape: np.ones(shape))
    terms = np.arange(1, 2_000) * n_points
    mean_h = float(
        np.sum(
            poisson.sf(terms - 1, terms * utilisation)
            - poisson.sf(terms, terms * utilisation) / utilisation
        )
    )
    if n_points == 1:
        pollaczek_khinchine_h = utilisation / (2.0 * (1.0 - utilisation))
        assert mean_h == pytest.approx(pollaczek_khinchine_h, rel=1e-9)
    assert_mean(wait_h.mean(axis=1), mean_h, 0.06)


def ciw_records(network, n_trucks):
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(n_trucks, method="Finish")
    return simulation.get_all_records()


@pytest.mark.parametrize("n_points", [1, 4])
def test_waits_equal_ciw_on_the_same_trucks(n_points):
    generator = np.random.default_rng(5)
    n_trucks = 400
    gap_h = generator.exponential(0.75 / n_points, n_trucks)
    plug_h = generator.choice([0.2, 0.45, 0.75], n_trucks)
    records = ciw_records(
        ciw.create_network(
            arrival_distributions=[ciw.dists.Sequential([*gap_h.tolist(), math.inf])],
            service_distributions=[ciw.dists.Sequential(plug_h.tolist())],
            number_of_servers=[n_points],
        ),
        n_trucks,
    )
    records.sort(key=lambda record: record.id_number)
    result = simulate_hpc(
        demand_of(gap_h.cumsum(), np.zeros((n_trucks, 1), np.int64), plug_h[:, None]), [n_points]
    )
    assert result.wait_h.max() > 0.25
    expected_h = [record.waiting_time for record in records]
    np.testing.assert_allclose(result.wait_h, expected_h, rtol=0.0, atol=1e-9)


def test_waits_along_the_route_equal_ciw_with_two_sites_and_a_leg_between():
    generator = np.random.default_rng(6)
    n_trucks = 400
    gap_h = generator.exponential(0.3, n_trucks)
    late_gap_h = generator.exponential(0.6, n_trucks // 2)
    plug_h, next_plug_h, leg_h = 0.5, 0.75, 2.0
    records = ciw_records(
        ciw.create_network(
            arrival_distributions=[
                ciw.dists.Sequential([*gap_h.tolist(), math.inf]),
                None,
                ciw.dists.Sequential([*late_gap_h.tolist(), math.inf]),
            ],
            service_distributions=[
                ciw.dists.Deterministic(plug_h),
                ciw.dists.Deterministic(leg_h),
                ciw.dists.Deterministic(next_plug_h),
            ],
            number_of_servers=[2, math.inf, 4],
            routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
        ),
        n_trucks + len(late_gap_h),
    )
    # Trucks that begin at the second site make one stop: give them one at a site of their own.
    site = np.vstack([np.tile([0, 1], (n_trucks, 1)), np.tile([1, 2], (len(late_gap_h), 1))])
    plug = np.where(site == 0, plug_h, next_plug_h)
    first_arrival_h = np.concatenate([gap_h.cumsum(), late_gap_h.cumsum()])
    demand = demand_of(first_arrival_h, site, plug, leg_h)
    result = simulate_hpc(demand, [2, 4, 1000])
    for site_idx, node in ((0, 1), (1, 3)):
        at_site = np.flatnonzero(demand.stop_site_idx == site_idx)
        at_site = at_site[np.argsort(result.arrival_h[at_site], kind="stable")]
        visits = sorted((r.arrival_date, r.waiting_time) for r in records if r.node == node)
        assert result.wait_h[at_site].max() > 0.5
        np.testing.assert_allclose(
            np.column_stack([result.arrival_h[at_site], result.wait_h[at_site]]),
            visits,
            rtol=0.0,
            atol=1e-9,
        )
