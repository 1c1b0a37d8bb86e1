"""Weather files: missing values, leap years, parts of hours, odd heads, other kinds of files."""

from __future__ import annotations

import functools
import re

import numpy as np
import pandas as pd
import pytest

from planner.depot.weather_files import read_weather_year
from planner.errors import InputDataError
from planner.files.reading_notes import reading_notes

PLACE = "LOCATION,Somewhere,,DEU,made up,0,51.0,10.0,1.0,200.0"
HEAD = [PLACE, *["x"] * 7]


@functools.cache
def hours(year=1990, per_hour=1):
    """Rows of a year: 400 W/m² from 8 to 16 o'clock, 5 °C more by day."""
    times = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq=f"{60 // per_hour}min")[:-1]
    rows = []
    for time in times:
        sun = 400 if 8 <= time.hour < 16 else 0
        values = [year, time.month, time.day, time.hour + 1, 60, "?", 10 + sun / 80, 5, 50, 100_000]
        values += [0, 0, 300, sun, sun / 2, sun / 2, *[0] * 5, 2.0, *[0] * 13]
        rows.append(",".join(map(str, values)))
    return rows


def changed(rows, places, column, value):
    """Rows of which some have another value."""
    rows = list(rows)
    for place in places:
        cells = rows[place].split(",")
        cells[column] = value
        rows[place] = ",".join(cells)
    return rows


def read(tmp_path, rows, head=HEAD, encoding="utf-8", name="year.epw"):
    path = tmp_path / name
    path.write_text("\n".join([*head, *rows]) + "\n", encoding=encoding)
    return read_weather_year(path)


GHI, DNI, TEMPERATURE, WIND = 13, 14, 6, 21


def test_missing_hours_are_filled_between_their_neighbours_and_noted(tmp_path):
    noons = range(12, 8760, 24)
    rows = changed(hours(), noons, GHI, "9999")
    rows = changed(rows, [100], TEMPERATURE, "99.9")
    rows = changed(rows, [0, 8759], WIND, "999")
    rows = changed(rows, [205], DNI, "")
    with reading_notes() as notes:
        weather = read(tmp_path, rows).weather
    assert weather["ghi"].iloc[12] == 400.0
    assert weather.equals(read(tmp_path, hours()).weather)
    said = "; ".join(notes[str(tmp_path / "year.epw")])
    assert "missing values of ghi filled between their neighbours: 365 of 8,760" in said
    assert "rows 21, 45" in said
    assert "wind_speed filled between their neighbours: 2 of 8,760" in said
    assert "row 214" in said


@pytest.mark.parametrize(
    ("places", "says"),
    [
        (range(10, 14), "4 of 8,760 values of ghi are missing (rows 19"),
        (range(0, 8760, 12), "730 of 8,760 values of ghi are missing"),
        (range(8760), "8,760 of 8,760 values of ghi are missing"),
    ],
)
def test_more_missing_hours_than_can_be_filled_are_refused(tmp_path, places, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        read(tmp_path, changed(hours(), places, GHI, "9999"))


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        (
            GHI,
            "abc",
            "ghi must be a number from 0 to 2,000 W/m², found 'abc' and the like in row 14",
        ),
        (GHI, "-30", "found '-30' and the like in row 14"),
        (GHI, "3000", "found '3000'"),
        (DNI, "1e999999", "dni must be a number from 0 to 2,000 W/m², found 'inf'"),
        (DNI, "9" * 400, "found 'inf' and the like in row 14"),
        (3, "9" * 400, "found"),
        (DNI, "nan nan", "found 'nan nan'"),
        (TEMPERATURE, "98", "temp_air must be a number from -90 to 70 °C, found '98"),
        (WIND, "-1", "wind_speed must be"),
        (3, "3", "row 14: expected month 1, day 1, hour 6 of a year"),
        (1, "x", "found what is not readable as one"),
        (3, "", "found"),
    ],
)
def test_impossible_values_are_named_with_their_row(tmp_path, column, value, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        read(tmp_path, changed(hours(), [5], column, value))


def test_numbers_of_hundreds_of_digits_beside_text_are_named(tmp_path):
    rows = changed(changed(hours(), [5], DNI, "9" * 400), [6], DNI, "x")
    with pytest.raises(InputDataError, match=r"found '9+[.]{3}' .400 characters.*rows 14, 15"):
        read(tmp_path, rows)


@pytest.mark.parametrize("n_rows", [1, 8000, 8761])
def test_a_file_of_other_than_a_year_is_refused(tmp_path, n_rows):
    rows = (hours() * 2)[:n_rows]
    with pytest.raises(InputDataError, match=f"hours of a year.*found {n_rows:,} rows"):
        read(tmp_path, rows)


def test_a_leap_year_has_its_day(tmp_path):
    weather = read(tmp_path, hours(2024)).weather
    assert len(weather) == 8784
    assert (weather.index[59 * 24].month, weather.index[59 * 24].day) == (2, 29)


@pytest.mark.parametrize("per_hour", [2, 4])
def test_parts_of_hours_have_times_of_their_own(tmp_path, per_hour):
    weather = read(tmp_path, hours(per_hour=per_hour)).weather
    assert len(weather) == 8760 * per_hour
    assert np.diff(weather.index).min() == pd.Timedelta(minutes=60 // per_hour)


def test_times_are_the_middle_of_hours_with_the_places_offset(tmp_path):
    year = read(tmp_path, hours(), [PLACE.replace(",1.0,", ",-7.0,").replace(",10.0", ",-110")])
    first = year.weather.index[0]
    assert (first.hour, first.minute, first.utcoffset()) == (0, 30, pd.Timedelta(hours=-7))
    assert (year.latitude, year.longitude, year.altitude_m) == (51.0, -110.0, 200.0)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "cp1252"])
def test_names_of_places_in_any_encoding(tmp_path, encoding):
    head = [PLACE.replace("Somewhere", "K\u00f6ln"), *["x"] * 7]
    assert read(tmp_path, hours(), head, encoding).latitude == 51.0


@pytest.mark.parametrize("n_lines", [0, 5, 9])
def test_heads_of_other_length_are_passed_over_with_a_note(tmp_path, n_lines):
    with reading_notes() as notes:
        weather = read(tmp_path, hours(), [PLACE, *["x"] * n_lines]).weather
    assert weather["ghi"].iloc[12] == 400.0
    assert f"lines before its hours: {n_lines + 1}, not 8" in "".join(
        notes[str(tmp_path / "year.epw")]
    )


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (PLACE.replace("51.0", "513"), "expected latitude from -90 to 90, found 513.0"),
        (PLACE.replace(",10.0,", ",-110.0,"), "Is a sign missing?"),
        (PLACE.replace(",1.0,", ",15,"), "expected the offset from UTC in hours from -14 to 14"),
        (PLACE.replace("51.0", "north"), "found what is not readable as one"),
        ("LOCATION,Somewhere", "found what is not readable as one"),
    ],
)
def test_impossible_places_are_named(tmp_path, place, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        read(tmp_path, hours(), [place, *["x"] * 7])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Source,Location ID,City\nNSRDB,1,x\nYear,Month,Day,Hour,Minute,GHI\n", "of the NSRDB"),
        (b"Latitude (decimal degrees): 45.0\n", "of PVGIS as CSV"),
        (b"<html></html>", "a web page"),
        (b"PK\x03\x04rest", "a packed file. Unpack it"),
        (b"year,month,day,hour,ghi\n", "without the head of TMY3"),
        (b"a,b\n1,2\n", "found what is not readable as one"),
        (b"", "the file is empty"),
        (b"1\n" * 200_000, "at most 70,000 rows"),
        (b"LOCATION," + b"1," * 10_000, "at most 10,000 signs in one text"),
        (f"{PLACE}\n".encode() * 9, "without hours"),
    ],
)
def test_files_of_other_kinds_are_told_apart(tmp_path, content, says):
    path = tmp_path / "weather.csv"
    path.write_bytes(content)
    with pytest.raises(InputDataError, match=re.escape(says)):
        read_weather_year(path)


def tmy3(rows=8760):
    """A year in the layout of TMY3."""
    ends = pd.date_range("2001-01-01 01:00", periods=rows, freq="h")
    days = (ends - pd.Timedelta(hours=1)).strftime("%m/%d/2001")
    sun = np.where((ends.hour > 8) & (ends.hour <= 16), 400, 0)
    table = pd.DataFrame(
        {
            "Date (MM/DD/YYYY)": days,
            "Time (HH:MM)": [f"{hour or 24:02d}:00" for hour in ends.hour],
            "GHI (W/m^2)": sun,
            "DNI (W/m^2)": sun // 2,
            "DHI (W/m^2)": sun // 2,
            "Dry-bulb (C)": 10,
            "Wspd (m/s)": 2,
        }
    )
    return table.astype(object)


def read_tmy3(tmp_path, table):
    path = tmp_path / "year.csv"
    path.write_text('1,"X",NC,-5.0,36.1,-79.95,273\n' + table.to_csv(index=False))
    return read_weather_year(path).weather


def test_tmy3_hours_have_the_same_middle_and_their_own_mark_of_missing(tmp_path):
    table = tmy3()
    table.loc[12, "GHI (W/m^2)"] = -9900
    weather = read_tmy3(tmp_path, table)
    assert weather["ghi"].iloc[12] == 400.0
    assert (weather.index[0].hour, weather.index[0].minute) == (0, 30)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda table: table.drop(columns="Wspd (m/s)"), "found one without wind_speed"),
        (
            lambda table: table.iloc[[*range(5), 6, 5, *range(7, 8760)]],
            "row 8: expected the hour that ends at 01-01 06:00",
        ),
        (
            lambda table: table.replace({"Date (MM/DD/YYYY)": {"01/02/2001": None}}),
            "row 27: expected the hour that ends at 01-02 01:00 of a year without gaps, found",
        ),
        (lambda table: table.replace({"Time (HH:MM)": {"03:00": "noon"}}), "not readable as one"),
        (lambda table: table.iloc[:8000], "found 8,000 rows"),
    ],
)
def test_wrong_tmy3_files_are_named(tmp_path, change, says):
    with pytest.raises(InputDataError, match=re.escape(says)):
        read_tmy3(tmp_path, change(tmy3()))
