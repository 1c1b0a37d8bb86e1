"""Tables of the depots of a plan: their columns, units and meanings."""

from __future__ import annotations

from planner.plan.schemas import SITES
from planner.tables.table import Quantity, Table

# fmt: off
_DEPOT = Quantity("depot_id", "string", "", "text", "Depot", "The depot.")
_OVER = "over the simulated days and the day before them"
_WITHOUT = "The same without the long-haul trucks."

DEPOTS = Table(
    "depots",
    "one depot of the plan",
    (
        _DEPOT,
        *SITES.quantities("lon", "lat"),
        Quantity("study", "string", "", "text", "Depot study", "Depot study that says what stands there."),
        Quantity("n_trucks", "int64", "trucks", "count", "Trucks", "Long-haul trucks based there."),
        Quantity("n_in_reach", "int64", "trips", "count", "Trips that begin in its area",
                 "Electric trips that begin in its area."),
        Quantity("n_departures", "int64", "trips", "count", "Departures", "Those of them that start at the depot."),
        Quantity("arrival_soc_share", "float64", "share", "percent", "SoC at arrival",
                 "Mean state of charge on coming to the depot."),
        Quantity("departure_soc_share", "float64", "share", "percent", "SoC at departure",
                 "Mean state of charge on leaving."),
        Quantity("lowest_departure_soc_share", "float64", "share", "percent", "Lowest SoC at departure",
                 "The lowest with which one leaves."),
        Quantity("n_as_wanted", "int64", "trips", "count", "With the SoC aimed at",
                 "Trucks that leave with the charge aimed at."),
        Quantity("n_below_need", "int64", "trips", "count", "With too low a SoC",
                 "Trucks that leave with less than one driving stint and the reserve."),
        Quantity("energy_trucks_kwh", "float64", "kWh", "count", "Energy into the trucks",
                 f"Into long-haul trucks, {_OVER}."),
        Quantity("missing_kwh", "float64", "kWh", "one", "Energy missing", "What they lack of the charge aimed at."),
        Quantity("energy_own_kwh", "float64", "kWh", "count", "Energy for own tours",
                 "Into the trucks of the depot's own tours."),
        Quantity("own_missing_kwh", "float64", "kWh", "count", "Missing for own tours", "What those lack."),
        Quantity("n_chargers", "int64", "points", "one", "Charging points", "Charging points."),
        Quantity("charger_kw", "float64", "kW", "count", "Power of a point", "Power of a charging point."),
        Quantity("grid_connection_kw", "float64", "kW", "power", "Grid connection",
                 "Limit of the connection; NaN if none."),
        Quantity("grid_peak_kw", "float64", "kW", "count", "Grid peak", "Highest power drawn, mean of 15 min."),
        Quantity("grid_peak_without_kw", "float64", "kW", "count", "Grid peak without trucks", _WITHOUT),
        Quantity("grid_energy_kwh", "float64", "kWh", "count", "Energy from the grid", f"Energy drawn, {_OVER}."),
        Quantity("grid_energy_without_kwh", "float64", "kWh", "count", "Energy from the grid without trucks",
                 _WITHOUT),
        Quantity("cost", "float64", "currency", "count", "Cost",
                 f"Energy less what is fed in, wear and demand above that so far, {_OVER}; of the demand the part of"
                 " the month or year that the simulated days are."),
        Quantity("cost_without", "float64", "currency", "count", "Cost without trucks", _WITHOUT),
        Quantity("cost_demand_added", "float64", "currency", "count", "Cost of the peak that trucks add",
                 "Part of the difference that is demand."),
        Quantity("cost_per_kwh", "float64", "currency/kWh", "three", "Cost of charging",
                 "Difference of both costs per kWh in the trucks; NaN if none."),
        Quantity("currency", "string", "", "text", "Currency", "Currency of its tariff."),
        Quantity("is_proved", "bool", "", "yes_no", "Proved to be the cheapest",
                 "Whether the plan is proved to be the cheapest one."),
    ),
    key=("depot_id",),
)

DEPOT_TRUCKS = Table(
    "depot_trucks",
    "one trip that starts at a depot",
    (
        _DEPOT,
        Quantity("trip_id", "int64", "", "count", "Trip", "The trip."),
        Quantity("arrival_h", "float64", "h", "two", "Arrival", "The truck comes to the depot, since Monday 00:00."),
        Quantity("departure_h", "float64", "h", "two", "Departure", "It leaves, hours since Monday 00:00."),
        Quantity("arrival_soc_share", "float64", "share", "percent", "SoC at arrival", "State of charge on coming."),
        Quantity("departure_soc_share", "float64", "share", "percent", "SoC at departure",
                 "State of charge on leaving."),
        Quantity("energy_kwh", "float64", "kWh", "one", "Energy charged", "Energy that it gets."),
        Quantity("missing_kwh", "float64", "kWh", "one", "Energy missing", "What it lacks of the charge aimed at."),
    ),
    key=("trip_id",),
    refers_to={"depot_id": "depots", "trip_id": "trips"},
)

DEPOT_POWER = Table(
    "depot_power",
    "one quarter of an hour at one depot",
    (
        _DEPOT,
        Quantity("hour", "float64", "h", "count", "Hour", "Begin, hours since Monday 00:00; < 0 the day before."),
        Quantity("load_kw", "float64", "kW", "one", "Building load", "Load of the building."),
        Quantity("pv_kw", "float64", "kW", "one", "PV", "Available PV power."),
        Quantity("trucks_kw", "float64", "kW", "one", "Trucks charge", "Drawn by charging points for long-haul trucks."),
        Quantity("own_trucks_kw", "float64", "kW", "one", "Own trucks charge", "Drawn by charging points for its own tours."),
        Quantity("storage_kw", "float64", "kW", "one", "Into the storage", "Into the storage; < 0 out of it."),
        Quantity("import_kw", "float64", "kW", "one", "Drawn from the grid", "Drawn from the grid."),
        Quantity("export_kw", "float64", "kW", "one", "Fed into the grid", "Fed into the grid."),
        Quantity("import_without_kw", "float64", "kW", "one", "Drawn without trucks",
                 "Drawn without the long-haul trucks."),
    ),
    key=("depot_id", "hour"),
    refers_to={"depot_id": "depots"},
)

NATIONAL_DEPOT_SCHEMAS = (DEPOTS, DEPOT_TRUCKS, DEPOT_POWER)
"""Tables that a run with depots has beside the others."""
