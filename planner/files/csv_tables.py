"""CSV files as tables of text, with row numbers a person finds again in a spreadsheet."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.bounds import CSV
from planner.files.input_files import read_input_bytes
from planner.files.number_signs import signs_of_text_file
from planner.files.reading_notes import note
from planner.files.table_keys import Reading, TableKeys, with_reading
from planner.files.table_rows import table_of_rows
from planner.files.text_encoding import decoded_text
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NO_SEPARATOR = "\x1f"
"""Stands in no text file: every row of a file of one column is one cell."""
_LOOKED_AT_SIGNS = 400_000
_LOOKED_AT_ROWS = 50
_SEPARATOR_LINE = re.compile(r'\s*"?sep=(.)"?[;,\t ]*', re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d+,\d+\s*")


def read_text_table(
    path: Path, keys: TableKeys | None = None, *, blank_corner: bool = False
) -> pd.DataFrame:
    """Read a CSV file as text.

    Parameters
    ----------
    path : pathlib.Path
        File with a header row. Encoding, separator (comma, semicolon, tab or bar) and decimal sign
        are found in it; a first line ``sep=;`` is followed, titles above the header passed over.
    keys : TableKeys, optional
        What the user says about it.
    blank_corner : bool
        Whether the first column may be without a name, as that of a matrix.

    Returns
    -------
    pandas.DataFrame
        A column of stripped text per header cell, None where a cell is empty; the index is the row
        as a spreadsheet counts, the first line being row 1. Empty rows are left out.

    Raises
    ------
    InputDataError
        If the file is missing, empty, too large, no text, not rectangular, or a column is without
        a name or named twice.
    """
    keys = keys or TableKeys()
    if keys.sheet is not None:
        msg = said(
            "{path}: a {suffix} file has no sheets; leave out {key}.",
            path=str(path),
            suffix=path.suffix,
            key=keys.key("sheet"),
        )
        raise InputDataError(msg)
    text = decoded_text(path, read_input_bytes(path, CSV))
    first_line, _, rest = text.partition("\n")
    told = _SEPARATOR_LINE.fullmatch(first_line.rstrip("\r"))
    if told:
        # Excel takes this line for itself; its row counts nevertheless in every editor.
        separator, text = told[1], "\n" + rest
        note(path, said("first line {line!r} followed", line=first_line.strip()))
    else:
        separator = _separator(text)
    rows = list(_rows(path, text, separator))
    table, header_row = table_of_rows(
        path, rows, keys, must_be_even=True, blank_corner=blank_corner
    )
    known = "" if separator == _NO_SEPARATOR else separator
    signs = signs_of_text_file(table, known)
    commas = [name for name, sign in signs.items() if sign.decimal_comma]
    if commas:
        shown = ", ".join(commas[:4]) + (", ..." if len(commas) > 4 else "")
        note(path, said("decimal commas in {columns}", columns=shown))
    return with_reading(table, Reading(keys, header_row=header_row, signs=signs))


def text_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file that are not empty, one by one, for files of which few rows are wanted.

    Yields
    ------
    int
        Row as a spreadsheet counts.
    list of str
        Its stripped cells.

    Raises
    ------
    InputDataError
        If the file is missing, empty, too large, or no text.
    """
    text = decoded_text(path, read_input_bytes(path, CSV))
    yield from _rows(path, text, _separator(text))


def _rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with their numbers and stripped cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = n_cells = 0
    try:
        for number, row in enumerate(reader, start=1):
            CSV.check(path, columns=len(row))
            cells = [cell.strip() for cell in row]
            if any(cells):
                n_cells += len(cells)
                CSV.check(path, cells=n_cells)
                yield number, cells
    except csv.Error as error:
        msg = said(
            "{path}: not readable as CSV at row {number}: {error}. Look for a quotation mark "
            "that is not closed.",
            path=str(path),
            number=str(number + 1),
            error=str(error),
        )
        raise InputDataError(msg) from error


def _separator(text: str) -> str:
    """What stands between cells: what gives most rows the same number of cells, above one."""
    shown = text[:_LOOKED_AT_SIGNS]
    widths = {sign: _widths(shown, sign) for sign in _SEPARATORS}
    scores = {}
    for sign, counts in widths.items():
        several = Counter(count for count in counts if count > 1)
        width, n_rows = max(several.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        scores[sign] = (n_rows, width > 1 and counts[0] == width)
    best = max(scores, key=lambda sign: scores[sign])
    if not scores[best][0] or _has_one_column(shown, widths[best]):
        return _NO_SEPARATOR
    return best


def _widths(text: str, separator: str) -> list[int]:
    """Cells in each of the first rows that are not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = (row for row in reader if any(cell.strip() for cell in row))
    try:
        return [len(row) for row in itertools.islice(rows, _LOOKED_AT_ROWS)]
    except csv.Error:
        return [0]


def _has_one_column(text: str, widths: list[int]) -> bool:
    """Whether what looks like a separator belongs to the cells of the only column."""
    if widths[0] > 1:
        return False
    lines = [line for line in text.splitlines() if line.strip()][1:_LOOKED_AT_ROWS]
    if lines and all(_COMMA_NUMBER.fullmatch(line) for line in lines):
        return True
    return 2 * sum(1 for width in widths if width == 1) > len(widths)
