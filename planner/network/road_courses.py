"""Roads as continuous courses: the arcs of each road, in driving order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from planner.network.snapping import ACCESS_ROAD, normalised_road

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

MIN_STRAIGHT_COS = -0.5
"""Two arcs continue each other at a node if their directions out of it differ by over 120°."""
_NO_MOTORWAY = re.compile(rf"{ACCESS_ROAD.upper()}|B\d|FERRY|FÄHRE|FAEHRE|TRAGHETTO")


@dataclass(frozen=True, slots=True)
class RoadCourse:
    """A stretch of one road without a gap.

    Parameters
    ----------
    road : str
        Reference of the road as the network writes it, empty where unknown.
    arc_idx : (n_course_arcs,) int32
        Arcs in driving order, each beginning where the one before ends.
    start_km : (n_course_arcs,) float64
        Running kilometre at which each arc begins.
    length_km : float
        Length of the course, km.
    """

    road: str
    arc_idx: NDArray[np.int32]
    start_km: NDArray[np.float64]
    length_km: float


def road_courses(graph: RoadGraph) -> list[RoadCourse]:
    """Put the arcs of each road into driving order.

    Both carriageways count as one course where the network has them as a pair of arcs; one-way
    arcs without such a partner make courses of their own. Where a road forks, or where the network
    has no references at all, the arcs that continue each other straightest belong together. Access
    arcs, federal roads (B) and ferries are left out.

    Returns
    -------
    list of RoadCourse
        By road, then by first arc; every eligible arc pair is in one course.
    """
    by_road: dict[str, list[int]] = {}
    reverse = graph.reverse_arc_idx()
    for arc, road in enumerate(graph.arc_road):
        name = normalised_road(road)
        if reverse[arc] < 0 or arc < reverse[arc]:
            by_road.setdefault(name, []).append(arc)
    return [
        _course(graph, reverse, chain)
        for name in sorted(by_road, key=road_order)
        if not _NO_MOTORWAY.match(name)
        for chain in _chains(graph, reverse, by_road[name])
    ]


def road_order(road: str) -> tuple[str, int, str]:
    """Sort key that puts A2 before A10."""
    letters = road.rstrip("0123456789")
    digits = road[len(letters) :]
    return letters, int(digits) if digits else 0, road


def _chains(graph: RoadGraph, reverse: NDArray[np.int32], arcs: Sequence[int]) -> list[list[int]]:
    """Split arcs into chains of arcs that continue each other, in driving order."""
    partner = _partners(graph, reverse, arcs)
    # Chains begin at loose ends; what is left after those are rings.
    loose_ends = [(arc, end) for arc in arcs for end in (0, 1) if (arc, end) not in partner]
    chains = []
    seen: set[int] = set()
    for arc, end in loose_ends + [(arc, 0) for arc in arcs]:
        chain = []
        here: tuple[int, int] | None = (arc, end)
        while here is not None and here[0] not in seen:
            chain.append(here[0])
            seen.add(here[0])
            here = partner.get((here[0], 1 - here[1]))
        if chain and reverse[arc] < 0 and end == 1:
            chain.reverse()
        if chain:
            chains.append(chain)
    return chains


def _partners(
    graph: RoadGraph, reverse: NDArray[np.int32], arcs: Sequence[int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Which end (0 start, 1 end) of which arc continues which: the straightest pairs first."""
    at_node: dict[int, list[tuple[int, int]]] = {}
    for arc in arcs:
        at_node.setdefault(int(graph.arc_from_idx[arc]), []).append((arc, 0))
        at_node.setdefault(int(graph.arc_to_idx[arc]), []).append((arc, 1))
    partner: dict[tuple[int, int], tuple[int, int]] = {}
    for ends in at_node.values():
        heading = [_heading(graph, arc, end) for arc, end in ends]
        pairs = sorted(
            (float(heading[i] @ heading[j]), i, j)
            for i, j in combinations(range(len(ends)), 2)
            if _may_continue(reverse, ends[i], ends[j])
        )
        for cosine, i, j in pairs:
            free = ends[i] not in partner and ends[j] not in partner
            # Two arcs of one road meeting at a node are its course however sharp the bend is.
            if free and (cosine <= MIN_STRAIGHT_COS or len(ends) == 2):
                partner[ends[i]], partner[ends[j]] = ends[j], ends[i]
    return partner


def _may_continue(reverse: NDArray[np.int32], one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether traffic goes over from one arc end to the other, both ways or along one-way arcs."""
    two_way, other_two_way = reverse[one[0]] >= 0, reverse[other[0]] >= 0
    legal = two_way or one[1] != other[1]
    return bool(one[0] != other[0] and two_way == other_two_way and legal)


def _heading(graph: RoadGraph, arc: int, end: int) -> NDArray[np.float64]:
    """Unit vector (east, north) out of one end of an arc along the arc's chord."""
    start, stop = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    north = graph.lat[stop] - graph.lat[start]
    east = (graph.lon[stop] - graph.lon[start]) * np.cos(np.radians(graph.lat[start]))
    vector = np.array([east, north]) if end == 0 else np.array([-east, -north])
    return vector / max(float(np.hypot(east, north)), 1e-12)


def _course(graph: RoadGraph, reverse: NDArray[np.int32], chain: list[int]) -> RoadCourse:
    """Turn two-way arcs of a chain so that they follow one another."""
    arcs = list(chain)
    if len(chain) == 1:
        forward = True
    else:
        ends_of_next = (graph.arc_from_idx[chain[1]], graph.arc_to_idx[chain[1]])
        forward = graph.arc_to_idx[chain[0]] in ends_of_next
    node = graph.arc_from_idx[chain[0]] if forward else graph.arc_to_idx[chain[0]]
    for position, arc in enumerate(chain):
        with_walk = graph.arc_from_idx[arc] == node
        node = graph.arc_to_idx[arc] if with_walk else graph.arc_from_idx[arc]
        if not with_walk and reverse[arc] >= 0:
            arcs[position] = int(reverse[arc])
    arc_idx = np.array(arcs, dtype=np.int32)
    length = graph.arc_length_km[arc_idx]
    return RoadCourse(
        road=str(graph.arc_road[arc_idx[0]]),
        arc_idx=arc_idx,
        start_km=np.concatenate([[0.0], np.cumsum(length)[:-1]]),
        length_km=float(length.sum()),
    )
