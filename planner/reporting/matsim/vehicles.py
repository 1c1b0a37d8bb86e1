"""MATSim's vehicle definitions: electric trucks, their battery, consumption and first charge."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from planner.reporting.matsim.elements import add_attribute, document, matsim_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from planner.scenario.parameter_sets import VehicleClass

HPC_TYPE = "HPC"
LPC_TYPE = "LPC"
CHARGER_TYPES = (HPC_TYPE, LPC_TYPE, "DC", "default")
"""Chargers that the trucks accept: the plan's own, and what other charger files call theirs."""

_NAMESPACE = "http://www.matsim.org/files/dtd"
_ROOT_ATTRIBUTES = {
    "xmlns": _NAMESPACE,
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{_NAMESPACE} {_NAMESPACE}/vehicleDefinitions_v2.0.xsd",
}
_LENGTH_M = 16.5
_WIDTH_M = 2.55
"""Largest tractor with semi-trailer by Directive 96/53/EC."""


@dataclass(frozen=True, slots=True)
class MatsimVehicle:
    """One truck.

    Parameters
    ----------
    vehicle_id : str
        Unique name.
    is_loaded : bool
        Whether it carries freight, which its consumption depends on.
    initial_soc_share : float
        State of charge at the start of its plan.
    """

    vehicle_id: str
    class_name: str
    is_loaded: bool
    initial_soc_share: float


def vehicle_type_id(class_name: str, *, is_loaded: bool) -> str:
    """Name of the vehicle type of a class with or without freight."""
    return f"{matsim_id(class_name)}_{'loaded' if is_loaded else 'unloaded'}"


def write_vehicles(
    classes: Mapping[str, VehicleClass], vehicles: Iterable[MatsimVehicle], path: Path
) -> None:
    """Write vehicle definitions, version 2.0.

    Parameters
    ----------
    classes : mapping of str to VehicleClass
        Vehicle classes by name; each becomes a type with freight and one without, because MATSim
        knows one consumption per type.
    path : pathlib.Path
        The file, ``.xml`` or ``.xml.gz``.
    """
    with document(path, "vehicleDefinitions", _ROOT_ATTRIBUTES) as xml:
        for name, vehicle_class in classes.items():
            for is_loaded in (True, False):
                xml.write(_vehicle_type(name, vehicle_class, is_loaded=is_loaded))
        for vehicle in vehicles:
            type_id = vehicle_type_id(vehicle.class_name, is_loaded=vehicle.is_loaded)
            element = Element("vehicle", {"id": vehicle.vehicle_id, "type": type_id})
            soc = repr(float(vehicle.initial_soc_share))
            add_attribute(SubElement(element, "attributes"), "initialSoc", "java.lang.Double", soc)
            xml.write(element)


def _vehicle_type(name: str, vehicle_class: VehicleClass, *, is_loaded: bool) -> Element:
    consumption_kwh_km = (
        vehicle_class.consumption_loaded_kwh_km
        if is_loaded
        else vehicle_class.consumption_empty_kwh_km
    )
    element = Element("vehicleType", {"id": vehicle_type_id(name, is_loaded=is_loaded)})
    SubElement(element, "capacity", {"seats": "1", "standingRoomInPersons": "0"})
    SubElement(element, "length", {"meter": repr(_LENGTH_M)})
    SubElement(element, "width", {"meter": repr(_WIDTH_M)})
    speed = repr(vehicle_class.mean_speed_kmh / 3.6)
    SubElement(element, "maximumVelocity", {"meterPerSecond": speed})
    attributes = SubElement(SubElement(element, "engineInformation"), "attributes")
    for attribute, java_class, text in (
        ("HbefaTechnology", "java.lang.String", "electricity"),
        ("chargerTypes", "java.util.Arrays$ArrayList", json.dumps(CHARGER_TYPES)),
        ("energyCapacityInKWhOrLiters", "java.lang.Double", repr(vehicle_class.battery_kwh)),
        ("energyConsumptionKWhPerMeter", "java.lang.Double", repr(consumption_kwh_km / 1000.0)),
    ):
        add_attribute(attributes, attribute, java_class, text)
    SubElement(element, "costInformation")
    SubElement(element, "passengerCarEquivalents", {"pce": "1.0"})
    SubElement(element, "networkMode", {"networkMode": "car"})
    SubElement(element, "flowEfficiencyFactor", {"factor": "1.0"})
    return element
