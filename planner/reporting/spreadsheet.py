"""A run as an Excel workbook: summary with a chart, front, sites, levels, definitions, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.plan.depot_schemas import DEPOTS
from planner.plan.group_schemas import GROUPS
from planner.plan.input_sources import input_sources
from planner.plan.market_schemas import MARKET_ROUNDS, MARKET_SITES
from planner.plan.point_floor import with_floor
from planner.plan.run_columns import TRIP_FIGURES
from planner.plan.schemas import FRONT, ON_DRAWS, ends_on_draws, front_schema, objectives_beside
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.plan.site_origin import origin_title, site_origin
from planner.plan.unserved_trips import unserved_share
from planner.reporting.energy_sentence import energy_sentence
from planner.reporting.group_tables import in_words
from planner.reporting.spreadsheet_columns import (
    ASSUMPTION_COLUMNS,
    DEFINITION_COLUMNS,
    FRONT_COLUMNS,
    GROUP_COLUMNS,
    LEVEL_COLUMNS,
    ORIGIN_COLUMNS,
    PLAN,
    PLAN_FIGURES,
    SITE_COLUMNS,
    SITE_HOUR_COLUMNS,
)
from planner.reporting.workbook import new_book, text_height
from planner.selection.columns import SITE_SELECTION
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.terms import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from planner.plan.finished_run import FinishedRun
    from planner.reporting.workbook import Book
    from planner.tables.language import Language
    from planner.tables.table import Quantity, Table

_SUMMARY_FIGURES = PLAN_FIGURES[:8]
_NARROWEST_NAMES, _FIGURE_WIDTH = 34.0, 17.0
_CHART_PIXELS = (820, 400)
_POINT_COLOUR, _NAMED_COLOUR = "#8A929A", "#2F7FB8"


def write_spreadsheet(run: FinishedRun, path: Path, language: Language) -> None:
    """Write a run as an Excel workbook.

    Parameters
    ----------
    path : pathlib.Path
        The file to write; it appears when it is complete. Same run and language, same bytes.
    """
    sites = run.sites()
    origins = [origin_title(origin, language) for origin in sites["site_origin"]]
    sites = sites.assign(site_origin=origins)
    titles = run.titles(language)
    names = _sheet_names(language)
    with new_book(path, language, run.name) as book:
        summary = book.sheet(names["summary"])
        book.table_sheet(
            names["front"],
            _with_plan(with_floor(run.front, run.summary), "name", titles),
            _front_columns(run),
        )
        sites = _with_plan(sites, "solution_name", titles)
        sheet = book.table_sheet(names["sites"], sites, SITE_COLUMNS)
        show_one_plan(sheet, sites["plan"], titles[run.default_solution.name])
        if _has(run, SITE_HOURS):
            hours = _site_hours(run, sites)
            book.table_sheet(names["site_hours"], hours, SITE_HOUR_COLUMNS)
        if _has(run, GROUPS):
            groups = in_words(run.table(GROUPS), language)
            groups = _with_plan(groups, "solution_name", titles)
            sheet = book.table_sheet(names["groups"], groups, GROUP_COLUMNS)
            show_one_plan(sheet, groups["plan"], titles[run.default_solution.name])
        beside = objectives_beside(LEVEL_COLUMNS, run.objectives)
        book.table_sheet(names["levels"], _levels(run, titles), (*LEVEL_COLUMNS, *beside))
        for part, table in _parts(run).items():
            book.table_sheet(names[part], run.table(table), table.columns)
        book.table_sheet(
            names["definitions"], _definitions(run, names, language), DEFINITION_COLUMNS
        )
        book.table_sheet(names["assumptions"], _assumptions(run, language), ASSUMPTION_COLUMNS)
        book.table_sheet(names["origin"], _origin(run, language), ORIGIN_COLUMNS)
        _write_summary(book, summary, run, titles)


def _front_columns(run: FinishedRun) -> tuple[Quantity, ...]:
    schema = front_schema(run.objectives, with_draws=run.has_draws)
    return (*FRONT_COLUMNS, *schema.without(*FRONT.column_names))


def _sheet_names(language: Language) -> dict[str, str]:
    return {
        "summary": language.text("Summary"),
        "front": language.text("Front"),
        "sites": language.text("Sites"),
        "site_hours": language.text("Hours of sites"),
        "groups": language.text("Groups"),
        "levels": language.text("Levels"),
        "depots": language.text("Depots"),
        "selection": language.text("Selection of sites"),
        "market": language.text("Market"),
        "definitions": language.text("Definitions"),
        "assumptions": language.text("Assumptions"),
        "origin": language.text("Provenance"),
    }


def _has(run: FinishedRun, table: Table) -> bool:
    """Runs of earlier versions lack some tables."""
    return (run.folder / f"{table.name}.parquet").is_file()


def _site_hours(run: FinishedRun, sites: pd.DataFrame) -> pd.DataFrame:
    """Hours of the sites in the default plan alone, with their names: all would be five times it.

    Parameters
    ----------
    sites : DataFrame
        ``SITES``.
    """
    shown = run.default_solution.name
    hours = run.table(SITE_HOURS)
    named = sites.loc[sites["solution_name"] == shown, ["site_id", "name", "road"]]
    return hours[hours["solution_name"] == shown].merge(named, on="site_id", how="left")


def _with_plan(table: pd.DataFrame, column: str, titles: Mapping[str, str]) -> pd.DataFrame:
    return table.assign(plan=[titles.get(name, "") for name in table[column]])


def show_one_plan(sheet: Worksheet, plans: pd.Series, shown: str, column: int = 0) -> None:
    """Filter a sheet to one plan: sums over all of them would count every site five times.

    Parameters
    ----------
    plans : Series of str
        Plan of each row.
    column : int
        Column that holds the plans, from 0.
    """
    sheet.filter_column(column, f'x == "{shown}"')
    for row, plan in enumerate(plans.tolist(), start=1):
        if plan != shown:
            sheet.set_row(row, options={"hidden": True})


def _levels(run: FinishedRun, titles: Mapping[str, str]) -> pd.DataFrame:
    """The named solutions at the level of the run."""
    rows = [named.solution for named in run.named_solutions]
    share = run.level_share
    return with_floor(run.front.iloc[rows], run.summary).assign(
        level_share=float("nan") if share is None else share,
        plan=[titles[named.name] for named in run.named_solutions],
        n_trips=run.summary["n_trips"],
        n_unserved=run.summary["n_unserved"],
        unserved_share=unserved_share(run.summary["n_unserved"], run.summary["n_trips"]),
    )


_PARTS = {"depots": DEPOTS, "market": MARKET_SITES, "selection": SITE_SELECTION}
"""Sheets of the parts of a study that not every one has, by their keys in the summary."""


def _parts(run: FinishedRun) -> dict[str, Table]:
    return {part: table for part, table in _PARTS.items() if part in run.summary}


def _definitions(run: FinishedRun, names: Mapping[str, str], language: Language) -> pd.DataFrame:
    """Meaning of every column, then of every term."""
    sheets = [("front", _front_columns(run)), ("sites", SITE_COLUMNS), ("levels", LEVEL_COLUMNS)]
    if _has(run, GROUPS):
        sheets.insert(2, ("groups", GROUP_COLUMNS))
    if _has(run, SITE_HOURS):
        sheets.insert(2, ("site_hours", SITE_HOUR_COLUMNS))
    sheets += [(part, table.columns) for part, table in _parts(run).items()]
    rows = [
        (
            names[sheet],
            column.heading(language),
            "" if column == PLAN else column.name,
            language.text(column.meaning),
        )
        for sheet, columns in sheets
        for column in columns
    ]
    rows += [
        ("", language.text(term.title), "", language.text(term.text))
        for term in DEFINITIONS.values()
    ]
    return pd.DataFrame(rows, columns=[column.name for column in DEFINITION_COLUMNS])


def _assumptions(run: FinishedRun, language: Language) -> pd.DataFrame:
    said = [assumed.in_language(language) for assumed in run.assumptions]
    rows = [(assumed.what, assumed.value, assumed.unit, assumed.source) for assumed in said]
    return pd.DataFrame(rows, columns=[column.name for column in ASSUMPTION_COLUMNS])


def _origin(run: FinishedRun, language: Language) -> pd.DataFrame:
    """Where the figures come from: program, inputs with licences, hashes, every setting."""
    provenance = run.manifest["provenance"]
    version = provenance.get("versions", {}).get("truck-charging-planner", "")
    rows = [
        (language.text("Study"), run.name),
        (language.text("Description"), str(run.manifest.get("description", ""))),
        (language.text("Planner, version"), version),
    ]
    rows += [
        (language.text("Source of {what}", what=source.of), source.sentence())
        for source in input_sources(run.scenario)
    ]
    hashes: dict[str, str] = provenance.get("inputs_sha256", {})
    rows += [
        (language.text("SHA-256 of {what}", what=what), digest) for what, digest in hashes.items()
    ]
    rows += _settings("", run.scenario)
    return pd.DataFrame(rows, columns=[column.name for column in ORIGIN_COLUMNS])


def _settings(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every key of a scenario with its value, as one would write it after ``--set``."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _settings(f"{prefix}.{key}" if prefix else str(key), inner)
    elif value not in (None, "", []):
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield prefix, text


def _write_summary(
    book: Book, sheet: Worksheet, run: FinishedRun, titles: Mapping[str, str]
) -> None:
    """Question, answer, named plans, key figures and the front as a chart of Excel's own."""
    language = book.language
    key_figures = _key_figures(run, language)
    last = len(_summary_figures(run))
    names = max(_NARROWEST_NAMES, *(1.1 * len(what) for what, _, _ in key_figures))
    sheet.set_column(0, 0, names)
    sheet.set_column(1, last, _FIGURE_WIDTH)
    characters = names + last * _FIGURE_WIDTH
    answer = run.answer(language)
    sheet.set_row(0, 24)
    book.write_cell(sheet, 0, 0, run.question(language), "text", bold=True, font_size=16)
    sheet.merge_range(1, 0, 1, last, answer, book.format(text_wrap=True))
    sheet.set_row(1, text_height(answer, characters))
    plans = _levels(run, titles)
    sheet.set_row(3, 45)
    book.write_table(sheet, 3, 0, plans, (PLAN, *_summary_figures(run)))
    row = 5 + len(plans)
    for what, value, kind in key_figures:
        book.write_cell(sheet, row, 0, what, "text")
        book.write_cell(sheet, row, 1, value, kind)
        row += 1
    chart = _front_chart(book, run, plans["plan"].tolist())
    sheet.insert_chart(row + 1, 0, chart, {"object_position": 2})
    row += 3 + _CHART_PIXELS[1] // 20
    for note in _notes(run, language):
        sheet.merge_range(row, 0, row, last, note, book.format(text_wrap=True, italic=True))
        sheet.set_row(row, text_height(note, characters))
        row += 1
    sheet.hide_gridlines(2)
    sheet.activate()


def _summary_figures(run: FinishedRun) -> tuple[Quantity, ...]:
    """Figures of the named plans, with the ends of their bands where there are any."""
    if not run.has_draws:
        return _SUMMARY_FIGURES
    return tuple(
        column
        for figure in _SUMMARY_FIGURES
        for column in (figure, *(ends_on_draws(figure) if figure in ON_DRAWS else ()))
    )


def _key_figures(run: FinishedRun, language: Language) -> list[tuple[str, Any, Any]]:
    summary = run.summary
    share = {"unserved_share": unserved_share(summary["n_unserved"], summary["n_trips"])}
    figures = (*TRIP_FIGURES, *FRONT.quantities("energy_hpc_mwh", "energy_lpc_mwh"))
    of_market = (
        *MARKET_ROUNDS.quantities("mean_price_eur_kwh"),
        *MARKET_SITES.quantities("n_hpc_market", "subsidy_eur_day"),
    )
    known = [(figure, (summary | share)[figure.name]) for figure in figures]
    if "market" in summary:
        known += [(figure, summary["market"][figure.name]) for figure in of_market]
    return [(figure.heading(language), value, figure.form) for figure, value in known]


def _notes(run: FinishedRun, language: Language) -> Sequence[str]:
    return (
        language.text(
            "The sheet of sites is filtered to the plan “{plan}”: choose another one with the "
            "arrow in the heading of its first column.",
            plan=run.titles(language)[run.default_solution.name],
        ),
        language.text(
            "The sheet of the sites' hours is of the plan “{plan}” too; site_hours.csv holds all "
            "named plans.",
            plan=run.titles(language)[run.default_solution.name],
        ),
        language.text("What every column means stands in the sheet of definitions."),
        site_origin(run.manifest["scenario"]["sites"], language),
        energy_sentence(run.summary, len(run.manifest["scenario"]["demand"]["days"]), language),
    )


def _front_chart(book: Book, run: FinishedRun, titles: list[str]) -> Any:
    """Scatter chart of utilisation against waiting, fed by the cells of the sheets."""
    language = book.language
    names = _sheet_names(language)
    wait, use = (_position(FRONT_COLUMNS, column) for column in (MEAN_WAIT.name, "tcu"))
    named_wait, named_use = (
        1 + _position(_summary_figures(run), column) for column in (MEAN_WAIT.name, "tcu")
    )
    n_rows = len(run.front)
    chart = book.book.add_chart({"type": "scatter"})
    chart.add_series(
        {
            "name": language.text("All plans"),
            "categories": [names["front"], 1, use, n_rows, use],
            "values": [names["front"], 1, wait, n_rows, wait],
            "marker": {
                "type": "circle",
                "size": 4,
                "fill": {"color": _POINT_COLOUR},
                "border": {"none": True},
            },
        }
    )
    n_named = len(titles)
    labels = [{"value": title, "font": {"bold": True, "size": 10}} for title in titles]
    chart.add_series(
        {
            "name": language.text("Named plans"),
            "categories": [names["summary"], 4, named_use, 3 + n_named, named_use],
            "values": [names["summary"], 4, named_wait, 3 + n_named, named_wait],
            "marker": {
                "type": "circle",
                "size": 9,
                "fill": {"color": _NAMED_COLOUR},
                "border": {"color": "#FFFFFF"},
            },
            "data_labels": {"custom": labels, "value": True, "position": "left"},
        }
    )
    uses = run.front["tcu"][run.front[MEAN_WAIT.name] <= run.shown_wait_limit_min]
    axis_font = {"name_font": {"size": 10, "bold": False}, "major_gridlines": _gridlines()}
    chart.set_x_axis(
        axis_font
        | {
            "name": language.text("Utilisation in time, TCU (%)"),
            "num_format": "0 %",
            "min": max(0.05 * (20.0 * uses.min() // 1.0) - 0.05, 0.0),
            "max": min(0.05 * (20.0 * uses.max() // 1.0 + 1.0), 1.0),
        }
    )
    chart.set_y_axis(
        axis_font
        | {
            "name": language.text("Mean wait (min)"),
            "num_format": "#,##0",
            "min": 0,
            "max": float(round(run.shown_wait_limit_min + 0.5)),
        }
    )
    chart.set_title({"none": True})
    chart.set_legend({"position": "top"})
    chart.set_size({"width": _CHART_PIXELS[0], "height": _CHART_PIXELS[1]})
    return chart


def _gridlines() -> dict[str, Any]:
    return {"visible": True, "line": {"color": "#E3E6E9", "width": 0.75}}


def _position(columns: Sequence[Quantity], column: str) -> int:
    return [each.name for each in columns].index(column)
