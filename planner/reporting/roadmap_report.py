"""A roadmap as people open it: a page with the years on an axis, tables and a workbook."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import altair as alt

from planner.plan.roadmap_columns import NEW_HPC, NEW_LPC, ROADMAP, ROADMAP_SITES
from planner.reporting.charts.axes import layered
from planner.reporting.charts.levels import LevelAxis, level_chart
from planner.reporting.charts.look import SCREEN, colour_of, scale_of
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart, Panel, Section, Table, Text, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, own_phrase, phrase
from planner.reporting.workbook import new_book
from planner.tables.language import ENGLISH, LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table_files import write_csv_and_parquet
from planner.tables.terms import NAMED_SOLUTION_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from planner.plan.roadmap_tables import RoadmapTables
    from planner.scenario.roadmap import RoadmapDefinition
    from planner.tables.language import Language

PAGE, WORKBOOK = "roadmap.html", "roadmap.xlsx"
_HEIGHT = 260
_NEW = (NEW_HPC, NEW_LPC)


def write_roadmap(definition: RoadmapDefinition, tables: RoadmapTables, folder: Path) -> None:
    """Write tables, workbook and page to an existing folder."""
    write_csv_and_parquet([(ROADMAP, tables.years), (ROADMAP_SITES, tables.sites)], folder)
    with new_book(folder / WORKBOOK, ENGLISH, definition.name) as book:
        book.table_sheet(ENGLISH.text("Years"), tables.years, ROADMAP.columns)
        book.table_sheet(ENGLISH.text("To build"), tables.sites, ROADMAP_SITES.columns)
    (folder / PAGE).write_text(_page(definition, tables), encoding="utf-8")


def year_sentence(row: pd.Series, language: Language) -> str:
    """Say for a person what a year builds and has."""
    return language.text(
        "{year}: {new} more high-power points, {points} in all, and {new_lpc} more overnight "
        "points, {lpc} in all, for a mean wait of {wait}.",
        year=str(row["year"]),
        new=language.count(float(row["new_hpc"])),
        points=language.count(float(row["n_hpc"])),
        new_lpc=language.count(float(row["new_lpc"])),
        lpc=language.count(float(row["n_lpc"])),
        wait=language.minutes(float(row[MEAN_WAIT.name])),
    )


def sentences(years: pd.DataFrame, language: Language) -> list[str]:
    """Say it of all years."""
    return [year_sentence(row, language) for _, row in years.iterrows()]


def _page(definition: RoadmapDefinition, tables: RoadmapTables) -> str:
    levels = partial(
        level_chart, _levels(definition, tables.years), LevelAxis("Year", is_number=True), ()
    )
    charts: dict[str, dict[str, Any]] = {
        each.code: {
            "levels": SCREEN.dressed(levels(each)),
            "built": SCREEN.dressed(_built_chart(each)),
        }
        for each in LANGUAGES
    }
    return render_page(
        {
            "study": definition.name,
            "chartData": {"built": _built_rows(tables.years)},
            "charts": charts,
        },
        kind="roadmap",
        name=definition.name,
        question=phrase("What is to be built in which year?"),
        answer=Phrase.of(lambda language: " ".join(sentences(tables.years, language))),
        sections=_sections(definition, tables, levels),
        description=definition.description,
    )


def _levels(definition: RoadmapDefinition, years: pd.DataFrame) -> pd.DataFrame:
    """Years as charts of several runs want them."""
    return years.assign(
        level=years["year"].astype(float),
        series=definition.name,
        solution_name=definition.solution,
        energy_gwh=years["energy_mwh"] / 1000.0,
    ).drop(columns=["year", "run"])


def _built_rows(years: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"year": row["year"], "kind": each.name, "points": int(row[each.name])}
        for row in years.to_dict("records")
        for each in _NEW
    ]


def _built_chart(language: Language) -> alt.LayerChart:
    """Points that each year adds. Data: ``built``, a row per year and kind."""
    kinds = {each.name: language.own_text(each.title) for each in _NEW}
    bars = (
        alt.Chart(alt.NamedData("built"))
        .transform_calculate(kind_name=f"{kinds}[datum.kind]")
        .mark_bar()
        .encode(
            x=alt.X("year:N").title(language.text("Year")).axis(labelAngle=0),
            xOffset=alt.XOffset("kind_name:N"),
            y=alt.Y("points:Q").title(language.text("Points that are added")),
            color=colour_of("kind_name", scale_of(list(kinds.values()))),
            tooltip=[
                alt.Tooltip("year:N", title=language.text("Year")),
                alt.Tooltip("kind_name:N", title=language.text("Points")),
                alt.Tooltip("points:Q", title=language.text("Points that are added")),
            ],
        )
    )
    return layered([bars], height=_HEIGHT, description=language.text("Points that each year adds"))


def _sections(
    definition: RoadmapDefinition,
    tables: RoadmapTables,
    levels: Callable[[Language], alt.ConcatChart],
) -> list[Section]:
    title = own_phrase(NAMED_SOLUTION_DEFINITIONS[definition.solution].title)
    how = phrase(
        "Years are planned one after the other. What one has built ({plan}) is the least that the "
        "next may have at each site, so nothing is torn down. Each year is planned for its own "
        "trucks alone, without looking ahead: a plan that knew the later years might build "
        "elsewhere.",
        plan=title,
    )
    priced = phrase(
        "New investment is what points and connections of a year cost at its prices; connections "
        "are as large as the highest power that a site has drawn so far."
    )
    request = phrase(
        "The month by which power is to be requested follows from the central lead time of the "
        "kind of connection in config/grid_connections.yaml, most of which is assumed."
    )
    kinds = {str(kind): own_phrase(str(kind)) for kind in tables.sites["connection"].unique()}
    words = {"connection": kinds}
    built = PageTable.of("roadmap-sites", tables.sites, ROADMAP_SITES.without("lon", "lat"), words)
    years = PageTable.of("roadmap", tables.years, ROADMAP.columns)
    return [
        Section(
            phrase("Year by year"),
            (
                Text(how),
                charted(phrase("Points that each year adds"), "built"),
                Panel(phrase("Figures of the years"), (Chart("levels", levels),)),
                Table(years),
                hint(priced),
            ),
        ),
        Section(phrase("What to build in each year"), (hint(request), Table(built, "tall"))),
    ]
