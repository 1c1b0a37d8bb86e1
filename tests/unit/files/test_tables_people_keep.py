"""Tables as people keep them read alike whatever program wrote them, or are refused by name."""

from __future__ import annotations

import datetime as dt
import resource
import time
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from planner.errors import InputDataError
from planner.files.reading_notes import note_lines, reading_notes
from planner.files.table_columns import counts, named_columns, numbers
from planner.files.table_files import read_table
from planner.files.table_keys import TableKeys

PLACES = "id;Ort;lon\n1;Köln;6,95\n2;Düren;6,5\n"


def columns(*names):
    return {name: (name,) for name in names}


@pytest.fixture
def book(tmp_path):
    def write_book(*rows, merge=(), sheets=(), name="t.xlsx"):
        workbook = Workbook()
        for title in sheets:
            workbook.create_sheet(title).append(["something", "else"])
        sheet = workbook.active
        for row in rows:
            sheet.append(row)
        for area in merge:
            sheet.merge_cells(area)
        path = tmp_path / name
        workbook.save(path)
        return path

    return write_book


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252, not UTF-8 ('Köln' in row 2)"),
    ],
)
def test_every_usual_encoding_reads_alike_and_the_others_are_said(write, encoding, said):
    with reading_notes() as notes:
        table = read_table(write("t.csv", PLACES.encode(encoding)))
        assert table["Ort"].tolist() == ["Köln", "Düren"]
        np.testing.assert_array_equal(numbers(table, "lon", "t.csv", "°"), [6.95, 6.5])
    assert said in note_lines(notes)[0]
    assert "decimal commas in lon" in note_lines(notes)[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a;b\nK\x94ln;1\n".encode("latin-1"), "nor does it look like Windows-1252"),
        ("a;b\nKöln;1\n".encode() + "Düren;2\n".encode("cp1252"), "row 3 .* nor does it look"),
        (b"a,b\n1,\x002\n", "a null byte in row 2"),
        (b"\xff\xfea\x00,", "byte 2 that is not"),
        (b"PK\x03\x04and more", "must be called .xlsx"),
        (b"\xd0\xcf\x11\xe0and more", "protected workbook"),
    ],
)
def test_what_is_no_text_is_refused(write, content, said):
    with pytest.raises(InputDataError, match=said):
        read_table(write("t.csv", content))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found_and_a_line_that_names_one_is_followed(write, separator):
    text = 'id,name\n1,"x,\ny"\n2,z\n'.replace("id,", f"id{separator}")
    text = text.replace("1,", f"1{separator}").replace("2,", f"2{separator}")
    for first in ("", f"sep={separator}\n"):
        table = read_table(write("t.csv", first + text))
        assert table["id"].tolist() == ["1", "2"]
        assert table["name"].tolist() == ["x,\ny", "z"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("load\n23.185\n21.349\n", [23.185, 21.349]),
        ("load\n23,185\n21,349\n", [23.185, 21.349]),
        ("load\n24\n", [24.0]),
    ],
)
def test_a_file_of_one_column_is_read(write, text, values):
    table = read_table(write("t.csv", text))
    np.testing.assert_array_equal(numbers(table, "load", "t.csv", "kW"), values)


def test_titles_empty_lines_and_separators_at_ends_are_passed_over_and_said(write):
    text = (
        "Register (Auszug);;;\nStand: 01.01.2026;;;\n;;;\nid;lon;lat;\n1;9,5;50,1;\n\n2;9,6;50,2;\n"
    )
    with reading_notes() as notes:
        table = read_table(write("t.csv", text))
    assert table.columns.tolist() == ["id", "lon", "lat"]
    assert table.index.tolist() == [5, 7]
    assert "rows 1, 2 above the header passed over" in note_lines(notes)[0]


def test_the_header_row_can_be_named(write, book):
    rows = [["Table 3", "of 7", "pages"], ["id", "lon", "lat"], ["1", "9.5", "50.1"]]
    text = "\n".join(",".join(row) for row in rows) + "\n"
    for path in (write("t.csv", text), book(*rows)):
        table = read_table(path, TableKeys("sites", header_row=2))
        assert table["lon"].tolist() == ["9.5"]
        with pytest.raises(InputDataError, match=r"missing column lat.*sites\.header_row"):
            named_columns(
                read_table(path, TableKeys("sites")), columns("lat"), "t", required=("lat",)
            )
        with pytest.raises(InputDataError, match=r"header in row 9 \(sites\.header_row\)"):
            read_table(path, TableKeys("sites", header_row=9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a;b\n400.000;1\n950;1\n", "'400.000' .* row 2.*'950' stands in the same column"),
        ("a;b\n1.000;1\n2.000;1\n", "'1.000' .* rows 2, 3.*no other number of the file"),
        ("a;b\n1.000;2,5\n", r"'1.000' .*b \('2,5'\) has decimal commas"),
        ("a;b\n1,500;2.5\n", r"'1,500' .*b \('2.5'\) has decimal points"),
        ("a;b\n1,500;x\n950;x\n", "'1,500' .*'950' stands in the same column"),
        ("a;b\n1,5;x\n1.5;x\n", "'1,5' .*stand in the same column"),
        ("a\tb\n400.000\t1\n950\t1\n", "'400.000' .* row 2"),
        ("a\n400.000\n950\n", "'400.000' .* row 2"),
    ],
)
def test_points_and_commas_that_can_mean_two_things_are_refused(write, text, said):
    table = read_table(write("t.csv", text))
    renamed = named_columns(table, {"load": ("a",)}, "t.csv")
    with pytest.raises(InputDataError, match=f"load has {said}"):
        numbers(renamed, "load", "t.csv", "kg")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a;b\n1.234.567;1\n400.000;1\n", [1234567.0, 400000.0]),
        ("a;b\n1.500,5;1\n2.000;1\n", [1500.5, 2000.0]),
        ("a;b\n52.512;1\n9.5;1\n", [52.512, 9.5]),
        ("a;b\n52.512;0.25\n9.125;0.5\n", [52.512, 9.125]),
        ("a;b\n23,185;1\n21,349;1\n", [23.185, 21.349]),
        ("a,b\n12.345,1\n7,1\n", [12.345, 7.0]),
        ("a;b\n-1,5e3;1\n+2;1\n", [-1500.0, 2.0]),
    ],
)
def test_points_and_commas_are_read_as_the_file_shows(write, text, values):
    table = read_table(write("t.csv", text))
    np.testing.assert_array_equal(numbers(table, "a", "t.csv", "kg"), values)


def test_text_stays_as_it_is_written(write, book, tmp_path):
    names = ["NA", "007", "1e5", "null", "1,5", "nan", "True"]
    csv = read_table(write("t.csv", "id;x\n" + "".join(f"{name};1\n" for name in names)))
    xlsx = read_table(book(["id", "x"], *([name, 1] for name in names)))
    pq.write_table(pa.table({"id": names, "x": [1] * len(names)}), tmp_path / "t.parquet")
    parquet = read_table(tmp_path / "t.parquet")
    assert csv["id"].tolist() == xlsx["id"].tolist() == parquet["id"].tolist() == names


def test_parquet_reads_as_the_same_table_in_csv_would(tmp_path):
    table = pa.table(
        {
            " id ": pa.array([46.0, None, 2.5]),
            "whole": pa.array([1, 2, None], pa.int64()),
            "kind": pa.array(["a", "", "b"]).dictionary_encode(),
            "yes": pa.array([True, False, None]),
            "at": pa.array([dt.time(8, 30), None, dt.time(23, 5, 1)], pa.time64("us")),
            "day": pa.array([dt.datetime(2026, 5, 4, 8), None, None], pa.timestamp("ns")),  # noqa: DTZ001
            "utc": pa.array([dt.datetime(2026, 5, 4, 8), None, None], pa.timestamp("s", "UTC")),  # noqa: DTZ001
            "for": pa.array([dt.timedelta(hours=30.5), None, None], pa.duration("ns")),
            "shape": pa.array([b"x", b"y", b"z"]),
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    with reading_notes() as notes:
        read = read_table(tmp_path / "t.parquet")
    assert read["id"].tolist() == ["46", None, "2.5"]
    assert read["whole"].tolist() == ["1", "2", None]
    assert read["kind"].tolist() == ["a", None, "b"]
    assert read["yes"].tolist() == ["true", "false", None]
    assert read["at"].tolist() == ["08:30:00.000000", None, "23:05:01.000000"]
    assert read["day"].tolist() == ["2026-05-04T08:00:00", None, None]
    assert read["utc"].tolist() == ["2026-05-04T08:00:00+00:00", None, None]
    assert read["for"].tolist() == ["30:30:00.000000", None, None]
    assert "left out: shape" in note_lines(notes)[0]


@pytest.mark.parametrize(
    "cell",
    [
        "\uff11\uff12",
        "1_0",
        "0x10",
        "1e999999999",
        "9" * 10_000,
        "inf",
        "nan",
        "1 000",
        "1'000",
        "1\u00a0000",
        "1\u2019000",
        "--1",
        "1e5e5",
        "80 %",
        "08:30",
        "2026-05-04",
        "\x1b[31m5",
    ],
)
def test_what_is_no_plain_number_is_refused_shortly_and_quickly(write, cell):
    table = read_table(write("t.csv", f"a|b\n1|x\n{cell}|x\n"))
    start = time.process_time()
    with pytest.raises(InputDataError, match=r"finite number \(kW\).*row 3") as told:
        numbers(table, "a", "t.csv", "kW")
    assert time.process_time() - start < 0.5
    assert len(str(told.value)) < 500
    assert str(told.value).isprintable()


@pytest.mark.parametrize("cell", ["1.000", "12.500", "1,000", "2.5", "-1", "1e9"])
def test_counts_are_whole_and_never_written_with_a_sign_between_thousands(write, cell):
    table = read_table(write("t.csv", f'a|b\n3|x\n"{cell}"|x\n'))
    with pytest.raises(InputDataError, match=r"whole numbers.*row 3"):
        counts(table, "a", "t.csv", "points", 10_000)


def test_headers_are_found_whatever_their_letters_and_spaces(write):
    table = read_table(write("t.csv", " ID ,Open  MIN\n1,2\n"))
    found = named_columns(table, {"id": ("id",), "open": ("open min",)}, "t.csv")
    assert found.columns.tolist() == ["id", "open"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,load,load\n1,2,3\n", "found more than once: load"),
        ("id,,load\n1,2,3\n", "without a column name above them in row 2"),
        ("id,load\n1,2\n1,2,3\n4\n", "2 cells in every row .* rows 3, 4"),
        ('id,load\n"1,2\n3,4\n', "expected"),
    ],
)
def test_broken_headers_and_rows_are_named(write, text, said):
    with pytest.raises(InputDataError, match=said):
        read_table(write("t.csv", text))


def test_columns_that_differ_in_letters_alone_are_not_guessed(write):
    table = read_table(write("t.csv", "Load,load\n1,2\n"))
    with pytest.raises(InputDataError, match="Load, load differ in the size of their letters"):
        named_columns(table, columns("load"), "t.csv")
    told = read_table(write("t.csv", "Load,load\n1,2\n"), TableKeys(columns={"load": "Load"}))
    assert named_columns(told, columns("load"), "t.csv")["load"].tolist() == ["1"]


def test_columns_may_be_mapped_and_those_not_used_are_said(write):
    path = write("t.csv", "nr,weight,note\n1,2,x\n")
    keys = TableKeys("depot.stops", columns={"id": "NR", "load": "weight"})
    with reading_notes() as notes:
        found = named_columns(read_table(path, keys), columns("id", "load"), str(path))
    assert found["load"].tolist() == ["2"]
    assert "columns not used: note" in note_lines(notes)[0]
    wrong = TableKeys("depot.stops", columns={"lode": "weight"})
    with pytest.raises(InputDataError, match=r"stops\.columns: expected id, load; found lode"):
        named_columns(read_table(path, wrong), columns("id", "load"), str(path))


def test_a_workbook_with_a_sheet_before_the_data_names_its_sheets_and_the_key(book):
    path = book(["note"], ["see Data"], sheets=("Data",))
    keys = TableKeys("depot.site.building")
    with pytest.raises(InputDataError, match=r"also has Data: name .*building\.sheet"):
        named_columns(read_table(path, keys), columns("load"), str(path), required=("load",))


def test_merged_cells_below_the_header_are_refused_and_above_it_are_a_title(book):
    rows = [["Depots 2026", None], ["id", "trucks"], ["a", 3], ["b", None]]
    assert read_table(book(*rows, merge=["A1:B1"]))["id"].tolist() == ["a", "b"]
    with pytest.raises(InputDataError, match="merged cells below the header from row 3"):
        read_table(book(*rows, merge=["B3:B4"]))


def test_numbers_kept_as_text_in_a_workbook_are_not_guessed(book):
    table = read_table(book(["a", "b"], ["1.000", "2"], [1.125, 2]))
    with pytest.raises(InputDataError, match=r"'1\.000' .*it is text, not a number"):
        numbers(table, "a", "t.xlsx", "kg")


def test_a_date_cell_is_no_number(book):
    table = read_table(book(["open_min", "b"], [dt.time(7, 30), 1]))
    with pytest.raises(InputDataError, match=r"minutes.*07:30:00.*It is a date or time"):
        numbers(table, "open_min", "t.xlsx", "minutes")


def test_a_formula_whose_result_is_no_text_is_an_empty_cell(book, tmp_path):
    path = book(["id", "note"], ["a", '=IF(A2="",A2,"")'], ["b", "x"])
    saved = tmp_path / "saved.xlsx"
    with ZipFile(path) as source, ZipFile(saved, "w", ZIP_DEFLATED) as copy:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = content.replace(b'<c r="B2">', b'<c r="B2" t="str">')
            copy.writestr(info.filename, content)
    assert read_table(saved)["note"].tolist() == [None, "x"]
    with pytest.raises(InputDataError, match="formulas without a saved value in row 2"):
        read_table(path)


@pytest.mark.parametrize("row", ["2147483648", "999999999"])
def test_rows_beyond_the_last_of_excel_are_refused_at_once(book, tmp_path, row):
    path = book(["id", "lon"], ["a", 1])
    far = tmp_path / "far.xlsx"
    with ZipFile(path) as source, ZipFile(far, "w", ZIP_DEFLATED) as copy:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = content.replace(b'r="2"', f'r="{row}"'.encode())
            copy.writestr(info.filename, content)
    start = time.process_time()
    with pytest.raises(InputDataError, match="at most 1,048,576 rows"):
        read_table(far)
    assert time.process_time() - start < 2.0


def test_many_columns_are_refused_before_they_fill_the_memory(write):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    header = ",".join(f"c{number}" for number in range(200_000))
    path = write("t.csv", header + "\n" + "," * 199_999 + "\n")
    start = time.process_time()
    with pytest.raises(InputDataError, match="found 200,000 columns"):
        read_table(path)
    assert time.process_time() - start < 2.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


@pytest.mark.parametrize(
    ("name", "said"),
    [("t.xls", "Save it as .xlsx"), ("t.ods", "Save it as .xlsx"), ("t.doc", "found '.doc'")],
)
def test_other_kinds_of_files_are_told_what_to_do(write, name, said):
    with pytest.raises(InputDataError, match=said):
        read_table(write(name, "x"))


def test_a_locked_workbook_is_told_from_a_damaged_one(write):
    with pytest.raises(InputDataError, match="protected with a password"):
        read_table(write("t.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100))


def test_how_a_table_was_read_travels_with_its_columns(write):
    table = read_table(write("t.csv", "a;b\n400.000;1\n950;2\n"))
    for part in (table[["a"]], table[table["b"] == "1"], table.rename(columns={"b": "c"})):
        with pytest.raises(InputDataError, match=r"a has '400\.000'"):
            numbers(part, "a", "t.csv", "kg")
    assert isinstance(table, pd.DataFrame)
