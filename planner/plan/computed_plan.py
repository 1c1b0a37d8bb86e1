"""What the rooms before the plan computed for a scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.routing.drivers import drivers_of
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.queues import ChargerLayout

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.optimization.optimize import OptimizationResult
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.model import Scenario
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.replanning import ReplanningResult


@dataclass(frozen=True, slots=True)
class ComputedPlan:
    """Everything that the rooms before this one computed for a scenario.

    Parameters
    ----------
    trips : Trips
        Electric trips, those of the days before the horizon included.
    demand : ChargingDemand
        The stops as the queues see them.
    optimization : OptimizationResult
        The front and how it was found.
    comparison : DataFrame
        How other methods did, see :mod:`planner.optimization.comparison`.
    replanning : ReplanningResult, optional
        How trucks learned the queues of the balanced layout, where they did.
    rounds : DataFrame, optional
        Searches with replanning between them, where there were several; see
        :class:`~planner.optimization.replanned_front.ReplannedFront`.
    region_of_site : (n_sites,) object, optional
        Region of each site, empty where it lies in none; None without regions.
    """

    scenario: Scenario
    graph: RoadGraph
    sites: Sites
    trips: Trips
    plans: StopPlans
    demand: ChargingDemand
    optimization: OptimizationResult
    comparison: pd.DataFrame
    replanning: ReplanningResult | None = None
    rounds: pd.DataFrame | None = None
    region_of_site: NDArray[np.object_] | None = None

    def demand_of(self, plans: StopPlans) -> ChargingDemand:
        """Other plans of the same trips as the queues see them."""
        return demand_of_trucks(
            plans,
            drivers_of(self.scenario),
            self.trips.vehicle_class_idx,
            n_sites=self.demand.n_sites,
            start_h=self.demand.start_h,
            horizon_h=self.demand.horizon_h,
        )

    def trips_that_count(self) -> ComputedPlan:
        """The plan with the horizon's own trips alone; its demand still has all stops."""
        return self._with_trips(self.trips.is_counted)

    def warm_up_trips(self) -> ComputedPlan:
        """The plan with the trips of the days before alone; its demand still has all stops."""
        return self._with_trips(~self.trips.is_counted)

    def _with_trips(self, chosen: NDArray[np.bool_]) -> ComputedPlan:
        trips, plans = self.trips.select(chosen), self.plans.select(np.flatnonzero(chosen))
        return replace(self, trips=trips, plans=plans)

    def layout(self, solution: int) -> ChargerLayout:
        """Layout of a solution of the front."""
        front = self.optimization.front
        return ChargerLayout(front.n_hpc[solution], front.n_lpc)

    def vehicle_values(self, attribute: str) -> NDArray[np.float64]:
        """Value of a vehicle attribute for each trip, (n_trips,)."""
        classes = self.scenario.vehicles.classes.values()
        by_class = np.array([getattr(vehicle, attribute) for vehicle in classes], dtype=np.float64)
        values: NDArray[np.float64] = by_class[self.trips.vehicle_class_idx]
        return values
