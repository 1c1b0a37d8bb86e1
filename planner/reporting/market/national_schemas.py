"""Columns of the tables that a plan with a market has beside the others."""

from __future__ import annotations

from planner.reporting.table_schemas import Column, TableSchema

_SITE_ID = Column("site_id", "string", "", "The site.")
_MEAN = "Mean of the second half of the turns and of the seeds."

MARKET_SITES = TableSchema(
    "market_sites",
    "one site in the market of the balanced plan",
    (
        _SITE_ID,
        Column("name", "string", "", "What a person calls the site."),
        Column("road", "string", "", "Motorway it lies on."),
        Column("lon", "float64", "degrees", "Longitude, EPSG:4326."),
        Column("lat", "float64", "degrees", "Latitude, EPSG:4326."),
        Column("n_hpc_plan", "int64", "points", "High-power points of the balanced plan."),
        Column("n_operators", "int64", "", "Operators that may come to the site."),
        Column("n_hpc_market", "float64", "points", f"Points that operators build. {_MEAN}"),
        Column("n_hpc_low", "float64", "points", "The fewest of the seeds' means."),
        Column("n_hpc_high", "float64", "points", "The most of the seeds' means."),
        Column("price_eur_kwh", "float64", "EUR/kWh", "What trucks pay; NaN where nobody charges."),
        Column("price_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds' means."),
        Column("price_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds' means."),
        Column("cheapest_hour_eur_kwh", "float64", "EUR/kWh", "Price of the cheapest hour."),
        Column("dearest_hour_eur_kwh", "float64", "EUR/kWh", "Price of the dearest hour."),
        Column("sessions_per_day", "float64", "sessions/day", "Trucks that charge, a busy day."),
        Column("energy_kwh_day", "float64", "kWh/day", "Energy sold on a busy day."),
        Column("utilisation_share", "float64", "share", "Points in use; NaN without points."),
        Column("mean_wait_min", "float64", "min", "Mean wait of the trucks that charge."),
        Column(
            "profit_eur_day",
            "float64",
            "EUR/day",
            "Profit of all operators at the site on the average day of the week, points paid.",
        ),
        Column("is_open", "bool", "", "Whether operators build there of their own accord."),
        Column(
            "plan_price_eur_kwh",
            "float64",
            "EUR/kWh",
            "What trucks pay where operators must keep the points of the plan.",
        ),
        Column(
            "plan_profit_eur_day",
            "float64",
            "EUR/day",
            "Profit of all operators then, on the average day of the week.",
        ),
        Column(
            "subsidy_eur_day",
            "float64",
            "EUR/day",
            "What those operators lack that lose money with the points of the plan.",
        ),
    ),
)

MARKET_HOURS_BY_SITE = TableSchema(
    "market_hours",
    "one site in one hour of the day, in the market of the balanced plan",
    (
        _SITE_ID,
        Column("hour", "int64", "", "Hour of the day, 0 to 23; of the days before it too where "
               "days have prices of their own."),
        Column("asked_eur_kwh", "float64", "EUR/kWh", "Lowest price asked; NaN without points."),
        Column("price_eur_kwh", "float64", "EUR/kWh", "What trucks pay; NaN where none charge."),
        Column("sold_kwh", "float64", "kWh", "Energy sold to the trucks that arrive then."),
        Column("mean_wait_min", "float64", "min", "Mean wait of the trucks that arrive then."),
    ),
)  # fmt: skip

MARKET_ROUNDS = TableSchema(
    "market_rounds",
    "one round of the market of the balanced plan, for one repetition",
    (
        Column("round", "int64", "", "Number of the round, from 1."),
        Column("seed_number", "int64", "", "Number of the repetition, from 1."),
        Column("mean_price_eur_kwh", "float64", "EUR/kWh", "What trucks pay on average."),
        Column("n_chargers", "float64", "points", "Points of all operators at all sites."),
        Column("counted_share", "float64", "sessions/stop", "Sessions per stop; 1 once settled."),
    ),
)

NATIONAL_SCHEMAS = (MARKET_SITES, MARKET_HOURS_BY_SITE, MARKET_ROUNDS)
"""Tables that a run with a market has beside the others."""
