"""Items of a QGIS print layout: maps, texts, legends, scale bars, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from planner.reporting.gis.qgis_xml import (
    area,
    element,
    font_description,
    layer_id,
    option_map,
    symbol,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

Box = tuple[float, float, float, float]
"""West, south, east, north of a map; or left, top, width, height on a page, mm."""
Colour = tuple[int, int, int]
"""Red, green, blue."""

_PAGE, _LABEL, _LEGEND, _MAP, _SCALE_BAR = "65638", "65641", "65642", "65639", "65646"
"""Kinds of items as QGIS numbers them."""
_TEXT_COLOUR, _SOFT_COLOUR = (30, 34, 38), (84, 90, 96)


def layout(
    key: str, name: str, page_mm: tuple[float, float], items: Sequence[etree._Element]
) -> etree._Element:
    """Print layout of one page.

    Parameters
    ----------
    key : str
        Makes the identifiers of its items.
    name : str
        What it is called.
    page_mm : tuple of float
        Width and height of the page.
    items : sequence of element
        What is on it.

    Returns
    -------
    element
    """
    page = _item(
        key, _PAGE, "page", (0.0, 0.0, *page_mm), children=[_page_symbol()], has_background=True
    )
    pages = element("PageCollection", children=[_page_symbol(), page])
    attributes = {"name": name, "printResolution": "300", "units": "mm", "worldFileMap": ""}
    return element("Layout", attributes, [pages, *items])


def fitted(frame: Box, aspect: float) -> Box:
    """The least frame of an aspect (width by height) around another one."""
    west, south, east, north = frame
    half_width = max(east - west, (north - south) * aspect) / 2.0
    half_height = half_width / aspect
    middle_x, middle_y = (west + east) / 2.0, (south + north) / 2.0
    return (
        middle_x - half_width,
        middle_y - half_height,
        middle_x + half_width,
        middle_y + half_height,
    )


def map_item(
    key: str,
    name: str,
    shown: str | Sequence[str],
    extent: Box,
    place: Box,
    background: Colour,
) -> etree._Element:
    """Map that follows a theme, or shows some layers whatever the themes are.

    Parameters
    ----------
    key, name : str
        Layout and item, which make its identifier.
    shown : str or sequence of str
        The theme, or names of the layers, the highest first.
    extent : tuple of float
        West, south, east, north in units of the project.
    place : tuple of float
        Left, top, width and height on the page, mm.
    background : tuple of int
        Red, green, blue.

    Returns
    -------
    element
    """
    names = ("xmin", "ymin", "xmax", "ymax")
    attributes = {
        "followPreset": "true" if isinstance(shown, str) else "false",
        "followPresetName": shown if isinstance(shown, str) else "",
        "keepLayerSet": "false" if isinstance(shown, str) else "true",
        "mapRotation": "0",
        "mapFlags": "0",
        "labelMargin": "1,mm",
        "drawCanvasItems": "true",
        "isTemporal": "0",
    }
    names_of_layers = () if isinstance(shown, str) else shown
    layers = [
        element("Layer", {"provider": "ogr"}, text=layer_id(layer)) for layer in names_of_layers
    ]
    bounds = {name: f"{value:.3f}" for name, value in zip(names, extent, strict=True)}
    return _item(
        key,
        _MAP,
        name,
        place,
        attributes,
        [element("Extent", bounds), element("LayerSet", children=layers)],
        background=background,
        has_background=True,
        has_frame=True,
    )


def text_item(
    key: str, name: str, text: str, size_pt: float, place: Box, *, bold: bool = False
) -> etree._Element:
    """Text, dark where it is bold, else softer.

    Parameters
    ----------
    key, name : str
        Layout and item, which make its identifier.
    text : str
        The text.
    size_pt : float
        Font size, points.
    place : tuple of float
        Left, top, width and height on the page, mm.
    bold : bool
        Bold letters.

    Returns
    -------
    element
    """
    attributes = {
        "labelText": text,
        "htmlState": "0",
        "halign": "1",
        "valign": "32",
        "marginX": "0",
        "marginY": "0",
    }
    colour = _TEXT_COLOUR if bold else _SOFT_COLOUR
    children = [
        element("LabelFont", font_description(size_pt, bold=bold)),
        _colour("FontColor", colour),
    ]
    return _item(key, _LABEL, name, place, attributes, children)


def scale_bar_item(key: str, of_map: str, extent: Box, map_place: Box) -> etree._Element:
    """Scale bar of two steps in the lower left corner of a map.

    Parameters
    ----------
    key, of_map : str
        Layout, and name of the map.
    extent : tuple of float
        West, south, east, north of the map, metres.
    map_place : tuple of float
        Left, top, width and height of the map on the page, mm.

    Returns
    -------
    element
    """
    left, top, width, height = map_place
    km_per_mm = (extent[2] - extent[0]) / 1000.0 / width
    segment_km = _round_down(18.0 * km_per_mm)
    attributes = {
        "mapUuid": _uuid(key, of_map),
        "style": "Single Box",
        "unitType": "km",
        "unitLabel": "km",
        "numMapUnitsPerScaleBarUnit": "1",
        "numUnitsPerSegment": f"{segment_km:g}",
        "numSegments": "2",
        "numSegmentsLeft": "0",
        "segmentSizeMode": "0",
        "segmentMillimeters": f"{segment_km / km_per_mm:.4f}",
        "minBarWidth": "20",
        "maxBarWidth": "60",
        "height": "1.6",
        "labelBarSpace": "1",
        "boxContentSpace": "1",
        "outlineWidth": "0.15",
        "alignment": "0",
        "labelHorizontalPlacement": "0",
        "labelVerticalPlacement": "0",
    }
    place = (left + 2.0, top + height - 11.0, 45.0, 9.0)
    children = [
        element("scaleBarFont", font_description(7.0)),
        element("strokeColor", _rgba(_TEXT_COLOUR)),
        element("fillColor", _rgba(_TEXT_COLOUR)),
        element("fillColor2", _rgba((255, 255, 255))),
        element("textColor", _rgba(_TEXT_COLOUR)),
    ]
    return _item(key, _SCALE_BAR, f"scale bar of {of_map}", place, attributes, children)


def _round_down(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... not above a value; at least 1."""
    nice = [step * 10**power for power in range(6) for step in (1, 2, 5)]
    return float(max((each for each in nice if each <= value), default=1))


def legend_item(
    key: str,
    name: str,
    of_map: str,
    layer: str,
    title: str,
    nodes: Sequence[int] | None,
    corner: tuple[float, float],
) -> etree._Element:
    """Legend of a layer.

    Parameters
    ----------
    key, name : str
        Layout and item, which make its identifier.
    of_map : str
        Name of the map that it explains.
    layer : str
        The layer.
    title : str
        Above the legend.
    nodes : sequence of int, optional
        Which of the layer's entries are shown; all by default.
    corner : tuple of float
        Left and top on the page, mm.

    Returns
    -------
    element
    """
    attributes = {
        "map_uuid": _uuid(key, of_map),
        "title": "",
        "titleAlignment": "1",
        "columnCount": "1",
        "splitLayer": "0",
        "equalColumnWidth": "0",
        "resizeToContents": "1",
        "legendFilterByAtlas": "0",
        "symbolWidth": "6",
        "symbolHeight": "3.2",
        "symbolAlignment": "1",
        "minSymbolSize": "0",
        "maxSymbolSize": "0",
        "lineSpacing": "1",
        "boxSpace": "0",
        "columnSpace": "2",
        "wrapChar": "",
        "fontColor": "#1e2226",
        "rasterBorder": "0",
        "rasterBorderWidth": "0",
        "rasterBorderColor": "0,0,0,255",
        "wmsLegendWidth": "50",
        "wmsLegendHeight": "25",
    }
    properties = {"cached_name": title, "legend/title-label": title}
    properties |= {"legend/title-style": "subgroup"}
    if nodes is not None:
        properties["legend/node-order"] = ",".join(str(node) for node in nodes)
    tree_layer = element(
        "layer-tree-layer",
        {
            "id": layer_id(layer),
            "name": title,
            "providerKey": "ogr",
            "checked": "Qt::Checked",
            "expanded": "1",
            "legend_exp": "",
            "patch_size": "-1,-1",
            "legend_split_behavior": "0",
        },
        [element("customproperties", children=[option_map(properties)])],
    )
    sizes = {"title": 9.0, "group": 8.5, "subgroup": 8.5, "symbol": 7.5, "symbolLabel": 7.5}
    margins = {"symbol": {"marginTop": "0.9"}, "symbolLabel": {"marginLeft": "2"}}
    styles = [
        element(
            "style",
            {"name": style, "alignment": "1", "indent": "0"} | margins.get(style, {}),
            [element("styleFont", font_description(size, bold=style == "subgroup"))],
        )
        for style, size in sizes.items()
    ]
    children = [
        element("styles", children=styles),
        element("layer-tree-group", children=[tree_layer]),
    ]
    place = (*corner, 60.0, 36.0)
    return _item(key, _LEGEND, name, place, attributes, children)


def _item(
    key: str,
    kind: str,
    name: str,
    place: Box,
    attributes: Mapping[str, str] | None = None,
    children: Sequence[etree._Element] = (),
    *,
    background: Colour = (255, 255, 255),
    has_background: bool = False,
    has_frame: bool = False,
) -> etree._Element:
    left, top, width, height = place
    uuid = _uuid(key, name)
    common = {
        "type": kind,
        "id": name,
        "uuid": uuid,
        "templateUuid": uuid,
        "position": f"{left:g},{top:g},mm",
        "positionOnPage": f"{left:g},{top:g},mm",
        "size": f"{width:g},{height:g},mm",
        "referencePoint": "0",
        "zValue": {_PAGE: "0", _MAP: "1"}.get(kind, "2"),
        "visibility": "1",
        "opacity": "1",
        "blendMode": "0",
        "itemRotation": "0",
        "positionLock": "false",
        "excludeFromExports": "0",
        "groupUuid": "",
        "frame": "true" if has_frame else "false",
        "frameJoinStyle": "miter",
        "outlineWidthM": "0.15,mm",
        "background": "true" if has_background else "false",
    }
    basics = [
        _colour("FrameColor", (150, 155, 160)),
        _colour("BackgroundColor", background),
        element("LayoutObject"),
    ]
    return element("LayoutItem", common | dict(attributes or {}), [*basics, *children])


def _page_symbol() -> etree._Element:
    return symbol("fill", [area("255,255,255,255", "255,255,255,255", 0.0)], name="")


def _colour(tag: str, colour: Colour) -> etree._Element:
    return element(tag, _rgba(colour))


def _rgba(colour: Colour) -> dict[str, str]:
    names = ("red", "green", "blue")
    parts = {name: str(value) for name, value in zip(names, colour, strict=True)}
    return parts | {"alpha": "255"}


def _uuid(key: str, name: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, f'print layout {key} {name}')}}}"
