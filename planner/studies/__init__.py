"""The kinds of studies, and the doors that take any of them: run, check, show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.studies.registry import check, run, show

__all__ = [
    "check",
    "run",
    "show",
]

__getattr__ = door(
    __name__,
    {
        "check": "planner.studies.registry",
        "run": "planner.studies.registry",
        "show": "planner.studies.registry",
    },
)
