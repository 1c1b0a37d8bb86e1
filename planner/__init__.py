"""Plan where a country's truck charging points go, and how many.

``planner.load`` reads a study of any kind, ``planner.check`` looks at all that it names,
``planner.run`` runs it, ``planner.read`` reads a finished folder, and ``planner.compare`` lays runs
side by side. The classes are what passes between the rooms, frozen, over arrays with units. The
stages can be called one by one from the doors of the rooms: ``planner.network``,
``planner.demand``, ``planner.routing``, ``planner.simulation``, ``planner.optimization``,
``planner.market``, ``planner.depot``, ``planner.plan``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door
from planner.runs.kernel_cache import find_kernels_by_content

if TYPE_CHECKING:
    from planner.demand.trips import Trips
    from planner.depot.depot_outcome import DepotOutcome
    from planner.errors import PlannerError
    from planner.market.outcome import MarketOutcome
    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites
    from planner.optimization.front import Front
    from planner.plan.finished_run import FinishedRun
    from planner.plan.finished_run import read_finished_run as read
    from planner.reporting.run_comparison import compare_folders as compare
    from planner.routing.stop_plans import StopPlans
    from planner.scenario.any_study import load_study as load
    from planner.scenario.depot_model import DepotScenario
    from planner.scenario.load import load_scenario
    from planner.scenario.market_scenario import MarketScenario
    from planner.scenario.model import Scenario
    from planner.scenario.sweep import Sweep
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.queues import ChargerLayout, QueueResult
    from planner.studies.registry import check, run

__all__ = [
    "ChargerLayout",
    "ChargingDemand",
    "DepotOutcome",
    "DepotScenario",
    "FinishedRun",
    "Front",
    "MarketOutcome",
    "MarketScenario",
    "PlannerError",
    "QueueResult",
    "RoadGraph",
    "Scenario",
    "Sites",
    "StopPlans",
    "Sweep",
    "Trips",
    "__version__",
    "check",
    "compare",
    "load",
    "load_scenario",
    "read",
    "run",
]

__version__ = "0.1.0"

find_kernels_by_content()

__getattr__ = door(
    __name__,
    {
        "ChargerLayout": "planner.simulation.queues",
        "ChargingDemand": "planner.simulation.charging_demand",
        "DepotOutcome": "planner.depot.depot_outcome",
        "DepotScenario": "planner.scenario.depot_model",
        "FinishedRun": "planner.plan.finished_run",
        "Front": "planner.optimization.front",
        "MarketOutcome": "planner.market.outcome",
        "MarketScenario": "planner.scenario.market_scenario",
        "PlannerError": "planner.errors",
        "QueueResult": "planner.simulation.queues",
        "RoadGraph": "planner.network.graph",
        "Scenario": "planner.scenario.model",
        "Sites": "planner.network.sites",
        "StopPlans": "planner.routing.stop_plans",
        "Sweep": "planner.scenario.sweep",
        "Trips": "planner.demand.trips",
        "check": "planner.studies.registry",
        "compare": "planner.reporting.run_comparison:compare_folders",
        "load": "planner.scenario.any_study:load_study",
        "load_scenario": "planner.scenario.load",
        "read": "planner.plan.finished_run:read_finished_run",
        "run": "planner.studies.registry",
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)
