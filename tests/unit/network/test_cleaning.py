from dataclasses import replace

import numpy as np

from planner.network.cleaning import LeftOut, clean_graph


def with_arcs(graph, arcs):
    """The same nodes with other arcs: (from, to, km)."""
    start, stop, km = zip(*arcs, strict=True)
    return replace(
        graph,
        arc_from_idx=np.array(start, dtype=np.int32),
        arc_to_idx=np.array(stop, dtype=np.int32),
        arc_length_km=np.array(km, dtype=np.float64),
        arc_free_speed_kmh=np.full(len(km), 100.0),
        arc_road=np.array([f"A{idx}" for idx in range(len(km))], dtype=object),
    )


def test_a_clean_graph_stays_as_it_is(west_east_graph):
    kept, report = clean_graph(west_east_graph)
    assert kept.node_id.tolist() == west_east_graph.node_id.tolist()
    assert kept.arc_from_idx.tolist() == west_east_graph.arc_from_idx.tolist()
    assert report.sentences() == ["3 nodes, 4 arcs, 320 km of carriageway"]


def test_what_cannot_be_left_is_dropped_and_the_rest_renumbered(west_east_graph):
    graph = with_arcs(west_east_graph, [(1, 2, 5.0), (2, 1, 6.0), (1, 0, 7.0)])
    kept, report = clean_graph(graph)
    assert kept.node_id.tolist() == ["n1", "n2"]
    assert kept.arc_from_idx.tolist() == [0, 1]
    assert kept.arc_to_idx.tolist() == [1, 0]
    assert kept.arc_road.tolist() == ["A0", "A1"]
    assert (report.n_nodes_dropped, report.n_arcs_dropped, report.dropped_km) == (1, 1, 7.0)
    assert "dropped: nodes that cannot be reached or left (1)" in report.sentences()


def test_parts_that_nothing_links_are_told_apart_from_dead_ends(make_graph):
    graph = with_arcs(
        make_graph([9.0] * 7, [50.0] * 7, [(0, 1)], [1.0]),
        [(0, 1, 5.0), (1, 0, 5.0), (1, 2, 7.0), (3, 4, 2.0), (4, 3, 2.0), (3, 5, 1.0)],
    )
    _, report = clean_graph(graph)
    assert (report.n_parts_dropped, report.n_nodes_in_parts, report.parts_km) == (2, 4, 5.0)
    assert report.sentences()[1:] == [
        "dropped: nodes that cannot be reached or left (1)",
        "dropped: separate parts (2, 5 km)",
        "dropped: nodes in separate parts (4)",
        "dropped 12 km of carriageway in all",
    ]


def test_loops_and_longer_parallel_arcs_are_dropped(west_east_graph):
    arcs = [
        (0, 1, 9.0),
        (0, 1, 8.0),
        (1, 0, 8.0),
        (0, 0, 1.0),
        (1, 2, 4.0),
        (2, 1, 4.0),
        (0, 1, 8.0),
    ]
    kept, report = clean_graph(with_arcs(west_east_graph, arcs))
    assert kept.arc_road.tolist() == ["A1", "A2", "A4", "A5"]
    assert (report.n_loops_dropped, report.n_parallel_dropped) == (1, 2)
    assert report.dropped_km == 18.0


def test_what_the_reader_left_out_is_said_with_its_length(west_east_graph):
    left_out = (
        LeftOut("ways closed to trucks", 3, 12.4),
        LeftOut("ways with nodes that the file lacks", 2, float("nan")),
        LeftOut("reversible ways", 0, 0.0),
    )
    _, report = clean_graph(west_east_graph, left_out)
    assert report.sentences()[1:] == [
        "left out: ways closed to trucks (3, 12 km)",
        "left out: ways with nodes that the file lacks (2)",
    ]
