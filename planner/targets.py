"""``planner target``: from a finished run to the fewest points that keep waits below a target."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from planner.errors import InputDataError, RunDirectoryError
from planner.optimization.least_points import LeastPoints, WaitTarget, least_points
from planner.optimization.seeding import separable_model
from planner.reporting.gis.geopackage import fixed_gdal_time
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.language import ENGLISH
from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.stored_run import StoredRun, read_run
from planner.reporting.table_schemas import LAYOUTS
from planner.routing.stop_plans import StopKind, StopPlans, TripStatus
from planner.run_directory import replacing
from planner.simulation.metrics import site_figures
from planner.simulation.queues import ChargerLayout, simulate
from planner.stages import charging_demand, site_limits

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.simulation.queues import ChargingDemand

FILES = ("target.json", "sites.csv", "sites.gpkg")


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """The fewest points, and the folder that holds the layout.

    Parameters
    ----------
    target : WaitTarget
        What was asked.
    found : LeastPoints
        The layout.
    n_lpc : int
        LPC points, the same as in the run.
    folder : pathlib.Path
        Where the layout was written.
    """

    target: WaitTarget
    found: LeastPoints
    n_lpc: int
    folder: Path

    def sentences(self) -> list[str]:
        """Say the answer for a person."""
        figures, say = self.found.figures, ENGLISH
        n_sites = int((self.found.n_hpc > 0).sum())
        enough = (
            f"{say.count(figures.n_hpc)} high-power charging points at {say.count(n_sites)} "
            f"sites are enough for {_target_text(self.target)}."
        )
        effect = (
            f"Trucks then wait {say.minutes(figures.mean_wait_min)} on average, 95 of 100 "
            f"sessions at most {say.minutes(figures.p95_wait_min)}; the points are in use "
            f"{say.percent(figures.tcu_share)} of the time. {say.count(self.n_lpc)} points for "
            "overnight charging, as in the run."
        )
        of_front = self.found.n_hpc_of_front
        quality = (
            "No plan of the run's front meets the target."
            if of_front is None
            else f"The cheapest plan of the run's front that does has {ENGLISH.count(of_front)}."
        )
        quality += " With one point less anywhere, the target is missed."
        return [enough, effect, quality, *self._bounds()]

    def _bounds(self) -> list[str]:
        """What is proved about all layouts, as far as the target allows a proof."""
        said, n_hpc = [], self.found.figures.n_hpc
        if (proved := self.found.n_hpc_proved) is not None:
            above = ENGLISH.percent(n_hpc / max(proved, 1) - 1.0)
            said.append(
                f"Proved: no layout with fewer than {ENGLISH.count(proved)} meets the target, "
                f"whatever its queues do to later arrivals. The answer is at most {above} above "
                "the fewest possible."
            )
        if (separable := self.found.n_hpc_separable) is not None:
            said.append(
                f"If no wait moved later arrivals, none with fewer than {ENGLISH.count(separable)} "
                "would meet it: a yardstick of the search, no bound."
            )
        return said


def plan_for_target(run_dir: Path, target: WaitTarget, out: Path | None = None) -> TargetAnswer:
    """Find the fewest HPC points of a finished run's study that meet a target.

    Trucks stop where they stop in the run; only the number of points at each site changes. Every
    layout is judged in the full simulation.

    Parameters
    ----------
    run_dir : pathlib.Path
        A finished run.
    target : WaitTarget
        How long trucks may wait.
    out : pathlib.Path, optional
        Folder for the layout; by default beside the run, named after the target.

    Returns
    -------
    TargetAnswer
        The layout, written as ``sites.csv``, ``sites.gpkg`` and ``target.json``.

    Raises
    ------
    InputDataError
        If no target is given, or no layout meets it.
    RunDirectoryError
        If the folder is not a run, its inputs have changed, or the result cannot be written.
    """
    if not np.isfinite([target.mean_min, target.p95_min]).any():
        msg = "target: expected a longest wait; give --max-mean-wait, --max-p95 or both"
        raise InputDataError(msg)
    run = read_run(run_dir, DEFAULT_SOLUTION)
    demand = charging_demand(run.scenario, stored_plans(run), run.sites.n_sites)
    limits = site_limits(run.scenario, run.sites)
    n_lpc = run.n_lpc.astype(np.int32)
    # Trucks that find no overnight point charge at high power: with a point for each nobody waits.
    for_all = (demand.n_hpc_stops_at_site + demand.n_lpc_stops_at_site).astype(np.int32)
    unlimited = ChargerLayout(simulate(demand, ChargerLayout(for_all, n_lpc)).peak_hpc, n_lpc)
    bounds = separable_model(demand, unlimited, limits.existing_hpc, limits.max_hpc).bounds
    _check_waits(run, run_dir, demand)
    found = least_points(demand, _front_layouts(run_dir, run.sites.n_sites), n_lpc, bounds, target)
    if found is None:
        msg = (
            f"{run_dir}: no layout keeps to {_target_text(target)}, not even with "
            f"{ENGLISH.count(bounds.upper.sum())} high-power points, the most that the sites may "
            "have; allow longer waits, or more power or space at the sites"
        )
        raise InputDataError(msg)
    folder = out or run_dir.absolute().with_name(f"{run_dir.absolute().name}-{_name(target)}")
    _write(run, demand, found, target, folder)
    return TargetAnswer(target, found, int(n_lpc.sum()), folder)


def stored_plans(run: StoredRun) -> StopPlans:
    """Stops of a run as the stop planner gave them.

    Parameters
    ----------
    run : StoredRun
        The run.

    Returns
    -------
    StopPlans
        Without what the tables leave out: the charge on entering and where trucks strand.
    """
    trips, stops, sites = run.trips, run.stops, run.sites
    index_of = {site_id: index for index, site_id in enumerate(sites.site_id)}
    status = {kind.name.lower(): int(kind) for kind in TripStatus}
    kinds = {kind.name.lower(): int(kind) for kind in StopKind}
    n_trips = len(trips)

    def column(table: pd.DataFrame, name: str) -> NDArray[np.float64]:
        return table[name].to_numpy(dtype=np.float64)

    return StopPlans(
        status=np.array([status[name] for name in trips["status"]], np.int8),
        stop_offset=np.concatenate([[0], np.cumsum(trips["n_stops"].to_numpy(dtype=np.int64))]),
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
        stop_site_idx=stops["site_id"].map(index_of).to_numpy(dtype=np.int32),
        stop_kind=np.array([kinds[name] for name in stops["kind"]], np.int8),
        stop_arrival_h=column(stops, "arrival_h"),
        stop_plug_h=column(stops, "plug_h"),
        stop_hold_h=column(stops, "hold_h"),
        stop_energy_kwh=column(stops, "energy_kwh"),
        stop_arrival_soc_share=column(stops, "arrival_soc_share"),
        stop_next_leg_h=column(stops, "next_leg_h"),
    )


def _check_waits(run: StoredRun, run_dir: Path, demand: ChargingDemand) -> None:
    """Refuse a run whose waits this program does not find again."""
    layout = ChargerLayout(run.n_hpc.astype(np.int32), run.n_lpc.astype(np.int32))
    wait_min = 60.0 * simulate(demand, layout).wait_h
    stored = run.stops["wait_min"].to_numpy(dtype=np.float64)[demand.plan_stop_idx]
    if not np.allclose(wait_min, stored, rtol=0.0, atol=1e-6):
        msg = (
            f"{run_dir}: its waits do not follow from its stops with this version of the planner; "
            "run the scenario again"
        )
        raise RunDirectoryError(msg)


def _front_layouts(run_dir: Path, n_sites: int) -> NDArray[np.int32]:
    layouts = pd.read_parquet(run_dir / f"{LAYOUTS.name}.parquet", columns=["n_hpc"])
    return layouts["n_hpc"].to_numpy(dtype=np.int32).reshape(-1, n_sites)


def _write(
    run: StoredRun, demand: ChargingDemand, found: LeastPoints, target: WaitTarget, folder: Path
) -> None:
    sites = _site_table(run, demand, found)
    points = shapely.points(run.sites.lon, run.sites.lat)
    layer = gpd.GeoDataFrame(sites.drop(columns=["lon", "lat"]), geometry=points, crs=CRS)
    answer = {
        "study": run.scenario.name,
        "max_mean_wait_min": _finite_or_none(target.mean_min),
        "max_p95_wait_min": _finite_or_none(target.p95_min),
        "n_hpc": found.figures.n_hpc,
        "n_lpc": found.figures.n_lpc,
        "mean_wait_min": found.figures.mean_wait_min,
        "p95_wait_min": found.figures.p95_wait_min,
        "tcu": found.figures.tcu_share,
        "n_hpc_of_front": found.n_hpc_of_front,
        "n_hpc_separable": found.n_hpc_separable,
        "n_hpc_proved": found.n_hpc_proved,
    }
    try:
        if folder.exists() and any(path.name not in FILES for path in folder.iterdir()):
            msg = f"{folder}: holds other files; name another folder with --out"
            raise RunDirectoryError(msg)
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / "sites.csv") as path:
            sites.to_csv(path, index=False, lineterminator="\n")
        _write_layer(layer, folder / "sites.gpkg")
        with replacing(folder / "target.json") as path:
            path.write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"{folder}: cannot be written ({error.strerror}); name another folder with --out"
        raise RunDirectoryError(msg) from error


def _write_layer(layer: gpd.GeoDataFrame, path: Path) -> None:
    partial = path.with_name(f".{path.stem}.partial.gpkg")
    partial.unlink(missing_ok=True)
    try:
        with fixed_gdal_time():
            pyogrio.write_dataframe(
                layer, partial, layer="sites", driver="GPKG", dataset_options={"VERSION": "1.2"}
            )
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _site_table(run: StoredRun, demand: ChargingDemand, found: LeastPoints) -> pd.DataFrame:
    layout = ChargerLayout(found.n_hpc, run.n_lpc.astype(np.int32))
    chargers, sites = run.scenario.chargers, run.sites
    figures = site_figures(
        demand,
        simulate(demand, layout),
        layout,
        hpc_kw=chargers.hpc_kw,
        lpc_kw=chargers.lpc_kw,
    )
    return pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "road": sites.road,
            "lon": sites.lon,
            "lat": sites.lat,
            "n_hpc": layout.n_hpc,
            "n_lpc": layout.n_lpc,
            "mean_wait_min": figures.mean_wait_min,
            "p95_wait_min": figures.p95_wait_min,
            "utilisation_share": figures.utilisation_share,
        }
    )


def _target_text(target: WaitTarget) -> str:
    parts = [
        f"{what} of at most {limit:g} min"
        for what, limit in (
            ("a mean wait", target.mean_min),
            ("a wait in 95 of 100 sessions", target.p95_min),
        )
        if np.isfinite(limit)
    ]
    return " and ".join(parts)


def _name(target: WaitTarget) -> str:
    parts = [
        f"{what}-{limit:g}-min"
        for what, limit in (("mean-wait", target.mean_min), ("p95-wait", target.p95_min))
        if np.isfinite(limit)
    ]
    return "-".join(parts)


def _finite_or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None
