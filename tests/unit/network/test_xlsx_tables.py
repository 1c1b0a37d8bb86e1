from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
from openpyxl import Workbook

from planner.errors import InputDataError
from planner.files.csv_tables import read_text_table
from planner.files.table_keys import TableKeys
from planner.files.xlsx_tables import read_xlsx_table
from planner.network.site_tables import TableDefaults, TableLayout, read_site_table

HEADER = ["site_id", "name", "lon", "lat", "max_hpc"]


@pytest.fixture
def book(tmp_path):
    """Write rows to a workbook; a number is the count of empty rows above the next."""

    def write_book(*rows, name="sites.xlsx", title="Sites", second=None):
        workbook = Workbook()
        sheet = workbook.active
        sheet.title = title
        at = 1
        for row in rows:
            if isinstance(row, int):
                at += row
                continue
            for column, value in enumerate(row, start=1):
                sheet.cell(at, column, value)
            at += 1
        if second is not None:
            for row in [HEADER, *second]:
                if "Other" not in workbook.sheetnames:
                    workbook.create_sheet("Other")
                workbook["Other"].append(row)
        path = tmp_path / name
        workbook.save(path)
        return path

    return write_book


def test_cells_come_as_the_text_of_a_csv_file(book):
    path = book(HEADER, ["A", None, 9.25, 50, 4], [46.0, " Two ", 9.5, "50.0", True], name="a.xlsx")
    table = read_xlsx_table(path)
    assert table.columns.tolist() == HEADER
    assert table.iloc[0].tolist() == ["A", None, "9.25", "50", "4"]
    assert table.iloc[1].tolist() == ["46", "Two", "9.5", "50.0", "True"]
    assert (table.index.tolist(), table.index.name) == ([2, 3], "row")


def test_rows_are_numbered_as_excel_does_and_empty_ones_left_out(book):
    path = book(2, HEADER, 1, ["A", None, 9.25, 50], [None, "  "], ["B", None, 9.5, 50])
    table = read_xlsx_table(path)
    assert table.index.tolist() == [5, 7]
    assert table["max_hpc"].tolist() == [None, None]


def test_a_sheet_can_be_named_and_dates_are_text(book):
    path = book(HEADER, ["A"], second=[["C", date(2030, 1, 1), 9.1, 50.0, 1]])
    assert read_xlsx_table(path)["site_id"].tolist() == ["A"]
    assert read_xlsx_table(path, TableKeys(sheet="Other"))["name"].tolist() == [
        "2030-01-01T00:00:00"
    ]


def test_the_official_list_reads_the_same_from_a_workbook(book, official_sites, etisplus_folder):
    text = read_text_table(official_sites)
    numbers = {"grid_connection_kw", "lon", "lat", "site_number"}
    rows = [
        [float(row[name]) if name in numbers else row[name] for name in text.columns]
        for _, row in text.iterrows()
    ]
    path = book(text.columns.tolist(), *rows)
    from planner.network.etisplus import read_etisplus_network

    graph, _ = read_etisplus_network(etisplus_folder)
    layout = TableLayout({"id": "site_number"})
    places = [
        read_site_table(one, layout, TableDefaults(), graph) for one in (official_sites, path)
    ]
    for name in places[0].columns:
        np.testing.assert_array_equal(places[0][name], places[1][name])


GOOD = ["A", "One", 9.25, 50.0, 4]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEADER], "expected a header and at least one row, found 1"),
        ([], "expected a header and at least one row, found 0 rows of text."),
        ([[*HEADER, "lon"], GOOD], "column names must be unique, found more than once: lon"),
        ([[*HEADER[:4], None], GOOD], "without a column name above them in row 2"),
        ([HEADER, GOOD, ["B", "=A2", 9.5, 50.0, 1]], "formulas without a saved value in row 3"),
    ],
)
def test_broken_sheets_are_refused(book, rows, said):
    with pytest.raises(InputDataError, match=said) as caught:
        read_xlsx_table(book(*rows))
    assert "sites.xlsx" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["B", "", 50.0, 9.5, 1], "look swapped.*row 3"),
        (["A", "", 9.5, 50.0, 1], "ids must be unique.*rows 2, 3"),
        (["B", "", "9,5", 50.0, 1], "lon must be a finite number.*'9,5'.*row 3.*with a point"),
        (["B", "", 9.5, "#REF!", 1], "lat must be a finite number.*#REF!.*row 3"),
        (
            ["B", "", 9.5, 50.0, 1.5],
            "max_hpc must be whole numbers .* points, .*; see row 3",
        ),
        (["B", "", 9.5, None, 1], "needs lon and lat, found none; see row 3"),
    ],
)
def test_wrong_values_are_named_by_excels_row(book, west_east_graph, row, said):
    path = book(HEADER, GOOD, row)
    with pytest.raises(InputDataError, match=said):
        read_site_table(path, TableLayout(), TableDefaults(), west_east_graph)


def test_an_unknown_sheet_is_refused_with_those_there_are(book):
    path = book(HEADER, GOOD, second=[GOOD])
    with pytest.raises(InputDataError, match="expected a sheet 'sites', found Sites, Other"):
        read_xlsx_table(path, TableKeys(sheet="sites"))


def test_files_that_are_no_workbook_are_refused(book, tmp_path):
    whole = book(HEADER, GOOD).read_bytes()
    for name, content in {
        "text.xlsx": b"site_id,lon,lat\nA,9,50\n",
        "cut.xlsx": whole[: len(whole) // 2],
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputDataError, match="expected a whole zip archive"):
            read_xlsx_table(tmp_path / name)
    with ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(InputDataError, match=r"not a readable \.xlsx workbook"):
        read_xlsx_table(tmp_path / "other.xlsx")
    with pytest.raises(InputDataError, match=r"expected an Excel workbook, found no file"):
        read_xlsx_table(tmp_path / "missing.xlsx")


def repacked(path, target, change):
    """A copy of a workbook with one of its parts rewritten."""
    with ZipFile(path) as source, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for info in source.infolist():
            copy.writestr(info.filename, change(info.filename, source.read(info)))
    return target


def test_a_bomb_and_entities_are_refused(book, tmp_path):
    path = book(HEADER, GOOD)

    def blown_up(name, content):
        return content + b" " * 80_000_000 if name.endswith("sheet1.xml") else content

    with pytest.raises(InputDataError, match="unpacks to more than 200 times"):
        read_xlsx_table(repacked(path, tmp_path / "bomb.xlsx", blown_up))

    def with_entity(name, content):
        doctype = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
        return doctype + content if name.endswith("sheet1.xml") else content

    with pytest.raises(InputDataError, match=r"not a readable \.xlsx|not well-formed"):
        read_xlsx_table(repacked(path, tmp_path / "entity.xlsx", with_entity))


def test_the_extent_that_a_file_claims_is_not_believed(book, tmp_path):
    path = book(HEADER, GOOD)
    lying = repacked(
        path,
        tmp_path / "lying.xlsx",
        lambda name, content: content.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"'),
    )
    assert read_xlsx_table(lying)["site_id"].tolist() == ["A"]
