"""Shortest distances between the ends of OD pairs, on road length alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

SOURCES_AT_ONCE = 128
"""Searches per call of scipy: bounds the table of distances to all nodes on large graphs."""


def distance_matrix_km(
    graph: RoadGraph, origin_idx: NDArray[np.int32], destination_idx: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Shortest road distance from each origin to each destination.

    Parameters
    ----------
    graph : RoadGraph
        Road graph with ``n_nodes`` nodes.
    origin_idx : (n_origins,) int32
        Nodes where the searches begin.
    destination_idx : (n_destinations,) int32
        Nodes where they end.

    Returns
    -------
    (n_origins, n_destinations) float64
        Distances, km; infinite where there is no way.
    """
    lengths = _shortest_arcs(graph)
    distance_km = np.empty((len(origin_idx), len(destination_idx)))
    for start in range(0, len(origin_idx), SOURCES_AT_ONCE):
        chunk = slice(start, start + SOURCES_AT_ONCE)
        distance_km[chunk] = dijkstra(lengths, indices=origin_idx[chunk])[:, destination_idx]
    return distance_km


def pair_distances_km(
    graph: RoadGraph, origin_idx: NDArray[np.int32], destination_idx: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Shortest road distance of each OD pair.

    Parameters
    ----------
    graph : RoadGraph
        Road graph.
    origin_idx, destination_idx : (n_pairs,) int32
        Nodes at the ends of each pair.

    Returns
    -------
    (n_pairs,) float64
        Distances, km; infinite where there is no way.
    """
    origins, row = np.unique(origin_idx, return_inverse=True)
    destinations, column = np.unique(destination_idx, return_inverse=True)
    return distance_matrix_km(graph, origins, destinations)[row, column]


def _shortest_arcs(graph: RoadGraph) -> csr_array:
    """Arc lengths as a sparse matrix; of parallel arcs the shortest (a plain build sums them)."""
    order = np.lexsort((graph.arc_length_km, graph.arc_to_idx, graph.arc_from_idx))
    ends = np.column_stack((graph.arc_from_idx[order], graph.arc_to_idx[order]))
    is_first = np.ones(len(ends), dtype=bool)
    is_first[1:] = (ends[1:] != ends[:-1]).any(axis=1)
    kept = order[is_first]
    return csr_array(
        (graph.arc_length_km[kept], (graph.arc_from_idx[kept], graph.arc_to_idx[kept])),
        shape=(graph.n_nodes, graph.n_nodes),
    )
