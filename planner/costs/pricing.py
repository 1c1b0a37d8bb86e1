"""The solutions of a front priced: what each costs operators and waiting trucks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.costs.columns import COST_FACTORS, COST_SITES, COSTS, LEAST
from planner.costs.layout_costs import Prices
from planner.costs.site_costs import COMPONENTS, SiteCosts, SiteLoad
from planner.errors import InvariantError
from planner.scenario.infrastructure_costs import ENDS, CostSet, Estimate
from planner.tables.layout_quantities import (
    LOGISTICS_COST,
    MEAN_WAIT,
    OPERATOR_COST,
    SYSTEM_COST,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.costs.layout_costs import LayoutCosts, LayoutLoad
    from planner.network.sites import Sites
    from planner.scenario.infrastructure_costs import End
    from planner.tables.table import Table

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class PricedFront:
    """A front with its costs.

    Parameters
    ----------
    costs, sites, factors : DataFrame
        ``COSTS``, ``COST_SITES`` and ``COST_FACTORS``.
    best : int
        Solution of least cost to all, a row of ``costs``.
    energy_kwh_day : float
        Energy charged on the mean day, kWh.
    n_trips_day : float
        Trips driven on the mean day.
    used : CostSet
        The figures.
    """

    costs: pd.DataFrame
    sites: pd.DataFrame
    factors: pd.DataFrame
    best: int
    energy_kwh_day: float
    n_trips_day: float
    used: CostSet

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [(COSTS, self.costs), (COST_SITES, self.sites), (COST_FACTORS, self.factors)]


def price_front(
    loads: Sequence[LayoutLoad],
    names: Sequence[str],
    sites: Sites,
    costs: CostSet,
    powers_kw: tuple[float, float],
    n_trips_day: float,
    charging_h_day: float,
) -> PricedFront:
    """Price the layouts of a front.

    Parameters
    ----------
    loads : sequence of LayoutLoad
        Its layouts.
    names : sequence of str
        Name of each, empty where it has none.
    costs : CostSet
        The figures.
    powers_kw : tuple of float
        Power of an HPC and of an LPC point, kW.
    n_trips_day, charging_h_day : float
        As for :class:`~planner.costs.layout_costs.Prices`.

    Raises
    ------
    InvariantError
        If parts do not add up to their sum.
    """
    factors = costs.factors(*powers_kw)
    trips = n_trips_day, charging_h_day
    central, low, high = (
        Prices(_values(factors, end), *trips).of_layouts(loads)
        for end in ("central", "low", "high")
    )
    energy_kwh = central.energy_kwh_day
    days = factors["days_a_year"].central
    parts = np.array([each.eur_year.sum(axis=0) for each in central.by_layout]) / days
    named = [LEAST if row == central.best and not name else name for row, name in enumerate(names)]
    table = pd.DataFrame(
        {
            "solution": np.arange(len(loads)),
            "name": named,
            "n_hpc": [int(each.sites.n_hpc.sum()) for each in loads],
            "n_lpc": [int(each.sites.n_lpc.sum()) for each in loads],
            MEAN_WAIT.name: [each.mean_wait_min for each in loads],
            **{
                f"{name}_eur_kwh": parts[:, column] / energy_kwh
                for column, name in enumerate(COMPONENTS)
            },
            **_with_ends(OPERATOR_COST.name, central, low, high),
            "waiting_eur_trip": central.waiting_eur_day / n_trips_day,
            "charging_eur_trip": central.charging_eur_day / n_trips_day,
            "energy_eur_trip": central.energy_eur_trip,
            LOGISTICS_COST.name: central.logistics_cost_eur_trip,
            "operator_eur_day": central.operator_eur_day,
            "waiting_eur_day": central.waiting_eur_day,
            "charging_eur_day": central.charging_eur_day,
            **_with_ends(SYSTEM_COST.name, central, low, high),
            "investment_eur": [each.investment_eur.sum() for each in central.by_layout],
        }
    )[COSTS.column_names]
    _check(table, parts, energy_kwh)
    best = central.best
    return PricedFront(
        table,
        _site_table(loads[best].sites, central.by_layout[best], sites, days),
        _factor_table(loads, factors, best, trips),
        best,
        float(energy_kwh[best]),
        n_trips_day,
        costs,
    )


def _with_ends(
    name: str, central: LayoutCosts, low: LayoutCosts, high: LayoutCosts
) -> dict[str, NDArray[np.float64]]:
    of = {"": central, "_low": low, "_high": high}
    return {f"{name}{end}": getattr(each, name) for end, each in of.items()}


def _values(
    factors: Mapping[str, Estimate], end: End, moved: tuple[str, End] | None = None
) -> dict[str, float]:
    values = {name: each.at(end) for name, each in factors.items()}
    if moved is not None:
        values[moved[0]] = factors[moved[0]].at(moved[1])
    return values


def _site_table(load: SiteLoad, costs: SiteCosts, sites: Sites, days: float) -> pd.DataFrame:
    year_eur = costs.eur_year.sum(axis=1)
    energy_kwh = load.energy_kwh_day * days
    table = pd.DataFrame(
        {
            "site_id": sites.site_id,
            "name": sites.name,
            "n_hpc": load.n_hpc,
            "n_lpc": load.n_lpc,
            "peak_kw": load.peak_kw,
            "energy_kwh_day": load.energy_kwh_day,
            **{
                f"{name}_eur_year": costs.eur_year[:, column]
                for column, name in enumerate(COMPONENTS)
            },
            OPERATOR_COST.name: np.divide(
                year_eur, energy_kwh, out=np.full(len(year_eur), np.nan), where=energy_kwh > 0.0
            ),
            "investment_eur": costs.investment_eur,
        }
    )
    return table[COST_SITES.column_names]


def _factor_table(
    loads: Sequence[LayoutLoad],
    factors: Mapping[str, Estimate],
    best: int,
    trips: tuple[float, float],
) -> pd.DataFrame:
    """Each factor at its ends, the others central; the one that moves most comes first."""
    rows = []
    for name, each in factors.items():
        row: dict[str, object] = {
            "factor": name,
            "title": FACTOR_TITLES[name],
            **{end: each.at(end) for end in ENDS},
            "sure": each.sure,
            "source": each.source,
        }
        for end in ("low", "high"):
            priced = Prices(_values(factors, "central", (name, end)), *trips).of_layouts(loads)
            row |= {
                f"operator_cost_eur_kwh_{end}": priced.operator_cost_eur_kwh[best],
                f"best_wait_min_{end}": loads[priced.best].mean_wait_min,
                f"best_n_hpc_{end}": int(loads[priced.best].sites.n_hpc.sum()),
            }
        rows.append(row)
    table = pd.DataFrame(rows)[COST_FACTORS.column_names]
    width = (table["operator_cost_eur_kwh_high"] - table["operator_cost_eur_kwh_low"]).abs()
    order = width.sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


FACTOR_TITLES = {
    name: field.description or name
    for name, field in CostSet.model_fields.items()
    if field.annotation is Estimate
} | {
    "hpc_point_eur": "A high-power point, EUR",
    "lpc_point_eur": "An overnight point, EUR",
}
"""What each factor is called."""


def _check(
    table: pd.DataFrame, parts: NDArray[np.float64], energy_kwh: NDArray[np.float64]
) -> None:
    """Both sides sum to the system, and the parts to the operators' costs."""
    operator = table["operator_eur_day"].to_numpy()
    time_eur = sum(table[f"{name}_eur_day"].to_numpy() for name in ("waiting", "charging"))
    of_trip = sum(
        table[f"{name}_eur_trip"].to_numpy() for name in ("waiting", "charging", "energy")
    )
    sums = {
        "parts of the operators' costs": (parts.sum(axis=1), operator),
        "both sides": (operator + time_eur, table[SYSTEM_COST.name].to_numpy()),
        "costs per kWh": (table[OPERATOR_COST.name].to_numpy() * energy_kwh, operator),
        "costs of a trip": (of_trip, table[LOGISTICS_COST.name].to_numpy()),
    }
    for what, (found, expected) in sums.items():
        if not np.allclose(found, expected, rtol=_TOLERANCE, atol=_TOLERANCE):
            msg = f"costs: {what} do not add up"
            raise InvariantError(msg)
