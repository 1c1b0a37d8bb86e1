"""Nodes that other files name: those that are there, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from planner.network.towns import in_space_km
from planner.said import said

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from planner.network.graph import RoadGraph

CUT_OFF = -2
"""Number of a node that is known and lies on a part of the network that was dropped."""
CUT_OFF_PARTS = "parts of the road network that were dropped, as no road leads from there and back"
_N_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class NamedNodes:
    """Nodes found by their ids.

    Parameters
    ----------
    node_idx : (n,) int32
        Node of the graph, :data:`CUT_OFF` where the node lies on a part that was dropped, -1 where
        there is none of that id.
    lon, lat : (n,) float64
        Position, degrees, also of nodes that were dropped or taken out; NaN where there is none.
    hint : str
        What is known of ids that have no node, a sentence to go on with; empty if nothing is.
    """

    node_idx: NDArray[np.int32]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    hint: str = ""

    @property
    def is_unknown(self) -> NDArray[np.bool_]:
        """Ids of no node, (n,)."""
        return np.asarray(self.node_idx == -1)


def find_nodes(graph: RoadGraph, names: ArrayLike) -> NamedNodes:
    """Find nodes by their ids.

    Parameters
    ----------
    names : (n,) text
        Ids, as often as wanted.
    """
    wanted = pd.Index(np.asarray(names, dtype=object))
    found = pd.Index(graph.node_id).get_indexer(wanted)
    lon = np.where(found >= 0, graph.lon[found], np.nan)
    lat = np.where(found >= 0, graph.lat[found], np.nan)
    if graph.gone is None or (found >= 0).all():
        return NamedNodes(found.astype(np.int32), lon, lat)
    gone = graph.gone
    at = pd.Index(gone.node_id).get_indexer(wanted)
    is_gone = (at >= 0) & (found < 0)
    cut_off = is_gone & ~gone.is_joined[at]
    lon[is_gone], lat[is_gone] = gone.lon[at[is_gone]], gone.lat[at[is_gone]]
    joined = wanted[is_gone & gone.is_joined[at]]
    hint = ""
    if len(joined):
        some = ", ".join(repr(name) for name in dict.fromkeys(joined[:_N_EXAMPLES]))
        hint = said(
            "{n} of them ({nodes}) are nodes at which a road only goes on: set network.contract: "
            "false, or list them in network.keep_nodes",
            n=len(set(joined)),
            nodes=some,
        )
    return NamedNodes(np.where(cut_off, CUT_OFF, found).astype(np.int32), lon, lat, hint)


def km_to_dropped_parts(
    graph: RoadGraph, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Straight distance to the nearest node of a part that was dropped, km, (n,).

    Parameters
    ----------
    lon, lat : (n,) float64
        Positions, degrees.

    Returns
    -------
    (n,) float64
        Infinite where no part was dropped.
    """
    if graph.gone is None or not graph.gone.is_apart.any():
        return np.full(len(lon), np.inf)
    apart = graph.gone.is_apart
    nodes = cKDTree(in_space_km(graph.gone.lon[apart], graph.gone.lat[apart]))
    return np.asarray(nodes.query(in_space_km(lon, lat))[0], dtype=np.float64)
