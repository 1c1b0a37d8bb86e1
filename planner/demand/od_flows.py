"""OD volumes: what every source of demand hands to the expansion into single trips."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    @classmethod
    def joined(cls, parts: Sequence[OdFlows]) -> OdFlows:
        """Flows of several parts, one after the other."""
        return cls(
            **{
                field.name: np.concatenate([getattr(part, field.name) for part in parts])
                for field in fields(cls)
            }
        )

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> OdFlows:
        """Flows of a mask or of indices."""
        return OdFlows(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})
