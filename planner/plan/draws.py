"""The layouts of a front on other draws of the demand: how far their figures go apart.

A plan is searched for the trips of one draw. On another draw of the same demand trucks plan their
stops anew, at the sites that have points, and wait otherwise. No layout changes and nothing is
searched again, so that a band says what the plan that is built would give, not what another plan
would.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.optimization.replanned_front import balanced_layout
from planner.plan.measured_layouts import tabulated
from planner.plan.schemas import ON_DRAWS
from planner.plan.stages import charging_demand, replan_trips
from planner.plan.stops import plan_trips
from planner.plan.study_inputs import StudyInputs, charge_at_depots, read_demand
from planner.routing.partitions import one_after_another
from planner.runs.stage_files import read_json, write_json
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import ChargerLayout, simulate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.plan.computed_plan import ComputedPlan
    from planner.plan.plan_results import PlanResults
    from planner.routing.partitions import PartitionWorkers
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import TimedStages
    from planner.scenario.model import Scenario
    from planner.simulation.charging_demand import ChargingDemand


@dataclass(frozen=True, slots=True)
class Draw:
    """The layouts of a front on one draw of the demand.

    Parameters
    ----------
    seed : int
        Of the draw.
    n_trips : int
        Electric trips that count.
    figures : dict of str to list of float
        By name of ``ON_DRAWS``: a value per solution.
    """

    seed: int
    n_trips: int
    figures: dict[str, list[float]]


def other_draws(
    drawn: Scenario,
    inputs: StudyInputs,
    plan: ComputedPlan,
    cache: Path,
    stages: TimedStages,
    workers: PartitionWorkers = one_after_another,
) -> list[Draw]:
    """Simulate the layouts of a front on all draws but its own, those of an earlier run kept.

    Parameters
    ----------
    drawn : Scenario
        The study; where runs before it gave the charge with which trips start, drawing from it.
    inputs : StudyInputs
        Its roads and sites.
    plan : ComputedPlan
        The front, and whether trucks know its queues.
    cache : pathlib.Path
        Folder in which finished draws are kept.
    stages : TimedStages
        Told of them.
    workers : callable
        Who plans the stops of each draw, partition by partition.
    """
    draws = []
    for number in range(2, drawn.replications + 1):
        with stages(f"Drawing the demand again, {number} of {drawn.replications}"):
            file = cache / f"draw-{number}.json"
            kept: dict[str, Any] | None = read_json(file)
            if kept is None:
                kept = _drawn(drawn.draw(number), number, inputs, plan, cache, workers)
                write_json(file, kept)
            draws.append(Draw(**kept))
    return draws


def _drawn(
    scenario: Scenario,
    number: int,
    inputs: StudyInputs,
    plan: ComputedPlan,
    cache: Path,
    workers: PartitionWorkers,
) -> dict[str, Any]:
    trips, _ = read_demand(scenario, inputs.graph)
    inputs = replace(inputs, trips=trips, depots=None)
    if scenario.depots is not None:
        of_depots = cache / f"depots-{number}"
        of_depots.mkdir(exist_ok=True)
        inputs = charge_at_depots(scenario, inputs, of_depots)
    front = plan.optimization.front
    has_hpc: NDArray[np.bool_] = np.all(front.n_hpc > 0, axis=0)
    learned = None if plan.rounds is None else balanced_layout(front)
    trucks = trucks_at_open_sites(scenario, inputs, has_hpc, front.n_lpc, learned, workers)
    demand, is_open = trucks.demand, trucks.is_open
    figures: dict[str, list[float]] = {quantity.name: [] for quantity in ON_DRAWS}
    for solution in range(front.n_solutions):
        layout = _of_sites(plan.layout(solution), is_open)
        measured = tabulated(layout_figures(demand, simulate(demand, layout), layout))
        for name, values in figures.items():
            values.append(float(measured[name]))
    n_trips = int(np.count_nonzero(inputs.trips.is_counted))
    return {"seed": scenario.seed, "n_trips": n_trips, "figures": figures}


@dataclass(frozen=True, slots=True)
class TrucksAtOpenSites:
    """Trucks that know which sites have points.

    Parameters
    ----------
    plans : StopPlans
        Where they stop, by indices of the sites that are open.
    demand : ChargingDemand
        The same as the queues see it.
    is_open : (n_sites,) bool
        Which sites that are.
    """

    plans: StopPlans
    demand: ChargingDemand
    is_open: NDArray[np.bool_]


def trucks_at_open_sites(
    scenario: Scenario,
    inputs: StudyInputs,
    has_hpc: NDArray[np.bool_],
    n_lpc: NDArray[np.integer],
    learned: ChargerLayout | None,
    workers: PartitionWorkers = one_after_another,
) -> TrucksAtOpenSites:
    """Stops of trucks that know which sites have points, and these sites.

    A site with overnight points alone stays open until a truck would charge there at high power:
    then it is closed, and all plan anew.

    Parameters
    ----------
    has_hpc : (n_sites,) bool
        Sites with HPC points.
    n_lpc : (n_sites,) integer
        LPC points.
    learned : ChargerLayout, optional
        Layout of all sites whose queues trucks know; by default they know none, and sites with
        LPC points alone are open too.
    workers : callable
        Who plans the stops, partition by partition.
    """
    is_open = has_hpc if learned is not None else has_hpc | (n_lpc > 0)
    while True:
        here = replace(inputs, sites=inputs.sites.select(is_open))
        plans = plan_trips(scenario, here, workers=workers)
        if learned is not None:
            plans = replan_trips(scenario, here, plans, _of_sites(learned, is_open)).plans
        classes = here.trips.vehicle_class_idx
        demand = charging_demand(scenario, classes, plans, here.sites.n_sites)
        wanted = np.unique(demand.stop_site_idx[demand.stop_is_hpc])
        is_wanted = np.isin(np.cumsum(is_open) - 1, wanted) & is_open
        if not (is_wanted & ~has_hpc).any():
            return TrucksAtOpenSites(plans, demand, is_open)
        is_open = is_open & ~(is_wanted & ~has_hpc)


def _of_sites(layout: ChargerLayout, is_open: NDArray[np.bool_]) -> ChargerLayout:
    return ChargerLayout(layout.n_hpc[is_open], layout.n_lpc[is_open])


def with_draws(results: PlanResults, others: Sequence[Draw]) -> PlanResults:
    """A plan with bands over its own draw and others.

    Returns
    -------
    PlanResults
        ``front`` with the least and the greatest value of each figure of ``ON_DRAWS``, and
        ``summary["draws"]`` with the seeds, trips and figures of the named solutions by draw.
    """
    if not others:
        return results
    seeds = [int(results.scenario["seed"]), *(draw.seed for draw in others)]
    by_figure = {
        figure.name: np.array(
            [results.front[figure.name], *(draw.figures[figure.name] for draw in others)],
            dtype=np.float64,
        )
        for figure in ON_DRAWS
    }
    draws = {
        "seeds": seeds,
        "n_trips": [results.summary["n_trips"], *(draw.n_trips for draw in others)],
        "solutions": {
            named.name: {
                name: values[:, named.solution].tolist() for name, values in by_figure.items()
            }
            for named in results.named_solutions
        },
    }
    return replace(
        results,
        front=_with_ends(results.front, by_figure),
        summary=results.summary | {"draws": draws},
    )


def _with_ends(front: pd.DataFrame, by_figure: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    ends = {
        f"{name}{ending}": end
        for name, values in by_figure.items()
        for ending, end in (("_low", values.min(axis=0)), ("_high", values.max(axis=0)))
    }
    return front.assign(**ends)
