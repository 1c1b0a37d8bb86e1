"""A slower class of points that is assumed where the study of a run names none."""

import dataclasses
import json
import shutil

import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.layouts.assumed_classes import with_assumed_classes
from planner.layouts.class_plans import ClassQuestion, class_plans
from planner.layouts.edited_plan import EditedPlan
from planner.layouts.evaluation import evaluate_layout
from planner.plan.finished_run import PLAN, read_finished_run
from planner.reporting.class_report import write_classes
from planner.runs.progress import Quiet
from planner.scenario.infrastructure_costs import DEFAULT_COST_SET, read_cost_set
from planner.scenario.load import load_scenario
from planner.tables.language import ENGLISH
from planner.workbench.edits import Edits
from tests.e2e.workbench.conftest import RUN


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
    assert "slower ones for CCS 400\N{NO-BREAK SPACE}kW, an assumption" in on["panel"]
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
