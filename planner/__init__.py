"""Plan where a country's truck chargers go, and how many."""

from planner.scenario.load import load_scenario

__all__ = ["__version__", "load_scenario"]

__version__ = "0.1.0"
