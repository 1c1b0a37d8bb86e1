"""Which sites differ between two plannings, and which trips none of them has a say in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.network.distances import least_km_from, least_km_to

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.stop_plans import StopPlans

_ROUNDING_KM = 1e-6
"""Far more than sums of lengths in another order differ by."""
_NODES_A_TRIP = 25
"""Ways from a site to so many nodes and back take as long as planning the stops of a trip."""


class SiteDifferences(NamedTuple):
    """Sites of two plannings on the same roads.

    Parameters
    ----------
    gone : Sites
        Those before that are not there any more, or otherwise.
    come : Sites
        Those that were not there before, or otherwise.
    now_idx : (n_sites before,) int32
        Where the sites before are now; -1 for those that are gone.
    is_in_order : bool
        Whether those that stay follow each other as before: of two plans that cost the same the
        one at the lower index is taken.
    """

    gone: Sites
    come: Sites
    now_idx: NDArray[np.int32]
    is_in_order: bool

    @classmethod
    def of(cls, before: Sites, now: Sites) -> SiteDifferences:
        """Compare sites by all that stops are planned by: key, carriageways, place on them."""
        index_of = {row: index for index, row in enumerate(_rows(now))}
        now_idx = np.array([index_of.get(row, -1) for row in _rows(before)], dtype=np.int32)
        stays = now_idx >= 0
        is_new = np.ones(now.n_sites, np.bool_)
        is_new[now_idx[stays]] = False
        is_in_order = bool((np.diff(now_idx[stays]) > 0).all())
        return cls(before.select(~stays), now.select(is_new), now_idx, is_in_order)

    @property
    def are_none(self) -> bool:
        """Whether the sites are the same, in the same order."""
        return not (self.gone.n_sites or self.come.n_sites) and self.is_in_order

    def leave(self, graph: RoadGraph, trips: Trips, plans: StopPlans) -> NDArray[np.bool_]:
        """Trips whose plans are the same to the byte, but for the numbers of sites, (n_trips,).

        Parameters
        ----------
        trips : Trips
            Planned before, as they are now.
        plans : StopPlans
            Their plans before.

        Notes
        -----
        A way through a site is nowhere shorter than the shortest one, whichever ways are quick: a
        site whose shortest detour is longer than those that the plan's sites were taken from was
        none of them before and is none now, on no draw of the roads. Where to look at the sites
        that differ would take longer than to plan the trips, all trips are left out.
        """
        if self.are_none:
            return np.ones(trips.n_trips, np.bool_)
        is_left = np.zeros(trips.n_trips, np.bool_)
        if not self.is_in_order:
            return is_left
        left = np.flatnonzero(np.isfinite(plans.looked_km))
        n_to_do = self.gone.n_sites + self.come.n_sites
        for sites in (self.gone, self.come):
            for site in np.eye(sites.n_sites, dtype=np.bool_):
                if len(left) * _NODES_A_TRIP < n_to_do * graph.n_nodes:
                    return is_left
                n_to_do -= 1
                # One after the other: ways of many at once to all nodes of a continent are large.
                to_km, from_km = _least_km(graph, sites.select(site))
                through_km = (
                    to_km[trips.origin_node_idx[left]] + from_km[trips.destination_node_idx[left]]
                )
                detour_km = through_km - plans.direct_distance_km[left]
                left = left[detour_km > plans.looked_km[left] + _ROUNDING_KM]
        is_left[left] = True
        return is_left


def _rows(sites: Sites) -> list[tuple[object, ...]]:
    """What each site is to the planning of stops."""
    offset = np.searchsorted(sites.attachment_site_idx, np.arange(sites.n_sites + 1))
    arc, at_km = sites.attachment_arc_idx.tolist(), sites.attachment_offset_km.tolist()
    return [
        (
            str(sites.site_id[site]),
            float(sites.off_road_km[site]),
            *zip(arc[first:end], at_km[first:end], strict=True),
        )
        for site, (first, end) in enumerate(pairwise(offset))
    ]


def _least_km(graph: RoadGraph, site: Sites) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shortest ways from all nodes to the points of one site, and back, (n_nodes,) each."""
    arc, on_arc_km = site.attachment_arc_idx, site.attachment_offset_km[:, None]
    rest_km = graph.arc_length_km[arc][:, None] - on_arc_km
    to_km = least_km_to(graph, graph.arc_from_idx[arc]) + on_arc_km
    from_km = least_km_from(graph, graph.arc_to_idx[arc]) + rest_km
    off_road_km = site.off_road_km[0]
    return to_km.min(axis=0) + off_road_km, from_km.min(axis=0) + off_road_km
