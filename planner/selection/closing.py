"""Close sites one by one, each time the one whose trucks lose least, and plan these anew.

A truck that does not charge at a site loses nothing when it closes: its best plan is still there.
So what a closing does is exact once the trucks that charge there have planned anew, which are few.
Losses that are known from an earlier state are looked at again only where a plan in them has
changed since. The order is a greedy one: no smaller set of sites is proved to be the best of its
size.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.routing.site_ways import SiteWays
    from planner.routing.stop_plans import StopPlans


@dataclass(frozen=True, slots=True)
class Loss:
    """What trips lose by a closing.

    Parameters
    ----------
    n_lost : int
        Trips that cannot be driven any more.
    extra_h : float
        Hours that the others arrive later, all together.
    """

    n_lost: int
    extra_h: float

    def hours(self, lost_trip_h: float) -> float:
        """All of it in hours, where a lost trip counts as so many."""
        return self.extra_h + lost_trip_h * self.n_lost


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """Sites in the order in which they are worth most.

    Parameters
    ----------
    site_idx : (n_sites,) int64
        The site that closes last, which is the first to build, comes first.
    lost_trips, extra_h : (n_sites,)
        Trips that cannot be driven, and hours that the others arrive later, when only the sites
        up to this one are open, against all sites; (n_sites - 1) holds 0.
    lost_alone, extra_alone_h : (n_sites,)
        The same when this one closes and all others stay open: how critical it is.
    n_kept : int
        Sites at the head of the order that were never closed, ordered by how critical they are
        among each other.
    """

    site_idx: NDArray[np.int64]
    lost_trips: NDArray[np.int64]
    extra_h: NDArray[np.float64]
    lost_alone: NDArray[np.int64]
    extra_alone_h: NDArray[np.float64]
    n_kept: int


@dataclass(frozen=True, slots=True)
class _Tried:
    """A closing that was looked at, and when."""

    loss: Loss
    trips: NDArray[np.int64]
    plans: StopPlans
    at: int


class _Fleet:
    """Trips with their present plans, and who charges where."""

    def __init__(self, plans: StopPlans, n_sites: int) -> None:
        self.arrival_h = np.where(plans.is_served, plans.arrival_h, np.nan)
        self._at_first_h = self.arrival_h.copy()
        self.changed_at = np.full(plans.n_trips, -1)
        self.sites_of_trip = _sites_of_trips(plans)
        self.trips_of_site: list[set[int]] = [set() for _ in range(n_sites)]
        for trip, sites in enumerate(self.sites_of_trip):
            for site in sites:
                self.trips_of_site[site].add(trip)

    def loss(self) -> Loss:
        """What all trips lost since the beginning."""
        later_h = self.arrival_h - self._at_first_h
        n_lost = np.isnan(self.arrival_h).sum() - np.isnan(self._at_first_h).sum()
        return Loss(int(n_lost), float(np.nansum(later_h)))

    def put(self, trips: NDArray[np.int64], plans: StopPlans, at: int) -> None:
        """Let trips do what new plans say."""
        self.arrival_h[trips] = np.where(plans.is_served, plans.arrival_h, np.nan)
        self.changed_at[trips] = at
        for trip, sites in zip(trips.tolist(), _sites_of_trips(plans), strict=True):
            for site in self.sites_of_trip[trip]:
                self.trips_of_site[site].discard(trip)
            self.sites_of_trip[trip] = sites
            for site in sites:
                self.trips_of_site[site].add(trip)


def _sites_of_trips(plans: StopPlans) -> list[NDArray[np.int32]]:
    """Sites at which each trip charges, each once."""
    return [np.unique(plans.stop_site_idx[a:b]) for a, b in pairwise(plans.stop_offset.tolist())]


def order_sites(
    plans: StopPlans,
    ways: SiteWays,
    plan: Callable[[NDArray[np.int64]], StopPlans],
    *,
    n_kept: int,
    lost_trip_h: float,
    progress: Callable[[int, int], None],
) -> SiteOrder:
    """Order the sites of a network.

    Parameters
    ----------
    plans : StopPlans
        Plans of all trips with all sites open.
    ways : SiteWays
        Where sites are closed.
    plan : callable
        Plans some trips, by their indices, with the sites that are open then.
    n_kept : int
        Sites with which closing ends, >= 1.
    lost_trip_h : float
        Hours that a trip counts as that cannot be driven any more, >= 0.
    progress : callable
        Told how many sites of how many are looked at and closed.
    """
    closing = _Closing(plans, ways, plan, lost_trip_h)
    n_sites = len(ways.is_closed)
    n_steps = n_sites + max(n_sites - n_kept, 0)
    for site in range(n_sites):
        closing.look_at(site)
        progress(site + 1, n_steps)
    alone = [closing.tried[site].loss for site in range(n_sites)]
    closed: list[int] = []
    losses = [Loss(0, 0.0)]
    while n_sites - len(closed) > n_kept:
        site = closing.least()
        losses.append(closing.close(site))
        closed.append(site)
        progress(n_sites + len(closed), n_steps)
    kept = [site for site in range(n_sites) if not ways.is_closed[site]]
    kept.sort(key=lambda site: (-closing.up_to_date(site).loss.hours(lost_trip_h), site))
    # With the first k sites open, all those behind them are closed.
    lost = np.array([loss.n_lost for loss in losses[::-1]], np.int64)
    extra = np.array([loss.extra_h for loss in losses[::-1]])
    n_before = len(kept) - 1
    order = np.array(kept + closed[::-1], np.int64)
    return SiteOrder(
        order,
        np.concatenate([np.full(n_before, lost[0]), lost]),
        np.concatenate([np.full(n_before, extra[0]), extra]),
        np.array([alone[site].n_lost for site in order], np.int64),
        np.array([alone[site].extra_h for site in order]),
        len(kept),
    )


class _Closing:
    """Sites that close one after the other, and what the next would cost."""

    def __init__(
        self,
        plans: StopPlans,
        ways: SiteWays,
        plan: Callable[[NDArray[np.int64]], StopPlans],
        lost_trip_h: float,
    ) -> None:
        self._fleet = _Fleet(plans, len(ways.is_closed))
        self._ways, self._plan, self._lost_trip_h = ways, plan, lost_trip_h
        self._n_closed = 0
        self.tried: dict[int, _Tried] = {}
        self._heap: list[tuple[float, int, int]] = []

    def look_at(self, site: int) -> _Tried:
        """What closing a site would cost now."""
        trips = np.array(sorted(self._fleet.trips_of_site[site]), np.int64)
        self._ways.is_closed[site] = True
        plans = self._plan(trips)
        self._ways.is_closed[site] = False
        later_h = plans.arrival_h - self._fleet.arrival_h[trips]
        is_served = plans.is_served
        loss = Loss(int((~is_served).sum()), float(later_h[is_served].sum()))
        self.tried[site] = _Tried(loss, trips, plans, self._n_closed)
        heapq.heappush(self._heap, (loss.hours(self._lost_trip_h), site, self._n_closed))
        return self.tried[site]

    def least(self) -> int:
        """Site whose closing costs least now; of equals the first."""
        while True:
            _, site, at = heapq.heappop(self._heap)
            if self._ways.is_closed[site] or self.tried[site].at != at:
                continue
            if self._is_up_to_date(site):
                return site
            self.look_at(site)

    def close(self, site: int) -> Loss:
        """Close a site whose cost is up to date; returns what all closings together cost."""
        tried = self.tried[site]
        self._ways.is_closed[site] = True
        self._n_closed += 1
        self._fleet.put(tried.trips, tried.plans, self._n_closed)
        return self._fleet.loss()

    def up_to_date(self, site: int) -> _Tried:
        """What closing a site would cost, looked at again where that may have changed."""
        return self.tried[site] if self._is_up_to_date(site) else self.look_at(site)

    def _is_up_to_date(self, site: int) -> bool:
        tried, fleet = self.tried[site], self._fleet
        if len(tried.trips) != len(fleet.trips_of_site[site]):
            return False
        if len(tried.trips) and fleet.changed_at[tried.trips].max() > tried.at:
            return False
        return not self._ways.is_closed[tried.plans.stop_site_idx].any()
