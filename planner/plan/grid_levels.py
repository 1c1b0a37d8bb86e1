"""What finished runs say of their sites along levels of electric trucks, for grid operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from planner.errors import InputDataError
from planner.grid.needs import ALL, GROUPINGS, Level
from planner.network.sites import ORIGIN_COMPUTED, Sites
from planner.plan.finished_run import PLAN, SWEEP, FinishedRun, read_finished_run
from planner.plan.group_schemas import GROUPS
from planner.plan.key_names import LEVEL_KEY
from planner.plan.region_areas import region_areas
from planner.said import said
from planner.tables.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MOST = ("peak_power_kw", "simultaneous_peak_kw", "sum_of_site_peaks_kw")
"""Figures of which the highest of several draws counts: a connection must carry each."""
_GROUP = ["grouping", "group"]


class GridLevels(NamedTuple):
    """Levels in ascending order, and the places of their sites.

    Parameters
    ----------
    run : FinishedRun
        The run of the highest level, the first of its draws.
    places : DataFrame
        As :func:`~planner.grid.needs.grid_needs` takes it.
    """

    run: FinishedRun
    levels: Sequence[Level]
    places: pd.DataFrame


class _Draws(NamedTuple):
    """Runs of one level that differ in their draws alone."""

    share: float
    runs: Sequence[FinishedRun]


def read_grid_levels(folders: Sequence[Path], solution: str | None) -> GridLevels:
    """Read runs, each a level, or the runs of sweeps.

    Parameters
    ----------
    solution : str, optional
        Named solution of all; that which each shows first without it.

    Raises
    ------
    InputDataError
        If runs have other sites, or no level or the same.
    RunDirectoryError
        If a folder is not a finished run or sweep of this version, or has no such solution.
    """
    found = [draws for folder in folders for draws in _draws_of(folder)]
    _check_levels(found)
    found.sort(key=lambda draws: draws.share)
    levels = [_level(draws, solution) for draws in found]
    first = _sites_of(found[-1].runs[0], solution)
    for draws, level in zip(found, levels, strict=True):
        if list(level.sites["site_id"]) != list(first["site_id"]):
            msg = said(
                "{run}: expected the sites of {other}; found others; take runs with the same sites",
                run=str(draws.runs[0].folder),
                other=str(found[-1].runs[0].folder),
            )
            raise InputDataError(msg)
    return GridLevels(found[-1].runs[0], levels, _places(found[-1].runs[0], first))


def _draws_of(folder: Path) -> list[_Draws]:
    """A run, the draws of one combination of a sweep, or all combinations of one."""
    if replications := sorted(folder.glob("replication-*")):
        runs = [read_finished_run(each, PLAN) for each in replications]
        return [_Draws(_share(runs[0]), runs)]
    run = read_finished_run(folder, PLAN, SWEEP)
    if run.kind == PLAN:
        return [_Draws(_share(run), [run])]
    combinations = (folder / "runs" / each.label for each in run.combinations)
    return [draws for each in combinations for draws in _draws_of(each)]


def _share(run: FinishedRun) -> float:
    return np.nan if run.level_share is None else run.level_share


def _check_levels(found: Sequence[_Draws]) -> None:
    if len(found) == 1:
        return
    shares = [draws.share for draws in found]
    for number, (share, draws) in enumerate(zip(shares, found, strict=True)):
        folder = draws.runs[0].folder
        if np.isnan(share):
            msg = said(
                "{run}: expected a run with a share of electric trucks ({key}), since several "
                "runs are levels of it; found none; name that run alone",
                run=str(folder),
                key=LEVEL_KEY,
            )
            raise InputDataError(msg)
        if share in shares[:number]:
            other = found[shares.index(share)].runs[0].folder
            msg = said(
                "{run}: expected another share of electric trucks than that of {other}; found "
                "{percent} % in both; name one run for each level, of a sweep over other keys too "
                "the folders of one of their values below runs/",
                run=str(folder),
                other=str(other),
                percent=100.0 * share,
            )
            raise InputDataError(msg)


def _level(draws: _Draws, solution: str | None) -> Level:
    names = [_name(run, solution) for run in draws.runs]
    groups = [
        groups[groups["solution_name"] == name]
        for groups, name in zip((run.table(GROUPS) for run in draws.runs), names, strict=True)
    ]
    told = pd.concat(groups)
    told = told[told["grouping"].isin((ALL, *GROUPINGS))]
    label = draws.runs[0].name if np.isnan(draws.share) else ENGLISH.percent(draws.share)
    return Level(
        label,
        draws.share,
        _over_draws(
            pd.concat([_sites_of(run, solution) for run in draws.runs]),
            ["site_id"],
            ["n_hpc", "n_lpc", "peak_power_kw"],
        ),
        _over_draws(
            told,
            _GROUP,
            [
                "n_sites",
                "n_hpc",
                "n_lpc",
                "energy_day_mwh",
                "simultaneous_peak_kw",
                "sum_of_site_peaks_kw",
            ],
        ),
    )


def _over_draws(table: pd.DataFrame, key: list[str], figures: list[str]) -> pd.DataFrame:
    """Mean of the draws, of peaks the highest, in the order of the first."""
    how = {name: "max" if name in _MOST else "mean" for name in figures}
    return table.groupby(key, sort=False, as_index=False).agg(how)


def _name(run: FinishedRun, solution: str | None) -> str:
    return (run.default_solution if solution is None else run.solution(solution)).name


def _sites_of(run: FinishedRun, solution: str | None) -> pd.DataFrame:
    sites = run.sites()
    return sites[sites["solution_name"] == _name(run, solution)].reset_index(drop=True)


def _places(run: FinishedRun, sites: pd.DataFrame) -> pd.DataFrame:
    """Names, operators, regions and requests of the sites of a run."""
    areas = region_areas(run.scenario, _as_sites(sites))
    names = np.array([""] if areas is None else [*areas.name, ""], dtype=object)
    of_site = np.full(len(sites), -1) if areas is None else areas.of_site
    columns = ["site_id", "name", "road", "lon", "lat", "grid_operator_mv", "grid_operator_hv"]
    estimated = sites["site_origin"] == ORIGIN_COMPUTED
    return sites[columns].assign(
        region=names[of_site], requested_kw=sites["grid_connection_kw"].mask(estimated)
    )


def _as_sites(table: pd.DataFrame) -> Sites:
    """Sites of a table of results, as far as their regions need them."""
    n, nowhere = len(table), np.zeros(0, dtype=np.int32)
    return Sites(
        **{name: table[name].to_numpy(object) for name in ("site_id", "name", "road")},
        lon=table["lon"].to_numpy(float),
        lat=table["lat"].to_numpy(float),
        direction=np.full(n, "", dtype=object),
        off_road_km=np.zeros(n),
        parking_spaces=np.full(n, -1),
        grid_connection_kw=table["grid_connection_kw"].to_numpy(float),
        attachment_site_idx=nowhere,
        attachment_arc_idx=nowhere,
        attachment_offset_km=np.zeros(0),
        official_number=table["official_number"].to_numpy(object),
    )
