"""Points for trucks in the federal charging register, in today's layout and older ones."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import InputDataError
from planner.files.csv_tables import text_rows
from planner.files.table_files import TEXT_FILES
from planner.network.site_status import CLOSED, OPEN, PLANNED, status_of
from planner.network.truck_stations import MOST_KW, MOST_POINTS, Station, TruckStations
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from planner.network.truck_points import TruckPointRules
    from planner.network.truck_stations import FoundPoints

_NAMES = {
    "operator": ("Betreiber",),
    "label": ("Anzeigename (Karte)",),
    "place": ("Standortbezeichnung",),
    "beside": ("Adresszusatz",),
    "town": ("Ort",),
    "status": ("Status",),
    "n_points": ("Anzahl Ladepunkte",),
    "station_kw": ("Nennleistung Ladeeinrichtung [kW]", "Anschlussleistung"),
    "opened": ("Inbetriebnahmedatum",),
    "lat": ("Breitengrad",),
    "lon": ("Längengrad", "Laengengrad"),
}
_PLUGS = re.compile(r"Steckertypen\s?(\d)")
_POWERS = re.compile(r"(?:Nennleistung Stecker\s?(\d)|P(\d) \[kW\])")
_EDITION = re.compile(r"Letzte Aktualisierung vom:?\s*(\d\d\.\d\d\.\d{4})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_LOOKED_AT_ROWS = 50
_IN_REPAIR = "in wartung"
"""Stands, although nobody can use it today."""


def read_register(path: Path, rules: TruckPointRules) -> FoundPoints | None:
    """Read a register's points for trucks, row by row: the file is large, and they are few.

    Returns
    -------
    FoundPoints or None
        None where the file is no register.

    Raises
    ------
    InputDataError
        If it is a web page, as the server sends for editions that are gone, or no text.
    """
    if path.suffix.lower() not in TEXT_FILES:
        return None
    rows = text_rows(path)
    above: list[str] = []
    for number, cells in itertools.islice(rows, _LOOKED_AT_ROWS):
        if not above and cells[0].startswith("<"):
            msg = said(
                "{path}: expected a table, found a web page in row {number}: the server sends "
                "one where an edition of the register is gone. Fetch the file of this month.",
                path=str(path),
                number=str(number),
            )
            raise InputDataError(msg)
        columns = _columns(cells)
        if columns is not None:
            told = _EDITION.search(" ".join(above))
            return _points(rows, columns, rules, told[1] if told else "")
        above += cells
    return None


def is_register(path: Path) -> bool:
    """Whether a file begins as a register does.

    Raises
    ------
    InputDataError
        If it is no text.
    """
    if path.suffix.lower() not in TEXT_FILES:
        return False
    rows = itertools.islice(text_rows(path), _LOOKED_AT_ROWS)
    return any(_columns(cells) is not None for _, cells in rows)


def opening_year(text: str) -> float:
    """Year in a date as people write it, NaN without one."""
    found = _YEAR.search(text)
    return float(found[1]) if found else math.nan


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a register holds what."""

    place: Mapping[str, int]
    plugs: tuple[tuple[int, int | None], ...]

    def text(self, cells: Sequence[str], name: str) -> str:
        at = self.place.get(name)
        return cells[at] if at is not None and at < len(cells) else ""


def _columns(cells: Sequence[str]) -> _Columns | None:
    """Columns of a header; None where the row is none of a register."""
    names = {" ".join(cell.split()): at for at, cell in enumerate(cells)}
    place = {key: names[name] for key, usual in _NAMES.items() for name in usual if name in names}
    plugs = {found[1]: at for name, at in names.items() if (found := _PLUGS.fullmatch(name))}
    powers = {
        found[1] or found[2]: at for name, at in names.items() if (found := _POWERS.fullmatch(name))
    }
    if not plugs or not {"operator", "lat", "lon"} <= place.keys():
        return None
    return _Columns(place, tuple((at, powers.get(number)) for number, at in plugs.items()))


def _points(
    rows: Iterator[tuple[int, list[str]]],
    columns: _Columns,
    rules: TruckPointRules,
    edition: str,
) -> FoundPoints:
    stations = TruckStations(rules)
    for _, cells in rows:
        stations.add(
            Station(
                _station_points(cells, columns),
                _most(columns.text(cells, "station_kw")),
                columns.text(cells, "operator"),
                [columns.text(cells, name) for name in ("label", "place", "beside", "town")],
                _number(columns.text(cells, "lon")),
                _number(columns.text(cells, "lat")),
                _status(columns.text(cells, "status")),
                opening_year(columns.text(cells, "opened")),
            )
        )
    return stations.found(edition)


def _station_points(cells: Sequence[str], columns: _Columns) -> list[tuple[str, float]]:
    """Plugs and power (kW, NaN where not told) of each point of a station."""
    points = []
    for at, power_at in columns.plugs:
        plug = cells[at] if at < len(cells) else ""
        if plug:
            told = cells[power_at] if power_at is not None and power_at < len(cells) else ""
            points.append((plug, _most(told)))
    # A station may have more points than the register has columns for.
    n_told = _number(columns.text(cells, "n_points"))
    n_points = int(n_told) if 0.0 <= n_told <= MOST_POINTS else len(points)
    return points + [("", math.nan)] * (n_points - len(points))


def _most(text: str) -> float:
    """The highest of powers in one cell, kW; NaN without any."""
    found = [_number(part) for part in text.split(";")]
    return max((kw for kw in found if 0.0 < kw <= MOST_KW), default=math.nan)


def _number(text: str) -> float:
    """A number with a decimal comma or point, NaN where it is none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return math.nan


def _status(text: str) -> str:
    """Whether a station stands; words that are not known do not close it."""
    plain = text.strip().casefold()
    if plain == _IN_REPAIR:
        return OPEN
    known = status_of(text)
    return known if known in (CLOSED, PLANNED) else OPEN
