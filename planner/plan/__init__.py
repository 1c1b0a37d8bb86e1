"""A country's plan: stages, measured solutions, their tables, and a plan read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.plan.finished_run import FinishedRun, read_finished_run
    from planner.plan.stages import charging_demand, replan_trips
    from planner.plan.stops import plan_trips
    from planner.plan.study_inputs import StudyInputs, read_inputs

__all__ = [
    "FinishedRun",
    "StudyInputs",
    "charging_demand",
    "plan_trips",
    "read_finished_run",
    "read_inputs",
    "replan_trips",
]

__getattr__ = door(
    __name__,
    {
        "FinishedRun": "planner.plan.finished_run",
        "StudyInputs": "planner.plan.study_inputs",
        "charging_demand": "planner.plan.stages",
        "plan_trips": "planner.plan.stops",
        "read_finished_run": "planner.plan.finished_run",
        "read_inputs": "planner.plan.study_inputs",
        "replan_trips": "planner.plan.stages",
    },
)
