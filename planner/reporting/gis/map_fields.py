"""What the fields of the map's layers are called, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.plan.depot_schemas import DEPOTS
from planner.plan.group_schemas import GROUPS
from planner.plan.market_schemas import MARKET_SITES
from planner.plan.schemas import SITES
from planner.plan.site_changes import CHANGES_LAYER, SITE_CHANGES
from planner.reporting.gis.added_layers import ADDED_LAYERS
from planner.reporting.gis.group_layers import GROUP_LAYERS
from planner.reporting.gis.plan_layers import DEPOT_LAYER, MARKET_LAYER, PER_SOLUTION
from planner.said import Said
from planner.tables.table import Quantity

if TYPE_CHECKING:
    from planner.reporting.gis.plan_map import MapView, PlanMap
    from planner.tables.language import Language

FID = "fid"
"""Key that every GeoPackage layer has."""

LAYER_TITLES = {
    "countries": "Countries",
    "network": "Electric trucks per day",
    "flows": "Electric trucks per day and direction",
    "roads": "Road numbers",
    "unserved": "Trips that find no site in range",
    "places": "Places",
    "sites": "Charging sites, all solutions",
    DEPOT_LAYER: "Depots",
    MARKET_LAYER: "What a kWh costs",
    **{name: layer.title for name, layer in GROUP_LAYERS.items()},
    **{name: each.title for name, each in ADDED_LAYERS.items()},
}
"""Titles of the layers but those of one solution."""

# fmt: off
_MAP_ONLY = (
    Quantity("direction", "string", "", "text", "Direction",
             "Carriageways that the site serves (computed at official sites), or compass direction of the flow."),
    Quantity("off_road_km", "float64", "km", "two", "Way from the carriageway",
             "One-way distance from the carriageway to the charging points; computed at official sites."),
    Quantity("parking_spaces", "int64", "spaces", "count", "Truck parking spaces",
             "Truck parking spaces; -1 where unknown; computed at official sites."),
    Quantity("from_place", "string", "", "text", "From", ""),
    Quantity("to_place", "string", "", "text", "To", ""),
    Quantity("length_km", "float64", "km", "one", "Length", "Length along the road."),
    Quantity("free_speed_kmh", "float64", "km/h", "count", "Free speed",
             "What a truck can keep up on average at most."),
    Quantity("trucks_per_day", "float64", "trucks", "count", "Electric trucks per day",
             "Electric trucks per day, charging detours included."),
    Quantity("truck_km_per_day", "float64", "km", "count", "Electric truck-kilometres per day", ""),
    Quantity("place", "string", "", "text", "Place", ""),
    Quantity("geonames_id", "int64", "", "count", "Number in GeoNames", "0 where it is no town of GeoNames."),
    Quantity("name_source", "string", "", "text", "Whose name this is", ""),
    Quantity("reason", "string", "", "text", "Reason", ""),
    Quantity("n_trips", "int64", "trips", "count", "Trips", "Trips over all days that strand here for this reason."),
    Quantity("n_departures", "int64", "trips", "count", "Trips that begin here", "Electric trips over all days."),
    Quantity("n_arrivals", "int64", "trips", "count", "Trips that end here", "Electric trips over all days."),
    Quantity("rank", "int64", "", "count", "Rank by traffic", ""),
    Quantity("isolation_km", "float64", "km", "one", "Nearest busier place", ""),
    Quantity("iso_a2", "string", "", "text", "Country code", ""),
    Quantity("n_sites", "int64", "sites", "count", "Sites", ""),
)
# fmt: on
_OF_LAYERS = {MARKET_LAYER: MARKET_SITES, DEPOT_LAYER: DEPOTS} | dict.fromkeys(GROUP_LAYERS, GROUPS)


def map_quantities(layer: str) -> dict[str, Quantity]:
    """Quantities by the names of the fields that a layer may have."""
    if layer.startswith(CHANGES_LAYER):
        return {column.name: column for column in SITE_CHANGES.columns}
    if layer in ADDED_LAYERS:
        return {column.name: column for column in ADDED_LAYERS[layer].columns}
    table = _OF_LAYERS.get(layer, SITES)
    columns = (*table.columns, *_MAP_ONLY) if table == SITES else table.columns
    return {column.name: column for column in columns}


@dataclass(frozen=True, slots=True)
class MapField:
    """A field of a layer as a person reads it.

    Parameters
    ----------
    title : str
        What it is called, with its unit.
    meaning : str
        What it says; empty where the title says it all.
    """

    name: str
    title: str
    meaning: str


def layer_title(plan: PlanMap, layer: str, language: Language) -> str:
    """What a layer is called."""
    if layer in plan.view_of_sites:
        title = view_title(plan.view_of_sites[layer], language)
        return language.text("Charging sites: {solution}", solution=title)
    if layer in LAYER_TITLES:
        return language.template(LAYER_TITLES[layer])
    view = next(each for each in plan.views if each.network == layer)
    title = view_title(view, language)
    return language.text("Electric trucks per day: {solution}", solution=title)


def view_title(view: MapView, language: Language) -> str:
    """What a view is called where its name stands alone."""
    # Changes from run to run begin with the name of a folder; those of layouts are all our own.
    begins_with_folder = view.is_change and not isinstance(view.title, Said)
    return language.own_text(view.title) if begins_with_folder else language.as_heading(view.title)


def layer_fields(plan: PlanMap, layer: str, language: Language) -> tuple[MapField, ...]:
    """Fields of a layer, without its key and geometry.

    Returns
    -------
    tuple of MapField
        In the order of the layer.
    """
    names = [str(name) for name in plan.layers[layer].columns if name != "geometry"]
    of_solutions = {
        f"{figure}_{view.key}": (figure, view_title(view, language))
        for view in plan.views
        for figure in PER_SOLUTION
    }
    known = map_quantities(layer)
    fields = []
    for name in names:
        figure, solution = of_solutions.get(name, (name, ""))
        quantity = known[figure]
        # Attribute tables of QGIS show shares as they are stored.
        is_share = quantity.form == "percent"
        text = quantity.heading(language, with_unit=not is_share)
        text += language.text(", 0 to 1") if is_share else ""
        text += f", {solution}" if solution else ""
        fields.append(MapField(name, text, language.own_text(quantity.meaning)))
    return tuple(fields)
