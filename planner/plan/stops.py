"""The stops of a scenario's trips."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from planner.routing.drivers import drivers_of
from planner.routing.known_plans import OF_SITES, OF_TRIPS, known_plans
from planner.routing.partitions import PartedTrips, one_after_another, plan_in_partitions
from planner.runs.sources import program_key
from planner.runs.stage_folders import alike, kept_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from planner.plan.study_inputs import StudyInputs
    from planner.routing.partitions import PartitionWorkers
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario

STOPS = "stops"
"""Name of the stage."""
_OF_ROADS = ("arc_from_idx", "arc_to_idx", "arc_length_km", "arc_free_speed_kmh", "arc_road")
"""What stops are planned by of all that is known of roads."""


def plan_trips(
    scenario: Scenario,
    inputs: StudyInputs,
    progress: Advance | None = None,
    *,
    folder: Path | None = None,
    workers: PartitionWorkers = one_after_another,
    earlier: Sequence[Path] = (),
    took_part: Callable[[Path, int], None] | None = None,
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
    earlier : sequence of pathlib.Path
        Folders of plannings of the same family, see :func:`stops_content`: plans that hold here
        too are taken from the one that has most of them.
    took_part : callable, optional
        Told which of these it was, and of how many trips.

    Returns
    -------
    StopPlans
        Stops of every trip.
    """
    parted = PartedTrips.of(inputs.graph, inputs.sites, inputs.trips, drivers_of(scenario))
    known = None
    if earlier and not (folder and any(folder.iterdir())):
        known = known_plans(earlier, parted)
        if known.folder is not None and took_part is not None:
            took_part(known.folder, known.n_known)
    return plan_in_partitions(parted, folder, workers, progress, known)


def kept_stops(scenario: Scenario, inputs: StudyInputs, run_dir: Path) -> list[Path]:
    """Plannings of the same family that a run and those beside it have kept."""
    _, family = stops_content(scenario, inputs)
    return alike(kept_beside(run_dir).values(), STOPS, family)


def stops_content(scenario: Scenario, inputs: StudyInputs) -> tuple[str, str]:
    """All that stops are planned by, hashed.

    Returns
    -------
    content : str
        Of everything: the same where plans are the same.
    family : str
        Of roads, drivers and program alone: where it is the same, plans may hold with other sites
        and trips.
    """
    drivers = json.dumps(drivers_of(scenario), default=_plain)
    roads = inputs.graph
    begin = f"{program_key(__name__)}\0{drivers}\0{roads.n_nodes}\0"
    family = hashlib.sha256(begin.encode())
    for name in _OF_ROADS:
        family.update(_bytes_of(name, getattr(roads, name)))
    content = family.copy()
    for part, names in ((inputs.sites, OF_SITES), (inputs.trips, OF_TRIPS)):
        for name in names:
            content.update(_bytes_of(name, getattr(part, name)))
    return content.hexdigest(), family.hexdigest()


def _plain(value: Any) -> Any:
    """Settings, and what they are made of, as JSON knows it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, np.generic):
        return value.item()
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _bytes_of(name: str, values: Any) -> bytes:
    """Contents of an array, its length before them, text as JSON."""
    array = np.asarray(values)
    whole = json.dumps(array.tolist()).encode() if array.dtype == object else array.tobytes()
    return f"{name} {array.dtype} {array.shape} ".encode() + whole + b"\n"
