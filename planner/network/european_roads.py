"""The light European road network that comes with the planner, and countries cut out of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from planner.files.csv_tables import read_text_table
from planner.network.graph_tables import ARC_COLUMNS, graph_from_tables
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

EUROPE = "network/europe"
"""Folder of the network below the project's root."""
EUROPEAN_ROADS_ATTRIBUTION = "© OpenStreetMap contributors (ODbL 1.0), simplified by way of scgraph"
FERRY = "ferry"
"""Road of the arcs on which trucks are carried."""


@dataclass(frozen=True, slots=True)
class EuropeanRoads:
    """Main roads of Europe, each with the country it lies in.

    Parameters
    ----------
    graph : RoadGraph
        Both directions of every road; all nodes reachable from each other.
    arc_country : (n_arcs,) object
        ISO 3166-1 code of two letters; at a border roads are parted by a node.
    """

    graph: RoadGraph
    arc_country: NDArray[np.object_]

    def inside(self, countries: Collection[str]) -> NDArray[np.bool_]:
        """Arcs of the largest connected part of the roads of some countries, (n_arcs,)."""
        graph = self.graph
        inside = np.isin(self.arc_country, list(countries))
        ends = (graph.arc_from_idx[inside], graph.arc_to_idx[inside])
        joined = coo_array((np.ones(len(ends[0])), ends), shape=(graph.n_nodes, graph.n_nodes))
        _, part = connected_components(joined, directed=False)
        if not inside.any():
            return inside
        largest = np.argmax(np.bincount(part[ends[0]]))
        return np.asarray(inside & (part[graph.arc_from_idx] == largest))


@cache
def european_roads() -> EuropeanRoads:
    """Read the network.

    Raises
    ------
    InputDataError
        If a file is missing or broken.
    """
    nodes_path, arcs_path = (bundled_path(f"{EUROPE}/{name}.csv") for name in ("nodes", "arcs"))
    arcs = read_text_table(arcs_path)
    back = arcs.rename(columns=dict(zip(ARC_COLUMNS[:2], ARC_COLUMNS[1::-1], strict=True)))
    both = pd.concat([arcs, back], ignore_index=True)
    graph = graph_from_tables(read_text_table(nodes_path), both, str(nodes_path), str(arcs_path))
    return EuropeanRoads(graph, both["country"].to_numpy(object))


def cut_out(graph: RoadGraph, arcs: NDArray[np.bool_]) -> RoadGraph:
    """Part of a graph: some of its arcs, and the nodes at their ends.

    Parameters
    ----------
    arcs : (n_arcs,) bool
        Arcs to keep.
    """
    used = np.zeros(graph.n_nodes, dtype=bool)
    used[graph.arc_from_idx[arcs]] = used[graph.arc_to_idx[arcs]] = True
    new_idx = (np.cumsum(used) - 1).astype(np.int32)
    of_arcs = {
        field.name: value[arcs]
        for field in fields(graph)
        if field.name.startswith("arc_") and (value := getattr(graph, field.name)) is not None
    }
    cut = replace(
        graph,
        node_id=graph.node_id[used],
        node_name=graph.node_name[used],
        lon=graph.lon[used],
        lat=graph.lat[used],
        **of_arcs,
    )
    return replace(cut, arc_from_idx=new_idx[cut.arc_from_idx], arc_to_idx=new_idx[cut.arc_to_idx])
