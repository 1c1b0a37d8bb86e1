"""What choosing sites keeps of the plans of some trips: when they arrive, and where they charge."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.stop_plans import offsets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.stop_plans import StopPlans


@dataclass(frozen=True, slots=True)
class PlannedTrips:
    """Arrivals and sites of some trips; a tenth of their whole plans.

    Parameters
    ----------
    arrival_h : (n_trips,) float64
        Hours since Monday 00:00; NaN where a trip cannot be driven.
    stop_offset : (n_trips + 1,) int64
        Where the stops of each trip begin.
    site_idx : (n_stops,) int32
        Site of each stop.
    may_get_later : (n_trips,) bool
        Whether a site more might make a truck later, see ``StopPlans.is_first_try`` and
        ``is_exact``.
    """

    arrival_h: NDArray[np.float64]
    stop_offset: NDArray[np.int64]
    site_idx: NDArray[np.int32]
    may_get_later: NDArray[np.bool_]

    @classmethod
    def of(cls, plans: StopPlans) -> PlannedTrips:
        """Of whole plans."""
        arrival_h = np.where(plans.is_served, plans.arrival_h, np.nan)
        may_get_later = plans.is_served & ~(plans.is_first_try & plans.is_exact)
        return cls(arrival_h, plans.stop_offset, plans.stop_site_idx, may_get_later)

    @classmethod
    def none(cls) -> PlannedTrips:
        """Of no trips."""
        return cls(np.empty(0), np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.bool_))

    @property
    def stop_trip_idx(self) -> NDArray[np.int64]:
        """Trip of each stop, (n_stops,)."""
        return np.repeat(np.arange(len(self.arrival_h)), np.diff(self.stop_offset))

    def select(self, chosen: NDArray[np.int64]) -> PlannedTrips:
        """Of some trips, in the order asked for."""
        n_stops = np.diff(self.stop_offset)[chosen]
        offset = offsets(n_stops)
        within = np.arange(offset[-1]) - np.repeat(offset[:-1], n_stops)
        rows = np.repeat(self.stop_offset[chosen], n_stops) + within
        return PlannedTrips(
            self.arrival_h[chosen], offset, self.site_idx[rows], self.may_get_later[chosen]
        )

    def beside(self, others: PlannedTrips, is_other: NDArray[np.bool_]) -> PlannedTrips:
        """Of these trips and others, in the order of a mask that tells which are the others."""
        row = np.where(is_other, len(self.arrival_h) + np.cumsum(is_other), np.cumsum(~is_other))
        both = PlannedTrips(
            np.concatenate([self.arrival_h, others.arrival_h]),
            np.concatenate([self.stop_offset, self.stop_offset[-1] + others.stop_offset[1:]]),
            np.concatenate([self.site_idx, others.site_idx]),
            np.concatenate([self.may_get_later, others.may_get_later]),
        )
        return both.select(row - 1)

    def sites_of_trips(self) -> list[NDArray[np.int32]]:
        """Sites at which each trip charges, each once, ascending."""
        trip, site = self.stop_trip_idx, self.site_idx
        order = np.lexsort((site, trip))
        trip, site = trip[order], site[order]
        is_new = np.ones(len(trip), np.bool_)
        is_new[1:] = (trip[1:] != trip[:-1]) | (site[1:] != site[:-1])
        bounds = np.searchsorted(trip[is_new], np.arange(len(self.arrival_h) + 1)).tolist()
        once = site[is_new]
        return [once[a:b] for a, b in pairwise(bounds)]

    def are_at(self, site: int) -> NDArray[np.bool_]:
        """Whether each trip charges at a site, (n_trips,)."""
        is_there = np.zeros(len(self.arrival_h), np.bool_)
        is_there[self.stop_trip_idx[self.site_idx == site]] = True
        return is_there
