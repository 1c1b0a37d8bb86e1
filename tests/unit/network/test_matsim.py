import gzip

import numpy as np
import pytest
from matsim.Network import read_network

from planner.errors import InputDataError
from planner.network.cleaning import clean_graph
from planner.network.matsim import LinkFilter, read_matsim_network

V2 = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE network SYSTEM "http://www.matsim.org/files/dtd/network_v2.dtd">
<network>
  <attributes>
    <attribute name="coordinateReferenceSystem" class="java.lang.String">EPSG:25832</attribute>
  </attributes>
  <nodes>
    <node id="a" x="500000" y="5600000"><attributes>
      <attribute name="type" class="java.lang.String">motorway_junction</attribute>
    </attributes></node>
    <node id="b" x="510000" y="5600000"/>
    <node id="c" x="510000" y="5610000"/>
    <node id="stop" x="510000" y="5610000"/>
  </nodes>
  <links capperiod="01:00:00">
    <link id="1" from="a" to="b" length="10500" freespeed="33.333333333333336" modes="car,truck">
      <attributes>
        <attribute name="type" class="java.lang.String">highway.motorway</attribute>
        <attribute name="osm:way:ref" class="java.lang.String">A 7</attribute>
      </attributes>
    </link>
    <link id="2" from="b" to="c" length="10200" freespeed="22.2" modes="truck">
      <attributes>
        <attribute name="type" class="java.lang.String">highway.motorway_link</attribute>
        <attribute name="osm:way:ref" class="java.lang.String">A 7</attribute>
      </attributes>
    </link>
    <link id="3" from="c" to="a" length="15000" freespeed="13.9" type="secondary"/>
    <link id="4" from="stop" to="stop" length="50" freespeed="Infinity" modes="pt"/>
  </links>
</network>
"""
TRUCKS = LinkFilter(frozenset({"car", "truck"}))


def read(path, crs=None, wanted=TRUCKS):
    return read_matsim_network(path, crs, wanted, "osm:way:ref")


def left_out(items) -> dict[str, tuple[int, float]]:
    return {item.what: (item.count, item.length_km) for item in items}


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode(), mtime=0)])
def test_links_become_arcs_in_kilometres_and_degrees(write, pack):
    graph, _ = read(write("network.xml.gz", pack(V2)))
    assert graph.node_id.tolist() == ["a", "b", "c"]
    assert graph.lon[0] == pytest.approx(9.0)
    assert graph.lat[0] == pytest.approx(50.55, abs=0.01)
    assert graph.arc_length_km.tolist() == [10.5, 10.2, 15.0]
    assert graph.arc_free_speed_kmh == pytest.approx([120.0, 79.92, 50.04])
    assert graph.arc_road.tolist() == ["A 7", "access ramp", ""]


@pytest.mark.parametrize(
    ("modes", "types", "n_arcs", "other_modes", "other_types"),
    [
        ({"truck"}, None, 2, (2, 15.05), (0, 0.0)),
        ({"car", "truck"}, {"motorway"}, 1, (1, 0.05), (2, 25.2)),
        ({"car", "truck"}, {"motorway", "motorway_link", "trunk"}, 2, (1, 0.05), (1, 15.0)),
        ({"car", "truck"}, {"highway.motorway"}, 1, (1, 0.05), (2, 25.2)),
        ({"car"}, {"secondary"}, 1, (2, 10.25), (1, 10.5)),
    ],
)
def test_links_are_chosen_by_mode_and_type_and_the_others_counted(
    write, modes, types, n_arcs, other_modes, other_types
):
    wanted = LinkFilter(frozenset(modes), None if types is None else frozenset(types))
    graph, dropped = read(write("network.xml", V2), wanted=wanted)
    assert graph.n_arcs == n_arcs
    assert left_out(dropped)["links for other modes"] == pytest.approx(other_modes)
    assert left_out(dropped)["links of other types"] == pytest.approx(other_types)
    assert left_out(dropped)["nodes without any link that is read"][0] == 4 - graph.n_nodes


def test_a_system_that_is_named_goes_before_that_of_the_file(write):
    path = write("network.xml", V2.replace("EPSG:25832", "Atlantis"))
    with pytest.raises(InputDataError, match="found 'Atlantis', which is none"):
        read(path)
    assert read(path, "WGS84_UTM32N")[0].lon[0] == pytest.approx(9.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</network>", "", "not well-formed XML"),
        ('.dtd"', '.dtd" [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]', "DOCTYPE declares"),
        ('to="b"', 'to="z"', "to_node_id names node z not in .*link 1.*Add the node"),
        ('to="b"', "", "to_node_id must not be empty; see link 1"),
        ('link id="2"', 'link id="1"', "link ids must be unique; see links 1, 1"),
        ('node id="b"', 'node id="a"', "node_id must be unique; see nodes a, a"),
        ('length="10500"', 'length="NaN"', "length must be a finite number.*'NaN'.*link 1"),
        ('length="10500"', 'length="0"', "length_km must be given, from .* found 0; see link 1"),
        ('length="10500"', "", "length_km must be given"),
        ('freespeed="22.2"', 'freespeed="Infinity"', "freespeed must be a finite number"),
        ('freespeed="22.2"', 'freespeed="-1"', "from 1 to 400 km/h, found -3.6; see link 2"),
        ('x="510000" y="5600000"', 'x="510000"', "every node needs x and y; see node b"),
        ('x="510000" y="5600000"', 'x="inf" y="5600000"', "x must be a finite number"),
        ("EPSG:25832", "EPSG:2056", "lie outside the area of EPSG:2056"),
        ("EPSG:25832", "EPSG:4326", "lie outside the area of EPSG:4326"),
        ("EPSG:25832", "EPSG:99999999", "which is none"),
        ("coordinateReferenceSystem", "other", "names no coordinate reference system"),
        ("network", "population", "expected <network> as the outermost element"),
    ],
)  # fmt: skip
def test_broken_networks_are_refused_with_their_fault(write, old, new, said):
    assert old in V2
    text = V2.replace(old, new) if old == "network" else V2.replace(old, new, 1)
    with pytest.raises(InputDataError, match=said):
        read(write("network.xml", text))


def test_swapped_axes_and_lengths_in_kilometres_are_named(write):
    swapped = V2.replace(' x="', ' q="').replace(' y="', ' x="').replace(' q="', ' y="')
    with pytest.raises(InputDataError, match="x and y look swapped"):
        read(write("swapped.xml", swapped))
    kilometres = V2.replace('00" freespeed', '" freespeed').replace('length="', 'length="0.')
    with pytest.raises(InputDataError, match="unit of the lengths"):
        read(write("kilometres.xml", kilometres))


def test_a_truncated_gzip_and_an_empty_network_are_refused(write):
    with pytest.raises(InputDataError, match="cut off or damaged"):
        read(write("cut.xml.gz", gzip.compress(V2.encode(), mtime=0)[:-12]))
    with pytest.raises(InputDataError, match="found 0 nodes and 0 links"):
        read(write("empty.xml", "<network><nodes/><links/></network>"))


def test_a_filter_that_leaves_nothing_says_what_there_is(write):
    path = write("network.xml", V2)
    with pytest.raises(
        InputDataError, match=r"for ship, found only .*car,truck \(1\).*other modes"
    ):
        read(path, wanted=LinkFilter(frozenset({"ship"})))
    with pytest.raises(InputDataError, match=r"of type rail, found only .*secondary \(1\)"):
        read(path, wanted=LinkFilter(TRUCKS.modes, frozenset({"rail"})))


def test_attributes_belong_to_the_link_they_stand_in_whatever_the_order(write, tmp_path):
    junctions = LinkFilter(TRUCKS.modes, frozenset({"motorway_junction"}))
    nodes = V2[V2.index("  <nodes>") : V2.index("  <links")]
    moved = V2.replace(nodes, "").replace("</links>", f"</links>{nodes}")
    plain, _ = read(write("network.xml", V2))
    graph, _ = read(write("moved.xml", moved.replace(' type="secondary"', "")))
    assert graph.arc_road.tolist() == plain.arc_road.tolist()
    with pytest.raises(InputDataError, match=r"highway\.motorway_link \(1\), nothing \(1\)"):
        read(tmp_path / "moved.xml", wanted=junctions)


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # matsim-tools leaves it so
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("name", "n_nodes", "n_arcs"),
    [
        ("equil/network.xml", 15, 23),
        ("evDetour/1pctNetwork.xml", 100, 180),
        ("python_tools_tests/test_network.xml.gz", 15, 23),
        ("python_tools_tests/test_network_attrs.xml.gz", 4, 3),
    ],
)
def test_networks_of_matsim_are_read_as_matsim_tools_reads_them(
    matsim_folder, name, n_nodes, n_arcs
):
    path = matsim_folder / name
    graph, _ = read(path, "EPSG:3857")
    theirs = read_network(path)
    assert (graph.n_nodes, graph.n_arcs) == (n_nodes, n_arcs)
    assert graph.node_id.tolist() == theirs.nodes["node_id"].tolist()
    assert graph.lon * 111_319.49 == pytest.approx(theirs.nodes["x"].to_numpy(), abs=0.1)
    assert graph.node_id[graph.arc_from_idx].tolist() == theirs.links["from_node"].tolist()
    assert graph.node_id[graph.arc_to_idx].tolist() == theirs.links["to_node"].tolist()
    assert np.array_equal(graph.arc_length_km, theirs.links["length"] / 1000.0)
    assert np.array_equal(graph.arc_free_speed_kmh, theirs.links["freespeed"] * 3.6)


def test_the_network_of_the_ev_example_is_whole(matsim_folder):
    graph, _ = read(matsim_folder / "evDetour/1pctNetwork.xml", "EPSG:3857")
    _, report = clean_graph(graph)
    assert report.dropped_km == 0.0
