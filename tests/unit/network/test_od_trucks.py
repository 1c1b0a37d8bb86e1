import numpy as np

from planner.network.od_trucks import count_od_trucks


def test_trucks_are_counted_by_pair_and_put_on_arcs(west_east_graph):
    trucks = count_od_trucks(np.array([0, 2, 0, 0]), np.array([2, 1, 2, 1]))
    assert trucks.origin_node_idx.tolist() == [0, 0, 2]
    assert trucks.destination_node_idx.tolist() == [1, 2, 1]
    assert trucks.trucks.tolist() == [1.0, 2.0, 1.0]
    # Arcs: 0 to 1, back, 1 to 2, back.
    assert trucks.arc_trucks(west_east_graph).tolist() == [3.0, 0.0, 2.0, 1.0]
