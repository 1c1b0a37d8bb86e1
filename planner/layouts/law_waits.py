"""Which waits the law alone would give at shares of electric trucks: its price for trucks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.afir.columns import AFIR_WAITS
from planner.errors import InputDataError
from planner.plan.stages import charging_demand, replan_trips
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import read_inputs
from planner.plan.warm_up import INITIAL_SOC_FILE, drawing_from
from planner.reporting.layout_files import layout_table
from planner.said import said
from planner.simulation.invariants import check_queues
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import ProgressListener
    from planner.scenario.model import Scenario
    from planner.simulation.metrics import LayoutFigures


def read_levels(text: str) -> list[float]:
    """Shares of a list of percentages as an option of a command has it, ascending.

    Raises
    ------
    InputDataError
        If one is no number above 0 and at most 100.
    """
    shares = set()
    for part in text.replace(";", ",").replace("%", "").split(","):
        try:
            percent = float(part)
        except ValueError:
            percent = np.nan
        if not 0.0 < percent <= 100.0:
            msg = said(
                "--levels: expected percentages above 0 and up to 100, with commas between, as in "
                "1,5,10; found {found}",
                found=repr(part.strip()),
            )
            raise InputDataError(msg)
        shares.add(percent / 100.0)
    return sorted(shares)


def waits_of_law(
    run: SolutionOnRoads,
    run_dir: Path,
    n_hpc: NDArray[np.int64],
    shares: Sequence[float],
    listener: ProgressListener,
    *,
    learn_queues: bool = False,
) -> pd.DataFrame:
    """Let the trucks of a run's study, as many as each share says, charge at a layout alone.

    Trucks plan their stops at its sites; there are no points for the night but these.

    Parameters
    ----------
    n_hpc : (n_sites,) int64
        Points of the layout at the run's sites.
    shares : sequence of float
        Shares of electric trucks.
    learn_queues : bool
        Whether trucks also learn the queues there and stop elsewhere.

    Returns
    -------
    DataFrame
        ``AFIR_WAITS``.

    Raises
    ------
    InputDataError
        If the layout is empty, or the study's demand knows no share of electric trucks.
    """
    scenario = run.scenario
    if "electrification_share" not in type(scenario.demand).model_fields:
        msg = said(
            "{run}: --levels: expected a demand with a share of electric trucks "
            "(demand.electrification_share); found the source {source}; leave out --levels",
            run=str(run_dir),
            source=repr(scenario.demand.source),
        )
        raise InputDataError(msg)
    if not n_hpc.any():
        msg = said(
            "{run}: --levels: expected sites that can be pools in the sense of the law; found "
            "none; give them larger grid connections, or leave out --levels",
            run=str(run_dir),
        )
        raise InputDataError(msg)
    if scenario.demand.initial_soc.is_warmed_up:
        scenario = drawing_from(scenario, run_dir / INITIAL_SOC_FILE)
    rows = [
        _at(_with_share(scenario, share), run.sites, n_hpc, share, listener, learn=learn_queues)
        for share in shares
    ]
    return pd.DataFrame(rows, columns=AFIR_WAITS.column_names)


def _with_share(scenario: Scenario, share: float) -> Scenario:
    demand = scenario.demand.model_copy(update={"electrification_share": share})
    return scenario.model_copy(update={"demand": demand})


def _at(
    scenario: Scenario,
    sites: Sites,
    n_hpc: NDArray[np.int64],
    share: float,
    listener: ProgressListener,
    *,
    learn: bool,
) -> dict[str, float | int]:
    percent = f"{100.0 * share:g} %"
    with listener.stage(said("Reading roads and trips at {share}", share=percent)):
        inputs = read_inputs(scenario)
    is_open = n_hpc > 0
    trips = inputs.trips
    here = replace(inputs, sites=sites.select(is_open))
    with listener.stage(said("Planning stops at {share}", share=percent)) as advance:
        plans = plan_trips(scenario, here, advance)
    points = n_hpc[is_open].astype(np.int32)
    layout = ChargerLayout(points, np.zeros_like(points))
    figures, met = _met(scenario, here, plans, layout)
    replanned_wait_min = np.nan
    if learn:
        with listener.stage(said("Replanning at {share}", share=percent)) as advance:
            learned = replan_trips(scenario, here, plans, layout, advance).plans
        replanned_wait_min = _met(scenario, here, learned, layout)[0].mean_wait_min
    unserved = ~plans.is_served[trips.is_counted]
    return {
        "level_share": share,
        "n_trips_day": float(len(unserved)) / len(scenario.demand.days),
        "n_sites": len(points),
        "n_hpc": int(points.sum()),
        MEAN_WAIT.name: figures.mean_wait_min,
        P95_WAIT.name: figures.p95_wait_min,
        f"replanned_{MEAN_WAIT.name}": replanned_wait_min,
        "long_wait_share": figures.long_wait_share,
        "utilisation_share": figures.tcu_share,
        "n_overloaded": int((met["keeps_up"] == "no").sum()),
        "unserved_share": float(unserved.mean()) if len(unserved) else 0.0,
    }


def _met(
    scenario: Scenario, here: StudyInputs, plans: StopPlans, layout: ChargerLayout
) -> tuple[LayoutFigures, pd.DataFrame]:
    """What trucks with these plans meet: figures of the layout and of each site."""
    demand = charging_demand(scenario, here.trips.vehicle_class_idx, plans, here.sites.n_sites)
    result = simulate(demand, layout)
    check_queues(plans, demand, layout, result)
    figures = layout_figures(demand, result, layout)
    return figures, layout_table(here.sites, demand, result, layout)
