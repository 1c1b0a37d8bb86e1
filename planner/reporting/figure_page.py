"""A page of charts and tables in all languages: one HTML file that needs nothing but a browser.

Data, styles and the Vega library are inside; the content security policy forbids any request, and
any script but those that it names by their hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import vl_convert

from planner.reporting.charts.look import SCREEN
from planner.reporting.page_data import page_file
from planner.reporting.page_rendering import render_page
from planner.reporting.phrases import Phrase, unbroken
from planner.reporting.shown_tables import Figure, ShownTable, cell_text
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import altair as alt

    from planner.tables.language import Language, LanguageCode

SCRIPTS = ("language.js", "csv.js", "sorted_table.js", "figures.js")
"""Scripts of the page in the order in which they run."""

_PNG_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of the page.

    Parameters
    ----------
    name : str
        Name of its element and of its CSV file.
    heading : Phrase
        Its heading.
    hint : Phrase
        A sentence on how to read it.
    content : callable
        What it shows in a language: a table or a chart, the same kind in all.
    """

    name: str
    heading: Phrase
    hint: Phrase
    content: Callable[[Language], ShownTable | alt.ConcatChart]


@dataclass(frozen=True, slots=True)
class _PageCell:
    text: Phrase
    value: str | None
    """What it is sorted by, for figures; empty where it is not known."""


@dataclass(frozen=True, slots=True)
class _PageTable:
    columns: list[tuple[str, Phrase, bool]]
    """Key, heading and whether it holds figures."""
    rows: list[list[_PageCell]]


def render_figure_page(
    title: str, heading: Phrase, answer: Phrase, sections: tuple[PageSection, ...]
) -> str:
    """Text of the page.

    Parameters
    ----------
    title : str
        Name of what is shown, and beginning of the names of CSV files.
    heading : Phrase
        The question.
    answer : Phrase
        The answer, a sentence or two.
    sections : tuple of PageSection
        Charts and tables in reading order.

    Returns
    -------
    str
        HTML; the same for the same arguments.
    """
    charts: dict[LanguageCode, dict[str, Any]] = {language.code: {} for language in LANGUAGES}
    shown = []
    for section in sections:
        contents = {language.code: section.content(language) for language in LANGUAGES}
        tables = {code: each for code, each in contents.items() if isinstance(each, ShownTable)}
        for code, each in contents.items():
            if not isinstance(each, ShownTable):
                charts[code][section.name] = SCREEN.dressed(each)
        shown.append((section, _page_table(tables) if tables else None))
    return render_page(
        page_file("figures.html"),
        SCRIPTS,
        {"title": title, "charts": charts},
        name=title,
        question=heading,
        answer=answer,
        sections=shown,
    )


def _page_table(tables: dict[LanguageCode, ShownTable]) -> _PageTable:
    """One table of the tables in each language: the same cells, written differently."""
    english = tables[ENGLISH.code]

    def in_all(of: Callable[[ShownTable], str]) -> Phrase:
        return Phrase({code: of(table) for code, table in tables.items()})

    def cell(row: int, column: int) -> _PageCell:
        text = in_all(lambda table: unbroken(cell_text(table.rows[row][column])))
        figure = english.rows[row][column]
        if not isinstance(figure, Figure):
            return _PageCell(text, None)
        return _PageCell(text, f"{figure.value:.10g}" if isfinite(figure.value) else "")

    n_columns = len(english.columns)
    return _PageTable(
        columns=[
            (key, in_all(lambda table: table.columns[at]), at >= english.n_text_columns)  # noqa: B023 - called at once
            for at, key in enumerate(english.keys)
        ],
        rows=[[cell(row, at) for at in range(n_columns)] for row in range(len(english.rows))],
    )


def write_chart_images(
    chart: alt.ConcatChart, title: str, svg: Path, png: Path | None = None
) -> None:
    """Write a chart as pictures, on white.

    Parameters
    ----------
    chart : altair chart
        The chart, as it is when the page opens.
    title : str
        What stands above it: a picture has no choice of plans.
    svg, png : Path
        Files to write.
    """
    spec = SCREEN.dressed(chart.properties(background="white", title=title))
    svg.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
    if png is not None:
        png.write_bytes(vl_convert.vegalite_to_png(spec, scale=_PNG_SCALE))
