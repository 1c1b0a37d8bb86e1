"""Tables of the depots of a plan: their columns, units and meanings."""

from __future__ import annotations

from planner.reporting.table_schemas import Column, TableSchema

_DEPOT = Column("depot_id", "string", "", "The depot.")
_OVER = "over the simulated days and the day before them"
_WITHOUT = "The same without the long-haul trucks."

DEPOTS = TableSchema(
    "depots",
    "one depot of the plan",
    (
        _DEPOT,
        Column("lon", "float64", "degrees", "Longitude, EPSG:4326."),
        Column("lat", "float64", "degrees", "Latitude, EPSG:4326."),
        Column("study", "string", "", "Depot study that says what stands there."),
        Column("n_trucks", "int64", "trucks", "Long-haul trucks based there."),
        Column("n_in_reach", "int64", "trips", "Electric trips that begin in its area."),
        Column("n_departures", "int64", "trips", "Those of them that start at the depot."),
        Column(
            "arrival_soc_share", "float64", "share", "Mean state of charge on coming to the depot."
        ),
        Column(
            "departure_soc_share",
            "float64",
            "share",
            "Mean state of charge on leaving.",
        ),
        Column(
            "lowest_departure_soc_share", "float64", "share", "The lowest with which one leaves."
        ),
        Column("n_as_wanted", "int64", "trips", "Trucks that leave with the charge aimed at."),
        Column(
            "n_below_need",
            "int64",
            "trips",
            "Trucks that leave with less than one driving stint and the reserve.",
        ),
        Column("energy_trucks_kwh", "float64", "kWh", f"Into long-haul trucks, {_OVER}."),
        Column("missing_kwh", "float64", "kWh", "What they lack of the charge aimed at."),
        Column("energy_own_kwh", "float64", "kWh", "Into the trucks of the depot's own tours."),
        Column("own_missing_kwh", "float64", "kWh", "What those lack."),
        Column("n_chargers", "int64", "plugs", "Plugs."),
        Column("charger_kw", "float64", "kW", "Power of a plug."),
        Column("grid_connection_kw", "float64", "kW", "Limit of the connection; NaN if none."),
        Column("grid_peak_kw", "float64", "kW", "Highest power drawn, mean of 15 min."),
        Column("grid_peak_without_kw", "float64", "kW", _WITHOUT),
        Column("grid_energy_kwh", "float64", "kWh", f"Energy drawn, {_OVER}."),
        Column("grid_energy_without_kwh", "float64", "kWh", _WITHOUT),
        Column(
            "cost",
            "float64",
            "currency",
            f"Energy less what is fed in, wear and demand above that so far, {_OVER}; of the "
            "demand the part of the month or year that the simulated days are.",
        ),
        Column("cost_without", "float64", "currency", _WITHOUT),
        Column(
            "cost_demand_added",
            "float64",
            "currency",
            "Part of the difference that is demand.",
        ),
        Column(
            "cost_per_kwh",
            "float64",
            "currency/kWh",
            "Difference of both costs per kWh in the trucks; NaN if none.",
        ),
        Column("currency", "string", "", "Currency of its tariff."),
        Column("is_proved", "bool", "", "Whether the plan is proved to be the cheapest one."),
    ),
)

DEPOT_TRUCKS = TableSchema(
    "depot_trucks",
    "one trip that starts at a depot",
    (
        _DEPOT,
        Column("trip_id", "int64", "", "The trip."),
        Column("arrival_h", "float64", "h", "The truck comes to the depot, since Monday 00:00."),
        Column("departure_h", "float64", "h", "It leaves, hours since Monday 00:00."),
        Column("arrival_soc_share", "float64", "share", "State of charge on coming."),
        Column("departure_soc_share", "float64", "share", "State of charge on leaving."),
        Column("energy_kwh", "float64", "kWh", "Energy that it gets."),
        Column("missing_kwh", "float64", "kWh", "What it lacks of the charge aimed at."),
    ),
)

DEPOT_POWER = TableSchema(
    "depot_power",
    "one quarter of an hour at one depot",
    (
        _DEPOT,
        Column("hour", "float64", "h", "Begin, hours since Monday 00:00; < 0 the day before."),
        Column("load_kw", "float64", "kW", "Load of the building."),
        Column("sun_kw", "float64", "kW", "Power that the sun offers."),
        Column("trucks_kw", "float64", "kW", "Drawn by chargers for long-haul trucks."),
        Column("own_trucks_kw", "float64", "kW", "Drawn by chargers for its own tours."),
        Column("storage_kw", "float64", "kW", "Into the storage; < 0 out of it."),
        Column("import_kw", "float64", "kW", "Drawn from the grid."),
        Column("export_kw", "float64", "kW", "Fed into the grid."),
        Column("import_without_kw", "float64", "kW", "Drawn without the long-haul trucks."),
    ),
)

NATIONAL_DEPOT_SCHEMAS = (DEPOTS, DEPOT_TRUCKS, DEPOT_POWER)
"""Tables that a run with depots has beside the others."""
