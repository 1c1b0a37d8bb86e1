"""Texts like formulas in CSV files: marked when written, as they were when read."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.files.spreadsheet_texts import (
    marked_text,
    read_csv_file,
    unmarked_text,
    write_csv_file,
)

FORMULAS = [
    '=HYPERLINK("http://x","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "A;=1+1",
    "A;B\n=1+1",
    "'=1+1",
]
HARMLESS = ["-5", "+5", "-0.5", "-1,5", "1e-5", "-", "", "Köln", "it's", "'quoted'", "a-b", "a = b"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text_and_comes_back(text):
    marked = marked_text(text)
    assert marked != text
    for part in marked.replace("\r", "\n").replace(";", "\n").split("\n"):
        assert part[:1] not in {"=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}"}
    assert unmarked_text(marked) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_plain_texts_stay_as_they_are(text):
    assert marked_text(text) == text


@given(st.text(alphabet="'=+-@;\t\r\n\N{FULLWIDTH PLUS SIGN}a1. ", max_size=12))
def test_every_text_comes_back(text):
    assert unmarked_text(marked_text(text)) == text


@given(st.lists(st.floats(), min_size=1))
def test_figures_have_the_digits_that_pandas_gives_them(figures):
    table = pd.DataFrame({"kw": figures, "n": range(len(figures))})
    with io.StringIO() as own:
        write_csv_file(table, own)
        assert own.getvalue() == table.to_csv(index=False, lineterminator="\n")


def test_a_table_is_written_so_that_no_cell_or_heading_is_a_formula(tmp_path):
    table = pd.DataFrame(
        {
            "=heading": FORMULAS,
            "number": -np.arange(len(FORMULAS), dtype=np.float64) - 0.5,
            "kind": pd.Categorical(["=a", "b"] * (len(FORMULAS) // 2)),
        }
    )
    path = tmp_path / "table.csv"
    write_csv_file(table, path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    cells = [cell for row in rows for column, cell in enumerate(row) if column != 1]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert rows[1][1] == "-0.5"
    read = read_csv_file(path)
    assert read["=heading"].tolist() == [text.replace("\r", "\n") for text in FORMULAS]
    assert read["number"].tolist() == table["number"].tolist()
    assert read["kind"].tolist() == table["kind"].tolist()
