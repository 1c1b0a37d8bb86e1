"""Question and answer of the market of a plan, in a reader's language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from planner.plan.point_floor import floor_of, floor_sentence
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.tables.language import Language

MARKET_PAGE = "market.html"
"""The market's page in a run's folder."""


def national_question(language: Language) -> str:
    """What the market of a plan is asked."""
    return language.text("Who will build these charging points, and what will a kWh cost?")


def national_answer(summary: Mapping[str, Any], language: Language) -> str:
    """What came out, in a few sentences; where nobody charges, that.

    Parameters
    ----------
    summary : mapping
        ``summary.market`` of ``run.json``.
    """
    # A file of JSON has no NaN: what is not known is null there.
    summary = {key: math.nan if value is None else value for key, value in summary.items()}
    if math.isnan(summary["mean_price_eur_kwh"]) and math.isnan(summary["plan_mean_price_eur_kwh"]):
        return language.text(
            "No truck charges at the {sites} sites, so no operator builds there and no price comes "
            "about.",
            sites=language.count(summary["n_sites"]),
        )
    market = language.text(
        "Trucks pay {mean} EUR/kWh on average; nine sites in ten are below {dear}. Without "
        "support operators build {points} of the {planned} high-power points of the balanced plan, "
        "and none at {closed} of {sites} sites.",
        mean=language.number(summary["mean_price_eur_kwh"], 2),
        dear=language.number(summary["price_p90_eur_kwh"], 2),
        points=language.count(summary["n_hpc_market"]),
        planned=language.count(summary["n_hpc_plan"]),
        closed=language.count(summary["n_sites_nobody_builds"]),
        sites=language.count(summary["n_sites"]),
    )
    as_planned = language.counted(
        summary["n_sites_to_subsidise"],
        "With the points of the plan trucks would pay {mean} and wait {minutes} on average, not "
        "{longer}; {n} site would then need {subsidy} EUR a day.",
        "With the points of the plan trucks would pay {mean} and wait {minutes} on average, not "
        "{longer}; {n} sites would then need {subsidy} EUR a day in all.",
        mean=language.number(summary["plan_mean_price_eur_kwh"], 2),
        minutes=language.minutes(summary[f"plan_{MEAN_WAIT.name}"]),
        longer=language.minutes(summary[MEAN_WAIT.name]),
        subsidy=language.count(summary["subsidy_eur_day"]),
    )
    told = [market, as_planned]
    if math.isfinite(floor_of(summary)):
        told.insert(1, floor_sentence(summary["n_hpc_plan"], floor_of(summary), language))
    return " ".join(told)
