"""Fewest plugs by dynamic programming, against every layout there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from planner.optimization.allocation import PlugBounds, marginal_steps
from planner.optimization.exact_allocation import fewest_plugs, least_by_total
from planner.optimization.wait_tables import WaitTables


def tables_of(rng, peaks):
    """Tables that fall but are not convex."""
    values = [np.sort(rng.uniform(0.0, 10.0, peak))[::-1] for peak in peaks]
    for entries in values:
        entries[-1:] = 0.0
    return WaitTables(
        offset=np.concatenate([[0], np.cumsum(peaks)]),
        total_wait_h=np.concatenate(values),
        n_arrivals=np.asarray(peaks),
    )


@pytest.mark.parametrize("seed", range(5))
def test_no_layout_is_better_with_any_total(seed):
    rng = np.random.default_rng(seed)
    tables = tables_of(rng, [4, 1, 0, 5, 3])
    bounds = PlugBounds(np.array([1, 1, 0, 2, 1], np.int32), np.array([4, 3, 0, 4, 9], np.int32))
    ranges = [range(1, 5), range(1, 4), (0,), range(2, 5), range(1, 10)]
    layouts = np.array(list(product(*ranges)))
    sums, plugs = tables.wait_h(layouts), layouts.sum(axis=1)
    totals, least = least_by_total(tables, bounds)
    assert totals[0] == bounds.lower.sum()
    for total, best in zip(totals, least, strict=True):
        assert best == pytest.approx(sums[plugs == total].min())
    for limit in (sums.min(), np.median(sums), sums.max()):
        assert fewest_plugs(tables, bounds, limit) == plugs[sums <= limit + 1e-9].min()


def test_it_is_nowhere_worse_than_marginal_allocation():
    rng = np.random.default_rng(9)
    tables = tables_of(rng, [6, 8, 7, 5])
    bounds = PlugBounds(np.ones(4, np.int32), tables.peak.astype(np.int32))
    steps = marginal_steps(tables, bounds)
    saved = np.concatenate([[0.0], np.cumsum(steps.gain_h * steps.n_plugs)])
    totals, least = least_by_total(tables, bounds)
    np.testing.assert_allclose(
        least[steps.totals - totals[0]], tables.wait_h(steps.lower) - saved, atol=1e-9
    )


def test_a_limit_that_nothing_keeps_has_no_answer():
    rng = np.random.default_rng(1)
    tables = tables_of(rng, [3, 3])
    assert fewest_plugs(tables, PlugBounds(np.array([1, 1]), np.array([2, 3])), 0.0) is None
