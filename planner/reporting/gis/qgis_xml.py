"""Building blocks of QGIS's XML: properties, symbols, texts, coordinate systems.

QGIS up to 3.22 reads symbol properties from ``<prop>``, later versions from ``<Option>``: both are
written. Values without a default in QGIS are always written, because it reads them as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lxml import etree
from pyproj import CRS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Geometry = Literal["marker", "line", "fill"]

_SYMBOL_CLASSES = {"marker": "SimpleMarker", "line": "SimpleLine", "fill": "SimpleFill"}
_FONTS = ("Open Sans", "Noto Sans", "Arial", "Helvetica", "DejaVu Sans")
"""The first that a computer has; QGIS warns of a missing font where no other is named."""

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
VERSION = "3.22.0-Białowieża"
"""Version of the format that is written; later ones read it."""


def element(
    tag: str,
    attributes: Mapping[str, str] | None = None,
    children: Sequence[etree._Element] = (),
    text: str | None = None,
) -> etree._Element:
    """XML element with attributes, children and text.

    Parameters
    ----------
    tag : str
        Name of the element.
    attributes : mapping of str to str, optional
        Its attributes.
    children : sequence of element
        What it holds.
    text : str, optional
        Its text.

    Returns
    -------
    element
    """
    made = etree.Element(tag, dict(attributes or {}))
    made.text = text
    made.extend(children)
    return made


def layer_id(layer: str) -> str:
    """Name of a layer within a project; QGIS replaces one of less than ten letters."""
    return f"plan_layer_{layer}"


def document(root: etree._Element) -> bytes:
    """Document of a root element, as QGIS writes it: with its doctype, indented, UTF-8."""
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", doctype=DOCTYPE)
    return written + b"\n"


def option_map(values: Mapping[str, str]) -> etree._Element:
    """Texts by name, as QGIS stores a map of them."""
    options = [
        element("Option", {"name": key, "value": value, "type": "QString"})
        for key, value in values.items()
    ]
    return element("Option", {"type": "Map"}, options)


def data_defined(expressions: Mapping[str, str], tag: str) -> etree._Element:
    """Properties that expressions give for each feature.

    Parameters
    ----------
    expressions : mapping of str to str
        Expression of each property.
    tag : str
        Element that holds them: ``data_defined_properties`` or ``dd_properties``.

    Returns
    -------
    element
    """
    properties = [
        element(
            "Option",
            {"name": name, "type": "Map"},
            [
                element("Option", {"name": "active", "value": "true", "type": "bool"}),
                element("Option", {"name": "expression", "value": expression, "type": "QString"}),
                element("Option", {"name": "type", "value": "3", "type": "int"}),
            ],
        )
        for name, expression in expressions.items()
    ]
    top = [
        element("Option", {"name": "name", "value": "", "type": "QString"}),
        element("Option", {"name": "properties", "type": "Map"}, properties),
        element("Option", {"name": "type", "value": "collection", "type": "QString"}),
    ]
    return element(tag, children=[element("Option", {"type": "Map"}, top)])


def symbol(
    kind: Geometry,
    layers: Sequence[Mapping[str, str]],
    *,
    name: str = "0",
    expressions: Mapping[str, str] | None = None,
) -> etree._Element:
    """Symbol of simple markers, lines or fills.

    Parameters
    ----------
    kind : {"marker", "line", "fill"}
        What it draws.
    layers : sequence of mapping
        Properties of its layers, the lowest first.
    name : str
        Name by which a renderer refers to it.
    expressions : mapping of str to str, optional
        Properties of all layers that depend on the feature.

    Returns
    -------
    element
    """
    made = element(
        "symbol",
        {"name": name, "type": kind, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    for values in layers:
        attributes = {"class": _SYMBOL_CLASSES[kind], "enabled": "1", "locked": "0", "pass": "0"}
        layer = element("layer", attributes, [option_map(values)])
        layer.extend(element("prop", {"k": key, "v": value}) for key, value in values.items())
        if expressions:
            layer.append(data_defined(expressions, "data_defined_properties"))
        made.append(layer)
    return made


def circle(colour: str, size_mm: float, outline: str = "60,69,77,255") -> dict[str, str]:
    """Properties of a circle: ``"r,g,b,alpha"`` colours, diameter in mm."""
    return {
        "name": "circle",
        "color": colour,
        "outline_color": outline,
        "outline_style": "solid",
        "outline_width": "0.15",
        "outline_width_unit": "MM",
        "size": f"{size_mm:g}",
        "size_unit": "MM",
        "scale_method": "diameter",
    }


def stroke(colour: str, width_mm: float, offset_mm: float = 0.0) -> dict[str, str]:
    """Properties of a line: ``"r,g,b,alpha"`` colour, width and offset to its right in mm."""
    return {
        "line_color": colour,
        "line_style": "solid",
        "line_width": f"{width_mm:g}",
        "line_width_unit": "MM",
        "offset": f"{offset_mm:g}",
        "offset_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }


def area(colour: str, outline: str, outline_mm: float = 0.2) -> dict[str, str]:
    """Properties of a filled area: ``"r,g,b,alpha"`` colours, width of its outline in mm."""
    return {
        "color": colour,
        "style": "solid",
        "outline_color": outline,
        "outline_style": "solid" if outline_mm > 0.0 else "no",
        "outline_width": f"{outline_mm:g}",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }


def text_style(
    size_pt: float,
    colour: str,
    *,
    bold: bool = False,
    halo_mm: float = 0.0,
    plate: str | None = None,
    expression: str | None = None,
) -> etree._Element:
    """How a text is drawn.

    Parameters
    ----------
    size_pt : float
        Font size, points.
    colour : str
        ``"r,g,b,alpha"``.
    bold : bool
        Bold letters.
    halo_mm : float
        White around the letters, mm; 0 for none.
    plate : str, optional
        Colour of a rounded plate behind the text.
    expression : str, optional
        Expression that gives the text, for labels of a layer.

    Returns
    -------
    element
    """
    attributes = {
        "fontFamily": _FONTS[0],
        "fontSize": f"{size_pt:g}",
        "fontSizeUnit": "Point",
        "fontWeight": "75" if bold else "50",
        "namedStyle": "Bold" if bold else "Regular",
        "fontItalic": "0",
        "fontKerning": "1",
        "fontLetterSpacing": "0",
        "fontWordSpacing": "0",
        "multilineHeight": "1",
        "textColor": colour,
        "textOpacity": "1",
        "textOrientation": "horizontal",
        "allowHtml": "0",
        "blendMode": "0",
        "capitalization": "0",
    }
    if expression is not None:
        attributes |= {"fieldName": expression, "isExpression": "1"}
    families = [element("family", {"name": name}) for name in _FONTS[1:]]
    halo = {
        "bufferDraw": "1" if halo_mm > 0.0 else "0",
        "bufferSize": f"{halo_mm:g}",
        "bufferSizeUnits": "MM",
        "bufferColor": "255,255,255,230",
        "bufferOpacity": "0.9",
        "bufferNoFill": "1",
        "bufferJoinStyle": "128",
        "bufferBlendMode": "0",
    }
    children = [element("families", children=families), element("text-buffer", halo)]
    if plate is not None:
        children.append(_plate(plate))
    return element("text-style", attributes, children)


def _plate(colour: str) -> etree._Element:
    attributes = {
        "shapeDraw": "1",
        "shapeType": "0",
        "shapeSizeType": "0",
        "shapeSizeX": "0.5",
        "shapeSizeY": "0.15",
        "shapeSizeUnit": "MM",
        "shapeRadiiX": "0.5",
        "shapeRadiiY": "0.5",
        "shapeRadiiUnit": "MM",
        "shapeFillColor": colour,
        "shapeBorderColor": "255,255,255,255",
        "shapeBorderWidth": "0.2",
        "shapeBorderWidthUnit": "MM",
        "shapeOpacity": "1",
        "shapeJoinStyle": "128",
        "shapeRotationType": "0",
        "shapeBlendMode": "0",
    }
    fill = symbol("fill", [area(colour, "255,255,255,255")], name="fillSymbol")
    return element("background", attributes, [fill])


def font_description(size_pt: float, *, bold: bool = False) -> dict[str, str]:
    """Attributes of a font in a print layout."""
    weight, style = (75, "Bold") if bold else (50, "Regular")
    return {
        "description": f"{_FONTS[0]},{size_pt:g},-1,5,{weight},0,0,0,0,0",
        "style": style,
    }


def spatial_reference(crs: str) -> etree._Element:
    """Coordinate system, in full: QGIS takes no project with the mere number of one.

    Parameters
    ----------
    crs : str
        Authority and code, for example ``"EPSG:3035"``.

    Returns
    -------
    element
    """
    system = CRS.from_user_input(crs)
    authority, code = crs.split(":")
    values = {
        "wkt": system.to_wkt("WKT2_2019"),
        "srid": code if authority == "EPSG" else "0",
        "authid": crs,
        "description": system.name,
        "geographicflag": "true" if system.is_geographic else "false",
    }
    return element("spatialrefsys", children=[element(k, text=v) for k, v in values.items()])
