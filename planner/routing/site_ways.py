"""Legs between trip ends and sites, measured once and asked for again with some sites closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.network.distances import truck_network
from planner.routing.corridor_kernel import least_hours_through
from planner.routing.range_kernel import LeastKm
from planner.routing.site_legs import are_few_legs, shortest_trees_of_legs, site_legs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.distances import TruckNetwork
    from planner.network.graph import RoadGraph
    from planner.network.path_trees import PathTrees
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.site_legs import SiteLegs

_LeastHours = tuple["NDArray[np.float64]", "NDArray[np.float64]"]


class SiteWays:
    """Quickest and shortest legs between trip ends and open sites.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n_trips,) int32
        Ends of all trips that will be planned.
    shortest : PathTrees, optional
        Those of :func:`~planner.routing.site_legs.shortest_trees_of_legs`, where they serve other
        ways too; from all these origins and perhaps more.
    """

    def __init__(
        self,
        graph: RoadGraph,
        sites: Sites,
        origin_node_idx: NDArray[np.int32],
        destination_node_idx: NDArray[np.int32],
        shortest: PathTrees | None = None,
    ) -> None:
        self.graph, self.sites = graph, sites
        self._ends = np.unique(origin_node_idx), np.unique(destination_node_idx)
        self._shortest = shortest or shortest_trees_of_legs(graph, sites, origin_node_idx)
        self._networks: dict[tuple[float, int], TruckNetwork] = {}
        self._measured: dict[tuple[float, int, bool], SiteLegs] = {}
        self._least_hours: dict[tuple[float, int], _LeastHours] = {}
        self._least_km: dict[tuple[float, int], LeastKm] = {}
        self.is_closed = np.zeros(sites.n_sites, np.bool_)
        """Sites that no truck goes to, (n_sites,); may be changed between two plannings."""

    def networks(
        self, drivers: Drivers, trips: Trips
    ) -> Iterator[tuple[TruckNetwork, NDArray[np.int64]]]:
        """As :meth:`~planner.routing.drivers.Drivers.networks`, each built once."""
        for speed_kmh, draw, chosen in drivers.groups(trips):
            if (speed_kmh, draw) not in self._networks:
                network = truck_network(self.graph, speed_kmh, drivers.spread, draw)
                self._networks[speed_kmh, draw] = network
            yield self._networks[speed_kmh, draw], chosen

    @property
    def are_few(self) -> bool:
        """Whether memory is meant for others beside them, see :func:`are_few_legs`."""
        return are_few_legs(self.sites, *self._ends)

    def measure(self, drivers: Drivers, trips: Trips) -> None:
        """Measure the quickest legs of these trips now instead of when they are asked for."""
        for network, _ in self.networks(drivers, trips):
            self._measure(network, shortest=False)

    def legs(self, network: TruckNetwork, *, shortest: bool = False) -> SiteLegs:
        """Legs of trucks of one speed between all ends, past the sites that are open."""
        return replace(self._measure(network, shortest=shortest), is_closed=self.is_closed)

    def least_hours(self, network: TruckNetwork) -> _LeastHours:
        """Least driving times from the origins to sites and on to destinations, all sites open.

        Where sites are closed they are lower bounds.

        Returns
        -------
        from_origin_h : (n_origins, n_sites) float64
        to_destination_h : (n_destinations, n_sites) float64
        """
        key = network.speed_kmh, network.draw
        if key not in self._least_hours:
            legs = self._measure(network, shortest=False)
            from_h, to_h, _ = least_hours_through(
                legs.from_origin_h, legs.to_destination_h, legs.between_h
            )
            self._least_hours[key] = from_h, to_h
        return self._least_hours[key]

    def least_km(self, network: TruckNetwork) -> LeastKm:
        """Least lengths between all ends and sites, as if all sites were open."""
        key = network.speed_kmh, network.draw
        if key not in self._least_km:
            legs = self._measure(network, shortest=True)
            self._least_km[key] = LeastKm(
                legs.direct_km,
                *least_hours_through(legs.from_origin_km, legs.to_destination_km, legs.between_km),
            )
        return self._least_km[key]

    def hours_through(
        self,
        site: int,
        network: TruckNetwork,
        origin_node_idx: NDArray[np.int32],
        destination_node_idx: NDArray[np.int32],
    ) -> NDArray[np.float64]:
        """Least driving time of trips through a site, open or not, hours, (n_trips,)."""
        legs = self._measure(network, shortest=False)
        row = np.searchsorted(legs.origin_node_idx, origin_node_idx)
        column = np.searchsorted(legs.destination_node_idx, destination_node_idx)
        hours: NDArray[np.float64] = (
            legs.from_origin_h[row, site] + legs.to_destination_h[column, site]
        )
        return hours

    def _measure(self, network: TruckNetwork, *, shortest: bool) -> SiteLegs:
        """Legs of trucks of one speed and draw between all ends and sites, measured once."""
        key = network.speed_kmh, network.draw, shortest
        if key not in self._measured:
            if shortest:
                self._shortest.hold()  # for trucks of all speeds and draws
            self._measured[key] = site_legs(
                self.graph,
                self.sites,
                network,
                *self._ends,
                shortest=shortest,
                trees=self._shortest if shortest else None,
            )
        return self._measured[key]
