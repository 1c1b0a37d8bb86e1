"""Columns of what moving one figure at a time finds."""

from __future__ import annotations

from planner.tables.layout_quantities import N_HPC, SYSTEM_COST
from planner.tables.table import Quantity, Table

# fmt: off
_SYSTEM = "What operators pay and the time of trucks on the mean day"
TORNADO = Table(
    "tornado",
    "one factor, moved by itself",
    (
        Quantity("factor", "string", "", "text", "Factor", "Name of the factor."),
        Quantity("title", "string", "", "text", "Meaning", "What it is; factors of trucks are multiples of what the study says."),
        Quantity("low", "float64", "", "figure", "Low", "Its low value; of prices the one with which costs are low."),
        Quantity("central", "float64", "", "figure", "Central", "Value that is reckoned with."),
        Quantity("high", "float64", "", "figure", "High", "Its high value; of prices the one with which costs are high."),
        Quantity("n_hpc_low", "float64", "points", "count", "High-power points, low", "Fewest points found for the wait, with the factor low; not known where no layout keeps to it."),
        Quantity("n_hpc_central", "float64", "points", "count", "High-power points, central", "Fewest points found for the wait with all factors central."),
        Quantity("n_hpc_high", "float64", "points", "count", "High-power points, high", "Fewest points found for the wait, with the factor high; not known where no layout keeps to it."),
        Quantity("system_cost_eur_day_low", "float64", "EUR/day", "count", "Cost to all, low", f"{_SYSTEM}, with the factor low."),
        Quantity("system_cost_eur_day_central", "float64", "EUR/day", "count", "Cost to all, central", f"{_SYSTEM}, with all factors central."),
        Quantity("system_cost_eur_day_high", "float64", "EUR/day", "count", "Cost to all, high", f"{_SYSTEM}, with the factor high."),
        Quantity("system_cost_eur_kwh_low", "float64", "EUR/kWh", "three", "Cost to all per kWh, low", "The same per kWh charged, with the factor low."),
        Quantity("system_cost_eur_kwh_central", "float64", "EUR/kWh", "three", "Cost to all per kWh, central", "The same per kWh charged, with all factors central."),
        Quantity("system_cost_eur_kwh_high", "float64", "EUR/kWh", "three", "Cost to all per kWh, high", "The same per kWh charged, with the factor high."),
        Quantity("n_unserved_low", "int64", "trips", "count", "Unserved trips, low", "Trips that cannot be driven with the factor low; they are in no cost."),
        Quantity("n_unserved_high", "int64", "trips", "count", "Unserved trips, high", "Trips that cannot be driven with the factor high; they are in no cost."),
        Quantity("sure", "string", "", "text", "Who says so", "official, published, given or assumed."),
        Quantity("source", "string", "", "long_text", "Source", "Where the range comes from."),
    ),
    key=("factor",),
)
COST_KWH = Quantity("system_cost_eur_kwh", "float64", "EUR/kWh", "three", "Cost to all per kWh", "What operators pay and the time of trucks, per kWh charged.")
# fmt: on
MEASURES = {each.name: each for each in (N_HPC, SYSTEM_COST, COST_KWH)}
"""What is looked at; columns of the table begin with these names."""
