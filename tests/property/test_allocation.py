"""The separable model against brute force and dynamic programming."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.optimization.allocation import (
    allocate,
    marginal_steps,
    plug_bounds,
    separable_front,
)
from planner.optimization.quantile_layouts import occupancy_over_time, quantile_layouts
from planner.optimization.wait_tables import arrivals_by_site, build_wait_tables


@st.composite
def arrivals(draw, max_sites=3, max_arrivals=24):
    """Random arrivals at a few sites, with ties and with unequal plug times."""
    n_sites = draw(st.integers(1, max_sites))
    n = draw(st.integers(1, max_arrivals))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    site = rng.integers(0, n_sites, n)
    arrival = rng.uniform(0.0, draw(st.sampled_from([1.0, 4.0])), n).round(1)
    plug = rng.choice([0.25, 0.75, 0.75, 2.0], n)
    return site, arrival, plug, n_sites


@st.composite
def cases(draw, **sizes):
    """Tables with bounds from existing plugs and grid connections."""
    tables = build_wait_tables(*draw(arrivals(**sizes)))
    n_sites = tables.n_sites
    existing = np.array(draw(st.lists(st.integers(0, 2), min_size=n_sites, max_size=n_sites)))
    most = np.array(draw(st.lists(st.integers(0, 9), min_size=n_sites, max_size=n_sites)))
    return tables, plug_bounds(tables.peak, existing, most)


def least_wait_by_total(tables, bounds):
    """Exact twin: dynamic programming over sites, least waiting for every total."""
    best = {0: 0.0}
    for site in range(tables.n_sites):
        extended = {}
        for plugs in range(bounds.lower[site], bounds.upper[site] + 1):
            wait = 0.0
            if tables.peak[site]:
                entry = tables.offset[site] + min(plugs, tables.peak[site]) - 1
                wait = tables.total_wait_h[entry]
            for total, so_far in best.items():
                key = total + plugs
                extended[key] = min(extended.get(key, np.inf), so_far + wait)
        best = extended
    return best


@given(arrivals(max_sites=4, max_arrivals=60))
def test_waiting_never_increases_with_plugs(case):
    tables = build_wait_tables(*case)
    for site in range(tables.n_sites):
        entries = tables.total_wait_h[tables.offset[site] : tables.offset[site + 1]]
        assert np.all(np.diff(entries) <= 0.0)
        assert not len(entries) or entries[-1] == 0.0


@given(cases())
@settings(max_examples=60)
def test_allocation_beats_every_layout_of_its_total(case):
    tables, bounds = case
    steps = marginal_steps(tables, bounds)
    exact_totals = set(steps.totals.tolist())
    layouts = np.array(
        list(product(*(range(a, b + 1) for a, b in zip(bounds.lower, bounds.upper, strict=True))))
    )
    waits, totals = tables.wait_h(layouts), layouts.sum(axis=1)
    for total in exact_totals:
        found = tables.wait_h(allocate(steps, total))
        assert found <= waits[totals == total].min() + 1e-9


@given(cases(max_sites=8, max_arrivals=120))
@settings(max_examples=60)
def test_allocation_equals_dynamic_programming_on_the_hull_and_is_near_it_elsewhere(case):
    tables, bounds = case
    steps = marginal_steps(tables, bounds)
    best = least_wait_by_total(tables, bounds)
    totals = steps.totals
    for total in range(totals[0], totals[-1] + 1):
        found = allocate(steps, total)
        assert found.sum() == total
        step = np.searchsorted(totals, total, side="right") - 1
        if total == totals[step]:
            assert abs(tables.wait_h(found) - best[total]) < 1e-9
        else:
            assert tables.wait_h(found) <= best[totals[step]] + 1e-9


@given(cases(max_sites=8, max_arrivals=120), st.integers(2, 40))
@settings(max_examples=60)
def test_fronts_keep_to_the_bounds(case, n_points):
    tables, bounds = case
    front = separable_front(tables, bounds, n_points)
    assert 1 <= len(front) <= n_points
    assert np.all((front >= bounds.lower) & (front <= bounds.upper))
    assert len(np.unique(front, axis=0)) == len(front)
    assert tables.wait_h(front[-1]) == tables.wait_h(bounds.upper)


@given(arrivals(max_sites=5, max_arrivals=80), st.integers(2, 40))
@settings(max_examples=60)
def test_quantile_layouts_keep_to_the_bounds_and_end_at_the_peak(case, n_points):
    site, arrival, plug, n_sites = case
    tables = build_wait_tables(site, arrival, plug, n_sites)
    bounds = plug_bounds(tables.peak)
    occupancy = occupancy_over_time(arrivals_by_site(site, arrival, plug, n_sites, (0.0, 10.0)))
    layouts = quantile_layouts(occupancy, tables, bounds, n_points)
    assert 1 <= len(layouts) <= n_points
    assert np.all((layouts >= bounds.lower) & (layouts <= bounds.upper))
    assert np.all(np.diff(layouts, axis=0) >= 0)
    assert layouts[-1].tolist() == bounds.upper.tolist()
