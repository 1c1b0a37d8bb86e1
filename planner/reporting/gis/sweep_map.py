"""A sweep as a map: sites and flows of each of its combinations, level by level."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_numeric_dtype
from pyarrow import ArrowException

from planner.errors import RunDirectoryError
from planner.plan.finished_run import read_finished_run
from planner.plan.key_names import LEVEL_KEY
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.run_columns import FLOOR, OBJECTIVE_FIGURES
from planner.reporting.gis.plan_map import (
    GEOPACKAGE,
    MapView,
    PlanMap,
    makers,
    read_layers,
)
from planner.runs.manifests import SWEEP_MANIFEST
from planner.scenario.sweep import short_names, value_text
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

SWEEP_MAP = "sweep"
"""Name of the map's files in a sweep's folder."""

_SITES = f"sites_{DEFAULT_SOLUTION}"
_FROM_FIRST_RUN = ("countries", "roads", "places")
_FIGURES = ("n_hpc", FLOOR.name, "n_lpc", MEAN_WAIT.name, "tcu")


def is_sweep(folder: Path) -> bool:
    """Whether a folder is one of a sweep."""
    return (folder / SWEEP_MANIFEST).is_file()


def read_sweep_map(folder: Path, *, tables: Path | None = None) -> PlanMap:
    """Map of a finished sweep: the default solution of each combination.

    Parameters
    ----------
    tables : pathlib.Path, optional
        Folder of its tables while they are not there yet.

    Returns
    -------
    PlanMap
        A view per combination, in the order of the sweep. Figures are means over its replications.

    Raises
    ------
    RunDirectoryError
        If the sweep is not complete, or the map of one of its runs is missing.
    """
    definition, table = _read_tables(folder, tables or folder)
    views = []
    layers: dict[str, gpd.GeoDataFrame] = {}
    scenarios: list[dict[str, Any]] = []
    for label, rows in table.groupby("scenario", sort=False):
        runs = [folder / str(run) for run in rows["run"]]
        key = re.sub(r"[^a-z0-9]+", "_", str(label).lower()).strip("_")
        shown = [*_FIGURES, *(each.name for each in OBJECTIVE_FIGURES if each.name in rows)]
        figures = {figure: float(rows[figure].mean()) for figure in shown}
        title = _title(rows.iloc[0], list(definition["axes"])) or str(definition["name"])
        views.append(MapView(key, title, f"sites_{key}", f"network_{key}", figures))
        if not layers:
            layers = read_layers(runs[0] / GEOPACKAGE, _FROM_FIRST_RUN)
        own = [read_layers(run / GEOPACKAGE, (_SITES, "network")) for run in runs]
        layers[views[-1].sites] = _mean([each[_SITES] for each in own])
        layers[views[-1].network] = _mean([each["network"] for each in own])
        scenarios.append(read_finished_run(runs[0]).scenario)
    sources = tuple(dict.fromkeys(maker for each in scenarios for maker in makers(each)))
    levels = {each["demand"].get("electrification_share") for each in scenarios}
    return PlanMap(
        name=str(definition["name"]),
        description=str(definition.get("description", "")),
        level_share=levels.pop() if len(levels) == 1 else None,
        views=tuple(views),
        default=views[-1],
        sources=sources,
        layers=layers,
        site_sections=tuple(each["sites"] for each in scenarios),
    )


def _read_tables(folder: Path, tables: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """Definition of a sweep, and the rows of its default solution."""
    try:
        manifest = json.loads((folder / SWEEP_MANIFEST).read_text(encoding="utf-8"))
        definition: dict[str, Any] = manifest["sweep"]
        table = pd.read_parquet(tables / "sweep.parquet")
        rows = table[table["solution_name"] == DEFAULT_SOLUTION]
        # Sweeps of earlier versions lack what their runs did not aim at.
        beside = [each.name for each in OBJECTIVE_FIGURES if each.name in rows]
        rows = rows[["scenario", "run", *definition["axes"], *_FIGURES, *beside]]
    except (OSError, ValueError, KeyError, TypeError, ArrowException) as error:
        reason = str(error).partition("\n")[0]
        msg = f"{folder}: expected a complete sweep; {reason}; start the sweep again"
        raise RunDirectoryError(msg) from error
    return definition, rows


def _title(row: pd.Series, axes: list[str]) -> str:
    """Values of the axes as a reader is shown them, for example ``"10 %, policy"``."""
    names = short_names(axes)
    parts = []
    for axis in axes:
        value = row[axis]
        if axis == LEVEL_KEY:
            parts.append(ENGLISH.percent(float(value)))
        elif isinstance(value, str):
            parts.append(value)
        else:
            parts.append(f"{names[axis]} {value_text(value)}")
    return ", ".join(parts)


def _mean(replications: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Features with the means of their figures; the first where others have other features."""
    first = replications[0]
    if any(not first.geometry.equals(each.geometry) for each in replications[1:]):
        return first
    mean = first.copy()
    for column in first.columns:
        if is_numeric_dtype(first[column]):
            mean[column] = pd.concat([each[column] for each in replications], axis=1).mean(axis=1)
    return mean
