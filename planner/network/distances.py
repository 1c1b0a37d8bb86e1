"""Many-to-many travel times and lengths between the few nodes that matter.

Trucks take the quickest path at their own speed; its length is measured along that same path.
Only rows between *terminals* (trip ends and the ends of arcs with charging sites) are kept, never
a matrix over all nodes. Trees of quickest paths that are needed twice (lengths, then flows) are
held where they are few, and else grown again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array

from planner.network.distances_kernel import add_tree_flows, fill_travel, tree_paths
from planner.network.path_trees import PathTrees
from planner.runs.kernel_threads import in_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.route_spread import RouteSpread

MEAN_TIMES = -1
_MEASURED_CELLS = 65_536
"""Nodes of trees that a thread measures at a time, so that they stay in the processor's cache."""
_TRAVEL_CELLS = 4_000_000
"""Pairs of nodes that are measured at a time where no table of all is wanted, 16 bytes each."""
_LEGS_AT_ONCE = 50_000
"""Legs whose paths are."""


@dataclass(frozen=True, slots=True)
class TruckNetwork:
    """A road graph as trucks of one speed drive it, parallel arcs reduced to the quickest.

    Parameters
    ----------
    speed_kmh : float
        Speed of the truck where the road is not slower, km/h.
    arc_time_h, arc_length_km : (n_arcs,) float64
        Driving time and length of every arc of the road graph.
    time_matrix : scipy.sparse.csr_array, (n_nodes, n_nodes)
        Driving time of the quickest arc between neighbours, hours.
    entry_arc_idx : (n_entries,) int32
        Arc of each entry of ``time_matrix``.
    draw : int
        Draw of the driving times that these are, ``MEAN_TIMES`` where they are none.
    """

    speed_kmh: float
    arc_time_h: NDArray[np.float64]
    arc_length_km: NDArray[np.float64]
    time_matrix: csr_array
    entry_arc_idx: NDArray[np.int32]
    draw: int = MEAN_TIMES


@dataclass(frozen=True, slots=True)
class TravelMatrix:
    """Quickest paths from some nodes to others.

    Parameters
    ----------
    source_node_idx, target_node_idx : (n_sources,), (n_targets,) int32
        Nodes of the rows and columns, ascending.
    time_h : (n_sources, n_targets) float64
        Driving time, hours; inf where there is no way.
    length_km : (n_sources, n_targets) float64
        Length along the quickest path, km; inf where there is no way.
    """

    source_node_idx: NDArray[np.int32]
    target_node_idx: NDArray[np.int32]
    time_h: NDArray[np.float64]
    length_km: NDArray[np.float64]

    def row(self, node_idx: NDArray[np.int32]) -> NDArray[np.int64]:
        """Rows of nodes that are among the sources."""
        return np.searchsorted(self.source_node_idx, node_idx)

    def column(self, node_idx: NDArray[np.int32]) -> NDArray[np.int64]:
        """Columns of nodes that are among the targets."""
        return np.searchsorted(self.target_node_idx, node_idx)

    def swapped(self) -> TravelMatrix:
        """Time for length and length for time, as ways of :func:`by_length` need it."""
        return TravelMatrix(self.source_node_idx, self.target_node_idx, self.length_km, self.time_h)


def truck_network(
    graph: RoadGraph,
    speed_kmh: float,
    spread: RouteSpread | None = None,
    draw: int = MEAN_TIMES,
) -> TruckNetwork:
    """Network of a truck speed.

    Parameters
    ----------
    speed_kmh : float
        Speed of the truck where the road is not slower, km/h, > 0.
    spread : RouteSpread, optional
        How differently trucks find the roads; without it as they are in the mean.
    draw : int
        Which of its draws.

    Returns
    -------
    TruckNetwork
        Of parallel arcs the quickest counts, of equally quick ones the first.
    """
    time_h = graph.arc_length_km / np.minimum(graph.arc_free_speed_kmh, speed_kmh)
    if spread is not None:
        time_h = spread.times_h(time_h, graph.arc_road, draw)
    matrix, entry_arc_idx = _least_arcs(graph, time_h)
    return TruckNetwork(
        speed_kmh=speed_kmh,
        arc_time_h=time_h,
        arc_length_km=np.asarray(graph.arc_length_km, dtype=np.float64),
        time_matrix=matrix,
        entry_arc_idx=entry_arc_idx,
        draw=draw,
    )


def _least_arcs(
    graph: RoadGraph, arc_weight: NDArray[np.float64]
) -> tuple[csr_array, NDArray[np.int32]]:
    """Matrix of the least arcs between neighbours, and the arc of each of its entries."""
    # By ends, then weight: the first of each pair of nodes is the least, and the rows are CSR.
    order = np.lexsort((arc_weight, graph.arc_to_idx, graph.arc_from_idx))
    start, end = graph.arc_from_idx[order], graph.arc_to_idx[order]
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    arc = order[is_first]
    indptr = np.zeros(graph.n_nodes + 1, dtype=np.int32)
    np.cumsum(np.bincount(start[is_first], minlength=graph.n_nodes), out=indptr[1:])
    matrix = csr_array(
        (arc_weight[arc], end[is_first].astype(np.int32), indptr),
        shape=(graph.n_nodes, graph.n_nodes),
    )
    return matrix, arc.astype(np.int32)


def in_kilometres(graph: RoadGraph) -> TruckNetwork:
    """Network at 1 km/h, where hours are kilometres and the quickest paths the shortest."""
    length_km = np.asarray(graph.arc_length_km, dtype=np.float64)
    matrix, entry_arc_idx = _least_arcs(graph, length_km)
    return TruckNetwork(1.0, length_km, length_km, matrix, entry_arc_idx)


def by_length(graph: RoadGraph, network: TruckNetwork) -> TruckNetwork:
    """Network in which length is what a search adds up, and time what it measures on the way."""
    matrix, entry_arc_idx = _least_arcs(graph, network.arc_length_km)
    return TruckNetwork(
        speed_kmh=network.speed_kmh,
        arc_time_h=network.arc_length_km,
        arc_length_km=network.arc_time_h,
        time_matrix=matrix,
        entry_arc_idx=entry_arc_idx,
    )


def travel_matrix(
    network: TruckNetwork,
    source_node_idx: NDArray[np.int32],
    target_node_idx: NDArray[np.int32],
) -> TravelMatrix:
    """Quickest paths from every source to every target.

    Parameters
    ----------
    source_node_idx, target_node_idx : (n,) int32
        Nodes, in any order and with repetitions.
    """
    return travel_along(PathTrees(network, source_node_idx), target_node_idx)


def travel_along(trees: PathTrees, target_node_idx: NDArray[np.int32]) -> TravelMatrix:
    """As :func:`travel_matrix`, from all sources of trees."""
    targets = np.unique(target_node_idx).astype(np.int32)
    return _travel_from(trees, slice(0, len(trees.source_node_idx)), targets)


def travel_in_parts(trees: PathTrees, target_node_idx: NDArray[np.int32]) -> Iterator[TravelMatrix]:
    """As :func:`travel_along`, from some sources after others, all where they are few."""
    targets = np.unique(target_node_idx).astype(np.int32)
    n_sources, size = len(trees.source_node_idx), max(1, _TRAVEL_CELLS // max(1, len(targets)))
    for first in range(0, n_sources, size):
        yield _travel_from(trees, slice(first, min(first + size, n_sources)), targets)


def _travel_from(
    trees: PathTrees, sources: slice, target_node_idx: NDArray[np.int32]
) -> TravelMatrix:
    """Quickest paths from some of the sources of trees to targets, which ascend."""
    network, n_sources = trees.network, sources.stop - sources.start
    time_h = np.empty((n_sources, len(target_node_idx)))
    length_km = np.empty((n_sources, len(target_node_idx)))
    step = max(1, _MEASURED_CELLS // max(1, network.time_matrix.shape[0]))

    def fill(first: int, last: int) -> None:
        for start in range(first, last, step):
            rows = slice(start, min(start + step, last))
            fill_travel(
                network.time_matrix.data,
                network.entry_arc_idx,
                network.arc_length_km,
                *trees.of_rows(sources.start + rows.start, sources.start + rows.stop),
                target_node_idx,
                time_h[rows],
                length_km[rows],
            )

    in_blocks(fill, n_sources)
    return TravelMatrix(trees.source_node_idx[sources], target_node_idx, time_h, length_km)


def least_km_from(graph: RoadGraph, node_idx: NDArray[np.int32]) -> NDArray[np.float64]:
    """Length of the shortest ways from nodes to all others, km, (n, n_nodes); inf where none."""
    network = in_kilometres(graph)
    found = travel_matrix(network, node_idx, np.arange(graph.n_nodes, dtype=np.int32))
    return found.time_h[found.row(node_idx)]


def least_km_to(graph: RoadGraph, node_idx: NDArray[np.int32]) -> NDArray[np.float64]:
    """Length of the shortest ways to nodes from all others, km, (n, n_nodes); inf where none."""
    turned = replace(graph, arc_from_idx=graph.arc_to_idx, arc_to_idx=graph.arc_from_idx)
    return least_km_from(turned, node_idx)


def node_flows(
    network: TruckNetwork,
    from_node_idx: NDArray[np.int32],
    to_node_idx: NDArray[np.int32],
    weight: NDArray[np.float64],
    trees: PathTrees | None = None,
) -> NDArray[np.float64]:
    """Trucks on each arc when every one takes its quickest path.

    Parameters
    ----------
    from_node_idx, to_node_idx : (n_legs,) int32
        Ends of each leg; legs without a way add nothing.
    weight : (n_legs,) float64
        Trucks on each leg.
    trees : PathTrees, optional
        Of the same network, from all nodes that legs begin at and perhaps others.

    Returns
    -------
    (n_arcs,) float64
        Trucks on each arc of the road graph.
    """
    flow = np.zeros(len(network.arc_length_km))
    order = np.argsort(from_node_idx, kind="stable")
    # A tree of quickest paths per source serves all legs that begin there.
    trees = PathTrees(network, from_node_idx) if trees is None else trees
    first = np.searchsorted(from_node_idx[order], trees.source_node_idx)
    offset = np.append(first, len(order))
    ends, trucks = to_node_idx[order].astype(np.int32), weight[order]
    for rows, some in trees.some_at_a_time():
        add_tree_flows(
            network.entry_arc_idx,
            *some,
            offset[rows.start : rows.stop + 1],
            ends,
            trucks,
            flow,
        )
    return flow


def quickest_paths(
    network: TruckNetwork, from_node_idx: NDArray[np.int32], to_node_idx: NDArray[np.int32]
) -> list[NDArray[np.int32]]:
    """Arcs of quickest paths.

    Parameters
    ----------
    from_node_idx, to_node_idx : (n_legs,) int32
        Ends of each leg, in any order and with repetitions.

    Returns
    -------
    list of (n,) int32, n_legs long
        Arcs of each leg in the order of driving; none where there is no way or nothing to drive.
    """
    paths = [np.empty(0, dtype=np.int32)] * len(from_node_idx)
    for legs, arcs, offset in _paths_of_legs(network, from_node_idx, to_node_idx):
        for leg, arcs_of_leg in zip(legs, np.split(arcs, offset[1:-1]), strict=True):
            paths[leg] = arcs_of_leg
    return paths


def passing_legs(
    network: TruckNetwork,
    from_node_idx: NDArray[np.int32],
    to_node_idx: NDArray[np.int32],
    column_of_arc: NDArray[np.int32],
    n_columns: int,
) -> csr_array:
    """Which of some stretches the quickest path of each leg passes.

    Parameters
    ----------
    from_node_idx, to_node_idx : (n_legs,) int32
        Ends of each leg.
    column_of_arc : (n_arcs,) int32
        Stretch that each arc belongs to, -1 for none.

    Returns
    -------
    scipy.sparse.csr_array, (n_legs, n_columns)
        How often each leg passes each stretch.
    """
    passing, columns = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for legs, arcs, offset in _paths_of_legs(network, from_node_idx, to_node_idx):
        column = column_of_arc[arcs]
        passing.append(np.repeat(legs, np.diff(offset))[column >= 0])
        columns.append(column[column >= 0])
    ends = np.concatenate(passing), np.concatenate(columns)
    found = coo_array((np.ones(len(ends[0])), ends), (len(from_node_idx), n_columns))
    return found.tocsr()


def _paths_of_legs(
    network: TruckNetwork, from_node_idx: NDArray[np.int32], to_node_idx: NDArray[np.int32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]]:
    """Quickest paths of some legs at a time: which legs, their arcs, where each leg's begin."""
    order = np.argsort(from_node_idx, kind="stable")
    grown = PathTrees(network, from_node_idx)
    tree_of_leg = np.searchsorted(grown.source_node_idx, from_node_idx[order])
    for rows, trees in grown.some_at_a_time():
        # Legs are sorted by source, so those of some trees are a slice.
        first, last = np.searchsorted(tree_of_leg, [rows.start, rows.stop])
        for start in range(first, last, _LEGS_AT_ONCE):
            some = slice(start, min(start + _LEGS_AT_ONCE, last))
            legs = order[some]
            arcs, offset = tree_paths(
                network.entry_arc_idx,
                trees.entry,
                trees.before,
                tree_of_leg[some] - rows.start,
                to_node_idx[legs].astype(np.int32),
            )
            yield legs, arcs, offset


def farthest_reached_node_idx(
    network: TruckNetwork, origin_node_idx: int, destination_node_idx: int, range_km: float
) -> int:
    """Last node on the quickest path that a truck reaches.

    Parameters
    ----------
    range_km : float
        Distance the truck can drive, km.

    Returns
    -------
    int
        Node index; the origin where there is no way or not even the first arc is reached.
    """
    (arcs,) = quickest_paths(
        network,
        np.array([origin_node_idx], dtype=np.int32),
        np.array([destination_node_idx], dtype=np.int32),
    )
    entry = np.empty_like(network.entry_arc_idx, shape=len(network.arc_length_km))
    entry[network.entry_arc_idx] = np.arange(len(network.entry_arc_idx), dtype=np.int32)
    nodes = np.append(origin_node_idx, network.time_matrix.indices[entry[arcs]])
    driven_km = np.append(0.0, np.cumsum(network.arc_length_km[arcs]))
    return int(nodes[max(0, int(np.searchsorted(driven_km, range_km, side="right")) - 1)])
