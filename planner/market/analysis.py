"""What theory expects of a market, beside what it came to, and the break-even curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.market.market_run import MarketRun
    from planner.market.steady_state import SteadyState

FULL_SHARE = 0.9
"""An hour in which charging points are used so much is a rush hour."""
BREAK_EVEN_MARKS_EUR_KWH = (0.17, 0.40)
"""Prices marked on the break-even curve: of a study of profitability, and of a truck network."""


@dataclass(frozen=True, slots=True)
class SlotTheory:
    """Price that undercutting leads to in each slot, beside the price of the market.

    Parameters
    ----------
    demand_share : (n_slots,) float64
        Power that trucks ask for in parts of what the charging points can give, k.
    threshold_eur_kwh : (n_slots,) float64
        Price above which undercutting by a step pays, euro/kWh; NaN where demand fills all.
    paid_eur_kwh : (n_slots,) float64
        What trucks paid, euro/kWh.
    """

    demand_share: NDArray[np.float64]
    threshold_eur_kwh: NDArray[np.float64]
    paid_eur_kwh: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RushTheory:
    """Whether the rush pays for the last charging point.

    Parameters
    ----------
    n_rush_hours : float
        Hours a day in which the charging points are used by ``FULL_SHARE`` or more.
    sum_margin_eur_kw_day : float
        Sum of the margins of these hours: what a kW earns in them, euro a day.
    charger_eur_kw_day : float
        What a kW of charging point costs, corrected for demand variation, euro a day.
    price_eur_kwh : float
        What trucks pay in these hours on average, euro/kWh; NaN without such hours.
    expected_price_eur_kwh : float
        Electricity and the charging point's cost over these hours, euro/kWh; NaN without such
        hours.
    busy_earning_share : float
        What a charging point earns while all of its operator's are busy, in parts of its cost.
    """

    n_rush_hours: float
    sum_margin_eur_kw_day: float
    charger_eur_kw_day: float
    price_eur_kwh: float
    expected_price_eur_kwh: float
    busy_earning_share: float


def undercutting_threshold_eur_kwh(
    demand_share: NDArray[np.float64], electricity_eur_kwh: float, step_eur_kwh: float
) -> NDArray[np.float64]:
    """Price above which it pays to undercut an equal rival by a step.

    Parameters
    ----------
    demand_share : (n,) float64
        Demand for power in parts of the supply of both, k >= 0.
    electricity_eur_kwh : float
        Cost of electricity, euro/kWh.
    step_eur_kwh : float
        The step, delta, euro/kWh.

    Returns
    -------
    (n,) float64
        Cost of electricity + delta / (1 - k) where k is a half or more; + 2 delta where it is
        less, since the cheaper of two then serves all without being full; NaN where k >= 1.

    Notes
    -----
    At equal prices a charging point sells a share k of its time. A step cheaper it sells min(1, 2
    k). The margin m has to satisfy (m - delta) min(1, 2 k) > m k. Karlsson and Grauers (Energies
    2024, 17, 2901), section 5.1, have the first case; the derivation is ours, theirs is lost.
    """
    demand_share = np.asarray(demand_share, np.float64)
    margin = np.full(demand_share.shape, np.nan)
    open_hours = demand_share < 1.0
    margin[open_hours] = step_eur_kwh / (1.0 - np.maximum(demand_share[open_hours], 0.5))
    return electricity_eur_kwh + margin


def break_even_utilisation(
    price_eur_kwh: NDArray[np.float64], electricity_eur_kwh: float, charger_eur_kw_day: float
) -> NDArray[np.float64]:
    """Use at which a charging point just pays, u = C_ch / (24 (p - C_el)); NaN where p <= C_el."""
    margin = np.asarray(price_eur_kwh, np.float64) - electricity_eur_kwh
    result = np.full(margin.shape, np.nan)
    np.divide(charger_eur_kw_day, 24.0 * margin, out=result, where=margin > 0.0)
    return result


def slot_theory(run: MarketRun, state: SteadyState) -> SlotTheory:
    """Undercutting thresholds of the first operator's costs, mean over seeds."""
    scenario = run.scenario
    slot_h = np.bincount(run.arrivals.slot_of_hour, minlength=run.arrivals.n_slots)
    trucks = run.arrivals.trucks
    counted = trucks.arrival_min >= 0.0
    wanted_kwh = np.bincount(
        trucks.slot_idx[counted],
        weights=trucks.energy_kwh[counted],
        minlength=run.arrivals.n_slots,
    )
    supply_kw = scenario.trucks.charging_kw * state.n_chargers.sum(axis=1).mean()
    demand_share = wanted_kwh / (supply_kw * slot_h)
    costs = next(iter(scenario.operators.values())).costs
    return SlotTheory(
        demand_share,
        undercutting_threshold_eur_kwh(
            demand_share, costs.electricity_eur_kwh, scenario.rules.step_eur_kwh
        ),
        state.paid_eur_kwh.mean(axis=0),
    )


def rush_theory(run: MarketRun, state: SteadyState) -> RushTheory:
    """Earnings of the rush beside the cost of a charging point, mean over seeds."""
    scenario = run.scenario
    costs = next(iter(scenario.operators.values())).costs
    is_rush = state.utilisation_by_slot.mean(axis=0) >= FULL_SHARE
    n_days = run.arrivals.n_days
    slot_h = np.bincount(run.arrivals.slot_of_hour, minlength=run.arrivals.n_slots)[is_rush]
    paid = state.paid_eur_kwh.mean(axis=0)[is_rush]
    n_rush_hours = float(slot_h.sum() / n_days)
    charger_eur_kw_day = costs.charger_eur_kw_day / scenario.demand_variation_share
    is_empty = n_rush_hours == 0.0
    earning = state.charger_earning_share
    return RushTheory(
        n_rush_hours,
        float((slot_h * (paid - costs.electricity_eur_kwh)).sum() / n_days),
        charger_eur_kw_day,
        float("nan") if is_empty else float(np.average(paid, weights=slot_h)),
        float("nan") if is_empty else costs.electricity_eur_kwh + charger_eur_kw_day / n_rush_hours,
        float(np.nanmean(earning)) if np.isfinite(earning).any() else float("nan"),
    )
