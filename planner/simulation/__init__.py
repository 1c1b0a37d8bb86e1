"""What a charging point layout does to the trucks: queues, metrics and invariants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.metrics import layout_figures
    from planner.simulation.queues import (
        ChargerLayout,
        QueueResult,
        points_occupied,
        simulate,
    )

__all__ = [
    "ChargerLayout",
    "ChargingDemand",
    "QueueResult",
    "layout_figures",
    "points_occupied",
    "simulate",
]

__getattr__ = door(
    __name__,
    {
        "ChargerLayout": "planner.simulation.queues",
        "ChargingDemand": "planner.simulation.charging_demand",
        "QueueResult": "planner.simulation.queues",
        "layout_figures": "planner.simulation.metrics",
        "points_occupied": "planner.simulation.queues",
        "simulate": "planner.simulation.queues",
    },
)
