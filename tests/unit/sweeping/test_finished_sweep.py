"""A sweep read back from its folder: on the terminal, as a figure, as a workbook."""

from __future__ import annotations

import json
import warnings

import openpyxl
import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from rich.console import Console

from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.plan.schemas import FRONT
from planner.reporting.figures.rendering import picture
from planner.sweeping.datapackage import write_sweep_datapackage
from planner.sweeping.figures import sweep_figure
from planner.sweeping.report import show_sweep
from planner.sweeping.schedule import Schedule
from planner.sweeping.spreadsheet import write_sweep_spreadsheet
from planner.sweeping.tables import (
    DIFFERENCES,
    difference_table,
    summary_schema,
    summary_table,
    sweep_schema,
    sweep_table,
)
from planner.tables.language import ENGLISH
from planner.tables.table_files import write_csv, write_parquet
from tests.data_packages import package_faults
from tests.languages import GERMAN

FIRST_RUN = {
    "name": "base",
    "headline": {},
    "summary": {},
    "named_solutions": [{"name": "balanced", "solution": 0, "title": "Balanced", "text": "."}],
    "scenario": {"network": {"source": "builtin"}},
    "assumptions": [],
    "provenance": {},
}


def sweep_front():
    empty = {"int64": 1, "float64": 0.5, "string": ""}
    return pd.DataFrame({column.name: [empty[column.dtype]] for column in FRONT.columns})


class Silent:
    def wanted(self, runs):
        pass


@pytest.fixture
def folder(sweep_of, pretended, tmp_path):
    sweep = sweep_of()
    schema = sweep_schema(sweep.variants)
    table = sweep_table(Schedule(sweep, tmp_path, Silent()).runs, schema)
    summary = summary_table(table, sweep.variants)
    write_csv(summary, summary_schema(sweep.variants), tmp_path / "sweep_summary.csv")
    write_parquet(table, schema, tmp_path / "sweep.parquet")
    manifest = {"sweep": sweep.definition.model_dump(mode="json"), "complete": True}
    (tmp_path / "sweep.json").write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def test_combinations_have_the_values_that_their_rows_have(folder):
    sweep = read_finished_run(folder)
    assert len(sweep.combinations) == 4
    for variant in sweep.combinations:
        rows = sweep.levels[sweep.levels["scenario"] == variant.label]
        for key, value in variant.axis_values.items():
            assert (rows[key] == value).all()


def printed(folder, language):
    sweep = read_finished_run(folder)
    console = Console(width=80, file=None)
    with console.capture() as capture:
        show_sweep(sweep.combinations, sweep.levels, console, language)
    return capture.get()


def test_the_terminal_shows_a_row_per_combination_in_80_columns(folder):
    text = printed(folder, ENGLISH)
    assert text.startswith("12 runs of 4 combinations.")
    for level, network in (("5 %", "policy"), ("10 %", "extended")):
        assert any(level in line and network in line for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 80
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        german = printed(folder, GERMAN)
    assert "Between 1 % and 1 % of all trips cannot be driven." in " ".join(text.split())
    assert german.startswith("12 Läufe von 4 Kombinationen.")
    assert max(map(len, german.splitlines())) <= 80


@pytest.mark.parametrize("language", [ENGLISH, GERMAN])
def test_no_figure_is_cut_in_80_columns(folder, language):
    path = folder / "sweep_summary.csv"
    summary = pd.read_csv(path)
    summary[["energy_mwh", "energy_mwh_high"]] = 43_740.0, 44_250.0
    summary[["n_hpc", "n_hpc_high"]] = 1_510, 1_577
    summary[["mean_wait_min", "mean_wait_min_high"]] = 13.6, 14.8
    summary[["tcu", "tcu_high"]] = 0.466, 0.487
    summary.to_csv(path, index=False)
    rows = printed(folder, language).splitlines()[-4:]
    figures = ["1,510 ± 67", "13.6 ± 1.2", "46.6 ± 2.1", "43.7 ± 0.5"]
    if language is GERMAN:
        figures = ["1.510 ± 67", "13,6 ± 1,2", "46,6 ± 2,1", "43,7 ± 0,5"]
    assert all(figure in row for figure in figures for row in rows)
    assert max(map(len, rows)) <= 80


def texts(figure, language):
    svg = picture(figure, figure.width_mm, language).svg
    return [each.text for each in fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_figure_has_a_panel_per_figure_with_bands_of_one_plan(folder):
    sweep = read_finished_run(folder)
    figure = sweep_figure(sweep, ENGLISH)
    spec = figure.draw(100.0).to_dict()
    assert [panel["title"][0][:3] for panel in spec["concat"]] == [f"({c})" for c in "abcdef"]
    marks = [layer["mark"]["type"] for layer in spec["concat"][1]["layer"]]
    assert marks == ["area", "line", "circle"]
    data = spec["datasets"][spec["data"]["name"]]
    balanced = sweep.levels[sweep.levels["solution_name"] == "balanced"]
    assert sorted(row["mean_wait_min"] for row in data) == sorted(balanced["mean_wait_min"])
    assert "up to 3 replications" in figure.caption
    assert {"policy", "extended", "Electrification level"} <= set(texts(figure, ENGLISH))


def test_the_figure_is_german_and_of_another_plan_where_asked(folder):
    sweep = read_finished_run(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = sweep_figure(sweep, GERMAN, "logistics")
        shown = texts(figure, GERMAN)
    assert "Elektrifizierungsgrad" in shown
    assert "Logistik" in figure.caption
    with pytest.raises(RunDirectoryError, match=r"found 'balancd'.*balanced"):
        sweep_figure(sweep, ENGLISH, "balancd")


def test_the_workbook_has_means_with_intervals_and_every_run(folder):
    sweep = read_finished_run(folder)
    write_sweep_spreadsheet(sweep, folder / "sweep.xlsx", ENGLISH)
    book = openpyxl.load_workbook(folder / "sweep.xlsx")
    assert book.sheetnames == ["Levels", "Runs", "Definitions"]
    header, *rows = book["Levels"].iter_rows(values_only=True)
    levels = pd.DataFrame(rows, columns=header)
    assert len(levels) == len(sweep.levels)
    pd.testing.assert_series_equal(
        levels["Mean wait, 95 % to (min)"], sweep.levels["mean_wait_min_high"], check_names=False
    )
    assert book["Levels"].cell(2, 1).number_format == "0.0 %"
    shown = [
        row
        for row in range(2, book["Runs"].max_row + 1)
        if not book["Runs"].row_dimensions[row].hidden
    ]
    assert len(shown) == 12
    assert book["Runs"].max_row == 1 + len(sweep.table("sweep"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_sweep_spreadsheet(sweep, folder / "german.xlsx", GERMAN)
    assert openpyxl.load_workbook(folder / "german.xlsx").sheetnames[0] == "Stufen"


def test_the_tables_of_a_sweep_are_a_valid_data_package(folder, sweep_of):
    sweep = read_finished_run(folder)
    differences = difference_table(sweep.table("sweep"), sweep_of().variants)
    write_csv(differences, DIFFERENCES, folder / "sweep_differences.csv")
    sweep.first_run.mkdir(parents=True)
    write_parquet(sweep_front(), FRONT, sweep.first_run / "front.parquet")
    (sweep.first_run / "run.json").write_text(json.dumps(FIRST_RUN), encoding="utf-8")
    path = write_sweep_datapackage(sweep)
    assert package_faults(path) == []
    package = json.loads(path.read_text(encoding="utf-8"))
    tables = {each["path"] for each in package["resources"] if "schema" in each}
    assert tables == {"sweep.parquet", "sweep_summary.csv", "sweep_differences.csv"}
    assert package["sources"][0]["licenses"][0]["name"] == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            lambda folder: (folder / "sweep.json").write_text("{}"),
            r"sweep\.json: expected the key 'sweep'",
        ),
        (lambda folder: (folder / "sweep.json").unlink(), "not a run of the planner"),
        (lambda folder: (folder / "sweep_summary.csv").unlink(), r"sweep_summary\.csv"),
        (
            lambda folder: (folder / "sweep.json").write_text(
                (folder / "sweep.json").read_text().replace("true}", "false}")
            ),
            "not complete",
        ),
    ],
)
def test_a_folder_that_is_no_complete_sweep_is_refused(folder, spoil, expected):
    spoil(folder)
    with pytest.raises(RunDirectoryError, match=expected):
        read_finished_run(folder)
