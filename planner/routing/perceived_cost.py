"""What drivers perceive of plans that are already made, beyond their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.corridor_kernel import Legs
from planner.routing.perceived_cost_kernel import fill_tastes
from planner.routing.site_legs import site_legs
from planner.runs.random_streams import stable_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.site_legs import SiteLegs
    from planner.routing.stop_plans import StopPlans


class SiteTastes:
    """Perceived cost of the sites that trips stop at, as the stop planner counts it.

    Parameters
    ----------
    trips : Trips
        All trips that are asked for later.
    drivers : Drivers
        Those that the plans are made with.

    Notes
    -----
    The corridor of a trip is taken as the narrowest that holds all its stops. That is the one it
    was planned with, but where a wider one was needed only to pass a site without a stop.
    """

    def __init__(
        self,
        graph: RoadGraph,
        sites: Sites,
        trips: Trips,
        drivers: Drivers,
    ) -> None:
        self._trips = trips
        self._corridor_detour_km = drivers.choice.tried_detour_km
        self._scale_h = drivers.choice.taste_scale_h
        self._key = np.uint64(drivers.taste_key)
        self._site_hash = np.array(
            [stable_hash(str(name)) for name in sites.site_id], dtype=np.uint64
        )
        self._legs: list[SiteLegs] = []
        self._legs_of_trip = np.zeros(trips.n_trips, dtype=np.int64)
        for network, chosen in drivers.networks(graph, trips):
            group = trips.select(chosen)
            ends = group.origin_node_idx, group.destination_node_idx
            self._legs_of_trip[chosen] = len(self._legs)
            self._legs.append(site_legs(graph, sites, network, *ends))

    def cost_h(self, chosen: NDArray[np.int64], plans: StopPlans) -> NDArray[np.float64]:
        """Perceived cost of plans beyond their time.

        Parameters
        ----------
        chosen : (n_chosen,) int64
            Trips, among those given.
        plans : StopPlans
            Their plans, in that order.

        Returns
        -------
        (n_chosen,) float64
            Hours, >= 0; 0 without stops. With the travel time it is what the planner minimises.
        """
        taste = np.zeros(len(chosen))
        for number, legs in enumerate(self._legs):
            rows = np.flatnonzero(self._legs_of_trip[chosen] == number)
            group, group_plans = self._trips.select(chosen[rows]), plans.select(rows)
            of_group = np.empty(len(rows))
            fill_tastes(
                Legs(*(getattr(legs, name) for name in Legs._fields)),
                np.searchsorted(legs.origin_node_idx, group.origin_node_idx),
                np.searchsorted(legs.destination_node_idx, group.destination_node_idx),
                group.trip_id,
                group_plans.stop_offset,
                group_plans.stop_site_idx,
                self._corridor_detour_km,
                self._key,
                self._site_hash,
                of_group,
            )
            taste[rows] = of_group
        return self._scale_h * taste
