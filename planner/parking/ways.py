"""Sites that trucks pass where they look for a space, in the order of driving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import quickest_paths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.distances import TruckNetwork
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.parking.stops import ParkingStops
    from planner.routing.drivers import Drivers

_PAIRS_AT_A_TIME = 50_000
_APART_H = 1000.0
"""Longer than any way: keeps the ways of different pairs apart on one axis."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Sites that trucks pass, by stop in the order of driving.

    Parameters
    ----------
    stop_idx, site_idx : (n,) int64
        Stop and site of each.
    at_h : (n,) float64
        When the truck comes by, hours since Monday 00:00.
    """

    stop_idx: NDArray[np.int64]
    site_idx: NDArray[np.int64]
    at_h: NDArray[np.float64]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.stop_idx)


def sites_passed(
    graph: RoadGraph, sites: Sites, trips: Trips, drivers: Drivers, stops: ParkingStops
) -> Passed:
    """Sites on the stretches on which stops may be made, on the trips' quickest ways.

    Parameters
    ----------
    trips : Trips
        Those that the stops count.
    """
    found = []
    for network, of_trips in drivers.networks(graph, trips):
        is_driven = np.zeros(trips.n_trips, np.bool_)
        is_driven[of_trips] = True
        chosen = np.flatnonzero(is_driven[stops.trip_idx])
        if len(chosen):
            found.append(_passed_at(network, sites, trips, stops, chosen))
    if not found:
        nothing = np.zeros(0, np.int64)
        return Passed(nothing, nothing, np.zeros(0))
    columns = [np.concatenate([part[column] for part in found]) for column in range(3)]
    order = np.argsort(columns[0], kind="stable")
    return Passed(columns[0][order], columns[1][order], columns[2][order])


def _passed_at(
    network: TruckNetwork,
    sites: Sites,
    trips: Trips,
    stops: ParkingStops,
    chosen: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    trip = stops.trip_idx[chosen]
    n_nodes = network.time_matrix.shape[0]
    ways = trips.origin_node_idx[trip].astype(np.int64) * n_nodes + trips.destination_node_idx[trip]
    pairs, pair = np.unique(ways, return_inverse=True)
    origin, destination = (each.astype(np.int32) for each in np.divmod(pairs, n_nodes))
    parts = [
        _sites_on_ways(network, sites, origin[here], destination[here], begin)
        for begin in range(0, len(pairs), _PAIRS_AT_A_TIME)
        for here in (slice(begin, begin + _PAIRS_AT_A_TIME),)
    ]
    position = np.concatenate([part[0] for part in parts])
    site = np.concatenate([part[1] for part in parts])
    along = _APART_H * pair
    first = np.searchsorted(position, along + stops.from_drive_h[chosen], side="left")
    last = np.searchsorted(position, along + stops.to_drive_h[chosen], side="right")
    n_sites = last - first
    of_stop = np.repeat(np.arange(len(chosen)), n_sites)
    row = (
        np.arange(len(of_stop)) - np.repeat(np.cumsum(n_sites) - n_sites, n_sites) + first[of_stop]
    )
    into_h = position[row] - (along + stops.from_drive_h[chosen])[of_stop]
    return chosen[of_stop], site[row], stops.start_h[chosen][of_stop] + into_h


def _sites_on_ways(
    network: TruckNetwork,
    sites: Sites,
    origin: NDArray[np.int32],
    destination: NDArray[np.int32],
    first_pair: int,
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Where on their common axis sites lie on ways, ascending, hours, and which they are."""
    paths = quickest_paths(network, origin, destination)
    n_arcs = np.array([len(path) for path in paths], dtype=np.int64)
    arcs = np.concatenate([*paths, np.empty(0, np.int32)])
    begins = np.cumsum(n_arcs) - n_arcs
    pair = np.repeat(np.arange(len(paths)), n_arcs)
    driven_h = np.cumsum(network.arc_time_h[arcs]) - network.arc_time_h[arcs]
    driven_h -= np.append(driven_h, 0.0)[begins][pair]
    order = np.lexsort((sites.attachment_offset_km, sites.attachment_arc_idx))
    arc_of = sites.attachment_arc_idx[order]
    first = np.searchsorted(arc_of, arcs, side="left")
    n_here = np.searchsorted(arc_of, arcs, side="right") - first
    row = np.repeat(np.arange(len(arcs)), n_here)
    attachment = order[
        np.arange(len(row)) - np.repeat(np.cumsum(n_here) - n_here, n_here) + first[row]
    ]
    arc = arcs[row]
    part = sites.attachment_offset_km[attachment] / network.arc_length_km[arc]
    into_h = part * network.arc_time_h[arc]
    position = _APART_H * (first_pair + pair[row]) + driven_h[row] + into_h
    return position, sites.attachment_site_idx[attachment].astype(np.int64)
