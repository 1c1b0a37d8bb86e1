"""What the law asks along the TEN-T roads, and what a plan fulfils of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.afir.check import AfirCheck, check_plan
    from planner.afir.law import Law, read_law

__all__ = [
    "AfirCheck",
    "Law",
    "check_plan",
    "read_law",
]

__getattr__ = door(
    __name__,
    {
        "AfirCheck": "planner.afir.check",
        "Law": "planner.afir.law",
        "check_plan": "planner.afir.check",
        "read_law": "planner.afir.law",
    },
)
