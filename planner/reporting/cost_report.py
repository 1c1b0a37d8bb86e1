"""The costs of a front as people open them: a page, tables and the layout of least cost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planner.costs.columns import COST_FACTORS, COST_SITES, COSTS, LEAST
from planner.costs.pricing import FACTOR_TITLES
from planner.costs.site_costs import COMPONENTS
from planner.files.spreadsheet_texts import write_csv_file
from planner.reporting.charts.costs import N_FACTORS, component_chart, cost_chart, factor_chart
from planner.reporting.charts.look import SCREEN
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Section, Table, Text, charted, hint
from planner.reporting.page_tables import Figure, PageColumn, PageTable, page_columns
from planner.reporting.phrases import Phrase, own_phrase, phrase
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import LOGISTICS_COST, MEAN_WAIT, OPERATOR_COST, SYSTEM_COST
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from planner.costs.pricing import PricedFront
    from planner.plan.finished_run import FinishedRun
    from planner.reporting.page_tables import Cell
    from planner.tables.language import Language
    from planner.tables.table import Quantity

PAGE, LAYOUT = "costs.html", "least-cost.csv"
_PARTS = (
    "name",
    *(f"{component}_eur_kwh" for component in COMPONENTS),
    *(f"{part}_eur_trip" for part in ("waiting", "charging", "energy")),
)
SURE = {
    "official": phrase("official"),
    "published": phrase("published"),
    "given": phrase("given by the user"),
    "assumed": phrase("assumed"),
}


def write_costs(priced: PricedFront, run: FinishedRun, set_name: str, folder: Path) -> None:
    """Write tables, page and the layout of least cost.

    Parameters
    ----------
    set_name : str
        Name of the set of costs.
    folder : pathlib.Path
        An existing folder.
    """
    write_csv_and_parquet(priced.tables(), folder)
    layout = priced.sites[["site_id", "name", "n_hpc", "n_lpc"]]
    write_csv_file(layout, folder / LAYOUT)
    (folder / PAGE).write_text(_page(priced, run, set_name), encoding="utf-8")


def sentences(priced: PricedFront, language: Language) -> list[str]:
    """Say for a person which plan costs least, whom."""
    best = priced.costs.iloc[priced.best]
    first, last = priced.best == 0, priced.best == len(priced.costs) - 1

    def euro(name: str, decimals: int) -> str:
        return language.number(float(best[name]), decimals)

    lines = [
        language.text(
            "The only plan of the front, with {points} high-power points and a mean wait of "
            "{wait}, costs {system} EUR a day in all."
            if first and last
            else "Of the {n} plans of the front the one with {points} high-power points and a mean "
            "wait of {wait} costs least in all: {system} EUR a day.",
            n=language.count(len(priced.costs)),
            points=language.count(float(best["n_hpc"])),
            wait=language.minutes(float(best[MEAN_WAIT.name])),
            system=language.about(float(best[SYSTEM_COST.name])),
        ),
        language.text(
            "Operators pay {operator} EUR per kWh ({low} to {high} with all figures low or high) "
            "and build for {investment} million EUR; a trip pays {logistics} EUR for charging, "
            "{waiting} EUR of it for waiting.",
            operator=euro(OPERATOR_COST.name, 3),
            low=euro(f"{OPERATOR_COST.name}_low", 2),
            high=euro(f"{OPERATOR_COST.name}_high", 2),
            investment=language.count(float(best["investment_eur"]) / 1e6),
            logistics=euro(LOGISTICS_COST.name, 2),
            waiting=euro("waiting_eur_trip", 2),
        ),
    ]
    if first or last:
        lines.append(
            language.text(
                "It is the plan of the front with the {end} points: one beyond it may cost less.",
                end=language.text("most" if first else "fewest"),
            )
        )
    return lines


def _sureness(priced: PricedFront, language: Language) -> str:
    """Year of the prices, and how many of them who says."""
    n_of = priced.factors["sure"].value_counts()
    counts = [
        f"{language.count(int(n_of[sure]))} {words.texts[language.code]}"
        for sure, words in SURE.items()
        if sure in n_of
    ]
    return language.text(
        "Prices of {year}, without VAT. Of {n} figures are: {counts}. The table above names the "
        "source of each.",
        year=str(priced.used.year),
        n=language.count(len(priced.factors)),
        counts=", ".join(counts),
    )


def _titles(run: FinishedRun, priced: PricedFront, language: Language) -> dict[str, str]:
    """Titles of named plans in the order of the front; that of least cost is told as such."""
    titles, best = run.titles(language), _best(priced)
    least = language.text("Least cost")
    titles |= {best: least if best == LEAST else f"{titles[best]} = {least}"}
    return {name: titles[name] for name in priced.costs["name"] if name}


def _best(priced: PricedFront) -> str:
    """Name of the plan of least cost."""
    return str(priced.costs["name"].iloc[priced.best])


def _title(run: FinishedRun, priced: PricedFront, name: str, language: Language) -> str:
    return _titles(run, priced, language)[name]


def _page(priced: PricedFront, run: FinishedRun, set_name: str) -> str:
    charts: dict[str, Mapping[str, Any]] = {}
    for language in LANGUAGES:
        titles = _titles(run, priced, language)
        charts[language.code] = {
            "costs": SCREEN.dressed(cost_chart(language, titles, _best(priced))),
            "components": SCREEN.dressed(component_chart(language, titles)),
            "factors": SCREEN.dressed(factor_chart(language, FACTOR_TITLES.values())),
        }
    name = f"{run.name}, {set_name}"
    return render_page(
        {"study": name, "chartData": _chart_data(priced, run), "charts": charts},
        kind="costs",
        name=name,
        description=run.description,
        question=phrase("What does the plan cost, whom, and which plan costs least in all?"),
        answer=Phrase.of(lambda language: " ".join(sentences(priced, language))),
        sections=_sections(priced, run),
    )


def _chart_data(priced: PricedFront, run: FinishedRun) -> dict[str, list[Any]]:
    shown = priced.costs[priced.costs[MEAN_WAIT.name] <= run.shown_wait_limit_min].round(4)
    named = priced.costs[priced.costs["name"] != ""]
    components = [
        {
            "name": row["name"],
            "order": order,
            "component": component,
            "component_order": place,
            "eur_kwh": round(float(row[f"{component}_eur_kwh"]), 4),
        }
        for order, row in enumerate(named.to_dict("records"))
        for place, component in enumerate(COMPONENTS)
    ]
    central = float(priced.costs[OPERATOR_COST.name].iloc[priced.best])
    factors = priced.factors.head(N_FACTORS).assign(central_eur_kwh=central)
    told = [each.name for each in COST_FACTORS.without("source", "sure")]
    return {
        "costs": shown.to_dict("records"),
        "components": components,
        "factors": factors[[*told, "central_eur_kwh"]].to_dict("records"),
    }


def _payers(named: pd.DataFrame, titles: Mapping[str, Phrase]) -> PageTable:
    """What each side pays in the named plans, in few columns: ends stand in brackets."""
    least = float(named[SYSTEM_COST.name].min())
    columns = [
        *page_columns(COSTS.quantities("name", "n_hpc", MEAN_WAIT, OPERATOR_COST)),
        *page_columns(COSTS.quantities("waiting_eur_trip", LOGISTICS_COST, SYSTEM_COST)),
        PageColumn("above_least_eur_day", phrase("Above least cost (EUR/day)"), "count"),
        PageColumn("investment_meur", phrase("Investment (million EUR)"), "count"),
    ]
    rows: list[list[Cell]] = [
        [
            titles[str(row["name"])],
            float(row["n_hpc"]),
            float(row[MEAN_WAIT.name]),
            _with_band(row, OPERATOR_COST, 3),
            float(row["waiting_eur_trip"]),
            float(row[LOGISTICS_COST.name]),
            _with_band(row, SYSTEM_COST, 0),
            float(row[SYSTEM_COST.name]) - least,
            float(row["investment_eur"]) / 1e6,
        ]
        for row in named.to_dict("records")
    ]
    return PageTable("costs", columns, rows)


def _with_band(row: Mapping[Any, Any], quantity: Quantity, decimals: int) -> Figure:
    value, low, high = (float(row[f"{quantity.name}{end}"]) for end in ("", "_low", "_high"))

    def text(language: Language) -> str:
        ends = "\N{EN DASH}".join(language.number(end, min(decimals, 2)) for end in (low, high))
        return f"{language.number(value, decimals)} ({ends})"

    return Figure(Phrase.of(text), value)


def _sections(priced: PricedFront, run: FinishedRun) -> list[Section]:
    named = priced.costs[priced.costs["name"] != ""]
    words = {
        "name": {
            str(name): Phrase.of(partial(_title, run, priced, str(name))) for name in named["name"]
        }
    }
    parts = PageTable.of("cost-parts", named, COSTS.quantities(*_PARTS), words)
    titles = {title: phrase(title) for title in FACTOR_TITLES.values()}
    factors = PageTable.of(
        "cost-factors", priced.factors, COST_FACTORS.columns, {"sure": SURE, "title": titles}
    )
    sites = PageTable.of("cost-sites", priced.sites, COST_SITES.columns)
    counted = phrase(
        "Capital counts as annuities over the life of what is built, all of it new. The grid "
        "connection is as large as the peak of a site. The price that trucks pay for energy moves "
        "costs from one side to the other and is not in the sum; neither are trips that cannot be "
        "driven. Time counts beyond the breaks and rests of a truck that never charges."
    )
    fixed = phrase(
        "All plans of the front meet the same trucks at the same sites; the overnight points are "
        "the same in all."
    )
    of_parts = phrase(
        "Capital is in points, works and connection as annuities. Below it by what is paid, and "
        "what a trip pays for its time and its energy."
    )
    by_itself = phrase(
        "Each figure at its low and its high value, all others at their central one, for the plan "
        "of least cost; and where the least cost moves to."
    )
    layout = phrase(
        "The file {file} holds the plan of least cost as a layout for planner evaluate.",
        file=LAYOUT,
    )
    return [
        Section(
            phrase("Who pays what"),
            (
                Text(counted),
                charted(phrase("Costs a day of the plans of the front"), "costs", hint(fixed)),
                Table(_payers(named, words["name"])),
                charted(phrase("What a kWh costs operators"), "components", hint(of_parts)),
                Table(parts),
            ),
        ),
        Section(
            phrase("How sure that is"),
            (
                hint(by_itself),
                charted(phrase("Cost to operators per kWh, one factor at a time"), "factors"),
                Table(factors, "tall"),
            ),
        ),
        Section(phrase("Sites of the plan of least cost"), (hint(layout), Table(sites, "tall"))),
        Section(
            phrase("Set of costs"),
            (
                *([Text(own_phrase(priced.used.description))] if priced.used.description else []),
                Text(Phrase.of(partial(_sureness, priced))),
            ),
        ),
    ]
