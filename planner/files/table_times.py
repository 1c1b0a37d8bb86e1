"""Dates with times in columns of tables: one way of writing for the whole column, or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError, quoted
from planner.files.reading_notes import note
from planner.files.table_columns import rows_where
from planner.said import AsWritten, joined, said, set_off

if TYPE_CHECKING:
    import pandas as pd

_CLOCK = (
    r"(?:[ T,]\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|\(?CES?T\)?|\(?ME[S]?Z\)?|[+-]\d\d:?\d\d|[+-]\d\d)?"
_WAYS = {
    "year first": r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    "day and month": r"(?P<first>\d{1,2})(?P<sign>[./-])(?P<other>\d{1,2})(?P=sign)"
    r"(?P<year>\d{4}|(?<=\.)\d\d)",
    "name of the month": r"(?P<name>[A-Za-z]{3})[a-z]* (?P<day>\d{1,2}), (?P<year>\d{4})",
}
_PATTERNS = {way: re.compile(text + _CLOCK + _ZONE, re.ASCII) for way, text in _WAYS.items()}
_UNIX_SECONDS = re.compile(r"\d{9,10}", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OFFSET_H = {"CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2}
_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def column_times(table: pd.DataFrame, column: str, where: str) -> list[dt.datetime]:
    """Read a column of text as dates with times.

    Parameters
    ----------
    table : pandas.DataFrame
        Text; the index names the rows.
    column : str
        Column to read; no cell may be empty.

    Returns
    -------
    list of datetime.datetime
        Aware where the column gives offsets from UTC (seconds since 1970 are UTC), else as the
        clock says; midnight where there is a date alone.

    Raises
    ------
    InputDataError
        If a cell is no such time, cells are written in several ways, some have an offset and some
        have none, or day and month cannot be told apart.
    """
    cells = table[column].fillna("").astype(str).tolist()
    if cells and all(_UNIX_SECONDS.fullmatch(cell) for cell in cells):
        return [dt.datetime.fromtimestamp(int(cell), dt.UTC) for cell in cells]
    way = next((way for way, pattern in _PATTERNS.items() if _fits(pattern, cells[0])), None)
    if way is None:
        _refuse(table, column, where, [True] + [False] * (len(cells) - 1), "")
    pattern = _PATTERNS[str(way)]
    found = [pattern.fullmatch(cell) if len(cell) <= _LONGEST else None for cell in cells]
    _refuse(
        table,
        column,
        where,
        [match is None for match in found],
        said("with {way} as in the first", way=str(way)),
    )
    matches = [match for match in found if match is not None]
    zones = {match["zone"] for match in matches}
    has_zone = [match["zone"] is not None for match in matches]
    # Exports of exchanges name summer and winter time in the doubled hour alone.
    is_clock_time = all(zone is None or zone.strip("()") in _OFFSET_H for zone in zones)
    if any(has_zone) and not all(has_zone) and not is_clock_time:
        expected = "with an offset from UTC in all rows or in none"
        _refuse(table, column, where, [not given for given in has_zone], expected)
    day_first = _is_day_first(table, column, where, matches) if way == "day and month" else True
    times = [_time(match, day_first=day_first) for match in matches]
    if not all(has_zone):
        times = [None if time is None else time.replace(tzinfo=None) for time in times]
    _refuse(
        table,
        column,
        where,
        [time is None for time in times],
        said("that exists, from {first} to {last}", first=str(_FIRST_YEAR), last=str(_LAST_YEAR)),
    )
    return [time for time in times if time is not None]


def _fits(pattern: re.Pattern[str], cell: str) -> bool:
    return len(cell) <= _LONGEST and pattern.fullmatch(cell) is not None


def _refuse(
    table: pd.DataFrame, column: str, where: str, is_wrong: list[bool], expected: str
) -> None:
    if any(is_wrong):
        wrong = np.array(is_wrong)
        msg = said(
            "{where}: {column} must be a date with a time such as 2026-04-15T13:00 or "
            "15.04.2026 13:00{expected}, found {value} and the like in {rows}.",
            where=where,
            column=AsWritten(column),
            expected=set_off(expected),
            value=quoted(str(table[column][wrong].iloc[0] or "")),
            rows=rows_where(table, wrong),
        )
        raise InputDataError(msg)


def _is_day_first(
    table: pd.DataFrame, column: str, where: str, matches: list[re.Match[str]]
) -> bool:
    """Whether days stand before months, for the whole column."""
    if all(match["sign"] == "." for match in matches):
        return True  # nobody writes months first with points between
    first = max(int(match["first"]) for match in matches)
    other = max(int(match["other"]) for match in matches)
    if (first > 12) != (other > 12):
        sign = matches[0]["sign"]
        order = ("day", "month") if first > 12 else ("month", "day")
        as_read = joined((*order, "year"), sign)
        note(
            where,
            said("dates of {column} read as {order}", column=AsWritten(column), order=as_read),
        )
        return first > 12
    found = quoted(str(table[column].iloc[0]))
    reason = "neither goes beyond 12" if first <= 12 else "both go beyond 12"
    msg = said(
        "{where}: {column} has {found} and the like: which is the day and which the "
        "month cannot be told, as {reason}. Write dates as 2026-04-15.",
        where=where,
        column=AsWritten(column),
        found=found,
        reason=reason,
    )
    raise InputDataError(msg)


def _time(match: re.Match[str], *, day_first: bool) -> dt.datetime | None:
    """A time, or None where there is none such."""
    parts = match.groupdict()
    if parts.get("name"):
        name = parts["name"].lower()
        month = _MONTHS.index(name) + 1 if name in _MONTHS else 0
        day = int(parts["day"])
    elif parts.get("first"):
        day, month = int(parts["first"]), int(parts["other"])
        day, month = (day, month) if day_first else (month, day)
    else:
        day, month = int(parts["day"]), int(parts["month"])
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if parts["half"].lower().startswith("p") else 0)
    try:
        return dt.datetime(
            year,
            month,
            day,
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            tzinfo=_zone(parts["zone"]),
        )
    except ValueError:
        return None


def _zone(text: str | None) -> dt.timezone | None:
    if text is None:
        return None
    name = text.strip("()")
    if name in {"Z", "UTC", "GMT"}:
        return dt.UTC
    if name in _OFFSET_H:
        return dt.timezone(dt.timedelta(hours=_OFFSET_H[name]))
    digits = name.replace(":", "")
    minutes = int(digits[1:3]) * 60 + int(digits[3:] or 0)
    return dt.timezone(dt.timedelta(minutes=minutes if name[0] == "+" else -minutes))
