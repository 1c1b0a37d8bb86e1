"""A layout of one's own as a map for QGIS: its sites, those of the plan, and what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.plan.run_columns import FLOOR
from planner.plan.site_changes import CHANGES_LAYER, changes_between
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.gis.plan_map import MapView, PlanMap, read_plan_map
from planner.said import said
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.layouts.evaluated import EvaluatedLayout
    from planner.plan.finished_run import FinishedRun

_ROADS = "network"
_BASE_LAYERS = ("countries", _ROADS, "flows", "roads", "places")
_LAYER, _BEFORE, _CHANGES = "sites_layout", "sites_before", f"{CHANGES_LAYER}_layout"


class _Points(NamedTuple):
    """Columns of the points of a kind: all, those that stand, are announced, are missing."""

    planned: str
    built: str
    announced: str
    missing: str


_POINTS = tuple(
    _Points(f"n_{kind}", f"built_{kind}", f"announced_{kind}", f"missing_{kind}")
    for kind in ("hpc", "lpc")
)


def layout_map(
    run: FinishedRun, layout: EvaluatedLayout, before: EvaluatedLayout | None = None
) -> PlanMap:
    """A layout on the roads of the run that it was tried on.

    Roads show the trucks of the run: where trucks of a layout have planned their stops anew, nobody
    has counted them on the roads again.

    Parameters
    ----------
    before : EvaluatedLayout, optional
        What stands beside, as the layout is held against it.

    Raises
    ------
    RunDirectoryError
        If the run's GeoPackage is missing or lacks a layer.
    """
    of_run = read_plan_map(run)
    of_plan = of_run.layers[of_run.default.sites]
    views = [MapView("layout", layout.name, _LAYER, _ROADS, _figures(layout))]
    layers = {name: of_run.layers[name] for name in _BASE_LAYERS}
    layers[_LAYER] = _sites(of_plan, layout)
    if before is not None:
        more = float(layout.figures.n_hpc - before.figures.n_hpc)
        title = said("{other} instead of {base}", other=layout.name, base=before.name)
        views += [
            MapView("before", before.name, _BEFORE, _ROADS, _figures(before)),
            MapView("changes", title, _CHANGES, _ROADS, {"n_hpc_change": more}, is_change=True),
        ]
        layers[_BEFORE] = _sites(of_plan, before)
        layers[_CHANGES] = _changes(before, layout)
    return replace(of_run, views=tuple(views), default=views[0], layers=layers)


def _figures(layout: EvaluatedLayout) -> dict[str, float]:
    figures = layout.figures
    return {
        "n_hpc": figures.n_hpc,
        "n_lpc": figures.n_lpc,
        MEAN_WAIT.name: figures.mean_wait_min,
        "tcu": figures.tcu_share,
        FLOOR.name: layout.n_visited,
    }


def _sites(of_plan: gpd.GeoDataFrame, layout: EvaluatedLayout) -> gpd.GeoDataFrame:
    """The layer of sites with the points and figures of a layout; closed sites have none."""
    at_sites = layout.at_sites
    open_sites = layout.sites.assign(
        n_sessions_lpc=at_sites.n_sessions_lpc,
        energy_mwh=(at_sites.energy_hpc_kwh + at_sites.energy_lpc_kwh) / 1000.0,
        peak_power_kw=at_sites.peak_power_kw,
    ).set_index("site_id")
    of_plan = of_plan.set_index("site_id")
    every = of_plan.index.union(open_sites.index, sort=False)
    sites = of_plan.reindex(every)
    told = open_sites.reindex(every)
    for name in open_sites.columns.intersection(sites.columns):
        is_of_layout = pd.api.types.is_numeric_dtype(open_sites[name])
        sites[name] = told[name] if is_of_layout else sites[name].fillna(told[name])
    for name in ("n_hpc", "n_lpc", "n_sessions_hpc", "n_sessions_lpc"):
        sites[name] = sites[name].fillna(0).astype(np.int64)
    sites["energy_mwh"] = sites["energy_mwh"].fillna(0.0)
    for points in _POINTS:
        there = sites[points.built] + sites[points.announced]
        sites[points.missing] = (sites[points.planned] - there).clip(lower=0.0)
    at = shapely.points(told["lon"], told["lat"])
    sites.geometry = sites.geometry.where(sites.geometry.notna(), gpd.GeoSeries(at, every, CRS))
    return sites.reset_index(names="site_id")


def _changes(before: EvaluatedLayout, after: EvaluatedLayout) -> gpd.GeoDataFrame:
    """``SITE_CHANGES`` from one layout to another as points."""
    old, new = (each.sites.set_index("site_id") for each in (before, after))
    table = changes_between(old, new)
    at = shapely.points(table["lon"], table["lat"])
    return gpd.GeoDataFrame(table, geometry=at, crs=CRS)
