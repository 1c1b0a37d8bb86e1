"""A layout of one's own, tried on the trucks of a finished run."""

from __future__ import annotations

import json
import shutil
import sys

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from rich.console import Console

import planner
from planner.cli import main
from planner.errors import InputDataError, RunDirectoryError
from planner.layouts.evaluation import evaluate_layout
from planner.layouts.site_change import SiteChange
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.schemas import SITES
from planner.plan.study_inputs import site_limits
from planner.reporting.layout_columns import LAYOUT_FIGURES
from planner.scenario.load import load_scenario
from planner.tables.language import ENGLISH, LANGUAGES


@pytest.fixture(scope="module")
def run(shared_study_folder, tmp_path_factory):
    overrides = ["replanning.iterations=6"]
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


def said_of(evaluation):
    """All that a person reads, on one line."""
    parts = evaluation.shown()
    texts = [part for part in parts if isinstance(part, str)]
    tables = [part.for_terminal(ENGLISH) for part in parts if not isinstance(part, str)]
    console = Console(width=500)
    with console.capture() as capture:
        console.print(*tables)
    lines = [" ".join(line.split()) for line in capture.get().splitlines()]
    return " ".join([*texts, *lines])


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
    assert "cannot be driven with these sites" in said_of(evaluation)
    assert "1 site (Site " in said_of(evaluation)
    table = pd.read_csv(tmp_path / "out" / "sites.csv")
    assert closed_id not in set(table["site_id"])
    plan, own = figures(evaluation, "balanced plan"), figures(evaluation, "your layout")
    assert own["n_sites"] == plan["n_sites"] - 1
    assert own["n_unserved"] >= plan["n_unserved"]
    assert own["n_hpc_processes"] != plan["n_hpc_processes"]


def test_points_beyond_the_grid_connection_are_told(run, own_table, tmp_path):
    limits = site_limits(
        read_finished_run(run.folder, PLAN).on_roads("balanced").scenario, read_run_sites(run)
    )
    path = own_table(lambda table: table.assign(n_hpc=int(limits.max_hpc.max()) + 1))
    evaluation = evaluate_layout(run.folder, path, out=tmp_path / "out")
    assert len(evaluation.beyond_limits) == 7
    assert "7 sites (" in said_of(evaluation)


def read_run_sites(run):
    return read_finished_run(run.folder, PLAN).on_roads("balanced").sites


@pytest.mark.parametrize(
    "heading", ["High-power points", "HPC points", "HPC-Punkte", "n_hpc", "HPC"]
)
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


def test_the_plans_of_the_workbook_are_evaluated_as_the_run_did(run, tmp_path):
    book = run.folder / "plan.xlsx"
    visible = evaluate_layout(run.folder, book, out=tmp_path / "visible")
    assert figures(visible, "your layout") == figures(visible, "balanced plan")
    assert "hidden rows of other plans not read" in visible.notes[0]
    named = evaluate_layout(run.folder, book, solution="Operator", out=tmp_path / "named")
    assert figures(named, "your layout") == figures(named, "cpo plan")
    assert figures(named, "cpo plan")["n_hpc"] == run.summary["solutions"]["cpo"]["n_hpc"]


@pytest.mark.parametrize("name", ["sites.csv", "sites-de.csv", "sites.xlsx", "sites.gpkg"])
def test_every_written_table_is_the_layout_again(run, tmp_path, name):
    first = evaluate_layout(run.folder, solution="cpo", out=tmp_path / "plan")
    again = evaluate_layout(run.folder, first.folder / name, solution="cpo", out=tmp_path / "again")
    assert figures(again, "your layout") == figures(first, "cpo plan")
    files = json.loads((first.folder / "evaluation.json").read_text())["files"]
    assert {name, "evaluation.csv", "evaluation-de.csv"} <= set(files)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_the_workbook_tells_figures_by_title_and_unit_and_the_connection_that_was_set(
    run, tmp_path, language
):
    site = pd.read_parquet(run.folder / "sites.parquet")["site_id"].iloc[0]
    told = evaluate_layout(
        run.folder,
        change=SiteChange(site, n_hpc=2, grid_mw=7.0),
        out=tmp_path / "out",
        language=language,
    )
    answer = figures(told, "with the change")
    assert set(answer) == set(LAYOUT_FIGURES)
    book = openpyxl.load_workbook(tmp_path / "out" / "sites.xlsx")
    top, *rows = book[language.text("Figures")].iter_rows(values_only=True)
    assert top[2] == language.as_heading("with the change")
    assert [row[0] for row in rows] == [each.heading(language) for each in LAYOUT_FIGURES.values()]
    assert {row[-1]: row[2] for row in rows} == pytest.approx(answer, rel=1e-12)
    top, *rows = book[language.text("Sites")].iter_rows(values_only=True)
    (connection,) = SITES.quantities("grid_connection_kw")
    place = top.index(connection.heading(language))
    assert {row[0]: row[place] for row in rows}[site] == 7000.0


def test_a_layout_is_never_written_over_the_table_that_it_was_read_from(run, tmp_path):
    here = shutil.copytree(run.folder, tmp_path / "run")
    table = evaluate_layout(here).folder / "sites.xlsx"
    for expected in ("run-evaluated-sites", "run-evaluated-sites-2", "run-evaluated-sites"):
        before = table.read_bytes()
        folder = evaluate_layout(here, table).folder
        assert folder.name == expected
        assert table.read_bytes() == before
        table = folder / "sites.xlsx"


def test_a_site_with_other_points_is_told_before_and_after_there_and_everywhere(run, tmp_path):
    before = evaluate_layout(run.folder, solution="cpo", out=tmp_path / "before").evaluated[-1]
    worst = before.worst_sites().iloc[0]
    n_after = int(worst["n_hpc"]) + 50
    asked = SiteChange(worst["name"], n_after)
    evaluation = evaluate_layout(run.folder, solution="cpo", change=asked, out=tmp_path / "after")
    sentence, table = evaluation.shown()[:2]
    named = f"{worst['name']} ({worst['site_id']})"
    assert f"{n_after} instead of {worst['n_hpc']:.0f} high-power points at {named}" in sentence
    assert "trucks wait 0.0 min instead of " in sentence
    assert [column.title.english for column in table.columns] == ["", "before", "after"]
    rows = {row[0].strip(): row[1:] for row in table.rows[:7]}
    assert rows["high-power points"] == (f"{worst['n_hpc']:.0f}", str(n_after))
    assert rows["sessions"] == (f"{worst['n_sessions_hpc']:.0f}",) * 2
    after = figures(evaluation, "with the change")
    assert after["n_hpc"] == before.figures.n_hpc + 50
    # Trucks stop where they did: at the other sites it can only have become longer or shorter
    # by what arrives earlier from here.
    assert after["mean_wait_min"] < before.figures.mean_wait_min
    layout = pd.read_csv(evaluation.folder / "sites.csv").set_index("site_id")
    assert layout.loc[worst["site_id"], "n_hpc"] == n_after
    assert "--replan lets them choose anew" in said_of(evaluation)


def test_before_and_after_are_of_trucks_that_know_as_much(run, tmp_path):
    asked = SiteChange("west-north-2", grid_mw=9.0)
    out = tmp_path / "out"
    evaluation = evaluate_layout(run.folder, change=asked, learn_queues=True, out=out)
    names = [one.name for one in evaluation.evaluated]
    assert names == [
        "balanced plan",
        "with the change",
        "balanced plan, trucks know it",
        "with the change, trucks know it",
    ]
    learned = figures(evaluation, "balanced plan, trucks know it")
    stored = run.summary["replanning"]
    assert learned["mean_wait_min"] == pytest.approx(stored["mean_wait_after_min"], rel=1e-12)
    assert evaluation.shown()[0] == "A connection of 9 MW carries 9 points of 1,000 kW."


def test_sites_that_cannot_keep_up_are_named_with_what_to_do(run, own_table, tmp_path):
    path = own_table(lambda table: table.assign(n_hpc=1, n_lpc=0))
    evaluation = evaluate_layout(run.folder, path, out=tmp_path / "out")
    overloaded = evaluation.evaluated[-1].overloaded
    assert figures(evaluation, "your layout")["n_sites_overloaded"] == len(overloaded) > 0
    said = said_of(evaluation)
    assert f"This layout cannot keep up at {len(overloaded)} site" in said
    assert "trucks still wait there" in said
    assert "add --replan" in said
    worst = evaluation.evaluated[-1].worst_sites().iloc[0]
    assert f"{worst['name']} ({worst['site_id']})" in said


def test_the_demand_is_read_only_where_trucks_plan_anew_and_must_be_the_runs(
    run, own_table, shared_study_folder, tmp_path
):
    path = own_table(lambda table: table.assign(n_hpc=3))
    flows = shared_study_folder / "flows.csv"
    before = flows.read_text()
    flows.write_text(before.replace("30000", "90000"))
    try:
        assert evaluate_layout(run.folder, path, out=tmp_path / "out").closed == ()
        with pytest.raises(RunDirectoryError, match=r"planned on another demand\.path"):
            evaluate_layout(run.folder, path, learn_queues=True, out=tmp_path / "learned")
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
    assert "of which one per visited site" in said
    assert "Sites: given by you" in said
    assert "Sites where trucks wait most (trucks know it)" in said
    assert "sites-de.csv for German Excel" in said
    assert all(len(line) <= 80 or "sites.xlsx" in line for line in said.splitlines())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--points", "4"], "--points: say of which site"),
        (["--site", "west-north-2"], "say what it gets: --points 4, --grid-mw 5, or both"),
        (["--site", "west-nord-2", "--points", "4"], "found none (did you mean 'west-north-2'?)"),
    ],
)
def test_a_question_of_a_site_that_is_not_one_ends_with_a_message(
    run, tmp_path, monkeypatch, capfd, given, said
):
    out = ["--out", str(tmp_path / "out")]
    monkeypatch.setattr(sys, "argv", ["planner", "evaluate", str(run.folder), *given, *out])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert said in " ".join(capfd.readouterr().err.split())
    assert not (tmp_path / "out").exists()
