"""Points of two classes set on the workbench, and by ``planner evaluate``."""

import dataclasses
import json

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.layouts.edited_plan import EditedPlan
from planner.layouts.editing import OpenedPlan
from planner.layouts.evaluation import evaluate_layout
from planner.layouts.met_by_class import HOW_LEARNED
from planner.layouts.site_change import SiteChange
from planner.layouts.trial import Trial
from planner.optimization.point_bounds import LEAST, MOST
from planner.plan.stages import replan_trips
from planner.plan.study_inputs import site_limits
from planner.reporting.layout_columns import CLASS_FIGURES
from planner.runs.progress import Quiet
from planner.scenario.charger_classes import PointClass
from planner.simulation.class_queues import ClassLayout
from planner.tables.language import language
from planner.workbench.bounded_study import Binding, write_bounded_study
from tests.e2e.workbench.conftest import RUN

BOTH = {
    "mcs": PointClass(power_kw=1000.0, connector="mcs"),
    "ccs": PointClass(power_kw=350.0, connector="ccs"),
}


@pytest.fixture(params=["named", "assumed"])
def edited(request):
    """A plan by class: of a run whose study names them, and of one for which they are assumed."""
    if request.param == "named":
        return EditedPlan(request.getfixturevalue("opened_classes"))
    return EditedPlan(request.getfixturevalue("opened").by_class)


@pytest.fixture
def changes(by_class):
    return by_class.json("POST", "/api/changes", {"run": RUN})


def test_points_of_the_faster_class_alone_give_the_figures_of_one_class_to_the_byte(opened):
    chargers = opened.run.scenario.chargers.model_copy(update={"classes": BOTH})
    scenario = opened.run.scenario.model_copy(update={"chargers": chargers})
    named = dataclasses.replace(opened.run, scenario=scenario)
    trial = Trial(named, opened.run_dir, Quiet())
    assert not trial.plan.n_slow.any()
    one, two = opened.at(opened.plan), trial.trucks.at(trial.plan, "plan")
    assert two.figures == one.figures
    assert two.sites[one.sites.columns].equals(one.sites)
    for each in dataclasses.fields(one.at_sites):
        np.testing.assert_array_equal(
            getattr(two.at_sites, each.name), getattr(one.at_sites, each.name)
        )
    assert two.by_class.whole.mean_lost_min[0] == pytest.approx(one.figures.mean_wait_min)


def test_a_plan_begins_with_a_slower_point_where_trucks_lack_the_other_connector(opened_classes):
    plan, run = opened_classes.plan, opened_classes.run
    assert plan.n_hpc.tolist() == run.n_hpc.tolist()
    assert 0 < plan.n_slow.sum() <= len(run.n_hpc)
    assert plan.n_slow.max() == 1


@pytest.mark.parametrize("columns", ["n_hpc n_slow", "n_fast n_slow", "n_mcs n_ccs"])
def test_figures_are_those_of_planner_evaluate_to_the_last_digit(edited, tmp_path, columns):
    first, second, *_ = edited.opened.index_of
    before = edited.now.evaluated().answer()
    edited.give([first], n_fast=2, n_slow=5)
    edited.give_more([first, second], -1, 2, 3)
    assert edited.now.points(first).n_fast == 1
    assert edited.now.points(first).n_slow == 8
    own = edited.now.evaluated()
    table = edited.now.table()
    one, other = columns.split()
    fast = table["n_hpc"] - (0 if one == "n_hpc" else table["n_slow"])
    counts = {one: fast, other: table["n_slow"], "n_lpc": table["n_lpc"]}
    path = tmp_path / "own.csv"
    pd.DataFrame({"site_id": table["site_id"], **counts}).to_csv(path, index=False)
    # Without its power nobody knows which class of an unnamed study a column is called after.
    slow_kw = edited.opened.assumed_kw if columns == "n_mcs n_ccs" else None
    told = evaluate_layout(edited.opened.run_dir, path, slow_kw=slow_kw, out=tmp_path / "own")
    plan, last = told.evaluated
    assert plan.answer() == before
    assert last.answer() == own.answer() != before
    assert last.sites.equals(own.sites)
    assert last.answer()["slow_session_share"] > 0.0
    written = pd.read_csv(tmp_path / "own" / "sites.csv")
    assert written["n_slow"].tolist() == own.sites["n_slow"].tolist()
    again = evaluate_layout(
        edited.opened.run_dir, tmp_path / "own" / "sites.xlsx", out=tmp_path / "again"
    )
    assert again.evaluated[-1].answer() == own.answer()


def test_random_changes_of_both_classes_taken_back_give_the_plan_to_the_byte(edited):
    draw, sites = np.random.default_rng(3), list(edited.opened.index_of)
    plan, before = edited.opened.plan, edited.now.evaluated()
    for _ in range(500):
        chosen = draw.choice(sites, size=draw.integers(1, 4), replace=False).tolist()
        n_fast, n_slow, n_lpc = (int(each) for each in draw.integers(0, 5, 3))
        kind = draw.integers(6)
        if kind == 0:
            edited.give(chosen, n_fast=n_fast, n_slow=n_slow + 1)
        elif kind == 1:
            edited.give(chosen, n_fast, n_lpc)
        elif kind == 2:
            edited.give_more(chosen, n_fast - 2, n_lpc - 2, n_slow - 2)
        elif kind == 3:
            edited.give_back(chosen)
        else:
            (edited.undo if kind == 4 else edited.redo)()
        layout = edited.now.layout
        assert (layout.n_fast >= 0).all()
        assert (layout.n_slow >= 0).all()
    assert edited.n_done > 20
    edited.n_done = 0
    layout = edited.now.layout
    for name in ("n_fast", "n_slow", "n_lpc"):
        assert getattr(layout, name).tolist() == getattr(plan, name).tolist()
    assert edited.now.changed == {}
    assert edited.now.evaluated() is before


def test_the_last_point_that_trucks_need_is_not_taken_and_is_told_by_class(
    by_class, changes, opened_classes
):
    slow = np.flatnonzero(changes["n_slow"])[0]
    path, site = f"/api/changes/{changes['key']}", list(opened_classes.index_of)[slow]
    answer = by_class("POST", path, {"sites": [site], "n_slow": 0})
    assert answer.status == 400
    assert "expected at least one point of the class ccs" in answer.text
    assert by_class.json("GET", path)["n_done"] == 0
    answer = by_class("POST", path, {"sites": [site], "n_slow": 10_001})
    fault = json.loads(answer.text)["fault"]
    assert "expected 0 to 10,000 points, found 10001" in fault["en"]
    assert "erwartet 0 bis 10.000 Ladepunkte, gefunden 10001" in fault["de"]


def test_trucks_learn_one_queue_of_both_classes_and_are_simulated_by_class(edited, tmp_path):
    first, *others = edited.opened.index_of
    edited.give([first], n_fast=1, n_slow=4)
    edited.give(others, n_fast=2, n_slow=3)
    now, table = edited.now, tmp_path / "own.csv"
    learned = now.evaluated(learn_queues=True)
    assert learned.by_class.whole.n_slow[0] == now.layout.n_slow.sum()
    assert learned.answer() != now.evaluated().answer()
    now.table().to_csv(table, index=False)
    told = evaluate_layout(edited.opened.run_dir, table, learn_queues=True, out=tmp_path / "own")
    assert told.evaluated[-1].answer() == learned.answer()
    assert [line for line in told.shown() if "learned one queue" in str(line)]
    assert HOW_LEARNED in now.notes(knows_queues=True)


def test_the_stops_learned_with_assumed_classes_are_those_of_one_class(opened):
    plan, one, assumed = opened.plan, opened.trial(), opened.by_class.trial()
    n_slow = (plan.n_hpc > 1).astype(np.int32)
    learned = assumed.learned_trucks(ClassLayout.of(plan.points, n_slow)).plans
    known = one.learned_trucks(plan).plans
    assert learned.stop_site_idx.tolist() == known.stop_site_idx.tolist()
    assert learned.stop_arrival_h.tolist() == known.stop_arrival_h.tolist()
    assert learned.stop_site_idx.tolist() != one.trucks.plans.stop_site_idx.tolist()


def test_trucks_that_would_find_no_point_with_their_connector_keep_their_stops(opened_classes):
    run, plan = opened_classes.run, opened_classes.plan
    n_slow = np.ones_like(plan.n_hpc)
    n_slow[0] = 0
    layout = ClassLayout(plan.n_fast + 1, n_slow, plan.n_lpc)
    known = opened_classes.trial()
    before = known.trucks.plans

    def come(plans):
        return np.isin(np.arange(plans.n_trips), plans.stop_trip_idx[plans.stop_site_idx == 0])

    # Trucks that learn to stop at the site without slower points: now they lack the connector.
    here = dataclasses.replace(known.inputs(), sites=known.sites)
    plans = replan_trips(run.scenario, here, before, layout.points).plans
    is_new_there = come(plans) & ~come(before)
    assert is_new_there.any()
    number = {name: idx for idx, name in enumerate(run.scenario.vehicles.classes)}
    of_trip = np.where(is_new_there, number["long-haul-600-ccs"], number["long-haul-600"])
    trucks = dataclasses.replace(known.trucks, vehicle_class_idx=of_trip.astype(np.int16))
    learned = Trial(run, opened_classes.run_dir, Quiet(), trucks=trucks).learned_trucks(layout)
    assert not len(learned.by_class.without_connector(layout))
    chosen = np.flatnonzero(is_new_there)
    kept, had = learned.plans.select(chosen), before.select(chosen)
    assert kept.stop_site_idx.tolist() == had.stop_site_idx.tolist()
    others = learned.plans.select(np.flatnonzero(~is_new_there))
    wanted = plans.select(np.flatnonzero(~is_new_there))
    assert others.stop_site_idx.tolist() == wanted.stop_site_idx.tolist()


def test_a_connection_is_held_against_the_power_of_both_classes(
    by_class, changes, opened_classes, tmp_path
):
    path, site = f"/api/changes/{changes['key']}", next(iter(opened_classes.index_of))
    asked = {"sites": [site], "n_fast": 2, "n_slow": 3, "grid_mw": 5.4}
    assert by_class.json("POST", path, asked)["connections"][0] == [5.4, 3.05]
    table = tmp_path / "own.csv"
    table.write_text(f"site_id,n_hpc,n_slow\n{site},5,3\n")
    with pytest.raises(InputDataError, match=r"carries 7 points, 3 of 350 kW and 4 of 1,000 kW"):
        evaluate_layout(
            opened_classes.run_dir,
            table,
            change=SiteChange(site, 8, 5.4),
            out=tmp_path / "out",
        )


def test_a_new_site_has_points_of_the_faster_class_as_a_plan_has(edited):
    key, (said,) = edited.add(8.2, 51.1, None, None)
    points = edited.now.points(key)
    assert points.n_fast > 0
    assert f"{points.n_hpc} high-power point" in said
    assert edited.now.evaluated().sites.set_index("site_id").loc[key, "n_hpc"] == points.n_hpc


def test_the_days_of_changes_have_the_queues_of_both_classes(edited):
    first, second, *others = edited.opened.index_of
    edited.give([first], n_fast=1, n_slow=4)
    edited.give(others, n_slow=2)
    for learn_queues in (False, True):
        course = edited.now.course(learn_queues=learn_queues)
        figures = edited.now.evaluated(learn_queues=learn_queues).figures
        kwh = 0.25 * course.power_kw.sum()
        assert kwh == pytest.approx(1000.0 * (figures.energy_hpc_mwh + figures.energy_lpc_mwh))
        assert course.n_waiting.min() == 0
        assert course.n_waiting.shape[1] == len(edited.now.layout.n_hpc)
    edited.give_back([*edited.opened.index_of])
    edited.give([second], 0)
    closed = edited.now.index_of[second]
    assert not edited.now.course().power_kw[:, closed].any()
    assert np.isnan(edited.now.course().mean_wait_min[:, closed]).all()


def test_the_days_of_no_changes_are_those_of_the_run(opened):
    course = opened.course
    for each in (opened, opened.by_class):
        found = EditedPlan(each).now.course()
        for field in dataclasses.fields(course):
            np.testing.assert_array_equal(
                getattr(found, field.name), getattr(course, field.name), field.name
            )


def test_a_search_again_binds_the_faster_class_and_holds_the_slower_one(edited, tmp_path):
    fewer, more, slower, full, *_ = edited.opened.index_of
    scenario = edited.opened.run.scenario
    most_hpc = site_limits(scenario, edited.now.sites).max_hpc
    assert set(most_hpc) == {9}
    before = {each: edited.now.points(each) for each in edited.opened.index_of}
    edited.give([fewer], n_fast=before[fewer].n_fast - 1, n_slow=2)
    edited.give([more], n_fast=before[more].n_fast + 1, n_slow=1)
    edited.give([slower], n_slow=before[slower].n_slow + 2)
    edited.give([full], n_slow=30)

    def bounds(how):
        write_bounded_study(edited.now, Binding(how), tmp_path / f"{how}.yaml")
        table = pd.read_csv(tmp_path / f"{how}-bounds.csv").set_index("site_id")
        return {site: [table.loc[site, name] for name in (LEAST, MOST)] for site in table.index}

    points = {each: edited.now.points(each) for each in (fewer, more, slower)}
    towards = bounds("towards")
    assert towards[fewer] == [2, points[fewer].n_hpc]
    assert towards[more][0] == points[more].n_hpc
    assert towards[slower][0] == points[slower].n_slow
    assert towards[full][0] == 9
    assert np.isnan([towards[each][1] for each in (more, slower, full)]).all()
    keep = bounds("keep")
    assert all(keep[each] == [points[each].n_hpc] * 2 for each in points)
    assert bounds("most")[more] == [1, points[more].n_hpc]
    assert "Those of the slower class are held" in (tmp_path / "keep.yaml").read_text("utf-8")


def test_a_new_site_has_a_point_for_either_connector_and_says_so(opened_classes):
    run = opened_classes.run
    vehicles = run.scenario.vehicles
    connectors = {"long-haul-600": ("mcs",), "long-haul-600-ccs": ("ccs",)}
    classes = {
        name: each.model_copy(update={"connectors": connectors[name]})
        for name, each in vehicles.classes.items()
    }
    vehicles = vehicles.model_copy(update={"classes": classes})
    scenario = run.scenario.model_copy(update={"vehicles": vehicles})
    trial = Trial(
        dataclasses.replace(run, scenario=scenario),
        opened_classes.run_dir,
        Quiet(),
        trucks=dataclasses.replace(opened_classes.trial().trucks, scenario=scenario),
    )
    edited = EditedPlan(
        OpenedPlan(opened_classes.run_dir, Quiet(), opened_classes.solution, trial=trial)
    )
    edited.give([*edited.opened.index_of], n_fast=3, n_slow=3)
    key, (said,) = edited.add(8.2, 51.1, connection_kw=1000.0)
    points = edited.now.points(key)
    assert (points.n_fast, points.n_slow) == (1, 1)
    assert "2 high-power points, one of each class" in said
    assert edited.now.names(edited.now.is_beyond) == [edited.now.sites.name[-1]]


def test_the_workbook_of_a_layout_has_the_figures_of_classes_with_titles_and_units(
    edited, tmp_path
):
    edited.give([*edited.opened.index_of], n_fast=2, n_slow=3)
    edited.now.table().to_csv(tmp_path / "own.csv", index=False)
    german = language("de")
    told = evaluate_layout(
        edited.opened.run_dir, tmp_path / "own.csv", out=tmp_path / "own", language=german
    )
    book = openpyxl.load_workbook(tmp_path / "own" / "sites.xlsx")
    rows = {row[-1]: row for row in book[german.text("Figures")].iter_rows(values_only=True)}
    answer = told.evaluated[-1].answer()
    for figure in CLASS_FIGURES.values():
        title, *values, meaning, _ = rows[figure.name]
        assert title.startswith(german.text(figure.title))
        assert values[-1] == pytest.approx(answer[figure.name], rel=1e-12)
        assert meaning == german.text(figure.meaning)
    assert rows["slow_point_kw"][0] == "Leistung eines langsameren Punkts (kW)"
    assert rows["slow_point_kw"][2] == edited.opened.classes.slow.power_kw


def test_slower_points_need_less_of_a_connection(edited):
    first, *_ = edited.opened.index_of
    classes = edited.opened.classes
    taken_kw = classes.fast.power_kw + 5 * classes.slow.power_kw
    edited.give([first], n_fast=1, n_slow=5, connection_kw=taken_kw)
    assert edited.now.names(edited.now.is_beyond) == []
    edited.give([first], n_slow=6)
    assert edited.now.names(edited.now.is_beyond) == [str(edited.now.sites.name[0])]


def test_classes_go_into_the_layout_its_workbook_and_a_link(
    by_class, changes, opened_classes, tmp_path
):
    path, site = f"/api/changes/{changes['key']}", next(iter(opened_classes.index_of))
    state = by_class.json("POST", path, {"sites": [site], "n_fast": 1, "n_slow": 7})
    assert (state["n_hpc"][0], state["n_slow"][0]) == (8, 7)
    saved = by_class.json("POST", f"{path}/layout", {"name": "mine"})
    assert saved["figures"] == state["figures"]
    table = pd.read_csv(by_class.folder / "layouts" / "mine.csv").set_index("site_id")
    assert table.loc[site, ["n_hpc", "n_slow"]].tolist() == [8, 7]
    (tmp_path / "sites.xlsx").write_bytes(by_class("GET", f"{path}/sites.xlsx").content)
    headings = [each.value for each in openpyxl.load_workbook(tmp_path / "sites.xlsx")["Sites"][1]]
    assert any("Slower points" in str(heading) for heading in headings)
    link = by_class.json("GET", f"{path}/link")
    assert by_class.json("POST", "/api/links/changes", link)["figures"] == state["figures"]
    assert by_class("GET", f"{path}/qgis.zip").status == 200


def test_a_mix_of_planner_classes_is_taken_over(by_class, changes):
    path = f"/api/changes/{changes['key']}"
    assert by_class("POST", f"{path}/mix", {"name": "mixed"}).status == 400
    folder = by_class.folder / RUN / "classes"
    folder.mkdir()
    sites = pd.read_parquet(by_class.folder / RUN / "layouts.parquet")["site_id"].unique()
    mix = pd.DataFrame({"site_id": sites, "n_hpc": 9, "n_slow": 4})
    mix.to_csv(folder / "mixed-sites.csv", index=False)
    assert [*by_class.json("GET", path)["mixes"]] == ["mixed"]
    state = by_class.json("POST", f"{path}/mix", {"name": "mixed"})
    assert set(state["n_hpc"]) == {9}
    assert set(state["n_slow"]) == {4}
    assert by_class("POST", f"{path}/mix", {"name": "../../study"}).status == 400
