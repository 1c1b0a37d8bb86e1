"""Layouts for several scenarios: the mean, the worst case, and what flexibility is worth."""

from itertools import product

import numpy as np
import pytest

from planner.optimization.allocation import PlugBounds, marginal_steps
from planner.optimization.robust_layouts import JudgedLayouts
from planner.optimization.scenario_tables import ScenarioTables
from planner.optimization.wait_tables import build_wait_tables

WEIGHTS = np.array([0.5, 0.3, 0.2])
N_SITES = 3


@pytest.fixture(scope="module")
def tables():
    """Three scenarios at three sites; in the last one nobody comes to the first site."""
    rng = np.random.default_rng(7)
    each = []
    for number in range(3):
        site = rng.integers(1 if number == 2 else 0, N_SITES, 14)
        each.append(build_wait_tables(site, rng.uniform(0.0, 3.0, 14), np.full(14, 0.75), N_SITES))
    return each


def layouts_of(total, bounds):
    ranges = [range(a, b + 1) for a, b in zip(bounds.lower, bounds.upper, strict=True)]
    return np.array([each for each in product(*ranges) if sum(each) == total])


def bounds_of(tables):
    peak = np.max([each.peak for each in tables], axis=0)
    return PlugBounds(np.ones(N_SITES, np.int32), np.maximum(peak, 1).astype(np.int32))


def waits_min(tables, layout):
    return np.array([float(each.mean_wait_min(layout)) for each in tables])


def test_waits_are_those_of_the_scenarios_tables(tables):
    together = ScenarioTables.of(tables)
    bounds = bounds_of(tables)
    for layout in layouts_of(int(bounds.lower.sum()) + 2, bounds):
        assert np.allclose(together.mean_waits_min(layout), waits_min(tables, layout))


def test_the_layout_for_the_mean_is_the_best_of_all_at_the_corners_of_the_hulls(tables):
    together, bounds = ScenarioTables.of(tables), bounds_of(tables)
    for total in marginal_steps(together.weighted(WEIGHTS), bounds).totals:
        found = together.least_mean(bounds, WEIGHTS, int(total))
        best = min(waits_min(tables, each) @ WEIGHTS for each in layouts_of(total, bounds))
        assert waits_min(tables, found) @ WEIGHTS == pytest.approx(best)


def test_the_layout_for_the_worst_case_waits_no_longer_there_than_that_for_the_mean(tables):
    together, bounds = ScenarioTables.of(tables), bounds_of(tables)
    for total in range(int(bounds.lower.sum()), int(bounds.upper.sum())):
        worst, mean = (
            make(bounds, WEIGHTS, total) for make in (together.least_worst, together.least_mean)
        )
        assert worst.sum() == mean.sum() == total
        assert waits_min(tables, worst).max() <= waits_min(tables, mean).max() + 1e-12


def test_the_layout_for_the_worst_case_is_nearly_always_the_best_of_all():
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        each = [
            build_wait_tables(
                rng.integers(0, N_SITES, 16), rng.uniform(0.0, 3.0, 16), np.full(16, 0.75), N_SITES
            )
            for _ in range(3)
        ]
        together, bounds = ScenarioTables.of(each), bounds_of(each)
        for total in range(int(bounds.lower.sum()) + 1, int(bounds.upper.sum())):
            best = min(waits_min(each, layout).max() for layout in layouts_of(total, bounds))
            worst = waits_min(each, together.least_worst(bounds, WEIGHTS, total)).max()
            found.append(worst <= best + 1e-9)
    assert np.mean(found) > 0.9


def judged():
    """Four layouts of four points in two scenarios: one for each, two between, and a small one."""
    layouts = np.array([[3, 1], [1, 3], [2, 2], [1, 1]], np.int32)
    wait_min = np.array([[1.0, 9.0], [8.0, 2.0], [2.0, 4.0], [10.0, 12.0]])
    return JudgedLayouts(layouts, wait_min, wait_min / 100.0, np.array([0.5, 0.5]))


def test_value_of_the_stochastic_solution_and_of_information_follow_their_definitions():
    value = judged().value(4)
    assert value.of_study_min == 5.0  # [3, 1]: best in the first scenario
    assert value.of_all_min == 3.0  # [2, 2]
    assert value.informed_min == 1.5
    assert value.stochastic_solution_min == 2.0
    assert value.perfect_information_min == 1.5


def test_regret_is_against_the_best_with_no_more_points():
    plans = judged()
    assert plans.regret_min(2).tolist() == [1.0, 2.0]
    assert plans.regret_min(3).tolist() == [0.0, 0.0]


def test_the_fronts_hold_what_no_layout_with_as_few_points_beats():
    plans = judged()
    assert plans.front(plans.expected_min).tolist() == [3, 2]
    assert plans.least(plans.worst_min, 4) == 2
    assert plans.least(plans.worst_min, 3) == 3
