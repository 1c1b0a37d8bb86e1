"""Tables of a market run, as CSV and Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.market.market_schemas import (
    MARKET_ALTERNATIVES,
    MARKET_COURSE,
    MARKET_HOURS,
    MARKET_OFFERS,
    MARKET_OPERATORS,
    MARKET_SEEDS,
)
from planner.market.outcome import headline_figures
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.market.outcome import AlternativeOutcome, MarketOutcome
    from planner.tables.table import Table

_HOURS_OF_DAY = 24


def market_tables(outcome: MarketOutcome) -> list[tuple[Table, pd.DataFrame]]:
    """All tables of a market run."""
    return [
        (MARKET_HOURS, hour_table(outcome)),
        (MARKET_OFFERS, offer_table(outcome)),
        (MARKET_OPERATORS, operator_table(outcome)),
        (MARKET_COURSE, course_table(outcome)),
        (MARKET_SEEDS, seed_table(outcome)),
        (MARKET_ALTERNATIVES, alternative_table(outcome)),
    ]


def hour_table(outcome: MarketOutcome) -> pd.DataFrame:
    """``MARKET_HOURS``: the site by hour of the period."""
    state, theory = outcome.state, outcome.slot_theory
    slot = outcome.run.arrivals.slot_of_hour
    table = pd.DataFrame(
        {
            "price_eur_kwh": state.paid_eur_kwh.mean(axis=0),
            "price_low_eur_kwh": state.paid_eur_kwh.min(axis=0),
            "price_high_eur_kwh": state.paid_eur_kwh.max(axis=0),
            "threshold_eur_kwh": theory.threshold_eur_kwh,
            "demand_share": theory.demand_share,
            "sold_kwh": state.sold_kwh_day.mean(axis=0) * outcome.run.arrivals.n_days,
            "utilisation_raw": state.utilisation_by_slot.mean(axis=0),
            MEAN_WAIT.name: state.wait_by_slot_min.mean(axis=0),
            "n_queued": state.n_queued.mean(axis=0),
        }
    ).iloc[slot]
    return pd.concat([_hours_of(outcome), table.reset_index(drop=True)], axis=1)


def offer_table(outcome: MarketOutcome) -> pd.DataFrame:
    """``MARKET_OFFERS``: what each operator asks by hour of the period."""
    asked = outcome.state.asked_eur_kwh[:, :, outcome.run.arrivals.slot_of_hour]
    hours = _hours_of(outcome)
    return pd.concat(
        [
            hours.assign(
                operator=name,
                asked_eur_kwh=asked[:, number].mean(axis=0),
                asked_low_eur_kwh=asked[:, number].min(axis=0),
                asked_high_eur_kwh=asked[:, number].max(axis=0),
            )
            for number, name in enumerate(outcome.run.scenario.operators)
        ],
        ignore_index=True,
    )


def operator_table(outcome: MarketOutcome) -> pd.DataFrame:
    """``MARKET_OPERATORS``: what each operator comes to."""
    state = outcome.state
    operators = outcome.run.scenario.operators
    return pd.DataFrame(
        {
            "operator": list(operators),
            "tariff": [operator.tariff for operator in operators.values()],
            "n_chargers": state.n_chargers.mean(axis=0),
            "n_chargers_low": state.n_chargers.min(axis=0),
            "n_chargers_high": state.n_chargers.max(axis=0),
            "profit_eur_day": state.profit_eur_day.mean(axis=0),
            "profit_low_eur_day": state.profit_eur_day.min(axis=0),
            "profit_high_eur_day": state.profit_eur_day.max(axis=0),
            "price_eur_kwh": _known_mean(state.operator_price_eur_kwh),
            "energy_share": state.energy_share.mean(axis=0),
            "utilisation_raw": _known_mean(state.operator_utilisation),
            "charger_earning_share": _known_mean(state.charger_earning_share),
        }
    )


def course_table(outcome: MarketOutcome) -> pd.DataFrame:
    """``MARKET_COURSE``: how each seed went, block by block."""
    run = outcome.run
    means, scenario = run.means, run.scenario
    n_seeds, n_blocks, n_operators = means.n_chargers.shape
    ends = scenario.n_iterations * np.arange(1, n_blocks + 1) // n_blocks
    with np.errstate(invalid="ignore", divide="ignore"):
        price = means.revenue_eur.sum(axis=3) / means.sold_kwh.sum(axis=3)
        period_min = 60.0 * len(run.arrivals.slot_of_hour)
        utilisation = means.busy_min.sum(axis=3) / (period_min * means.n_chargers)
    per_day = scenario.demand_variation_share / run.arrivals.n_days
    return pd.DataFrame(
        {
            "seed_number": np.repeat(np.arange(1, n_seeds + 1), n_blocks * n_operators),
            "iteration": np.tile(np.repeat(ends, n_operators), n_seeds),
            "operator": list(scenario.operators) * (n_seeds * n_blocks),
            "price_eur_kwh": price.ravel(),
            "n_chargers": means.n_chargers.ravel(),
            "profit_eur_day": means.profit_eur.ravel() * per_day,
            "utilisation_raw": utilisation.ravel(),
        }
    )


def seed_table(outcome: MarketOutcome) -> pd.DataFrame:
    """``MARKET_SEEDS``: what each seed comes to."""
    state = outcome.state
    factor = outcome.run.scenario.demand_variation_share
    return pd.DataFrame(
        {
            "seed_number": np.arange(1, len(state.utilisation) + 1),
            "mean_price_eur_kwh": state.mean_price_eur_kwh,
            "utilisation_raw": state.utilisation,
            "utilisation_corrected": state.utilisation * factor,
            MEAN_WAIT.name: state.mean_wait_min,
            "share_waiting": state.share_waiting,
            "share_lost": state.share_lost,
            "n_chargers": state.n_chargers.sum(axis=1),
            "profit_eur_day": state.profit_eur_day.sum(axis=1),
        }
    )


def alternative_table(outcome: MarketOutcome) -> pd.DataFrame:
    """``MARKET_ALTERNATIVES``: the study, then what is otherwise."""
    rows = [headline_figures(outcome.run, outcome.state), *outcome.alternatives]
    return pd.DataFrame([_alternative_row(row) for row in rows])


def _alternative_row(row: AlternativeOutcome) -> dict[str, object]:
    return {
        "group": row.group,
        "key": row.key,
        "value": row.value,
        "n_seeds": row.n_seeds,
        "mean_price_eur_kwh": row.mean_price_eur_kwh.mean,
        "mean_price_low_eur_kwh": row.mean_price_eur_kwh.low,
        "mean_price_high_eur_kwh": row.mean_price_eur_kwh.high,
        "max_hour_price_eur_kwh": row.max_hour_price_eur_kwh,
        "hours_at_or_below_0_12": row.low_price_hours,
        "utilisation_raw": row.utilisation_raw.mean,
        "utilisation_corrected": row.utilisation_corrected.mean,
        MEAN_WAIT.name: row.mean_wait_min.mean,
        "share_lost": row.share_lost,
        "n_chargers": sum(row.n_chargers),
        "profit_eur_day": sum(row.profit_eur_day),
        "operators": "|".join(row.operators),
        "n_chargers_each": _joined(row.n_chargers, 2),
        "profit_each_eur_day": _joined(row.profit_eur_day, 1),
        "energy_share_each": _joined(row.energy_share, 4),
        "drift_share": row.drift_share,
    }


def _joined(values: Sequence[float], decimals: int) -> str:
    return "|".join(f"{value:.{decimals}f}" for value in values)


def _hours_of(outcome: MarketOutcome) -> pd.DataFrame:
    arrivals = outcome.run.arrivals
    return pd.DataFrame(
        {
            "day": np.repeat(arrivals.days, _HOURS_OF_DAY),
            "hour": np.tile(np.arange(_HOURS_OF_DAY), arrivals.n_days),
        }
    )


def _known_mean(values: np.ndarray) -> list[float]:
    """Mean over seeds of what is known; NaN where no seed knows."""
    known = np.isfinite(values)
    sums = np.where(known, values, 0.0).sum(axis=0)
    return [
        float(total / count) if count else float("nan")
        for total, count in zip(sums, known.sum(axis=0), strict=True)
    ]
