"""Which column of a file holds what: what readers recognise, and guesses for a person to check."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.reporting.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.reporting.phrases import Phrase

MEANINGS: dict[str, Phrase] = {
    "id": phrase("number or key of the site, each once"),
    "name": phrase("name"),
    "lon": phrase("longitude, or east coordinate"),
    "lat": phrase("latitude, or north coordinate"),
    "x": phrase("longitude, or east coordinate"),
    "y": phrase("latitude, or north coordinate"),
    "road": phrase("road, such as A7"),
    "direction": phrase("carriageway that it serves"),
    "off_road_km": phrase("way from the carriageway, km"),
    "parking_spaces": phrase("parking spaces for trucks"),
    "grid_connection_kw": phrase("grid connection"),
    "max_hpc": phrase("most high-power points"),
    "existing_hpc": phrase("high-power points that stand"),
    "existing_lpc": phrase("overnight points that stand"),
    "status": phrase("open, closed or planned"),
    "grid_operator_mv": phrase("operator of the medium-voltage grid"),
    "grid_operator_hv": phrase("operator of the high-voltage grid"),
    "operator": phrase("operator"),
    "country": phrase("country"),
    "n_points": phrase("number of points"),
    "power_kw": phrase("power of a point, kW"),
    "kind": phrase("high-power or overnight"),
    "opening_year": phrase("year in which they open"),
    "for_trucks": phrase("whether they are for trucks"),
    "node_id": phrase("key of a node of the road network"),
    "from_node": phrase("node at the beginning"),
    "to_node": phrase("node at the end"),
    "length": phrase("length"),
    "free_speed": phrase("free speed"),
    "oneway": phrase("driven in one direction alone"),
    "tent_class": phrase("core or comprehensive network"),
    "origin": phrase("origin: zone or node"),
    "destination": phrase("destination: zone or node"),
    "trucks_per_year": phrase("trucks"),
    "zone": phrase("key of the zone, each once"),
    "middle": phrase("middle of the zone, as POINT (lon lat)"),
    "abroad_km": phrase("way beyond the border, km"),
    "inhabitants_million": phrase("inhabitants, million"),
    "departure_h": phrase("departure: hours, time, or date and time"),
    "origin_lon": phrase("origin, longitude or east"),
    "origin_lat": phrase("origin, latitude or north"),
    "destination_lon": phrase("destination, longitude or east"),
    "destination_lat": phrase("destination, latitude or north"),
    "trip_id": phrase("number of the trip, each once"),
    "soc_share": phrase("state of charge at the start, 0 to 1"),
    "vehicle_class": phrase("class of the truck"),
    "is_loaded": phrase("whether it carries freight"),
}
"""What columns hold, in a few words."""

GUESSED: dict[str, tuple[str, ...]] = {
    "id": ("nr", "nummer", "no", "number", "key", "kennung", "standort id", "siteid", "standort"),
    "name": ("bezeichnung", "titel", "title", "label", "standortname", "anlage", "rastanlage"),
    "lon": ("laenge", "laengengrad", "geo lon", "ostwert", "rechtswert", "x koordinate", "xcoord"),
    "lat": ("breite", "breitengrad", "geo lat", "nordwert", "hochwert", "y koordinate", "ycoord"),
    "road": ("bab", "strasse", "street", "highway", "route", "bundesautobahn"),
    "direction": ("richtung", "fahrtrichtung", "fahrbahn", "carriageway", "seite", "side"),
    "parking_spaces": ("stellplaetze", "lkw stellplaetze", "parkplaetze", "spaces", "parking"),
    "grid_connection_kw": (
        "netzanschluss",
        "anschluss",
        "anschlussleistung",
        "grid",
        "connection",
        "leistung",
    ),
    "existing_hpc": ("bestand hpc", "hpc", "existing", "bestand"),
    "origin": ("from", "von", "quelle", "start", "o", "from zone", "origin zone", "startzone"),
    "destination": ("to", "nach", "ziel", "end", "d", "to zone", "destination zone", "zielzone"),
    "trucks_per_year": ("trucks", "lkw", "flow", "menge", "anzahl", "count", "trips", "lkw jahr"),
    "zone": ("zone id", "zoneid", "id", "nr", "nummer", "bezirk", "region"),
    "node_id": ("node", "knoten", "knoten id", "nr", "nummer"),
    "x": ("lon", "laenge", "laengengrad", "rechtswert", "ostwert", "easting"),
    "y": ("lat", "breite", "breitengrad", "hochwert", "nordwert", "northing"),
    "from_node": ("von", "von knoten", "start", "anode", "a", "u", "tail"),
    "to_node": ("nach", "nach knoten", "ende", "end", "bnode", "b", "v", "head"),
    "length": ("length", "laenge", "laenge km", "distance", "dist", "entfernung", "km"),
    "free_speed": ("speed", "freespeed", "geschwindigkeit", "maxspeed", "v", "kmh"),
    "departure_h": ("departure", "abfahrt", "start time", "time", "departure time", "startzeit"),
    "origin_lon": ("from lon", "start lon", "origin x", "from x", "start x", "von laenge", "x1"),
    "origin_lat": ("from lat", "start lat", "origin y", "from y", "start y", "von breite", "y1"),
    "destination_lon": ("to lon", "end lon", "destination x", "to x", "nach laenge", "x2"),
    "destination_lat": ("to lat", "end lat", "destination y", "to y", "nach breite", "y2"),
    "n_points": ("ladepunkte", "anzahl", "number"),
    "power_kw": ("leistung", "ladeleistung", "max leistung"),
    "operator": ("anbieter", "provider"),
}
"""What people call columns beside the names that readers recognise, as :func:`_plain` writes it."""
_ALIKE = 0.84
_UNIT = re.compile(r"[\[(][^\])]*[\])]")


@dataclass(frozen=True, slots=True)
class ColumnFound:
    """A column that a reader wants, and where it is.

    Parameters
    ----------
    name : str
        What the planner calls it.
    column : str
        What the file calls it; empty where there is none.
    is_guessed : bool
        Whether the reader would not find it by itself.
    """

    name: str
    column: str
    is_guessed: bool


def found_columns(
    known: Mapping[str, tuple[str, ...]], required: Sequence[str], columns: Sequence[str]
) -> tuple[ColumnFound, ...]:
    """Columns of a file for those that a reader knows.

    Parameters
    ----------
    known : mapping of str to tuple of str
        Names that the reader recognises without being told, by what the planner calls them.
    required : sequence of str
        Those that must be there: they are guessed by likeness too.
    columns : sequence of str
        What the file has.
    """
    lower: dict[str, str] = {}
    for column in columns:
        lower.setdefault(column.lower(), column)
    told = {
        name: next((lower[each.lower()] for each in usual if each.lower() in lower), "")
        for name, usual in known.items()
    }
    taken = set(told.values())
    found = {name: ColumnFound(name, column, is_guessed=False) for name, column in told.items()}
    for name in sorted(known, key=lambda each: each not in required):
        if not told[name]:
            free = [column for column in columns if column not in taken]
            guess = _guess(name, known[name], free, by_likeness=name in required)
            if guess:
                taken.add(guess)
                found[name] = ColumnFound(name, guess, is_guessed=True)
    return tuple(found.values())


def _guess(name: str, usual: Sequence[str], columns: Sequence[str], *, by_likeness: bool) -> str:
    """The column that may be meant; empty where none looks like it."""
    by_plain: dict[str, str] = {}
    for column in columns:
        by_plain.setdefault(_plain(column), column)
    names = [_plain(each) for each in (name, *usual, *GUESSED.get(name, ()))]
    for each in names:
        if each in by_plain:
            return by_plain[each]
    if not by_likeness:
        return ""
    for each in names:
        near = difflib.get_close_matches(each, by_plain, n=1, cutoff=_ALIKE)
        if near and len(each) > 3:
            return by_plain[near[0]]
    return ""


def _plain(name: str) -> str:
    """A name in small letters without units, umlauts and signs."""
    text = _UNIT.sub(" ", name.lower()).replace("ß", "ss")
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, letters)
    return " ".join(re.findall(r"[a-z0-9]+", text)[:8])[:60]
