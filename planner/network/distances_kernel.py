"""Walks along shortest-path trees: lengths and arcs of paths, and truck flows on arcs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True)
def arc_between(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    arc_idx: NDArray[np.int32],
    start: int,
    end: int,
) -> int:
    """Index of the quickest arc from one node to a neighbour.

    ``indptr`` and ``indices`` are the rows of a CSR matrix with sorted columns, ``arc_idx`` names
    the arc of each entry.
    """
    first = indptr[start]
    row = indices[first : indptr[start + 1]]
    return int(arc_idx[first + np.searchsorted(row, end)])


@njit(cache=True)
def tree_lengths(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    arc_idx: NDArray[np.int32],
    arc_length_km: NDArray[np.float64],
    predecessor: NDArray[np.int32],
    source_node_idx: NDArray[np.int32],
    target_node_idx: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Lengths of the paths of shortest-path trees.

    Parameters
    ----------
    predecessor : (n_sources, n_nodes) int32
        Node before each node on the way from the source, negative at the source and where there
        is no way.

    Returns
    -------
    (n_sources, n_targets) float64
        Length from source to target along the tree, km; inf where there is no way.
    """
    n_sources, n_nodes = predecessor.shape
    n_targets = len(target_node_idx)
    lengths = np.empty((n_sources, n_targets))
    known = np.empty(n_nodes)
    path = np.empty(n_nodes, np.int32)
    for source in range(n_sources):
        before = predecessor[source]
        known[:] = np.nan
        known[source_node_idx[source]] = 0.0
        for target in range(n_targets):
            node = target_node_idx[target]
            depth = 0
            # Back to a node whose length is known, then forwards: each node is added up once.
            while np.isnan(known[node]) and before[node] >= 0:
                path[depth] = node
                depth += 1
                node = before[node]
            length = np.inf if np.isnan(known[node]) else known[node]
            for step in range(depth - 1, -1, -1):
                arc = arc_between(indptr, indices, arc_idx, node, path[step])
                node = path[step]
                length += arc_length_km[arc]
                known[node] = length
            lengths[source, target] = length
    return lengths


@njit(cache=True)
def add_tree_flow(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    arc_idx: NDArray[np.int32],
    predecessor: NDArray[np.int32],
    distance_h: NDArray[np.float64],
    node_weight: NDArray[np.float64],
    arc_flow: NDArray[np.float64],
) -> None:
    """Add to ``arc_flow`` the trucks that drive from one source to the nodes of its tree.

    Nodes are visited from the farthest to the nearest, each handing the trucks that pass it to
    the node before, so that every arc of the tree is touched once.

    Parameters
    ----------
    predecessor, distance_h : (n_nodes,)
        Tree of one source.
    node_weight : (n_nodes,) float64
        Trucks that end at each node; used as working space.
    """
    # The farthest first: all that ends beyond a node has been added to it when its turn comes.
    for node in np.argsort(-distance_h, kind="mergesort"):
        weight = node_weight[node]
        before = predecessor[node]
        if weight == 0.0 or before < 0:
            continue
        arc_flow[arc_between(indptr, indices, arc_idx, before, node)] += weight
        node_weight[before] += weight


@njit(cache=True)
def tree_paths(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    arc_idx: NDArray[np.int32],
    predecessor: NDArray[np.int32],
    tree: NDArray[np.int64],
    target_node_idx: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Arcs of paths along shortest-path trees, in the order of driving.

    Parameters
    ----------
    predecessor : (n_trees, n_nodes) int32
        As in :func:`tree_lengths`.
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
        before = predecessor[tree[path]]
        node = target_node_idx[path]
        n_arcs = 0
        while before[node] >= 0:
            node = before[node]
            n_arcs += 1
        offset[path + 1] = offset[path] + n_arcs
    arcs = np.empty(offset[-1], np.int32)
    for path in range(len(tree)):
        before = predecessor[tree[path]]
        node = target_node_idx[path]
        # Trees lead back to their source, so paths are written from their end.
        for place in range(offset[path + 1] - 1, offset[path] - 1, -1):
            arcs[place] = arc_between(indptr, indices, arc_idx, before[node], node)
            node = before[node]
    return arcs, offset
