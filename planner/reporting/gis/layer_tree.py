"""The layer tree of a project and which of its layers a theme shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.reporting.gis.map_fields import layer_title, view_title
from planner.reporting.gis.plan_layers import DEPOT_LAYER, MARKET_LAYER
from planner.reporting.gis.qgis_xml import element, layer_id, option_map

if TYPE_CHECKING:
    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.gis.themes import Theme
    from planner.tables.language import Language

_BASE = (DEPOT_LAYER, "roads", "places", "countries")
"""Layers of every theme, the highest first; roads with flows lie above the last."""
_SITES, _FLOWS = "Charging sites", "Electric trucks per day"
"""Groups of layers of which one is shown at a time."""


def layer_order(plan: PlanMap) -> list[str]:
    """Layers with features, the highest first; the one of all solutions is no map."""
    names = [
        *plan.view_of_sites,
        DEPOT_LAYER,
        *(MARKET_LAYER, "unserved", "roads", "places", "flows"),
        *plan.networks,
        "countries",
    ]
    return [name for name in names if name in plan.layers and len(plan.layers[name])]


def layer_tree(plan: PlanMap, geopackage: str, language: Language) -> etree._Element:
    """Layer tree: of sites, and of roads where there are several, one at a time is shown.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    geopackage : str
        Name of the file that lies beside the project.
    language : Language
        Of the names of layers.

    Returns
    -------
    element
    """
    groups = {_SITES: list(plan.view_of_sites)}
    if len(plan.networks) > 1:
        groups[_FLOWS] = list(plan.networks)
    ticked = {plan.default.sites, plan.default.network, *_BASE}
    opened = {plan.default.sites, plan.default.network, MARKET_LAYER, "unserved"}

    def leaf(name: str) -> etree._Element:
        return _tree_layer(
            shown_title(plan, name, language),
            name,
            geopackage,
            is_checked=name in ticked,
            is_open=name in opened,
        )

    children = []
    for name in layer_order(plan):
        group = next((key for key, names in groups.items() if name in names), None)
        if group is None:
            children.append(leaf(name))
        elif name == groups[group][0]:
            layers = [leaf(each) for each in groups[group]]
            shown = next(n for n, each in enumerate(groups[group]) if each in ticked)
            children.append(_exclusive_group(language.own_text(group), layers, shown))
    custom = element("custom-order", {"enabled": "0"})
    return element("layer-tree-group", children=[*children, custom])


def _exclusive_group(name: str, layers: list[etree._Element], shown: int) -> etree._Element:
    attributes = {
        "name": name,
        "checked": "Qt::Checked",
        "expanded": "1",
        "mutually-exclusive": "1",
        "mutually-exclusive-child": str(shown),
    }
    return element("layer-tree-group", attributes, layers)


def _tree_layer(
    title: str, name: str, geopackage: str, *, is_checked: bool, is_open: bool
) -> etree._Element:
    attributes = {
        "id": layer_id(name),
        "name": title,
        "source": layer_source(name, geopackage),
        "providerKey": "ogr",
        "checked": "Qt::Checked" if is_checked else "Qt::Unchecked",
        "expanded": "1" if is_open else "0",
        "legend_exp": "",
        "patch_size": "-1,-1",
        "legend_split_behavior": "0",
    }
    properties = element("customproperties", children=[option_map({})])
    return element("layer-tree-layer", attributes, [properties])


def shown_title(plan: PlanMap, name: str, language: Language) -> str:
    """Title in the layer tree, where a group says the rest."""
    view = plan.view_of_sites.get(name)
    if len(plan.networks) > 1:
        view = view or next((each for each in plan.views if each.network == name), None)
    return layer_title(plan, name, language) if view is None else view_title(view, language)


def layer_source(name: str, geopackage: str) -> str:
    """Where a layer is stored, relative to the project."""
    return f"./{geopackage}|layername={name}"


def theme_preset(theme: Theme, plan: PlanMap, language: Language) -> etree._Element:
    """Layers and groups that a theme ticks.

    Parameters
    ----------
    theme : Theme
        The theme.
    plan : PlanMap
        The plan.
    language : Language
        Of the names of groups.

    Returns
    -------
    element
    """
    shown = {*theme.layers, *_BASE}
    as_shown = {"visible": "1", "expanded": "1", "style": "default"}
    children = [
        element("layer", {"id": layer_id(name)} | as_shown)
        for name in layer_order(plan)
        if name in shown
    ]
    # A theme without a ticked group would hide it for the next one, too.
    groups = [_SITES, *([_FLOWS] if len(plan.networks) > 1 else [])]
    for kind in ("checked", "expanded"):
        nodes = [element(f"{kind}-group-node", {"id": language.own_text(each)}) for each in groups]
        children.append(element(f"{kind}-group-nodes", children=nodes))
    attributes = {"name": theme.name, "has-expanded-info": "1", "has-checked-group-info": "1"}
    return element("visibility-preset", attributes, children)
