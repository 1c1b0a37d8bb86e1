"""Layouts of one's own, read from the tables that people keep them in."""

from __future__ import annotations

from zipfile import ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.files.spreadsheet_texts import write_csv_file
from planner.layouts.layout_reading import read_layout
from planner.scenario.charger_classes import PointClass, TwoClasses

NAMES = ['=HYPERLINK("http://x","y")', "+1", "-site", "'-site", "@here", "plain", "-7"]
SITES = np.array(["A", "B", "C"], dtype=object)
PLANS = {"Logistics": (3, 3, 3), "Balanced": (1, 2, 3), "Operator": (1, 1, 1)}


def points_of(path, **chosen):
    return read_layout(path, SITES, np.ones(3, dtype=np.int64), **chosen)


@pytest.fixture
def plan_book(tmp_path):
    """A workbook like plan.xlsx: a summary, then a sheet of sites with several plans."""

    def write(shown="Balanced", hidden_sites=(), titles=None, sheet="Sites", extra=()):
        book = openpyxl.Workbook()
        book.active.title = "Summary"
        book.active.append(["What this is"])
        rows = book.create_sheet(sheet)
        rows.append(["Plan", "Site", "High-power points (HPC)"])
        for plan, counts in PLANS.items():
            for site, n_hpc in zip(SITES, counts, strict=True):
                rows.append([(titles or {}).get(plan, plan), site, n_hpc])
                hide = shown not in {plan, "all"} or (site in hidden_sites and plan == shown)
                rows.row_dimensions[rows.max_row].hidden = hide
        for row in extra:
            rows.append(row)
        book.save(tmp_path / "plan.xlsx")
        return tmp_path / "plan.xlsx"

    return write


@pytest.mark.parametrize("marked", [True, False], ids=["a file of the planner", "a user's own"])
def test_sites_that_look_like_formulas_are_found_again(tmp_path, marked):
    table = pd.DataFrame({"site_id": NAMES, "n_hpc": range(1, 8)})
    path = tmp_path / "sites.csv"
    if marked:
        write_csv_file(table, path)
    else:
        table.drop(index=3).to_csv(path, index=False)
    read = read_layout(path, np.asarray(NAMES, dtype=object), np.ones(7, dtype=np.int64))
    assert read.layout.n_hpc.tolist() == (
        [1, 2, 3, 4, 5, 6, 7] if marked else [1, 2, 3, 0, 5, 6, 7]
    )


@pytest.mark.parametrize("shown", PLANS)
def test_the_visible_rows_of_a_workbook_of_plans_choose_the_plan(plan_book, shown):
    read = points_of(plan_book(shown))
    assert tuple(read.layout.n_hpc) == PLANS[shown]
    assert read.plan == {"Operator": "cpo"}.get(shown, shown.lower())
    assert read.notes == (
        f"Read the rows of the plan {shown!r}; hidden rows of other plans not read: 6.",
    )


@pytest.mark.parametrize("shown", ["all", "Logistics"])
def test_a_solution_chooses_among_the_plans_whatever_rows_are_visible(plan_book, shown):
    read = points_of(plan_book(shown), solution="cpo")
    assert tuple(read.layout.n_hpc) == PLANS["Operator"]
    assert "Read the rows of the plan 'Operator'" in read.notes[0]
    assert ("though its sheet hides them" in read.notes[0]) == (shown == "Logistics")


def test_hidden_rows_of_the_plan_are_not_read_and_that_is_said(plan_book):
    for solution in (None, "balanced"):
        read = points_of(plan_book("Balanced", hidden_sites="B"), solution=solution)
        assert read.layout.n_hpc.tolist() == [1, 0, 3]
        assert read.notes[1].startswith("1 hidden row is not read: a site without a visible row")


def test_plans_are_known_by_their_german_names_and_sheet(plan_book):
    german = {"Logistics": "Logistik", "Balanced": "Ausgewogen", "Operator": "Betreiber"}
    read = points_of(plan_book("Balanced", titles=german, sheet="Standorte"))
    assert (read.plan, tuple(read.layout.n_hpc)) == ("balanced", PLANS["Balanced"])


def test_plans_under_names_of_ones_own_can_be_filtered_too(plan_book):
    path = plan_book("Balanced", titles={"Balanced": "My plan"})
    assert points_of(path).plan == "My plan"
    assert points_of(path, solution="My plan").layout.n_hpc.tolist() == [1, 2, 3]


def test_a_row_without_a_plan_goes_with_the_one_that_is_read(tmp_path):
    table = pd.DataFrame(
        {"plan": ["balanced", "balanced", None], "site_id": SITES, "n_hpc": [1, 2, 9]}
    )
    table.to_csv(tmp_path / "own.csv", index=False)
    assert points_of(tmp_path / "own.csv").layout.n_hpc.tolist() == [1, 2, 9]


@pytest.mark.parametrize(
    ("solution", "said"),
    [
        (None, "the visible rows are of 3 plans (logistics, balanced, cpo), and a layout is one"),
        (None, "--solution logistics."),
        ("balansed", "found those of logistics, balanced, cpo (did you mean 'balanced'?)."),
    ],
)
def test_several_plans_without_a_choice_are_refused_with_what_to_do(plan_book, solution, said):
    with pytest.raises(InputDataError, match=r"plan\.xlsx: ") as raised:
        points_of(plan_book("all"), solution=solution)
    assert said in str(raised.value)


def test_a_sheet_whose_rows_are_all_hidden_is_refused(plan_book):
    with pytest.raises(InputDataError, match="all rows are hidden; show those of the layout"):
        points_of(plan_book("nothing"))


def test_a_table_for_german_spreadsheets_is_read_back(tmp_path):
    table = pd.DataFrame(
        {
            "site_id": SITES,
            "name": ["Süd", "=1", "a;b"],
            "lon": [7.5, 8.0, 9.25],
            "n_hpc": [4, 0, 2],
        }
    )
    path = tmp_path / "sites-de.csv"
    write_csv_file(table, path, decimal_comma=True)
    assert path.read_bytes().decode("utf-8") == (
        "\N{ZERO WIDTH NO-BREAK SPACE}site_id;name;lon;n_hpc\n"
        'A;Süd;7,5;4\nB;\'=1;8,0;0\nC;"a;b";9,25;2\n'
    )
    assert points_of(path).layout.n_hpc.tolist() == [4, 0, 2]


@pytest.mark.parametrize("written", [b'hidden="1"', b'hidden="true"', b"hidden = '1'"])
def test_rows_are_hidden_as_every_spreadsheet_program_writes_it(plan_book, tmp_path, written):
    path = tmp_path / "other.xlsx"
    with ZipFile(plan_book("Balanced")) as given, ZipFile(path, "w") as new:
        for name in given.namelist():
            content = given.read(name)
            if name == "xl/worksheets/sheet2.xml":
                assert content.count(b'hidden="1"') == 6
                content = content.replace(b'hidden="1"', written)
            new.writestr(name, content)
    assert tuple(points_of(path).layout.n_hpc) == PLANS["Balanced"]


def test_rows_that_are_said_not_to_be_hidden_are_read(plan_book, tmp_path):
    path = tmp_path / "other.xlsx"
    with ZipFile(plan_book("Balanced")) as given, ZipFile(path, "w") as new:
        for name in given.namelist():
            content = given.read(name)
            new.writestr(name, content.replace(b'hidden="1"', b'hidden="false"'))
    with pytest.raises(InputDataError, match="the visible rows are of 3 plans"):
        points_of(path)


@pytest.mark.parametrize(("columns", "n_lpc"), [("n_hpc", [1, 4]), ("n_hpc,n_lpc", [2, 3])])
def test_a_site_that_has_overnight_points_alone_in_the_run_may_have_them(tmp_path, columns, n_lpc):
    own = ",2", ",3"
    path = tmp_path / "sites.csv"
    rows = [f"A,5{own[0] if 'lpc' in columns else ''}", f"B,0{own[1] if 'lpc' in columns else ''}"]
    path.write_text("\n".join([f"site_id,{columns}", *rows]), encoding="utf-8")
    alone = np.array([False, True, False])
    read = read_layout(path, SITES, np.array([1, 4, 1]), lpc_alone=alone)
    assert read.layout.n_hpc.tolist() == [5, 0, 0]
    assert read.layout.n_lpc.tolist() == [*n_lpc, 0]
    if "lpc" in columns:
        with pytest.raises(InputDataError, match="high-power point beside them"):
            read_layout(path, SITES, np.array([1, 4, 1]))


CLASSES = TwoClasses(
    "mcs",
    PointClass(power_kw=1000, connector="mcs"),
    "hpc",
    PointClass(power_kw=350, connector="ccs"),
)
TOLD = {
    "of all": {"n_hpc": [5, 4, 3], "n_slow": [2, 0, 3]},
    "one and all": {"n_hpc": [5, 4, 3], "n_fast": [3, 4, 0]},
    "both": {"n_fast": [3, 4, 0], "n_slow": [2, 0, 3]},
    "all three": {"n_hpc": [5, 4, 3], "n_fast": [3, 4, 0], "n_slow": [2, "", 3]},
    "by name": {"n_mcs": [3, 4, 0], "Slower points": [2, 0, 3]},
    "not told by a class that is named like all": {"n_hpc": [5, 4, 3]},
}


@pytest.mark.parametrize("columns", TOLD.values(), ids=TOLD)
def test_points_of_two_classes_are_told_in_any_two_columns(tmp_path, columns):
    path = tmp_path / "own.csv"
    pd.DataFrame({"site_id": SITES, **columns}).to_csv(path, index=False)
    read = points_of(path, classes=CLASSES)
    layout = read.by_class(np.zeros(3, np.int32))
    assert layout.n_hpc.tolist() == [5, 4, 3]
    assert layout.n_slow.tolist() == ([0, 0, 0] if read.n_slow is None else [2, 0, 3])
    assert (read.n_slow is None) == (len(columns) == 1)


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ({"n_hpc": [5, 4, 3], "n_slow": [6, 0, 0]}, "n_slow is of n_hpc"),
        ({"n_hpc": [5, 4, 3], "n_fast": [6, 0, 0]}, "n_fast is of n_hpc"),
        ({"n_hpc": [5, 4, 3], "n_fast": [5, 4, 3], "n_slow": [1, 0, 0]}, "make up n_hpc"),
        ({"n_fast": [9_000, 4, 3], "n_slow": [2_000, 0, 0]}, "at most 10,000"),
        ({"n_fast": [5, 4, 3]}, "n_hpc"),
    ],
)
def test_points_of_two_classes_that_do_not_add_up_are_told(tmp_path, columns, fault):
    path = tmp_path / "own.csv"
    pd.DataFrame({"site_id": SITES, **columns}).to_csv(path, index=False)
    with pytest.raises(InputDataError, match=fault):
        points_of(path, classes=CLASSES)


def test_slower_points_are_read_also_where_no_classes_are_known(tmp_path):
    path = tmp_path / "own.csv"
    pd.DataFrame({"site_id": SITES, "n_hpc": 5, "n_slow": 0}).to_csv(path, index=False)
    assert points_of(path).layout.n_hpc.tolist() == [5, 5, 5]
    assert not points_of(path).has_slower
    pd.DataFrame({"site_id": SITES, "n_hpc": 5, "n_slow": 2}).to_csv(path, index=False)
    assert points_of(path).has_slower
    assert points_of(path).by_class(np.zeros(3, np.int32)).n_slow.tolist() == [2, 2, 2]
