"""Roads from files: splitting, exits, rest areas, and files that are not what they should be."""

import numpy as np
import pytest
import shapely
from pydantic import ValidationError

from planner.errors import InputDataError
from planner.network.cleaning import clean_graph
from planner.network.osm import graph_from_osm, load_osm_network
from planner.network.osm_exits import CROSSING
from planner.network.osm_file import read_osm_roads
from planner.scenario.osm_sources import OsmNetwork

KM = 1.0 / 111.195  # degrees of latitude per km
MOTORWAY = {"highway": "motorway", "ref": "A 7"}
RAMP = {"highway": "motorway_link", "oneway": "yes"}

# A motorway from south to north: northbound carriageway 1..6 (the eastern one), southbound 11..16.
NORTHBOUND = {number: (9.0004, 50.0 + 10.0 * KM * (number - 1), {}) for number in range(1, 7)}
SOUTHBOUND = {number: (9.0, 50.0 + 10.0 * KM * (16 - number), {}) for number in range(11, 17)}
CARRIAGEWAYS = {
    100: ([1, 2, 3, 4, 5, 6], MOTORWAY),
    101: ([11, 12, 13, 14, 15, 16], MOTORWAY),
}


def ramps_at(north_node, south_node, first_id):
    """Ramps off and onto both carriageways at one place; their outer ends 200 m off the road."""
    lat = NORTHBOUND[north_node][1]
    nodes = {
        first_id: (9.003, lat + 0.3 * KM, {}),
        first_id + 1: (9.003, lat - 0.3 * KM, {}),
        first_id + 2: (8.997, lat - 0.3 * KM, {}),
        first_id + 3: (8.997, lat + 0.3 * KM, {}),
    }
    ways = {
        first_id: ([north_node, first_id], RAMP),
        first_id + 1: ([first_id + 1, north_node], RAMP),
        first_id + 2: ([south_node, first_id + 2], RAMP),
        first_id + 3: ([first_id + 3, south_node], RAMP),
    }
    return nodes, ways


def read(path, *, include_trunk=False):
    return graph_from_osm(read_osm_roads(path, include_trunk=include_trunk), str(path))


def crossing_ends(graph):
    """Ends of the arcs that stand for the road across the motorway at an exit."""
    crossing = graph.arc_road == CROSSING
    ends = np.stack([graph.arc_from_idx[crossing], graph.arc_to_idx[crossing]], axis=1)
    return {tuple(int(node) for node in graph.node_id[pair]) for pair in ends}


ROUND_THE_ENDS = {(6, 11), (16, 1)}
THROUGH_THE_EXIT = {(off, on) for off in (200, 202) for on in (201, 203)}


def test_a_way_is_split_where_another_one_meets_it(write_osm):
    nodes, ways = ramps_at(3, 14, 200)
    path = write_osm("a.osm.pbf", NORTHBOUND | SOUTHBOUND | nodes, CARRIAGEWAYS | ways)
    graph, left_out = read(path)
    north = np.flatnonzero((graph.arc_road == "A7") & (graph.lon[graph.arc_from_idx] == 9.0004))
    assert graph.arc_length_km[north] == pytest.approx([20.0, 30.0], rel=2e-3)
    assert len(shapely.get_coordinates(graph.arc_geometry[north[1]])) == 4
    assert graph.node_name[graph.arc_to_idx[north[1]]] == "node 6"
    assert [item.count for item in left_out] == [0, 0]


def test_ramps_that_end_on_a_public_road_make_an_exit(write_osm):
    nodes, ways = ramps_at(3, 14, 200)
    public = {300: ([200, 201, 202, 203], {"highway": "secondary"})}
    path = write_osm("a.osm.pbf", NORTHBOUND | SOUTHBOUND | nodes, CARRIAGEWAYS | ways | public)
    graph, _ = read(path)
    assert crossing_ends(graph) == ROUND_THE_ENDS | THROUGH_THE_EXIT
    assert clean_graph(graph)[1].dropped_km == 0.0


def test_nobody_turns_round_at_a_rest_area(write_osm):
    nodes, ways = ramps_at(3, 14, 200)
    inside = {
        300: ([200, 201], {"highway": "service"}),
        301: ([202, 203], {"highway": "service"}),
    }
    path = write_osm("a.osm.xml", NORTHBOUND | SOUTHBOUND | nodes, CARRIAGEWAYS | ways | inside)
    graph, _ = read(path)
    assert crossing_ends(graph) == ROUND_THE_ENDS
    _, report = clean_graph(graph)
    assert report.n_nodes_dropped == 4
    assert report.dropped_km == pytest.approx(1.5, abs=0.1)


def test_without_other_roads_in_the_file_numbered_junctions_make_the_exits(write_osm):
    """The ramps at node 3 belong to exit 17, those at node 5 to a rest area without a number."""
    exit_nodes, exit_ways = ramps_at(3, 14, 200)
    rest_nodes, rest_ways = ramps_at(5, 12, 210)
    tags = {"highway": "motorway_junction", "ref": "17", "name": "Lutterberg"}
    nodes = NORTHBOUND | SOUTHBOUND | exit_nodes | rest_nodes
    nodes |= {number: (*nodes[number][:2], tags) for number in (3, 14)}
    graph, _ = read(write_osm("a.osm.pbf", nodes, CARRIAGEWAYS | exit_ways | rest_ways))
    assert crossing_ends(graph) == ROUND_THE_ENDS | THROUGH_THE_EXIT
    assert set(graph.node_name[np.isin(graph.node_id, ["3", "200"])]) == {"Lutterberg (17)"}


def test_trunk_roads_are_two_way_and_part_of_the_network_on_request(write_osm):
    trunk = {"highway": "trunk", "ref": "B 3", "maxspeed": "100", "maxspeed:hgv": "60"}
    nodes = NORTHBOUND | SOUTHBOUND | {20: (9.2, NORTHBOUND[3][1], {})}
    path = write_osm("a.osm.pbf", nodes, CARRIAGEWAYS | {102: ([3, 20], trunk)})
    without, _ = read(path)
    assert set(without.arc_road) == {"A7", CROSSING}
    graph, _ = read(path, include_trunk=True)
    of_trunk = np.flatnonzero(graph.arc_road == "B3")
    assert graph.reverse_arc_idx()[of_trunk].tolist() == of_trunk[::-1].tolist()
    assert set(graph.arc_free_speed_kmh[of_trunk]) == {60.0}
    along, back = graph.arc_geometry[of_trunk]
    assert along.coords[:] == back.coords[::-1]


def test_ways_closed_to_trucks_are_counted_with_their_length(write_osm):
    closed = {
        103: ([1, 2], MOTORWAY | {"hgv": "no"}),
        104: ([2, 3], MOTORWAY | {"hgv": "no"}),
        105: ([3, 4], MOTORWAY | {"oneway": "reversible"}),
    }
    _, report = load_osm_network(
        OsmNetwork(
            source="osm",
            path=write_osm("a.osm.pbf", NORTHBOUND | SOUTHBOUND, CARRIAGEWAYS | closed),
        )
    )
    assert report.sentences() == [
        "4 nodes, 4 arcs, 100 km of carriageway",
        "left out: ways with hgv=no (2, 20 km)",
        "left out: ways with oneway=reversible (1, 10 km)",
    ]


def test_a_gap_in_a_way_is_left_open_and_said(write_osm):
    nodes = {number: node for number, node in (NORTHBOUND | SOUTHBOUND).items() if number != 3}
    graph, left_out = read(write_osm("a.osm.pbf", nodes, CARRIAGEWAYS))
    north = graph.lon[graph.arc_from_idx] == 9.0004
    assert graph.arc_length_km[north & (graph.arc_road == "A7")] == pytest.approx(
        [10, 20], rel=2e-3
    )
    assert (left_out[-1].what, left_out[-1].count) == (
        "ways in part, as the file lacks some of their nodes",
        1,
    )


def test_xml_and_pbf_of_the_same_roads_make_the_same_graph(write_osm):
    nodes, ways = ramps_at(3, 14, 200)
    drawing = (NORTHBOUND | SOUTHBOUND | nodes, CARRIAGEWAYS | ways)
    xml, pbf = (read(write_osm(name, *drawing))[0] for name in ("a.osm.xml", "a.osm.pbf"))
    assert xml.node_id.tolist() == pbf.node_id.tolist()
    assert xml.arc_length_km.tobytes() == pbf.arc_length_km.tobytes()
    assert xml.arc_from_idx.tobytes() == pbf.arc_from_idx.tobytes()


def test_nodes_on_the_same_spot_keep_a_length(write_osm):
    nodes = NORTHBOUND | SOUTHBOUND | {7: NORTHBOUND[6]}
    ways = CARRIAGEWAYS | {106: ([6, 7], MOTORWAY), 107: ([7, 7], MOTORWAY)}
    graph, _ = read(write_osm("a.osm.pbf", nodes, ways))
    assert graph.arc_length_km.min() == 0.001


BOMB = """<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<osm version="0.6"><node id="1" lat="50" lon="9"/><way id="1"><tag k="highway" v="&b;"/></way></osm>
"""


@pytest.fixture
def broken(write_osm, write):
    """Files that are broken in one way each, by name of the fault."""
    whole = {name: write_osm(name, NORTHBOUND, CARRIAGEWAYS) for name in ("w.osm.pbf", "w.osm.xml")}
    pbf, xml = (path.read_bytes() for path in whole.values())
    makers = {
        "truncated pbf": lambda: write("t.osm.pbf", pbf[:-40]),
        "truncated xml": lambda: write("t.osm.xml", xml[: len(xml) // 2]),
        "empty pbf": lambda: write("e.osm.pbf", b""),
        "empty xml": lambda: write("e.osm.xml", b""),
        "entity bomb": lambda: write("b.osm.xml", BOMB),
        "pbf called xml": lambda: write("p.osm.xml", pbf),
        "xml called pbf": lambda: write("x.osm.pbf", xml),
        "another xml": lambda: write("k.osm", "<kml></kml>"),
        "impossible latitude": lambda: write("l.osm", xml.replace(b'lat="50"', b'lat="500"', 1)),
        "wrong extension": lambda: write("w.geojson", xml),
        "no motorways": lambda: write_osm(
            "n.osm.pbf", NORTHBOUND, {1: ([1, 2], {"highway": "path"})}
        ),
        "no nodes": lambda: write_osm("o.osm.pbf", {}, CARRIAGEWAYS),
        "one node": lambda: write_osm("1.osm.pbf", {1: NORTHBOUND[1]}, CARRIAGEWAYS),
        "closed": lambda: write_osm("c.osm", NORTHBOUND, {1: ([1, 2], MOTORWAY | {"hgv": "no"})}),
        "unsaved": lambda: write_osm("u.osm", {-1: (9.0, 50.0, {})}, {1: ([-1, 1], MOTORWAY)}),
    }
    return lambda fault: makers[fault]()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("truncated pbf", "unexpected EOF"),
        ("truncated xml", "XML parsing error"),
        ("empty pbf", "the file is empty"),
        ("empty xml", "the file is empty"),
        ("entity bomb", "entities are not supported"),
        ("pbf called xml", "not well-formed"),
        ("xml called pbf", "found a fault: PBF error"),
        ("another xml", "Unknown top-level element: kml"),
        ("impossible latitude", "wrong format for coordinate"),
        ("wrong extension", r"as \.osm\.pbf, \.osm, \.osm\.gz, \.osm\.bz2, found '\.geojson'"),
        ("no motorways", "expected ways tagged highway=motorway, found none"),
        ("no nodes", "expected the nodes of its 2 motorway ways, found none"),
        ("one node", "found none .*2 ways in part"),
        ("closed", r"open to trucks, found none \(1 ways with hgv=no\)"),
        ("unsaved", "numbered from 1, found -1"),
    ],
)
def test_a_broken_file_is_refused_by_name(broken, fault, says):
    path = broken(fault)
    with pytest.raises(InputDataError, match=says) as raised:
        read(path)
    assert str(path) in str(raised.value)


def test_motorways_that_nobody_can_turn_round_on_are_refused(write_osm):
    path = write_osm("a.osm.pbf", NORTHBOUND, {100: CARRIAGEWAYS[100]})
    with pytest.raises(InputDataError, match="found 50 km without a way round"):
        load_osm_network(OsmNetwork(source="osm", path=path))


@pytest.mark.parametrize(("keys", "found"), [({}, "neither"), ({"place": "X"}, "both")])
def test_a_network_is_a_file_or_a_place(write_osm, keys, found):
    path = {"path": write_osm("a.osm", NORTHBOUND, CARRIAGEWAYS)} if keys else {}
    with pytest.raises(ValidationError, match=f"either path .* found {found}"):
        OsmNetwork(source="osm", **keys, **path)
