"""``planner roadmap`` on the small country: years that stand on each other, and faults told."""

from __future__ import annotations

import json
import zipfile
from itertools import pairwise

import pandas as pd
import pyogrio
import pytest
from typer.testing import CliRunner

from planner import run
from planner.cli import app
from planner.errors import InvariantError, PlannerError, ScenarioError
from planner.plan.checks import check_inputs
from planner.plan.finished_run import read_finished_run
from planner.plan.roadmap_tables import YearOfRoadmap, check_nothing_torn_down
from planner.scenario.roadmap import load_roadmap

YEARS = ("2027", "2030", "2031")


@pytest.fixture(scope="module")
def planned(small_roadmap):
    """A roadmap whose last year needs less than the one before, and what the command says."""
    return small_roadmap


def sites_of(folder, year):
    sites = read_finished_run(folder / "runs" / year).sites()
    return sites.set_index("site_id")


def test_every_plan_of_a_year_contains_what_the_year_before_has_built(planned):
    _, folder, _ = planned
    points = ["n_hpc", "n_lpc"]
    for before, now in pairwise(YEARS):
        built = sites_of(folder, before).query("solution_name == 'balanced'")[points]
        for _, plan in sites_of(folder, now).groupby("solution_name"):
            assert (plan[points].loc[built.index] >= built).all(axis=None)
    years = pd.read_csv(folder / "roadmap.csv")
    assert years["n_hpc"].iloc[1] > years["n_hpc"].iloc[0]


def test_a_later_year_that_needs_less_keeps_what_stands_and_builds_nothing(planned):
    _, folder, _ = planned
    years = pd.read_csv(folder / "roadmap.csv").set_index("year")
    assert years.loc[2031, "energy_mwh"] < years.loc[2030, "energy_mwh"]
    assert years.loc[2031, ["n_hpc", "n_lpc"]].equals(years.loc[2030, ["n_hpc", "n_lpc"]])
    assert years.loc[2031, ["new_hpc", "new_lpc", "new_investment_eur"]].eq(0.0).all()
    assert 2031 not in pd.read_csv(folder / "roadmap_sites.csv")["year"].to_numpy()


def test_with_foresight_every_year_is_a_part_of_the_last_one_s_plan(planned):
    _, folder, said = planned
    points = ["n_hpc", "n_lpc"]
    ahead = [
        read_finished_run(folder / "runs-with-foresight" / year)
        .sites()
        .query("solution_name == 'balanced'")
        .set_index("site_id")[points]
        for year in YEARS
    ]
    for before, now in pairwise(ahead):
        assert (now.reindex(before.index, fill_value=0) >= before).all(axis=None)
    years = pd.read_csv(folder / "roadmap_with_foresight.csv")
    assert years["new_hpc"].min() >= 0
    regret = pd.read_csv(folder / "roadmap_regret.csv")
    alone = pd.read_csv(folder / "roadmap.csv")
    assert regret["n_hpc"].tolist() == alone["n_hpc"].tolist()
    invested = alone["new_investment_eur"].sum() - years["new_investment_eur"].sum()
    assert regret["regret_eur"].iloc[-1] == pytest.approx(invested)
    assert "Planned with foresight, 2031 has" in " ".join(said.split())


def test_the_map_of_a_roadmap_has_the_sites_of_each_year(planned):
    _, folder, _ = planned
    sites = pyogrio.read_dataframe(folder / "roadmap.gpkg", layer="sites_year_2030")
    assert sites["n_hpc"].sum() == pd.read_csv(folder / "roadmap.csv")["n_hpc"].iloc[1]
    with zipfile.ZipFile(folder / "roadmap.qgz") as project:
        assert all(f'name="{year}"'.encode() in project.read("roadmap.qgs") for year in YEARS)


def test_what_sites_get_adds_up_to_what_years_get(planned):
    _, folder, said = planned
    years = pd.read_csv(folder / "roadmap.csv").set_index("year")
    sites = pd.read_csv(folder / "roadmap_sites.csv")
    added = sites.groupby("year")[["new_hpc", "new_lpc"]].sum().reindex(years.index, fill_value=0)
    assert added.equals(years[["new_hpc", "new_lpc"]])
    assert (years["new_hpc"].cumsum() == years["n_hpc"]).all()
    assert f"2030: {years.loc[2030, 'new_hpc']} more high-power points" in " ".join(said.split())
    # A ring at medium voltage takes 15 months: for January 2027 it is requested in October 2025.
    ring = sites[(sites["connection"] == "medium-voltage ring") & (sites["year"] == 2027)]
    assert set(ring["request_by"]) == {"2025-10"}


def test_what_each_side_pays_adds_up_to_what_years_cost(planned):
    _, folder, _ = planned
    years = pd.read_csv(folder / "roadmap.csv").set_index("year")
    paid = pd.read_csv(folder / "roadmap_payers.csv")
    of_year = paid.groupby("year")["new_investment_eur"].sum()
    assert of_year.tolist() == pytest.approx(years["new_investment_eur"].tolist())
    by_part = paid[["points_eur", "works_eur", "connection_eur"]].sum(axis=1)
    assert by_part.tolist() == pytest.approx(paid["new_investment_eur"].tolist())
    assert paid["invested_eur"].iloc[-3] == pytest.approx(of_year.sum())
    assert (folder / "roadmap_payers_with_foresight.csv").is_file()


def test_the_page_shows_the_points_of_each_year(planned):
    _, folder, _ = planned
    page = (folder / "roadmap.html").read_text(encoding="utf-8")
    data = json.loads(page.split('id="data"', 1)[1].split(">", 1)[1].split("</script>", 1)[0])
    shown = {(row["year"], row["kind"]): row["points"] for row in data["chartData"]["built"]}
    years = pd.read_csv(folder / "roadmap.csv").set_index("year")
    assert shown["2030", "new_hpc"] == years.loc[2030, "new_hpc"]
    assert 'id="paper-levels"' in page
    assert "it begins with layouts of least cost as well" in page


def test_a_finished_roadmap_is_not_planned_again(planned):
    file, folder, _ = planned
    files = [folder / "runs" / year / "run.json" for year in YEARS]
    tables = [folder / name for name in ("roadmap.csv", "roadmap_sites.csv")]
    before = [path.stat().st_mtime_ns for path in files], [path.read_bytes() for path in tables]
    again = ["roadmap", str(file), "--out", str(folder), "--resume", "--lang", "de"]
    told = CliRunner().invoke(app, again)
    assert told.exit_code == 0, told.output
    assert "Jahr 2031, 3 von 3" in told.output
    after = [path.stat().st_mtime_ns for path in files], [path.read_bytes() for path in tables]
    assert after == before


def test_a_plan_that_tears_down_is_a_fault_of_the_planner(planned):
    _, folder, _ = planned
    first, more = (
        YearOfRoadmap(int(year), read_finished_run(folder / "runs" / year), "balanced")
        for year in YEARS[:2]
    )
    check_nothing_torn_down(first, more)
    with pytest.raises(InvariantError, match="of 2027 tears down points at"):
        check_nothing_torn_down(more, first)


def test_points_that_stand_where_the_study_has_no_site_are_refused(planned):
    file, folder, _ = planned
    table = folder / "elsewhere.csv"
    table.write_text("site_id,n_hpc,n_lpc\nwest-north-2,2,0\nwest-norht-4,1,0\n", encoding="utf-8")
    scenario = load_roadmap(file).scenario(2030, table)
    with pytest.raises(PlannerError, match=r"found 'west-norht-4' \(did you mean 'west-north-4'"):
        check_inputs(scenario)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("2027: {}", "at least two years; found 2027"),
        ("2030: {}\n  2027: {}", "years in ascending order; found 2030, 2027"),
        ("soon: {}\n  2030: {}", "years in four digits, for example 2030; found soon, 2030"),
        ("2027: {}\n  2030: {demand.electrification_shar: 0.1}", "did you mean"),
        ("2027: {}\n  2030: {name: other}", "2030.name: the roadmap has a name"),
        ("2027: {}\n  2030: {standing.path: x.csv}", "what stands is what the year before"),
    ],
)
def test_faults_of_the_file_are_told_before_anything_is_planned(shared_study_folder, wrong, said):
    file = shared_study_folder / "wrong.yaml"
    file.write_text(f"name: wrong\nbase: study.yaml\nyears:\n  {wrong}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as fault:
        load_roadmap(file)
    assert said in str(fault.value)


def test_a_roadmap_is_checked_and_known_by_its_keys(planned):
    file, _, _ = planned
    checked = CliRunner().invoke(app, ["validate", str(file)])
    assert checked.exit_code == 0, checked.output
    assert "No errors found" in checked.output
    with pytest.raises(ScenarioError, match="found a roadmap, which is run with: planner roadmap"):
        run(file)
