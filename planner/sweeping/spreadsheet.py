"""A sweep as an Excel workbook: figures over the levels with intervals, every run, definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from planner.plan.key_names import LEVEL_KEY
from planner.plan.plan_results import DEFAULT_SOLUTION
from planner.plan.run_columns import OBJECTIVE_FIGURES, TRIP_FIGURES
from planner.reporting.charts.levels import is_known
from planner.reporting.spreadsheet import show_one_plan
from planner.reporting.spreadsheet_columns import (
    DEFINITION_COLUMNS,
    LEVEL_SHARE,
    PLAN,
    PLAN_FIGURES,
)
from planner.reporting.workbook import new_book
from planner.scenario.sweep import short_names
from planner.sweeping.tables import (
    FIGURE_COLUMNS,
    N_REPLICATIONS,
    REPLICATION,
    axis_columns,
    ends_of_mean,
)
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planner.plan.finished_run import FinishedRun
    from planner.scenario.sweep import Combination
    from planner.tables.language import Language
    from planner.tables.table import Quantity

_OF_RUNS = {column.name: column for column in FIGURE_COLUMNS}
SWEEP_FIGURES = (
    *PLAN_FIGURES,
    *(_OF_RUNS[name] for name in ("ecu_year_6_days_share", "energy_mwh")),
    *OBJECTIVE_FIGURES,
    *TRIP_FIGURES,
    _OF_RUNS["n_sites"],
)
"""Figures of a plan in a sweep's workbook."""


def write_sweep_spreadsheet(sweep: FinishedRun, path: Path, language: Language) -> None:
    """Write a sweep as an Excel workbook.

    Parameters
    ----------
    path : pathlib.Path
        The file to write; it appears when it is complete. Same sweep and language, same bytes.
    """
    axes = _axis_columns(sweep.combinations)
    titles = {
        name: title[:1].upper() + title[1:]
        for name, definition in NAMED_SOLUTION_DEFINITIONS.items()
        for title in (language.text(definition.title),)
    }
    levels, runs = (
        table.copy().assign(plan=[titles[name] for name in table["solution_name"]])
        for table in (sweep.levels, sweep.table("sweep"))
    )
    asked = {each.name for each in OBJECTIVE_FIGURES if is_known(runs, each.name)}
    figures = [
        each for each in SWEEP_FIGURES if each not in OBJECTIVE_FIGURES or each.name in asked
    ]
    level_columns = (*axes, PLAN, N_REPLICATIONS, *_with_intervals(levels, figures))
    with new_book(path, language, sweep.definition.name) as book:
        for name, table, columns in (
            (language.text("Levels"), levels, level_columns),
            (language.text("Runs"), runs, (*axes, PLAN, REPLICATION, *figures)),
        ):
            sheet = book.table_sheet(name, table, columns)
            show_one_plan(sheet, table["plan"], titles[DEFAULT_SOLUTION], column=len(axes))
        book.table_sheet(
            language.text("Definitions"), _definitions(figures, language), DEFINITION_COLUMNS
        )


def _axis_columns(variants: Sequence[Combination]) -> tuple[Quantity, ...]:
    names = short_names(variants[0].axis_values)
    return tuple(
        replace(LEVEL_SHARE, name=LEVEL_KEY)
        if column.name == LEVEL_KEY
        else replace(column, title=names[column.name])
        for column in axis_columns(variants)
    )


def _with_intervals(levels: pd.DataFrame, figures: Sequence[Quantity]) -> list[Quantity]:
    """Means, and the ends of their intervals where there are replications."""
    columns = []
    for figure in figures:
        columns.append(figure)
        if levels[f"{figure.name}_high"].notna().any():
            columns += ends_of_mean(figure)
    return columns


def _definitions(figures: Sequence[Quantity], language: Language) -> pd.DataFrame:
    rows = [
        ("", figure.heading(language), figure.name, language.text(figure.meaning))
        for figure in figures
    ]
    return pd.DataFrame(rows, columns=[column.name for column in DEFINITION_COLUMNS])
