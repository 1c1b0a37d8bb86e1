"""Sites from a table with a row per site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.network.csv_tables import numbers, read_text_table, refuse_rows, require_columns
from planner.network.sites import DIRECTION_BOTH
from planner.network.snapping import DIRECTION_ONE, SIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("site_id", "id", "site_number"),
    "name": ("name", "site_name"),
    "lon": ("lon", "longitude", "lng", "long"),
    "lat": ("lat", "latitude"),
    "road": ("road", "motorway", "autobahn", "ref"),
    "direction": ("direction",),
    "off_road_km": ("off_road_km",),
    "parking_spaces": ("parking_spaces", "truck_parking_spaces"),
    "grid_connection_kw": ("grid_connection_kw",),
}
"""Column names that are recognised without a mapping, in this order."""
REQUIRED = ("id", "lon", "lat")
_SIDE_OF = {
    **{side: side for side in SIDES},
    **{side[0]: side for side in SIDES},
    DIRECTION_BOTH: DIRECTION_BOTH,
    DIRECTION_ONE: DIRECTION_ONE,
}

_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": read_text_table,
    ".tsv": read_text_table,
    ".txt": read_text_table,
}
"""Reader of each file type: text cells, index named after what a row is called."""


@dataclass(frozen=True, slots=True)
class TableDefaults:
    """What holds for sites of which the table does not say it.

    Parameters
    ----------
    direction : str
        ``"both"`` or ``"one"``: the carriageways served.
    off_road_km : float
        One-way distance from the carriageway to the plugs, km. Never taken from the snap distance:
        on a schematic network that is the fault of the drawing.
    """

    direction: str = DIRECTION_BOTH
    off_road_km: float = 0.3


def read_site_table(
    path: Path, columns: Mapping[str, str], defaults: TableDefaults, graph: RoadGraph
) -> pd.DataFrame:
    """Read and check a table of sites.

    Parameters
    ----------
    path : pathlib.Path
        CSV file (comma, semicolon or tab) with a row per site.
    columns : mapping
        Which column holds what: keys of :data:`USUAL_NAMES`, values as in the file's header.
    defaults : TableDefaults
        What holds where the table is silent.
    graph : RoadGraph
        The network, whose extent tells swapped coordinates.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`~planner.network.site_attachment.PLACE_COLUMNS`, a row per site; the index
        names the rows of the file.

    Raises
    ------
    InputDataError
        If the file is broken, a needed column is missing, an identifier is missing or repeated, or
        a value is out of its range.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        msg = f"{path}: expected a table as {', '.join(_READERS)}, found {path.suffix!r}."
        raise InputDataError(msg)
    where = str(path)
    table = _known_columns(reader(path), columns, where)
    lon, lat = _positions(table, graph, where)
    return pd.DataFrame(
        {
            "site_id": _identifiers(table, where),
            "name": table["name"].fillna(table["id"]).to_numpy(dtype=object),
            "road": table["road"].fillna("").to_numpy(dtype=object),
            "lon": lon,
            "lat": lat,
            "direction": _directions(table, defaults.direction, where),
            "off_road_km": _at_least_zero(table, "off_road_km", where, "km", defaults.off_road_km),
            "parking_spaces": _parking_spaces(table, where),
            "grid_connection_kw": _at_least_zero(table, "grid_connection_kw", where, "kW", np.nan),
        },
        index=table.index,
    )


def _known_columns(table: pd.DataFrame, columns: Mapping[str, str], where: str) -> pd.DataFrame:
    """The table with the columns named as in USUAL_NAMES, empty where the file has none."""
    unknown = [key for key in columns if key not in USUAL_NAMES]
    if unknown:
        msg = (
            f"{where}: sites.columns may name {', '.join(USUAL_NAMES)}; found {', '.join(unknown)}."
        )
        raise InputDataError(msg)
    require_columns(table, columns.values(), where)
    by_lower = {str(name).lower(): name for name in reversed(table.columns)}
    chosen = {
        key: next((by_lower[name] for name in usual if name in by_lower), None)
        for key, usual in USUAL_NAMES.items()
    } | dict(columns)
    missing = [USUAL_NAMES[key][0] for key in REQUIRED if chosen[key] is None]
    require_columns(table, missing, f"{where} (or name the columns under sites.columns)")
    return pd.DataFrame(
        {key: None if name is None else table[name] for key, name in chosen.items()},
        index=table.index,
        dtype=object,
    )


def _identifiers(table: pd.DataFrame, where: str) -> NDArray[np.object_]:
    refuse_rows(table, table["id"].isna().to_numpy(), where, "every site needs an id, found none")
    twice = table["id"].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, where, "ids must be unique, found repeated ones")
    return table["id"].to_numpy(dtype=object)


def _positions(
    table: pd.DataFrame, graph: RoadGraph, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon = numbers(table, "lon", where, "degrees")
    lat = numbers(table, "lat", where, "degrees")
    refuse_rows(
        table, np.isnan(lon) | np.isnan(lat), where, "every site needs lon and lat, found none"
    )
    swapped = ~_near(lon, lat, graph) & _near(lat, lon, graph)
    refuse_rows(
        table,
        swapped,
        where,
        "lon and lat look swapped: the other way round they lie on the network",
    )
    outside = (np.abs(lon) > 180.0) | (np.abs(lat) > 90.0)
    refuse_rows(table, outside, where, "lon must be -180 to 180, lat -90 to 90 degrees")
    return lon, lat


def _near(x: NDArray[np.float64], y: NDArray[np.float64], graph: RoadGraph) -> NDArray[np.bool_]:
    """Whether points lie in the network's extent, widened by a degree."""
    in_x = (x >= graph.lon.min() - 1.0) & (x <= graph.lon.max() + 1.0)
    in_y = (y >= graph.lat.min() - 1.0) & (y <= graph.lat.max() + 1.0)
    return np.asarray(in_x & in_y)


def _directions(table: pd.DataFrame, default: str, where: str) -> NDArray[np.object_]:
    given = table["direction"].fillna(default).str.lower()
    known = given.map(_SIDE_OF)
    expected = f"direction must be {', '.join(dict.fromkeys(_SIDE_OF.values()))}"
    refuse_rows(table, known.isna().to_numpy(), where, expected)
    return known.to_numpy(dtype=object)


def _parking_spaces(table: pd.DataFrame, where: str) -> NDArray[np.int64]:
    spaces = _at_least_zero(table, "parking_spaces", where, "spaces", -1.0)
    refuse_rows(table, spaces != np.round(spaces), where, "parking_spaces must be whole numbers")
    return spaces.astype(np.int64)


def _at_least_zero(
    table: pd.DataFrame, column: str, where: str, unit: str, default: float
) -> NDArray[np.float64]:
    values = numbers(table, column, where, unit)
    refuse_rows(table, values < 0.0, where, f"{column} must be at least 0 {unit}")
    return np.where(np.isnan(values), default, values)
