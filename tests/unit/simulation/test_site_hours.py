"""Load and waits of sites by the hour of the day, against plain loops."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from planner.simulation.drawn_energy import DrawnPower
from planner.simulation.inside_horizon import InsideHorizon
from planner.simulation.site_hours import site_hours

N_SITES, HORIZON_H = 3, 48.0


def some_stops(n_stops):
    """Stops of two days at three sites, of which the last has none."""
    rng = np.random.default_rng(5 + n_stops)
    queue_h = np.round(rng.uniform(-3.0, 51.0, n_stops), 1)  # some join on the hour
    wait_h = np.where(rng.random(n_stops) < 0.5, 0.0, rng.exponential(1.0, n_stops))
    demand = SimpleNamespace(
        stop_site_idx=rng.integers(0, N_SITES - 1, n_stops).astype(np.int32),
        n_sites=N_SITES,
        horizon_h=HORIZON_H,
    )
    run = SimpleNamespace(queue_h=queue_h, is_hpc=rng.random(n_stops) < 0.7)
    joins = (queue_h >= 0.0) & (queue_h < HORIZON_H)
    inside = InsideHorizon(joins, wait_h, np.zeros(n_stops), np.zeros(n_stops))
    from_h = rng.uniform(0.0, HORIZON_H - 3.0, n_stops)
    to_h = from_h + rng.uniform(0.0, 3.0, n_stops)
    drawn = DrawnPower(np.arange(n_stops), from_h, to_h, rng.uniform(50.0, 1000.0, n_stops))
    return demand, run, drawn, inside


@pytest.mark.parametrize("n_stops", [0, 1, 500])
def test_waits_are_means_of_those_that_join_in_the_hour(n_stops):
    demand, run, drawn, inside = some_stops(n_stops)
    waits = [[[] for _ in range(24)] for _ in range(N_SITES)]
    for stop in np.flatnonzero(run.is_hpc & inside.joins):
        hour = int(run.queue_h[stop]) % 24
        waits[demand.stop_site_idx[stop]][hour].append(60.0 * inside.wait_h[stop])
    expected = [[np.mean(each) if each else np.nan for each in site] for site in waits]
    found = site_hours(demand, run, drawn, inside).mean_wait_min
    np.testing.assert_allclose(found, expected)
    assert np.isnan(found[-1]).all()


@pytest.mark.parametrize("n_stops", [0, 1, 500])
def test_power_is_the_mean_of_the_days(n_stops):
    demand, run, drawn, inside = some_stops(n_stops)
    kwh = np.zeros((N_SITES, 24))
    for hour in range(int(HORIZON_H)):
        in_hour_h = np.minimum(drawn.to_h, hour + 1.0) - np.maximum(drawn.from_h, hour)
        np.add.at(
            kwh[:, hour % 24], demand.stop_site_idx, drawn.power_kw * np.maximum(in_hour_h, 0.0)
        )
    found = site_hours(demand, run, drawn, inside).power_kw
    np.testing.assert_allclose(found, kwh * 24.0 / HORIZON_H, atol=1e-9)
