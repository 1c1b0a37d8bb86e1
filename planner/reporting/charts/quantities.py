"""Quantities that charts alone show: no table has them as a column."""

from __future__ import annotations

from planner.tables.table import Quantity

DURATION = Quantity(
    "hours", "float64", "h", "count", "Duration of the trip", "From its departure to its arrival."
)
SHARE_OF_TRIPS = Quantity(
    "share", "float64", "share", "percent", "Share of trips", "Trips of a class, of those served."
)
BATTERY = Quantity(
    "kwh", "float64", "kWh", "one", "Energy in the battery", "Of a truck, or of the storage."
)
FLOW = Quantity("kw", "float64", "kW", "one", "Power", "Of a source upwards, of a use downwards.")
DAY_COST = Quantity("cost", "float64", "currency", "two", "Cost of the day", "By component.")
BEGIN = Quantity("begin", "float64", "h", "two", "From", "Hour of the day.")
END = Quantity("end", "float64", "h", "two", "Until", "Hour of the day.")
DEPOT_POWER = Quantity(
    "kw", "float64", "kW", "count", "Power of all depots", "Of the depots that trips start at."
)
COMING = Quantity(
    "n_trucks", "int64", "trucks", "count", "Trucks that come in an hour", "To charge."
)
