"""Sites added to those of a study, and grid connections that are other ones, from a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.files.spreadsheet_texts import unmarked_text
from planner.files.table_columns import named_columns, numbers, refuse_rows
from planner.files.table_files import read_table
from planner.network.grid_limits import hpc_carried_by_grid
from planner.network.site_attachment import snap_sites
from planner.network.site_tables import (
    USUAL_NAMES,
    TableDefaults,
    TableLayout,
    connections_of,
    places_of,
)
from planner.said import counted, meant, said

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.graph import RoadGraph
    from planner.network.sites import Sites

MAX_SNAP_KM = 10.0
"""Farthest that an added site may lie from its road, km."""
ADDED_COLUMNS = ("name", "road", "lon", "lat", "direction", "off_road_km")
"""What is told of an added site beside its key and its grid connection."""

_KEY, _GRID = "id", "grid_connection_kw"
_NUMBERS = (("lon", "degrees"), ("lat", "degrees"), ("off_road_km", "km"))
_KNOWN = {name: USUAL_NAMES[name] for name in (_KEY, *ADDED_COLUMNS, _GRID)}


def with_site_changes(
    path: Path, sites: Sites, graph: RoadGraph, point_kw: float | None
) -> tuple[Sites, tuple[str, ...]]:
    """Sites with those that a table adds and the grid connections that it sets.

    Parameters
    ----------
    path : pathlib.Path
        A row per added site or other connection: CSV, Excel, Parquet or a map file.
    sites : Sites
        Sites of the study.
    point_kw : float or None
        Power of a high-power point, kW: a site may have as many as a connection carries that the
        table sets. None where all connections limit points anyway.

    Returns
    -------
    Sites
        The same sites in their order, and those that are added after them.
    tuple of str
        What was changed.

    Raises
    ------
    InputDataError
        If the table is broken, names a site twice, says of one of the study more than its
        connection, or adds one that lies near no road.
    """
    where = str(path)
    table = _rows(path, where)
    index_of = {str(site_id): index for index, site_id in enumerate(sites.site_id)}
    is_known = table[_KEY].isin(list(index_of)).to_numpy()
    changed, added = table[is_known], table[~is_known]
    _refuse_rows_of_neither(changed, added, index_of, where)
    connection_kw = sites.grid_connection_kw.copy()
    position = changed[_KEY].map(index_of).to_numpy(dtype=np.int64)
    connection_kw[position] = connections_of(changed, None, where)
    whole = replace(sites, grid_connection_kw=connection_kw)
    is_set = np.zeros(sites.n_sites, np.bool_)
    is_set[position] = True
    if len(added):
        whole = whole.followed_by(_added(added, graph, where))
        is_set = np.concatenate([is_set, np.ones(len(added), np.bool_)])
    if point_kw is not None:
        whole = _limited(whole, is_set, point_kw)
    return whole, _told(len(added), len(changed))


def read_site_changes(path: Path) -> pd.DataFrame:
    """Read a table of changes, with grid connections in kW.

    Returns
    -------
    DataFrame
        ``site_id``, :data:`ADDED_COLUMNS` and ``grid_connection_kw``; empty where nothing is said.

    Raises
    ------
    InputDataError
        If the table is broken, or names a site twice.
    """
    where = str(path)
    table = _rows(path, where)
    degrees_and_km = {name: numbers(table, name, where, unit) for name, unit in _NUMBERS}
    read = table.assign(**degrees_and_km, grid_connection_kw=connections_of(table, None, where))
    return read.rename(columns={_KEY: "site_id"})


def _rows(path: Path, where: str) -> pd.DataFrame:
    table = named_columns(
        read_table(path, with_places=True), _KNOWN, where, required=(_KEY,), filled=True
    )
    refuse_rows(table, table[_KEY].isna().to_numpy(), where, "every row needs a site_id")
    table[_KEY] = [unmarked_text(str(name)) for name in table[_KEY]]
    twice = table[_KEY].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, where, "a site must stand in one row")
    return table


def _refuse_rows_of_neither(
    changed: pd.DataFrame, added: pd.DataFrame, index_of: dict[str, int], where: str
) -> None:
    """Refuse rows that are neither an added site nor another connection of one of the study."""
    says_more = changed[["lon", "lat", "direction", "off_road_km"]].notna().any(axis=1).to_numpy()
    refuse_rows(
        changed,
        says_more | changed[_GRID].isna().to_numpy(),
        where,
        "of a site of the study the grid connection alone can be another one; give it in "
        "grid_connection_kw and leave lon, lat, direction and off_road_km empty, or give a new "
        "site a key of its own",
    )
    nowhere = added[["lon", "lat"]].isna().any(axis=1).to_numpy()
    if nowhere.any():
        first = added[_KEY][nowhere].iloc[0]
        expected = said(
            "expected lon and lat of a site to add, or the key of one of the study, found "
            "{key}{hint}",
            key=repr(first),
            hint=meant(first, index_of),
        )
        refuse_rows(added, nowhere, where, expected)


def _added(table: pd.DataFrame, graph: RoadGraph, where: str) -> Sites:
    full = table.reindex(columns=list(USUAL_NAMES)).astype(object)
    full.attrs = table.attrs
    places = places_of(full, TableLayout(), TableDefaults(), graph, where)
    sites, _ = snap_sites(places, graph, MAX_SNAP_KM, where, all_needed=True)
    # Nothing can stand there: where the study is silent on what stands, these sites are as well.
    return replace(sites, existing_hpc=None, existing_lpc=None)


def _limited(sites: Sites, is_set: NDArray[np.bool_], point_kw: float) -> Sites:
    """Sites whose connections that were set limit their points, whatever else the study says."""
    carried = hpc_carried_by_grid(sites.grid_connection_kw, point_kw).astype(np.int64)
    is_set &= ~np.isnan(sites.grid_connection_kw)
    before = np.full(sites.n_sites, -1) if sites.max_hpc is None else sites.max_hpc
    limited = np.where(before < 0, carried, np.minimum(before, carried))
    if not is_set.any():
        return sites
    return replace(sites, max_hpc=np.where(is_set, limited, before).astype(np.int64))


def _told(n_added: int, n_changed: int) -> tuple[str, ...]:
    added = counted(n_added, "{n} site added", "{n} sites added")
    changed = counted(
        n_changed, "another grid connection at {n} site", "another grid connection at {n} sites"
    )
    return (*([added] if n_added else []), *([changed] if n_changed else []))
