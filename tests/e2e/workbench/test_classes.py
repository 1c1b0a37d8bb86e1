"""Points of two classes set on the workbench, and by ``planner evaluate``."""

import dataclasses
import json
import shutil

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.layouts.assumed_classes import with_assumed_classes
from planner.layouts.class_plans import ClassQuestion, class_plans
from planner.layouts.edited_plan import EditedPlan
from planner.layouts.editing import OpenedPlan
from planner.layouts.evaluation import evaluate_layout
from planner.layouts.met_by_class import HOW_LEARNED
from planner.layouts.site_change import SiteChange
from planner.layouts.trial import Trial
from planner.optimization.point_bounds import LEAST, MOST
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.stages import replan_trips
from planner.plan.study_inputs import site_limits
from planner.reporting.class_report import write_classes
from planner.reporting.layout_columns import CLASS_FIGURES
from planner.runs.progress import Quiet
from planner.scenario.charger_classes import PointClass
from planner.scenario.infrastructure_costs import DEFAULT_COST_SET, read_cost_set
from planner.scenario.load import load_scenario
from planner.simulation.class_queues import ClassLayout
from planner.tables.language import ENGLISH, language
from planner.workbench.bounded_study import Binding, write_bounded_study
from planner.workbench.edits import Edits
from tests.e2e.workbench.conftest import RUN

BOTH = {
    "mcs": PointClass(power_kw=1000.0, connector="mcs"),
    "ccs": PointClass(power_kw=350.0, connector="ccs"),
}


@pytest.fixture(scope="module")
def opened_classes(by_class):
    return OpenedPlan(by_class.folder / RUN, Quiet())


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


def test_evaluate_assumes_a_slower_class_where_a_table_has_points_of_it(opened, tmp_path):
    table, sites = tmp_path / "own.csv", opened.run.sites.site_id
    points = pd.DataFrame({"site_id": sites, "n_hpc": 9, "n_slow": 0})

    def evaluated(**more):
        return evaluate_layout(opened.run_dir, table, out=tmp_path / "out", **more)

    points.to_csv(table, index=False)
    assert evaluated().evaluated[-1].by_class is None
    assert evaluated().evaluated[-1].figures.n_hpc == 9 * len(sites)
    points.assign(n_slow=2).to_csv(table, index=False)
    by_default = evaluated()
    assert by_default.evaluated[-1].by_class.classes.slow.power_kw == 400.0
    assert [note for note in by_default.notes if "slower ones for CCS 400 kW, an assum" in note]
    given = by_default.evaluated[-1].answer()
    assert evaluated(slow_kw=400.0).evaluated[-1].answer() == given
    slower = evaluated(slow_kw=250.0)
    assert slower.evaluated[-1].answer()["longer_charging_min"] > given["longer_charging_min"]
    assert [note for note in slower.notes if "CCS 250 kW" in note]
    with pytest.raises(InputDataError, match=r"above the 1,?000.* kW of the slower class"):
        evaluated(slow_kw=1000.0)


def test_a_class_that_the_study_names_is_not_assumed(opened_classes, tmp_path):
    with pytest.raises(InputDataError, match=r"--slow-kw: .*its slower one is CCS 350 kW"):
        evaluate_layout(opened_classes.run_dir, slow_kw=400.0, out=tmp_path / "out")
    assert opened_classes.by_class is opened_classes
    assert opened_classes.of_one_class is opened_classes
    assert not opened_classes.assumes_classes


def test_the_plan_has_the_figures_of_one_class_until_it_has_slower_points(opened):
    assumed = opened.by_class
    assert assumed.by_class is assumed
    assert assumed.of_one_class is opened
    assert not assumed.plan.n_slow.any()
    assert assumed.at(assumed.plan).figures == opened.at(opened.plan).figures
    with pytest.raises(InputDataError, match="one class"):
        EditedPlan(opened).give([str(opened.run.sites.site_id[0])], n_slow=1)


@pytest.fixture
def plain(ask):
    """Changes of the plan of a run whose study names no classes."""
    return ask.json("POST", "/api/changes", {"run": RUN})


def test_slower_points_are_switched_on_and_off_and_are_kept(ask, plain, opened):
    path, site = f"/api/changes/{plain['key']}", next(iter(opened.index_of))
    assert not plain["by_class"]
    answer = ask("POST", path, {"sites": [site], "n_fast": 1, "n_slow": 2})
    assert answer.status == 400
    assert "Schalten Sie sie zuerst ein" in json.loads(answer.text)["fault"]["de"]
    first = ask.json("POST", path, {"sites": [site], "n_hpc": 6})
    on = ask.json("POST", f"{path}/classes", {"on": True})
    assert on["by_class"]
    assert on["figures"].items() >= first["figures"].items()
    assert "slower ones for CCS 400 kW, an assumption" in on["panel"]
    slower = ask.json("POST", path, {"sites": [site], "n_fast": 1, "n_slow": 5})
    assert slower["figures"]["slow_session_share"] > 0.0
    refused = ask("POST", f"{path}/classes", {"on": False})
    assert refused.status == 400
    assert "undo those first" in refused.text
    assert ask.json("GET", path)["figures"] == slower["figures"]
    ask.json("POST", f"{path}/undo")
    off = ask.json("POST", f"{path}/classes", {"on": False})
    assert off["figures"] == first["figures"]
    assert off["n_steps"] == 1


def test_assumed_classes_go_into_a_layout_a_link_and_a_study(ask, plain, opened):
    path, site = f"/api/changes/{plain['key']}", next(iter(opened.index_of))
    ask.json("POST", f"{path}/classes", {"on": True})
    state = ask.json("POST", path, {"sites": [site], "n_fast": 1, "n_slow": 7})
    saved = ask.json("POST", f"{path}/layout", {"name": "slower"})
    assert saved["figures"] == state["figures"]
    link = ask.json("GET", f"{path}/link")
    assert ask.json("POST", "/api/links/changes", link)["figures"] == state["figures"]
    copied = ask.json("POST", "/api/changes", {"run": RUN, "copy_of": plain["key"]})
    assert copied["figures"] == state["figures"]
    study = ask.json("POST", f"{path}/study", {"name": "slower"})["study"]
    chargers = load_scenario(ask.folder / study).chargers
    assert {name: each.power_kw for name, each in chargers.classes.items()} == {
        "mcs": chargers.hpc_kw,
        "ccs": 400.0,
    }
    again = Edits(ask.folder).get(plain["key"])
    assert again.edited.opened.assumes_classes
    assert again.edited.now.evaluated().answer() == state["figures"]


def test_a_mix_and_a_table_of_both_classes_switch_slower_points_on(ask, plain, opened):
    path, folder = f"/api/changes/{plain['key']}", ask.folder / RUN / "classes"
    question = ClassQuestion("balanced", None, 1.0, read_cost_set(DEFAULT_COST_SET, None))
    run = read_finished_run(ask.folder / RUN, PLAN)
    folder.mkdir()
    try:
        write_classes(class_plans(ask.folder / RUN, question, Quiet()), run, folder, ENGLISH)
        table = (folder / "mixed-sites.csv").read_bytes()
        state = ask.json("POST", f"{path}/mix", {"name": "mixed"})
        front = pd.read_csv(folder / "class_front.csv")
    finally:
        shutil.rmtree(folder)
    assert state["by_class"]
    mixed = front[front["plan"] == "mixed"].iloc[0]
    assert state["figures"]["n_slow"] == mixed["n_slow"] > 0
    # The run has its own figures of the mix, on the same trucks.
    assert state["figures"]["mean_lost_min"] == pytest.approx(mixed["mean_lost_min"], rel=1e-12)
    for name in ("n_hpc", "n_slow", "n_lpc"):
        assert len(state[name]) == len(opened.index_of)
    other = ask.json("POST", "/api/changes", {"run": RUN})
    given = ask.json("POST", f"/api/changes/{other['key']}/table?name=mixed.csv", table)
    assert given["figures"] == state["figures"]


def test_points_that_are_no_faster_have_no_slower_class(opened, tmp_path):
    scenario = opened.run.scenario
    chargers = scenario.chargers.model_copy(update={"hpc_kw": 350.0})
    weak = dataclasses.replace(
        opened.run, scenario=scenario.model_copy(update={"chargers": chargers})
    )
    with pytest.raises(InputDataError, match="above the 400"):
        with_assumed_classes(weak)
    assert with_assumed_classes(weak, 150.0).scenario.chargers.classes["ccs"].power_kw == 150.0
