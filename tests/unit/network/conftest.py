"""Small networks written to files, good and broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from planner.network.graph import RoadGraph
from tests.reference_data import reference_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def etisplus_folder() -> Path:
    return reference_path("germany_etisplus")


@pytest.fixture
def matsim_folder() -> Path:
    return reference_path("matsim_fixtures")


def two_way_graph(lon, lat, edges, length_km, road="A1") -> RoadGraph:
    """A graph of two-way arcs: of every edge the arc as given, then the arc back."""
    start = [end for a, b in edges for end in (a, b)]
    stop = [end for a, b in edges for end in (b, a)]
    roads = [road] * len(edges) if isinstance(road, str) else road
    return RoadGraph(
        node_id=np.array([f"n{idx}" for idx in range(len(lon))], dtype=object),
        node_name=np.array([f"Place {idx}" for idx in range(len(lon))], dtype=object),
        lon=np.array(lon, dtype=np.float64),
        lat=np.array(lat, dtype=np.float64),
        arc_from_idx=np.array(start, dtype=np.int32),
        arc_to_idx=np.array(stop, dtype=np.int32),
        arc_length_km=np.repeat(np.array(length_km, dtype=np.float64), 2),
        arc_free_speed_kmh=np.full(2 * len(edges), 100.0),
        arc_road=np.repeat(np.array(roads, dtype=object), 2),
    )


@pytest.fixture
def make_graph():
    return two_way_graph


@pytest.fixture
def west_east_graph() -> RoadGraph:
    """Three nodes on the 50th parallel, one degree apart, 80 km by road each."""
    return two_way_graph([9.0, 10.0, 11.0], [50.0] * 3, [(0, 1), (1, 2)], [80.0, 80.0], "A7")


@pytest.fixture
def write_osm(tmp_path):
    """Write an OpenStreetMap file; its name's ending decides between XML and PBF."""

    def write_file(name, nodes, ways=None, relations=None) -> Path:
        path = tmp_path / name
        path.unlink(missing_ok=True)
        with osmium.SimpleWriter(path) as writer:
            for node_id, (lon, lat, tags) in nodes.items():
                writer.add_node(Node(id=node_id, version=1, location=(lon, lat), tags=tags))
            for way_id, (refs, tags) in (ways or {}).items():
                writer.add_way(Way(id=way_id, version=1, nodes=refs, tags=tags))
            for relation_id, (members, tags) in (relations or {}).items():
                writer.add_relation(Relation(id=relation_id, version=1, members=members, tags=tags))
        return path

    return write_file
