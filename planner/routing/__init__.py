"""Distances and the stop planner: where each truck charges, breaks and rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.routing.drivers import drivers_of
    from planner.routing.stop_planner import plan_stops
    from planner.routing.stop_plans import StopPlans

__all__ = [
    "StopPlans",
    "drivers_of",
    "plan_stops",
]

__getattr__ = door(
    __name__,
    {
        "StopPlans": "planner.routing.stop_plans",
        "drivers_of": "planner.routing.drivers",
        "plan_stops": "planner.routing.stop_planner",
    },
)
