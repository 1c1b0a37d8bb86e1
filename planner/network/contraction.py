"""Joining the arcs between junctions, so that routing need not stop at every bend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

FASTEST_TRUCK_KMH = 90.0
"""Speed limiters of trucks over 3.5 t are set to this (Directive 92/6/EEC); free speeds above it
are all the same to them, km/h."""


def contract_graph(graph: RoadGraph, protected: NDArray[np.bool_] | None = None) -> RoadGraph:
    """Take out the nodes at which a road only goes on, and join the arcs on both sides.

    A node is taken out if a vehicle that comes in can only go on: one arc in and one out, or the
    two of a two-way road. It stays where the road's reference changes, where a truck's speed does
    (:data:`FASTEST_TRUCK_KMH`), or where joining would make an arc from a node to itself or beside
    another with the same ends.

    Parameters
    ----------
    protected : (n_nodes,) bool, optional
        Nodes that stay whatever they are.

    Returns
    -------
    RoadGraph
        Remaining nodes in their order; arcs in the order of their first parts. Length and
        free-flow time of every joined arc are the sums over its parts, the free speed their
        quotient; the course goes through the nodes taken out. The time of trucks that drive no
        faster than :data:`FASTEST_TRUCK_KMH` is the sum over the parts too: parts differ in free
        speed only where all are faster.
    """
    kept_ids = None if protected is None else graph.node_id[protected]
    while True:
        is_kept = None if kept_ids is None else np.isin(graph.node_id, kept_ids)
        smaller = _contracted_once(graph, is_kept)
        # A one-way loop that is now a node there and back can make a junction a mere bend.
        if smaller.n_nodes == graph.n_nodes:
            return smaller
        graph = smaller


def _contracted_once(graph: RoadGraph, protected: NDArray[np.bool_] | None) -> RoadGraph:
    onward = _onward_arcs(graph)
    stays = _must_stay(graph, onward)
    if protected is not None:
        stays |= protected
    _keep_one_of_each_ring(graph, stays)
    while True:
        chains = _chains(graph, onward, stays)
        between = _nodes_against_clashes(graph, chains)
        if between.size == 0:
            return _joined(graph, chains, stays)
        stays[between] = True


@dataclass(frozen=True, slots=True)
class _Chains:
    """Arcs that become one: ``arc[offset[i]:offset[i + 1]]`` in driving order."""

    arc: NDArray[np.int64]
    offset: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.int64]:
        return self.arc[self.offset[:-1]]

    @property
    def last(self) -> NDArray[np.int64]:
        return self.arc[self.offset[1:] - 1]


def _onward_arcs(graph: RoadGraph) -> NDArray[np.int64]:
    """The only arc that each arc can go on with, -1 where there is a choice or none.

    Going back the way one came is no choice.
    """
    n, start, end = graph.n_nodes, graph.arc_from_idx, graph.arc_to_idx
    n_in, n_out = np.bincount(end, minlength=n), np.bincount(start, minlength=n)
    # Lowest and highest are all the neighbours that a node with two arcs in or out has.
    low_in, high_in = _lowest_and_highest(end, start, n)
    low_out, high_out = _lowest_and_highest(start, end, n)
    nodes = np.arange(n)
    one_way = (n_in == 1) & (n_out == 1) & (low_in != low_out)
    two_way = (n_in == 2) & (n_out == 2) & (low_in == low_out) & (high_in == high_out)
    two_way &= low_in != high_in
    passed = (one_way | two_way) & (low_in != nodes) & (high_in != nodes)
    passed &= (low_out != nodes) & (high_out != nodes)
    arc = np.arange(graph.n_arcs)
    some_out, other_out = np.full(n, -1), np.full(n, -1)
    # The last writer wins: forwards gives one of two arcs out, backwards the other.
    some_out[start] = arc
    other_out[start[::-1]] = arc[::-1]
    some, other = some_out[end], other_out[end]
    # Never back to where the arc came from.
    onward = np.where(end[some] == start, other, some)
    return np.where(passed[end], onward, -1)


def _lowest_and_highest(
    node: NDArray[np.int32], neighbour: NDArray[np.int32], n_nodes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    low, high = np.full(n_nodes, n_nodes), np.full(n_nodes, -1)
    np.minimum.at(low, node, neighbour)
    np.maximum.at(high, node, neighbour)
    return low, high


def _must_stay(graph: RoadGraph, onward: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Nodes with a choice of ways, and those where the road, its class or the speed changes."""
    truck_kmh = np.minimum(graph.arc_free_speed_kmh, FASTEST_TRUCK_KMH)
    changes = (
        (onward < 0) | (graph.arc_road[onward] != graph.arc_road) | (truck_kmh[onward] != truck_kmh)
    )
    if graph.arc_tent_class is not None:
        changes |= graph.arc_tent_class[onward] != graph.arc_tent_class
    stays = np.zeros(graph.n_nodes, dtype=bool)
    stays[graph.arc_to_idx[changes]] = True
    stays[np.bincount(graph.arc_to_idx, minlength=graph.n_nodes) == 0] = True
    return stays


def _keep_one_of_each_ring(graph: RoadGraph, stays: NDArray[np.bool_]) -> None:
    """In a part of the graph where every node would go, keep the first."""
    ends = (graph.arc_from_idx, graph.arc_to_idx)
    adjacency = csr_array((np.ones(graph.n_arcs, dtype=np.int8), ends), shape=(len(stays),) * 2)
    _, part = connected_components(adjacency, directed=False)
    _, first = np.unique(part, return_index=True)
    stays[first[np.bincount(part, weights=stays) == 0]] = True


def _chains(graph: RoadGraph, onward: NDArray[np.int64], stays: NDArray[np.bool_]) -> _Chains:
    """Follow the arcs from every node that stays to the next such."""
    goes_on = np.where(stays[graph.arc_to_idx], -1, onward).tolist()
    arcs: list[int] = []
    offset = [0]
    for first in np.flatnonzero(stays[graph.arc_from_idx]).tolist():
        arc = first
        while arc >= 0:
            arcs.append(arc)
            arc = goes_on[arc]
        offset.append(len(arcs))
    return _Chains(np.array(arcs, dtype=np.int64), np.array(offset, dtype=np.int64))


def _nodes_against_clashes(graph: RoadGraph, chains: _Chains) -> NDArray[np.int32]:
    """A node inside each chain that would be a loop, or stand beside a shorter chain or arc."""
    start, end = graph.arc_from_idx[chains.first], graph.arc_to_idx[chains.last]
    length_km = np.add.reduceat(graph.arc_length_km[chains.arc], chains.offset[:-1])
    n_parts = np.diff(chains.offset)
    # Chains of one arc come first among equals: they have no node to give back.
    order = np.lexsort((length_km, n_parts > 1, end, start))
    clash = start == end
    same = (start[order[1:]] == start[order[:-1]]) & (end[order[1:]] == end[order[:-1]])
    clash[order[1:]] |= same
    clash &= n_parts > 1
    to_idx = graph.arc_to_idx[chains.arc].copy()
    # The end of a chain lies not inside it: above all nodes it is never the lowest.
    to_idx[chains.offset[1:] - 1] = graph.n_nodes
    # The lowest node is the same one whichever way the chain is driven.
    between: NDArray[np.int32] = np.minimum.reduceat(to_idx, chains.offset[:-1])[clash]
    return between


def _joined(graph: RoadGraph, chains: _Chains, stays: NDArray[np.bool_]) -> RoadGraph:
    starts = chains.offset[:-1]
    # Times add up along a chain, speeds do not: the new speed is the length over the whole time.
    length_km = np.add.reduceat(graph.arc_length_km[chains.arc], starts)
    time_h = np.add.reduceat((graph.arc_length_km / graph.arc_free_speed_kmh)[chains.arc], starts)
    # Length over time of a single arc would differ from its speed in the last digit.
    alone = np.diff(chains.offset) == 1
    new_idx = np.cumsum(stays, dtype=np.int32) - np.int32(1)
    joined = replace(
        graph,
        node_id=graph.node_id[stays],
        node_name=graph.node_name[stays],
        lon=graph.lon[stays],
        lat=graph.lat[stays],
        arc_from_idx=new_idx[graph.arc_from_idx[chains.first]],
        arc_to_idx=new_idx[graph.arc_to_idx[chains.last]],
        arc_length_km=length_km,
        arc_free_speed_kmh=np.where(
            alone, graph.arc_free_speed_kmh[chains.first], length_km / time_h
        ),
        arc_road=graph.arc_road[chains.first],
        arc_geometry=_courses(graph, chains),
        arc_lanes=None
        if graph.arc_lanes is None
        else np.minimum.reduceat(graph.arc_lanes[chains.arc], starts),
        arc_tent_class=None if graph.arc_tent_class is None else graph.arc_tent_class[chains.first],
    )
    return joined.with_gone(graph, ~stays, is_joined=True, is_apart=False)


def _courses(graph: RoadGraph, chains: _Chains) -> NDArray[np.object_]:
    """Courses of the arcs of each chain, one after the other, joints once."""
    chain = np.repeat(np.arange(len(chains.first)), np.diff(chains.offset))
    is_first = np.zeros(len(chains.arc), dtype=bool)
    is_first[chains.offset[:-1]] = True
    if graph.arc_geometry is None:
        ends = np.stack([graph.arc_from_idx[chains.arc], graph.arc_to_idx[chains.arc]], axis=1)
        node, part = ends.ravel(), np.repeat(np.arange(len(chains.arc)), 2)
        points = np.column_stack([graph.lon[node], graph.lat[node]])
    else:
        points, part = shapely.get_coordinates(graph.arc_geometry[chains.arc], return_index=True)
    begins = np.ones(len(part), dtype=bool)
    begins[1:] = part[1:] != part[:-1]
    # The first point of an arc is the last of the one before, except at the start of a chain.
    kept = ~begins | is_first[part]
    return np.asarray(shapely.linestrings(points[kept], indices=chain[part[kept]]))
