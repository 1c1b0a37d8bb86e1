"""Times in tables: one way of writing for the whole column, or a refusal that names the row."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest

from planner.errors import InputDataError
from planner.files.table_times import column_times

APRIL = dt.datetime(2026, 4, 15, 13, 30)  # noqa: DTZ001  # what the clock says


def times(*cells):
    index = pd.Index(range(2, 2 + len(cells)), name="row")
    return column_times(pd.DataFrame({"time": cells}, index=index, dtype=object), "time", "t.csv")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-04-15T13:30",
        "2026-04-15 13:30:00",
        "2026-04-15T13:30:00.000",
        "2026/04/15 13:30",
        "15.04.2026 13:30",
        "15.4.2026, 13:30:00",
        "15.04.26 13:30",
        "15/04/2026 13:30",
        "04/15/2026 13:30",
        "04/15/2026 1:30 PM",
        "Apr 15, 2026 1:30 PM",
    ],
)
def test_ways_of_writing_a_time_of_the_clock(cell):
    assert times(cell) == [APRIL]


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("2026-04-15T13:30Z", 0),
        ("2026-04-15T13:30:00+02:00", 2),
        ("2026-04-15 13:30:00-0700", -7),
        ("2026-04-15 13:30 UTC", 0),
        ("15.04.2026 13:30 (CEST)", 2),
        ("15.04.2026 13:30 CET", 1),
        ("2026-04-15T13:30+05:30", 5.5),
    ],
)
def test_offsets_from_utc(cell, hours):
    assert times(cell) == [APRIL.replace(tzinfo=dt.timezone(dt.timedelta(hours=hours)))]


def test_seconds_since_1970_are_utc():
    assert times("1776259800", "1776260700")[0] == APRIL.replace(tzinfo=dt.UTC)


def test_half_days_and_dates_alone():
    found = times("01/13/2026 12:00 AM", "01/13/2026 12:15 PM", "01/13/2026 11:00 PM")
    assert [time.hour for time in found] == [0, 12, 23]
    assert times("2026-04-15") == [APRIL.replace(hour=0, minute=0)]


def test_day_and_month_are_decided_for_the_whole_column():
    assert [time.day for time in times("01/02/2026", "02/02/2026", "13/02/2026")] == [1, 2, 13]
    assert [time.month for time in times("02/01/2026", "02/13/2026")] == [2, 2]
    assert times("01.02.2026")[0].month == 2


def test_names_of_zones_in_the_doubled_hour_alone_are_no_offsets():
    found = times("25/10/2026 01:00:00", "25/10/2026 02:00:00 (CEST)", "25/10/2026 02:00:00 (CET)")
    assert [time.tzinfo for time in found] == [None] * 3


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["noon"], "time must be a date with a time such as 2026-04-15T13:00"),
        (["2026-04-15T13:30", "15.04.2026 13:30"], "year first as in the first, found '15.04.2026"),
        (["2026-04-15T13:30", None], "found '' and the like in row 3"),
        (["2026-04-15T13:30Z", "2026-04-15T14:30"], "in all rows or in none"),
        (["01/02/2026 13:00", "03/04/2026 13:00"], "neither goes beyond 12"),
        (["01/13/2026 13:00", "13/01/2026 13:00"], "both go beyond 12"),
        (
            ["2026-02-30T13:30"],
            "that exists, from 1900 to 2199, found '2026-02-30T13:30' and the like in row 2",
        ),
        (["2026-04-15T24:00"], "that exists"),
        (["0001-01-01T00:00+14:00"], "that exists"),
        (["9999-12-31T23:45"], "that exists"),
        (["2026-04-15T13:30+99:99"], "that exists"),
        (["04/15/2026 13:30 PM"], "that exists"),
        (["\uff12026-04-15T13:30"], "such as"),
        (["1" * 10_000], "such as"),
        (["2026-04-15T13:30" + " " * 10_000 + "Z"], "such as"),
    ],
)
def test_what_is_no_time_is_named_with_its_row(cells, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        times(*cells)
