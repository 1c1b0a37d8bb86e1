"""The stops of a scenario's trips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.routing.drivers import drivers_of
from planner.routing.partitions import PartedTrips, one_after_another, plan_in_partitions

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.study_inputs import StudyInputs
    from planner.routing.partitions import PartitionWorkers
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario


def plan_trips(
    scenario: Scenario,
    inputs: StudyInputs,
    progress: Advance | None = None,
    *,
    folder: Path | None = None,
    workers: PartitionWorkers = one_after_another,
) -> StopPlans:
    """Plan the stops of a scenario's trips, partition by partition.

    Parameters
    ----------
    progress : callable, optional
        Told how many trips of how many are done.
    folder : pathlib.Path, optional
        Where finished partitions are kept; those that are there are not planned again.
    workers : callable
        Who plans the partitions; the plans do not depend on it.

    Returns
    -------
    StopPlans
        Stops of every trip.
    """
    parted = PartedTrips.of(inputs.graph, inputs.sites, inputs.trips, drivers_of(scenario))
    return plan_in_partitions(parted, folder, workers, progress)
