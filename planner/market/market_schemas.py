"""Tables of a market run: their columns, units and meanings."""

from __future__ import annotations

from dataclasses import replace

from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity, Table

# fmt: off
_OPERATOR = Quantity("operator", "string", "", "text", "Operator", "Name of the operator.")
_DAY = Quantity("day", "string", "", "text", "Day", "day for a typical day, else mon to sun.")
_HOUR = Quantity("hour", "int64", "", "count", "Hour", "Hour of the day, 0 to 23.")
_SEEDS = "over the seeds, second half of the turns"

MARKET_HOURS = Table(
    "hours",
    "one hour of the day at the site, all operators together",
    (
        _DAY,
        _HOUR,
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "three", "Price", f"What trucks pay, mean {_SEEDS}."),
        Quantity("price_low_eur_kwh", "float64", "EUR/kWh", "three", "Price, lowest of the seeds",
                 "The lowest of the seeds."),
        Quantity("price_high_eur_kwh", "float64", "EUR/kWh", "three", "Price, highest of the seeds",
                 "The highest of the seeds."),
        Quantity("threshold_eur_kwh", "float64", "EUR/kWh", "three", "Undercutting pays above",
                 "Price above which undercutting pays."),
        Quantity("demand_share", "float64", "share", "percent", "Demand",
                 "Power asked for in parts of the charging points'."),
        Quantity("sold_kwh", "float64", "kWh", "count", "Energy sold",
                 "Energy sold to the trucks that arrive in the hour."),
        Quantity("utilisation_raw", "float64", "share", "percent", "Utilisation, typical day", "Charging points in use."),
        replace(MEAN_WAIT, meaning="Mean wait of the trucks that arrive."),
        Quantity("n_queued", "float64", "trucks", "one", "Trucks in the queue",
                 "Trucks in the queue, mean over the hour."),
    ),
)

MARKET_OFFERS = Table(
    "offers",
    "one operator's price in one hour of the day",
    (
        _OPERATOR,
        _DAY,
        _HOUR,
        Quantity("asked_eur_kwh", "float64", "EUR/kWh", "three", "Price asked", f"Price asked, mean {_SEEDS}."),
        Quantity("asked_low_eur_kwh", "float64", "EUR/kWh", "three", "Price asked, lowest of the seeds",
                 "The lowest of the seeds' means."),
        Quantity("asked_high_eur_kwh", "float64", "EUR/kWh", "three", "Price asked, highest of the seeds",
                 "The highest of the seeds' means."),
    ),
)

MARKET_OPERATORS = Table(
    "operators",
    "one operator",
    (
        _OPERATOR,
        Quantity("tariff", "string", "", "text", "Tariff", "hourly or fixed."),
        Quantity("n_chargers", "float64", "points", "one", "Charging points", f"Charging points, mean {_SEEDS}."),
        Quantity("n_chargers_low", "float64", "points", "one", "Charging points, lowest of the seeds",
                 "The lowest of the seeds' means."),
        Quantity("n_chargers_high", "float64", "points", "one", "Charging points, highest of the seeds",
                 "The highest of the seeds' means."),
        Quantity("profit_eur_day", "float64", "EUR/day", "count", "Profit", "Profit on the average day of the year."),
        Quantity("profit_low_eur_day", "float64", "EUR/day", "count", "Profit, lowest of the seeds",
                 "The lowest of the seeds' means."),
        Quantity("profit_high_eur_day", "float64", "EUR/day", "count", "Profit, highest of the seeds",
                 "The highest of the seeds' means."),
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "three", "Price", "What its trucks pay on average."),
        Quantity("energy_share", "float64", "share", "percent", "Share of the energy",
                 "Its share of the energy sold."),
        Quantity("utilisation_raw", "float64", "share", "percent", "Utilisation, typical day", "Its charging points in use."),
        Quantity("charger_earning_share", "float64", "share", "percent", "Earning of a point over its cost",
                 "What one charging point earns while all are busy, in parts of what it costs."),
    ),
)

MARKET_COURSE = Table(
    "course",
    "one operator in one block of turns, for one seed",
    (
        Quantity("seed_number", "int64", "", "count", "Repetition", "Number of the repetition, from 1."),
        Quantity("iteration", "int64", "", "count", "Turn", "Last turn of the block."),
        _OPERATOR,
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "three", "Price", "What its trucks pay on average."),
        Quantity("n_chargers", "float64", "points", "one", "Charging points", "Charging points."),
        Quantity("profit_eur_day", "float64", "EUR/day", "count", "Profit", "Profit on the average day of the year."),
        Quantity("utilisation_raw", "float64", "share", "percent", "Utilisation, typical day", "Its charging points in use."),
    ),
)

MARKET_SEEDS = Table(
    "seeds",
    "one repetition with random numbers of its own",
    (
        Quantity("seed_number", "int64", "", "count", "Repetition", "Number of the repetition, from 1."),
        Quantity("mean_price_eur_kwh", "float64", "EUR/kWh", "three", "Mean price", "What trucks pay on average."),
        Quantity("utilisation_raw", "float64", "share", "percent", "Utilisation, typical day",
                 "Charging points in use on the typical day."),
        Quantity("utilisation_corrected", "float64", "share", "percent", "Utilisation, average day",
                 "The same on the average day."),
        replace(MEAN_WAIT, meaning="Mean wait of a truck."),
        Quantity("share_waiting", "float64", "share", "percent", "Trucks that wait", "Trucks that wait at all."),
        Quantity("share_lost", "float64", "share", "percent", "Trucks that drive on", "Trucks that drive on."),
        Quantity("n_chargers", "float64", "points", "one", "Charging points", "Charging points of all operators."),
        Quantity("profit_eur_day", "float64", "EUR/day", "count", "Profit", "Profit of all operators."),
    ),
)

MARKET_ALTERNATIVES = Table(
    "alternatives",
    "the market with one thing otherwise; the first row is the study itself",
    (
        Quantity("group", "string", "", "text", "Group", "study, start, rules, assumptions or organisation."),
        Quantity("key", "string", "", "text", "Key", "What is different: mostly a key of the scenario."),
        Quantity("value", "string", "", "text", "Value", "The other value."),
        Quantity("n_seeds", "int64", "", "count", "Repetitions", "Repetitions."),
        Quantity("mean_price_eur_kwh", "float64", "EUR/kWh", "three", "Mean price", "What trucks pay on average."),
        Quantity("mean_price_low_eur_kwh", "float64", "EUR/kWh", "three", "Mean price, lowest of the seeds",
                 "The lowest of the seeds."),
        Quantity("mean_price_high_eur_kwh", "float64", "EUR/kWh", "three", "Mean price, highest of the seeds",
                 "The highest of the seeds."),
        Quantity("max_hour_price_eur_kwh", "float64", "EUR/kWh", "three", "Dearest hour",
                 "Price of the dearest hour."),
        Quantity("hours_at_or_below_0_12", "float64", "h", "one", "Hours at 0.12 EUR/kWh or less",
                 "Hours of a day at 0.12 EUR/kWh or less."),
        Quantity("utilisation_raw", "float64", "share", "percent", "Utilisation, typical day",
                 "Charging points in use on the typical day."),
        Quantity("utilisation_corrected", "float64", "share", "percent", "Utilisation, average day",
                 "The same on the average day."),
        replace(MEAN_WAIT, meaning="Mean wait of a truck."),
        Quantity("share_lost", "float64", "share", "percent", "Trucks that drive on", "Trucks that drive on."),
        Quantity("n_chargers", "float64", "points", "one", "Charging points", "Charging points of all operators."),
        Quantity("profit_eur_day", "float64", "EUR/day", "count", "Profit", "Profit of all operators."),
        Quantity("operators", "string", "", "text", "Operators", "Names of the operators, with | between them."),
        Quantity("n_chargers_each", "string", "", "text", "Charging points of each",
                 "Charging points of each, with | between them."),
        Quantity("profit_each_eur_day", "string", "", "text", "Profit of each",
                 "Profit of each, with | between them."),
        Quantity("energy_share_each", "string", "", "text", "Share of the energy of each",
                 "Share of the energy that each sells."),
        Quantity("drift_share", "float64", "share", "percent", "Change between the last two quarters",
                 "Change between the last two quarters."),
    ),
)

MARKET_SCHEMAS = (
    MARKET_HOURS,
    MARKET_OFFERS,
    MARKET_OPERATORS,
    MARKET_COURSE,
    MARKET_SEEDS,
    MARKET_ALTERNATIVES,
)
"""Tables that are written as files."""
