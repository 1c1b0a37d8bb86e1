"""Rest areas from files: what they are mapped as, which carriageway they serve, broken files."""

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.osm import load_osm_network
from planner.network.osm_sites import read_osm_sites
from planner.network.site_attachment import snap_sites
from planner.scenario.osm_sources import OsmNetwork

M = 1.0 / 111_195.0  # degrees of latitude per metre
KINDS = ("services", "rest_area")
REST = {"highway": "rest_area", "name": "Rastplatz Hasselberg", "capacity:hgv": "24"}
SERVICES = {"highway": "services", "name": "Kassel Ost", "operator": "Tank & Rast"}

# The A7 from west to east (1, 2) and back (3, 4), carriageways 30 m apart.
ROAD_NODES = {
    1: (9.0, 50.0, {}),
    2: (9.2, 50.0, {}),
    3: (9.2, 50.0 + 30 * M, {}),
    4: (9.0, 50.0 + 30 * M, {}),
}
MOTORWAY = {"highway": "motorway", "ref": "A 7"}
ROAD_WAYS = {10: ([1, 2], MOTORWAY), 11: ([3, 4], MOTORWAY)}


def square(first_id, lon, north_m, half_m=60.0):
    """Corners of a square, and its closed ring."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    nodes = {
        first_id + number: (lon + x * half_m * M, 50.0 + (north_m + y * half_m) * M, {})
        for number, (x, y) in enumerate(corners)
    }
    return nodes, [*nodes, first_id]


def read(path, kinds=KINDS):
    return read_osm_sites(path, kinds, 0.3)


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm.xml"])
def test_points_and_areas_become_sites_on_the_carriageway_they_lie_beside(write_osm, name):
    south_nodes, south_ring = square(100, 9.05, -120.0)
    nodes = ROAD_NODES | south_nodes | {200: (9.15, 50.0 + 150 * M, SERVICES)}
    path = write_osm(name, nodes, ROAD_WAYS | {20: (south_ring, REST)})
    graph, _ = load_osm_network(OsmNetwork(source="osm", path=path))
    places, left_out = read(path)
    sites, report = snap_sites(places, graph, 1.0, str(path))
    assert left_out == ()
    assert sites.site_id.tolist() == ["n200", "w20"]
    assert sites.name.tolist() == ["Kassel Ost (Tank & Rast)", "Rastplatz Hasselberg"]
    assert sites.road.tolist() == ["A7", "A7"]
    assert sites.direction.tolist() == ["one", "one"]
    assert sites.parking_spaces.tolist() == [-1, 24]
    assert sites.attachment_site_idx.tolist() == [0, 1]
    lon_from = graph.lon[graph.arc_from_idx[sites.attachment_arc_idx]]
    assert lon_from == pytest.approx([9.2, 9.0])
    km_per_degree = 71.7
    assert sites.attachment_offset_km == pytest.approx(0.05 * km_per_degree, abs=0.02)
    assert report.snap_km_max == pytest.approx(0.12, abs=0.005)


def test_each_part_of_a_multipolygon_is_a_site(write_osm):
    north_nodes, north_ring = square(100, 9.1, 150.0)
    south_nodes, south_ring = square(110, 9.1, -120.0)
    hole_nodes, hole_ring = square(120, 9.1, -120.0, half_m=10.0)
    # The southern outline comes in two halves.
    ways = {
        20: (north_ring, {}),
        21: (south_ring[:3], {}),
        22: (south_ring[2:], {}),
        23: (hole_ring, {}),
    }
    members = [("w", 20, "outer"), ("w", 21, "outer"), ("w", 22, "outer"), ("w", 23, "inner")]
    relations = {30: (members, SERVICES | {"type": "multipolygon"})}
    places, _ = read(
        write_osm("a.osm.pbf", north_nodes | south_nodes | hole_nodes, ways, relations)
    )
    assert places["site_id"].tolist() == ["r30-1", "r30-2"]
    assert sorted((places["lat"] - 50.0) / M) == pytest.approx([-120.0, 150.0], abs=0.1)


def test_a_point_inside_an_area_is_the_same_site(write_osm):
    nodes, ring = square(100, 9.05, -120.0)
    nodes |= {200: (9.05, 50.0 - 110 * M, SERVICES), 201: (9.06, 50.0 - 110 * M, SERVICES)}
    places, left_out = read(write_osm("a.osm.pbf", nodes, {20: (ring, REST)}))
    assert places["site_id"].tolist() == ["n201", "w20"]
    assert [(item.what, item.count) for item in left_out] == [
        ("sites inside the area of another", 1)
    ]


def test_what_is_closed_to_trucks_or_of_another_kind_is_left_out(write_osm):
    nodes = {
        1: (9.0, 50.0, REST | {"hgv": "no"}),
        2: (9.1, 50.0, REST | {"access": "private", "hgv": "designated"}),
        3: (9.2, 50.0, REST),
        4: (9.3, 50.0, SERVICES),
    }
    places, left_out = read(write_osm("a.osm.pbf", nodes), ["rest_area"])
    assert places["site_id"].tolist() == ["n2", "n3"]
    assert [(item.what, item.count) for item in left_out] == [("sites with hgv=no", 1)]


def test_an_outline_with_gaps_still_has_a_place(write_osm):
    nodes, ring = square(100, 9.05, -120.0)
    del nodes[103]
    ways = {20: (ring, REST), 21: ([901, 902, 901], REST)}
    places, left_out = read(write_osm("a.osm.pbf", nodes, ways))
    assert places["site_id"].tolist() == ["w20"]
    assert places["lat"].iloc[0] == pytest.approx(50.0 - 140 * M, abs=1 * M)
    assert left_out[0].what == "sites of whose outline the file lacks the nodes"


@pytest.mark.parametrize(
    ("capacity", "spaces"), [("24", 24), ("0", 0), ("~20", -1), ("10;5", -1), ("²", -1), ("-3", -1)]
)
def test_only_whole_numbers_of_parking_spaces_count(write_osm, capacity, spaces):
    path = write_osm("a.osm.xml", {1: (9.0, 50.0, REST | {"capacity:hgv": capacity})})
    assert read(path)[0]["parking_spaces"].tolist() == [spaces]


def test_sites_without_a_name_are_called_after_their_kind(write_osm):
    path = write_osm("a.osm.pbf", {7: (9.0, 50.0, {"highway": "rest_area"})})
    places, _ = read(path)
    assert places["name"].tolist() == ["Rest area n7"]
    assert np.isnan(places["grid_connection_kw"]).all()


def test_a_file_without_rest_areas_for_trucks_is_refused(write_osm):
    nodes = {1: (9.0, 50.0, REST | {"hgv": "no"})}
    with pytest.raises(InputDataError, match=r"highway=services, found none\. Check sites.kinds"):
        read(write_osm("a.osm.pbf", nodes), ["services"])
    with pytest.raises(InputDataError, match=r"found none \(1 sites with hgv=no\)"):
        read(write_osm("a.osm.pbf", nodes))


def test_broken_files_of_sites_are_refused(write, write_osm):
    whole = write_osm("w.osm.pbf", {1: (9.0, 50.0, REST)}).read_bytes()
    for name, content in {
        "t.osm.pbf": whole[:-10],
        "x.osm.xml": b"<osm><node",
        "p.osm.xml": whole,
        "b.osm": b'<!DOCTYPE o [<!ENTITY a "a">]><osm version="0.6"></osm>',
    }.items():
        with pytest.raises(InputDataError, match=f"{name}: expected a whole OpenStreetMap file"):
            read(write(name, content))
    with pytest.raises(InputDataError, match=r"found '\.csv'"):
        read(write("sites.csv", whole))
