"""Tariffs: gaps and overlaps, calendars, prices of real versions, files that are wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from planner.depot.export_table import read_export_table
from planner.depot.tariff import HOLIDAY, tariff_from_section
from planner.errors import InputDataError, ScenarioError
from planner.scenario.tariff_library import read_tariff

ROOT = Path(__file__).parents[3]
SCE = ROOT / "config" / "tariffs" / "sce-tou-gs-2-d.yaml"
GERMANY = ROOT / "config" / "tariffs" / "de-medium-voltage-spot.yaml"
JULY_WEDNESDAY = dt.date(2026, 7, 15)
JULY_SUNDAY = dt.date(2026, 7, 19)
NOVEMBER_MONDAY = dt.date(2026, 11, 9)

PLAIN = """
name: plain
currency: EUR
effective: 2026-01-01
source: made up
energy:
  - {name: day, hours: ["06:00-22:00"], price: 0.30}
  - {name: night, hours: ["00:00-06:00", "22:00-24:00"], price: 0.20}
"""


def written(tmp_path, text):
    path = tmp_path / "tariff.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("day", "hour", "price"),
    [
        (JULY_WEDNESDAY, 15, 0.11858),
        (JULY_WEDNESDAY, 16, 0.16629),
        (JULY_WEDNESDAY, 20, 0.16629),
        (JULY_WEDNESDAY, 21, 0.11858),
        (JULY_SUNDAY, 17, 0.15480),
        (NOVEMBER_MONDAY, 7, 0.12931),
        (NOVEMBER_MONDAY, 8, 0.09291),
        (NOVEMBER_MONDAY, 17, 0.13069),
        (dt.date(2026, 9, 7), 17, 0.15480),  # Labor Day
    ],
)
def test_prices_of_southern_california(day, hour, price):
    tariff = tariff_from_section(read_tariff(SCE))
    assert tariff.import_price(day, 1)[4 * hour] == pytest.approx(price, abs=1e-12)


def test_demand_charges_of_southern_california():
    tariff = tariff_from_section(read_tariff(SCE))
    terms = {term.name: term for term in tariff.demand_terms(JULY_WEDNESDAY, 1, {})}
    assert terms["facilities demand"].price_per_kw == pytest.approx(28.18 / 31)
    assert terms["facilities demand"].applies.all()
    peak = terms["time-related demand, summer"]
    assert peak.price_per_kw == pytest.approx(39.60 / 31)
    assert np.flatnonzero(peak.applies).tolist() == list(range(64, 84))
    assert "time-related demand, summer" not in {
        term.name for term in tariff.demand_terms(JULY_SUNDAY, 1, {})
    }


def test_holiday_is_none_of_the_weekdays():
    tariff = tariff_from_section(read_tariff(SCE))
    assert tariff.kind_of(dt.date(2026, 12, 25)) == HOLIDAY
    assert tariff.kind_of(dt.date(2026, 6, 19)) == 4  # a holiday that this tariff does not know


def test_germany_adds_the_exchange_to_fees():
    tariff = tariff_from_section(read_tariff(GERMANY))
    price = tariff.import_price(dt.date(2026, 5, 12), 1)
    assert price[4 * 12] == pytest.approx(0.06311 + 0.034)
    assert tariff.export_price(dt.date(2026, 5, 12), 1)[4 * 12] == pytest.approx(0.034 - 0.004)
    assert tariff.demand[0].is_yearly


def test_season_may_go_over_new_year(tmp_path):
    text = PLAIN.replace("name: day,", "name: day, season: winter,") + (
        '  - {name: day, season: summer, hours: ["06:00-22:00"], price: 0.1}\n'
        'seasons:\n  summer: {first: "04-01", last: "10-31"}\n'
        '  winter: {first: "11-01", last: "03-31"}\n'
    )
    tariff = tariff_from_section(read_tariff(written(tmp_path, text)))
    assert tariff.import_price(dt.date(2026, 1, 5), 1)[48] == pytest.approx(0.30)
    assert tariff.import_price(dt.date(2026, 7, 5), 1)[48] == pytest.approx(0.10)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"06:00-22:00"', '"07:00-22:00"', "no energy price in year on mon from 06:00 to 07:00"),
        ('"06:00-22:00"', '"05:45-22:00"', "several energy prices in year on mon from 05:45"),
        ('"06:00-22:00"', '"06:10-22:00"', "in quarters"),
        ("effective: 2026-01-01", "effective: soon", "effective"),
        ("price: 0.30", "price: dear", "price"),
        ("currency: EUR", "currency: euros", "currency"),
        ("name: day,", "name: day, season: spring,", "in season 'spring', which is none of year"),
        ("source: made up", 'source: x\nseasons: {a: {first: "01-01", last: "06-30"}}', "07-01 in"),
        ("source: made up", 'source: x\nseasons: {a: {first: "02-30", last: "06-30"}}', "02-30"),
        ("source: made up", "source: x\ncolour: red", "colour"),
    ],
)
def test_wrong_tariffs_are_named(tmp_path, old, new, says):
    with pytest.raises(ScenarioError, match=says):
        read_tariff(written(tmp_path, PLAIN.replace(old, new)))


def test_tariff_before_its_time(tmp_path):
    tariff = tariff_from_section(read_tariff(written(tmp_path, PLAIN)))
    with pytest.raises(InputDataError, match=r"holds from 2026-01-01 on, asked for 2025-12-31"):
        tariff.import_price(dt.date(2025, 12, 31), 1)


def test_unknown_holiday_is_named(tmp_path):
    text = PLAIN + "holidays: {country: US, only: [Pancake Day]}\n"
    tariff = tariff_from_section(read_tariff(written(tmp_path, text)))
    with pytest.raises(InputDataError, match=r"none is called 'Pancake Day'.*Labor Day"):
        tariff.import_price(JULY_WEDNESDAY, 1)


def net_billing(tmp_path, skip=None):
    head = "DateStart,TimeStart,DateEnd,TimeEnd,DayTypeStart,DayTypeEnd,Value,Unit"
    rows = [
        f"2024-{month:02d}-01,{hour:02d}:00:00,2024-{month:02d}-28,{hour:02d}:59:59,{days},"
        f"{month + hour / 100 + weekend / 1000},$/kWh"
        for month in range(1, 13)
        for weekend, days in enumerate(("1,5", "6,8"))
        for hour in range(24)
    ]
    if skip is not None:
        del rows[skip]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_net_billing_table_by_month_hour_and_kind_of_day(tmp_path):
    table = read_export_table(net_billing(tmp_path), 2024)
    assert float(table.prices(7, 2)[4 * 13]) == 7.13
    assert float(table.prices(7, HOLIDAY)[4 * 13 + 3]) == 7.131


def test_net_billing_table_with_a_gap_or_of_another_year(tmp_path):
    with pytest.raises(InputDataError, match=r"no price for \(1, 0, 5\)"):
        read_export_table(net_billing(tmp_path, skip=5), 2024)
    with pytest.raises(InputDataError, match="has no prices of 2031; it has 2024"):
        read_export_table(net_billing(tmp_path), 2031)


def net_billing_cells(**changes):
    """A row that covers a whole year, with some cells changed."""
    row = {
        "DateStart": "2024-01-01",
        "TimeStart": "00:00:00",
        "DateEnd": "2024-12-31",
        "TimeEnd": "23:59:59",
        "DayTypeStart": "1",
        "DayTypeEnd": "8",
        "Value": "0.5",
    }
    return row | changes


def test_net_billing_table_as_german_excel_writes_it(tmp_path):
    cells = net_billing_cells(DateStart="01.01.2024", DateEnd="31.12.2024", Value="0,5")
    path = tmp_path / "export.csv"
    path.write_text(f"{';'.join(cells)}\n{';'.join(cells.values())}\n", encoding="cp1252")
    assert float(read_export_table(path, 2024).prices(7, 2)[0]) == 0.5


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"DayTypeEnd": "9"}, "DayTypeEnd must be a whole number from 1 to 8; see row 2"),
        ({"DayTypeEnd": "1e300"}, "DayTypeEnd must be a whole number"),
        ({"DayTypeStart": "0.5"}, "DayTypeStart must be a whole number"),
        ({"TimeEnd": "25:00"}, "TimeEnd must be a time of day such as 13:00:00; see row 2"),
        ({"DateEnd": "soon"}, "DateEnd must be a date with a time"),
        ({"DateEnd": "2024-11-30"}, "no price for"),
        ({"Value": "dear"}, "Value must be a finite number"),
        ({"Value": "1e999999999"}, "Value must be a finite number"),
        ({"Value": ""}, "Value must be a number from -1,000 to 100,000"),
    ],
)
def test_wrong_net_billing_tables_are_named(tmp_path, changes, says):
    cells = net_billing_cells(**changes)
    path = tmp_path / "export.csv"
    path.write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n", encoding="utf-8")
    with pytest.raises(InputDataError, match=says):
        read_export_table(path, None)
