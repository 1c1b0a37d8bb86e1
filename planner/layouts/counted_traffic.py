"""``planner counts``: the trucks of a finished run's study, held against counting stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.counts.fit import hold_against
from planner.counts.stations import match_stations, read_stations
from planner.counts.stretches import held_out
from planner.demand.scenario_sites import fleet_trips
from planner.errors import InputDataError
from planner.network.distances import node_flows
from planner.plan.finished_run import PLAN, read_finished_run
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.routing.drivers import drivers_of
from planner.said import AsWritten, said
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.counts.fit import CountFit
    from planner.network.graph import RoadGraph
    from planner.runs.progress import ProgressListener
    from planner.scenario.model import Scenario

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")


@dataclass(frozen=True, slots=True)
class CountedTraffic:
    """What stations say of a study.

    Parameters
    ----------
    name : str
        Name of the study.
    """

    name: str
    graph: RoadGraph
    fit: CountFit


def hold_run_against_counts(
    run_dir: Path, stations: Path, max_distance_km: float, progress: ProgressListener
) -> CountedTraffic:
    """Hold all trucks of a finished run's study, electric or not, against counting stations.

    Raises
    ------
    InputDataError
        If the stations cannot be used, or the study knows no trucks but electric ones or no
        working days.
    RunDirectoryError
        If the folder is not a run, or its inputs have changed.
    """
    table = read_stations(stations)
    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(DEFAULT_SOLUTION)
    matched = match_stations(table, plan.graph, str(stations), max_distance_km)
    with progress.stage("Reading trips of all trucks"):
        traffic = all_trucks_per_working_day(plan.scenario, plan.graph, run_dir)
    calibrate = getattr(plan.scenario.demand, "calibrate", None)
    is_out = None
    if calibrate is not None:
        is_out = held_out(matched, calibrate.held_out_share, calibrate.held_out_seed)
    fit = hold_against(matched, plan.graph, traffic.on_arcs, is_out, traffic.across_border)
    return CountedTraffic(run.name, plan.graph, fit)


class WorkingDayTraffic(NamedTuple):
    """All trucks of a study on the mean of its simulated working days, electric or not.

    Parameters
    ----------
    on_arcs : (n_arcs,) float64
        Trucks on each arc, each on the way that it finds quickest, without charging.
    across_border : (n_nodes,) float64
        Trips that come in from beyond a node or go on there.
    """

    on_arcs: NDArray[np.float64]
    across_border: NDArray[np.float64]


def all_trucks_per_working_day(
    scenario: Scenario, graph: RoadGraph, run_dir: Path
) -> WorkingDayTraffic:
    """Traffic of a study's whole fleet.

    Parameters
    ----------
    run_dir : pathlib.Path
        The run, for messages.
    """
    demand = scenario.demand
    if "electrification_share" not in type(demand).model_fields:
        msg = said(
            "{run}: expected a study with a share of electric trucks "
            "(demand.electrification_share), beside which the others drive; found the source "
            "{source}",
            run=str(run_dir),
            source=repr(demand.source),
        )
        raise InputDataError(msg)
    working = [WORKING_DAYS.index(day) for day in demand.days if day in WORKING_DAYS]
    if not working:
        msg = said(
            "{run}: expected a study with working days in demand.days, as counts are of these; "
            "found {days}",
            run=str(run_dir),
            days=AsWritten(", ".join(demand.days)),
        )
        raise InputDataError(msg)
    # Which trips go on abroad is known of those alone that drive there; the trips are the same.
    border = demand.border.model_copy(update={"abroad": "driven"})
    demand = demand.model_copy(update={"border": border})
    trips = fleet_trips(scenario.model_copy(update={"demand": demand}), graph)
    day = np.floor(trips.departure_h / HOURS_PER_DAY).astype(np.int64)
    trips = trips.select(trips.is_counted & np.isin(day, working))
    flow = np.zeros(graph.n_arcs)
    for network, chosen in drivers_of(scenario).networks(graph, trips):
        group = trips.select(chosen)
        ends = group.origin_node_idx, group.destination_node_idx
        flow += node_flows(network, *ends, np.ones(group.n_trips))
    n_nodes, comes, goes = graph.n_nodes, trips.abroad_before_km > 0.0, trips.abroad_after_km > 0.0
    across = np.bincount(trips.origin_node_idx[comes], minlength=n_nodes)
    across += np.bincount(trips.destination_node_idx[goes], minlength=n_nodes)
    return WorkingDayTraffic(flow / len(working), across / len(working))
