"""Tables of a market run: their columns, units and meanings."""

from __future__ import annotations

from planner.reporting.table_schemas import Column, TableSchema

_OPERATOR = Column("operator", "string", "", "Name of the operator.")
_DAY = Column("day", "string", "", "day for a typical day, else mon to sun.")
_HOUR = Column("hour", "int64", "", "Hour of the day, 0 to 23.")
_SEEDS = "over the seeds, second half of the iterations"

MARKET_HOURS = TableSchema(
    "hours",
    "one hour of the day at the site, all operators together",
    (
        _DAY,
        _HOUR,
        Column("price_eur_kwh", "float64", "EUR/kWh", f"What trucks pay, mean {_SEEDS}."),
        Column("price_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds."),
        Column("price_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds."),
        Column("threshold_eur_kwh", "float64", "EUR/kWh", "Price above which undercutting pays."),
        Column("demand_share", "float64", "share", "Power asked for in parts of the chargers'."),
        Column("sold_kwh", "float64", "kWh", "Energy sold to the trucks that arrive in the hour."),
        Column("utilisation_raw", "float64", "share", "Chargers in use."),
        Column("mean_wait_min", "float64", "min", "Mean wait of the trucks that arrive."),
        Column("n_queued", "float64", "trucks", "Trucks in the queue, mean over the hour."),
    ),
)

MARKET_OFFERS = TableSchema(
    "offers",
    "one operator's price in one hour of the day",
    (
        _OPERATOR,
        _DAY,
        _HOUR,
        Column("asked_eur_kwh", "float64", "EUR/kWh", f"Price asked, mean {_SEEDS}."),
        Column("asked_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds' means."),
        Column("asked_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds' means."),
    ),
)

MARKET_OPERATORS = TableSchema(
    "operators",
    "one operator",
    (
        _OPERATOR,
        Column("tariff", "string", "", "hourly or fixed."),
        Column("n_chargers", "float64", "chargers", f"Chargers, mean {_SEEDS}."),
        Column("n_chargers_low", "float64", "chargers", "The lowest of the seeds' means."),
        Column("n_chargers_high", "float64", "chargers", "The highest of the seeds' means."),
        Column("profit_eur_day", "float64", "EUR/day", "Profit on the average day of the year."),
        Column("profit_low_eur_day", "float64", "EUR/day", "The lowest of the seeds' means."),
        Column("profit_high_eur_day", "float64", "EUR/day", "The highest of the seeds' means."),
        Column("price_eur_kwh", "float64", "EUR/kWh", "What its trucks pay on average."),
        Column("energy_share", "float64", "share", "Its share of the energy sold."),
        Column("utilisation_raw", "float64", "share", "Its chargers in use."),
        Column(
            "charger_earning_share",
            "float64",
            "share",
            "What one charger earns while all are busy, in parts of what it costs.",
        ),
    ),
)

MARKET_COURSE = TableSchema(
    "course",
    "one operator in one block of iterations, for one seed",
    (
        Column("seed_number", "int64", "", "Number of the repetition, from 1."),
        Column("iteration", "int64", "", "Last iteration of the block."),
        _OPERATOR,
        Column("price_eur_kwh", "float64", "EUR/kWh", "What its trucks pay on average."),
        Column("n_chargers", "float64", "chargers", "Chargers."),
        Column("profit_eur_day", "float64", "EUR/day", "Profit on the average day of the year."),
        Column("utilisation_raw", "float64", "share", "Its chargers in use."),
    ),
)

MARKET_SEEDS = TableSchema(
    "seeds",
    "one repetition with random numbers of its own",
    (
        Column("seed_number", "int64", "", "Number of the repetition, from 1."),
        Column("mean_price_eur_kwh", "float64", "EUR/kWh", "What trucks pay on average."),
        Column("utilisation_raw", "float64", "share", "Chargers in use on the typical day."),
        Column("utilisation_corrected", "float64", "share", "The same on the average day."),
        Column("mean_wait_min", "float64", "min", "Mean wait of a truck."),
        Column("share_waiting", "float64", "share", "Trucks that wait at all."),
        Column("share_lost", "float64", "share", "Trucks that drive on."),
        Column("n_chargers", "float64", "chargers", "Chargers of all operators."),
        Column("profit_eur_day", "float64", "EUR/day", "Profit of all operators."),
    ),
)

MARKET_ALTERNATIVES = TableSchema(
    "alternatives",
    "the market with one thing otherwise; the first row is the study itself",
    (
        Column("group", "string", "", "study, start, rules, assumptions or organisation."),
        Column("key", "string", "", "What is different: mostly a key of the scenario."),
        Column("value", "string", "", "The other value."),
        Column("n_seeds", "int64", "", "Repetitions."),
        Column("mean_price_eur_kwh", "float64", "EUR/kWh", "What trucks pay on average."),
        Column("mean_price_low_eur_kwh", "float64", "EUR/kWh", "The lowest of the seeds."),
        Column("mean_price_high_eur_kwh", "float64", "EUR/kWh", "The highest of the seeds."),
        Column("max_hour_price_eur_kwh", "float64", "EUR/kWh", "Price of the dearest hour."),
        Column("hours_at_or_below_0_12", "float64", "h", "Hours of a day at 0.12 EUR/kWh or less."),
        Column("utilisation_raw", "float64", "share", "Chargers in use on the typical day."),
        Column("utilisation_corrected", "float64", "share", "The same on the average day."),
        Column("mean_wait_min", "float64", "min", "Mean wait of a truck."),
        Column("share_lost", "float64", "share", "Trucks that drive on."),
        Column("n_chargers", "float64", "chargers", "Chargers of all operators."),
        Column("profit_eur_day", "float64", "EUR/day", "Profit of all operators."),
        Column("operators", "string", "", "Names of the operators, with | between them."),
        Column("n_chargers_each", "string", "", "Chargers of each, with | between them."),
        Column("profit_each_eur_day", "string", "", "Profit of each, with | between them."),
        Column("energy_share_each", "string", "", "Share of the energy that each sells."),
        Column("drift_share", "float64", "share", "Change between the last two quarters."),
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
