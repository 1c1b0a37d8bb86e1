"""Parking spaces of a plan as people open them: page, tables, list of what to build, map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.parking.columns import (
    PARKING_CASES,
    PARKING_PUBLISHED,
    PARKING_REGIONS,
    PARKING_SITES,
)
from planner.parking.needs import ASSUMED, COMPUTED, GIVEN, PLANNED, REASONS, WITHOUT
from planner.parking.rules import FIGURES
from planner.reporting.charts.look import SCREEN
from planner.reporting.charts.parking import SHOWN, STATE_TITLES, space_map, standing_chart
from planner.reporting.gis.export import write_map_with
from planner.reporting.gis.plan_map import read_plan_map
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_rendering import render_page
from planner.reporting.page_roads import page_roads
from planner.reporting.page_sections import Chart, Lines, Section, Table, Text, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, figure, own_phrase, phrase
from planner.reporting.spreadsheet_columns import ASSUMPTION_COLUMNS, DEFINITION_COLUMNS
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from planner.parking.needs import ParkingNeeds
    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language

PAGE, MAP, BOOK = "parking.html", "parking", "spaces-to-build.xlsx"
FIGURE_TITLES = {
    "bays_per_hpc": "Spaces that a high-power point takes",
    "bays_per_lpc": "Spaces that an overnight point takes",
    "search_h": "Hours before a stop is due in which drivers look",
    "space_share": "Spaces in parts of those that are estimated",
    "unknown_spaces": "Spaces of a site of which nothing is known",
}
_CASE_TITLES = {PLANNED: "as planned", WITHOUT: "without charging", **FIGURE_TITLES}
_OF_SITES = PARKING_SITES.without("site_id", "lon", "lat", "region", "at_points", "state")
_BRIEF = PARKING_REGIONS.quantities(
    "region", "spaces", "point_bays", "nowhere", "to_build", "to_build_without"
)
_N_BRIEF = 9


def write_parking(
    needs: ParkingNeeds, run: FinishedRun, title: str, folder: Path, language: Language
) -> None:
    """Write tables, page, list of what to build, and map.

    Parameters
    ----------
    title : str
        Study and plan.
    folder : pathlib.Path
        An existing folder.
    language : Language
        Of list and map; the page has all.
    """
    write_csv_and_parquet(needs.tables(), folder)
    _write_book(needs, title, folder / BOOK, language)
    layers = {"parking_sites": point_layer(needs.sites)}
    write_map_with(layers, read_plan_map(run), folder, MAP, language)
    (folder / PAGE).write_text(_page(needs, run, title), encoding="utf-8")


def sentences(needs: ParkingNeeds, language: Language) -> list[str]:
    """Say for a person what is missing."""
    whole = needs.whole
    count = language.count
    lines = [
        language.text(
            "Charging points take {bays} of the {spaces} truck parking spaces at {n} sites; with "
            "all trucks, electric or not, {nowhere} find no space there in the fullest hour, "
            "from {hour}:00.",
            bays=count(float(whole["point_bays"])),
            spaces=count(float(whole["spaces"])),
            n=count(float(whole["n_sites"])),
            nowhere=count(float(whole["nowhere"])),
            hour=str(needs.night_hour),
        ),
        _who_says(needs, language),
        language.text(
            "{build} spaces are to be built at {n} sites, each counted in its own fullest hour and "
            "with what points take beyond the spaces there are; without charging it would be "
            "{without}.",
            build=count(float(whole["to_build"])),
            n=count(len(needs.building())),
            without=count(float(whole["to_build_without"])),
        ),
    ]
    ends = needs.cases[needs.cases["end"] != ""]
    if len(ends):
        lines.append(
            language.text(
                "With one assumption at an end of its range it is {least} to {most} spaces.",
                least=count(float(ends["to_build"].min())),
                most=count(float(ends["to_build"].max())),
            )
        )
    if len(needs.published):
        missing = needs.published.iloc[2]
        lines.append(
            language.text(
                "The sites have {share} of the country's spaces, and as many of the stops look "
                "there. Without charging {ours} spaces would be missing in the country if all "
                "places were as full; {published} were counted in {year}.",
                share=language.percent(needs.share_here),
                ours=count(float(missing["ours"])),
                published=count(float(missing["published"])),
                year=str(needs.counted.year if needs.counted else ""),
            )
        )
    elif needs.share_here < 1.0:
        lines.append(
            language.text(
                "{share} of the stops look for a space at these sites, the others elsewhere.",
                share=language.percent(needs.share_here),
            )
        )
    else:
        lines.append(
            language.text(
                "All trucks look for a space at these sites; where there are other rest areas, "
                "say with --share-here which part does."
            )
        )
    return lines


def regions_in_brief(needs: ParkingNeeds) -> PageTable:
    """The main figures of the regions, for a terminal."""
    rows = needs.regions.head(_N_BRIEF)
    return PageTable.of("parking-regions", rows, _BRIEF, _region_words(needs))


def rest_of_regions(needs: ParkingNeeds, language: Language) -> str:
    """Say how many regions a terminal does not show, and where they stand; empty without any."""
    n_left_out = len(needs.regions) - _N_BRIEF
    if n_left_out <= 0:
        return ""
    text = "and {n} more regions, in {page} and in {book}"
    return language.text(text, n=language.count(n_left_out), page=PAGE, book=BOOK)


def _region_words(needs: ParkingNeeds) -> dict[str, dict[str, Phrase]]:
    return {"region": {each: own_phrase(str(each)) for each in needs.regions["region"]}}


def _page(needs: ParkingNeeds, run: FinishedRun, title: str) -> str:
    shown = needs.sites[["lon", "lat", "state", *(each.name for each in SHOWN)]].round(4)
    dots = [{str(key): value for key, value in row.items()} for row in shown.to_dict("records")]
    hours = [
        {str(key): value for key, value in row.items()}
        for row in needs.hours.round(1).to_dict("records")
    ]
    beside = float((needs.sites["spaces"] - needs.sites["point_bays"]).clip(lower=0.0).sum())
    charts = {
        each.code: {
            "map": SCREEN.dressed(space_map(each)),
            "hours": SCREEN.dressed(standing_chart(each)),
        }
        for each in LANGUAGES
    }
    data = {"roads": page_roads(run), "sites": dots, "hours": hours, "spaces": [{"beside": beside}]}
    return render_page(
        {"study": title, "chartData": data, "charts": charts},
        kind="truck parking",
        name=title,
        description=run.description,
        question=phrase("Where do trucks park once charging points take spaces?"),
        answer=Phrase.of(lambda language: " ".join(sentences(needs, language))),
        sections=_sections(needs),
    )


def _sections(needs: ParkingNeeds) -> list[Section]:
    how = phrase(
        "All trucks of the study stop as the rules of drivers ask: electric ones as planned, the "
        "others where a break or daily rest falls due on their quickest way. A truck takes the "
        "first free space of the sites that it passes before it has to stop; where all are taken "
        "it is left without, and counts at the first of them. Trucks in a queue and those that "
        "charge at high power take none of these spaces."
    )
    left_out = phrase(
        "Not in it: trucks that rest before or after their trip or wait for a load, trips shorter "
        "than the study has, weekends, and people who park at other places because sites are full."
    )
    line = phrase("The dashed line is the spaces beside the points, at all sites together.")
    sure = {each: phrase(each) for each in (GIVEN, COMPUTED, ASSUMED)}
    words = {"spaces_sure": sure, "state": {k: phrase(v) for k, v in STATE_TITLES.items()}}
    cases = {
        "case": {name: phrase(title) for name, title in _CASE_TITLES.items()},
        "end": {"low": phrase("low"), "high": phrase("high")},
    }
    building = PageTable.of("parking-sites", needs.building(), _OF_SITES, words)
    listed = phrase(
        "The file {file} holds these sites and all others with what is assumed.", file=BOOK
    )
    regions = PageTable.of(
        "parking-regions", needs.regions, PARKING_REGIONS.columns, _region_words(needs)
    )
    return [
        Section(phrase("Where spaces are missing"), (Text(how), Chart("map"), hint(left_out))),
        Section(phrase("Who stands where, by hour"), (Chart("hours"), hint(line))),
        Section(phrase("What is missing by region"), (Table(regions, "tall"),)),
        Section(phrase("Where to build spaces"), (hint(listed), Table(building, "tall"))),
        *_published_section(needs),
        Section(
            phrase("How much hangs on what is assumed"),
            (
                Table(PageTable.of("parking-cases", needs.cases, PARKING_CASES.columns, cases)),
                Lines([(phrase(FIGURE_TITLES[name]), _assumed(needs, name)) for name in FIGURES]),
            ),
        ),
    ]


def _published_section(needs: ParkingNeeds) -> list[Section]:
    if not len(needs.published):
        return []
    words = {
        "figure": {each: phrase(each) for each in REASONS},
        "reason": {each: phrase(each) for each in REASONS.values()},
    }
    table = PageTable.of("parking-published", needs.published, PARKING_PUBLISHED.columns, words)
    return [Section(phrase("What was counted in the country"), (Table(table),))]


def _assumed(needs: ParkingNeeds, name: str) -> Phrase:
    assumed = needs.rules.of(name)
    return phrase(
        "{central}, {low} to {high}; {sure}: {source}",
        central=figure(assumed.central),
        low=figure(assumed.low),
        high=figure(assumed.high),
        sure=phrase(assumed.sure),
        source=assumed.source,
    )


def _who_says(needs: ParkingNeeds, language: Language) -> str:
    """Say at how many sites the number of spaces is known."""
    sure = needs.sites["spaces_sure"].value_counts()
    return language.text(
        "The number of spaces is given for {given} of these sites, estimated for {computed}, and "
        "assumed for {assumed}, of which nothing is known.",
        **{name: language.count(float(sure.get(name, 0))) for name in (GIVEN, COMPUTED, ASSUMED)},
    )


def _write_book(needs: ParkingNeeds, title: str, path: Path, language: Language) -> None:
    """What to build, all sites, regions, cases, rules and meanings as sheets."""
    states = {name: language.text(text) for name, text in STATE_TITLES.items()}

    def told(sites: pd.DataFrame) -> pd.DataFrame:
        sure = [language.own_text(each) for each in sites["spaces_sure"]]
        return sites.assign(state=sites["state"].map(states), spaces_sure=sure)

    regions = needs.regions.assign(
        region=[language.own_text(str(each)) for each in needs.regions["region"]]
    )
    ends = {"": "", "low": language.text("low"), "high": language.text("high")}
    cases = needs.cases.assign(
        case=[language.text(_CASE_TITLES[each]) for each in needs.cases["case"]],
        end=needs.cases["end"].map(ends),
    )
    rules = pd.DataFrame(
        [
            (
                language.text(FIGURE_TITLES[name]),
                _assumed(needs, name).texts[language.code],
                "",
                needs.rules.of(name).source,
            )
            for name in FIGURES
        ],
        columns=[column.name for column in ASSUMPTION_COLUMNS],
    )
    sheets = (
        ("Spaces to build", told(needs.building()), PARKING_SITES),
        ("By region", regions, PARKING_REGIONS),
        ("All sites", told(needs.sites), PARKING_SITES),
        ("Cases", cases, PARKING_CASES),
    )
    meanings = pd.DataFrame(
        [
            (language.text(sheet), column.heading(language), column.name, column.meaning)
            for sheet, _, table in (sheets[0], sheets[1], sheets[3])
            for column in table.columns
        ],
        columns=[column.name for column in DEFINITION_COLUMNS],
    )
    with new_book(path, language, title) as book:
        for name, rows, table in sheets:
            book.table_sheet(language.text(name), rows, table.columns)
        book.table_sheet(language.text("Assumptions"), rules, ASSUMPTION_COLUMNS)
        book.table_sheet(language.text("Definitions"), meanings, DEFINITION_COLUMNS)
