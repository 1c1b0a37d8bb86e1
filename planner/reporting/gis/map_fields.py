"""What the fields of the map's layers are called, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.reporting.depot.national_schemas import DEPOTS
from planner.reporting.gis.plan_layers import DEPOT_LAYER, MARKET_LAYER, PER_SOLUTION
from planner.reporting.market.national_schemas import MARKET_SITES
from planner.reporting.table_schemas import SITES

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
}
"""Titles of the layers but those of one solution."""

_TITLES: dict[str, tuple[str, str]] = {
    "site_id": ("Site", ""),
    "name": ("Name", ""),
    "road": ("Road", ""),
    "direction": ("Direction", ""),
    "off_road_km": ("Way from the carriageway", "km"),
    "parking_spaces": ("Truck parking spaces", ""),
    "n_hpc": ("High-power points (HPC)", ""),
    "n_lpc": ("Overnight points (LPC)", ""),
    "n_sessions_hpc": ("High-power sessions", ""),
    "n_sessions_lpc": ("Overnight sessions", ""),
    "energy_mwh": ("Energy charged", "MWh"),
    "mean_wait_min": ("Mean wait", "min"),
    "p95_wait_min": ("95 % wait at most", "min"),
    "utilisation_share": ("Utilisation in time, 0 to 1", ""),
    "peak_power_kw": ("Peak power", "kW"),
    "grid_connection_kw": ("Grid connection", "kW"),
    "from_place": ("From", ""),
    "to_place": ("To", ""),
    "length_km": ("Length", "km"),
    "free_speed_kmh": ("Free speed", "km/h"),
    "trucks_per_day": ("Electric trucks per day", ""),
    "truck_km_per_day": ("Electric truck-kilometres per day", "km"),
    "place": ("Place", ""),
    "name_source": ("Whose name this is", ""),
    "reason": ("Reason", ""),
    "n_trips": ("Trips", ""),
    "n_departures": ("Trips that begin here", ""),
    "n_arrivals": ("Trips that end here", ""),
    "rank": ("Rank by traffic", ""),
    "isolation_km": ("Nearest busier place", "km"),
    "iso_a2": ("Country code", ""),
    "n_sites": ("Sites", ""),
    "depot_id": ("Depot", ""),
    "study": ("Depot study", ""),
    "n_trucks": ("Trucks", ""),
    "n_in_reach": ("Trips that begin in its area", ""),
    "arrival_soc_share": ("Charge on coming", ""),
    "departure_soc_share": ("Charge on leaving", ""),
    "lowest_departure_soc_share": ("Lowest charge on leaving", ""),
    "n_as_wanted": ("With the charge aimed at", ""),
    "n_below_need": ("With too little", ""),
    "energy_trucks_kwh": ("Energy into the trucks", "kWh"),
    "missing_kwh": ("Missing to the charge aimed at", "kWh"),
    "energy_own_kwh": ("Energy for own tours", "kWh"),
    "own_missing_kwh": ("Missing for own tours", "kWh"),
    "n_chargers": ("Plugs", ""),
    "charger_kw": ("Power of a plug", "kW"),
    "grid_peak_kw": ("Grid peak", "kW"),
    "grid_peak_without_kw": ("Grid peak without trucks", "kW"),
    "grid_energy_kwh": ("Energy from the grid", "kWh"),
    "grid_energy_without_kwh": ("Energy from the grid without trucks", "kWh"),
    "cost": ("Cost", ""),
    "cost_without": ("Cost without trucks", ""),
    "cost_demand_added": ("Cost of the peak that trucks add", ""),
    "cost_per_kwh": ("Cost of charging per kWh", ""),
    "currency": ("Currency", ""),
    "is_proved": ("Proved to be the cheapest", ""),
    "n_hpc_plan": ("Points of the plan", ""),
    "n_operators": ("Operators that may come", ""),
    "n_hpc_market": ("Points that pay", ""),
    "n_hpc_low": ("Points that pay, lowest seed", ""),
    "n_hpc_high": ("Points that pay, highest seed", ""),
    "price_eur_kwh": ("What trucks pay", "EUR/kWh"),
    "price_low_eur_kwh": ("What trucks pay, lowest seed", "EUR/kWh"),
    "price_high_eur_kwh": ("What trucks pay, highest seed", "EUR/kWh"),
    "cheapest_hour_eur_kwh": ("Cheapest hour", "EUR/kWh"),
    "dearest_hour_eur_kwh": ("Dearest hour", "EUR/kWh"),
    "sessions_per_day": ("Sessions a day", ""),
    "energy_kwh_day": ("Energy charged a day", "kWh"),
    "profit_eur_day": ("Profit a day", "EUR"),
    "is_open": ("Somebody builds", ""),
    "plan_price_eur_kwh": ("What trucks pay with the points of the plan", "EUR/kWh"),
    "plan_profit_eur_day": ("Profit a day with the points of the plan", "EUR"),
    "subsidy_eur_day": ("Subsidy a day", "EUR"),
}
"""Title and unit of each field."""

_MEANINGS = (
    {column.name: column.meaning for column in DEPOTS.columns}
    | {column.name: column.meaning for column in (*MARKET_SITES.columns, *SITES.columns)}
    | {
        "direction": "Carriageways that the site serves, or compass direction of the flow.",
        "off_road_km": "One-way distance from the carriageway to the charging points.",
        "parking_spaces": "Truck parking spaces; -1 where unknown.",
        "trucks_per_day": "Electric trucks per day, charging detours included.",
        "length_km": "Length along the road.",
        "free_speed_kmh": "What a truck can keep up on average at most.",
        "n_trips": "Trips over all days that strand here for this reason.",
        "n_departures": "Electric trips over all days.",
        "n_arrivals": "Electric trips over all days.",
    }
)


@dataclass(frozen=True, slots=True)
class MapField:
    """A field of a layer as a person reads it.

    Parameters
    ----------
    name : str
        Name in the file.
    title : str
        What it is called, with its unit.
    meaning : str
        What it says; empty where the title says it all.
    """

    name: str
    title: str
    meaning: str


def layer_title(plan: PlanMap, layer: str, language: Language) -> str:
    """What a layer is called.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    layer : str
        Name of the layer.
    language : Language
        In which language.

    Returns
    -------
    str
    """
    if layer in plan.view_of_sites:
        title = view_title(plan.view_of_sites[layer], language)
        return language.text("Charging sites: {solution}", solution=title)
    if layer in LAYER_TITLES:
        return language.template(LAYER_TITLES[layer])
    view = next(each for each in plan.views if each.network == layer)
    title = view_title(view, language)
    return language.text("Electric trucks per day: {solution}", solution=title)


def view_title(view: MapView, language: Language) -> str:
    """What a view is called where its name stands alone.

    Parameters
    ----------
    view : MapView
        The view.
    language : Language
        In which language.

    Returns
    -------
    str
    """
    title = language.own_text(view.title)
    return title[:1].upper() + title[1:]


def layer_fields(plan: PlanMap, layer: str, language: Language) -> tuple[MapField, ...]:
    """Fields of a layer, without its key and geometry.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    layer : str
        Name of the layer.
    language : Language
        In which language.

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
    fields = []
    for name in names:
        figure, solution = of_solutions.get(name, (name, ""))
        title, unit = _TITLES[figure]
        text = language.template(title)
        text += f" ({unit})" if unit else ""
        text += f", {solution}" if solution else ""
        fields.append(MapField(name, text, language.own_text(_MEANINGS.get(figure, ""))))
    return tuple(fields)
