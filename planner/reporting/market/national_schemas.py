"""Columns of the tables that a plan with a market has beside the others."""

from __future__ import annotations

from planner.tables.table import Quantity, Table

_SITE_ID = Quantity("site_id", "string", "", "The site.")
_MEAN = "Mean of the second half of the turns and of the seeds."

MARKET_SITES = Table(
    "market_sites",
    "one site in the market of the balanced plan",
    (
        _SITE_ID,
        Quantity("name", "string", "", "What a person calls the site."),
        Quantity("road", "string", "", "Motorway it lies on."),
        Quantity("lon", "float64", "degrees", "Longitude, EPSG:4326."),
        Quantity("lat", "float64", "degrees", "Latitude, EPSG:4326."),
        Quantity("n_hpc_plan", "int64", "points", "High-power points of the balanced plan."),
        Quantity("n_operators", "int64", "", "Operators that may come to the site."),
        Quantity("n_hpc_market", "float64", "points", f"Points that operators build. {_MEAN}"),
        Quantity("n_hpc_low", "float64", "points", "The fewest of the seeds' means."),
        Quantity("n_hpc_high", "float64", "points", "The most of the seeds' means."),
        Quantity(
            "price_eur_kwh", "float64", "EUR/kWh", "What trucks pay; NaN where nobody charges."
        ),
        Quantity("price_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds' means."),
        Quantity("price_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds' means."),
        Quantity("cheapest_hour_eur_kwh", "float64", "EUR/kWh", "Price of the cheapest hour."),
        Quantity("dearest_hour_eur_kwh", "float64", "EUR/kWh", "Price of the dearest hour."),
        Quantity("sessions_per_day", "float64", "sessions/day", "Trucks that charge, a busy day."),
        Quantity("energy_kwh_day", "float64", "kWh/day", "Energy sold on a busy day."),
        Quantity("utilisation_share", "float64", "share", "Points in use; NaN without points."),
        Quantity("mean_wait_min", "float64", "min", "Mean wait of the trucks that charge."),
        Quantity(
            "profit_eur_day",
            "float64",
            "EUR/day",
            "Profit of all operators at the site on the average day of the week, points paid.",
        ),
        Quantity("is_open", "bool", "", "Whether operators build there of their own accord."),
        Quantity(
            "plan_price_eur_kwh",
            "float64",
            "EUR/kWh",
            "What trucks pay where operators must keep the points of the plan.",
        ),
        Quantity(
            "plan_profit_eur_day",
            "float64",
            "EUR/day",
            "Profit of all operators then, on the average day of the week.",
        ),
        Quantity(
            "subsidy_eur_day",
            "float64",
            "EUR/day",
            "What those operators lack that lose money with the points of the plan.",
        ),
    ),
)

MARKET_HOURS_BY_SITE = Table(
    "market_hours",
    "one site in one hour of the day, in the market of the balanced plan",
    (
        _SITE_ID,
        Quantity("hour", "int64", "", "Hour of the day, 0 to 23; of the days before it too where "
               "days have prices of their own."),
        Quantity("asked_eur_kwh", "float64", "EUR/kWh", "Lowest price asked; NaN without points."),
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "What trucks pay; NaN where none charge."),
        Quantity("sold_kwh", "float64", "kWh", "Energy sold to the trucks that arrive then."),
        Quantity("mean_wait_min", "float64", "min", "Mean wait of the trucks that arrive then."),
    ),
)  # fmt: skip

MARKET_ROUNDS = Table(
    "market_rounds",
    "one round of the market of the balanced plan, for one repetition",
    (
        Quantity("round", "int64", "", "Number of the round, from 1."),
        Quantity("seed_number", "int64", "", "Number of the repetition, from 1."),
        Quantity("mean_price_eur_kwh", "float64", "EUR/kWh", "What trucks pay on average."),
        Quantity("n_chargers", "float64", "points", "Points of all operators at all sites."),
        Quantity("counted_share", "float64", "sessions/stop", "Sessions per stop; 1 once settled."),
    ),
)

NATIONAL_SCHEMAS = (MARKET_SITES, MARKET_HOURS_BY_SITE, MARKET_ROUNDS)
"""Tables that a run with a market has beside the others."""
