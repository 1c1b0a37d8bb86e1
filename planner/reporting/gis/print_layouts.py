"""Print layouts of a QGIS project: A4 sheets with maps, legends, scale bar and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.reporting.gis.layout_items import (
    Box,
    Colour,
    fitted,
    layout,
    legend_item,
    map_item,
    scale_bar_item,
    text_item,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

    from planner.reporting.gis.themes import Theme
    from planner.tables.language import Language

_A4_MM = (210.0, 297.0)
_BORDER_MM = 10.0
_MAP_TOP_MM, _MAP_HEIGHT_MM = 26.0, 225.0
_LEGEND_TOP_MM = 254.0
_SOURCES_MM = 13.0
"""From the lower edge of the page."""

_COMPARED_TOP_MM, _COMPARED_HEIGHT_MM = 34.0, 128.0
_COMPARED_LEGEND_TOP_MM = 166.0
_GAP_MM = 5.0
_LEGEND_COLUMNS = (0.0, 0.34, 0.66)
"""Where legends begin, as shares of the width."""


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """What all sheets of a project have in common.

    Parameters
    ----------
    extent : tuple of float
        What has to be on the maps: west, south, east, north, metres.
    sea : tuple of int
        Colour behind the countries: red, green, blue.
    sources : str
        Makers of the inputs, at the foot.
    n_classes : mapping of str to int
        Classes of colour in the legend of each layer.
    """

    extent: Box
    sea: Colour
    sources: str
    n_classes: Mapping[str, int]


def sheet(frame: SheetFrame, theme: Theme, title: str, language: Language) -> etree._Element:
    """Print layout of a theme, A4 upright.

    Parameters
    ----------
    frame : SheetFrame
        What all sheets have in common.
    theme : Theme
        What the map shows.
    title : str
        Above the map.
    language : Language
        Of its words.

    Returns
    -------
    element
    """
    key = theme.shown
    width, height = _A4_MM[0] - 2.0 * _BORDER_MM, _A4_MM[1]
    place = (_BORDER_MM, _MAP_TOP_MM, width, _MAP_HEIGHT_MM)
    extent = fitted(frame.extent, width / _MAP_HEIGHT_MM)
    items = [
        map_item(key, "map", theme.name, extent, place, frame.sea),
        text_item(key, "title", title, 16.0, (_BORDER_MM, 9.0, width, 8.0), bold=True),
        text_item(key, "subtitle", theme.subtitle, 9.5, (_BORDER_MM, 17.5, width, 8.0)),
        _sources(key, frame, height, width),
        scale_bar_item(key, "map", extent, place),
        *_legends(key, "map", frame, theme, (_LEGEND_TOP_MM, width), language),
    ]
    return layout(key, theme.name, _A4_MM, items)


def comparison(
    frame: SheetFrame, themes: Sequence[Theme], title: str, name: str, language: Language
) -> etree._Element:
    """Print layout of several themes side by side, A4 across.

    Parameters
    ----------
    frame : SheetFrame
        What all sheets have in common.
    themes : sequence of Theme
        What the maps show, from left to right.
    title : str
        Above all maps.
    name : str
        What the layout is called.
    language : Language
        Of its words.

    Returns
    -------
    element
    """
    key = "comparison"
    page_width, page_height = _A4_MM[::-1]
    full_width = page_width - 2.0 * _BORDER_MM
    width = (full_width - _GAP_MM * (len(themes) - 1)) / len(themes)
    extent = fitted(frame.extent, width / _COMPARED_HEIGHT_MM)
    items = [
        text_item(key, "title", title, 16.0, (_BORDER_MM, 9.0, full_width, 8.0), bold=True),
        _sources(key, frame, page_height, full_width),
    ]
    for number, theme in enumerate(themes):
        left = _BORDER_MM + number * (width + _GAP_MM)
        place = (left, _COMPARED_TOP_MM, width, _COMPARED_HEIGHT_MM)
        of_map = f"map {number + 1}"
        items += [
            # Without names of roads and places, which would cover maps as small as these.
            map_item(key, of_map, (*theme.layers, "countries"), extent, place, frame.sea),
            text_item(
                key, f"name of {of_map}", theme.name, 10.5, (left, 19.0, width, 6.0), bold=True
            ),
            text_item(key, f"figures of {of_map}", theme.subtitle, 7.0, (left, 25.0, width, 8.0)),
        ]
        if number == 0:
            items.append(scale_bar_item(key, of_map, extent, place))
    legend_place = (_COMPARED_LEGEND_TOP_MM, full_width)
    items += _legends(key, "map 1", frame, themes[0], legend_place, language)
    return layout(key, name, _A4_MM[::-1], items)


def _sources(key: str, frame: SheetFrame, page_height: float, width: float) -> etree._Element:
    place = (_BORDER_MM, page_height - _SOURCES_MM, width, 8.0)
    return text_item(key, "sources", frame.sources, 6.0, place)


def _legends(
    key: str,
    of_map: str,
    frame: SheetFrame,
    theme: Theme,
    top_and_width: tuple[float, float],
    language: Language,
) -> list[etree._Element]:
    """Legends side by side: colours, sizes, widths."""
    top, width = top_and_width
    corners = [(_BORDER_MM + share * width, top) for share in _LEGEND_COLUMNS]
    trucks = language.text("Electric trucks per day, both ways")
    flows = legend_item(key, "legend of flows", of_map, theme.network, trucks, None, corners[2])
    # QGIS puts title and symbols of a legend of sizes before the classes of colour.
    classes = range(2, frame.n_classes[theme.shown] + 2)
    return [
        legend_item(key, "legend", of_map, theme.shown, theme.colours, classes, corners[0]),
        legend_item(key, "legend of sizes", of_map, theme.shown, theme.sizes, [1], corners[1]),
        flows,
    ]
