"""MATSim populations: streamed person by person into a few numbers per trip."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.demand.map_coordinates import degrees
from planner.demand.matsim_times import seconds_of
from planner.demand.trip_records import N_EXAMPLES, TripRecords, left_out
from planner.errors import InputDataError
from planner.files.coordinates import reference_system
from planner.files.safe_xml import iterate_children

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pyproj import CRS

LOADED = {"loaded": 1, "laden": 1, "unloaded": 0, "empty": 0}
"""Types of activities that say whether the truck carries freight."""
N_NUMBERS = 6
ACTIVITY_TAGS = frozenset({"activity", "act"})
NO_PLAN = "persons without a selected plan"
NO_COORDINATES = "trips with an end without x and y (plans with links or facilities alone)"
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
        if len(named) < N_EXAMPLES:
            named.append(person)

    def sentences(self, where: str) -> list[str]:
        return [
            left_out(where, count, reason, (f"person {name}" for name in self.persons[reason]))
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
) -> tuple[TripRecords, tuple[str, ...]]:
    """Read the trips of a MATSim population.

    A trip leads from one activity of the selected plan to the next; stages (activities whose type
    ends in ``interaction``) belong to the trip. It departs at the activity's ``end_time``, else at
    the leg's ``dep_time``, else its stay (``max_dur``) after the arrival that the legs'
    travel times give.

    Parameters
    ----------
    path : pathlib.Path
        Population of version 5 or 6, plain, gzip or zip.
    crs : str or None
        Coordinate system; None takes the one that the file states.
    chosen : PlanFilter
        Which trips count.
    initial_soc : mapping of str to float, optional
        State of charge at departure by person id, share of the battery.

    Returns
    -------
    records : TripRecords
        Trips in the order of the file, ends in degrees.
    notices : tuple of str
        What was left out and why, with numbers and the first few persons.

    Raises
    ------
    InputDataError
        If the file is broken or no population, its coordinate system is not known, or no trip is
        left.
    """
    where = path.name
    columns, dropped = _Columns(), _LeftOut()
    stated_crs: str | None = None
    for number, person in enumerate(iterate_children(path, "person", root="population")):
        if number == 0:
            attributes = person.getparent().find("attributes")
            stated_crs = _attribute(attributes, "coordinateReferenceSystem")
        _read_person(person, chosen, initial_soc or {}, columns, dropped)
    if not columns.numbers:
        told = " ".join(dropped.sentences(where)) or "It holds no trip of the chosen modes."
        msg = f"{path}: expected trips between activities, found none to use. {told}"
        raise InputDataError(msg)
    system = _system(path, crs, stated_crs)
    records = _records(path, columns, system)
    placed = ~(np.isnan(records.origin_lon) | np.isnan(records.destination_lon))
    notices = dropped.sentences(where)
    if not placed.all():
        lost = np.flatnonzero(~placed)
        notices.append(
            left_out(where, len(lost), NO_PLACE, (f"trip {idx + 1}" for idx in lost[:N_EXAMPLES]))
        )
    if not placed.any():
        msg = f"{path}: no end can be placed on the globe by {system.to_string()}; check demand.crs"
        raise InputDataError(msg)
    return records.select(placed), tuple(notices)


def _system(path: Path, given: str | None, stated: str | None) -> CRS:
    name = given or stated
    if name is None:
        msg = f"{path}: the file does not say its coordinate system; set demand.crs, for example "
        raise InputDataError(msg + "to EPSG:25832")
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


def _read_person(
    person: Any,
    chosen: PlanFilter,
    initial_soc: Mapping[str, float],
    columns: _Columns,
    dropped: _LeftOut,
) -> None:
    name = person.get("id", "without id")
    if chosen.subpopulations:
        subpopulation = _attribute(person.find("attributes"), "subpopulation")
        if subpopulation not in chosen.subpopulations:
            return
    plans = list(person.iterchildren("plan"))
    selected = [plan for plan in plans if plan.get("selected") == "yes"]
    if len(selected) != 1 and len(plans) != 1:
        dropped.add(NO_PLAN, name)
        return
    soc_share = initial_soc.get(name, math.nan)
    for trip in _trips(selected[0] if selected else plans[0], chosen.modes):
        reason = _add_trip(*trip, soc_share, columns)
        if reason is not None:
            dropped.add(reason, name)


def _trips(plan: Any, modes: Sequence[str]) -> Iterator[tuple[Any, Any, float | None]]:
    """Trips of a plan by one of the modes: the activities at both ends and the departure.

    The departure is in seconds, NaN where the file states one that is no time, None where it
    states none.
    """
    origin = None
    departure_s: float | None = None
    legs: list[Any] = []
    counts = False
    for element in plan:
        tag = element.tag
        if tag == "leg":
            legs.append(element)
            counts = counts or not modes or element.get("mode") in modes
        elif tag in ACTIVITY_TAGS and not element.get("type", "").endswith("interaction"):
            if origin is not None and legs and departure_s is None:
                departure_s = seconds_of(legs[0].get("dep_time"))
            if origin is not None and counts:
                yield origin, element, departure_s
            before_s = departure_s
            departure_s = seconds_of(element.get("end_time"))
            if departure_s is None and before_s is not None:
                stay_s = seconds_of(element.get("max_dur") or element.get("dur"))
                departure_s = _after(before_s, stay_s, legs)
            origin, legs, counts = element, [], False


def _after(start_s: float, stay_s: float | None, legs: Sequence[Any]) -> float | None:
    """Clock after legs and a stay, seconds, where all their times are known."""
    if stay_s is None:
        return None
    clock_s = start_s + stay_s
    for leg in legs:
        route = leg.find("route")
        duration_s = seconds_of(leg.get("trav_time"))
        if duration_s is None and route is not None:
            duration_s = seconds_of(route.get("trav_time"))
        if duration_s is None:
            return None
        clock_s += duration_s
    return clock_s


def _add_trip(
    origin: Any, destination: Any, departure_s: float | None, soc_share: float, columns: _Columns
) -> str | None:
    """Put a trip into the columns; why not, where it cannot be used."""
    if departure_s is None:
        return NO_DEPARTURE
    x, y, to_x, to_y = origin.get("x"), origin.get("y"), destination.get("x"), destination.get("y")
    if x is None or y is None or to_x is None or to_y is None:
        return NO_COORDINATES
    try:
        numbers = (float(x), float(y), float(to_x), float(to_y), departure_s, soc_share)
    except ValueError:
        return BROKEN
    if not (departure_s >= 0.0 and math.isfinite(sum(numbers[:4]))):
        return BROKEN
    columns.numbers.extend(numbers)
    columns.is_loaded.append(LOADED.get(origin.get("type", ""), -1))
    return None
