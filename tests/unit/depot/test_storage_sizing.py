"""Batteries of open size, by hand and against the same model in another language."""

from __future__ import annotations

import cvxpy as cp
import numpy as np
import pytest

from planner.depot.microgrid_site import STEP_H, DemandTerm, StorageSizing
from planner.depot.storage_sizing import least_cost_storage


def terms(n, power=10.0, beyond=0.0, beyond_kw=0.0):
    always = np.ones(n, dtype=bool)
    return (
        DemandTerm("power", power, always),
        DemandTerm("station", beyond, always, so_far_kw=beyond_kw),
    )


def test_a_peak_is_shaved_as_far_as_the_battery_can_be_filled_again():
    # 400 kW in one of four steps; the last two steps fill again what it gave: peak p, power
    # 400 - p = 2 p. 133.3 kW at 10, 266.7 kW at 1, and a quarter of that in kWh at 1.
    load = np.array([0.0, 400.0, 0.0, 0.0])
    sized = least_cost_storage(load, 0.0, terms(4), StorageSizing(1.0, 1.0), 1.0)
    assert sized.import_kw.max() == pytest.approx(400.0 / 3.0)
    assert sized.power_kw == pytest.approx(800.0 / 3.0)
    assert sized.capacity_kwh == pytest.approx(200.0 / 3.0)
    assert sized.cost == pytest.approx(4000.0 / 3.0 + 800.0 / 3.0 + 200.0 / 3.0)


def test_a_battery_that_costs_more_than_power_is_not_built():
    load = np.array([0.0, 400.0, 0.0, 0.0])
    sized = least_cost_storage(load, 0.1, terms(4), StorageSizing(0.0, 10.1), 0.9)
    assert (sized.capacity_kwh, sized.power_kw) == (0.0, 0.0)
    assert sized.cost == pytest.approx(4000.0 + 0.1 * 100.0)


def test_no_battery_carries_a_mean_load_above_the_connection():
    load = np.full(8, 300.0)
    assert least_cost_storage(load, 0.1, terms(8), StorageSizing(1.0, 1.0), 0.9, 299.0) is None


def twin_cost(load, price, power, beyond, beyond_kw, sizing, efficiency, most_kw):
    n, one_way = len(load), efficiency**0.5
    drawn, into, out = (cp.Variable(n, nonneg=True) for _ in range(3))
    capacity, inverter = cp.Variable(nonneg=True), cp.Variable(nonneg=True)
    stored = cp.Variable(n + 1, nonneg=True)
    full = sizing.usable_share * capacity
    limits = [
        drawn == load + into - out,
        stored[1:] == stored[:-1] + STEP_H * (one_way * into - out / one_way),
        stored[0] == full,
        stored[-1] == full,
        stored <= full,
        into <= inverter,
        out <= inverter,
        drawn <= most_kw,
    ]
    peak = cp.max(drawn)
    cost = (
        price * STEP_H * cp.sum(drawn)
        + power * peak
        + beyond * cp.maximum(peak - beyond_kw, 0.0)
        + sizing.price_per_kwh * capacity
        + sizing.price_per_kw * inverter
    )
    problem = cp.Problem(cp.Minimize(cost), limits)
    problem.solve(solver=cp.CLARABEL)
    return problem.value


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_same_model_in_another_solver(seed):
    rng = np.random.default_rng(seed)
    load = rng.gamma(0.6, 500.0, 48)
    sizing = StorageSizing(rng.uniform(0.5, 3.0), rng.uniform(0.5, 3.0), rng.uniform(0.8, 1.0))
    price, power, beyond = rng.uniform(0.1, 0.3), rng.uniform(5.0, 12.0), rng.uniform(1.0, 5.0)
    beyond_kw, most_kw = 0.6 * load.max(), 0.9 * load.max()
    sized = least_cost_storage(
        load, price, terms(48, power, beyond, beyond_kw), sizing, 0.88, most_kw
    )
    expected = twin_cost(load, price, power, beyond, beyond_kw, sizing, 0.88, most_kw)
    assert sized.cost == pytest.approx(expected, rel=1e-5)
    assert sized.import_kw.max() <= most_kw + 1e-6
