"""Legs between trip ends and sites, measured once and asked for again with some sites closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.site_legs import site_legs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.distances import TruckNetwork
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.site_legs import SiteLegs


class SiteWays:
    """Quickest and shortest legs between trip ends and open sites.

    Parameters
    ----------
    origin_node_idx, destination_node_idx : (n_trips,) int32
        Ends of all trips that will be planned.
    """

    def __init__(
        self,
        graph: RoadGraph,
        sites: Sites,
        origin_node_idx: NDArray[np.int32],
        destination_node_idx: NDArray[np.int32],
    ) -> None:
        self.graph, self.sites = graph, sites
        self._ends = np.unique(origin_node_idx), np.unique(destination_node_idx)
        self._measured: dict[tuple[float, int, bool], SiteLegs] = {}
        self.is_closed = np.zeros(sites.n_sites, np.bool_)
        """Sites that no truck goes to, (n_sites,); may be changed between two plannings."""

    def legs(
        self,
        network: TruckNetwork,
        origin_node_idx: NDArray[np.int32],
        destination_node_idx: NDArray[np.int32],
        *,
        shortest: bool = False,
    ) -> SiteLegs:
        """Legs of trucks of one speed between some of the ends, past the sites that are open."""
        legs, closed = self._measure(network, shortest=shortest), self.is_closed
        origins, destinations = np.unique(origin_node_idx), np.unique(destination_node_idx)
        row = np.searchsorted(legs.origin_node_idx, origins)
        column = np.searchsorted(legs.destination_node_idx, destinations)
        # Between thousands of sites a copy of the legs takes hundreds of megabytes.
        either = closed[:, None] | closed if closed.any() else closed

        def past(open_ways: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.where(closed, np.inf, open_ways) if closed.any() else open_ways

        def between(open_ways: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.where(either, np.inf, open_ways) if closed.any() else open_ways

        return replace(
            legs,
            origin_node_idx=origins.astype(np.int32),
            destination_node_idx=destinations.astype(np.int32),
            direct_h=legs.direct_h[np.ix_(row, column)],
            direct_km=legs.direct_km[np.ix_(row, column)],
            from_origin_h=past(legs.from_origin_h[row]),
            from_origin_km=past(legs.from_origin_km[row]),
            from_origin_attachment=legs.from_origin_attachment[row],
            to_destination_h=past(legs.to_destination_h[column]),
            to_destination_km=past(legs.to_destination_km[column]),
            to_destination_attachment=legs.to_destination_attachment[column],
            between_h=between(legs.between_h),
            between_km=between(legs.between_km),
        )

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
            self._measured[key] = site_legs(
                self.graph, self.sites, network, *self._ends, shortest=shortest
            )
        return self._measured[key]
