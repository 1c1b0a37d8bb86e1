"""Roads and sites: reading, generating and snapping them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.network.graph import RoadGraph
    from planner.network.load import load_network
    from planner.network.sites import Sites

__all__ = [
    "RoadGraph",
    "Sites",
    "load_network",
]

__getattr__ = door(
    __name__,
    {
        "RoadGraph": "planner.network.graph",
        "Sites": "planner.network.sites",
        "load_network": "planner.network.load",
    },
)
