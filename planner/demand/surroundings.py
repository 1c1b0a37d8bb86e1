"""What lies around a road graph: its ground, its border crossings, and ends of trips beyond them.

An end on the graph's ground goes to the nearest node. An end beyond goes through the crossing that
makes the whole trip shortest: straight line abroad times a factor, plus the way on the graph; or,
where the scenario says so, through the one that is nearest to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from planner.demand.od_distances import distance_matrix_km
from planner.demand.regions import EARTH_RADIUS_KM, great_circle_km
from planner.errors import InputDataError
from planner.files.coordinates import on_sphere
from planner.network.named_nodes import CUT_OFF, CUT_OFF_PARTS, find_nodes, km_to_dropped_parts
from planner.said import said, set_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.scenario.demand_sources import Border

HULL_RATIO = 0.3
"""Concavity of the ground, 0 tightest to 1 convex: 0.3 follows Germany's outline."""
MARGIN_KM = 25.0
"""An end this near to the ground still lies on it: networks end before the border does."""
CROSSING_MARGIN_KM = 25.0
"""Dead ends this near to the outline are where roads were cut off at the border."""
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class TripEnds:
    """Ends of trips, some of them already nodes of the graph.

    Parameters
    ----------
    lon, lat : (n,) float64
        Degrees.
    node_idx : (n,) int32
        Node where one is known, :data:`~planner.network.named_nodes.CUT_OFF` where it lies on a
        part of the network that was dropped, else -1.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node_idx: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Passages:
    """Where trips drive on the graph.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n,) int32
        Nodes where they enter and leave, -1 where a trip from abroad to abroad passes by.
    abroad_before_km, abroad_after_km : (n,) float64
        Distance driven before and after, km; not bounded.
    """

    origin_node_idx: NDArray[np.int32]
    destination_node_idx: NDArray[np.int32]
    abroad_before_km: NDArray[np.float64]
    abroad_after_km: NDArray[np.float64]


class Surroundings:
    """The ground of a road graph and the way to it from beyond.

    Parameters
    ----------
    graph : RoadGraph
        Roads, every node reachable from every other.
    border : Border
        Crossings and the factor on straight lines abroad.

    Raises
    ------
    InputDataError
        If a border node is not a node of the graph.

    Notes
    -----
    The ground is the concave hull of the nodes (ratio :data:`HULL_RATIO`) with a margin. Crossings
    are the dead ends near its outline, as networks cut out of larger ones have them; all nodes
    there where the network has no dead ends.
    """

    def __init__(self, graph: RoadGraph, border: Border) -> None:
        self.graph = graph
        self._border = border
        self._middle_lat = float(np.median(graph.lat))
        nodes = self._flat_km(graph.lon, graph.lat)
        hull = shapely.concave_hull(shapely.multipoints(nodes), ratio=HULL_RATIO)
        self._ground = shapely.buffer(hull, MARGIN_KM)
        # Asked for every end of a million trips.
        shapely.prepare(self._ground)
        self._tree = cKDTree(on_sphere(graph.lon, graph.lat))
        if border.nodes:
            self.crossing_idx = _known_nodes(graph, border.nodes)
        else:
            near_outline = shapely.distance(nodes, shapely.boundary(hull)) <= CROSSING_MARGIN_KM
            dead_end = near_outline & (_n_neighbours(graph) == 1)
            # A network without dead ends has its crossings anywhere along the outline.
            chosen = dead_end if dead_end.any() else near_outline
            self.crossing_idx = np.flatnonzero(chosen).astype(np.int32)
        everywhere = np.arange(graph.n_nodes, dtype=np.int32)
        # Ways to a crossing are ways from it against the arcs: one search per crossing in all.
        turned = replace(graph, arc_from_idx=graph.arc_to_idx, arc_to_idx=graph.arc_from_idx)
        self._from_crossing_km = distance_matrix_km(graph, self.crossing_idx, everywhere)
        self._to_crossing_km = distance_matrix_km(turned, self.crossing_idx, everywhere)

    def is_cut_off(self, ends: TripEnds) -> NDArray[np.bool_]:
        """Whether ends lie on parts of the network that were dropped, (n,).

        Of ends without a node, those beyond the ground and within :data:`MARGIN_KM` of a node of
        such a part.
        """
        near = km_to_dropped_parts(self.graph, ends.lon, ends.lat) <= MARGIN_KM
        return np.asarray((ends.node_idx == CUT_OFF) | (near & self.is_abroad(ends)))

    def is_abroad(self, ends: TripEnds) -> NDArray[np.bool_]:
        """Whether ends lie beyond the ground; known nodes never do, (n,)."""
        beyond = ~shapely.contains(self._ground, self._flat_km(ends.lon, ends.lat))
        abroad: NDArray[np.bool_] = beyond & (ends.node_idx < 0)
        return abroad

    def passages(
        self,
        origins: TripEnds,
        destinations: TripEnds,
        from_abroad: NDArray[np.bool_],
        to_abroad: NDArray[np.bool_],
    ) -> Passages:
        """Put trips on the graph.

        Parameters
        ----------
        origins, destinations : TripEnds
            Ends, (n,) each.
        from_abroad, to_abroad : (n,) bool
            Which of them lie beyond the ground, from :meth:`is_abroad`.

        Returns
        -------
        Passages
            A trip from abroad to abroad whose straight line does not touch the ground passes by.
        """
        found = Passages(
            self._nodes(origins),
            self._nodes(destinations),
            np.zeros(len(from_abroad)),
            np.zeros(len(from_abroad)),
        )
        for chosen in _chunks(from_abroad & ~to_abroad):
            nodes = found.destination_node_idx[chosen]
            abroad_km = self._abroad_km(origins, chosen)
            best = self._best(abroad_km, self._from_crossing_km[:, nodes].T, nodes)
            found.origin_node_idx[chosen] = self.crossing_idx[best]
            found.abroad_before_km[chosen] = _picked(abroad_km, best)
        for chosen in _chunks(~from_abroad & to_abroad):
            nodes = found.origin_node_idx[chosen]
            abroad_km = self._abroad_km(destinations, chosen)
            best = self._best(abroad_km, self._to_crossing_km[:, nodes].T, nodes)
            found.destination_node_idx[chosen] = self.crossing_idx[best]
            found.abroad_after_km[chosen] = _picked(abroad_km, best)
        for chosen in _chunks(from_abroad & to_abroad):
            self._transit(origins, destinations, chosen, found)
        return found

    def _best(
        self,
        abroad_km: NDArray[np.float64],
        inside_km: NDArray[np.float64],
        nodes: NDArray[np.int32],
    ) -> NDArray[np.int64]:
        """Crossing of each trip, by its ways to and from every one, (n_chosen, n_crossings) km.

        The nearest one is never the node where the trip's other end lies: it would have no way.
        """
        if self._border.crossing == "least_distance":
            return np.asarray((abroad_km + inside_km).argmin(axis=1))
        meets = nodes[:, None] == self.crossing_idx
        return np.asarray(np.where(meets, np.inf, abroad_km).argmin(axis=1))

    def _transit(
        self, origins: TripEnds, destinations: TripEnds, chosen: NDArray[np.int64], found: Passages
    ) -> None:
        """Passages of trips from abroad to abroad, written into ``found``."""
        before_km = self._abroad_km(origins, chosen)
        after_km = self._abroad_km(destinations, chosen)
        if self._border.crossing == "nearest":
            entry = before_km.argmin(axis=1)
            last = self._best(after_km, after_km, self.crossing_idx[entry])
        else:
            entry, last = self._shortest_transit(before_km, after_km)
        lines = shapely.linestrings(
            np.stack(
                [
                    self._plane_km(ends.lon[chosen], ends.lat[chosen])
                    for ends in (origins, destinations)
                ],
                axis=1,
            )
        )
        enters = shapely.intersects(self._ground, lines)
        found.origin_node_idx[chosen] = np.where(enters, self.crossing_idx[entry], -1)
        found.destination_node_idx[chosen] = np.where(enters, self.crossing_idx[last], -1)
        found.abroad_before_km[chosen] = _picked(before_km, entry)
        found.abroad_after_km[chosen] = _picked(after_km, last)

    def _shortest_transit(
        self, before_km: NDArray[np.float64], after_km: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and last crossing of trips, different ones, with the least distance in all."""
        between_km = self._from_crossing_km[:, self.crossing_idx].copy()
        # Who leaves by the crossing it came in by does not drive on the graph.
        np.fill_diagonal(between_km, np.inf)
        # The way to each last crossing over the best first one, then the best last one.
        reached_km = np.full_like(after_km, np.inf)
        first = np.zeros(after_km.shape, dtype=np.int64)
        for crossing in range(len(self.crossing_idx)):
            way_km = before_km[:, crossing, None] + between_km[crossing]
            shorter = way_km < reached_km
            reached_km[shorter] = way_km[shorter]
            first[shorter] = crossing
        last = (reached_km + after_km).argmin(axis=1)
        return first[np.arange(len(last)), last], last

    def _abroad_km(self, ends: TripEnds, chosen: NDArray[np.int64]) -> NDArray[np.float64]:
        """Distance abroad between ends and every crossing, (n_chosen, n_crossings)."""
        crossing = self.crossing_idx
        straight_km = great_circle_km(
            ends.lon[chosen], ends.lat[chosen], self.graph.lon[crossing], self.graph.lat[crossing]
        )
        return self._border.abroad_factor * straight_km

    def _nodes(self, ends: TripEnds) -> NDArray[np.int32]:
        """Known or nearest node, (n,)."""
        _, nearest = self._tree.query(on_sphere(ends.lon, ends.lat))
        return np.where(ends.node_idx >= 0, ends.node_idx, nearest).astype(np.int32)

    def _plane_km(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions on a plane that is true to scale in the middle of the graph, (n, 2), km."""
        shrink = np.cos(np.radians(self._middle_lat))
        plane_km: NDArray[np.float64] = np.radians(np.column_stack([lon * shrink, lat]))
        return plane_km * EARTH_RADIUS_KM

    def _flat_km(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
        points: NDArray[np.object_] = shapely.points(self._plane_km(lon, lat))
        return points


def _known_nodes(graph: RoadGraph, names: tuple[str, ...]) -> NDArray[np.int32]:
    nodes = find_nodes(graph, names)
    unknown = np.flatnonzero(nodes.node_idx < 0)
    if unknown.size:
        is_cut_off = (nodes.node_idx == CUT_OFF).any()
        cut_off = said("nodes on {parts}", parts=CUT_OFF_PARTS) if is_cut_off else ""
        cause = nodes.hint or cut_off
        msg = said(
            "demand.border.nodes: expected node ids of the road graph (such as {node_id}), "
            "found {listed}{cause}",
            node_id=repr(graph.node_id[0]),
            listed=", ".join(repr(names[idx]) for idx in unknown[:5]),
            cause=set_off(cause, "; "),
        )
        raise InputDataError(msg)
    return np.unique(nodes.node_idx).astype(np.int32)


def _n_neighbours(graph: RoadGraph) -> NDArray[np.int64]:
    """Number of other nodes that arcs join a node to, (n_nodes,)."""
    ends = np.column_stack([graph.arc_from_idx, graph.arc_to_idx])
    pairs = np.unique(np.sort(ends, axis=1), axis=0)
    return np.bincount(pairs.ravel(), minlength=graph.n_nodes)


def _picked(values: NDArray[np.float64], column: NDArray[np.int64]) -> NDArray[np.float64]:
    return values[np.arange(len(values)), column]


def _chunks(mask: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Indices of a mask, some thousand at a time."""
    chosen = np.flatnonzero(mask)
    return [chosen[start : start + _CHUNK] for start in range(0, len(chosen), _CHUNK)]
