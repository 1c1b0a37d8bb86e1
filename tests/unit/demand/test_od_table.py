import numpy as np
import pytest

from planner.demand.od_table import read_od_table
from planner.errors import InputDataError
from planner.scenario.demand_sources import OdTableDemand

HEADER = "origin,destination,volume\n"


@pytest.fixture
def read(tmp_path, line_graph):
    def read_text(text, columns=None, min_distance_km=300.0, encoding="utf-8", **settings):
        path = tmp_path / "traffic.csv"
        path.write_bytes(text.encode(encoding))
        demand = OdTableDemand(
            source="od_table",
            path=path,
            columns=columns or {},
            min_distance_km=min_distance_km,
            **settings,
        )
        return read_od_table(demand, line_graph, 52.0)

    return read_text


def test_trucks_per_year_become_trips_per_week_in_the_direction_of_the_row(read):
    flows, notices = read(HEADER + "ee,aa,520\naa,dd,52\n")
    assert flows.origin_node_idx.tolist() == [0, 4]
    assert flows.destination_node_idx.tolist() == [3, 0]
    assert flows.trips_per_week.tolist() == [1.0, 10.0]
    assert flows.inside_km.tolist() == [450.0, 600.0]
    assert notices == ()


def test_own_column_names_and_further_columns_are_understood(read):
    flows, _ = read(
        "id,from,to,lorries\n1,aa,ee,104\n",
        {"origin": "from", "destination": "to", "trucks_per_year": "lorries"},
    )
    assert flows.trips_per_week.tolist() == [2.0]


def test_repeated_pairs_are_summed_and_said_so(read):
    flows, notices = read(HEADER + "aa,ee,52\nee,aa,52\naa,ee,104\n")
    assert flows.trips_per_week.tolist() == [3.0, 1.0]
    assert notices == ("traffic.csv: rows that repeat an OD pair (1): their trucks were summed.",)


def test_what_cannot_be_a_trip_is_left_out_and_counted(read):
    rows = "aa,ee,52\naa,bb,1000\nbb,cc,500\naa,aa,70\naa,island,40\nbb,ee,0\n"
    flows, notices = read(HEADER + rows)
    assert flows.n_flows == 1
    assert notices == (
        (
            "traffic.csv: left out: OD pairs that begin and end at the same node "
            "(1, with 70 trucks a year)."
        ),
        (
            "traffic.csv: left out: OD pairs without a way between their nodes "
            "(1, with 40 trucks a year)."
        ),
        "traffic.csv: left out: OD pairs shorter than 300 km (2, with 1,500 trucks a year).",
    )


def test_the_minimum_distance_itself_counts(read):
    flows, _ = read(HEADER + "aa,cc,52\naa,bb,52\n")
    np.testing.assert_array_equal(flows.inside_km, [300.0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "origin,destination,trucks\naa,bb,1\n",
            r"missing column trucks_per_year\. Found.* can be named under demand\.columns",
        ),
        (HEADER + "aa,ee,52\nxx,ee,1\nyy,xx,2\n", "2 unknown ids: 'xx', 'yy'; use"),
        (HEADER + "aa,ee,52\nee,aa,-3\n", "from 0 to .* trucks, found -3; see row 3. Correct"),
        (
            HEADER + "aa,ee,many\nbb,ee,inf\n",
            "finite number .*, found 'many' .* rows 2, 3",
        ),
        (HEADER + "aa,ee,52\nee,aa,\n", "must be given, from .* found nothing; see row 3"),
        (HEADER, "expected a header and at least one row, found 1 row of text."),
        ("", "the file is empty"),
        (HEADER + "aa,bb,52\n", "no flow of 300 km or more is left; lower .* 52 trucks a year"),
        (HEADER + "aa,ee,0\n", "no flow of 300 km or more is left"),
    ],
)
def test_broken_tables_are_named(read, text, message):
    with pytest.raises(InputDataError, match=message):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_table_in_another_encoding_is_read(read, encoding):
    with pytest.raises(InputDataError, match="1 unknown ids: 'Köln'"):
        read(HEADER + "Köln,ee,1\n", encoding=encoding)


def test_a_wrong_key_in_columns_is_named(read):
    with pytest.raises(InputDataError, match=r"demand\.columns: expected origin.*found volume"):
        read(HEADER + "aa,ee,1\n", {"volume": "volume"})


def test_a_named_column_that_is_missing_is_named(read):
    with pytest.raises(InputDataError, match="missing column lorries"):
        read(HEADER + "aa,ee,1\n", {"trucks_per_year": "lorries"})


def test_zones_abroad_may_say_how_far_they_lie_beyond_a_crossing(read, tmp_path):
    zones = tmp_path / "zones.csv"
    zones.write_text("zone,node_id,abroad_km\nhome,cc,\nwest,aa,420\neast,ee,80\n")
    flows, _ = read(HEADER + "west,home,52\nwest,east,104\nhome,east,52\n", zones=zones)
    assert flows.abroad_before_median_km.tolist() == [0.0, 420.0, 420.0]
    assert flows.abroad_after_median_km.tolist() == [80.0, 80.0, 0.0]
    assert flows.inside_km.tolist() == [300.0, 600.0, 300.0]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("zone,node_id,abroad_km\nhome,cc,0\nwest,aa,-5\n", "abroad_km must be from 0"),
        ("zone,lon,lat,abroad_km\nhome,11,50,0\nwest,7,50,5\n", "abroad_km counts from a node"),
    ],
)
def test_impossible_distances_abroad_are_refused(read, tmp_path, table, told):
    zones = tmp_path / "zones.csv"
    zones.write_text(table)
    with pytest.raises(InputDataError, match=told):
        read(HEADER + "west,home,52\n", zones=zones)
