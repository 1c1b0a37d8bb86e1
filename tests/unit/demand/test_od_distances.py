from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from planner.demand.od_distances import SOURCES_AT_ONCE, distance_matrix_km, pair_distances_km
from planner.network.graph import RoadGraph


@pytest.fixture(scope="module")
def random_graph() -> RoadGraph:
    rng = np.random.default_rng(5)
    n_nodes, n_arcs = SOURCES_AT_ONCE + 20, 600
    names = np.array([str(node) for node in range(n_nodes)], dtype=object)
    return RoadGraph(
        node_id=names,
        node_name=names,
        lon=rng.uniform(6, 15, n_nodes),
        lat=rng.uniform(47, 55, n_nodes),
        arc_from_idx=rng.integers(0, n_nodes, n_arcs).astype(np.int32),
        arc_to_idx=rng.integers(0, n_nodes, n_arcs).astype(np.int32),
        arc_length_km=rng.uniform(1, 50, n_arcs),
        arc_free_speed_kmh=np.full(n_arcs, 80.0),
        arc_road=np.full(n_arcs, "", dtype=object),
    )


def test_distances_equal_those_of_networkx_on_a_multigraph(random_graph):
    multigraph = nx.MultiDiGraph()
    multigraph.add_nodes_from(range(random_graph.n_nodes))
    multigraph.add_weighted_edges_from(
        zip(
            random_graph.arc_from_idx.tolist(),
            random_graph.arc_to_idx.tolist(),
            random_graph.arc_length_km.tolist(),
            strict=True,
        )
    )
    expected = np.full((random_graph.n_nodes, random_graph.n_nodes), np.inf)
    for origin, reached in nx.all_pairs_dijkstra_path_length(multigraph):
        expected[origin, list(reached)] = list(reached.values())
    nodes = np.arange(random_graph.n_nodes, dtype=np.int32)
    found = distance_matrix_km(random_graph, nodes, nodes)
    np.testing.assert_allclose(found, expected)
    assert np.isinf(found).any()


def test_parallel_arcs_count_by_the_shortest_and_are_not_summed(line_graph):
    doubled = replace(
        line_graph,
        arc_from_idx=np.append(line_graph.arc_from_idx, [0, 0]).astype(np.int32),
        arc_to_idx=np.append(line_graph.arc_to_idx, [1, 1]).astype(np.int32),
        arc_length_km=np.append(line_graph.arc_length_km, [140.0, 400.0]),
    )
    ends = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    assert distance_matrix_km(doubled, *ends) == [[140.0]]


def test_pairs_take_their_own_cell_and_the_island_is_out_of_reach(line_graph):
    origin = np.array([4, 0, 0, 2], dtype=np.int32)
    destination = np.array([0, 3, 5, 2], dtype=np.int32)
    found = pair_distances_km(line_graph, origin, destination)
    np.testing.assert_array_equal(found, [600.0, 450.0, np.inf, 0.0])
