"""Make a graph routable everywhere, and say what that took away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.said import Said, counted, said

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One kind of thing that a reader found in a file and did not take into the graph.

    Parameters
    ----------
    what : str
        What it is, in the plural: ``"ways closed to trucks"``.
    length_km : float
        Their length, every direction counted, km; NaN where it cannot be known.
    """

    what: str
    count: int
    length_km: float = np.nan

    def sentence(self, template: str = "left out: {what} ({n})") -> Said:
        """Say it for a person."""
        n: int | Said = self.count
        if self.length_km > 0.0:
            n = said("{n}, {km} km", n=self.count, km=round(self.length_km))
        return said(template, what=self.what, n=n)


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """What was kept and what was dropped when a network was read.

    Parameters
    ----------
    n_nodes, n_arcs : int
        Nodes and directed arcs kept.
    length_km : float
        Length of the kept arcs, both directions, km.
    n_loops_dropped : int
        Arcs from a node to itself.
    n_parallel_dropped : int
        Arcs beside a shorter one with the same ends.
    n_nodes_dropped, n_arcs_dropped : int
        Nodes outside the largest strongly connected part, and arcs touching them.
    dropped_km : float
        Length of all dropped arcs, both directions, km.
    n_parts_dropped : int
        Parts of the dropped nodes that no arc links to the kept ones; the other dropped nodes lie
        at dead ends: they can be reached and not left, or left and not reached.
    parts_km : float
        Length of the dropped arcs in those parts, both directions, km.
    left_out : tuple of LeftOut
        What the reader had left out before.
    """

    n_nodes: int
    n_arcs: int
    length_km: float
    n_loops_dropped: int
    n_parallel_dropped: int
    n_nodes_dropped: int
    n_arcs_dropped: int
    dropped_km: float
    n_parts_dropped: int
    n_nodes_in_parts: int
    parts_km: float
    left_out: tuple[LeftOut, ...] = ()

    def sentences(self) -> list[str]:
        """Say for a person what was kept, and what was dropped if anything was."""
        kept = said(
            "{nodes}, {arcs}, {km} km of carriageway",
            nodes=counted(self.n_nodes, "{n} node", "{n} nodes"),
            arcs=counted(self.n_arcs, "{n} arc", "{n} arcs"),
            km=round(self.length_km),
        )
        n_dead_ends = self.n_nodes_dropped - self.n_nodes_in_parts
        dropped = (
            LeftOut("arcs from a node to itself", self.n_loops_dropped, np.nan),
            LeftOut("arcs beside a shorter one", self.n_parallel_dropped, np.nan),
            LeftOut("nodes that cannot be reached or left", n_dead_ends, np.nan),
            LeftOut("separate parts", self.n_parts_dropped, self.parts_km),
            LeftOut("nodes in separate parts", self.n_nodes_in_parts, np.nan),
        )
        lines = [kept, *(item.sentence() for item in self.left_out if item.count)]
        lines += [item.sentence("dropped: {what} ({n})") for item in dropped if item.count]
        if self.dropped_km > 0.0:
            km = round(self.dropped_km)
            lines.append(said("dropped {km} km of carriageway in all", km=km))
        return list(lines)


def clean_graph(
    graph: RoadGraph, left_out: tuple[LeftOut, ...] = ()
) -> tuple[RoadGraph, NetworkReport]:
    """Drop loops, longer parallel arcs and all that lies outside the largest connected part.

    Every kept node can be reached from every other. Of arcs with the same ends the shortest stays,
    the first among equals.

    Parameters
    ----------
    graph : RoadGraph
        Any graph with at least one node.

    Returns
    -------
    RoadGraph
        Kept nodes and arcs, in the order of the input.
    NetworkReport
        What was kept and dropped.
    """
    loop = graph.arc_from_idx == graph.arc_to_idx
    parallel = _longer_parallel(graph) & ~loop
    plain = ~loop & ~parallel
    label = _component_labels(graph, plain, "strong")
    in_core = label == np.bincount(label).argmax()
    core_arc = plain & in_core[graph.arc_from_idx] & in_core[graph.arc_to_idx]
    kept = _subgraph(graph, in_core, core_arc)
    part = _component_labels(graph, plain, "weak")
    apart = part != part[in_core][0]
    kept = kept.with_gone(graph, ~in_core, is_joined=False, is_apart=apart)
    return kept, NetworkReport(
        n_nodes=kept.n_nodes,
        n_arcs=kept.n_arcs,
        length_km=float(kept.arc_length_km.sum()),
        n_loops_dropped=int(loop.sum()),
        n_parallel_dropped=int(parallel.sum()),
        n_nodes_dropped=int((~in_core).sum()),
        n_arcs_dropped=int((plain & ~core_arc).sum()),
        dropped_km=float(graph.arc_length_km[~core_arc].sum()),
        n_parts_dropped=len(np.unique(part[apart])),
        n_nodes_in_parts=int(apart.sum()),
        parts_km=float(graph.arc_length_km[apart[graph.arc_from_idx]].sum()),
        left_out=left_out,
    )


def _longer_parallel(graph: RoadGraph) -> NDArray[np.bool_]:
    order = np.lexsort((graph.arc_length_km, graph.arc_to_idx, graph.arc_from_idx))
    start, end = graph.arc_from_idx[order], graph.arc_to_idx[order]
    longer = np.zeros(graph.n_arcs, dtype=bool)
    longer[order[1:]] = (start[1:] == start[:-1]) & (end[1:] == end[:-1])
    return longer


def _component_labels(
    graph: RoadGraph, usable: NDArray[np.bool_], connection: Literal["strong", "weak"]
) -> NDArray[np.int32]:
    ends = (graph.arc_from_idx[usable], graph.arc_to_idx[usable])
    shape = (graph.n_nodes, graph.n_nodes)
    adjacency = csr_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=shape)
    _, label = connected_components(adjacency, directed=True, connection=connection)
    return np.asarray(label)


def _subgraph(graph: RoadGraph, node: NDArray[np.bool_], arc: NDArray[np.bool_]) -> RoadGraph:
    new_idx = np.cumsum(node, dtype=np.int32) - np.int32(1)
    return replace(
        graph,
        node_id=graph.node_id[node],
        node_name=graph.node_name[node],
        lon=graph.lon[node],
        lat=graph.lat[node],
        arc_from_idx=new_idx[graph.arc_from_idx[arc]],
        arc_to_idx=new_idx[graph.arc_to_idx[arc]],
        arc_length_km=graph.arc_length_km[arc],
        arc_free_speed_kmh=graph.arc_free_speed_kmh[arc],
        arc_road=graph.arc_road[arc],
        arc_geometry=None if graph.arc_geometry is None else graph.arc_geometry[arc],
        arc_lanes=None if graph.arc_lanes is None else graph.arc_lanes[arc],
        arc_tent_class=None if graph.arc_tent_class is None else graph.arc_tent_class[arc],
    )
