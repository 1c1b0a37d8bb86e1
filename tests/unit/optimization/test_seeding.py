from __future__ import annotations

import numpy as np

from planner.optimization.seeding import start_of_search
from planner.simulation.queues import unlimited_layout


def test_the_start_spans_the_bounds_and_agrees_with_the_unlimited_run(demand):
    start = start_of_search(demand, n_seeds=15)
    unlimited = unlimited_layout(demand)
    bounds = start.model.bounds
    assert np.array_equal(start.model.tables.peak, unlimited.n_hpc)
    assert np.array_equal(bounds.upper, unlimited.n_hpc)
    assert np.array_equal(bounds.lower, np.minimum(unlimited.n_hpc, 1))
    for layouts in (start.seed_n_hpc, start.corrected_n_hpc):
        assert np.all((layouts >= bounds.lower) & (layouts <= bounds.upper))
    assert start.problem.space.reference.tolist() == [60.0, 0.0]
    assert start.problem.points(unlimited.n_hpc[None])[0, 0] == 0.0


def test_correcting_the_arrivals_does_not_cost_quality(demand):
    start = start_of_search(demand, n_seeds=200)
    seed, corrected = (
        start.problem.points(layouts) for layouts in (start.seed_n_hpc, start.corrected_n_hpc)
    )
    together = np.concatenate([seed, corrected])
    volume = start.problem.space.hypervolume
    assert volume(together) > volume(seed)
    assert volume(corrected) > 0.99 * volume(seed)
