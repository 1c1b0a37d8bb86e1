"""Where the zones of an OD table lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from planner.demand.surroundings import TripEnds
from planner.errors import InputDataError
from planner.files.coordinates import refuse_swapped
from planner.files.table_columns import named_columns, numbers, refuse_rows, require_columns
from planner.files.table_files import read_table
from planner.network.named_nodes import find_nodes
from planner.said import said, set_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.scenario.table_sections import FurtherTable

WKT_COLUMN = "Geometric_center"
COLUMNS = {
    "zone": ("zone", "ETISPlus_Zone_ID"),
    "node_id": ("node_id",),
    "lon": ("lon", "Geometric_center_X", "longitude"),
    "lat": ("lat", "Geometric_center_Y", "latitude"),
    "middle": (WKT_COLUMN,),
    "abroad_km": ("abroad_km",),
    # For people: nothing is computed from these.
    "name": ("name",),
    "kind": ("kind",),
    "inhabitants_million": ("inhabitants_million",),
}
"""Columns of a table of zones, and the names that are recognised without being told."""
N_EXAMPLES = 10
MOST_ABROAD_KM = 10_000.0


@dataclass(frozen=True, slots=True)
class ZonePlaces:
    """Where the zones of an OD table lie.

    Parameters
    ----------
    ends : TripEnds
        Places, (n_places,) each.
    abroad_km : (n_places,) float64
        What trips drive beyond the place, km: above 0 for zones abroad that the table ties to the
        node of a border crossing.
    """

    ends: TripEnds
    abroad_km: NDArray[np.float64]


def places_of(
    names: NDArray[np.object_], zones: FurtherTable | None, graph: RoadGraph, where: str
) -> ZonePlaces:
    """Places of the names that an OD table uses.

    Parameters
    ----------
    names : (n_places,) object
        Zones, or nodes of the graph where there is no file of zones.
    zones : FurtherTable or None
        Table with a row per zone: its name, and its ``node_id`` or its
        middle in degrees (``lon``/``lat``, ``Geometric_center_X``/``_Y``, or
        ``Geometric_center`` as ``POINT (lon lat)``). ``02_NUTS-3-Regions.csv`` of the European
        truck-flow data set is such a file. Beside ``node_id`` it may have ``abroad_km``: how far
        trips go on beyond that node, empty or 0 for a zone on the network.

    Raises
    ------
    InputDataError
        If a name is not known, or the file of zones is broken.
    """
    if zones is None:
        nodes = find_nodes(graph, names)
        hint = nodes.hint or (
            "use the table that belongs to the network, place its zones with demand.zones, or "
            "delete these rows"
        )
        _refuse_unknown(names, nodes.is_unknown, where, _nodes_such_as(graph), hint)
        ends = TripEnds(nodes.lon, nodes.lat, nodes.node_idx)
        return ZonePlaces(ends, np.zeros(len(names)))
    found = read_table(zones.path, zones.table_keys("demand.zones"))
    table = named_columns(found, COLUMNS, str(zones.path), required=("zone",))
    twice = table["zone"].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, str(zones.path), "zones must be unique")
    row = pd.Index(table["zone"]).get_indexer(pd.Index(names))
    _refuse_unknown(
        names,
        row < 0,
        where,
        said("zones of {file}", file=zones.path.name),
        "add them to that file",
    )
    ends = _middle(str(zones.path), table, graph)
    here = TripEnds(ends.lon[row], ends.lat[row], ends.node_idx[row])
    return ZonePlaces(here, _abroad_km(str(zones.path), table)[row])


def _abroad_km(where: str, table: pd.DataFrame) -> NDArray[np.float64]:
    """How far trips go on beyond the node of each zone, km."""
    if "abroad_km" not in table:
        return np.zeros(len(table))
    require_columns(
        table, ("node_id",), said("{where} (abroad_km counts from a node)", where=where)
    )
    abroad_km = np.nan_to_num(numbers(table, "abroad_km", where, "km"))
    possible = (abroad_km >= 0.0) & (abroad_km <= MOST_ABROAD_KM)
    rule = said("abroad_km must be from 0 to {most}", most=MOST_ABROAD_KM)
    refuse_rows(table, ~possible, where, rule)
    return abroad_km


def _middle(where: str, table: pd.DataFrame, graph: RoadGraph) -> TripEnds:
    if "node_id" in table:
        nodes = find_nodes(graph, table["node_id"])
        expected = said(
            "node_id must be one of {nodes}{hint}",
            nodes=_nodes_such_as(graph),
            hint=set_off(nodes.hint, "; "),
        )
        refuse_rows(table, nodes.is_unknown, where, expected)
        return TripEnds(nodes.lon, nodes.lat, nodes.node_idx)
    if "middle" in table:
        lon, lat = _points(table, where)
    else:
        require_columns(
            table, ("lon", "lat"), said("{where} (node_id would do as well)", where=where)
        )
        lon, lat = (numbers(table, name, where, "degrees") for name in ("lon", "lat"))
    refuse_swapped(lon, lat, (graph.lon, graph.lat), where, "zones")
    on_globe = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    refuse_rows(table, ~on_globe, where, "the middle of a zone must lie on the globe (lon, lat)")
    return TripEnds(lon, lat, np.full(len(table), -1, dtype=np.int32))


def _points(table: pd.DataFrame, where: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    points = shapely.from_wkt(table["middle"].to_numpy(object), on_invalid="ignore")
    is_point = shapely.get_type_id(points) == shapely.GeometryType.POINT
    refuse_rows(
        table, ~is_point, where, said("{column} must be POINT (lon lat)", column=WKT_COLUMN)
    )
    return shapely.get_x(points), shapely.get_y(points)


def _nodes_such_as(graph: RoadGraph) -> str:
    return said("node ids of the road graph (such as {node})", node=repr(graph.node_id[0]))


def _refuse_unknown(
    names: NDArray[np.object_], unknown: NDArray[np.bool_], where: str, expected: str, hint: str
) -> None:
    if unknown.any():
        listed = ", ".join(repr(name) for name in sorted(names[unknown])[:N_EXAMPLES])
        more = ", ..." if unknown.sum() > N_EXAMPLES else ""
        count = int(unknown.sum())
        msg = said(
            "{where}: expected {expected}; {count} unknown ids: {listed}{more}; {hint}",
            where=where,
            expected=expected,
            count=str(count),
            listed=listed,
            more=more,
            hint=hint,
        )
        raise InputDataError(msg)
