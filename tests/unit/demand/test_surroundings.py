"""A country of 5 x 4 towns on a grid of one degree, with roads that end at its border."""

import numpy as np
import pytest

from planner.demand.regions import great_circle_km
from planner.demand.surroundings import Surroundings, TripEnds
from planner.errors import InputDataError
from planner.scenario.demand_sources import Border


def ends(*places, node_idx=-1):
    lon, lat = (np.array(values, dtype=float) for values in zip(*places, strict=True))
    return TripEnds(lon, lat, np.full(len(places), node_idx, dtype=np.int32))


def passages(surroundings, origins, destinations):
    return surroundings.passages(
        origins, destinations, surroundings.is_abroad(origins), surroundings.is_abroad(destinations)
    )


def test_dead_ends_at_the_outline_are_the_crossings(grid_country):
    surroundings = Surroundings(grid_country, Border())
    assert grid_country.node_id[surroundings.crossing_idx].tolist() == ["west", "east", "north"]


def test_a_network_without_dead_ends_is_entered_at_its_outline(grid_country, without_nodes):
    closed = without_nodes(grid_country, ("west", "east", "north"))
    crossing = set(closed.node_id[Surroundings(closed, Border()).crossing_idx])
    assert {"0-0", "2-0", "4-0", "0-3", "2-3", "4-3", "0-1", "4-2"} <= crossing


def test_ends_on_the_ground_go_to_the_nearest_node(grid_country):
    surroundings = Surroundings(grid_country, Border())
    way = passages(surroundings, ends((8.1, 48.2), (8.1, 48.2)), ends((11.0, 50.9), (9.9, 49.4)))
    assert grid_country.node_id[way.origin_node_idx].tolist() == ["0-0", "0-0"]
    assert grid_country.node_id[way.destination_node_idx].tolist() == ["3-3", "2-1"]
    assert (way.abroad_before_km == 0.0).all()


def test_ends_abroad_take_the_crossing_with_the_least_distance_in_all(grid_country):
    """Against every crossing by hand, from many places abroad to every town."""
    surroundings = Surroundings(grid_country, Border(abroad_factor=1.3))
    rng = np.random.default_rng(5)
    angle = rng.uniform(0.0, 2.0 * np.pi, 200)
    abroad = ends(*zip(10.0 + 12.0 * np.cos(angle), 49.5 + 8.0 * np.sin(angle), strict=True))
    towns = np.arange(20, dtype=np.int32)[rng.integers(0, 20, 200)]
    inland = TripEnds(grid_country.lon[towns], grid_country.lat[towns], towns)
    way = passages(surroundings, abroad, inland)
    back = passages(surroundings, inland, abroad)
    crossing = surroundings.crossing_idx
    straight_km = great_circle_km(
        abroad.lon, abroad.lat, grid_country.lon[crossing], grid_country.lat[crossing]
    )
    inside_km = grid_km(grid_country)[np.ix_(crossing, towns)].T
    best = (1.3 * straight_km + inside_km).argmin(axis=1)
    np.testing.assert_array_equal(way.origin_node_idx, crossing[best])
    np.testing.assert_array_equal(back.destination_node_idx, crossing[best])
    np.testing.assert_allclose(way.abroad_before_km, 1.3 * straight_km[np.arange(200), best])
    np.testing.assert_allclose(back.abroad_after_km, way.abroad_before_km)
    assert (back.abroad_before_km == 0.0).all()
    assert len(set(best.tolist())) == 3


def grid_km(graph):
    """Distances between all nodes by Floyd and Warshall."""
    km = np.full((graph.n_nodes, graph.n_nodes), np.inf)
    np.fill_diagonal(km, 0.0)
    km[graph.arc_from_idx, graph.arc_to_idx] = graph.arc_length_km
    for middle in range(graph.n_nodes):
        km = np.minimum(km, km[:, middle, None] + km[None, middle])
    return km


def test_transit_enters_and_leaves_or_passes_by(grid_country):
    surroundings = Surroundings(grid_country, Border())
    way = passages(surroundings, ends((2.0, 49.5), (2.0, 40.0)), ends((18.0, 49.5), (18.0, 40.0)))
    assert grid_country.node_id[way.origin_node_idx[0]] == "west"
    assert grid_country.node_id[way.destination_node_idx[0]] == "east"
    assert way.abroad_before_km[0] > 300.0 < way.abroad_after_km[0]
    assert way.origin_node_idx[1] == way.destination_node_idx[1] == -1


def test_a_known_node_is_never_abroad(grid_country):
    surroundings = Surroundings(grid_country, Border())
    far = ends((60.0, 0.0), node_idx=3)
    assert not surroundings.is_abroad(far).any()
    way = passages(surroundings, far, ends((8.0, 48.0)))
    assert way.origin_node_idx.tolist() == [3]


def test_named_border_nodes_are_the_crossings(grid_country):
    surroundings = Surroundings(grid_country, Border(nodes=("north",)))
    way = passages(surroundings, ends((2.0, 49.5)), ends((8.0, 48.0)))
    assert grid_country.node_id[way.origin_node_idx].tolist() == ["north"]


def test_unknown_border_nodes_are_named(grid_country):
    with pytest.raises(InputDataError, match=r"border.nodes: .*such as '0-0'.*found 'south'"):
        Surroundings(grid_country, Border(nodes=("south", "north")))


def test_the_nearest_crossing_does_not_look_at_the_way_inside(grid_country):
    """Least distance in all may lead round half the country; the nearest one never does."""
    surroundings = Surroundings(grid_country, Border(crossing="nearest"))
    rng = np.random.default_rng(6)
    angle = rng.uniform(0.0, 2.0 * np.pi, 200)
    abroad = ends(*zip(10.0 + 12.0 * np.cos(angle), 49.5 + 8.0 * np.sin(angle), strict=True))
    towns = np.arange(20, dtype=np.int32)[rng.integers(0, 20, 200)]
    inland = TripEnds(grid_country.lon[towns], grid_country.lat[towns], towns)
    way = passages(surroundings, abroad, inland)
    back = passages(surroundings, inland, abroad)
    crossing = surroundings.crossing_idx
    straight_km = great_circle_km(
        abroad.lon, abroad.lat, grid_country.lon[crossing], grid_country.lat[crossing]
    )
    nearest = straight_km.argmin(axis=1)
    np.testing.assert_array_equal(way.origin_node_idx, crossing[nearest])
    np.testing.assert_array_equal(back.destination_node_idx, crossing[nearest])
    np.testing.assert_allclose(way.abroad_before_km, 1.25 * straight_km.min(axis=1))
    least = passages(Surroundings(grid_country, Border()), abroad, inland)
    assert (least.origin_node_idx != way.origin_node_idx).any()
    assert (least.abroad_before_km >= way.abroad_before_km - 1e-9).all()


def test_a_trip_from_the_nearest_crossing_itself_takes_the_next_one(grid_country):
    """Both ends at one node would leave it without a way."""
    surroundings = Surroundings(grid_country, Border(crossing="nearest"))
    west = int(np.flatnonzero(grid_country.node_id == "west")[0])
    at_border = TripEnds(
        grid_country.lon[[west]], grid_country.lat[[west]], np.array([west], dtype=np.int32)
    )
    far_west = ends((2.0, 49.5))
    way = passages(surroundings, at_border, far_west)
    assert way.destination_node_idx[0] != west
    assert way.destination_node_idx[0] in surroundings.crossing_idx
    transit = passages(surroundings, far_west, ends((2.5, 49.5)))
    assert transit.origin_node_idx[0] == -1  # its line does not touch the ground
    through = passages(surroundings, far_west, ends((18.0, 49.5)))
    assert grid_country.node_id[through.origin_node_idx[0]] == "west"
    assert grid_country.node_id[through.destination_node_idx[0]] == "east"
