from dataclasses import replace

import numpy as np
import pytest

from planner.network.etisplus import read_etisplus_network
from planner.network.road_courses import road_courses
from planner.network.site_generation import sites_by_spacing


def test_a_course_runs_through_its_arcs_in_order(make_graph):
    # Edges given out of order and against the course.
    graph = make_graph([9, 11, 10, 12], [50] * 4, [(2, 1), (2, 0), (3, 1)], [70, 71, 72], "A4")
    (course,) = road_courses(graph)
    ends = [(int(graph.arc_from_idx[arc]), int(graph.arc_to_idx[arc])) for arc in course.arc_idx]
    assert [stop for _, stop in ends[:-1]] == [start for start, _ in ends[1:]]
    assert {ends[0][0], ends[-1][1]} == {0, 3}
    assert course.length_km == 213.0


def test_a_ring_is_one_course(make_graph):
    graph = make_graph(
        [9, 10, 10, 9], [50, 50, 51, 51], [(0, 1), (1, 2), (2, 3), (3, 0)], [70] * 4, "A10"
    )
    (course,) = road_courses(graph)
    assert len(set(course.arc_idx.tolist())) == 4
    assert graph.arc_to_idx[course.arc_idx[-1]] == graph.arc_from_idx[course.arc_idx[0]]


def test_at_a_fork_the_straightest_arcs_belong_together(make_graph):
    edges = [(0, 1), (1, 2), (1, 3)]
    graph = make_graph([9, 10, 11, 10], [50, 50, 50, 51], edges, [70, 70, 110], "")
    assert sorted(len(course.arc_idx) for course in road_courses(graph)) == [1, 2]


def test_separate_carriageways_make_separate_courses_in_driving_direction(make_graph):
    graph = make_graph([9, 10, 11], [50] * 3, [(1, 2), (0, 1)], [70, 70], "A1")
    one_way = replace(
        graph,
        arc_from_idx=graph.arc_from_idx[::2],
        arc_to_idx=graph.arc_to_idx[::2],
        arc_length_km=graph.arc_length_km[::2],
        arc_free_speed_kmh=graph.arc_free_speed_kmh[::2],
        arc_road=graph.arc_road[::2],
    )
    (course,) = road_courses(one_way)
    assert course.arc_idx.tolist() == [1, 0]
    sites, _ = sites_by_spacing(one_way, 70.0)
    assert sites.direction.tolist() == ["one", "one"]


def test_roads_are_sorted_by_number_and_only_motorways_get_sites(make_graph):
    lon, lat = [9, 10] * 4, [50, 50, 51, 51, 52, 52, 53, 53]
    edges = [(0, 1), (2, 3), (4, 5), (6, 7)]
    graph = make_graph(lon, lat, edges, [70] * 4, ["A10", "A2", "B96", "access"])
    assert [course.road for course in road_courses(graph)] == ["A2", "A10"]


def test_sites_are_named_after_the_nearer_end_of_their_arc(west_east_graph):
    sites, report = sites_by_spacing(west_east_graph, 40.0)
    assert report.n_sites == sites.n_sites == 4
    assert sites.name.tolist() == [
        "A7 Place 0 km 20", "A7 Place 1 km 60",
        "A7 Place 1 km 100", "A7 Place 2 km 140",
    ]  # fmt: skip
    assert set(sites.direction) == {"both"}
    np.testing.assert_allclose(sites.lon, [9.25, 9.75, 10.25, 10.75])


def test_sites_of_parts_of_a_road_with_one_place_and_kilometre_have_names_of_their_own(make_graph):
    lon, lat = [9, 10] * 3, [50, 50, 51, 51, 52, 52]
    graph = make_graph(lon, lat, [(0, 1), (2, 3), (4, 5)], [70] * 3, "15")
    same = replace(graph, node_name=np.array(["Silkeborg"] * 6, dtype=object))
    sites, _ = sites_by_spacing(same, 70.0)
    assert sites.name.tolist() == [
        "15 Silkeborg km 35", "15 Silkeborg km 35 (2)", "15 Silkeborg km 35 (3)",
    ]  # fmt: skip


def test_a_spacing_of_nothing_is_refused(west_east_graph):
    with pytest.raises(ValueError, match="above 0 km"):
        sites_by_spacing(west_east_graph, 0.0)


def test_a_network_of_short_roads_gets_no_sites(west_east_graph):
    sites, report = sites_by_spacing(west_east_graph, 400.0)
    assert (sites.n_sites, report.n_attachments) == (0, 0)


@pytest.mark.parametrize("spacing_km", [25.0, 60.0])
def test_every_course_of_a_real_network_is_covered(etisplus_folder, spacing_km):
    graph, _ = read_etisplus_network(etisplus_folder)
    sites, _ = sites_by_spacing(graph, spacing_km)
    on_arc: dict[int, list[float]] = {}
    for arc, offset in zip(sites.attachment_arc_idx, sites.attachment_offset_km, strict=True):
        on_arc.setdefault(int(arc), []).append(float(offset))
    courses = road_courses(graph)
    assert sum(len(course.arc_idx) for course in courses) * 2 == graph.n_arcs
    for course in courses:
        at_km = sorted(
            start + offset
            for arc, start in zip(course.arc_idx.tolist(), course.start_km, strict=True)
            for offset in on_arc.get(arc, [])
        )
        if course.length_km < spacing_km / 2:
            assert at_km == []
            continue
        assert np.diff(at_km).max(initial=0.0) <= spacing_km + 1e-9
        assert max(at_km[0], course.length_km - at_km[-1]) <= spacing_km / 2 + 1e-9
