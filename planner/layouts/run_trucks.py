"""The trucks of a finished run, read again so that they can plan anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.errors import RunDirectoryError
from planner.plan.input_files import input_files
from planner.plan.selected_sites import with_sites
from planner.plan.solution_on_roads import refuse_changed_inputs
from planner.plan.study_inputs import StudyInputs, read_inputs
from planner.plan.warm_up import INITIAL_SOC_FILE, drawing_from
from planner.runs.manifests import read_manifest
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.solution_on_roads import SolutionOnRoads


def inputs_of_run(run: SolutionOnRoads, run_dir: Path) -> StudyInputs:
    """Read the inputs of a finished run again.

    Parameters
    ----------
    run_dir : pathlib.Path
        Its folder, for messages.

    Returns
    -------
    StudyInputs
        Roads, sites and trips.

    Raises
    ------
    RunDirectoryError
        If an input has changed since, or gives other trips with this version of the planner.
    PlannerError
        If an input cannot be read any more.
    """
    stored_sha256 = read_manifest(run_dir)["provenance"]["inputs_sha256"]
    refuse_changed_inputs(input_files(run.scenario), stored_sha256, run_dir)
    scenario = run.scenario
    if scenario.demand.initial_soc.is_warmed_up:
        scenario = drawing_from(scenario, run_dir / INITIAL_SOC_FILE)
    inputs = read_inputs(scenario)
    if not np.array_equal(inputs.trips.trip_id, run.all_trips()["trip_id"].to_numpy()):
        msg = said(
            "{run}: its trips do not follow from its inputs with this version of the planner; run "
            "the scenario again",
            run=str(run_dir),
        )
        raise RunDirectoryError(msg)
    # Sites that the study's selection has closed were no part of the plan.
    return with_sites(inputs, np.isin(inputs.sites.site_id, run.sites.site_id))
