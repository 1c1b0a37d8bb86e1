"""Traffic counting stations on the roads of a study, and what they say of its traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.counts.fit import CountFit, hold_against
    from planner.counts.stations import match_stations, read_stations

__all__ = ["CountFit", "hold_against", "match_stations", "read_stations"]

__getattr__ = door(
    __name__,
    {
        "CountFit": "planner.counts.fit",
        "hold_against": "planner.counts.fit",
        "match_stations": "planner.counts.stations",
        "read_stations": "planner.counts.stations",
    },
)
