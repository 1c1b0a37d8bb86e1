from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.files.bounds import GRAPHML
from planner.network import etisplus
from planner.network.cleaning import clean_graph
from planner.network.etisplus import read_etisplus_network

SMALL = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d3" for="edge" attr.name="id" attr.type="long" />
  <key id="d2" for="edge" attr.name="distance" attr.type="double" />
  <key id="d1" for="node" attr.name="position_y" attr.type="double" />
  <key id="d0" for="node" attr.name="position_x" attr.type="double" />
  <graph edgedefault="directed">
    <node id="1"><data key="d0">7.0</data><data key="d1">49.0</data></node>
    <node id="2"><data key="d0">8.0</data><data key="d1">50.0</data></node>
    <edge source="1" target="2"><data key="d2">151.5</data><data key="d3">9</data></edge>
  </graph>
</graphml>
"""


def test_positions_and_lengths_are_found_by_the_names_of_their_keys(write, tmp_path):
    write("graph.graphml", SMALL)
    graph, _ = read_etisplus_network(tmp_path)
    assert graph.node_id.tolist() == ["1", "2"]
    assert (graph.lon[1], graph.lat[1]) == (8.0, 50.0)
    assert graph.arc_length_km.tolist() == [151.5]
    assert graph.arc_road.tolist() == [""]


def test_the_published_graph_of_germany_is_whole(etisplus_folder):
    graph, report = clean_graph(read_etisplus_network(etisplus_folder)[0])
    assert (report.n_nodes, report.n_arcs) == (419, 1090)
    assert report.n_nodes_dropped == report.n_parallel_dropped == report.n_loops_dropped == 0
    assert report.length_km == pytest.approx(28_237.154)
    assert np.all((graph.lon > 5.5) & (graph.lon < 15.5))
    assert np.all((graph.lat > 47.0) & (graph.lat < 55.5))
    assert np.all(graph.reverse_arc_idx() >= 0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</graphml>", "", "well-formed XML"),
        ('"directed"', '"undirected"', "edgedefault directed, found 'undirected'"),
        ('target="2"', 'target="3"', "to_node_id names node 3 not in .*edge 1 -> 3"),
        ('<data key="d1">50.0</data>', "", "lat must be given.*node 2"),
        ("151.5", "0", "length_km must be given, from .* found 0; see edge 1 -> 2"),
        ("151.5", "NaN", "finite number"),
        ('node id="2"', 'node id="1"', "node_id must be unique; see nodes 1, 1"),
        ("<graphml", '<!DOCTYPE x [<!ENTITY a "b">]><graphml', "declares entities"),
        ("utf-8", "foo", "unknown encoding"),
        ("utf-8", "UTF-7", "not well-formed XML"),
        ("utf-8", "hex", "not well-formed XML"),
        ("utf-8", "UTF-16", "not well-formed XML"),
        ("</graphml>", "</graphml><more/>", "not well-formed XML"),
        (SMALL[SMALL.index("<edge") : SMALL.index("  </graph>")], "", "2 nodes and 0 edges"),
    ],
)
def test_broken_files_are_refused_with_their_fault(write, tmp_path, old, new, said):
    assert old in SMALL
    write("graph.graphml", SMALL.replace(old, new, 1))
    with pytest.raises(InputDataError, match=said):
        read_etisplus_network(tmp_path)


def test_a_missing_file_and_a_huge_one_are_refused(write, tmp_path, monkeypatch):
    with pytest.raises(InputDataError, match=r"folder with graph\.graphml"):
        read_etisplus_network(tmp_path)
    write("graph.graphml", SMALL)
    monkeypatch.setattr(etisplus, "GRAPHML", replace(GRAPHML, max_bytes=10))
    with pytest.raises(InputDataError, match="smaller region"):
        read_etisplus_network(tmp_path)
