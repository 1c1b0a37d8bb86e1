"""The workbook of a run, opened as a spreadsheet program opens it."""

import math
import warnings
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring

from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.plan.plan_tables import write_tables
from planner.plan.point_floor import with_floor
from planner.reporting.manifest import plan_manifest
from planner.reporting.spreadsheet import write_spreadsheet
from planner.reporting.spreadsheet_columns import FRONT_COLUMNS, GROUP_COLUMNS, SITE_COLUMNS
from planner.reporting.workbook import new_book
from planner.runs.manifests import write_manifest
from planner.tables.forms import TEXTS
from planner.tables.language import ENGLISH
from planner.tables.table import Quantity
from tests.languages import GERMAN


@pytest.fixture
def run(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    return read_finished_run(tmp_path)


def opened(run, language=ENGLISH):
    path = run.folder / "plan.xlsx"
    write_spreadsheet(run, path, language)
    return openpyxl.load_workbook(path)


def cells(sheet):
    header, *rows = sheet.iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=header)


def test_every_sheet_is_there_with_frozen_header_and_filter(run):
    book = opened(run)

    assert book.sheetnames == [
        "Summary",
        "Front",
        "Sites",
        "Hours of sites",
        "Groups",
        "Levels",
        "Definitions",
        "Assumptions",
        "Provenance",
    ]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes.endswith("2")
        assert sheet.auto_filter.ref.startswith("A1:")
    assert book.active.title == "Summary"


@pytest.mark.parametrize("language", [ENGLISH, GERMAN])
def test_texts_of_the_summary_have_room_in_its_merged_cells_and_first_column(run, language):
    sheet = opened(run, language).worksheets[0]
    widths = {name: each.width for name, each in sheet.column_dimensions.items()}
    whole = widths["A"] + (sheet.max_column - 1) * widths["B"]
    merged = [sheet.cell(each.min_row, each.min_col) for each in sheet.merged_cells.ranges]

    assert max(len(cell.value) for cell in merged) > whole
    for cell in merged:
        assert (sheet.row_dimensions[cell.row].height or 15.0) / 15.0 >= len(cell.value) / whole
    for row in range(5, sheet.max_row + 1):
        name, figure = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        assert figure is None or len(name) <= widths["A"]


def test_figures_are_numbers_with_formats_and_units_in_the_headings(run, plan):
    book = opened(run)
    front, sites = cells(book["Front"]), cells(book["Sites"])

    for column in FRONT_COLUMNS[2:]:
        expected = with_floor(plan.front, plan.summary)[column.name].astype(float)
        pd.testing.assert_series_equal(
            front[column.heading(ENGLISH)].astype(float), expected, check_names=False, rtol=1e-14
        )
    for column in SITE_COLUMNS:
        if column.form not in TEXTS:
            found = pd.to_numeric(sites[column.heading(ENGLISH)]).astype(float)
            expected = plan.site_figures[column.name].astype(float)
            pd.testing.assert_series_equal(found, expected, check_names=False, rtol=1e-14)
    assert {"Mean wait (min)", "Energy at high power (MWh)"} <= set(front)
    formats = {
        cell.value: book["Front"].cell(2, cell.column).number_format for cell in book["Front"][1]
    }
    assert formats["High-power points"] == "#,##0"
    assert formats["Mean wait (min)"] == "#,##0.0"
    assert formats["Utilisation in time, TCU (%)"] == "0.0 %"


def test_sites_show_the_default_plan_and_hide_the_others(run, plan):
    sheet = opened(run)["Sites"]
    shown = [
        sheet.cell(row, 1).value
        for row in range(2, sheet.max_row + 1)
        if not sheet.row_dimensions[row].hidden
    ]
    assert shown == ["Balanced"] * plan.sites.n_sites
    assert sheet.max_row == 1 + len(plan.site_figures)


def test_groups_show_the_default_plan_in_words(run, plan):
    sheet = opened(run)["Groups"]
    shown = [
        [cell.value for cell in row[:4]]
        for row in sheet.iter_rows(min_row=2)
        if not sheet.row_dimensions[row[0].row].hidden
    ]
    n_sites = plan.sites.n_sites
    assert shown == [
        ["Balanced", "All", "all", n_sites],
        ["Balanced", "Region", "Nordland", n_sites // 2],
        ["Balanced", "Region", "unknown", n_sites - n_sites // 2],
        ["Balanced", "Vehicle class", "long-haul-600", None],
    ]
    figures = cells(sheet)
    for column in GROUP_COLUMNS[3:]:
        found = pd.to_numeric(figures[column.heading(ENGLISH)]).astype(float)
        expected = plan.groups[column.name].astype(float)
        pd.testing.assert_series_equal(found, expected, check_names=False, rtol=1e-14)
    german = opened(run, GERMAN)["Gruppen"]
    assert [cell.value for cell in german[4]][1:3] == ["Region", "unbekannt"]


def test_hours_of_the_sites_are_those_of_the_default_plan_by_name(run, plan):
    shown = cells(opened(run)["Hours of sites"])
    table = plan.site_hours[plan.site_hours["solution_name"] == "balanced"]
    assert len(shown) == 24 * plan.sites.n_sites
    assert list(shown["Name"]) == list(np.repeat(plan.sites.name, 24))
    for heading, name in (("Mean power (kW)", "power_kw"), ("Mean wait (min)", "mean_wait_min")):
        found = pd.to_numeric(shown[heading]).to_numpy(float)
        np.testing.assert_allclose(found, table[name].to_numpy(float), rtol=1e-14)
    in_csv = pd.read_csv(run.folder / "site_hours.csv")
    assert len(in_csv) == len(plan.named_solutions) * 24 * plan.sites.n_sites
    np.testing.assert_allclose(in_csv["power_kw"], plan.site_hours["power_kw"], rtol=1e-9)


def test_a_run_of_an_earlier_version_lacks_the_sheets_of_newer_tables(run):
    (run.folder / "groups.parquet").unlink()
    (run.folder / "site_hours.parquet").unlink()
    assert {"Groups", "Hours of sites"}.isdisjoint(opened(run).sheetnames)


def test_the_summary_has_question_answer_named_plans_and_a_chart_of_excel(run, plan):
    book = opened(run)
    sheet = book["Summary"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]

    assert sheet["A1"].value.startswith("How many charging points")
    assert run.answer(ENGLISH) in texts
    for row, named in enumerate(plan.named_solutions, start=5):
        assert sheet.cell(row, 1).value == named.title
        assert sheet.cell(row, 2).value == plan.front["n_hpc"][named.solution]
        assert sheet.cell(row, 3).value == plan.summary["n_visited_sites"]
    assert sheet.cell(4, 3).value == "of which one per visited site"
    with zipfile.ZipFile(run.folder / "plan.xlsx") as package:
        chart = fromstring(package.read("xl/charts/chart1.xml"))
    references = [
        element.text
        for element in chart.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}f")
    ]
    use = 1 + [column.name for column in FRONT_COLUMNS].index("tcu")
    letter = openpyxl.utils.get_column_letter(use)
    assert f"Front!${letter}$2:${letter}${1 + len(plan.front)}" in references
    assert "Summary!$E$5:$E$9" in references


def test_every_column_is_defined(run):
    defined = cells(opened(run)["Definitions"])
    for name, columns in (
        ("Front", FRONT_COLUMNS),
        ("Sites", SITE_COLUMNS),
        ("Groups", GROUP_COLUMNS),
    ):
        of_sheet = defined[defined["Sheet"] == name]
        assert list(of_sheet["Column or term"]) == [column.heading(ENGLISH) for column in columns]
        assert of_sheet["Meaning"].str.len().min() > 10


def test_assumptions_and_settings_stand_with_their_sources(run, plan):
    book = opened(run)
    assumed = cells(book["Assumptions"])
    assert list(assumed["Assumption"]) == [each.what for each in plan.assumptions]
    origin = dict(cells(book["Provenance"]).itertuples(index=False))
    assert origin["demand.electrification_share"] == "0.1"
    assert origin["SHA-256 of network"] == "ab" * 32


def test_same_run_same_bytes(run):
    one, two = run.folder / "one.xlsx", run.folder / "two.xlsx"
    write_spreadsheet(run, one, ENGLISH)
    write_spreadsheet(run, two, ENGLISH)
    assert one.read_bytes() == two.read_bytes()


def test_all_texts_are_there_in_german(run):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = opened(run, GERMAN)
    assert book.sheetnames[0] == "Übersicht"
    assert book["Übersicht"]["A1"].value.startswith("Wie viele")
    assert "Mittlere Wartezeit (min)" in [cell.value for cell in book["Front"][1]]
    headings = {cell.value for sheet in book.worksheets[1:] for cell in sheet[1]}
    assert not headings & {
        column.heading(ENGLISH)
        for column in SITE_COLUMNS
        if column.heading(ENGLISH) != column.heading(GERMAN)
    }


def test_texts_that_look_like_formulas_stay_texts_and_unknown_figures_empty(tmp_path):
    texts = ["=1+1", "+49 30", "-A1", "@SUM(A1)", "https://example.org", "plain"]
    table = pd.DataFrame({"text": texts, "value": [1.0, math.nan, math.inf, -1.5, 0.0, 2.0]})
    columns = (
        Quantity("text", "string", "", "text", "Text", ""),
        Quantity("value", "float64", "min", "minutes", "Value", ""),
    )
    path = tmp_path / "book.xlsx"
    with new_book(path, ENGLISH, "test") as book:
        book.table_sheet("Sheet", table, columns)
    sheet = openpyxl.load_workbook(path)["Sheet"]

    for row, text in enumerate(texts, start=2):
        cell = sheet.cell(row, 1)
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))
        assert cell.hyperlink is None
    assert [sheet.cell(row, 2).value for row in range(2, 8)] == [1.0, None, None, -1.5, 0.0, 2.0]
    with zipfile.ZipFile(path) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_text_that_stands_in_many_rows_is_written_in_each_as_what_it_is(tmp_path):
    values = ["a", "a", "=a", 1, True, 1.0, "1", float("nan"), float("nan"), None, "=a", "a"]
    table = pd.DataFrame({"text": pd.Series(values, dtype=object)})
    path = tmp_path / "book.xlsx"
    with new_book(path, ENGLISH, "test") as book:
        book.table_sheet("Sheet", table, (Quantity("text", "string", "", "text", "Text", ""),))
    cells = [row[0] for row in openpyxl.load_workbook(path)["Sheet"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [str(value) for value in values]
    assert [cell.quotePrefix for cell in cells] == [value == "=a" for value in values]


def test_a_place_that_cannot_be_written_is_named(run, tmp_path):
    with pytest.raises(RunDirectoryError, match="nowhere"):
        write_spreadsheet(run, tmp_path / "nowhere" / "plan.xlsx", ENGLISH)
    assert not list(tmp_path.glob(".*"))
