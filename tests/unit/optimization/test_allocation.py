from __future__ import annotations

import numpy as np
import pytest

from planner.optimization.allocation import (
    PlugBounds,
    allocate,
    lower_hull,
    marginal_steps,
    plug_bounds,
    separable_front,
    spread_along,
)
from planner.optimization.wait_tables import WaitTables


def tables_of(*waits):
    peak = np.array([len(w) for w in waits])
    return WaitTables(
        offset=np.concatenate([[0], np.cumsum(peak)]),
        total_wait_h=np.concatenate(waits).astype(float),
        n_arrivals=np.full(len(waits), 10),
    )


def test_hull_skips_a_bump_and_keeps_collinear_points():
    assert lower_hull(np.array([10.0, 9.0, 2.0, 1.0, 0.0])).tolist() == [0, 2, 3, 4]


def test_plugs_go_where_they_save_most():
    # Gains per plug: site 0: 6, 2; site 1: bump, 4 per plug for two plugs together.
    tables = tables_of([8, 2, 0], [9, 8, 1])
    steps = marginal_steps(tables, plug_bounds(tables.peak))
    assert steps.totals.tolist() == [2, 3, 5, 6]
    assert steps.gain_h.tolist() == [6.0, 4.0, 2.0]
    assert [allocate(steps, n).tolist() for n in (0, 3, 4, 5, 9)] == [
        [1, 1],
        [2, 1],
        [2, 2],
        [2, 3],
        [3, 3],
    ]


def test_bounds_keep_what_stands_and_what_the_grid_carries():
    bounds = plug_bounds(
        np.array([5, 5, 0, 0, 3]),
        existing_hpc=np.array([2, 7, 0, 1, 0]),
        max_hpc=np.array([4, 4, 4, 4, 0]),
    )
    assert bounds.lower.tolist() == [2, 7, 0, 1, 1]
    assert bounds.upper.tolist() == [4, 7, 0, 1, 1]


def test_front_runs_from_the_lower_bounds_to_the_caps():
    tables = tables_of([50, 20, 8, 3, 1, 0], [40, 9, 0], [7, 0])
    bounds = PlugBounds(np.array([1, 2, 1], np.int32), np.array([4, 3, 2], np.int32))
    front = separable_front(tables, bounds, n_points=50)
    assert front[0].tolist() == [1, 2, 1]
    assert front[-1].tolist() == [4, 3, 2]
    assert np.all(np.diff(tables.wait_h(front)) < 0.0)
    assert np.all(np.diff(front.sum(axis=1)) == 1)
    assert len(separable_front(tables, bounds, n_points=3)) == 3


def test_front_leaves_out_what_waits_too_long_but_never_everything():
    tables = tables_of([50, 20, 8, 3, 1, 0])
    bounds = plug_bounds(tables.peak, max_hpc=np.array([3]))
    # Mean waits are 300, 120 and 48 min.
    assert separable_front(tables, bounds, 9, longest_wait_min=130.0)[:, 0].tolist() == [2, 3]
    assert separable_front(tables, bounds, 9, longest_wait_min=1.0)[:, 0].tolist() == [3]


def test_points_spread_evenly_along_a_curve():
    x = np.array([0.0, 0.1, 0.2, 0.5, 0.9, 1.0])
    assert spread_along(x, np.zeros(6), 3).tolist() == [0, 3, 5]
    assert spread_along(np.zeros(1), np.zeros(1), 5).tolist() == [0]


def test_sites_nobody_visits_get_nothing():
    tables = tables_of([], [3, 0])
    steps = marginal_steps(tables, plug_bounds(tables.peak))
    assert allocate(steps, 10).tolist() == [0, 2]


@pytest.mark.parametrize("n_points", [2, 7])
def test_a_single_layout_is_a_front(n_points):
    tables = tables_of([0], [0])
    assert separable_front(tables, plug_bounds(tables.peak), n_points).tolist() == [[1, 1]]
