import datetime as dt

import numpy as np
import pandas as pd
import pytest

from planner.demand.trip_table import read_trip_table
from planner.errors import InputDataError
from planner.files.table_keys import TableKeys

CLASSES = ("heavy", "light")
BY_NODE = "origin,destination,departure_h\naa,ee,6\nee,bb,30.5\n"
BY_PLACE = "origin_lon,origin_lat,destination_lon,destination_lat,departure_h\n7,50,15,50,6\n"


@pytest.fixture
def read(tmp_path, line_graph):
    def run(content, columns=None, crs="EPSG:4326", time_zone=None):
        path = tmp_path / "trips"
        if isinstance(content, pd.DataFrame):
            content.to_parquet(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_trip_table(
            path, TableKeys("demand", columns=columns or {}), crs, line_graph, CLASSES, time_zone
        )

    return run


def test_ends_are_nodes(read, line_graph):
    records = read(BY_NODE)
    assert records.origin_node_idx.tolist() == [0, 4]
    assert records.destination_node_idx.tolist() == [4, 1]
    assert records.origin_lon.tolist() == line_graph.lon[[0, 4]].tolist()
    assert records.departure_h.tolist() == [6.0, 30.5]
    assert (records.is_loaded == -1).all()
    assert np.isnan(records.initial_soc_share).all()


def test_ends_are_coordinates_of_any_system(read):
    records = read(BY_PLACE)
    assert records.destination_lon.tolist() == [15.0]
    assert records.origin_node_idx.tolist() == [-1]
    metres = "origin_lon,origin_lat,destination,departure_h\n500000,5500000,ee,1\n"
    records = read(metres, crs="EPSG:25832")
    np.testing.assert_allclose(records.origin_lon, 9.0)
    assert records.destination_node_idx.tolist() == [4]


def test_what_a_table_says_of_trucks_is_taken(read):
    records = read(
        "from,to,departure_h,soc,vehicle_class,is_loaded\n"
        "aa,ee,06:30:00,0.5,light,yes\n"
        "aa,ee,2026-03-04T12:00,,,empty\n",
        {"origin": "from", "destination": "to", "soc_share": "soc"},
    )
    assert records.departure_h.tolist() == [6.5, 60.0]
    assert records.initial_soc_share[0] == 0.5
    assert np.isnan(records.initial_soc_share[1])
    assert records.vehicle_class_idx.tolist() == [1, -1]
    assert records.is_loaded.tolist() == [1, 0]


def test_parquet_is_read_as_csv_is(read):
    table = pd.DataFrame(
        {
            "origin": ["aa", "ee"],
            "destination": ["ee", "bb"],
            "departure_h": [6.0, 30.5],
            "is_loaded": [True, False],
        }
    )
    records = read(table)
    assert records.departure_h.tolist() == [6.0, 30.5]
    assert records.is_loaded.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty"),
        ("origin,destination,departure_h\n", "found 1 row of text"),
        ("origin,destination\naa,ee\n", "missing column departure_h"),
        ("destination,departure_h\nee,1\n", r"origin_lon and origin_lat would do.*missing column"),
        (BY_PLACE.replace(",50,15", ",,15"), "origin must be given; see row 2"),
        (BY_NODE.replace("bb", "zz"), r"destination must be a node id .*such as 'aa'.* row 3"),
        (BY_NODE.replace("30.5", "late"), "hours since Monday 00:00.* row 3"),
        (BY_NODE.replace("30.5", "-1"), "from 0 to 87,840 hours, found .*; see row 3"),
        (BY_NODE.replace("30.5", "nan"), "from 0 to 87,840 hours, found .*; see row 3"),
        (
            BY_PLACE.replace("7,50,15,50", "50,7,50,15"),
            "look swapped: ends of trips",
        ),
        (BY_PLACE.replace("7,50,15,50", "7,95,15,50"), "on the globe in EPSG:4326"),
        (
            "trip_id,origin,destination,departure_h\nt,aa,ee,1\nt,aa,ee,2\n",
            "trip_id must be unique; see rows 2, 3",
        ),
        ("origin,destination,departure_h,soc_share\naa,ee,1,80\n", "soc_share must be 0 to 1"),
        ("origin,destination,departure_h,is_loaded\naa,ee,1,half\n", "is_loaded must be true"),
        (
            "origin,destination,departure_h,vehicle_class\naa,ee,1,tank\n",
            r"vehicles.mix \(heavy, light\)",
        ),
        (b"PAR1 and no more", "Parquet file cannot be read"),
        (pd.DataFrame({"origin": []}), "at least one row"),
    ],
)
def test_broken_tables_are_named(read, content, message):
    with pytest.raises(InputDataError, match=message):
        read(content)


def test_columns_that_are_not_understood_are_named(read):
    with pytest.raises(InputDataError, match=r"demand.columns: expected origin.*found start"):
        read(BY_NODE, {"start": "origin"})
    with pytest.raises(InputDataError, match="missing column departs"):
        read(BY_NODE, {"departure_h": "departs"})


@pytest.mark.parametrize(
    ("first", "second", "hours"),
    [
        ("04-05-2026 08:00", "13-05-2026 08:00", [8.0, 56.0]),
        ("05/04/2026 08:00", "05/13/2026 08:00", [8.0, 56.0]),
        ("04.05.26 08:00", "13.05.2026 08:00", [8.0, 56.0]),
        ("2026-05-04T08:00+02:00", "2026-10-26T08:00+01:00", [8.0, 8.0]),
    ],
)
def test_dates_are_decided_for_the_whole_column(read, first, second, hours):
    table = BY_NODE.replace(",6\n", f",{first}\n").replace(",30.5", f",{second}")
    assert read(table).departure_h.tolist() == hours


def test_dates_of_which_day_and_month_cannot_be_told_are_refused(read):
    table = BY_NODE.replace(",6\n", ",04-05-2026\n").replace(",30.5", ",06-05-2026")
    with pytest.raises(InputDataError, match="which is the day and which the month"):
        read(table)


def test_times_in_utc_need_the_clocks_of_a_country(read):
    table = BY_NODE.replace(",6\n", ",2026-05-04T06:00Z\n").replace(",30.5", ",2026-12-07T06:00Z")
    with pytest.raises(InputDataError, match=r"in UTC.*demand\.time_zone"):
        read(table)
    assert read(table, time_zone="Europe/Berlin").departure_h.tolist() == [8.0, 7.0]


def test_a_time_of_day_in_parquet_is_that_time_on_whatever_day_it_is_read(read):
    table = pd.DataFrame(
        {
            "origin": ["aa", "ee", "aa"],
            "destination": ["ee", "bb", "ee"],
            "departure_h": [dt.time(8, 30), dt.time(6), dt.time(23, 59)],
        }
    )
    assert read(table).departure_h.tolist() == [8.5, 6.0, 23 + 59 / 60]


def test_the_size_of_a_number_cannot_fill_the_memory(read):
    for number in ("1e15", "1e999999999", "9" * 10_000):
        with pytest.raises(InputDataError, match=r"departure_h must be .* row 3"):
            read(BY_NODE.replace("30.5", number))
