"""Rows of cells as a table: which row is the header, and what must not be in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import InputDataError
from planner.files.reading_notes import note
from planner.files.row_names import name_list, row_list
from planner.said import counted, said, set_off

if TYPE_CHECKING:
    from pathlib import Path

    from planner.files.table_keys import TableKeys

Rows = Sequence[tuple[int, Sequence[str | None]]]
"""Row numbers as a spreadsheet counts, and cells; empty cells are None or empty text."""
_LOOKED_AT_ROWS = 50


def table_of_rows(
    path: Path, rows: Rows, keys: TableKeys, *, must_be_even: bool, blank_corner: bool = False
) -> tuple[pd.DataFrame, int]:
    """Make a table of rows.

    Parameters
    ----------
    rows : list of (int, sequence)
        Rows that are not empty.
    keys : TableKeys
        Says which row is the header, if the user does.
    must_be_even : bool
        Whether every row states as many cells as the header, as in a CSV file.
    blank_corner : bool
        Whether the first column may be without a name, as that of a matrix.

    Returns
    -------
    pandas.DataFrame
        Cells as text, None where empty; the index names the rows.
    int
        Row of the header.

    Raises
    ------
    InputDataError
        If there is no header or no row below it, a column has no name or that of another, or
        a row has more cells than the header, or fewer where they must be even.
    """
    start = _header_place(path, rows, keys)
    if start:
        skipped = [number for number, _ in rows[:start]]
        note(path, said("{rows} above the header passed over", rows=row_list(skipped)))
    passed = row_list([n for n, _ in rows[:start]])
    above = set_off(said("below {rows}", rows=passed)) if start else ""
    if len(rows) - start < 2:
        msg = counted(
            len(rows) - start,
            "{path}: expected a header and at least one row, found {n} row of text{above}.",
            "{path}: expected a header and at least one row, found {n} rows of text{above}.",
            path=str(path),
            above=above,
        )
        raise InputDataError(msg)
    header_row, header = rows[start]
    names = [_name(cell) for cell in header]
    body = rows[start + 1 :]
    if must_be_even:
        names = _even_names(path, names, body)
    columns = _columns(path, names, body, blank_corner=blank_corner)
    width = len(names)
    cells = [_padded(row, width) for _, row in body]
    table = pd.DataFrame(
        {name: [row[place] or None for row in cells] for place, name in columns},
        index=pd.Index([number for number, _ in body], name="row"),
        dtype=object,
    )
    return table, header_row


def _name(cell: str | None) -> str:
    """Name of a column in one line, without signs that nobody sees."""
    return " ".join((cell or "").replace("\ufeff", "").replace("\u200b", "").split())


def _header_place(path: Path, rows: Rows, keys: TableKeys) -> int:
    """Position of the header: the row that is named, or the first that is not just a title."""
    if keys.header_row is not None:
        for place, (number, _) in enumerate(rows):
            if number == keys.header_row:
                return place
        msg = said(
            "{path}: expected the header in row {header_row} ({key}), found that row empty "
            "or missing.",
            path=str(path),
            header_row=str(keys.header_row),
            key=keys.key("header_row"),
        )
        raise InputDataError(msg)
    n_filled = [sum(1 for cell in row if cell) for _, row in rows[:_LOOKED_AT_ROWS]]
    most = max(n_filled, default=0)
    least = max(2, (most + 1) // 2)
    if most < 2:
        return 0
    return next(place for place, count in enumerate(n_filled) if count >= least)


def _even_names(path: Path, names: list[str], body: Rows) -> list[str]:
    """Names of the columns, after separators at the ends of rows are left out."""
    while names and not names[-1]:
        names.pop()
    width = len(names)
    uneven, longest = [], width
    for number, row in body:
        filled = len(row)
        while filled > width and not row[filled - 1]:
            filled -= 1
        if filled != width:
            uneven.append(number)
            longest = max(longest, filled)
    if uneven:
        msg = said(
            "{path}: expected {width} cells in every row as in the header, found another "
            "number in {rows}. Quote cells that hold the separator, and give every column a "
            "name.",
            path=str(path),
            width=str(width),
            rows=row_list(uneven),
        )
        raise InputDataError(msg)
    return names


def _columns(
    path: Path, names: list[str], body: Rows, *, blank_corner: bool
) -> list[tuple[int, str]]:
    """Positions and names of the columns."""
    width = max(len(names), *(len(row) for _, row in body))
    names += [""] * (width - len(names))
    blank = {place for place, name in enumerate(names) if not name}
    if blank_corner:
        blank.discard(0)
    if blank:
        unnamed = [
            number
            for number, row in body
            if any(place < len(row) and row[place] for place in blank)
        ]
        if unnamed:
            msg = said(
                "{path}: cells without a column name above them in {rows}. Give the column a "
                "name or delete it.",
                path=str(path),
                rows=row_list(unnamed),
            )
            raise InputDataError(msg)
    named = [(place, name) for place, name in enumerate(names) if place not in blank]
    seen: set[str] = set()
    twice = sorted({name for _, name in named if name in seen or seen.add(name)})  # type: ignore[func-returns-value]
    if twice:
        msg = said(
            "{path}: column names must be unique, found more than once: {names}. Rename or "
            "delete one.",
            path=str(path),
            names=name_list(twice),
        )
        raise InputDataError(msg)
    return named


def _padded(row: Sequence[str | None], width: int) -> Sequence[str | None]:
    return row if len(row) >= width else [*row, *[None] * (width - len(row))]
