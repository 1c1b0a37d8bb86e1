"""Trucks between nodes of the network: what sites are placed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import node_flows, truck_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

TRUCK_SPEED_KMH = 80.0
"""What trucks may drive on motorways: it decides which way is quickest."""


@dataclass(frozen=True, slots=True)
class OdTrucks:
    """Trucks by OD pair.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n_pairs,) int32
        Nodes of the road graph; every pair once, sorted.
    trucks : (n_pairs,) float64
        Trucks of each pair, > 0.
    """

    origin_node_idx: NDArray[np.int32]
    destination_node_idx: NDArray[np.int32]
    trucks: NDArray[np.float64]

    def arc_trucks(self, graph: RoadGraph) -> NDArray[np.float64]:
        """Trucks on each arc when all take their quickest ways, (n_arcs,)."""
        network = truck_network(graph, TRUCK_SPEED_KMH)
        return node_flows(network, self.origin_node_idx, self.destination_node_idx, self.trucks)


def count_od_trucks(
    origin_node_idx: NDArray[np.int32], destination_node_idx: NDArray[np.int32]
) -> OdTrucks:
    """Count the trucks of each OD pair.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n_trucks,) int32
        Ends of each truck's way.
    """
    ends = np.stack([origin_node_idx, destination_node_idx], axis=1)
    pairs, trucks = np.unique(ends, axis=0, return_counts=True)
    return OdTrucks(
        pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32), trucks.astype(np.float64)
    )
