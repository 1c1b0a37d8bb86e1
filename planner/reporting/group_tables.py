"""Groups of sites and trucks as a sheet and as tables of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.plan.group_schemas import GROUPS
from planner.plan.groups import ALL
from planner.reporting.page_sections import Table
from planner.reporting.page_tables import PageColumn, PageTable, page_columns
from planner.reporting.phrases import own_phrase, phrase
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.plan_results import PlanResults
    from planner.tables.language import Language

SHOWN_ON_MAP = ("energy_day_mwh", "simultaneous_peak_kw", N_HPC.name, MEAN_WAIT.name)
"""Figures of groups that can colour the map of a report."""

GROUPING_TITLES = {
    ALL: "All",
    "region": "Region",
    "road": "Motorway",
    "grid_operator_mv": "Operator of the medium-voltage grid",
    "grid_operator_hv": "Operator of the high-voltage grid",
    "vehicle_class": "Vehicle class",
}
"""What groupings are called."""


def in_words(groups: pd.DataFrame, language: Language) -> pd.DataFrame:
    """``GROUPS`` with groupings and what has no name of its own in a language."""
    titles = {name: language.text(title) for name, title in GROUPING_TITLES.items()}
    return groups.assign(
        grouping=groups["grouping"].map(titles),
        group=[language.own_text(group) for group in groups["group"]],
    )


def table_name(grouping: str) -> str:
    """Name of the table of a grouping."""
    return f"groups-by-{grouping.replace('_', '-')}"


def group_tables(results: PlanResults) -> list[Table]:
    """Groups in the plan that is shown first, a table per grouping; the page's script follows."""
    groups = results.front_groups
    table = groups.table(results.default_solution.solution)
    n_of_all = len(groups.places(ALL))
    return [
        Table(
            _table(name, title, table.iloc[places]), "tall short", keys=(places - n_of_all).tolist()
        )
        for name, title in GROUPING_TITLES.items()
        if name != ALL and len(places := groups.places(name))
    ]


def _table(name: str, title: str, rows: pd.DataFrame) -> PageTable:
    # Of trucks there are no sites, points and peaks.
    figures = [
        column
        for column in GROUPS.without("solution_name", "grouping", "group")
        if rows[column.name].notna().any()
    ]
    return PageTable(
        table_name(name),
        (PageColumn("group", phrase(title)), *page_columns(figures)),
        [
            (own_phrase(row["group"]), *(float(row[figure.name]) for figure in figures))
            for row in rows.to_dict("records")
        ],
    )
