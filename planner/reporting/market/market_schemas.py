"""Tables of a market run: their columns, units and meanings."""

from __future__ import annotations

from planner.tables.table import Quantity, Table

_OPERATOR = Quantity("operator", "string", "", "Name of the operator.")
_DAY = Quantity("day", "string", "", "day for a typical day, else mon to sun.")
_HOUR = Quantity("hour", "int64", "", "Hour of the day, 0 to 23.")
_SEEDS = "over the seeds, second half of the iterations"

MARKET_HOURS = Table(
    "hours",
    "one hour of the day at the site, all operators together",
    (
        _DAY,
        _HOUR,
        Quantity("price_eur_kwh", "float64", "EUR/kWh", f"What trucks pay, mean {_SEEDS}."),
        Quantity("price_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds."),
        Quantity("price_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds."),
        Quantity("threshold_eur_kwh", "float64", "EUR/kWh", "Price above which undercutting pays."),
        Quantity("demand_share", "float64", "share", "Power asked for in parts of the chargers'."),
        Quantity(
            "sold_kwh", "float64", "kWh", "Energy sold to the trucks that arrive in the hour."
        ),
        Quantity("utilisation_raw", "float64", "share", "Chargers in use."),
        Quantity("mean_wait_min", "float64", "min", "Mean wait of the trucks that arrive."),
        Quantity("n_queued", "float64", "trucks", "Trucks in the queue, mean over the hour."),
    ),
)

MARKET_OFFERS = Table(
    "offers",
    "one operator's price in one hour of the day",
    (
        _OPERATOR,
        _DAY,
        _HOUR,
        Quantity("asked_eur_kwh", "float64", "EUR/kWh", f"Price asked, mean {_SEEDS}."),
        Quantity("asked_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds' means."),
        Quantity("asked_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds' means."),
    ),
)

MARKET_OPERATORS = Table(
    "operators",
    "one operator",
    (
        _OPERATOR,
        Quantity("tariff", "string", "", "hourly or fixed."),
        Quantity("n_chargers", "float64", "chargers", f"Chargers, mean {_SEEDS}."),
        Quantity("n_chargers_low", "float64", "chargers", "The lowest of the seeds' means."),
        Quantity("n_chargers_high", "float64", "chargers", "The highest of the seeds' means."),
        Quantity("profit_eur_day", "float64", "EUR/day", "Profit on the average day of the year."),
        Quantity("profit_low_eur_day", "float64", "EUR/day", "The lowest of the seeds' means."),
        Quantity("profit_high_eur_day", "float64", "EUR/day", "The highest of the seeds' means."),
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "What its trucks pay on average."),
        Quantity("energy_share", "float64", "share", "Its share of the energy sold."),
        Quantity("utilisation_raw", "float64", "share", "Its chargers in use."),
        Quantity(
            "charger_earning_share",
            "float64",
            "share",
            "What one charger earns while all are busy, in parts of what it costs.",
        ),
    ),
)

MARKET_COURSE = Table(
    "course",
    "one operator in one block of iterations, for one seed",
    (
        Quantity("seed_number", "int64", "", "Number of the repetition, from 1."),
        Quantity("iteration", "int64", "", "Last iteration of the block."),
        _OPERATOR,
        Quantity("price_eur_kwh", "float64", "EUR/kWh", "What its trucks pay on average."),
        Quantity("n_chargers", "float64", "chargers", "Chargers."),
        Quantity("profit_eur_day", "float64", "EUR/day", "Profit on the average day of the year."),
        Quantity("utilisation_raw", "float64", "share", "Its chargers in use."),
    ),
)

MARKET_SEEDS = Table(
    "seeds",
    "one repetition with random numbers of its own",
    (
        Quantity("seed_number", "int64", "", "Number of the repetition, from 1."),
        Quantity("mean_price_eur_kwh", "float64", "EUR/kWh", "What trucks pay on average."),
        Quantity("utilisation_raw", "float64", "share", "Chargers in use on the typical day."),
        Quantity("utilisation_corrected", "float64", "share", "The same on the average day."),
        Quantity("mean_wait_min", "float64", "min", "Mean wait of a truck."),
        Quantity("share_waiting", "float64", "share", "Trucks that wait at all."),
        Quantity("share_lost", "float64", "share", "Trucks that drive on."),
        Quantity("n_chargers", "float64", "chargers", "Chargers of all operators."),
        Quantity("profit_eur_day", "float64", "EUR/day", "Profit of all operators."),
    ),
)

MARKET_ALTERNATIVES = Table(
    "alternatives",
    "the market with one thing otherwise; the first row is the study itself",
    (
        Quantity("group", "string", "", "study, start, rules, assumptions or organisation."),
        Quantity("key", "string", "", "What is different: mostly a key of the scenario."),
        Quantity("value", "string", "", "The other value."),
        Quantity("n_seeds", "int64", "", "Repetitions."),
        Quantity("mean_price_eur_kwh", "float64", "EUR/kWh", "What trucks pay on average."),
        Quantity("mean_price_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds."),
        Quantity("mean_price_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds."),
        Quantity("max_hour_price_eur_kwh", "float64", "EUR/kWh", "Price of the dearest hour."),
        Quantity(
            "hours_at_or_below_0_12", "float64", "h", "Hours of a day at 0.12 EUR/kWh or less."
        ),
        Quantity("utilisation_raw", "float64", "share", "Chargers in use on the typical day."),
        Quantity("utilisation_corrected", "float64", "share", "The same on the average day."),
        Quantity("mean_wait_min", "float64", "min", "Mean wait of a truck."),
        Quantity("share_lost", "float64", "share", "Trucks that drive on."),
        Quantity("n_chargers", "float64", "chargers", "Chargers of all operators."),
        Quantity("profit_eur_day", "float64", "EUR/day", "Profit of all operators."),
        Quantity("operators", "string", "", "Names of the operators, with | between them."),
        Quantity("n_chargers_each", "string", "", "Chargers of each, with | between them."),
        Quantity("profit_each_eur_day", "string", "", "Profit of each, with | between them."),
        Quantity("energy_share_each", "string", "", "Share of the energy that each sells."),
        Quantity("drift_share", "float64", "share", "Change between the last two quarters."),
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
