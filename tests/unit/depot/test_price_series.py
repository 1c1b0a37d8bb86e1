"""Spot prices: zones, changes of clocks, steps that change, exports of exchanges, wrong files."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pydantic import ValidationError

from planner.depot.price_series import read_spot_series
from planner.errors import InputDataError
from planner.files.reading_notes import reading_notes
from planner.scenario.tariffs import SpotPrices

MAY_DAY = dt.date(2026, 5, 1)
SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
BERLIN = ZoneInfo("Europe/Berlin")


def series(tmp_path, rows, head="time,price", currency="EUR", **keys):
    path = tmp_path / "spot.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read_spot_series(SpotPrices(file=path, **keys), currency)


def by_hour(spot, day):
    """Price of each hour, per MWh."""
    return [float(price) * 1000 for price in spot.prices(day, 1)[::4]]


def instants(day, days=1, freq="h", zone=BERLIN):
    """Begins of all hours of local days, 23 to 25 of them each."""
    start = pd.Timestamp(day).tz_localize(zone)
    end = pd.Timestamp(day + dt.timedelta(days=days)).tz_localize(zone)
    return pd.date_range(start, end, freq=freq, inclusive="left")


def said(tmp_path, *args, **keys):
    """What is noted while a series is read, and the series."""
    with reading_notes() as notes:
        spot = series(tmp_path, *args, **keys)
    return "; ".join(notes.get(str(tmp_path / "spot.csv"), [])), spot


def test_hourly_prices_fill_their_quarters(tmp_path):
    spot = series(tmp_path, [f"2026-05-01T{hour:02d}:00,{10 * hour}" for hour in range(24)])
    prices = spot.prices(MAY_DAY, 1)
    assert [float(price) for price in prices[:9]] == [0, 0, 0, 0, 0.01, 0.01, 0.01, 0.01, 0.02]


@pytest.mark.parametrize(
    "written",
    [
        lambda time: time.tz_convert("UTC").strftime("%Y-%m-%dT%H:%MZ"),
        lambda time: time.isoformat(),
        lambda time: str(int(time.timestamp())),
        lambda time: time.tz_convert("Etc/GMT-1").isoformat(),
        lambda time: time.strftime("%Y-%m-%d %H:%M"),
        lambda time: time.strftime("%d.%m.%Y %H:%M"),
        lambda time: time.strftime("%m/%d/%Y %I:%M %p"),
    ],
)
def test_times_in_utc_and_with_offsets_are_turned_into_local_time(tmp_path, written):
    rows = [f"{written(time)},{time.hour}" for time in instants(MAY_DAY, 14)]
    spot = series(tmp_path, rows)
    assert by_hour(spot, MAY_DAY) == pytest.approx(range(24))
    assert by_hour(spot, MAY_DAY + dt.timedelta(days=13)) == pytest.approx(range(24))


def test_turned_times_are_noted(tmp_path):
    rows = [f"{time.tz_convert('UTC').isoformat()},1" for time in instants(MAY_DAY)]
    assert "offset +00:00 turned into those of Europe/Berlin" in said(tmp_path, rows)[0]


def test_the_depots_zone_may_be_named(tmp_path):
    zone = "America/Los_Angeles"
    times = instants(MAY_DAY, zone=ZoneInfo(zone))
    for written in (lambda time: time.tz_convert("UTC").isoformat(), lambda time: time.isoformat()):
        rows = [f"{written(time)},{time.hour}" for time in times]
        spot = series(tmp_path, rows, currency="USD", time_zone=zone)
        assert by_hour(spot, MAY_DAY) == pytest.approx(range(24))
    with pytest.raises(InputDataError, match=r"name the depot's time zone as spot.time_zone"):
        series(tmp_path, rows, currency="USD")
    with pytest.raises(InputDataError, match=r"offset -07:00, which Europe/Berlin has not"):
        series(tmp_path, rows)


@pytest.mark.parametrize("name", ["Berlin", "", "../etc/passwd", "/etc/passwd", "a" * 5000])
def test_unknown_zones_are_named(tmp_path, name):
    (tmp_path / "spot.csv").write_text("a")
    with pytest.raises(ValidationError, match="a time zone such as Europe/Berlin"):
        SpotPrices(file=tmp_path / "spot.csv", time_zone=name)


@pytest.mark.parametrize("freq", ["h", "15min"])
@pytest.mark.parametrize("way", ["offset", "order", "utc", "backwards"])
def test_of_the_hour_that_stands_twice_in_autumn_the_first_is_taken(tmp_path, freq, way):
    times = instants(AUTUMN, freq=freq)
    written = {
        "offset": lambda time: time.isoformat(),
        "utc": lambda time: time.tz_convert("UTC").isoformat(),
    }.get(way, lambda time: time.strftime("%Y-%m-%d %H:%M"))
    rows = [
        f"{written(time)},{place // (4 if freq != 'h' else 1)}" for place, time in enumerate(times)
    ]
    notes, spot = said(tmp_path, rows if way != "backwards" else rows[::-1])
    assert by_hour(spot, AUTUMN) == pytest.approx([0, 1, 2, *range(4, 25)])
    assert "clocks go back on 2026-10-25" in notes
    assert "no price" not in notes


@pytest.mark.parametrize("written", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z"])
def test_the_hour_that_spring_leaves_out_costs_as_the_one_before(tmp_path, written):
    rows = [f"{time.strftime(written)},{time.hour}" for time in instants(SPRING)]
    assert len(rows) == 23
    notes, spot = said(tmp_path, rows)
    assert by_hour(spot, SPRING) == pytest.approx([0, 1, 1, *range(3, 24)])
    assert "clocks go forward on 2026-03-29" in notes


def test_a_year_of_hours_and_then_of_quarters(tmp_path):
    hours = [f"{time:%Y-%m-%d %H:%M},{time.hour}" for time in instants(dt.date(2025, 9, 29), 2)]
    quarters = [
        f"{time:%Y-%m-%d %H:%M},{time.hour + time.minute / 100}"
        for time in instants(dt.date(2025, 10, 1), 2, "15min")
    ]
    again = [f"{time:%Y-%m-%d %H:%M},{time.hour}" for time in instants(dt.date(2025, 10, 3))]
    notes, spot = said(tmp_path, [*hours, *quarters, *again])
    assert notes == ""
    day = [float(price) * 1000 for price in spot.prices(dt.date(2025, 9, 30), 1)]
    assert day[-4:] == [23.0] * 4
    day = [float(price) * 1000 for price in spot.prices(dt.date(2025, 10, 2), 1)]
    assert day[-4:] == pytest.approx([23.0, 23.15, 23.30, 23.45])
    assert by_hour(spot, dt.date(2025, 10, 3)) == pytest.approx(range(24))


EXPORTS = {
    "semicolons and decimal commas": (
        "time;price",
        lambda time: f"{time:%Y-%m-%d %H:%M};{time.hour},50",
    ),
    "ENTSO-E": (
        '"MTU (CET/CEST)","Area","Sequence","Day-ahead Price (EUR/MWh)","Intraday (EUR/MWh)"',
        lambda time: (
            f'"{time:%d/%m/%Y %H:%M:%S} - {time + pd.Timedelta("1h"):%d/%m/%Y %H:%M:%S}",'
            f'"BZN|DE-LU","Without Sequence","{time.hour}.50",""'
        ),
    ),
    "ENTSO-E before 2025": (
        "MTU (CET/CEST),Day-ahead Price [EUR/MWh],Currency,BZN|DE-LU",
        lambda time: (
            f"{time:%d.%m.%Y %H:%M} - {time + pd.Timedelta('1h'):%d.%m.%Y %H:%M},"
            f"{time.hour}.50,EUR,"
        ),
    ),
    "ENTSO-E in UTC": (
        "MTU (UTC),Day-ahead Price [EUR/MWh]",
        lambda time: (
            f"{time.tz_convert('UTC'):%d.%m.%Y %H:%M} - "
            f"{time.tz_convert('UTC') + pd.Timedelta('1h'):%d.%m.%Y %H:%M},{time.hour}.50"
        ),
    ),
    "SMARD": (
        "Datum von;Datum bis;Deutschland/Luxemburg [€/MWh] Originalauflösungen;Belgien [€/MWh]",
        lambda time: (
            f"{time:%d.%m.%Y %H:%M};{time + pd.Timedelta('1h'):%d.%m.%Y %H:%M};{time.hour},50;-"
        ),
    ),
    "energy-charts": (
        'Date (GMT+1),Day Ahead Auction (DE-LU)\n,"Price (EUR/MWh, EUR/tCO2)"',
        lambda time: f"{time:%Y-%m-%dT%H:%M}{time:%z},{time.hour}.50",
    ),
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_exports_of_exchanges_are_read_as_they_are(tmp_path, kind):
    head, row = EXPORTS[kind]
    spot = series(tmp_path, [row(time) for time in instants(MAY_DAY, 14)], head)
    assert by_hour(spot, MAY_DAY) == pytest.approx([hour + 0.5 for hour in range(24)])


def test_columns_may_have_other_names(tmp_path):
    rows = [f"x,{time:%Y-%m-%d %H:%M},{time.hour}" for time in instants(MAY_DAY)]
    spot = series(tmp_path, rows, "z,begin,DE", columns={"time": "begin", "price": "DE"})
    assert by_hour(spot, MAY_DAY) == pytest.approx(range(24))


def test_typical_year_by_month_and_hour(tmp_path):
    rows = [f"{month},{hour},{10 * month + hour}" for month in range(1, 13) for hour in range(24)]
    spot = series(tmp_path, rows, "month,hour,price", unit="per_kwh")
    assert float(spot.prices(MAY_DAY, 1)[4 * 7]) == 57


@pytest.mark.parametrize(
    ("rows", "head", "says"),
    [
        (
            ["2026-05-01T00:00,5", "2026-05-01T00:00,6"],
            "time,price",
            "a second price for 2026-05-01 00:00 in row 3; leave one",
        ),
        (["2026-10-25 02:00,5"] * 3, "time,price", "a second price for 2026-10-25 02:00 in row 4"),
        (["2026-10-25T02:00+02:00,5"] * 3, "time,price", "a second price for"),
        (["noon,5"], "time,price", "time must be a date with a time"),
        ([",5"], "time,price", "time must be a date with a time"),
        (["2026-05-01T00:07,5"], "time,price", "row 2: expected the begin of an hour or a quarter"),
        (["2026-05-01T00:00,dear"], "time,price", "price must be a finite number"),
        (["2026-05-01T00:00,1e999999999"], "time,price", "price must be a finite number"),
        (["2026-05-01T00:00,1e30"], "time,price", "price must be a number from -1,000,000 to"),
        (["2026-05-01T00:00,-", "2026-05-01T01:00,n/e"], "time,price", "found no price"),
        (["1,2"], "a,b", "missing column time, price. Found columns: a, b"),
        (["1,0,5"], "month,hour,price", "no price for"),
        (["1,0,5", "1,0,5"], "month,hour,price", "row 3: a second price for (1, 0)"),
        (["13,0,5"], "month,hour,price", "month must be a whole number from 1 to 12"),
        (["1,1e9,5"], "month,hour,price", "hour must be a whole number from 0 to 23"),
        (["2026-05-01T00:00,5"], "time,Price (DKK/MWh)", "prices in DKK, the tariff is in EUR"),
        (
            ["2026-05-01T00:00,5"],
            "time,Price (EUR/kWh)",
            "prices per kWh; set spot.unit to per_kwh",
        ),
        (["2026-05-01T00:00,5"], "time,Preis in ct/kWh", "prices in ct; give them in EUR"),
    ],
)
def test_wrong_series_are_named(tmp_path, rows, head, says):
    column = head.split(",")[-1]
    columns = {} if column in {"price", "b"} else {"price": column}
    with pytest.raises(InputDataError, match=re.escape(says)):
        series(tmp_path, rows, head, columns=columns)


def test_twins_far_apart_are_listed_at_once(tmp_path):
    rows = [f"{time:%Y-%m-%d %H:%M},1" for time in instants(MAY_DAY)]
    with pytest.raises(InputDataError, match=r"00:00 in row 26, .*03:00 in row 29 and 20 more"):
        series(tmp_path, [*rows, *rows])


def test_gaps_are_noted_and_named_where_they_are_needed(tmp_path):
    times = [time for time in instants(MAY_DAY, 3) if time.hour not in {3, 4, 20}]
    notes, spot = said(tmp_path, [f"{time:%Y-%m-%d %H:%M},30" for time in times])
    assert "no price for 36 quarters of an hour: 2026-05-01 03:00 to 2026-05-01 05:00" in notes
    with pytest.raises(
        InputDataError, match=r"has no price for 2026-05-01 03:00.*12 quarters.*20:00"
    ):
        spot.prices(MAY_DAY, 1)
    with pytest.raises(
        InputDataError, match="it goes from 2026-05-01 00:00:00 to 2026-05-04 00:00"
    ):
        spot.prices(dt.date(2027, 1, 1), 1)


def test_rows_without_a_price_are_gaps(tmp_path):
    rows = [
        f"{time:%Y-%m-%d %H:%M},{'n/e' if time.hour == 7 else 30}" for time in instants(MAY_DAY)
    ]
    notes, _ = said(tmp_path, rows)
    assert "no price in row 9; no price for 4 quarters" in notes


@pytest.mark.parametrize(
    ("unit", "price", "asks"),
    [("per_kwh", 120, "is spot.unit per_mwh?"), ("per_mwh", 0.12, "is spot.unit per_kwh?")],
)
def test_prices_that_look_like_those_of_another_unit_are_noted(tmp_path, unit, price, asks):
    rows = [f"{time:%Y-%m-%d %H:%M},{price}" for time in instants(MAY_DAY)]
    assert asks in said(tmp_path, rows, unit=unit)[0]
    other = "per_mwh" if unit == "per_kwh" else "per_kwh"
    assert asks not in said(tmp_path, rows, unit=other)[0]
