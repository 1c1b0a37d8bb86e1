"""Columns of the tables that a plan with a market has beside the others."""

from __future__ import annotations

from dataclasses import replace

from planner.plan.schemas import SITES
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity, Table

# fmt: off
_MEAN = "Mean of the second half of the turns and of the seeds."

MARKET_SITES = Table(
    "market_sites",
    "one site in the market of the balanced plan",
    (
        *SITES.quantities("site_id", "name", "road", "lon", "lat"),
        Quantity("n_hpc_plan", "int64", "points", "count", "Points of the plan",
                 "High-power points of the balanced plan."),
        Quantity("n_operators", "int64", "", "count", "Operators that may come",
                 "Operators that may come to the site."),
        Quantity("n_hpc_market", "float64", "points", "one", "Points that pay",
                 f"Points that operators build. {_MEAN}"),
        Quantity("n_hpc_low", "float64", "points", "one", "Points that pay, lowest of the seeds",
                 "The fewest of the seeds' means."),
        Quantity("n_hpc_high", "float64", "points", "one", "Points that pay, highest of the seeds",
                 "The most of the seeds' means."),
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "three", "Price",
                 "What trucks pay; NaN where nobody charges."),
        Quantity("price_low_eur_kwh", "float64", "EUR/kWh", "three", "Price, lowest of the seeds",
                 "The lowest of the seeds' means."),
        Quantity("price_high_eur_kwh", "float64", "EUR/kWh", "three", "Price, highest of the seeds",
                 "The highest of the seeds' means."),
        Quantity("cheapest_hour_eur_kwh", "float64", "EUR/kWh", "three", "Cheapest hour",
                 "Price of the cheapest hour."),
        Quantity("dearest_hour_eur_kwh", "float64", "EUR/kWh", "three", "Dearest hour", "Price of the dearest hour."),
        Quantity("sessions_per_day", "float64", "sessions/day", "one", "Sessions a day",
                 "Trucks that charge, a busy day."),
        Quantity("energy_kwh_day", "float64", "kWh/day", "count", "Energy sold a day", "Energy sold on a busy day."),
        Quantity("utilisation_share", "float64", "share", "percent", "Utilisation in time, TCU",
                 "Points in use; NaN without points."),
        replace(MEAN_WAIT, meaning="Mean wait of the trucks that charge."),
        Quantity("profit_eur_day", "float64", "EUR/day", "count", "Profit",
                 "Profit of all operators at the site on the average day of the week, points paid."),
        Quantity("is_open", "bool", "", "yes_no", "Operators build",
                 "Whether operators build there without support."),
        Quantity("plan_price_eur_kwh", "float64", "EUR/kWh", "three", "Price with the points of the plan",
                 "What trucks pay where operators must keep the points of the plan."),
        Quantity("plan_profit_eur_day", "float64", "EUR/day", "count", "Profit with the points of the plan",
                 "Profit of all operators then, on the average day of the week."),
        Quantity("subsidy_eur_day", "float64", "EUR/day", "count", "Subsidy",
                 "What those operators lack that lose money with the points of the plan."),
    ),
    key=("site_id",),
)

MARKET_HOURS_BY_SITE = Table(
    "market_hours",
    "one site in one hour of the day, in the market of the balanced plan",
    (
        *SITES.quantities("site_id"),
        Quantity("hour", "int64", "", "count", "Hour",
                 "Hour of the day, 0 to 23; of the days before it too where days have prices of their own."),
        Quantity("asked_eur_kwh", "float64", "EUR/kWh", "three", "Price asked",
                 "Lowest price asked; NaN without points."),
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "three", "Price", "What trucks pay; NaN where none charge."),
        Quantity("sold_kwh", "float64", "kWh", "count", "Energy sold", "Energy sold to the trucks that arrive then."),
        replace(MEAN_WAIT, meaning="Mean wait of the trucks that arrive then."),
    ),
    key=("site_id", "hour"),
    refers_to={"site_id": "market_sites"},
)

MARKET_ROUNDS = Table(
    "market_rounds",
    "one round of the market of the balanced plan, for one repetition",
    (
        Quantity("round", "int64", "", "count", "Round", "Number of the round, from 1."),
        Quantity("seed_number", "int64", "", "count", "Repetition", "Number of the repetition, from 1."),
        Quantity("mean_price_eur_kwh", "float64", "EUR/kWh", "three", "Mean price", "What trucks pay on average."),
        Quantity("n_chargers", "float64", "points", "one", "Charging points", "Points of all operators at all sites."),
        Quantity("counted_share", "float64", "sessions/stop", "three", "Sessions per stop",
                 "Sessions per stop; 1 once settled."),
    ),
    key=("round", "seed_number"),
)

NATIONAL_SCHEMAS = (MARKET_SITES, MARKET_HOURS_BY_SITE, MARKET_ROUNDS)
"""Tables that a run with a market has beside the others."""
