"""Waits and occupied points by hour: worked by hand, and against a plain loop over stops."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from planner.simulation.hourly_profile import hourly_profile
from tests.unit.simulation.test_metrics import simulated


def test_profile_by_hour(cases):
    plans = cases.plans_of(
        cases.Trip(1.5, (cases.Stop(0),)),
        cases.Trip(1.75, (cases.Stop(0),)),
        cases.Trip(2.5, (cases.lpc(0),)),
        cases.Trip(9.0, (cases.Stop(0),)),
    )
    demand, result, _ = simulated(plans, [1], [1], start_h=1.0, horizon_h=3.0)
    profile = hourly_profile(demand, result)
    assert profile.hour.tolist() == [1, 2, 3]
    assert profile.n_hpc_arrivals.tolist() == [2, 0, 0]
    assert profile.mean_wait_min == pytest.approx([15.0, np.nan, np.nan], nan_ok=True)
    assert profile.n_waiting == pytest.approx([0.25, 0.25, 0.0])
    assert profile.n_hpc_occupied == pytest.approx([0.5, 1.0, 0.0])
    assert profile.n_lpc_occupied == pytest.approx([0.0, 0.5, 1.0])


def shares_of_hours(from_h, to_h, edges_h):
    """How much of each hour an interval takes up."""
    return np.maximum(np.minimum(to_h, edges_h + 1.0) - np.maximum(from_h, edges_h), 0.0)


@pytest.mark.parametrize("n_stops", [0, 1, 400])
def test_the_profile_is_that_of_a_loop_over_stops_and_hours(n_stops):
    rng = np.random.default_rng(11 + n_stops)
    queue_h = np.round(rng.uniform(-6.0, 30.0, n_stops), 1)  # some join on the hour
    plug_in_h = queue_h + np.where(rng.random(n_stops) < 0.4, 0.0, rng.exponential(2.0, n_stops))
    release_h = plug_in_h + rng.exponential(1.5, n_stops)
    is_hpc = rng.random(n_stops) < 0.7
    run = SimpleNamespace(queue_h=queue_h, plug_in_h=plug_in_h, release_h=release_h, is_hpc=is_hpc)
    found = hourly_profile(SimpleNamespace(start_h=0.5, horizon_h=23.2), run)
    edges_h = np.arange(24.0)
    assert found.hour.tolist() == edges_h.tolist()
    joins, waits_min = [[] for _ in edges_h], np.full(24, np.nan)
    for hpc, joined_h, wait_h in zip(is_hpc, queue_h, plug_in_h - queue_h, strict=True):
        if hpc and 0.0 <= joined_h < 24.0:
            joins[int(joined_h)].append(60.0 * wait_h)
    for hour, waits in enumerate(joins):
        if waits:
            waits_min[hour] = np.mean(waits)
    assert found.n_hpc_arrivals.tolist() == [len(waits) for waits in joins]
    np.testing.assert_allclose(found.mean_wait_min, waits_min)
    for mean, from_h, to_h, chosen in (
        (found.n_waiting, queue_h, plug_in_h, is_hpc),
        (found.n_hpc_occupied, plug_in_h, release_h, is_hpc),
        (found.n_lpc_occupied, plug_in_h, release_h, ~is_hpc),
    ):
        shares = [
            shares_of_hours(a, b, edges_h)
            for a, b in zip(from_h[chosen], to_h[chosen], strict=True)
        ]
        np.testing.assert_allclose(mean, np.sum(shares, axis=0), atol=1e-12)
