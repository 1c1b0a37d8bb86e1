"""How figures look in print: sizes in points, one font, colours for colour-blind readers."""

from __future__ import annotations

from typing import Any

from planner.reporting.level_chart import SERIES_COLOURS

COLUMN_MM, PAGE_MM = 85.0, 175.0
"""Width of a column and of the type area of most journals."""

LABEL_PT, TITLE_PT = 7.0, 7.5
INK, SOFT_INK, GRID = "#22272b", "#5b646c", "#dfe3e6"
POINT_COLOUR = "#9aa2a9"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

SOLUTION_COLOURS = {
    "logistics": "#0d4a80",
    "logistics-leaning": "#4a97cf",
    "balanced": "#22272b",
    "cpo-leaning": "#e58327",
    "cpo": "#9c3d06",
}
"""Blue is the trucks' side, orange the operators'; the balanced plan lies between."""

SOLUTION_DASHES: dict[str, list[float]] = {
    "logistics": [1, 0],
    "logistics-leaning": [4, 1.5],
    "balanced": [1, 0],
    "cpo-leaning": [4, 1.5],
    "cpo": [1, 0],
}
"""So that neighbours stay apart in black and white."""

MM_PER_POINT = 25.4 / 72.0


def solution_colours(names: list[str]) -> list[str]:
    """Colours of named solutions, those of series for names that are none of the standard ones."""
    others = iter(SERIES_COLOURS * (1 + len(names) // len(SERIES_COLOURS)))
    return [SOLUTION_COLOURS.get(name) or next(others) for name in names]


def print_config() -> dict[str, Any]:
    """Vega-Lite configuration of all figures."""
    return {
        "aria": False,
        "background": "white",
        "font": FONT,
        "padding": 2,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": LABEL_PT,
            "titleFontSize": TITLE_PT,
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
            "fontSize": TITLE_PT,
            "fontWeight": "bold",
            "anchor": "start",
            "frame": "group",
            "offset": 4,
            "color": INK,
        },
        "text": {"fontSize": LABEL_PT, "color": INK},
    }
