"""Many-to-many distances against networkx and scipy on random graphs, and equally quick ways."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from planner.network import distances, path_trees
from planner.network.distances import (
    farthest_reached_node_idx,
    node_flows,
    quickest_paths,
    travel_along,
    travel_matrix,
    truck_network,
)
from planner.network.graph import RoadGraph
from planner.network.path_trees import PathTrees
from planner.runs.kernel_threads import kernel_threads


def random_graph(rng, n_nodes=30, n_arcs=90):
    names = np.array([str(i) for i in range(n_nodes)], dtype=object)
    ends = np.array([rng.choice(n_nodes, 2, replace=False) for _ in range(n_arcs)])
    return RoadGraph(
        node_id=names,
        node_name=names,
        lon=np.zeros(n_nodes),
        lat=np.zeros(n_nodes),
        arc_from_idx=ends[:, 0].astype(np.int32),
        arc_to_idx=ends[:, 1].astype(np.int32),
        arc_length_km=rng.uniform(1, 50, n_arcs),
        arc_free_speed_kmh=rng.choice([50.0, 70.0, 120.0], n_arcs),
        arc_road=np.full(n_arcs, "", dtype=object),
    )


def as_networkx(graph, speed_kmh):
    roads = nx.DiGraph()
    for arc in range(graph.n_arcs):
        start, end = int(graph.arc_from_idx[arc]), int(graph.arc_to_idx[arc])
        hours = graph.arc_length_km[arc] / min(speed_kmh, graph.arc_free_speed_kmh[arc])
        if not roads.has_edge(start, end) or hours < roads[start][end]["hours"]:
            roads.add_edge(start, end, hours=hours, km=graph.arc_length_km[arc], arc=arc)
    return roads


@pytest.mark.parametrize("measured_cells", [1, 65_536])
def test_times_and_lengths_are_those_of_the_quickest_paths(monkeypatch, measured_cells):
    monkeypatch.setattr(distances, "_MEASURED_CELLS", measured_cells)
    rng = np.random.default_rng(5)
    graph = random_graph(rng)
    roads = as_networkx(graph, 80.0)
    sources, targets = rng.choice(30, 8), rng.choice(30, 12)
    matrix = travel_matrix(truck_network(graph, 80.0), sources, targets)
    for source, row in zip(sources, matrix.row(sources), strict=True):
        hours, paths = nx.single_source_dijkstra(roads, source, weight="hours")
        for target, column in zip(targets, matrix.column(targets), strict=True):
            if target not in hours:
                assert np.isinf(matrix.time_h[row, column])
                assert np.isinf(matrix.length_km[row, column])
                continue
            assert matrix.time_h[row, column] == pytest.approx(hours[target], rel=1e-12)
            length_km = nx.path_weight(roads, paths[target], "km")
            assert matrix.length_km[row, column] == pytest.approx(length_km, rel=1e-12)


def test_times_are_those_of_scipy_to_the_last_bit_whatever_the_number_of_threads():
    graph = random_graph(np.random.default_rng(8), n_nodes=400, n_arcs=1000)
    network = truck_network(graph, 80.0)
    everywhere = np.arange(400, dtype=np.int32)
    expected = dijkstra(network.time_matrix)
    found = travel_matrix(network, everywhere, everywhere)
    with kernel_threads(1):
        alone = travel_matrix(network, everywhere, everywhere)
    assert np.isinf(expected).any()
    np.testing.assert_array_equal(found.time_h, expected)
    np.testing.assert_array_equal(alone.time_h, found.time_h)
    np.testing.assert_array_equal(alone.length_km, found.length_km)


@pytest.mark.parametrize("first", [1, 2])
def test_of_equally_quick_ways_the_one_over_the_first_node_is_taken(first):
    """Nodes 0 and 3 with 1 and 2 between them, whichever arc comes first."""
    second = 3 - first
    arcs = [(0, first), (0, second), (first, 3), (second, 3)]
    names = np.array(list("abcd"), dtype=object)
    graph = RoadGraph(
        node_id=names,
        node_name=names,
        lon=np.zeros(4),
        lat=np.zeros(4),
        arc_from_idx=np.array([start for start, _ in arcs], np.int32),
        arc_to_idx=np.array([end for _, end in arcs], np.int32),
        arc_length_km=np.full(4, 10.0),
        arc_free_speed_kmh=np.full(4, 80.0),
        arc_road=np.full(4, "", dtype=object),
    )
    (path,) = quickest_paths(truck_network(graph, 80.0), np.array([0]), np.array([3]))
    assert [arcs[arc] for arc in path] == [(0, 1), (1, 3)]


def test_flows_are_the_sum_of_single_paths():
    rng = np.random.default_rng(6)
    graph = random_graph(rng)
    roads = as_networkx(graph, 80.0)
    start, end = rng.integers(0, 30, (2, 60)).astype(np.int32)
    weight = rng.uniform(0, 5, 60)
    expected = np.zeros(graph.n_arcs)
    for i, j, trucks in zip(start.tolist(), end.tolist(), weight, strict=True):
        if nx.has_path(roads, i, j):
            for edge in nx.utils.pairwise(nx.dijkstra_path(roads, i, j, weight="hours")):
                expected[roads.edges[edge]["arc"]] += trucks
    flow = node_flows(truck_network(graph, 80.0), start, end, weight)
    np.testing.assert_allclose(flow, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("tree_cells", [1, 200, 4_000_000])
def test_trees_are_grown_once_where_they_can_be_held_and_serve_lengths_and_flows(
    monkeypatch, tree_cells
):
    monkeypatch.setattr(path_trees, "_TREE_CELLS", tree_cells)
    grown = []
    fill_trees = path_trees.fill_trees
    monkeypatch.setattr(
        path_trees,
        "fill_trees",
        lambda first, last, *rest: (grown.append(last - first), fill_trees(first, last, *rest)),
    )
    rng = np.random.default_rng(8)
    network = truck_network(random_graph(rng), 80.0)
    start, end = rng.integers(0, 30, (2, 60)).astype(np.int32)
    weight = rng.integers(1, 5, 60).astype(float)
    alone = travel_matrix(network, start, end), node_flows(network, start, end, weight)
    grown.clear()
    trees = PathTrees(network, np.arange(30, dtype=np.int32))
    trees.hold()
    travel = travel_along(trees, end)
    flow = node_flows(network, start, end, weight, trees)
    assert sum(grown) == (30 if tree_cells >= 30 * 30 else 60)
    rows = travel.row(alone[0].source_node_idx)
    np.testing.assert_array_equal(travel.time_h[rows], alone[0].time_h)
    np.testing.assert_array_equal(travel.length_km[rows], alone[0].length_km)
    np.testing.assert_array_equal(flow, alone[1])


@pytest.mark.parametrize("tree_cells", [1, 4_000_000])
def test_paths_are_the_arcs_of_the_quickest_ways_in_the_order_asked_for(monkeypatch, tree_cells):
    monkeypatch.setattr(path_trees, "_TREE_CELLS", tree_cells)
    rng = np.random.default_rng(7)
    graph = random_graph(rng)
    roads = as_networkx(graph, 80.0)
    start, end = rng.integers(0, 30, (2, 60)).astype(np.int32)
    paths = quickest_paths(truck_network(graph, 80.0), start, end)
    for i, j, arcs in zip(start.tolist(), end.tolist(), paths, strict=True):
        expected = []
        if nx.has_path(roads, i, j):
            nodes = nx.dijkstra_path(roads, i, j, weight="hours")
            expected = [roads.edges[edge]["arc"] for edge in nx.utils.pairwise(nodes)]
        assert arcs.tolist() == expected


def test_farthest_node_is_the_last_within_range(west_east_graph):
    network = truck_network(west_east_graph, 80.0)
    assert farthest_reached_node_idx(network, 0, 2, 159.9) == 1
    assert farthest_reached_node_idx(network, 0, 2, 160.0) == 2
    assert farthest_reached_node_idx(network, 0, 2, 10.0) == 0
