"""``planner classes``: from a finished run to mixes of two classes of high-power points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.costs.layout_costs import LayoutLoad, Prices
from planner.costs.site_costs import site_costs
from planner.errors import InputDataError, RunDirectoryError
from planner.layouts.class_tables import PricedMix, figure_columns, mix_table, site_table
from planner.optimization.allocation import allocate, marginal_steps
from planner.optimization.class_columns import CLASS_ANSWERS, CLASS_SWAPS
from planner.optimization.class_mixes import (
    KINDS,
    MixLimits,
    MixProblem,
    cheapest_mixes,
)
from planner.optimization.class_swap import SwapQuestion, most_swapped
from planner.optimization.seeding import separable_model
from planner.optimization.site_limits import plug_limits
from planner.plan.class_mixes_found import FASTEST, SPARING, ClassPlans
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.schemas import LAYOUTS
from planner.plan.stages import charging_demand
from planner.plan.study_inputs import site_limits
from planner.routing.drivers import drivers_of
from planner.said import said
from planner.scenario.charger_classes import two_classes
from planner.simulation.class_demand import class_demand
from planner.simulation.class_figures import class_figures
from planner.simulation.class_queues import (
    ClassLayout,
    as_served,
    check_class_layout,
    sites_of_one_class,
)
from planner.simulation.class_queues import simulate_classes as simulate
from planner.simulation.queues import ChargerLayout
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.optimization.class_swap import Swapped
    from planner.plan.finished_run import FinishedRun
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.runs.progress import Advance, ProgressListener
    from planner.scenario.charger_classes import TwoClasses
    from planner.scenario.infrastructure_costs import CostSet, End, Estimate
    from planner.simulation.class_demand import ClassDemand

ALLOWED_MIN = (0.5, 1.0, 2.0, 5.0)
"""Time lost on average for which the most slower points are told, minutes."""
_N_SWAPS = 20
_ENDS: tuple[End, End, End] = ("central", "low", "high")


@dataclass(frozen=True, slots=True)
class ClassQuestion:
    """What is asked of the points of a run.

    Parameters
    ----------
    solution : str
        Plan of the run whose points are swapped.
    n_points : int or None
        High-power points to begin with, placed where they save most waiting; those of the plan by
        default.
    more_min : float
        Time that a session may lose on average, minutes.
    costs : CostSet
        What points cost.
    layout : ClassLayout or None
        A layout of one's own that stands beside.
    """

    solution: str
    n_points: int | None
    more_min: float
    costs: CostSet
    layout: ClassLayout | None = None


def class_plans(run_dir: Path, question: ClassQuestion, progress: ProgressListener) -> ClassPlans:
    """Find mixes of two classes for the trucks of a finished run.

    Raises
    ------
    InputDataError
        If no layout of as many points is of use, or a layout of one's own lacks a connector.
    RunDirectoryError
        If the folder is not a run, its inputs have changed, or none of its trucks charges.
    """
    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(question.solution)
    work = _Work(run_dir, run, plan, question)
    n_points = work.points_to_swap()
    swaps, answers, swapped = [], [], None
    for spares_fast, choice in ((False, FASTEST), (True, SPARING)):
        trucks = replace(work.trucks, spares_fast=spares_fast)
        asked = SwapQuestion(trucks, n_points, work.n_lpc, work.least_fast)
        with progress.stage("Swapping points") as advance:
            known = _swaps(asked, advance)
        swaps.append(_table(trucks, known).assign(choice=choice))
        with progress.stage("Counting points that can be swapped"):
            allowed = sorted({*ALLOWED_MIN, question.more_min})
            most = [most_swapped(asked, known, more_min) for more_min in allowed]
        answers.append(_table(trucks, most).assign(choice=choice, more_min=allowed))
        if not spares_fast:
            swapped = most[allowed.index(question.more_min)].layout
    with progress.stage("Mixing classes at least cost") as advance:
        mixes = cheapest_mixes(work.problem, advance)
    priced = [work.priced(layout, kind) for kind in KINDS for layout in mixes[kind]]
    extra = {"swapped": swapped, "given": question.layout}
    beside = [work.priced(layout, kind) for kind, layout in extra.items() if layout is not None]
    front, named = mix_table(priced, beside)
    return ClassPlans(
        run.name,
        question.solution,
        work.classes,
        (work.factors["hpc_point_eur"], work.factors["slow_point_eur"]),
        int(n_points.sum()),
        question.more_min,
        pd.concat(answers)[CLASS_ANSWERS.column_names].reset_index(drop=True),
        pd.concat(swaps)[CLASS_SWAPS.column_names].reset_index(drop=True),
        front,
        site_table(plan.sites, work.trucks, named, work.factors["days_a_year"].central),
    )


class _Work:
    """The trucks of a run, and what they and their points cost."""

    def __init__(
        self, run_dir: Path, run: FinishedRun, plan: SolutionOnRoads, question: ClassQuestion
    ) -> None:
        self.run_dir, self.run, self.plan, self.question = run_dir, run, plan, question
        scenario, n_sites = plan.scenario, plan.sites.n_sites
        chargers, plans, class_idx = scenario.chargers, plan.plans(), plan.vehicle_class_idx()
        demand = charging_demand(scenario, class_idx, plans, n_sites)
        if not demand.n_stops:
            msg = said(
                "{run}: no truck of this run charges on its way; it needs no points",
                run=str(run_dir),
            )
            raise RunDirectoryError(msg)
        self.classes = two_classes(chargers.classes, chargers.hpc_kw, str(run_dir))
        self.trucks = class_demand(
            demand,
            plans,
            drivers_of(scenario),
            class_idx,
            (self.classes.fast, self.classes.slow),
        )
        self.n_lpc = plan.n_lpc.astype(np.int32)
        limits = site_limits(scenario, plan.sites)
        self.least_fast = limits.existing_hpc.astype(np.int32)
        self.factors = _factors(question.costs, self.classes, chargers.lpc_kw, demand.horizon_h)
        n_days = demand.horizon_h / HOURS_PER_DAY
        n_trips_day = float(run.summary["n_served"]) / n_days
        charging_min = float(run.summary["reference"]["mean_extra_without_waiting_min"])
        self.of_trips = n_trips_day, n_trips_day * charging_min / 60.0
        self.problem = MixProblem(
            self.trucks,
            self.n_lpc,
            (self.classes.fast.power_kw, self.classes.slow.power_kw),
            _mix_limits(plan),
            self._prices("central"),
        )
        if question.layout is not None:
            _refuse_layout(self.trucks, question.layout)

    def points_to_swap(self) -> NDArray[np.int32]:
        """High-power points of each site to begin with, (n_sites,)."""
        asked, n_hpc = self.question.n_points, self.plan.n_hpc.astype(np.int32)
        if asked is None:
            return n_hpc
        of_front = self.run.table(LAYOUTS)["n_hpc"].to_numpy(np.int32).reshape(-1, len(n_hpc))
        nearest = of_front[np.argmin(np.abs(of_front.sum(axis=1) - asked))]
        limits = site_limits(self.plan.scenario, self.plan.sites)
        model = separable_model(
            self.trucks.demand,
            ChargerLayout(nearest, self.n_lpc),
            limits.existing_hpc,
            limits.max_hpc,
        )
        found = allocate(marginal_steps(model.tables, model.bounds), asked)
        if found.sum() != asked:
            msg = said(
                "--points: expected between {least} and {most} high-power points for the trucks "
                "of {run}, more are of no use to them; found {n}",
                least=int(model.bounds.lower.sum()),
                most=int(model.bounds.upper.sum()),
                run=str(self.run_dir),
                n=asked,
            )
            raise InputDataError(msg)
        return found

    def priced(self, layout: ClassLayout, kind: str) -> PricedMix:
        """Simulate a mix in full and price it."""
        result = simulate(self.trucks, layout)
        load = self.problem.load(layout, result)
        served = as_served(self.trucks, result)
        figures = class_figures(self.trucks, layout, result, served)
        queues, (start_h, end_h) = result.queues, self.trucks.demand.counted_h
        joins = (queues.queue_h >= start_h) & (queues.queue_h < end_h)
        lost_h_day = float(result.lost_h[joins].sum()) / self.problem.days
        loads = [LayoutLoad(load, lost_h_day, float(figures.mean_wait_min[0]))]
        central, low, high = (self._prices(end).of_layouts(loads) for end in _ENDS)
        by_site = site_costs(load, self.problem.prices.value)
        return PricedMix(kind, layout, result, served, figures, load, (central, low, high), by_site)

    def _prices(self, end: End) -> Prices:
        values = {name: each.at(end) for name, each in self.factors.items()}
        return Prices(values, *self.of_trips)


def _swaps(asked: SwapQuestion, advance: Advance) -> list[Swapped]:
    """Layouts from no point of the slower class to all that may be of it."""
    _, needs_slow = sites_of_one_class(asked.trucks)
    # Where a truck without the faster connector stops, one point at least is of the slower class.
    known = [asked.with_slow((needs_slow & (asked.n_points > 0)).astype(np.int32))]
    most = int((asked.n_points - asked.least_fast).sum())
    first = known[0].n_swapped
    for number in range(1, _N_SWAPS + 1):
        n_swapped = first + round((most - first) * number / _N_SWAPS)
        found = asked.swap(n_swapped, known[-1])
        if found.n_swapped > known[-1].n_swapped:
            known.append(found)
        advance(number, _N_SWAPS)
    return known


def _table(trucks: ClassDemand, swapped: list[Swapped]) -> pd.DataFrame:
    rows = []
    for each in swapped:
        served = as_served(trucks, each.result)
        figures = class_figures(trucks, each.layout, each.result, served)
        rows.append(pd.DataFrame(figure_columns(figures)))
    table = pd.concat(rows, ignore_index=True)
    n_points = table["n_fast"] + table["n_slow"]
    return table.assign(slow_share=table["n_slow"] / n_points.clip(lower=1))


def _factors(
    costs: CostSet, classes: TwoClasses, lpc_kw: float, horizon_h: float
) -> dict[str, Estimate]:
    """Factors of costs with those of a point of either class."""
    used = costs.of_days(horizon_h / HOURS_PER_DAY)
    of_fast = used.factors(classes.fast.power_kw, lpc_kw)
    of_slow = used.factors(classes.slow.power_kw, lpc_kw)
    return of_fast | {
        "hpc_point_eur": classes.fast.point_eur or of_fast["hpc_point_eur"],
        "slow_point_eur": classes.slow.point_eur or of_slow["hpc_point_eur"],
    }


def _mix_limits(plan: SolutionOnRoads) -> MixLimits:
    """Room and power of sites, as far as the study says that they limit points."""
    sites, of_sites = plan.sites, plan.scenario.sites
    room = plug_limits(
        sites,
        plan.scenario.chargers.hpc_kw,
        within_grid_connection=False,
        within_parking_spaces=of_sites.within_parking_spaces,
    )
    grid_kw = sites.grid_connection_kw
    is_limit = of_sites.within_grid_connection & ~np.isnan(grid_kw)
    return MixLimits(room.existing_hpc, room.max_hpc, np.where(is_limit, grid_kw, np.inf))


def _refuse_layout(trucks: ClassDemand, layout: ClassLayout) -> None:
    try:
        check_class_layout(trucks, layout)
    except ValueError as error:
        msg = said(
            "the layout: expected a point for every truck that stops at a site; {error}",
            error=str(error),
        )
        raise InputDataError(msg) from error
