"""OpenStreetMap files of all types as they stand now: packed, with history, edited, damaged."""

import bz2
import gzip
import resource

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from planner.errors import InputDataError
from planner.network.osm import load_osm_network
from planner.network.osm_file import read_osm_roads
from planner.network.osm_objects import MAX_ID, OsmFile
from planner.network.osm_sites import read_osm_sites
from planner.scenario.osm_sources import OsmNetwork

MOTORWAY = {"highway": "motorway", "ref": "A 7", "oneway": "no"}
NODES = {number: (9.0, 50.0 + 0.1 * number, {}) for number in range(1, 6)}
WAYS = {10: ([1, 2, 3], MOTORWAY), 11: ([3, 4], MOTORWAY)}


def as_xml(nodes=NODES, ways=WAYS, attributes=None, root="osm"):
    """XML of nodes and ways; ``attributes`` add to the tag of a way."""
    lines = [f'<?xml version="1.0"?>\n<{root} version="0.6">']
    lines += [f'<node id="{i}" lon="{lon}" lat="{lat}"/>' for i, (lon, lat, _) in nodes.items()]
    for way_id, (refs, tags) in ways.items():
        lines += [f'<way id="{way_id}" {(attributes or {}).get(way_id, "")}>']
        lines += [f'<nd ref="{ref}"/>' for ref in refs]
        lines += [f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()] + ["</way>"]
    return "\n".join([*lines, f"</{root}>"]).encode()


def read(path, *, include_trunk=False):
    return read_osm_roads(path, include_trunk=include_trunk)


def ids_of(roads):
    return [way.way_id for way in roads.ways]


def write_history(path, *objects):
    """Write versions of objects; each is a node or a way of osmium's."""
    with osmium.SimpleWriter(path) as writer:
        for item in objects:
            add = writer.add_node if isinstance(item, Node) else writer.add_way
            add(item)
    return path


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        (".osm.gz", gzip.compress),
        (".osm.bz2", bz2.compress),
        (".osm.xml.gz", gzip.compress),
        (".OSM.GZ", gzip.compress),
    ],
)
def test_packed_xml_is_read_as_it_is_unpacked(tmp_path, ending, pack):
    packed, plain = tmp_path / f"a{ending}", tmp_path / "a.osm"
    packed.write_bytes(pack(as_xml()))
    plain.write_bytes(as_xml())
    assert read(packed).ways == read(plain).ways
    assert read(packed).lat.tolist() == read(plain).lat.tolist()


@pytest.mark.parametrize("name", ["h.osh.pbf", "h.osh", "h.osm", "h.osm.pbf"])
def test_of_every_object_of_a_history_the_newest_version_counts(tmp_path, name):
    """Way 11 was retagged, way 12 deleted without its tags, node 3 moved."""
    path = write_history(
        tmp_path / name,
        *(
            Node(id=i, version=1, location=(lon, lat))
            for i, (lon, lat, _) in NODES.items()
            if i < 3
        ),
        Node(id=3, version=1, location=(9.0, 50.3)),
        Node(id=3, version=2, location=(9.5, 50.3)),
        Node(id=4, version=1, location=(9.0, 50.4)),
        Way(id=10, version=1, nodes=[1, 2], tags=MOTORWAY),
        Way(id=10, version=2, nodes=[1, 2, 3], tags=MOTORWAY),
        Way(id=11, version=1, nodes=[3, 4], tags=MOTORWAY),
        Way(id=11, version=2, nodes=[3, 4], tags={"highway": "primary"}),
        *([] if name == "h.osm.pbf" else _deleted_way()),
    )
    roads = read(path)
    assert [(way.way_id, way.node_ids) for way in roads.ways] == [(10, (1, 2, 3))]
    assert roads.lon.tolist() == [9.0, 9.0, 9.5]
    assert roads.n_outdated == (2 if name == "h.osm.pbf" else 3)


def _deleted_way():
    return [
        Way(id=12, version=1, nodes=[2, 4], tags=MOTORWAY),
        Way(id=12, version=2, visible=False, nodes=[], tags={}),
    ]


@pytest.mark.parametrize(
    "mark", ['visible="false"', "visible='false'", 'action="delete"', "action='delete'"]
)
def test_deleted_ways_are_no_roads_and_are_counted(tmp_path, mark):
    path = tmp_path / "a.osm"
    path.write_bytes(as_xml(attributes={11: mark}))
    assert ids_of(read(path)) == [10]
    _, report = load_osm_network(OsmNetwork(source="osm", path=path))
    assert "left out: ways that are deleted, or older versions (1)" in report.sentences()


def test_a_node_or_rest_area_that_an_editor_deletes_is_gone_too(tmp_path):
    path = tmp_path / "a.osm"
    rest = {20: (9.01, 50.2, {}), 21: (9.01, 50.3, {})}
    text = as_xml(NODES | rest).decode()
    for number, mark in ((20, ""), (21, ' action="delete"')):
        tags = '<tag k="highway" v="rest_area"/>'
        text = text.replace(f'<node id="{number}"', f'<node{mark} id="{number}"')
        at = text.index("/>", text.index(f'id="{number}"'))
        text = f"{text[:at]}>{tags}</node>{text[at + 2 :]}"
    path.write_text(text, encoding="utf-8")
    places, left_out = read_osm_sites(path, ["rest_area"], 0.3)
    assert places["site_id"].tolist() == ["n20"]
    assert [(item.count, item.what) for item in left_out] == [
        (1, "sites that are deleted, or older versions")
    ]


def test_a_way_that_stands_twice_without_versions_is_read_once(tmp_path):
    path = tmp_path / "a.osm"
    once = as_xml().decode()
    way = once[once.index('<way id="11"') : once.index("</osm>")]
    path.write_text(once.replace("</osm>", f"{way}</osm>"), encoding="utf-8")
    assert ids_of(read(path)) == [10, 11]


def test_change_files_are_refused_by_name(tmp_path):
    path = tmp_path / "changes.osc.gz"
    path.write_bytes(gzip.compress(as_xml(root="osmChange")))
    with pytest.raises(InputDataError, match=r"changes\.osc\.gz.*change file.*apply-changes"):
        read(path)


@pytest.mark.parametrize(
    ("include_trunk", "highway", "says"),
    [
        (False, "primary", "highway=motorway, found none. Check the region"),
        (True, "primary", "highway=motorway or highway=trunk, found none. Check the region"),
        (False, "trunk", "It holds 2 ways tagged highway=trunk: set network.include_trunk: true"),
    ],
)
def test_a_file_without_motorways_tells_of_its_trunk_roads(tmp_path, include_trunk, highway, says):
    path = tmp_path / "a.osm"
    path.write_bytes(
        as_xml(ways={n: (refs, {"highway": highway}) for n, (refs, _) in WAYS.items()})
    )
    with pytest.raises(InputDataError) as caught:
        read(path, include_trunk=include_trunk)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ((b'<way id="10"', b'<way id="]]"'), "illegal id"),
        ((b'ref="2"', b'ref="99999999999999999999"'), "fault"),
        (
            (b'ref="2"', b'ref="%d"' % (MAX_ID + 1)),
            f"way 10: .* up to {MAX_ID}, found {MAX_ID + 1}",
        ),
        ((b'ref="2"', b'ref="-2"'), "way 10: .* from 1, found -2"),
        ((b'lat="50.1"', b'lat="' + b"5" * 5000 + b'"'), r"fault: .{,210} \.\.\."),
        ((b'v="A 7"', b'v="A\xff7"'), "not well-formed"),
    ],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_impossible_xml_is_one_message(tmp_path, damage, says, pack):
    path = tmp_path / ("a.osm" if pack is bytes else "a.osm.gz")
    path.write_bytes(pack(as_xml().replace(*damage)))
    with pytest.raises(InputDataError, match=says) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_tags_of_a_pbf_file_that_are_no_utf_8_are_named_with_their_way(tmp_path):
    path = tmp_path / "a.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none")) as writer:
        for number, (lon, lat, _) in NODES.items():
            writer.add_node(Node(id=number, location=(lon, lat)))
        writer.add_way(Way(id=10, nodes=[1, 2], tags=MOTORWAY | {"ref": "A 7777"}))
    path.write_bytes(path.read_bytes().replace(b"A 7777", b"A \xff777"))
    with pytest.raises(InputDataError, match=r"way 10: expected tags in UTF-8"):
        read(path)


def test_xml_that_unpacks_beyond_reason_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "a.osm.bz2"
    path.write_bytes(bz2.compress(b"<osm>" + b" " * 80_000_000))
    with pytest.raises(InputDataError, match="as no honest file does"):
        OsmFile(path)


def test_numbers_far_apart_take_no_memory(tmp_path):
    """pyosmium's sets would take 4 MB for each of these nodes."""
    apart = {i * 2**26: (9.0, 50.0 + i / 1000, {}) for i in range(1, 201)}
    path = tmp_path / "a.osm"
    path.write_bytes(as_xml(apart, {10: (list(apart), MOTORWAY)}))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read(path).node_id) == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 100_000


def test_large_files_are_filtered_by_osmium_with_the_same_result(tmp_path, monkeypatch):
    path = tmp_path / "a.osm"
    beside = {20: ([3, 5], {"highway": "primary"})}
    path.write_bytes(as_xml(ways=WAYS | beside))
    small = read(path)
    monkeypatch.setattr("planner.network.osm_objects.SMALL_FILE_BYTES", 0)
    large = read(path)
    assert (large.ways, large.node_id.tolist()) == (small.ways, small.node_id.tolist())
    assert (
        large.other_node_ids | large.public_node_ids == small.other_node_ids | small.public_node_ids
    )


def test_members_of_a_relation_with_impossible_numbers_are_passed_over(tmp_path):
    path = tmp_path / "a.osm.pbf"
    with osmium.SimpleWriter(path) as writer:
        for number, (lon, lat, _) in NODES.items():
            writer.add_node(Node(id=number, location=(lon, lat)))
        writer.add_way(Way(id=10, nodes=[1, 2, 3]))
        members = [("w", 10, "outer"), ("w", 2**60, "outer")]
        writer.add_relation(Relation(id=1, members=members, tags={"highway": "rest_area"}))
    places, _ = read_osm_sites(path, ["rest_area"], 0.3)
    assert places["site_id"].tolist() == ["r1"]
