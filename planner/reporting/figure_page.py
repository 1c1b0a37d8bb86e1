"""A page of charts and tables: one HTML file that needs nothing but a browser.

Data, styles and the Vega library are inside; the content security policy forbids any request.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jinja2
import vl_convert

from planner.reporting.html_report import chart_library, inline_script
from planner.reporting.page_data import inline_json
from planner.reporting.shown_tables import ShownTable

if TYPE_CHECKING:
    from pathlib import Path

    import altair as alt

_PNG_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class PageSection:
    """A part of the page.

    Parameters
    ----------
    heading : str
        Its heading.
    hint : str
        A sentence on how to read it.
    content : ShownTable or altair chart
        What it shows.
    """

    heading: str
    hint: str
    content: ShownTable | alt.ConcatChart


def render_figure_page(
    title: str, heading: str, answer: str, sections: tuple[PageSection, ...]
) -> str:
    """Text of the page.

    Parameters
    ----------
    title : str
        Name of what is shown.
    heading : str
        The question.
    answer : str
        The answer, a sentence or two.
    sections : tuple of PageSection
        Charts and tables in reading order.

    Returns
    -------
    str
        HTML; the same for the same arguments.
    """
    page = files("planner.reporting") / "page"
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((page / "figures.html").read_text(encoding="utf-8"))
    charts: dict[str, dict[str, Any]] = {}
    shown = []
    for section in sections:
        is_table = isinstance(section.content, ShownTable)
        chart_id = "" if is_table else f"chart-{len(charts)}"
        if not isinstance(section.content, ShownTable):
            charts[chart_id] = section.content.to_dict()
        shown.append((section, chart_id))
    return template.render(
        title=title,
        heading=heading,
        answer=answer,
        sections=shown,
        style=(page / "style.css").read_text(encoding="utf-8"),
        data=inline_json(charts),
        scripts=[
            inline_script(text)
            for text in (chart_library(), (page / "figures.js").read_text(encoding="utf-8"))
        ],
    )


def write_chart_images(chart: alt.ConcatChart, svg: Path, png: Path | None = None) -> None:
    """Write a chart as pictures, on white.

    Parameters
    ----------
    chart : altair chart
        The chart, as it is when the page opens.
    svg, png : Path
        Files to write.
    """
    spec = chart.properties(background="white").to_dict()
    svg.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
    if png is not None:
        png.write_bytes(vl_convert.vegalite_to_png(spec, scale=_PNG_SCALE))
