"""Points for trucks in the federal charging register, in today's layout and older ones."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from planner.errors import InputDataError
from planner.files.csv_tables import text_rows
from planner.files.table_files import TEXT_FILES
from planner.network.cleaning import LeftOut
from planner.network.site_status import CLOSED, OPEN, PLANNED, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from planner.network.truck_points import TruckPointRules

POINT_COLUMNS = (
    "name",
    "operator",
    "lon",
    "lat",
    "n_hpc",
    "n_lpc",
    "hpc_kw",
    "status",
    "opening_year",
    "why",
)
"""What is known of points at one place; ``hpc_kw`` is the power of all its high-power points."""
_NAMES = {
    "operator": ("Betreiber",),
    "label": ("Anzeigename (Karte)",),
    "place": ("Standortbezeichnung",),
    "beside": ("Adresszusatz",),
    "street": ("Straße", "Strasse"),
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
MOST_KW = 20_000.0
"""No point gives more: such a figure is of another unit, or of none."""
MOST_POINTS = 1000
"""No station has more points."""
WITHOUT_PLACE = "stations for trucks without a position"
TOO_WEAK = "points of stations for trucks that give less than an overnight point"
OUT_OF_USE = "stations for trucks that are out of use"


@dataclass(frozen=True, slots=True)
class FoundPoints:
    """Points for trucks of a file.

    Parameters
    ----------
    table : DataFrame
        :data:`POINT_COLUMNS`, a row per place.
    n_rows : int
        Rows of the file.
    edition : str
        When it was published, as it says; empty where it does not.
    left_out : tuple of LeftOut
        What is for trucks and not taken.
    n_guessed : int
        Points of whose power the file says nothing, taken by their plug or their station's power.
    """

    table: pd.DataFrame
    n_rows: int
    edition: str = ""
    left_out: tuple[LeftOut, ...] = ()
    n_guessed: int = 0


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
            msg = (
                f"{path}: expected a table, found a web page in row {number}: the server sends one "
                "where an edition of the register is gone. Fetch the file of this month."
            )
            raise InputDataError(msg)
        columns = _columns(cells)
        if columns is not None:
            told = _EDITION.search(" ".join(above))
            return _points(rows, columns, rules, told[1] if told else "")
        above += cells
    return None


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
    taken: list[dict[str, object]] = []
    left_out: Counter[str] = Counter()
    n_rows = n_guessed = 0
    for _, cells in rows:
        n_rows += 1
        points = _station_points(cells, columns)
        names = [columns.text(cells, name) for name in ("label", "place", "beside")]
        operator = columns.text(cells, "operator")
        why = rules.why([plug for plug, _ in points], operator, names)
        if why is None:
            continue
        lon, lat = (_number(columns.text(cells, name)) for name in ("lon", "lat"))
        status = _status(columns.text(cells, "status"))
        if not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
            left_out[WITHOUT_PLACE] += 1
            continue
        if status == CLOSED:
            left_out[OUT_OF_USE] += 1
            continue
        of_kind: dict[str, list[float]] = {"hpc": [], "lpc": [], "weak": []}
        for plug, told_kw in points:
            power_kw = told_kw
            if math.isnan(told_kw):
                n_guessed += 1
                power_kw = _guessed_kw(cells, columns, plug, len(points), rules)
            of_kind[rules.kind(power_kw)].append(power_kw)
        left_out[TOO_WEAK] += len(of_kind["weak"])
        if not (of_kind["hpc"] or of_kind["lpc"]):
            continue
        name = names[0] or " ".join(columns.text(cells, part) for part in ("street", "town"))
        taken.append(
            {
                "name": name.strip() or operator,
                "operator": operator,
                "lon": lon,
                "lat": lat,
                "n_hpc": len(of_kind["hpc"]),
                "n_lpc": len(of_kind["lpc"]),
                "hpc_kw": sum(of_kind["hpc"]),
                "status": status,
                "opening_year": opening_year(columns.text(cells, "opened")),
                "why": why,
            }
        )
    told_out = tuple(LeftOut(what, n) for what, n in sorted(left_out.items()) if n)
    table = pd.DataFrame(taken, columns=list(POINT_COLUMNS))
    return FoundPoints(table, n_rows, edition, told_out, n_guessed)


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


def _guessed_kw(
    cells: Sequence[str], columns: _Columns, plug: str, n_points: int, rules: TruckPointRules
) -> float:
    """Power of a point of which only its station's power, or its plug, is told, kW."""
    station_kw = _most(columns.text(cells, "station_kw"))
    if not math.isnan(station_kw):
        return station_kw / n_points
    return rules.hpc_from_kw.value if rules.plugs.found_in([plug]) else 0.0


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
