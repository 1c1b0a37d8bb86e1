"""Print layouts of a QGIS project: an A4 sheet with map, legends, scale bar and sources."""

from __future__ import annotations

from dataclasses import dataclass
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

    from planner.reporting.language import Language

_PAGE, _LABEL, _LEGEND, _MAP, _SCALE_BAR = "65638", "65641", "65642", "65639", "65646"
"""Kinds of items as QGIS numbers them."""
_PAGE_WIDTH_MM, _PAGE_HEIGHT_MM = 210.0, 297.0
_BORDER_MM = 10.0
_MAP_TOP_MM, _MAP_HEIGHT_MM = 26.0, 225.0
_LEGEND_TOP_MM = 254.0
_TEXT_COLOUR, _SOFT_COLOUR = (30, 34, 38), (84, 90, 96)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a print layout shows.

    Parameters
    ----------
    name : str
        Name of the layout.
    title, subtitle : str
        Above the map.
    theme : str
        Map theme that the map follows.
    main_layer : str
        Layer that the legend explains besides the roads.
    network : str
        Layer of roads.
    n_classes : int
        Classes of the main layer before its legend of sizes; 0 for a layer without sizes.
    crs : str
        Coordinate system of the map.
    frame : tuple of float
        What has to be on the map: west, south, east, north in units of ``crs``.
    sea : tuple of int
        Colour behind the countries: red, green, blue.
    attribution : str
        Sources, below the map.
    """

    name: str
    title: str
    subtitle: str
    theme: str
    main_layer: str
    network: str
    n_classes: int
    crs: str
    frame: tuple[float, float, float, float]
    sea: tuple[int, int, int]
    attribution: str


def print_layout(sheet: Sheet, language: Language) -> etree._Element:
    """Print layout of a sheet, A4 upright.

    Parameters
    ----------
    sheet : Sheet
        What it shows.
    language : Language
        Of its words.

    Returns
    -------
    element
    """
    width = _PAGE_WIDTH_MM - 2.0 * _BORDER_MM
    extent = _fitted(sheet.frame, width / _MAP_HEIGHT_MM)
    bottom = _PAGE_HEIGHT_MM - 13.0
    items = [
        _map(sheet, extent, (_BORDER_MM, _MAP_TOP_MM, width, _MAP_HEIGHT_MM)),
        _label(sheet, "title", sheet.title, 16.0, (_BORDER_MM, 9.0, width, 8.0), bold=True),
        _label(sheet, "subtitle", sheet.subtitle, 9.5, (_BORDER_MM, 17.5, width, 8.0)),
        _label(sheet, "sources", sheet.attribution, 6.0, (_BORDER_MM, bottom, width, 8.0)),
        _scale_bar(sheet, extent, width),
        *_legends(sheet, language),
    ]
    pages = element(
        "PageCollection",
        children=[
            _page_symbol(),
            _item(
                sheet,
                _PAGE,
                "page",
                (0.0, 0.0, _PAGE_WIDTH_MM, _PAGE_HEIGHT_MM),
                children=[_page_symbol()],
                has_background=True,
            ),
        ],
    )
    return element(
        "Layout",
        {"name": sheet.name, "printResolution": "300", "units": "mm", "worldFileMap": ""},
        [pages, *reversed(items)],
    )


def _fitted(
    frame: tuple[float, float, float, float], aspect: float
) -> tuple[float, float, float, float]:
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


def _map(
    sheet: Sheet,
    extent: tuple[float, float, float, float],
    place: tuple[float, float, float, float],
) -> etree._Element:
    names = ("xmin", "ymin", "xmax", "ymax")
    attributes = {
        "followPreset": "true",
        "followPresetName": sheet.theme,
        "keepLayerSet": "false",
        "mapRotation": "0",
        "mapFlags": "0",
        "labelMargin": "1,mm",
        "drawCanvasItems": "true",
        "isTemporal": "0",
    }
    bounds = {name: f"{value:.3f}" for name, value in zip(names, extent, strict=True)}
    return _item(
        sheet,
        _MAP,
        "map",
        place,
        attributes,
        [element("Extent", bounds), element("LayerSet")],
        background=sheet.sea,
        has_background=True,
        has_frame=True,
    )


def _label(
    sheet: Sheet,
    name: str,
    text: str,
    size_pt: float,
    place: tuple[float, float, float, float],
    *,
    bold: bool = False,
) -> etree._Element:
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
    return _item(sheet, _LABEL, name, place, attributes, children)


def _scale_bar(
    sheet: Sheet, extent: tuple[float, float, float, float], map_width_mm: float
) -> etree._Element:
    km_per_mm = (extent[2] - extent[0]) / 1000.0 / map_width_mm
    segment_km = _round_down(18.0 * km_per_mm)
    attributes = {
        "mapUuid": _uuid(sheet, "map"),
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
    place = (_BORDER_MM + 2.0, _MAP_TOP_MM + _MAP_HEIGHT_MM - 11.0, 45.0, 9.0)
    children = [
        element("scaleBarFont", font_description(7.0)),
        element("strokeColor", _rgba(_TEXT_COLOUR)),
        element("fillColor", _rgba(_TEXT_COLOUR)),
        element("fillColor2", _rgba((255, 255, 255))),
        element("textColor", _rgba(_TEXT_COLOUR)),
    ]
    return _item(sheet, _SCALE_BAR, "scale bar", place, attributes, children)


def _round_down(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... not above a value; at least 1."""
    nice = [step * 10**power for power in range(6) for step in (1, 2, 5)]
    return float(max((each for each in nice if each <= value), default=1))


def _legends(sheet: Sheet, language: Language) -> list[etree._Element]:
    """Legends side by side: colours, sizes, widths."""
    main, network = sheet.main_layer, sheet.network
    trucks = language.text("Electric trucks per day, both ways")
    if sheet.n_classes == 0:
        unserved = language.text("Why trips are unserved")
        return [
            _legend(sheet, "legend", main, unserved, None, _BORDER_MM),
            _legend(sheet, "legend of flows", network, trucks, None, 135.0),
        ]
    # QGIS puts title and circles of a legend of sizes before the classes of colour.
    classes = range(2, sheet.n_classes + 2)
    in_use = language.text("High-power points in use")
    points = language.text("Points per site")
    return [
        _legend(sheet, "legend", main, in_use, classes, _BORDER_MM),
        _legend(sheet, "legend of sizes", main, points, [1], 75.0),
        _legend(sheet, "legend of flows", network, trucks, None, 135.0),
    ]


def _legend(
    sheet: Sheet,
    name: str,
    layer: str,
    title: str,
    nodes: Sequence[int] | None,
    left_mm: float,
) -> etree._Element:
    """Legend of a layer, of all its nodes or of some."""
    attributes = {
        "map_uuid": _uuid(sheet, "map"),
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
    place = (left_mm, _LEGEND_TOP_MM, 60.0, 36.0)
    return _item(sheet, _LEGEND, name, place, attributes, children)


def _item(
    sheet: Sheet,
    kind: str,
    name: str,
    place: tuple[float, float, float, float],
    attributes: Mapping[str, str] | None = None,
    children: Sequence[etree._Element] = (),
    *,
    background: tuple[int, int, int] = (255, 255, 255),
    has_background: bool = False,
    has_frame: bool = False,
) -> etree._Element:
    left, top, width, height = place
    uuid = _uuid(sheet, name)
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


def _colour(tag: str, colour: tuple[int, int, int]) -> etree._Element:
    return element(tag, _rgba(colour))


def _rgba(colour: tuple[int, int, int]) -> dict[str, str]:
    names = ("red", "green", "blue")
    parts = {name: str(value) for name, value in zip(names, colour, strict=True)}
    return parts | {"alpha": "255"}


def _uuid(sheet: Sheet, name: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, f'print layout {sheet.main_layer} {name}')}}}"
