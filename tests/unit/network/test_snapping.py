from dataclasses import replace

import numpy as np
import pytest
import shapely

from planner.errors import InputDataError
from planner.network.snapping import normalised_road, snap_places


def snap(graph, lon, lat, road="", direction="one", max_snap_km=10.0):
    return snap_places(
        graph,
        np.array([lon], dtype=np.float64),
        np.array([lat], dtype=np.float64),
        np.array([road], dtype=object),
        np.array([direction], dtype=object),
        max_snap_km,
    )


@pytest.mark.parametrize("text", ["A7", "a 7", "BAB 7", "BAB A7", "Autobahn 7", "A-7", " A7 "])
def test_one_road_is_written_in_many_ways(text):
    assert normalised_road(text) == "A7"


def test_other_references_keep_their_letters():
    assert [normalised_road(name) for name in ("B96", "E 45", "", "A7N")] == [
        "B96",
        "E45",
        "",
        "A7N",
    ]


def test_traffic_keeps_right(west_east_graph):
    # Driving east (arc 0) the right-hand side is the southern one, driving west the northern one.
    south, north = snap(west_east_graph, 9.25, 49.99), snap(west_east_graph, 9.25, 50.01)
    assert (south.arc_idx[0], north.arc_idx[0]) == (0, 1)
    assert south.offset_km[0] == pytest.approx(20.0, abs=0.2)
    assert north.offset_km[0] == pytest.approx(60.0, abs=0.2)
    assert south.opposite_arc_idx[0] == north.opposite_arc_idx[0] == -1


def test_a_compass_side_goes_before_the_drawn_side(west_east_graph):
    assert snap(west_east_graph, 9.25, 50.01, direction="south").arc_idx[0] == 0
    assert snap(west_east_graph, 9.25, 49.99, direction="north").arc_idx[0] == 1


def test_both_directions_get_the_opposite_arc_too(west_east_graph):
    both = snap(west_east_graph, 10.5, 50.01, direction="both")
    assert (both.arc_idx[0], both.opposite_arc_idx[0]) == (2, 3)


def test_a_place_too_far_away_is_left_out_with_its_distance(west_east_graph):
    far = snap(west_east_graph, 9.5, 50.2, max_snap_km=5.0)
    assert far.arc_idx[0] == -1
    assert np.isnan(far.offset_km[0])
    assert far.distance_km[0] == pytest.approx(22.0, abs=0.7)


def test_the_named_road_goes_before_a_nearer_one(make_graph):
    graph = make_graph(
        [9.0, 10.0, 9.0, 10.0], [50.0, 50.0, 50.05, 50.05], [(0, 1), (2, 3)], [72, 72], ["A1", "A2"]
    )
    assert snap(graph, 9.5, 50.01).arc_idx[0] in {0, 1}
    assert snap(graph, 9.5, 50.01, road="A 2").arc_idx[0] in {2, 3}
    assert snap(graph, 9.5, 50.01, road="A2", max_snap_km=2.0).arc_idx[0] in {0, 1}
    assert snap(graph, 9.5, 50.01, road="A3").arc_idx[0] in {0, 1}


def test_access_arcs_carry_no_sites(make_graph):
    graph = make_graph([9.0, 10.0, 11.0], [50.0] * 3, [(0, 1), (1, 2)], [72, 72], ["access", "A1"])
    assert snap(graph, 9.99, 50.0).arc_idx[0] in {2, 3}
    with pytest.raises(InputDataError, match="access arcs only"):
        snap(replace(graph, arc_road=np.full(4, "access", dtype=object)), 9.5, 50.0)


def test_a_drawn_course_goes_before_the_straight_line(make_graph):
    graph = make_graph([9.0, 10.0], [50.0, 50.0], [(0, 1)], [100.0])
    bend = [(9.0, 50.0), (9.5, 50.4), (10.0, 50.0)]
    drawn = np.array([shapely.LineString(bend), shapely.LineString(bend[::-1])], dtype=object)
    snapping = snap(replace(graph, arc_geometry=drawn), 9.5, 50.41)
    assert snapping.distance_km[0] == pytest.approx(1.1, abs=0.1)
    assert snapping.offset_km[0] == pytest.approx(50.0, abs=0.5)
    assert snapping.arc_idx[0] == 1


def test_a_one_way_arc_takes_places_on_either_side(west_east_graph):
    one_way = replace(
        west_east_graph,
        arc_from_idx=west_east_graph.arc_from_idx[:1],
        arc_to_idx=west_east_graph.arc_to_idx[:1],
        arc_length_km=west_east_graph.arc_length_km[:1],
        arc_free_speed_kmh=west_east_graph.arc_free_speed_kmh[:1],
        arc_road=west_east_graph.arc_road[:1],
    )
    for lat in (49.99, 50.01):
        snapping = snap(one_way, 9.25, lat, direction="both")
        assert (snapping.arc_idx[0], snapping.opposite_arc_idx[0]) == (0, -1)


@pytest.fixture
def dual_carriageway(make_graph):
    """The A7 as two one-way roads 40 m apart, the westbound one in two arcs, and a road A8 beside.

    Arcs: 0 eastbound (the southern), 1 and 2 westbound, 3 the A8 westbound, between both.
    """
    graph = make_graph(
        [9.0, 9.1, 9.1, 9.06, 9.0, 9.1, 9.0],
        [50.0, 50.0, 50.00036, 50.00036, 50.00036, 50.0002, 50.0002],
        [(0, 1), (2, 3), (3, 4), (5, 6)],
        [7.2, 3.0, 4.4, 7.2],
        ["A 7", "A7", "BAB 7", "A8"],
    )
    one_way = slice(None, None, 2)
    return replace(
        graph,
        arc_from_idx=graph.arc_from_idx[one_way],
        arc_to_idx=graph.arc_to_idx[one_way],
        arc_length_km=graph.arc_length_km[one_way],
        arc_free_speed_kmh=graph.arc_free_speed_kmh[one_way],
        arc_road=graph.arc_road[one_way],
    )


def test_carriageways_drawn_apart_both_serve_a_site_for_both_directions(dual_carriageway):
    both = snap(dual_carriageway, 9.025, 49.999, direction="both")
    assert (both.arc_idx[0], both.opposite_arc_idx[0]) == (0, 2)
    assert both.offset_km[0] == pytest.approx(1.8, abs=0.01)
    # 0.035 of 0.06 degrees on, from the east: not the mirrored share of the eastbound arc.
    assert both.opposite_offset_km[0] == pytest.approx(4.4 * 0.35 / 0.6, abs=0.01)


def test_a_rest_area_beside_one_of_two_carriageways_serves_that_one_alone(dual_carriageway):
    south = snap(dual_carriageway, 9.025, 49.999)
    north = snap(dual_carriageway, 9.075, 50.001)
    assert (south.arc_idx[0], north.arc_idx[0]) == (0, 1)
    assert south.opposite_arc_idx[0] == north.opposite_arc_idx[0] == -1
    # In the median the nearest carriageway counts, not the right-hand side.
    assert snap(dual_carriageway, 9.025, 50.00005, road="A7").arc_idx[0] == 0


def test_a_compass_side_chooses_among_carriageways_drawn_apart(dual_carriageway):
    wrong_side = snap(dual_carriageway, 9.075, 49.999, direction="north")
    assert wrong_side.arc_idx[0] == 1
    assert wrong_side.offset_km[0] == pytest.approx(3.0 * 0.25 / 0.4, abs=0.01)


def test_carriageways_too_far_apart_or_leading_the_same_way_are_no_opposites(dual_carriageway):
    far = replace(dual_carriageway, lat=np.where(dual_carriageway.lat > 50.0003, 50.01, 50.0))
    assert snap(far, 9.025, 49.999, direction="both").opposite_arc_idx[0] == -1
    start, end = dual_carriageway.arc_from_idx, dual_carriageway.arc_to_idx
    eastbound = np.arange(4) == 0
    all_eastbound = replace(
        dual_carriageway,
        arc_from_idx=np.where(eastbound, start, end),
        arc_to_idx=np.where(eastbound, end, start),
    )
    assert snap(all_eastbound, 9.025, 49.999, direction="both").opposite_arc_idx[0] == -1
