"""MATSim populations: streamed person by person into a few numbers per trip."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.demand.map_coordinates import degrees
from planner.demand.matsim_links import LinkPlaces
from planner.demand.matsim_trips import trips_of_plan
from planner.demand.matsim_vehicles import InitialCharges
from planner.demand.trip_records import N_EXAMPLES, TripRecords, left_out
from planner.errors import InputDataError
from planner.files.coordinates import reference_system
from planner.files.safe_xml import iterate_children
from planner.network.od_trucks import TRUCK_SPEED_KMH
from planner.said import joined, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyproj import CRS

    from planner.demand.matsim_trips import PlanTrip

LOADED = {"loaded": 1, "laden": 1, "unloaded": 0, "empty": 0}
"""Types of activities that say whether the truck carries freight."""
N_NUMBERS = 6
_SHOWN_NAMES = 12
NO_PLAN = "persons without a selected plan"
NO_COORDINATES = "trips with an end without x and y (plans with links or facilities alone)"
_HOW_TO_PLACE = (
    "Name the MATSim network of the plans as demand.network: an end lies in the middle of its link."
)
_NO_SUCH_LINKS = (
    "demand.network has no such links, or the ends name none; give the network of the same run."
)
NO_DEPARTURE = "trips without a departure time"
BROKEN = "trips with an end or a time that is not a number"
NO_PLACE = "trips with an end that its coordinates cannot place on the globe"


@dataclass(slots=True)
class _Columns:
    """Trips read so far: a few numbers each, so that a million persons fit into memory.

    ``numbers`` holds x and y of both ends, the departure in seconds and the state of charge of one
    trip after the other.
    """

    numbers: array[float] = field(default_factory=lambda: array("d"))
    is_loaded: array[int] = field(default_factory=lambda: array("b"))


@dataclass(slots=True)
class _LeftOut:
    """What was left out, counted by reason, with the first few persons."""

    counts: Counter[str] = field(default_factory=Counter)
    persons: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, person: str) -> None:
        self.counts[reason] += 1
        named = self.persons.setdefault(reason, [])
        if len(named) < N_EXAMPLES and person not in named:
            named.append(person)

    def sentences(self, where: str, remedies: Mapping[str, str]) -> list[str]:
        return [
            joined(
                (left_out(where, count, reason, self.persons[reason]), remedies.get(reason, "")), ""
            )
            for reason, count in self.counts.items()
        ]


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which trips of a population count.

    Parameters
    ----------
    modes : sequence of str
        Modes of a leg that make a trip count; all where empty.
    subpopulations : sequence of str
        Subpopulations of persons that count; all where empty.
    """

    modes: Sequence[str] = ()
    subpopulations: Sequence[str] = ()


def read_matsim_plans(
    path: Path,
    crs: str | None,
    chosen: PlanFilter,
    initial_soc: Mapping[str, float] | None = None,
    network: Path | None = None,
) -> tuple[TripRecords, tuple[str, ...]]:
    """Read the trips of a MATSim population.

    A trip leads from one activity of the selected plan to the next; stages (activities whose type
    ends in ``interaction``) belong to the trip. When it departs,
    :func:`~planner.demand.matsim_trips.trips_of_plan` tells.

    Parameters
    ----------
    path : pathlib.Path
        Population of version 5 or 6, plain, gzip or zip.
    crs : str or None
        Coordinate system; None takes the one that the file states.
    initial_soc : mapping of str to float, optional
        State of charge at departure by vehicle id, share of the battery.
    network : pathlib.Path, optional
        MATSim network of the plans, for activities that name a link alone: they lie in its middle.

    Returns
    -------
    records : TripRecords
        Trips in the order of the file, ends in degrees.
    notices : tuple of str
        What was left out and why, with numbers and the first few persons.

    Raises
    ------
    InputDataError
        If the file is broken or no population, its coordinate system is not known, no trip is
        left, or no vehicle with a state of charge belongs to one.
    """
    where = path.name
    links = LinkPlaces(network)
    reading = _Reading(path, chosen, InitialCharges(path, initial_soc or {}), links, crs)
    stated_crs: str | None = None
    for number, person in enumerate(iterate_children(path, "person", root="population")):
        if number == 0:
            attributes = person.getparent().find("attributes")
            stated_crs = _attribute(attributes, "coordinateReferenceSystem")
            reading.crs = crs or stated_crs
        reading.read(person)
    columns = reading.columns
    notices = reading.notices()
    if not columns.numbers:
        told = joined(notices, " ") or "It holds no leg between two activities."
        msg = said(
            "{path}: expected trips between activities, found none to use. {told}",
            path=str(path),
            told=told,
        )
        raise InputDataError(msg)
    reading.charges.refuse_none_found()
    system = _system(path, crs, stated_crs or links.crs)
    records = _records(path, columns, system)
    placed = ~(np.isnan(records.origin_lon) | np.isnan(records.destination_lon))
    if not placed.all():
        lost = np.flatnonzero(~placed)
        notices.append(left_out(where, len(lost), NO_PLACE, (idx + 1 for idx in lost[:N_EXAMPLES])))
    if not placed.any():
        msg = said(
            "{path}: no end can be placed on the globe by {crs}; check demand.crs",
            path=str(path),
            crs=system.to_string(),
        )
        raise InputDataError(msg)
    return records.select(placed), tuple(notices)


def _system(path: Path, given: str | None, stated: str | None) -> CRS:
    name = given or stated
    if name is None:
        msg = said(
            "{path}: the file does not say its coordinate system; set demand.crs, for example to "
            "EPSG:25832",
            path=str(path),
        )
        raise InputDataError(msg)
    return reference_system(name, "demand.crs" if given else str(path))


def _records(path: Path, columns: _Columns, system: CRS) -> TripRecords:
    numbers = np.frombuffer(columns.numbers, dtype=np.float64).reshape(-1, N_NUMBERS)
    origin_lon, origin_lat = degrees(numbers[:, 0], numbers[:, 1], system, str(path))
    destination_lon, destination_lat = degrees(numbers[:, 2], numbers[:, 3], system, str(path))
    n_records = len(numbers)
    nowhere = np.full(n_records, -1, dtype=np.int32)
    return TripRecords(
        record_idx=np.arange(n_records, dtype=np.int64),
        origin_lon=origin_lon,
        origin_lat=origin_lat,
        destination_lon=destination_lon,
        destination_lat=destination_lat,
        origin_node_idx=nowhere,
        destination_node_idx=nowhere,
        departure_h=numbers[:, 4] / 3600.0,
        is_loaded=np.frombuffer(columns.is_loaded, dtype=np.int8),
        initial_soc_share=numbers[:, 5].copy(),
        vehicle_class_idx=np.full(n_records, -1, dtype=np.int16),
    )


def _attribute(attributes: Any, name: str) -> str | None:
    """Value of a named attribute below an ``attributes`` element."""
    for attribute in attributes if attributes is not None else ():
        if attribute.get("name") == name and attribute.text:
            return str(attribute.text).strip()
    return None


@cache
def _in_degrees(name: str | None) -> bool:
    """Whether a system counts in degrees; one that is not known is told of later."""
    try:
        return name is not None and reference_system(name, "").is_geographic
    except InputDataError:
        return False


@dataclass(slots=True)
class _Reading:
    """A population that is read person by person."""

    path: Path
    chosen: PlanFilter
    charges: InitialCharges
    links: LinkPlaces
    crs: str | None
    columns: _Columns = field(default_factory=_Columns)
    dropped: _LeftOut = field(default_factory=_LeftOut)
    subpopulations: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    n_estimated: int = 0

    def read(self, person: Any) -> None:
        name = person.get("id", "without id")
        attributes = person.find("attributes")
        if self.chosen.subpopulations:
            subpopulation = _attribute(attributes, "subpopulation")
            self.subpopulations[subpopulation or ""] += 1
            if subpopulation not in self.chosen.subpopulations:
                return
        plans = list(person.iterchildren("plan"))
        selected = [plan for plan in plans if plan.get("selected") == "yes"]
        if len(selected) != 1 and len(plans) != 1:
            self.dropped.add(NO_PLAN, name)
            return
        plan = selected[0] if selected else plans[0]
        if self.chosen.modes:
            self.modes.update(leg.get("mode", "") for leg in plan.iterchildren("leg"))
        self.links.place(plan, self.crs)
        vehicles = _attribute(attributes, "vehicles")
        in_degrees = _in_degrees(self.crs or self.links.crs)
        for trip in trips_of_plan(plan, self.chosen.modes, in_degrees=in_degrees):
            soc_share = self.charges.of_trip(name, vehicles, trip.legs)
            reason = _add_trip(trip, soc_share, self.columns)
            if reason is not None:
                self.dropped.add(reason, name)
            else:
                self.n_estimated += trip.is_estimated

    def notices(self) -> list[str]:
        """What was left out, estimated, or asked for and is not there."""
        where = self.path.name
        remedy = _HOW_TO_PLACE if self.links.network is None else _NO_SUCH_LINKS
        lines = self.dropped.sentences(where, {NO_COORDINATES: said(" {remedy}", remedy=remedy)})
        lines += self.charges.notices()
        if self.links.n_placed:
            lines.append(
                said(
                    "{where}: placed in the middle of their links in {network}: activities without "
                    "x and y ({n}).",
                    where=where,
                    network=str(self.links.network),
                    n=self.links.n_placed,
                )
            )
        if self.n_estimated:
            lines.append(
                said(
                    "{where}: trips that depart after a drive whose time the plans do not state "
                    "({n}): it was taken from its distance, at {kmh} km/h.",
                    where=where,
                    n=self.n_estimated,
                    kmh=TRUCK_SPEED_KMH,
                )
            )
        for what, wanted, found in (
            (
                "{where}: no persons of subpopulation {missing}; there are {there}.",
                self.chosen.subpopulations,
                self.subpopulations,
            ),
            (
                "{where}: no legs of mode {missing}; there are {there}.",
                self.chosen.modes,
                self.modes,
            ),
        ):
            missing = [name for name in wanted if name not in found]
            if missing:
                there: list[str] = [
                    said("{name} ({n})", name=name or "none stated", n=count)
                    for name, count in found.most_common(_SHOWN_NAMES)
                ]
                more = ["..."] if len(found) > _SHOWN_NAMES else []
                listed = [*there, *more] or ["none"]
                lines.append(said(what, where=where, missing=missing, there=listed))
        return lines


def _add_trip(trip: PlanTrip, soc_share: float, columns: _Columns) -> str | None:
    """Put a trip into the columns; why not, where it cannot be used."""
    if trip.departure_s is None:
        return NO_DEPARTURE
    start, end = trip.origin, trip.destination
    ends = start.get("x"), start.get("y"), end.get("x"), end.get("y")
    if None in ends:
        return NO_COORDINATES
    try:
        x, y, to_x, to_y = map(float, ends)
    except ValueError:
        return BROKEN
    if not (trip.departure_s >= 0.0 and math.isfinite(x + y + to_x + to_y)):
        return BROKEN
    columns.numbers.extend((x, y, to_x, to_y, trip.departure_s, soc_share))
    columns.is_loaded.append(LOADED.get(trip.origin.get("type", ""), -1))
    return None
