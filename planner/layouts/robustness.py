"""``planner robust``: the plans of a finished run where something comes otherwise than planned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from planner.errors import InputDataError, ScenarioError
from planner.layouts.changed_trucks import CONSUMPTION, RunTrucks, with_vehicles_scaled
from planner.layouts.site_change import site_named
from planner.optimization.robust_columns import (
    IN_WORST,
    OF_STUDY,
    ON_MEAN,
    ROBUST_CASES,
    ROBUST_FRONT,
    ROBUST_PLANS,
    ROBUST_SCENARIOS,
    ROBUST_VALUE,
    STUDY,
)
from planner.optimization.robust_layouts import DemandScenarios, JudgedLayouts, robust_layouts
from planner.plan.draws import trucks_at_open_sites
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.schemas import LAYOUTS
from planner.plan.stages import charging_demand
from planner.plan.study_inputs import layout_limits
from planner.said import joined, said
from planner.scenario.robustness import winter_consumption
from planner.simulation.queues import ChargerLayout, evaluate_layouts
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC, TCU

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.plan.finished_run import FinishedRun
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.runs.progress import ProgressListener
    from planner.scenario.model import Scenario
    from planner.scenario.robustness import Robustness
    from planner.simulation.charging_demand import ChargingDemand
    from planner.tables.table import Table

_N_TOTALS = 15
"""Numbers of points that fronts are drawn with, beside those of named plans."""


class Case(NamedTuple):
    """A scenario, and what trucks ask for in it.

    Parameters
    ----------
    differs : str
        What comes otherwise than in the study.
    demand : ChargingDemand
        At all sites of the run.
    """

    name: str
    weight: float
    differs: str
    demand: ChargingDemand
    n_trips: int
    n_unserved: int


@dataclass(frozen=True, slots=True)
class RobustPlans:
    """Plans of a run in every scenario, and plans made for all of them.

    Parameters
    ----------
    tables : list
        ``ROBUST_SCHEMAS`` in their order, with what they hold.
    layouts : dict of str to DataFrame
        ``site_id``, ``name``, ``n_hpc`` and ``n_lpc`` of the plans that were made.
    n_points : int
        HPC points of these, at most.
    n_layouts : int
        Layouts that were judged.
    """

    run: FinishedRun
    tables: list[tuple[Table, pd.DataFrame]]
    layouts: dict[str, pd.DataFrame]
    n_points: int
    n_layouts: int


def robust_plans(
    run_dir: Path, asked: Robustness, where: str, n_points: int | None, progress: ProgressListener
) -> RobustPlans:
    """Hold the plans of a finished run against scenarios, and make plans for all of these.

    Parameters
    ----------
    where : str
        Where the scenarios were asked for, for messages.
    n_points : int, optional
        HPC points of plans made here; as many as the plan shown first has by default.

    Raises
    ------
    PlannerError
        If the folder is not a run, its inputs have changed, a scenario is not valid for it, or
        as many points cannot be had.
    """
    finished = read_finished_run(run_dir, PLAN)
    shown = finished.default_solution
    run = finished.on_roads(shown.name)
    front = finished.table(LAYOUTS)["n_hpc"].to_numpy(np.int32).reshape(-1, run.sites.n_sites)
    with progress.stage("Reading roads and trips"):
        trucks = RunTrucks.of(run, run_dir)
    wanted = _wanted(trucks, run, asked, where)
    at_open = _AtOpenSites(run, trucks, np.asarray((front > 0).all(axis=0)))
    cases = [at_open.as_planned(asked.study_weight)]
    if not cases[0].demand.n_stops:
        msg = said(
            "{run}: no truck of this run charges on its way; there is nothing to hold",
            run=str(run_dir),
        )
        raise InputDataError(msg)
    with progress.stage("Planning stops in every scenario") as advance:
        for done, each in enumerate(wanted, start=1):
            cases.append(at_open.otherwise(each))
            advance(done, len(wanted))
    scenarios = DemandScenarios.of(
        [each.demand for each in cases],
        [each.weight for each in cases],
        run.n_lpc.astype(np.int32),
        at_open.has_hpc,
        layout_limits(run.scenario, run.graph, run.sites, run.plans()),
    )
    named = {each.name: front[each.solution] for each in finished.named_solutions}
    points = int(named[shown.name].sum()) if n_points is None else n_points
    _check_points(points, scenarios, run_dir)
    with progress.stage("Planning for all scenarios") as advance:
        judged = robust_layouts(scenarios, front, _totals(points, named, scenarios), advance)
    made = {
        OF_STUDY: judged.best_of_study(points),
        ON_MEAN: judged.least(judged.expected_min, points),
        IN_WORST: judged.least(judged.worst_min, points),
    }
    rows = {name: judged.row_of(layout) for name, layout in named.items()} | made
    tables = _tables(cases, scenarios, judged, rows, made[ON_MEAN])
    layouts = {
        name: pd.DataFrame(
            {
                "site_id": run.sites.site_id,
                "name": run.sites.name,
                "n_hpc": judged.n_hpc[row],
                "n_lpc": run.n_lpc,
            }
        )
        for name, row in made.items()
    }
    return RobustPlans(finished, tables, layouts, points, len(judged.n_hpc))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A scenario that is to be looked at."""

    name: str
    weight: float
    differs: str
    scenario: Scenario
    lost: int | None


def _wanted(
    trucks: RunTrucks, run: SolutionOnRoads, asked: Robustness, where: str
) -> list[_Wanted]:
    """All scenarios with their draws, each valid."""
    wanted, faults = [], []
    for each in asked.scenarios:
        try:
            scenario = trucks.study_with(each.set, f"{where}, {each.name}")
            lost = site_named(each.site_lost, run.sites) if each.site_lost else None
        except ScenarioError as error:
            faults += [f"scenario {each.name}: {fault}" for fault in error.faults]
            continue
        except InputDataError as error:  # of a site, which a command names by an option
            faults.append(f"scenario {each.name}: {str(error).replace('--site', 'site_lost')}")
            continue
        differs = [f"{key}={value}" for key, value in each.set.items()]
        if each.winter:
            factor = winter_consumption().central
            scenario = with_vehicles_scaled(scenario, dict.fromkeys(CONSUMPTION, factor))
            differs.append(said("consumption times {factor}", factor=factor))
        if lost is not None:
            name = str(run.sites.name[lost] or run.sites.site_id[lost])
            differs.append(said("without {site}", site=name))
        for draw in range(2, each.draws + 2) if each.draws else (1,):
            drawn = scenario.draw(draw)
            seed = [said("draw with seed {seed}", seed=str(drawn.seed))] if each.draws else []
            name = f"{each.name} {draw - 1}" if each.draws > 1 else each.name
            weight = each.weight / max(each.draws, 1)
            wanted.append(_Wanted(name, weight, joined([*differs, *seed], ", "), drawn, lost))
    names = [STUDY, *(each.name for each in wanted)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        faults.append(f"expected scenarios of different names; found twice {', '.join(twice)}")
    if faults:
        raise ScenarioError(faults, where)
    return wanted


class _AtOpenSites:
    """Trucks at the sites where all plans of a run have points."""

    def __init__(self, run: SolutionOnRoads, trucks: RunTrucks, has_hpc: NDArray[np.bool_]) -> None:
        self._run, self._trucks, self.has_hpc = run, trucks, has_hpc
        replanning = run.scenario.replanning
        knows_queues = replanning is not None and replanning.in_optimization
        points = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
        self._learned = points if knows_queues else None

    def as_planned(self, weight: float) -> Case:
        """The study itself: trucks as in the run."""
        run = self._run
        plans = run.plans()
        demand = charging_demand(run.scenario, run.vehicle_class_idx(), plans, run.sites.n_sites)
        n_trips = len(run.trips)
        n_served = int(plans.is_served[len(run.warm_up_trips) :].sum())
        return Case(STUDY, weight, "", demand, n_trips, n_trips - n_served)

    def otherwise(self, wanted: _Wanted) -> Case:
        """A scenario: its trucks plan anew for the sites that are open in it."""
        scenario = wanted.scenario
        inputs = self._trucks.inputs_of(scenario)
        has_hpc, n_lpc = self.has_hpc.copy(), self._run.n_lpc.copy()
        if wanted.lost is not None:
            has_hpc[wanted.lost], n_lpc[wanted.lost] = False, 0
        there = trucks_at_open_sites(scenario, inputs, has_hpc, n_lpc, self._learned)
        at = np.flatnonzero(there.is_open).astype(np.int32)
        plans = replace(there.plans, stop_site_idx=at[there.plans.stop_site_idx])
        n_sites = self._run.sites.n_sites
        demand = charging_demand(scenario, inputs.trips.vehicle_class_idx, plans, n_sites)
        counted = inputs.trips.is_counted
        n_unserved = int((counted & ~plans.is_served).sum())
        n_trips = int(counted.sum())
        return Case(wanted.name, wanted.weight, wanted.differs, demand, n_trips, n_unserved)


def _check_points(points: int, scenarios: DemandScenarios, run_dir: Path) -> None:
    least, most = int(scenarios.bounds.lower.sum()), int(scenarios.bounds.upper.sum())
    if not least <= points <= max(most, least):
        msg = said(
            "{run}: --points: expected {least} (one at each site that trucks visit) to {most} "
            "(with which nobody waits in any scenario); found {points}",
            run=str(run_dir),
            least=least,
            most=most,
            points=points,
        )
        raise InputDataError(msg)


def _totals(
    points: int, named: dict[str, NDArray[np.int32]], scenarios: DemandScenarios
) -> list[int]:
    """Numbers of points that layouts are made for."""
    of_named = [int(each.sum()) for each in named.values()]
    ends = max(min(of_named), int(scenarios.bounds.lower.sum())), max(of_named)
    between = np.linspace(*ends, _N_TOTALS).round().astype(int).tolist()
    return sorted({points, *of_named, *between})


def _tables(
    cases: list[Case],
    scenarios: DemandScenarios,
    judged: JudgedLayouts,
    rows: dict[str, int],
    on_mean: int,
) -> list[tuple[Table, pd.DataFrame]]:
    return [
        (ROBUST_SCENARIOS, _scenario_table(cases, scenarios, judged.n_hpc[on_mean])),
        (ROBUST_CASES, _case_table(cases, judged, rows)),
        (ROBUST_PLANS, _plan_table(cases, judged, rows)),
        (ROBUST_FRONT, _front_table(judged)),
        (ROBUST_VALUE, _value_table(judged, rows)),
    ]


def _scenario_table(
    cases: list[Case], scenarios: DemandScenarios, n_hpc: NDArray[np.int32]
) -> pd.DataFrame:
    scores = [evaluate_layouts(each.demand, n_hpc[None], scenarios.n_lpc) for each in cases]
    return pd.DataFrame(
        {
            "scenario": [each.name for each in cases],
            "weight_share": scenarios.weights,
            # As objects they keep what they say in other languages.
            "differs": pd.Series([each.differs for each in cases], dtype=object),
            "n_trips": [each.n_trips for each in cases],
            "n_unserved": [each.n_unserved for each in cases],
            "n_sessions": [int(each.n_hpc_processes[0]) for each in scores],
        }
    )[ROBUST_SCENARIOS.column_names]


def _case_table(cases: list[Case], judged: JudgedLayouts, rows: dict[str, int]) -> pd.DataFrame:
    records = [
        {
            "plan": plan,
            "scenario": case.name,
            N_HPC.name: int(judged.points[row]),
            MEAN_WAIT.name: judged.wait_min[row, number],
            TCU.name: judged.tcu_share[row, number],
            "regret_min": judged.regret_min(row)[number],
        }
        for plan, row in rows.items()
        for number, case in enumerate(cases)
    ]
    return pd.DataFrame(records)[ROBUST_CASES.column_names]


def _plan_table(cases: list[Case], judged: JudgedLayouts, rows: dict[str, int]) -> pd.DataFrame:
    records = []
    for plan, row in rows.items():
        regret_min = judged.regret_min(row)
        records.append(
            {
                "plan": plan,
                N_HPC.name: int(judged.points[row]),
                "expected_wait_min": judged.expected_min[row],
                "worst_wait_min": judged.worst_min[row],
                "worst_scenario": cases[int(judged.wait_min[row].argmax())].name,
                "expected_regret_min": float(regret_min @ judged.weights),
                "worst_regret_min": float(regret_min.max()),
            }
        )
    return pd.DataFrame(records)[ROBUST_PLANS.column_names]


def _front_table(judged: JudgedLayouts) -> pd.DataFrame:
    on_mean, on_worst = judged.front(judged.expected_min), judged.front(judged.worst_min)
    rows = np.union1d(on_mean, on_worst)
    rows = rows[np.lexsort((judged.expected_min[rows], judged.points[rows]))]
    return pd.DataFrame(
        {
            "layout": np.arange(len(rows)),
            N_HPC.name: judged.points[rows],
            "expected_wait_min": judged.expected_min[rows],
            "worst_wait_min": judged.worst_min[rows],
            "is_on_mean": np.isin(rows, on_mean),
            "is_on_worst": np.isin(rows, on_worst),
        }
    )[ROBUST_FRONT.column_names]


def _value_table(judged: JudgedLayouts, rows: dict[str, int]) -> pd.DataFrame:
    values = [
        judged.value(points) for points in sorted({int(judged.points[r]) for r in rows.values()})
    ]
    return pd.DataFrame(
        {
            N_HPC.name: [each.n_points for each in values],
            "of_study_min": [each.of_study_min for each in values],
            "of_all_min": [each.of_all_min for each in values],
            "informed_min": [each.informed_min for each in values],
            "stochastic_solution_min": [each.stochastic_solution_min for each in values],
            "perfect_information_min": [each.perfect_information_min for each in values],
        }
    )[ROBUST_VALUE.column_names]
