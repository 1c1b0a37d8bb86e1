"""Columns of what pricing a front finds."""

from __future__ import annotations

from planner.costs.site_costs import COMPONENT_TITLES
from planner.tables.layout_quantities import (
    LOGISTICS_COST,
    MEAN_WAIT,
    N_HPC,
    OPERATOR_COST,
    SYSTEM_COST,
)
from planner.tables.table import Quantity, Table

# fmt: off

LEAST = "least-cost"
"""What the layout of least cost to all is called."""


def with_ends(quantity: Quantity) -> tuple[Quantity, ...]:
    """A figure with all factors central, all at their cheap end, all at their dear end."""
    return (
        quantity,
        Quantity(f"{quantity.name}_low", quantity.dtype, quantity.unit, quantity.form, quantity.title, "The same with every factor at the value with which costs are low.", "{title}, all low"),
        Quantity(f"{quantity.name}_high", quantity.dtype, quantity.unit, quantity.form, quantity.title, "The same with every factor at the value with which costs are high.", "{title}, all high"),
    )


_OF_COMPONENTS = tuple(
    Quantity(f"{name}_eur_kwh", "float64", "EUR/kWh", "three", title, f"{title} per kWh charged.")
    for name, title in COMPONENT_TITLES.items()
)
WAITING = Quantity("waiting_eur_trip", "float64", "EUR/trip", "two", "Cost of waiting", "Time that trucks wait for a point, per trip driven, at the cost of an hour of truck and driver.")
NAME = Quantity("name", "string", "", "text", "Plan", "Named plan, least-cost, or empty.")

COSTS = Table(
    "costs",
    "one solution of the front",
    (
        Quantity("solution", "int64", "", "count", "Solution", "Number of the solution, as in front.csv."),
        NAME, N_HPC,
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points."),
        MEAN_WAIT,
        *_OF_COMPONENTS,
        *with_ends(OPERATOR_COST),
        WAITING,
        Quantity("charging_eur_trip", "float64", "EUR/trip", "two", "Cost of detours and charging", "Time that detours and charging add to a trip without any waiting, beyond breaks and rests that a truck without charging takes too."),
        Quantity("energy_eur_trip", "float64", "EUR/trip", "two", "Energy paid", "Energy charged at the price that trucks pay, per trip."),
        LOGISTICS_COST,
        Quantity("operator_eur_day", "float64", "EUR/day", "count", "Cost to operators a day", "What operators pay on a day like the mean simulated one."),
        Quantity("waiting_eur_day", "float64", "EUR/day", "count", "Cost of waiting a day", "What the time of waiting trucks costs on such a day."),
        Quantity("charging_eur_day", "float64", "EUR/day", "count", "Cost of detours and charging a day", "What the time of detours and charging costs on such a day; the same for all layouts."),
        *with_ends(SYSTEM_COST),
        Quantity("investment_eur", "float64", "EUR", "count", "Investment", "What is built, as if nothing stood yet."),
    ),
    key=("solution",),
)

COST_SITES = Table(
    "cost_sites",
    "one site of the layout of least cost to all",
    (
        Quantity("site_id", "string", "", "text", "Site", "Key of the site."),
        Quantity("name", "string", "", "text", "Name", "Name of the site."),
        N_HPC,
        Quantity("n_lpc", "int64", "points", "count", "Overnight points", "Overnight points."),
        Quantity("peak_kw", "float64", "kW", "power", "Peak", "Highest power drawn."),
        Quantity("energy_kwh_day", "float64", "kWh/day", "count", "Energy a day", "Energy charged on the mean day."),
        *(Quantity(f"{name}_eur_year", "float64", "EUR/year", "count", title, f"{title} a year.") for name, title in COMPONENT_TITLES.items()),
        Quantity(OPERATOR_COST.name, "float64", "EUR/kWh", "three", OPERATOR_COST.title, "Costs of the site per kWh charged; NaN where nothing is charged."),
        Quantity("investment_eur", "float64", "EUR", "count", "Investment", "What is built."),
    ),
    key=("site_id",),
)

COST_FACTORS = Table(
    "cost_factors",
    "one factor of the costs, moved by itself",
    (
        Quantity("factor", "string", "", "text", "Factor", "Name of the factor in the set of costs."),
        Quantity("title", "string", "", "text", "Meaning", "What it is."),
        Quantity("low", "float64", "", "figure", "Low", "Value with which costs are low."),
        Quantity("central", "float64", "", "figure", "Central", "Value that is reckoned with."),
        Quantity("high", "float64", "", "figure", "High", "Value with which costs are high."),
        Quantity("operator_cost_eur_kwh_low", "float64", "EUR/kWh", "three", "Cost to operators, low", "Of the layout of least cost, with this factor low."),
        Quantity("operator_cost_eur_kwh_high", "float64", "EUR/kWh", "three", "Cost to operators, high", "Of the layout of least cost, with this factor high."),
        Quantity("best_wait_min_low", "float64", "min", "minutes", "Wait of least cost, low", "Mean wait of the layout of least cost with this factor low."),
        Quantity("best_wait_min_high", "float64", "min", "minutes", "Wait of least cost, high", "Mean wait of the layout of least cost with this factor high."),
        Quantity("best_n_hpc_low", "int64", "points", "count", "Points of least cost, low", "High-power points of that layout."),
        Quantity("best_n_hpc_high", "int64", "points", "count", "Points of least cost, high", "High-power points of that layout."),
        Quantity("sure", "string", "", "text", "Who says so", "official, published, given or assumed."),
        Quantity("source", "string", "", "long_text", "Source", "Where the figure comes from."),
    ),
    key=("factor",),
)

COST_SCHEMAS = (COSTS, COST_SITES, COST_FACTORS)
