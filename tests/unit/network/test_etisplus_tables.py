import shutil

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.etisplus import read_etisplus_network

NODES = """Network_Node_ID,Network_Node_X,Network_Node_Y,ETISplus_Zone_ID,Country
100,9.0,50.0,10101,DE
101,10.0,50.0,10101,DE
102,10.0,51.0,10102,DE
200,6.0,50.0,20101,BE
"""
EDGES = """Network_Edge_ID,Manually_Added,Distance,Network_Node_A_ID,Network_Node_B_ID
1,0,80.5,100,101
2,0,120.0,101,102
3,1,230.0,200,100
"""
SEGMENTS = """source,target,position_x,position_y,capacity,travel_speed,segment_length
1,2,9.0,50.0,9000000.0,100.0,40.0
1,2,9.5,50.0,9000000.0,50.0,40.0
2,1,10.0,50.0,9000000.0,100.0,79.0
"""


@pytest.fixture
def published(write, tmp_path):
    def folder(nodes=NODES, edges=EDGES):
        write("03_network-nodes.csv", nodes)
        write("04_network-edges.csv", edges)
        return tmp_path

    return folder


@pytest.fixture
def segments(write):
    return lambda text=SEGMENTS: write("segments.csv", text).parent


def test_an_edge_of_the_published_layout_leads_both_ways(published):
    graph, left_out = read_etisplus_network(published())
    assert graph.node_id.tolist() == ["100", "101", "102", "200"]
    assert graph.arc_length_km.tolist() == [80.5, 120.0, 230.0] * 2
    assert (graph.reverse_arc_idx() == [3, 4, 5, 0, 1, 2]).all()
    assert sum(item.count for item in left_out) == 0


def test_countries_are_cut_out_and_what_leads_abroad_is_counted(published):
    graph, left_out = read_etisplus_network(published(), countries=["DE"])
    assert graph.node_id.tolist() == ["100", "101", "102"]
    assert [(item.what, item.count, item.length_km) for item in left_out] == [
        ("edges with an end outside DE", 1, 460.0)
    ]
    with pytest.raises(InputDataError, match=r"no node in FR; found BE, DE"):
        read_etisplus_network(published(), countries=["DE", "FR"])


def test_edges_rounded_to_nothing_keep_a_length(published):
    edges = EDGES.replace("80.5", "0.0")
    graph, _ = read_etisplus_network(published(NODES, edges))
    assert graph.arc_length_km[0] == 0.01


@pytest.mark.parametrize(
    ("nodes", "edges", "said"),
    [
        (NODES, "", r"04_network-edges\.csv: expected a CSV table, the file is empty"),
        ("", EDGES, r"03_network-nodes\.csv: expected a CSV table, the file is empty"),
        (NODES, EDGES.replace("Distance", "Length"), "missing column Distance"),
        (NODES.replace("101,10.0", "100,10.0"), EDGES, "node_id must be unique; see rows 2, 3"),
        (NODES.replace("9.0,50.0", ",50.0"), EDGES, "lon must be given.*row 2"),
        (NODES.replace("9.0,50.0", "nan,50.0"), EDGES, "lon must be a finite number.*row 2"),
        (NODES.replace("9.0,50.0", "900000,50.0"), EDGES, "lon must be given, from -180.*row 2"),
        (NODES.replace("102,", "103,"), EDGES, "names node 102 not in .*row 3"),
        (NODES, EDGES.replace("\n2,", "\n1,"), "Network_Edge_ID must be unique; see rows 2, 3"),
        (NODES, EDGES.replace("80.5", ""), "Distance must be given, .*row 2"),
        (NODES, EDGES.replace("80.5", "-1"), "Distance must be given, .*row 2"),
        (
            NODES,
            EDGES.replace("80.5", "80500").replace("20.0,", "20000,"),
            "row.* check its unit",
        ),
        (
            NODES.replace("Node_X,Network_Node_Y", "Node_Y,Network_Node_X"),
            EDGES.replace("3,1,230.0,200,100\n", ""),
            "look swapped",
        ),
    ],
)
def test_broken_files_of_the_published_layout_are_refused(published, nodes, edges, said):
    with pytest.raises(InputDataError, match=said):
        read_etisplus_network(published(nodes, edges))


def test_nodes_without_edges_beside_them_are_no_data_set(write, tmp_path):
    write("03_network-nodes.csv", NODES)
    with pytest.raises(InputDataError, match=r"folder with graph.graphml or 04_network-edges\.csv"):
        read_etisplus_network(tmp_path)
    write("04_network-edges.csv", EDGES)
    (tmp_path / "03_network-nodes.csv").unlink()
    with pytest.raises(InputDataError, match=r"03_network-nodes\.csv: expected a CSV table"):
        read_etisplus_network(tmp_path)


def test_segments_of_an_edge_add_up_in_length_and_time(segments):
    graph, _ = read_etisplus_network(segments())
    assert graph.node_id.tolist() == ["1", "2"]
    assert graph.lon.tolist() == [9.0, 10.0]
    assert graph.arc_length_km.tolist() == [80.0, 79.0]
    assert 80.0 / graph.arc_free_speed_kmh[0] == pytest.approx(0.4 + 0.8)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SEGMENTS[SEGMENTS.index("1,2") :], "", "at least one row"),
        ("segment_length", "length", "missing column segment_length"),
        ("2,1,", "2,3,", "position of node 3 is not known.*row 4"),
        ("79.0", "NaN", "segment_length must be a finite number.*row 4"),
        ("79.0", "0", "segment_length must be given, .* found 0; see row 4"),
        ("50.0,40.0", ",40.0", "travel_speed must be given, .*row 3"),
        ("9.5,50.0", "9.0,50.0", "segments must be unique; see rows 2, 3"),
        ("2,1,10.0", "2,1,190.0", "lon must be given, from -180 to 180"),
        ("2,1,10.0", "2,1", "expected 7 cells in every row"),
    ],
)
def test_broken_segments_are_refused_with_their_fault(segments, old, new, said):
    assert old in SEGMENTS
    with pytest.raises(InputDataError, match=said):
        read_etisplus_network(segments(SEGMENTS.replace(old, new)))


def test_a_source_at_two_positions_is_refused(segments):
    text = SEGMENTS + "1,3,9.1,50.0,1,100.0,40.0\n3,1,9.5,50.2,1,100.0,40.0\n"
    with pytest.raises(InputDataError, match="must begin at the same position; see rows 2, 5"):
        read_etisplus_network(segments(text))


def test_the_published_segments_make_the_graph_beside_them(etisplus_folder):
    graph, _ = read_etisplus_network(etisplus_folder)
    ours, _ = read_etisplus_network(etisplus_folder, "segments.csv")

    def arcs(of) -> dict[tuple[str, str], float]:
        ends = zip(of.node_id[of.arc_from_idx], of.node_id[of.arc_to_idx], strict=True)
        return dict(zip(ends, of.arc_length_km.tolist(), strict=True))

    assert arcs(ours) == arcs(graph)
    order, theirs = np.argsort(ours.node_id), np.argsort(graph.node_id)
    assert ours.lon[order].tolist() == graph.lon[theirs].tolist()
    assert ours.lat[order].tolist() == graph.lat[theirs].tolist()
    assert np.all(ours.arc_free_speed_kmh == pytest.approx(100.0))


def test_of_several_layouts_the_named_one_is_read(published, etisplus_folder):
    folder = published()
    shutil.copy(etisplus_folder / "graph.graphml", folder)
    assert read_etisplus_network(folder)[0].n_nodes == 419
    assert read_etisplus_network(folder, "04_network-edges.csv")[0].n_nodes == 4
    with pytest.raises(InputDataError, match=r"folder with segments\.csv, found none"):
        read_etisplus_network(folder, "segments.csv")
    with pytest.raises(InputDataError, match="does not say countries"):
        read_etisplus_network(folder, countries=["DE"])
