"""Points that stand already, by site, from a table beside that of the sites."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.files.spreadsheet_texts import unmarked_text
from planner.files.table_columns import counts, named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.network.site_tables import MAX_COUNT
from planner.network.sites import at_least
from planner.said import meant, said

if TYPE_CHECKING:
    from planner.network.sites import Sites
    from planner.scenario.standing_points import StandingPoints

_SITE = "site_id"
_COLUMNS = {
    _SITE: (_SITE, "id", "site"),
    "n_hpc": ("n_hpc", "existing_hpc"),
    "n_lpc": ("n_lpc", "existing_lpc"),
}


def with_standing_points(settings: StandingPoints | None, sites: Sites) -> Sites:
    """Sites with the points that stand at them.

    Parameters
    ----------
    settings : StandingPoints or None
        Where they are told; without it nothing changes.
    sites : Sites
        Sites of the study. Where both say what stands, the higher number counts.

    Raises
    ------
    InputDataError
        If the table is broken, names a site twice, or one that the study does not have: what
        stands cannot be left out.
    """
    if settings is None:
        return sites
    where = str(settings.path)
    table = named_columns(
        read_table(settings.path), _COLUMNS, where, required=(_SITE, "n_hpc", "n_lpc")
    )
    refuse_rows(table, table[_SITE].isna().to_numpy(), where, "every row needs a site_id")
    table[_SITE] = [unmarked_text(str(name)) for name in table[_SITE]]
    twice = table[_SITE].duplicated(keep=False).to_numpy()
    refuse_rows(table, twice, where, "a site must stand in one row")
    index_of = {str(name): index for index, name in enumerate(sites.site_id)}
    n_hpc, n_lpc = (
        np.nan_to_num(counts(table, name, where, "points", MAX_COUNT)).astype(np.int64)
        for name in ("n_hpc", "n_lpc")
    )
    is_known = table[_SITE].isin(list(index_of)).to_numpy()
    lost = (n_hpc + n_lpc > 0) & ~is_known
    if lost.any():
        first = table[_SITE][lost].iloc[0]
        expected = said(
            "expected sites of the study (standing.path), found {key}{hint}; what stands there "
            "stays, so name the site among those of the study",
            key=repr(first),
            hint=meant(first, index_of),
        )
        refuse_rows(table, lost, where, expected)
    position = table.loc[is_known, _SITE].map(index_of).to_numpy(dtype=np.int64)
    return replace(
        sites,
        existing_hpc=at_least(sites.existing_hpc, position, n_hpc[is_known], sites.n_sites),
        existing_lpc=at_least(sites.existing_lpc, position, n_lpc[is_known], sites.n_sites),
    )
