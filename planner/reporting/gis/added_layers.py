"""Layers that other commands add to the map of a run: what the law asks, what the grid gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.afir.columns import AFIR_ROADS, AFIR_SITES
from planner.grid.columns import GRID_SITES

if TYPE_CHECKING:
    import geopandas as gpd

    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.table import Quantity


@dataclass(frozen=True, slots=True)
class AddedLayer:
    """A layer with what its style and its theme need.

    Parameters
    ----------
    title : str
        What the layer is called.
    geometry : str
        Type of its features.
    columns : tuple of Quantity
        What it may hold.
    figures : tuple of Quantity
        What a pointer on a feature brings up.
    size_kw : str
        Column of the power that sets the size of a symbol; empty for lines.
    colours, sizes : str
        What colours and sizes stand for in a theme of the layer; empty where it has none of its
        own.
    below : str
        Layer that the theme shows below; roads with flows where empty.
    """

    title: str
    geometry: str
    columns: tuple[Quantity, ...]
    figures: tuple[Quantity, ...]
    size_kw: str = ""
    colours: str = ""
    sizes: str = ""
    below: str = ""


_OF_GRID = GRID_SITES.quantities(
    "grid_operator_mv",
    "grid_operator_hv",
    "requested_kw",
    "needed_kw",
    "to_request_kw",
    "passing_year",
    "connection_class",
    "lead_time_months",
    "request_by_year",
)

ADDED_LAYERS = {
    "grid_sites": AddedLayer(
        "Grid connections",
        "Point",
        GRID_SITES.columns,
        _OF_GRID,
        size_kw="needed_kw",
        colours="Connection",
        sizes="Power needed",
    ),
    "afir_sites": AddedLayer(
        "Pools in the sense of the law",
        "Point",
        AFIR_SITES.columns,
        AFIR_SITES.without("site_id", "name"),
        size_kw="power_kw",
        colours="Directions fulfilled",
        sizes="Power",
        below="afir_roads",
    ),
    "afir_roads": AddedLayer(
        "Where pools lie close enough",
        "MultiLineString",
        AFIR_ROADS.columns,
        AFIR_ROADS.without("state", "gap"),
    ),
}
"""By name, the highest first."""


def with_layers(plan: PlanMap, layers: dict[str, gpd.GeoDataFrame]) -> PlanMap:
    """A map with layers of :data:`ADDED_LAYERS` besides its own."""
    return replace(plan, layers=plan.layers | layers)
