"""What the tags of an OpenStreetMap way say to a truck."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from planner.files.ranges import FREE_SPEED_KMH
from planner.network.snapping import ACCESS_ROAD

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASS_SPEED_KMH = {"motorway": 130.0, "motorway_link": 60.0, "trunk": 100.0, "trunk_link": 50.0}
"""Free speed of each class of road where no tag states one, km/h; trucks keep their own limit."""
UNLIMITED_KMH = 130.0
"""Free speed for ``maxspeed=none``, km/h."""
RAMP = f"{ACCESS_ROAD} ramp"
"""Road of ramps: as access arcs they carry no sites and belong to no course of a road."""
WAY_TAGS = (
    "highway",
    "ref",
    "oneway",
    "junction",
    "lanes",
    "maxspeed",
    "maxspeed:hgv",
    "hgv",
    "motor_vehicle",
    "vehicle",
    "access",
)
"""Tags of a way that are looked at."""
BACKWARD = frozenset({"-1", "reverse"})
"""Values of ``oneway`` on ways that are driven against the order of their nodes."""

_ACCESS_KEYS = ("hgv", "motor_vehicle", "vehicle", "access")
_CLOSED = {"no", "private", "agricultural", "forestry", "delivery", "destination", "customers"}
_FORWARD = {"yes", "true", "1"}
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_KMH_PER_MPH = 1.609344


def road_classes(*, include_trunk: bool) -> tuple[str, ...]:
    """Values of ``highway`` that make the network."""
    return tuple(name for name in CLASS_SPEED_KMH if include_trunk or name.startswith("motorway"))


def is_ramp(tags: Mapping[str, str]) -> bool:
    """Whether a way links roads: ramps of interchanges, exits and rest areas."""
    return tags["highway"].endswith("_link")


def closed_to_trucks(tags: Mapping[str, str]) -> str | None:
    """Find the tag that keeps long-haul trucks off a way.

    Returns
    -------
    str or None
        For example ``"hgv=no"``; None where trucks may drive through. The most specific of hgv,
        motor_vehicle, vehicle and access decides; ways for destinations and deliveries only are
        closed, as the trips of a study drive through. Conditional tags are not looked at.
    """
    for key in _ACCESS_KEYS:
        if key in tags:
            return f"{key}={tags[key]}" if tags[key] in _CLOSED else None
    return None


def driving_directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether a way is driven along and against the order of its nodes.

    Motorways and their ramps are one-way where no tag speaks, as are roundabouts; lanes whose
    direction changes by the hour (``reversible``, ``alternating``) are not driven at all.
    """
    oneway = tags.get("oneway")
    if oneway is None:
        by_default = tags["highway"].startswith("motorway") or tags.get("junction") == "roundabout"
        return True, not by_default
    if oneway in _FORWARD:
        return True, False
    if oneway in BACKWARD:
        return False, True
    return (True, True) if oneway in {"no", "false", "0"} else (False, False)


def lanes_per_direction(tags: Mapping[str, str]) -> int:
    """Lanes of a way in each direction, half of them where it is driven both ways; 0 if untold."""
    text = tags.get("lanes", "")
    lanes = int(text) if text.isascii() and text.isdigit() else 0
    return -(-lanes // sum(driving_directions(tags)))


def truck_free_speed_kmh(tags: Mapping[str, str]) -> float:
    """Free speed of a way for trucks, km/h, > 0.

    The lower of ``maxspeed`` and ``maxspeed:hgv``; the class of the road decides where
    ``maxspeed`` is missing, no number (``DE:motorway``, ``signals``) or impossible. Of several
    numbers (``"100;80"``) the lowest counts.
    """
    general = _speed_kmh(tags.get("maxspeed", ""))
    if general is None:
        general = CLASS_SPEED_KMH[tags["highway"]]
    for_trucks = _speed_kmh(tags.get("maxspeed:hgv", ""))
    return general if for_trucks is None else min(general, for_trucks)


def road_reference(tags: Mapping[str, str]) -> str:
    """Reference of a road as the planner writes it: ``"A 7;E 45"`` is ``A7``, a ramp is a ramp."""
    if is_ramp(tags):
        return RAMP
    return tags.get("ref", "").split(";")[0].replace(" ", "")


def _speed_kmh(text: str) -> float | None:
    if text.strip() == "none":
        return UNLIMITED_KMH
    found = [match for part in re.split("[;|,]", text) if (match := _SPEED.fullmatch(part.strip()))]
    speeds = [float(match[1]) * (_KMH_PER_MPH if match[2] == "mph" else 1.0) for match in found]
    return min((speed for speed in speeds if FREE_SPEED_KMH.holds(speed)), default=None)
