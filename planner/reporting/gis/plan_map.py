"""What a map of a plan shows: layers of features, whatever the language and the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from planner.errors import RunDirectoryError
from planner.files.gdal_files import gdal_path
from planner.plan.input_sources import input_sources
from planner.plan.point_floor import floor_of
from planner.plan.run_columns import FLOOR
from planner.reporting.gis.added_layers import ADDED_LAYERS, CLOSED_LAYER
from planner.reporting.gis.group_layers import GROUP_LAYERS, group_layers
from planner.reporting.gis.plan_layers import (
    DEPOT_LAYER,
    MARKET_LAYER,
    closed_layer,
    country_layer,
    depot_layer,
    flow_layer,
    market_layer,
    network_layer,
    place_layer,
    road_layer,
    site_layer,
    solution_sites,
    unserved_layer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from planner.plan.finished_run import FinishedRun
    from planner.plan.plan_results import PlanResults
    from planner.tables.terms import NamedSolution

PLAN_MAP = "plan"
"""Name of the map's files in a run's folder."""
GEOPACKAGE = f"{PLAN_MAP}.gpkg"

GEOMETRY_TYPES = {
    "countries": "MultiPolygon",
    "network": "LineString",
    "flows": "LineString",
    "roads": "MultiLineString",
    "unserved": "Point",
    "places": "Point",
    "sites": "Point",
}
"""Layers in drawing order, the lowest first; sites of each named solution, then of the market."""


@dataclass(frozen=True, slots=True)
class MapView:
    """Sites and roads that are shown together: a solution.

    Parameters
    ----------
    key : str
        Short name in lower-case letters, digits and underscores.
    title : str
        What it is called, in English.
    sites, network : str
        Its layers.
    figures : dict
        ``n_hpc``, ``n_lpc``, ``mean_wait_min``, ``tcu``; of changes ``n_hpc_change``.
    is_change : bool
        Whether it shows what changes from one plan to another.
    """

    key: str
    title: str
    sites: str
    network: str
    figures: Mapping[str, float]
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class PlanMap:
    """A plan as layers of features.

    Parameters
    ----------
    description : str
        One or two sentences on what is studied.
    level_share : float, optional
        Share of trucks that are electric, where all views have the same.
    views : tuple of MapView
        What can be shown, from the trucks' side to the operators' side.
    default : MapView
        The one shown first.
    sources : tuple of str
        Who made the inputs, and under which licence.
    layers : dict of str to GeoDataFrame
        By name, in drawing order, EPSG:4326; texts in English.
    site_sections : tuple of mapping
        Sections ``sites`` of the scenarios, which say where its sites come from.
    opens_with : str
        Layer shown first in the place of the default view's sites; empty for these.
    """

    name: str
    description: str
    level_share: float | None
    views: tuple[MapView, ...]
    default: MapView
    sources: tuple[str, ...]
    layers: dict[str, gpd.GeoDataFrame]
    site_sections: tuple[Mapping[str, Any], ...] = ()
    opens_with: str = ""

    @property
    def view_of_sites(self) -> dict[str, MapView]:
        """View of each layer of sites of its own."""
        return {view.sites: view for view in self.views}

    @property
    def networks(self) -> tuple[str, ...]:
        """Layers of roads with flows, each once."""
        return tuple(dict.fromkeys(view.network for view in self.views))


def geometry_type(layer: str) -> str:
    """Geometry of a layer's features."""
    if layer in GROUP_LAYERS:
        return GROUP_LAYERS[layer].geometry
    if layer in ADDED_LAYERS:
        return ADDED_LAYERS[layer].geometry
    return GEOMETRY_TYPES.get(layer.partition("_")[0], "Point")


def solution_views(
    solutions: Sequence[NamedSolution], summary: Mapping[str, Any]
) -> tuple[MapView, ...]:
    """Views of named solutions.

    Parameters
    ----------
    summary : mapping
        Of ``run.json``: figures of each by name, and the floor under their points.
    """
    keys = {each.name: each.name.replace("-", "_") for each in solutions}
    return tuple(
        MapView(
            keys[each.name],
            each.title,
            f"sites_{keys[each.name]}",
            "network",
            {**summary["solutions"][each.name], FLOOR.name: floor_of(summary)},
        )
        for each in solutions
    )


def plan_map(results: PlanResults, market_sites: pd.DataFrame | None = None) -> PlanMap:
    """Map of a plan.

    Parameters
    ----------
    market_sites : DataFrame, optional
        ``MARKET_SITES``, where the plan has a market.
    """
    network = network_layer(results)
    layers = {
        "countries": country_layer(results),
        "network": network,
        "flows": flow_layer(results),
        "roads": road_layer(network),
        "unserved": unserved_layer(results),
        "places": place_layer(results),
        "sites": site_layer(results),
    }
    views = solution_views(results.named_solutions, results.summary)
    for named, view in zip(results.named_solutions, views, strict=True):
        layers[view.sites] = solution_sites(results, named.name)
    if market_sites is not None:
        layers[MARKET_LAYER] = market_layer(market_sites)
    if results.depots is not None:
        layers[DEPOT_LAYER] = depot_layer(results.depots.depots)
    if results.selection is not None:
        layers[CLOSED_LAYER] = closed_layer(results.selection)
    layers |= group_layers(results, network)
    demand = results.scenario.get("demand", {})
    return PlanMap(
        name=results.name,
        description=results.description,
        level_share=demand.get("electrification_share"),
        views=views,
        default=views[results.named_solutions.index(results.default_solution)],
        sources=makers(results.scenario),
        layers=layers,
        site_sections=(results.scenario["sites"],),
    )


def read_plan_map(run: FinishedRun) -> PlanMap:
    """Map of a finished run, from its own folder.

    Raises
    ------
    RunDirectoryError
        If its GeoPackage is missing or lacks a layer.
    """
    views = solution_views(run.named_solutions, run.summary)
    names = [*GEOMETRY_TYPES, *(view.sites for view in views)]
    if "market" in run.summary:
        names.append(MARKET_LAYER)
    if "depots" in run.summary:
        names.append(DEPOT_LAYER)
    if "selection" in run.summary:
        names.append(CLOSED_LAYER)
    known = _layer_names(run.folder / GEOPACKAGE)
    names += [name for name in GROUP_LAYERS if name in known]
    layers = read_layers(run.folder / GEOPACKAGE, names)
    return PlanMap(
        name=run.name,
        description=str(run.manifest.get("description", "")),
        level_share=run.level_share,
        views=views,
        default=views[run.named_solutions.index(run.default_solution)],
        sources=makers(run.scenario),
        layers=layers,
        site_sections=(run.scenario["sites"],),
    )


def _layer_names(path: Path) -> set[str]:
    """Layers of a GeoPackage; none where it cannot be read, which reading them tells."""
    try:
        return {str(name) for name, _ in pyogrio.list_layers(gdal_path(path))}
    except DataSourceError:
        return set()


def read_layers(path: Path, names: Sequence[str]) -> dict[str, gpd.GeoDataFrame]:
    """Layers of a GeoPackage of the planner.

    Raises
    ------
    RunDirectoryError
        If it is missing or lacks a layer.
    """
    try:
        return {name: pyogrio.read_dataframe(gdal_path(path), layer=name) for name in names}
    except (DataSourceError, DataLayerError) as error:
        reason = str(error).partition("\n")[0]
        msg = (
            f"{path}: expected the layers {', '.join(names)}; {reason}; "
            "run the scenario again with this version of the planner"
        )
        raise RunDirectoryError(msg) from error


def makers(scenario: dict[str, Any]) -> tuple[str, ...]:
    """Makers and licences of a scenario's inputs, each once."""
    named = [
        f"{source.attribution or source.title} ({source.licence})"
        if source.licence
        else source.attribution or source.title
        for source in input_sources(scenario)
    ]
    return tuple(dict.fromkeys(named))
