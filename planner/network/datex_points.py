"""Points for trucks in what countries publish of charging stations: DATEX II, profile for AFIR."""

from __future__ import annotations

import json
import math
from itertools import count
from typing import TYPE_CHECKING, Any

from planner.errors import InputDataError
from planner.files.bounds import DATEX
from planner.files.input_files import read_input_bytes
from planner.network.site_status import OPEN
from planner.network.truck_stations import MOST_KW, MOST_POINTS, Station, TruckStations
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planner.network.truck_points import TruckPointRules, Why
    from planner.network.truck_stations import FoundPoints

_PUBLICATION = "aegiEnergyInfrastructureTablePublication"
_LORRY = "lorry"
_W_PER_KW = 1000.0


def read_datex(path: Path, rules: TruckPointRules) -> FoundPoints | None:
    """Read the static publication of a national access point.

    A site with parking spaces for lorries is for trucks, others by the rules for registers.

    Returns
    -------
    FoundPoints or None
        None where the file is no JSON, or no such publication.

    Raises
    ------
    InputDataError
        If it is JSON that cannot be read.
    """
    if path.suffix.lower() != ".json":
        return None
    publications = list(_publications(_document(path)))
    if not publications:
        return None
    stations = TruckStations(rules)
    edition = ""
    for publication in publications:
        edition = edition or _text(publication.get("publicationTime"))[:10]
        for table in _all(publication, "energyInfrastructureTable"):
            for site in _all(table, "energyInfrastructureSite"):
                _add_site(site, stations)
    return stations.found(edition)


def _document(path: Path) -> Any:
    number = count(1)

    def fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        DATEX.check(path, objects=next(number))
        return dict(pairs)

    try:
        return json.loads(read_input_bytes(path, DATEX), object_pairs_hook=fields)
    except (ValueError, RecursionError) as error:
        reason = "too many brackets" if isinstance(error, RecursionError) else error
        msg = said(
            "{path}: not readable as JSON ({reason}). Fetch the file again.",
            path=str(path),
            reason=str(reason),
        )
        raise InputDataError(msg) from error


def _publications(document: Any) -> Iterator[dict[str, Any]]:
    """Publications of a file, bare or in the envelope in which they are exchanged."""
    for outer in (document, _part(document, "messageContainer")):
        for payload in _all(outer, "payload"):
            if found := _part(payload, _PUBLICATION):
                yield found


def _add_site(site: dict[str, Any], stations: TruckStations) -> None:
    spaces = _all(site, "dedicatedParkingSpaces")
    vehicles = {
        _text(vehicle.get("vehicleType"))
        for space in spaces
        for vehicle in _all(space, "applicableForVehicles")
    }
    told: Why | None = "given" if _LORRY in vehicles else None
    area = _part(_part(site, "locationReference"), "locAreaLocation")
    place = _part(area, "coordinatesForDisplay")
    address = _part(_part(_part(area, "locLocationExtensionG"), "FacilityLocation"), "address")
    operator = _text(_part(_part(site, "operator"), "afacAnOrganisation").get("name"))
    names = [_text(site.get("name")), _text(address.get("city")), _text(site.get("idG"))]
    for station in _all(site, "energyInfrastructureStation"):
        points = _points(station)
        stations.add(
            Station(
                points,
                _kw(station.get("totalMaximumPower")),
                operator,
                names,
                _number(place.get("longitude")),
                _number(place.get("latitude")),
                OPEN,
            ),
            told,
        )


def _points(station: dict[str, Any]) -> list[tuple[str, float]]:
    """Plugs and power of each point of a station, kW, NaN where not told."""
    points = []
    for outer in _all(station, "refillPoint"):
        point = _part(outer, "aegiElectricChargingPoint")
        connectors = _all(point, "connector")
        plugs = [_text(each.get("connectorType")) for each in connectors]
        told = [_kw(each.get("maxPowerAtSocket")) for each in connectors]
        available = point.get("availableChargingPower")
        told += [_kw(each) for each in available] if isinstance(available, list) else []
        known = [kw for kw in told if not math.isnan(kw)]
        points.append((" ".join(plugs), max(known, default=math.nan)))
    n_told = _number(station.get("numberOfRefillPoints"))
    n_points = int(n_told) if 0.0 <= n_told <= MOST_POINTS else len(points)
    return points + [("", math.nan)] * (n_points - len(points))


def _part(value: Any, name: str) -> dict[str, Any]:
    """An object inside another, empty where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _all(value: Any, name: str) -> list[dict[str, Any]]:
    """Objects of a list, or the one that stands in its place."""
    found = value.get(name) if isinstance(value, dict) else None
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, dict)]


def _text(value: Any) -> str:
    """Text, which may stand in an object of values by language or with an extension."""
    while isinstance(value, dict | list):
        if isinstance(value, dict):
            value = value.get("value", value.get("values"))
        else:
            value = value[0] if value else None
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        return float(value) if is_number else math.nan
    except OverflowError:
        return math.nan


def _kw(watts: Any) -> float:
    """Power in kW; NaN where none can be."""
    kw = _number(watts) / _W_PER_KW
    return kw if 0.0 < kw <= MOST_KW else math.nan
