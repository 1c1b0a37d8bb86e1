"""Parking spaces for trucks: what charging points take, who finds none, what to build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.doors import door

if TYPE_CHECKING:
    from planner.parking.needs import ParkingNeeds, parking_needs
    from planner.parking.rules import ParkingRules, read_parking_rules

__all__ = [
    "ParkingNeeds",
    "ParkingRules",
    "parking_needs",
    "read_parking_rules",
]

__getattr__ = door(
    __name__,
    {
        "ParkingNeeds": "planner.parking.needs",
        "ParkingRules": "planner.parking.rules",
        "parking_needs": "planner.parking.needs",
        "read_parking_rules": "planner.parking.rules",
    },
)
