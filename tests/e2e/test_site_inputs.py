"""Sites as people bring them or ask for them, through a whole study."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest

import planner
from planner.demand.scenario_sites import load_scenario_sites
from planner.network.load import load_network
from planner.plan.checks import check_inputs
from planner.plan.study_inputs import read_inputs, site_limits
from planner.scenario.load import load_scenario
from planner.scenario.roadmap import load_roadmap


def test_a_workbook_with_limits_is_kept_to_by_every_solution(study_folder):
    table = pd.read_csv(study_folder / "sites.csv")
    table["name"] = "Site"
    table["grid_connection_kw"] = [6.0, 5.0, np.nan, 0.4, 4.0, 9.0, 9.0]
    table["max_hpc"] = [3, np.nan, 4, np.nan, np.nan, np.nan, 2]
    table["existing_hpc"] = [1, 2, 0, 0, 0, 5, 0]
    table["existing_lpc"] = [0, 0, 3, 0, 0, 0, 0]
    table["parking_spaces"] = [0, 1, np.nan, 5, 2, 2, 4]
    book = openpyxl.Workbook()
    book.active.append([*table.columns[:-5], "Netz [MW]", *table.columns[-4:]])
    for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
        book.active.append(list(row))
    book.save(study_folder / "sites.xlsx")
    scenario = load_scenario(
        study_folder / "study.yaml",
        [
            "sites.path=sites.xlsx",
            "sites.columns={grid_connection_kw: 'Netz [MW]'}",
            "optimization.max_generations=3",
        ],
    )
    result = planner.run(scenario, out=study_folder / "out")
    layouts = result.table("layouts")
    # The fourth site's 400 kW do not carry one point of 1 MW.
    weak = table["id"][3]
    assert weak not in set(layouts["site_id"])
    known = table.set_index("id").loc[layouts["site_id"]].reset_index()
    most = np.fmin(known["max_hpc"], known["grid_connection_kw"] // 1.0)
    assert (layouts["n_hpc"] <= most.fillna(np.inf)).all()
    assert (layouts["n_hpc"] >= known["existing_hpc"]).all()
    assert (layouts["n_lpc"] <= known["parking_spaces"].fillna(np.inf)).all()
    assert (layouts["n_lpc"] >= known["existing_lpc"]).all()
    assert (layouts.loc[layouts["site_id"] == table["id"][0], "n_lpc"] == 0).all()
    figures = result.table("sites")
    of_site = table.set_index("id").loc[figures["site_id"]].reset_index()
    for kind in ("hpc", "lpc"):
        assert (figures[f"built_{kind}"] == of_site[f"existing_{kind}"]).all()
        added = figures[f"n_{kind}"] - figures[f"built_{kind}"]
        assert (figures[f"missing_{kind}"] == added).all()
    assert (figures["announced_hpc"] == 0.0).all()
    report = (study_folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "8 at high power and 3 overnight stand already" in report


@pytest.mark.parametrize(
    "sites",
    [
        "{source: flow, n_sites: 5, candidate_spacing_km: 40}",
        "{source: coverage, n_sites: 5, weights: trucks}",
        "{source: p_median, n_sites: 5}",
    ],
)
def test_placed_sites_are_the_same_at_every_level(study_folder, sites):
    placed = []
    for share in (0.1, 0.5):
        scenario = load_scenario(
            study_folder / "study.yaml",
            [f"sites={sites}", f"demand.electrification_share={share}"],
        )
        graph, _ = load_network(scenario.network)
        placed.append(load_scenario_sites(scenario, graph)[0])
    assert placed[0].n_sites == 5
    np.testing.assert_array_equal(placed[0].lon, placed[1].lon)


def test_a_table_of_weak_sites_is_a_fault_of_the_inputs(study_folder):
    path = study_folder / "sites.csv"
    path.write_text(path.read_text().replace(",9000", ",900"), encoding="utf-8")
    with pytest.raises(planner.errors.ScenarioError, match="found none among 7"):
        check_inputs(load_scenario(study_folder / "study.yaml"))


def test_a_run_says_what_readers_took_for_granted(study_folder):
    path = study_folder / "sites.csv"
    path.write_text(path.read_text(), encoding="utf-16")
    inputs = read_inputs(load_scenario(study_folder / "study.yaml"))
    assert any(
        line.startswith("Note: sites.csv: ") and "UTF-16" in line for line in inputs.sentences()
    )


def test_points_that_share_a_connection_are_as_many_as_their_part_allows(study_folder):
    most = {}
    for part in ("null", "0.5"):
        keys = ["sites.within_grid_connection=true", f"sites.power_sharing={part}"]
        scenario = load_scenario(study_folder / "study.yaml", keys)
        inputs = read_inputs(scenario)
        most[part] = site_limits(scenario, inputs.sites).max_hpc
        assert ("sure of 50 %" in "\n".join(inputs.sentences())) == (part == "0.5")
    np.testing.assert_array_equal(most["0.5"], 2 * most["null"])


def test_points_share_nothing_where_connections_limit_none(study_folder):
    keys = ["sites.within_grid_connection=false", "sites.power_sharing=0.5"]
    with pytest.raises(planner.errors.ScenarioError, match="nothing to share"):
        load_scenario(study_folder / "study.yaml", keys)


def test_a_roadmap_reads_points_by_the_year_that_it_plans(study_folder):
    lon, lat = pd.read_csv(study_folder / "sites.csv")[["lon", "lat"]].iloc[0]
    points = f"lon,lat,power_kw,status,opening_year\n{lon},{lat},400,announced,2030\n"
    (study_folder / "points.csv").write_text(points, encoding="utf-8")
    file = study_folder / "road.yaml"
    file.write_text(
        "name: road\nbase: study.yaml\n"
        "fixed: {sites.existing: {path: points.csv, announced: stand}}\n"
        "years: {2027: {}, 2030: {}}\n",
        encoding="utf-8",
    )
    standing = {}
    for year, scenario in load_roadmap(file).scenarios.items():
        graph, _ = load_network(scenario.network)
        sites, _ = load_scenario_sites(scenario, graph)
        standing[year] = int(sites.existing_hpc.sum())
    assert standing == {2027: 0, 2030: 1}
