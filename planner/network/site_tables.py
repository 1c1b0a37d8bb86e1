"""Sites from a table with a row per site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.files.coordinates import LON_LAT, reference_system, refuse_swapped, to_lon_lat
from planner.files.ranges import NOT_NEGATIVE
from planner.files.table_columns import counts, named_columns, numbers, refuse_rows
from planner.files.table_files import MAP_FILES, read_table
from planner.files.table_keys import TableKeys, reading_of
from planner.network.directions import read_direction
from planner.network.grid_units import grid_connections_kw
from planner.network.site_status import read_status
from planner.network.sites import DIRECTION_BOTH, ORIGIN_GIVEN
from planner.network.traffic_side import keeps_left
from planner.said import said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph

USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("site_id", "id", "site_number"),
    "name": ("name", "site_name"),
    "lon": ("lon", "longitude", "lng", "long", "x", "easting"),
    "lat": ("lat", "latitude", "y", "northing"),
    "road": ("road", "motorway", "autobahn", "ref"),
    "direction": ("direction",),
    "off_road_km": ("off_road_km",),
    "parking_spaces": ("parking_spaces", "truck_parking_spaces"),
    "grid_connection_kw": (
        "grid_connection_kw",
        "grid_connection_mw",
        "grid_connection_kva",
        "grid_connection_mva",
        "grid_connection",
    ),
    "max_hpc": ("max_hpc",),
    "existing_hpc": ("existing_hpc",),
    "existing_lpc": ("existing_lpc",),
    "status": ("status", "operational_status", "betriebsstatus", "open", "offen", "in_betrieb"),
    "grid_operator_mv": ("grid_operator_mv", "grid_operator", "dso", "netzbetreiber"),
    "grid_operator_hv": ("grid_operator_hv", "netzbetreiber_hs"),
}
"""Column names that are recognised without a mapping, in this order."""
REQUIRED = ("id", "lon", "lat")
_OPERATORS = ("grid_operator_mv", "grid_operator_hv")
_UNKNOWN = frozenset({"", "unknown", "not known", "nicht bekannt", "unbekannt"})
MAX_COUNT = 10_000
"""No site has more parking spaces or charging points."""
MAX_OFF_ROAD_KM = 20.0
"""Longer ways from the carriageway to the charging points are metres taken for kilometres."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where a file holds what.

    Parameters
    ----------
    columns : mapping
        Which column holds what, where the usual names are not used: keys of :data:`USUAL_NAMES`,
        values as in the file's header.
    sheet : str or None
        Sheet of a spreadsheet (the first by default) or layer of a map file (the only one).
    crs : str or None
        Coordinate system of the columns ``lon`` and ``lat``; degrees (EPSG:4326) by default. A map
        file says its own.
    grid_connection_unit : str or None
        See :func:`~planner.network.grid_units.grid_connections_kw`.
    header_row : int or None
        Row of the header, found by the reader if None.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    crs: str | None = None
    grid_connection_unit: str | None = None
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class TableDefaults:
    """What holds for sites of which the table does not say it.

    Parameters
    ----------
    direction : str
        ``"both"`` or ``"one"``: the carriageways served.
    off_road_km : float
        One-way distance from the carriageway to the charging points, km. Never taken from the snap
        distance: on a schematic network that is the fault of the drawing.
    keeps : {"left", "right"} or None
        Side on which traffic keeps; that of the country where a site lies if None.
    """

    direction: str = DIRECTION_BOTH
    off_road_km: float = 0.3
    keeps: Literal["left", "right"] | None = None


def read_site_table(
    path: Path, layout: TableLayout, defaults: TableDefaults, graph: RoadGraph
) -> pd.DataFrame:
    """Read and check a table of sites.

    Parameters
    ----------
    path : pathlib.Path
        A row per site: CSV (comma, semicolon or tab), Excel workbook (.xlsx), GeoPackage or
        GeoJSON. Map files need no columns for the position.
    graph : RoadGraph
        The network, whose extent tells swapped coordinates.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`~planner.network.site_attachment.PLACE_COLUMNS` and
        :data:`~planner.network.site_attachment.LIMIT_COLUMNS`, grid operators where the file has
        any, ``status`` as
        :func:`~planner.network.site_status.read_status` gives it and ``keeps_left`` (bool), a row
        per site; the index names the rows of the file.

    Raises
    ------
    InputDataError
        If the file is broken, a needed column is missing, an identifier is missing or repeated, a
        value is out of its range or in another unit, or two of them contradict each other.
    """
    where = str(path)
    table = named_columns(_read(path, layout), USUAL_NAMES, where, required=REQUIRED, filled=True)
    return places_of(table, layout, defaults, graph, where)


def places_of(
    table: pd.DataFrame, layout: TableLayout, defaults: TableDefaults, graph: RoadGraph, where: str
) -> pd.DataFrame:
    """Check the rows of a table of sites whose columns have their own names.

    Parameters
    ----------
    table : pandas.DataFrame
        Text by the keys of :data:`USUAL_NAMES`; cells are empty where nothing is said.
    where : str
        The file, for messages.

    Returns
    -------
    pandas.DataFrame
        As of :func:`read_site_table`.

    Raises
    ------
    InputDataError
        As by :func:`read_site_table`.
    """
    lon, lat = _positions(table, layout.crs, graph, where)
    left = keeps_left(lon, lat, defaults.keeps)
    whole = {
        name: _whole_numbers(table, name, where, unit, default)
        for name, unit, default in (
            ("parking_spaces", "spaces", -1),
            ("max_hpc", "points", -1),
            ("existing_hpc", "points", 0),
            ("existing_lpc", "points", 0),
        )
    }
    _refuse_contradictions(table, whole, where)
    grid_kw = connections_of(table, layout.grid_connection_unit, where)
    # A column of operators that says nothing is none: results by operator need one.
    operators = {name: _operators(table[name]) for name in _OPERATORS}
    told = {name: values for name, values in operators.items() if any(values)}
    return pd.DataFrame(
        {
            "site_id": _identifiers(table, where),
            "name": table["name"].fillna(table["id"]).to_numpy(dtype=object),
            "road": table["road"].fillna("").to_numpy(dtype=object),
            "lon": lon,
            "lat": lat,
            "direction": _directions(table, defaults.direction, left, where),
            "off_road_km": _off_road_km(table, defaults.off_road_km, where),
            "grid_connection_kw": grid_kw,
            **whole,
            "status": read_status(table, where),
            "keeps_left": left,
            "origin": ORIGIN_GIVEN,
            **told,
        },
        index=table.index,
    )


def connections_of(table: pd.DataFrame, unit: str | None, where: str) -> NDArray[np.float64]:
    """Grid connections of the rows of a table of sites, kW; NaN where a cell is empty.

    Raises
    ------
    InputDataError
        If a cell is none, or the unit cannot be meant.
    """
    grid = _at_least_zero(table, "grid_connection_kw", where, unit or "kW", np.nan)
    header = reading_of(table).headers.get("grid_connection_kw", "")
    return grid_connections_kw(grid, header, unit, where)


def _read(path: Path, layout: TableLayout) -> pd.DataFrame:
    """The file's cells as text; the index names its rows."""
    kind = path.suffix.lower()
    if kind in MAP_FILES and layout.crs is not None:
        msg = said(
            "{path}: a map file says its own coordinate system; leave out sites.crs.",
            path=str(path),
        )
        raise InputDataError(msg)
    keys = TableKeys("sites", layout.sheet, layout.header_row, layout.columns)
    return read_table(path, keys, with_places=True)


def _operators(said: pd.Series) -> NDArray[np.object_]:
    """Names without blanks around them, also hard ones; empty where none is known."""
    names = said.fillna("").astype(str).str.strip()
    return names.mask(names.str.casefold().isin(_UNKNOWN), "").to_numpy(dtype=object)


def _identifiers(table: pd.DataFrame, where: str) -> NDArray[np.object_]:
    refuse_rows(table, table["id"].isna().to_numpy(), where, "every site needs an id, found none")
    twice = table["id"].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, where, "ids must be unique, found repeated ones")
    return table["id"].to_numpy(dtype=object)


def _positions(
    table: pd.DataFrame, crs: str | None, graph: RoadGraph, where: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    unit = "degrees" if crs is None else crs
    lon = numbers(table, "lon", where, unit)
    lat = numbers(table, "lat", where, unit)
    refuse_rows(
        table, np.isnan(lon) | np.isnan(lat), where, "every site needs lon and lat, found none"
    )
    if crs is not None and crs != LON_LAT:
        lon, lat = to_lon_lat(lon, lat, reference_system(crs, "sites.crs"), where)
    swapped = ~_near(lon, lat, graph) & _near(lat, lon, graph)
    refuse_rows(
        table,
        swapped,
        where,
        "lon and lat look swapped: the other way round they lie on the network",
    )
    if crs is None or crs == LON_LAT:
        refuse_swapped(lon, lat, (graph.lon, graph.lat), where, "sites")
    outside = (np.abs(lon) > 180.0) | (np.abs(lat) > 90.0)
    refuse_rows(
        table,
        outside,
        where,
        "projected coordinates need sites.crs; lon must be -180 to 180, lat -90 to 90 degrees",
    )
    return lon, lat


def _near(x: NDArray[np.float64], y: NDArray[np.float64], graph: RoadGraph) -> NDArray[np.bool_]:
    """Whether points lie in the network's extent, widened by a degree."""
    in_x = (x >= graph.lon.min() - 1.0) & (x <= graph.lon.max() + 1.0)
    in_y = (y >= graph.lat.min() - 1.0) & (y <= graph.lat.max() + 1.0)
    return np.asarray(in_x & in_y)


def _directions(
    table: pd.DataFrame, default: str, left: NDArray[np.bool_], where: str
) -> NDArray[np.object_]:
    said = table["direction"].fillna(default)
    known = pd.Series(
        [read_direction(text, keeps_left=keeps) for text, keeps in zip(said, left, strict=True)],
        dtype=object,
    )
    expected = (
        "direction must be both, one, a side (north, Nord, SE), or a heading (northbound, 270)"
    )
    refuse_rows(table, known.isna().to_numpy(), where, expected)
    return known.to_numpy(dtype=object)


def _off_road_km(table: pd.DataFrame, default: float, where: str) -> NDArray[np.float64]:
    distance_km = _at_least_zero(table, "off_road_km", where, "km", default)
    too_far = said(
        "off_road_km must be at most {most} km; it looks like metres", most=MAX_OFF_ROAD_KM
    )
    refuse_rows(table, distance_km > MAX_OFF_ROAD_KM, where, too_far)
    return distance_km


def _whole_numbers(
    table: pd.DataFrame, column: str, where: str, unit: str, default: int
) -> NDArray[np.int64]:
    found = counts(table, column, where, unit, MAX_COUNT)
    return np.where(np.isnan(found), default, found).astype(np.int64)


def _refuse_contradictions(
    table: pd.DataFrame, counts: Mapping[str, NDArray[np.int64]], where: str
) -> None:
    for existing, most in (("existing_hpc", "max_hpc"), ("existing_lpc", "parking_spaces")):
        too_many = (counts[most] >= 0) & (counts[existing] > counts[most])
        refuse_rows(
            table,
            too_many,
            where,
            said("{existing} must not be more than {most}", existing=existing, most=most),
        )


def _at_least_zero(
    table: pd.DataFrame, column: str, where: str, unit: str, default: float
) -> NDArray[np.float64]:
    values = numbers(table, column, where, unit)
    NOT_NEGATIVE.scaled(1.0, unit).check(table, column, values, where, may_be_empty=True)
    return np.where(np.isnan(values), default, values)
