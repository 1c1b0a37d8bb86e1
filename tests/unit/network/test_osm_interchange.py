"""A cloverleaf where the A1 (west-east) crosses over the A2 (south-north), drawn in metres.

Traffic keeps right: eastbound is the southern carriageway, northbound the eastern one. Ramps turn
right at the outside of each quadrant, and left by a loop of 270° inside it.
"""

import math

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network.cleaning import clean_graph
from planner.network.contraction import contract_graph
from planner.network.osm import graph_from_osm
from planner.network.osm_exits import CROSSING
from planner.network.osm_file import read_osm_roads

HALF_M, MEDIAN_M, OUTER_M, LOOP_M = 2500.0, 15.0, 600.0, 60.0
LOOP_AT_M = MEDIAN_M + LOOP_M
METRES_PER_DEGREE = 111_195.0
HEADINGS = ("east", "north", "west", "south")
TURN = {"east": (1, 0), "north": (0, 1), "west": (-1, 0), "south": (0, -1)}


def lon_lat(x, y):
    lat = 50.0 + y / METRES_PER_DEGREE
    return 8.0 + x / (METRES_PER_DEGREE * math.cos(math.radians(50.0))), lat


class Drawing:
    """Nodes by position in metres, so that ways that meet share them."""

    def __init__(self):
        self.ids, self.nodes, self.ways = {}, {}, {}

    def node(self, point, tags=()):
        key = (round(point[0], 3), round(point[1], 3))
        if key not in self.ids:
            self.ids[key] = 1000 + len(self.ids)
            self.nodes[self.ids[key]] = (*lon_lat(*key), dict(tags))
        return self.ids[key]

    def way(self, points, tags):
        way_id = 500 + len(self.ways)
        self.ways[way_id] = ([self.node(point) for point in points], tags)
        return way_id


def at(heading, along, right):
    """Point so far along a heading and to the right of the crossing's middle."""
    ahead_x, ahead_y = TURN[heading]
    return ahead_x * along + ahead_y * right, ahead_y * along - ahead_x * right


def cloverleaf(loop_tags=()):
    drawing = Drawing()
    for heading in HEADINGS:
        ref = "A 1;E 30" if heading in {"east", "west"} else "A 2"
        stops = {-OUTER_M, -LOOP_AT_M, LOOP_AT_M, OUTER_M, *np.arange(-HALF_M, HALF_M + 1.0, 500.0)}
        points = [at(heading, along, MEDIAN_M) for along in sorted(stops)]
        # The bridge is a way of its own, as mappers draw it.
        tags = {"highway": "motorway", "ref": ref, "lanes": "2", "maxspeed": "120"}
        cut = len(points) // 2
        drawing.way(points[: cut + 1], tags)
        drawing.way(points[cut:], tags | {"bridge": "yes"})
    ramp = {"highway": "motorway_link", "oneway": "yes", "maxspeed": "60"}
    for number, heading in enumerate(HEADINGS):
        onto = HEADINGS[number - 1]
        outer = [(-OUTER_M, MEDIAN_M), (-300.0, 60.0), (-60.0, 300.0)]
        outer = [at(heading, *point) for point in outer] + [at(onto, OUTER_M, MEDIAN_M)]
        drawing.way(outer, ramp)
        loop = [
            at(
                heading,
                LOOP_AT_M + LOOP_M * math.sin(angle),
                LOOP_AT_M - LOOP_M * math.cos(angle),
            )
            for angle in np.linspace(0.0, 1.5 * math.pi, 13)
        ]
        drawing.way(loop, ramp | dict(loop_tags))
    return drawing


LOOP_KM = 1.5 * math.pi * LOOP_M / 1000.0


def read(path):
    return graph_from_osm(read_osm_roads(path, include_trunk=False), str(path))


@pytest.fixture(params=["cloverleaf.osm.xml", "cloverleaf.osm.pbf"])
def drawn_graph(request, write_osm):
    drawing = cloverleaf()
    return read(write_osm(request.param, drawing.nodes, drawing.ways))[0]


def node_at(graph, point):
    lon, lat = lon_lat(*point)
    return int(np.argmin(np.hypot(graph.lon - lon, graph.lat - lat)))


def distance_km(graph, start, end, *, by_crossing_roads=False):
    arc = np.ones(graph.n_arcs, dtype=bool) if by_crossing_roads else graph.arc_road != CROSSING
    ends = (graph.arc_from_idx[arc], graph.arc_to_idx[arc])
    matrix = csr_array((graph.arc_length_km[arc], ends), shape=(graph.n_nodes, graph.n_nodes))
    return dijkstra(matrix, indices=node_at(graph, start))[node_at(graph, end)]


def entry(heading):
    return at(heading, -HALF_M, MEDIAN_M)


def leaving(heading):
    return at(heading, HALF_M, MEDIAN_M)


@pytest.mark.parametrize("number", range(4))
def test_every_approach_reaches_the_three_others(drawn_graph, number):
    heading, left = HEADINGS[number], HEADINGS[(number + 1) % 4]
    right = HEADINGS[number - 1]
    straight_km = distance_km(drawn_graph, entry(heading), leaving(heading))
    right_km = distance_km(drawn_graph, entry(heading), leaving(right))
    left_km = distance_km(drawn_graph, entry(heading), leaving(left))
    assert straight_km == pytest.approx(5.0, abs=0.02)
    assert 4.4 < right_km < 4.8
    # Past the crossing, round the loop, past the crossing again.
    assert left_km == pytest.approx(2 * (2.5 + LOOP_AT_M / 1000.0) + LOOP_KM, rel=0.002)


@pytest.mark.parametrize("number", range(4))
def test_nobody_turns_over_the_median(drawn_graph, number):
    """The only way back is round two loops; before the interchange there is none at all."""
    heading, back = HEADINGS[number], HEADINGS[(number + 2) % 4]
    way_back_km = distance_km(drawn_graph, entry(heading), leaving(back))
    assert way_back_km > 5.0 + 2 * LOOP_KM
    beyond = at(heading, OUTER_M + 400.0, MEDIAN_M)
    beside = at(back, -OUTER_M - 400.0, MEDIAN_M)
    assert np.isinf(distance_km(drawn_graph, beyond, leaving(back)))
    assert math.dist(beyond, beside) == 2 * MEDIAN_M


def test_left_turns_end_where_the_loops_are_closed_to_trucks(write_osm):
    drawing = cloverleaf({"hgv": "no"})
    path = write_osm("closed.osm.pbf", drawing.nodes, drawing.ways)
    graph, left_out = read(path)
    assert (left_out[0].what, left_out[0].count) == ("ways with hgv=no", 4)
    assert left_out[0].length_km == pytest.approx(4 * LOOP_KM, rel=0.01)
    assert np.isinf(distance_km(graph, entry("east"), leaving("north")))
    assert np.isinf(distance_km(graph, entry("east"), leaving("west")))
    assert distance_km(graph, entry("east"), leaving("south")) < 4.8


def test_the_cut_ends_of_the_carriageways_are_joined_so_that_all_of_it_stays(drawn_graph):
    kept, report = clean_graph(drawn_graph)
    assert report.dropped_km == 0.0
    assert kept.arc_length_km[kept.arc_road != CROSSING].sum() == pytest.approx(
        4 * 5.0 + 4 * LOOP_KM + 4 * 0.98, rel=0.02
    )
    turn_km = distance_km(drawn_graph, leaving("east"), entry("west"), by_crossing_roads=True)
    assert turn_km == pytest.approx(0.05)


def test_carriageways_have_their_road_speed_and_course(drawn_graph):
    road = drawn_graph.arc_road
    assert set(road) == {"A1", "A2", "access ramp", CROSSING}
    assert set(drawn_graph.arc_free_speed_kmh[road == "A1"]) == {120.0}
    kept, _ = clean_graph(drawn_graph)
    contracted = contract_graph(kept)
    assert contracted.arc_lanes.tolist() == [
        2 if name in {"A1", "A2"} else 0 for name in contracted.arc_road
    ]
    ramp = np.flatnonzero(road == "access ramp")
    assert max(len(drawn_graph.arc_geometry[arc].coords) for arc in ramp) == 13
