"""The floor under numbers of points, beside each of them."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import pytest

from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.plan.point_floor import (
    floor_of,
    floor_sentence,
    floors_sentence,
    named_floor_sentence,
)
from planner.reporting.figures.plan_figures import front_figure
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.gis.themes import map_themes
from planner.reporting.manifest import plan_manifest
from planner.reporting.national_market_headline import national_answer
from planner.reporting.report_tables import named_table
from planner.reporting.spreadsheet_columns import FRONT_COLUMNS, LEVEL_COLUMNS
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN
from tests.unit.reporting.synthetic_plan import market_summary, synthetic_market

NAN = float("nan")


def test_a_plan_with_one_point_per_site_says_no_number_twice():
    assert floor_sentence(3, 1) == "Of 3 points, 1 is the one point that each visited site keeps."
    assert floor_sentence(336, 336) == "Of 336 points, each is the only one of its site."


def test_the_floor_of_named_plans_says_which_points_and_how_many():
    kept = "the one point that each visited site keeps."
    assert named_floor_sentence([54, 28, 32], 26) == (
        f"Of the 28 to 54 points of the named plans, 26 are {kept}"
    )
    assert named_floor_sentence([3, 1], 1).endswith(f"plans, 1 is {kept}")
    assert named_floor_sentence([7, 7], 2) == f"Of 7 points, 2 are {kept}"
    assert named_floor_sentence([54, 28], NAN) == ""
    german = named_floor_sentence([1878, 838], 336, GERMAN)
    assert german.startswith("Von den 838 bis 1.878 Punkten der benannten Pläne sind 336 der eine")


@pytest.mark.parametrize(
    ("n_visited", "said"),
    [
        ([1, NAN], "Of these points, 1 is the one point that each visited site keeps."),
        ([24, 24, NAN], "Of these points, 24 are the one point that each visited site keeps."),
        ([780, 347], "Of these points, between 347 and 780 are the one point that each visited"),
        ([NAN], ""),
    ],
)
def test_the_floor_of_several_plans_is_one_sentence(n_visited, said):
    assert floors_sentence(n_visited).startswith(said)
    assert bool(floors_sentence(n_visited)) == bool(said)


def test_the_floor_of_several_plans_is_said_in_german():
    assert floors_sentence([1200], GERMAN).startswith("Von diesen Punkten sind 1.200 der")


@pytest.mark.parametrize("columns", [FRONT_COLUMNS, LEVEL_COLUMNS])
def test_every_sheet_with_points_of_plans_has_the_floor_beside_them(columns):
    names = [column.name for column in columns]
    assert names[names.index("n_hpc") + 1] == "n_visited_sites"


def test_the_table_of_named_plans_has_the_floor_beside_the_points(plan):
    table = named_table(plan)
    keys = [column.key for column in table.columns]
    assert keys[:3] == ["plan", "n_hpc", "n_visited_sites"]
    assert {row[2] for row in table.rows} == {plan.summary["n_visited_sites"]}


def test_a_map_says_the_floor_of_its_plan(plan):
    n_visited = plan.summary["n_visited_sites"]
    mapped = plan_map(plan)
    for theme in map_themes(mapped, ENGLISH)[: len(mapped.views)]:
        assert f"of which one per visited site: {n_visited}" in theme.subtitle


def test_runs_of_earlier_versions_tell_no_floor(plan):
    before = {key: value for key, value in plan.summary.items() if key != "n_visited_sites"}
    table = named_table(replace(plan, summary=before))
    assert all(isnan(row[2]) for row in table.rows)
    assert floors_sentence([floor_of(before)]) == ""


def test_what_operators_build_has_the_floor_of_the_plan_beside_it(plan):
    summary = market_summary(synthetic_market(plan))
    said = f"Of {summary['n_hpc_plan']} points, {summary['n_visited_sites']} are the one point"
    assert said in national_answer(summary, ENGLISH)
    del summary["n_visited_sites"]
    assert "the one point" not in national_answer(summary, ENGLISH)


def test_the_caption_of_the_front_says_the_floor(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    run = read_finished_run(tmp_path)
    of_named = plan.front["n_hpc"].iloc[[each.solution for each in plan.named_solutions]]
    floor = named_floor_sentence(of_named.tolist(), floor_of(run.summary))
    assert f"{of_named.min()} to {of_named.max()} points" in floor
    assert front_figure(run, ENGLISH).caption.endswith(floor)
