"""Trips with their present plans: who charges where, what each lost, and what that counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.selection.planned_trips import PlannedTrips


@dataclass(frozen=True, slots=True)
class Loss:
    """What trips lose by a closing.

    Parameters
    ----------
    n_lost : int
        Trips that cannot be driven any more, or not within their time.
    extra_h : float
        Hours that the others arrive later, all together.
    """

    n_lost: int
    extra_h: float

    def hours(self, lost_trip_h: float) -> float:
        """All of it in hours, where a lost trip counts as so many."""
        return self.extra_h + lost_trip_h * self.n_lost


class Fleet:
    """Trips with their present plans, and who charges where.

    Parameters
    ----------
    plans : PlannedTrips
        Plans with all sites open.
    entry_h : (n_trips,) float64
        When the trips enter the roads, hours since Monday 00:00.
    latest_h : (n_trips,) float64
        Arrival after which a trip counts as lost, hours; inf where any will do.
    lost_trip_h : float
        Hours that a lost trip counts as, >= 0.
    """

    def __init__(
        self,
        plans: PlannedTrips,
        entry_h: NDArray[np.float64],
        n_sites: int,
        latest_h: NDArray[np.float64],
        lost_trip_h: float,
    ) -> None:
        self._latest_h, self._lost_trip_h = latest_h, lost_trip_h
        n_trips = len(entry_h)
        self.entry_h = entry_h
        self.arrival_h = np.full(n_trips, np.nan)
        self.changed_at = np.full(n_trips, -1)
        self.may_get_later = np.zeros(n_trips, np.bool_)
        self.sites_of_trip: list[NDArray[np.int32]] = [np.empty(0, np.int32)] * n_trips
        self.trips_of_site: list[set[int]] = [set() for _ in range(n_sites)]
        everyone = np.arange(n_trips)
        self.put(everyone, plans, -1)
        self._at_first_h = self.arrival_h.copy()

    def arrivals(self, trips: NDArray[np.int64], plans: PlannedTrips) -> NDArray[np.float64]:
        """When trips arrive by some plans, NaN where they cannot, or not in time."""
        return np.where(plans.arrival_h <= self._latest_h[trips], plans.arrival_h, np.nan)

    def loss(self) -> Loss:
        """What all trips lost since the beginning."""
        return self.loss_between(self._at_first_h, self.arrival_h)

    @staticmethod
    def loss_between(before_h: NDArray[np.float64], now_h: NDArray[np.float64]) -> Loss:
        """What trips lose from some arrivals to others, NaN where they are lost."""
        n_lost = np.isnan(now_h).sum() - np.isnan(before_h).sum()
        return Loss(int(n_lost), float(np.nansum(now_h - before_h)))

    def cost_h(self, trips: NDArray[np.int64], arrival_h: NDArray[np.float64]) -> float:
        """What some arrivals count against those with all sites open, hours."""
        # A trip that cannot be driven with all sites has nothing that it could be later than.
        later_h = np.nan_to_num(arrival_h - self._at_first_h[trips])
        return float(np.where(np.isnan(arrival_h), self._lost_trip_h, later_h).sum())

    def might_change(self, through_h: NDArray[np.float64]) -> NDArray[np.int64]:
        """Trips that a site might serve better than their present plan, or make later.

        Parameters
        ----------
        through_h : (n_trips,) float64
            Least time of each trip through the site, hours.
        """
        # Nor is any of the others better off than with all sites.
        earliest_h = np.fmax(self.entry_h + through_h, self._at_first_h)
        now_h = np.where(np.isnan(self.arrival_h), self._latest_h, self.arrival_h)
        might = (earliest_h < now_h) | self.may_get_later
        return np.flatnonzero(might & ~np.isnan(self._at_first_h))

    def put(self, trips: NDArray[np.int64], plans: PlannedTrips, at: int) -> None:
        """Let trips do what new plans say."""
        arrival_h = self.arrivals(trips, plans)
        self.arrival_h[trips] = arrival_h
        self.changed_at[trips] = at
        self.may_get_later[trips] = plans.may_get_later
        is_lost = np.isnan(arrival_h)
        nowhere = np.empty(0, np.int32)
        for trip, lost, sites in zip(
            trips.tolist(), is_lost.tolist(), plans.sites_of_trips(), strict=True
        ):
            for site in self.sites_of_trip[trip]:
                self.trips_of_site[site].discard(trip)
            self.sites_of_trip[trip] = nowhere if lost else sites
            for site in self.sites_of_trip[trip]:
                self.trips_of_site[site].add(trip)
