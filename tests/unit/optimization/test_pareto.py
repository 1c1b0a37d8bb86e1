from __future__ import annotations

import numpy as np
import pytest
from pymoo.indicators.hv import HV

from planner.optimization.pareto import (
    covering_points,
    hypervolume,
    non_dominated,
    thin_front,
    weakly_dominated,
)


def random_points(seed, n=200):
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.exponential(20.0, n).round(0), rng.uniform(0.0, 1.0, n).round(2)])


def random_front(seed, n=60):
    rng = np.random.default_rng(seed)
    return np.column_stack([np.sort(rng.exponential(10.0, n)), np.sort(rng.uniform(0.0, 1.0, n))])


def test_hypervolume_by_hand():
    # Steps: from 0 min on 0.2, from 15 min on 0.5, from 45 min on 0.8; the fourth is dominated.
    wait = np.array([0.0, 45.0, 15.0, 50.0])
    tcu = np.array([0.2, 0.8, 0.5, 0.7])
    assert hypervolume(wait, tcu) == pytest.approx((15 * 0.2 + 30 * 0.5 + 15 * 0.8) / 60)


def test_hypervolume_of_no_ideal_and_late_points():
    assert hypervolume(np.array([]), np.array([])) == 0.0
    assert hypervolume(np.array([0.0]), np.array([1.0])) == 1.0
    assert hypervolume(np.array([61.0]), np.array([1.0])) == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_hypervolume_equals_pymoos(seed):
    points = random_points(seed)
    indicator = HV(ref_point=np.array([60.0, 0.0]))
    expected = indicator(points * [1.0, -1.0]) / 60.0
    assert hypervolume(points[:, 0], points[:, 1]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_non_dominated_by_pairs(seed):
    points = random_points(seed)
    beaten = [
        any(
            a[0] <= b[0] and a[1] >= b[1] and (a[0] < b[0] or a[1] > b[1] or i < j)
            for i, a in enumerate(points)
        )
        for j, b in enumerate(points)
    ]
    front = non_dominated(points[:, 0], points[:, 1])
    assert sorted(front.tolist()) == np.flatnonzero(~np.array(beaten)).tolist()
    assert np.all(np.diff(points[front], axis=0) > 0.0)


@pytest.mark.parametrize("seed", range(5))
def test_covering_points_cover_with_the_fewest(seed):
    front = random_front(seed)
    rng = np.random.default_rng(seed + 100)
    # Points a little worse than some of the front.
    covered = front[rng.choice(len(front), 12)] + rng.exponential(1.0, (12, 2)) * [2.0, -0.05]
    chosen = covering_points(front, covered)
    assert weakly_dominated(covered, front[chosen]).all()
    for left_out in chosen:
        assert not weakly_dominated(covered, front[chosen[chosen != left_out]]).all()


def test_a_point_better_than_the_front_cannot_be_covered():
    front = np.array([[1.0, 0.3], [2.0, 0.5]])
    assert weakly_dominated(np.array([[1.5, 0.4], [1.0, 0.3]]), front).tolist() == [False, True]
    with pytest.raises(ValueError, match="not weakly dominated"):
        covering_points(front, np.array([[1.5, 0.4]]))


def test_thinning_leaves_out_the_least_missed():
    front = np.array([[0.0, 0.1], [1.0, 0.2], [1.5, 0.201], [3.0, 0.4], [9.0, 0.5]])
    nothing = np.zeros(0, np.int64)
    assert thin_front(front, 4, kept=nothing).tolist() == [0, 1, 3, 4]
    assert thin_front(front, 4, kept=np.array([2])).tolist() == [0, 2, 3, 4]
    assert thin_front(front, 1, kept=nothing).tolist() == [0, 4]


def test_thinning_loses_little():
    front = random_front(7, n=400)
    kept = thin_front(front, 80, kept=np.array([5, 200]))
    assert len(kept) == 80
    assert {0, 5, 200, 399} <= set(kept.tolist())
    whole = hypervolume(front[:, 0], front[:, 1])
    assert 0.97 * whole < hypervolume(front[kept, 0], front[kept, 1]) < whole
