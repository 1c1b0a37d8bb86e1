from dataclasses import replace

import numpy as np

from planner.demand.od_distances import distance_matrix_km, pair_distances_km


def test_quicker_way_counts_even_where_it_is_longer(line_graph):
    slow_road = replace(
        line_graph,
        arc_from_idx=np.append(line_graph.arc_from_idx, 0).astype(np.int32),
        arc_to_idx=np.append(line_graph.arc_to_idx, 1).astype(np.int32),
        arc_length_km=np.append(line_graph.arc_length_km, 140.0),
        arc_free_speed_kmh=np.append(line_graph.arc_free_speed_kmh, 50.0),
        arc_road=np.append(line_graph.arc_road, "B1"),
    )
    ends = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    assert distance_matrix_km(slow_road, *ends) == [[150.0]]


def test_pairs_take_their_own_cell_and_the_island_is_out_of_reach(line_graph):
    origin = np.array([4, 0, 0, 2], dtype=np.int32)
    destination = np.array([0, 3, 5, 2], dtype=np.int32)
    found = pair_distances_km(line_graph, origin, destination)
    np.testing.assert_array_equal(found, [600.0, 450.0, np.inf, 0.0])
