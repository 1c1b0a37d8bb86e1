"""What the layouts of a study are priced with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.costs.layout_costs import Prices
from planner.optimization.objectives import objectives_of
from planner.routing.drivers import drivers_of
from planner.simulation.reference_trips import extra_time, reference_trips
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.model import Scenario


def check_objectives(scenario: Scenario) -> None:
    """Refuse objectives that there are not, or that a study without prices cannot have."""
    has_prices = scenario.infrastructure_costs is not None
    objectives_of(scenario.optimization.objectives, scenario.name, has_prices=has_prices)


def prices_of(scenario: Scenario, inputs: StudyInputs, plans: StopPlans) -> Prices | None:
    """Central values of a study's set of costs, with the trips that count; None without a set."""
    costs = scenario.infrastructure_costs
    counted = np.flatnonzero(inputs.trips.is_counted & plans.is_served)
    if costs is None or not len(counted):
        return None
    drivers = drivers_of(scenario)
    trips, driven = inputs.trips.select(counted), plans.select(counted)
    reference = reference_trips(inputs.graph, trips, drivers)
    days = (scenario.horizon_h - scenario.start_h) / HOURS_PER_DAY
    powers_kw = scenario.chargers.hpc_kw, scenario.chargers.lpc_kw
    factors = costs.of_days(days).factors(*powers_kw)
    return Prices(
        {name: each.central for name, each in factors.items()},
        len(counted) / days,
        float(extra_time(driven, reference, drivers.limits).total_h.sum()) / days,
    )
