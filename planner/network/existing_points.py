"""Points that stand or are announced at places, put to the sites of a study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.network.charging_register import read_register
from planner.network.datex_points import read_datex
from planner.network.point_tables import read_point_table
from planner.network.site_status import PLANNED
from planner.network.sites import at_least
from planner.network.towns import nearest_points
from planner.network.truck_points import truck_point_rules
from planner.said import counted, said

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.network.truck_points import TruckPointRules
    from planner.network.truck_stations import FoundPoints
    from planner.scenario.existing_points import ExistingPoints

_SHOWN_PLACES = 8


def with_existing_points(
    settings: ExistingPoints | None, sites: Sites
) -> tuple[Sites, tuple[str, ...]]:
    """Sites with the points that stand and are announced at them.

    Parameters
    ----------
    settings : ExistingPoints or None
        Where they are told; without it nothing changes.
    sites : Sites
        Sites of the study. Where both say what stands, the higher number counts.

    Returns
    -------
    Sites
        The same sites.
    tuple of str
        What was taken, guessed and left out, and which points lie near no site.

    Raises
    ------
    InputDataError
        If the file is broken.
    """
    if settings is None:
        return sites, ()
    rules = truck_point_rules()
    found = read_register(settings.path, rules) or read_datex(settings.path, rules)
    if found is None:
        found = read_point_table(settings, rules, (sites.lon, sites.lat))
    table = found.table
    max_km = settings.max_km or rules.max_km.value
    lon, lat = (table[name].to_numpy(np.float64) for name in ("lon", "lat"))
    site = nearest_points(sites.lon, sites.lat, lon, lat, max_km)
    stands, announced = _standing(table, settings)
    counted_at = {
        (name, which): np.bincount(
            site[chosen & (site >= 0)],
            table[name].to_numpy(float)[chosen & (site >= 0)],
            sites.n_sites,
        ).astype(np.int64)
        for name in ("n_hpc", "n_lpc")
        for which, chosen in (("stands", stands), ("announced", announced))
    }
    every = np.arange(sites.n_sites)
    changed = replace(
        sites,
        existing_hpc=at_least(
            sites.existing_hpc, every, counted_at["n_hpc", "stands"], sites.n_sites
        ),
        existing_lpc=at_least(
            sites.existing_lpc, every, counted_at["n_lpc", "stands"], sites.n_sites
        ),
        announced_hpc=counted_at["n_hpc", "announced"],
        announced_lpc=counted_at["n_lpc", "announced"],
    )
    near_none = table[site < 0]
    return changed, (
        *_taken(found, stands, announced, settings),
        *_guessed(found, rules),
        *_near_none(near_none, max_km),
        *(item.sentence() for item in found.left_out),
    )


def _standing(
    table: pd.DataFrame, settings: ExistingPoints
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which rows stand, or are taken as standing, in the year planned, and which are announced."""
    year = table["opening_year"].to_numpy(float)
    planned = (table["status"] == PLANNED).to_numpy(bool)
    opens_later = (
        np.zeros(len(table), dtype=bool) if settings.year is None else year > settings.year
    )
    stands = ~planned & ~opens_later
    if settings.announced == "stand":
        has_year = np.isfinite(year) | (settings.year is None)
        stands |= planned & has_year & ~opens_later
    return stands, ~stands


def _sum(table: pd.DataFrame, column: str) -> int:
    return int(table[column].sum())


def _taken(
    found: FoundPoints,
    stands: NDArray[np.bool_],
    announced: NDArray[np.bool_],
    settings: ExistingPoints,
) -> list[str]:
    table = found.table
    name = settings.path.name
    if found.edition:
        name = said("{file} of {date}", file=name, date=found.edition)
    lines: list[str] = [
        said(
            "{places} of {rows} rows of {file} have points for trucks: {hpc} high-power "
            "and {lpc} overnight ones stand, {announced} are announced",
            rows=found.n_rows,
            file=name,
            places=len(table),
            hpc=_sum(table[stands], "n_hpc"),
            lpc=_sum(table[stands], "n_lpc"),
            announced=_sum(table[announced], "n_hpc") + _sum(table[announced], "n_lpc"),
        )
    ]
    if n_hpc := _sum(table, "n_hpc"):
        mean_kw = float(table["hpc_kw"].sum()) / n_hpc
        lines.append(
            said(
                "high-power points that stand or are announced give {kw} kW on average; they are "
                "counted, not weighed by it",
                kw=round(mean_kw),
            )
        )
    return lines


def _guessed(found: FoundPoints, rules: TruckPointRules) -> list[str]:
    """What is taken for trucks by words that no register gives for that, and what by guesses."""
    table = found.table
    lines: list[str] = []
    by = {why: int((table["why"] == why).sum()) for why in ("plug", "operator", "name")}
    if any(by.values()):
        lines.append(
            said(
                "told by a megawatt connector {plug}, by the operator {operator} ({operators}), by "
                "words in the name {name} ({words}; assumed)",
                plug=by["plug"],
                operator=by["operator"],
                operators=rules.operators.words,
                name=by["name"],
                words=rules.names.words,
            )
        )
    if found.n_guessed:
        lines.append(
            counted(
                found.n_guessed,
                "power of {n} point guessed by kind, connector or station",
                "power of {n} points guessed by kind, connector or station",
            )
        )
    return lines


def _near_none(table: pd.DataFrame, max_km: float) -> list[str]:
    if not len(table):
        return []
    names = [
        f"{name or operator} ({lon:.3f}, {lat:.3f})"
        for name, operator, lon, lat in zip(
            table["name"], table["operator"], table["lon"], table["lat"], strict=True
        )
    ]
    more = [] if len(names) <= _SHOWN_PLACES else ["..."]
    return [
        said(
            "not counted: places farther than {km} km from every site ({places}, with {hpc} "
            "high-power and {lpc} overnight points): {names}",
            hpc=_sum(table, "n_hpc"),
            lpc=_sum(table, "n_lpc"),
            places=len(table),
            km=max_km,
            names=[*names[:_SHOWN_PLACES], *more],
        )
    ]
