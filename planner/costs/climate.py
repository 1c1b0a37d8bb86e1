"""Diesel and carbon dioxide that plans replace, and what the charging network costs for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.costs.climate_columns import CLIMATE, CLIMATE_FACTORS, NETWORK, TTW, WTW
from planner.costs.climate_factors import CLIMATE_TITLES
from planner.costs.site_costs import COMPONENTS, SiteLoad, site_costs
from planner.errors import InvariantError
from planner.scenario.infrastructure_costs import ENDS
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from planner.costs.climate_factors import ClimateFactors
    from planner.scenario.infrastructure_costs import CostSet, End

_TOLERANCE = 1e-9
_KG_PER_T = 1000.0
_OPPOSITE: dict[End, End] = {"low": "high", "central": "central", "high": "low"}
"""Cheap sites and much that is avoided make a tonne cheap."""


@dataclass(frozen=True, slots=True)
class PlanOfRun:
    """A named plan with what its sites deliver.

    Parameters
    ----------
    wait_h_day : float
        Waiting of all trucks on the mean day, hours.
    hour_kwh : (24,) float64
        Energy charged in each hour of the mean day.
    """

    name: str
    mean_wait_min: float
    wait_h_day: float
    sites: SiteLoad
    hour_kwh: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TripsOfRun:
    """Electric trips of a run that are driven, on the mean day.

    Parameters
    ----------
    level_share : float
        Share of trucks that are electric; NaN where the study has none.
    km_day : float
        Way without detours.
    used_kwh_day, on_way_kwh_day : float
        Energy that they use, and what of it they charge at stops.
    powers_kw : tuple of float
        Power of an HPC and of an LPC point.
    """

    run: str
    level_share: float
    km_day: float
    used_kwh_day: float
    on_way_kwh_day: float
    powers_kw: tuple[float, float]
    plans: tuple[PlanOfRun, ...]


@dataclass(frozen=True, slots=True)
class Emissions:
    """What the same trips give off on the mean day, kg; electricity in kWh of the grid."""

    diesel_l: float
    ttw_kg: float
    diesel_wtw_kg: float
    grid_kwh: float
    electricity_wtw_kg: float

    @property
    def wtw_kg(self) -> float:
        """Avoided well to wheel."""
        return self.diesel_wtw_kg - self.electricity_wtw_kg


def hour_factor(hour_kwh: NDArray[np.float64], over_mean: NDArray[np.float64]) -> float:
    """Emissions of the grid when trucks charge over their daily mean; 1 where none charges."""
    charged_kwh = float(hour_kwh.sum())
    return float(hour_kwh @ over_mean) / charged_kwh if charged_kwh else 1.0


def emissions(trips: TripsOfRun, value: Mapping[str, float]) -> Emissions:
    """What trips give off with diesel and with electric trucks.

    Parameters
    ----------
    value : mapping
        Value of each figure of a year, ``efficiency_share`` of the costs and ``hour_factor`` of
        what is charged on the way; what was charged before the trip counts with the mean.
    """
    diesel_l = trips.km_day * value["diesel_l_km"]
    before_kwh = trips.used_kwh_day - trips.on_way_kwh_day
    kg_kwh = value["grid_kg_kwh"] * (1.0 + value["upstream_share"]) / value["efficiency_share"]
    return Emissions(
        diesel_l,
        diesel_l * value["diesel_ttw_kg_l"],
        diesel_l * value["diesel_wtw_kg_l"],
        trips.used_kwh_day / value["efficiency_share"],
        (trips.on_way_kwh_day * value["hour_factor"] + before_kwh) * kg_kwh,
    )


def climate_table(
    runs: Sequence[TripsOfRun], factors: ClimateFactors, costs: Mapping[str, CostSet]
) -> pd.DataFrame:
    """What the named plans of runs avoid, and what their network costs.

    Parameters
    ----------
    costs : mapping
        Figures of the sites by year.

    Returns
    -------
    DataFrame
        ``CLIMATE``.

    Raises
    ------
    InvariantError
        If parts do not add up to their sum.
    """
    rows = [
        _row(trips, plan, factors, costs[year], year)
        for trips in runs
        for plan in trips.plans
        for year in factors.years
    ]
    table = pd.DataFrame(rows)[CLIMATE.column_names]
    _check(table)
    return table


def _values(
    factors: ClimateFactors, costs: CostSet, powers_kw: tuple[float, float], year: str, end: End
) -> tuple[dict[str, float], dict[str, float]]:
    """Figures of a year at an end of what is avoided, and of the sites at the other end."""
    of_costs = costs.factors(*powers_kw)
    value = {name: each.at(end) for name, each in factors.of_year(year).items()}
    # Losses are emissions: they are high where little is avoided.
    value["efficiency_share"] = of_costs["efficiency_share"].at(_OPPOSITE[end])
    return value, {name: each.at(_OPPOSITE[end]) for name, each in of_costs.items()}


def _row(
    trips: TripsOfRun, plan: PlanOfRun, factors: ClimateFactors, costs: CostSet, year: str
) -> dict[str, Any]:
    by_hour = hour_factor(plan.hour_kwh, factors.hours.over_mean())
    given_off: dict[End, Emissions] = {}
    site_eur: dict[End, float] = {}
    wait_eur: dict[End, float] = {}
    eur_t: dict[End, float] = {}
    for end in ENDS:
        value, of_sites = _values(factors, costs, trips.powers_kw, year, end)
        given_off[end] = emissions(trips, value | {"hour_factor": by_hour})
        by_component = site_costs(plan.sites, of_sites).eur_year.sum(axis=0)
        without_energy = by_component.sum() - by_component[COMPONENTS.index("electricity")]
        site_eur[end] = float(without_energy) / of_sites["days_a_year"]
        wait_eur[end] = plan.wait_h_day * of_sites["truck_hour_eur"]
        avoided_t = given_off[end].wtw_kg / _KG_PER_T
        paid_eur = site_eur[end] + wait_eur[end]
        eur_t[end] = paid_eur / avoided_t if avoided_t > 0.0 else np.nan
    days, central = costs.days_a_year.central, given_off["central"]
    t_year = days / _KG_PER_T
    return {
        "run": trips.run,
        "level_share": trips.level_share,
        "name": plan.name,
        "year": year,
        "n_hpc": int(plan.sites.n_hpc.sum()),
        MEAN_WAIT.name: plan.mean_wait_min,
        "km_year": trips.km_day * days,
        "diesel_l_year": central.diesel_l * days,
        **_with_ends(TTW.name, {end: t_year * given_off[end].ttw_kg for end in ENDS}),
        "diesel_wtw_t_year": t_year * central.diesel_wtw_kg,
        "grid_kwh_year": central.grid_kwh * days,
        "hour_factor": by_hour,
        "electricity_wtw_t_year": t_year * central.electricity_wtw_kg,
        **_with_ends(WTW.name, {end: t_year * given_off[end].wtw_kg for end in ENDS}),
        "wait_h_year": plan.wait_h_day * days,
        "infrastructure_eur_year": site_eur["central"] * days,
        "waiting_eur_year": wait_eur["central"] * days,
        # Where much is avoided at little cost, a tonne costs little.
        **_with_ends(NETWORK.name, {_OPPOSITE[end]: eur_t[end] for end in ENDS}),
    }


def _with_ends(name: str, at: Mapping[End, float]) -> dict[str, float]:
    return {name: at["central"], f"{name}_low": at["low"], f"{name}_high": at["high"]}


def factor_table(
    trips: TripsOfRun, plan: PlanOfRun, factors: ClimateFactors, costs: Mapping[str, CostSet]
) -> pd.DataFrame:
    """Each figure at its ends, the others central, for one plan.

    Returns
    -------
    DataFrame
        ``CLIMATE_FACTORS``: by year, the figure that moves most first.
    """
    by_hour = hour_factor(plan.hour_kwh, factors.hours.over_mean())
    rows: list[dict[str, Any]] = []
    for year in factors.years:
        value, _ = _values(factors, costs[year], trips.powers_kw, year, "central")
        t_year = costs[year].days_a_year.central / _KG_PER_T
        moved: dict[str, tuple[Mapping[End, float], str, str]] = {
            name: ({end: each.at(end) for end in ENDS}, each.sure, each.source)
            for name, each in factors.of_year(year).items()
        }
        # Without hours, the grid gives off its mean whenever trucks charge.
        hours: dict[End, float] = {
            "low": max(by_hour, 1.0),
            "central": by_hour,
            "high": min(by_hour, 1.0),
        }
        moved["hour_factor"] = hours, factors.hours.sure, factors.hours.source
        with_hours = value | {"hour_factor": by_hour}
        of_year: list[dict[str, Any]] = []
        for name, (at, sure, source) in moved.items():
            avoided: dict[End, float] = {
                end: t_year * emissions(trips, with_hours | {name: at[end]}).wtw_kg for end in ENDS
            }
            of_year.append(
                {
                    "year": year,
                    "factor": name,
                    "title": CLIMATE_TITLES[name],
                    **{end: at[end] for end in ENDS},
                    **_with_ends(WTW.name, avoided),
                    "sure": sure,
                    "source": source,
                }
            )
        rows += sorted(
            of_year, key=lambda row: -abs(row[f"{WTW.name}_high"] - row[f"{WTW.name}_low"])
        )
    return pd.DataFrame(rows)[CLIMATE_FACTORS.column_names]


def check_energy(plan: PlanOfRun) -> None:
    """Check that the hours of a day hold what its sites charge.

    Raises
    ------
    InvariantError
        If they hold another energy.
    """
    by_hour, by_site = float(plan.hour_kwh.sum()), float(plan.sites.energy_kwh_day.sum())
    if not np.isclose(by_hour, by_site, rtol=_TOLERANCE, atol=_TOLERANCE):
        msg = f"climate: hours hold {by_hour:.6g} kWh a day, sites {by_site:.6g} kWh"
        raise InvariantError(msg)


def _check(table: pd.DataFrame) -> None:
    """What is avoided is the difference, and costs per tonne are those of both parts."""
    avoided_t = table["diesel_wtw_t_year"] - table["electricity_wtw_t_year"]
    paid_eur = table["infrastructure_eur_year"] + table["waiting_eur_year"]
    sums = {
        "what is avoided": (table[WTW.name], avoided_t),
        "costs per tonne": ((table[NETWORK.name] * avoided_t).fillna(paid_eur), paid_eur),
    }
    for what, (found, expected) in sums.items():
        if not np.allclose(found, expected, rtol=_TOLERANCE, atol=_TOLERANCE):
            msg = f"climate: parts of {what} do not add up"
            raise InvariantError(msg)
