"""The page on the market of a plan: one HTML file in all languages that needs only a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from planner.plan.market_schemas import MARKET_SITES
from planner.reporting.charts.national_market import national_chart_data, national_charts
from planner.reporting.market.national_headline import national_answer, national_question
from planner.reporting.page_data import page_file
from planner.reporting.page_rendering import render_page
from planner.reporting.page_tables import Cell, PageTable, page_columns
from planner.reporting.phrases import Phrase
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from planner.plan.market_figures import NationalFigures
    from planner.reporting.gis.plan_map import PlanMap
    from planner.scenario.national_market import NationalMarket

_SCRIPTS = ("language.js", "csv.js", "sorted_table.js", "market.js")


def write_national_report(
    settings: NationalMarket, figures: NationalFigures, plan_map: PlanMap, path: Path
) -> None:
    """Write the page.

    Parameters
    ----------
    settings : NationalMarket
        What was asked.
    figures : NationalFigures
        What the market comes to.
    plan_map : PlanMap
        Roads, countries and name of the plan.
    path : Path
        The file to write, UTF-8, about 1.7 MB.
    """
    text = render_page(
        page_file("sorted_table.html") + page_file("national_market.html"),
        _SCRIPTS,
        {
            "study": plan_map.name,
            "chartData": national_chart_data(figures, plan_map),
            "charts": {
                language.code: national_charts(plan_map, language) for language in LANGUAGES
            },
        },
        name=plan_map.name,
        description=plan_map.description,
        summary=figures.summary,
        question=Phrase.of(national_question),
        answer=Phrase.of(lambda language: national_answer(figures.summary, language)),
        settings=settings,
        table=site_page_table(figures),
        resolved=json.dumps(settings.model_dump(mode="json"), indent=2, ensure_ascii=False),
    )
    path.write_text(text, encoding="utf-8")


def site_page_table(figures: NationalFigures) -> PageTable:
    """Sites with their prices, those with most points of the plan first."""
    columns = MARKET_SITES.quantities(
        "name",
        "road",
        "n_hpc_plan",
        "n_hpc_market",
        "price_eur_kwh",
        "cheapest_hour_eur_kwh",
        "dearest_hour_eur_kwh",
        "utilisation_share",
        "mean_wait_min",
        "profit_eur_day",
        "subsidy_eur_day",
    )
    ordered = figures.sites.sort_values("n_hpc_plan", ascending=False, kind="stable")
    rows: list[tuple[Cell, ...]] = [
        (
            _verbatim(str(row["name"])),
            _verbatim(str(row["road"])),
            *(float(row[column.name]) for column in columns[2:]),
        )
        for row in ordered.to_dict("records")
    ]
    return PageTable("market-sites", page_columns(columns), rows)


def _verbatim(text: str) -> Phrase:
    return Phrase({language.code: text for language in LANGUAGES})
