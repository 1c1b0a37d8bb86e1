"""How far pools lie apart along the roads of a network, for each direction of travel.

Roads are cut at the pools into pieces. A piece lies on ways from a pool behind it to a pool ahead
of it; the shortest of these decides, since the law asks that there be such a way and not that all
be so. Nobody turns back on a way: at a node it may go on along any arc but the opposite one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

_LIFT_KM = 1.0
"""Added to each way's start and taken off again: a sparse matrix holds no way of length zero."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Arcs of a road network, cut where a site lies.

    Parameters
    ----------
    arc_idx : (n_pieces,) int64
        Arc of each, ascending, its pieces in driving order.
    from_km, to_km : (n_pieces,) float64
        Where it begins and ends, km from the start of its arc.
    start_site, end_site : (n_pieces,) int64
        Attachment at its start and at its end, -1 where a node is.
    before, after : (n_pairs,) int64
        Pairs of pieces of which the second goes on from the first.
    """

    arc_idx: NDArray[np.int64]
    from_km: NDArray[np.float64]
    to_km: NDArray[np.float64]
    start_site: NDArray[np.int64]
    end_site: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    @property
    def length_km(self) -> NDArray[np.float64]:
        """Length of each, (n_pieces,), km."""
        return self.to_km - self.from_km


def cut_at_sites(
    graph: RoadGraph,
    belongs: NDArray[np.bool_],
    site_arc_idx: NDArray[np.int32],
    site_offset_km: NDArray[np.float64],
) -> Pieces:
    """Cut the arcs of a network where sites are attached.

    Parameters
    ----------
    belongs : (n_arcs,) bool
        Arcs of the network that is looked at; the others are no way.
    site_arc_idx : (n_attachments,) int32
        Arc of each attachment.
    site_offset_km : (n_attachments,) float64
        Its distance from the start of the arc, km.
    """
    order = np.lexsort((site_offset_km, site_arc_idx))
    order = order[belongs[site_arc_idx[order]]]
    arcs = np.flatnonzero(belongs)
    n_cuts = np.bincount(site_arc_idx[order], minlength=graph.n_arcs)[arcs]
    last = np.cumsum(n_cuts + 1) - 1
    first = last - n_cuts
    n_pieces = int((n_cuts + 1).sum())
    arc_idx = np.repeat(arcs, n_cuts + 1)
    from_km, to_km = np.zeros(n_pieces), graph.arc_length_km[arc_idx].copy()
    start_site, end_site = np.full(n_pieces, -1), np.full(n_pieces, -1)
    ends_at_site = np.ones(n_pieces, dtype=bool)
    ends_at_site[last] = False
    cut = np.flatnonzero(ends_at_site)
    to_km[cut] = from_km[cut + 1] = site_offset_km[order]
    end_site[cut] = start_site[cut + 1] = order
    pairs = _turns(graph, arcs, first, last)
    return Pieces(
        arc_idx,
        from_km,
        to_km,
        start_site,
        end_site,
        before=np.concatenate([cut, pairs[0]]),
        after=np.concatenate([cut + 1, pairs[1]]),
    )


def _turns(
    graph: RoadGraph,
    arcs: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Last piece of an arc and first piece of one that leaves its end, save the opposite one."""
    reverse = graph.reverse_arc_idx()
    leaving: dict[int, list[int]] = {}
    for position, arc in enumerate(arcs.tolist()):
        leaving.setdefault(int(graph.arc_from_idx[arc]), []).append(position)
    pairs = [
        (last[position], first[onward])
        for position, arc in enumerate(arcs.tolist())
        for onward in leaving.get(int(graph.arc_to_idx[arc]), ())
        if arcs[onward] != reverse[arc]
    ]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def spacing_km(
    pieces: Pieces, is_pool: NDArray[np.bool_], beyond_end_km: float
) -> NDArray[np.float64]:
    """Way from the pool behind each piece to the pool ahead of it.

    Parameters
    ----------
    is_pool : (n_attachments,) bool
        Attachments at which there is a pool.
    beyond_end_km : float
        How far behind an end of the network the next pool is taken to lie, km.

    Returns
    -------
    (n_pieces,) float64
        Shortest way between two pools that the piece lies on, km; infinite where there is none.
    """
    pool = np.append(is_pool, False)  # what stands for a node
    ahead = _to_pool_km(pieces, pieces.before, pieces.after, pool[pieces.end_site], beyond_end_km)
    behind = _to_pool_km(
        pieces, pieces.after, pieces.before, pool[pieces.start_site], beyond_end_km
    )
    return behind + pieces.length_km + ahead


def _to_pool_km(
    pieces: Pieces,
    piece: NDArray[np.int64],
    neighbour: NDArray[np.int64],
    has_pool: NDArray[np.bool_],
    beyond_end_km: float,
) -> NDArray[np.float64]:
    """Way from one end of each piece on, over its neighbours there, to the nearest pool, km."""
    n = len(pieces.arc_idx)
    is_end = np.bincount(piece, minlength=n) == 0
    stops = np.flatnonzero(has_pool | is_end)
    stop_km = np.where(has_pool[stops], 0.0, beyond_end_km)
    # From a source behind all pools and ends backwards, so that one search serves all pieces.
    row = np.concatenate([np.full(len(stops), n), neighbour])
    column = np.concatenate([stops, piece])
    way_km = np.concatenate([stop_km + _LIFT_KM, pieces.length_km[neighbour]])
    # A piece of no length between two sites at one place is a way too.
    way_km = np.maximum(way_km, 1e-9)
    ways = csr_array((way_km, (row, column)), shape=(n + 1, n + 1))
    found = dijkstra(ways, indices=n)
    return np.asarray(found[:n] - _LIFT_KM, dtype=np.float64)
