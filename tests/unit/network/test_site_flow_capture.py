from itertools import pairwise

import numpy as np
import pytest

from planner.errors import InputDataError
from planner.network.etisplus import read_etisplus_network
from planner.network.od_trucks import count_od_trucks
from planner.network.site_flow_capture import FlowCapture, route_passes, sites_by_flow
from planner.network.site_generation import points_along_courses


def trucks_between(*pairs):
    """Trucks as (origin, destination, how many)."""
    ends = np.repeat(
        np.array([pair[:2] for pair in pairs]), [pair[2] for pair in pairs], axis=0
    ).astype(np.int32)
    return count_od_trucks(ends[:, 0], ends[:, 1])


# Places tried on the road from west to east lie at km 20, 60, 100 and 140.
def test_sites_go_where_most_trucks_are_both_ways(west_east_graph):
    # Trucks on the first half: 6; on the second: 4 there, 4 back.
    trucks = trucks_between((0, 1, 6), (1, 2, 4), (2, 1, 4))
    sites, report = sites_by_flow(west_east_graph, trucks, FlowCapture(2, 40.0, 20.0), 0.5)
    assert [name.rsplit(" ", 1)[1] for name in sites.name] == ["100", "140"]
    assert sites.n_attachments == 4
    assert set(sites.off_road_km) == {0.5}
    assert "for 57.1 % of all truck-km; 4 places" in " ".join(report.sentences())


def test_a_truck_once_served_does_not_count_again(west_east_graph):
    # All trucks drive all the way: one site within reach of everything is enough.
    trucks = trucks_between((0, 2, 5))
    sites, report = sites_by_flow(west_east_graph, trucks, FlowCapture(4, 40.0, 100.0))
    assert sites.name.tolist() == ["A7 Place 1 km 60"]
    assert "for 100 % of all truck-km" in report.notices[0]


def test_few_trucks_get_their_site_after_many(west_east_graph):
    trucks = trucks_between((0, 1, 9), (1, 2, 1))
    captured = [
        set(sites_by_flow(west_east_graph, trucks, FlowCapture(n, 40.0, 20.0))[0].name)
        for n in (1, 2, 3, 4, 9)
    ]
    assert all(fewer < more for fewer, more in pairwise(captured[:4]))
    assert captured[3] == captured[4]
    assert len(captured[1]) == 2
    assert all("km 20" in name or "km 60" in name for name in captured[1])


def test_passes_are_placed_on_the_route_of_either_direction(west_east_graph):
    points = points_along_courses(west_east_graph, 40.0)
    passes = route_passes(west_east_graph, trucks_between((0, 2, 1), (2, 1, 1)), points)
    assert passes.route_offset.tolist() == [0, 4, 6]
    assert passes.candidate_idx.tolist() == [0, 1, 2, 3, 3, 2]
    np.testing.assert_allclose(passes.at_km, [20, 60, 100, 140, 20, 60])
    np.testing.assert_allclose(passes.route_km, [160, 80])


def test_trucks_that_meet_no_place_are_refused(make_graph):
    graph = make_graph([9, 10, 11], [50] * 3, [(0, 1), (1, 2)], [80, 80], ["A7", "B6"])
    with pytest.raises(InputDataError, match="expected trucks that pass a motorway"):
        sites_by_flow(graph, trucks_between((1, 2, 3)), FlowCapture(2, 40.0, 20.0))


def test_more_sites_serve_more_of_a_real_network(etisplus_folder):
    graph, _ = read_etisplus_network(etisplus_folder)
    rng = np.random.default_rng(1)
    trucks = count_od_trucks(*rng.integers(0, graph.n_nodes, (2, 2000)).astype(np.int32))
    shares = []
    for n_sites in (20, 100):
        sites, report = sites_by_flow(graph, trucks, FlowCapture(n_sites, 20.0, 50.0))
        assert sites.n_sites == n_sites
        shares.append(float(report.notices[0].split("for ")[1].split("%")[0]))
    assert 40.0 < shares[0] < shares[1] <= 100.0
