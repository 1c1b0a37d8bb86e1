"""Many runs as one: sweeps over a scenario's keys, on one machine or a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.sweeping.sweep import run_sweep

__all__ = [
    "run_sweep",
]

__getattr__ = door(
    __name__,
    {
        "run_sweep": "planner.sweeping.sweep",
    },
)
