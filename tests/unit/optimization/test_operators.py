from __future__ import annotations

import numpy as np
import pytest
from pymoo.core.duplicate import DefaultDuplicateElimination
from pymoo.core.population import Population

from planner.optimization.allocation import PlugBounds
from planner.optimization.operators import (
    MAX_STEPS,
    BoundsRepair,
    EqualLayouts,
    PlugMutation,
    SiteCrossover,
)
from planner.optimization.problem import LayoutProblem
from planner.optimization.seeding import separable_model
from planner.simulation.queues import unlimited_layout
from tests.unit.optimization.waiting_and_use import SPACE


@pytest.fixture(scope="module")
def model(demand):
    return separable_model(demand, unlimited_layout(demand))


@pytest.fixture(scope="module")
def problem(demand, model):
    return LayoutProblem(demand, unlimited_layout(demand).n_lpc, model.bounds, SPACE)


def random_layouts(bounds, n, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(bounds.lower, bounds.upper + 1, size=(n, len(bounds.lower)))


def test_children_take_every_site_from_a_parent(problem, model):
    parents = random_layouts(model.bounds, 40)
    pairs = np.arange(40).reshape(20, 2)
    children = SiteCrossover().do(
        problem, Population.new(X=parents), pairs, random_state=np.random.default_rng(1)
    )
    child = children.get("X").reshape(2, 20, -1)
    first, second = parents[pairs[:, 0]], parents[pairs[:, 1]]
    # What one child has from one parent, the other child has from the other.
    assert np.array_equal(child[0] + child[1], first + second)
    assert np.all((child[0] == first) | (child[0] == second))
    assert np.any(child[0] != first)


def test_mutations_are_small_and_keep_to_the_bounds(problem, model):
    before = random_layouts(model.bounds, 500)
    after = (
        PlugMutation(model.tables, model.bounds)
        .do(problem, Population.new(X=before.copy()), random_state=np.random.default_rng(2))
        .get("X")
    )
    assert np.all((after >= model.bounds.lower) & (after <= model.bounds.upper))
    moved = np.abs(after - before).sum(axis=1)
    assert moved.max() <= 2 * MAX_STEPS
    assert np.median(moved) <= 3
    net = (after - before).sum(axis=1)
    assert (net > 0).any()
    assert (net < 0).any()
    assert ((net == 0) & (moved > 0)).any()


def test_mutations_prefer_the_sites_that_need_plugs(problem, model):
    lower = np.repeat(model.bounds.lower[None].astype(np.int64), 2000, axis=0)
    after = (
        PlugMutation(model.tables, model.bounds)
        .do(problem, Population.new(X=lower.copy()), random_state=np.random.default_rng(3))
        .get("X")
    )
    added = (after - lower).sum(axis=0)
    wait_with_one = np.zeros(model.tables.n_sites)
    visited = model.tables.peak > 0
    wait_with_one[visited] = model.tables.total_wait_h[model.tables.offset[:-1][visited]]
    assert added[np.argmax(wait_with_one)] == added.max()
    assert np.all(added[~visited] == 0)


def test_repair_rounds_and_clips(demand):
    bounds = PlugBounds(np.array([1, 0, 2], np.int32), np.array([3, 0, 2], np.int32))
    problem = LayoutProblem(demand, np.zeros(3, np.int32), bounds, SPACE)
    repaired = BoundsRepair().do(problem, Population.new(X=np.array([[2.6, 4.0, -1.0]])))
    assert repaired.get("X").tolist() == [[3, 0, 2]]


def test_the_problem_scores_a_batch_as_the_simulation_does(problem, model):
    layouts = random_layouts(model.bounds, 8)
    objectives, excess = problem.evaluate(layouts, return_values_of=["F", "G"])
    assert np.all(objectives[:, 0] >= 0.0)
    assert np.all((objectives[:, 1] <= 0.0) & (objectives[:, 1] >= -1.0))
    assert np.array_equal(excess[:, 0], objectives[:, 0] - 60.0)
    alone = problem.evaluate(layouts[3])
    assert np.array_equal(np.asarray(alone[0]), objectives[3])


@pytest.mark.parametrize("n_others", [0, 1, 40])
def test_layouts_left_out_are_those_without_distance_to_others(n_others):
    rng = np.random.default_rng(n_others)
    layouts = Population.new(X=rng.integers(0, 3, size=(60, 3)))
    others = [Population.new(X=rng.integers(0, 3, size=(n_others, 3))), Population()]
    kept = EqualLayouts().do(layouts, *others)
    expected = DefaultDuplicateElimination().do(layouts, *others)
    assert 0 < len(kept) < len(layouts)
    assert kept.get("X").tolist() == expected.get("X").tolist()
