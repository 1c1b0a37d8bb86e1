"""The layer tree of a project and which of its layers a theme shows."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from planner.reporting.gis.added_layers import ADDED_LAYERS
from planner.reporting.gis.group_layers import GROUP_LAYERS
from planner.reporting.gis.map_fields import layer_title, view_title
from planner.reporting.gis.plan_layers import DEPOT_LAYER, MARKET_LAYER
from planner.reporting.gis.qgis_xml import layer_id
from planner.reporting.gis.template_filling import repeat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.gis.themes import Theme
    from planner.tables.language import Language

_BASE = (DEPOT_LAYER, "roads", "places", "countries")
"""Layers of every theme, the highest first; roads with flows lie above the last."""
_SITES, _FLOWS = "Charging sites", "Electric trucks per day"
"""Groups of layers of which one is shown at a time."""

_OF_POINTS = [name for name, layer in GROUP_LAYERS.items() if layer.geometry == "MultiPoint"]


def layer_order(plan: PlanMap) -> list[str]:
    """Layers with features, the highest first; the one of all solutions is no map."""
    names = [
        *plan.view_of_sites,
        *ADDED_LAYERS,
        DEPOT_LAYER,
        *(MARKET_LAYER, *_OF_POINTS, "unserved", "roads", "places", "flows"),
        "motorways",
        *plan.networks,
        "regions",
        "countries",
    ]
    return [name for name in names if name in plan.layers and len(plan.layers[name])]


def fill_layer_tree(
    tree: etree._Element, plan: PlanMap, geopackage: str, language: Language
) -> None:
    """Put in the layers: of sites, and of roads where there are several, one at a time is shown.

    Parameters
    ----------
    tree : element
        The template's, whose one group with one layer is a sample.
    geopackage : str
        Name of the file that lies beside the project.
    """
    sample_group = tree.find("layer-tree-group")
    sample = sample_group.find("layer-tree-layer")
    groups = _groups(plan)
    shown = _first_shown(plan)
    ticked = {*shown, *_BASE}
    opened = {*shown, MARKET_LAYER, "unserved"}

    def attributes(name: str) -> dict[str, str]:
        return {
            "id": layer_id(name),
            "name": shown_title(plan, name, language),
            "source": layer_source(name, geopackage),
            "checked": "Qt::Checked" if name in ticked else "Qt::Unchecked",
            "expanded": "1" if name in opened else "0",
        }

    for name in layer_order(plan):
        group = next((key for key, names in groups.items() if name in names), None)
        if group is None:
            leaf = deepcopy(sample)
            leaf.attrib.update(attributes(name))
            sample_group.addprevious(leaf)
        elif name == groups[group][0]:
            made = deepcopy(sample_group)
            made.set("name", language.own_text(group))
            child = next((n for n, each in enumerate(groups[group]) if each in ticked), -1)
            made.set("mutually-exclusive-child", str(child))
            repeat(made.find("layer-tree-layer"), [attributes(each) for each in groups[group]])
            sample_group.addprevious(made)
    tree.remove(sample_group)
    del tree.find("custom-order")[:]


def _first_shown(plan: PlanMap) -> tuple[str, str]:
    """Layers that are ticked besides the base when the project is opened."""
    if not plan.opens_with:
        return plan.default.sites, plan.default.network
    return plan.opens_with, ADDED_LAYERS[plan.opens_with].below or plan.default.network


def _groups(plan: PlanMap) -> dict[str, Sequence[str]]:
    """Layers of each group."""
    groups: dict[str, Sequence[str]] = {_SITES: list(plan.view_of_sites)}
    if len(plan.networks) > 1:
        groups[_FLOWS] = plan.networks
    return groups


def shown_title(plan: PlanMap, name: str, language: Language) -> str:
    """Title in the layer tree, where a group says the rest."""
    view = plan.view_of_sites.get(name)
    if len(plan.networks) > 1:
        view = view or next((each for each in plan.views if each.network == name), None)
    return layer_title(plan, name, language) if view is None else view_title(view, language)


def layer_source(name: str, geopackage: str) -> str:
    """Where a layer is stored, relative to the project."""
    return f"./{geopackage}|layername={name}"


def fill_theme(preset: etree._Element, theme: Theme, plan: PlanMap, language: Language) -> None:
    """Tick the layers and groups of a theme.

    Parameters
    ----------
    preset : element
        The template's, with one layer and one group.
    """
    preset.set("name", theme.name)
    preset.remove(preset.find("expanded-legend-nodes"))
    shown = {*theme.layers, *_BASE}
    names = [name for name in layer_order(plan) if name in shown]
    repeat(preset.find("layer"), [{"id": layer_id(name)} for name in names])
    # A theme without a ticked group would hide it for the next one, too.
    groups = [{"id": language.own_text(group)} for group in _groups(plan)]
    for kind in ("checked", "expanded"):
        repeat(preset.find(f"{kind}-group-nodes/{kind}-group-node"), groups)
