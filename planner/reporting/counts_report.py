"""A study's traffic beside counts as people open it: a page, tables, a workbook, map layers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio

from planner.counts.columns import (
    COUNTS,
    COUNTS_BY_CROSSING,
    COUNTS_BY_ROAD,
    COUNTS_FIT,
    COUNTS_LEFT_OUT,
)
from planner.counts.crossings import NEAR_KM
from planner.counts.fit import CROSSINGS, STATIONS, STATIONS_HELD_OUT, STRETCHES, STRETCHES_HELD_OUT
from planner.counts.stations import REASONS
from planner.reporting.charts.counts import CLASSES, LINES, fit_chart, residual_map
from planner.reporting.charts.look import SCREEN
from planner.reporting.charts.roads import all_roads
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.gis.point_layer import point_layer
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart, Section, Table, Text, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, phrase
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import pandas as pd

    from planner.counts.fit import CountFit
    from planner.network.graph import RoadGraph
    from planner.tables.language import Language
    from planner.tables.table import Table as Schema

PAGE, BOOK, LAYERS = "counts.html", "counts.xlsx", "counts.gpkg"
_WORDS = {
    "by": {
        STATIONS: phrase("station"),
        STRETCHES: phrase("stretch of road"),
        CROSSINGS: phrase("border crossing"),
        STATIONS_HELD_OUT: phrase("station held out"),
        STRETCHES_HELD_OUT: phrase("stretch of road held out"),
    }
}


def write_counts(
    fit: CountFit, graph: RoadGraph, title: str, folder: Path, language: Language
) -> None:
    """Write tables, workbook, map layers and page.

    Parameters
    ----------
    title : str
        Study that was looked at.
    folder : pathlib.Path
        An existing folder.
    language : Language
        Of the workbook; the page has all.
    """
    write_csv_and_parquet(fit.tables(), folder)
    with new_book(folder / BOOK, language, title) as book:
        for name, table, schema in _sheets(fit, language):
            book.table_sheet(language.text(name), table, schema.columns)
    with new_geopackage(folder / LAYERS) as path:
        for name, table in (
            (COUNTS.name, fit.stations),
            (COUNTS_BY_CROSSING.name, fit.crossings),
            (COUNTS_LEFT_OUT.name, fit.left_out),
        ):
            layer = point_layer(table, with_position=False)
            if len(layer):
                pyogrio.write_dataframe(
                    layer, path, layer=name, driver="GPKG", append=path.exists()
                )
    (folder / PAGE).write_text(_page(fit, graph, title), encoding="utf-8")


def _sheets(fit: CountFit, language: Language) -> list[tuple[str, pd.DataFrame, Schema]]:
    """Name, table and columns of each sheet, words in the language."""
    by = {name: word.texts[language.code] for name, word in _WORDS["by"].items()}
    reasons = fit.left_out["reason"].map({each: language.text(each) for each in REASONS})
    return [
        ("How well they fit", fit.fit.assign(by=fit.fit["by"].map(by)), COUNTS_FIT),
        ("By road", fit.roads, COUNTS_BY_ROAD),
        ("By border crossing", fit.crossings, COUNTS_BY_CROSSING),
        ("All stations", fit.stations, COUNTS),
        ("Not compared", fit.left_out.assign(reason=reasons), COUNTS_LEFT_OUT),
    ]


def sentences(fit: CountFit) -> list[Phrase]:
    """Say for a person how the traffic fits."""
    station, stretch = fit.fit.set_index("by").loc[[STATIONS, STRETCHES]].to_dict("records")

    def matched(language: Language) -> str:
        return language.text(
            "{n} of {total} stations lie on a road of the network; the trucks of the study there "
            "are {ratio} of the heavy vehicles counted.",
            n=language.count(len(fit.stations)),
            total=language.count(len(fit.stations) + len(fit.left_out)),
            ratio=language.percent(float(station["ratio"])),
        )

    def correlated(language: Language) -> str:
        by_station, by_stretch = (
            [_figure(each[name], language) for name in ("spearman", "log_pearson")]
            for each in (station, stretch)
        )
        return language.text(
            "Rank correlation (Spearman) {spearman} by station and {stretch} by stretch of road; "
            "correlation of logarithms (Pearson) {pearson} and {stretch_pearson}.",
            spearman=by_station[0],
            stretch=by_stretch[0],
            pearson=by_station[1],
            stretch_pearson=by_stretch[1],
        )

    def above(language: Language) -> str:
        return language.text(
            "Stations at which the trucks of the study alone are more than all heavy vehicles "
            "counted: {n}; without a truck of the study: {empty}.",
            n=language.count(int(station["n_above"])),
            empty=language.count(int(station["n_empty"])),
        )

    by_crossing = fit.fit[fit.fit["by"] == CROSSINGS].to_dict("records")
    at_border = [Phrase.of(partial(_at_the_border, each)) for each in by_crossing]
    return [Phrase.of(matched), Phrase.of(correlated), Phrase.of(above), *at_border]


def _at_the_border(crossing: dict[Hashable, Any], language: Language) -> str:
    return language.text(
        "At the border, {n} crossings have a station of their road near: the trips of the study "
        "over them are {ratio} of the heavy vehicles counted there, with a rank correlation of "
        "{spearman}.",
        n=language.count(int(crossing["n"])),
        ratio=language.percent(float(crossing["ratio"])),
        spearman=_figure(float(crossing["spearman"]), language),
    )


def _figure(value: float, language: Language) -> str:
    return language.text("not known") if np.isnan(value) else language.number(float(value), 2)


def _page(fit: CountFit, graph: RoadGraph, title: str) -> str:
    told = sentences(fit)
    charts = {
        each.code: {
            "fit": SCREEN.dressed(fit_chart(each)),
            "map": SCREEN.dressed(residual_map(each)),
        }
        for each in LANGUAGES
    }
    return render_page(
        {
            "study": title,
            "chartData": {
                "stations": _shown(fit.stations),
                "lines": _lines(fit),
                "roads": [all_roads(graph)],
            },
            "charts": charts,
        },
        kind="traffic and counts",
        name=title,
        question=phrase("Does the traffic of the study fit what is counted on the roads?"),
        answer=Phrase.of(lambda language: " ".join(each.texts[language.code] for each in told)),
        sections=_sections(fit),
    )


def _shown(stations: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of the charts, nothing where there is no figure."""
    limits = list(CLASSES)[:-1]
    shown = stations.assign(part=np.searchsorted(limits, stations["relative_ratio"], side="right"))
    shown = shown[shown["relative_ratio"].notna()]
    columns = shown.round({"lon": 4, "lat": 4, "ratio": 3, "relative_ratio": 3})
    return [{str(k): v for k, v in row.items()} for row in columns.to_dict("records")]


def _lines(fit: CountFit) -> list[dict[str, object]]:
    """Ends of the lines of equal flows and of the ratio of all, from the least to the most."""
    counted = fit.stations["counted_per_day"]
    ends = [float(end) for end in (counted[counted > 0.0].min(), counted.max())]
    ratios = (1.0, float(fit.fit["ratio"].iloc[0]))
    return [
        {"line": line, "counted_per_day": end, "modelled_per_day": ratio * end}
        for line, ratio in zip(LINES, ratios, strict=True)
        if ratio > 0.0
        for end in ends
        if end > 0.0
    ]


def _border(fit: CountFit) -> list[Section]:
    """What crosses the border, where anything does."""
    if fit.crossings.empty:
        return []
    how = phrase(
        "Beside the trips of the study over each crossing stands the nearest station of its road, "
        "at most {km} km away. It counts what turns off before the border, too: the farther it "
        "stands, the less of what it counts crosses. Crossings without one near, and ports with "
        "roads on to several sides, have no count.",
        km=f"{NEAR_KM:g}",
    )
    table = PageTable.of(
        "counts-by-crossing",
        fit.crossings,
        COUNTS_BY_CROSSING.without("crossing_id", "station_id", "lon", "lat"),
    )
    return [Section(phrase("By border crossing"), (Text(how), Table(table, "tall")))]


def _sections(fit: CountFit) -> list[Section]:
    how = phrase(
        "Each station counts the nearest stretch of the road that it names, both directions "
        "together. Beside it stand all trucks of the study on the mean simulated working day, "
        "electric or not, each on its quickest way without charging."
    )
    not_all = phrase(
        "Counts are of all heavy vehicles, buses and short trips among them, which a study of long "
        "trips does not have: that it has fewer trucks everywhere is no fault of it. Where it has "
        "more than its part, or more than all that is counted, routes or trips are wrong."
    )
    part = phrase(
        "Its part is what a station would have if the trucks of the study were spread "
        "over all stations as the vehicles counted are."
    )
    geh = phrase(
        "GEH is of the mean hour of the working day, since it is made for flows of an hour."
    )
    sections = [
        Section(
            phrase("How well they fit"),
            (
                Text(how),
                Chart("fit"),
                hint(not_all),
                Table(PageTable.of("counts-fit", fit.fit, COUNTS_FIT.columns, _WORDS)),
                hint(geh),
            ),
        ),
        Section(phrase("Where there are too many, and where too few"), (Chart("map"), hint(part))),
        Section(
            phrase("By road"),
            (Table(PageTable.of("counts-by-road", fit.roads, COUNTS_BY_ROAD.columns), "tall"),),
        ),
        *_border(fit),
        Section(
            phrase("All stations"),
            (
                Table(
                    PageTable.of("counts", fit.stations, COUNTS.without("lon", "lat")),
                    "tall",
                ),
            ),
        ),
    ]
    if len(fit.left_out):
        table = PageTable.of("counts-left-out", fit.left_out, COUNTS_LEFT_OUT.without("lon", "lat"))
        sections.append(Section(phrase("Stations that were not compared"), (Table(table, "tall"),)))
    return sections
