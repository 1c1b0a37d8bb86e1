"""Columns of foreign tables that say what roads are like: names, units, directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import InputDataError
from planner.files.ranges import ARC_KM, FREE_SPEED_KMH
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_keys import reading_of
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

NODE_NAMES: dict[str, tuple[str, ...]] = {
    "node_id": ("node_id", "id"),
    "name": ("name", "node_name"),
    "x": ("lon", "longitude", "x"),
    "y": ("lat", "latitude", "y"),
}
"""Columns of a table of nodes, and the names that are recognised without a mapping."""
END_NAMES: dict[str, tuple[str, ...]] = {
    "from_node": ("from_node_id", "from_node", "from", "source"),
    "to_node": ("to_node_id", "to_node", "to", "target"),
}
"""Columns that say where an arc begins and ends."""
ROAD_NAMES: dict[str, tuple[str, ...]] = {
    "length": ("length_km",),
    "free_speed": ("free_speed_kmh",),
    "road": ("road", "ref"),
    "oneway": ("oneway",),
    "tent_class": ("tent_class",),
}
"""Columns that say what a road is like; lines may lack them all, arcs need a length."""
KM_PER = {"km": 1.0, "m": 0.001, "mi": 1.609344}
KMH_PER = {"km/h": 1.0, "m/s": 3.6, "mph": 1.609344}
_BOTH, _ALONG, _AGAINST = (True, True), (True, False), (False, True)
ONEWAY_VALUES = {
    **dict.fromkeys(("no", "false", "0", "b", "both"), _BOTH),
    **dict.fromkeys(("yes", "true", "1", "f", "ft", "forward"), _ALONG),
    **dict.fromkeys(("-1", "t", "tf", "reverse", "backward"), _AGAINST),
}
"""Directions in which a road may be driven, along and against the drawn one, by value of the
``oneway`` column in lower case: those of OpenStreetMap, Geofabrik (F, T, B) and TomTom (FT, TF)."""


@dataclass(frozen=True, slots=True)
class RoadColumns:
    """How the columns of a table are to be read.

    Parameters
    ----------
    columns : mapping of str to str
        Which column holds what: keys of :data:`NODE_NAMES`, :data:`END_NAMES` and
        :data:`ROAD_NAMES`, values as in the file.
    length_unit : str
        Key of :data:`KM_PER`.
    speed_unit : str
        Key of :data:`KMH_PER`.
    free_speed_kmh : float
        Free speed where no column states one, km/h.
    two_way : bool
        Whether a road of which no column says so may be driven both ways.
    """

    columns: Mapping[str, str]
    length_unit: str
    speed_unit: str
    free_speed_kmh: float
    two_way: bool

    def check(self, known: Mapping[str, tuple[str, ...]]) -> None:
        """Refuse a mapping of columns that nobody will read.

        Raises
        ------
        InputDataError
            If a key is not among the known ones.
        """
        unknown = [key for key in self.columns if key not in known]
        if unknown:
            msg = said(
                "network.columns may name {listed}; found {found}.",
                listed=", ".join(known),
                found=", ".join(unknown),
            )
            raise InputDataError(msg)

    def chosen(
        self,
        table: pd.DataFrame,
        known: Mapping[str, tuple[str, ...]],
        required: Sequence[str],
        where: str,
    ) -> pd.DataFrame:
        """The table with its columns named as the planner calls them, empty where it has none.

        Parameters
        ----------
        table : pandas.DataFrame
            Text as in the file.
        known : mapping of str to tuple of str
            Columns to take, and the names that are recognised without a mapping.
        required : sequence of str
            Those of them that must be there.

        Raises
        ------
        InputDataError
            If a column that is required or mapped is missing.
        """
        told = {**self.columns, **reading_of(table).keys.columns}
        mapped = {key: name for key, name in told.items() if key in known}
        return named_columns(table, known, where, required=required, columns=mapped, filled=True)

    def lengths_km(self, roads: pd.DataFrame, where: str) -> NDArray[np.float64]:
        """Length of each road, km; NaN where none is stated.

        Raises
        ------
        InputDataError
            If a cell is no number or impossible.
        """
        length = numbers(roads, "length", where, self.length_unit)
        km_per_unit = KM_PER[self.length_unit]
        possible = ARC_KM.scaled(km_per_unit, self.length_unit)
        possible.check(roads, "length", length, where, may_be_empty=True)
        return length * km_per_unit

    def speeds_kmh(self, roads: pd.DataFrame, where: str) -> NDArray[np.float64]:
        """Free speed of each road, km/h.

        Raises
        ------
        InputDataError
            If a cell is no number or impossible.
        """
        speed = numbers(roads, "free_speed", where, self.speed_unit)
        kmh_per_unit = KMH_PER[self.speed_unit]
        possible = FREE_SPEED_KMH.scaled(kmh_per_unit, self.speed_unit)
        possible.check(roads, "free_speed", speed, where, may_be_empty=True)
        return np.where(np.isnan(speed), self.free_speed_kmh, speed * kmh_per_unit)

    def directions(
        self, roads: pd.DataFrame, where: str
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether each road may be driven along, and against, the order or drawing of its ends.

        Raises
        ------
        InputDataError
            If a cell is none of :data:`ONEWAY_VALUES`.
        """
        default = "no" if self.two_way else "yes"
        value = roads["oneway"].fillna(default).str.lower()
        known = value.isin(list(ONEWAY_VALUES)).to_numpy()
        refuse_rows(
            roads, ~known, where, said("oneway must be one of {values}", values=list(ONEWAY_VALUES))
        )
        both = np.array([ONEWAY_VALUES[text] for text in value], dtype=bool).reshape(-1, 2)
        return both[:, 0], both[:, 1]
