"""Points of a plan changed step by step, simulated again, and taken back."""

import dataclasses
import json

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.layouts.editing import EditedPlan
from planner.layouts.evaluation import evaluate_layout
from planner.layouts.trial import Trial
from planner.runs.progress import Quiet


@pytest.fixture
def edited(opened):
    return EditedPlan(opened)


def asked_of_evaluate(edited, folder, name, *, learn_queues=False):
    """Figures and sites that ``planner evaluate`` gives for the same table."""
    table = folder / f"{name}.csv"
    edited.table().to_csv(table, index=False)
    out = evaluate_layout(
        edited.opened.run_dir, table, learn_queues=learn_queues, out=folder / name
    )
    return out.evaluated[-1]


@pytest.mark.parametrize("change", ["points", "closed", "learned"])
def test_figures_are_those_of_planner_evaluate_to_the_last_digit(edited, tmp_path, change):
    first, second, *_ = edited.opened.index_of
    if change == "closed":
        edited.give([first], 0)
        edited.give_more(list(edited.opened.index_of), 30)
    else:
        edited.give([first], 2)
        edited.give_more([first, second], 1, 3)
    learned = change == "learned"
    own = edited.opened.at(edited.layout, learn_queues=learned)
    told = asked_of_evaluate(edited, tmp_path, "own", learn_queues=learned)
    assert dataclasses.asdict(own.figures) == dataclasses.asdict(told.figures)
    assert own.answer() == told.answer()
    assert own.sites.equals(told.sites)
    assert (edited.opened.closed_by(edited.layout) == (first,)) is (change == "closed")


def test_a_site_of_the_plan_with_overnight_points_alone_is_not_closed(opened):
    run = opened.run
    site = str(run.sites.site_id[0])

    def rests(stops):
        return stops.assign(kind=stops["kind"].where(stops["site_id"] != site, "lpc_rest"))

    n_hpc, n_lpc = run.n_hpc.copy(), run.n_lpc.copy()
    n_hpc[0], n_lpc[0] = 0, 9
    charging = dataclasses.replace(run, n_hpc=n_hpc, n_lpc=n_lpc)
    resting = dataclasses.replace(
        charging, stops=rests(run.stops), warm_up_stops=rests(run.warm_up_stops)
    )
    trial = Trial(resting, opened.run_dir, Quiet())
    assert trial.trucks_of(trial.plan) is trial.trucks
    assert not trial.closed_by(trial.plan).any()
    trial = Trial(charging, opened.run_dir, Quiet())
    assert trial.closed_by(trial.plan).tolist() == [True] + [False] * (len(n_hpc) - 1)


def test_500_random_changes_taken_back_give_the_plan_to_the_byte(edited):
    opened, draw = edited.opened, np.random.default_rng(19)
    sites = list(opened.index_of)
    before = [edited.layout.n_hpc.tobytes(), edited.layout.n_lpc.tobytes()]
    shown = json.dumps(opened.at(edited.layout).answer())
    after = None
    for _ in range(500):
        chosen = draw.choice(sites, size=draw.integers(1, 4), replace=False).tolist()
        kind = draw.integers(5)
        if kind == 0:
            edited.give(chosen, int(draw.integers(0, 12)))
        elif kind == 1:
            edited.give_more(chosen, int(draw.integers(-3, 4)), int(draw.integers(-3, 4)))
        elif kind == 2:
            edited.give_back(chosen)
        elif kind == 3:
            edited.undo()
        else:
            edited.redo()
        layout = edited.layout
        assert (layout.n_hpc >= 0).all()
        assert not layout.n_lpc[layout.n_hpc == 0].any()
        after = layout.n_hpc.tobytes()
    n_done = edited.n_done
    assert n_done > 20
    for _ in range(n_done):
        edited.undo()
    assert [edited.layout.n_hpc.tobytes(), edited.layout.n_lpc.tobytes()] == before
    assert json.dumps(opened.at(edited.layout).answer()) == shown
    assert edited.changed == {}
    for _ in range(n_done):
        edited.redo()
    assert edited.layout.n_hpc.tobytes() == after


def test_a_change_after_undo_takes_the_place_of_what_was_undone(edited):
    site, other, *_ = edited.opened.index_of
    edited.give([site], 7)
    edited.undo()
    edited.give([other], 9)
    edited.redo()
    assert set(edited.changed) == {other}


def test_a_site_that_opens_again_has_the_overnight_points_of_the_plan(edited):
    site = next(iter(edited.opened.index_of))
    before = edited.opened.points_at(edited.layout, site)
    edited.give([site], 0)
    assert edited.changed[site].n_lpc == 0
    edited.give([site], before.n_hpc + 1)
    assert edited.changed[site].n_lpc == before.n_lpc


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda edited: edited.give(["nowhere"], 2), "found 'nowhere'"),
        (lambda edited: edited.give(list(edited.opened.index_of), 0), "at least one"),
        (lambda edited: edited.give(list(edited.opened.index_of)[:1], 10**6), "found 1000000"),
    ],
)
def test_what_is_no_change_of_points_is_refused_and_changes_nothing(edited, change, fault):
    with pytest.raises(InputDataError, match=fault):
        change(edited)
    assert edited.changed == {}
    assert edited.steps == []
