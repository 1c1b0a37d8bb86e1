"""A sweep as an Excel workbook: figures over the levels with intervals, every run, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.reporting.plan_results import DEFAULT_SOLUTION
from planner.reporting.spreadsheet import show_one_plan
from planner.reporting.spreadsheet_columns import (
    DEFINITION_COLUMNS,
    PLAN,
    PLAN_FIGURES,
    UNSERVED_FIGURES,
)
from planner.reporting.workbook import SheetColumn, new_book
from planner.scenario.sweep import short_names
from planner.sweeping.report import LEVEL_KEY
from planner.sweeping.tables import FIGURE_COLUMNS, axis_columns
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.reporting.workbook import CellKind
    from planner.scenario.sweep import Combination
    from planner.sweeping.stored_sweep import StoredSweep
    from planner.tables.language import Language

_MEANINGS = {column.name: column.meaning for column in FIGURE_COLUMNS}
_FIGURES = (
    *PLAN_FIGURES,
    SheetColumn(
        "ecu_year_6_days_share",
        "Utilisation in energy, 6-day year (%)",
        "percent",
        _MEANINGS["ecu_year_6_days_share"],
    ),
    SheetColumn("energy_mwh", "Energy (MWh)", "count", _MEANINGS["energy_mwh"]),
    SheetColumn("n_trips", "Electric trips", "count", _MEANINGS["n_trips"]),
    *UNSERVED_FIGURES,
    SheetColumn("n_sites", "Sites", "count", _MEANINGS["n_sites"]),
)


def write_sweep_spreadsheet(sweep: StoredSweep, path: Path, language: Language) -> None:
    """Write a sweep as an Excel workbook.

    Parameters
    ----------
    sweep : StoredSweep
        The sweep.
    path : pathlib.Path
        The file to write; it appears when it is complete. Same sweep and language, same bytes.
    language : Language
        Language of sheets and headings.

    Raises
    ------
    RunDirectoryError
        If the file cannot be written.
    """
    axes = _axis_columns(sweep.variants, language)
    titles = {
        name: title[:1].upper() + title[1:]
        for name, definition in NAMED_SOLUTION_DEFINITIONS.items()
        for title in (language.text(definition.title),)
    }
    levels, runs = (
        table.copy().assign(plan=[titles[name] for name in table["solution_name"]])
        for table in (sweep.summary, sweep.runs())
    )
    replications = SheetColumn("n_replications", "Replications", "count")
    level_columns = (*axes, PLAN, replications, *_with_intervals(levels, language))
    number = SheetColumn("replication", "Number of the replication", "count")
    with new_book(path, language, sweep.definition.name) as book:
        for name, table, columns in (
            (language.text("Levels"), levels, level_columns),
            (language.text("Runs"), runs, (*axes, PLAN, number, *_FIGURES)),
        ):
            sheet = book.table_sheet(name, table, columns)
            show_one_plan(sheet, table["plan"], titles[DEFAULT_SOLUTION], column=len(axes))
        book.table_sheet(language.text("Definitions"), _definitions(language), DEFINITION_COLUMNS)


def _axis_columns(variants: Sequence[Combination], language: Language) -> tuple[SheetColumn, ...]:
    names = short_names(variants[0].axis_values)
    columns = []
    for column in axis_columns(variants):
        if column.name == LEVEL_KEY:
            heading = language.text("Electric trucks (%)")
            columns.append(SheetColumn(column.name, heading, "percent"))
        else:
            kind: CellKind = "any_number" if column.dtype == "float64" else "text"
            columns.append(SheetColumn(column.name, names[column.name], kind))
    return tuple(columns)


def _with_intervals(levels: pd.DataFrame, language: Language) -> list[SheetColumn]:
    """Means, and the ends of their intervals where there are replications."""
    columns = []
    for figure in _FIGURES:
        columns.append(figure)
        if levels[f"{figure.column}_high"].notna().any():
            heading = language.text(figure.heading)
            columns += [
                SheetColumn(
                    f"{figure.column}_low",
                    language.text("{figure}, 95 % from", figure=heading),
                    figure.kind,
                ),
                SheetColumn(
                    f"{figure.column}_high",
                    language.text("{figure}, 95 % to", figure=heading),
                    figure.kind,
                ),
            ]
    return columns


def _definitions(language: Language) -> pd.DataFrame:
    rows = [
        ("", language.text(figure.heading), figure.column, language.text(figure.meaning))
        for figure in _FIGURES
    ]
    return pd.DataFrame(rows, columns=[column.column for column in DEFINITION_COLUMNS])
