"""A plan as MATSim files: network, chargers, electric vehicles and the trucks' planned days."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import RunDirectoryError
from planner.plan.finished_run import PLAN, read_finished_run
from planner.reporting.matsim.chargers import Dialect, MatsimCharger, write_chargers
from planner.reporting.matsim.fleet import planned_fleet
from planner.reporting.matsim.network import (
    MatsimNetwork,
    matsim_network,
    metric_crs,
    write_network,
)
from planner.reporting.matsim.plans import write_plans
from planner.reporting.matsim.vehicles import HPC_TYPE, LPC_TYPE, write_vehicles
from planner.runs.disk_faults import told_of
from planner.said import counted, said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.plan.solution_on_roads import SolutionOnRoads

NETWORK_FILE = "network.xml.gz"
CHARGERS_FILE = "chargers.xml"
VEHICLES_FILE = "vehicles.xml.gz"
PLANS_FILE = "plans.xml.gz"
FILES = (NETWORK_FILE, CHARGERS_FILE, VEHICLES_FILE, PLANS_FILE)


@dataclass(frozen=True, slots=True)
class MatsimExport:
    """What was written.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files lie.
    n_trucks, n_unserved : int
        Trucks with a plan, and trips left out because they cannot be driven.
    n_other_way : int
        Trucks whose planned way passes a site without plugging in; led along the quickest ways.
    n_stops : int
        Charging stops of the trucks.
    n_hpc, n_lpc : int
        Charging points.
    n_sites : int
        Sites with high-power points, one at least at each.
    """

    folder: Path
    n_trucks: int
    n_unserved: int
    n_other_way: int
    n_stops: int
    n_hpc: int
    n_lpc: int
    n_sites: int
    n_links: int

    def sentences(self) -> list[str]:
        """Say for a person what was written, and what was left out."""
        content = said(
            "{trucks} with {stops}; {hpc} at {sites}, one at least at each, and {lpc}; {links}.",
            trucks=counted(self.n_trucks, "{n} truck", "{n} trucks"),
            stops=counted(self.n_stops, "{n} charging stop", "{n} charging stops"),
            hpc=counted(self.n_hpc, "{n} high-power point", "{n} high-power points"),
            sites=counted(self.n_sites, "{n} site", "{n} sites"),
            lpc=counted(self.n_lpc, "{n} overnight point", "{n} overnight points"),
            links=counted(self.n_links, "{n} link", "{n} links"),
        )
        left_out = counted(
            self.n_unserved,
            "{n} trip that cannot be driven is left out.",
            "{n} trips that cannot be driven are left out.",
        )
        other_way = counted(
            self.n_other_way,
            "{n} truck passes a site on its way without charging, which a run does not keep: it "
            "takes the quickest ways between its stops.",
            "{n} trucks pass a site on their way without charging, which a run does not keep: they "
            "take the quickest ways between their stops.",
        )
        return [
            content,
            *([left_out] if self.n_unserved else []),
            *([other_way] if self.n_other_way else []),
            said("Written to {folder}: {files}", folder=str(self.folder), files=FILES),
        ]


def export_matsim(
    run_dir: Path,
    solution: str,
    *,
    out: Path | None = None,
    dialect: Dialect = "plug_power",
    crs: str = "EPSG:25832",
) -> MatsimExport:
    """Write a solution of a finished run as MATSim files.

    Parameters
    ----------
    solution : str
        Name of the solution whose charging points are written, for example ``"balanced"``.
    out : pathlib.Path, optional
        Folder to make; ``matsim-SOLUTION`` in the run directory by default.
    dialect : {"plug_power", "power"}
        Names of the chargers' attributes.
    crs : str
        Coordinate reference system of the files, projected in metres.

    Raises
    ------
    PlannerError
        If the folder is not a run, has no such solution or has changed inputs, the coordinate
        system is not fit, or ``out`` exists or cannot be written.

    Notes
    -----
    Stops do not depend on the solution: the plans are those that all layouts were measured with.
    A trip from abroad begins where it enters the road graph, with the charge it has there.
    """
    out = out or run_dir / f"matsim-{solution}"
    metric_crs(crs)
    if out.exists():
        msg = f"{out}: exists; name another folder with --out, or remove it"
        raise RunDirectoryError(msg)
    run = read_finished_run(run_dir, PLAN).on_roads(solution)
    partial = out.with_name(f".{out.name}.partial")
    with told_of(out, "name another folder with --out"):
        try:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            export = _write(run, partial, out, dialect, crs)
            partial.rename(out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return export


def _write(
    run: SolutionOnRoads, folder: Path, final: Path, dialect: Dialect, crs: str
) -> MatsimExport:
    speed_kmh = max(vehicle.mean_speed_kmh for vehicle in run.scenario.vehicles.classes.values())
    network = matsim_network(run.graph, run.sites, crs, speed_kmh)
    fleet = planned_fleet(run, network)
    chargers = solution_chargers(run, network)
    title = f"{run.scenario.name}, solution {run.solution}"
    write_chargers(chargers, folder / CHARGERS_FILE, dialect)
    write_vehicles(run.scenario.vehicles.classes, fleet.vehicles(), folder / VEHICLES_FILE)
    write_plans(fleet.trucks(), network, title, folder / PLANS_FILE)
    is_used = fleet.used_links() | _links_to_chargers(run, network)
    write_network(network, is_used, title, folder / NETWORK_FILE)
    return MatsimExport(
        folder=final,
        n_trucks=fleet.n_trucks,
        n_unserved=len(run.trips) - fleet.n_trucks,
        n_other_way=int(fleet.is_other_way.sum()),
        n_stops=len(run.stops),
        n_hpc=int(run.n_hpc.sum()),
        n_sites=int((run.n_hpc > 0).sum()),
        n_lpc=int(run.n_lpc.sum()),
        n_links=int(is_used.sum()),
    )


def solution_chargers(run: SolutionOnRoads, network: MatsimNetwork) -> list[MatsimCharger]:
    """Charging points of the solution, high-power before overnight, by site.

    Returns
    -------
    list of MatsimCharger
        Named like the links they lie on; sites without points of a kind have no charger of it.
    """
    chargers = run.scenario.chargers
    return [
        MatsimCharger(network.link_id[link], network.link_id[link], kind, plug_kw, int(count))
        for kind, plug_kw, links, counts in (
            (HPC_TYPE, chargers.hpc_kw, network.hpc_link, run.n_hpc),
            (LPC_TYPE, chargers.lpc_kw, network.lpc_link, run.n_lpc),
        )
        for link, count in zip(links, counts, strict=True)
        if count > 0
    ]


def _links_to_chargers(run: SolutionOnRoads, network: MatsimNetwork) -> NDArray[np.bool_]:
    """Links of sites with points, and of the arcs they are reached from."""
    used = np.zeros(len(network.link_id), dtype=np.bool_)
    used[network.hpc_link[run.n_hpc > 0]] = True
    used[network.lpc_link[run.n_lpc > 0]] = True
    has_points = (run.n_hpc > 0) | (run.n_lpc > 0)
    attachments = np.flatnonzero(has_points[run.sites.attachment_site_idx])
    used[network.in_link[attachments]] = True
    used[network.out_link[attachments]] = True
    used[network.arc_links(run.sites.attachment_arc_idx[attachments])] = True
    return used
