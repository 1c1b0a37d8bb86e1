"""Grid operators' page, tables, order list and map of a finished run."""

import html
import shutil
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.grid.connection_rules import read_connection_rules
from planner.grid.needs import ALL, grid_needs
from planner.plan.grid_levels import read_grid_levels
from planner.plan.plan_tables import write_tables
from planner.plan.schemas import SITES
from planner.reporting import grid_report
from planner.reporting.gis.export import write_map
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.grid_report import (
    BOOK,
    MAP,
    PAGE,
    brief_groups,
    rest_of_groups,
    sentences,
    write_grid,
)
from planner.reporting.manifest import plan_manifest
from planner.reporting.phrases import unbroken
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH, LANGUAGES
from planner.tables.table_files import write_parquet
from tests.languages import GERMAN


@pytest.fixture(scope="module")
def finished(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    write_tables(plan, folder)
    write_map(plan_map(plan), folder, "plan", ENGLISH)
    write_manifest(folder / "run.json", plan_manifest(plan))
    return folder


@pytest.fixture(scope="module")
def told(finished):
    found = read_grid_levels([finished], None)
    return found.run, grid_needs(found.levels, found.places, read_connection_rules(), 2026)


def test_the_pack_holds_page_tables_order_list_and_a_themed_map(plan, told, tmp_path):
    run, needs = told
    write_grid(needs, run, "toy, balanced", tmp_path, GERMAN)
    page = html.unescape((tmp_path / PAGE).read_text(encoding="utf-8"))
    for language in LANGUAGES:
        for sentence in sentences(needs, language):
            assert unbroken(sentence) in page
    layer = gpd.read_file(tmp_path / f"{MAP}.gpkg", layer="grid_sites")
    np.testing.assert_allclose(layer["needed_kw"], needs.sites["needed_kw"])
    with zipfile.ZipFile(tmp_path / f"{MAP}.qgz") as archive:
        project = archive.read(f"{MAP}.qgs").decode()
    assert 'name="Netzanschlüsse"' in project
    assert "jetzt mehr zu beantragen" in project
    listed = pd.read_excel(tmp_path / BOOK, sheet_name="Antragsliste")
    assert len(listed) == len(needs.orders())


def test_peaks_are_those_of_the_run_and_groups_hold_all_sites(plan, told):
    _, needs = told
    figures = plan.figures_of(plan.default_solution.name)
    assert needs.sites["needed_kw"].tolist() == figures["peak_power_kw"].tolist()
    whole = needs.highest("all").iloc[0]
    estimated = figures["site_origin"] == "computed"
    assert estimated.any()
    assert whole["requested_kw"] == figures["grid_connection_kw"].mask(estimated).sum()
    assert needs.highest("region")["n_sites"].sum() == whole["n_sites"]
    assert brief_groups(needs) is not None


def test_sites_of_no_operator_or_region_are_told_without_an_empty_list(told):
    _, needs = told
    known = needs.groups["grouping"] == ALL
    [line] = [
        each
        for each in sentences(replace(needs, groups=needs.groups[known]), ENGLISH)
        if each.startswith("Requested")
    ]
    assert line.endswith(" %.")


def test_groups_that_a_terminal_leaves_out_are_told_with_where_they_stand(told, monkeypatch):
    _, needs = told
    assert rest_of_groups(needs, ENGLISH) == ""
    monkeypatch.setattr(grid_report, "_N_BRIEF", 1)
    n_left_out = len(needs.highest("region")) - 1
    assert rest_of_groups(needs, ENGLISH).startswith(f"and {n_left_out} more with ")
    assert BOOK in rest_of_groups(needs, GERMAN)


def test_two_runs_of_one_level_are_refused_with_both_names(finished):
    with pytest.raises(InputDataError, match="expected another share of electric trucks"):
        read_grid_levels([finished, finished], None)


def test_runs_of_other_levels_stand_in_ascending_order(plan, finished, tmp_path):
    demand = plan.scenario["demand"] | {"electrification_share": 0.9}
    other = replace(plan, scenario=plan.scenario | {"demand": demand})
    write_tables(other, tmp_path)
    write_map(plan_map(other), tmp_path, "plan", ENGLISH)
    write_manifest(tmp_path / "run.json", plan_manifest(other))
    found = read_grid_levels([tmp_path, finished], None)
    assert [level.share for level in found.levels] == sorted(level.share for level in found.levels)
    assert found.run.folder == tmp_path


def test_of_several_draws_the_highest_peak_counts_and_points_are_means(finished, tmp_path):
    for number, factor in ((1, 1.0), (2, 3.0)):
        copy = shutil.copytree(finished, tmp_path / f"replication-{number}")
        sites = pd.read_parquet(copy / "sites.parquet")
        sites["peak_power_kw"] *= factor
        sites["n_lpc"] += 2 * (number - 1)
        write_parquet(sites, SITES, copy / "sites.parquet")
    one = read_grid_levels([finished], None).levels[0].sites
    both = read_grid_levels([tmp_path], None).levels[0].sites
    np.testing.assert_allclose(both["peak_power_kw"], 3.0 * one["peak_power_kw"])
    np.testing.assert_allclose(both["n_lpc"], one["n_lpc"] + 1.0)


def test_answers_say_between_which_levels_years_are_taken(told):
    _, needs = told
    level = replace(needs.levels[0], share=0.1)
    due = needs.sites.assign(to_request_kw=100.0)
    one = replace(needs, levels=[level], sites=due)
    assert "from no electric trucks to this one level" in " ".join(sentences(one, ENGLISH))
    both = replace(one, levels=[level, replace(needs.levels[0], share=0.2)])
    assert "between the 2 levels of these runs (10 %, 20 %)" in " ".join(sentences(both, ENGLISH))
    unknown = replace(one, levels=[replace(level, share=np.nan)])
    assert "Years are taken" not in " ".join(sentences(unknown, ENGLISH))


def test_columns_of_when_peaks_pass_are_left_out_with_a_word_where_none_does(told):
    run, needs = told
    when = {"passing_level_share", "passing_year"}
    hint = "No simultaneous peak of these passes what is requested."

    def shown(share, year):
        groups = needs.groups.assign(requested_kw=1e6, passing_level_share=share, passing_year=year)
        changed = replace(needs, groups=groups)
        names = {column.key for column in grid_report._groups(changed, "region").columns}
        return names & when, hint in html.unescape(grid_report._page(changed, run, "toy"))

    assert shown(np.nan, "") == (set(), True)
    assert shown(0.1, "") == ({"passing_level_share"}, False)
    assert shown(0.1, "2028") == (when, False)
