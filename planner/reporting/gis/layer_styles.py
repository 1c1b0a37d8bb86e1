"""Default styles of the GeoPackage layers in QGIS's own format (QML).

QGIS 3.22 reads symbol properties from ``<prop>``, later versions from ``<Option>``: both are
written.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

_USE_COLOURS = ("181,222,43", "86,198,103", "34,168,132", "42,120,142", "64,70,136")
"""Viridis from low to high use, without its ends that drown on white."""
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def site_style() -> str:
    """Circles: area by high-power points, colour by utilisation.

    Returns
    -------
    str
        QML.
    """
    root = _qgis()
    renderer = SubElement(
        root,
        "renderer-v2",
        type="graduatedSymbol",
        attr="coalesce(utilisation_share, 0)",
        graduatedMethod="GraduatedColor",
        symbollevels="0",
        enableorderby="1",
        forceraster="0",
    )
    ranges = SubElement(renderer, "ranges")
    symbols = SubElement(renderer, "symbols")
    step = 1.0 / len(_USE_COLOURS)
    for number, colour in enumerate(_USE_COLOURS):
        lower, upper = number * step, (number + 1) * step
        SubElement(
            ranges,
            "range",
            symbol=str(number),
            lower=f"{lower:.6f}",
            upper=f"{upper:.6f}",
            label=f"in use {lower:.0%} to {upper:.0%} of the time",
            render="true",
        )
        layer = _symbol(
            symbols,
            str(number),
            "marker",
            "SimpleMarker",
            {
                "name": "circle",
                "color": f"{colour},230",
                "outline_color": "60,69,77,255",
                "outline_style": "solid",
                "outline_width": "0.2",
                "outline_width_unit": "MM",
                "size": "2.4",
                "size_unit": "MM",
                "scale_method": "diameter",
            },
        )
        _data_defined(layer, "size", 'if("n_hpc" > 0, 0.6 + 1.1 * sqrt("n_hpc"), 0.8)')
    order = SubElement(renderer, "orderby")
    clause = SubElement(order, "orderByClause", asc="0", nullsFirst="0")
    clause.text = '"n_hpc"'
    return _text(root)


def network_style() -> str:
    """Thin grey lines.

    Returns
    -------
    str
        QML.
    """
    line = {
        "line_color": "180,189,197,255",
        "line_style": "solid",
        "line_width": "0.3",
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }
    return _single_symbol("line", "SimpleLine", line)


def flow_style(most_trucks_per_day: float) -> str:
    """Lines whose width grows with the trucks, each direction on its own side.

    Parameters
    ----------
    most_trucks_per_day : float
        Flow that gets the widest line, > 0.

    Returns
    -------
    str
        QML.
    """
    line = {
        "line_color": "94,129,160,200",
        "line_style": "solid",
        "line_width": "0.4",
        "line_width_unit": "MM",
        "offset": "0.5",
        "offset_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }
    width = f'scale_linear("trucks_per_day", 0, {most_trucks_per_day:.6g}, 0.1, 2.6)'
    return _single_symbol("line", "SimpleLine", line, {"outlineWidth": width})


def unserved_style() -> str:
    """Orange crosses.

    Returns
    -------
    str
        QML.
    """
    cross = {
        "name": "cross2",
        "color": "179,71,11,255",
        "outline_color": "179,71,11,255",
        "outline_style": "solid",
        "outline_width": "0.5",
        "outline_width_unit": "MM",
        "size": "2.4",
        "size_unit": "MM",
    }
    return _single_symbol("marker", "SimpleMarker", cross)


def _qgis() -> Element:
    return Element("qgis", version="3.22.16", styleCategories="Symbology")


def _text(root: Element) -> str:
    return _DOCTYPE + tostring(root, encoding="unicode")


def _single_symbol(
    kind: str,
    symbol_layer: str,
    properties: dict[str, str],
    expressions: dict[str, str] | None = None,
) -> str:
    root = _qgis()
    renderer = SubElement(
        root,
        "renderer-v2",
        type="singleSymbol",
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    symbols = SubElement(renderer, "symbols")
    layer = _symbol(symbols, "0", kind, symbol_layer, properties)
    for name, expression in (expressions or {}).items():
        _data_defined(layer, name, expression)
    return _text(root)


def _symbol(
    parent: Element, name: str, kind: str, symbol_layer: str, properties: dict[str, str]
) -> Element:
    symbol = SubElement(
        parent, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0"
    )
    layer = SubElement(
        symbol, "layer", {"class": symbol_layer, "enabled": "1", "locked": "0", "pass": "0"}
    )
    options = SubElement(layer, "Option", type="Map")
    for key, value in properties.items():
        SubElement(options, "Option", name=key, value=value, type="QString")
    for key, value in properties.items():
        SubElement(layer, "prop", k=key, v=value)
    return layer


def _data_defined(layer: Element, name: str, expression: str) -> None:
    container = SubElement(layer, "data_defined_properties")
    top = SubElement(container, "Option", type="Map")
    SubElement(top, "Option", name="name", value="", type="QString")
    properties = SubElement(top, "Option", name="properties", type="Map")
    own = SubElement(properties, "Option", name=name, type="Map")
    SubElement(own, "Option", name="active", value="true", type="bool")
    SubElement(own, "Option", name="expression", value=expression, type="QString")
    SubElement(own, "Option", name="type", value="3", type="int")
    SubElement(top, "Option", name="type", value="collection", type="QString")
