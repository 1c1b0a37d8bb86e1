"""Driving distances between the ends of OD pairs, along the ways that trucks take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import travel_matrix, truck_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

TRUCK_LIMIT_KMH = 80.0
"""Speed limit of trucks on German motorways (section 18 StVO): it decides which way is quickest."""
MATRIX_CELLS = 10_000_000
"""Distances from some origins to all nodes that are held in memory at a time."""


def distance_matrix_km(
    graph: RoadGraph, origin_idx: NDArray[np.int32], destination_idx: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Length of the quickest way from each origin to each destination.

    Parameters
    ----------
    origin_idx : (n_origins,) int32
        Nodes where trips begin.
    destination_idx : (n_destinations,) int32
        Nodes where they end.

    Returns
    -------
    (n_origins, n_destinations) float64
        Distances, km; infinite where there is no way.
    """
    travel = travel_matrix(truck_network(graph, TRUCK_LIMIT_KMH), origin_idx, destination_idx)
    rows, columns = travel.row(origin_idx), travel.column(destination_idx)
    distance_km: NDArray[np.float64] = travel.length_km[np.ix_(rows, columns)]
    return distance_km


def pair_distances_km(
    graph: RoadGraph, origin_idx: NDArray[np.int32], destination_idx: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Length of the quickest way of each OD pair.

    Parameters
    ----------
    origin_idx, destination_idx : (n_pairs,) int32
        Nodes at the ends of each pair.

    Returns
    -------
    (n_pairs,) float64
        Distances, km; infinite where there is no way.
    """
    network = truck_network(graph, TRUCK_LIMIT_KMH)
    distance_km = np.empty(len(origin_idx))
    order = np.argsort(origin_idx, kind="stable")
    origins, first = np.unique(origin_idx[order], return_index=True)
    bounds = np.append(first, len(order))
    n_at_once = max(1, MATRIX_CELLS // max(1, graph.n_nodes))
    for start in range(0, len(origins), n_at_once):
        stop = min(start + n_at_once, len(origins))
        pairs = order[bounds[start] : bounds[stop]]
        travel = travel_matrix(network, origins[start:stop], destination_idx[pairs])
        rows, columns = travel.row(origin_idx[pairs]), travel.column(destination_idx[pairs])
        distance_km[pairs] = travel.length_km[rows, columns]
    return distance_km
