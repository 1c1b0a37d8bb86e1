"""The two looks of a chart: on a screen, in pixels, and on paper, in points of 1/72 inch.

On a screen text, axes and grid take their colours from the page's style sheet; paper has its own.
Colours of series keep a contrast of 3:1 on white and on near-black, and colour-blind readers tell
them apart: the first ones follow Okabe and Ito (2008).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import altair as alt

import planner.reporting.charts.mended_altair  # noqa: F401  # threads make charts at once

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN, TRUCKS_SIDE, CHOSEN, STORED = "#8a929a", "#0072b2", "#d55e00", "#009e73"
"""What stands back, first and second figure of a picture, and a third one."""
FIRST_COLOURS = (
    *(TRUCKS_SIDE, CHOSEN, STORED, "#a6689a", "#8a7a00", "#3d8fb8", "#6b6b6b", "#b0413e"),
)
"""Operators, trucks."""
SERIES_COLOURS = ("#2f7fb8", "#d9660f", "#3f8f4f", "#9467bd", "#b8860b", "#8c564b", "#c2559d")
"""Series of runs."""
PUBLISHED_COLOUR = "#7d858d"
ROAD_COLOUR = "#9fb3c4"

INK, SOFT_INK, GRID = "#22272b", "#5b646c", "#dfe3e6"
"""Of paper. On a screen the style sheet gives marks of ink the colour of the page's text."""
ON_LIGHT = "#1b1b1b"
"""Text on a light field, which stays as it is where the page is dark."""

_HALO: dict[str, Any] = {"stroke": "white", "strokeJoin": "round", "opacity": 0.85}
"""Edge that keeps a text legible on roads and sites; the style sheet darkens that of dark pages."""

_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif'
"""As in the style sheet: Vega measures texts in it."""

LABEL_PT = 7.0
_TITLE_PT = 7.5

_SOLUTIONS: dict[str, tuple[str, list[float]]] = {
    "logistics": ("#0d4a80", [1, 0]),
    "logistics-leaning": ("#4a97cf", [4, 1.5]),
    "balanced": (INK, [1, 0]),
    "cpo-leaning": ("#e58327", [4, 1.5]),
    "cpo": ("#9c3d06", [1, 0]),
    "least-cost": ("#2f7d4f", [1, 0]),
}
"""Colour and dashes of named solutions on paper: blue is the trucks' side, orange the operators';
neighbours stay apart in black and white."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart looks.

    Parameters
    ----------
    is_live : bool
        Whether a pointer can ask for tooltips and choose a plan.
    label, title : float
        Size of the letters at axes and in legends, and of headings; pixels or points.
    line, dot : float
        Width of a line; area of a dot on it.
    plain_dot, named_dot : float
        Area of a dot among many, and of one with a name.
    plain : str
        Colour of what stands back.
    config : dict
        Vega-Lite configuration.
    """

    is_live: bool
    label: float
    title: float
    line: float
    dot: float
    plain_dot: float
    named_dot: float
    plain: str
    config: dict[str, Any] = field(repr=False)
    share: float = 1.0
    """Part of the size on a screen that bars, marks and heights have."""

    def sized(self, chart: Any, width: float) -> Any:
        """A chart as wide as asked, and as high as suits the look; a map keeps its shape."""
        if isinstance(chart, alt.FacetChart):
            chart.spec = self.sized(chart.spec, width)
            return chart
        shape = self.share if chart.width == "container" else width / chart.width
        return chart.properties(width=width, height=shape * chart.height)

    def dressed(self, chart: Any) -> dict[str, Any]:
        """Specification of a chart, or of what one is defined by, in this look."""
        spec: dict[str, Any] = chart if isinstance(chart, dict) else chart.to_dict(validate=False)
        return spec | {"config": self.config}


SCREEN = Look(
    is_live=True,
    label=12.0,
    title=13.0,
    line=2.0,
    dot=55.0,
    plain_dot=34.0,
    named_dot=130.0,
    plain=PLAIN,
    config={
        "background": "white",  # of files; a page has its own
        "font": _FONT,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": 500,
            "titlePadding": 10,
        },
        "legend": {
            "labelFontSize": 12,
            "labelLimit": 400,
            "columnPadding": 22,
            "layout": {"top": {"margin": 30}},  # apart from the title of another one beside
        },
        "title": {
            "fontSize": 13,
            "anchor": "start",
            "frame": "group",
            "fontWeight": 600,
            "offset": 8,
        },
    },
)

PAPER = Look(
    is_live=False,
    label=LABEL_PT,
    title=_TITLE_PT,
    line=1.0,
    dot=14.0,
    plain_dot=9.0,
    named_dot=42.0,
    plain="#9aa2a9",
    share=0.45,
    config={
        "aria": False,
        "background": "white",
        "font": "Liberation Sans, Arial, Helvetica, sans-serif",
        "padding": 2,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": LABEL_PT,
            "titleFontSize": LABEL_PT,
            "titleFontWeight": "normal",
            "titlePadding": 4,
            "titleColor": INK,
            "labelColor": INK,
            "labelPadding": 2,
            "domainColor": SOFT_INK,
            "domainWidth": 0.5,
            "tickColor": SOFT_INK,
            "tickSize": 3,
            "tickWidth": 0.5,
            "gridColor": GRID,
            "gridWidth": 0.4,
        },
        "legend": {
            "labelFontSize": LABEL_PT,
            "titleFontSize": LABEL_PT,
            "titleFontWeight": "normal",
            "titleColor": INK,
            "labelColor": INK,
            "labelLimit": 400,
            "titleLimit": 400,
            "titlePadding": 3,
            "labelOffset": 3,
            "rowPadding": 1,
            "columnPadding": 8,
            "symbolSize": 40,
            "padding": 0,
            "offset": 6,
            "layout": {"bottom": {"direction": "vertical", "anchor": "start", "margin": 4}},
        },
        "title": {
            "fontSize": _TITLE_PT,
            "fontWeight": "bold",
            "anchor": "start",
            "frame": "group",
            "offset": 4,
            "color": INK,
        },
        "text": {"fontSize": LABEL_PT, "color": INK},
    },
)


def scale_of(names: Sequence[str], colours: Sequence[str] = SERIES_COLOURS) -> alt.Scale:
    """Colours of names in their order, again from the first where there are more names."""
    return alt.Scale(
        domain=list(names), range=[colours[i % len(colours)] for i in range(len(names))]
    )


def solution_colours(names: Sequence[str]) -> list[str]:
    """Colours of named solutions, those of series for names that are none of the standard ones."""
    others = iter(SERIES_COLOURS * (1 + len(names) // len(SERIES_COLOURS)))
    return [_SOLUTIONS[name][0] if name in _SOLUTIONS else next(others) for name in names]


def solution_dashes(names: Sequence[str]) -> list[list[float]]:
    """Dashes of named solutions."""
    return [_SOLUTIONS[name][1] if name in _SOLUTIONS else [1, 0] for name in names]


def colour_of(column: str, scale: alt.Scale, **legend: Any) -> alt.Color:
    """Colour by names, with a legend above where there is more than one."""
    named: Any = scale.to_dict()["domain"]
    return alt.Color(f"{column}:N").title(None).scale(scale).legend(legend_of(named, **legend))


def legend_of(names: Sequence[str], **legend: Any) -> alt.Legend | None:
    """A legend above; none where there is one name alone."""
    return alt.Legend(orient="top", symbolOpacity=1, **legend) if len(names) > 1 else None


def legible(named: alt.Chart, edge: float, **text: Any) -> list[alt.Chart]:
    """Texts of a map with a light edge, which is drawn below them.

    Parameters
    ----------
    named : Chart
        Encodes where the texts stand and what they are.
    edge : float
        Width of the edge, in the unit of the chart's lengths.
    **text
        What both marks have, as ``fontSize``.
    """
    return [
        named.mark_text(**text, **_HALO, strokeWidth=edge),
        named.mark_text(**text, color=INK),
    ]
