"""Quantities: one heading, one meaning in a language, one form for each name."""

import re

import pytest

from planner.plan.run_columns import ENERGY, FROM_SUMMARY, OF_THE_RUN, REPLANNED
from planner.reporting.gis.map_fields import map_quantities
from planner.reporting.spreadsheet_columns import FRONT_COLUMNS, LEVEL_COLUMNS, SITE_COLUMNS
from planner.runs.sources import PACKAGE
from planner.tables.forms import TEXTS, sheet_format, written
from planner.tables.language import ENGLISH, LANGUAGES, catalogue
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity
from tests.languages import GERMAN
from tests.unit.tables.all_quantities import ALL, NATIONAL

WAIT = Quantity("wait_min", "float64", "min", "minutes", "Wait", "Waiting.")
USE = Quantity("tcu", "float64", "share", "percent", "Utilisation in time, TCU", "In use.")


@pytest.mark.parametrize("code", [each.code for each in LANGUAGES if each != ENGLISH])
def test_every_heading_is_translated(code):
    assert {each.title for each in ALL if each.title not in catalogue(code)} == set()


@pytest.mark.parametrize("code", [each.code for each in LANGUAGES if each != ENGLISH])
def test_every_meaning_that_sheets_and_maps_show_is_translated(code):
    shown = (*FRONT_COLUMNS, *LEVEL_COLUMNS, *SITE_COLUMNS, *map_quantities("sites").values())
    said = {each.meaning for each in shown if each.meaning}
    assert said - set(catalogue(code)) == set()


def test_a_column_is_called_and_written_the_same_in_all_tables_of_a_plan():
    columns = [column for table in NATIONAL for column in table.columns]
    columns += [*FROM_SUMMARY, *REPLANNED, *OF_THE_RUN, ENERGY]
    columns += [*FRONT_COLUMNS, *LEVEL_COLUMNS, *SITE_COLUMNS]
    described: dict[str, set[tuple[str, str, str]]] = {}
    for column in columns:
        described.setdefault(column.name, set()).add((column.unit, column.form, column.title))
    # A number of a stop, a stage of the market and an hour of the day have the same names.
    assert {name: each for name, each in described.items() if len(each) > 1} == {}


def test_texts_and_figures_have_forms_that_fit_them():
    for column in ALL:
        assert (column.form in TEXTS) == (column.dtype in {"string", "bool"}), column


def test_headings_say_the_unit_where_cells_are_bare_numbers():
    assert WAIT.heading(ENGLISH) == "Wait (min)"
    assert WAIT.heading(GERMAN) == "Wartezeit (min)"
    assert WAIT.heading(ENGLISH, with_unit=False) == "Wait"
    assert USE.heading(ENGLISH) == "Utilisation in time, TCU (%)"
    assert USE.heading(GERMAN, with_unit=False) == "Zeitliche Auslastung, TCU"


@pytest.mark.parametrize(
    ("value", "form", "english", "german"),
    [
        (3.44, "minutes", "3.4 min", "3,4 min"),
        (0.374, "percent", "37 %", "37 %"),
        (640.0, "power", "640 kW", "640 kW"),
        (1234.0, "power", "1.2 MW", "1,2 MW"),
        (3.44, "energy", "3.4 MWh", "3,4 MWh"),
        (1234.0, "count", "1,234", "1.234"),
        (0.1234, "three", "0.123", "0,123"),
        (0.25, "figure", "0.25", "0,25"),
        (True, "yes_no", "yes", "ja"),
        ("=A1", "text", "=A1", "=A1"),
        (float("nan"), "power", "\N{EN DASH}", "\N{EN DASH}"),
        (float("nan"), "energy", "\N{EN DASH}", "\N{EN DASH}"),
    ],
)
def test_figures_are_written_by_their_form(value, form, english, german):
    assert written(value, form, ENGLISH) == english
    assert written(value, form, GERMAN) == german


def test_sheets_know_a_number_format_of_every_form():
    assert {sheet_format(each.form) for each in ALL if each.form in TEXTS} == {"@"}
    assert "@" not in {sheet_format(each.form) for each in ALL if each.form not in TEXTS}


def test_the_name_of_the_mean_wait_is_quoted_where_it_is_described_and_where_no_quantity_reaches():
    quoted = re.compile(rf"[\"']\w*{MEAN_WAIT.name}\w*[\"']")
    files = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".js"} and quoted.search(path.read_text(encoding="utf-8"))
    }
    assert files == {
        "tables/layout_quantities.py",
        "scenario/optimization.py",  # what studies write; below it nobody knows result tables
        "simulation/replanning.py",  # likewise the simulation
        "reporting/page/plan_charts.js",
        "reporting/page/page.js",
    }
