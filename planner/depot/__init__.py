"""A depot: trucks dispatched and charged together with its load, PV, battery storage and tariff.

Knows nothing of the national plan and is usable alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.depot.checks import check_depot
    from planner.depot.compute import run_depot
    from planner.depot.cooptimizer import DepotComparison, DepotDay
    from planner.depot.depot_inputs import DepotInputs
    from planner.depot.depot_outcome import DepotOutcome, depot_summary
    from planner.depot.depot_tables import depot_tables
    from planner.depot.vrpb import solve_vrpb
    from planner.scenario.depot_model import DepotScenario, load_depot

__all__ = [
    "DepotComparison",
    "DepotDay",
    "DepotInputs",
    "DepotOutcome",
    "DepotScenario",
    "check_depot",
    "depot_summary",
    "depot_tables",
    "load_depot",
    "run_depot",
    "solve_vrpb",
]

__getattr__ = door(
    __name__,
    {
        "DepotComparison": "planner.depot.cooptimizer",
        "DepotDay": "planner.depot.cooptimizer",
        "DepotInputs": "planner.depot.depot_inputs",
        "DepotOutcome": "planner.depot.depot_outcome",
        "DepotScenario": "planner.scenario.depot_model",
        "check_depot": "planner.depot.checks",
        "depot_summary": "planner.depot.depot_outcome",
        "depot_tables": "planner.depot.depot_tables",
        "load_depot": "planner.scenario.depot_model",
        "run_depot": "planner.depot.compute",
        "solve_vrpb": "planner.depot.vrpb",
    },
)
