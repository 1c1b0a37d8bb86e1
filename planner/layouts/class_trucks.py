"""Trucks of a run where the high-power points are of two classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.files.row_names import name_list
from planner.routing.drivers import drivers_of
from planner.said import said
from planner.scenario.charger_classes import TwoClasses, two_classes
from planner.simulation.class_demand import ClassDemand, class_demand
from planner.simulation.class_figures import ClassFigures, class_figures
from planner.simulation.class_queues import (
    ClassLayout,
    as_served,
    lacks_connector,
    simulate_classes,
    sites_of_one_class,
)
from planner.simulation.invariants import check_class_queues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.model import Scenario
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout, QueueResult

_SHOWN_SITES = 5


@dataclass(frozen=True, slots=True)
class SimulatedClasses:
    """What trucks meet at points of two classes.

    Parameters
    ----------
    served : ChargingDemand
        Their stops with the power that they draw at the class that served them.
    queues : QueueResult
        Times at their stops.
    whole, at_sites : ClassFigures
        Figures of all sites together, and of each.
    """

    served: ChargingDemand
    queues: QueueResult
    whole: ClassFigures
    at_sites: ClassFigures


@dataclass(frozen=True, slots=True)
class ClassTrucks:
    """Trucks and the two classes of points that they find.

    Parameters
    ----------
    sites : Sites
        Sites of the stops.
    plans : StopPlans
        Their stops as planned.
    """

    classes: TwoClasses
    trucks: ClassDemand
    sites: Sites
    plans: StopPlans

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        vehicle_class_idx: NDArray[np.int16],
        sites: Sites,
        plans: StopPlans,
        demand: ChargingDemand,
    ) -> ClassTrucks:
        """Trucks of a study that names two classes of points."""
        chargers = scenario.chargers
        classes = two_classes(chargers.classes, chargers.hpc_kw, scenario.name)
        both = classes.fast, classes.slow
        trucks = class_demand(demand, plans, drivers_of(scenario), vehicle_class_idx, both)
        return cls(classes, trucks, sites, plans)

    def begun_with(self, points: ChargerLayout) -> ClassLayout:
        """Points of a plan that knows no classes, of the faster class.

        Where trucks stop that lack its connector, one is of the slower class; it stands beside
        the only point of a site where others need that.
        """
        needs_fast, needs_slow = sites_of_one_class(self.trucks)
        n_slow = (needs_slow & (points.n_hpc > 0)).astype(np.int32)
        n_fast = np.maximum(points.n_hpc - n_slow, needs_fast & (n_slow > 0)).astype(np.int32)
        return ClassLayout(n_fast, n_slow, points.n_lpc)

    def met(self, layout: ClassLayout, *, is_checked: bool) -> SimulatedClasses:
        """Simulate a layout of their sites.

        Parameters
        ----------
        is_checked : bool
            Whether the queues are held against the laws of conservation.

        Raises
        ------
        InputDataError
            If trucks stop somewhere that have the connector of no point there.
        """
        self._refuse_layout(layout)
        trucks = self.trucks
        result = simulate_classes(trucks, layout)
        if is_checked:
            check_class_queues(self.plans, trucks.demand, layout, result)
        served = as_served(trucks, result)
        whole, at_sites = (
            class_figures(trucks, layout, result, served, by_site=by_site)
            for by_site in (False, True)
        )
        return SimulatedClasses(served, result.queues, whole, at_sites)

    def without_connector(self, layout: ClassLayout) -> NDArray[np.int64]:
        """Trips whose truck stops where no point has its connector, ascending."""
        demand = self.trucks.demand
        trip = np.repeat(demand.trip_idx, np.diff(demand.trip_stop_offset))
        return np.unique(trip[lacks_connector(self.trucks, layout)]).astype(np.int64)

    def _refuse_layout(self, layout: ClassLayout) -> None:
        trucks, classes = self.trucks, self.classes
        short = lacks_connector(trucks, layout)
        for name, takes in (
            (classes.slow_name, trucks.takes_slow),
            (classes.fast_name, trucks.takes_fast),
        ):
            lacking = np.unique(trucks.demand.stop_site_idx[short & takes])
            if len(lacking):
                where = name_list([str(each) for each in self.sites.name[lacking]], _SHOWN_SITES)
                msg = said(
                    "{where}: expected at least one point of the class {name}, the only one whose "
                    "connector some trucks have that stop there; found none",
                    where=where,
                    name=name,
                )
                raise InputDataError(msg)
