"""Exact plans of trips of trucks that find the same roads, and further tries for those without."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.plan_batches import plan_in_batches, rows_for_plans
from planner.routing.plan_rows import pair_of_trip, put_plans, put_served, some_rows, trip_rows
from planner.routing.range_kernel import are_out_of_range
from planner.routing.site_legs import SiteLegs, site_legs
from planner.routing.stop_plans import TripStatus
from planner.routing.unserved_trips import reaches_nothing

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.plan_writing_kernel import PlanRows
    from planner.routing.site_ways import SiteWays
    from planner.routing.stop_planner_kernel import Choice, TripRows

_NO_SITE_KM = np.array([-np.inf])
"""Widths of corridors without any site."""


class ExactGroup(NamedTuple):
    """Trips of trucks of one speed, in the order of ``rows``, planned as they arrive first."""

    graph: RoadGraph
    sites: Sites
    legs: SiteLegs
    trips: Trips
    rows: TripRows
    choice: Choice
    drivers: Drivers
    ways: SiteWays | None

    def plans(self, report: Callable[[int], None]) -> PlanRows:
        """Plan all of them, with further tries for those that find no plan at first."""
        keeping = self.rows._replace(floor_kwh=self.rows.truck[:, 1].copy())
        planned = self._search(keeping, self.legs, self.choice, report)
        unserved = np.flatnonzero(
            (planned.status != TripStatus.SERVED) & (planned.status != TripStatus.NO_ROUTE)
        )
        if len(unserved) == 0:
            return planned
        shortest = self._shortest_legs(unserved)
        lost = np.flatnonzero(planned.status == TripStatus.NO_SITE_IN_RANGE)
        if len(lost):
            rows, again = self._some(lost, shortest, keeps_minimum=True)
            planned = put_served(planned, again, self._plan(rows, again, shortest))
        # Which of those still lost are the network's fault, and which the truck's? The quickest
        # ways answer for most, in less time than the shortest past all sites.
        for legs in (self.legs, shortest):
            lost = np.flatnonzero(planned.status == TripStatus.NO_SITE_IN_RANGE)
            if len(lost):
                rows, again = self._some(lost, legs, keeps_minimum=True)
                full = rows._replace(initial_kwh=rows.truck[:, 0].copy())
                if_full = self._plan(full, again, legs)
                too_low = again[if_full.status == TripStatus.SERVED]
                planned.status[too_low] = TripStatus.STARTS_TOO_LOW
        for legs in (self.legs, shortest):
            starts_low = np.isin(
                planned.status, (TripStatus.STARTS_TOO_LOW, TripStatus.STARTS_BELOW_MINIMUM)
            )
            low = np.flatnonzero(starts_low & (self.rows.floor_kwh < keeping.floor_kwh))
            if len(low):
                rows, again = self._some(low, legs, keeps_minimum=False)
                planned = put_served(planned, again, self._plan(rows, again, legs))
        return planned

    def _shortest_legs(self, chosen: NDArray[np.int64]) -> SiteLegs:
        """Shortest instead of quickest ways of some trips."""
        if self.ways is not None:
            return self.ways.legs(self.legs.network, shortest=True)
        trips = self.trips.select(chosen)
        ends = (trips.origin_node_idx, trips.destination_node_idx)
        return site_legs(self.graph, self.sites, self.legs.network, *ends, shortest=True)

    def _some(
        self, chosen: NDArray[np.int64], legs: SiteLegs, *, keeps_minimum: bool
    ) -> tuple[TripRows, NDArray[np.int64]]:
        """Rows of some trips on some ways, and which trips they are."""
        rows, order = trip_rows(
            self.trips.select(chosen), self.rows.truck[chosen], legs, self.drivers
        )
        if keeps_minimum:
            rows = rows._replace(floor_kwh=rows.truck[:, 1].copy())
        return rows, chosen[order]

    def _plan(self, rows: TripRows, chosen: NDArray[np.int64], legs: SiteLegs) -> PlanRows:
        """Plan some trips, on the shortest ways among all sites."""
        choice = self.choice._replace(queues=self.choice.queues.of_trips(chosen))
        if legs is not self.legs:
            choice = choice._replace(detour_km=np.array([np.inf]))
        return self._search(rows, legs, choice, lambda _: None)

    def _search(
        self, rows: TripRows, legs: SiteLegs, choice: Choice, report: Callable[[int], None]
    ) -> PlanRows:
        """Plan trips; those that reach no place at all are not looked for among all sites.

        A search among thousands of sites takes a second and a gigabyte.
        """
        limits = self.drivers.limits
        is_stuck = reaches_nothing(rows, legs)
        if self.ways is not None and legs.is_closed.any():
            least_km = self.ways.least_km(legs.network)
            pair = pair_of_trip(rows)
            is_stuck |= are_out_of_range(pair, rows, least_km, legs.is_closed)
        if not is_stuck.any():
            return plan_in_batches(rows, legs, choice, limits, report)
        planned = rows_for_plans(len(is_stuck))
        n_done = 0
        for some, widths in ((is_stuck, _NO_SITE_KM), (~is_stuck, choice.detour_km)):
            row = np.flatnonzero(some)
            of_some = choice._replace(detour_km=widths, queues=choice.queues.of_trips(row))

            def told(n_planned: int, n_before: int = n_done) -> None:
                report(n_before + n_planned)

            part = plan_in_batches(some_rows(rows, row), legs, of_some, limits, told)
            planned = put_plans(planned, row, part)
            n_done += len(row)
        return planned
