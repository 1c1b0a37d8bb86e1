"""The sheet of a run's workbook with the depots that trips start at."""

from __future__ import annotations

from planner.reporting.workbook import SheetColumn

DEPOT_COLUMNS = (
    SheetColumn("depot_id", "Depot", "text"),
    SheetColumn("n_trucks", "Trucks", "count", "Long-haul trucks based there."),
    SheetColumn("n_departures", "Departures", "count", "Trips that start there over all days."),
    SheetColumn(
        "arrival_soc_share",
        "Charge on coming (%)",
        "percent",
        "Mean state of charge with which its trucks come, drawn like that of arriving trucks.",
    ),
    SheetColumn(
        "departure_soc_share",
        "Charge on leaving (%)",
        "percent",
        "Mean state of charge with which they leave, from what they get in time.",
    ),
    SheetColumn(
        "n_below_need",
        "With too little",
        "count",
        "Trucks that leave with less than one driving stint and the reserve.",
    ),
    SheetColumn(
        "energy_trucks_kwh", "Into the trucks (kWh)", "count", "Energy into long-haul trucks."
    ),
    SheetColumn("n_chargers", "Plugs", "count", "Trucks that can charge at a time."),
    SheetColumn("grid_connection_kw", "Grid connection (kW)", "count", "Its limit, if it has one."),
    SheetColumn("grid_peak_kw", "Grid peak (kW)", "count", "Highest power drawn, mean of 15 min."),
    SheetColumn(
        "grid_peak_without_kw",
        "Grid peak without them (kW)",
        "count",
        "The same without the long-haul trucks.",
    ),
    SheetColumn("grid_energy_kwh", "Energy from the grid (kWh)", "count", "Over all days."),
    SheetColumn(
        "cost",
        "Cost",
        "count",
        "Energy less what is fed in, wear, and the simulated days' part of demand above that so "
        "far.",
    ),
    SheetColumn("cost_without", "Cost without trucks", "count", "Without the long-haul trucks."),
    SheetColumn("cost_per_kwh", "Per kWh", "any_number", "Difference of both per kWh charged."),
    SheetColumn("currency", "Currency", "text", "Currency of its tariff."),
    SheetColumn("lon", "Longitude (degrees)", "degrees", "WGS 84 (EPSG:4326)."),
    SheetColumn("lat", "Latitude (degrees)", "degrees", "WGS 84 (EPSG:4326)."),
)
"""Columns of the sheet, a row per depot."""
