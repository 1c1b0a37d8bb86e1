"""What plans avoid and what their network costs for it: a page, tables and a workbook."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planner.costs.climate_columns import CLIMATE, CLIMATE_FACTORS, NETWORK, TTW, WTW
from planner.costs.climate_factors import CLIMATE_TITLES
from planner.reporting.charts.climate import climate_chart
from planner.reporting.charts.look import SCREEN
from planner.reporting.cost_report import SURE
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Section, Table, Text, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, own_phrase, phrase
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language

PAGE, WORKBOOK = "climate.html", "climate.xlsx"


def write_climate(
    table: pd.DataFrame,
    factors: pd.DataFrame,
    runs: Mapping[str, FinishedRun],
    language: Language,
    folder: Path,
) -> None:
    """Write tables, workbook and page.

    Parameters
    ----------
    table, factors : DataFrame
        ``CLIMATE`` and ``CLIMATE_FACTORS``.
    runs : mapping
        Runs by what the tables call them.
    language : Language
        Of the workbook; the page has all.
    folder : pathlib.Path
        An existing folder.
    """
    write_csv_and_parquet([(CLIMATE, table), (CLIMATE_FACTORS, factors)], folder)
    named = table.assign(name=[_title(runs, name, language) for name in table["name"]])
    told = factors.assign(
        title=[language.own_text(title) for title in factors["title"]],
        sure=[SURE[each].texts[language.code] for each in factors["sure"]],
    )
    with new_book(folder / WORKBOOK, language, "climate") as book:
        book.table_sheet(language.text("CO2 and costs"), named, CLIMATE.columns)
        book.table_sheet(language.text("How sure that is"), told, CLIMATE_FACTORS.columns)
    (folder / PAGE).write_text(_page(table, factors, runs), encoding="utf-8")


def _title(runs: Mapping[str, FinishedRun], name: str, language: Language) -> str:
    """Title of a named plan in whichever run has it."""
    titles = {key: title for run in runs.values() for key, title in run.titles(language).items()}
    return titles[name]


def _shown_plan(table: pd.DataFrame, label: str, run: FinishedRun) -> pd.DataFrame:
    """Rows of the plan that a run shows first."""
    is_shown = (table["run"] == label) & (table["name"] == run.default_solution.name)
    return table[is_shown]


def sentences(
    table: pd.DataFrame, runs: Mapping[str, FinishedRun], language: Language
) -> list[str]:
    """Say for a person what the plan shown first avoids, by run and year."""
    lines = []
    for label, run in runs.items():
        for row in _shown_plan(table, label, run).to_dict("records"):
            named = run.titles(language)[str(row["name"])]

            def counted(name: str, row: Mapping[Any, Any] = row) -> str:
                return language.about(float(row[name]))

            text = (
                "{run}, {plan}, {year}: {litres} million l of diesel a year less avoid {wtw} t of "
                "CO2 well to wheel ({low} to {high}), {ttw} t at the exhaust."
            )
            lines.append(
                language.text(
                    text,
                    run=str(row["run"]),
                    plan=named,
                    year=str(row["year"]),
                    litres=language.number(float(row["diesel_l_year"]) / 1e6, 1),
                    wtw=counted(WTW.name),
                    low=counted(f"{WTW.name}_low"),
                    high=counted(f"{WTW.name}_high"),
                    ttw=counted(TTW.name),
                )
            )
            if row[NETWORK.name] == row[NETWORK.name]:  # known
                lines.append(
                    language.text(
                        "The network and {hours} hours of waiting cost {eur} EUR per t ({low} to "
                        "{high}).",
                        hours=counted("wait_h_year"),
                        eur=counted(NETWORK.name),
                        low=counted(f"{NETWORK.name}_low"),
                        high=counted(f"{NETWORK.name}_high"),
                    )
                )
    return lines


def _page(table: pd.DataFrame, factors: pd.DataFrame, runs: Mapping[str, FinishedRun]) -> str:
    years = table["year"].unique()
    n_rows = len(runs) * len(years)
    charts: dict[str, Mapping[str, Any]] = {
        language.code: {"climate": SCREEN.dressed(climate_chart(language, n_rows))}
        for language in LANGUAGES
    }
    # The answer to the question is short: one run and year, the rest below.
    first = dict(list(runs.items())[:1])
    of_year = table[table["year"] == years[len(years) // 2]]
    name = ", ".join(dict.fromkeys(run.name for run in runs.values()))
    return render_page(
        {"study": name, "chartData": _chart_data(table, runs), "charts": charts},
        kind="climate",
        name=name,
        question=phrase("How much CO2 do electric trucks avoid, and what does the network cost?"),
        answer=Phrase.of(lambda language: " ".join(sentences(of_year, first, language))),
        sections=_sections(table, factors, runs),
    )


def _chart_data(table: pd.DataFrame, runs: Mapping[str, FinishedRun]) -> dict[str, list[Any]]:
    shown = [
        {
            "run": row["run"],
            "year": row["year"],
            "side": side,
            "t_year": round(float(row[f"{side}_wtw_t_year"]), 1),
        }
        for label, run in runs.items()
        for row in _shown_plan(table, label, run).to_dict("records")
        for side in ("diesel", "electricity")
    ]
    return {"climate": shown}


def _sections(
    table: pd.DataFrame, factors: pd.DataFrame, runs: Mapping[str, FinishedRun]
) -> list[Section]:
    plans = {
        str(name): Phrase.of(partial(_title, runs, str(name))) for name in table["name"].unique()
    }
    # The whole table is in the workbook.
    shown = CLIMATE.without(
        *("km_year", "grid_kwh_year", "hour_factor", f"{TTW.name}_low", f"{TTW.name}_high"),
        *("infrastructure_eur_year", "waiting_eur_year"),
    )
    avoided = PageTable.of("climate", table, shown, {"name": plans})
    titles = {title: own_phrase(title) for title in CLIMATE_TITLES.values()}
    moved = PageTable.of(
        "climate-factors", factors, CLIMATE_FACTORS.columns, {"sure": SURE, "title": titles}
    )
    counted = phrase(
        "Diesel trucks would drive the same trips without detours. Electricity is all that trucks "
        "use on these trips, also what they charged before, with losses of charging, and in the "
        "hours in which they charge on their way. Ways abroad and trips that cannot be driven are "
        "left out, and so are making trucks and batteries."
    )
    cost = phrase(
        "Costs per t are those of the charging network and of waiting; trucks, diesel and "
        "electricity are not in them. Low is the end of all figures with which a column is low."
    )
    by_itself = phrase(
        "Each figure at its low and its high value, all others at their central one, for the plan "
        "shown first."
    )
    return [
        Section(
            phrase("What is avoided"),
            (
                Text(counted),
                charted(phrase("CO2 well to wheel on the same trips"), "climate"),
                hint(cost),
                Table(avoided, "tall"),
            ),
        ),
        Section(phrase("How sure that is"), (hint(by_itself), Table(moved, "tall"))),
    ]
