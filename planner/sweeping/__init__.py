"""Many runs as one: sweeps over a scenario's keys, many depots; on one machine or a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.sweeping.depot_fleet import run_depot_studies
    from planner.sweeping.sweep import run_sweep

__all__ = [
    "run_depot_studies",
    "run_sweep",
]

__getattr__ = door(
    __name__,
    {
        "run_depot_studies": "planner.sweeping.depot_fleet",
        "run_sweep": "planner.sweeping.sweep",
    },
)
