"""The question and its answer in a sentence, and how figures are rounded in text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.built_points import built_sentence
from planner.plan.draw_bands import draws_sentence
from planner.plan.grid_binding import grid_sentence
from planner.plan.point_floor import floor_sentence
from planner.plan.unserved_trips import count_by_reason, unserved_sentence
from planner.routing.stop_plans import MOST_STATES
from planner.tables.language import ENGLISH
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language


def question(results: PlanResults, language: Language = ENGLISH) -> str:
    """Question that the plan answers.

    Returns
    -------
    str
        One sentence with the electrification level where the scenario has one.
    """
    level = _level(results, language)
    if level is None:
        return language.text("How many charging points do battery-electric long-haul trucks need?")
    return language.text(
        "How many charging points do {level} electric long-haul trucks need?", level=level
    )


def answer(results: PlanResults, language: Language = ENGLISH) -> str:
    """Answer in two or three sentences with figures.

    Returns
    -------
    str
        The range of the named solutions, then what the default solution builds and gives, or that
        nobody charges; then the share of trips that cannot be driven, and how many were planned by
        a coarser search, where there are any.
    """
    if not _anyone_charges(results):
        sentences = [_nobody_sentence(results, language)]
    else:
        sentences = [_range_sentence(results, language), _default_sentence(results, language)]
        default = results.default_solution.name
        sentences.append(draws_sentence(results.summary, default, language))
        sentences.append(grid_sentence(results, language))
        sentences.append(built_sentence(results, language))
    if results.summary["n_served"]:
        by_reason = count_by_reason(results.unserved["reason"])
        sentences.append(unserved_sentence(results.summary["n_trips"], by_reason, language))
        sentences.append(_coarse_sentence(results.summary.get("n_not_exact", 0), language))
    return " ".join(sentence for sentence in sentences if sentence)


def _coarse_sentence(n_not_exact: int, language: Language) -> str:
    """How many trips the exact search was given up for; empty where for none."""
    if not n_not_exact:
        return ""
    template = (
        "{n} trip was planned by a coarser search, since the exact one had not ended after "
        "{states} states; it may take longer than it must."
        if n_not_exact == 1
        else "{n} trips were planned by a coarser search, since the exact one had not ended after "
        "{states} states; they may take longer than they must."
    )
    return language.text(
        template, n=language.count(n_not_exact), states=language.count(MOST_STATES)
    )


def _anyone_charges(results: PlanResults) -> bool:
    summary = results.summary
    return bool(summary["energy_hpc_mwh"] + summary["energy_lpc_mwh"] > 0.0)


def _nobody_sentence(results: PlanResults, language: Language) -> str:
    """No point has a use: where trips can be driven, without charging on the way."""
    served, trips = results.summary["n_served"], results.summary["n_trips"]
    if served == 0:
        return language.text(
            "None of {trips} trips can be driven with these sites and trucks, so nobody charges "
            "and no charging point is planned.",
            trips=language.count(trips),
        )
    return language.text(
        "No truck charges on its way, so no charging point is needed: {served} of {trips} trips "
        "reach their destination with the charge they set out with.",
        served=language.count(served),
        trips=language.count(trips),
    )


def _range_sentence(results: PlanResults, language: Language) -> str:
    n_hpc = results.front["n_hpc"].iloc[[named.solution for named in results.named_solutions]]
    level = _level(results, language)
    trucks = (
        language.text("Battery-electric long-haul trucks")
        if level is None
        else language.text("{level} electric long-haul trucks", level=level)
    )
    fewest, most = language.count(n_hpc.min()), language.count(n_hpc.max())
    floor = floor_sentence(n_hpc.min(), results.summary["n_visited_sites"], language)
    if fewest == most:
        need = language.text(
            "{trucks} need {points} high-power charging points.", trucks=trucks, points=most
        )
        return f"{need} {floor}"
    need = language.text(
        "{trucks} need between {fewest} and {most} high-power charging points in the named plans, "
        "depending on how long trucks may wait.",
        trucks=trucks,
        fewest=fewest,
        most=most,
    )
    return f"{need} {floor}"


def _default_sentence(results: PlanResults, language: Language) -> str:
    default = results.default_solution
    chosen = results.front.iloc[default.solution]
    title = language.text(default.title)
    return language.counted(
        int((results.hpc_layouts[default.solution] > 0).sum()),
        "The {plan} plan has {hpc} at {n} site, and {lpc} for overnight charging: trucks wait "
        "{wait} on average, and the high-power points are in use {use} of the time.",
        "The {plan} plan has {hpc} at {n} sites, and {lpc} for overnight charging: trucks wait "
        "{wait} on average, and the high-power points are in use {use} of the time.",
        plan=title.lower() if language == ENGLISH else title,
        hpc=language.count(chosen["n_hpc"]),
        lpc=language.count(chosen["n_lpc"]),
        wait=language.minutes(chosen[MEAN_WAIT.name]),
        use=language.percent(chosen["tcu"]),
    )


def _level(results: PlanResults, language: Language) -> str | None:
    share = results.scenario.get("demand", {}).get("electrification_share")
    return None if share is None else language.percent(share)
