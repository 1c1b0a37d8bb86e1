"""A small country for the tests: five towns in a line, 150 km apart, and a lone island."""

import numpy as np
import pytest

from planner.network.graph import RoadGraph

TOWNS = ("aa", "bb", "cc", "dd", "ee")
SPACING_KM = 150.0


@pytest.fixture(scope="session")
def line_graph() -> RoadGraph:
    n_towns = len(TOWNS)
    forward = np.arange(n_towns - 1, dtype=np.int32)
    names = np.array([*TOWNS, "island"], dtype=object)
    n_arcs = 2 * len(forward)
    return RoadGraph(
        node_id=names,
        node_name=names,
        lon=np.array([7.0, 9.0, 11.0, 13.0, 15.0, 25.0]),
        lat=np.full(n_towns + 1, 50.0),
        arc_from_idx=np.concatenate((forward, forward + 1)).astype(np.int32),
        arc_to_idx=np.concatenate((forward + 1, forward)).astype(np.int32),
        arc_length_km=np.full(n_arcs, SPACING_KM),
        arc_free_speed_kmh=np.full(n_arcs, 100.0),
        arc_road=np.full(n_arcs, "A1", dtype=object),
    )
