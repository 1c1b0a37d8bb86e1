"""Other layouts on the trucks of a finished run: the fewest points for a target, and one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.layouts.evaluation import evaluate_layout
    from planner.layouts.targets import plan_for_target

__all__ = [
    "evaluate_layout",
    "plan_for_target",
]

__getattr__ = door(
    __name__,
    {
        "evaluate_layout": "planner.layouts.evaluation",
        "plan_for_target": "planner.layouts.targets",
    },
)
