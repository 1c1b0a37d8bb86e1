"""What sites draw along levels of electric trucks against what was requested of the grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.grid.columns import GRID_GROUPS, GRID_PEAKS, GRID_SITES
from planner.grid.connection_rules import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.grid.connection_rules import ConnectionClass, ConnectionRules
    from planner.tables.table import Table

ALL = "all"
GROUPINGS = ("region", "grid_operator_mv", "grid_operator_hv")
"""What sites are put together by, besides all."""
UNKNOWN = "unknown"
"""Group of sites of which nothing is known, whose own label is empty."""
UNUSED, ENOUGH, LATER, NOW = "unused", "enough", "later", "now"
"""States of a connection."""
_HOURS_PER_DAY = 24.0
_KW_PER_MW = 1000.0
_TOLERANCE_KW = 1e-6


@dataclass(frozen=True, slots=True)
class Level:
    """What a plan says of its sites at one share of electric trucks.

    Parameters
    ----------
    label : str
        What it is called.
    share : float
        Share of electric trucks; NaN where the study has none.
    sites : DataFrame
        A row per site: ``site_id``, ``n_hpc``, ``n_lpc``, ``peak_power_kw``.
    groups : DataFrame
        A row per group: ``grouping``, ``group``, ``n_sites``, ``n_hpc``, ``n_lpc``,
        ``simultaneous_peak_kw``, ``sum_of_site_peaks_kw``, ``energy_day_mwh``.
    """

    label: str
    share: float
    sites: pd.DataFrame
    groups: pd.DataFrame


@dataclass(frozen=True, slots=True)
class GridNeeds:
    """What grid operators are told.

    Parameters
    ----------
    groups, sites, peaks : DataFrame
        ``GRID_GROUPS``, ``GRID_SITES`` and ``GRID_PEAKS``.
    levels : sequence of Level
        What they come from, the lowest level first.
    this_year : int
        Year in which connections are requested.
    """

    groups: pd.DataFrame
    sites: pd.DataFrame
    peaks: pd.DataFrame
    levels: Sequence[Level]
    rules: ConnectionRules
    this_year: int

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [(GRID_GROUPS, self.groups), (GRID_SITES, self.sites), (GRID_PEAKS, self.peaks)]

    def highest(self, grouping: str) -> pd.DataFrame:
        """Groups of a grouping at the highest level, what is requested most first."""
        chosen = self.groups["level"] == self.levels[-1].label
        rows = self.groups[chosen & (self.groups["grouping"] == grouping)]
        order = ["requested_kw", "simultaneous_peak_kw", "group"]
        return rows.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)

    def orders(self) -> pd.DataFrame:
        """Sites for which more has to be requested, the largest request first."""
        rows = self.sites[self.sites["to_request_kw"] > _TOLERANCE_KW]
        order = ["to_request_kw", "site_id"]
        return rows.sort_values(order, ascending=[False, True]).reset_index(drop=True)


def grid_needs(
    levels: Sequence[Level], places: pd.DataFrame, rules: ConnectionRules, this_year: int
) -> GridNeeds:
    """Hold the peaks of sites and of their groups against what was requested.

    Parameters
    ----------
    levels : sequence of Level
        The lowest share of electric trucks first, all with the same sites.
    places : DataFrame
        A row per site in their order: ``site_id``, ``name``, ``road``, ``lon``, ``lat``,
        ``region``, ``grid_operator_mv``, ``grid_operator_hv`` (empty where unknown),
        ``requested_kw`` (NaN where nothing is known to be requested).
    this_year : int
        Year in which connections are requested.
    """
    shares = np.array([level.share for level in levels])
    peaks = np.array([level.sites["peak_power_kw"].to_numpy(float) for level in levels])
    sites = _sites(levels[-1], places, shares, peaks, rules, this_year)
    of_sites = pd.concat(
        [
            level.sites[["site_id", "peak_power_kw"]].assign(
                level=level.label, level_share=level.share
            )
            for level in levels
        ],
        ignore_index=True,
    )[GRID_PEAKS.column_names]
    groups = _groups(levels, places, shares, peaks, rules)
    return GridNeeds(groups, sites, of_sites, levels, rules, this_year)


def passing_shares(
    shares: NDArray[np.float64], peaks_kw: NDArray[np.float64], limit_kw: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of electric trucks at which peaks pass a limit.

    Parameters
    ----------
    shares : (n_levels,) float64
        Ascending; without electric trucks nothing is drawn.
    peaks_kw : (n_levels, n) float64
        Peaks at the levels.
    limit_kw : (n,) float64
        What they may not pass; NaN where there is none.

    Returns
    -------
    (n,) float64
        Between the last level below and the first one above the limit in proportion; NaN where
        none is above.
    """
    levels = np.concatenate([[0.0], shares])
    drawn = np.vstack([np.zeros((1, peaks_kw.shape[1])), peaks_kw])
    beyond = drawn > limit_kw + _TOLERANCE_KW
    above = np.argmax(beyond, axis=0)
    passes = beyond.any(axis=0)
    above[~passes] = 1
    column = np.arange(len(limit_kw))
    low_kw, high_kw = drawn[above - 1, column], drawn[above, column]
    part = (limit_kw - low_kw) / np.where(high_kw > low_kw, high_kw - low_kw, 1.0)
    found = levels[above - 1] + part * (levels[above] - levels[above - 1])
    return np.where(passes, found, np.nan)


def _sites(
    highest: Level,
    places: pd.DataFrame,
    shares: NDArray[np.float64],
    peaks_kw: NDArray[np.float64],
    rules: ConnectionRules,
    this_year: int,
) -> pd.DataFrame:
    requested = places["requested_kw"].to_numpy(float)
    needed = peaks_kw[-1]
    to_request = np.maximum(needed - np.nan_to_num(requested), 0.0)
    passing = passing_shares(shares, peaks_kw, np.nan_to_num(requested))
    passing_year = rules.uptake.years_of(passing)
    classes = [rules.class_of(kw) if kw > 0.0 else None for kw in needed.tolist()]
    lead = {
        end: np.array([np.nan if c is None else getattr(c.lead_time_months, end) for c in classes])
        for end in ("low", "central", "high")
    }
    request_by = passing_year - lead["central"] / MONTHS_PER_YEAR
    # What passes now but on no path of years has no year to wait for.
    is_now = ~(np.floor(request_by) > this_year) & ~(np.isnan(request_by) & ~np.isnan(passing))
    state = np.where(
        needed <= 0.0,
        UNUSED,
        np.where(to_request <= _TOLERANCE_KW, ENOUGH, np.where(is_now, NOW, LATER)),
    )
    return places.assign(
        n_hpc=highest.sites["n_hpc"].to_numpy(float),
        n_lpc=highest.sites["n_lpc"].to_numpy(float),
        needed_kw=needed,
        peak_share=_share_of(needed, requested),
        to_request_kw=to_request,
        state=state,
        passing_level_share=passing,
        passing_year=_year_texts(passing_year),
        connection_class=["" if each is None else each.name for each in classes],
        lead_time_months=lead["central"],
        lead_time_months_low=lead["low"],
        lead_time_months_high=lead["high"],
        lead_time_sure=["" if each is None else each.sure for each in classes],
        request_by_year=_year_texts(request_by),
        source=["" if each is None else _rule(rules, each) for each in classes],
    )[GRID_SITES.column_names]


def _groups(
    levels: Sequence[Level],
    places: pd.DataFrame,
    shares: NDArray[np.float64],
    peaks_kw: NDArray[np.float64],
    rules: ConnectionRules,
) -> pd.DataFrame:
    requested = places["requested_kw"].to_numpy(float)
    beyond_kw = np.maximum(peaks_kw - np.nan_to_num(requested), 0.0)
    tables = []
    for level, of_sites in zip(levels, beyond_kw, strict=True):
        told = level.groups[level.groups["grouping"].isin((ALL, *GROUPINGS))].reset_index(drop=True)
        groups = [
            _of_group(places, grouping, group)
            for grouping, group in zip(told["grouping"], told["group"], strict=True)
        ]
        wanted = [requested[each] for each in groups]
        # A group of which nothing is requested has no request, not one of nothing.
        requested_kw = np.array([np.nansum(r) if np.isfinite(r).any() else np.nan for r in wanted])
        tables.append(
            told.assign(
                level=level.label,
                level_share=level.share,
                requested_kw=requested_kw,
                peak_share=_share_of(told["simultaneous_peak_kw"].to_numpy(float), requested_kw),
                mean_load_share=_share_of(
                    told["energy_day_mwh"].to_numpy(float) * _KW_PER_MW / _HOURS_PER_DAY,
                    requested_kw,
                ),
                n_sites_beyond=[int((of_sites[each] > _TOLERANCE_KW).sum()) for each in groups],
                to_request_kw=[float(of_sites[each].sum()) for each in groups],
            )
        )
    table = pd.concat(tables, ignore_index=True)
    group_peaks = [one["simultaneous_peak_kw"].to_numpy(float) for one in tables]
    passing = passing_shares(shares, np.array(group_peaks), tables[-1]["requested_kw"].to_numpy())
    years = _year_texts(rules.uptake.years_of(passing))
    return table.assign(
        passing_level_share=np.tile(passing, len(levels)), passing_year=years * len(levels)
    )[GRID_GROUPS.column_names]


def _of_group(places: pd.DataFrame, grouping: str, group: str) -> NDArray[np.bool_]:
    """Sites of a group, (n_sites,)."""
    if grouping == ALL:
        return np.ones(len(places), dtype=np.bool_)
    label = "" if group == UNKNOWN else group
    return np.asarray(places[grouping] == label, dtype=np.bool_)


def _share_of(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.where(whole > 0.0, whole, np.nan)
    return np.asarray(part / known, dtype=np.float64)


def _year_texts(years: NDArray[np.float64]) -> list[str]:
    return ["" if math.isnan(year) else str(math.floor(year)) for year in years.tolist()]


def _rule(rules: ConnectionRules, chosen: ConnectionClass) -> str:
    """From which power a kind is taken, and who says how long it takes."""
    return f"above {rules.from_kw(chosen) / _KW_PER_MW:g} MW (assumed); {chosen.source}"
