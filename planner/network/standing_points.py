"""Points that stand already, or that there may be at most, by site, from a table of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import did_you_mean
from planner.files.spreadsheet_texts import unmarked_text
from planner.files.table_columns import counts, named_columns, refuse_rows
from planner.files.table_files import read_table
from planner.network.site_tables import MAX_COUNT
from planner.network.sites import at_least

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.scenario.standing_points import PointsAtMost, StandingPoints

_SITE = "site_id"
_COLUMNS = {
    _SITE: (_SITE, "id", "site"),
    "n_hpc": ("n_hpc", "existing_hpc"),
    "n_lpc": ("n_lpc", "existing_lpc"),
}
STAYS = "what stands there stays, so name the site among those of the study"
NOT_THERE = "name the site among those of the study, or leave it out of the table"


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
    position, n_hpc, n_lpc = _points_at_sites(settings, sites, "standing.path", STAYS)
    return replace(
        sites,
        existing_hpc=at_least(sites.existing_hpc, position, n_hpc, sites.n_sites),
        existing_lpc=at_least(sites.existing_lpc, position, n_lpc, sites.n_sites),
    )


def with_points_at_most(settings: PointsAtMost | None, sites: Sites) -> Sites:
    """Sites that get no more points than a table says, none where it does not name them.

    Raises
    ------
    InputDataError
        If the table is broken, names a site twice, or one that the study does not have.
    """
    if settings is None:
        return sites
    position, n_hpc, n_lpc = _points_at_sites(settings, sites, "points_at_most.path", NOT_THERE)
    max_hpc, max_lpc = np.zeros(sites.n_sites, np.int64), np.zeros(sites.n_sites, np.int64)
    max_hpc[position], max_lpc[position] = n_hpc, n_lpc
    if sites.max_hpc is not None:
        max_hpc = np.where(sites.max_hpc < 0, max_hpc, np.minimum(max_hpc, sites.max_hpc))
    return replace(sites, max_hpc=max_hpc, max_lpc=max_lpc)


def _points_at_sites(
    settings: StandingPoints | PointsAtMost, sites: Sites, key: str, why: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Sites of a table, by their places among those of the study, with their points."""
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
        expected = (
            f"expected sites of the study ({key}), found {first!r}"
            f"{did_you_mean(first, index_of)}; {why}"
        )
        refuse_rows(table, lost, where, expected)
    position = np.asarray(table.loc[is_known, _SITE].map(index_of), np.int64)
    return position, n_hpc[is_known], n_lpc[is_known]
