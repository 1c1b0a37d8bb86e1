from __future__ import annotations

import numpy as np
import pytest

from planner.optimization.pareto import (
    covering_points,
    hypervolume,
    non_dominated,
    thin_front,
    weakly_dominated,
)

REFERENCE, IDEAL = np.array([60.0, 0.0]), np.array([0.0, -1.0])


def random_points(seed, n=200):
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.exponential(20.0, n).round(0), -rng.uniform(0.0, 1.0, n).round(2)])


def random_front(seed, n=60):
    rng = np.random.default_rng(seed)
    return np.column_stack([np.sort(rng.exponential(10.0, n)), -np.sort(rng.uniform(0.0, 1.0, n))])


def random_sphere(seed, n=300):
    """A front in space: no point of a sphere's inner eighth beats another one."""
    directions = np.random.default_rng(seed).uniform(0.01, 1.0, (n, 3))
    found = 1.0 - directions / np.linalg.norm(directions, axis=1)[:, None]
    return found[non_dominated(found)]


def volume(costs):
    return hypervolume(costs, REFERENCE, IDEAL)


def test_hypervolume_by_hand():
    # Steps: from 0 min on 0.2, from 15 min on 0.5, from 45 min on 0.8; the fourth is dominated.
    costs = np.array([[0.0, -0.2], [45.0, -0.8], [15.0, -0.5], [50.0, -0.7]])
    assert volume(costs) == pytest.approx((15 * 0.2 + 30 * 0.5 + 15 * 0.8) / 60)


def test_hypervolume_of_three_objectives_by_hand():
    # Two boxes of 2 x 1 x 1 and 1 x 2 x 1 that share one of 1 x 1 x 1, in a cube of 4 x 4 x 4.
    costs = np.array([[2.0, 3.0, 3.0], [3.0, 2.0, 3.0]])
    assert hypervolume(costs, np.full(3, 4.0), np.zeros(3)) == pytest.approx(3 / 64)


def test_hypervolume_of_no_ideal_and_late_points():
    assert volume(np.zeros((0, 2))) == 0.0
    assert volume(np.array([[0.0, -1.0]])) == 1.0
    assert volume(np.array([[61.0, -1.0]])) == 0.0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("third", [False, True])
def test_non_dominated_by_pairs(seed, third):
    costs = random_points(seed)
    if third:
        costs = np.column_stack([costs, np.random.default_rng(seed).integers(0, 4, len(costs))])
    beaten = [
        any((a <= b).all() and ((a < b).any() or i < j) for i, a in enumerate(costs) if i != j)
        for j, b in enumerate(costs)
    ]
    front = non_dominated(costs)
    assert sorted(front.tolist()) == np.flatnonzero(~np.array(beaten)).tolist()
    assert costs[front].tolist() == sorted(costs[front].tolist())


def test_non_dominated_of_nothing():
    assert len(non_dominated(np.zeros((0, 3)))) == 0


@pytest.mark.parametrize("seed", range(5))
def test_covering_points_cover_with_the_fewest(seed):
    front = random_front(seed)
    rng = np.random.default_rng(seed + 100)
    # Points a little worse than some of the front.
    covered = front[rng.choice(len(front), 12)] + rng.exponential(1.0, (12, 2)) * [2.0, 0.05]
    chosen = covering_points(front, covered)
    assert weakly_dominated(covered, front[chosen]).all()
    for left_out in chosen:
        assert not weakly_dominated(covered, front[chosen[chosen != left_out]]).all()


def test_a_point_better_than_the_front_cannot_be_covered():
    front = np.array([[1.0, -0.3], [2.0, -0.5]])
    assert weakly_dominated(np.array([[1.5, -0.4], [1.0, -0.3]]), front).tolist() == [False, True]
    with pytest.raises(ValueError, match="not weakly dominated"):
        covering_points(front, np.array([[1.5, -0.4]]))


@pytest.mark.parametrize("seed", range(3))
def test_points_in_space_are_covered_by_few_of_the_front(seed):
    front = random_sphere(seed)
    covered = front[::10] + 0.1
    chosen = covering_points(front, covered)
    assert weakly_dominated(covered, front[chosen]).all()
    assert len(chosen) < len(covered)


def test_thinning_leaves_out_the_least_missed():
    front = np.array([[0.0, -0.1], [1.0, -0.2], [1.5, -0.201], [3.0, -0.4], [9.0, -0.5]])
    nothing = np.zeros(0, np.int64)
    assert thin_front(front, 4, kept=nothing).tolist() == [0, 1, 3, 4]
    assert thin_front(front, 4, kept=np.array([2])).tolist() == [0, 2, 3, 4]
    assert thin_front(front, 1, kept=nothing).tolist() == [0, 4]


def test_thinning_loses_little():
    front = random_front(7, n=400)
    kept = thin_front(front, 80, kept=np.array([5, 200]))
    assert len(kept) == 80
    assert {0, 5, 200, 399} <= set(kept.tolist())
    assert 0.97 * volume(front) < volume(front[kept]) < volume(front)


def test_thinning_in_space_keeps_the_ends_and_more_volume_than_chance():
    front = random_sphere(3, n=600)
    kept = thin_front(front, 100, kept=np.array([7, 200]))
    assert len(kept) == 100
    assert {7, 200, *front.argmin(axis=0).tolist()} <= set(kept.tolist())
    corners = (np.full(3, 1.1), np.zeros(3))
    drawn = np.random.default_rng(1).choice(len(front), 100, replace=False)
    by_chance, thinned, whole = (
        hypervolume(points, *corners) for points in (front[drawn], front[kept], front)
    )
    assert by_chance < thinned < whole
    assert thin_front(front, 1000, kept=np.array([7])).tolist() == list(range(len(front)))
