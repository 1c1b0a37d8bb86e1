"""What plans cost, whom, and which plan costs all together least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.costs.layout_costs import LayoutCosts, Prices, load_of_layouts
    from planner.costs.pricing import PricedFront, price_front

__all__ = ["LayoutCosts", "PricedFront", "Prices", "load_of_layouts", "price_front"]

__getattr__ = door(
    __name__,
    {
        "LayoutCosts": "planner.costs.layout_costs",
        "PricedFront": "planner.costs.pricing",
        "Prices": "planner.costs.layout_costs",
        "load_of_layouts": "planner.costs.layout_costs",
        "price_front": "planner.costs.pricing",
    },
)
