"""What plans cost, whom, and which plan costs all together least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.costs.cost_set import CostSet, read_cost_set
    from planner.costs.pricing import PricedFront, load_of_layouts, price_front

__all__ = [
    "CostSet",
    "PricedFront",
    "load_of_layouts",
    "price_front",
    "read_cost_set",
]

__getattr__ = door(
    __name__,
    {
        "CostSet": "planner.costs.cost_set",
        "PricedFront": "planner.costs.pricing",
        "load_of_layouts": "planner.costs.pricing",
        "price_front": "planner.costs.pricing",
        "read_cost_set": "planner.costs.cost_set",
    },
)
