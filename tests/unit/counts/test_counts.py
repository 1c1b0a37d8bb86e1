"""Counting stations on a small network, and its traffic beside their counts, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from planner.counts.crossings import crossings
from planner.counts.fit import hold_against
from planner.counts.stations import match_stations, read_stations
from planner.errors import InputDataError
from planner.network.builtin import read_builtin_network
from planner.network.graph import RoadGraph
from tests.reference_data import reference_path

HEADER = "station_id,name,motorway,lon,lat,heavy_vehicles_per_working_day\n"
STATIONS = """\
west,West,A1,0.5,0.01,300
east,East,BAB 1,1.5,0.0,100
beside,Beside,A 1,1.6,0.005,60
north,North,A2,1.01,0.5,10
elsewhere,Elsewhere,A9,0.5,0.0,10
far,Far,A1,0.5,0.5,10
silent,Silent,A1,0.5,0.0,
"""


@pytest.fixture
def graph():
    """A1 from west over the middle to east, and A2 from the middle to the north, both ways."""
    return RoadGraph(
        node_id=np.array(["w", "m", "e", "n"], object),
        node_name=np.array(["W", "M", "E", "N"], object),
        lon=np.array([0.0, 1.0, 2.0, 1.0]),
        lat=np.array([0.0, 0.0, 0.0, 1.0]),
        arc_from_idx=np.array([0, 1, 1, 2, 1, 3], np.int32),
        arc_to_idx=np.array([1, 2, 0, 1, 3, 1], np.int32),
        arc_length_km=np.full(6, 111.0),
        arc_free_speed_kmh=np.full(6, 80.0),
        arc_road=np.array(["A1", "A1", "A1", "A1", "A2", "A2"], object),
    )


@pytest.fixture
def stations_file(tmp_path):
    def write(rows=STATIONS, header=HEADER):
        path = tmp_path / "stations.csv"
        path.write_text(header + rows, encoding="utf-8")
        return path

    return write


def matched_on(graph, path, max_distance_km=3.0):
    return match_stations(read_stations(path), graph, path.name, max_distance_km)


def test_a_station_counts_both_carriageways_of_the_road_that_it_names(graph, stations_file):
    matched = matched_on(graph, stations_file())
    pairs = np.stack([matched.arc_idx, matched.opposite_arc_idx], axis=1)
    assert matched.stations["station_id"].tolist() == ["west", "east", "beside", "north"]
    assert np.sort(pairs, axis=1).tolist() == [[0, 2], [1, 3], [1, 3], [4, 5]]
    assert matched.stations["road"].tolist() == ["A1", "A1", "A1", "A2"]
    assert matched.stations["distance_km"].iloc[0] == pytest.approx(1.11, abs=0.01)


def test_stations_that_cannot_be_compared_are_told_with_the_reason(graph, stations_file):
    left_out = matched_on(graph, stations_file()).left_out.set_index("station_id")["reason"]
    assert left_out.to_dict() == {
        "elsewhere": "its road is not in the network",
        "far": "too far from its road as the network draws it",
        "silent": "without a count",
    }
    assert "far" not in matched_on(graph, stations_file(), 60.0).left_out["station_id"].tolist()


def test_figures_of_a_small_network_are_those_worked_by_hand(graph, stations_file):
    trucks = np.array([100.0, 40.0, 50.0, 30.0, 10.0, 5.0])
    found = hold_against(matched_on(graph, stations_file()), graph, trucks)
    station = found.stations.set_index("station_id")
    assert station["modelled_per_day"].tolist() == [150.0, 70.0, 70.0, 15.0]
    assert station["ratio"].tolist() == pytest.approx([0.5, 0.7, 7 / 6, 1.5])
    # 305 trucks pass where 470 are counted.
    assert station["relative_ratio"].tolist() == pytest.approx(station["ratio"] * 470 / 305)
    # In the mean hour 6.25 trucks drive, and 12.5 are counted.
    assert station.loc["west", "geh"] == pytest.approx(np.sqrt(2 * 6.25**2 / 18.75))
    assert station["is_above"].tolist() == [False, False, True, True]
    by_station, by_stretch = found.fit.to_dict("records")
    assert [by_station["n"], by_stretch["n"]] == [4, 3]
    # Ranks 4, 2.5, 2.5, 1 and 4, 3, 2, 1.
    assert by_station["spearman"] == pytest.approx(4.5 / np.sqrt(4.5 * 5.0))
    assert by_stretch["spearman"] == pytest.approx(1.0)
    logs = np.log([[150, 70, 70, 15], [300, 100, 60, 10]])
    assert by_station["log_pearson"] == pytest.approx(np.corrcoef(logs)[0, 1])
    assert by_station["ratio"] == pytest.approx(305 / 470)
    # Of A1's eastern stretch 80 are counted on the mean of its two stations.
    assert [by_station["n_above"], by_stretch["n_above"]] == [2, 1]
    assert found.roads["road"].tolist() == ["A2", "A1"]
    a1 = found.roads.set_index("road").loc["A1"]
    assert a1["counted_per_day"] == pytest.approx(460 / 3)
    assert a1["modelled_per_day"] == pytest.approx(290 / 3)
    assert a1["n_above"] == 1


def test_beside_trips_over_the_border_stands_the_nearest_station_of_the_road(graph, stations_file):
    path = stations_file("near,,A1,0.05,0.0,300\nfar,,A1,0.9,0.0,100\nnorth,,A2,1.0,0.5,10\n")
    across = np.array([30.0, 20.0, 0.0, 50.0])
    found = hold_against(matched_on(graph, path), graph, np.ones(6), None, across)
    rows = found.crossings.set_index("crossing_id")
    # The busiest first; none crosses at E.
    assert rows.index.tolist() == ["n", "w", "m"]
    assert rows["modelled_per_day"].tolist() == [50.0, 30.0, 20.0]
    # The station of A2 is 56 km away from N, and from M roads go on to all sides.
    assert rows["station_id"].tolist() == ["", "near", ""]
    assert rows["road"].tolist() == ["A2", "A1", ""]
    assert rows.loc["w", "distance_km"] == pytest.approx(5.56, abs=0.01)
    assert rows["ratio"].dropna().tolist() == [pytest.approx(0.1)]
    # 6 trucks pass the stations where 410 are counted.
    assert rows.loc["w", "relative_ratio"] == pytest.approx(0.1 * 410 / 6)
    at_border = found.fit.set_index("by").loc["crossing"]
    assert (at_border["n"], at_border["ratio"]) == (1, pytest.approx(0.1))


def test_scaled_to_the_sum_of_counts_a_fit_that_is_proportional_is_perfect(graph, stations_file):
    path = stations_file("a,,A1,0.5,0.0,4000\nb,,A2,1.0,0.5,400\n")
    trucks = np.array([500.0, 0.0, 500.0, 0.0, 50.0, 50.0])
    found = hold_against(matched_on(graph, path), graph, trucks)
    assert found.stations["scaled_geh"].tolist() == pytest.approx([0.0, 0.0])
    assert found.fit["scaled_good_share"].tolist() == [1.0, 1.0]
    assert found.fit["good_share"].tolist() == [0.5, 0.5]


def test_roads_without_trucks_are_counted_and_break_nothing(graph, stations_file):
    found = hold_against(matched_on(graph, stations_file()), graph, np.zeros(6))
    assert found.fit["n_empty"].tolist() == [4, 3]
    assert found.fit[["spearman", "log_pearson"]].isna().all(axis=None)


def test_where_no_road_has_a_name_the_nearest_is_counted(graph, stations_file):
    nameless = RoadGraph(
        **{name: getattr(graph, name) for name in graph.__dataclass_fields__ if name != "arc_road"},
        arc_road=np.full(6, "", object),
    )
    matched = matched_on(nameless, stations_file())
    assert "elsewhere" in matched.stations["station_id"].tolist()


@pytest.mark.parametrize(
    ("rows", "header", "says"),
    [
        (
            STATIONS,
            HEADER.replace("heavy", "light"),
            "missing column heavy_vehicles.* give the columns these names there",
        ),
        ("a,A,A1,0.5,0,many\n", HEADER, "_working_day must be a finite number .* 'many'"),
        ("a,A,A1,0.5,0,-3\n", HEADER, "_working_day must be .* to 1,000,000,000, found -3"),
        ("a,A,A1,0.5,95,3\n", HEADER, "lat must be"),
        ("a,A,A1,0.5,0,1\na,A,A 1,0.6,0,1\n", HEADER, "must stand there once"),
        (",A,A1,0.5,0,1\n", HEADER, "needs a station_id"),
        ("", HEADER, "at least one row"),
        ("a,A,A9,0.5,0,3\n", HEADER, "1 its road is not in the network"),
        ("a,A,A1,0.5,2,3\n", HEADER, "1 too far from its road .*--max-distance-km"),
    ],
)
def test_a_faulty_list_of_stations_is_refused_with_what_is_wrong(
    graph, stations_file, rows, header, says
):
    with pytest.raises(InputDataError, match=says) as told:
        matched_on(graph, stations_file(rows, header))
    assert "stations.csv" in str(told.value)


def test_german_stations_lie_on_the_built_in_network():
    path = reference_path("bast_counts/stations.csv")
    stations = read_stations(path)
    matched = match_stations(stations, read_builtin_network(), path.name)
    assert len(matched.stations) / len(stations) > 0.9
    assert pd.Series(matched.opposite_arc_idx >= 0).all()
    assert set(matched.stations["road"]) <= set(stations["road"])


def test_crossings_of_germany_have_the_stations_that_were_found_by_hand():
    path = reference_path("bast_counts/stations.csv")
    known = pd.read_csv(reference_path("bast_counts/gateways.csv")).dropna(subset="count")
    germany = read_builtin_network()
    matched = match_stations(read_stations(path), germany, path.name)
    across = np.char.startswith(germany.node_id.astype(str), "grenze-").astype(float)
    found = crossings(matched, germany, across).dropna(subset="counted_per_day")
    both = known.merge(found, left_on="station", right_on="name")
    assert len(both) == len(found) > 10
    assert both["count"].tolist() == both["counted_per_day"].tolist()
    np.testing.assert_allclose(both["km"], both["distance_km"], atol=0.1)
