"""Layers besides those of every map: of the law, the grid, parking spaces, batteries and more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.afir.columns import AFIR_ROADS, AFIR_SITES
from planner.grid.columns import GRID_SITES
from planner.optimization.class_columns import CLASS_SITES
from planner.parking.columns import PARKING_SITES
from planner.plan.connection_columns import SITE_CONNECTIONS
from planner.selection.columns import SITE_SELECTION

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
    size : str
        Column that sets the size of a symbol, a power in kW, an energy in kWh or a
        number; empty for lines.
    colours, sizes : str
        What colours and sizes stand for in a theme of the layer; empty where it has none of its
        own.
    sums : tuple of Quantity
        What the theme tells of all features together.
    below : str
        Layer that the theme shows below; roads with flows where empty.
    """

    title: str
    geometry: str
    columns: tuple[Quantity, ...]
    figures: tuple[Quantity, ...]
    size: str = ""
    colours: str = ""
    sizes: str = ""
    sums: tuple[Quantity, ...] = ()
    below: str = ""

    @property
    def size_unit(self) -> str:
        """Unit of the sizes in a legend: a thousand of the column's; empty where it is a number."""
        units = {"_kw": "MW", "_kwh": "MWh"}
        return next((unit for end, unit in units.items() if self.size.endswith(end)), "")


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

CLOSED_LAYER = "closed_sites"
"""Candidates that a study has closed before planning; only where it selects among its sites."""

ADDED_LAYERS = {
    "grid_sites": AddedLayer(
        "Grid connections",
        "Point",
        GRID_SITES.columns,
        _OF_GRID,
        size="needed_kw",
        colours="Connection",
        sizes="Power needed",
        sums=GRID_SITES.quantities("needed_kw", "to_request_kw"),
    ),
    "parking_sites": AddedLayer(
        "Parking spaces",
        "Point",
        PARKING_SITES.columns,
        PARKING_SITES.without("site_id", "name", "road", "region", "lon", "lat", "state"),
        size="to_build",
        colours="Parking",
        sizes="Spaces to build",
        sums=PARKING_SITES.quantities("spaces", "point_bays", "to_build", "to_build_without"),
    ),
    "class_sites": AddedLayer(
        "Mix of least cost",
        "Point",
        CLASS_SITES.without("plan"),
        CLASS_SITES.quantities("n_fast", "n_slow", "mean_lost_min", "peak_kw"),
        size="n_hpc",
        colours="Classes",
        sizes="High-power points",
        sums=CLASS_SITES.quantities("n_fast", "n_slow", "n_lpc"),
    ),
    "connection_sites": AddedLayer(
        "Connections of least cost",
        "Point",
        SITE_CONNECTIONS.columns,
        SITE_CONNECTIONS.quantities(
            "n_hpc",
            "n_lpc",
            "peak_kw",
            "with_battery_kw",
            "with_battery_kind",
            "battery_kwh",
            "battery_kw",
            "saved_eur_year",
            "requested_kw",
        ),
        size="with_battery_kw",
        colours="Kind of connection",
        sizes="Connection of least cost",
        sums=SITE_CONNECTIONS.quantities("with_battery_kw", "peak_kw", "requested_kw"),
    ),
    "site_batteries": AddedLayer(
        "Batteries that pay",
        "Point",
        SITE_CONNECTIONS.columns,
        SITE_CONNECTIONS.quantities("battery_kwh", "battery_kw", "peak_kw", "saved_eur_year"),
        size="battery_kwh",
        colours="Batteries",
        sizes="Battery",
        sums=SITE_CONNECTIONS.quantities("battery_kwh", "battery_kw", "saved_eur_year"),
    ),
    "afir_sites": AddedLayer(
        "Pools in the sense of the law",
        "Point",
        AFIR_SITES.columns,
        AFIR_SITES.without("site_id", "name"),
        size="power_kw",
        colours="Directions fulfilled",
        sizes="Power",
        sums=AFIR_SITES.quantities("power_kw"),
        below="afir_roads",
    ),
    "afir_roads": AddedLayer(
        "Where pools lie close enough",
        "MultiLineString",
        AFIR_ROADS.columns,
        AFIR_ROADS.without("state", "gap"),
    ),
    CLOSED_LAYER: AddedLayer(
        "Candidates that were closed",
        "Point",
        SITE_SELECTION.columns,
        SITE_SELECTION.quantities("road", "reason", "sessions_day_all"),
    ),
}
"""By name, the highest first."""


def with_layers(plan: PlanMap, layers: dict[str, gpd.GeoDataFrame]) -> PlanMap:
    """A map with layers of :data:`ADDED_LAYERS` besides its own, which opens with the first."""
    first = next(name for name in ADDED_LAYERS if name in layers)
    return replace(plan, layers=plan.layers | layers, opens_with=first)
