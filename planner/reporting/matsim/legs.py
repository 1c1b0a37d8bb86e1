"""The legs of planned trips as chains of links: the very ways that the stop planner measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InvariantError
from planner.network.distances import quickest_paths
from planner.routing.site_legs import SiteLegs, site_legs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.network.distances import TruckNetwork
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.reporting.matsim.network import MatsimNetwork

_TOLERANCE_KM = 0.001
NO_SITE = -1


@dataclass(frozen=True, slots=True)
class TripEnds:
    """Served trips: their ends, and the sites they stop at in between.

    Parameters
    ----------
    origin_idx, destination_idx : (n_trips,) int64
        Nodes of the road graph.
    network_idx : (n_trips,) int64
        Network that each truck drives on, among those given beside.
    stop_offset : (n_trips + 1,) int64
        Stops of trip ``i`` are ``stop_offset[i]:stop_offset[i + 1]``.
    stop_site_idx : (n_stops,) int64
        Site of each stop.
    """

    origin_idx: NDArray[np.int64]
    destination_idx: NDArray[np.int64]
    network_idx: NDArray[np.int64]
    stop_offset: NDArray[np.int64]
    stop_site_idx: NDArray[np.int64]

    @property
    def leg_offset(self) -> NDArray[np.int64]:
        """Where the legs of each trip begin: a trip has one leg more than stops."""
        return self.stop_offset + np.arange(len(self.stop_offset))

    def leg_sites(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Site where each leg begins and ends; ``NO_SITE`` at the ends of trips."""
        n_legs = int(self.leg_offset[-1])
        before = np.full(n_legs, NO_SITE, dtype=np.int64)
        after = np.full(n_legs, NO_SITE, dtype=np.int64)
        n_stops = np.diff(self.stop_offset)
        leg_of_stop = np.arange(len(self.stop_site_idx)) + np.repeat(
            np.arange(len(n_stops)), n_stops
        )
        after[leg_of_stop] = self.stop_site_idx
        before[leg_of_stop + 1] = self.stop_site_idx
        return before, after


@dataclass(frozen=True, slots=True)
class RoadLegs:
    """Different legs, each once, and which of them the trips drive.

    Parameters
    ----------
    links : list of (n,) int64
        Links of each different leg in the order of driving, without those that points lie on.
    drive_h, length_km : (n_different,) float64
        Driving time and length as planned.
    of_trip_leg : (n_trip_legs,) int64
        The different leg of each leg of each trip.
    """

    links: list[NDArray[np.int64]]
    drive_h: NDArray[np.float64]
    length_km: NDArray[np.float64]
    of_trip_leg: NDArray[np.int64]


def road_legs(
    graph: RoadGraph,
    sites: Sites,
    network: MatsimNetwork,
    trips: TripEnds,
    roads: Sequence[TruckNetwork],
) -> RoadLegs:
    """Find the links of all legs.

    Parameters
    ----------
    network : MatsimNetwork
        The graph and sites as links.
    roads : sequence of TruckNetwork
        What ``trips.network_idx`` counts.

    Raises
    ------
    InvariantError
        If a leg does not come out as long as the stop planner measured it.
    """
    before, after = trips.leg_sites()
    trip_of_leg = np.repeat(np.arange(len(trips.origin_idx)), np.diff(trips.leg_offset))
    start = np.where(before == NO_SITE, trips.origin_idx[trip_of_leg], NO_SITE)
    end = np.where(after == NO_SITE, trips.destination_idx[trip_of_leg], NO_SITE)
    keys = np.column_stack([start, before, after, end])
    of_trip_leg = np.empty(len(keys), dtype=np.int64)
    links: list[NDArray[np.int64]] = []
    drive_h: list[NDArray[np.float64]] = []
    length_km: list[NDArray[np.float64]] = []
    leg_network_idx = trips.network_idx[trip_of_leg]
    for number, of_trucks in enumerate(roads):
        chosen = np.flatnonzero(leg_network_idx == number)
        different, index = np.unique(keys[chosen], axis=0, return_inverse=True)
        of_trip_leg[chosen] = len(links) + index.ravel()
        legs = _Legs.between(graph, sites, of_trucks, different)
        links += legs.links(graph, sites, network)
        drive_h.append(legs.drive_h)
        length_km.append(legs.length_km)
    return RoadLegs(links, np.concatenate(drive_h), np.concatenate(length_km), of_trip_leg)


@dataclass(frozen=True, slots=True)
class _Legs:
    """Different legs of trucks on one network; attachments are -1 at the ends of trips."""

    from_node: NDArray[np.int32]
    left_by: NDArray[np.int64]
    reached_by: NDArray[np.int64]
    to_node: NDArray[np.int32]
    drive_h: NDArray[np.float64]
    length_km: NDArray[np.float64]
    ways: SiteLegs

    @classmethod
    def between(
        cls, graph: RoadGraph, sites: Sites, network: TruckNetwork, keys: NDArray[np.int64]
    ) -> _Legs:
        """Legs between places: start node, site left, site reached, end node; -1 where none."""
        start, before, after, end = keys.T
        ways = site_legs(
            graph,
            sites,
            network,
            start[start >= 0].astype(np.int32),
            end[end >= 0].astype(np.int32),
        )
        row = np.searchsorted(ways.origin_node_idx, start).clip(max=len(ways.origin_node_idx) - 1)
        column = np.searchsorted(ways.destination_node_idx, end).clip(
            max=len(ways.destination_node_idx) - 1
        )
        cases = [
            (before < 0) & (after < 0),
            (before < 0) & (after >= 0),
            (before >= 0) & (after < 0),
        ]
        nothing = np.full(len(keys), -1)
        left_by = np.select(
            cases,
            [nothing, nothing, ways.to_destination_attachment[column, before]],
            ways.between_leaving[before, after],
        )
        reached_by = np.select(
            cases,
            [nothing, ways.from_origin_attachment[row, after], nothing],
            ways.between_reaching[before, after],
        )
        arc = sites.attachment_arc_idx
        return cls(
            from_node=np.where(left_by >= 0, graph.arc_to_idx[arc[left_by]], start),
            left_by=left_by,
            reached_by=reached_by,
            to_node=np.where(reached_by >= 0, graph.arc_from_idx[arc[reached_by]], end),
            drive_h=np.select(
                cases,
                [
                    ways.direct_h[row, column],
                    ways.from_origin_h[row, after],
                    ways.to_destination_h[column, before],
                ],
                ways.between_h[before, after],
            ),
            length_km=np.select(
                cases,
                [
                    ways.direct_km[row, column],
                    ways.from_origin_km[row, after],
                    ways.to_destination_km[column, before],
                ],
                ways.between_km[before, after],
            ),
            ways=ways,
        )

    def links(
        self, graph: RoadGraph, sites: Sites, network: MatsimNetwork
    ) -> list[NDArray[np.int64]]:
        """Links of each leg, held against the planned lengths."""
        arc, offset_km = sites.attachment_arc_idx, sites.attachment_offset_km
        left, reached = self.left_by, self.reached_by
        is_ahead = (
            (left >= 0)
            & (reached >= 0)
            & (arc[left] == arc[reached])
            & (offset_km[reached] >= offset_km[left])
        )
        paths = quickest_paths(self.ways.network, self.from_node, self.to_node)
        found_km = np.array([graph.arc_length_km[path].sum() for path in paths])
        found_km += np.where(left >= 0, _off_road(sites)[left] + _rest(graph, sites)[left], 0.0)
        found_km += np.where(reached >= 0, _off_road(sites)[reached] + offset_km[reached], 0.0)
        ahead_km = (
            _off_road(sites)[left] + _off_road(sites)[reached] + offset_km[reached]
        ) - offset_km[left]
        found_km = np.where(is_ahead, ahead_km, found_km)
        wrong = ~np.isclose(found_km, self.length_km, rtol=0.0, atol=_TOLERANCE_KM)
        if wrong.any():
            leg = int(np.flatnonzero(wrong)[0])
            msg = (
                f"{wrong.sum()} legs are not as long as planned: the first from node "
                f"{graph.node_id[self.from_node[leg]]} to {graph.node_id[self.to_node[leg]]}, "
                f"{found_km[leg]:.3f} km instead of {self.length_km[leg]:.3f} km"
            )
            raise InvariantError(msg)
        return [
            _chain(network, arc, int(left[leg]), int(reached[leg]), path, ahead=bool(is_ahead[leg]))
            for leg, path in enumerate(paths)
        ]


def _off_road(sites: Sites) -> NDArray[np.float64]:
    """Way between carriageway and plugs of each attachment, km."""
    return sites.off_road_km[sites.attachment_site_idx]


def _rest(graph: RoadGraph, sites: Sites) -> NDArray[np.float64]:
    """Rest of the arc behind each attachment, km."""
    return graph.arc_length_km[sites.attachment_arc_idx] - sites.attachment_offset_km


def _chain(
    network: MatsimNetwork,
    arc: NDArray[np.int32],
    left: int,
    reached: int,
    path: NDArray[np.int32],
    *,
    ahead: bool,
) -> NDArray[np.int64]:
    """Links from one place to another."""
    before, first_part = network.parts_before, network.first_part
    pieces: list[NDArray[np.int64]] = []
    if left >= 0:
        pieces.append(network.out_link[left : left + 1])
    if ahead:
        start = first_part[arc[left]]
        pieces.append(np.arange(start + before[left], start + before[reached]))
    else:
        if left >= 0:
            start = first_part[arc[left]]
            pieces.append(np.arange(start + before[left], first_part[arc[left] + 1]))
        pieces.append(network.arc_links(path))
        if reached >= 0:
            start = first_part[arc[reached]]
            pieces.append(np.arange(start, start + before[reached]))
    if reached >= 0:
        pieces.append(network.in_link[reached : reached + 1])
    return np.concatenate(pieces)
