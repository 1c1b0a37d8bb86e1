from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pandas as pd
import pytest
from pymoo.indicators.hv import HV

from planner.errors import InvariantError, RunDirectoryError
from planner.optimization import optimize as optimize_module
from planner.optimization.comparison import compare_with_other_methods
from planner.optimization.front import NAMED_SOLUTIONS
from planner.optimization.optimize import optimize
from planner.optimization.pareto import non_dominated, weakly_dominated
from planner.optimization.site_limits import no_limits
from planner.runs.random_streams import RandomStreams
from planner.scenario.optimization import Optimization
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate

SETTINGS = Optimization(
    population=20, max_generations=20, convergence_window=8, max_solutions=25, archive_size=60
)


@pytest.fixture(scope="module")
def result(demand):
    return optimize(demand, SETTINGS, RandomStreams(1))


def compared(result, **options):
    return compare_with_other_methods(
        result.start, result.found, SETTINGS, RandomStreams(1), **options
    )


@pytest.fixture(scope="module")
def comparison(result):
    return compared(result)


def points(scores):
    return np.column_stack([scores.mean_wait_min, scores.tcu_share])


def test_the_front_is_non_dominated_within_bounds_and_nowhere_worse_than_its_seed(result):
    front = result.front
    assert 5 <= front.n_solutions <= SETTINGS.max_solutions
    assert np.all(np.diff(points(front.scores), axis=0) > 0.0)
    bounds = result.start.model.bounds
    assert np.all((front.n_hpc >= bounds.lower) & (front.n_hpc <= bounds.upper))
    space, seed = front.space, result.seed_points
    seed = seed[seed[:, 0] <= space.reference[0]]
    assert weakly_dominated(space.costs(seed), space.costs(points(front.scores))).all()
    assert space.hypervolume(front.objectives) >= space.hypervolume(seed)


def test_scores_are_those_of_the_full_simulation(result, demand):
    again = evaluate_layouts(demand, result.front.n_hpc, result.front.n_lpc)
    assert np.array_equal(points(again), points(result.front.scores))
    assert np.array_equal(points(again), result.front.objectives)


def test_five_names_in_order(result, demand):
    chosen = [result.front.named[name] for name in NAMED_SOLUTIONS]
    assert chosen == sorted(chosen)
    assert len(set(chosen)) == 5
    assert result.front.scores.mean_wait_min[chosen[0]] <= SETTINGS.wait_tolerance_min
    energy = result.front.scores.hpc_energy_kwh + result.front.scores.lpc_energy_kwh
    scores = evaluate_layouts(demand, result.unlimited.n_hpc[None], result.unlimited.n_lpc)
    unlimited = scores.hpc_energy_kwh + scores.lpc_energy_kwh
    assert energy[chosen[-1]] >= (1.0 - SETTINGS.energy_loss_share) * unlimited[0]


def test_methods_are_compared_at_equal_evaluations(result, comparison):
    table = comparison.set_index("method")
    n_granted = table.loc["seeded NSGA-II", "n_evaluations"]
    assert n_granted == result.front.history["n_evaluations"].iloc[-1]
    n_plain = table.loc["plain NSGA-II", "n_evaluations"]
    assert n_granted <= n_plain < n_granted + SETTINGS.population
    curves = table.loc[["quantile layouts", "separable front"], "n_evaluations"]
    assert (curves <= n_granted).all()
    assert table.loc["seeded NSGA-II", "hypervolume"] >= table.loc["plain NSGA-II", "hypervolume"]


def test_one_thread_and_two_give_the_same(result, comparison, demand):
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        alone = optimize(demand, SETTINGS, RandomStreams(1))
        alone_comparison = compared(alone)
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(alone.front.n_hpc, result.front.n_hpc)
    assert np.array_equal(points(alone.front.scores), points(result.front.scores))
    pd.testing.assert_frame_equal(alone_comparison, comparison)


def test_checkpoints_change_nothing_and_are_tied_to_the_inputs(
    result, comparison, demand, tmp_path
):
    seen = []
    with_files = optimize(
        demand,
        SETTINGS,
        RandomStreams(1),
        checkpoint_dir=tmp_path,
        progress=lambda *step: seen.append(step),
    )
    compared(with_files, checkpoint_dir=tmp_path, progress=lambda *step: seen.append(step))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain-nsga2.npz", "search.npz"]
    assert seen
    again = optimize(demand, SETTINGS, RandomStreams(1), checkpoint_dir=tmp_path)
    for other in (with_files, again):
        assert np.array_equal(other.front.n_hpc, result.front.n_hpc)
        pd.testing.assert_frame_equal(compared(other, checkpoint_dir=tmp_path), comparison)
    with pytest.raises(RunDirectoryError):
        optimize(demand, SETTINGS, RandomStreams(2), checkpoint_dir=tmp_path)


def test_weak_grid_connections_cap_sites_and_still_give_a_front(demand):
    limits = replace(no_limits(demand.n_sites), max_hpc=np.full(demand.n_sites, 2, np.int32))
    capped = optimize(demand, SETTINGS, RandomStreams(1), limits=limits)
    assert capped.front.n_hpc.max() == 2
    assert capped.front.space.reference[0] > 60.0
    assert capped.front.n_solutions > 1
    assert capped.front.named["cpo"] > capped.front.named["logistics"]
    assert compared(capped)["hypervolume"].max() > 0.0


def test_existing_plugs_stay_even_where_nobody_stops(demand):
    existing = np.zeros(demand.n_sites, np.int32)
    existing[[0, -1]] = 3
    limits = replace(no_limits(demand.n_sites), existing_hpc=existing, existing_lpc=existing)
    result = optimize(demand, SETTINGS, RandomStreams(1), limits=limits)
    assert result.front.n_hpc[:, [0, -1]].min() >= 3
    assert result.front.n_lpc[[0, -1]].min() >= 3


def test_few_parking_spaces_send_resting_trucks_to_high_power_points(demand, result):
    max_lpc = (result.unlimited.n_lpc // 2).astype(np.int32)
    limits = replace(no_limits(demand.n_sites), max_lpc=max_lpc)
    tight = optimize(demand, SETTINGS, RandomStreams(1), limits=limits)
    assert np.array_equal(tight.front.n_lpc, max_lpc)
    assert tight.front.scores.n_lpc_rejected.min() > 0
    assert tight.front.scores.mean_wait_min[tight.front.named["logistics"]] < 1.0


def test_a_front_worse_than_its_seed_is_reported(result):
    front = result.front
    worse = replace(front, objectives=front.objectives * [1.0, 0.9])
    with pytest.raises(InvariantError, match="worse than"):
        optimize_module._check_against_seed(worse, result.seed_points)


def test_three_objectives_give_a_front_by_pymoos_hypervolume_nowhere_worse_than_its_seed(demand):
    names = ("mean_wait_min", "tcu", "p95_wait_min")
    settings = SETTINGS.model_copy(update={"objectives": names, "max_generations": 6})
    result = optimize(demand, settings, RandomStreams(1))
    front, space = result.front, result.front.space
    costs = space.costs(front.objectives)
    assert space.names == names
    assert len(non_dominated(costs)) == front.n_solutions
    seed = result.seed_points[space.is_feasible(result.seed_points)]
    assert weakly_dominated(space.costs(seed), costs).all()
    for n_hpc, p95_wait_min in zip(front.n_hpc, front.objectives[:, 2], strict=True):
        layout = ChargerLayout(n_hpc, front.n_lpc)
        figures = layout_figures(demand, simulate(demand, layout), layout)
        assert figures.p95_wait_min == p95_wait_min
    volume = HV(ref_point=np.array([60.0, 0.0, 240.0]))(costs) / (60.0 * 240.0)
    assert space.hypervolume(front.objectives) == pytest.approx(volume)
    table = compare_with_other_methods(result.start, result.found, settings, RandomStreams(1))
    assert table.columns.tolist()[3:] == [
        "best_mean_wait_min",
        "best_p95_wait_min",
        "tcu_share_at_5_min",
    ]
    by_method = table.set_index("method")["hypervolume"]
    assert by_method["seeded NSGA-II"] >= by_method["separable front"]
    assert result.found.history.columns[-1] == "best_p95_wait_min"


def test_points_for_an_objective_instead_of_utilisation_give_the_same_ends(demand, result):
    names = ("n_hpc", "mean_wait_min")
    settings = SETTINGS.model_copy(update={"objectives": names, "max_generations": 6})
    front = optimize(demand, settings, RandomStreams(1)).front
    assert np.array_equal(front.objectives[:, 0], front.n_hpc.sum(axis=1))
    assert np.all(np.diff(front.objectives, axis=0) * [-1.0, 1.0] > 0.0)
    assert front.space.reference[0] == 2.0 * result.unlimited.n_hpc.sum()
    least = front.n_hpc[0].sum()
    assert least == result.front.n_hpc[0].sum()
    assert front.scores.mean_wait_min[0] == result.front.scores.mean_wait_min[0]
