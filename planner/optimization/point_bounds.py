"""Bounds of the points of sites from a table: at least, at most, just so many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.files.spreadsheet_texts import unmarked_text
from planner.files.table_columns import counts, named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.network.site_tables import MAX_COUNT
from planner.said import meant, said

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from planner.optimization.site_limits import PlugLimits
    from planner.scenario.point_bounds import PointBounds

_SITE, LEAST, MOST = "site_id", "least_hpc", "most_hpc"
LEAST_LPC, MOST_LPC = "least_lpc", "most_lpc"
_PAIRS = ((LEAST, MOST), (LEAST_LPC, MOST_LPC))
_BOUNDS = [LEAST, MOST, LEAST_LPC, MOST_LPC]
_COLUMNS = {_SITE: (_SITE, "id", "site")} | {name: (name,) for name in _BOUNDS}


def read_bounds(path: Path) -> pd.DataFrame:
    """Read a table of bounds.

    Returns
    -------
    DataFrame
        ``site_id``, ``least_hpc``, ``most_hpc``, ``least_lpc`` and ``most_lpc``; NaN where a site
        has no such bound.

    Raises
    ------
    InputDataError
        If the table is broken, names a site twice, or asks for more than it allows.
    """
    where = str(path)
    table = named_columns(read_table(path), _COLUMNS, where, required=(_SITE,))
    refuse_rows(table, table[_SITE].isna().to_numpy(), where, "every row needs a site_id")
    table[_SITE] = [unmarked_text(str(name)) for name in table[_SITE]]
    twice = table[_SITE].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, where, "a site must stand in one row")
    bounds = {
        name: counts(table, name, where, "points", MAX_COUNT)
        if name in table
        else np.full(len(table), np.nan)
        for name in _BOUNDS
    }
    for least, most in _PAIRS:
        too_many = bounds[least] > bounds[most]
        rule = said("{least} must not be more than {most}", least=least, most=most)
        refuse_rows(table, too_many, where, rule)
    return table.assign(**bounds)[[_SITE, *_BOUNDS]]


def within_bounds(
    limits: PlugLimits, site_id: NDArray[np.object_], bounds: PointBounds, *, are_all_sites: bool
) -> PlugLimits:
    """Limits of sites with the bounds of a table.

    Parameters
    ----------
    limits : PlugLimits
        What may stand at each site by its own figures, and what stands.
    site_id : (n_sites,) object
        The sites. One that the table closes may be left out of them.
    bounds : PointBounds
        Where the table lies, and what sites are that it leaves out.
    are_all_sites : bool
        Whether these are all sites of the study, so that a bound of another one is a mistake;
        else some have been closed.

    Raises
    ------
    InputDataError
        If the table is none of bounds, names a site that the study does not have, or bounds leave
        no number of points.
    """
    where = str(bounds.path)
    table = read_bounds(bounds.path)
    index_of = {str(name): index for index, name in enumerate(site_id)}
    is_known = table[_SITE].isin(list(index_of)).to_numpy()
    lost = ~is_known & (table[MOST] != 0).to_numpy()
    if are_all_sites and lost.any():
        first = table[_SITE][lost].iloc[0]
        expected: str = said(
            "expected sites of the study (optimization.bounds.path), found {first}{meant}",
            first=repr(first),
            meant=meant(first, index_of),
        )
        refuse_rows(table, lost, where, expected)
    position = table.loc[is_known, _SITE].map(index_of).to_numpy(dtype=np.int64)
    is_free = np.full(len(site_id), bounds.left_out == "free")
    is_free[position] = True
    found: list[NDArray[np.int32]] = []
    leaves_none = np.zeros(len(table), np.bool_)
    for (least, most), fewest, largest in (
        (_PAIRS[0], limits.existing_hpc.copy(), limits.max_hpc),
        (_PAIRS[1], limits.existing_lpc.copy(), limits.max_lpc),
    ):
        highest = np.where(is_free, largest, fewest)
        fewest[position] = np.fmax(fewest[position], table.loc[is_known, least])
        highest[position] = np.fmin(highest[position], table.loc[is_known, most])
        leaves_none[is_known] |= (fewest > highest)[position]
        found += [fewest, highest]
    expected = (
        "no number of points is left between what stands and is asked for and what the site's "
        "power or space allows; ask for fewer, or set sites.within_grid_connection to false"
    )
    refuse_rows(table, leaves_none, where, expected)
    return replace(
        limits, existing_hpc=found[0], max_hpc=found[1], existing_lpc=found[2], max_lpc=found[3]
    )


def within_plan(n_hpc: pd.Series, n_lpc: pd.Series, own: PointBounds | None) -> pd.DataFrame:
    """Bounds with which a plan has no more points at a site than another one, none elsewhere.

    Parameters
    ----------
    n_hpc, n_lpc : Series
        Points of the other plan by ``site_id``.
    own : PointBounds, optional
        Bounds that hold as well.

    Returns
    -------
    DataFrame
        As of :func:`read_bounds`, for a table whose left out sites are closed.
    """
    most = pd.DataFrame({MOST: n_hpc, MOST_LPC: n_lpc}).astype(np.float64)
    if own is None:
        table = most
    else:
        table = read_bounds(own.path).set_index(_SITE)
        is_asked = table[[LEAST, LEAST_LPC]].gt(0.0).any(axis=1)
        sites = most.index.intersection(table.index) if own.left_out == "closed" else most.index
        # A site that must have points and has none in the other plan is to be told, not left out.
        sites = sites.union(table.index[is_asked], sort=False)
        table = table.reindex(sites)
        for name in (MOST, MOST_LPC):
            table[name] = np.fmin(table[name], most[name].reindex(sites, fill_value=0.0))
    whole = table.reindex(columns=_BOUNDS).astype("Int64")
    return whole.rename_axis(_SITE).reset_index()
