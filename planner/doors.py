"""Doors of rooms: names that are imported from where they are defined when first asked for.

Inside the package modules import each other, never a door: what computes a result is found by such
imports (:mod:`planner.runs.sources`).
"""

from __future__ import annotations

import sys
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def door(room: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """What a room gives as its ``__getattr__``.

    Parameters
    ----------
    room : str
        Name of the package.
    places : mapping of str to str
        Modules by the names that they define, ``module:name`` where the name is another one there.
    """

    def found(name: str) -> Any:
        if name not in places:
            msg = f"module {room!r} has no attribute {name!r}"
            raise AttributeError(msg)
        place = places[name]
        value = resolve_name(place if ":" in place else f"{place}:{name}")
        setattr(sys.modules[room], name, value)
        return value

    return found
