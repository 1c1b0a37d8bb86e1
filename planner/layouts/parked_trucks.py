"""``planner parking``: all trucks of a finished run's study on the spaces of its sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.demand.scenario_sites import fleet_trips
from planner.errors import InputDataError, RunDirectoryError
from planner.parking.needs import AllTrucks, parking_needs
from planner.parking.nights import Horizon
from planner.parking.rules import read_parking_rules
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.site_regions import site_regions
from planner.routing.drivers import drivers_of
from planner.runs.random_streams import RandomStreams
from planner.said import said

if TYPE_CHECKING:
    from pathlib import Path

    from planner.parking.needs import ParkingNeeds
    from planner.plan.finished_run import FinishedRun
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.runs.progress import ProgressListener

_STREAM = "parking.where"


@dataclass(frozen=True, slots=True)
class ParkedTrucks:
    """What was found of which run."""

    run: FinishedRun
    needs: ParkingNeeds


def park_trucks_of_run(
    run_dir: Path, solution: str, share_here: float | None, progress: ProgressListener
) -> ParkedTrucks:
    """Let all trucks of a finished run's study, electric or not, take the spaces of its sites.

    Parameters
    ----------
    share_here : float, optional
        Part of breaks and rests without a point that look for a space at the sites.

    Raises
    ------
    InputDataError
        If the study knows no trucks but electric ones.
    RunDirectoryError
        If the folder is not a run, has no such solution, or its inputs have changed.
    """
    run = read_finished_run(run_dir, PLAN)
    with progress.stage(said("Reading roads, sites and trips of all trucks")):
        plan = run.on_roads(solution)
        trucks = _all_trucks(plan, run_dir)
    with progress.stage(said("Parking all trucks")):
        source = plan.scenario.network.source
        needs = parking_needs(trucks, read_parking_rules(), share_here, source)
    return ParkedTrucks(run, needs)


def _all_trucks(plan: SolutionOnRoads, run_dir: Path) -> AllTrucks:
    scenario = plan.scenario
    if "electrification_share" not in type(scenario.demand).model_fields:
        msg = said(
            "{run}: expected a study with a share of electric trucks "
            "(demand.electrification_share), beside which the others park; found the source "
            "{source}",
            run=str(run_dir),
            source=repr(scenario.demand.source),
        )
        raise InputDataError(msg)
    trips = fleet_trips(scenario, plan.graph)
    trips = trips.select(trips.is_counted)
    plans = plan.plans()
    ids = plan.all_trips()["trip_id"].to_numpy(np.int64)
    is_electric = np.isin(trips.trip_id, ids)
    if int(is_electric.sum()) != int((ids >= 0).sum()):
        msg = said(
            "{run}: its trips do not follow from its inputs with this version of the planner; run "
            "the scenario again",
            run=str(run_dir),
        )
        raise RunDirectoryError(msg)
    served = np.flatnonzero(plans.is_served & (ids >= 0))
    regions = site_regions(scenario, plan.sites)
    return AllTrucks(
        plan.graph,
        plan.sites,
        trips,
        drivers_of(scenario),
        is_electric,
        plans.select(served),
        np.searchsorted(trips.trip_id, ids[served]),
        plan.n_hpc,
        plan.n_lpc,
        RandomStreams(scenario.seed).generator(_STREAM).random(trips.n_trips),
        np.full(plan.sites.n_sites, "", dtype=object) if regions is None else regions,
        Horizon(scenario.start_h, scenario.horizon_h - scenario.start_h),
    )
