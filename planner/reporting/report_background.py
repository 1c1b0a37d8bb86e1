"""The end of the report: published figures, methods, assumptions, words and sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planner.network.country_outlines import OUTLINES_ATTRIBUTION
from planner.plan.input_sources import input_sources
from planner.plan.published_figures import SOURCE
from planner.reporting import report_tables
from planner.reporting.page_sections import Folded, Lines, Section, Table, Words, flat_lines, hint
from planner.reporting.phrases import Phrase, own_phrase, phrase, sentences, verbatim
from planner.tables.terms import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.plan.plan_results import PlanResults
    from planner.reporting.page_tables import PageTable


def published_section(results: PlanResults) -> Section | None:
    """What the study prints, beside this plan."""
    said = phrase(
        "Published: {source}. Its road network, freight data and site lists are not public (347 "
        "policy sites, of an earlier list than the official one), so that differences are to be "
        "expected.",
        source=SOURCE,
    )
    heading = phrase("Published figures beside these")
    return _of_table(heading, said, report_tables.published_table(results))


def comparison_section(results: PlanResults) -> Section | None:
    """How other methods of finding plans did."""
    tried = phrase("Different methods of finding plans, each allowed the evaluations shown.")
    said = sentences([tried, phrase(DEFINITIONS["hypervolume"].text)])
    table = report_tables.comparison_table(results)
    return _of_table(phrase("How good the plans are"), said, table)


def _of_table(heading: Phrase, said: Phrase, table: PageTable | None) -> Section | None:
    return None if table is None else Section(heading, (hint(said), Table(table)))


def assumptions_section(results: PlanResults) -> Section:
    """What is assumed, and the whole scenario."""
    scenario = json.dumps(results.scenario, indent=2, ensure_ascii=False, default=str)
    whole = Folded(phrase("The whole scenario, as resolved"), scenario)
    table = Table(report_tables.assumption_table(results))
    return Section(phrase("Inputs and assumptions"), (table, whole))


def words_section(results: PlanResults) -> Section:
    """Plans and terms, defined."""
    of_plans = [
        (phrase("Plan “{plan}”", plan=phrase(named.title)), phrase(named.text), "")
        for named in results.named_solutions
    ]
    terms = [(phrase(each.title), phrase(each.text), key) for key, each in DEFINITIONS.items()]
    return Section(phrase("What the words mean"), (Words([*of_plans, *terms]),))


def origins_section(results: PlanResults, *, has_outlines: bool, names_of_towns: str) -> Section:
    """Who made the inputs, what computed the plan, and what it was checked for.

    Parameters
    ----------
    has_outlines : bool
        Whether the map shows outlines of countries.
    names_of_towns : str
        Whom the map names for names of towns; empty where all are the network's own.
    """
    lines = list(
        _lines_of_origins(results, has_outlines=has_outlines, names_of_towns=names_of_towns)
    )
    checks = phrase(
        "Conservation checks, all held: no truck, no energy and no charging session got lost"
    )
    held = Folded(checks, lines=flat_lines(results.invariants))
    return Section(phrase("Where this comes from"), (Lines(lines), held))


def _lines_of_origins(
    results: PlanResults, *, has_outlines: bool, names_of_towns: str
) -> Iterator[tuple[Phrase, str | Phrase]]:
    for source in input_sources(results.scenario):
        title = phrase("Source of {what}", what=own_phrase(source.of))
        yield title, verbatim(source.sentence())
    yield from flat_lines(results.provenance)
    if has_outlines:
        yield phrase("Outlines of countries"), verbatim(OUTLINES_ATTRIBUTION)
    if names_of_towns:
        yield phrase("Names of towns"), verbatim(names_of_towns)
