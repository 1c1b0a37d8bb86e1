import numpy as np
import pytest
import shapely

from planner.network.line_topology import join_lines

M = 1.0 / 111_195.0
"""A metre northwards, degrees."""


def lines(*courses) -> np.ndarray:
    return np.array([shapely.LineString(course) for course in courses], dtype=object)


def ends(topology) -> list[tuple[int, int]]:
    return list(zip(topology.from_idx.tolist(), topology.to_idx.tolist(), strict=True))


def test_ends_within_the_tolerance_share_a_node_in_their_middle():
    topology = join_lines(
        lines([(9.0, 50.0), (9.1, 50.0)], [(9.1, 50.0 + 4 * M), (9.2, 50.0)]), tolerance_m=5.0
    )
    assert topology.to_idx[0] == topology.from_idx[1]
    middle = topology.from_idx[1]
    assert topology.lat[middle] == pytest.approx(50.0 + 2 * M, abs=0.01 * M)
    assert topology.course[0].coords[-1] == topology.course[1].coords[0]


def test_ends_farther_apart_than_the_tolerance_stay_apart():
    topology = join_lines(
        lines([(9.0, 50.0), (9.1, 50.0)], [(9.1, 50.0 + 6 * M), (9.2, 50.0)]), tolerance_m=5.0
    )
    assert len(topology.lon) == 4


def test_a_line_is_split_where_another_ends_on_it_or_just_short_of_it():
    topology = join_lines(
        lines([(9.0, 50.0), (9.03, 50.0)], [(9.01, 50.0 + 4 * M), (9.01, 50.1)]), tolerance_m=5.0
    )
    assert topology.line_idx.tolist() == [0, 0, 1]
    assert topology.line_share == pytest.approx([1 / 3, 2 / 3, 1.0], abs=1e-3)
    assert topology.to_idx[0] == topology.from_idx[1] == topology.from_idx[2]


def test_lines_meet_at_a_vertex_in_common_and_not_where_they_only_cross():
    level = lines([(9.0, 50.0), (9.1, 50.0), (9.2, 50.0)], [(9.1, 49.9), (9.1, 50.0), (9.1, 50.1)])
    bridge = lines([(9.0, 50.0), (9.2, 50.0)], [(9.1, 49.9), (9.1, 50.1)])
    assert len(join_lines(level, 5.0).lon) == 5
    assert len(join_lines(bridge, 5.0).lon) == 4


def test_a_line_through_a_point_twice_is_split_there():
    topology = join_lines(
        lines([(9.0, 50.0), (9.1, 50.0), (9.2, 50.1), (9.1, 50.1), (9.1, 50.0), (9.1, 49.9)]), 5.0
    )
    assert len(topology.from_idx) == 3
    assert topology.to_idx[0] == topology.from_idx[1] == topology.to_idx[1] == topology.from_idx[2]


def test_without_tolerance_only_what_touches_is_joined():
    topology = join_lines(
        lines(
            [(9.0, 50.0), (9.1, 50.0)], [(9.1, 50.0), (9.2, 50.0)], [(9.2, 50.0 + M), (9.3, 50.0)]
        ),
        tolerance_m=0.0,
    )
    assert len(topology.lon) == 5


def test_a_line_shorter_than_the_tolerance_shrinks_to_its_node():
    topology = join_lines(
        lines(
            [(9.0, 50.0), (9.1, 50.0)],
            [(9.1, 50.0), (9.1, 50.0 + 3 * M)],
            [(9.1, 50.0 + 3 * M), (9.2, 50.0)],
        ),
        tolerance_m=5.0,
    )
    assert topology.line_idx.tolist() == [0, 2]
    assert topology.to_idx[0] == topology.from_idx[1]
    assert len(set(ends(topology)[0] + ends(topology)[1])) == 3


def test_lines_that_all_shrink_to_nodes_leave_no_pieces():
    topology = join_lines(lines([(9.0, 50.0), (9.0, 50.0 + M)]), tolerance_m=5.0)
    assert ends(topology) == []
    assert len(topology.course) == 0
