"""Spacing of pools on toy roads whose figures are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from planner.afir.spacing import cut_at_sites, spacing_km
from planner.network.graph import RoadGraph

A, B, C, D = range(4)
FAR_KM = 300.0
"""How far brute force walks for a pool."""


def road(*arcs: tuple[int, int, float], tent_class: str = "core") -> RoadGraph:
    """Graph of two-way roads (from, to, km): the arcs as given, then all against them."""
    ends = [(start, end, km) for start, end, km in arcs]
    ends += [(end, start, km) for start, end, km in arcs]
    n_nodes = 1 + max(max(start, end) for start, end, _ in ends)
    return RoadGraph(
        node_id=np.array([f"n{i}" for i in range(n_nodes)], dtype=object),
        node_name=np.array([f"Node {i}" for i in range(n_nodes)], dtype=object),
        lon=np.arange(n_nodes, dtype=np.float64),
        lat=np.full(n_nodes, 50.0),
        arc_from_idx=np.array([each[0] for each in ends], dtype=np.int32),
        arc_to_idx=np.array([each[1] for each in ends], dtype=np.int32),
        arc_length_km=np.array([each[2] for each in ends], dtype=np.float64),
        arc_free_speed_kmh=np.full(len(ends), 80.0),
        arc_road=np.full(len(ends), "A1", dtype=object),
        arc_tent_class=np.full(len(ends), tent_class, dtype=object),
    )


def spacings(
    graph: RoadGraph, sites: list[tuple[int, float]], beyond_end_km: float
) -> dict[int, list[float]]:
    """Spacing of the pieces of each arc, all sites being pools."""
    arc = np.array([each[0] for each in sites], dtype=np.int32)
    offset = np.array([each[1] for each in sites], dtype=np.float64)
    pieces = cut_at_sites(graph, np.ones(graph.n_arcs, np.bool_), arc, offset)
    found = spacing_km(pieces, np.ones(len(sites), np.bool_), beyond_end_km)
    return {a: found[pieces.arc_idx == a].tolist() for a in range(graph.n_arcs)}


def test_between_two_pools_the_spacing_is_the_way_between_them_in_their_direction_alone() -> None:
    graph = road((A, B, 100.0))
    found = spacings(graph, [(0, 20.0), (0, 70.0)], 30.0)
    assert found[0] == pytest.approx([30.0 + 20.0, 50.0, 30.0 + 30.0])
    assert found[1] == pytest.approx([30.0 + 100.0 + 30.0])


def test_a_way_goes_on_over_a_junction_to_the_nearest_pool_of_all_roads() -> None:
    graph = road((A, B, 40.0), (B, C, 50.0), (B, D, 25.0))
    found = spacings(graph, [(0, 10.0), (1, 45.0), (2, 20.0)], 100.0)
    assert found[0] == pytest.approx([110.0, 30.0 + 20.0])
    assert found[1] == pytest.approx([30.0 + 45.0, 105.0])
    assert found[2] == pytest.approx([50.0, 105.0])


def test_nobody_turns_back_at_a_node_to_a_pool_on_the_opposite_carriageway() -> None:
    graph = road((A, B, 10.0), (B, C, 10.0))
    at_the_other_side = 2  # the arc from B to A
    found = spacings(graph, [(at_the_other_side, 1.0)], 500.0)
    assert found[0] == pytest.approx([1020.0])
    assert found[at_the_other_side] == pytest.approx([500.0 + 10.0 + 1.0, 9.0 + 500.0])


def test_sites_at_one_place_and_at_the_ends_of_an_arc_make_pieces_of_no_length() -> None:
    graph = road((A, B, 30.0), (B, C, 30.0))
    found = spacings(graph, [(0, 0.0), (0, 30.0), (1, 0.0), (1, 30.0)], 7.0)
    assert found[0][1] == pytest.approx(30.0)
    assert found[1][1] == pytest.approx(30.0)


def test_what_is_no_pool_changes_nothing_and_roads_without_a_pool_have_ends_only() -> None:
    graph = road((A, B, 30.0), (B, A + 2, 30.0))
    arcs = np.array([0, 0], dtype=np.int32)
    pieces = cut_at_sites(graph, np.ones(graph.n_arcs, np.bool_), arcs, np.array([5.0, 9.0]))
    found = spacing_km(pieces, np.zeros(2, np.bool_), 30.0)
    assert found == pytest.approx(np.full(len(found), 120.0))


def test_roads_of_another_network_are_no_way() -> None:
    graph = road((A, B, 30.0), (B, C, 30.0))
    belongs = np.array([True, False, True, False])
    pieces = cut_at_sites(graph, belongs, np.array([0], np.int32), np.array([10.0]))
    found = spacing_km(pieces, np.ones(1, np.bool_), 4.0)
    assert found == pytest.approx([14.0, 24.0, 38.0])


def brute_force_km(
    graph: RoadGraph, sites: list[tuple[int, float]], point: tuple[int, float], beyond: float
) -> float:
    """Shortest way between pools through a point, by walking out from it in both senses."""

    def out(arc: int, at: float, forward: bool, walked: float, best: float) -> float:  # noqa: FBT001
        ahead = [km for a, km in sites if a == arc and (km >= at if forward else km <= at)]
        if ahead:
            return min(best, walked + min(abs(km - at) for km in ahead))
        walked += graph.arc_length_km[arc] - at if forward else at
        if walked >= best:
            return best
        node = graph.arc_to_idx[arc] if forward else graph.arc_from_idx[arc]
        starts = graph.arc_from_idx if forward else graph.arc_to_idx
        others = [o for o in np.flatnonzero(starts == node).tolist() if o != reverse[arc]]
        if not others:
            return min(best, walked + beyond)
        for other in others:
            start = 0.0 if forward else float(graph.arc_length_km[other])
            best = out(other, start, forward, walked, best)
        return best

    reverse = graph.reverse_arc_idx()
    arc, at = point
    return out(arc, at, True, 0.0, FAR_KM) + out(arc, at, False, 0.0, FAR_KM)


@pytest.mark.parametrize("seed", range(20))
def test_spacing_is_what_walking_out_from_each_point_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 6
    roads = [(i, i + 1, float(rng.integers(5, 40))) for i in range(n - 1)]
    roads += [(0, 3, float(rng.integers(5, 60))), (1, 5, float(rng.integers(5, 60)))]
    graph = road(*roads)
    sites = [
        (arc, float(rng.uniform(0.0, graph.arc_length_km[arc])))
        for arc in rng.choice(graph.n_arcs, 5, replace=False).tolist()
    ]
    arcs = np.array([each[0] for each in sites], dtype=np.int32)
    offsets = np.array([each[1] for each in sites])
    pieces = cut_at_sites(graph, np.ones(graph.n_arcs, np.bool_), arcs, offsets)
    found = spacing_km(pieces, np.ones(len(sites), np.bool_), 12.0)
    middle = (pieces.from_km + pieces.to_km) / 2.0
    expected = [
        brute_force_km(graph, sites, (int(arc), float(at)), 12.0)
        for arc, at in zip(pieces.arc_idx, middle, strict=True)
    ]
    near = np.array(expected) < FAR_KM
    assert near.any()
    assert found[near] == pytest.approx(np.array(expected)[near])
    assert (found[~near] >= FAR_KM - 1e-9).all()
