"""The stops of a scenario's trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.routing.drivers import drivers_of
from planner.routing.stop_planner import plan_stops

if TYPE_CHECKING:
    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario


def plan_trips(
    scenario: Scenario, inputs: StudyInputs, progress: Advance | None = None
) -> StopPlans:
    """Plan the stops of a scenario's trips.

    Parameters
    ----------
    progress : callable, optional
        Told how many trips of how many are done.

    Returns
    -------
    StopPlans
        Stops of every trip.
    """
    return plan_stops(
        inputs.graph, inputs.sites, inputs.trips, drivers_of(scenario), progress=progress
    )
