"""Replanning of drivers who follow the rule `break_first`: they expect the waits of the last round.

Each round simulates the queues. What a driver expects at a site is the mean wait of those who
queued there in the hour in which he would come; he chooses with it among the sites that the rule
looks at, as in the German study. A constant share of all drivers plans anew in a round. This is no
search for the best plan: there is no gap to it, and the share of trips that would stop elsewhere
with the waits of the round tells whether drivers have settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.routing.stop_planner import ExpectedWaits, plan_stops
from planner.routing.stop_plans import StopKind
from planner.runs.counter_draws import uniform_draws
from planner.simulation.charging_demand import demand_of_trucks
from planner.simulation.metrics import layout_figures
from planner.simulation.queues import simulate
from planner.simulation.replanning import (
    ReplanningResult,
    changes_site,
    history_row,
    trip_time_h,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.routing.drivers import Drivers
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.replanning import Replanning
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout, QueueResult


def waits_of_run(demand: ChargingDemand, run: QueueResult, layout: ChargerLayout) -> ExpectedWaits:
    """Mean wait at high-power points of those who queued, by site and hour of joining."""
    waited = run.is_hpc & (run.wait_h > 0.0)
    joined_h = run.queue_h[waited]
    from_h = float(np.floor(joined_h.min())) if len(joined_h) else 0.0
    hour = np.floor(joined_h - from_h).astype(np.int64)
    n_hours = int(hour.max()) + 1 if len(hour) else 0
    cell = demand.stop_site_idx[waited] * n_hours + hour
    n_waited = np.bincount(cell, minlength=demand.n_sites * n_hours)
    total_h = np.bincount(cell, run.wait_h[waited], minlength=demand.n_sites * n_hours)
    mean_h = total_h / np.maximum(n_waited, 1)
    # Who finds no overnight point rests and charges at high power, so either kind will do.
    is_open = np.array([layout.n_hpc > 0, layout.n_hpc + layout.n_lpc > 0])
    return ExpectedWaits(from_h, mean_h.reshape(demand.n_sites, n_hours), is_open)


def expected_time_h(plans: StopPlans, waits: ExpectedWaits) -> NDArray[np.float64]:
    """Time from entry to destination with the expected waits, hours, (n_trips,)."""
    hour = np.floor(plans.stop_arrival_h - waits.from_h).astype(np.int64)
    n_hours = waits.wait_h.shape[1]
    is_known = (plans.stop_kind != StopKind.LPC_REST) & (hour >= 0) & (hour < n_hours)
    wait_h = np.zeros(plans.n_stops)
    wait_h[is_known] = waits.wait_h[plans.stop_site_idx[is_known], hour[is_known]]
    waited_h = np.bincount(plans.stop_trip_idx, wait_h, minlength=plans.n_trips)
    time_h: NDArray[np.float64] = plans.arrival_h - plans.entry_h + waited_h
    return time_h


def replan_by_rule(
    graph: RoadGraph,
    sites: Sites,
    trips: Trips,
    plans: StopPlans,
    layout: ChargerLayout,
    *,
    drivers: Drivers,
    settings: Replanning,
    draw_key: np.uint64,
    horizon_h: float,
    start_h: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
    of_round: Callable[[int, int], None] | None = None,
) -> ReplanningResult:
    """Let drivers who follow the rule learn the waits of a layout.

    Parameters
    ----------
    plans, layout, settings, draw_key, horizon_h, start_h, progress, of_round
        As for :func:`~planner.simulation.replanning.replan`.

    Returns
    -------
    ReplanningResult
        ``gap_share`` and ``gap_s`` tell by how much trips that would stop elsewhere expect to be
        shorter than they were, ``would_change_share`` how many these are; every round is measured
        on all trips.
    """
    given, current, rows = plans, plans, []
    is_counted, n_rounds = trips.is_counted, settings.iterations
    if progress is not None:
        progress(0, n_rounds)
    for iteration in range(n_rounds + 1):
        demand = demand_of_trucks(
            current,
            drivers,
            trips.vehicle_class_idx,
            n_sites=sites.n_sites,
            start_h=start_h,
            horizon_h=horizon_h,
        )
        run = simulate(demand, layout)
        waits = waits_of_run(demand, run, layout)
        planned = plan_stops(graph, sites, trips, drivers, waits=waits, progress=of_round)
        changes = changes_site(current, planned) & current.is_served & planned.is_served
        met_h = trip_time_h(current, demand, run)
        gain_h = np.where(changes, np.maximum(met_h - expected_time_h(planned, waits), 0.0), 0.0)
        asked = current.is_served & is_counted
        n_asked, time_h = max(int(asked.sum()), 1), float(met_h[asked].sum())
        would_change_share = float((changes & is_counted).sum()) / n_asked
        is_settled = would_change_share <= settings.changing_share
        figures = layout_figures(demand, run, layout)
        rows.append(
            history_row(iteration, figures, given, current, is_counted)
            | {
                "gap_share": float(gain_h[asked].sum()) / time_h if time_h > 0.0 else 0.0,
                "gap_s": 3600.0 * float(gain_h[asked].sum()) / n_asked,
                "would_change_share": would_change_share,
                "is_measured": True,
                "is_settled": is_settled,
            }
        )
        ends = is_settled or iteration == n_rounds
        if progress is not None:
            progress(n_rounds if ends else iteration, n_rounds)
        if ends:
            break
        draws = uniform_draws(draw_key, trips.trip_id, np.full_like(trips.trip_id, iteration))
        chosen = np.flatnonzero(changes & (draws < settings.share))
        current = current.with_plans_of(chosen, planned.select(chosen))
    return ReplanningResult(current, pd.DataFrame(rows))
