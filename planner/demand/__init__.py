"""Freight demand: from flows between regions to single trips with a departure and a battery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.demand.load import load_trips
    from planner.demand.scenario_sites import load_scenario_sites
    from planner.demand.trips import Trips

__all__ = [
    "Trips",
    "load_scenario_sites",
    "load_trips",
]

__getattr__ = door(
    __name__,
    {
        "Trips": "planner.demand.trips",
        "load_scenario_sites": "planner.demand.scenario_sites",
        "load_trips": "planner.demand.load",
    },
)
