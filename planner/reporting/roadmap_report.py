"""A roadmap as people open it: a page with the years on an axis, tables and a workbook."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt
import pandas as pd

from planner.plan.roadmap_columns import (
    NEW_HPC,
    NEW_LPC,
    ROADMAP,
    ROADMAP_AHEAD,
    ROADMAP_PAYERS,
    ROADMAP_PAYERS_AHEAD,
    ROADMAP_REGRET,
    ROADMAP_SITES,
    ROADMAP_SITES_AHEAD,
)
from planner.plan.roadmap_payers import HAULIERS
from planner.reporting.charts.axes import layered
from planner.reporting.charts.fronts import NamedFront, fronts_chart
from planner.reporting.charts.levels import LevelAxis, level_chart
from planner.reporting.charts.look import SCREEN, colour_of, scale_of
from planner.reporting.gis.export import write_map
from planner.reporting.gis.roadmap_map import ROADMAP_MAP, roadmap_map
from planner.reporting.level_sections import fronts_section
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
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from planner.plan.roadmap_tables import RoadmapTables, YearOfRoadmap
    from planner.scenario.roadmap import RoadmapDefinition
    from planner.tables.language import Language

PAGE, WORKBOOK = "roadmap.html", "roadmap.xlsx"
MAP = f"{ROADMAP_MAP}.qgz"
EACH_ALONE, WITH_FORESIGHT = "Each year for itself", "With foresight"
_HEIGHT = 260
_NEW = (NEW_HPC, NEW_LPC)
_PAYERS = {
    "operators": phrase("operators"),
    "grid_operators": phrase("grid operators"),
    "state": phrase("state"),
    HAULIERS: phrase("hauliers"),
}


class PlannedYears(NamedTuple):
    """Years of a roadmap, planned in one way, and their tables."""

    years: Sequence[YearOfRoadmap]
    tables: RoadmapTables


class Ahead(NamedTuple):
    """The years planned with foresight, and ``ROADMAP_REGRET`` of doing without."""

    planned: PlannedYears
    regret: pd.DataFrame


def write_roadmap(
    definition: RoadmapDefinition, planned: PlannedYears, ahead: Ahead | None, folder: Path
) -> None:
    """Write tables, workbook, map and page to an existing folder.

    Parameters
    ----------
    planned : PlannedYears
        The years, each planned for itself.
    ahead : Ahead, optional
        The same with foresight.
    """
    tables, text = planned.tables, ENGLISH.text
    sheets = [
        (text("Years"), ROADMAP, tables.years),
        (text("To build"), ROADMAP_SITES, tables.sites),
        (text("Who pays"), ROADMAP_PAYERS, tables.payers),
    ]
    if ahead is not None:
        further = ahead.planned.tables
        sheets += [
            (text("Years with foresight"), ROADMAP_AHEAD, further.years),
            (text("To build with foresight"), ROADMAP_SITES_AHEAD, further.sites),
            (text("Who pays with foresight"), ROADMAP_PAYERS_AHEAD, further.payers),
            (text("Regret"), ROADMAP_REGRET, ahead.regret),
        ]
    write_csv_and_parquet([(schema, table) for _, schema, table in sheets], folder)
    with new_book(folder / WORKBOOK, ENGLISH, definition.name) as book:
        for title, schema, table in sheets:
            book.table_sheet(title, table, schema.columns)
    drawn = roadmap_map(definition.name, definition.description, planned.years)
    write_map(drawn, folder, ROADMAP_MAP, ENGLISH)
    (folder / PAGE).write_text(_page(definition, planned, ahead), encoding="utf-8")


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


def sentences(
    years: pd.DataFrame, language: Language, regret: pd.DataFrame | None = None
) -> list[str]:
    """Say it of all years, and what foresight would have saved."""
    lines = [year_sentence(row, language) for _, row in years.iterrows()]
    return lines if regret is None else [*lines, regret_sentence(regret, language)]


def regret_sentence(regret: pd.DataFrame, language: Language) -> str:
    """Say what looking no further than a year comes to by the last one."""
    last = regret.iloc[-1]
    points = language.text(
        "Planned with foresight, {year} has {ahead} high-power points and a mean wait of {wait}, "
        "instead of {points} and {wait_alone}.",
        year=str(last["year"]),
        ahead=language.count(float(last["n_hpc_ahead"])),
        wait=language.minutes(float(last[f"{MEAN_WAIT.name}_ahead"])),
        points=language.count(float(last["n_hpc"])),
        wait_alone=language.minutes(float(last[MEAN_WAIT.name])),
    )
    more_eur = float(last["regret_eur"])
    if math.isnan(more_eur):
        return points
    paid = (
        "Looking no further than a year has cost {eur} million EUR more by then."
        if more_eur >= 0.0
        else "Looking no further than a year has cost {eur} million EUR less by then."
    )
    return f"{points} {language.text(paid, eur=language.figure(round(abs(more_eur) / 1e6, 1)))}"


def _page(definition: RoadmapDefinition, planned: PlannedYears, ahead: Ahead | None) -> str:
    tables = planned.tables
    regret = None if ahead is None else ahead.regret

    def levels(language: Language) -> alt.ConcatChart:
        data = _levels(definition, tables.years)
        if ahead is not None:
            further = _levels(definition, ahead.planned.tables.years)
            named = ((data, EACH_ALONE), (further, WITH_FORESIGHT))
            each = [years.assign(series=language.text(series)) for years, series in named]
            data = pd.concat(each, ignore_index=True)
        return level_chart(data, LevelAxis("Year", is_number=True), (), language)

    charts: dict[str, dict[str, Any]] = {
        each.code: {
            "levels": SCREEN.dressed(levels(each)),
            "fronts": SCREEN.dressed(_fronts(planned, ahead, each)),
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
        answer=Phrase.of(lambda language: " ".join(sentences(tables.years, language, regret))),
        sections=_sections(definition, planned, ahead, levels),
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


def _fronts(planned: PlannedYears, ahead: Ahead | None, language: Language) -> alt.ConcatChart:
    """Fronts of all years over each other."""
    return fronts_chart(_named_fronts(planned, ahead, language), "Year", (), language)


def _named_fronts(
    planned: PlannedYears, ahead: Ahead | None, language: Language
) -> list[NamedFront]:
    series = [(language.text(EACH_ALONE), planned.years)]
    if ahead is not None:
        series.append((language.text(WITH_FORESIGHT), ahead.planned.years))
    return [
        NamedFront.of_table(name, str(each.year), "", each.run.front)
        for name, years in series
        for each in years
    ]


def _ahead_sections(ahead: Ahead) -> list[Section]:
    how = phrase(
        "With foresight the last year is planned first, as if nothing were built before it. The "
        "other years are planned one after the other within its plan: no site gets more points "
        "than it has then, and no other sites are built. So all that is built is there to stay. "
        "Waits differ too: money that foresight saves may buy longer ones."
    )
    regret = PageTable.of("roadmap-regret", ahead.regret, ROADMAP_REGRET.columns)
    years = PageTable.of("roadmap-ahead", ahead.planned.tables.years, ROADMAP_AHEAD.columns)
    panels = [Panel(phrase("Years"), (Table(years),))]
    if len(ahead.planned.tables.payers):
        paid = _paid("payers-ahead", ahead.planned.tables.payers)
        panels.append(Panel(phrase("Who pays"), (Table(paid),)))
    return [Section(phrase(WITH_FORESIGHT), (Text(how), Table(regret), *panels))]


def _paid(name: str, payers: pd.DataFrame) -> PageTable:
    return PageTable.of(name, payers, ROADMAP_PAYERS.columns, {"payer": _PAYERS})


def _payer_sections(payers: pd.DataFrame) -> list[Section]:
    """Who pays what, where the study has costs."""
    if payers.empty:
        return []
    told = phrase(
        "Who pays for points, works and connections is told by the set of costs (paid_by); "
        "operators pay for all else at sites. What hauliers pay for energy operators receive. What "
        "grid operators spend on their own grid, beyond the contributions that they are paid, is "
        "in no figure."
    )
    return [Section(phrase("Who pays in which year"), (Table(_paid("payers", payers)), hint(told)))]


def _sections(
    definition: RoadmapDefinition,
    planned: PlannedYears,
    ahead: Ahead | None,
    levels: Callable[[Language], alt.ConcatChart],
) -> list[Section]:
    tables = planned.tables
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
    begun_with_costs = phrase(
        "The search aims at the objectives of the study. Where a year has costs it begins with "
        "layouts of least cost as well, so its plans may have a few points more or fewer than "
        "those of the same study without costs."
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
                *([] if tables.payers.empty else [hint(begun_with_costs)]),
            ),
        ),
        fronts_section(partial(_named_fronts, planned, ahead), "Year", (), has_spread=False),
        *_payer_sections(tables.payers),
        *([] if ahead is None else _ahead_sections(ahead)),
        Section(phrase("What to build in each year"), (hint(request), Table(built, "tall"))),
    ]
