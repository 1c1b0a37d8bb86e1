"""A layout of one's own, tried on the trucks of a finished run."""

from __future__ import annotations

import json
import sys

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import planner
from planner.cli import main
from planner.errors import InputDataError, RunDirectoryError
from planner.layouts.evaluation import evaluate_layout
from planner.reporting.stored_run import read_run
from planner.scenario.load import load_scenario
from planner.stages import site_limits


@pytest.fixture(scope="module")
def run(shared_study_folder, tmp_path_factory):
    overrides = ["optimization.compare_methods=false", "replanning.iterations=6"]
    scenario = load_scenario(shared_study_folder / "study.yaml", overrides)
    return planner.run(scenario, out=tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture
def own_table(run, tmp_path):
    """Write the balanced plan as a table, changed by a function."""

    def write(change=lambda table: table):
        evaluate_layout(run.folder, out=tmp_path / "plan")
        table = change(pd.read_csv(tmp_path / "plan" / "sites.csv"))
        path = tmp_path / "own.csv"
        table[["site_id", "n_hpc", "n_lpc"]].to_csv(path, index=False)
        return path

    return write


def figures(evaluation, name):
    said = json.loads((evaluation.folder / "evaluation.json").read_text())
    return said["layouts"][name]


@pytest.mark.parametrize("solution", ["logistics", "balanced", "cpo"])
def test_a_plan_of_the_run_has_the_figures_of_the_run(run, tmp_path, solution):
    evaluation = evaluate_layout(run.folder, solution=solution, out=tmp_path / "out")
    found, stored = (
        figures(evaluation, f"{solution} plan"),
        run.summary["solutions"][solution],
    )
    for name in ("n_hpc", "n_lpc", "mean_wait_min", "p95_wait_min", "energy_hpc_mwh"):
        assert found[name] == pytest.approx(stored[name], rel=1e-12), name
    assert found["n_unserved"] == run.summary["n_unserved"]
    assert found["unserved_share"] == run.summary["unserved_share"]
    reasons = run.summary["unserved_by_reason"]
    assert sum(reasons.values()) == found["n_unserved"]
    assert found["n_unserved_no_site_in_range"] == reasons["no site in range"]


def test_the_written_table_is_the_plan_again(run, own_table, tmp_path):
    evaluation = evaluate_layout(run.folder, own_table(), out=tmp_path / "out")
    assert figures(evaluation, "your layout") == figures(evaluation, "balanced plan")
    assert evaluation.closed == ()
    table = pd.read_csv(tmp_path / "out" / "evaluation.csv").set_index("figure")
    assert table["your layout"].to_dict() == figures(evaluation, "your layout")
    layer = gpd.read_file(tmp_path / "out" / "sites.gpkg", layer="sites")
    assert layer["n_hpc"].sum() == figures(evaluation, "your layout")["n_hpc"]


def test_trucks_learn_a_plan_as_they_do_in_the_run(run, tmp_path):
    evaluation = evaluate_layout(run.folder, learn_queues=True, out=tmp_path / "out")
    learned = figures(evaluation, "trucks know it")
    stored = run.summary["replanning"]
    assert learned["mean_wait_min"] == pytest.approx(stored["mean_wait_after_min"], rel=1e-12)
    assert learned["n_lpc_rejected"] == stored["n_lpc_rejected_after"]


def test_nobody_waits_where_there_is_a_point_for_everybody(run, own_table, tmp_path):
    path = own_table(lambda table: table.assign(n_hpc=1000, n_lpc=1000))
    own = figures(evaluate_layout(run.folder, path, out=tmp_path / "out"), "your layout")
    assert own["mean_wait_min"] == 0.0
    assert own["n_lpc_rejected"] == 0


def test_trucks_plan_without_sites_that_are_closed(run, own_table, tmp_path):
    closed_id = pd.read_parquet(run.folder / "sites.parquet")["site_id"].iloc[0]
    path = own_table(lambda table: table[table["site_id"] != closed_id].assign(n_hpc=50))
    evaluation = evaluate_layout(run.folder, path, out=tmp_path / "out")
    assert evaluation.closed == (f"Site {closed_id}",)
    assert "cannot be driven with these sites" in evaluation.sentences()[0]
    assert "1 site (Site " in evaluation.sentences()[1]
    table = pd.read_csv(tmp_path / "out" / "sites.csv")
    assert closed_id not in set(table["site_id"])
    plan, own = figures(evaluation, "balanced plan"), figures(evaluation, "your layout")
    assert own["n_sites"] == plan["n_sites"] - 1
    assert own["n_unserved"] >= plan["n_unserved"]
    assert own["n_hpc_processes"] != plan["n_hpc_processes"]


def test_points_beyond_the_grid_connection_are_told(run, own_table, tmp_path):
    limits = site_limits(read_run(run.folder, "balanced").scenario, read_run_sites(run))
    path = own_table(lambda table: table.assign(n_hpc=int(limits.max_hpc.max()) + 1))
    evaluation = evaluate_layout(run.folder, path, out=tmp_path / "out")
    assert len(evaluation.beyond_limits) == 7
    assert "7 sites (" in evaluation.sentences()[1]


def read_run_sites(run):
    return read_run(run.folder, "balanced").sites


@pytest.mark.parametrize("heading", ["HPC points", "High-power points (HPC)", "n_hpc", "HPC"])
def test_a_workbook_with_the_headings_of_ours(run, tmp_path, heading):
    sites = pd.read_parquet(run.folder / "sites.parquet")
    balanced = sites[sites["solution_name"] == "balanced"]
    book = openpyxl.Workbook()
    book.active.title = "Mine"
    book.active.append(["Site", heading])
    for row in balanced.itertuples():
        book.active.append([row.site_id, row.n_hpc])
    book.create_sheet("Other")
    book.save(tmp_path / "own.xlsx")
    evaluation = evaluate_layout(
        run.folder, tmp_path / "own.xlsx", sheet="Mine", out=tmp_path / "out"
    )
    assert figures(evaluation, "your layout") == figures(evaluation, "balanced plan")


def test_a_layer_of_the_map(run, tmp_path):
    evaluation = evaluate_layout(
        run.folder, run.folder / "plan.gpkg", sheet="sites_logistics", out=tmp_path / "out"
    )
    own = figures(evaluation, "your layout")
    assert own["n_hpc"] == run.summary["solutions"]["logistics"]["n_hpc"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.assign(n_hpc=-1), "n_hpc must be whole numbers from 0"),
        (lambda table: table.assign(n_hpc=1.5), "n_hpc must be whole numbers"),
        (lambda table: table.assign(n_hpc="1.000"), "is it 1 or 1000"),
        (lambda table: table.assign(n_hpc="many"), "must be a finite number (points)"),
        (lambda table: table.assign(n_hpc=0, n_lpc=0), "at least one high-power point"),
        (lambda table: table.assign(n_hpc=0, n_lpc=5), "overnight points need a high-power"),
        (lambda table: pd.concat([table, table.iloc[:1]]), "must stand in one row"),
        (
            lambda table: table.assign(site_id=table["site_id"].str.replace("north", "nord")),
            "(did you mean",
        ),
        (lambda table: table.rename(columns={"n_hpc": "points"}), "missing column n_hpc"),
    ],
)
def test_bad_tables_are_told(run, own_table, tmp_path, change, said):
    path = own_table()
    change(pd.read_csv(path)).to_csv(path, index=False)
    with pytest.raises(InputDataError) as raised:
        evaluate_layout(run.folder, path, out=tmp_path / "out")
    assert said in str(raised.value)
    assert str(path) in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_another_demand_than_the_runs_is_told(run, shared_study_folder, tmp_path):
    flows = shared_study_folder / "flows.csv"
    before = flows.read_text()
    flows.write_text(before.replace("30000", "90000"))
    try:
        with pytest.raises(RunDirectoryError, match=r"planned on another demand\.path"):
            evaluate_layout(run.folder, out=tmp_path / "out")
    finally:
        flows.write_text(before)


def test_the_command_tells_figures_and_where_the_layout_is(run, own_table, monkeypatch, capfd):
    path = own_table()
    out = path.parent / "out"
    command = ["planner", "evaluate", str(run.folder), str(path), "--replan", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as left:
        main()
    said = capfd.readouterr().out
    assert left.value.code == 0
    assert "balanced plan" in said
    assert "trucks know it" in said
    assert "mean wait" in said
    assert "sites.csv" in said
