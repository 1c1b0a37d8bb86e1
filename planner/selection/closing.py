"""Close sites one by one, each time the one whose trucks lose least, and plan these anew.

A truck that does not charge at a site loses nothing when it closes: its best plan is still there.
So what a closing does is exact once the trucks that charge there have planned anew, which are few.
Losses that are known from an earlier state are looked at again only where a plan in them has
changed since. Closing is a greedy order; :mod:`planner.selection.exchange` mends the set that it
comes to.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.selection.fleet import Fleet, Loss
from planner.selection.planned_trips import PlannedTrips

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.routing.site_ways import SiteWays
    from planner.routing.stop_plans import StopPlans
    from planner.selection.kept_plans import KeptPlans


@dataclass(frozen=True, slots=True)
class Question:
    """Trips and sites, and what counts when sites close.

    Parameters
    ----------
    plans : StopPlans
        Plans of all trips with all sites open.
    ways : SiteWays
        Where sites are closed.
    plan : callable
        Plans some trips, by their indices, with the sites that are open then.
    hours_through : callable
        Least time that every trip takes through a site, (n_trips,), hours: what bounds its gain.
    lost_trip_h : float
        Hours that a trip counts as that is lost, >= 0.
    latest_h : (n_trips,) float64
        Arrival after which a trip counts as lost; inf where any will do.
    stays : (n_sites,) bool
        Sites that do not close.
    kept : KeptPlans, optional
        Where plans are kept that were asked for.
    """

    plans: StopPlans
    ways: SiteWays
    plan: Callable[[NDArray[np.int64]], StopPlans]
    hours_through: Callable[[int], NDArray[np.float64]]
    lost_trip_h: float
    latest_h: NDArray[np.float64]
    stays: NDArray[np.bool_]
    kept: KeptPlans | None = None

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.stays)

    def part(self, chosen: NDArray[np.int64]) -> Question:
        """The same question of some of the trips, about the same sites."""
        return replace(
            self,
            plans=self.plans.select(chosen),
            plan=lambda trips: self.plan(chosen[trips]),
            hours_through=lambda site: self.hours_through(site)[chosen],
            latest_h=self.latest_h[chosen],
        )

    def planned(self, trips: NDArray[np.int64]) -> PlannedTrips:
        """Plan some trips with the sites that are open now."""
        if not len(trips):
            return PlannedTrips.none()
        if self.kept is None:
            return PlannedTrips.of(self.plan(trips))
        found = self.kept.next(trips, self.ways.is_closed)
        if found is None:
            found = PlannedTrips.of(self.plan(trips))
            self.kept.add(trips, self.ways.is_closed, found)
        return found


@dataclass(frozen=True, slots=True)
class Tried:
    """A closing or an opening that was looked at, and when.

    Parameters
    ----------
    trips : (n_chosen,) int64
        Trips that planned anew.
    plans : PlannedTrips
        Their plans.
    arrival_h : (n_chosen,) float64
        Their arrivals, NaN where lost.
    """

    loss: Loss
    trips: NDArray[np.int64]
    plans: PlannedTrips
    arrival_h: NDArray[np.float64]
    at: int


class Closing:
    """Sites that close one after the other, and what the next would cost."""

    def __init__(self, question: Question, tried: dict[int, Tried] | None = None) -> None:
        """Begin with all sites open.

        Parameters
        ----------
        tried : dict, optional
            Closings that were looked at in this state already, by site.
        """
        self.question, self.ways = question, question.ways
        self.ways.is_closed[:] = False
        self.fleet = Fleet(
            PlannedTrips.of(question.plans),
            question.plans.entry_h,
            question.n_sites,
            question.latest_h,
            question.lost_trip_h,
        )
        self.step = 0
        self.tried: dict[int, Tried] = {}
        self._heap: list[tuple[float, int, int]] = []
        for site, known in (tried or {}).items():
            self._keep(site, known)

    @property
    def open_sites(self) -> list[int]:
        """Sites that are open, ascending."""
        return np.flatnonzero(~self.ways.is_closed).tolist()

    def _keep(self, site: int, tried: Tried) -> None:
        self.tried[site] = tried
        hours = tried.loss.hours(self.question.lost_trip_h)
        heapq.heappush(self._heap, (hours, site, tried.at))

    def look_at(self, site: int) -> Tried:
        """What closing a site would cost now."""
        fleet = self.fleet
        trips = np.array(sorted(fleet.trips_of_site[site]), np.int64)
        self.ways.is_closed[site] = True
        plans = self._planned(trips, self.tried.get(site))
        self.ways.is_closed[site] = False
        arrival_h = fleet.arrivals(trips, plans)
        loss = fleet.loss_between(fleet.arrival_h[trips], arrival_h)
        self._keep(site, Tried(loss, trips, plans, arrival_h, self.step))
        return self.tried[site]

    def _planned(self, trips: NDArray[np.int64], known: Tried | None) -> PlannedTrips:
        """Plans of trips with the sites that are open now, those that still hold from before."""
        if known is None or not len(known.trips):
            return self.question.planned(trips)
        row = np.minimum(np.searchsorted(known.trips, trips), len(known.trips) - 1)
        is_anew = (known.trips[row] != trips) | ~self._hold(known)[row]
        before = known.plans.select(row[~is_anew])
        return before.beside(self.question.planned(trips[is_anew]), is_anew)

    def _hold(self, known: Tried) -> NDArray[np.bool_]:
        """Trips of which the plan still holds that was found when a site was looked at.

        A truck that has not planned anew since, and whose sites are all open, has nothing better:
        more sites have closed, and those that opened were held against every truck.
        """
        holds: NDArray[np.bool_] = self.fleet.changed_at[known.trips] <= known.at
        is_gone = self.ways.is_closed[known.plans.site_idx]
        holds[known.plans.stop_trip_idx[is_gone]] = False
        return holds

    def _least(self) -> int:
        """Site whose closing costs least now, of those that may close; of equals the first."""
        while True:
            _, site, at = heapq.heappop(self._heap)
            if self.ways.is_closed[site] or self.tried[site].at != at:
                continue
            if self.is_up_to_date(site):
                return site
            self.look_at(site)

    def close(self, site: int) -> Loss:
        """Close a site whose cost is up to date; returns what all closings together cost."""
        tried = self.up_to_date(site)
        self.ways.is_closed[site] = True
        self.step += 1
        self.fleet.put(tried.trips, tried.plans, self.step)
        return self.fleet.loss()

    def close_down_to(
        self,
        n_open: int,
        stays: NDArray[np.bool_],
        may_lose: Callable[[Loss], bool] = lambda _: True,
        told: Callable[[], None] = lambda: None,
    ) -> tuple[list[int], list[Loss]]:
        """Close one after the other until so many are left, or the next would lose too much.

        Returns
        -------
        closed : list of int
            Sites in the order in which they closed.
        losses : list of Loss
            What all closings up to each cost.
        """
        closed: list[int] = []
        losses: list[Loss] = []
        self._heap = []
        for site in self.open_sites:
            if not stays[site]:
                self._keep(site, self.up_to_date(site))
        left = len(self.open_sites)
        can_close = left - int((stays & ~self.ways.is_closed).sum())
        for _ in range(min(left - n_open, can_close)):
            site = self._least()
            more, now = self.tried[site].loss, self.fleet.loss()
            if not may_lose(Loss(now.n_lost + more.n_lost, now.extra_h + more.extra_h)):
                break
            losses.append(self.close(site))
            closed.append(site)
            told()
        return closed, losses

    def open_again(self, site: int, tried: Tried) -> None:
        """Open a closed site; known closings that it might make cheaper are forgotten.

        Parameters
        ----------
        tried : Tried
            What opening it now does, see :meth:`look_at_opening`.
        """
        through_h = self.fleet.entry_h + self.question.hours_through(site)
        for other in self.open_sites:
            known = self.tried.get(other)
            if known is None:
                continue
            later_h = np.where(np.isnan(known.arrival_h), np.inf, known.arrival_h)
            if (known.plans.may_get_later | (through_h[known.trips] < later_h)).any():
                del self.tried[other]
        self.tried.pop(site, None)
        self.ways.is_closed[site] = False
        self.step += 1
        self.fleet.put(tried.trips, tried.plans, self.step)

    def look_at_opening(
        self, site: int, trips: NDArray[np.int64], known: Tried | None = None
    ) -> Tried:
        """What opening a site would bring now, a loss below 0, to trips that could gain by it.

        Parameters
        ----------
        known : Tried, optional
            What it brought when it was looked at before.
        """
        fleet = self.fleet
        self.ways.is_closed[site] = False
        plans = self._planned(trips, known)
        self.ways.is_closed[site] = True
        arrival_h = fleet.arrivals(trips, plans)
        loss = fleet.loss_between(fleet.arrival_h[trips], arrival_h)
        return Tried(loss, trips, plans, arrival_h, self.step)

    def plan_all(self) -> None:
        """Plan all trips anew with the sites that are open.

        A few trips may be found on other plans: whether a truck may arrive with less than its
        least charge depends on what is in reach of it, also where it does not charge.
        """
        everyone = np.arange(self.question.plans.n_trips)
        plans = self.question.planned(everyone)
        arrival_h = self.fleet.arrivals(everyone, plans)
        is_same = np.isclose(arrival_h, self.fleet.arrival_h, rtol=0.0, atol=1e-9, equal_nan=True)
        changed = np.flatnonzero(~is_same)
        if len(changed):
            self.step += 1
            self.fleet.put(changed, plans.select(changed), self.step)

    def go_back(self, is_closed: NDArray[np.bool_]) -> None:
        """Have these sites closed, as they were before."""
        self.ways.is_closed[:] = is_closed
        self.tried.clear()
        self.plan_all()

    def up_to_date(self, site: int) -> Tried:
        """What closing a site would cost, looked at again where that may have changed."""
        return self.tried[site] if self.is_up_to_date(site) else self.look_at(site)

    def is_up_to_date(self, site: int) -> bool:
        """Whether what is known of closing a site still holds."""
        tried, fleet = self.tried.get(site), self.fleet
        if tried is None:
            return False
        if len(tried.trips) != len(fleet.trips_of_site[site]):
            return False
        if len(tried.trips) and fleet.changed_at[tried.trips].max() > tried.at:
            return False
        return not self.ways.is_closed[tried.plans.site_idx].any()
