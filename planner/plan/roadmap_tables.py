"""What a roadmap's years have and build, from their finished runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from planner.errors import InvariantError
from planner.grid.connection_rules import MONTHS_PER_YEAR, read_connection_rules
from planner.plan.roadmap_columns import ROADMAP, ROADMAP_REGRET, ROADMAP_SITES
from planner.plan.roadmap_payers import payer_table, year_costs
from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT

if TYPE_CHECKING:
    from pathlib import Path

    from planner.grid.connection_rules import ConnectionRules
    from planner.plan.finished_run import FinishedRun

POINTS = ["n_hpc", "n_lpc"]
_TOLERANCE_KW = 1e-6


class YearOfRoadmap(NamedTuple):
    """A year and its finished run."""

    year: int
    run: FinishedRun
    solution: str

    def sites(self) -> pd.DataFrame:
        """Rows of ``SITES`` of the plan that is built, by ``site_id``."""
        sites = self.run.sites()
        return sites[sites["solution_name"] == self.solution].set_index("site_id")


class RoadmapTables(NamedTuple):
    """``ROADMAP``, ``ROADMAP_SITES`` and ``ROADMAP_PAYERS`` with what they hold."""

    years: pd.DataFrame
    sites: pd.DataFrame
    payers: pd.DataFrame


def check_nothing_torn_down(
    before: YearOfRoadmap, now: YearOfRoadmap, *, is_chosen_alone: bool = False
) -> None:
    """Check that every named plan of a year contains what the year before has built.

    Parameters
    ----------
    is_chosen_alone : bool
        Whether only the plan that is built has to.

    Raises
    ------
    InvariantError
        If a site has fewer points than it had.
    """
    stood = before.sites()[POINTS]
    for name, sites in now.run.sites().groupby("solution_name"):
        if is_chosen_alone and name != now.solution:
            continue
        stands = sites.set_index("site_id")[POINTS].reindex(stood.index, fill_value=0)
        fewer = (stands < stood).any(axis=1)
        if fewer.any():
            site = str(stood.index[fewer][0])
            msg = (
                f"{now.run.folder}: the plan {name} of {now.year} tears down points at "
                f"{int(fewer.sum())} sites, first at {site!r}: {_points(stands, site)} after "
                f"{_points(stood, site)} in {before.year}"
            )
            raise InvariantError(msg)


def _points(sites: pd.DataFrame, site: str) -> str:
    n_hpc, n_lpc = sites.loc[[site], POINTS].to_numpy()[0]
    return f"{n_hpc} high-power and {n_lpc} overnight points"


def roadmap_tables(years: list[YearOfRoadmap], root: Path) -> RoadmapTables:
    """Lay years side by side, each against what the ones before have built.

    Parameters
    ----------
    years : list of YearOfRoadmap
        In ascending order. What stands before the first one counts as new in it.
    root : pathlib.Path
        Folder of the roadmap.
    """
    rules = read_connection_rules()
    rows, built = [], []
    paid: dict[int, list[dict[str, Any]]] = {}
    stood = pd.DataFrame(columns=[*POINTS, "peak_power_kw"], dtype=np.float64)
    for each in years:
        sites = each.sites()
        before = stood.reindex(sites.index).fillna(0.0)
        connection_kw = np.maximum(sites["peak_power_kw"], before["peak_power_kw"])
        sites = sites.assign(
            new_hpc=(sites["n_hpc"] - before["n_hpc"]).astype(np.int64),
            new_lpc=(sites["n_lpc"] - before["n_lpc"]).astype(np.int64),
            connection_kw=connection_kw,
            new_kw=connection_kw - before["peak_power_kw"],
        )
        is_new = before[POINTS].sum(axis=1).eq(0.0) & sites[POINTS].sum(axis=1).gt(0)
        costs = year_costs(each.run, sites, before)
        paid[each.year] = costs.payers
        rows.append(
            _figures(each, sites)
            | {"n_new_sites": int(is_new.sum())}
            | costs.figures
            | {"run": each.run.folder.relative_to(root).as_posix()}
        )
        built.append(_built(each.year, sites, rules))
        stood = sites[[*POINTS]].assign(peak_power_kw=connection_kw)
    return RoadmapTables(
        pd.DataFrame(rows)[ROADMAP.column_names],
        pd.concat(built, ignore_index=True)[ROADMAP_SITES.column_names],
        payer_table(paid),
    )


def regret_table(alone: RoadmapTables, ahead: RoadmapTables) -> pd.DataFrame:
    """What looking no further than a year costs, year by year: ``ROADMAP_REGRET``.

    Parameters
    ----------
    alone, ahead : RoadmapTables
        Years planned each for itself, and with foresight.
    """
    rows: dict[str, Any] = {"year": alone.years["year"]}
    for ending, years in (("", alone.years), ("_ahead", ahead.years)):
        rows[f"n_hpc{ending}"] = years["n_hpc"]
        rows[f"n_lpc{ending}"] = years["n_lpc"]
        rows[f"{MEAN_WAIT.name}{ending}"] = years[MEAN_WAIT.name]
        rows[f"invested_eur{ending}"] = years["new_investment_eur"].cumsum()
    table = pd.DataFrame(rows)
    table["regret_eur"] = table["invested_eur"] - table["invested_eur_ahead"]
    return table[ROADMAP_REGRET.column_names]


def _figures(each: YearOfRoadmap, sites: pd.DataFrame) -> dict[str, Any]:
    run = each.run
    summary = run.summary
    figures = summary["solutions"][each.solution]
    share = run.level_share
    return {
        "year": str(each.year),
        "level_share": math.nan if share is None else share,
        **{name: int(sites[name].sum()) for name in ("new_hpc", "n_hpc", "new_lpc", "n_lpc")},
        MEAN_WAIT.name: float(figures[MEAN_WAIT.name]),
        P95_WAIT.name: float(figures[P95_WAIT.name]),
        "energy_mwh": float(figures["energy_hpc_mwh"] + figures["energy_lpc_mwh"]),
        "simultaneous_peak_kw": float(figures["simultaneous_peak_kw"]),
        "n_unserved": int(summary["n_unserved"]),
    }


def _built(year: int, sites: pd.DataFrame, rules: ConnectionRules) -> pd.DataFrame:
    """Sites that get points or power, most points first."""
    gets_power = sites["new_kw"] > _TOLERANCE_KW
    chosen = sites[(sites["new_hpc"] > 0) | (sites["new_lpc"] > 0) | gets_power]
    kinds = [rules.class_of(power_kw) for power_kw in chosen["connection_kw"]]
    request_by = [
        _month_before(year, kind.lead_time_months.central) if gets_power[site] else ""
        for site, kind in zip(chosen.index, kinds, strict=True)
    ]
    told = chosen.assign(
        year=str(year), connection=[kind.name for kind in kinds], request_by=request_by
    )
    return told.reset_index().sort_values(
        ["new_hpc", "new_lpc", "site_id"], ascending=[False, False, True]
    )


def _month_before(year: int, months: float) -> str:
    """Month so long before a year begins, as 2028-10."""
    in_year, month = divmod(year * int(MONTHS_PER_YEAR) - math.ceil(months), int(MONTHS_PER_YEAR))
    return f"{in_year}-{month + 1:02d}"
