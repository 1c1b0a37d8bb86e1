"""The QGIS project of a plan: layers in order, a theme and a print layout per named solution."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from planner.network.country_outlines import OUTLINES_ATTRIBUTION
from planner.reporting.gis.layer_styles import layer_style, style_attributes, style_elements
from planner.reporting.gis.map_fields import LAYER_TITLES, layer_title, view_title
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.gis.plan_map import geometry_type
from planner.reporting.gis.print_layouts import Sheet, print_layout
from planner.reporting.gis.qgis_xml import (
    VERSION,
    document,
    element,
    layer_id,
    option_map,
    spatial_reference,
)
from planner.reporting.gis.site_style import n_site_classes
from planner.run_directory import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.language import Language

_GEOMETRY_NAMES = {
    "Point": "Point",
    "LineString": "Line",
    "MultiLineString": "Line",
    "MultiPolygon": "Polygon",
}
_EUROPE = (-25.0, 34.0, 45.0, 72.0)
_EUROPEAN_CRS = "EPSG:3035"
_SEA = (223, 233, 240)
_MARGIN_SHARE = 0.03
_BASE = ("roads", "places", "countries")
"""Layers of every theme, the highest first; roads with flows lie above the last."""
_SITES, _FLOWS = "Charging sites", "Electric trucks per day"
"""Groups of layers of which one is shown at a time."""
_FIXED_DATE = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Theme:
    """A choice of layers that belong together.

    Parameters
    ----------
    name : str
        What it is called.
    shown : str
        Layer that it shows besides the base.
    network : str
        Layer of roads with flows.
    subtitle : str
        What the print layout says below its title.
    """

    name: str
    shown: str
    network: str
    subtitle: str


def write_project(plan: PlanMap, path: Path, language: Language) -> None:
    """Write the QGIS project that shows a plan's GeoPackage.

    The GeoPackage lies in the same folder and has the same name, but for its ending.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    path : Path
        The project (.qgz) to write. Same plan, same bytes.
    language : Language
        Of names, legends and layouts.
    """
    content = document(_project(plan, path.with_suffix(".gpkg").name, language))
    entry = zipfile.ZipInfo(f"{path.stem}.qgs", _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with replacing(path) as partial, zipfile.ZipFile(partial, "w") as archive:
        archive.writestr(entry, content)


def map_crs(plan: PlanMap) -> str:
    """Coordinate system that shows a plan's country in its true shape.

    Parameters
    ----------
    plan : PlanMap
        The plan.

    Returns
    -------
    str
        Lambert's equal-area one of Europe, elsewhere the UTM zone of the network's middle.
    """
    west, south, east, north = _bounds(plan)
    is_european = (
        west >= _EUROPE[0] and south >= _EUROPE[1] and east <= _EUROPE[2] and north <= _EUROPE[3]
    )
    if is_european:
        return _EUROPEAN_CRS
    zone = int((west + east) / 2.0 // 6.0) + 31
    return f"EPSG:{(32600 if south + north >= 0.0 else 32700) + zone}"


def map_frame(plan: PlanMap, crs: str) -> tuple[float, float, float, float]:
    """Frame of the roads and sites with a margin.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    crs : str
        Coordinate system of the frame.

    Returns
    -------
    tuple of float
        West, south, east, north in units of ``crs``.
    """
    west, south, east, north = _bounds(plan)
    transformer = Transformer.from_crs(CRS, crs, always_xy=True)
    frame = transformer.transform_bounds(west, south, east, north)
    margin = _MARGIN_SHARE * max(frame[2] - frame[0], frame[3] - frame[1], 1000.0)
    return frame[0] - margin, frame[1] - margin, frame[2] + margin, frame[3] + margin


def _project(plan: PlanMap, geopackage: str, language: Language) -> etree._Element:
    crs = map_crs(plan)
    frame = map_frame(plan, crs)
    themes = _themes(plan, language)
    order = _layer_order(plan)
    layouts = [
        print_layout(
            Sheet(
                name=theme.name,
                title=_sheet_title(plan, theme, language),
                subtitle=theme.subtitle,
                theme=theme.name,
                main_layer=theme.shown,
                network=theme.network,
                n_classes=n_site_classes(plan) if theme.shown != "unserved" else 0,
                crs=crs,
                frame=frame,
                sea=_SEA,
                attribution=_attribution(plan, language),
            ),
            language,
        )
        for theme in themes
    ]
    title = plan.description or plan.name
    return element(
        "qgis",
        {"version": VERSION, "projectname": plan.name},
        [
            element("title", text=plan.name),
            element("projectCrs", children=[spatial_reference(crs)]),
            _tree(plan, order, geopackage, language),
            element(
                "projectlayers",
                children=[_layer(plan, name, geopackage, language) for name in order],
            ),
            element(
                "layerorder", children=[element("layer", {"id": layer_id(name)}) for name in order]
            ),
            _properties(),
            element(
                "visibility-presets",
                children=[_preset(each, order, plan, language) for each in themes],
            ),
            element(
                "projectMetadata",
                children=[
                    element("language", text=language.code),
                    element("title", text=plan.name),
                    element("abstract", text=f"{title}\n\n{_attribution(plan, language)}"),
                ],
            ),
            element("Layouts", children=layouts),
            element(
                "ProjectViewSettings",
                {"UseProjectScales": "0"},
                [element("DefaultViewExtent", _extent(frame), [spatial_reference(crs)])],
            ),
        ],
    )


def _layer_order(plan: PlanMap) -> list[str]:
    """Layers with features, the highest first; the one of all solutions is no map."""
    names = [
        *plan.view_of_sites,
        *("unserved", "roads", "places", "flows"),
        *plan.networks,
        "countries",
    ]
    return [name for name in names if name in plan.layers and len(plan.layers[name])]


def _bounds(plan: PlanMap) -> tuple[float, float, float, float]:
    """West, south, east, north of all roads, degrees."""
    bounds = np.array([plan.layers[name].total_bounds for name in plan.networks])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _themes(plan: PlanMap, language: Language) -> list[_Theme]:
    themes = [
        _Theme(
            view_title(view, language), view.sites, view.network, _figures(view.figures, language)
        )
        for view in plan.views
    ]
    unserved = plan.layers.get("unserved")
    if unserved is not None and len(unserved):
        n_trips = language.count(int(unserved["n_trips"].sum()))
        n_places = language.count(unserved["place"].nunique())
        subtitle = language.text(
            "{n_trips} trips that cannot be driven strand at {n_places} places",
            n_trips=n_trips,
            n_places=n_places,
        )
        name = language.template(LAYER_TITLES["unserved"])
        themes.append(_Theme(name, "unserved", plan.default.network, subtitle))
    return themes


def _figures(figures: Mapping[str, float], language: Language) -> str:
    return language.text(
        "{n_hpc} high-power points in use {tcu} of the time, {n_lpc} overnight points; "
        "mean wait {wait}",
        n_hpc=language.count(figures["n_hpc"]),
        tcu=language.percent(figures["tcu"]),
        n_lpc=language.count(figures["n_lpc"]),
        wait=language.minutes(figures["mean_wait_min"]),
    )


def _sheet_title(plan: PlanMap, theme: _Theme, language: Language) -> str:
    if plan.level_share is None:
        return f"{plan.name}: {theme.name}"
    return language.text(
        "Charging points for {share} electric trucks: {theme}",
        share=language.percent(plan.level_share),
        theme=theme.name,
    )


def _attribution(plan: PlanMap, language: Language) -> str:
    made = language.text("Study {name}, planned with the truck charging planner.", name=plan.name)
    inputs = language.text("Inputs: {sources}.", sources="; ".join(plan.sources))
    outlines = language.text("Country outlines: {outlines}.", outlines=OUTLINES_ATTRIBUTION)
    return " ".join([made, *([inputs] if plan.sources else []), outlines])


def _tree(plan: PlanMap, order: list[str], geopackage: str, language: Language) -> etree._Element:
    """Layer tree: of sites, and of roads where there are several, one at a time is shown."""
    groups = {_SITES: list(plan.view_of_sites)}
    if len(plan.networks) > 1:
        groups[_FLOWS] = list(plan.networks)
    ticked = {plan.default.sites, plan.default.network, *_BASE}
    opened = {plan.default.sites, plan.default.network, "unserved"}

    def leaf(name: str) -> etree._Element:
        return _tree_layer(
            _shown_title(plan, name, language),
            name,
            geopackage,
            is_checked=name in ticked,
            is_open=name in opened,
        )

    children = []
    for name in order:
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
        "source": _source(name, geopackage),
        "providerKey": "ogr",
        "checked": "Qt::Checked" if is_checked else "Qt::Unchecked",
        "expanded": "1" if is_open else "0",
        "legend_exp": "",
        "patch_size": "-1,-1",
        "legend_split_behavior": "0",
    }
    properties = element("customproperties", children=[option_map({})])
    return element("layer-tree-layer", attributes, [properties])


def _shown_title(plan: PlanMap, name: str, language: Language) -> str:
    """Title in the layer tree, where a group says the rest."""
    view = plan.view_of_sites.get(name)
    if len(plan.networks) > 1:
        view = view or next((each for each in plan.views if each.network == name), None)
    return layer_title(plan, name, language) if view is None else view_title(view, language)


def _source(name: str, geopackage: str) -> str:
    return f"./{geopackage}|layername={name}"


def _layer(plan: PlanMap, name: str, geopackage: str, language: Language) -> etree._Element:
    style = layer_style(plan, name, language)
    kind = geometry_type(name)
    attributes = {
        "type": "vector",
        "geometry": _GEOMETRY_NAMES[kind],
        "wkbType": kind,
        "autoRefreshEnabled": "0",
        "autoRefreshTime": "0",
    } | style_attributes(style)
    # Road numbers and borders are no layers that a click means.
    identifiable = "0" if name in {"roads", "countries"} else "1"
    flags = {"Identifiable": identifiable, "Removable": "1", "Searchable": "1", "Private": "0"}
    table: gpd.GeoDataFrame = plan.layers[name]
    west, south, east, north = (float(each) for each in np.round(table.total_bounds, 6))
    bounds = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    return element(
        "maplayer",
        attributes,
        [
            element("extent", children=[element(k, text=f"{v:.6f}") for k, v in bounds.items()]),
            element("id", text=layer_id(name)),
            element("datasource", text=_source(name, geopackage)),
            element("layername", text=_shown_title(plan, name, language)),
            element("srs", children=[spatial_reference(CRS)]),
            element("provider", {"encoding": "UTF-8"}, text="ogr"),
            element(
                "map-layer-style-manager",
                {"current": "default"},
                [element("map-layer-style", {"name": "default"})],
            ),
            element("flags", children=[element(k, text=v) for k, v in flags.items()]),
            *style_elements(plan, name, style, language),
        ],
    )


def _preset(theme: _Theme, order: list[str], plan: PlanMap, language: Language) -> etree._Element:
    shown = {theme.shown, theme.network, *_BASE}
    children = [
        element(
            "layer", {"id": layer_id(name), "visible": "1", "expanded": "1", "style": "default"}
        )
        for name in order
        if name in shown
    ]
    # A theme without a ticked group would hide it for the next one, too.
    groups = [_SITES, *([_FLOWS] if len(plan.networks) > 1 else [])]
    for kind in ("checked", "expanded"):
        nodes = [element(f"{kind}-group-node", {"id": language.own_text(each)}) for each in groups]
        children.append(element(f"{kind}-group-nodes", children=nodes))
    attributes = {"name": theme.name, "has-expanded-info": "1", "has-checked-group-info": "1"}
    return element("visibility-preset", attributes, children)


def _extent(frame: tuple[float, float, float, float]) -> dict[str, str]:
    names = ("xmin", "ymin", "xmax", "ymax")
    return {name: f"{value:.3f}" for name, value in zip(names, frame, strict=True)}


def _properties() -> etree._Element:
    def typed(tag: str, kind: str, text: str) -> etree._Element:
        return element(tag, {"type": kind}, text=text)

    red, green, blue = (str(part) for part in _SEA)
    return element(
        "properties",
        children=[
            element(
                "Gui",
                children=[
                    typed("CanvasColorRedPart", "int", red),
                    typed("CanvasColorGreenPart", "int", green),
                    typed("CanvasColorBluePart", "int", blue),
                    typed("SelectionColorAlphaPart", "int", "255"),
                    typed("SelectionColorRedPart", "int", "255"),
                    typed("SelectionColorGreenPart", "int", "140"),
                    typed("SelectionColorBluePart", "int", "0"),
                ],
            ),
            element(
                "PAL",
                children=[
                    typed("PlacementEngineVersion", "int", "1"),
                    typed("ShowingPartialsLabels", "bool", "false"),
                    typed("ShowingAllLabels", "bool", "false"),
                    typed("ShowingCandidates", "bool", "false"),
                    typed("DrawUnplaced", "bool", "false"),
                    typed("CandidatesLinePerCM", "double", "5"),
                    typed("CandidatesPolygonPerCM", "double", "2.5"),
                ],
            ),
            element("Paths", children=[typed("Absolute", "bool", "false")]),
            element("Measure", children=[typed("Ellipsoid", "QString", "EPSG:7030")]),
            element("SpatialRefSys", children=[typed("ProjectionsEnabled", "int", "1")]),
        ],
    )
