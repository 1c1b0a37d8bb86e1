"""Trees of quickest paths, grown by Dijkstra's algorithm, and walks along them.

Equal ways are told apart alike everywhere: nodes are settled by distance, then by number, and the
first of equally quick ways to a node is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NODES_PER_BUCKET = 64
"""Nodes of a graph for each bucket that an arc of mean weight spans; on roads of Germany and Europe
half and twice as many take within an eighth of the time."""
_MOST_BUCKETS = 65_536
"""For the longest arc of all."""


class Buckets(NamedTuple):
    """Nodes that are still to be settled, in buckets of about equal distance.

    A search takes the nearest first and puts none in that is nearer, so the buckets are gone
    through once. No arc is longer than all of them together, so they are used in turn. Few nodes
    are in one at a time: the nearest is found by looking at all of them, sooner than in a heap.

    Parameters
    ----------
    per_unit : float
        Buckets per unit of distance.
    first : (n_buckets,) int32
        Place of some node in each bucket, -1 where it is empty; as many as a power of 2.
    following : (n_places,) int32
        Place of another one in the same bucket, -1 after the last.
    distance : (n_places,) float64
    node : (n_places,) int32
    """

    per_unit: float
    first: NDArray[np.int32]
    following: NDArray[np.int32]
    distance: NDArray[np.float64]
    node: NDArray[np.int32]


@inner_kernel(nogil=True)
def empty_buckets(n_nodes: int, weight: NDArray[np.float64]) -> Buckets:
    """Buckets for searches along entries of these weights, each of which puts in one node.

    Whatever their width, nodes come out in the same order.
    """
    total, longest = 0.0, 0.0
    for each in weight:
        total += each
        longest = max(longest, each)
    per_unit = 1.0
    if longest > 0.0:
        # Narrow enough to hold few nodes each, yet not too many of them.
        per_mean_weight = 1.0 + n_nodes / _NODES_PER_BUCKET
        per_unit = min(per_mean_weight * len(weight) / total, _MOST_BUCKETS / longest)
    n_buckets = 4
    while n_buckets < longest * per_unit + 3.0:
        n_buckets *= 2
    n_places = len(weight) + 1
    return Buckets(
        per_unit,
        np.full(n_buckets, -1, np.int32),
        np.empty(n_places, np.int32),
        np.empty(n_places),
        np.empty(n_places, np.int32),
    )


@inner_kernel(nogil=True)
def grow_tree(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    weight: NDArray[np.float64],
    source: int,
    distance: NDArray[np.float64],
    entry: NDArray[np.int32],
    before: NDArray[np.int32],
    order: NDArray[np.int32],
    buckets: Buckets,
) -> int:
    """Grow the tree of quickest paths from a source to all nodes; how many it reaches.

    ``indptr``, ``indices`` and ``weight`` are a CSR matrix without negative entries.

    Parameters
    ----------
    distance : (n_nodes,) float64
        Becomes the distance of each node; inf where there is no way.
    entry, before : (n_nodes,) int32
        Become the entry of the matrix by which each node is reached, and the node before it; -1 at
        the source and where there is no way.
    order : (n_nodes,) int32
        Its beginning becomes the nodes that are reached, the nearest first.
    buckets : Buckets
        Working space, see :func:`empty_buckets`; empty again afterwards.
    """
    distance[:] = np.inf
    entry[:] = -1
    before[:] = -1
    distance[source] = 0.0
    _put(buckets, 0, 0, 0.0, source)
    n_put, n_left, n_reached = 1, 1, 0
    in_turn = len(buckets.first) - 1
    current = 0
    while n_left:
        if buckets.first[np.uintp(current)] < 0:
            current = (current + 1) & in_turn
            continue
        so_far, node = _taken(buckets, current)
        n_left -= 1
        # A nearer way was found since, and has come out before; one as long was never put in.
        if so_far > distance[np.uintp(node)]:
            continue
        order[np.uintp(n_reached)] = node
        n_reached += 1
        for at in range(indptr[np.uintp(node)], indptr[np.uintp(node + 1)]):
            end = np.uintp(indices[np.uintp(at)])
            there = so_far + weight[np.uintp(at)]
            if there < distance[end]:
                distance[end], entry[end], before[end] = there, at, node
                _put(buckets, int(there * buckets.per_unit) & in_turn, n_put, there, int(end))
                n_put += 1
                n_left += 1
    return n_reached


@inner_kernel(nogil=True)
def _put(buckets: Buckets, bucket: int, place: int, distance: float, node: int) -> None:
    """Put a node into a bucket, at a place that no other has had."""
    at, there = np.uintp(place), np.uintp(bucket)
    buckets.distance[at], buckets.node[at] = distance, node
    buckets.following[at] = buckets.first[there]
    buckets.first[there] = place


@inner_kernel(nogil=True)
def _taken(buckets: Buckets, bucket: int) -> tuple[float, int]:
    """Take the nearest out of a bucket that is not empty, of those as near the lowest number."""
    first = np.uintp(buckets.first[np.uintp(bucket)])
    nearest, distance, node = first, buckets.distance[first], buckets.node[first]
    place = buckets.following[first]
    while place >= 0:
        at = np.uintp(place)
        other = buckets.distance[at]
        if other < distance or (other == distance and buckets.node[at] < node):
            nearest, distance, node = at, other, buckets.node[at]
        place = buckets.following[at]
    # The first of the bucket moves to where the nearest was.
    buckets.distance[nearest] = buckets.distance[first]
    buckets.node[nearest] = buckets.node[first]
    buckets.first[np.uintp(bucket)] = buckets.following[first]
    return distance, node


@kernel(nogil=True)
def fill_trees(
    first: int,
    last: int,
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    weight: NDArray[np.float64],
    source_node_idx: NDArray[np.int32],
    entry: NDArray[np.int32],
    before: NDArray[np.int32],
    order: NDArray[np.int32],
    n_reached: NDArray[np.int64],
) -> None:
    """Grow the trees of some of the sources, as :func:`grow_tree` does.

    Parameters
    ----------
    first, last : int
        The sources: from the one to before the other.
    entry, before, order : (n_sources, n_nodes) int32
        Rows of these sources are filled.
    n_reached : (n_sources,) int64
        Nodes in ``order``.
    """
    n_nodes = len(indptr) - 1
    distance = np.empty(n_nodes)
    buckets = empty_buckets(n_nodes, weight)
    for row in range(first, last):
        n_reached[row] = grow_tree(
            indptr,
            indices,
            weight,
            source_node_idx[row],
            distance,
            entry[row],
            before[row],
            order[row],
            buckets,
        )


@kernel(nogil=True)
def fill_travel(
    weight: NDArray[np.float64],
    arc_idx: NDArray[np.int32],
    arc_length_km: NDArray[np.float64],
    entry: NDArray[np.int32],
    before: NDArray[np.int32],
    order: NDArray[np.int32],
    n_reached: NDArray[np.int64],
    target_node_idx: NDArray[np.int32],
    distance: NDArray[np.float64],
    length_km: NDArray[np.float64],
) -> None:
    """Measure the quickest paths along trees to all targets.

    Parameters
    ----------
    weight : (n_entries,) float64
        Weights that the trees were grown by.
    arc_idx : (n_entries,) int32
        Arc of each entry of the matrix.
    entry, before, order, n_reached : (n_trees, n_nodes), (n_trees,)
        Trees, see :func:`fill_trees`.
    distance, length_km : (n_trees, n_targets) float64
        Is filled: sums of weights, and of lengths along the same path, km;
        inf where there is no way.
    """
    n_nodes = entry.shape[1]
    distance_to, length_to = np.empty(n_nodes), np.empty(n_nodes)
    for tree in range(len(n_reached)):
        distance_to[:] = np.inf
        length_to[:] = np.inf
        source = order[tree, 0]
        distance_to[source], length_to[source] = 0.0, 0.0
        for place in range(1, n_reached[tree]):
            node = np.uintp(order[tree, place])
            back, way = np.uintp(before[tree, node]), np.uintp(entry[tree, node])
            distance_to[node] = distance_to[back] + weight[way]
            length_to[node] = length_to[back] + arc_length_km[np.uintp(arc_idx[way])]
        for column in range(len(target_node_idx)):
            target = np.uintp(target_node_idx[column])
            distance[tree, column] = distance_to[target]
            length_km[tree, column] = length_to[target]


@kernel(nogil=True)
def add_tree_flows(
    arc_idx: NDArray[np.int32],
    entry: NDArray[np.int32],
    before: NDArray[np.int32],
    order: NDArray[np.int32],
    n_reached: NDArray[np.int64],
    offset: NDArray[np.int64],
    to_node_idx: NDArray[np.int32],
    weight: NDArray[np.float64],
    arc_flow: NDArray[np.float64],
) -> None:
    """Add to ``arc_flow`` the trucks that drive from each source to nodes of its tree.

    Nodes are visited from the farthest to the nearest, each handing the trucks that pass it to
    the node before, so that every arc of a tree is touched once.

    Parameters
    ----------
    entry, before, order, n_reached : (n_trees, n_nodes), (n_trees,)
        Trees, see :func:`fill_trees`.
    offset : (n_trees + 1,) int64
        Where the legs of each tree begin.
    to_node_idx, weight : (n_legs,)
        End of each leg, and its trucks.
    """
    ending = np.empty(entry.shape[1])
    for tree in range(len(n_reached)):
        ending[:] = 0.0
        for leg in range(offset[tree], offset[tree + 1]):
            ending[to_node_idx[leg]] += weight[leg]
        # The farthest first: all that ends beyond a node has been added to it when its turn comes.
        # The source is the nearest.
        for place in range(n_reached[tree] - 1, 0, -1):
            node = np.uintp(order[tree, place])
            trucks = ending[node]
            if trucks != 0.0:
                arc_flow[np.uintp(arc_idx[np.uintp(entry[tree, node])])] += trucks
                ending[np.uintp(before[tree, node])] += trucks


@kernel
def tree_paths(
    arc_idx: NDArray[np.int32],
    entry: NDArray[np.int32],
    before: NDArray[np.int32],
    tree: NDArray[np.int64],
    target_node_idx: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Arcs of paths along shortest-path trees, in the order of driving.

    Parameters
    ----------
    entry, before : (n_trees, n_nodes) int32
        Trees, see :func:`grow_tree`.
    tree : (n_paths,) int64
        Tree of each path.
    target_node_idx : (n_paths,) int32
        Where it ends.

    Returns
    -------
    arcs : (n_arcs_of_all_paths,) int32
    offset : (n_paths + 1,) int64
        Where the arcs of each path begin; a path without a way has none.
    """
    offset = np.zeros(len(tree) + 1, np.int64)
    for path in range(len(tree)):
        back = before[tree[path]]
        node = target_node_idx[path]
        n_arcs = 0
        while back[node] >= 0:
            node = back[node]
            n_arcs += 1
        offset[path + 1] = offset[path] + n_arcs
    arcs = np.empty(offset[-1], np.int32)
    for path in range(len(tree)):
        node = target_node_idx[path]
        # Trees lead back to their source, so paths are written from their end.
        for place in range(offset[path + 1] - 1, offset[path] - 1, -1):
            arcs[place] = arc_idx[entry[tree[path], node]]
            node = before[tree[path], node]
    return arcs, offset
