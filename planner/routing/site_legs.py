"""Legs between trip ends and charging sites, for trucks of one speed.

A site is reached from the carriageways it is attached to: arc start, offset on the arc, way off
the carriageway. It is left by the way back onto a carriageway and the rest of the arc. A site that
serves both directions is one place: it may be left on either carriageway, whichever it was reached
from, so a truck can turn there; a one-way site has one carriageway for both. Between two places
the quickest combination of attachments counts, and its length is the length of that way. The way
off the carriageway is driven at the truck's own speed, once in and once out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import TruckNetwork, by_length, in_kilometres, travel_in_parts
from planner.network.path_trees import PathTrees
from planner.routing.site_legs_kernel import add_attached, add_between_sites

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.distances import TravelMatrix
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

_FEW_LEGS = 4_000_000
"""About 24 bytes each."""


@dataclass(frozen=True, slots=True)
class SiteLegs:
    """Legs between origins, sites and destinations, the quickest unless the shortest are asked for.

    Times and lengths are inf where there is no way.

    Parameters
    ----------
    network : TruckNetwork
        What the legs were measured on.
    origin_node_idx, destination_node_idx : (n_origins,), (n_destinations,) int32
        Nodes of the rows below, ascending.
    direct_h, direct_km : (n_origins, n_destinations) float64
        Without any site.
    from_origin_h, from_origin_km : (n_origins, n_sites) float64
        From an origin to the charging points of a site.
    from_origin_attachment : (n_origins, n_sites) int32
        Attachment by which the site is reached, -1 where there is no way.
    to_destination_h, to_destination_km : (n_destinations, n_sites) float64
        From the charging points of a site to a destination.
    to_destination_attachment : (n_destinations, n_sites) int32
        Attachment by which the site is left, -1 where there is no way.
    between_h, between_km : (n_sites, n_sites) float64
        From the charging points of one site (row) to those of another (column).
    between_leaving, between_reaching : (n_sites, n_sites) int32
        Attachments by which the one site is left and the other reached.
    is_closed : (n_sites,) bool
        Sites that no truck goes to, whatever the legs.
    """

    network: TruckNetwork
    origin_node_idx: NDArray[np.int32]
    destination_node_idx: NDArray[np.int32]
    direct_h: NDArray[np.float64]
    direct_km: NDArray[np.float64]
    from_origin_h: NDArray[np.float64]
    from_origin_km: NDArray[np.float64]
    from_origin_attachment: NDArray[np.int32]
    to_destination_h: NDArray[np.float64]
    to_destination_km: NDArray[np.float64]
    to_destination_attachment: NDArray[np.int32]
    between_h: NDArray[np.float64]
    between_km: NDArray[np.float64]
    between_leaving: NDArray[np.int32]
    between_reaching: NDArray[np.int32]
    is_closed: NDArray[np.bool_]

    def rows(
        self, origin_node_idx: NDArray[np.int32], destination_node_idx: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of some of the origins and of some of the destinations."""
        return (
            np.searchsorted(self.origin_node_idx, origin_node_idx),
            np.searchsorted(self.destination_node_idx, destination_node_idx),
        )


@dataclass(frozen=True, slots=True)
class _Attachments:
    """Start and end nodes of the attachments' arcs and the ways from them to its points."""

    start_node_idx: NDArray[np.int32]
    end_node_idx: NDArray[np.int32]
    speed_kmh: NDArray[np.float64]
    off_road_km: NDArray[np.float64]
    off_road_h: NDArray[np.float64]
    reach_km: NDArray[np.float64]
    reach_h: NDArray[np.float64]
    leave_km: NDArray[np.float64]
    leave_h: NDArray[np.float64]


def site_legs(
    graph: RoadGraph,
    sites: Sites,
    network: TruckNetwork,
    origin_node_idx: NDArray[np.int32],
    destination_node_idx: NDArray[np.int32],
    *,
    shortest: bool = False,
    trees: PathTrees | None = None,
) -> SiteLegs:
    """Legs between trip ends and sites.

    Parameters
    ----------
    network : TruckNetwork
        The graph at the speed of the trucks.
    origin_node_idx, destination_node_idx : (n_trips,) int32
        Trip ends, in any order and with repetitions.
    shortest : bool
        Legs along the shortest ways instead of the quickest, with the time they take.
    trees : PathTrees, optional
        Those of :func:`trees_of_legs`, or of :func:`shortest_trees_of_legs` for the shortest, where
        they serve others too; from all these origins and perhaps more.
    """
    origins = np.unique(origin_node_idx).astype(np.int32)
    destinations = np.unique(destination_node_idx).astype(np.int32)
    legs = _without_ways(network, origins, destinations, sites.n_sites)
    ways = _attachments(graph, sites, network)
    if shortest:
        trees = trees or shortest_trees_of_legs(graph, sites, origins)
        trees = trees.measured_on(by_length(graph, network))
    elif trees is None:
        trees = trees_of_legs(graph, sites, network, origins)
    # Ways between all nodes that matter would take several times the memory of the legs.
    for matrix in travel_in_parts(trees, np.concatenate([destinations, ways.start_node_idx])):
        some = matrix.swapped() if shortest else matrix
        _add_legs_from(some, legs, ways, sites, shortest=shortest)
    return legs


def are_few_legs(
    sites: Sites, origin_node_idx: NDArray[np.int32], destination_node_idx: NDArray[np.int32]
) -> bool:
    """Whether legs of other trucks can be measured while these are in use.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n_trips,) int32
        Trip ends, in any order and with repetitions.
    """
    n_origins, n_destinations = map(len, map(np.unique, (origin_node_idx, destination_node_idx)))
    return (n_origins + sites.n_sites) * (n_destinations + sites.n_sites) <= _FEW_LEGS


def trees_of_legs(
    graph: RoadGraph, sites: Sites, network: TruckNetwork, origin_node_idx: NDArray[np.int32]
) -> PathTrees:
    """Trees of quickest ways from all that legs begin at: origins, and ends of arcs with sites."""
    return PathTrees(network, _starts(graph, sites, origin_node_idx))


def shortest_trees_of_legs(
    graph: RoadGraph, sites: Sites, origin_node_idx: NDArray[np.int32]
) -> PathTrees:
    """Trees of shortest ways from there, the same for trucks of any speed and draw."""
    return PathTrees(in_kilometres(graph), _starts(graph, sites, origin_node_idx))


def _starts(
    graph: RoadGraph, sites: Sites, origin_node_idx: NDArray[np.int32]
) -> NDArray[np.int32]:
    return np.concatenate([origin_node_idx, graph.arc_to_idx[sites.attachment_arc_idx]])


def _attachments(graph: RoadGraph, sites: Sites, network: TruckNetwork) -> _Attachments:
    """Ways between the ends of the attachments' arcs and the charging points."""
    arc = sites.attachment_arc_idx
    offset_km = sites.attachment_offset_km
    length_km = network.arc_length_km[arc]
    speed_kmh = length_km / network.arc_time_h[arc]
    off_road_km = sites.off_road_km[sites.attachment_site_idx]
    off_road_h = off_road_km / network.speed_kmh
    rest_km = length_km - offset_km
    return _Attachments(
        start_node_idx=graph.arc_from_idx[arc],
        end_node_idx=graph.arc_to_idx[arc],
        speed_kmh=speed_kmh,
        off_road_km=off_road_km,
        off_road_h=off_road_h,
        reach_km=offset_km + off_road_km,
        reach_h=offset_km / speed_kmh + off_road_h,
        leave_km=rest_km + off_road_km,
        leave_h=rest_km / speed_kmh + off_road_h,
    )


def _without_ways(
    network: TruckNetwork,
    origins: NDArray[np.int32],
    destinations: NDArray[np.int32],
    n_sites: int,
) -> SiteLegs:
    """Legs of which no way is known yet."""

    def nowhere(n_rows: int, n_columns: int) -> NDArray[np.float64]:
        return np.full((n_rows, n_columns), np.inf)

    def by_none(n_rows: int) -> NDArray[np.int32]:
        return np.full((n_rows, n_sites), -1, np.int32)

    n_origins, n_destinations = len(origins), len(destinations)
    return SiteLegs(
        network=network,
        origin_node_idx=origins,
        destination_node_idx=destinations,
        direct_h=nowhere(n_origins, n_destinations),
        direct_km=nowhere(n_origins, n_destinations),
        from_origin_h=nowhere(n_origins, n_sites),
        from_origin_km=nowhere(n_origins, n_sites),
        from_origin_attachment=by_none(n_origins),
        to_destination_h=nowhere(n_destinations, n_sites),
        to_destination_km=nowhere(n_destinations, n_sites),
        to_destination_attachment=by_none(n_destinations),
        between_h=nowhere(n_sites, n_sites),
        between_km=nowhere(n_sites, n_sites),
        between_leaving=by_none(n_sites),
        between_reaching=by_none(n_sites),
        is_closed=np.zeros(n_sites, np.bool_),
    )


def _add_legs_from(
    matrix: TravelMatrix, legs: SiteLegs, ways: _Attachments, sites: Sites, *, shortest: bool
) -> None:
    """Enter the legs that begin at the sources of some ways, or leave sites through them."""
    columns = matrix.column(legs.destination_node_idx)
    reach_column = matrix.column(ways.start_node_idx)
    row, origin = _among(matrix.source_node_idx, legs.origin_node_idx)
    if len(row):
        direct, inbound = np.ix_(row, columns), np.ix_(row, reach_column)
        legs.direct_h[origin] = matrix.time_h[direct]
        legs.direct_km[origin] = matrix.length_km[direct]
        # Origins ascend as the sources do, so those of some sources are a slice.
        own = slice(origin[0], origin[-1] + 1)
        add_attached(
            matrix.time_h[inbound],
            matrix.length_km[inbound],
            np.arange(len(reach_column)),
            ways.reach_h,
            ways.reach_km,
            sites.attachment_site_idx,
            shortest,
            legs.from_origin_h[own],
            legs.from_origin_km[own],
            legs.from_origin_attachment[own],
        )
    leave_row, left_by = _among(matrix.source_node_idx, ways.end_node_idx)
    outbound = np.ix_(leave_row, columns)
    add_attached(
        np.ascontiguousarray(matrix.time_h[outbound].T),
        np.ascontiguousarray(matrix.length_km[outbound].T),
        left_by,
        ways.leave_h,
        ways.leave_km,
        sites.attachment_site_idx,
        shortest,
        legs.to_destination_h,
        legs.to_destination_km,
        legs.to_destination_attachment,
    )
    add_between_sites(
        matrix.time_h,
        matrix.length_km,
        leave_row,
        left_by,
        reach_column,
        ways.leave_h,
        ways.leave_km,
        ways.reach_h,
        ways.reach_km,
        sites.attachment_site_idx,
        sites.attachment_arc_idx,
        sites.attachment_offset_km,
        ways.speed_kmh,
        ways.off_road_h,
        ways.off_road_km,
        shortest,
        legs.between_h,
        legs.between_km,
        legs.between_leaving,
        legs.between_reaching,
    )


def _among(
    source_node_idx: NDArray[np.int32], node_idx: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of some nodes are among the sources: their rows, and where they stand."""
    row = np.searchsorted(source_node_idx, node_idx)
    row[row == len(source_node_idx)] = 0
    is_there = source_node_idx[row] == node_idx
    return row[is_there], np.flatnonzero(is_there)
