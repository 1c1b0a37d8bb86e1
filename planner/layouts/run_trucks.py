"""The trucks of a finished run, read again so that they can plan anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import RunDirectoryError
from planner.stages import StudyInputs, read_inputs

if TYPE_CHECKING:
    from pathlib import Path

    from planner.reporting.stored_run import StoredRun


def inputs_of_run(run: StoredRun, run_dir: Path) -> StudyInputs:
    """Read the inputs of a finished run again.

    Parameters
    ----------
    run : StoredRun
        The run.
    run_dir : pathlib.Path
        Its folder, for messages.

    Returns
    -------
    StudyInputs
        Roads, sites and trips.

    Raises
    ------
    RunDirectoryError
        If the trips are no longer those of the run.
    PlannerError
        If an input cannot be read any more.
    """
    inputs = read_inputs(run.scenario)
    if not np.array_equal(inputs.trips.trip_id, run.trips["trip_id"].to_numpy()):
        msg = f"{run_dir}: its demand has changed since; run the scenario again"
        raise RunDirectoryError(msg)
    return inputs
