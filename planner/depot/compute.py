"""A depot's day from its study to its outcome."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from planner.depot.cooptimizer import plan_depot
from planner.depot.depot_inputs import DepotInputs, read_depot
from planner.depot.depot_outcome import DepotOutcome
from planner.files.reading_notes import note_lines, reading_notes
from planner.runs.progress import Quiet, TimedStages

if TYPE_CHECKING:
    from planner.scenario.depot_model import DepotScenario


class DepotRead(NamedTuple):
    """What a depot study names, and what the readers of its files took for granted."""

    inputs: DepotInputs
    notes: tuple[str, ...]


def read_depot_study(scenario: DepotScenario, stages: TimedStages) -> DepotRead:
    """Read what a depot study names."""
    with stages("Reading the depot"), reading_notes() as said:
        inputs = read_depot(scenario)
    notes = note_lines({Path(file).name: texts for file, texts in said.items()})
    return DepotRead(inputs, tuple(notes))


def compute_depot(
    scenario: DepotScenario, read: DepotRead, cache: Path | None, stages: TimedStages
) -> DepotOutcome:
    """Plan a depot's day in all three ways.

    Parameters
    ----------
    cache : pathlib.Path, optional
        Folder in which finished stages are kept.
    stages : TimedStages
        Told of them.
    """
    with stages("Planning tours and charging") as advance:
        days = plan_depot(
            read.inputs.problem,
            read.inputs.site,
            scenario.seed,
            n_iterations=scenario.depot.iterations,
            advance=advance,
            cache=cache,
        )
    return DepotOutcome(scenario, read.inputs, days, read.notes)


def run_depot(scenario: DepotScenario) -> DepotOutcome:
    """Plan a depot's day, without a folder.

    Parameters
    ----------
    scenario : DepotScenario
        From :func:`planner.depot.load_depot`.

    Returns
    -------
    DepotOutcome
        The day in all three ways of planning, with bills and tables.
    """
    stages = TimedStages(Quiet())
    return compute_depot(scenario, read_depot_study(scenario, stages), None, stages)
