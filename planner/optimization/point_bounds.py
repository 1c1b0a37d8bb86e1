"""Bounds of the points of sites from a table: at least, at most, just so many."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import did_you_mean
from planner.files.spreadsheet_texts import unmarked_text
from planner.files.table_columns import counts, named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.network.site_tables import MAX_COUNT

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from planner.optimization.site_limits import PlugLimits

_SITE, LEAST, MOST = "site_id", "least_hpc", "most_hpc"
_COLUMNS = {_SITE: (_SITE, "id", "site"), LEAST: (LEAST,), MOST: (MOST,)}


def read_bounds(path: Path) -> pd.DataFrame:
    """Read a table of bounds.

    Returns
    -------
    DataFrame
        ``site_id``, ``least_hpc`` and ``most_hpc``; NaN where a site has no such bound.

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
    least, most = (
        counts(table, name, where, "points", MAX_COUNT)
        if name in table
        else np.full(len(table), np.nan)
        for name in (LEAST, MOST)
    )
    refuse_rows(table, least > most, where, f"{LEAST} must not be more than {MOST}")
    return table.assign(**{LEAST: least, MOST: most})[[_SITE, LEAST, MOST]]


def within_bounds(limits: PlugLimits, site_id: NDArray[np.object_], path: Path) -> PlugLimits:
    """Limits of sites with the bounds of a table.

    Parameters
    ----------
    limits : PlugLimits
        What may stand at each site by its own figures, and what stands.
    site_id : (n_sites,) object
        The sites. One that the table closes may be left out of them.
    path : pathlib.Path
        ``site_id``, ``least_hpc``, ``most_hpc``.

    Raises
    ------
    InputDataError
        If the table is none of bounds, names a site that the study does not have, or bounds leave
        no number of points.
    """
    where = str(path)
    table = read_bounds(path)
    least, most = (table[name].to_numpy() for name in (LEAST, MOST))
    index_of = {str(name): index for index, name in enumerate(site_id)}
    is_known = table[_SITE].isin(list(index_of)).to_numpy()
    lost = ~is_known & (most != 0)
    if lost.any():
        first = table[_SITE][lost].iloc[0]
        expected = (
            f"expected sites of the study that may have a high-power point "
            f"(optimization.bounds.path), found {first!r}{did_you_mean(first, index_of)}"
        )
        refuse_rows(table, lost, where, expected)
    position = table.loc[is_known, _SITE].map(index_of).to_numpy(dtype=np.int64)
    fewest, largest = limits.existing_hpc.copy(), limits.max_hpc.copy()
    fewest[position] = np.fmax(fewest[position], least[is_known])
    largest[position] = np.fmin(largest[position], most[is_known])
    leaves_none = np.zeros(len(table), np.bool_)
    leaves_none[is_known] = (fewest > largest)[position]
    expected = (
        "no number of points is left between what stands and is asked for and what the site's "
        "power or space allows; ask for fewer, or set sites.within_grid_connection to false"
    )
    refuse_rows(table, leaves_none, where, expected)
    return replace(limits, existing_hpc=fewest, max_hpc=largest)
