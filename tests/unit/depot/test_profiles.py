"""Load and PV: hours into quarters, typical days, standard profiles, clear sky, wrong files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import pytest

from planner.depot.profiles import building_load, pv_power
from planner.errors import InputDataError
from planner.scenario.depot_site import (
    ClearSkyPv,
    ConstantLoad,
    StandardLoad,
    TableLoad,
    TablePv,
    WeatherPv,
)
from tests.reference_data import reference_path

ROOT = Path(__file__).parents[3]
WEDNESDAY = dt.date(2026, 4, 15)
SUNDAY = dt.date(2026, 4, 19)


def year_file(tmp_path, hours=8760, **columns):
    time = np.arange(hours)
    table = pd.DataFrame({"hour": time % 24, "day": time // 24, **columns})
    path = tmp_path / "year.csv"
    table.to_csv(path, index=False)
    return path


def test_constant_load():
    assert building_load(ConstantLoad(source="constant", kw=7.0), WEDNESDAY).tolist() == [7.0] * 96


def test_standard_profile_uses_the_years_energy():
    section = StandardLoad(source="standard_profile", annual_kwh=100_000.0)
    year = building_load(section, dt.date(2026, 1, 1), 365)
    assert year.sum() / 4 == pytest.approx(100_000.0)
    day = building_load(section, WEDNESDAY)
    assert day[48:64].mean() > 1.5 * day[:16].mean()
    assert day.tolist() == year[96 * 104 : 96 * 105].tolist()


def test_very_day_of_a_table_by_hand(tmp_path):
    path = year_file(tmp_path)
    section = TableLoad(source="csv", path=path, columns={"hour": 1.0, "day": 0.1})
    day = building_load(section, WEDNESDAY, typical=False)  # day 104 of the year
    assert day[:5] == pytest.approx([10.4, 10.4, 10.4, 10.4, 11.4])
    assert len(building_load(section, WEDNESDAY, 30, typical=False)) == 96 * 30


def test_typical_day_is_the_mean_of_its_kind(tmp_path):
    kinds = (np.arange(8760) // 24 + 3) % 7 + 1
    path = year_file(tmp_path, kind=kinds, load=np.where(kinds > 5, 1.0, 9.0))
    section = TableLoad(source="csv", path=path, columns={"load": 1.0}, day_type_column="kind")
    assert building_load(section, WEDNESDAY).mean() == pytest.approx(9.0)
    assert building_load(section, SUNDAY).mean() == pytest.approx(1.0)
    plain = TableLoad(source="csv", path=path, columns={"load": 1.0})
    assert 5.0 < building_load(plain, WEDNESDAY).mean() < 9.0


def test_quarter_hours_are_taken_as_they_are(tmp_path):
    path = year_file(tmp_path, 35_040, load=np.arange(35_040) % 96)
    section = TableLoad(source="csv", path=path, columns={"load": 1.0})
    assert building_load(section, WEDNESDAY, typical=False) == pytest.approx(np.arange(96.0))


def test_leap_day_of_a_common_years_table(tmp_path):
    path = year_file(tmp_path)
    section = TableLoad(source="csv", path=path, columns={"day": 1.0})
    assert building_load(section, dt.date(2028, 2, 29), typical=False)[0] == 58.0


@pytest.mark.parametrize(
    ("hours", "columns", "says"),
    [
        (8000, {"hour": 1.0}, "expected the rows of a year, .* found 8,000"),
        (8760, {"load": 1.0}, "missing column load. Found columns: hour, day, word"),
        (8760, {"word": 1.0}, "word must be a finite number .* found 'x' .* rows 2,"),
    ],
)
def test_wrong_tables_are_named(tmp_path, hours, columns, says):
    path = year_file(tmp_path, hours, word=["x"] * hours)
    with pytest.raises(InputDataError, match=says):
        building_load(TableLoad(source="csv", path=path, columns=columns), WEDNESDAY)


def test_sun_of_a_table(tmp_path):
    path = year_file(tmp_path, watts=np.full(8760, 500.0))
    section = TablePv(source="csv", path=path, column="watts", kw_peak=40.0)
    assert pv_power(section, WEDNESDAY).tolist() == [20.0] * 96


def test_clear_sky_at_the_equinox():
    section = ClearSkyPv(
        source="clear_sky",
        kw_peak=100.0,
        latitude=34.1,
        longitude=-117.3,
        utc_offset_h=-8.0,
        altitude_m=320.0,
        inverter_kw=70.0,
        losses_share=0.1,
    )
    sun = pv_power(section, dt.date(2026, 3, 20))
    lit = np.flatnonzero(sun > 0.5)
    assert 5.5 < lit[0] / 4 < 6.6
    assert 17.4 < lit[-1] / 4 < 18.6
    assert sun.max() == 70.0
    # energy of the open sky is 1.3 to 1.5 times what the horizontal plane gets in clear March
    assert 500.0 < sun.sum() / 4 < 650.0
    clouds = pv_power(section.model_copy(update={"cloud_share": 0.5}), dt.date(2026, 3, 20))
    assert clouds.sum() < 0.7 * sun.sum()


def test_no_sun():
    assert pv_power(None, WEDNESDAY).sum() == 0.0


def test_example_year_of_a_building_reads():
    path = reference_path("building_and_pv/Building_1.csv")
    load = TableLoad(
        source="csv", path=path, columns={"non_shiftable_load": 1.0}, day_type_column="day_type"
    )
    sun = TablePv(source="csv", path=path, column="solar_generation", kw_peak=100.0)
    year = pd.read_csv(path)
    whole = building_load(load, dt.date(2026, 1, 1), 365, typical=False)
    assert whole.sum() / 4 == pytest.approx(year["non_shiftable_load"].sum())
    april = pv_power(sun, WEDNESDAY)
    of_month = year.loc[year["month"] == 4, "solar_generation"]
    assert april.sum() / 4 == pytest.approx(of_month.sum() / 30 * 0.1)


def test_weather_file_of_a_typical_year():
    folder = Path(pvlib.__file__).parent / "data"
    section = WeatherPv(source="weather", path=folder / "723170TYA.CSV", kw_peak=100.0)
    june = pv_power(section, dt.date(2026, 6, 15))
    december = pv_power(section, dt.date(2026, 12, 15))
    # Greensboro, North Carolina: about 1,300 kWh per kW in a year
    assert 1200.0 < pv_power(section, dt.date(2026, 1, 1), 365).sum() / 4 / 100.0 < 1500.0
    assert june.sum() > 1.3 * december.sum()
    assert 11.0 < june.argmax() / 4 < 13.5


def test_weather_file_as_epw(tmp_path):
    head = ["LOCATION,Somewhere,,DEU,made up,0,51.0,10.0,1.0,200.0", *["x"] * 7]
    rows = []
    for hour in range(8760):
        day = dt.datetime(1990, 1, 1) + dt.timedelta(hours=hour)  # noqa: DTZ001  # weather files have local time
        bright = 8 <= day.hour < 16
        values = [day.year, day.month, day.day, day.hour + 1, 0, "?", 15, 5, 50, 100_000, 0, 0, 300]
        values += [400 if bright else 0, 0, 400 if bright else 0, *[0] * 5, 2.0, *[0] * 13]
        rows.append(",".join(map(str, values)))
    path = tmp_path / "year.epw"
    path.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")
    section = WeatherPv(source="weather", path=path, kw_peak=10.0, tilt_deg=0.0, losses_share=0.0)
    sun = pv_power(section, dt.date(2026, 6, 15))
    assert np.flatnonzero(sun).tolist() == list(range(32, 64))
    # 400 W/m² on cells of about 25 °C: 40 % of the peak
    assert sun.max() == pytest.approx(4.0, abs=0.1)


def test_what_is_no_weather_file_is_named(tmp_path):
    path = tmp_path / "year.epw"
    path.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(InputDataError, match="found what is not readable as one"):
        pv_power(WeatherPv(source="weather", path=path, kw_peak=1.0), WEDNESDAY)
