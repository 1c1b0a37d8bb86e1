from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.errors import RunDirectoryError
from planner.optimization.allocation import PlugBounds, separable_front
from planner.optimization.checkpoints import CheckpointFile, fingerprint
from planner.optimization.nsga2 import StopRule, Variation, search
from planner.optimization.operators import PlugMutation, SiteCrossover
from planner.optimization.problem import LayoutProblem
from planner.optimization.seeding import separable_model
from planner.simulation.queues import unlimited_layout
from tests.unit.optimization.waiting_and_use import SPACE

N_GENERATIONS = 24


class Interrupted(Exception):  # noqa: N818 - a kill, not an error
    pass


@pytest.fixture(scope="module")
def run(demand):
    """Run a small search with its own generator each time."""
    unlimited = unlimited_layout(demand)
    model = separable_model(demand, unlimited)
    problem = LayoutProblem(demand, unlimited.n_lpc, model.bounds, SPACE)
    seeds = separable_front(model.tables, model.bounds, 12, 90.0)

    def start(seed=1, stop=None, progress=None, checkpoint=None):
        return search(
            problem,
            seeds,
            Variation(SiteCrossover(), PlugMutation(model.tables, model.bounds)),
            stop or StopRule(N_GENERATIONS, 0.0, 10**6),
            n_seeds=len(seeds),
            population=16,
            archive_size=20,
            rng=np.random.default_rng(seed),
            progress=progress,
            checkpoint=checkpoint,
        )

    return start


@pytest.fixture(scope="module")
def uninterrupted(run):
    return run()


def assert_same(a, b):
    assert np.array_equal(a.archive.layouts, b.archive.layouts)
    assert np.array_equal(a.archive.points, b.archive.points)
    pd.testing.assert_frame_equal(a.history, b.history)


def test_same_seed_same_result_and_another_seed_another(run, uninterrupted):
    assert_same(uninterrupted, run(seed=1))
    assert not np.array_equal(uninterrupted.archive.points, run(seed=2).archive.points)


@pytest.mark.parametrize("killed_at", [4, 10, 13])
def test_a_killed_search_goes_on_as_if_nothing_had_happened(
    run, uninterrupted, tmp_path, killed_at
):
    file = CheckpointFile(tmp_path / "new" / "search.npz", "abc")

    def kill(generation, max_generations, hypervolume):
        if generation == killed_at:
            raise Interrupted

    with pytest.raises(Interrupted):
        run(progress=kill, checkpoint=file)
    done = []
    resumed = run(progress=lambda *step: done.append(step[0]), checkpoint=file)
    assert_same(resumed, uninterrupted)
    # Generation 10 itself is killed before its checkpoint is written.
    assert done[0] == (1 if killed_at <= 10 else 11)
    assert [path.name for path in file.path.parent.iterdir()] == ["search.npz"]


def test_a_finished_search_is_not_run_again(run, tmp_path):
    file = CheckpointFile(tmp_path / "search.npz", "abc")
    first = run(checkpoint=file)

    def refuse(*_):
        raise AssertionError

    assert_same(first, run(progress=refuse, checkpoint=file))


def test_checkpoints_of_others_are_refused(run, tmp_path):
    path = tmp_path / "search.npz"
    run(stop=StopRule(2, 0.0, 10), checkpoint=CheckpointFile(path, "abc"))
    with pytest.raises(RunDirectoryError, match=r"search\.npz: a checkpoint of another search"):
        run(checkpoint=CheckpointFile(path, "xyz"))


def test_a_search_begins_anew_where_its_checkpoint_is_damaged(run, uninterrupted, tmp_path, caplog):
    path = tmp_path / "search.npz"
    run(stop=StopRule(2, 0.0, 10), checkpoint=CheckpointFile(path, "abc"))
    path.write_bytes(path.read_bytes()[:1000])
    assert_same(uninterrupted, run(checkpoint=CheckpointFile(path, "abc")))
    assert "search.npz: a finished stage that cannot be read" in caplog.text


def test_the_archive_only_gets_better_and_never_loses_the_seed(uninterrupted):
    history = uninterrupted.history
    assert history["generation"].tolist() == list(range(1, N_GENERATIONS + 1))
    assert np.all(np.diff(history["n_evaluations"]) > 0)
    assert history["hypervolume"].iloc[-1] >= history["hypervolume"].iloc[0]
    archive = uninterrupted.archive
    wait_min, tcu_share = archive.points.T
    for seed_wait_min, seed_tcu_share in archive.seed_points:
        assert ((wait_min <= seed_wait_min) & (tcu_share >= seed_tcu_share)).any()
    assert np.all(np.diff(archive.points, axis=0) > 0.0)


def test_the_search_ends_when_the_front_stands_still(run):
    result = run(stop=StopRule(max_generations=400, tolerance=0.01, window=5))
    hypervolume = result.history["hypervolume"].to_numpy()
    assert 5 < len(hypervolume) < 400
    assert hypervolume[-1] - hypervolume[-6] <= 0.01 * hypervolume[-1]
    assert result.ended_by == "converged"


def test_stop_rule_by_hand():
    rule = StopRule(max_generations=6, tolerance=0.1, window=2)
    assert rule.ending(np.array([])) is None
    assert rule.ending(np.array([1.0, 1.0])) is None
    assert rule.ending(np.array([1.0, 1.1, 1.2])) is None
    assert rule.ending(np.array([1.0, 1.05, 1.1])) == "converged"
    assert rule.ending(np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])) == "max_generations"


def test_a_search_that_has_nothing_acceptable_yet_has_not_converged():
    rule = StopRule(max_generations=6, tolerance=0.1, window=2)
    assert rule.ending(np.zeros(5)) is None
    assert rule.ending(np.zeros(6)) == "max_generations"


def test_without_a_tolerance_a_search_has_all_its_generations_even_where_nothing_is_gained():
    rule = StopRule(max_generations=6, tolerance=0.0, window=2)
    assert rule.ending(np.ones(5)) is None
    assert rule.ending(np.ones(6)) == "max_generations"


def test_a_search_without_choice_ends_by_itself_and_stays_ended(demand, tmp_path):
    unlimited = unlimited_layout(demand)
    model = separable_model(demand, unlimited)
    fixed = PlugBounds(model.bounds.upper, model.bounds.upper)
    file = CheckpointFile(tmp_path / "search.npz", "abc")

    def run():
        return search(
            LayoutProblem(demand, unlimited.n_lpc, fixed, SPACE),
            fixed.upper[None],
            Variation(SiteCrossover(), PlugMutation(model.tables, fixed)),
            StopRule(50, 0.0, 40),
            n_seeds=1,
            population=10,
            archive_size=10,
            rng=np.random.default_rng(1),
            checkpoint=file,
        )

    result = run()
    assert result.n_evaluations == 1
    assert result.ended_by == run().ended_by == "exhausted"
    assert result.archive.layouts.tolist() == [fixed.upper.tolist()]


def test_fingerprints_tell_inputs_apart():
    a = np.arange(4)
    assert fingerprint(a, "x", 1) == fingerprint(a.copy(), "x", 1)
    others = [
        fingerprint(a.astype(np.int32), "x", 1),
        fingerprint(a.reshape(2, 2), "x", 1),
        fingerprint(a, "x", 1.0),
        fingerprint(a, StopRule(1, 0.0, 1)),
        fingerprint(a, StopRule(1, 0.0, 2)),
    ]
    assert len({fingerprint(a, "x", 1), *others}) == 6


def test_fingerprints_do_not_see_the_padding_of_records():
    record = np.dtype([("a", np.float64), ("b", np.int32)], align=True)
    first, second = np.zeros(3, record), np.frombuffer(b"\xff" * 48, record).copy()
    assert fingerprint(first) != fingerprint(second)
    for name in record.names:
        second[name] = first[name]
    assert fingerprint(first) == fingerprint(second)
