"""Demand, sites and depots on parts of a network that its reader dropped."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planner.demand.depot_places import depot_positions
from planner.demand.load import load_trips
from planner.errors import InputDataError
from planner.network.cleaning import clean_graph
from planner.network.contraction import contract_graph
from planner.network.named_nodes import CUT_OFF, find_nodes, km_to_dropped_parts
from planner.network.site_attachment import snap_sites
from planner.runs.random_streams import RandomStreams
from planner.scenario.demand_sources import Border, OdTableDemand, TripTableDemand

ISLAND = (25.0, 50.0)


@pytest.fixture(scope="module")
def mainland(line_graph):
    """Five towns in a line; the island beside them was dropped."""
    return clean_graph(line_graph)[0]


@pytest.fixture
def read(tmp_path, mainland):
    def run(text, kind=OdTableDemand, zones=None, graph=mainland, **keys):
        path = tmp_path / "demand.csv"
        path.write_text(text, encoding="utf-8")
        if zones is not None:
            keys["zones"] = tmp_path / "zones.csv"
            keys["zones"].write_text(zones, encoding="utf-8")
        source = "od_table" if kind is OdTableDemand else "trips"
        demand = kind(source=source, path=path, **{"min_distance_km": 0} | keys)
        return load_trips(demand, graph, {"a": 1.0}, RandomStreams(1))

    return run


OD = "origin,destination,trucks_per_year\naa,dd,300000\nisland,aa,60000\nee,island,40000\n"
TRIPS = "origin,destination,departure_h\naa,dd,8\nisland,aa,9\naa,ee,7\nee,dd,6\n"


def test_ids_are_found_dropped_joined_or_unknown(mainland):
    graph = contract_graph(mainland)
    assert graph.node_id.tolist() == ["aa", "ee"]
    nodes = find_nodes(graph, ["ee", "island", "bb", "zz"])
    assert nodes.node_idx.tolist() == [1, CUT_OFF, -1, -1]
    assert nodes.lon[:3].tolist() == [15.0, 25.0, 9.0]
    assert "1 of them ('bb') are nodes at which a road only goes on" in nodes.hint
    far_km, near_km = km_to_dropped_parts(graph, np.array([15.0, 25.0]), np.array([50.0, 50.1]))
    assert far_km == pytest.approx(714, rel=0.01)
    assert near_km == pytest.approx(11.1, rel=0.01)


def test_od_rows_of_dropped_parts_are_left_out_with_their_share_of_trucks(read):
    _, report = read(OD)
    (notice,) = (said for said in report.notices if "dropped" in said)
    assert "OD pairs that begin or end on parts" in notice
    assert "(2, with 100,000 trucks a year, 25 % of all)" in notice


def test_trips_that_are_all_too_short_are_told_as_such(read):
    wanted = r"no trip of 900 km or more is left; lower demand.min_distance_km .* 900 km \(3\)"
    with pytest.raises(InputDataError, match=wanted):
        read(TRIPS, TripTableDemand, min_distance_km=900)


def test_a_matrix_and_zones_on_dropped_parts_are_left_out_too(read):
    matrix = "zone,x,y,z\nx,0,300000,50000\ny,0,0,0\nz,50000,0,0\n"
    for zones in (
        "zone,node_id\nx,aa\ny,dd\nz,island\n",
        f"zone,lon,lat\nx,7.0,50.0\ny,13.0,50.0\nz,{ISLAND[0] + 0.1},{ISLAND[1]}\n",
    ):
        _, report = read(matrix, zones=zones)
        assert any("(2, with 100,000 trucks a year, 25 %" in said for said in report.notices)


def test_a_zone_abroad_that_is_near_no_dropped_part_stays(read):
    zones = "zone,lon,lat\naa,7.0,50.0\ndd,13.0,50.0\nisland,20.0,50.0\nee,15.0,50.0\n"
    _, report = read(OD, zones=zones)
    assert not any("dropped" in said for said in report.notices)


def test_trips_of_dropped_parts_are_left_out_by_node_and_by_place(read):
    _, report = read(TRIPS, TripTableDemand, days=["mon"])
    assert any("and back, 25 % of all (1)" in said for said in report.notices)
    assert report.n_full_fleet == 3
    placed = (
        "origin_lon,origin_lat,destination_lon,destination_lat,departure_h\n"
        f"7,50,13,50,8\n{ISLAND[0]},{ISLAND[1]},7,50,9\n"
    )
    _, report = read(placed, TripTableDemand, days=["mon"])
    assert any("and back, 50 % of all (1)" in said for said in report.notices)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("origin,destination,trucks_per_year\nisland,aa,60000\n", OdTableDemand),
        ("origin,destination,departure_h\nisland,aa,9\n", TripTableDemand),
    ],
)
def test_where_nothing_is_left_the_message_names_the_cause(read, text, kind):
    with pytest.raises(InputDataError, match=r"found none.* that were dropped, as no road leads"):
        read(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("origin,destination,trucks_per_year\nbb,ee,60000\n", OdTableDemand),
        ("origin,destination,departure_h\nbb,ee,9\n", TripTableDemand),
    ],
)
def test_nodes_between_junctions_are_named_with_the_key_that_keeps_them(read, mainland, text, kind):
    with pytest.raises(InputDataError, match=r"set network\.contract: false, or list them in"):
        read(text, kind, graph=contract_graph(mainland))


def test_an_id_that_nobody_knows_is_still_refused(read):
    with pytest.raises(InputDataError, match="unknown ids: 'zz'; use the table that belongs"):
        read("origin,destination,trucks_per_year\naa,dd,6\nzz,aa,60000\n")


def test_a_border_node_on_a_dropped_part_is_named_so(read):
    zones = "zone,lon,lat\naa,7.0,50.0\ndd,13.0,50.0\nisland,20.0,50.0\nee,15.0,50.0\n"
    with pytest.raises(InputDataError, match="found 'island'; nodes on parts of the road network"):
        read(OD, zones=zones, border=Border(nodes=("island",)))


def test_sites_by_dropped_roads_are_told_with_the_cause(mainland):
    places = pd.DataFrame(
        {
            "site_id": ["a", "b"],
            "name": ["A", "B"],
            "road": "",
            "lon": [8.0, ISLAND[0]],
            "lat": [50.0, ISLAND[1]],
            "direction": "both",
            "off_road_km": 0.0,
            "parking_spaces": -1,
            "grid_connection_kw": np.nan,
        }
    )
    sites, report = snap_sites(places, mainland, 5.0, "sites.csv")
    assert sites.site_id.tolist() == ["a"]
    assert any("1 site lies by parts of the road network" in said for said in report.sentences())
    with pytest.raises(InputDataError, match=r"found none of 1 .*1 site lies by parts of the road"):
        snap_sites(places[1:], mainland, 5.0, "sites.csv")


def test_a_depot_may_stand_at_a_node_that_was_taken_out(mainland):
    place = SimpleNamespace(node="bb", id="D", lon=None, lat=None)
    lon, _ = depot_positions([SimpleNamespace(place=place)], contract_graph(mainland))
    assert lon.tolist() == [9.0]
