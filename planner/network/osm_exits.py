"""Join the ramps of an exit by the road that crosses the motorway there, which is not read.

A network of motorways alone falls apart: the ramp off one carriageway and the ramp onto the other
end at an ordinary road, and both carriageways end where the extract is cut. Access arcs between
such ends stand for the ordinary road. Ramps of rest areas end on service ways: they are not
joined, as nobody turns round there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from planner.files.coordinates import on_sphere
from planner.network.osm_tags import RAMP
from planner.network.snapping import ACCESS_ROAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.osm_file import OsmRoads

EXIT_REACH_KM = 1.0
"""Ends of ramps at most so far apart, in a straight line, belong to one exit, km."""
CROSSING_DETOUR = 1.3
"""Way along the crossing road over the straight distance."""
CROSSING_SPEED_KMH = 50.0
MIN_CROSSING_KM = 0.05
CROSSING = f"{ACCESS_ROAD} crossing road"
EARTH_RADIUS_KM = 6371.0


def join_exits(graph: RoadGraph, roads: OsmRoads) -> RoadGraph:
    """Join the ends of ramps and carriageways at which trucks leave and enter the network.

    These are ends of ramps on a public road; where the file holds no such road, ends of ramps that
    begin at a numbered junction, and ramps that begin nearby; and ends of carriageways.

    Parameters
    ----------
    graph : RoadGraph
        Carriageways and ramps, with courses and lanes; a node per OpenStreetMap node, ``node_id``
        its number.
    roads : OsmRoads
        Where public and other roads go on, and which junctions are numbered.

    Returns
    -------
    RoadGraph
        With an access arc from each such end that can be reached to each within
        :data:`EXIT_REACH_KM` that can be left; ends that a numbered junction leads to take its
        name.
    """
    osm_id = graph.node_id.astype(np.int64)
    exit_names = _names_along_ramps(graph, osm_id, roads.exit_names)
    ends = _exit_ends(graph, osm_id, roads, exit_names)
    can_reach = np.bincount(graph.arc_to_idx, minlength=graph.n_nodes) > 0
    can_leave = np.bincount(graph.arc_from_idx, minlength=graph.n_nodes) > 0
    start, end, straight_km = _near_pairs(
        graph, np.flatnonzero(ends & can_reach), np.flatnonzero(ends & can_leave)
    )
    node_name = graph.node_name.copy()
    node_name[list(exit_names)] = list(exit_names.values())
    lines = np.stack([np.stack([graph.lon[at], graph.lat[at]], axis=1) for at in (start, end)], 1)
    length_km = np.maximum(straight_km * CROSSING_DETOUR, MIN_CROSSING_KM)
    return replace(
        graph,
        node_name=node_name,
        arc_from_idx=np.concatenate([graph.arc_from_idx, start]),
        arc_to_idx=np.concatenate([graph.arc_to_idx, end]),
        arc_length_km=np.concatenate([graph.arc_length_km, length_km]),
        arc_free_speed_kmh=np.concatenate(
            [graph.arc_free_speed_kmh, np.full(start.size, CROSSING_SPEED_KMH)]
        ),
        arc_road=np.concatenate([graph.arc_road, np.full(start.size, CROSSING, dtype=object)]),
        arc_geometry=np.concatenate([graph.arc_geometry, shapely.linestrings(lines)]),
        arc_lanes=np.concatenate([graph.arc_lanes, np.zeros(start.size, dtype=np.int64)]),
    )


def _exit_ends(
    graph: RoadGraph,
    osm_id: NDArray[np.int64],
    roads: OsmRoads,
    exit_names: Mapping[int, str],
) -> NDArray[np.bool_]:
    """Nodes at which trucks leave the network for the ordinary roads or come from there."""
    ramp = graph.arc_road == RAMP
    on_ramp, on_carriageway = _touched(graph, ramp), _touched(graph, ~ramp)
    public = np.isin(osm_id, list(roads.public_node_ids))
    other = np.isin(osm_id, list(roads.other_node_ids))
    numbered = np.zeros(graph.n_nodes, dtype=bool)
    numbered[list(exit_names)] = True
    n_in = np.bincount(graph.arc_to_idx, minlength=graph.n_nodes)
    loose = _loose(graph)
    of_ramp = on_ramp & ~on_carriageway
    return np.asarray(
        (of_ramp & public)
        | (of_ramp & loose & ~public & ~other & (numbered | (n_in == 0)))
        | (on_carriageway & loose)
    )


def _touched(graph: RoadGraph, arc: NDArray[np.bool_]) -> NDArray[np.bool_]:
    touched = np.zeros(graph.n_nodes, dtype=bool)
    touched[graph.arc_from_idx[arc]] = True
    touched[graph.arc_to_idx[arc]] = True
    return touched


def _loose(graph: RoadGraph) -> NDArray[np.bool_]:
    """Nodes where the network ends: no way in, no way out, or one neighbour only."""
    ends = np.stack([graph.arc_from_idx, graph.arc_to_idx], axis=1)
    # Both ways, each pair once: two carriageways to the same node are one neighbour.
    neighbours = np.unique(np.concatenate([ends, ends[:, ::-1]]), axis=0)
    n_neighbours = np.bincount(neighbours[:, 0], minlength=graph.n_nodes)
    n_in = np.bincount(graph.arc_to_idx, minlength=graph.n_nodes)
    n_out = np.bincount(graph.arc_from_idx, minlength=graph.n_nodes)
    return np.asarray((n_in == 0) | (n_out == 0) | (n_neighbours == 1))


def _names_along_ramps(
    graph: RoadGraph, osm_id: NDArray[np.int64], exit_names: Mapping[int, str]
) -> dict[int, str]:
    """Name of the numbered junction that leads to each node along ramps, by node index."""
    import networkx as nx  # noqa: PLC0415  # slow to import, and only extracts have ramps

    ramp = graph.arc_road == RAMP
    # A name goes no further than the carriageway that a ramp comes to.
    onward = ramp & ~_touched(graph, ~ramp)[graph.arc_to_idx]
    junctions = np.flatnonzero(np.isin(osm_id, list(exit_names))).tolist()
    names = {node: exit_names[int(osm_id[node])] for node in junctions}
    before_all = -1
    ramps = nx.DiGraph((before_all, node) for node in junctions)
    ramps.add_edges_from(
        zip(graph.arc_from_idx[onward].tolist(), graph.arc_to_idx[onward].tolist(), strict=True)
    )
    if junctions:
        for before, node in nx.bfs_edges(ramps, before_all):
            names.setdefault(node, names.get(before, ""))
    return names


def _near_pairs(
    graph: RoadGraph, from_idx: NDArray[np.intp], to_idx: NDArray[np.intp]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Pairs of different nodes within reach of each other, and their straight distance, km."""
    if from_idx.size == 0 or to_idx.size == 0:
        nothing = np.empty(0, dtype=np.int32)
        return nothing, nothing, np.empty(0)
    on_globe = EARTH_RADIUS_KM * on_sphere(graph.lon, graph.lat)
    # The chord of a kilometre differs from the arc by a hair's breadth.
    near = cKDTree(on_globe[from_idx]).sparse_distance_matrix(
        cKDTree(on_globe[to_idx]), EXIT_REACH_KM, output_type="ndarray"
    )
    start, end = from_idx[near["i"]].astype(np.int32), to_idx[near["j"]].astype(np.int32)
    order = np.lexsort((end, start))
    order = order[start[order] != end[order]]
    return start[order], end[order], near["v"][order]
