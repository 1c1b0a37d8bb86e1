"""The solutions of a front priced: what each costs operators and waiting trucks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.costs.columns import COST_FACTORS, COST_SITES, COSTS, LEAST
from planner.costs.cost_set import ENDS, CostSet, Estimate
from planner.costs.site_costs import COMPONENTS, SiteCosts, SiteLoad, site_costs
from planner.errors import InvariantError
from planner.simulation.metrics import site_figures
from planner.simulation.queues import ChargerLayout, evaluate_layouts, simulate
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.costs.cost_set import End
    from planner.network.sites import Sites
    from planner.simulation.charging_demand import ChargingDemand
    from planner.tables.table import Table

_DAY_H = 24.0
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class LayoutLoad:
    """A layout with what its sites deliver, and what its trucks wait.

    Parameters
    ----------
    sites : SiteLoad
        Points and load of its sites.
    wait_h_day : float
        Waiting of all trucks on the mean day, hours.
    mean_wait_min : float
        Mean wait of an HPC session, minutes.
    """

    sites: SiteLoad
    wait_h_day: float
    mean_wait_min: float


@dataclass(frozen=True, slots=True)
class _Priced:
    """Layouts priced with one set of values, each (n_layouts,) unless said."""

    by_layout: list[SiteCosts]
    operator_eur_day: NDArray[np.float64]
    waiting_eur_day: NDArray[np.float64]

    @property
    def system_eur_day(self) -> NDArray[np.float64]:
        return self.operator_eur_day + self.waiting_eur_day

    @property
    def best(self) -> int:
        """Layout of least cost to all."""
        return int(np.argmin(self.system_eur_day))


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


def load_of_layouts(
    demand: ChargingDemand, n_hpc: NDArray[np.int32], n_lpc: NDArray[np.int32]
) -> list[LayoutLoad]:
    """Simulate layouts for what their sites deliver.

    Parameters
    ----------
    n_hpc : (n_layouts, n_sites) int32
        HPC points.
    n_lpc : (n_sites,) int32
        LPC points of all layouts.
    """
    scores = evaluate_layouts(demand, n_hpc, n_lpc)
    days = demand.horizon_h / _DAY_H
    wait_h_day = (scores.total_wait_h + scores.lpc_wait_h) / days
    loads = []
    for row, points in enumerate(n_hpc):
        layout = ChargerLayout(points, n_lpc)
        figures = site_figures(demand, simulate(demand, layout), layout)
        sites = SiteLoad(
            points.astype(np.int64),
            n_lpc.astype(np.int64),
            figures.peak_power_kw,
            (figures.energy_hpc_kwh + figures.energy_lpc_kwh) / days,
        )
        loads.append(LayoutLoad(sites, float(wait_h_day[row]), float(scores.mean_wait_min[row])))
    return loads


def price_front(
    loads: Sequence[LayoutLoad],
    names: Sequence[str],
    sites: Sites,
    costs: CostSet,
    powers_kw: tuple[float, float],
    n_trips_day: float,
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
    n_trips_day : float
        Trips driven on the mean day, > 0.

    Raises
    ------
    InvariantError
        If parts do not add up to their sum.
    """
    factors = costs.factors(*powers_kw)
    central, low, high = (
        _priced(loads, _values(factors, end)) for end in ("central", "low", "high")
    )
    energy_kwh = np.array([each.sites.energy_kwh_day.sum() for each in loads])
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
            "operator_eur_kwh": central.operator_eur_day / energy_kwh,
            "operator_eur_kwh_low": low.operator_eur_day / energy_kwh,
            "operator_eur_kwh_high": high.operator_eur_day / energy_kwh,
            "waiting_eur_trip": central.waiting_eur_day / n_trips_day,
            "operator_eur_day": central.operator_eur_day,
            "waiting_eur_day": central.waiting_eur_day,
            "system_eur_day": central.system_eur_day,
            "system_eur_day_low": low.system_eur_day,
            "system_eur_day_high": high.system_eur_day,
            "investment_eur": [each.investment_eur.sum() for each in central.by_layout],
        }
    )[COSTS.column_names]
    _check(table, parts, energy_kwh)
    best = central.best
    return PricedFront(
        table,
        _site_table(loads[best].sites, central.by_layout[best], sites, days),
        _factor_table(loads, factors, best),
        best,
        float(energy_kwh[best]),
        n_trips_day,
        costs,
    )


def _values(
    factors: Mapping[str, Estimate], end: End, moved: tuple[str, End] | None = None
) -> dict[str, float]:
    values = {name: each.at(end) for name, each in factors.items()}
    if moved is not None:
        values[moved[0]] = factors[moved[0]].at(moved[1])
    return values


def _priced(loads: Sequence[LayoutLoad], value: Mapping[str, float]) -> _Priced:
    by_layout = [site_costs(each.sites, value) for each in loads]
    return _Priced(
        by_layout,
        np.array([each.eur_year.sum() for each in by_layout]) / value["days_a_year"],
        np.array([each.wait_h_day for each in loads]) * value["truck_hour_eur"],
    )


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
            "operator_eur_kwh": np.divide(
                year_eur, energy_kwh, out=np.full(len(year_eur), np.nan), where=energy_kwh > 0.0
            ),
            "investment_eur": costs.investment_eur,
        }
    )
    return table[COST_SITES.column_names]


def _factor_table(
    loads: Sequence[LayoutLoad], factors: Mapping[str, Estimate], best: int
) -> pd.DataFrame:
    """Each factor at its ends, the others central; the one that moves most comes first."""
    energy_kwh = loads[best].sites.energy_kwh_day.sum()
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
            priced = _priced(loads, _values(factors, "central", (name, end)))
            row |= {
                f"operator_eur_kwh_{end}": priced.operator_eur_day[best] / energy_kwh,
                f"best_wait_min_{end}": loads[priced.best].mean_wait_min,
                f"best_n_hpc_{end}": int(loads[priced.best].sites.n_hpc.sum()),
            }
        rows.append(row)
    table = pd.DataFrame(rows)[COST_FACTORS.column_names]
    width = (table["operator_eur_kwh_high"] - table["operator_eur_kwh_low"]).abs()
    order = width.sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


FACTOR_TITLES = {
    name: field.description or name
    for name, field in CostSet.model_fields.items()
    if field.annotation is Estimate
} | {
    "hpc_point_eur": "A high-power point, EUR",
    "lpc_point_eur": "A low-power point, EUR",
}
"""What each factor is called."""


def _check(
    table: pd.DataFrame, parts: NDArray[np.float64], energy_kwh: NDArray[np.float64]
) -> None:
    """Both sides sum to the system, and the parts to the operators' costs."""
    operator = table["operator_eur_day"].to_numpy()
    waiting, system = (table[f"{name}_eur_day"].to_numpy() for name in ("waiting", "system"))
    per_kwh = table["operator_eur_kwh"].to_numpy()
    sums = {
        "parts of the operators' costs": (parts.sum(axis=1), operator),
        "both sides": (operator + waiting, system),
        "costs per kWh": (per_kwh * energy_kwh, operator),
    }
    for what, (found, expected) in sums.items():
        if not np.allclose(found, expected, rtol=_TOLERANCE, atol=_TOLERANCE):
            msg = f"costs: {what} do not add up"
            raise InvariantError(msg)
