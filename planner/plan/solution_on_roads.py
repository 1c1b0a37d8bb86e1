"""A named solution of a finished run on the roads and sites that it was planned on.

The run's folder holds everything but the road graph: ``run.json`` has the resolved scenario, and
the network and sites are read again from the inputs that it names. Their SHA-256 must be those of
the run, so that the roads are the ones the trucks were planned on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from planner.demand.scenario_sites import load_scenario_sites
from planner.errors import RunDirectoryError
from planner.network.load import load_network
from planner.plan.schemas import LAYOUTS
from planner.plan.trip_schemas import (
    BREAKS,
    STOPS,
    TRIPS,
    WARM_UP_BREAKS,
    WARM_UP_STOPS,
    WARM_UP_TRIPS,
)
from planner.plan.trip_tables import BREAK_KINDS
from planner.routing.stop_plans import StopKind, StopPlans, TripStatus, offsets
from planner.runs.manifests import MANIFEST
from planner.runs.provenance import sha256_of
from planner.said import AsWritten, said
from planner.scenario.bundled import bundled_path
from planner.scenario.input_paths import named_files
from planner.scenario.model import Scenario
from planner.scenario.site_sources import placed_for_trucks
from planner.scenario.yaml_files import validated

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.plan.finished_run import FinishedRun
    from planner.scenario.parameter_sets import Section

_BUILTIN = "built-in Germany"


@dataclass(frozen=True, slots=True)
class SolutionOnRoads:
    """A named solution of a finished run, with what its trucks drive on.

    Parameters
    ----------
    scenario : Scenario
        The resolved study.
    solution : str
        Its name, or its number as text.
    number : int
        Its row of the front.
    sites : Sites
        Sites on them.
    n_hpc, n_lpc : (n_sites,) int64
        Points of the solution at each site.
    trips : DataFrame
        ``TRIPS``, served and unserved.
    stops : DataFrame
        ``STOPS``.
    breaks : DataFrame
        ``BREAKS``.
    warm_up_trips, warm_up_stops, warm_up_breaks : DataFrame
        ``WARM_UP_TRIPS``, ``WARM_UP_STOPS`` and ``WARM_UP_BREAKS``: the days before, which count
        for queues only.
    """

    run: FinishedRun
    scenario: Scenario
    solution: str
    number: int
    graph: RoadGraph
    sites: Sites
    n_hpc: NDArray[np.int64]
    n_lpc: NDArray[np.int64]
    trips: pd.DataFrame
    stops: pd.DataFrame
    breaks: pd.DataFrame
    warm_up_trips: pd.DataFrame
    warm_up_stops: pd.DataFrame
    warm_up_breaks: pd.DataFrame

    @property
    def lpc_alone(self) -> NDArray[np.bool_]:
        """Sites with overnight points alone, where all trucks that stop rest, (n_sites,)."""
        return np.asarray((self.n_hpc == 0) & (self.n_lpc > 0))

    def all_trips(self) -> pd.DataFrame:
        """Trips that fill the queues: those of the days before, then those of the horizon."""
        return _joined(self.warm_up_trips, self.trips)

    def vehicle_class_idx(self) -> NDArray[np.int16]:
        """Class of the truck of each of :meth:`all_trips`, (n_trips,)."""
        number = {name: idx for idx, name in enumerate(self.scenario.vehicles.classes)}
        idx = self.all_trips()["vehicle_class"].map(number)
        return np.asarray(idx.to_numpy(dtype=np.int16))

    def plans(self) -> StopPlans:
        """Stops of :meth:`all_trips` as the stop planner gave them.

        Returns
        -------
        StopPlans
            Without what the tables leave out: the charge on entering, where trucks strand, how far
            off sites were looked at, and at which try.
        """
        trips, sites = self.all_trips(), self.sites
        stops = _joined(self.warm_up_stops, self.stops)
        breaks = _joined(self.warm_up_breaks, self.breaks)
        index_of = {site_id: index for index, site_id in enumerate(sites.site_id)}
        status = {kind.name.lower(): int(kind) for kind in TripStatus}
        kinds = {kind.name.lower(): int(kind) for kind in StopKind}
        n_trips = len(trips)
        n_unplugged = (trips["n_unplugged_breaks"] + trips["n_unplugged_rests"]).to_numpy(np.int64)

        def column(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
            return table[name].to_numpy(dtype=np.float64)

        return StopPlans(
            status=np.array([status[name] for name in trips["status"]], np.int8),
            stop_offset=offsets(trips["n_stops"].to_numpy(dtype=np.int64)),
            entry_h=column(trips, "entry_h"),
            arrival_h=column(trips, "arrival_h"),
            first_leg_h=column(trips, "first_leg_h"),
            distance_km=column(trips, "distance_km"),
            direct_distance_km=column(trips, "direct_distance_km"),
            drive_h=column(trips, "drive_h"),
            n_unplugged_breaks=trips["n_unplugged_breaks"].to_numpy(dtype=np.int16),
            n_unplugged_rests=trips["n_unplugged_rests"].to_numpy(dtype=np.int16),
            entry_soc_share=np.full(n_trips, np.nan),
            final_soc_share=column(trips, "final_soc_share"),
            stranded_node_idx=np.full(n_trips, -1, np.int32),
            looked_km=np.full(n_trips, np.inf),
            is_first_try=np.zeros(n_trips, np.bool_),
            is_exact=np.zeros(n_trips, np.bool_),
            stop_site_idx=stops["site_id"].map(index_of).to_numpy(dtype=np.int32),
            stop_kind=np.array([kinds[name] for name in stops["kind"]], np.int8),
            stop_arrival_h=column(stops, "arrival_h"),
            stop_plug_h=column(stops, "plug_h"),
            stop_hold_h=column(stops, "hold_h"),
            stop_energy_kwh=column(stops, "energy_kwh"),
            stop_arrival_soc_share=column(stops, "arrival_soc_share"),
            stop_next_leg_h=column(stops, "next_leg_h"),
            unplugged_offset=offsets(n_unplugged),
            unplugged_leg=breaks["leg"].to_numpy(dtype=np.int32),
            unplugged_after_drive_h=column(breaks, "after_drive_h"),
            unplugged_length_h=column(breaks, "length_h"),
            unplugged_is_rest=np.asarray(breaks["kind"] == BREAK_KINDS[True], dtype=np.bool_),
        )


def solution_on_roads(run: FinishedRun, name: str) -> SolutionOnRoads:
    """Read what a finished run was planned on, see :meth:`FinishedRun.on_roads`."""
    folder, number = run.folder, run.solution_number(name)
    where = str(folder / MANIFEST)
    scenario = validated(TypeAdapter(Scenario), run.scenario, where, {})
    _check_inputs(scenario, run.inputs_sha256, folder)
    graph, _ = load_network(scenario.network)
    layouts = run.table(LAYOUTS)
    layout = layouts[layouts["solution"] == number]
    sites, _ = load_scenario_sites(scenario, graph)
    # A site that may have no point at all was left out of the plan.
    sites = sites.select(np.isin(sites.site_id, layout["site_id"].to_numpy(dtype=object)))
    if list(layout["site_id"]) != list(sites.site_id):
        msg = said(
            "{path}: lists other sites than the scenario has now; run the scenario again",
            path=str(folder / "layouts.parquet"),
        )
        raise RunDirectoryError(msg)
    return SolutionOnRoads(
        run=run,
        scenario=scenario,
        solution=name,
        number=number,
        graph=graph,
        sites=sites,
        n_hpc=layout["n_hpc"].to_numpy(),
        n_lpc=layout["n_lpc"].to_numpy(),
        trips=run.table(TRIPS),
        stops=run.table(STOPS),
        breaks=run.table(BREAKS),
        warm_up_trips=run.table(WARM_UP_TRIPS),
        warm_up_stops=run.table(WARM_UP_STOPS),
        warm_up_breaks=run.table(WARM_UP_BREAKS),
    )


def _joined(before: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    return table if before.empty else pd.concat([before, table], ignore_index=True)


def _check_inputs(scenario: Scenario, sha256: dict[str, str], folder: Path) -> None:
    """Refuse roads or sites that are not those of the run."""
    sections: dict[str, Section] = {"network": scenario.network, "sites": scenario.sites}
    if placed_for_trucks(scenario.sites):
        sections["demand"] = scenario.demand
    paths = {
        name: path for key, section in sections.items() for name, path in named_files(section, key)
    }
    if scenario.network.source == "builtin":
        paths[_BUILTIN] = bundled_path("network/germany")
    refuse_changed_inputs(paths, sha256, folder)


def refuse_changed_inputs(paths: dict[str, Path], sha256: dict[str, str], folder: Path) -> None:
    """Refuse inputs that are not those of a run.

    Parameters
    ----------
    paths : dict of str to pathlib.Path
        Files and folders by what they are.
    sha256 : dict of str to str
        What the run says of its inputs: ``provenance.inputs_sha256`` of ``run.json``.
    folder : pathlib.Path
        The run directory, for messages.

    Raises
    ------
    RunDirectoryError
        If one of those that the run names holds something else now.
    """
    for name in sorted(paths.keys() & sha256.keys()):
        if sha256_of(paths[name]) != sha256[name]:
            msg = said(
                "{folder}: planned on another {name} than {path} holds now; run the scenario again",
                folder=str(folder),
                name=AsWritten(name),
                path=str(paths[name]),
            )
            raise RunDirectoryError(msg)
