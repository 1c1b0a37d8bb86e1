"""Trips of a MATSim plan, and the clock that tells when each departs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from pyproj import Geod

from planner.demand.matsim_times import seconds_of
from planner.network.od_trucks import TRUCK_SPEED_KMH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ACTIVITY_TAGS = frozenset({"activity", "act"})
BEELINE_FACTOR = 1.3
"""Way over straight distance of legs without a route, as MATSim takes it by default."""
_M_PER_S = TRUCK_SPEED_KMH / 3.6
_EARTH = Geod(ellps="WGS84")


class PlanTrip(NamedTuple):
    """A trip from one activity of a plan to the next, stages left out.

    Parameters
    ----------
    origin, destination : lxml element
        The activities at both ends.
    legs : list of lxml element
        What is driven between them.
    departure_s : float or None
        Seconds since midnight of the first day; NaN where the plan states one that is no time,
        None where it cannot be told.
    is_estimated : bool
        Whether a travel time before it is not stated and was taken from the distance.
    """

    origin: Any
    destination: Any
    legs: list[Any]
    departure_s: float | None
    is_estimated: bool


class _Clock(NamedTuple):
    """A time that is known, estimated, or (None) cannot be told."""

    time_s: float | None
    is_estimated: bool = False

    def later(self, duration_s: float | None, *, is_estimated: bool = False) -> _Clock:
        if self.time_s is None or duration_s is None:
            return _Clock(None)
        return _Clock(self.time_s + duration_s, self.is_estimated or is_estimated)


def trips_of_plan(plan: Any, modes: Sequence[str], *, in_degrees: bool) -> Iterator[PlanTrip]:
    """Trips of a plan by one of the modes.

    An activity ends at its ``end_time``, else its stay (``max_dur``) after the arrival; the first
    one begins at 0:00. Where a travel time on the way there is not stated, the ``dep_time`` of the
    next leg goes before the estimate: route distance, or else :data:`BEELINE_FACTOR` times the
    straight one, at :data:`~planner.network.od_trucks.TRUCK_SPEED_KMH`.

    Parameters
    ----------
    modes : sequence of str
        Modes of a leg that make a trip count; all where empty.
    in_degrees : bool
        Whether x and y of activities are degrees; else they are metres.

    Yields
    ------
    PlanTrip
        In the order of the plan.
    """
    origin = None
    stages: list[Any] = []
    legs: list[Any] = []
    arrival = _Clock(0.0)
    for element in plan:
        tag = element.tag
        if tag == "leg":
            stages.append(element)
            legs.append(element)
        elif tag in ACTIVITY_TAGS:
            if element.get("type", "").endswith("interaction"):
                stages.append(element)
                continue
            if origin is not None:
                departure = _departure(origin, arrival, legs)
                if legs and (not modes or any(leg.get("mode") in modes for leg in legs)):
                    yield PlanTrip(origin, element, legs, departure.time_s, departure.is_estimated)
                arrival = _arrival(departure, [origin, *stages, element], in_degrees=in_degrees)
            origin, stages, legs = element, [], []


def _departure(activity: Any, arrival: _Clock, legs: Sequence[Any]) -> _Clock:
    end = _end_of(activity, arrival)
    if end.time_s is None or end.is_estimated:
        stated_s = seconds_of(legs[0].get("dep_time")) if legs else None
        return end if stated_s is None else _Clock(stated_s)
    return end


def _end_of(activity: Any, arrival: _Clock) -> _Clock:
    end_s = seconds_of(activity.get("end_time"))
    if end_s is not None:
        return _Clock(end_s)
    return arrival.later(seconds_of(activity.get("max_dur") or activity.get("dur")))


def _arrival(departure: _Clock, places: Sequence[Any], *, in_degrees: bool) -> _Clock:
    """Clock after the legs and stages between the first of the places and the last."""
    clock, before = departure, places[0]
    for number, stage in enumerate(places[1:-1], start=1):
        if stage.tag == "leg":
            stated_s = _stated_s(stage)
            if stated_s is not None:
                clock = clock.later(stated_s)
            else:
                after = next(place for place in places[number:] if place.tag in ACTIVITY_TAGS)
                way_m = _way_m(stage, before, after, in_degrees=in_degrees)
                clock = clock.later(None if way_m is None else way_m / _M_PER_S, is_estimated=True)
        else:
            # MATSim's own stages take no time unless they say so.
            ended = _end_of(stage, clock)
            clock = clock if ended.time_s is None else ended
            before = stage
    return clock


def _stated_s(leg: Any) -> float | None:
    """Travel time of a leg or its route, seconds."""
    stated_s = seconds_of(leg.get("trav_time"))
    if stated_s is None:
        route = _route(leg)
        stated_s = None if route is None else seconds_of(route.get("trav_time"))
    return stated_s


def _route(leg: Any) -> Any:
    """Find the route of a leg; its paths would take lxml twice as long."""
    return next(leg.iterchildren("route"), None)


def _way_m(leg: Any, before: Any, after: Any, *, in_degrees: bool) -> float | None:
    """Length of a leg's route, metres; estimated from its ends where it has none."""
    route = _route(leg)
    if route is not None:
        stated_m = _number(route.get("distance") or route.get("dist"))
        if stated_m is not None and stated_m >= 0.0:
            return stated_m
    x, y, to_x, to_y = (
        _number(place.get(axis)) for place in (before, after) for axis in ("x", "y")
    )
    if x is None or y is None or to_x is None or to_y is None:
        return None
    if in_degrees:
        return BEELINE_FACTOR * float(_EARTH.inv(x, y, to_x, to_y)[2])
    return BEELINE_FACTOR * math.hypot(to_x - x, to_y - y)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
