"""A small country for the tests: five towns in a line, 150 km apart, and a lone island."""

from dataclasses import replace

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


@pytest.fixture(scope="session")
def grid_country() -> RoadGraph:
    """Build 5 x 4 towns a degree apart, and dead ends west, east and north of them."""
    places = {f"{i}-{j}": (8.0 + i, 48.0 + j) for j in range(4) for i in range(5)}
    roads = [(f"{i}-{j}", f"{i + 1}-{j}") for j in range(4) for i in range(4)]
    roads += [(f"{i}-{j}", f"{i}-{j + 1}") for j in range(3) for i in range(5)]
    places |= {"west": (7.5, 49.0), "east": (12.5, 50.0), "north": (10.0, 51.4)}
    roads += [("west", "0-1"), ("4-2", "east"), ("2-3", "north")]
    name = np.array(list(places), dtype=object)
    lon, lat = np.array(list(places.values())).T
    idx = {node: position for position, node in enumerate(places)}
    start = np.array([idx[a] for a, _ in roads], dtype=np.int32)
    end = np.array([idx[b] for _, b in roads], dtype=np.int32)
    length_km = np.hypot((lon[start] - lon[end]) * 72.0, (lat[start] - lat[end]) * 111.0) * 1.2
    return RoadGraph(
        node_id=name,
        node_name=name,
        lon=lon,
        lat=lat,
        arc_from_idx=np.concatenate([start, end]),
        arc_to_idx=np.concatenate([end, start]),
        arc_length_km=np.tile(length_km, 2),
        arc_free_speed_kmh=np.full(2 * len(start), 100.0),
        arc_road=np.full(2 * len(start), "", dtype=object),
    )


@pytest.fixture
def without_nodes():
    """Cut named nodes, the last ones of a graph, and their roads out of it."""

    def cut(graph, names):
        n_kept = graph.n_nodes - len(names)
        arcs = (graph.arc_from_idx < n_kept) & (graph.arc_to_idx < n_kept)
        nodes = ("node_id", "node_name", "lon", "lat")
        changes = {name: getattr(graph, name)[:n_kept] for name in nodes}
        along = (name for name in RoadGraph.__dataclass_fields__ if name.startswith("arc_"))
        changes |= {
            name: getattr(graph, name)[arcs] for name in along if getattr(graph, name) is not None
        }
        return replace(graph, **changes)

    return cut
