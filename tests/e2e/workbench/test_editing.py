"""Points of a plan changed step by step, simulated again, and taken back."""

import dataclasses
import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import numpy as np
import pytest

from planner.errors import CannotWriteError, InputDataError
from planner.layouts.edited_plan import EditedPlan
from planner.layouts.editing import OpenedPlan, Points
from planner.layouts.evaluation import evaluate_layout
from planner.layouts.trial import Trial
from planner.plan.study_inputs import read_inputs, site_limits
from planner.runs.progress import Quiet
from planner.scenario.load import load_scenario
from planner.workbench import bounded_study
from planner.workbench.bounded_study import Binding, write_bounded_study


@pytest.fixture
def edited(opened):
    return EditedPlan(opened)


def asked_of_evaluate(edited, folder, name, *, learn_queues=False):
    """What ``planner evaluate`` says of the same tables."""
    table, sites = folder / f"{name}.csv", None
    edited.now.table().to_csv(table, index=False)
    if edited.now.kept_sites.are_others:
        sites = folder / f"{name}-sites.csv"
        edited.now.kept_sites.table().to_csv(sites, index=False)
    return evaluate_layout(
        edited.opened.run_dir,
        table,
        sites_file=sites,
        learn_queues=learn_queues,
        out=folder / name,
    )


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
    own = edited.now.evaluated(learn_queues=learned)
    told = asked_of_evaluate(edited, tmp_path, "own", learn_queues=learned).evaluated[-1]
    assert dataclasses.asdict(own.figures) == dataclasses.asdict(told.figures)
    assert own.answer() == told.answer()
    assert own.sites.equals(told.sites)
    assert edited.now.is_closed.any() == (change == "closed")


NEW = (8.2, 51.1)
"""Beside the road between two of the study's towns, where it has no site."""


@pytest.mark.parametrize("learned", [False, True])
def test_an_added_site_gives_the_figures_of_planner_evaluate_and_goes_with_undo(
    edited, tmp_path, learned
):
    before = edited.now.evaluated(learn_queues=learned)
    place = edited.place_near(*NEW)
    key, _ = edited.add(*NEW, 6, name="  Rast\n platz ")
    other, _ = edited.add(*NEW, 4)
    edited.give([other], 0)
    assert (place.lon, place.lat) != NEW
    assert edited.now.points(key) == Points(6, 0)
    own = edited.now.evaluated(learn_queues=learned)
    said = asked_of_evaluate(edited, tmp_path, "own", learn_queues=learned)
    told = said.evaluated[-1]
    assert own.answer() == told.answer()
    assert own.sites.equals(told.sites)
    assert said.added == ("Rast platz",)
    new = told.sites.set_index("site_id").loc[key]
    assert new["n_sessions_hpc"] > 0
    assert own.figures.n_hpc == before.figures.n_hpc + 6
    assert other not in told.sites["site_id"].tolist()
    for _ in range(3):
        edited.undo()
    assert edited.now.evaluated(learn_queues=learned) is before
    assert key not in edited.now.index_of
    with pytest.raises(InputDataError, match=r"within 10 km of a road"):
        edited.add(10.0, 51.0, 3)


def wait_min(layout, site_id):
    return layout.sites.set_index("site_id").loc[site_id, "mean_wait_min"]


def test_a_site_without_points_gets_the_fewest_with_waits_as_in_the_country_here_and_in_evaluate(
    edited, tmp_path
):
    plan_wait_min = edited.now.evaluated().figures.mean_wait_min
    key, (said,) = edited.add(*NEW, None, None)
    needed = edited.now.points(key)
    assert f"{needed.n_hpc} high-power point" in said
    own = edited.now.evaluated()
    assert wait_min(own, key) <= plan_wait_min
    edited.now.kept_sites.table().to_csv(tmp_path / "sites.csv", index=False)
    told = evaluate_layout(
        edited.opened.run_dir, sites_file=tmp_path / "sites.csv", out=tmp_path / "out"
    )
    assert told.evaluated[-1].answer() == own.answer()
    assert told.evaluated[-1].name == "with the added sites"
    assert told.notes == (said,)
    assert needed.n_hpc > 1
    edited.give_more([key], -1)
    assert wait_min(edited.now.evaluated(), key) > plan_wait_min
    table = edited.now.table()
    table[table["site_id"] != key].to_csv(tmp_path / "own.csv", index=False)
    own_sites = evaluate_layout(
        edited.opened.run_dir,
        tmp_path / "own.csv",
        sites_file=tmp_path / "sites.csv",
        out=tmp_path / "own",
    )
    assert own_sites.evaluated[-1].name == "your layout"
    assert own_sites.notes == (said,)
    edited.undo()
    edited.undo()
    weak, (said,) = edited.add(*NEW, connection_kw=1000.0)
    assert edited.now.points(weak).n_hpc == 1
    assert "as many as its power or space allows" in said


def test_a_connection_of_the_editor_limits_points_in_the_page_the_command_and_the_search(
    edited, tmp_path
):
    first, second, *_ = edited.opened.index_of
    point_mw = edited.opened.run.scenario.chargers.hpc_kw / 1000.0
    key, _ = edited.add(*NEW, 5)
    edited.give([key], connection_kw=4000.0 * point_mw)
    edited.give([first], 3, connection_kw=3000.0 * point_mw)
    assert edited.now.names(edited.now.is_beyond) == [edited.now.sites.name[-1]]
    edited.give([second], 4, connection_kw=3500.0 * point_mw)
    told = asked_of_evaluate(edited, tmp_path, "own")
    assert told.beyond_limits == tuple(edited.now.names(edited.now.is_beyond))
    assert len(told.beyond_limits) == 2
    assert told.evaluated[-1].answer() == edited.now.evaluated().answer()
    edited.give([second, key], 3)
    write_bounded_study(edited.now, Binding("keep", {first: "most"}), tmp_path / "around.yaml")
    scenario = load_scenario(tmp_path / "around.yaml")
    inputs = read_inputs(scenario)
    limits = site_limits(scenario, inputs.sites)
    row = {site: index for index, site in enumerate(inputs.sites.site_id)}
    assert [limits.max_hpc[row[each]] for each in (first, second, key)] == [3, 3, 3]
    assert [limits.existing_hpc[row[each]] for each in (first, second, key)] == [0, 3, 3]
    edited.give([first], 99)
    with pytest.raises(InputDataError, match="no number of points is left"):
        write_bounded_study(edited.now, Binding("least"), tmp_path / "more.yaml")
    assert sorted(path.name for path in tmp_path.glob("more*")) == []
    for wrong in (0.0, 1e9):
        with pytest.raises(InputDataError, match="MW"):
            edited.give([first], connection_kw=wrong)


def test_a_study_that_the_disk_has_no_room_for_leaves_none_of_its_tables(
    edited, tmp_path, monkeypatch
):
    @contextmanager
    def full(path):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        yield path

    edited.give_more(list(edited.opened.index_of), 3)
    monkeypatch.setattr(bounded_study, "replacing", full)
    with pytest.raises(CannotWriteError, match="no room left"):
        write_bounded_study(edited.now, Binding("most"), tmp_path / "around.yaml")
    assert list(tmp_path.iterdir()) == []


class Held(Quiet):
    """Listener that holds trucks that plan anew until somebody lets them go on."""

    def __init__(self):
        self.begun, self.goes_on = Event(), Event()

    @contextmanager
    def stage(self, name):
        if name.startswith("Replanning"):
            self.begun.set()
            assert self.goes_on.wait(60)
        yield lambda done, total: None


def test_others_change_the_plan_while_trucks_of_one_plan_anew(opened):
    held = Held()
    of_all = OpenedPlan(opened.run_dir, held)
    first = next(iter(of_all.index_of))
    mine, other = EditedPlan(of_all), EditedPlan(of_all)
    mine.now.evaluated()
    with ThreadPoolExecutor(1) as tab:
        learned = tab.submit(mine.now.evaluated, learn_queues=True)
        assert held.begun.wait(60)
        other.give([first], 2)
        seen = other.now.evaluated().answer()
        assert not learned.done()
        held.goes_on.set()
        assert learned.result(60).answer() != seen
    assert seen == EditedPlan(opened, other.steps, 1).now.evaluated().answer()


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


OFTEN = (0.2, 0.2, 0.2, 0.04, 0.02, 0.17, 0.17)
"""How often points are given, more, given back, a connection, a site added; undo and redo."""


def state_of(edited):
    """Points, connections and added sites, to the byte."""
    now = edited.now
    kept = now.kept_sites.table().to_csv() if now.kept_sites.are_others else ""
    return now.layout.n_hpc.tobytes(), now.layout.n_lpc.tobytes(), kept


def test_500_random_changes_taken_back_give_the_plan_to_the_byte(edited):
    opened, draw = edited.opened, np.random.default_rng(19)
    before = state_of(edited)
    shown = json.dumps(opened.at(edited.now.layout).answer())
    kinds = set()
    for _ in range(500):
        sites = list(edited.now.index_of)
        chosen = draw.choice(sites, size=draw.integers(1, 4), replace=False).tolist()
        kind = int(draw.choice(len(OFTEN), p=OFTEN))
        if kind == 0:
            edited.give(chosen, int(draw.integers(0, 12)))
        elif kind == 1:
            edited.give_more(chosen, int(draw.integers(-3, 4)), int(draw.integers(-3, 4)))
        elif kind == 2:
            edited.give_back(chosen)
        elif kind == 3:
            edited.give(chosen, connection_kw=float(draw.integers(1, 9)) * 1000.0)
        elif kind == 4:
            edited.add(*(NEW + draw.uniform(-0.02, 0.02, 2)), int(draw.integers(1, 9)))
        elif kind == 5:
            edited.undo()
        else:
            edited.redo()
        kinds.add(kind)
        layout = edited.now.layout
        assert (layout.n_hpc >= 0).all()
        assert not layout.n_lpc[layout.n_hpc == 0].any()
    assert len(kinds) == len(OFTEN)
    after, n_done = state_of(edited), edited.n_done
    assert n_done > 20
    for _ in range(n_done):
        edited.undo()
    assert state_of(edited) == before
    assert json.dumps(opened.at(edited.now.layout).answer()) == shown
    assert edited.now.changed == {}
    assert list(edited.now.index_of) == list(opened.index_of)
    for _ in range(n_done):
        edited.redo()
    assert state_of(edited) == after


def test_a_change_after_undo_takes_the_place_of_what_was_undone(edited):
    site, other, *_ = edited.opened.index_of
    edited.give([site], 7)
    edited.undo()
    edited.give([other], 9)
    edited.redo()
    assert set(edited.now.changed) == {other}


def test_a_site_that_opens_again_has_the_overnight_points_of_the_plan(edited):
    site = next(iter(edited.opened.index_of))
    before = edited.now.points(site)
    edited.give([site], 0)
    assert edited.now.changed[site].n_lpc == 0
    edited.give([site], before.n_hpc + 1)
    assert edited.now.changed[site].n_lpc == before.n_lpc


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
    assert edited.now.changed == {}
    assert edited.steps == []
