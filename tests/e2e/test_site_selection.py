"""``sites.selection``: a study whose candidates are reduced before it is planned."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pyogrio
import pytest

from planner import read, run
from planner.errors import InputDataError, ScenarioError
from planner.layouts.run_trucks import inputs_of_run
from planner.plan.selected_sites import select_sites
from planner.plan.study_inputs import read_inputs, site_limits
from planner.scenario.load import load_scenario

FEW = ["optimization.max_generations=1", "optimization.max_solutions=5"]


@pytest.fixture(scope="module")
def selected(shared_study_folder):
    """The small country with two of its seven sites to close."""
    asked = [*FEW, "sites.selection={at_most: 5}"]
    return run(shared_study_folder / "study.yaml", asked, out=shared_study_folder / "five").folder


def test_a_plan_has_the_sites_that_stay_and_says_why_the_others_close(selected):
    table = pd.read_parquet(selected / "site_selection.parquet")
    closed = table[~table["is_open"]]
    assert len(table) == 7
    assert len(closed) == 2
    assert closed["reason"].eq("trucks lose least without it").all()
    assert closed["sessions_day"].eq(0.0).all()
    assert closed["sessions_day_all"].gt(0.0).any()
    finished = read(selected)
    planned = finished.table("layouts")["site_id"].unique().tolist()
    assert planned == table.loc[table["is_open"], "site_id"].tolist()
    assert any("5 of 7 candidates stay" in line for line in finished.manifest["inputs"])
    book = openpyxl.load_workbook(selected / "plan.xlsx", read_only=True)
    assert "Selection of sites" in book.sheetnames
    layer = pyogrio.read_dataframe(selected / "plan.gpkg", layer="closed_sites")
    assert sorted(layer["site_id"]) == sorted(closed["site_id"])


def test_the_trucks_of_such_a_run_are_read_again_with_the_sites_that_stay(selected):
    plan = read(selected).on_roads("balanced")
    assert inputs_of_run(plan, selected).sites.site_id.tolist() == plan.sites.site_id.tolist()


def test_a_site_that_must_have_points_stays_and_bounds_of_closed_ones_hold_no_longer(
    selected, shared_study_folder, tmp_path
):
    before = pd.read_parquet(selected / "site_selection.parquet").set_index("site_id")
    closed, other = before.index[~before["is_open"]]
    bounds = tmp_path / "bounds.csv"
    bounds.write_text(f"site_id,least_hpc,most_hpc\n{closed},1,\n{other},,4\n", encoding="utf-8")
    asked = ["sites.selection={at_most: 5}", f"optimization.bounds={{path: {bounds}}}"]
    scenario = load_scenario(shared_study_folder / "study.yaml", asked)
    chosen = select_sites(scenario, read_inputs(scenario), tmp_path, lambda *_: None)
    told = chosen.table.set_index("site_id")
    assert told.loc[closed, "is_open"]
    assert told.loc[closed, "reason"] == "points are asked for there"
    assert told["is_open"].sum() == 5
    limits = site_limits(scenario, chosen.inputs.sites)
    assert limits.existing_hpc.sum() == 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{}", "expected one of at_most, min_sessions_per_day, least_system_cost, objective"),
        ("{at_most: 3, least_system_cost: true}", "found at_most, least_system_cost"),
        ("{objective: coverage, trips_share: 0.9}", "trips_share and more_time_share beside"),
        ("{at_most: 3, trips_share: 0.9}", "beside objective: coverage; found at_most"),
    ],
)
def test_one_rule_with_all_that_it_needs_is_asked_for(shared_study_folder, rule, said):
    with pytest.raises(ScenarioError, match=said):
        run(shared_study_folder / "study.yaml", [f"sites.selection={rule}"])


def test_trips_that_not_even_all_sites_cover_are_told(shared_study_folder):
    rule = "{objective: coverage, trips_share: 1, more_time_share: 0}"
    with pytest.raises(InputDataError, match=r"found \d+\.\d+ % with all of them"):
        run(
            shared_study_folder / "study.yaml",
            [*FEW, f"sites.selection={rule}"],
            out=shared_study_folder / "all",
        )
