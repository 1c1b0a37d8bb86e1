"""In which region each trip begins, for figures by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from planner.files.coordinates import on_sphere
from planner.files.csv_tables import read_text_table
from planner.network.builtin import GERMANY
from planner.scenario.bundled import bundled_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph


def origin_regions(source: str, graph: RoadGraph, trips: Trips) -> NDArray[np.object_]:
    """Region in which each trip enters the road graph.

    Parameters
    ----------
    source : str
        Where the network comes from, as in the scenario's ``network.source``.

    Returns
    -------
    (n_trips,) object
        On the built-in network the federal state of the nearest city or port, or the country
        behind a border crossing (``"border NL"``). On other networks, which know no regions, the
        cell of a grid of one degree (``"51-52N 7-8E"``).
    """
    of_node = _german_states(graph) if source == "builtin" else _grid_cells(graph)
    regions: NDArray[np.object_] = of_node[trips.origin_node_idx]
    return regions


def _german_states(graph: RoadGraph) -> NDArray[np.object_]:
    """State or neighbour of each node of the built-in network, (n_nodes,)."""
    regions = read_text_table(bundled_path(GERMANY) / "regions.csv")
    is_border = (regions["kind"] == "gateway").to_numpy()
    inland = regions[~is_border]
    tree = cKDTree(on_sphere(inland["lon"].to_numpy(float), inland["lat"].to_numpy(float)))
    _, nearest = tree.query(on_sphere(graph.lon, graph.lat))
    of_node: NDArray[np.object_] = inland["state"].to_numpy(object)[nearest]
    at_border = regions[is_border]
    country = dict(zip(at_border["node_id"], at_border["country"], strict=True))
    for node, name in enumerate(graph.node_id):
        if name in country:
            of_node[node] = f"border {country[name]}"
    return of_node


def _grid_cells(graph: RoadGraph) -> NDArray[np.object_]:
    """Cell of one degree that each node lies in, (n_nodes,)."""
    return np.array(
        [
            f"{_between(lat, 'N', 'S')} {_between(lon, 'E', 'W')}"
            for lon, lat in zip(graph.lon, graph.lat, strict=True)
        ],
        dtype=object,
    )


def _between(degrees: float, positive: str, negative: str) -> str:
    """Whole degrees on both sides of a coordinate, away from the equator or Greenwich."""
    lower = int(np.floor(degrees))
    if lower >= 0:
        return f"{lower}-{lower + 1}{positive}"
    return f"{-lower - 1}-{-lower}{negative}"
