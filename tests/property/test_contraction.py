"""Contraction keeps what can be driven, how far and how long it is."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network.contraction import FASTEST_TRUCK_KMH, contract_graph
from planner.network.graph import RoadGraph


@st.composite
def road_graphs(draw) -> RoadGraph:
    """Sparse graphs without loops and parallels: rings, chains, junctions, one-way roads."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(2, 25))
    pairs = {(a, a + 1) for a in range(n - 1) if rng.random() < 0.9}
    pairs |= {tuple(sorted(rng.choice(n, 2, replace=False).tolist())) for _ in range(n // 4)}
    ends = []
    for a, b in sorted(pairs):
        kind = rng.choice(["two", "there", "back"], p=[0.6, 0.3, 0.1])
        ends += [(a, b)] * (kind != "back") + [(b, a)] * (kind != "there")
    start, end = np.array(ends or [(0, 1)], dtype=np.int32).T
    n_arcs = len(start)
    return RoadGraph(
        node_id=np.array([f"n{idx}" for idx in range(n)], dtype=object),
        node_name=np.array([""] * n, dtype=object),
        lon=rng.uniform(6.0, 15.0, n),
        lat=rng.uniform(47.0, 55.0, n),
        arc_from_idx=start,
        arc_to_idx=end,
        arc_length_km=rng.integers(1, 100, n_arcs).astype(float),
        arc_free_speed_kmh=rng.choice([80.0, 100.0, 130.0], n_arcs, p=[0.1, 0.3, 0.6]),
        arc_road=rng.choice(np.array(["A1", "A2"], dtype=object), n_arcs, p=[0.9, 0.1]),
    )


def quickest(graph: RoadGraph, cost) -> dict[tuple[str, str], float]:
    matrix = csr_array((cost, (graph.arc_from_idx, graph.arc_to_idx)), shape=(graph.n_nodes,) * 2)
    between = dijkstra(matrix)
    return {
        (a, b): between[i, j]
        for i, a in enumerate(graph.node_id)
        for j, b in enumerate(graph.node_id)
    }


@settings(max_examples=150, deadline=None)
@given(road_graphs(), st.integers(0, 2**32 - 1))
def test_distances_and_times_between_the_nodes_that_stay_are_the_same(graph, seed):
    protected = np.random.default_rng(seed).random(graph.n_nodes) < 0.1
    small = contract_graph(graph, protected)
    assert set(graph.node_id[protected]) <= set(small.node_id)
    assert small.arc_length_km.sum() == pytest.approx(graph.arc_length_km.sum())
    for truck_kmh in (np.inf, FASTEST_TRUCK_KMH, 65.0):
        before = quickest(
            graph, graph.arc_length_km / np.minimum(graph.arc_free_speed_kmh, truck_kmh)
        )
        after = quickest(
            small, small.arc_length_km / np.minimum(small.arc_free_speed_kmh, truck_kmh)
        )
        assert after == pytest.approx({pair: before[pair] for pair in after})
    before, after = (quickest(g, g.arc_length_km) for g in (graph, small))
    assert after == pytest.approx({pair: before[pair] for pair in after})


@settings(max_examples=100, deadline=None)
@given(road_graphs())
def test_joined_arcs_are_drawn_from_node_to_node_and_never_clash(graph):
    small = contract_graph(graph)
    ends = list(zip(small.arc_from_idx.tolist(), small.arc_to_idx.tolist(), strict=True))
    assert len(set(ends)) == len(ends)
    assert all(a != b for a, b in ends)
    first, last = (
        shapely.get_point(small.arc_geometry, 0),
        shapely.get_point(small.arc_geometry, -1),
    )
    assert shapely.get_x(first).tolist() == small.lon[small.arc_from_idx].tolist()
    assert shapely.get_y(last).tolist() == small.lat[small.arc_to_idx].tolist()


@settings(max_examples=50, deadline=None)
@given(road_graphs())
def test_a_contracted_graph_has_nothing_left_to_join(graph):
    once = contract_graph(graph)
    twice = contract_graph(once)
    assert twice.node_id.tolist() == once.node_id.tolist()
    assert twice.arc_length_km.tolist() == once.arc_length_km.tolist()


def test_a_junction_that_contraction_turns_into_a_bend_goes_too():
    """n0 and n1 both ways, and a one-way loop from n1 that becomes a way there and back."""
    start, end = np.array([[0, 1], [1, 0], [1, 2], [2, 3], [3, 1]], dtype=np.int32).T
    graph = RoadGraph(
        node_id=np.array(["n0", "n1", "n2", "n3"], dtype=object),
        node_name=np.array([""] * 4, dtype=object),
        lon=np.array([9.0, 9.1, 9.2, 9.3]),
        lat=np.full(4, 50.0),
        arc_from_idx=start,
        arc_to_idx=end,
        arc_length_km=np.array([10.0, 10.0, 3.0, 4.0, 5.0]),
        arc_free_speed_kmh=np.full(5, 100.0),
        arc_road=np.array(["A1"] * 5, dtype=object),
    )
    small = contract_graph(graph)
    assert small.node_id.tolist() == ["n0", "n2"]
    assert sorted(small.arc_length_km.tolist()) == [13.0, 19.0]
