"""The question and its answer in a sentence, and how figures are rounded in text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.reporting.plan_results import PlanResults

NOT_KNOWN = "\N{EN DASH}"
"""Shown where there is no figure."""


def count_text(value: float) -> str:
    """Whole number with thousands separators, for example ``"1,371"``."""
    return NOT_KNOWN if math.isnan(value) else f"{round(value):,}"


def percent_text(share: float) -> str:
    """Share as a percentage: whole above 10 %, one decimal below, for example ``"37 %"``."""
    if math.isnan(share):
        return NOT_KNOWN
    percent = 100.0 * share
    whole = percent >= 9.95 or percent == 0.0 or math.isclose(percent, round(percent))
    return f"{percent:.0f} %" if whole else f"{percent:.1f} %"


def minutes_text(minutes: float) -> str:
    """Minutes: whole above ten, one decimal below, for example ``"3.4 min"``."""
    if math.isnan(minutes):
        return NOT_KNOWN
    return f"{minutes:,.0f} min" if minutes >= 9.95 else f"{minutes:.1f} min"


def question(results: PlanResults) -> str:
    """Question that the plan answers.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    str
        One sentence with the electrification level where the scenario has one.
    """
    return f"How many charging points do {_trucks(results)} need?"


def answer(results: PlanResults) -> str:
    """Answer in two sentences with figures.

    Parameters
    ----------
    results : PlanResults
        The plan.

    Returns
    -------
    str
        The range of the named solutions, then what the default solution builds and gives.
    """
    default = results.default_solution
    chosen = results.front.iloc[default.solution]
    n_hpc = results.front["n_hpc"].iloc[[named.solution for named in results.named_solutions]]
    n_sites = int((results.hpc_layouts[default.solution] > 0).sum())
    trucks = _trucks(results)
    fewest, most = count_text(n_hpc.min()), count_text(n_hpc.max())
    needed = fewest if fewest == most else f"between {fewest} and {most}"
    tradeoff = "" if fewest == most else ", depending on how long trucks may wait"
    return (
        f"{trucks[0].upper()}{trucks[1:]} need {needed} high-power charging points{tradeoff}. "
        f"The {default.title.lower()} plan has {count_text(chosen['n_hpc'])} at "
        f"{count_text(n_sites)} sites, and {count_text(chosen['n_lpc'])} for overnight charging: "
        f"trucks wait {minutes_text(chosen['mean_wait_min'])} on average, and the high-power "
        f"points are in use {percent_text(chosen['tcu'])} of the time."
    )


def _trucks(results: PlanResults) -> str:
    share = results.scenario.get("demand", {}).get("electrification_share")
    if share is None:
        return "battery-electric long-haul trucks"
    return f"{percent_text(share)} electric long-haul trucks"
