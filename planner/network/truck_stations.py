"""Stations for trucks as registers tell them, gathered one by one."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from planner.network.cleaning import LeftOut
from planner.network.site_status import CLOSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.network.truck_points import TruckPointRules, Why

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
        Rows, or stations, of the file.
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


class Station(NamedTuple):
    """A station as a register tells it.

    Parameters
    ----------
    points : sequence of (str, float)
        Plug and power of each point, kW, NaN where not told.
    station_kw : float
        Power of all its points together, NaN where not told.
    names : sequence of str
        What it and its place are called, the best first.
    """

    points: Sequence[tuple[str, float]]
    station_kw: float
    operator: str
    names: Sequence[str]
    lon: float
    lat: float
    status: str
    opening_year: float = math.nan


class TruckStations:
    """Gathers stations, and counts what is left out of those for trucks."""

    def __init__(self, rules: TruckPointRules) -> None:
        self._rules = rules
        self._taken: list[dict[str, object]] = []
        self._left_out: Counter[str] = Counter()
        self._n_rows = 0
        self._n_guessed = 0

    def add(self, station: Station, told: Why | None = None) -> None:
        """Take a station if it is for trucks: because the file says so, or by the rules."""
        self._n_rows += 1
        plugs = [plug for plug, _ in station.points]
        why = told or self._rules.why(plugs, station.operator, station.names)
        if why is None:
            return
        if not (abs(station.lon) <= 180.0 and abs(station.lat) <= 90.0):
            self._left_out[WITHOUT_PLACE] += 1
            return
        if station.status == CLOSED:
            self._left_out[OUT_OF_USE] += 1
            return
        of_kind: dict[str, list[float]] = {"hpc": [], "lpc": [], "weak": []}
        for plug, told_kw in station.points:
            is_told = not math.isnan(told_kw)
            self._n_guessed += not is_told
            kw = told_kw if is_told else self._guessed_kw(plug, station)
            of_kind[self._rules.kind(kw)].append(kw)
        self._left_out[TOO_WEAK] += len(of_kind["weak"])
        if not (of_kind["hpc"] or of_kind["lpc"]):
            return
        name = next((each.strip() for each in station.names if each.strip()), station.operator)
        self._taken.append(
            {
                "name": name,
                "operator": station.operator,
                "lon": station.lon,
                "lat": station.lat,
                "n_hpc": len(of_kind["hpc"]),
                "n_lpc": len(of_kind["lpc"]),
                "hpc_kw": sum(of_kind["hpc"]),
                "status": station.status,
                "opening_year": station.opening_year,
                "why": why,
            }
        )

    def found(self, edition: str = "") -> FoundPoints:
        """What was gathered."""
        left_out = tuple(LeftOut(what, n) for what, n in sorted(self._left_out.items()) if n)
        table = pd.DataFrame(self._taken, columns=list(POINT_COLUMNS))
        return FoundPoints(table, self._n_rows, edition, left_out, self._n_guessed)

    def _guessed_kw(self, plug: str, station: Station) -> float:
        """Power of a point of which only its station's power, or its plug, is told, kW."""
        if not math.isnan(station.station_kw):
            return station.station_kw / len(station.points)
        return self._rules.hpc_from_kw.value if self._rules.plugs.found_in([plug]) else 0.0
