"""Which way trips between many places take, and what of it lies in some countries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from planner.demand.od_distances import TRUCK_LIMIT_KMH
from planner.network.european_roads import FERRY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Ways:
    """Quickest ways between places, row by origin, column by destination.

    Parameters
    ----------
    total_km : (n_places, n_places) float64
        Driven, without ferries, km; infinite where there is no way.
    inside_km : (n_places, n_places) float64
        From the first to the last arc inside, km; 0 where the way passes by.
    before_km, after_km : (n_places, n_places) float64
        Before the first, and after the last, km.
    entry_idx, exit_idx : (n_places, n_places) int32
        Nodes where it begins and ends to be inside, -1 where it passes by.
    """

    total_km: NDArray[np.float64]
    inside_km: NDArray[np.float64]
    before_km: NDArray[np.float64]
    after_km: NDArray[np.float64]
    entry_idx: NDArray[np.int32]
    exit_idx: NDArray[np.int32]


def ways_between(graph: RoadGraph, places: NDArray[np.int32], is_inside: NDArray[np.bool_]) -> Ways:
    """Quickest ways between all places.

    Parameters
    ----------
    places : (n_places,) int32
        Nodes of the graph.
    is_inside : (n_arcs,) bool
        Which arcs lie in the countries.

    Notes
    -----
    Every way is walked back from its end, all of them a step at a time. A way that leaves the
    countries and comes back counts as inside between.
    """
    arc_of, reached = _last_arcs(graph, places)
    driven_km = np.where(graph.arc_road == FERRY, 0.0, graph.arc_length_km)
    n_places = len(places)
    row = np.repeat(np.arange(n_places), n_places)
    here = np.tile(places, n_places)
    shape = (n_places, n_places)
    after, inside, since = (np.zeros(n_places**2) for _ in range(3))
    entry, leaves = (np.full(n_places**2, NOWHERE, dtype=np.int32) for _ in range(2))
    walking = np.flatnonzero((here != places[row]) & reached[row, here])
    while walking.size:
        arc = arc_of[row[walking], here[walking]]
        begins_at = graph.arc_from_idx[arc]
        in_countries, km = is_inside[arc], driven_km[arc]
        enters = in_countries & (leaves[walking] == NOWHERE)
        leaves[walking[enters]] = here[walking[enters]]
        since[walking] += km
        into = walking[in_countries]
        inside[into] += since[into]
        since[into] = 0.0
        entry[into] = begins_at[in_countries]
        not_yet = walking[leaves[walking] == NOWHERE]
        after[not_yet], since[not_yet] = after[not_yet] + since[not_yet], 0.0
        here[walking] = begins_at
        walking = walking[begins_at != places[row[walking]]]
    total = np.where(reached[row, np.tile(places, n_places)], after + inside + since, np.inf)
    return Ways(
        total.reshape(shape),
        inside.reshape(shape),
        since.reshape(shape),
        after.reshape(shape),
        entry.reshape(shape),
        leaves.reshape(shape),
    )


def _last_arcs(
    graph: RoadGraph, places: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Arc by which the way from each place comes to each node, and whether there is a way."""
    time_h = graph.arc_length_km / np.minimum(graph.arc_free_speed_kmh, TRUCK_LIMIT_KMH)
    # Of two roads between the same nodes the quicker one counts.
    key = graph.arc_from_idx.astype(np.int64) * graph.n_nodes + graph.arc_to_idx
    by_time = np.lexsort((time_h, key))
    keys, first = np.unique(key[by_time], return_index=True)
    arcs = by_time[first]
    ends = (graph.arc_from_idx[arcs], graph.arc_to_idx[arcs])
    weights = coo_array((time_h[arcs], ends), shape=(graph.n_nodes, graph.n_nodes)).tocsr()
    hours, before = dijkstra(weights, indices=places, return_predecessors=True)
    to_node = before.astype(np.int64) * graph.n_nodes + np.arange(graph.n_nodes)
    position = np.minimum(np.searchsorted(keys, to_node), len(keys) - 1)
    return arcs[position], np.isfinite(hours)
