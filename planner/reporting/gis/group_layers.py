"""Results by group as layers: areas of regions, motorways, sites of grid operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.grid.needs import UNKNOWN
from planner.plan.region_areas import region_areas
from planner.reporting.gis.plan_layers import CRS, merged_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.plan.plan_results import PlanResults


@dataclass(frozen=True, slots=True)
class GroupLayer:
    """A layer of the groups of a grouping.

    Parameters
    ----------
    figure : str
        Column of ``GROUPS`` that gives its colours.
    """

    grouping: str
    geometry: str
    title: str
    figure: str


GROUP_LAYERS = {
    "operators_mv": GroupLayer(
        "grid_operator_mv",
        "MultiPoint",
        "Grid operators, medium voltage",
        "simultaneous_peak_kw",
    ),
    "operators_hv": GroupLayer(
        "grid_operator_hv",
        "MultiPoint",
        "Grid operators, high voltage",
        "simultaneous_peak_kw",
    ),
    "motorways": GroupLayer("road", "MultiLineString", "Results by motorway", "energy_day_mwh"),
    "regions": GroupLayer("region", "MultiPolygon", "Results by region", "energy_day_mwh"),
}
"""Layers of groups by name, the highest first; a plan has those that it has groups of."""


def group_layers(results: PlanResults, network: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Groups with their figures in the default solution.

    Parameters
    ----------
    network : GeoDataFrame
        The layer of roads, for the motorways.

    Returns
    -------
    dict of str to GeoDataFrame
        ``GROUPS`` without solution and grouping; groups that cannot be drawn are left out.
    """
    table = results.front_groups.table(results.default_solution.solution)
    layers = {}
    for name, layer in GROUP_LAYERS.items():
        geometries = _geometries(results, layer, network)
        if not geometries:
            continue
        figures = table[table["grouping"] == layer.grouping].drop(columns="grouping")
        figures = figures.set_index("group").reindex(pd.Index(geometries, name="group"))
        # A region without any site has no energy.
        figures["energy_day_mwh"] = figures["energy_day_mwh"].fillna(0.0)
        for count in ("n_sessions_hpc", "n_sessions_lpc"):
            figures[count] = figures[count].fillna(0).astype(np.int64)
        drawn = list(geometries.values())
        layers[name] = gpd.GeoDataFrame(figures.reset_index(), geometry=drawn, crs=CRS)
    return layers


def _geometries(
    results: PlanResults, layer: GroupLayer, network: gpd.GeoDataFrame
) -> Mapping[str, shapely.Geometry]:
    """What is drawn of each group, by its name."""
    groups = results.front_groups
    if layer.grouping == "region":
        regions = region_areas(results.scenario, results.sites)
        if regions is None:
            return {}
        areas = [shapely.multipolygons(_polygons(area)) for area in regions.area]
        return dict(zip(regions.name, areas, strict=True))
    names = [group for grouping, group in groups.names if grouping == layer.grouping]
    if layer.grouping == "road":
        road, line = network["road"].to_numpy(dtype=object), network.geometry.to_numpy()
        lines = {name: line[road == name] for name in names}
        return {name: merged_lines(parts) for name, parts in lines.items() if len(parts)}
    points = shapely.points(results.sites.lon, results.sites.lat)
    return {
        name: shapely.multipoints(points[groups.of_site[layer.grouping] == number])
        for number, name in enumerate(names)
        if name != UNKNOWN
    }


def _polygons(area: shapely.Geometry) -> list[shapely.Geometry]:
    return [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
