from dataclasses import replace

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network import site_coverage
from planner.network.etisplus import read_etisplus_network
from planner.network.od_trucks import count_od_trucks
from planner.network.site_coverage import sites_by_coverage, sites_by_p_median
from planner.network.site_generation import points_along_courses
from planner.network.site_point_distances import point_distances_km

SIXTH_KM = 160.0 / 6.0
"""Six places on the road from west to east, so far apart."""


def kilometres(sites):
    return [int(name.rsplit(" ", 1)[1]) for name in sites.name]


def cover(graph, n_sites, **settings):
    settings = {"service_km": 27.0, "candidate_spacing_km": SIXTH_KM} | settings
    return sites_by_coverage(graph, n_sites=n_sites, **settings)


def test_two_sites_cover_six_places_that_each_reach_their_neighbours(west_east_graph):
    # By hand: each covers itself and both neighbours, so only the second and the fifth do.
    sites, report = cover(west_east_graph, None, off_road_km=0.7)
    assert kilometres(sites) == [40, 120]
    assert set(sites.off_road_km) == {0.7}
    assert "27 km by road for 100 % of the motorway length" in report.sentences()[1]


def test_one_site_covers_half_and_goes_where_the_trucks_are(west_east_graph):
    _, report = cover(west_east_graph, 1)
    assert "for 50 % of the motorway length" in report.notices[0]
    # Nine trucks on the second half of the road, one on the first, there and back.
    trucks = count_od_trucks(np.array([1] * 5 + [2] * 4 + [0]), np.array([2] * 5 + [1] * 4 + [1]))
    sites, report = cover(west_east_graph, 1, trucks=trucks)
    assert kilometres(sites) == [120]
    assert "for 90 % of the truck-km on motorways" in report.notices[0]


def test_the_median_of_five_places_is_the_middle_one(west_east_graph):
    sites, report = sites_by_p_median(west_east_graph, n_sites=1, candidate_spacing_km=32.0)
    assert kilometres(sites) == [80]
    # 64 + 32 + 0 + 32 + 64 km over five places.
    assert "nearest site 38.4 km" in report.notices[0]


def test_distances_run_along_the_carriageways(west_east_graph):
    points = points_along_courses(west_east_graph, 40.0)
    at_km = np.array([20.0, 60.0, 100.0, 140.0])
    expected = np.abs(at_km[:, None] - at_km)
    np.testing.assert_allclose(point_distances_km(west_east_graph, points), expected)
    one_way = replace(
        west_east_graph,
        **{
            name: getattr(west_east_graph, name)[::2]
            for name in (
                "arc_from_idx", "arc_to_idx", "arc_length_km", "arc_free_speed_kmh", "arc_road"
            )
        },
    )  # fmt: skip
    ahead = at_km - at_km[:, None]
    np.testing.assert_allclose(
        point_distances_km(one_way, points_along_courses(one_way, 40.0)),
        np.where(ahead >= 0.0, ahead, np.inf),
    )


def test_what_cannot_be_solved_is_refused_before_it_is_tried(west_east_graph, monkeypatch):
    with pytest.raises(InputDataError, match=r"expected at least 7 places, found 6 26\.6667 km"):
        cover(west_east_graph, 7)
    with pytest.raises(InputDataError, match="expected at least 1 places, found 0 500 km apart"):
        cover(west_east_graph, None, candidate_spacing_km=500.0)
    monkeypatch.setattr(site_coverage, "MAX_COVERAGE_POINTS", 5)
    with pytest.raises(InputDataError, match=r"6 places .*more than the 5.*candidate_spacing_km"):
        cover(west_east_graph, 1)


def test_trucks_off_the_motorways_weigh_nothing_and_are_refused(make_graph):
    graph = make_graph([9, 10, 11], [50] * 3, [(0, 1), (1, 2)], [80, 80], ["A7", "B6"])
    trucks = count_od_trucks(np.array([1]), np.array([2]))
    with pytest.raises(InputDataError, match=r"found none. Set sites\.weights to length"):
        cover(graph, 1, trucks=trucks)


def test_every_stretch_of_a_real_network_is_covered(etisplus_folder):
    graph, _ = read_etisplus_network(etisplus_folder)
    sites, _ = cover(graph, None, service_km=80.0, candidate_spacing_km=60.0)
    fewer, report = cover(graph, sites.n_sites - 1, service_km=80.0, candidate_spacing_km=60.0)
    assert fewer.n_sites == sites.n_sites - 1
    # The set cover is the least: one site fewer must leave something out.
    assert "for 100.0%" not in report.notices[0]
