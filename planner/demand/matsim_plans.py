"""MATSim populations: streamed person by person into a few numbers per trip."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from planner.demand.map_coordinates import coordinate_system, degrees
from planner.demand.matsim_times import seconds_of
from planner.demand.trip_records import N_EXAMPLES, TripRecords, left_out
from planner.errors import InputDataError
from planner.network.safe_files import iterate_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from xml.etree.ElementTree import Element  # the type alone; iterate_xml parses

    from numpy.typing import NDArray
    from pyproj import CRS

LOADED = {"loaded": 1, "laden": 1, "unloaded": 0, "empty": 0}
"""Types of activities that say whether the truck carries freight."""
ACTIVITY_TAGS = frozenset({"activity", "act"})
NO_PLAN = "persons without a selected plan"
NO_COORDINATES = "trips with an end without x and y (plans with links or facilities alone)"
NO_DEPARTURE = "trips without a departure time"
BROKEN = "trips with an end or a time that is not a number"
NO_PLACE = "trips with an end that its coordinates cannot place on the globe"


@dataclass(slots=True)
class _Columns:
    """Trips read so far: a few numbers each, so that a million persons fit into memory."""

    origin_x: array[float] = field(default_factory=lambda: array("d"))
    origin_y: array[float] = field(default_factory=lambda: array("d"))
    destination_x: array[float] = field(default_factory=lambda: array("d"))
    destination_y: array[float] = field(default_factory=lambda: array("d"))
    departure_h: array[float] = field(default_factory=lambda: array("d"))
    soc_share: array[float] = field(default_factory=lambda: array("d"))
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
    for element in iterate_xml(path, {"person", "attributes"}, root="population"):
        if element.tag == "attributes":
            stated_crs = _attribute(element, "coordinateReferenceSystem")
        else:
            _read_person(element, chosen, initial_soc or {}, columns, dropped)
    if not columns.departure_h:
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
    return coordinate_system(name, "demand.crs" if given else str(path))


def _records(path: Path, columns: _Columns, system: CRS) -> TripRecords:
    def numbers(name: str) -> NDArray[np.float64]:
        return np.frombuffer(getattr(columns, name), dtype=np.float64)

    ends = {
        end: degrees(numbers(f"{end}_x"), numbers(f"{end}_y"), system, str(path))
        for end in ("origin", "destination")
    }
    n_records = len(columns.departure_h)
    nowhere = np.full(n_records, -1, dtype=np.int32)
    return TripRecords(
        record_idx=np.arange(n_records, dtype=np.int64),
        origin_lon=ends["origin"][0],
        origin_lat=ends["origin"][1],
        destination_lon=ends["destination"][0],
        destination_lat=ends["destination"][1],
        origin_node_idx=nowhere,
        destination_node_idx=nowhere,
        departure_h=numbers("departure_h"),
        is_loaded=np.frombuffer(columns.is_loaded, dtype=np.int8),
        initial_soc_share=numbers("soc_share"),
        vehicle_class_idx=np.full(n_records, -1, dtype=np.int16),
    )


def _attribute(attributes: Element | None, name: str) -> str | None:
    """Value of a named attribute below an ``attributes`` element."""
    for attribute in attributes if attributes is not None else ():
        if attribute.get("name") == name and attribute.text:
            return attribute.text.strip()
    return None


def _read_person(
    person: Element,
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
    plans = person.findall("plan")
    selected = [plan for plan in plans if plan.get("selected") == "yes"]
    if len(selected) != 1 and len(plans) != 1:
        dropped.add(NO_PLAN, name)
        return
    soc_share = initial_soc.get(name, math.nan)
    for origin, destination, modes, departure_s in _trips(selected[0] if selected else plans[0]):
        if chosen.modes and not modes.intersection(chosen.modes):
            continue
        _add_trip(origin, destination, departure_s, soc_share, columns, dropped, name)


def _trips(plan: Element) -> Iterator[tuple[Element, Element, set[str], float | None]]:
    """Trips of a plan: the activities at both ends, the modes of its legs, its departure.

    The departure is in seconds, NaN where the file states one that is no time, None where it
    states none.
    """
    origin: Element | None = None
    modes: set[str] = set()
    departure_s: float | None = None
    clock_s: float | None = None
    for element in plan:
        if element.tag == "leg":
            if not modes and departure_s is None:
                departure_s = seconds_of(element.get("dep_time"))
            modes.add(element.get("mode", ""))
            clock_s = _after_leg(element, departure_s if clock_s is None else clock_s)
        elif element.tag in ACTIVITY_TAGS:
            if element.get("type", "").endswith("interaction"):
                continue
            if origin is not None and modes:
                yield origin, element, modes, departure_s
            origin, modes = element, set()
            departure_s = seconds_of(element.get("end_time"))
            if departure_s is None and clock_s is not None:
                stay_s = seconds_of(element.get("max_dur") or element.get("dur"))
                departure_s = None if stay_s is None else clock_s + stay_s
            clock_s = None


def _after_leg(leg: Element, start_s: float | None) -> float | None:
    """Clock at the end of a leg, seconds, where its travel time is known."""
    route = leg.find("route")
    duration_s = seconds_of(leg.get("trav_time"))
    if duration_s is None and route is not None:
        duration_s = seconds_of(route.get("trav_time"))
    return None if start_s is None or duration_s is None else start_s + duration_s


def _add_trip(
    origin: Element,
    destination: Element,
    departure_s: float | None,
    soc_share: float,
    columns: _Columns,
    dropped: _LeftOut,
    person: str,
) -> None:
    place = (origin.get("x"), origin.get("y"), destination.get("x"), destination.get("y"))
    if None in place:
        dropped.add(NO_COORDINATES, person)
        return
    if departure_s is None:
        dropped.add(NO_DEPARTURE, person)
        return
    try:
        numbers = [float(text or "") for text in place]
    except ValueError:
        numbers = [math.nan]
    if not all(map(math.isfinite, numbers)) or not departure_s >= 0.0:
        dropped.add(BROKEN, person)
        return
    columns.origin_x.append(numbers[0])
    columns.origin_y.append(numbers[1])
    columns.destination_x.append(numbers[2])
    columns.destination_y.append(numbers[3])
    columns.departure_h.append(departure_s / 3600.0)
    columns.soc_share.append(soc_share)
    columns.is_loaded.append(LOADED.get(origin.get("type", ""), -1))
