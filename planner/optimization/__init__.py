"""Pareto sets of numbers of charging points: waiting time against utilisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.optimization.front import Front
    from planner.optimization.optimize import OptimizationResult
    from planner.optimization.optimize import optimize as search_front

__all__ = [
    "Front",
    "OptimizationResult",
    "search_front",
]

__getattr__ = door(
    __name__,
    {
        "Front": "planner.optimization.front",
        "OptimizationResult": "planner.optimization.optimize",
        "search_front": "planner.optimization.optimize:optimize",
    },
)
