from dataclasses import replace

import numpy as np
import pytest
import shapely

from planner.network.cleaning import clean_graph
from planner.network.contraction import contract_graph


@pytest.fixture
def star(make_graph):
    """A junction n0; east of it a road n1, n2 to the end n3; north n4 and south n5."""
    return make_graph(
        lon=[9.0, 9.1, 9.2, 9.3, 9.0, 9.0],
        lat=[50.0, 50.1, 50.0, 50.0, 51.0, 49.0],
        edges=[(0, 1), (1, 2), (2, 3), (0, 4), (0, 5)],
        length_km=[10.0, 20.0, 30.0, 80.0, 80.0],
    )


def arcs(graph) -> set[tuple[str, str]]:
    return set(
        zip(
            graph.node_id[graph.arc_from_idx],
            graph.node_id[graph.arc_to_idx],
            strict=True,
        )
    )


def test_a_road_between_junction_and_end_becomes_one_arc_each_way(star):
    contracted = contract_graph(star)
    assert contracted.node_id.tolist() == ["n0", "n3", "n4", "n5"]
    assert arcs(contracted) == {
        (a, b) for n in ("n3", "n4", "n5") for a, b in (("n0", n), (n, "n0"))
    }
    assert contracted.arc_length_km[:2].tolist() == [60.0, 60.0]
    assert contracted.arc_geometry[0].coords[:] == [
        (9.0, 50.0),
        (9.1, 50.1),
        (9.2, 50.0),
        (9.3, 50.0),
    ]
    assert contracted.arc_geometry[1].coords[:] == contracted.arc_geometry[0].coords[::-1]


def test_free_flow_time_is_the_sum_over_the_parts(star):
    speed = star.arc_free_speed_kmh.copy()
    speed[:6] = [100.0, 120.0, 120.0, 100.0, 130.0, 100.0]
    contracted = contract_graph(replace(star, arc_free_speed_kmh=speed))
    assert 60.0 / contracted.arc_free_speed_kmh[0] == pytest.approx(0.1 + 20 / 120 + 30 / 130)
    assert 60.0 / contracted.arc_free_speed_kmh[1] == pytest.approx(0.3 + 0.2 + 10 / 120)


def test_drawn_courses_are_strung_together(star):
    courses = shapely.linestrings(
        [
            [(star.lon[a], star.lat[a]), (star.lon[a], 50.5), (star.lon[b], star.lat[b])]
            for a, b in zip(star.arc_from_idx, star.arc_to_idx, strict=True)
        ]
    )
    contracted = contract_graph(replace(star, arc_geometry=courses))
    assert contracted.arc_geometry[0].coords[:] == [
        (9.0, 50.0), (9.0, 50.5), (9.1, 50.1), (9.1, 50.5), (9.2, 50.0), (9.2, 50.5), (9.3, 50.0),
    ]  # fmt: skip


def test_a_protected_node_stays(star):
    contracted = contract_graph(star, np.array([False, False, True, False, False, False]))
    assert contracted.node_id.tolist() == ["n0", "n2", "n3", "n4", "n5"]
    assert contracted.arc_length_km.sum() == star.arc_length_km.sum()


@pytest.mark.parametrize(
    ("field", "change", "kept"),
    [
        ("arc_road", {2: "B3", 3: "B3"}, ["n1", "n2"]),
        ("arc_road", {4: "B3"}, ["n2"]),
        ("arc_free_speed_kmh", {2: 60.0, 3: 60.0}, ["n1", "n2"]),
        ("arc_free_speed_kmh", {2: 130.0, 3: 91.0}, []),
    ],
)
def test_a_node_stays_where_the_road_or_the_speed_of_trucks_changes(star, field, change, kept):
    values = getattr(star, field).copy()
    for arc, value in change.items():
        values[arc] = value
    contracted = contract_graph(replace(star, **{field: values}))
    assert sorted(set(contracted.node_id) - {"n0", "n3", "n4", "n5"}) == kept


def test_one_way_carriageways_are_joined_and_a_change_to_two_way_stays(star):
    one_way = np.isin(np.arange(star.n_arcs), [1, 3], invert=True)  # n1 -> n0, n2 -> n1 closed
    graph = replace(
        star,
        **{
            name: getattr(star, name)[one_way]
            for name in (
                "arc_from_idx", "arc_to_idx", "arc_length_km", "arc_free_speed_kmh", "arc_road",
            )
        },
    )  # fmt: skip
    contracted = contract_graph(graph)
    assert contracted.node_id.tolist() == ["n0", "n2", "n3", "n4", "n5"]
    assert ("n0", "n2") in arcs(contracted)
    assert ("n2", "n0") not in arcs(contracted)


def test_a_way_round_beside_a_direct_road_is_not_lost_as_a_parallel(make_graph):
    graph = make_graph(
        lon=[9.0, 10.0, 9.3, 9.6, 8.0, 11.0],
        lat=[50.0, 50.0, 50.3, 50.3, 50.0, 50.0],
        edges=[(0, 1), (0, 2), (2, 3), (3, 1), (4, 0), (1, 5)],
        length_km=[80.0, 30.0, 30.0, 30.0, 80.0, 80.0],
    )
    contracted = contract_graph(graph)
    assert contracted.n_nodes == 5
    _, report = clean_graph(contracted)
    assert report.n_parallel_dropped == report.n_loops_dropped == 0
    assert report.length_km == graph.arc_length_km.sum()


def test_a_loop_at_the_end_of_a_road_is_not_lost(make_graph):
    graph = make_graph(
        lon=[9.0, 10.0, 10.1, 10.2, 10.1],
        lat=[50.0, 50.0, 50.1, 50.0, 49.9],
        edges=[(0, 1), (1, 2), (2, 3), (3, 4), (4, 1)],
        length_km=[80.0, 10.0, 10.0, 10.0, 10.0],
    )
    _, report = clean_graph(contract_graph(graph))
    assert report.dropped_km == 0.0
    assert report.length_km == graph.arc_length_km.sum()


def test_a_ring_with_nothing_else_keeps_enough_nodes_to_be_driven(make_graph):
    graph = make_graph(
        lon=[9.0, 9.1, 9.2, 9.1],
        lat=[50.0, 50.1, 50.0, 49.9],
        edges=[(0, 1), (1, 2), (2, 3), (3, 0)],
        length_km=[10.0] * 4,
    )
    cleaned, report = clean_graph(contract_graph(graph))
    assert report.dropped_km == 0.0
    assert cleaned.n_nodes == 3
