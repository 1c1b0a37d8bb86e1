"""``sites.selection``: a study whose candidates are reduced before it is planned."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pyogrio
import pytest

from planner import read, run
from planner.errors import InputDataError, ScenarioError
from planner.layouts.run_trucks import inputs_of_run

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


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{}", "expected one of at_most, min_sessions_per_day, least_system_cost, objective"),
        ("{at_most: 3, least_system_cost: true}", "found at_most and least_system_cost"),
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
