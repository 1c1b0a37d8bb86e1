"""The map of a finished run once more, in another language."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.errors import RunDirectoryError
from planner.reporting.finished_run import read_finished_run
from planner.reporting.gis.geopackage import write_geopackage
from planner.reporting.gis.plan_map import GEOPACKAGE, PlanMap, read_plan_map
from planner.reporting.gis.qgis_project import PROJECT, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from planner.reporting.language import Language


def export_qgis(run_dir: Path, language: Language, *, out: Path | None = None) -> Path:
    """Write the QGIS project of a finished run and its GeoPackage in a language.

    Parameters
    ----------
    run_dir : pathlib.Path
        The run directory.
    language : Language
        Of layers, legends, forms and print layouts.
    out : pathlib.Path, optional
        Folder to make; ``qgis-LANGUAGE`` in the run directory by default.

    Returns
    -------
    pathlib.Path
        The project.

    Raises
    ------
    RunDirectoryError
        If the folder is not a finished run, or ``out`` exists or cannot be written.
    """
    out = out or run_dir / f"qgis-{language.code}"
    if out.exists():
        msg = f"{out}: exists; name another folder with --out, or remove it"
        raise RunDirectoryError(msg)
    plan = translated(read_plan_map(read_finished_run(run_dir)), language)
    partial = out.with_name(f".{out.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        write_geopackage(plan, partial / GEOPACKAGE, language)
        write_project(plan, partial / PROJECT, language)
        partial.rename(out)
    except OSError as error:
        msg = f"{out}: cannot be written ({error.strerror}); name another folder with --out"
        raise RunDirectoryError(msg) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return out / PROJECT


def translated(plan: PlanMap, language: Language) -> PlanMap:
    """A map whose texts in tables are in a language.

    Parameters
    ----------
    plan : PlanMap
        The map, with English texts.
    language : Language
        The language.

    Returns
    -------
    PlanMap
    """
    unserved = plan.layers["unserved"].copy()
    unserved["reason"] = [language.own_text(reason) for reason in unserved["reason"]]
    return replace(plan, layers=plan.layers | {"unserved": unserved})
