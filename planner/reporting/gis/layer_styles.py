"""How QGIS shows each layer: its template, filled for a plan.

The same elements make the default style in the GeoPackage and the layer in the project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.gis.map_fields import FID, layer_fields
from planner.reporting.gis.map_tips import as_text
from planner.reporting.gis.qgis_xml import document
from planner.reporting.gis.style_values import style_values
from planner.reporting.gis.template_filling import fill, keep_classes, read_template, repeat

if TYPE_CHECKING:
    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language


def layer_style(plan: PlanMap, layer: str, language: Language) -> etree._Element:
    """Style of a layer as QGIS saves it (QML).

    Parameters
    ----------
    plan : PlanMap
        The plan: sizes and widths follow from its figures.
    """
    template, filling = style_values(plan, layer, language)
    style = read_template(template)
    if filling.classes is not None:
        keep_classes(style, filling.classes)
    title = as_text(style.findtext("previewExpression"))
    fill(style, {"title": title, **filling.values}, language)
    if filling.sizes_mm:
        sample = style.find("renderer-v2/data-defined-size-legend/classes/class")
        sizes = filling.sizes_mm.items()
        repeat(sample, [{"label": label, "size": f"{size:g}"} for label, size in sizes])
    _name_fields(style, plan, layer, language)
    return style


def n_classes(style: etree._Element) -> int:
    """Classes of colour in the legend of a style."""
    return sum(1 for _ in style.iter("range", "category"))


def _name_fields(style: etree._Element, plan: PlanMap, layer: str, language: Language) -> None:
    """Name the fields of a layer; a template knows the key alone."""
    titles = {FID: ""} | {each.name: each.title for each in layer_fields(plan, layer, language)}
    repeat(style.find("fieldConfiguration/field"), [{"name": name} for name in titles])
    aliases = [
        {"field": name, "index": str(index), "name": title}
        for index, (name, title) in enumerate(titles.items())
    ]
    repeat(style.find("aliases/alias"), aliases)
    columns = [{"name": name, "hidden": "1" if name == FID else "0"} for name in titles]
    repeat(style.find("attributetableconfig/columns/column"), columns)
    # QGIS asks the table itself for defaults and constraints.
    for tag in ("defaults", "constraints", "constraintExpressions"):
        style.remove(style.find(tag))


def style_document(plan: PlanMap, layer: str, language: Language) -> str:
    """Default style of a layer as QGIS keeps it in a GeoPackage."""
    return document(layer_style(plan, layer, language)).decode("utf-8")
