"""Trees of quickest paths from some nodes: held where they are few, else grown when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.network.distances_kernel import fill_trees
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.network.distances import TruckNetwork

_TREE_CELLS = 4_000_000
"""Nodes of trees held in memory at a time, 12 bytes each."""


class GrownTrees(NamedTuple):
    """Trees, see :func:`~planner.network.distances_kernel.fill_trees`."""

    entry: NDArray[np.int32]
    before: NDArray[np.int32]
    order: NDArray[np.int32]
    n_reached: NDArray[np.int64]


class PathTrees:
    """Trees of quickest paths from nodes to all others, grown whenever they are asked for.

    Parameters
    ----------
    network : TruckNetwork
        The graph at the speed of the trucks.
    source_node_idx : (n,) int32
        Nodes, in any order and with repetitions; kept ascending and once each.
    """

    def __init__(self, network: TruckNetwork, source_node_idx: NDArray[np.int32]) -> None:
        self.network = network
        self.source_node_idx = np.unique(source_node_idx).astype(np.int32)
        self._held: GrownTrees | None = None

    def hold(self) -> None:
        """Grow all trees now and keep them, where memory is meant for so many."""
        if self._held is None and len(self.source_node_idx) <= self._n_at_a_time():
            self._held = self._grown(slice(0, len(self.source_node_idx)))

    def measured_on(self, network: TruckNetwork) -> PathTrees:
        """The same trees on a network of the same weights, where other lengths are measured."""
        same = PathTrees(network, self.source_node_idx)
        same._held = self._held
        return same

    def of_rows(self, first: int, last: int) -> GrownTrees:
        """Trees of the sources from one to before another, without the help of threads."""
        if self._held is not None:
            entry, before, order, n_reached = self._held
            some = slice(first, last)
            return GrownTrees(entry[some], before[some], order[some], n_reached[some])
        trees = self._empty(last - first)
        self._grow(self.source_node_idx[first:last], trees, 0, last - first)
        return trees

    def some_at_a_time(self) -> Iterator[tuple[slice, GrownTrees]]:
        """Trees of all sources, as many at a time as memory is meant for: which, and the trees."""
        n_sources, size = len(self.source_node_idx), self._n_at_a_time()
        for start in range(0, n_sources, size):
            rows = slice(start, min(start + size, n_sources))
            yield rows, self._grown(rows) if self._held is None else self._held

    def _n_at_a_time(self) -> int:
        n_nodes = int(self.network.time_matrix.shape[0])
        return max(1, _TREE_CELLS // max(1, n_nodes))

    def _grown(self, rows: slice) -> GrownTrees:
        sources = self.source_node_idx[rows]
        trees = self._empty(len(sources))
        in_blocks(lambda first, last: self._grow(sources, trees, first, last), len(sources))
        return trees

    def _empty(self, n_trees: int) -> GrownTrees:
        shape = n_trees, self.network.time_matrix.shape[0]
        entry, before, order = (np.empty(shape, np.int32) for _ in range(3))
        return GrownTrees(entry, before, order, np.empty(n_trees, np.int64))

    def _grow(self, sources: NDArray[np.int32], trees: GrownTrees, first: int, last: int) -> None:
        matrix = self.network.time_matrix
        fill_trees(first, last, matrix.indptr, matrix.indices, matrix.data, sources, *trees)
