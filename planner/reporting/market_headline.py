"""Question and answer of a market run, in a reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from planner.market.outcome import MarketOutcome
    from planner.tables.language import Language


NOT_SETTLED = (
    "The market has not settled: between the last two quarters of the turns it changed by "
    "{share}, and every price has had {turns} turns, of which it needs 100. Set a higher "
    "n_iterations."
)


def market_question(outcome: MarketOutcome, language: Language) -> str:
    """What the study asks."""
    n_operators = len(outcome.run.scenario.operators)
    trucks = language.count(outcome.run.arrivals.n_counted / outcome.run.arrivals.n_days)
    if n_operators == 1:
        return language.text(
            "What does a kWh cost where one operator serves {trucks} trucks a day?", trucks=trucks
        )
    return language.text(
        "What does a kWh cost where {n} operators compete for {trucks} trucks a day?",
        n=language.count(n_operators),
        trucks=trucks,
    )


def market_answer(outcome: MarketOutcome, language: Language) -> str:
    """What came out, in three sentences."""
    state = outcome.state
    by_hour = state.paid_eur_kwh.mean(axis=0)
    chargers = state.n_chargers.mean(axis=0)
    profits = state.profit_eur_day.mean(axis=0)
    prices = language.text(
        "{mean} on average: {low} in the cheapest hour, {high} in the dearest, and {hours} hours "
        "of the day at 0.12 EUR/kWh or less.",
        mean=language.price(float(state.mean_price_eur_kwh.mean())),
        low=language.price(float(by_hour.min())),
        high=language.price(float(by_hour.max())),
        hours=language.number(state.low_price_hours(), 0),
    )
    site = language.text(
        "{chargers} charging points are used {share} of the time on the typical day; trucks wait "
        "{minutes} on average.",
        chargers=language.count(float(chargers.sum())),
        share=language.percent(float(state.utilisation.mean())),
        minutes=language.minutes(float(state.mean_wait_min.mean())),
    )
    return f"{prices} {site} {_profit_sentence(profits, chargers, language)}"


def _profit_sentence(profits: np.ndarray, chargers: np.ndarray, language: Language) -> str:
    listed = " / ".join(language.count(float(profit)) for profit in profits)
    if (chargers < 1.0).any():
        return language.text(
            "Not every operator stays; they earn {profits} EUR a day.", profits=listed
        )
    if len(profits) == 1:
        return language.text("The operator earns {profits} EUR a day.", profits=listed)
    if (profits > 0.0).all():
        return language.text("All operators make a profit: {profits} EUR a day.", profits=listed)
    return language.text("Not every operator makes a profit: {profits} EUR a day.", profits=listed)
