"""Quantities of a whole layout that searches aim at and tables show."""

from __future__ import annotations

from planner.tables.table import Quantity
from planner.tables.terms import DEFINITIONS

_MEANING = {key: definition.text for key, definition in DEFINITIONS.items()}

# fmt: off
N_HPC = Quantity("n_hpc", "int64", "points", "count", "High-power points", _MEANING["hpc"])
MEAN_WAIT = Quantity("mean_wait_min", "float64", "min", "minutes", "Mean wait", _MEANING["uwti"])
P95_WAIT = Quantity("p95_wait_min", "float64", "min", "minutes", "95th percentile of the wait",
                    _MEANING["p95_wait"])
TCU = Quantity("tcu", "float64", "share", "percent", "Utilisation in time, TCU", _MEANING["tcu"])
OPERATOR_COST = Quantity(
    "operator_cost_eur_kwh", "float64", "EUR/kWh", "three", "Cost to operators",
    "What sites cost operators per kWh charged, capital as annuities: the price at which they "
    "break even.",
)
LOGISTICS_COST = Quantity(
    "logistics_cost_eur_trip", "float64", "EUR/trip", "two", "Cost to trucks",
    "What charging costs a trip: the time of waiting, detours and charging, and the energy at the "
    "price that trucks pay.",
)
SYSTEM_COST = Quantity(
    "system_cost_eur_day", "float64", "EUR/day", "count", "Cost to all",
    "What operators pay, and what the time of waiting, detours and charging costs trucks, on a day "
    "like the mean simulated one.",
)
