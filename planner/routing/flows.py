"""Trucks on each arc of the road graph, and the quickest ways of trips without stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.network.distances import node_flows
from planner.routing.site_legs import SiteLegs, are_few_legs, site_legs, trees_of_legs
from planner.runs.kernel_threads import one_ahead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.path_trees import PathTrees
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans


class DrivenWays(NamedTuple):
    """Ways of trips, with their stops and without.

    Parameters
    ----------
    flow : (n_arcs,) float64
        Trucks on each arc over all trips, charging detours included.
    direct_h, direct_km : (n_trips,) float64
        Driving time and length of each trip's quickest way without stops, hours and km; inf where
        there is none.
    """

    flow: NDArray[np.float64]
    direct_h: NDArray[np.float64]
    direct_km: NDArray[np.float64]


def driven_ways(
    graph: RoadGraph,
    sites: Sites,
    trips: Trips,
    plans: StopPlans,
    drivers: Drivers,
) -> DrivenWays:
    """Trucks on each arc, and what the trips take without stops.

    Parameters
    ----------
    plans : StopPlans
        Their plans; unserved trips do not drive.
    drivers : Drivers
        Those that the plans are made with.

    Notes
    -----
    The legs are those of the stop planner. A truck that stops at a site counts fully on the site's
    arc, and once where it drives on along the same arc. A site that a truck passed without plugging
    in is not recorded in its plan: the leg past it is counted instead.
    """
    flow = np.zeros(graph.n_arcs)
    direct_h, direct_km = np.empty(trips.n_trips), np.empty(trips.n_trips)
    groups = _measured(graph, sites, trips, drivers)
    if are_few_legs(sites, trips.origin_node_idx, trips.destination_node_idx):
        groups = one_ahead(groups)
    for chosen, legs, trees in groups:
        pair = legs.rows(trips.origin_node_idx[chosen], trips.destination_node_idx[chosen])
        direct_h[chosen], direct_km[chosen] = legs.direct_h[pair], legs.direct_km[pair]
        served = chosen[plans.is_served[chosen]]
        flow += _group_flows(graph, sites, trips.select(served), plans, served, legs, trees)
    return DrivenWays(flow, direct_h, direct_km)


def _measured(
    graph: RoadGraph, sites: Sites, trips: Trips, drivers: Drivers
) -> Iterator[tuple[NDArray[np.int64], SiteLegs, PathTrees]]:
    """Trips of trucks that find the same roads, the legs between their ends, and their trees."""
    for network, chosen in drivers.networks(graph, trips):
        ends = trips.origin_node_idx[chosen], trips.destination_node_idx[chosen]
        trees = trees_of_legs(graph, sites, network, ends[0])
        trees.hold()  # for lengths and flows
        yield chosen, site_legs(graph, sites, network, *ends, trees=trees), trees


def _group_flows(
    graph: RoadGraph,
    sites: Sites,
    trips: Trips,
    plans: StopPlans,
    served: NDArray[np.int64],
    legs: SiteLegs,
    trees: PathTrees,
) -> NDArray[np.float64]:
    """Trucks on each arc of served trips of one speed."""
    n_stops = np.diff(plans.stop_offset)[served]
    ends = np.cumsum(n_stops)
    trip = np.repeat(np.arange(len(served)), n_stops)
    position = np.arange(len(trip)) - np.repeat(ends - n_stops, n_stops)
    is_first, is_last = position == 0, position == n_stops[trip] - 1
    site = plans.stop_site_idx[plans.stop_offset[served][trip] + position]
    origin_row, destination_row = legs.rows(trips.origin_node_idx, trips.destination_node_idx)
    origin, destination = origin_row[trip], destination_row[trip]
    # Rolled over the ends of trips too: what comes of a neighbour of another trip is masked by
    # `is_first` and `is_last`.
    before, after = np.roll(site, 1), np.roll(site, -1)
    reached_by = np.where(
        is_first, legs.from_origin_attachment[origin, site], legs.between_reaching[before, site]
    )
    left_by = np.where(
        is_last,
        legs.to_destination_attachment[destination, site],
        legs.between_leaving[site, after],
    )
    arc, offset_km = sites.attachment_arc_idx, sites.attachment_offset_km
    next_reached_by = np.roll(reached_by, -1)
    # A site further on along the same arc is reached without leaving the arc: nothing to route.
    is_ahead = (
        ~is_last
        & (arc[left_by] == arc[next_reached_by])
        & (offset_km[next_reached_by] >= offset_km[left_by])
    )
    # Entering and leaving by the same arc is one pass of the truck, not two.
    stays_on_arc = (reached_by >= 0) & (arc[reached_by] == arc[left_by])
    is_counted_on_leaving = ~stays_on_arc & (left_by >= 0)
    is_counted_on_reaching = (reached_by >= 0) & ~(np.roll(is_ahead, 1) & ~is_first)
    flow = np.bincount(arc[left_by[is_counted_on_leaving]], minlength=graph.n_arcs)
    flow += np.bincount(arc[reached_by[is_counted_on_reaching]], minlength=graph.n_arcs)
    # Between arcs of sites trucks take quickest ways from node to node, counted all at once.
    is_direct = n_stops == 0
    to_site = is_first & (reached_by >= 0)
    from_site = (left_by >= 0) & (is_last | (next_reached_by >= 0)) & ~is_ahead
    onward = np.where(
        is_last,
        trips.destination_node_idx[trip],
        graph.arc_from_idx[arc[next_reached_by]],
    )
    from_node = np.concatenate(
        [
            trips.origin_node_idx[is_direct],
            trips.origin_node_idx[trip[to_site]],
            graph.arc_to_idx[arc[left_by[from_site]]],
        ]
    )
    to_node = np.concatenate(
        [
            trips.destination_node_idx[is_direct],
            graph.arc_from_idx[arc[reached_by[to_site]]],
            onward[from_site],
        ]
    )
    trucks = np.ones(len(from_node))
    return flow + node_flows(legs.network, from_node, to_node, trucks, trees)
