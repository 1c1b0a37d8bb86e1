"""What a scenario's inputs hold: roads, sites and trips, with what their depots do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from planner.afir.fewest import fewest_points
from planner.afir.law import read_law
from planner.afir.tent_roads import TentRoads, tent_classes
from planner.demand.load import load_trips
from planner.demand.scenario_sites import load_scenario_sites
from planner.demand.trips import Trips
from planner.files.reading_notes import note_lines, reading_notes
from planner.network.load import load_network
from planner.network.route_spread import route_spread_of
from planner.optimization.point_bounds import within_bounds
from planner.optimization.site_limits import PlugLimits, plug_limits, sites_with_hpc
from planner.plan.site_regions import site_regions
from planner.runs.random_streams import RandomStreams
from planner.said import joined, said
from planner.scenario.site_sources import shared_part

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.afir.law import Year
    from planner.demand.load import DemandReport
    from planner.network.cleaning import NetworkReport
    from planner.network.graph import RoadGraph
    from planner.network.site_attachment import SitesReport
    from planner.network.sites import Sites
    from planner.plan.depots import PlanDepots
    from planner.routing.stop_plans import StopPlans
    from planner.runs.progress import Advance
    from planner.scenario.model import Scenario


@dataclass(frozen=True, slots=True)
class StudyInputs:
    """What a scenario's inputs hold once read.

    Parameters
    ----------
    sites : Sites
        Sites on them.
    trips : Trips
        Electric trips; those of the days before the horizon come first and are not counted.
    sites_report : SitesReport
        How the sites came onto it.
    demand_report : DemandReport
        What the full fleet looks like.
    notes : tuple of str
        What the readers of files took for granted, a line per file.
    depots : PlanDepots, optional
        What the depots do that some of the trips start at.
    region_of_site : (n_sites,) object, optional
        Region of each site, empty where it lies in none; None without regions.
    """

    graph: RoadGraph
    sites: Sites
    trips: Trips
    network_report: NetworkReport
    sites_report: SitesReport
    demand_report: DemandReport
    notes: tuple[str, ...] = ()
    depots: PlanDepots | None = None
    region_of_site: NDArray[np.object_] | None = None

    def reports(self) -> dict[str, Report]:
        """What was read of roads, sites and trips, by name."""
        return {
            "Network": self.network_report,
            "Sites": self.sites_report,
            "Demand": self.demand_report,
        }

    def sentences(self) -> list[str]:
        """Say for a person what was read, a line per input."""
        lines = [input_line(what, report) for what, report in self.reports().items()]
        if self.depots is not None:
            lines.append(input_line("Depots", self.depots))
        return [*lines, *(said("Note: {text}", text=line) for line in self.notes)]


class Report(Protocol):
    """What was read of an input."""

    def sentences(self) -> list[str]:
        """Say it for a person."""
        ...


def input_line(what: str, report: Report) -> str:
    """Say for a person what was read of an input."""
    return said("{what}: {read}", what=what, read=joined(report.sentences()))


def read_inputs(
    scenario: Scenario,
    *,
    roads: tuple[RoadGraph, NetworkReport] | None = None,
    demand: tuple[Trips, DemandReport] | None = None,
    with_depots: bool = True,
) -> StudyInputs:
    """Read roads, sites and trips of a scenario.

    Parameters
    ----------
    roads, demand : tuple, optional
        What :func:`~planner.network.load.load_network` and :func:`read_demand` gave already, for
        this scenario or another with the same network, and the same demand, vehicle mix and seed.
    with_depots : bool
        Whether trips that start at depots already have the charge that they leave these with.
    """
    with reading_notes() as said:
        graph, network_report = load_network(scenario.network) if roads is None else roads
        sites, sites_report = read_sites(scenario, graph)
        regions = site_regions(scenario, sites)
        trips, demand_report = read_demand(scenario, graph) if demand is None else demand
    notes = tuple(note_lines({Path(file).name: texts for file, texts in said.items()}))
    inputs = StudyInputs(
        graph,
        sites,
        trips,
        network_report,
        sites_report,
        demand_report,
        notes,
        region_of_site=regions,
    )
    return charge_at_depots(scenario, inputs) if with_depots else inputs


def charge_at_depots(
    scenario: Scenario,
    inputs: StudyInputs,
    cache: Path | None = None,
    progress: Advance | None = None,
) -> StudyInputs:
    """Let trips that start at depots leave with the charge that they get there.

    Parameters
    ----------
    scenario : Scenario
        The study; without a section ``depots`` nothing changes.
    inputs : StudyInputs
        Its inputs, without depots so far.
    cache : pathlib.Path, optional
        Folder in which finished depots are kept.
    progress : callable, optional
        Told how many depots of how many are done.
    """
    if scenario.depots is None:
        return inputs
    from planner.plan.depots import depots_of_plan  # noqa: PLC0415  # most plans have none

    # Depots are planned for the days that count; trucks of the days before start as drawn.
    counted = inputs.trips.is_counted
    depots = depots_of_plan(
        scenario,
        scenario.depots,
        inputs.graph,
        inputs.trips.select(counted),
        cache=cache,
        progress=progress,
    )
    trips = Trips.joined([inputs.trips.select(~counted), depots.trips])
    return replace(inputs, trips=trips, depots=depots)


def read_demand(scenario: Scenario, graph: RoadGraph) -> tuple[Trips, DemandReport]:
    """Read the trips of a scenario.

    Returns
    -------
    Trips
        The electric ones, also of the days that only fill roads and queues.
    DemandReport
        What the full fleet looks like.
    """
    streams = RandomStreams(scenario.seed)
    warm_up_days = scenario.simulation.warm_up_days
    spread = route_spread_of(scenario.routing.route_spread, streams)
    mix = scenario.vehicles.mix
    return load_trips(scenario.demand, graph, mix, streams, warm_up_days, spread)


def read_sites(scenario: Scenario, graph: RoadGraph) -> tuple[Sites, SitesReport]:
    """Read or make the sites of a scenario.

    Returns
    -------
    Sites
        Those that have room for a high-power point.
    SitesReport
        How they came onto the roads.
    """
    if scenario.optimization.law is not None:
        tent_classes(graph)
    sites, report = load_scenario_sites(scenario, graph)
    limits = site_limits(scenario, sites, are_all_sites=True)
    return sites_with_hpc(sites, report, limits)


def layout_limits(
    scenario: Scenario,
    graph: RoadGraph,
    sites: Sites,
    plans: StopPlans,
    law_year: Year | None = None,
) -> PlugLimits:
    """Fewest and most points of each site in a plan, where it must fulfil the law also by that.

    Parameters
    ----------
    plans : StopPlans
        Where trucks stop: of the sites that would do, those are taken where more do.
    law_year : {2025, 2027, 2030}, optional
        Year of the law; the scenario's by default, none where it has none.
    """
    limits = site_limits(scenario, sites)
    asked = scenario.optimization.law
    year = law_year or (None if asked is None else asked.afir)
    if year is None:
        return limits
    n_stops = np.bincount(plans.stop_site_idx, minlength=sites.n_sites).astype(np.float64)
    law = read_law()
    roads = TentRoads.of(graph, sites, law, law.years[str(year)])
    needed = fewest_points(roads, sites, scenario.chargers.hpc_kw, n_stops, limits.max_hpc)
    return replace(limits, existing_hpc=np.maximum(limits.existing_hpc, needed.astype(np.int32)))


def site_limits(scenario: Scenario, sites: Sites, *, are_all_sites: bool = False) -> PlugLimits:
    """Fewest and most charging points of each site by its own figures and the bounds of the study.

    Parameters
    ----------
    scenario : Scenario
        The study: which of the limits count, and the power of a point.
    are_all_sites : bool
        Whether these are all sites of the study, before any that may have no point is left out
        or closed: bounds of others are refused then.
    """
    limits = plug_limits(
        sites,
        scenario.chargers.hpc_kw * shared_part(scenario.sites),
        within_grid_connection=scenario.sites.within_grid_connection,
        within_parking_spaces=scenario.sites.within_parking_spaces,
    )
    bounds = scenario.optimization.bounds
    if bounds is None:
        return limits
    return within_bounds(limits, sites.site_id, bounds, are_all_sites=are_all_sites)
