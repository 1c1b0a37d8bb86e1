"""The QGIS project of a plan: layers in order, a theme and a print layout per named solution."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from planner.reporting.gis.layer_styles import layer_style, n_classes
from planner.reporting.gis.layer_tree import (
    layer_order,
    layer_source,
    layer_tree,
    shown_title,
    theme_preset,
)
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.gis.plan_map import geometry_type
from planner.reporting.gis.print_layouts import SheetFrame, comparison, sheet
from planner.reporting.gis.qgis_xml import (
    VERSION,
    document,
    element,
    layer_id,
    spatial_reference,
)
from planner.reporting.gis.themes import attribution, map_themes, sheet_title
from planner.runs.durable_files import replacing

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from lxml import etree

    from planner.reporting.gis.layout_items import Box
    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.gis.themes import Theme
    from planner.tables.language import Language

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
_FIXED_DATE = (2000, 1, 1, 0, 0, 0)


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


def map_frame(plan: PlanMap, crs: str) -> Box:
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
    order = layer_order(plan)
    styles = {name: layer_style(plan, name, language) for name in order}
    sheets = SheetFrame(
        frame,
        _SEA,
        attribution(plan, language),
        {name: n_classes(style) for name, style in styles.items()},
    )
    themes = map_themes(plan, language)
    layers = [_layer(plan, name, styles[name], geopackage, language) for name in order]
    presets = [theme_preset(theme, plan, language) for theme in themes]
    return element(
        "qgis",
        {"version": VERSION, "projectname": plan.name},
        [
            element("title", text=plan.name),
            element("projectCrs", children=[spatial_reference(crs)]),
            layer_tree(plan, geopackage, language),
            element("projectlayers", children=layers),
            element(
                "layerorder",
                children=[element("layer", {"id": layer_id(name)}) for name in order],
            ),
            _properties(),
            element("visibility-presets", children=presets),
            _metadata(plan, language),
            element("Layouts", children=_layouts(plan, themes, sheets, language)),
            element(
                "ProjectViewSettings",
                {"UseProjectScales": "0"},
                [element("DefaultViewExtent", _extent(frame), [spatial_reference(crs)])],
            ),
        ],
    )


def _layouts(
    plan: PlanMap, themes: list[Theme], frame: SheetFrame, language: Language
) -> list[etree._Element]:
    """A sheet of each theme, and one that compares up to three of them."""
    sheets = [
        sheet(frame, theme, sheet_title(plan, theme.name, language), language) for theme in themes
    ]
    of_views = themes[: len(plan.views)]
    if len(of_views) == 1:
        return sheets
    chosen = sorted({0, len(of_views) // 2, len(of_views) - 1})
    name = language.text("Comparison")
    title = sheet_title(plan, name, language)
    compared = comparison(frame, [of_views[each] for each in chosen], title, name, language)
    return [*sheets, compared]


def _metadata(plan: PlanMap, language: Language) -> etree._Element:
    abstract = f"{plan.description}\n\n{attribution(plan, language)}".strip()
    values = {"language": language.code, "title": plan.name, "abstract": abstract}
    return element(
        "projectMetadata", children=[element(key, text=text) for key, text in values.items()]
    )


def _bounds(plan: PlanMap) -> Box:
    """West, south, east, north of all roads, degrees."""
    bounds = np.array([plan.layers[name].total_bounds for name in plan.networks])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _layer(
    plan: PlanMap, name: str, style: etree._Element, geopackage: str, language: Language
) -> etree._Element:
    kind = geometry_type(name)
    attributes = {
        **{key: value for key, value in style.attrib.items() if key != "version"},
        "type": "vector",
        "geometry": _GEOMETRY_NAMES[kind],
        "wkbType": kind,
        "autoRefreshEnabled": "0",
        "autoRefreshTime": "0",
        "styleCategories": "AllStyleCategories",
    }
    table: gpd.GeoDataFrame = plan.layers[name]
    west, south, east, north = (float(each) for each in np.round(table.total_bounds, 6))
    bounds = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    return element(
        "maplayer",
        attributes,
        [
            element("extent", children=[element(k, text=f"{v:.6f}") for k, v in bounds.items()]),
            element("id", text=layer_id(name)),
            element("datasource", text=layer_source(name, geopackage)),
            element("layername", text=shown_title(plan, name, language)),
            element("srs", children=[spatial_reference(CRS)]),
            element("provider", {"encoding": "UTF-8"}, text="ogr"),
            element(
                "map-layer-style-manager",
                {"current": "default"},
                [element("map-layer-style", {"name": "default"})],
            ),
            *style,
        ],
    )


def _extent(frame: Box) -> dict[str, str]:
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
