"""State of charge of electric vehicles in a MATSim vehicles file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planner.demand.trip_records import N_EXAMPLES, left_out
from planner.errors import InputDataError
from planner.files.safe_xml import iterate_xml
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_NAMESPACE = "{http://www.matsim.org/files/dtd}"


def read_initial_soc(path: Path) -> dict[str, float]:
    """Read ``initialSoc`` of every vehicle that has one.

    Parameters
    ----------
    path : pathlib.Path
        ``vehicleDefinitions`` of version 2, plain or packed.

    Returns
    -------
    dict of str to float
        State of charge by vehicle id, share of the battery.

    Raises
    ------
    InputDataError
        If the file is broken, no vehicle states it, or one states something else than 0 to 1.
    """
    tag = f"{_NAMESPACE}vehicle"
    initial_soc: dict[str, float] = {}
    for vehicle in iterate_xml(path, {tag}, root=f"{_NAMESPACE}vehicleDefinitions"):
        for attribute in vehicle.iter(f"{_NAMESPACE}attribute"):
            if attribute.get("name") == "initialSoc":
                name = vehicle.get("id", "")
                initial_soc[name] = _share(path, name, attribute.text)
    if not initial_soc:
        msg = said(
            "{path}: expected vehicles with an initialSoc, found none; leave demand.vehicles out",
            path=str(path),
        )
        raise InputDataError(msg)
    return initial_soc


def _share(path: Path, vehicle: str, text: str | None) -> float:
    try:
        share = float(text or "")
    except ValueError:
        share = float("nan")
    if not 0.0 <= share <= 1.0:
        msg = said(
            "{path}: vehicle {vehicle}: expected an initialSoc from 0 to 1, found {text}; "
            "write it as a share of the battery",
            path=str(path),
            vehicle=vehicle,
            text=repr(text),
        )
        raise InputDataError(msg)
    return share


@dataclass(slots=True)
class InitialCharges:
    """States of charge of vehicles, found by those who drive them.

    Parameters
    ----------
    plans : pathlib.Path
        Population of the drivers, for messages.
    soc_by_vehicle : mapping of str to float
        State of charge by vehicle id, share of the battery.
    """

    plans: Path
    soc_by_vehicle: Mapping[str, float]
    _found: set[str] = field(default_factory=set)
    _persons: list[str] = field(default_factory=list)

    def of_trip(self, person: str, vehicles: str | None, legs: Sequence[Any]) -> float:
        """State of charge of the vehicle that a person drives on a trip, NaN where not known.

        Parameters
        ----------
        vehicles : str or None
            Its attribute ``vehicles``: JSON, vehicle id by mode.

        Raises
        ------
        InputDataError
            If ``vehicles`` is no such JSON.
        """
        if not self.soc_by_vehicle:
            return math.nan
        if len(self._persons) < N_EXAMPLES:
            self._persons.append(person)
        for vehicle in self._candidates(person, vehicles, legs):
            if vehicle in self.soc_by_vehicle:
                self._found.add(vehicle)
                return self.soc_by_vehicle[vehicle]
        return math.nan

    def refuse_none_found(self) -> None:
        """Raise InputDataError if there are states of charge and no trip has one."""
        if self.soc_by_vehicle and not self._found:
            vehicles = ", ".join(list(self.soc_by_vehicle)[:N_EXAMPLES])
            msg = said(
                "{plans}: expected persons whose vehicles are in demand.vehicles, found none "
                "(persons such as {listed}; vehicles such as {vehicles}). A vehicle belongs to a "
                "person by the person's attribute vehicles, a route's vehicleRefId, or an id "
                "that is the person's own, or that and _mode. Use the vehicles of the same run, "
                "or leave demand.vehicles out.",
                plans=str(self.plans),
                listed=", ".join(self._persons),
                vehicles=vehicles,
            )
            raise InputDataError(msg)

    def notices(self) -> list[str]:
        """Say how many vehicles with a state of charge nobody drives, if any."""
        lost = [name for name in self.soc_by_vehicle if name not in self._found]
        if not lost:
            return []
        what = "vehicles of demand.vehicles with an initialSoc that belong to no trip"
        return [left_out(self.plans.name, len(lost), what, lost[:N_EXAMPLES])]

    def _candidates(self, person: str, vehicles: str | None, legs: Sequence[Any]) -> Iterator[str]:
        """Ids that the vehicle may have, the surest first."""
        by_mode = {} if vehicles is None else self._by_mode(person, vehicles)
        modes = list(dict.fromkeys(leg.get("mode", "") for leg in legs))
        yield from (by_mode[mode] for mode in modes if mode in by_mode)
        routes = (leg.find("route") for leg in legs)
        yield from (route.get("vehicleRefId", "") for route in routes if route is not None)
        # MATSim's default ids: of cars the person's own, of other modes that with the mode.
        yield from (f"{person}_{mode}" for mode in modes)
        yield person

    def _by_mode(self, person: str, vehicles: str) -> dict[str, str]:
        try:
            by_mode = json.loads(vehicles)
        except (ValueError, RecursionError):
            by_mode = None
        if not isinstance(by_mode, dict) or not all(isinstance(v, str) for v in by_mode.values()):
            msg = said(
                '{plans}: person {person}: expected an attribute vehicles such as {{"truck": '
                '"veh_1"}}, found {vehicles}; mend it, or leave demand.vehicles out',
                plans=str(self.plans),
                person=person,
                vehicles=repr(vehicles[:80]),
            )
            raise InputDataError(msg)
        return by_mode
