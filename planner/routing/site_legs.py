"""Legs between trip ends and charging sites, for trucks of one speed.

A site is reached from the carriageways it is attached to: arc start, offset on the arc, way off
the carriageway. It is left by the way back onto a carriageway and the rest of the arc. A site that
serves both directions is one place: it may be left on either carriageway, whichever it was reached
from, so a truck can turn there; a one-way site has one carriageway for both. Between two places
the quickest combination of attachments counts, and its length is the length of that way. The way
off the carriageway is driven at the truck's own speed, once in and once out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import (
    TravelMatrix,
    TruckNetwork,
    shortest_travel_matrix,
    travel_along,
)
from planner.network.path_trees import PathTrees
from planner.routing.site_legs_kernel import quickest_attachments, quickest_between_sites

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites


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
        Those of :func:`trees_of_legs`, where they serve other ends too; of quickest ways alone.
    """
    ways = _attachments(graph, sites, network)
    ends = np.concatenate([destination_node_idx, ways.start_node_idx])
    if shortest:
        starts = _starts(graph, sites, origin_node_idx)
        matrix = shortest_travel_matrix(graph, network, starts, ends)
    else:
        trees = trees or trees_of_legs(graph, sites, network, origin_node_idx)
        matrix = travel_along(trees, ends)
    origins = np.unique(origin_node_idx).astype(np.int32)
    destinations = np.unique(destination_node_idx).astype(np.int32)
    rows, columns = matrix.row(origins), matrix.column(destinations)
    direct = np.ix_(rows, columns)
    inbound = np.ix_(rows, matrix.column(ways.start_node_idx))
    from_origin = _attached(
        matrix.time_h[inbound],
        matrix.length_km[inbound],
        ways.reach_h,
        ways.reach_km,
        sites,
        shortest=shortest,
    )
    outbound = np.ix_(matrix.row(ways.end_node_idx), columns)
    to_destination = _attached(
        np.ascontiguousarray(matrix.time_h[outbound].T),
        np.ascontiguousarray(matrix.length_km[outbound].T),
        ways.leave_h,
        ways.leave_km,
        sites,
        shortest=shortest,
    )
    between = (_shortest_between if shortest else _between_sites)(sites, ways, matrix)
    return SiteLegs(
        network=network,
        origin_node_idx=origins,
        destination_node_idx=destinations,
        direct_h=matrix.time_h[direct],
        direct_km=matrix.length_km[direct],
        from_origin_h=from_origin[0],
        from_origin_km=from_origin[1],
        from_origin_attachment=from_origin[2],
        to_destination_h=to_destination[0],
        to_destination_km=to_destination[1],
        to_destination_attachment=to_destination[2],
        between_h=between[0],
        between_km=between[1],
        between_leaving=between[2],
        between_reaching=between[3],
        is_closed=np.zeros(sites.n_sites, np.bool_),
    )


def trees_of_legs(
    graph: RoadGraph, sites: Sites, network: TruckNetwork, origin_node_idx: NDArray[np.int32]
) -> PathTrees:
    """Trees of quickest ways from all that legs begin at: origins, and ends of arcs with sites."""
    return PathTrees(network, _starts(graph, sites, origin_node_idx))


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


def _attached(
    time_h: NDArray[np.float64],
    length_km: NDArray[np.float64],
    attachment_h: NDArray[np.float64],
    attachment_km: NDArray[np.float64],
    sites: Sites,
    *,
    shortest: bool,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]]:
    """Hours, kilometres and attachment of the quickest or shortest legs of nodes and sites."""
    hours, km = (time_h, attachment_h), (length_km, attachment_km)
    (least, least_of), (other, other_of) = (km, hours) if shortest else (hours, km)
    first, second, attachment = quickest_attachments(
        least, other, least_of, other_of, sites.attachment_site_idx, sites.n_sites
    )
    return (second, first, attachment) if shortest else (first, second, attachment)


def _shortest_between(
    sites: Sites, ways: _Attachments, matrix: TravelMatrix
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
    """Shortest legs from every site to every other one, and the attachments they use."""
    at_1_km_h = replace(  # where hours are kilometres, the quickest leg is the shortest
        ways,
        speed_kmh=np.ones_like(ways.speed_kmh),
        off_road_h=ways.off_road_km,
        reach_h=ways.reach_km,
        leave_h=ways.leave_km,
    )
    lengths = TravelMatrix(
        matrix.source_node_idx, matrix.target_node_idx, matrix.length_km, matrix.length_km
    )
    between_km, _, leaving, reaching = _between_sites(sites, at_1_km_h, lengths)
    arc, offset_km = sites.attachment_arc_idx, sites.attachment_offset_km
    row, column = matrix.row(ways.end_node_idx), matrix.column(ways.start_node_idx)
    between_h = np.full_like(between_km, np.inf)
    is_leg = leaving >= 0
    a, b = leaving[is_leg], reaching[is_leg]
    is_ahead = (arc[a] == arc[b]) & (offset_km[b] >= offset_km[a])
    between_h[is_leg] = np.where(
        is_ahead,
        (offset_km[b] - offset_km[a]) / ways.speed_kmh[a] + ways.off_road_h[a] + ways.off_road_h[b],
        ways.leave_h[a] + matrix.time_h[row[a], column[b]] + ways.reach_h[b],
    )
    return between_h, between_km, leaving, reaching


def _between_sites(
    sites: Sites, ways: _Attachments, matrix: TravelMatrix
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
    """Quickest legs from every site to every other one and the attachments they use."""
    legs: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]] = (
        quickest_between_sites(
            matrix.time_h,
            matrix.length_km,
            matrix.row(ways.end_node_idx),
            matrix.column(ways.start_node_idx),
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
            sites.n_sites,
        )
    )
    return legs
