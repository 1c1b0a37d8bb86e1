"""Columns of tables of text: found by name, and read as numbers."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from planner.errors import InputDataError, quoted
from planner.files.number_signs import COUNT_WITH_POINT
from planner.files.reading_notes import note
from planner.files.row_names import name_list, row_list
from planner.files.table_keys import reading_of, with_reading
from planner.said import AsWritten, bracketed, joined, said, set_off

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

_MAX_NUMBER_SIGNS = 100
"""No number that means something is longer."""
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$"
_COMMA_NUMBER = r"^[+-]?([0-9]*|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]*)?([eE][+-]?[0-9]{1,4})?$"
_SHOWN_COLUMNS, _COMPARED_SIGNS = 40, 60
_HINTS = (
    (r"\d{4}-\d\d-\d\d.*|\d{1,2}:\d\d(:\d\d.*)?", "It is a date or time; write a plain number."),
    (r".*%", "Write shares without a percent sign, 0.8 for 80 %."),
    (r"[+-]?\d{1,3}([\s'\u2019\u00a0\u202f]\d{3})+([.,]\d*)?", "Write nothing between thousands."),
    (r"[+-]?\d{1,3}(,\d{3})+\.\d*", "Write nothing between thousands."),
    (r"[+-]?[\d.]*,\d+", "Write decimals with a point."),
    (
        r"(?i)n/?a|nan|null|none|-+|\?|#.*",
        "Write a number, or nothing where the column may have gaps.",
    ),
    (r"[+-]?\d[\d_]*(\.\d*)?", "Write it with the digits 0 to 9 alone."),
)
"""What to do about cells that are no numbers, by pattern."""


def named_columns(
    table: pd.DataFrame,
    known: Mapping[str, tuple[str, ...]],
    where: str,
    *,
    required: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
    kept: str = "",
    filled: bool = False,
) -> pd.DataFrame:
    """The columns of a table that are known, under the planner's names.

    Parameters
    ----------
    table : pandas.DataFrame
        Text as in the file.
    known : mapping of str to tuple of str
        Columns to take, and the names that are recognised without being told, the best first;
        small and capital letters are the same.
    required : iterable of str
        Those of them that must be there.
    columns : mapping of str to str, optional
        Columns that have other names in the file, in place of those of the table's own keys.
    kept : str
        Columns whose names begin with this are taken as they are, if it is not empty.
    filled : bool
        Whether columns that the file lacks are there too, empty.

    Returns
    -------
    pandas.DataFrame
        In the order of ``known``.

    Raises
    ------
    InputDataError
        If a name that is told is not known or not in the file, a required column is missing, or
        two columns of the file could be meant.
    """
    reading = reading_of(table)
    keys = reading.keys
    told = dict(keys.columns if columns is None else columns)
    unknown = [name for name in told if name not in known]
    if unknown:
        msg = said(
            "{where}: {key}: expected {listed}; found {names}.",
            where=where,
            key=keys.key("columns"),
            listed=AsWritten(", ".join(known)),
            names=name_list(unknown),
        )
        raise InputDataError(msg)
    found = {
        name: _told(table, told[name], where) if name in told else _recognised(table, usual, where)
        for name, usual in known.items()
    }
    missing = [known[name][0] for name in required if found[name] is None]
    require_columns(table, missing, where, keys.key("columns") if keys.section else "")
    taken = {name: column for name, column in found.items() if column is not None}
    as_they_are = [
        str(name)
        for name in table.columns
        if kept and str(name).startswith(kept) and name not in taken.values()
    ]
    of_file = taken | {name: name for name in as_they_are}
    _note_unused(table, set(of_file.values()), where)
    lacking = [name for name in known if filled and name not in taken]
    chosen = pd.DataFrame(
        {name: table[column] for name, column in of_file.items()} | dict.fromkeys(lacking),
        index=table.index,
        dtype=object,
    )
    signs = {
        name: reading.signs[column] for name, column in of_file.items() if column in reading.signs
    }
    return with_reading(chosen, replace(reading, signs=signs, headers=of_file))


def _told(table: pd.DataFrame, name: str, where: str) -> str:
    """The column of a name that the user gives."""
    name = " ".join(name.split())
    if name in table.columns:
        return name
    near = [str(column) for column in table.columns if str(column).lower() == name.lower()]
    if len(near) == 1:
        return near[0]
    require_columns(table, [name], where)
    raise AssertionError  # the line above refuses it


def _recognised(table: pd.DataFrame, usual: Sequence[str], where: str) -> str | None:
    """The first column of usual names, whatever the size of their letters."""
    for name in usual:
        found = [str(column) for column in table.columns if str(column).lower() == name.lower()]
        if len(found) > 1:
            msg = said(
                "{where}: the columns {listed} differ in the size of their letters alone; which "
                "is {name}? Rename or delete one.",
                where=where,
                listed=AsWritten(", ".join(found)),
                name=AsWritten(name),
            )
            raise InputDataError(msg)
        if found:
            return found[0]
    return None


def _note_unused(table: pd.DataFrame, used: set[str], where: str) -> None:
    unused = [str(name) for name in table.columns if name not in used and name]
    if unused:
        note(where, said("columns not used: {names}", names=name_list(unused)))


def require_columns(
    table: pd.DataFrame, columns: Iterable[str], where: str, named_under: str = ""
) -> None:
    """Check that a table has the columns it must have.

    Parameters
    ----------
    named_under : str
        Key of the scenario under which columns with other names can be told, if there is one.

    Raises
    ------
    InputDataError
        If one is missing; the message names those that look like it.
    """
    missing = [name for name in columns if name not in table.columns]
    if not missing:
        return
    found = [str(name) for name in table.columns[:_SHOWN_COLUMNS]]
    hints = [joined((AsWritten(name), _did_you_mean(name, found)), "") for name in missing]
    shown = name_list(list(table.columns), _SHOWN_COLUMNS)
    sentences = [
        said(
            "{where}: missing column {hints}. Found columns: {shown}.",
            where=where,
            hints=hints,
            shown=shown,
        ),
        reading_of(table).hint(),
    ]
    if named_under:
        named = "Columns that are called otherwise can be named under {key}."
        sentences.append(said(named, key=named_under))
    raise InputDataError(joined(filter(None, sentences), " "))


def _did_you_mean(name: str, found: Sequence[str]) -> str:
    lower = {other[:_COMPARED_SIGNS].lower(): other for other in found}
    near = difflib.get_close_matches(name.lower(), lower, n=2, cutoff=0.6)
    if not near:
        return ""
    names = joined((AsWritten(lower[other]) for other in near), " or ")
    return set_off(bracketed(said("did you mean {word}?", word=names)))


def numbers(table: pd.DataFrame, column: str, where: str, unit: str) -> NDArray[np.float64]:
    """Read a column of text as finite numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        Text; the index names the rows.
    unit : str
        What the numbers are, for messages, for example ``"km"``.

    Returns
    -------
    (n_rows,) float64
        NaN where a cell is empty.

    Raises
    ------
    InputDataError
        If a cell holds something else than a finite number.
    """
    text = plain_numbers(table, column, where)
    given = text.notna().to_numpy()
    cells = pa.array(
        [
            str(cell)[: _MAX_NUMBER_SIGNS + 1] if there else ""
            for cell, there in zip(text, given, strict=True)
        ],
        pa.string(),
    )
    short = pc.less_equal(pc.utf8_length(cells), _MAX_NUMBER_SIGNS)
    sound = pc.and_(short, pc.match_substring_regex(cells, _NUMBER))
    is_number = sound.to_numpy(zero_copy_only=False)
    values = pd.to_numeric(text.where(is_number), errors="coerce").to_numpy(dtype=np.float64)
    wrong = given & ~np.isfinite(values)
    if wrong.any():
        first = str(table[column][wrong].iloc[0])
        msg = said(
            "{where}: {column} must be a finite number ({unit}), found {first} and the like "
            "in {rows}.{hint}",
            where=where,
            column=AsWritten(column),
            unit=unit,
            first=quoted(first),
            rows=rows_where(table, wrong),
            hint=set_off(_hint(first)),
        )
        raise InputDataError(msg)
    return values


def counts(
    table: pd.DataFrame, column: str, where: str, unit: str, most: int
) -> NDArray[np.float64]:
    """Read a column of text as whole numbers of things.

    Parameters
    ----------
    table, column, where, unit
        As in :func:`numbers`.
    most : int
        The highest that is let in; none may be below 0.

    Returns
    -------
    (n_rows,) float64
        Whole; NaN where a cell is empty.

    Raises
    ------
    InputDataError
        If a cell holds something else, or ``1.000``, of which nobody knows whether it is one or a
        thousand.
    """
    given = table[column]
    unclear = given.str.fullmatch(COUNT_WITH_POINT).fillna(value=False).to_numpy(dtype=bool)
    if unclear.any():
        first = str(given[unclear].iloc[0])
        whole, one = re.split("[.,]", first)[0], re.sub("[.,]", "", first)
        msg = said(
            "{where}: {column} must be whole numbers ({unit}), found {first} and the like in "
            "{rows}: is it {whole} or {one}? Write whole numbers without points and "
            "commas.",
            where=where,
            column=AsWritten(column),
            unit=unit,
            first=quoted(first),
            rows=rows_where(table, unclear),
            whole=whole,
            one=one,
        )
        raise InputDataError(msg)
    values = numbers(table, column, where, unit)
    expected = said(
        "{column} must be whole numbers from 0 to {most} {unit}",
        column=AsWritten(column),
        most=most,
        unit=unit,
    )
    wrong = (values != np.round(values)) & ~np.isnan(values)
    refuse_rows(table, wrong | (values < 0.0) | (values > most), where, expected, column)
    return values


def plain_numbers(table: pd.DataFrame, column: str, where: str) -> pd.Series:
    """A column of text with its numbers written plainly: decimal points, nothing in thousands.

    Parameters
    ----------
    table, column, where
        As in :func:`numbers`.

    Returns
    -------
    pandas.Series
        Cells that are no numbers stay as they are.

    Raises
    ------
    InputDataError
        If it cannot be told what a point or comma means.
    """
    text = table[column]
    signs = reading_of(table).signs.get(column)
    if signs is None:
        return text
    if signs.unclear:
        unclear = text.str.contains(signs.unclear, regex=True).fillna(value=False).to_numpy(bool)
        if unclear.any():
            msg = said(
                "{where}: {column} has {found} and the like in {rows}: does the sign stand "
                "between thousands or before decimals? It is unclear, as {reason}. Write numbers "
                "without signs between thousands, and all decimals with the same sign.",
                where=where,
                column=AsWritten(column),
                found=quoted(text[unclear].iloc[0]),
                rows=rows_where(table, unclear),
                reason=signs.reason,
            )
            raise InputDataError(msg)
    if not signs.decimal_comma:
        return text
    written = text.str.fullmatch(_COMMA_NUMBER[1:-1]).fillna(value=False).to_numpy(bool)
    plain = text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return text.where(~written, plain)


def _hint(cell: str) -> str:
    """What to do about a cell that is no number."""
    if len(cell) > _MAX_NUMBER_SIGNS:
        return said("No number has more than {n} signs.", n=str(_MAX_NUMBER_SIGNS))
    return next((hint for pattern, hint in _HINTS if re.fullmatch(pattern, cell)), "")


def rows_where(table: pd.DataFrame, chosen: NDArray[np.bool_]) -> str:
    """Name the rows of a table that are chosen, for a message."""
    return row_list(table.index[chosen], kind=str(table.index.name or "row"))


def refuse_rows(
    table: pd.DataFrame,
    wrong: NDArray[np.bool_],
    where: str,
    expected: str,
    found_in: str = "",
) -> None:
    """Refuse a table if any of its rows is wrong.

    Parameters
    ----------
    table : pandas.DataFrame
        The table; its index names the rows.
    wrong : (n_rows,) bool
        Whether each is wrong.
    expected : str
        What must hold.
    found_in : str
        Column whose first wrong cell the message shows, if any.

    Raises
    ------
    InputDataError
        Names the file, what was expected and the wrong rows.
    """
    if wrong.any():
        found = ""
        if found_in in table:
            cell = table[found_in][wrong].iloc[0]
            found = "an empty cell" if pd.isna(cell) else quoted(str(cell))
        msg = said(
            "{where}: {expected}, found {found}; see {rows}."
            if found
            else "{where}: {expected}{found}; see {rows}.",
            where=where,
            expected=expected,
            found=found,
            rows=rows_where(table, wrong),
        )
        raise InputDataError(msg)
