"""``planner rank``: from a finished run to the order in which its sites are worth most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.layouts.run_trucks import inputs_of_run
from planner.network.sites import DIRECTION_BOTH, ORIGIN_COMPUTED
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.prices import prices_of
from planner.plan.site_trucks import SiteTrucks
from planner.plan.stages import charging_demand
from planner.plan.study_inputs import site_limits
from planner.said import said
from planner.scenario.infrastructure_costs import DEFAULT_COST_SET, read_cost_set
from planner.selection.columns import NETWORK_SIZES, SITE_ORDER
from planner.selection.network_sizes import network_size
from planner.selection.site_order import order_sites
from planner.tables.layout_quantities import MEAN_WAIT, OPERATOR_COST, SYSTEM_COST

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.layouts.rank_work import RankWork
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.plan.finished_run import FinishedRun
    from planner.plan.study_inputs import StudyInputs
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.selection.site_order import SiteOrder
    from planner.tables.table import Table

_HOUR_DECIMALS = 6
"""Sums of many hours are told no finer, so that nothing lost is not a rounding error."""


@dataclass(frozen=True, slots=True)
class RankQuestion:
    """What is asked of the sites of a run.

    Parameters
    ----------
    first : int
        Sites to build first, >= 1.
    mean_wait_min : float or None
        Longest mean wait that networks are sized for, minutes; that of the balanced plan where
        none is given.
    lost_trip_h : float
        Hours of a truck that a trip counts as which cannot be driven any more, >= 0.
    """

    first: int
    mean_wait_min: float | None
    lost_trip_h: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sites of a run in order, and what networks of the first ones need.

    Parameters
    ----------
    order, sizes : DataFrame
        ``SITE_ORDER`` and ``NETWORK_SIZES``.
    first : DataFrame
        The first sites as asked, with the points that they need: site_id, name, road, lon, lat,
        direction, off_road_km, n_hpc, n_lpc, grid_connection_kw; grid operators where known.
    question : RankQuestion
        What was asked, with as many sites as there are.
    is_stable : bool
        Whether no single exchange among the first sites helps; else too many were tried.
    """

    run: FinishedRun
    inputs: StudyInputs
    order: pd.DataFrame
    sizes: pd.DataFrame
    first: pd.DataFrame
    question: RankQuestion
    is_stable: bool

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [(SITE_ORDER, self.order), (NETWORK_SIZES, self.sizes)]


def rank_sites(run_dir: Path, question: RankQuestion, work: RankWork) -> Ranking:
    """Order the sites of a finished run.

    Parameters
    ----------
    work : RankWork
        Where it goes on with what an earlier try has found, and notes what it finds.

    Raises
    ------
    InputDataError
        If no trip of the run charges at any site.
    RunDirectoryError
        If the folder is not a run, or its inputs have changed.
    """
    progress = work.progress
    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(DEFAULT_SOLUTION)
    with progress.stage("Reading roads and trips"):
        inputs = inputs_of_run(plan, run_dir)
    n_sites = inputs.sites.n_sites
    question = RankQuestion(
        min(question.first, n_sites), question.mean_wait_min, question.lost_trip_h
    )
    trucks = SiteTrucks(plan.scenario, inputs)
    with progress.stage("Planning stops") as advance:
        plans = trucks.plan(trucks.counted, advance)
    if not len(plans.stop_site_idx):
        msg = said(
            "{run}: no truck of this run charges on its way; no site comes first",
            run=str(run_dir),
        )
        raise InputDataError(msg)
    settings = f"{question.first} {question.lost_trip_h} {plan.scenario.model_dump_json()}"
    with work.plans(run_dir, settings) as kept:
        asked = replace(trucks.question(plans, question.lost_trip_h), kept=kept)

        def seen(is_open: NDArray[np.bool_]) -> None:
            work.note(inputs.sites, question.first, is_open)

        order = order_sites(asked, question.first, progress, seen)
    if question.mean_wait_min is None:
        # One plan may have several names, of which the front's table tells the first.
        balanced = run.solution_number(DEFAULT_SOLUTION)
        wait_min = float(run.front[MEAN_WAIT.name].iloc[balanced])
    else:
        wait_min = question.mean_wait_min
    n_served = int(plans.is_served.sum())
    with progress.stage("Sizing networks") as advance:
        sizes, first = _sizes(trucks, order, question.first, wait_min, n_served, advance)
    return Ranking(
        run,
        inputs,
        _order_table(inputs, plans, order),
        sizes,
        first,
        question,
        order.is_stable,
    )


def _served(plans: StopPlans, order: SiteOrder) -> NDArray[np.float64]:
    """Share of all trips that can be driven with the first sites."""
    n_trips: NDArray[np.float64] = (plans.is_served.sum() - order.lost_trips) / plans.n_trips
    return n_trips


def _extra_min(plans: StopPlans, order: SiteOrder) -> NDArray[np.float64]:
    n_driven = np.maximum(plans.is_served.sum() - order.lost_trips, 1)
    minutes: NDArray[np.float64] = 60.0 * (order.extra_h.round(_HOUR_DECIMALS) + 0.0) / n_driven
    return minutes


def _order_table(inputs: StudyInputs, plans: StopPlans, order: SiteOrder) -> pd.DataFrame:
    sites, at = inputs.sites, order.site_idx
    visits = np.unique(np.column_stack([plans.stop_trip_idx, plans.stop_site_idx]), axis=0)
    n_trips = np.bincount(visits[:, 1], minlength=sites.n_sites)
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(at) + 1),
            "site_id": sites.site_id[at],
            "name": sites.name[at],
            "road": sites.road[at],
            "served_share": _served(plans, order),
            "extra_min": _extra_min(plans, order),
            "lost_trips": order.lost_trips,
            "lost_alone": order.lost_alone,
            "extra_alone_h": order.extra_alone_h.round(_HOUR_DECIMALS),
            "n_trips": n_trips[at],
            "lon": sites.lon[at],
            "lat": sites.lat[at],
        }
    )[SITE_ORDER.column_names]


def _sizes(
    trucks: SiteTrucks,
    order: SiteOrder,
    first: int,
    mean_wait_min: float,
    n_served: int,
    advance: Advance,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Networks of several sizes, and the one that is asked for, sized for a wait."""
    scenario, inputs, sites = trucks.scenario, trucks.inputs, trucks.inputs.sites
    trips = inputs.trips
    limits = site_limits(scenario, sites)
    if scenario.infrastructure_costs is None:
        costs = read_cost_set(DEFAULT_COST_SET)
        scenario = scenario.model_copy(update={"infrastructure_costs": costs})
    asked = _numbers(first, sites.n_sites)
    rows = []
    table = pd.DataFrame()
    for done, n_open in enumerate(asked):
        trucks.ways.is_closed[:] = True
        trucks.ways.is_closed[order.site_idx[:n_open]] = False
        plans = trucks.plan(np.arange(trips.n_trips), has_tastes=True)
        demand = charging_demand(scenario, trips.vehicle_class_idx, plans, sites.n_sites)
        prices = prices_of(scenario, inputs, plans)
        size = None
        if prices is not None and demand.n_stops:
            size = network_size(demand, limits, mean_wait_min, prices)
        n_driven = int((plans.is_served & trips.is_counted).sum())
        extra_h = round(float(order.extra_h[n_open - 1]), _HOUR_DECIMALS)
        rows.append(
            {
                "n_sites": n_open,
                "served_share": n_driven / int(trips.is_counted.sum()),
                "extra_min": 60.0 * extra_h / max(n_served - order.lost_trips[n_open - 1], 1),
                "n_hpc": float(size.n_hpc.sum()) if size else np.nan,
                "n_lpc": float(size.n_lpc.sum()) if size else np.nan,
                MEAN_WAIT.name: size.mean_wait_min if size else np.nan,
                "energy_mwh_day": size.energy_mwh_day if size else np.nan,
                OPERATOR_COST.name: size.operator_cost_eur_kwh if size else np.nan,
                SYSTEM_COST.name: size.system_cost_eur_day if size else np.nan,
            }
        )
        if n_open == first:
            points = (size.n_hpc, size.n_lpc) if size else np.zeros((2, sites.n_sites), dtype=int)
            table = _first_table(inputs, order.site_idx[:first], *points)
        advance(done + 1, len(asked))
    return pd.DataFrame(rows)[NETWORK_SIZES.column_names], table


def _first_table(
    inputs: StudyInputs, at: NDArray[np.int64], n_hpc: NDArray[np.int64], n_lpc: NDArray[np.int64]
) -> pd.DataFrame:
    """Sites with their points, as a table of sites reads them: placed and asked for as here."""
    sites = inputs.sites
    table = pd.DataFrame(
        {
            "site_id": sites.site_id[at],
            "name": sites.name[at],
            "road": sites.road[at],
            "lon": sites.lon[at],
            "lat": sites.lat[at],
            "direction": _directions(inputs.graph, sites)[at],
            "off_road_km": sites.off_road_km[at],
            "n_hpc": n_hpc[at],
            "n_lpc": n_lpc[at],
        }
    )
    # An estimate of the planner is no request, and would bind as a connection that stands.
    is_asked = (
        np.full(len(at), True) if sites.origin is None else sites.origin[at] != ORIGIN_COMPUTED
    )
    known: dict[str, NDArray[Any] | None] = {
        "grid_connection_kw": np.where(is_asked, sites.grid_connection_kw[at], np.nan),
        "grid_operator_mv": None if sites.grid_operator_mv is None else sites.grid_operator_mv[at],
        "grid_operator_hv": None if sites.grid_operator_hv is None else sites.grid_operator_hv[at],
    }
    return table.assign(**{name: told for name, told in known.items() if told is not None})


def _directions(graph: RoadGraph, sites: Sites) -> NDArray[np.object_]:
    """What each site serves: both carriageways, or the one that leads so many degrees from north.

    The position alone does not tell carriageways apart that are drawn as one line.
    """
    arc = sites.attachment_arc_idx
    start, end = graph.arc_from_idx[arc], graph.arc_to_idx[arc]
    north = graph.lat[end] - graph.lat[start]
    east = (graph.lon[end] - graph.lon[start]) * np.cos(np.radians(graph.lat[start]))
    degrees = np.degrees(np.arctan2(east, north)).round() % 360.0
    served = sites.direction.copy()
    is_alone = sites.direction[sites.attachment_site_idx] != DIRECTION_BOTH
    served[sites.attachment_site_idx[is_alone]] = [f"{each:g}" for each in degrees[is_alone]]
    return served


def _numbers(first: int, n_sites: int) -> list[int]:
    """Numbers of sites that networks are sized for: the one asked for, and some up to all."""
    steps = np.geomspace(first, n_sites, 5)
    return sorted({first, n_sites, *(round(step) for step in steps)})
