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
from planner.layouts.site_change import SiteChange
from planner.layouts.trial import Trial
from planner.runs.progress import Quiet
from planner.scenario.charger_classes import PointClass
from tests.e2e.workbench.conftest import RUN

BOTH = {
    "mcs": PointClass(power_kw=1000.0, connector="mcs"),
    "ccs": PointClass(power_kw=350.0, connector="ccs"),
}


@pytest.fixture(scope="module")
def opened_classes(by_class):
    return OpenedPlan(by_class.folder / RUN, Quiet())


@pytest.fixture
def edited(opened_classes):
    return EditedPlan(opened_classes)


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
    told = evaluate_layout(edited.opened.run_dir, path, out=tmp_path / "own")
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
    for _ in range(200):
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


def test_trucks_do_not_know_the_queues_of_slower_points(by_class, changes):
    path = f"/api/changes/{changes['key']}"
    answer = by_class("POST", f"{path}/replan", {"on": True})
    assert answer.status == 400
    assert "of the faster class alone" in answer.text
    state = by_class.json("GET", path)
    assert not state["knows_queues"]
    assert "slower class" in state["cannot_learn"]["en"]
    assert "langsameren Klasse" in state["cannot_learn"]["de"]


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


def test_slower_points_need_less_of_a_connection(edited):
    first, *_ = edited.opened.index_of
    edited.give([first], n_fast=1, n_slow=5, connection_kw=2800.0)
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


def test_a_study_of_one_class_has_no_slower_points(opened, tmp_path):
    table = tmp_path / "own.csv"
    sites = opened.run.sites.site_id
    points = pd.DataFrame({"site_id": sites, "n_hpc": 9, "n_slow": 0})
    points.to_csv(table, index=False)
    given = evaluate_layout(opened.run_dir, table, out=tmp_path / "out").evaluated[-1]
    assert given.by_class is None
    assert given.figures.n_hpc == 9 * len(sites)
    points.assign(n_slow=2).to_csv(table, index=False)
    with pytest.raises(InputDataError, match="names no two"):
        evaluate_layout(opened.run_dir, table, out=tmp_path / "out")
    with pytest.raises(InputDataError, match="one class"):
        EditedPlan(opened).give([str(sites[0])], n_slow=1)
