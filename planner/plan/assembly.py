"""From what the rooms computed to what a person is shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import get_num_threads

from planner.plan.assumptions import assumptions_of
from planner.plan.charging_extra import charging_extra, extra_of_solution, extra_table
from planner.plan.front_detail import front_detail
from planner.plan.groups import front_groups, group_columns, groupings_of
from planner.plan.measured_layouts import LawsOfPlans, NamedFigures, measured_layout
from planner.plan.origin_regions import origin_regions
from planner.plan.plan_results import DEFAULT_SOLUTION, PlanResults
from planner.plan.schemas import FRONT, objectives_beside
from planner.plan.solution_tables import front_table, tables_of_sites
from planner.plan.trip_tables import break_table, stop_table, trip_table, unserved_table
from planner.plan.unserved_trips import count_by_reason, unserved_share
from planner.routing.border_entry import entry_states
from planner.routing.drivers import drivers_of
from planner.routing.flows import driven_ways
from planner.runs.freed_memory import give_back_freed_memory
from planner.runs.kernel_threads import kernel_threads
from planner.simulation.group_sums import Partitions
from planner.simulation.reference_trips import extra_time, reference_trips
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS, named_solution

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from planner.optimization.front import Front
    from planner.plan.computed_plan import ComputedPlan
    from planner.plan.front_detail import FrontDetail
    from planner.plan.front_groups import FrontGroups
    from planner.routing.flows import DrivenWays
    from planner.simulation.hourly_profile import HourlyProfile
    from planner.simulation.metrics import LayoutFigures, SiteFigures
    from planner.simulation.queues import ChargerLayout
    from planner.simulation.reference_trips import ExtraTime, ReferenceTrips
    from planner.simulation.site_hours import SiteHours


def assemble(
    plan: ComputedPlan,
    progress: Callable[[int, int], None],
) -> PlanResults:
    """Simulate every solution of the front in full, check it, and lay its figures out.

    Parameters
    ----------
    progress : callable
        Told how many solutions of how many are done.

    Returns
    -------
    PlanResults
        Tables and figures, still without provenance.

    Raises
    ------
    InvariantError
        If a conservation law is broken in a named solution.
    """
    front = plan.optimization.front
    named = {name: front.named[name] for name in NAMED_SOLUTION_DEFINITIONS if name in front.named}
    measured = _measured(plan, named, progress)
    give_back_freed_memory()  # before the tables of a million trips are made
    of_name = measured.of_name
    invariants = {name: each.laws for name, each in of_name.items()}
    counted, is_counted = plan.trips_that_count(), plan.trips.is_counted
    drivers = drivers_of(plan.scenario)
    ways = measured.ways
    direct = ways.direct_h, ways.direct_km
    reference = reference_trips(plan.graph, counted.trips, drivers, direct=direct)
    extras = {
        name: extra_time(counted.plans, reference, drivers.limits, each.arrival_h[is_counted])
        for name, each in of_name.items()
    }
    extra = extras[DEFAULT_SOLUTION]
    of_solutions = {
        name: each.figures
        | extra_of_solution(reference, extras[name])
        | _objectives_beside(front, named[name])
        for name, each in of_name.items()
    }
    unserved = unserved_table(counted.trips, counted.plans, plan.graph)
    replanning = _replanning(plan, reference, plan.layout(named[DEFAULT_SOLUTION]), invariants)
    return PlanResults(
        name=plan.scenario.name,
        description=plan.scenario.description,
        scenario=plan.scenario.model_dump(mode="json"),
        summary=_summary(counted, of_solutions)
        | {"unserved_by_reason": count_by_reason(unserved["reason"])}
        | {f"{MEAN_WAIT.name}_by_day": _waits_by_day(plan.scenario.demand.days, of_name)}
        | replanning
        | {"reference": charging_extra(reference, extra)},
        front=front_table(front, named, measured.figures),
        objectives=tuple(objective.quantity for objective in front.space.objectives),
        hpc_layouts=front.n_hpc,
        lpc_per_site=front.n_lpc,
        named_solutions=tuple(named_solution(name, solution) for name, solution in named.items()),
        sites=plan.sites,
        **tables_of_sites(plan, named, measured.detail),
        detail=measured.detail,
        graph=plan.graph,
        arc_trucks_per_day=ways.flow / len(plan.scenario.demand.days),
        **_tables_of_trucks(plan, counted, reference, extra, measured.default_wait_h),
        unserved=unserved,
        front_groups=measured.groups,
        comparison=plan.comparison,
        assumptions=assumptions_of(plan.scenario),
        invariants=invariants,
    )


class _MeasuredFront(NamedTuple):
    """All solutions of a front, simulated, and the ways of the trips that count.

    Parameters
    ----------
    default_wait_h : (n_stops,) float64
        Wait at each stop of the demand in the default solution, hours.
    """

    figures: list[LayoutFigures]
    detail: FrontDetail
    groups: FrontGroups
    of_name: dict[str, NamedFigures]
    default_wait_h: NDArray[np.float64]
    ways: DrivenWays


class _MeasuredSolution(NamedTuple):
    """What is kept of a simulated solution, ``wait_h`` of the default one alone."""

    figures: LayoutFigures
    sites: SiteFigures
    profile: HourlyProfile
    site_hours: SiteHours
    groups: dict[str, NDArray[np.float64]]
    named: NamedFigures | None
    wait_h: NDArray[np.float64] | None


def _measured(
    plan: ComputedPlan, named: dict[str, int], progress: Callable[[int, int], None]
) -> _MeasuredFront:
    groupings = groupings_of(plan, plan.region_of_site)
    layouts = [plan.layout(solution) for solution in range(plan.optimization.front.n_solutions)]

    def measure(solution: int) -> _MeasuredSolution:
        measured = measured_layout(plan, layouts[solution], groupings.of_stops)
        return _MeasuredSolution(
            measured.figures,
            measured.sites,
            measured.profile,
            measured.site_hours,
            group_columns(plan, groupings, measured),
            NamedFigures.of(plan, measured, laws.result()) if solution in named.values() else None,
            measured.run.wait_h if solution == named[DEFAULT_SOLUTION] else None,
        )

    found: list[_MeasuredSolution] = []
    n_threads = get_num_threads()
    # Solutions know nothing of each other, and sorting and queues let other threads work. So do
    # ways of trips, but for what of them is Python's: alone they would leave other cores idle.
    with ThreadPoolExecutor(n_threads) as threads:
        ways = threads.submit(_ways_that_count, plan, n_threads)
        laws = threads.submit(LawsOfPlans.of, plan)
        for solution, measured in enumerate(threads.map(measure, range(len(layouts)))):
            found.append(measured)
            progress(solution + 1, len(layouts))
    figures, sites, profiles, site_hours, of_groups, of_solution, wait_h = zip(*found, strict=True)
    return _MeasuredFront(
        list(figures),
        front_detail(layouts, sites, profiles, site_hours),
        front_groups(groupings, of_groups),
        {name: of_solution[solution] for name, solution in named.items()},
        wait_h[named[DEFAULT_SOLUTION]],
        ways.result(),
    )


def _ways_that_count(plan: ComputedPlan, n_threads: int) -> DrivenWays:
    """Ways of the trips that count, which are chosen for it alone: they would take memory."""
    counted = plan.trips_that_count()
    with kernel_threads(n_threads):  # each thread asks for its own number of them
        return driven_ways(
            plan.graph, plan.sites, counted.trips, counted.plans, drivers_of(plan.scenario)
        )


def _tables_of_trucks(
    plan: ComputedPlan,
    counted: ComputedPlan,
    reference: ReferenceTrips,
    extra: ExtraTime,
    wait_h: NDArray[np.float64],
) -> dict[str, Any]:
    """Tables of trips, of their stops and breaks, and of what charging adds, with these waits.

    Parameters
    ----------
    counted : ComputedPlan
        The plan with the trips that count.
    wait_h : (n_stops,) float64
        Wait at each stop of the demand, hours.
    """
    stop_wait_h = np.zeros(plan.plans.n_stops)
    stop_wait_h[plan.demand.plan_stop_idx] = wait_h
    is_counted_stop = plan.trips.is_counted[plan.plans.stop_trip_idx]
    counted_wait_h = stop_wait_h[is_counted_stop]
    origin = counted.trips.origin_node_idx
    return {
        "trips": trip_table(
            counted.trips,
            counted.plans,
            plan.graph,
            list(plan.scenario.vehicles.mix),
            counted_wait_h,
            reference.duration_h,
            extra.total_h,
            plan.vehicle_values("min_soc_share")[plan.trips.is_counted],
        ),
        "stops": stop_table(counted.trips, counted.plans, plan.sites, counted_wait_h),
        "breaks": break_table(counted.trips, counted.plans),
        "extra": extra_table(
            reference,
            extra,
            origin_regions(plan.scenario.network.source, plan.graph, counted.trips),
            plan.graph.lon[origin],
            plan.graph.lat[origin],
        ),
        **_warm_up_tables(plan, stop_wait_h[~is_counted_stop]),
    }


def _warm_up_tables(plan: ComputedPlan, stop_wait_h: NDArray[np.float64]) -> dict[str, Any]:
    """Trips and stops of the days before, by which a run is evaluated anew."""
    before = plan.warm_up_trips()
    unknown = np.full(before.trips.n_trips, np.nan)
    names = list(plan.scenario.vehicles.mix)
    return {
        "warm_up_trips": trip_table(
            before.trips,
            before.plans,
            plan.graph,
            names,
            stop_wait_h,
            unknown,
            unknown,
            before.vehicle_values("min_soc_share"),
        ),
        "warm_up_stops": stop_table(before.trips, before.plans, plan.sites, stop_wait_h),
        "warm_up_breaks": break_table(before.trips, before.plans),
    }


def _waits_by_day(
    days: Sequence[str], of_name: dict[str, NamedFigures]
) -> dict[str, dict[str, float | None]]:
    """Mean wait of each day's HPC processes by named solution, minutes; None without any."""
    return {
        name: {
            day: None if np.isnan(wait) else float(wait)
            for day, wait in zip(days, each.waits_by_day_min, strict=True)
        }
        for name, each in of_name.items()
    }


def _summary(plan: ComputedPlan, of_solutions: dict[str, dict[str, float | int]]) -> dict[str, Any]:
    default = of_solutions[DEFAULT_SOLUTION]
    n_served = int(plan.plans.is_served.sum())
    unlimited = plan.optimization.unlimited
    _, border_kwh = entry_states(plan.trips, plan.plans.entry_h, drivers_of(plan.scenario))
    return {
        "n_trips": plan.trips.n_trips,
        "warm_up_days": plan.scenario.simulation.warm_up_days,
        "n_served": n_served,
        "n_unserved": plan.trips.n_trips - n_served,
        "unserved_share": unserved_share(plan.trips.n_trips - n_served, plan.trips.n_trips),
        "n_below_minimum": int(plan.plans.is_below(plan.vehicle_values("min_soc_share")).sum()),
        "n_not_exact": int(np.count_nonzero(~plan.plans.is_exact)),
        "n_charged_at_border": int(np.count_nonzero(border_kwh)),
        "energy_charged_at_border_mwh": float(border_kwh.sum()) / 1000.0,
        "n_sites": plan.sites.n_sites,
        # Where trucks only rest overnight no high-power point is kept.
        "n_visited_sites": int(np.count_nonzero(unlimited.n_hpc)),
        "energy_hpc_mwh": default["energy_hpc_mwh"],
        "energy_lpc_mwh": default["energy_lpc_mwh"],
        "n_hpc_without_queues": int(unlimited.n_hpc.sum()),
        "n_lpc": int(unlimited.n_lpc.sum()),
        "solutions": of_solutions,
    }


def _replanning(
    plan: ComputedPlan, reference: ReferenceTrips, layout: ChargerLayout, invariants: dict[str, Any]
) -> dict[str, Any]:
    """What replanning did, where there was one; adds its conservation laws to those checked.

    ``after`` holds the figures of the default solution for trucks that know its queues. Where
    replanning is part of the search, all solutions have such trucks, and ``rounds`` tells how.
    """
    if plan.replanning is None:
        return {}
    told = plan.replanning.summary() | {
        "by_rule": plan.scenario.driver_behaviour.is_break_first,
        "history": plan.replanning.history.to_dict("records"),
    }
    if plan.rounds is not None:
        return {"replanning": told | {"rounds": plan.rounds.to_dict("records")}}
    demand = plan.demand_of(plan.replanning.plans)
    learned = replace(plan, plans=plan.replanning.plans, demand=demand)
    each_site = Partitions.by(demand.stop_site_idx, demand.n_sites)
    measured = measured_layout(learned, layout, each_site)
    after = NamedFigures.of(learned, measured, LawsOfPlans.of(learned))
    invariants["replanned"] = after.laws
    counted, arrival_h = learned.trips_that_count(), after.arrival_h[plan.trips.is_counted]
    limits = drivers_of(plan.scenario).limits
    extra = extra_of_solution(reference, extra_time(counted.plans, reference, limits, arrival_h))
    return {"replanning": told | {"after": after.figures | extra}}


def _objectives_beside(front: Front, solution: int) -> dict[str, float]:
    """Objectives of a solution that are no column of every front."""
    quantities = [objective.quantity for objective in front.space.objectives]
    beside = {each.name for each in objectives_beside(FRONT.columns, quantities)}
    values = zip(front.space.names, front.objectives[solution].tolist(), strict=True)
    return {name: value for name, value in values if name in beside}
