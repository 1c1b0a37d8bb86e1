"""What the charts of a market's report show, as plain rows, and what alternatives are called."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.market.analysis import (
    BREAK_EVEN_MARKS_EUR_KWH,
    break_even_utilisation,
    undercutting_threshold_eur_kwh,
)
from planner.market.market_schemas import MARKET_HOURS
from planner.market.market_tables import course_table, hour_table, offer_table
from planner.tables.forms import kept_decimals
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.market.outcome import MarketOutcome
    from planner.tables.language import Language

GROUPS = {
    "start": "Other starts",
    "rules": "Other rules",
    "assumptions": "Other assumptions",
    "organisation": "Another organisation of the market",
}
"""Titles of the groups of alternatives."""

ALTERNATIVES = {
    "start": "{value}",
    "rules.remove_charger": "Remove a charging point: {value}",
    "rules.add_charger": "Add a charging point: {value}",
    "rules.undercut_busier": "Undercut a busier rival: {value}",
    "rules.raise_queued": "Raise the price with a queue: {value}",
    "rules.raise_any": "Raise any price: {value}",
    "rules.lower_dearer": "Go down where dearer: {value}",
    "rules.match_share": "Share that meets the rival's price: {value}",
    "rules.step_eur_kwh": "Step of prices: {value} EUR/kWh",
    "rules.one_at_a_time": "One rule at a time: {value}",
    "trucks.energy_kwh": "Energy of a truck: {value} kWh",
    "trucks.charging_kw": "Power of a charging point: {value} kW",
    "trucks.truck_eur_min": "Cost of a truck: {value} EUR/min",
    "trucks.waits": "Trucks choose by: {value}",
    "trucks.outside_price_eur_kwh": "Next site at {value} EUR/kWh",
    "carry_over_h": "The day begins with an empty site",
    "demand_variation_share": "Mean demand: {value} of the typical day's",
    "operators": "Operators: {value}",
    "tariff": "Tariffs: {value}",
    "price_cap_eur_kwh": "Price cap of {value} EUR/kWh",
    "min_chargers": "Concession: at least {value} charging points each",
    "week": "A week of days with prices of their own",
}
"""What an alternative changes, by its key."""

VALUES = {
    "true": "yes",
    "false": "no",
    "queue": "length of the queue",
    "booking": "booked times",
    "fixed": "fixed for all",
    "hourly against fixed": "hourly against fixed",
    "hourly against fixed, free to leave": "hourly against fixed, free to leave",
    "3 chargers each, 0.10 EUR/kWh": "3 charging points each, 0.10 EUR/kWh",
    "15 chargers each, 0.45 EUR/kWh": "15 charging points each, 0.45 EUR/kWh",
    "2 and 20 chargers, 0.30 EUR/kWh": "2 and 20 charging points, 0.30 EUR/kWh",
    "10 chargers each, 0.10 and 0.45 EUR/kWh": "10 charging points each, 0.10 and 0.45 EUR/kWh",
}
"""Values of alternatives that are words."""


@dataclass(frozen=True)
class MarketFrame:
    """What the charts of a market need to know beside their rows.

    Alternatives: group, what they change, and to which value.
    """

    operators: list[str]
    n_days: int
    electricity_eur_kwh: float
    charger_eur_kw_day: float
    alternatives: list[tuple[str, str, str]]

    @classmethod
    def of(cls, outcome: MarketOutcome) -> MarketFrame:
        """Frame of a market that was computed."""
        operators = outcome.run.scenario.operators
        costs = next(iter(operators.values())).costs
        return cls(
            list(operators),
            outcome.run.arrivals.n_days,
            costs.electricity_eur_kwh,
            costs.charger_eur_kw_day,
            [(other.group, other.key, other.value) for other in outcome.alternatives],
        )


def alternative_label(key: str, value: str, language: Language) -> str:
    """What an alternative with another value of a key is called."""
    return language.text(ALTERNATIVES[key], value=_value_text(value, language))


def group_label(group: str, language: Language) -> str:
    """What a group of alternatives is called."""
    return language.text(GROUPS[group])


def market_chart_data(outcome: MarketOutcome) -> dict[str, list[dict[str, Any]]]:
    """Rows of all charts by the name of the data.

    Returns
    -------
    dict
        Figures rounded to what a reader can use; missing ones None.
    """
    return {
        "hours": _hours(outcome),
        "offers": _offers(outcome),
        "threshold": _threshold_curve(outcome),
        "course": _course(outcome),
        "break-even": _break_even_curve(outcome),
        "break-even-marks": _break_even_marks(outcome),
        "alternatives": _alternatives(outcome),
        "study": [
            {"mean_price_eur_kwh": _rounded(float(outcome.state.mean_price_eur_kwh.mean()), 4)}
        ],
    }


def _hours(outcome: MarketOutcome) -> list[dict[str, Any]]:
    table = hour_table(outcome)
    costs = next(iter(outcome.run.scenario.operators.values())).costs
    rows = [
        {
            **{
                column.name: _rounded(row[column.name], kept_decimals(column.form))
                for column in MARKET_HOURS.without("day", "hour")
            },
            "hour": number,
            "electricity": costs.electricity_eur_kwh,
            "closes": False,
        }
        for number, row in enumerate(table.to_dict("records"))
    ]
    # steps are drawn from one hour to the next: the last one needs an end
    return [*rows, rows[-1] | {"hour": len(rows), "closes": True}]


def _offers(outcome: MarketOutcome) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for operator, table in offer_table(outcome).groupby("operator", sort=False):
        asked = [_rounded(price, 4) for price in table["asked_eur_kwh"]]
        rows += [
            {"operator": operator, "hour": number, "asked_eur_kwh": price}
            for number, price in enumerate([*asked, asked[-1]])
        ]
    return rows


def _threshold_curve(outcome: MarketOutcome) -> list[dict[str, Any]]:
    scenario = outcome.run.scenario
    costs = next(iter(scenario.operators.values())).costs
    dearest = float(outcome.state.paid_eur_kwh.mean(axis=0).max())
    demand = np.linspace(0.0, 0.995, 200)
    price = undercutting_threshold_eur_kwh(
        demand, costs.electricity_eur_kwh, scenario.rules.step_eur_kwh
    )
    shown = price <= dearest
    return [
        {"demand_share": _rounded(share, 4), "price_eur_kwh": _rounded(value, 4)}
        for share, value in zip(demand[shown], price[shown], strict=True)
    ]


def _course(outcome: MarketOutcome) -> list[dict[str, Any]]:
    grouped = course_table(outcome).groupby(["operator", "iteration"], sort=False)
    rows: list[dict[str, Any]] = []
    for figure in ("price_eur_kwh", "n_chargers", "profit_eur_day"):
        bands = grouped[figure].agg(["mean", "min", "max"]).reset_index()
        rows += [
            {
                "figure": figure,
                "operator": row["operator"],
                "iteration": row["iteration"],
                "mean": _rounded(row["mean"], 4),
                "low": _rounded(row["min"], 4),
                "high": _rounded(row["max"], 4),
            }
            for row in bands.to_dict("records")
        ]
    return rows


def _break_even_curve(outcome: MarketOutcome) -> list[dict[str, Any]]:
    costs = next(iter(outcome.run.scenario.operators.values())).costs
    use = np.concatenate([np.linspace(1.0, 0.1, 60), np.linspace(0.095, 0.01, 60)])
    price = costs.electricity_eur_kwh + costs.charger_eur_kw_day / (24.0 * use)
    return [
        {"price": _rounded(value, 4), "use": _rounded(share, 4)}
        for value, share in zip(price, use, strict=True)
        if value <= 1.0
    ]


def _break_even_marks(outcome: MarketOutcome) -> list[dict[str, Any]]:
    scenario, state = outcome.run.scenario, outcome.state
    costs = next(iter(scenario.operators.values())).costs
    prices = np.array(BREAK_EVEN_MARKS_EUR_KWH)
    shares = break_even_utilisation(prices, costs.electricity_eur_kwh, costs.charger_eur_kw_day)
    rows: list[dict[str, Any]] = [
        {
            "kind": "mark",
            "price": price,
            "use": _rounded(share, 4),
            **{
                f"label_{language.code}": (f"{language.price(price)}: {language.percent(share)}")
                for language in LANGUAGES
            },
        }
        for price, share in zip(prices.tolist(), shares.tolist(), strict=True)
        if math.isfinite(share) and share <= 1.0
    ]
    use = float(state.utilisation.mean()) * scenario.demand_variation_share
    rows.append(
        {
            "kind": "market",
            "price": _rounded(float(state.mean_price_eur_kwh.mean()), 4),
            "use": _rounded(use, 4),
            **{
                f"label_{language.code}": language.text(
                    "this market: {share}", share=language.percent(use)
                )
                for language in LANGUAGES
            },
        }
    )
    return rows


def _alternatives(outcome: MarketOutcome) -> list[dict[str, Any]]:
    return [
        {
            "group": other.group,
            "mean_price_eur_kwh": _rounded(other.mean_price_eur_kwh.mean, 4),
            "low": _rounded(other.mean_price_eur_kwh.low, 4),
            "high": _rounded(other.mean_price_eur_kwh.high, 4),
            "utilisation_raw": _rounded(other.utilisation_raw.mean, 4),
            MEAN_WAIT.name: _rounded(other.mean_wait_min.mean, 2),
            **{
                f"label_{language.code}": alternative_label(other.key, other.value, language)
                for language in LANGUAGES
            },
        }
        for other in outcome.alternatives
    ]


def _value_text(value: str, language: Language) -> str:
    if value in VALUES:
        return language.text(VALUES[value])
    try:
        number = float(value)
    except ValueError:
        return value
    decimals = len(value.partition(".")[2])
    return language.number(number, decimals)


def _rounded(value: float, decimals: int) -> float | None:
    return round(float(value), decimals) if math.isfinite(value) else None
