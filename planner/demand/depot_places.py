"""The depots of a scenario: where they stand, how many trucks they have, and their studies."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from planner.errors import InputDataError, ScenarioError
from planner.files.coordinates import refuse_swapped
from planner.files.row_names import row_list
from planner.files.table_columns import (
    counts,
    named_columns,
    numbers,
    plain_numbers,
    require_columns,
)
from planner.files.table_files import read_table
from planner.network.named_nodes import find_nodes
from planner.said import joined, meant, said, with_points
from planner.scenario.depot_model import DepotScenario, load_depot
from planner.scenario.national_depots import (
    CHANGE_PREFIX,
    MAX_TRUCKS,
    DepotPlace,
    NationalDepots,
    depot_study_file,
)
from planner.scenario.yaml_files import validated
from planner.scenario.yaml_values import parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.scenario.table_sections import FurtherTable


_COLUMNS = {name: (name,) for name in ("id", "trucks", "lon", "lat", "node", "study")}
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class DepotInPlan:
    """A depot of a plan.

    Parameters
    ----------
    study : DepotScenario
        The study, with what is different at this depot.
    """

    place: DepotPlace
    file: Path
    study: DepotScenario


def read_depot_places(settings: NationalDepots) -> tuple[DepotInPlan, ...]:
    """Depots of a scenario with their studies.

    Parameters
    ----------
    settings : NationalDepots
        The section ``depots``.

    Returns
    -------
    tuple of DepotInPlan
        In the order of the list or the table.

    Raises
    ------
    InputDataError
        If the table is not one of depots.
    ScenarioError
        If a depot's study is not valid, with the faults of all depots at once.
    """
    places = settings.places if settings.table is None else _of_table(settings.table, settings)
    found, faults = [], []
    for place in places:
        file = place.study or settings.study
        if file is None:
            lacks = "{depot}: missing study; set it there, or depots.study for all"
            faults.append(said(lacks, depot=place.id))
            continue
        try:
            study = load_depot(file, [f"{key}={_yaml(to)}" for key, to in place.changes.items()])
        except ScenarioError as error:
            faults += [joined((place.id, error.where, fault), ": ") for fault in error.faults]
            continue
        found.append(DepotInPlan(place, file, study))
    if faults:
        raise ScenarioError(
            faults, "depots" if settings.table is None else str(settings.table.path)
        )
    return tuple(found)


def _yaml(value: object) -> str:
    """A plain value as YAML reads it back: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _cell_value(cell: str, where: str) -> object:
    """What stands in a cell, as YAML reads it; but a time of day is no number to the base 60."""
    return cell if _TIME_OF_DAY.fullmatch(cell) else parse_yaml(cell, where)


def _of_table(file: FurtherTable, settings: NationalDepots) -> tuple[DepotPlace, ...]:
    path = file.path
    where = str(path)
    found = read_table(path, file.table_keys("depots.table"), with_places=True)
    table = named_columns(
        found, _COLUMNS, where, required=("id", "trucks"), kept=CHANGE_PREFIX, columns=file.columns
    )
    by_node = "node" in table.columns
    coordinates = () if by_node else ("lon", "lat")
    require_columns(table, coordinates, where, "depots.table.columns")
    n_trucks = counts(table, "trucks", where, "trucks", MAX_TRUCKS)
    changes = {
        str(name): plain_numbers(table, name, where)
        for name in table.columns
        if name.startswith(CHANGE_PREFIX)
    }
    table = table.assign(**changes)
    values = {name: numbers(table, name, where, "degrees") for name in coordinates}
    rows: list[dict[str, Any]] = []
    for position, (row, cells) in enumerate(table.iterrows()):
        given = {str(name): cell for name, cell in cells.dropna().items()}
        at = f"{where}, {table.index.name or 'row'} {row}"
        entry: dict[str, Any] = {
            "id": given.get("id", ""),
            "trucks": _number(n_trucks[position]),
            "changes": {
                name: _cell_value(str(cell), f"{at}, {name}")
                for name, cell in given.items()
                if name.startswith(CHANGE_PREFIX)
            },
        }
        entry |= {name: _number(of_column[position]) for name, of_column in values.items()}
        if by_node:
            entry["node"] = given.get("node")
        if "study" in given:
            entry["study"] = _study_file(str(given["study"]), path.parent, at)
        rows.append(entry)
    if not rows:
        msg = said("{where}: expected a row per depot; found none", where=where)
        raise InputDataError(msg)
    places = validated(TypeAdapter(tuple[DepotPlace, ...]), rows, f"{where} (rows from 0)", {})
    _refuse_repeated(table, where)
    if settings.study is None:
        _refuse_without_study(places, where)
    return places


def _number(value: float) -> float | int | None:
    if np.isnan(value):
        return None
    return int(value) if value == int(value) else float(value)


def _study_file(named: str, folder: Path, at: str) -> Path:
    try:
        return depot_study_file(named, folder)
    except ValueError as error:
        msg = said("{at}: expected {error}", at=at, error=str(error.args[0]))
        raise InputDataError(msg) from None


def _refuse_repeated(table: pd.DataFrame, where: str) -> None:
    repeated = table["id"][table["id"].duplicated()]
    if len(repeated):
        msg = said(
            "{where}: expected each depot once; found {depot} again in {rows}",
            where=where,
            depot=repr(repeated.iloc[0]),
            rows=row_list(repeated.index[:1], kind=str(table.index.name or "row")),
        )
        raise InputDataError(msg)


def _refuse_without_study(places: tuple[DepotPlace, ...], where: str) -> None:
    without = [place.id for place in places if place.study is None]
    if without:
        msg = said(
            "{where}: expected a depot study for each depot; found none for {without}; add a "
            "column study, or set depots.study for all",
            where=where,
            without=without[0],
        )
        raise InputDataError(msg)


def depot_positions(
    depots: tuple[DepotInPlan, ...], graph: RoadGraph
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where depots stand.

    Parameters
    ----------
    graph : RoadGraph
        Roads, for those that stand at a node.

    Returns
    -------
    lon, lat : (n_depots,) float64
        Degrees, EPSG:4326.

    Raises
    ------
    InputDataError
        If a node is not one of the network, or longitude and latitude are swapped.
    """
    # A depot may stand at a node that the graph has no more: its place is all that counts.
    nodes = find_nodes(graph, [depot.place.node or "" for depot in depots])
    lon, lat, faults = [], [], []
    for idx, depot in enumerate(depots):
        place = depot.place
        if place.node is None:
            lon.append(place.lon)
            lat.append(place.lat)
        elif not np.isnan(nodes.lon[idx]):
            lon.append(nodes.lon[idx])
            lat.append(nodes.lat[idx])
        else:
            found = said(
                "{depot}: found node {node}{hint}",
                depot=place.id,
                node=repr(place.node),
                hint=meant(place.node, graph.node_id),
            )
            faults.append(found)
    if faults:
        told = with_points(said("depots: expected nodes of the road network:"), faults)
        raise InputDataError(joined((told, said("Or give lon and lat instead.")), "\n"))
    lon_deg, lat_deg = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    refuse_swapped(lon_deg, lat_deg, (graph.lon, graph.lat), "depots", "depots")
    return lon_deg, lat_deg
