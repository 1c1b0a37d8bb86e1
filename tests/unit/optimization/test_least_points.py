"""The fewest points for a target: met in the full simulation, and none can be spared."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from planner.optimization.allocation import separable_front
from planner.optimization.least_points import WaitTarget, least_points
from planner.optimization.long_waits import long_wait_counts
from planner.optimization.seeding import separable_model
from planner.optimization.wait_tables import build_wait_tables
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate, unlimited_layout


@pytest.fixture(scope="module")
def setting(demand):
    """Unlimited layout, bounds and a front to start from."""
    unlimited = unlimited_layout(demand)
    model = separable_model(demand, unlimited)
    return unlimited.n_lpc, model.bounds, separable_front(model.tables, model.bounds, 20)


def figures_of(demand, n_hpc, n_lpc):
    layout = ChargerLayout(n_hpc, n_lpc)
    return layout_figures(demand, simulate(demand, layout), layout)


TARGETS = [
    WaitTarget(mean_min=2.0),
    WaitTarget(mean_min=10.0),
    WaitTarget(p95_min=15.0),
    WaitTarget(mean_min=10.0, p95_min=20.0),
]


@pytest.mark.parametrize("target", TARGETS)
def test_the_target_is_met_and_no_point_can_be_spared(demand, setting, target):
    n_lpc, bounds, front = setting
    found = least_points(demand, front, n_lpc, bounds, target)
    assert target.is_met(figures_of(demand, found.n_hpc, n_lpc))
    assert found.n_hpc.sum() <= found.n_hpc_of_front
    assert (found.n_hpc >= bounds.lower).all()
    assert (found.n_hpc <= bounds.upper).all()
    for site in np.flatnonzero(found.n_hpc > bounds.lower):
        fewer = found.n_hpc.copy()
        fewer[site] -= 1
        assert not target.is_met(figures_of(demand, fewer, n_lpc))


@pytest.mark.parametrize("mean_min", [2.0, 5.0, 20.0])
def test_no_layout_within_reach_has_fewer(demand, setting, mean_min):
    """Every layout with a point less, within reach of the one found, waits longer."""
    n_lpc, bounds, front = setting
    found = least_points(demand, front, n_lpc, bounds, WaitTarget(mean_min=mean_min))
    visited = np.flatnonzero(bounds.upper)
    moves = np.array([m for m in product((-2, -1, 0, 1), repeat=len(visited)) if sum(m) == -1])
    layouts = np.repeat(found.n_hpc[None], len(moves), axis=0)
    layouts[:, visited] += moves.astype(np.int32)
    inside = ((layouts >= bounds.lower) & (layouts <= bounds.upper)).all(axis=1)
    waits = evaluate_layouts(demand, layouts[inside], n_lpc).mean_wait_min
    assert waits.min() > mean_min


def test_an_impossible_target_has_no_answer(demand, setting):
    n_lpc, bounds, front = setting
    assert least_points(demand, front, n_lpc, bounds, WaitTarget(mean_min=-1.0)) is None


def test_a_front_without_an_answer_is_no_hindrance(demand, setting):
    n_lpc, bounds, _ = setting
    found = least_points(demand, bounds.lower[None], n_lpc, bounds, WaitTarget(mean_min=2.0))
    assert found.n_hpc_of_front is None
    assert found.figures.mean_wait_min <= 2.0


@pytest.fixture
def tables_without_queues(demand, setting):
    n_lpc, bounds, _ = setting
    run = simulate(demand, ChargerLayout(bounds.upper, n_lpc))
    is_hpc = run.is_hpc
    arrivals = demand.stop_site_idx[is_hpc], run.queue_h[is_hpc], run.plug_h[is_hpc]
    return arrivals, build_wait_tables(*arrivals, demand.n_sites)


def test_with_fixed_arrivals_the_yardstick_is_the_answer(demand, setting, tables_without_queues):
    n_lpc, bounds, front = setting
    arrivals, tables = tables_without_queues
    visited = [range(1, peak + 1) if peak else (0,) for peak in tables.peak]
    layouts = np.array(list(product(*visited)))
    totals = layouts.sum(axis=1)

    found = least_points(demand, front, n_lpc, bounds, WaitTarget(mean_min=2.0))
    enough = tables.mean_wait_min(layouts) <= 2.0
    assert found.n_hpc_separable == totals[enough].min()

    found = least_points(demand, front, n_lpc, bounds, WaitTarget(p95_min=15.0))
    n_longer = replace(tables, total_wait_h=long_wait_counts(tables, *arrivals, 0.25))
    n = len(arrivals[0])
    enough = n_longer.wait_h(layouts) <= n - np.ceil(0.95 * n)
    assert found.n_hpc_separable == totals[enough].min()


@pytest.fixture(scope="module", params=[3, 5, 8])
def all_layouts(request, make_demand):
    """Every layout of a small country with its figures in the full simulation."""
    demand = make_demand(seed=request.param, n_sites=4, n_trips=70)
    unlimited = unlimited_layout(demand)
    bounds = separable_model(demand, unlimited).bounds
    visited = [range(low, high + 1) for low, high in zip(bounds.lower, bounds.upper, strict=True)]
    layouts = np.array(list(product(*visited)), np.int32)
    figures = [figures_of(demand, layout, unlimited.n_lpc) for layout in layouts]
    return demand, unlimited.n_lpc, bounds, layouts, figures


@pytest.mark.parametrize(
    "target",
    [WaitTarget(mean_min=mean_min) for mean_min in (0.5, 2.0, 5.0, 20.0)]
    + [WaitTarget(p95_min=p95_min) for p95_min in (5.0, 15.0, 30.0)]
    + [WaitTarget(mean_min=5.0, p95_min=15.0)],
)
def test_no_layout_at_all_has_fewer(all_layouts, target):
    """Against the full simulation of every layout, and what is proved is true."""
    demand, n_lpc, bounds, layouts, figures = all_layouts
    fewest = min(one.n_hpc for one in figures if target.is_met(one))
    found = least_points(demand, layouts[:1], n_lpc, bounds, target)
    assert found.n_hpc.sum() == fewest
    assert bounds.lower.sum() < found.n_hpc_proved <= fewest


def waits_min_plain(arrival_h, plug_h, n_plugs):
    free_h = [-np.inf] * n_plugs
    waits = []
    for arrival, plug in zip(arrival_h, plug_h, strict=True):
        first = min(range(n_plugs), key=lambda at: free_h[at])
        start = max(arrival, free_h[first])
        waits.append(60.0 * (start - arrival))
        free_h[first] = start + plug
    return waits


def test_long_waits_are_counted_as_by_hand():
    rng = np.random.default_rng(5)
    site = rng.integers(0, 3, 120)
    arrival_h, plug_h = rng.uniform(0.0, 12.0, 120), rng.uniform(0.2, 1.5, 120)
    tables = build_wait_tables(site, arrival_h, plug_h, 4)
    counts = long_wait_counts(tables, site, arrival_h, plug_h, limit_h=0.25)
    order = np.argsort(arrival_h, kind="stable")
    for at in range(3):
        here = order[site[order] == at]
        expected = [
            sum(wait > 15.0 for wait in waits_min_plain(arrival_h[here], plug_h[here], n))
            for n in range(1, tables.peak[at] + 1)
        ]
        assert counts[tables.offset[at] : tables.offset[at + 1]].tolist() == expected
