"""Connections of a plan's sites: with the points sharing what is requested, and with batteries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.costs.site_battery import ConnectionPrices, Kind
from planner.errors import InvariantError, RunDirectoryError
from planner.network.sites import ORIGIN_COMPUTED
from planner.plan.connection_columns import CONNECTION_TOTALS, SITE_CONNECTIONS
from planner.plan.load_series import LoadSteps
from planner.plan.stages import charging_demand
from planner.said import said
from planner.scenario.infrastructure_costs import ENDS
from planner.simulation.inside_horizon import drawn_power
from planner.simulation.metrics import loads_of_sites
from planner.simulation.queues import ChargerLayout, simulate
from planner.simulation.shared_power import share_power
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.costs.battery_costs import BatteryCosts
    from planner.costs.site_battery import Connection
    from planner.grid.connection_rules import ConnectionRules
    from planner.network.sites import Sites
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.scenario.infrastructure_costs import CostSet, End
    from planner.tables.table import Table

_STEP_MIN = 15
_KWH_PER_MWH = 1000.0
_TOLERANCE_SHARE = 1e-6


@dataclass(frozen=True, slots=True)
class SiteConnections:
    """Connections of all sites that draw power.

    Parameters
    ----------
    sites, totals : DataFrame
        ``SITE_CONNECTIONS`` and ``CONNECTION_TOTALS``.
    batteries : BatteryCosts
        What batteries cost.
    rules : ConnectionRules
        What kinds of connections cost.
    """

    sites: pd.DataFrame
    totals: pd.DataFrame
    batteries: BatteryCosts
    rules: ConnectionRules

    def tables(self) -> list[tuple[Table, pd.DataFrame]]:
        """The tables with what they hold."""
        return [(SITE_CONNECTIONS, self.sites), (CONNECTION_TOTALS, self.totals)]


def site_connections(
    plan: SolutionOnRoads,
    costs: CostSet,
    batteries: BatteryCosts,
    rules: ConnectionRules,
) -> SiteConnections:
    """Size the connections of a plan's sites.

    Parameters
    ----------
    costs : CostSet
        What connections and electricity cost.
    batteries : BatteryCosts
        What batteries cost.
    rules : ConnectionRules
        Kinds of connections.

    Raises
    ------
    RunDirectoryError
        If no truck charges on its way.
    InvariantError
        If loads have another energy than the sessions, or parts do not add up to their sum.
    """
    scenario, sites = plan.scenario, plan.sites
    demand = charging_demand(scenario, plan.vehicle_class_idx(), plan.plans(), sites.n_sites)
    if not demand.n_stops:
        msg = said(
            "{run}: no truck of this run charges on its way; no site draws power",
            run=str(plan.run.folder),
        )
        raise RunDirectoryError(msg)
    layout = ChargerLayout(plan.n_hpc.astype(np.int32), plan.n_lpc.astype(np.int32))
    result = simulate(demand, layout)
    drawn = drawn_power(demand, result)
    load_kwh = LoadSteps(demand, _STEP_MIN, sites.n_sites).energy_kwh(
        drawn, np.arange(sites.n_sites)[demand.stop_site_idx]
    )
    energy_kwh, moment_kw = loads_of_sites(demand, result)
    _check(load_kwh.sum(axis=1), energy_kwh, "loads of 15 min", "its sessions")
    load_kw = load_kwh * (60.0 / _STEP_MIN)
    n_days = demand.horizon_h / HOURS_PER_DAY
    prices = {end: _prices(costs, batteries, rules, plan, n_days, end) for end in ENDS}
    used = np.flatnonzero(energy_kwh > 0.0)
    found: dict[End, list[Connection]] = {end: [] for end in ENDS}
    plain = []
    for site in used:
        plain.append(prices["central"].without_battery(load_kw[site]))
        for end in ENDS:
            found[end].append(prices[end].least_cost(load_kw[site]))
    requested = _requested_kw(sites)
    shared = share_power(demand, result, drawn, np.where(np.isnan(requested), np.inf, requested))
    powers = scenario.chargers
    is_asked = ~np.isnan(requested[used])
    late = np.where(shared.n_late > 0, shared.n_late, np.nan)
    table = pd.DataFrame(
        {
            **{
                name: getattr(sites, name)[used]
                for name in ("site_id", "name", "road", "lon", "lat")
            },
            "n_hpc": plan.n_hpc[used],
            "n_lpc": plan.n_lpc[used],
            "nameplate_kw": (plan.n_hpc * powers.hpc_kw + plan.n_lpc * powers.lpc_kw)[used],
            "moment_kw": moment_kw[used],
            "energy_kwh_day": energy_kwh[used] / n_days,
            **_costs(plain, found["central"]),
            "requested_kw": requested[used],
            **{
                name: np.where(is_asked, values[used], np.nan)
                for name, values in {
                    "delayed_kwh_day": shared.delayed_kwh / n_days,
                    "late_trucks_day": shared.n_late / n_days,
                    "late_min": shared.late_min / late,
                    "latest_min": shared.latest_min,
                    "missing_kwh": shared.missing_kwh,
                }.items()
            },
        }
    )[SITE_CONNECTIONS.column_names]
    totals = pd.DataFrame(
        [_total(end, plain, found[end], batteries) for end in ENDS],
        columns=CONNECTION_TOTALS.column_names,
    )
    _check_sums(table, totals)
    return SiteConnections(table, totals, batteries, rules)


def _prices(
    costs: CostSet,
    batteries: BatteryCosts,
    rules: ConnectionRules,
    plan: SolutionOnRoads,
    n_days: float,
    end: End,
) -> ConnectionPrices:
    """Prices with batteries at one end, all else central."""
    powers = plan.scenario.chargers
    factors = costs.of_days(n_days).factors(powers.hpc_kw, powers.lpc_kw)
    value = {name: each.central for name, each in factors.items()}
    kinds = [
        Kind(each.name, each.up_to_kw or np.inf, each.fixed_eur.central) for each in rules.classes
    ]
    sizing = batteries.sizing(value["interest_share"], end)
    return ConnectionPrices(value, kinds, sizing, batteries.efficiency_share.at(end), n_days)


def _requested_kw(sites: Sites) -> NDArray[np.float64]:
    """What is requested or there; what the planner estimates for its own sites is no request."""
    computed = sites.register()["origin"] == ORIGIN_COMPUTED
    return np.where(computed, np.nan, sites.grid_connection_kw)


def _costs(plain: list[Connection], least: list[Connection]) -> dict[str, object]:
    """Columns of the connections without batteries and of least cost."""
    without_eur, with_eur = (
        np.array([each.eur_year for each in some], float) for some in (plain, least)
    )
    return {
        "peak_kw": [each.power_kw for each in plain],
        "kind": [each.kind for each in plain],
        "eur_year": without_eur,
        "with_battery_kw": [each.power_kw for each in least],
        "with_battery_kind": [each.kind for each in least],
        "battery_kwh": [each.battery_kwh for each in least],
        "battery_kw": [each.battery_kw for each in least],
        "with_battery_grid_eur_year": [each.grid_eur_year for each in least],
        "with_battery_electricity_eur_year": [each.electricity_eur_year for each in least],
        "battery_eur_year": [each.battery_eur_year for each in least],
        "saved_eur_year": without_eur - with_eur,
    }


def _total(
    end: End, plain: list[Connection], least: list[Connection], batteries: BatteryCosts
) -> tuple[str, int, float, float, float, float, float, float, float]:
    kwh, kw = sum(each.battery_kwh for each in least), sum(each.battery_kw for each in least)
    without_eur = sum(each.eur_year for each in plain)
    return (
        end,
        sum(each.battery_kwh > 0.0 for each in least),
        kwh / _KWH_PER_MWH,
        kw,
        sum(each.power_kw for each in plain),
        sum(each.power_kw for each in least),
        without_eur,
        without_eur - sum(each.eur_year for each in least),
        batteries.investment_eur(kwh, kw, end),
    )


def _check_sums(sites: pd.DataFrame, totals: pd.DataFrame) -> None:
    """Parts of each site add up to its cost, and sites to the total."""
    parts = ("with_battery_grid_eur_year", "with_battery_electricity_eur_year", "battery_eur_year")
    together = sites[[*parts, "saved_eur_year"]].sum(axis=1).to_numpy(float)
    _check(together, sites["eur_year"].to_numpy(float), "parts of a site's cost", "their sum")
    central = totals[totals["end"] == "central"]
    for name in ("eur_year", "saved_eur_year"):
        total = central[name].to_numpy(float)
        _check(np.array([sites[name].sum()]), total, f"{name} of all sites", "the total")
    if (sites["saved_eur_year"] < 0.0).any():
        msg = "a battery that costs more than it saves was taken for the cheapest"
        raise InvariantError(msg)


def _check(
    found: NDArray[np.float64], expected: NDArray[np.float64], what: str, whose: str
) -> None:
    scale = np.maximum(np.abs(expected), 1.0)
    worst = float((np.abs(found - expected) / scale).max(initial=0.0))
    if not worst <= _TOLERANCE_SHARE:
        msg = f"{what} and {whose} differ by {worst:.3g} of the latter"
        raise InvariantError(msg)
