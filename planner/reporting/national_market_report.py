"""The page on the market of a plan: one HTML file in all languages that needs only a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.plan.market_schemas import MARKET_SITES
from planner.reporting.charts.national_market import map_frame, national_chart_data, national_charts
from planner.reporting.charts.page_charts import page_charts
from planner.reporting.national_market_headline import national_answer, national_question
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import (
    Chart,
    Columns,
    Panel,
    Section,
    Table,
    Text,
    charted,
    hint,
    resolved_scenario,
)
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, count, number, percent, phrase
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planner.plan.market_figures import NationalFigures
    from planner.reporting.gis.plan_map import PlanMap
    from planner.scenario.national_market import NationalMarket


def write_national_report(
    settings: NationalMarket, figures: NationalFigures, plan_map: PlanMap, path: Path
) -> None:
    """Write the page.

    Parameters
    ----------
    plan_map : PlanMap
        Roads, countries and name of the plan.
    path : Path
        The file to write, UTF-8, about 1.7 MB.
    """
    text = render_page(
        page_charts(
            plan_map.name,
            national_chart_data(figures, plan_map),
            map_frame(plan_map),
            national_charts,
        ),
        kind="charging market",
        name=plan_map.name,
        description=plan_map.description,
        skip=("prices", phrase("Skip to the prices")),
        question=Phrase.of(national_question),
        answer=Phrase.of(lambda language: national_answer(figures.summary, language)),
        notices=[Text(phrase("Back to the plan"), href="report.html")],
        sections=[_prices(figures.summary), _sites(figures), _worked_out(settings)],
    )
    path.write_text(text, encoding="utf-8")


def _prices(summary: Mapping[str, Any]) -> Section:
    of_map = phrase(
        "Circles: points that pay for their operators. Crosses: sites where nobody builds."
    )
    of_rounds = phrase(
        "Each line is a repetition with other random numbers. In the second half a truck is "
        "counted {sessions} times per stop, and prices change by {drift} from the third quarter to "
        "the last.",
        sessions=number(summary["sessions_per_stop"], 3),
        drift=percent(abs(summary["price_drift_share"])),
    )
    panels = (
        charted(phrase("Price by hour"), "hours"),
        charted(phrase("Sites by price"), "prices"),
        charted(phrase("Points that pay, and points of the plan"), "points"),
        charted(phrase("How the market got there"), "rounds", hint(of_rounds)),
    )
    of_sites = Panel(phrase("Prices at the sites"), (hint(of_map), Chart("map")), level=2)
    return Section(None, (of_sites, Columns(panels)), "prices", phrase("Prices"))


def _sites(figures: NationalFigures) -> Section:
    note = phrase(
        "Profit is that of all operators on the average day of the week, points paid. Subsidy: "
        "what operators lack that must keep the points of the plan."
    )
    return Section(phrase("Sites"), (hint(note), Table(site_page_table(figures), "tall")))


def _worked_out(settings: NationalMarket) -> Section:
    how = phrase(
        "At every site up to {n} operators take turns in changing prices and points, and keep a "
        "change that does not lower their own profit. Trucks arrive as planned, choose the cheaper "
        "operator, queue included, and charge at another site where that costs them less, way and "
        "expected wait included. Trucks without another site on their way pay up to the price cap "
        "of {cap} EUR/kWh. Figures are means of the second half of {turns} turns.",
        n=count(len(settings.operators)),
        cap=number(settings.price_cap_eur_kwh, 2),
        turns=count(settings.n_iterations),
    )
    of_market = phrase("The section market of the scenario")
    return Section(
        phrase("How this is worked out"), (Text(how), resolved_scenario(settings, of_market))
    )


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
        MEAN_WAIT,
        "profit_eur_day",
        "subsidy_eur_day",
    )
    ordered = figures.sites.sort_values("n_hpc_plan", ascending=False, kind="stable")
    return PageTable.of("market-sites", ordered, columns)
