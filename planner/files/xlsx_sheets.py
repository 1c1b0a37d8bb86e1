"""What a sheet of an Excel workbook says in its XML that its cells do not.

Sheets are read as bytes in pieces: what is looked for is short, and a sheet may be large.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planner.files.bounds import XLSX

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipFile

_PIECE_BYTES = 1 << 20
_OVERLAP_BYTES = 512
_FAR_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]{0,3}\s*0*(\d{7,})""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*>""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_TEXT_FORMULA = re.compile(rb"""<(?:\w+:)?c\s(?=[^>]*\bt="str")[^>]*?\br="([A-Z]+)(\d+)""")


@dataclass(slots=True)
class SheetMarks:
    """Marks found in a sheet.

    Parameters
    ----------
    merged : set of tuple of int
        First and last row of areas of merged cells, as Excel counts, and whether they span columns.
    text_formulas : set of (int, int)
        Row and column, from 1, of formulas whose result is text, which may be empty.
    hidden_rows : set of int
        Rows, from 1, that are not shown: filtered out, folded away or hidden by hand.
    """

    merged: set[tuple[int, int, bool]] = field(default_factory=set)
    text_formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


def sheet_marks(path: Path, archive: ZipFile, part: str) -> SheetMarks:
    """Look through the XML of a sheet.

    Raises
    ------
    InputDataError
        If it numbers a row beyond the last that Excel has: readers would fill the gap before it.
    """
    marks = SheetMarks()
    with archive.open(part) as stream:
        rest = b""
        while piece := stream.read(_PIECE_BYTES):
            text = rest + piece
            for far in _FAR_ROW.finditer(text):
                digits = far[1][:20]
                XLSX.check(path, rows=int(digits))
            for first, row, last, last_row in _MERGED.findall(text):
                marks.merged.add((int(row), int(last_row), first != last))
            for tag in _ROW.findall(text):
                if _HIDDEN.search(tag) and (number := _ROW_NUMBER.search(tag)):
                    marks.hidden_rows.add(int(number[1]))
            for column, row in _TEXT_FORMULA.findall(text):
                marks.text_formulas.add((int(row), _column_number(column)))
            rest = text[-_OVERLAP_BYTES:]
    return marks


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = 26 * number + letter - 64
    return number
