"""Everything a market study comes to: the market, theory beside it, alternatives, conservation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.errors import InvariantError
from planner.market.market_arrays import Operators
from planner.market.market_run import choice_of, operator_arrays, simulate_market
from planner.market.period_kernel import empty_figures, simulate_period
from planner.market.steady_state import steady_state

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.market.alternatives import Alternative
    from planner.market.analysis import RushTheory, SlotTheory
    from planner.market.arrivals import Arrivals
    from planner.market.market_run import MarketRun
    from planner.market.steady_state import SteadyState

_RELATIVE = 1e-6
"""Sums of floating-point numbers over thousands of turns differ by less."""


@dataclass(frozen=True, slots=True)
class Band:
    """Mean over seeds, with the lowest and the highest.

    Parameters
    ----------
    mean, low, high : float
        In the unit of the figure; NaN where no seed has one.
    """

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Band:
        """Band of a figure of each seed."""
        known = values[np.isfinite(values)]
        if not len(known):
            return cls(float("nan"), float("nan"), float("nan"))
        return cls(float(known.mean()), float(known.min()), float(known.max()))


@dataclass(frozen=True, slots=True)
class AlternativeOutcome:
    """What an alternative comes to.

    Parameters
    ----------
    group, key, value : str
        What is different; the study itself has the group ``"study"``.
    mean_price_eur_kwh, utilisation_raw, utilisation_corrected, mean_wait_min : Band
        Headline figures.
    max_hour_price_eur_kwh : float
        Highest of the hours' mean prices, euro/kWh.
    low_price_hours : float
        Hours of a day at or below 0.12 euro/kWh.
    share_lost : float
        Trucks that drive on.
    n_chargers, profit_eur_day, energy_share : tuple of float
        By operator.
    drift_share : float
        Change from the third to the last quarter of the iterations.
    """

    group: str
    key: str
    value: str
    operators: tuple[str, ...]
    n_seeds: int
    mean_price_eur_kwh: Band
    utilisation_raw: Band
    utilisation_corrected: Band
    mean_wait_min: Band
    max_hour_price_eur_kwh: float
    low_price_hours: float
    share_lost: float
    n_chargers: tuple[float, ...]
    profit_eur_day: tuple[float, ...]
    energy_share: tuple[float, ...]
    drift_share: float


@dataclass(frozen=True, slots=True)
class MarketOutcome:
    """A market study.

    Parameters
    ----------
    slot_theory : SlotTheory
        Price that undercutting leads to, by slot.
    rush_theory : RushTheory
        Whether the rush pays for the last charging point.
    invariants : dict
        What was checked to hold.
    """

    run: MarketRun
    state: SteadyState
    slot_theory: SlotTheory
    rush_theory: RushTheory
    alternatives: tuple[AlternativeOutcome, ...]
    invariants: dict[str, Any]


def alternative_outcome(
    alternative: Alternative, arrivals: Arrivals | None = None
) -> AlternativeOutcome:
    """Run an alternative and keep its headline figures."""
    run = simulate_market(alternative.scenario, arrivals)
    return headline_figures(
        run, steady_state(run), alternative.group, alternative.key, alternative.value
    )


def headline_figures(
    run: MarketRun, state: SteadyState, group: str = "study", key: str = "", value: str = ""
) -> AlternativeOutcome:
    """Headline figures of a market."""
    factor = run.scenario.demand_variation_share
    return AlternativeOutcome(
        group=group,
        key=key,
        value=value,
        operators=tuple(run.scenario.operators),
        n_seeds=run.scenario.n_seeds,
        mean_price_eur_kwh=Band.of(state.mean_price_eur_kwh),
        utilisation_raw=Band.of(state.utilisation),
        utilisation_corrected=Band.of(state.utilisation * factor),
        mean_wait_min=Band.of(state.mean_wait_min),
        max_hour_price_eur_kwh=float(state.paid_eur_kwh.mean(axis=0).max()),
        low_price_hours=state.low_price_hours(),
        share_lost=float(state.share_lost.mean()),
        n_chargers=_by_operator(state.n_chargers),
        profit_eur_day=_by_operator(state.profit_eur_day),
        energy_share=_by_operator(state.energy_share),
        drift_share=state.drift_share,
    )


def checked_invariants(run: MarketRun) -> dict[str, Any]:
    """Check what every period of a market keeps.

    Returns
    -------
    dict
        What was compared, for ``run.json``.

    Raises
    ------
    InvariantError
        If trucks or energy got lost, or more trucks charged at once than there are charging points.
    """
    means, arrivals = run.means, run.arrivals
    charged = means.n_trucks.sum(axis=(2, 3))
    lost = means.n_lost.sum(axis=2)
    _check("trucks", charged + lost, float(arrivals.n_counted))
    trucks = arrivals.trucks
    energy = trucks.energy_kwh[trucks.arrival_min >= 0.0]
    sold_kwh = means.sold_kwh.sum(axis=(2, 3))
    busy_min = means.busy_min.sum(axis=(2, 3))
    charged_kwh = sold_kwh + means.left_kwh.sum(axis=2)
    if np.ptp(trucks.energy_kwh) == 0.0:
        _check("energy", charged_kwh, charged * energy[0])
    elif not lost.any():
        _check("energy", charged_kwh, float(energy.sum()))
    power_kw = 60.0 * trucks.energy_kwh / trucks.charging_min
    if np.ptp(power_kw) < _RELATIVE * power_kw[0]:
        _check("energy by the time in use", busy_min * power_kw[0] / 60.0, sold_kwh)
    possible_min = means.n_chargers.sum(axis=2) * (60.0 * len(arrivals.slot_of_hour))
    if (busy_min > possible_min * (1.0 + _RELATIVE)).any():
        fault = "a market's charging points were in use for longer than there was time"
        raise InvariantError(fault)
    n_at_once = _most_at_once(run)
    return {
        "trucks_that_come": int(arrivals.n_counted),
        "trucks_that_charge": float(charged.mean()),
        "trucks_that_drive_on": float(lost.mean()),
        "energy_sold_kwh": float(sold_kwh.mean()),
        "energy_left_to_the_next_period_kwh": float(means.left_kwh.sum(axis=2).mean()),
        "charger_minutes_in_use": float(busy_min.mean()),
        "charger_minutes_there": float(possible_min.mean()),
        "most_chargers_in_use_at_once": n_at_once,
    }


def _most_at_once(run: MarketRun) -> int:
    """Most trucks that charge at once at an operator, in a period at the last prices."""
    scenario, trucks = run.scenario, run.arrivals.trucks
    n_chargers = np.ceil(run.means.n_chargers[0, -1]).astype(np.int64)
    price_eur_kwh = np.ascontiguousarray(run.means.price_eur_kwh[0, -1])
    shape = (len(n_chargers), max(int(n_chargers.max()), 1))
    start_min = np.full((len(n_chargers), len(trucks.arrival_min)), np.inf)
    operators = operator_arrays(
        list(scenario.operators.values()),
        charging_kw=scenario.trucks.charging_kw,
        days_paid=1.0,
        price_cap_eur_kwh=np.inf,
        n_markets=1,
    )
    simulate_period(
        trucks,
        choice_of(scenario.trucks),
        Operators(*(field[0] for field in operators)),
        run.arrivals.slot_of_hour,
        price_eur_kwh,
        n_chargers,
        empty_figures(*price_eur_kwh.shape),
        np.empty(shape),
        np.empty(shape),
        start_min,
    )
    most = 0
    for operator, n in enumerate(n_chargers):
        starts = start_min[operator][np.isfinite(start_min[operator])]
        # with the shortest session for all: exact where all take as long, else a lower bound
        ends = starts + (trucks.charging_min.min() - 1e-6)
        at_once = np.arange(1, len(starts) + 1) - np.searchsorted(np.sort(ends), starts)
        here = int(at_once.max(initial=0))
        if here > n:
            fault = f"{here} trucks charged at once at an operator with {n} charging points"
            raise InvariantError(fault)
        most = max(most, here)
    return most


def _check(what: str, found: NDArray[np.float64], expected: NDArray[np.float64] | float) -> None:
    wanted = np.broadcast_to(expected, found.shape)
    if not np.allclose(found, wanted, rtol=_RELATIVE, atol=1e-6):
        worst = int(np.abs(found - wanted).argmax())
        fault = (
            f"{what} of a market: expected {wanted.flat[worst]:.6g} in a period, "
            f"found {found.flat[worst]:.6g}"
        )
        raise InvariantError(fault)


def _by_operator(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values.mean(axis=0))
