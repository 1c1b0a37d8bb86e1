"""The study as a validated object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.scenario.any_study import kind_of_study, load_study
    from planner.scenario.depot_model import DepotScenario
    from planner.scenario.load import load_scenario
    from planner.scenario.market_scenario import MarketScenario
    from planner.scenario.model import Scenario
    from planner.scenario.sweep import Sweep, load_sweep

__all__ = [
    "DepotScenario",
    "MarketScenario",
    "Scenario",
    "Sweep",
    "kind_of_study",
    "load_scenario",
    "load_study",
    "load_sweep",
]

__getattr__ = door(
    __name__,
    {
        "DepotScenario": "planner.scenario.depot_model",
        "MarketScenario": "planner.scenario.market_scenario",
        "Scenario": "planner.scenario.model",
        "Sweep": "planner.scenario.sweep",
        "kind_of_study": "planner.scenario.any_study",
        "load_scenario": "planner.scenario.load",
        "load_study": "planner.scenario.any_study",
        "load_sweep": "planner.scenario.sweep",
    },
)
