"""The directed road graph that trucks drive on."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class GoneNodes:
    """Nodes that the reader of a graph found and the graph has no more.

    Parameters
    ----------
    node_id : (n,) object
        Name of each, text.
    lon, lat : (n,) float64
        Position, degrees, EPSG:4326.
    is_joined : (n,) bool
        Whether it lies between junctions on an arc of the graph; no road leads from the others to
        the graph and back.
    is_apart : (n,) bool
        Whether it lies in a part that no arc links to the graph.
    """

    node_id: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    is_joined: NDArray[np.bool_]
    is_apart: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RoadGraph:
    """Directed road graph; nodes are junctions, exits, border crossings and freight places.

    Parameters
    ----------
    node_id : (n_nodes,) object
        Unique name of each node, text.
    node_name : (n_nodes,) object
        What a person calls the node.
    lon, lat : (n_nodes,) float64
        Position, degrees, EPSG:4326.
    arc_from_idx, arc_to_idx : (n_arcs,) int32
        End nodes of each arc.
    arc_length_km : (n_arcs,) float64
        Length along the road, km, > 0.
    arc_free_speed_kmh : (n_arcs,) float64
        Free speed of the road, km/h, > 0; trucks drive the lower of this and their own speed.
    arc_road : (n_arcs,) object
        Reference of the road, for example ``"A7"``; empty where unknown.
    arc_geometry : (n_arcs,) object or None
        Course of each arc as a shapely LineString in EPSG:4326; None draws straight lines.
    arc_lanes : (n_arcs,) int64 or None
        Fewest lanes along each arc in its direction, 0 where unknown; None where no arc says it.
    arc_tent_class : (n_arcs,) object or None
        ``"core"`` or ``"comprehensive"`` where the road belongs to the trans-European transport
        network (TEN-T), empty elsewhere; None where no arc says it.
    gone : GoneNodes or None
        Nodes that were dropped or taken out when the graph was made; None where there are none.
    """

    node_id: NDArray[np.object_]
    node_name: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    arc_from_idx: NDArray[np.int32]
    arc_to_idx: NDArray[np.int32]
    arc_length_km: NDArray[np.float64]
    arc_free_speed_kmh: NDArray[np.float64]
    arc_road: NDArray[np.object_]
    arc_geometry: NDArray[np.object_] | None = None
    arc_lanes: NDArray[np.int64] | None = None
    arc_tent_class: NDArray[np.object_] | None = None
    gone: GoneNodes | None = None

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_id)

    @property
    def n_arcs(self) -> int:
        """Number of directed arcs."""
        return len(self.arc_from_idx)

    def with_gone(
        self, before: RoadGraph, gone: NDArray[np.bool_], *, is_joined: bool, is_apart: ArrayLike
    ) -> RoadGraph:
        """The same graph that remembers nodes of the one that it was made of.

        Parameters
        ----------
        gone : (n_nodes,) bool
            Its nodes that are no more.
        is_joined : bool
            See :class:`GoneNodes`.
        is_apart : (n_nodes,) bool or bool
            See :class:`GoneNodes`.
        """
        if not gone.any():
            return replace(self, gone=before.gone)
        apart = np.broadcast_to(np.asarray(is_apart, dtype=bool), gone.shape)[gone]
        new = GoneNodes(
            before.node_id[gone],
            before.lon[gone],
            before.lat[gone],
            np.full(len(apart), is_joined),
            apart,
        )
        if before.gone is not None:
            pairs = ((getattr(before.gone, f.name), getattr(new, f.name)) for f in fields(new))
            new = GoneNodes(*(np.concatenate(pair) for pair in pairs))
        return replace(self, gone=new)

    def reverse_arc_idx(self) -> NDArray[np.int32]:
        """Opposite carriageway of each arc.

        Returns
        -------
        (n_arcs,) int32
            Index of the arc with swapped ends and the nearest length, -1 where there is none.
        """
        by_ends: dict[tuple[int, int], list[int]] = {}
        ends = list(zip(self.arc_from_idx.tolist(), self.arc_to_idx.tolist(), strict=True))
        for arc, pair in enumerate(ends):
            by_ends.setdefault(pair, []).append(arc)
        reverse = np.full(self.n_arcs, -1, dtype=np.int32)
        for arc, (start, end) in enumerate(ends):
            length = self.arc_length_km[arc]
            reverse[arc] = min(
                by_ends.get((end, start), [-1]),
                key=lambda other: abs(self.arc_length_km[other] - length) if other >= 0 else 0.0,
            )
        return reverse
