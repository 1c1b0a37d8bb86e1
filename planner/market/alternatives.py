"""The same market otherwise: other starts, rules, assumptions, tariffs and operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.scenario.market_scenario import MarketScenario

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SEEDS = 4
"""Seeds of an alternative: enough for a band, and there are many alternatives."""
CAP_MARGIN_EUR_KWH = 0.52
"""Price cap, above the cost of electricity, of alternatives in which an operator can be alone."""
TIGHT_MARGINS_EUR_KWH = (0.07, 0.17)
"""Price caps and prices of the next site, above the cost of electricity, that are tried."""
WEEK = {"mon": 0.85, "tue": 1.0, "wed": 0.96, "thu": 0.90, "fri": 0.79, "sat": 0.28, "sun": 0.15}
"""Trucks by weekday in parts of the busiest day's: departures of the built-in German demand."""
_DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Alternative:
    """A market that differs from the study's in one respect.

    Parameters
    ----------
    group : {"start", "rules", "assumptions", "organisation"}
        What it is about.
    key : str
        What differs, as a key of the scenario, or a name.
    """

    group: str
    key: str
    value: str
    scenario: MarketScenario


def alternatives(scenario: MarketScenario) -> list[Alternative]:
    """Alternatives to a scenario, those that are the scenario itself left out.

    Returns
    -------
    list of Alternative
        Starts first, then rules, assumptions and the organisation of the market.
    """
    few_seeds = _changed(scenario, n_seeds=min(scenario.n_seeds, MAX_SEEDS), alternatives=False)
    found = [
        *_starts(few_seeds),
        *_rules(few_seeds),
        *_assumptions(few_seeds),
        *_organisations(few_seeds),
    ]
    return [one for one in found if one.scenario != few_seeds]


def _changed(scenario: MarketScenario, **changes: Any) -> MarketScenario:
    """Scenario with some keys set anew, validated."""
    return MarketScenario.model_validate(_plain(scenario) | changes)


def _plain(scenario: MarketScenario) -> dict[str, Any]:
    return scenario.model_dump()


def _starts(scenario: MarketScenario) -> Iterator[Alternative]:
    starts = {
        "3 chargers each, 0.10 EUR/kWh": ((3, 0.10),),
        "15 chargers each, 0.45 EUR/kWh": ((15, 0.45),),
        "2 and 20 chargers, 0.30 EUR/kWh": ((2, 0.30), (20, 0.30)),
        "10 chargers each, 0.10 and 0.45 EUR/kWh": ((10, 0.10), (10, 0.45)),
    }
    for label, values in starts.items():
        operators = {
            name: operator
            | {
                "n_chargers": min(
                    max(values[number % len(values)][0], operator["min_chargers"]),
                    operator["max_chargers"],
                ),
                "price_eur_kwh": values[number % len(values)][1],
            }
            for number, (name, operator) in enumerate(_plain(scenario)["operators"].items())
        }
        yield Alternative("start", "start", label, _changed(scenario, operators=operators))


def _rules(scenario: MarketScenario) -> Iterator[Alternative]:
    rules = _plain(scenario)["rules"]
    values: dict[str, tuple[float | bool, ...]] = {
        "remove_charger": (0.1, 1.0),
        "add_charger": (0.1, 1.0),
        "undercut_busier": (0.1, 1.0),
        "raise_queued": (0.1, 1.0),
        "raise_any": (0.1, 1.0),
        "lower_dearer": (0.1, 1.0),
        "match_share": (0.0, 1.0),
        "step_eur_kwh": (0.0025, 0.01),
        "one_at_a_time": (not scenario.rules.one_at_a_time,),
    }
    for key, others in values.items():
        for value in others:
            changed = _changed(scenario, rules=rules | {key: value})
            yield Alternative("rules", f"rules.{key}", _text(value), changed)


def _assumptions(scenario: MarketScenario) -> Iterator[Alternative]:
    trucks = _plain(scenario)["trucks"]
    for key, factors in (
        ("energy_kwh", (2 / 3, 1.5)),
        ("charging_kw", (2 / 3, 1.5)),
        ("truck_eur_min", (0.5, 2.0)),
    ):
        for factor in factors:
            value = round(trucks[key] * factor, 6)
            changed = _changed(scenario, trucks=trucks | {key: value})
            yield Alternative("assumptions", f"trucks.{key}", _text(value), changed)
    yield Alternative("assumptions", "carry_over_h", "0", _changed(scenario, carry_over_h=0.0))
    if scenario.week is None:
        for share in (0.31, 0.7, 1.0):
            changed = _changed(scenario, demand_variation_share=share)
            yield Alternative("assumptions", "demand_variation_share", _text(share), changed)


def _organisations(scenario: MarketScenario) -> Iterator[Alternative]:
    plain = _plain(scenario)
    trucks, operators = plain["trucks"], plain["operators"]
    first = next(iter(operators.values()))
    electricity_eur_kwh = max(one["costs"]["electricity_eur_kwh"] for one in operators.values())
    cap = scenario.price_cap_eur_kwh or electricity_eur_kwh + CAP_MARGIN_EUR_KWH
    tight = [round(electricity_eur_kwh + margin, 4) for margin in TIGHT_MARGINS_EUR_KWH]
    n_all = sum(operator["n_chargers"] for operator in operators.values())

    def offer(**changes: Any) -> dict[str, Any]:
        return dict(first | changes)

    waits = "queue" if scenario.trucks.waits == "booking" else "booking"
    yield Alternative(
        "organisation", "trucks.waits", waits, _changed(scenario, trucks=trucks | {"waits": waits})
    )
    for n_operators in (1, 2, 3, 4):
        bounds = first["min_chargers"], first["max_chargers"]
        start = min(max(round(n_all / n_operators), bounds[0], 1), bounds[1])
        names = [*operators, "third", "fourth"] if len(operators) == 2 else "abcd"
        changes: dict[str, Any] = {
            "operators": {name: offer(n_chargers=start) for name in names[:n_operators]}
        }
        if n_operators == 1:
            changes["price_cap_eur_kwh"] = cap
        yield Alternative(
            "organisation", "operators", str(n_operators), _changed(scenario, **changes)
        )
    both_fixed = {name: one | {"tariff": "fixed"} for name, one in operators.items()}
    yield Alternative("organisation", "tariff", "fixed", _changed(scenario, operators=both_fixed))
    rivals = {"hourly": offer(tariff="hourly"), "fixed": offer(tariff="fixed")}
    yield Alternative(
        "organisation", "tariff", "hourly against fixed", _changed(scenario, operators=rivals)
    )
    leaving = {name: one | {"min_chargers": 0} for name, one in rivals.items()}
    yield Alternative(
        "organisation",
        "tariff",
        "hourly against fixed, free to leave",
        _changed(scenario, operators=leaving, price_cap_eur_kwh=cap),
    )
    for price in tight:
        changed = _changed(scenario, trucks=trucks | {"outside_price_eur_kwh": price})
        yield Alternative("organisation", "trucks.outside_price_eur_kwh", _text(price), changed)
    for price in tight:
        yield Alternative(
            "organisation",
            "price_cap_eur_kwh",
            _text(price),
            _changed(scenario, price_cap_eur_kwh=price),
        )
    obliged = {
        name: one | {"min_chargers": 12, "n_chargers": max(12, one["n_chargers"])}
        for name, one in operators.items()
        if one["max_chargers"] >= 12
    }
    if len(obliged) == len(operators):
        yield Alternative(
            "organisation", "min_chargers", "12", _changed(scenario, operators=obliged)
        )
    if scenario.week is None:
        yield Alternative(
            "organisation",
            "week",
            "Monday to Sunday",
            _changed(
                scenario,
                week=WEEK,
                demand_variation_share=1.0,
                n_iterations=scenario.n_iterations * _DAYS_OF_WEEK,
                n_seeds=min(scenario.n_seeds, 2),
            ),
        )


def _text(value: float | bool) -> str:  # noqa: FBT001  # a value of a rule
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"
