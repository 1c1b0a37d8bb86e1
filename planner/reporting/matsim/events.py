"""Charging sessions out of the events that a MATSim run has written.

MATSim's ev contrib tells of a truck that joins a queue, plugs in, is charged and unplugs. Its
events are read with matsim-tools, which opens files by their name and ends quietly where a file
is broken. So a checked copy that holds the events of charging alone is made first: within the
bounds of every XML file that comes from elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import matsim

from planner.errors import InputDataError
from planner.files.safe_xml import feed_xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

QUEUED, LEFT_QUEUE = "queued_at_charger", "quit_queue_at_charger"
STARTED, CHARGED, ENDED = "charging_start", "energy_charged", "charging_end"
CHARGING_EVENTS = frozenset({QUEUED, LEFT_QUEUE, STARTED, CHARGED, ENDED})
_J_PER_KWH = 3.6e6
_S_PER_H = 3600.0


@dataclass(frozen=True, slots=True)
class Session:
    """A truck at a charger.

    Parameters
    ----------
    truck, charger : str
        MATSim's names.
    queue_h : float
        When the truck came, hours since the midnight that the run begins with.
    plug_in_h, unplug_h : float
        When it was plugged in and unplugged, hours; NaN where the events end before.
    energy_kwh : float
        Energy charged, kWh; NaN where the events do not tell it.
    soc_in_kwh : float
        Energy in its battery at plug-in, kWh; NaN where the events do not tell it.
    """

    truck: str
    charger: str
    queue_h: float
    plug_in_h: float = math.nan
    unplug_h: float = math.nan
    energy_kwh: float = math.nan
    soc_in_kwh: float = math.nan


def read_sessions(path: Path) -> list[Session]:
    """Read the sessions of a MATSim run.

    Parameters
    ----------
    path : pathlib.Path
        Its ``output_events.xml``, packed or not.

    Returns
    -------
    list of Session
        By the time of coming, then by truck. A truck that leaves the queue has no plug-in.

    Raises
    ------
    InputDataError
        If the file is not of events, is damaged, or holds events of charging that lack their
        truck, charger or time, or that do not follow on each other.
    """
    found: list[Session] = []
    open_sessions: dict[str, Session] = {}
    for number, event in enumerate(_charging_events(path), start=1):
        kind, truck, charger, time_h = _fields(path, number, event)
        here = open_sessions.get(truck)
        if kind == QUEUED:
            _refuse_second(path, here, truck, time_h)
            open_sessions[truck] = Session(truck, charger, time_h)
        elif kind == STARTED:
            if here is None:
                here = Session(truck, charger, time_h)
            elif here.charger != charger or not math.isnan(here.plug_in_h):
                _refuse_second(path, here, truck, time_h)
            in_battery_kwh = _energy_kwh(path, number, event, "charge")
            open_sessions[truck] = replace(here, plug_in_h=time_h, soc_in_kwh=in_battery_kwh)
        elif here is None or here.charger != charger:
            msg = (
                f"{path}: event {number} of charging: {truck!r} has {kind} at {charger!r}, where "
                f"it was neither queued nor plugged in before; the file may lack its beginning"
            )
            raise InputDataError(msg)
        elif kind == CHARGED:
            more_kwh = _energy_kwh(path, number, event, "energy")
            so_far_kwh = 0.0 if math.isnan(here.energy_kwh) else here.energy_kwh
            open_sessions[truck] = replace(here, energy_kwh=so_far_kwh + more_kwh)
        else:
            if kind == ENDED:
                here = _ended(here, time_h, _energy_kwh(path, number, event, "charge"))
            found.append(here)
            del open_sessions[truck]
    found += open_sessions.values()
    return sorted(found, key=lambda session: (session.queue_h, session.truck))


def _ended(session: Session, time_h: float, in_battery_kwh: float) -> Session:
    """The session at its end; its energy from the battery where no event has told it."""
    energy_kwh = session.energy_kwh
    if math.isnan(energy_kwh):
        energy_kwh = in_battery_kwh - session.soc_in_kwh
    return replace(session, unplug_h=time_h, energy_kwh=energy_kwh)


def _charging_events(path: Path) -> Iterator[dict[str, Any]]:
    """Events of charging as matsim-tools gives them."""
    with TemporaryDirectory(prefix="planner-events-") as folder:
        checked = Path(folder) / "events.xml"
        with checked.open("w", encoding="utf-8") as stream:
            stream.write('<?xml version="1.0" encoding="utf-8"?>\n<events version="1.0">\n')
            feed_xml(path, _ChargingAlone(path, stream), root="events")
            stream.write("</events>\n")
        yield from matsim.event_reader(checked, CHARGING_EVENTS)


class _ChargingAlone:
    """Writes the events of charging among those of a file."""

    def __init__(self, path: Path, stream: TextIO) -> None:
        self._path, self._stream = path, stream

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        if tag != "event" or attributes.get("type") not in CHARGING_EVENTS:
            return
        try:
            is_time = math.isfinite(float(attributes.get("time", "")))
        except ValueError:
            is_time = False
        if not is_time:
            msg = (
                f"{self._path}: expected the seconds since midnight as time of an event "
                f"{attributes['type']}; found {attributes.get('time', 'none')!r}"
            )
            raise InputDataError(msg)
        texts = " ".join(f"{name}={quoteattr(text)}" for name, text in attributes.items())
        self._stream.write(f"<event {texts}/>\n")

    def data(self, text: str, /) -> None:
        """Events hold none."""

    def end(self, tag: str, /) -> None:
        """Nothing is left to do."""


def _fields(path: Path, number: int, event: dict[str, Any]) -> tuple[str, str, str, float]:
    """Kind, truck, charger and time of an event, hours."""
    for name in ("vehicle", "charger"):
        if not event.get(name):
            msg = (
                f"{path}: event {number} of charging ({event['type']}): expected its {name}; found "
                f"the attributes {', '.join(event)}"
            )
            raise InputDataError(msg)
    return event["type"], event["vehicle"], event["charger"], event["time"] / _S_PER_H


def _energy_kwh(path: Path, number: int, event: dict[str, Any], name: str) -> float:
    """Energy that an attribute tells in joules; NaN where it is not there."""
    if name not in event:
        return math.nan
    try:
        return float(event[name]) / _J_PER_KWH
    except ValueError as error:
        msg = (
            f"{path}: event {number} of charging ({event['type']}): expected joules as {name}; "
            f"found {event[name]!r}"
        )
        raise InputDataError(msg) from error


def _refuse_second(path: Path, here: Session | None, truck: str, time_h: float) -> None:
    if here is not None:
        msg = (
            f"{path}: {truck!r} is queued or plugged in at {here.charger!r} when it comes to "
            f"another charger at {time_h:.2f} h; are these the events of one run?"
        )
        raise InputDataError(msg)
