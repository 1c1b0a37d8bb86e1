"""What a finished run tells of its trips and sites, for what they avoid."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from planner.costs.climate import PlanOfRun, TripsOfRun, check_energy
from planner.costs.site_costs import SiteLoad
from planner.errors import RunDirectoryError
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.plan.trip_schemas import STOPS, TRIPS
from planner.routing.stop_plans import TripStatus
from planner.runs.manifests import MANIFEST
from planner.said import said
from planner.scenario.infrastructure_costs import CostSet, read_cost_set
from planner.scenario.yaml_files import validated
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from planner.costs.climate_factors import ClimateFactors
    from planner.plan.finished_run import FinishedRun

_KWH_PER_MWH = 1000.0


def run_labels(folders: Sequence[Path]) -> list[str]:
    """What runs are called: their folders, with those above where several have one name."""
    found = [folder.resolve() for folder in folders]
    last = [folder.name for folder in found]
    if len(set(last)) == len(last):
        return last
    above = Path(os.path.commonpath(found))
    return [folder.relative_to(above).as_posix() for folder in found]


def climate_inputs(run: FinishedRun, label: str) -> TripsOfRun:
    """Trips and named plans of a finished run, from its own tables.

    Parameters
    ----------
    label : str
        What the run is called.

    Raises
    ------
    RunDirectoryError
        If no trip of it is driven.
    InvariantError
        If its tables tell other energies.
    """
    scenario = run.scenario
    days = len(scenario["demand"]["days"])
    trips = run.table(TRIPS)
    driven = trips[trips["status"] == TripStatus.SERVED.name.lower()]
    if driven.empty:
        msg = said(
            "{run}: no trip of this run is driven; there is nothing to replace",
            run=str(run.folder),
        )
        raise RunDirectoryError(msg)
    stops = run.table(STOPS)
    on_way_kwh = stops.loc[stops["trip_id"].isin(driven["trip_id"]), "energy_kwh"].sum()
    classes: dict[str, dict[str, Any]] = scenario["vehicles"]["classes"]
    loaded, empty = (
        driven["vehicle_class"].map(
            {name: each[f"consumption_{kind}_kwh_km"] for name, each in classes.items()}
        )
        for kind in ("loaded", "empty")
    )
    used_kwh = driven["distance_km"] * np.where(driven["is_loaded"], loaded, empty)
    sites, hours = run.sites(), run.table(SITE_HOURS)
    share = run.level_share
    return TripsOfRun(
        run=label,
        level_share=np.nan if share is None else share,
        km_day=float(driven["direct_distance_km"].sum()) / days,
        used_kwh_day=float(used_kwh.sum()) / days,
        on_way_kwh_day=float(on_way_kwh) / days,
        powers_kw=(scenario["chargers"]["hpc_kw"], scenario["chargers"]["lpc_kw"]),
        plans=tuple(
            _plan(
                named.name,
                float(run.front[MEAN_WAIT.name].iloc[named.solution]),
                sites[sites["solution_name"] == named.name],
                hours[hours["solution_name"] == named.name],
                days,
            )
            for named in run.named_solutions
        ),
    )


def wait_h_day(sites: pd.DataFrame, days: int) -> float:
    """Hours of waiting for high-power points on the mean day, of a plan's rows of ``SITES``."""
    wait_min = sites[MEAN_WAIT.name].fillna(0.0) * sites["n_sessions_hpc"]
    return float(wait_min.sum()) / 60.0 / days


def _plan(
    name: str, mean_wait_min: float, sites: pd.DataFrame, hours: pd.DataFrame, days: int
) -> PlanOfRun:
    by_hour = hours.groupby("hour_of_day")["power_kw"].sum().reindex(range(HOURS_PER_DAY))
    plan = PlanOfRun(
        name=name,
        mean_wait_min=mean_wait_min,
        wait_h_day=wait_h_day(sites, days),
        sites=SiteLoad(
            sites["n_hpc"].to_numpy(np.int64),
            sites["n_lpc"].to_numpy(np.int64),
            sites["peak_power_kw"].to_numpy(np.float64),
            _KWH_PER_MWH * sites["energy_mwh"].to_numpy(np.float64) / days,
        ),
        hour_kwh=by_hour.to_numpy(np.float64),
    )
    check_energy(plan)
    return plan


def costs_by_year(factors: ClimateFactors, run: FinishedRun) -> dict[str, CostSet]:
    """What prices the sites of a run in each year: its study's own set, else that of the year.

    Raises
    ------
    ScenarioError
        If there is no set of the name that a year has.
    """
    own = run.scenario.get("infrastructure_costs")
    if own is not None:
        used = validated(TypeAdapter(CostSet), own, str(run.folder / MANIFEST), {})
        sets = dict.fromkeys(factors.years, used)
    else:
        sets = {year: read_cost_set(each.costs) for year, each in factors.years.items()}
    n_days = len(run.scenario["demand"]["days"])
    return {year: each.of_days(n_days) for year, each in sets.items()}
