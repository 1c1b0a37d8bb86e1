"""What the years of a roadmap cost, and who pays it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from planner.costs.site_costs import BUILT, COMPONENTS, SiteLoad, site_costs
from planner.errors import InvariantError
from planner.plan.climate_inputs import wait_h_day
from planner.plan.roadmap_columns import ROADMAP_PAYERS
from planner.runs.manifests import MANIFEST
from planner.scenario.infrastructure_costs import CostSet
from planner.scenario.yaml_files import validated
from planner.tables.layout_quantities import OPERATOR_COST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.plan.finished_run import FinishedRun
    from planner.scenario.infrastructure_costs import WhoPays

HAULIERS = "hauliers"
PAYERS = ("operators", "grid_operators", "state", HAULIERS)
_KWH_PER_MWH = 1000.0
_TOLERANCE = 1e-9


class YearCosts(NamedTuple):
    """What a year costs: figures for its row of ``ROADMAP``, and a row per payer."""

    figures: dict[str, float]
    payers: list[dict[str, Any]]


def year_costs(run: FinishedRun, sites: pd.DataFrame, before: pd.DataFrame) -> YearCosts:
    """What a year adds and what all costs, both at the year's prices.

    Parameters
    ----------
    sites : DataFrame
        Rows of ``SITES`` of the plan that is built, by ``site_id``, with ``connection_kw``.
    before : DataFrame
        ``n_hpc``, ``n_lpc`` and ``peak_power_kw`` of the same sites before this year.

    Raises
    ------
    InvariantError
        If what payers pay does not add up to what is spent.
    """
    scenario = run.scenario
    own = scenario.get("infrastructure_costs")
    if own is None:
        return YearCosts({"new_investment_eur": math.nan, OPERATOR_COST.name: math.nan}, [])
    n_days = len(scenario["demand"]["days"])
    given = validated(TypeAdapter(CostSet), own, str(run.folder / MANIFEST), {})
    chargers = scenario["chargers"]
    factors = given.of_days(n_days).factors(chargers["hpc_kw"], chargers["lpc_kw"])
    value = {name: factor.central for name, factor in factors.items()}
    energy_kwh_day = _KWH_PER_MWH * sites["energy_mwh"] / n_days
    now = site_costs(_load(sites, sites["connection_kw"], energy_kwh_day), value)
    then = site_costs(_load(before, before["peak_power_kw"], energy_kwh_day), value)
    energy_kwh = float(energy_kwh_day.sum()) * value["days_a_year"]
    eur_year = float(now.eur_year.sum())
    figures = {
        "new_investment_eur": float(now.investment_eur.sum() - then.investment_eur.sum()),
        OPERATOR_COST.name: eur_year / energy_kwh if energy_kwh else math.nan,
    }
    waiting_eur = wait_h_day(sites, n_days) * value["days_a_year"] * value["truck_hour_eur"]
    payers = payer_rows(
        given.paid_by,
        dict(zip(BUILT, (now.built_eur - then.built_eur).sum(axis=0), strict=True)),
        dict(zip(COMPONENTS, now.eur_year.sum(axis=0), strict=True)),
        energy_kwh * value["price_eur_kwh"],
        waiting_eur,
    )
    check_accounts(payers, figures["new_investment_eur"], eur_year + waiting_eur)
    return YearCosts(figures, payers)


def payer_rows(
    paid_by: WhoPays,
    new_eur: Mapping[str, float],
    eur_year: Mapping[str, float],
    energy_eur_year: float,
    waiting_eur_year: float,
) -> list[dict[str, Any]]:
    """What each side pays in a year.

    Parameters
    ----------
    paid_by : WhoPays
        Who pays for what is built. Operators pay for all else at sites.
    new_eur : mapping
        What the year adds, EUR, by :data:`~planner.costs.site_costs.BUILT`.
    eur_year : mapping
        What all sites cost a year, by :data:`~planner.costs.site_costs.COMPONENTS`.
    energy_eur_year, waiting_eur_year : float
        What hauliers pay operators for energy, and what the time of waiting costs them.
    """
    rows: list[dict[str, Any]] = []
    for payer in PAYERS:
        own = [part for part in BUILT if getattr(paid_by, part) == payer]
        paid_eur = sum(eur_year[part] for part in own)
        received_eur = 0.0
        if payer == "operators":
            paid_eur += sum(eur for part, eur in eur_year.items() if part not in BUILT)
            received_eur = energy_eur_year
        elif payer == HAULIERS:
            paid_eur = energy_eur_year + waiting_eur_year
        elif payer == "state" and not own:
            continue
        built = {part: float(new_eur[part]) if part in own else 0.0 for part in BUILT}
        rows.append(
            {
                "payer": payer,
                **{f"{part}_eur": eur for part, eur in built.items()},
                "new_investment_eur": sum(built.values()),
                "eur_year": float(paid_eur),
                "received_eur_year": float(received_eur),
            }
        )
    return rows


def check_accounts(rows: list[dict[str, Any]], invested_eur: float, eur_year: float) -> None:
    """Check that payers pay all that is built, and all that a year costs, once.

    Parameters
    ----------
    invested_eur : float
        What the year adds.
    eur_year : float
        What sites and waiting cost a year; what one side pays another is no cost.

    Raises
    ------
    InvariantError
        If something is paid by nobody or twice.
    """
    table = pd.DataFrame(rows)
    sums = {
        "what is built": (table["new_investment_eur"].sum(), invested_eur),
        "costs a year": (table["eur_year"].sum() - table["received_eur_year"].sum(), eur_year),
    }
    scale = max(1.0, float(table["eur_year"].sum()), abs(invested_eur))
    for what, (paid, expected) in sums.items():
        if abs(paid - expected) > _TOLERANCE * scale:
            msg = f"roadmap: payers pay {paid:.6g} EUR of {what}, which come to {expected:.6g} EUR"
            raise InvariantError(msg)


def payer_table(by_year: Mapping[int, list[dict[str, Any]]]) -> pd.DataFrame:
    """``ROADMAP_PAYERS`` of the rows of each year, in ascending order."""
    told = [{"year": str(year), **row} for year, rows in by_year.items() for row in rows]
    table = pd.DataFrame(told, columns=ROADMAP_PAYERS.column_names)
    amounts = [each.name for each in ROADMAP_PAYERS.columns if each.dtype == "float64"]
    table = table.astype(dict.fromkeys(amounts, np.float64))
    return table.assign(invested_eur=table.groupby("payer")["new_investment_eur"].cumsum())


def _load(points: pd.DataFrame, peak_kw: pd.Series, energy_kwh_day: pd.Series) -> SiteLoad:
    return SiteLoad(
        points["n_hpc"].to_numpy(np.int64),
        points["n_lpc"].to_numpy(np.int64),
        peak_kw.to_numpy(np.float64),
        energy_kwh_day.to_numpy(np.float64),
    )
