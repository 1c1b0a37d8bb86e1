"""The report: one HTML file that needs nothing but a browser.

All data, styles, scripts and the Vega library are inside the file; its content security policy
forbids any request, and any script but those that it names by their hash.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from planner.network.country_outlines import OUTLINES_ATTRIBUTION
from planner.plan.input_sources import input_sources
from planner.plan.map_places import map_places, names_source
from planner.plan.point_floor import floor_of
from planner.plan.published_figures import SOURCE
from planner.plan.schemas import FRONT
from planner.plan.site_origin import site_origin
from planner.plan.unserved_trips import unserved_share
from planner.reporting import report_tables
from planner.reporting.charts.chart_data import published_marks
from planner.reporting.charts.front import FRONT_AXES
from planner.reporting.energy_sentence import energy_sentence
from planner.reporting.group_tables import group_tables
from planner.reporting.headline import answer, question
from planner.reporting.map_data import stranded_trips
from planner.reporting.national_depot_page import national_depot_sentences, national_depot_table
from planner.reporting.national_market_headline import (
    MARKET_PAGE,
    national_answer,
    national_question,
)
from planner.reporting.page_data import SCRIPTS, page_data, page_file
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import flat_lines
from planner.reporting.page_tables import page_columns
from planner.reporting.phrases import Phrase, phrase
from planner.tables.terms import DEFINITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.plan_results import PlanResults

_HEADLINE_TERMS = {
    "n_hpc": "hpc",
    "mean_wait_min": "uwti",
    "p95_wait_min": "p95_wait",
    "share_wait_over_15_min": "share_wait_over_15",
    "tcu": "tcu",
    "n_lpc": "lpc",
}
"""Figures of the headline, and the terms that define them."""


def write_html_report(results: PlanResults, path: Path) -> None:
    """Write the report.

    Parameters
    ----------
    path : Path
        The file to write, UTF-8, about 1.6 MB for 350 sites and 100 solutions.
    """
    path.write_text(render_html_report(results), encoding="utf-8")


def render_html_report(results: PlanResults) -> str:
    """Text of the report, in all languages.

    Returns
    -------
    str
        HTML; the same for the same results.
    """
    data = page_data(results)
    return render_page(
        page_file("template.html"),
        SCRIPTS,
        data,
        kind="charging plan",
        skip=("plans", phrase("Skip to the plans")),
        name=results.name,
        description=results.description,
        results=results,
        question=Phrase.of(lambda language: question(results, language)),
        answer=Phrase.of(lambda language: answer(results, language)),
        definitions=DEFINITIONS,
        default=results.default_solution,
        default_row=results.front.iloc[results.default_solution.solution],
        headline_figures=[
            (column.key, column.form, column.title, _HEADLINE_TERMS[column.key])
            for column in page_columns(FRONT.quantities(*_HEADLINE_TERMS))
        ],
        named_rows=[
            (named, results.front.iloc[named.solution]) for named in results.named_solutions
        ],
        n_not_shown=int((results.front["mean_wait_min"] > data["longestWait"]).sum()),
        has_published_marks=any(published_marks(results, axis) for axis in FRONT_AXES),
        published_source=SOURCE,
        unserved_share=unserved_share(results.summary["n_unserved"], results.summary["n_trips"]),
        n_visited_sites=floor_of(results.summary),
        reference=results.summary.get("reference", {}),
        replanning=results.summary.get("replanning", {}),
        market=_market(results),
        tables=_tables(results),
        groups=group_tables(results),
        depot_sentences=national_depot_sentences(results),
        input_sources=input_sources(results.scenario),
        energy=Phrase.of(
            lambda language: energy_sentence(
                results.summary, len(results.scenario["demand"]["days"]), language
            )
        ),
        site_origin=Phrase.of(lambda language: site_origin(results.scenario["sites"], language)),
        provenance=flat_lines(results.provenance),
        invariants=flat_lines(results.invariants),
        scenario=json.dumps(results.scenario, indent=2, ensure_ascii=False, default=str),
        has_outlines=data["map"]["hasOutlines"],
        outlines_attribution=OUTLINES_ATTRIBUTION,
        town_names_attribution=names_source(map_places(results)),
    )


def _market(results: PlanResults) -> dict[str, Any] | None:
    """What the page tells of the plan's market, and where the rest of it is."""
    if "market" not in results.summary:
        return None
    summary = results.summary["market"]
    return {
        "question": Phrase.of(national_question),
        "answer": Phrase.of(lambda language: national_answer(summary, language)),
        "page": MARKET_PAGE,
    }


def _tables(results: PlanResults) -> dict[str, Any]:
    return {
        "named": report_tables.named_table(results),
        "days": report_tables.day_table(results),
        "length": report_tables.length_table(results),
        "cause": report_tables.cause_table(results),
        "region": report_tables.region_table(results),
        "unserved": report_tables.unserved_table(stranded_trips(results.unserved)),
        "depots": national_depot_table(results),
        "replanning": report_tables.replanning_table(results),
        "published": report_tables.published_table(results),
        "comparison": report_tables.comparison_table(results),
        "assumptions": report_tables.assumption_table(results),
    }
