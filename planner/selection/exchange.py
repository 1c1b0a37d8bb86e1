"""Exchange an open site with a closed one while trips gain by it, until none does.

What remains after closing one by one is the outcome of a greedy order. Here each closed site is
tried in the place of each open one (the interchange of Teitz and Bart 1968). Most pairs need not
be planned: no truck is better off by a site than its least time through it allows, which bounds
what an exchange can bring. A set at which no single exchange helps is stable; it is not proved to
be the best of its size. Where trips are many, a part of them proposes exchanges, and all decide: an
exchange by which only trips gain that are not asked is then missed.
"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.runs.progress import Advance
    from planner.selection.closing import Closing, Tried

MOST_PLANS_PER_TRIP = 25
"""Every trip is planned so often at most on average, so that an answer comes for large networks."""
MOST_NEAR = 300
"""Sets one or two exchanges away that are all planned in full where they are no more than this."""

_LEAST_GAIN_H = 1e-6
"""Gains below this are rounding errors."""


class Exchange:
    """Single exchanges on top of a state of closing.

    Parameters
    ----------
    closing : Closing
        The state; changed in place.
    stays : (n_sites,) bool
        Sites that do not close.
    progress : callable, optional
        Told how many closed sites of how many were tried since the last exchange.
    scout : Exchange, optional
        The same exchanges for a part of the trips, at the same sites: what it finds is tried.
    """

    def __init__(
        self,
        closing: Closing,
        stays: NDArray[np.bool_],
        progress: Advance = lambda _, __: None,
        scout: Exchange | None = None,
    ) -> None:
        self._scout = scout
        self._closing, self._stays, self._progress = closing, stays, progress
        self._plans_left = MOST_PLANS_PER_TRIP * len(closing.fleet.arrival_h)
        self._openings: dict[int, Tried] = {}
        self._through: tuple[int, NDArray[np.float64]] | None = None
        self.n_exchanged = 0

    @property
    def is_stable(self) -> bool:
        """Whether it ended because no exchange helps, not because it had tried enough."""
        return self._plans_left > 0 and (self._scout is None or self._scout.is_stable)

    def run(
        self,
        is_enough: Callable[[], bool] = lambda: False,
        told: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Exchange until nothing is gained, or enough is.

        Parameters
        ----------
        is_enough : callable
            Whether the present set will do.
        told : callable
            Told how many exchanges were made.
        """
        closing = self._closing
        was_closed, was_h = closing.ways.is_closed.copy(), self._cost_h()
        while not is_enough() and self.is_stable and self._improve():
            self.n_exchanged += 1
            told(self.n_exchanged)
        closing.plan_all()
        if self._cost_h() > was_h:
            closing.go_back(was_closed)

    def _cost_h(self) -> float:
        return self._closing.fleet.loss().hours(self._closing.question.lost_trip_h)

    def run_by_two(self, is_enough: Callable[[], bool] = lambda: False) -> None:
        """Where few sets are one or two exchanges away, plan all of them, until none is better."""
        closing = self._closing
        while not is_enough():
            was_closed = closing.ways.is_closed.copy()
            near = self._near(was_closed)
            if len(near) > MOST_NEAR:
                return
            least_h = self._cost_h() - _LEAST_GAIN_H
            best = was_closed
            for is_closed in near:
                closing.go_back(is_closed)
                if self._cost_h() < least_h:
                    least_h = self._cost_h() - _LEAST_GAIN_H
                    best = is_closed
            closing.go_back(best)
            if best is was_closed:
                return
            self.n_exchanged += 1

    def _near(self, is_closed: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
        """Sets that differ by one or two exchanges; a few too many where there are too many."""
        closed = np.flatnonzero(is_closed).tolist()
        may_close = np.flatnonzero(~is_closed & ~self._stays).tolist()
        near: list[NDArray[np.bool_]] = []
        for n in (1, 2):
            for pair in product(combinations(closed, n), combinations(may_close, n)):
                if len(near) > MOST_NEAR:
                    return near
                other = is_closed.copy()
                other[list(pair[0])], other[list(pair[1])] = False, True
                near.append(other)
        return near

    def _improve(self) -> bool:
        """Make the first exchange that helps; of sites to open the most useful one first."""
        if self._scout is not None:
            return self._scout.improve(self._make_if_better)
        return self.improve(lambda _, __: True)

    def _make_if_better(self, site: int, other: int) -> bool:
        """Open a site and close another, if that helps."""
        opening = self._opening(site)
        gain_h = -opening.loss.hours(self._closing.question.lost_trip_h)
        if self._cost_of_both(site, opening, other) >= gain_h - _LEAST_GAIN_H:
            return False
        self._closing.open_again(site, opening)
        self._closing.close(other)
        return True

    def improve(self, is_wanted: Callable[[int, int], bool]) -> bool:
        """Make the first exchange that helps and that is wanted.

        Parameters
        ----------
        is_wanted : callable
            Told which site would open and which close.
        """
        closing = self._closing
        closed = np.flatnonzero(closing.ways.is_closed).tolist()
        lost_trip_h = closing.question.lost_trip_h
        gains = []
        for n_tried, site in enumerate(closed, start=1):
            opening = self._opening(site)
            self._progress(n_tried, len(closed))
            gains.append((opening.loss.hours(lost_trip_h), site))
        for loss_h, site in sorted(gains):
            if -loss_h < _LEAST_GAIN_H:
                return False
            if self._exchange_for(site, -loss_h, is_wanted):
                return True
        return False

    def _opening(self, site: int) -> Tried:
        """What opening a site brings now."""
        fleet = self._closing.fleet
        trips = fleet.might_change(self._closing.question.hours_through(site))
        known = self._openings.get(site)
        if (
            known is not None
            and np.array_equal(known.trips, trips)
            and not (len(trips) and fleet.changed_at[trips].max() > known.at)
            and not self._uses_closed(known, but=site)
        ):
            return known
        self._plans_left -= len(trips)
        self._openings[site] = self._closing.look_at_opening(site, trips, known)
        return self._openings[site]

    def _uses_closed(self, tried: Tried, but: int) -> bool:
        used = tried.plans.site_idx
        return bool(self._closing.ways.is_closed[used[used != but]].any())

    def _exchange_for(
        self, site: int, gain_h: float, is_wanted: Callable[[int, int], bool]
    ) -> bool:
        """Open a site and close another, if there is one that costs less than this gains."""
        closing = self._closing
        opening = self._openings[site]
        candidates = [each for each in closing.open_sites if not self._stays[each]]
        costs = self._least_costs(site, opening, candidates)
        for bound_h, other in sorted(zip(costs, candidates, strict=True)):
            if bound_h >= gain_h - _LEAST_GAIN_H or not self.is_stable:
                return False
            cost_h = self._cost_of_both(site, opening, other)
            if cost_h < gain_h - _LEAST_GAIN_H and is_wanted(site, other):
                closing.open_again(site, opening)
                closing.close(other)
                return True
        return False

    def _least_costs(self, site: int, opening: Tried, candidates: list[int]) -> list[float]:
        """What closing each site costs at least once another one is open, hours."""
        closing, fleet = self._closing, self._closing.fleet
        now_h = fleet.arrival_h.copy()
        now_h[opening.trips] = opening.arrival_h
        through_h = self._through_h(site)
        costs = []
        for other in candidates:
            tried = closing.up_to_date(other)
            trips = tried.trips
            at_best_h = np.fmax(now_h[trips], np.fmin(tried.arrival_h, through_h[trips]))
            at_best_h[np.isnan(tried.arrival_h) & np.isnan(through_h[trips])] = np.nan
            costs.append(fleet.cost_h(trips, at_best_h) - fleet.cost_h(trips, now_h[trips]))
        return costs

    def _through_h(self, site: int) -> NDArray[np.float64]:
        """Earliest arrival of each trip through a site, NaN where that is too late for it."""
        if self._through is None or self._through[0] != site:
            closing = self._closing
            through_h = closing.fleet.entry_h + closing.question.hours_through(site)
            # A trip that is lost without the site may be driven through it, within its time.
            through_h[through_h > closing.question.latest_h] = np.nan
            through_h[np.isinf(through_h)] = np.nan
            self._through = site, through_h
        return self._through[1]

    def _cost_of_both(self, site: int, opening: Tried, other: int) -> float:
        """What closing one site costs once another one is open, hours, exactly."""
        closing, fleet = self._closing, self._closing.fleet
        without = closing.up_to_date(other)
        # Trips that stay where they are on the other's closing, with the new site or without.
        is_opened = np.isin(without.trips, opening.trips)
        could_gain = self._through_h(site)[without.trips] < np.where(
            np.isnan(without.arrival_h), np.inf, without.arrival_h
        )
        might_change = could_gain | without.plans.may_get_later
        as_before = np.flatnonzero(~is_opened & ~might_change)
        moved = opening.trips[opening.plans.are_at(other)]
        chosen = np.union1d(without.trips[~is_opened & might_change], moved)
        self._plans_left -= len(chosen) + len(as_before)
        now_h = fleet.arrival_h.copy()
        now_h[opening.trips] = opening.arrival_h
        is_closed = closing.ways.is_closed
        is_closed[site], is_closed[other] = False, True
        plans = closing.question.planned(chosen)
        is_closed[site], is_closed[other] = True, False
        trips = np.concatenate([chosen, without.trips[as_before]])
        arrival_h = np.concatenate([fleet.arrivals(chosen, plans), without.arrival_h[as_before]])
        return fleet.cost_h(trips, arrival_h) - fleet.cost_h(trips, now_h[trips])
