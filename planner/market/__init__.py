"""Competing operators at a site: what a kWh costs, and who builds charging points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.market.checks import check_market
    from planner.market.market_run import MarketRun, simulate_market
    from planner.market.market_tables import market_tables
    from planner.market.outcome import MarketOutcome
    from planner.scenario.market_scenario import MarketScenario, load_market

__all__ = [
    "MarketOutcome",
    "MarketRun",
    "MarketScenario",
    "check_market",
    "load_market",
    "market_tables",
    "simulate_market",
]

__getattr__ = door(
    __name__,
    {
        "MarketOutcome": "planner.market.outcome",
        "MarketRun": "planner.market.market_run",
        "MarketScenario": "planner.scenario.market_scenario",
        "check_market": "planner.market.checks",
        "load_market": "planner.scenario.market_scenario",
        "market_tables": "planner.market.market_tables",
        "simulate_market": "planner.market.market_run",
    },
)
