"""How a layer's features are drawn: one symbol, classes of colour or width, or categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.gis.qgis_xml import circle, element, symbol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

    from planner.reporting.gis.qgis_xml import Geometry

Class = tuple[float, float, str, "Mapping[str, str]"]
"""Lower and upper bound, label, properties of the symbol."""


def single_renderer(
    kind: Geometry,
    properties: Mapping[str, str],
    expressions: Mapping[str, str] | None = None,
) -> etree._Element:
    """All features alike, but for what expressions say.

    Parameters
    ----------
    kind : {"marker", "line", "fill"}
        What is drawn.
    properties : mapping of str to str
        Of the symbol.
    expressions : mapping of str to str, optional
        Properties that depend on the feature.

    Returns
    -------
    element
    """
    drawn = symbol(kind, [properties], expressions=expressions)
    return _renderer("singleSymbol", {}, [element("symbols", children=[drawn])])


def no_renderer() -> etree._Element:
    """Nothing but labels."""
    return _renderer("nullSymbol", {}, [])


def graduated_renderer(
    kind: Geometry,
    value: str,
    classes: Sequence[Class],
    *,
    method: str,
    expressions: Mapping[str, str] | None = None,
    draw_last: str | None = None,
    size_legend: etree._Element | None = None,
) -> etree._Element:
    """Classes of a value, each with a symbol and a label.

    Parameters
    ----------
    kind : {"marker", "line", "fill"}
        What is drawn.
    value : str
        Expression of the value.
    classes : sequence of tuple
        Lower and upper bound, label, properties.
    method : {"GraduatedColor", "GraduatedSize"}
        What differs between the classes.
    expressions : mapping of str to str, optional
        Properties that depend on the feature.
    draw_last : str, optional
        Expression by which features are drawn, ascending: the highest lies on top.
    size_legend : element, optional
        What :func:`size_legend_of` gives.

    Returns
    -------
    element
    """
    ranges = [
        element(
            "range",
            {
                "symbol": str(number),
                "lower": f"{lower:.15g}",
                "upper": f"{upper:.15g}",
                "label": label,
                "render": "true",
            },
        )
        for number, (lower, upper, label, _) in enumerate(classes)
    ]
    symbols = [
        symbol(kind, [properties], name=str(number), expressions=expressions)
        for number, (_, _, _, properties) in enumerate(classes)
    ]
    children = [
        element("ranges", children=ranges),
        element("symbols", children=symbols),
        _source_symbol(kind, classes[0][3], expressions, size_legend),
        element("classificationMethod", {"id": "Custom"}),
    ]
    if size_legend is not None:
        children.append(size_legend)
    if draw_last is not None:
        clause = element("orderByClause", {"asc": "1", "nullsFirst": "1"}, text=draw_last)
        children.append(element("orderby", children=[clause]))
    attributes = {"attr": value, "graduatedMethod": method}
    return _renderer("graduatedSymbol", attributes, children, is_ordered=draw_last is not None)


def categorised_renderer(
    kind: Geometry,
    value: str,
    categories: Sequence[tuple[str, str, Mapping[str, str]]],
    expressions: Mapping[str, str] | None = None,
    size_legend: etree._Element | None = None,
) -> etree._Element:
    """A symbol for each text.

    Parameters
    ----------
    kind : {"marker", "line", "fill"}
        What is drawn.
    value : str
        Field or expression of the text.
    categories : sequence of tuple
        Text, label and properties; the empty text stands for all others.
    expressions : mapping of str to str, optional
        Properties that depend on the feature.
    size_legend : element, optional
        What :func:`size_legend_of` gives.

    Returns
    -------
    element
    """
    entries = [
        element(
            "category",
            {
                "symbol": str(number),
                "value": text,
                "type": "string",
                "label": label,
                "render": "true",
            },
        )
        for number, (text, label, _) in enumerate(categories)
    ]
    symbols = [
        symbol(kind, [properties], name=str(number), expressions=expressions)
        for number, (_, _, properties) in enumerate(categories)
    ]
    children = [
        element("categories", children=entries),
        element("symbols", children=symbols),
        _source_symbol(kind, categories[0][2], expressions, size_legend),
    ]
    if size_legend is not None:
        children.append(size_legend)
    return _renderer("categorizedSymbol", {"attr": value}, children)


def size_legend_of(title: str, sizes_mm: Mapping[str, float]) -> etree._Element:
    """Nested symbols that tell what a size stands for.

    Parameters
    ----------
    title : str
        What the size stands for; QGIS shows the expression of the size where it is empty.
    sizes_mm : mapping of str to float
        Size by label, mm.

    Returns
    -------
    element
    """
    classes = [
        element("class", {"size": f"{size:g}", "label": label}) for label, size in sizes_mm.items()
    ]
    drawn = symbol("marker", [circle("255,255,255,0", 2.0)], name="source")
    return element(
        "data-defined-size-legend",
        {"type": "collapsed", "valign": "bottom", "title": title},
        [drawn, element("classes", children=classes)],
    )


def _source_symbol(
    kind: Geometry,
    properties: Mapping[str, str],
    expressions: Mapping[str, str] | None,
    size_legend: etree._Element | None,
) -> etree._Element:
    """Symbol that all others come from; a legend of sizes draws like it: hollow."""
    if size_legend is not None:
        hollow = {"color": "255,255,255,0", "outline_color": "60,69,77,255"}
        properties = dict(properties) | hollow
    return element(
        "source-symbol", children=[symbol(kind, [properties], name="0", expressions=expressions)]
    )


def _renderer(
    kind: str,
    attributes: Mapping[str, str],
    children: Sequence[etree._Element],
    *,
    is_ordered: bool = False,
) -> etree._Element:
    common = {
        "type": kind,
        "symbollevels": "0",
        "forceraster": "0",
        "enableorderby": "1" if is_ordered else "0",
        "referencescale": "-1",
    }
    return element("renderer-v2", common | dict(attributes), children)
