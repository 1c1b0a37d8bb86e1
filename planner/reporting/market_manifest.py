"""``run.json`` of a market run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.market.outcome import Band
from planner.reporting.market_headline import market_answer, market_question
from planner.tables.language import ENGLISH, LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.market.outcome import MarketOutcome
    from planner.tables.language import Language


def market_summary(outcome: MarketOutcome) -> dict[str, Any]:
    """Headline figures of a market: means over seeds of the second half of the turns."""
    state = outcome.state
    by_hour = state.paid_eur_kwh.mean(axis=0)
    factor = outcome.run.scenario.demand_variation_share
    return {
        "mean_price_eur_kwh": float(state.mean_price_eur_kwh.mean()),
        "min_hour_price_eur_kwh": float(by_hour.min()),
        "max_hour_price_eur_kwh": float(by_hour.max()),
        "hours_at_or_below_0_12": state.low_price_hours(),
        "utilisation_raw": float(state.utilisation.mean()),
        "utilisation_corrected": float(state.utilisation.mean() * factor),
        MEAN_WAIT.name: float(state.mean_wait_min.mean()),
        "profit_eur_day": state.profit_eur_day.mean(axis=0).tolist(),
        "n_chargers": state.n_chargers.mean(axis=0).tolist(),
        "n_seeds": outcome.run.scenario.n_seeds,
    }


def market_bands(outcome: MarketOutcome) -> dict[str, Any]:
    """Lowest and highest of the seeds for the headline figures, by their names."""
    state = outcome.state
    factor = outcome.run.scenario.demand_variation_share
    figures = {
        "mean_price_eur_kwh": state.mean_price_eur_kwh,
        "utilisation_raw": state.utilisation,
        "utilisation_corrected": state.utilisation * factor,
        MEAN_WAIT.name: state.mean_wait_min,
    }
    bands = {name: Band.of(values) for name, values in figures.items()}
    return {name: [band.low, band.high] for name, band in bands.items()}


def market_manifest(outcome: MarketOutcome) -> dict[str, Any]:
    """What ``run.json`` says of a market beside what it says of every run."""
    scenario, state = outcome.run.scenario, outcome.state
    return {
        "name": scenario.name,
        "description": scenario.description,
        "headline": {
            **_headline(outcome, ENGLISH),
            "translations": {
                other.code: _headline(outcome, other) for other in LANGUAGES if other != ENGLISH
            },
        },
        "summary": market_summary(outcome),
        "bands": market_bands(outcome),
        "operators": list(scenario.operators),
        "convergence": {
            "has_settled": state.has_settled,
            "drift_share": state.drift_share,
            "turns_per_price": state.turns_per_price,
            "price_by_quarter_eur_kwh": state.quarter_price_eur_kwh.mean(axis=0),
            "utilisation_by_quarter": state.quarter_utilisation.mean(axis=0),
            "accepted_share": np.mean(outcome.run.means.accepted_share),
        },
        "theory": {
            name: getattr(outcome.rush_theory, name) for name in outcome.rush_theory.__slots__
        },
        "scenario": scenario.model_dump(mode="json"),
        "invariants": outcome.invariants,
    }


def _headline(outcome: MarketOutcome, language: Language) -> dict[str, str]:
    return {
        "question": market_question(outcome, language),
        "answer": market_answer(outcome, language),
    }
