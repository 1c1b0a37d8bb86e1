"""Where trips are said to come from."""

from __future__ import annotations

import numpy as np
import pytest

from planner.demand.trips import Trips
from planner.network.builtin import read_builtin_network
from planner.network.graph import RoadGraph
from planner.plan.origin_regions import origin_regions


def trips_from(nodes):
    n = len(nodes)
    columns = {name: np.zeros(n) for name in Trips.__dataclass_fields__}
    return Trips(**columns | {"origin_node_idx": np.array(nodes, np.int32)})


@pytest.fixture(scope="module")
def germany():
    return read_builtin_network()


def test_trips_in_germany_come_from_states_and_borders(germany):
    of_name = {name: idx for idx, name in enumerate(germany.node_id)}
    nodes = [of_name["city-berlin"], of_name["city-muenchen"], of_name["city-koeln"]]
    found = origin_regions("builtin", germany, trips_from(nodes))
    assert list(found) == ["Berlin", "Bayern", "Nordrhein-Westfalen"]
    every = origin_regions("builtin", germany, trips_from(range(germany.n_nodes)))
    states = {name for name in every if not name.startswith("border ")}
    assert len(states) == 16
    borders = {"AT", "BE", "CH", "CZ", "DK", "FR", "LU", "NL", "PL", "SE"}
    assert {name for name in every if name.startswith("border ")} == {
        f"border {country}" for country in borders
    }


def test_trips_elsewhere_come_from_cells_of_one_degree():
    graph = RoadGraph(
        node_id=np.array(["a", "b", "c"], dtype=object),
        node_name=np.array(["a", "b", "c"], dtype=object),
        lon=np.array([7.5, -0.2, 18.0]),
        lat=np.array([51.9, 51.5, -33.9]),
        arc_from_idx=np.array([0], np.int32),
        arc_to_idx=np.array([1], np.int32),
        arc_length_km=np.array([1.0]),
        arc_free_speed_kmh=np.array([80.0]),
        arc_road=np.array(["A1"], dtype=object),
    )
    found = origin_regions("tables", graph, trips_from([0, 1, 2]))
    assert list(found) == ["51-52N 7-8E", "51-52N 0-1W", "33-34S 18-19E"]
