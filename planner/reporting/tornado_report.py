"""What a plan depends on as people open it: a page, a table and figures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.costs.tornado_columns import MEASURES, TORNADO
from planner.reporting.charts.look import SCREEN
from planner.reporting.charts.tornado import tornado_chart
from planner.reporting.cost_report import SURE
from planner.reporting.figures.formats import PictureFormat
from planner.reporting.figures.page_figures import drawn_with
from planner.reporting.figures.rendering import PAGE_MM, Figure
from planner.reporting.figures.run_figures import (
    FOLDER,
    run_sources,
    sources_line,
    write_figures,
)
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Section, Table, Text, charted, hint
from planner.reporting.page_tables import PageTable
from planner.reporting.phrases import Phrase, own_phrase, phrase
from planner.reporting.workbook import new_book
from planner.tables.language import LANGUAGES
from planner.tables.table_files import write_csv_and_parquet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from planner.plan.finished_run import FinishedRun
    from planner.tables.language import Language

PAGE, WORKBOOK = "tornado.html", "tornado.xlsx"
_N_SHOWN = 14
_POINTS, _COST_DAY, _COST_KWH = MEASURES


def write_tornado(
    table: pd.DataFrame, told: Sequence[Phrase], run: FinishedRun, language: Language, folder: Path
) -> None:
    """Write table, workbook, page and figures.

    Parameters
    ----------
    table : DataFrame
        ``TORNADO``.
    told : sequence of Phrase
        What was found, a sentence each.
    language : Language
        Of workbook and figures; the page has all.
    folder : pathlib.Path
        An existing folder.
    """
    write_csv_and_parquet([(TORNADO, table)], folder)
    in_words = table.assign(
        title=[language.own_text(title) for title in table["title"]],
        sure=[SURE[each].texts[language.code] for each in table["sure"]],
        source=[language.own_text(source) for source in table["source"]],
    )
    with new_book(folder / WORKBOOK, language, "tornado") as book:
        book.table_sheet(language.text("One factor at a time"), in_words, TORNADO.columns)
    rows = {measure: _bars(table, measure) for measure in MEASURES}
    (folder / PAGE).write_text(_page(table, told, rows, run), encoding="utf-8")
    figures = [
        Figure(
            f"tornado_{measure}",
            PAGE_MM,
            language.text(
                "{what} Study {name}.", what=f"{chart.description.rstrip('.')}.", name=run.name
            ),
            partial(drawn_with, chart, rows),
        )
        for measure, chart in _charts(rows, language, names_beside=True).items()
        if rows[measure]
    ]
    write_figures(
        figures,
        folder / FOLDER,
        (PictureFormat.SVG, PictureFormat.PNG),
        language,
        sources=sources_line(run_sources(run, language), language),
    )


def sentences(
    table: pd.DataFrame, mean_wait_min: float, *, is_met: bool, left_out: Sequence[str]
) -> list[Phrase]:
    """Say for a person what points and cost depend on most."""
    first = table.iloc[0]
    bars = {measure: _bars(table, measure) for measure in MEASURES}

    def study(language: Language) -> str:
        if not is_met:
            return language.text(
                "No layout of the study keeps a mean wait of {wait}: its sites carry no more "
                "points. Costs are those of the most points that they carry.",
                wait=language.minutes(mean_wait_min),
            )
        return language.text(
            "For a mean wait of {wait} the study needs {points} high-power points; with them "
            "operators and the time of trucks cost {cost} EUR a day, {kwh} EUR per kWh charged.",
            wait=language.minutes(mean_wait_min),
            points=language.count(float(first[f"{_POINTS}_central"])),
            cost=language.about(float(first[f"{_COST_DAY}_central"])),
            kwh=language.number(float(first[f"{_COST_KWH}_central"]), 3),
        )

    def of_points(language: Language) -> str:
        if not bars[_POINTS]:
            return language.text("No factor moves the number of points.")
        top = bars[_POINTS][0]
        return language.text(
            "Their number depends most on this factor: {title} {low} to {high}: {few} to {many} "
            "points.",
            title=language.own_text(str(top["title"])),
            low=language.figure(float(top["low"])),
            high=language.figure(float(top["high"])),
            few=language.count(float(top["at_low"])),
            many=language.count(float(top["at_high"])),
        )

    def of_cost(language: Language) -> str:
        top = bars[_COST_KWH][:3]
        return language.text(
            "The cost per kWh depends most on these: {titles}.",
            titles="; ".join(language.own_text(str(each["title"])) for each in top),
        )

    told = [Phrase.of(study), Phrase.of(of_points), Phrase.of(of_cost)]
    if left_out:
        told.append(
            Phrase.of(
                lambda language: language.text(
                    "The study has no figure of its own for: {titles}.",
                    titles="; ".join(language.own_text(title) for title in left_out),
                )
            )
        )
    return told


def _bars(table: pd.DataFrame, measure: str) -> list[dict[str, Any]]:
    """Factors that move a measure, the one that moves it most first."""
    ends = [f"{measure}_{end}" for end in ("low", "central", "high")]
    known = table.dropna(subset=ends)
    values = known[ends].to_numpy(np.float64)
    moved = np.ptp(values, axis=1) if len(values) else np.zeros(0)
    rows = known.to_dict("records")
    return [
        {name: rows[at][name] for name in ("factor", "title", "low", "central", "high")}
        | {
            f"at_{end}": round(float(value), 5)
            for end, value in zip(("low", "central", "high"), values[at], strict=True)
        }
        for at in np.argsort(-moved, kind="stable")[:_N_SHOWN].tolist()
        if moved[at] > 0.0
    ]


def _charts(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], language: Language, *, names_beside: bool
) -> dict[str, Any]:
    return {
        name: tornado_chart(rows[name], quantity, language, names_beside=names_beside)
        for name, quantity in MEASURES.items()
    }


def _page(
    table: pd.DataFrame,
    told: Sequence[Phrase],
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    run: FinishedRun,
) -> str:
    charts = {
        language.code: {
            measure: SCREEN.dressed(chart)
            for measure, chart in _charts(rows, language, names_beside=False).items()
        }
        for language in LANGUAGES
    }
    return render_page(
        {"study": run.name, "chartData": dict(rows), "charts": charts},
        kind="tornado",
        name=run.name,
        description=run.description,
        question=phrase("What do points and costs depend on?"),
        answer=Phrase.of(lambda language: " ".join(each.texts[language.code] for each in told)),
        sections=_sections(table),
    )


def _sections(table: pd.DataFrame) -> list[Section]:
    how = phrase(
        "One factor at a time is set to its low and its high value, all others stay as in the "
        "study. Trucks then plan their stops anew, at all sites of the study and without knowing "
        "queues; the fewest points found for the wait are priced. Factors of trucks are multiples "
        "of what the study says."
    )
    prices = phrase(
        "Prices move no point: the number is the least for the wait, whatever it costs. The price "
        "that trucks pay moves costs from one side to the other and not their sum."
    )
    sums = phrase(
        "With more trucks, or hungrier ones, the cost a day rises while a kWh gets cheaper, since "
        "sites are used more. Trips that cannot be driven are in no cost; the table counts them."
    )
    words = {
        "title": {str(each): own_phrase(str(each)) for each in table["title"]},
        "sure": SURE,
    }
    sources = TORNADO.quantities("factor", "title", "low", "central", "high", "sure", "source")
    figures = TORNADO.without("factor", "low", "central", "high", "sure", "source")
    return [
        Section(
            phrase("Points"),
            (Text(how), charted(phrase("Points for the wait"), _POINTS)),
        ),
        Section(
            phrase("Costs"),
            (
                hint(prices),
                charted(phrase("Cost to all, per kWh charged"), _COST_KWH),
                charted(phrase("Cost to all, a day"), _COST_DAY, hint(sums)),
            ),
        ),
        Section(
            phrase("Figures"),
            (Table(PageTable.of("tornado", table, figures, words), "tall"),),
        ),
        Section(
            phrase("Where the ranges come from"),
            (Table(PageTable.of("tornado-sources", table, sources, words), "tall"),),
        ),
    ]
