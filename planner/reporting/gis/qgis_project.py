"""The QGIS project of a plan: layers in order, a theme and a print layout per named solution."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from planner.network.country_outlines import OUTLINES_ATTRIBUTION
from planner.reporting.gis.layer_styles import (
    layer_style,
    n_site_classes,
    style_attributes,
    style_elements,
)
from planner.reporting.gis.map_fields import LAYER_TITLES, layer_title, solution_title
from planner.reporting.gis.plan_map import CRS, GEOPACKAGE, geometry_type, solution_layer
from planner.reporting.gis.print_layouts import Sheet, print_layout
from planner.reporting.gis.qgis_xml import (
    VERSION,
    document,
    element,
    layer_id,
    option_map,
    spatial_reference,
)
from planner.run_directory import replacing

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.language import Language

PROJECT = "plan.qgz"
"""Name of the project in a run's folder."""

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
_BASE = ("roads", "places", "network", "countries")
"""Layers of every theme, the highest first."""
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
    subtitle : str
        What the print layout says below its title.
    """

    name: str
    shown: str
    subtitle: str


def write_project(plan: PlanMap, path: Path, language: Language) -> None:
    """Write the QGIS project that shows a plan's GeoPackage, which lies in the same folder.

    Parameters
    ----------
    plan : PlanMap
        The plan.
    path : Path
        The project (.qgz) to write. Same plan, same bytes.
    language : Language
        Of names, legends and layouts.
    """
    content = document(_project(plan, language))
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
    west, south, east, north = plan.layers["network"].total_bounds
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
    west, south, east, north = plan.layers["network"].total_bounds
    transformer = Transformer.from_crs(CRS, crs, always_xy=True)
    frame = transformer.transform_bounds(west, south, east, north)
    margin = _MARGIN_SHARE * max(frame[2] - frame[0], frame[3] - frame[1], 1000.0)
    return frame[0] - margin, frame[1] - margin, frame[2] + margin, frame[3] + margin


def _project(plan: PlanMap, language: Language) -> etree._Element:
    crs = map_crs(plan)
    frame = map_frame(plan, crs)
    themes = _themes(plan, language)
    shown = _shown_layers(plan)
    sites = [each.shown for each in themes if each.shown in shown and each.shown != "unserved"]
    order = [
        *sites,
        *(
            name
            for name in ("unserved", "roads", "places", "flows", "network", "countries")
            if name in shown
        ),
    ]
    default = solution_layer(plan.default.name)
    layouts = [
        print_layout(
            Sheet(
                name=theme.name,
                title=_sheet_title(plan, theme, language),
                subtitle=theme.subtitle,
                theme=theme.name,
                main_layer=theme.shown,
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
            _tree(plan, order, sites, default, language),
            element("projectlayers", children=[_layer(plan, name, language) for name in order]),
            element(
                "layerorder", children=[element("layer", {"id": layer_id(name)}) for name in order]
            ),
            _properties(),
            element("visibility-presets", children=[_preset(t, shown, language) for t in themes]),
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


def _shown_layers(plan: PlanMap) -> set[str]:
    """Layers with features; the one of all solutions is for tables, not for the map."""
    return {name for name, layer in plan.layers.items() if len(layer)} - {"sites"}


def _themes(plan: PlanMap, language: Language) -> list[_Theme]:
    themes = [
        _Theme(
            solution_title(each, language),
            solution_layer(each.name),
            _figures(plan, each.name, language),
        )
        for each in plan.solutions
    ]
    unserved = plan.layers["unserved"]
    if len(unserved):
        n_trips = language.count(int(unserved["n_trips"].sum()))
        n_places = language.count(unserved["place"].nunique())
        subtitle = language.text(
            "{n_trips} trips that cannot be driven strand at {n_places} places",
            n_trips=n_trips,
            n_places=n_places,
        )
        name = language.template(LAYER_TITLES["unserved"])
        themes.append(_Theme(name, "unserved", subtitle))
    return themes


def _figures(plan: PlanMap, solution: str, language: Language) -> str:
    figures = plan.figures[solution]
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


def _tree(
    plan: PlanMap, order: list[str], sites: list[str], default: str, language: Language
) -> etree._Element:
    site_group = element(
        "layer-tree-group",
        {
            "name": language.template("Charging sites"),
            "checked": "Qt::Checked",
            "expanded": "1",
            "mutually-exclusive": "1",
            "mutually-exclusive-child": str(sites.index(default)),
        },
        [
            _tree_layer(plan, name, language, is_checked=name == default, is_open=name == default)
            for name in sites
        ],
    )
    others = [
        _tree_layer(
            plan, name, language, is_checked=name in _BASE, is_open=name in {"network", "unserved"}
        )
        for name in order
        if name not in sites
    ]
    custom = element("custom-order", {"enabled": "0"})
    return element("layer-tree-group", children=[site_group, *others, custom])


def _tree_layer(
    plan: PlanMap, name: str, language: Language, *, is_checked: bool, is_open: bool
) -> etree._Element:
    attributes = {
        "id": layer_id(name),
        "name": _shown_title(plan, name, language),
        "source": _source(name),
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
    of_solution = {solution_layer(each.name): each for each in plan.solutions}
    if name in of_solution:
        return solution_title(of_solution[name], language)
    return layer_title(plan, name, language)


def _source(name: str) -> str:
    return f"./{GEOPACKAGE}|layername={name}"


def _layer(plan: PlanMap, name: str, language: Language) -> etree._Element:
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
            element("datasource", text=_source(name)),
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


def _preset(theme: _Theme, shown: set[str], language: Language) -> etree._Element:
    visible = [theme.shown, *(name for name in _BASE if name in shown)]
    children = [
        element(
            "layer", {"id": layer_id(name), "visible": "1", "expanded": "1", "style": "default"}
        )
        for name in visible
    ]
    group = {"id": language.template("Charging sites")}
    # A theme without a ticked group would hide it for the next one, too.
    children.append(element("checked-group-nodes", children=[element("checked-group-node", group)]))
    children.append(
        element("expanded-group-nodes", children=[element("expanded-group-node", group)])
    )
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
