"""Trips on the report: time that charging adds, which cannot be driven, what replanning does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plan.unserved_trips import unserved_share
from planner.reporting import report_tables
from planner.reporting.map_data import stranded_trips
from planner.reporting.page_sections import (
    Chart,
    Columns,
    Panel,
    Section,
    Table,
    Text,
    charted,
    hint,
)
from planner.reporting.phrases import Phrase, count, minutes, percent, phrase, sentences

if TYPE_CHECKING:
    from planner.plan.plan_results import PlanResults


def added_time_section(results: PlanResults) -> Section | None:
    """How much longer trips take than without charging; None where that is not known."""
    by_length = report_tables.length_table(results)
    if by_length is None:
        return None
    reference = results.summary.get("reference", {})
    waiting_min = reference["mean_extra_min"] - reference["mean_extra_without_waiting_min"]
    told = phrase(
        "Every trip is held against the same truck without charging, which keeps to the same "
        "breaks and rests. In the plan “{plan}”, trips take {minutes} longer on average ({share}), "
        "{waiting} of it waiting; half of them take at most {half} longer, 95 of 100 at most "
        "{most}.",
        plan=phrase(results.default_solution.title),
        minutes=minutes(reference["mean_extra_min"]),
        share=percent(reference["mean_extra_duration_share"]),
        waiting=minutes(waiting_min),
        half=minutes(reference["p50_extra_min"]),
        most=minutes(reference["p95_extra_min"]),
    )
    panels = [
        charted(phrase("Duration of the trips"), "duration"),
        charted(phrase("Charging delay"), "extra"),
        charted(phrase("By length of the trip"), "length"),
        Panel(None, (Table(by_length),)),
    ]
    if by_cause := report_tables.cause_table(results):
        panels.append(Panel(phrase("By cause"), (Table(by_cause),)))
    if by_region := report_tables.region_table(results):
        panels.append(Panel(phrase("By region"), (Table(by_region, "tall short"),)))
    return Section(phrase("What charging adds to the trips"), (hint(told), Columns(panels)))


def unserved_section(results: PlanResults) -> Section:
    """Trips that strand, and where."""
    heading = phrase("Trips that cannot be driven")
    n_trips, n_unserved = results.summary["n_trips"], results.summary["n_unserved"]
    if n_unserved == 0:
        every = phrase("All {n} trips can be driven with these sites.", n=count(n_trips))
        return Section(heading, (Text(every),))
    told = phrase(
        "{n} of {all} trips ({share}) cannot be driven with these sites. Where they strand, and "
        "why:",
        n=count(n_unserved),
        all=count(n_trips),
        share=percent(unserved_share(n_unserved, n_trips)),
    )
    table = report_tables.unserved_table(stranded_trips(results.unserved))
    cut = phrase("The printed list shows the first 20 places.")
    where = Panel(None, (Table(table, "tall short"),), css="narrow")
    return Section(heading, (Text(told), where, Text(cut, "print-only")))


def _how_settled(learned: dict[str, Any]) -> Phrase:
    """How many trucks would still change, and what that means for the way their drivers plan."""
    share = percent(learned["would_change_share"])
    if learned.get("by_rule"):  # not in runs of an earlier version
        return phrase(
            "Drivers follow their rule and expect at each site the mean wait of those who queued "
            "there in that hour: with the waits at the end {share} of the trucks would stop "
            "elsewhere.",
            share=share,
        )
    return phrase(
        "Measured in the queues at the end, each truck without its own place in them: by their "
        "best plans trips would take {gap} s less on average (at first: {before} s), and "
        "{share} of the trucks would still change their plan to gain more than the tolerance.",
        gap=count(learned["gap_s"]),
        before=count(learned["gap_before_s"]),
        share=share,
    )


def replanning_section(results: PlanResults) -> Section | None:
    """How trucks come to other stops once they know the queues; None where they do not."""
    table = report_tables.replanning_table(results)
    if table is None:
        return None
    learned = results.summary["replanning"]
    how = phrase(
        "The balanced plan, simulated again and again: trucks that could gain by it plan their "
        "stops anew with the waits they have met. {n} trucks ended up at other sites than at "
        "first.",
        n=count(learned["n_changed_site"]),
    )
    told = [_how_settled(learned)]
    if not learned["is_settled"]:
        ended = phrase(
            "The loop ended at its maximum of iterations, not where trucks have settled: with more "
            "iterations waits would change further."
        )
        told.append(ended)
    panels = Columns((Panel(None, (Chart("learning"),)), Panel(None, (Table(table),))))
    heading = phrase("When trucks learn the queues")
    return Section(heading, (hint(how), Text(sentences(told)), panels))
