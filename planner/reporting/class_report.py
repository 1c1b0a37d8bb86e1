"""Mixes of two classes of points as people open them: page, tables, workbook, map layer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

from planner.files.spreadsheet_texts import write_csv_file
from planner.optimization.class_columns import (
    CLASS_ANSWERS,
    CLASS_FRONT,
    CLASS_SITES,
    CLASS_SWAPS,
    LOST,
)
from planner.reporting.charts.classes import CHOICE_TITLES, KIND_TITLES, mix_chart, swap_chart
from planner.reporting.charts.classes import words as titles_in
from planner.reporting.charts.look import SCREEN
from planner.reporting.cost_report import SURE
from planner.reporting.gis.export import write_map_with
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.gis.plan_map import read_plan_map
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Heading, Lines, Section, Table, Text, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, count, own_phrase, phrase, verbatim
from planner.reporting.spreadsheet_columns import DEFINITION_COLUMNS
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT, OPERATOR_COST, SYSTEM_COST
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.plan.class_mixes_found import ClassPlans
    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language
    from planner.tables.table import Quantity

CLASSES = "classes"
"""Folder of the mixes in that of their run."""
PAGE, LAYERS, MAP, BOOK = "classes.html", "class-sites.gpkg", "classes", "classes.xlsx"
_MIXED, _FAST, _SWAPPED = "mixed", "fast", "swapped"
_BRIEF = (
    *CLASS_FRONT.quantities("n_fast", "n_slow"),
    MEAN_WAIT,
    *CLASS_FRONT.quantities("longer_charging_min", "mean_lost_min"),
    OPERATOR_COST,
    SYSTEM_COST,
)


def plan_file(plan: str) -> str:
    """Name of the file of a named plan, for the command to read again."""
    return f"{plan}-sites.csv"


def write_classes(found: ClassPlans, run: FinishedRun, folder: Path, language: Language) -> None:
    """Write tables, page, workbook, map layers, and the named plans as tables of points.

    Parameters
    ----------
    run : FinishedRun
        The run, whose map lies below the sites of the mix of least cost.
    folder : pathlib.Path
        An existing folder.
    language : Language
        Of workbook and map; the page has all.
    """
    write_csv_and_parquet(found.tables(), folder)
    with new_geopackage(folder / LAYERS) as path:
        for plan, rows in found.sites.groupby("plan", sort=False):
            layer = point_layer(rows, with_position=False)
            pyogrio.write_dataframe(layer, path, layer=f"class_sites_{plan}", driver="GPKG")
    for plan, rows in found.sites.groupby("plan", sort=False):
        named = rows[["site_id", "name", "n_hpc", "n_slow", "n_lpc"]]
        write_csv_file(named, folder / plan_file(str(plan)))
    mixed = found.sites[found.sites["plan"] == _MIXED].drop(columns="plan")
    layers = {"class_sites": point_layer(mixed)}
    write_map_with(layers, read_plan_map(run), folder, MAP, language)
    _write_book(found, folder / BOOK, language)
    (folder / PAGE).write_text(_page(found, run), encoding="utf-8")


def sentences(found: ClassPlans) -> list[Phrase]:
    """Say for a person how many points may be slower, and which mix costs least."""
    return [
        Phrase.of(partial(each, found))
        for each in (_swap_sentence, _spared_sentence, _mix_sentence)
    ]


def terminal_table(found: ClassPlans) -> PageTable:
    """The named plans with their main figures."""
    named = found.front[found.front["plan"] != ""]
    return _named_rows("class-plans", named, "plan", _BRIEF)


def _answer(found: ClassPlans, choice: str) -> pd.Series:
    answers = found.answers
    of_choice = answers[(answers["choice"] == choice) & (answers["more_min"] == found.more_min)]
    return of_choice.iloc[0]


def _class_words(found: ClassPlans, language: Language) -> dict[str, str]:
    of = found.classes
    return {
        "fast": f"{of.fast_name.upper()} {language.count(of.fast.power_kw)} kW",
        "slow": f"{of.slow_name.upper()} {language.count(of.slow.power_kw)} kW",
    }


def _swap_sentence(found: ClassPlans, language: Language) -> str:
    row = _answer(found, "fastest")
    first = found.swaps[found.swaps["choice"] == "fastest"].iloc[0]
    return language.text(
        "Of {n} high-power points {n_slow} ({share}) could be {slow} in place of {fast}, one for "
        "one: a session then loses {lost} on average, without them {before}."
        if first["n_slow"] == 0
        else "Of {n} high-power points {n_slow} ({share}) could be {slow} in place of {fast}, one "
        "for one: a session then loses {lost} on average, with no more of them than trucks need "
        "that have no other connector {before}.",
        n=language.count(found.n_points),
        n_slow=language.count(float(row["n_slow"])),
        share=language.percent(float(row["slow_share"])),
        lost=language.minutes(float(row[LOST.name])),
        before=language.minutes(float(first[LOST.name])),
        **_class_words(found, language),
    )


def _spared_sentence(found: ClassPlans, language: Language) -> str:
    row = _answer(found, "sparing")
    return language.text(
        "If drivers who leave alike from either class leave the faster points to others, it is "
        "{n_slow} ({share}).",
        n_slow=language.count(float(row["n_slow"])),
        share=language.percent(float(row["slow_share"])),
    )


def _mix_sentence(found: ClassPlans, language: Language) -> str:
    named = {str(row["plan"]): row for row in found.front.to_dict("records")}
    mixed = named[_MIXED]
    if _FAST not in named:
        return language.text(
            "The mix of least cost to all has {n_fast} faster and {n_slow} slower points and costs "
            "{cost} EUR a day.",
            n_fast=language.count(float(mixed["n_fast"])),
            n_slow=language.count(float(mixed["n_slow"])),
            cost=language.about(float(mixed[SYSTEM_COST.name])),
        )
    fast = named[_FAST]
    central, *ends = (
        1.0 - float(mixed[f"{SYSTEM_COST.name}{end}"]) / float(fast[f"{SYSTEM_COST.name}{end}"])
        for end in ("", "_low", "_high")
    )
    return language.text(
        "The mix of least cost to all has {n_fast} faster and {n_slow} slower points, with which a "
        "session loses {lost}; of the faster class alone {n_alone} points cost least, with "
        "{lost_alone}. The mix costs {saved} less in all, {low} to {high} with all costs low or "
        "high, most of which are assumed.",
        n_fast=language.count(float(mixed["n_fast"])),
        n_slow=language.count(float(mixed["n_slow"])),
        lost=language.minutes(float(mixed[LOST.name])),
        n_alone=language.count(float(fast["n_fast"])),
        lost_alone=language.minutes(float(fast[LOST.name])),
        saved=language.percent(central),
        low=language.percent(min(ends)),
        high=language.percent(max(ends)),
    )


def _named_rows(
    name: str, rows: pd.DataFrame, column: str, figures: Sequence[Quantity]
) -> PageTable:
    quantity = next(each for each in CLASS_FRONT.columns if each.name == column)
    titles = {column: {key: phrase(title) for key, title in KIND_TITLES.items()}}
    return PageTable.of(name, rows, (quantity, *figures), titles)


def _page(found: ClassPlans, run: FinishedRun) -> str:
    front = found.front.round({LOST.name: 4, OPERATOR_COST.name: 5})
    charts = {
        each.code: {
            "swaps": SCREEN.dressed(swap_chart(each)),
            "mixes": SCREEN.dressed(mix_chart(each, set(front["kind"]))),
        }
        for each in LANGUAGES
    }
    title = f"{found.name}, {found.solution}"
    told = sentences(found)
    data = {"swaps": _records(found.swaps), "mixes": _records(front)}
    return render_page(
        {"study": title, "chartData": data, "charts": charts},
        kind="classes of points",
        name=title,
        description=run.description,
        question=phrase("How many points may be slower, and which mix of classes costs least?"),
        answer=Phrase.of(lambda language: " ".join(each.texts[language.code] for each in told)),
        sections=_sections(found),
    )


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def _sections(found: ClassPlans) -> list[Section]:
    choices = {"choice": {name: phrase(title) for name, title in CHOICE_TITLES.items()}}
    kinds = {
        column: {name: phrase(title) for name, title in KIND_TITLES.items()}
        for column in ("kind", "plan")
    }
    how = phrase(
        "A truck takes the class at which it leaves earlier, its wait counted. It loses time where "
        "it waits, and where charging at the slower class takes longer than its break. On a break "
        "it drives on as soon as it has what the rest of its trip needs; at a stop for energy "
        "alone it charges what was planned."
    )
    no_plans = phrase(
        "No stop is planned anew: trucks that knew of slower points might stop elsewhere or charge "
        "at other breaks, and lose less. A break that became long enough by slow charging does not "
        "take the place of a later one."
    )
    swapped = phrase(
        "Each site keeps its number of points. Swapped are those where trucks lose least by it, "
        "exact for each site where arrivals stay as they are; the figures are those of the full "
        "simulation."
    )
    mixes = phrase(
        "Mixes of least cost for dearer and cheaper time of trucks. Costs are those of the set of "
        "costs, most of them assumed; energy counts as planned whatever the class. Found with "
        "drivers who take the faster class where they leave alike."
    )
    answers = PageTable.of("class-answers", found.answers, CLASS_ANSWERS.columns, choices)
    front = PageTable.of("class-front", found.front, CLASS_FRONT.columns, kinds)
    swaps = PageTable.of("class-swaps", found.swaps, CLASS_SWAPS.columns, choices)
    of_sites = CLASS_SITES.without("site_id", "lon", "lat")
    sites = PageTable.of("class-sites", found.sites, of_sites, kinds)
    file = phrase(
        "The files {file} and the like hold the points of the named plans, for this command and "
        "for changes of your own.",
        file=plan_file(_MIXED),
    )
    return [
        Section(
            phrase("How many points may be slower"),
            (
                Text(how),
                charted(
                    phrase("Time lost by the points swapped for slower ones"),
                    "swaps",
                    hint(swapped),
                ),
                Table(answers),
                hint(no_plans),
            ),
        ),
        Section(
            phrase("Which mix costs least"),
            (
                charted(phrase("Cost to all over the time lost, by classes"), "mixes", hint(mixes)),
                Table(terminal_table(found)),
                hint(file),
            ),
        ),
        Section(phrase("Classes of points"), (Lines(_classes(found)),)),
        Section(
            phrase("All mixes"),
            (
                Heading(phrase("Of least cost")),
                Table(front, "tall"),
                Heading(phrase("Points swapped one for one")),
                Table(swaps, "tall"),
            ),
        ),
        Section(phrase("Sites of the named plans"), (Table(sites, "tall"),)),
    ]


def _classes(found: ClassPlans) -> list[tuple[Phrase, Phrase]]:
    """What each class is, what a point of it costs, and who says so."""
    of = found.classes
    lines = []
    for name, point, cost in (
        (of.fast_name, of.fast, found.point_costs[0]),
        (of.slow_name, of.slow, found.point_costs[1]),
    ):
        told = phrase(
            "{kw} kW, connector {connector} ({sure}: {source}); a point costs {central} EUR, {low} "
            "to {high} ({cost_sure}: {cost_source})",
            kw=count(point.power_kw),
            connector=point.connector.upper(),
            sure=SURE[point.sure],
            source=_source(point.source),
            central=count(cost.central),
            low=count(cost.low),
            high=count(cost.high),
            cost_sure=SURE[cost.sure],
            cost_source=_source(cost.source),
        )
        lines.append((verbatim(name.upper()), told))
    return lines


def _source(source: str) -> Phrase:
    return own_phrase(source) if source else phrase("no source told")


def _write_book(found: ClassPlans, path: Path, language: Language) -> None:
    """Answers, mixes, sites and meanings as sheets."""
    kinds, choices = titles_in(KIND_TITLES, language), titles_in(CHOICE_TITLES, language)

    def told(table: pd.DataFrame) -> pd.DataFrame:
        words = {"kind": kinds, "plan": kinds, "choice": choices}
        return table.assign(
            **{
                column: [of.get(str(each), str(each)) for each in table[column]]
                for column, of in words.items()
                if column in table
            }
        )

    sheets = (
        ("How many may be slower", found.answers, CLASS_ANSWERS),
        ("Mixes", found.front, CLASS_FRONT),
        ("Swaps", found.swaps, CLASS_SWAPS),
        ("Sites of the plans", found.sites, CLASS_SITES),
    )
    meanings = pd.DataFrame(
        [
            (language.text(sheet), column.heading(language), column.name, column.meaning)
            for sheet, _, table in sheets
            for column in table.columns
        ],
        columns=[column.name for column in DEFINITION_COLUMNS],
    )
    with new_book(path, language, found.name) as book:
        for name, rows, table in sheets:
            book.table_sheet(language.text(name), told(rows), table.columns)
        book.table_sheet(language.text("Definitions"), meanings, DEFINITION_COLUMNS)
