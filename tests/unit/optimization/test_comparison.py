from __future__ import annotations

import numpy as np
import pytest

from planner.optimization.comparison import (
    MethodResult,
    compare_methods,
    plain_nsga2,
    quantile_curve,
    separable_curve,
)
from planner.optimization.seeding import start_of_search
from tests.unit.optimization.waiting_and_use import SPACE


@pytest.fixture(scope="module")
def start(demand):
    return start_of_search(demand, n_seeds=10)


def test_table_by_hand():
    table = compare_methods(
        [
            MethodResult("good", np.array([[2.0, 0.3], [5.0, 0.4], [30.0, 0.6]]), 300),
            MethodResult("late", np.array([[6.0, 0.2], [90.0, 0.9]]), 100),
        ],
        SPACE,
    )
    assert table["method"].tolist() == ["late", "good"]
    assert table["n_evaluations"].tolist() == [100, 300]
    assert table["hypervolume"].tolist() == pytest.approx(
        [54 * 0.2 / 60, (3 * 0.3 + 25 * 0.4 + 30 * 0.6) / 60]
    )
    assert table["best_mean_wait_min"].tolist() == [6.0, 2.0]
    assert np.isnan(table["tcu_share_at_5_min"][0])
    assert table["tcu_share_at_5_min"][1] == 0.4


def test_a_method_that_found_nothing_has_its_row():
    table = compare_methods([MethodResult("lost", np.zeros((0, 2)), 50)], SPACE)
    assert table["hypervolume"].tolist() == [0.0]
    assert table["best_mean_wait_min"].tolist() == [np.inf]


def test_plain_nsga2_gets_as_many_evaluations_in_whole_generations(start):
    found = plain_nsga2(
        start.problem,
        population=12,
        n_evaluations=50,
        archive_size=40,
        rng=np.random.default_rng(1),
    )
    assert found.n_evaluations == 60
    bounds = start.model.bounds
    assert np.all((found.archive.layouts >= bounds.lower) & (found.archive.layouts <= bounds.upper))


@pytest.mark.parametrize("curve", [quantile_curve, separable_curve])
def test_curves_take_no_more_than_granted_and_end_where_nobody_waits(start, curve):
    few, all_there_are = curve(start, 5), curve(start, 10**6)
    assert few.n_evaluations == len(few.points) <= 5
    assert 5 < all_there_are.n_evaluations < 10**6
    assert few.points[-1, 0] == all_there_are.points[-1, 0] == 0.0
