"""The quasi-steady state of a market: means of the second half of its course, seed by seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.market.market_run import MarketRun

LOW_PRICE_EUR_KWH = 0.12
"""Prices up to here count as low: 0.08 to 0.12 EUR/kWh in the study of Ödeshög."""
SETTLED_SHARE = 0.02
"""A market has settled if the last two quarters differ by less in price and use."""
MIN_TURNS_PER_PRICE = 100
"""Turns per price below which a market cannot have settled, however little it changes."""
_N_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class SteadyState:
    """What a market comes to when prices go up and down around a level, for each seed.

    Parameters
    ----------
    mean_price_eur_kwh : (n_seeds,) float64
        What trucks pay for a kWh on average, euro.
    paid_eur_kwh : (n_seeds, n_slots) float64
        The same for trucks that arrive in a slot; the lowest price asked where none come.
    asked_eur_kwh : (n_seeds, n_operators, n_slots) float64
        Prices asked.
    utilisation : (n_seeds,) float64
        Share of the charging points' time in use, 0 to 1; one hour can be a little above the next.
    utilisation_by_slot : (n_seeds, n_slots) float64
        The same by slot.
    mean_wait_min : (n_seeds,) float64
        Mean wait of a truck, minutes.
    wait_by_slot_min : (n_seeds, n_slots) float64
        The same by slot of arrival; 0 where none come.
    n_queued : (n_seeds, n_slots) float64
        Trucks that queue, mean over the slot.
    share_waiting : (n_seeds,) float64
        Trucks that wait at all, share.
    share_lost : (n_seeds,) float64
        Trucks that drive on, share of those that come.
    n_chargers : (n_seeds, n_operators) float64
        Charging points.
    profit_eur_day : (n_seeds, n_operators) float64
        Profit on the average day of the year, euro.
    energy_share : (n_seeds, n_operators) float64
        Share of the energy that an operator sells.
    operator_price_eur_kwh : (n_seeds, n_operators) float64
        What trucks pay at an operator on average, euro/kWh; NaN where it sells nothing.
    operator_utilisation : (n_seeds, n_operators) float64
        Use of an operator's charging points; NaN without charging points.
    charger_earning_share : (n_seeds, n_operators) float64
        What one charging point earns while all are busy, in parts of what it costs; NaN where it
        costs nothing.
    sold_kwh_day : (n_seeds, n_slots) float64
        Energy sold to trucks that arrive in a slot, kWh on a simulated day.
    quarter_price_eur_kwh, quarter_utilisation : (n_seeds, 4) float64
        Mean price and use in each quarter of the iterations.
    turns_per_price : float
        Turns in parts of the number of prices, of all operators and slots.
    """

    mean_price_eur_kwh: NDArray[np.float64]
    paid_eur_kwh: NDArray[np.float64]
    asked_eur_kwh: NDArray[np.float64]
    utilisation: NDArray[np.float64]
    utilisation_by_slot: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]
    wait_by_slot_min: NDArray[np.float64]
    n_queued: NDArray[np.float64]
    share_waiting: NDArray[np.float64]
    share_lost: NDArray[np.float64]
    n_chargers: NDArray[np.float64]
    profit_eur_day: NDArray[np.float64]
    energy_share: NDArray[np.float64]
    operator_price_eur_kwh: NDArray[np.float64]
    operator_utilisation: NDArray[np.float64]
    charger_earning_share: NDArray[np.float64]
    sold_kwh_day: NDArray[np.float64]
    quarter_price_eur_kwh: NDArray[np.float64]
    quarter_utilisation: NDArray[np.float64]
    turns_per_price: float

    @property
    def drift_share(self) -> float:
        """Larger of the changes of price and use from the third to the last quarter, all seeds."""
        changes = [
            abs(quarters[:, 3].mean() / quarters[:, 2].mean() - 1.0)
            for quarters in (self.quarter_price_eur_kwh, self.quarter_utilisation)
            if quarters[:, 2].mean() > 0.0
        ]
        return float(max(changes, default=0.0))

    @property
    def has_settled(self) -> bool:
        """Whether the last two quarters are the same, after enough turns for every price."""
        enough = self.turns_per_price >= MIN_TURNS_PER_PRICE
        return enough and self.drift_share <= SETTLED_SHARE

    def low_price_hours(self) -> float:
        """Hours of a day in which trucks pay a low price at most; mean over seeds and days."""
        n_days = self.paid_eur_kwh.shape[1] / 24.0
        return float((self.paid_eur_kwh <= LOW_PRICE_EUR_KWH).sum(axis=1).mean() / n_days)


def steady_state(run: MarketRun) -> SteadyState:
    """Means of the second half of a market's course."""
    means, arrivals = run.means, run.arrivals
    scenario = run.scenario
    half = slice(means.price_eur_kwh.shape[1] // 2, None)

    def late(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(values[:, half].mean(axis=1))

    sold_kwh, revenue_eur = late(means.sold_kwh), late(means.revenue_eur)
    asked, n_chargers = late(means.price_eur_kwh), late(means.n_chargers)
    busy_min, wait_min = late(means.busy_min), late(means.wait_min)
    n_trucks = late(means.n_trucks)
    slot_min = 60.0 * np.bincount(arrivals.slot_of_hour, minlength=arrivals.n_slots)
    period_min = float(slot_min.sum())
    sold_by_slot, trucks_by_slot = sold_kwh.sum(axis=1), n_trucks.sum(axis=1)
    charger_eur = np.array(
        [
            operator.costs.charger_eur_kw_day
            * scenario.trucks.charging_kw
            * arrivals.n_days
            / scenario.demand_variation_share
            for operator in scenario.operators.values()
        ]
    )
    all_chargers = n_chargers.sum(axis=1)
    return SteadyState(
        mean_price_eur_kwh=_ratio(revenue_eur.sum(axis=(1, 2)), sold_kwh.sum(axis=(1, 2))),
        paid_eur_kwh=_ratio(revenue_eur.sum(axis=1), sold_by_slot, asked.min(axis=1)),
        asked_eur_kwh=asked,
        utilisation=_ratio(busy_min.sum(axis=(1, 2)), period_min * all_chargers),
        utilisation_by_slot=_ratio(busy_min.sum(axis=1), slot_min * all_chargers[:, None]),
        mean_wait_min=_ratio(wait_min.sum(axis=(1, 2)), n_trucks.sum(axis=(1, 2)), 0.0),
        wait_by_slot_min=_ratio(wait_min.sum(axis=1), trucks_by_slot, 0.0),
        n_queued=late(means.queue_min).sum(axis=1) / slot_min,
        share_waiting=_ratio(late(means.n_waited).sum(axis=(1, 2)), n_trucks.sum(axis=(1, 2)), 0.0),
        share_lost=late(means.n_lost).sum(axis=1) / arrivals.n_counted,
        n_chargers=n_chargers,
        profit_eur_day=late(means.profit_eur) * scenario.demand_variation_share / arrivals.n_days,
        energy_share=_ratio(sold_kwh.sum(axis=2), sold_kwh.sum(axis=(1, 2))[:, None], 0.0),
        operator_price_eur_kwh=_ratio(revenue_eur.sum(axis=2), sold_kwh.sum(axis=2)),
        operator_utilisation=_ratio(busy_min.sum(axis=2), period_min * n_chargers),
        charger_earning_share=_ratio(late(means.marginal_eur), charger_eur),
        sold_kwh_day=sold_by_slot / arrivals.n_days,
        quarter_price_eur_kwh=_ratio(
            _by_quarter(means.revenue_eur.sum(axis=(2, 3))),
            _by_quarter(means.sold_kwh.sum(axis=(2, 3))),
        ),
        quarter_utilisation=_ratio(
            _by_quarter(means.busy_min.sum(axis=(2, 3))),
            period_min * _by_quarter(means.n_chargers.sum(axis=2)),
        ),
        turns_per_price=scenario.n_iterations / (asked.shape[1] * asked.shape[2]),
    )


def _by_quarter(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of the blocks of each quarter, (n_seeds, 4)."""
    quarters = np.array_split(blocks, _N_QUARTERS, axis=1)
    return np.stack([quarter.mean(axis=1) for quarter in quarters], axis=1)


def _ratio(
    over: NDArray[np.float64],
    under: NDArray[np.float64] | float,
    otherwise: NDArray[np.float64] | float = np.nan,
) -> NDArray[np.float64]:
    """Quotient, or another value where the divisor is 0."""
    divisor = np.broadcast_to(under, over.shape)
    result = np.broadcast_to(np.asarray(otherwise, np.float64), over.shape).copy()
    np.divide(over, divisor, out=result, where=divisor > 0.0)
    return result
