from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.files import csv_tables
from planner.files.bounds import CSV
from planner.files.csv_tables import read_text_table
from planner.files.row_names import row_list
from planner.files.table_columns import numbers, require_columns


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_are_stripped_text_and_rows_keep_their_line_numbers(write, delimiter):
    text = "a,b\n 1 ,x\n\n,NA\n".replace(",", delimiter)
    table = read_text_table(write("t.csv", text))
    assert table.index.tolist() == [2, 4]
    assert table["a"].tolist() == ["1", None]
    assert table["b"].tolist() == ["x", "NA"]


def test_a_byte_order_mark_does_not_become_part_of_the_first_column(write):
    assert read_text_table(write("t.csv", b"\xef\xbb\xbfid\n1\n")).columns.tolist() == ["id"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "found 0 rows"),
        (b"a,b\n", "found 1 row of text"),
        (b"a,b\n1,2,3\n", "2 cells in every row .* row 2"),
        (b"a,a\n1,2\n", "unique, found more than once: a"),
        (b"a,b\n\xff\xfe,2\n", "UTF-8"),
    ],
)
def test_broken_files_are_named_with_their_fault(write, content, said):
    with pytest.raises(InputDataError, match=rf"t\.csv.*{said}"):
        read_text_table(write("t.csv", content))


def test_a_missing_file_and_a_huge_one_are_refused(write, tmp_path, monkeypatch):
    with pytest.raises(InputDataError, match="expected a CSV table, found no file"):
        read_text_table(tmp_path / "none.csv")
    monkeypatch.setattr(csv_tables, "CSV", replace(CSV, max_bytes=3))
    with pytest.raises(InputDataError, match="at most"):
        read_text_table(write("t.csv", "a\n1\n"))


def test_a_cell_beyond_the_limit_of_the_csv_reader_is_an_input_fault(write):
    with pytest.raises(InputDataError, match="not readable as CSV"):
        read_text_table(write("t.csv", "a\n" + "x" * 200_000 + "\n"))


def test_a_misspelt_column_is_suggested(write):
    table = read_text_table(write("t.csv", "lenght_km\n1\n"))
    with pytest.raises(InputDataError, match=r"length_km \(did you mean lenght_km\?\)"):
        require_columns(table, ["length_km"], "t.csv")


def test_numbers_are_read_and_empty_cells_stay_nan(write):
    table = read_text_table(write("t.csv", "a,b\n1.5,x\n,x\n-2e3,x\n"))
    np.testing.assert_array_equal(numbers(table, "a", "t.csv", "km"), [1.5, np.nan, -2000.0])


@pytest.mark.parametrize("cell", ["abc", "nan", "inf", "1..2"])
def test_what_is_no_finite_number_is_refused_with_its_row(write, cell):
    table = read_text_table(write("t.csv", f"a\n1\n{cell}\n"))
    with pytest.raises(InputDataError, match=r"finite number \(km\).*row 3"):
        numbers(table, "a", "t.csv", "km")


def test_a_decimal_comma_is_pointed_out_where_it_may_be_a_delimiter(write):
    table = read_text_table(write("t.csv", 'a,b\n"1,5",2\n'))
    with pytest.raises(InputDataError, match="decimals with a point"):
        numbers(table, "a", "t.csv", "km")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_of_german_spreadsheets_are_read(write, delimiter):
    rows = [
        "lon;kw;name;at;part",
        "9,95;1.500,5;A, B;08:00;0.25",
        "-10;2.000;5,5 km;09:30;",
        ";;;;1",
    ]
    table = read_text_table(write("t.csv", "\r\n".join(rows).replace(";", delimiter) + "\r\n"))
    np.testing.assert_array_equal(numbers(table, "lon", "t.csv", "°"), [9.95, -10.0, np.nan])
    np.testing.assert_array_equal(numbers(table, "kw", "t.csv", "kW"), [1500.5, 2000.0, np.nan])
    np.testing.assert_array_equal(numbers(table, "part", "t.csv", "1"), [0.25, np.nan, 1.0])
    assert table["name"].tolist() == ["A, B", "5,5 km", None]
    assert table["at"].tolist() == ["08:00", "09:30", None]


def test_points_that_may_stand_between_thousands_are_not_guessed(write):
    path = write("t.csv", "lon;kw\n9,95;700\n9,5;5.000\n")
    with pytest.raises(InputDataError, match=r"kw has '5\.000' .* row 3.*lon \('9,95'\) has"):
        numbers(read_text_table(path), "kw", "t.csv", "kW")
    plain = read_text_table(write("p.csv", "lon;kw\n9.5;5.000\n"))
    np.testing.assert_array_equal(numbers(plain, "kw", "p.csv", "kW"), [5.0])


def test_long_lists_of_rows_are_cut():
    assert row_list([3]) == "row 3"
    assert row_list(range(10)) == "rows 0, 1, 2, 3, 4, 5, 6, 7 and 2 more"


def test_a_hard_space_of_windows_alone_is_read(write):
    table = read_text_table(write("t.csv", b"a,b\n1\xa0,2\n"))
    assert table["b"].tolist() == ["2"]
