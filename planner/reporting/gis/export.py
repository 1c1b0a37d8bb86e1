"""The map of a finished run once more, in another language."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.plan.map_places import names_in, place_in
from planner.reporting.gis.added_layers import with_layers
from planner.reporting.gis.geopackage import write_geopackage
from planner.reporting.gis.plan_map import PLAN_MAP, PlanMap, read_plan_map
from planner.reporting.gis.qgis_project import write_project
from planner.reporting.gis.sweep_map import SWEEP_MAP, is_sweep, read_sweep_map
from planner.runs.disk_faults import told_of

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from planner.tables.language import Language


def export_qgis(run_dir: Path, language: Language, *, out: Path | None = None) -> Path:
    """Write the QGIS project of a finished run or sweep and its GeoPackage in a language.

    Parameters
    ----------
    language : Language
        Of layers, legends, forms and print layouts.
    out : pathlib.Path, optional
        Folder to make; ``qgis-LANGUAGE`` in the run directory by default.

    Raises
    ------
    RunDirectoryError
        If the folder is not a finished run or sweep, or ``out`` exists or cannot be written.
    """
    out = out or run_dir / f"qgis-{language.code}"
    if out.exists():
        msg = f"{out}: exists; name another folder with --out, or remove it"
        raise RunDirectoryError(msg)
    plan, name = _read_map(run_dir)
    plan = translated(plan, language)
    partial = out.with_name(f".{out.name}.partial")
    with told_of(out, "name another folder with --out"):
        try:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            write_map(plan, partial, name, language)
            partial.rename(out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return out / f"{name}.qgz"


def write_map(plan: PlanMap, folder: Path, name: str, language: Language) -> None:
    """Write a map's project and GeoPackage.

    Parameters
    ----------
    name : str
        Name of the files without their endings.
    """
    write_geopackage(plan, folder / f"{name}.gpkg", language)
    write_project(plan, folder / f"{name}.qgz", language)


def write_map_with(
    layers: dict[str, gpd.GeoDataFrame], plan: PlanMap, folder: Path, name: str, language: Language
) -> None:
    """Write a map of a run with layers that a question to it has added.

    Parameters
    ----------
    layers : dict
        By name in :data:`~planner.reporting.gis.added_layers.ADDED_LAYERS`.
    """
    write_map(with_layers(translated(plan, language), layers), folder, name, language)


def _read_map(folder: Path) -> tuple[PlanMap, str]:
    """Map of a run or a sweep, and the name of its files."""
    if is_sweep(folder):
        return read_sweep_map(folder), SWEEP_MAP
    return read_plan_map(read_finished_run(folder)), PLAN_MAP


def translated(plan: PlanMap, language: Language) -> PlanMap:
    """A map whose texts in tables are in a language."""
    translated_layers = {}
    if "unserved" in plan.layers:
        unserved = plan.layers["unserved"].copy()
        unserved["reason"] = [language.own_text(reason) for reason in unserved["reason"]]
        unserved["place"] = [place_in(language, place) for place in unserved["place"]]
        translated_layers["unserved"] = unserved
    places = plan.layers["places"].copy()
    places["place"] = names_in(language, places)
    translated_layers["places"] = places
    return replace(plan, layers=plan.layers | translated_layers)
