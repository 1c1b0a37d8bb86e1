"""What grid operators have to be asked for: peaks of sites against connections requested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.grid.connection_rules import ConnectionRules, read_connection_rules
    from planner.grid.needs import GridNeeds, Level, grid_needs

__all__ = [
    "ConnectionRules",
    "GridNeeds",
    "Level",
    "grid_needs",
    "read_connection_rules",
]

__getattr__ = door(
    __name__,
    {
        "ConnectionRules": "planner.grid.connection_rules",
        "GridNeeds": "planner.grid.needs",
        "Level": "planner.grid.needs",
        "grid_needs": "planner.grid.needs",
        "read_connection_rules": "planner.grid.connection_rules",
    },
)
