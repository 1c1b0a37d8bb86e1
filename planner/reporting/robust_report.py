"""Plans held against scenarios as people open them: a page, a workbook, tables and layouts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planner.files.spreadsheet_texts import write_csv_file
from planner.optimization.robust_columns import (
    EXPECTED,
    IN_WORST,
    OF_STUDY,
    ON_MEAN,
    ROBUST_CASES,
    ROBUST_FRONT,
    ROBUST_PLANS,
    ROBUST_SCENARIOS,
    ROBUST_VALUE,
    WORST,
)
from planner.reporting.charts.look import SCREEN
from planner.reporting.charts.robust import case_chart, robust_chart
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Section, Table, Text, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, own_phrase, phrase
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import N_HPC
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language
    from planner.tables.table import Table as Schema

    Tables = Sequence[tuple[Schema, pd.DataFrame]]

PAGE, WORKBOOK = "robust.html", "robust.xlsx"
_SHEETS = {
    ROBUST_PLANS.name: "Plans",
    ROBUST_CASES.name: "Plans by scenario",
    ROBUST_VALUE.name: "Worth of planning for all",
    ROBUST_FRONT.name: "Fronts",
    ROBUST_SCENARIOS.name: "Scenarios",
}
"""Tables in the order of the workbook, with the names of their sheets."""


def write_robust(
    tables: Tables,
    layouts: Mapping[str, pd.DataFrame],
    run: FinishedRun,
    language: Language,
    folder: Path,
) -> None:
    """Write tables, workbook, page and the layouts that were made.

    Parameters
    ----------
    tables : sequence
        ``ROBUST_SCHEMAS`` with what they hold.
    layouts : mapping
        Points by site of the plans that were made, by their names.
    language : Language
        Of the workbook; the page has all.
    folder : pathlib.Path
        An existing folder.
    """
    write_csv_and_parquet(list(tables), folder)
    for name, layout in layouts.items():
        write_csv_file(layout, folder / f"{name}.csv")
    by_name = {schema.name: (schema, table) for schema, table in tables}
    with new_book(folder / WORKBOOK, language, "robust plans") as book:
        for name, sheet in _SHEETS.items():
            schema, table = by_name[name]
            if "plan" in table:
                titles = plan_titles(run, language)
                table = table.assign(plan=[titles[each] for each in table["plan"]])
            if "differs" in table:
                told = [language.own_text(each) for each in table["differs"]]
                table = table.assign(differs=told)
            book.table_sheet(language.text(sheet), table, schema.columns)
    (folder / PAGE).write_text(_page(by_name, run), encoding="utf-8")


def plan_titles(run: FinishedRun, language: Language) -> dict[str, str]:
    """What plans are called at the head of a row, by their names."""
    return run.titles(language) | {
        OF_STUDY: language.text("Best for the study alone"),
        ON_MEAN: language.text("Best on the mean over scenarios"),
        IN_WORST: language.text("Best in the worst scenario"),
    }


def _title(run: FinishedRun, name: str, language: Language) -> str:
    return plan_titles(run, language)[name]


def sentences(tables: Tables, language: Language) -> list[str]:
    """Say for a person what planning for all scenarios gains."""
    by_name = {schema.name: table for schema, table in tables}
    plans = {str(row["plan"]): row for row in by_name[ROBUST_PLANS.name].to_dict("records")}
    alone, mean, worst = (plans[name] for name in (OF_STUDY, ON_MEAN, IN_WORST))
    n_points = max(alone[N_HPC.name], mean[N_HPC.name])
    values = by_name[ROBUST_VALUE.name]
    at = values[values[N_HPC.name] == n_points].to_dict("records")[0]
    n_scenarios = len(by_name[ROBUST_SCENARIOS.name])

    def told(row: Mapping[Any, Any], name: str) -> str:
        return language.minutes(float(row[name]))

    return [
        language.text(
            "With {points} high-power points placed for the study alone trucks wait {alone} on the "
            "mean over {n} scenarios, and {longest} in the worst one ({where}).",
            points=language.count(float(alone["n_hpc"])),
            n=language.count(n_scenarios),
            alone=told(alone, EXPECTED.name),
            longest=told(alone, WORST.name),
            where=str(alone["worst_scenario"]),
        ),
        language.text(
            "Placed for all scenarios as many points bring the mean to {mean} (value of the "
            "stochastic solution: {vss} min); knowing before building which scenario comes would "
            "save {evpi} min more (value of perfect information).",
            mean=told(mean, EXPECTED.name),
            vss=language.number(float(at["stochastic_solution_min"]), 2),
            evpi=language.number(float(at["perfect_information_min"]), 2),
        ),
        language.text(
            "Placed for the worst scenario they bring the longest wait to {worst}, with {mean} on "
            "the mean.",
            worst=told(worst, WORST.name),
            mean=told(worst, EXPECTED.name),
        ),
    ]


def _page(by_name: Mapping[str, tuple[Schema, pd.DataFrame]], run: FinishedRun) -> str:
    tables = list(by_name.values())
    plans = by_name[ROBUST_PLANS.name][1]["plan"]
    charts: dict[str, Mapping[str, Any]] = {}
    for language in LANGUAGES:
        titles = {name: plan_titles(run, language)[name] for name in plans}
        charts[language.code] = {
            "robust": SCREEN.dressed(robust_chart(language)),
            "cases": SCREEN.dressed(case_chart(language, titles)),
        }
    return render_page(
        {"study": run.name, "chartData": _chart_data(by_name, run), "charts": charts},
        kind="robust plans",
        name=run.name,
        description=run.description,
        question=phrase("Which plan does well whatever comes?"),
        answer=Phrase.of(lambda language: " ".join(sentences(tables, language))),
        sections=_sections(by_name, run),
    )


def _chart_data(
    by_name: Mapping[str, tuple[Schema, pd.DataFrame]], run: FinishedRun
) -> dict[str, list[Any]]:
    measures = {"mean": EXPECTED.name, "worst": WORST.name}
    front, plans = by_name[ROBUST_FRONT.name][1], by_name[ROBUST_PLANS.name][1]
    ends = plans.loc[plans["plan"].isin([each.name for each in run.named_solutions]), N_HPC.name]
    shown = front[front[N_HPC.name].between(ends.min(), ends.max())]
    lines = [
        {
            "measure": measure,
            "n_hpc": int(row["n_hpc"]),
            "wait_min": round(float(row[column]), 3),
            "is_front": True,
            "title": "",
        }
        for measure, column in measures.items()
        for row in shown[shown[f"is_on_{measure}"]].to_dict("records")
    ]
    dots = [
        {
            "measure": measure,
            "n_hpc": int(row["n_hpc"]),
            "wait_min": round(float(row[column]), 3),
            "is_front": False,
            "title": row["plan"],
        }
        for measure, column in measures.items()
        for row in plans.to_dict("records")
    ]
    cases = by_name[ROBUST_CASES.name][1].round(4)
    return {"robust": lines + dots, "cases": cases.to_dict("records")}


def _sections(
    by_name: Mapping[str, tuple[Schema, pd.DataFrame]], run: FinishedRun
) -> list[Section]:
    titles = {
        str(name): Phrase.of(partial(_title, run, str(name)))
        for name in by_name[ROBUST_PLANS.name][1]["plan"]
    }

    def shown(name: str) -> PageTable:
        schema, table = by_name[name]
        words = {"plan": titles} if "plan" in table else {}
        if "differs" in table:
            words = {"differs": {str(each): own_phrase(each) for each in table["differs"]}}
        return PageTable.of(name.replace("_", "-"), table, schema.columns, words)

    how = phrase(
        "Points at sites are decided before it is known which scenario comes; in each scenario "
        "trucks then plan their stops for the sites that are open, and wait in its queues. "
        "Overnight points and the set of sites are those of the run. A scenario weighs as much as "
        "it was given; weights are assumed."
    )
    found = phrase(
        "Layouts come from the wait tables of all scenarios, where the marginal allocation is "
        "exact for the mean as long as arrivals stay as they are, and for the worst case from "
        "weights that move towards the scenarios that wait long. Each is judged in the full "
        "simulation of every scenario, and so are the plans of the run: fronts are what was found, "
        "not proved."
    )
    regret = phrase(
        "Colour is regret: how much longer trucks wait than with the best layout found for that "
        "scenario alone with no more points. Plans with more points wait less everywhere; regret "
        "compares those of one size."
    )
    value = phrase(
        "The value of the stochastic solution (VSS) is what planning for all scenarios saves "
        "against planning for the study alone; the value of perfect information (EVPI) is what "
        "knowing the scenario before building would save on top. Both in minutes of mean wait, "
        "with as many points as the row says, among the layouts that were judged."
    )
    unserved = phrase(
        "Trips that cannot be driven are in no wait. How many they are depends on the sites that "
        "are open, and not on their points: it is the same for every plan."
    )
    files = phrase(
        "The files {study}, {mean} and {worst} hold the plans made here as layouts for planner "
        "evaluate.",
        study=f"{OF_STUDY}.csv",
        mean=f"{ON_MEAN}.csv",
        worst=f"{IN_WORST}.csv",
    )
    return [
        Section(
            phrase("Plans over all scenarios"),
            (
                Text(how),
                charted(phrase("Fronts on the mean and on the worst case"), "robust", hint(found)),
                Table(shown(ROBUST_PLANS.name)),
                hint(files),
            ),
        ),
        Section(
            phrase("Plans by scenario"),
            (
                charted(phrase("Mean wait in minutes, and regret"), "cases", hint(regret)),
                Table(shown(ROBUST_CASES.name), "tall"),
            ),
        ),
        Section(
            phrase("What it is worth to plan for all scenarios"),
            (hint(value), Table(shown(ROBUST_VALUE.name))),
        ),
        Section(phrase("Scenarios"), (hint(unserved), Table(shown(ROBUST_SCENARIOS.name), "tall"))),
        Section(phrase("Fronts"), (Table(shown(ROBUST_FRONT.name), "tall"),)),
    ]
