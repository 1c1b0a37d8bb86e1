"""OD volumes: what every source of demand hands to the expansion into single trips."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class OdFlows:
    """Truck flows between nodes of the road graph.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n_flows,) int32
        Nodes of the road graph, different from each other.
    trips_per_week : (n_flows,) float64
        Trips of the full fleet (electric or not) in an average week, >= 0.
    inside_km : (n_flows,) float64
        Shortest distance between the two nodes on the road graph, km.
    abroad_before_median_km, abroad_after_median_km : (n_flows,) float64
        Median of the distance abroad before the origin and after the destination node, km;
        0 where that end lies on the road graph.
    """

    origin_node_idx: NDArray[np.int32]
    destination_node_idx: NDArray[np.int32]
    trips_per_week: NDArray[np.float64]
    inside_km: NDArray[np.float64]
    abroad_before_median_km: NDArray[np.float64]
    abroad_after_median_km: NDArray[np.float64]

    @property
    def n_flows(self) -> int:
        """Number of OD pairs with a flow."""
        return len(self.origin_node_idx)

    def select(self, chosen: NDArray[np.bool_]) -> OdFlows:
        """Flows of a mask."""
        return OdFlows(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})
