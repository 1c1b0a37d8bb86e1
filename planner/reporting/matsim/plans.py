"""MATSim's population: a person per truck, driving its planned legs between its planned stops."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from planner.reporting.matsim.elements import add_attribute, clock, document, opened, rendered
from planner.reporting.matsim.network import CRS_ATTRIBUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.reporting.matsim.network import MatsimNetwork

CHARGING = "car charging interaction"
"""Type of charging activities: MATSim plugs a vehicle in at types that end this way."""
RESTING = "resting interaction"
"""Type of unplugged breaks and rests, as in the German motorway study's MATSim scenario."""
_MODE = "car"
_COORDINATE_DIGITS = 3
_RENDERED_LEGS = 1 << 16
"""Legs kept as text, about 1 kB each."""


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """Standing at the end of a link.

    Parameters
    ----------
    kind : str
        Type of the activity.
    hold_h : float
        Time it takes, hours.
    """

    kind: str
    link: int
    hold_h: float


@dataclass(frozen=True, slots=True)
class PlannedLeg:
    """Driving from the end of one link to the end of another.

    Parameters
    ----------
    links : (n,) int64
        Links driven in order; the last is the one of the next stop, the link of departure is not
        among them. None where the truck stays on that link.
    drive_h : float
        Driving time, hours.
    """

    links: NDArray[np.int64]
    drive_h: float

    @classmethod
    def staying(cls) -> PlannedLeg:
        """Make a leg to the link that the truck is on."""
        return cls(np.empty(0, dtype=np.int64), 0.0)

    def to(self, links: Sequence[int]) -> PlannedLeg:
        """Make a leg that goes on over more links in the same driving time."""
        return PlannedLeg(np.append(self.links, np.array(links, dtype=np.int64)), self.drive_h)


@dataclass(frozen=True, slots=True)
class PlannedTruck:
    """Plan of one truck.

    Parameters
    ----------
    person_id : str
        Unique name, of the truck as well.
    is_loaded : bool
        Whether it carries freight.
    origin_link : int
        Link at whose end it starts.
    departure_h : float
        Start, hours since Monday 00:00.
    legs : list of PlannedLeg
        In the order of driving.
    stops : list of PlannedStop
        Between the legs, one less than these.
    """

    person_id: str
    is_loaded: bool
    origin_link: int
    departure_h: float
    legs: list[PlannedLeg]
    stops: list[PlannedStop]


def write_plans(
    trucks: Iterable[PlannedTruck], network: MatsimNetwork, description: str, path: Path
) -> None:
    """Write ``population_v6``, one person after the other.

    Parameters
    ----------
    network : MatsimNetwork
        What the links are numbers of.
    path : pathlib.Path
        The file, ``.xml`` or ``.xml.gz``.

    Notes
    -----
    Legs carry their routes: MATSim keeps a trip with routes as it is, and would replace the
    stops of one without.
    """
    persons = _Persons(network)
    with document(path, "population", {"desc": description}, "population_v6.dtd") as xml:
        attributes = Element("attributes")
        add_attribute(attributes, CRS_ATTRIBUTE, "java.lang.String", network.crs)
        xml.write(attributes)
        for truck in trucks:
            xml.write(persons.render(truck))


class _Persons:
    """Persons as text; legs and stops, which many trucks share, are rendered once."""

    def __init__(self, network: MatsimNetwork) -> None:
        self._link_id = network.link_id
        self._length_m = network.length_m
        end = network.to_idx
        x, y = network.x[end].round(_COORDINATE_DIGITS), network.y[end].round(_COORDINATE_DIGITS)
        self._place = [
            {"link": link_id, "x": repr(x), "y": repr(y)}
            for link_id, x, y in zip(network.link_id, x.tolist(), y.tolist(), strict=True)
        ]
        self._leg = lru_cache(_RENDERED_LEGS)(self._render_leg)
        self._activity = lru_cache(_RENDERED_LEGS)(self._render_activity)

    def render(self, truck: PlannedTruck) -> bytes:
        """Render a person with its plan."""
        freight = "loaded" if truck.is_loaded else "unloaded"
        here = truck.origin_link
        opening, closing = opened(self._start(truck, freight), n_tags=2)
        parts = [opening]
        for leg, stop in zip_longest(truck.legs, truck.stops):
            parts.append(self._leg(here, leg.links.tobytes(), clock(leg.drive_h)))
            if len(leg.links):
                here = int(leg.links[-1])
            if stop is None:
                parts.append(self._activity(freight, here, ""))
            else:
                parts.append(self._activity(stop.kind, here, clock(stop.hold_h)))
        parts.append(closing)
        return b"".join(parts)

    def _start(self, truck: PlannedTruck, freight: str) -> Element:
        """Person with the activity that its plan begins with."""
        person = Element("person", {"id": truck.person_id})
        attributes = SubElement(person, "attributes")
        vehicles = json.dumps({_MODE: truck.person_id})
        add_attribute(attributes, "vehicles", "org.matsim.vehicles.PersonVehicles", vehicles)
        plan = SubElement(person, "plan", {"selected": "yes"})
        start = {"type": freight, **self._place[truck.origin_link]}
        SubElement(plan, "activity", start, end_time=clock(truck.departure_h))
        return person

    def _render_leg(self, start: int, link_bytes: bytes, drive_time: str) -> bytes:
        """Render a leg; the link it starts on is the first of its route, as MATSim wants it."""
        links = np.frombuffer(link_bytes, dtype=np.int64)
        names = [self._link_id[start], *self._link_id[links]]
        element = Element("leg", {"mode": _MODE})
        attributes = SubElement(element, "attributes")
        add_attribute(attributes, "routingMode", "java.lang.String", _MODE)
        route = SubElement(
            element,
            "route",
            {
                "type": "links",
                "start_link": names[0],
                "end_link": names[-1],
                "trav_time": drive_time,
                "distance": repr(round(float(self._length_m[links].sum()), 1)),
            },
        )
        route.text = " ".join(names)
        return rendered(element)

    def _render_activity(self, kind: str, link: int, max_dur: str) -> bytes:
        """Render an activity, the last one of a plan where it has no duration."""
        activity = Element("activity", {"type": kind, **self._place[link]})
        if max_dur:
            activity.set("max_dur", max_dur)
        return rendered(activity)
