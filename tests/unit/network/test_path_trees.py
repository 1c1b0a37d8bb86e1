"""Trees of quickest paths against the plainest search, to the last tie."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
import pytest
from scipy.sparse import csr_array

from planner.network.distances_kernel import fill_trees


def random_matrix(rng, weights):
    """Arcs between random nodes, the nodes that none leads to among them."""
    n_nodes = int(rng.integers(2, 40))
    start, end = rng.integers(0, n_nodes, (2, int(rng.integers(1, 4 * n_nodes))))
    start, end = np.unique([start, end], axis=1)
    return matrix_of(n_nodes, start, end, weights(rng, len(start)))


def matrix_of(n_nodes, start, end, weight):
    """Rows ascend; weights of zero are entries too."""
    indptr = np.append(0, np.cumsum(np.bincount(start, minlength=n_nodes))).astype(np.int32)
    return csr_array((weight, end.astype(np.int32), indptr), shape=(n_nodes, n_nodes))


def grown(matrix, sources):
    """What the kernel fills, and nodes in order as lists."""
    shape = len(sources), matrix.shape[0]
    entry, before, order = (np.empty(shape, np.int32) for _ in range(3))
    n_reached = np.empty(len(sources), np.int64)
    trees = entry, before, order, n_reached
    fill_trees(0, len(sources), matrix.indptr, matrix.indices, matrix.data, sources, *trees)
    return [
        (*of_one, nodes[:n].tolist())
        for *of_one, nodes, n in zip(
            entry.tolist(), before.tolist(), order, n_reached.tolist(), strict=True
        )
    ]


def plainly_grown(matrix, source):
    """The nearest node is settled next, of those as near the one of the lowest number."""
    n_nodes = matrix.shape[0]
    distance = [np.inf] * n_nodes
    entry, before, order = [-1] * n_nodes, [-1] * n_nodes, []
    distance[source] = 0.0
    waiting = [(0.0, source)]
    while waiting:
        so_far, node = heappop(waiting)
        if node in order:
            continue
        order.append(node)
        for at in range(matrix.indptr[node], matrix.indptr[node + 1]):
            end, there = int(matrix.indices[at]), so_far + float(matrix.data[at])
            if there < distance[end]:
                distance[end], entry[end], before[end] = there, at, node
                heappush(waiting, (there, end))
    return entry, before, order


WEIGHTS = {
    "none_alike": lambda rng, n: rng.uniform(1e-3, 1.0, n),
    "many_alike": lambda rng, n: rng.integers(1, 4, n) / 10.0,
    "all_alike": lambda _, n: np.full(n, 0.1),
    "some_of_nothing": lambda rng, n: rng.integers(0, 3, n).astype(float),
    "all_of_nothing": lambda _, n: np.zeros(n),
    "of_all_sizes": lambda rng, n: 10.0 ** rng.uniform(-9, 6, n),
    "a_long_one": lambda rng, n: np.where(np.arange(n) == n // 2, 1e9, rng.uniform(0.01, 0.02, n)),
}


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
def test_trees_are_those_of_the_plainest_search(weights):
    rng = np.random.default_rng(3)
    for _ in range(150):
        matrix = random_matrix(rng, weights)
        sources = np.arange(matrix.shape[0], dtype=np.int32)
        assert grown(matrix, sources) == [plainly_grown(matrix, source) for source in sources]


def test_trees_of_a_grid_with_many_nodes_as_near_are_those_of_the_plainest_search():
    side = 40
    node = np.arange(side * side).reshape(side, side)
    forth = np.concatenate(
        [[node[:, :-1].ravel(), node[:, 1:].ravel()], [node[:-1].ravel(), node[1:].ravel()]], axis=1
    )
    start, end = np.unique(np.concatenate([forth, forth[::-1]], axis=1), axis=1)
    matrix = matrix_of(side * side, start, end, np.full(len(start), 0.25))
    sources = np.array([0, 777, 1599], np.int32)
    assert grown(matrix, sources) == [plainly_grown(matrix, int(source)) for source in sources]
