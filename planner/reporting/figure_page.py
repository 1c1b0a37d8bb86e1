"""A page of charts and tables in all languages: one HTML file that needs nothing but a browser.

Data, styles and the Vega library are inside; the content security policy forbids any request, and
any script but those that it names by their hash.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from planner.reporting.charts.look import SCREEN
from planner.reporting.figures.drawing import DrawnHere
from planner.reporting.page_rendering import render_page
from planner.reporting.page_sections import Chart
from planner.tables.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import altair as alt

    from planner.reporting.figures.drawing import Drawing
    from planner.reporting.page_sections import Section
    from planner.reporting.phrases import Phrase
    from planner.tables.language import Language

_PNG_PPI = 72.0
_PNG_SCALE = 2.0


def render_figure_page(
    title: str,
    heading: Phrase,
    answer: Phrase,
    sections: Sequence[Section],
    maps: Mapping[str, Callable[[Language], alt.LayerChart]] = MappingProxyType({}),
) -> str:
    """Text of the page.

    Parameters
    ----------
    title : str
        Name of what is shown, and beginning of the names of CSV files.
    answer : Phrase
        The answer, a sentence or two.
    sections : sequence of Section
        Charts and tables in reading order.
    maps : mapping
        Charts of the sections that are as wide as their room, by their names.

    Returns
    -------
    str
        HTML; the same for the same arguments.
    """
    return render_page(
        {"study": title, "charts": section_charts(sections, maps)},
        css="several",
        name=title,
        question=heading,
        answer=answer,
        sections=sections,
    )


def section_charts(
    sections: Sequence[Section],
    maps: Mapping[str, Callable[[Language], alt.LayerChart]] = MappingProxyType({}),
) -> dict[str, dict[str, Any]]:
    """Charts of sections as the script of a page draws them, by language and name."""
    return {
        language.code: {
            part.name: SCREEN.dressed(part.draw(language))
            for section in sections
            for part in section.parts
            if isinstance(part, Chart) and part.draw
        }
        | {name: SCREEN.dressed(draw(language)) for name, draw in maps.items()}
        for language in LANGUAGES
    }


def write_chart_images(
    chart: alt.ConcatChart,
    title: str,
    svg: Path,
    png: Path | None = None,
    by: Drawing | None = None,
) -> None:
    """Write a chart as pictures, on white.

    Parameters
    ----------
    chart : altair chart
        The chart, as it is when the page opens.
    title : str
        What stands above it: a picture has no choice of plans.
    by : Drawing, optional
        Who draws; this process by default.
    """
    by = DrawnHere() if by is None else by
    spec = SCREEN.dressed(chart.properties(title=title))
    drawn = by.svg(spec, {})
    svg.write_text(drawn, encoding="utf-8")
    if png is not None:
        png.write_bytes(by.png(drawn, _PNG_PPI, _PNG_SCALE))
