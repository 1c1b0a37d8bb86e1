"""How QGIS shows each layer: symbols, labels, names of fields, what a click tells.

The same elements make the default style in the GeoPackage and the layer in the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.gis.depot_style import depot_style
from planner.reporting.gis.labels import labeling
from planner.reporting.gis.map_fields import FID, layer_fields
from planner.reporting.gis.market_style import market_style
from planner.reporting.gis.place_styles import country_style, place_style, unserved_style
from planner.reporting.gis.plan_layers import DEPOT_LAYER
from planner.reporting.gis.qgis_xml import VERSION, document, element
from planner.reporting.gis.road_styles import flow_style, network_style, road_style
from planner.reporting.gis.site_style import site_style

if TYPE_CHECKING:
    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.gis.style_parts import LayerStyle
    from planner.tables.language import Language


def layer_style(plan: PlanMap, layer: str, language: Language) -> LayerStyle:
    """Style of a layer.

    Parameters
    ----------
    plan : PlanMap
        The plan: sizes and widths follow from its figures.
    layer : str
        Name of the layer.
    language : Language
        Of legends and tips.

    Returns
    -------
    LayerStyle
    """
    match layer.partition("_")[0]:
        case "countries":
            return country_style(plan)
        case "network":
            return network_style(plan, language)
        case "flows":
            return flow_style(plan, language)
        case "roads":
            return road_style()
        case "unserved":
            return unserved_style(plan, language)
        case "places":
            return place_style()
        case _ if layer == DEPOT_LAYER:
            return depot_style(plan, language)
        case "market":
            return market_style(plan, language)
        case _:
            return site_style(plan, language)


def style_attributes(style: LayerStyle) -> dict[str, str]:
    """Attributes that say which parts of a style count."""
    return {
        "styleCategories": "AllStyleCategories",
        "labelsEnabled": "1" if style.labels else "0",
        "hasScaleBasedVisibilityFlag": "0",
        "minScale": "100000000",
        "maxScale": "0",
        "readOnly": "0",
        "simplifyDrawingHints": "1",
        "simplifyDrawingTol": "1",
        "simplifyMaxScale": "1",
        "simplifyLocal": "1",
        "simplifyAlgorithm": "0",
        "symbologyReferenceScale": "-1",
    }


def style_elements(
    plan: PlanMap, layer: str, style: LayerStyle, language: Language
) -> list[etree._Element]:
    """Elements of a style, alike in a style file and in a project.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    layer : str
        Name of the layer.
    style : LayerStyle
        Its style.
    language : Language
        Of the names of fields.

    Returns
    -------
    list of element
    """
    fields = layer_fields(plan, layer, language)
    names = [FID, *(each.name for each in fields)]
    titles = {each.name: each.title for each in fields}
    aliases = [
        element("alias", {"field": name, "index": str(index), "name": titles.get(name, "")})
        for index, name in enumerate(names)
    ]
    columns = [
        element("column", {"type": "field", "name": name, "hidden": "1" if name == FID else "0"})
        for name in names
    ]
    return [
        style.renderer,
        *([labeling(style.labels)] if style.labels else []),
        element("blendMode", text="0"),
        element("featureBlendMode", text="0"),
        element("layerOpacity", text="1"),
        element("fieldConfiguration", children=[_field_configuration(name) for name in names]),
        element("aliases", children=aliases),
        element("attributetableconfig", children=[element("columns", children=columns)]),
        element("previewExpression", text=style.display),
        element("mapTip", text=style.tip),
    ]


def style_document(plan: PlanMap, layer: str, language: Language) -> str:
    """Default style of a layer as QGIS keeps it in a GeoPackage (QML).

    Parameters
    ----------
    plan : PlanMap
        The plan.
    layer : str
        Name of the layer.
    language : Language
        Of all texts.

    Returns
    -------
    str
    """
    style = layer_style(plan, layer, language)
    attributes = {"version": VERSION} | style_attributes(style)
    root = element("qgis", attributes, style_elements(plan, layer, style, language))
    return document(root).decode("utf-8")


def _field_configuration(name: str) -> etree._Element:
    config = element("config", children=[element("Option")])
    return element(
        "field",
        {"name": name, "configurationFlags": "None"},
        [element("editWidget", {"type": ""}, [config])],
    )
