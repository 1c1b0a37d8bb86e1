"""The trucks of a study, planned again and again with some of its sites closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.drivers import drivers_of
from planner.routing.site_ways import SiteWays
from planner.routing.stop_planner import plan_stops
from planner.selection.closing import Question
from planner.simulation.reference_trips import reference_trips

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.plan.study_inputs import StudyInputs
    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario


class SiteTrucks:
    """Trucks that plan by earliest arrival, or as the study says, past the sites that are open."""

    def __init__(self, scenario: Scenario, inputs: StudyInputs) -> None:
        self.scenario, self.inputs = scenario, inputs
        trips = inputs.trips
        self.ways = SiteWays(
            inputs.graph, inputs.sites, trips.origin_node_idx, trips.destination_node_idx
        )
        self._drivers = drivers_of(scenario)
        # Without likings of their own no truck is later for a site more, and no loss is negative.
        choice = replace(self._drivers.choice, taste_scale_h=0.0)
        self._earliest = replace(self._drivers, choice=choice)
        self.counted = np.flatnonzero(trips.is_counted)
        """Trips of the horizon, indices."""

    @property
    def drivers(self) -> Drivers:
        """Drivers as the study says."""
        return self._drivers

    def plan(
        self,
        trips: NDArray[np.int64],
        progress: Advance | None = None,
        *,
        has_tastes: bool = False,
    ) -> StopPlans:
        """Plans of some trips."""
        inputs = self.inputs
        return plan_stops(
            inputs.graph,
            inputs.sites,
            inputs.trips.select(trips),
            self._drivers if has_tastes else self._earliest,
            ways=self.ways,
            progress=progress,
        )

    def question(
        self,
        plans: StopPlans,
        lost_trip_h: float,
        latest_h: NDArray[np.float64] | None = None,
        stays: NDArray[np.bool_] | None = None,
    ) -> Question:
        """What closing sites is asked of the trips that count.

        Parameters
        ----------
        plans : StopPlans
            Their plans by earliest arrival with all sites open.
        latest_h, stays : optional
            As for :class:`~planner.selection.closing.Question`.
        """
        n_sites = self.inputs.sites.n_sites
        return Question(
            plans,
            self.ways,
            lambda chosen: self.plan(self.counted[chosen]),
            self._hours_through(),
            lost_trip_h,
            np.full(len(self.counted), np.inf) if latest_h is None else latest_h,
            np.zeros(n_sites, np.bool_) if stays is None else stays,
        )

    def _hours_through(self) -> Callable[[int], NDArray[np.float64]]:
        trips = self.inputs.trips.select(self.counted)
        networks = list(self.ways.networks(self._earliest, trips))
        reference = reference_trips(self.inputs.graph, trips, self._drivers)
        # Whoever drives no less than the quickest way stands no less than on it.
        stands_h = np.nan_to_num(reference.duration_h - reference.drive_h)

        def hours_through(site: int) -> NDArray[np.float64]:
            hours = np.empty(trips.n_trips)
            for network, chosen in networks:
                origin, destination = trips.origin_node_idx, trips.destination_node_idx
                hours[chosen] = self.ways.hours_through(
                    site, network, origin[chosen], destination[chosen]
                )
            return hours + stands_h

        return hours_through
