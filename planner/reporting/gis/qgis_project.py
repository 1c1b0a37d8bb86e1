"""The QGIS project of a plan: layers in order, a theme and a print layout per named solution."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Transformer

from planner.reporting.gis.layer_styles import layer_style, n_classes
from planner.reporting.gis.layer_tree import (
    fill_layer_tree,
    fill_theme,
    layer_order,
    layer_source,
    shown_title,
)
from planner.reporting.gis.plan_layers import CRS
from planner.reporting.gis.plan_map import geometry_type
from planner.reporting.gis.print_layouts import SheetFrame, comparison, sheet
from planner.reporting.gis.qgis_xml import document, layer_id, spatial_reference
from planner.reporting.gis.template_filling import fill, read_template, repeat
from planner.reporting.gis.themes import attribution, map_themes, not_drawn, sheet_title
from planner.runs.durable_files import replacing

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from lxml import etree

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.gis.print_layouts import Box
    from planner.reporting.gis.themes import Theme
    from planner.tables.language import Language

_GEOMETRY_NAMES = {
    "Point": "Point",
    "MultiPoint": "Point",
    "LineString": "Line",
    "MultiLineString": "Line",
    "MultiPolygon": "Polygon",
}
_EUROPE = (-25.0, 34.0, 45.0, 72.0)
_EUROPEAN_CRS = "EPSG:3035"
_BOUNDS = ("xmin", "ymin", "xmax", "ymax")
_MARGIN_SHARE = 0.03
_FIXED_DATE = (2000, 1, 1, 0, 0, 0)


def write_project(plan: PlanMap, path: Path, language: Language) -> None:
    """Write the QGIS project that shows a plan's GeoPackage.

    The GeoPackage lies in the same folder and has the same name, but for its ending.

    Parameters
    ----------
    path : Path
        The project (.qgz) to write. Same plan, same bytes.
    """
    content = document(_project(plan, path.with_suffix(".gpkg").name, language))
    entry = zipfile.ZipInfo(f"{path.stem}.qgs", _FIXED_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with replacing(path) as partial, zipfile.ZipFile(partial, "w") as archive:
        archive.writestr(entry, content)


def map_crs(plan: PlanMap) -> str:
    """Coordinate system that shows a plan's country in its true shape.

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
    root = read_template("project.qgs")
    made_by = attribution(plan, language)
    abstract = f"{plan.description}\n\n{made_by}".strip()
    fill(root, {"plan": plan, "language": language.code, "abstract": abstract}, language)
    crs = map_crs(plan)
    frame = map_frame(plan, crs)
    view = root.find("ProjectViewSettings/DefaultViewExtent")
    view.attrib.update(_extent(frame))
    for parent in (root.find("projectCrs"), view):
        parent[:] = [spatial_reference(crs)]
    fill_layer_tree(root.find("layer-tree-group"), plan, geopackage, language)
    del root.find("snapping-settings/individual-layer-settings")[:]
    order = layer_order(plan)
    repeat(root.find("layerorder/layer"), [{"id": layer_id(name)} for name in order])
    styles = {name: layer_style(plan, name, language) for name in order}
    n_of_layers = {name: n_classes(style) for name, style in styles.items()}
    layers = repeat(root.find("projectlayers/maplayer"), [{}] * len(order))
    for layer, name in zip(layers, order, strict=True):
        _fill_layer(layer, plan, name, geopackage, language)
        _set_style(layer, styles[name])
    themes = map_themes(plan, language)
    presets = repeat(root.find("visibility-presets/visibility-preset"), [{}] * len(themes))
    for preset, theme in zip(presets, themes, strict=True):
        fill_theme(preset, theme, plan, language)
    sheets = SheetFrame(frame, made_by, n_of_layers)
    root.find("Layouts").extend(_layouts(plan, themes, sheets, language))
    return root


def _layouts(
    plan: PlanMap, themes: list[Theme], frame: SheetFrame, language: Language
) -> list[etree._Element]:
    """A sheet of each theme, and one that compares up to three of them."""
    changes = {view.sites for view in plan.views if view.is_change}
    titles = [
        sheet_title(plan, theme.name, language, is_change=theme.shown in changes)
        for theme in themes
    ]
    sheets = [
        sheet(frame, theme, title, language) for theme, title in zip(themes, titles, strict=True)
    ]
    of_views = themes[: len(plan.views)]
    if len(of_views) == 1:
        return sheets
    chosen = sorted({0, len(of_views) // 2, len(of_views) - 1})
    name = language.text("Comparison")
    title = sheet_title(plan, name, language)
    compared = comparison(frame, [of_views[each] for each in chosen], title, name, language)
    return [*sheets, compared]


def _bounds(plan: PlanMap) -> Box:
    """West, south, east, north of all roads, degrees."""
    bounds = np.array([plan.layers[name].total_bounds for name in plan.networks])
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _fill_layer(
    layer: etree._Element, plan: PlanMap, name: str, geopackage: str, language: Language
) -> None:
    """Say what a layer is called, and where it lies."""
    kind = geometry_type(name)
    layer.attrib.update({"geometry": _GEOMETRY_NAMES[kind], "wkbType": kind})
    layer.find("id").text = layer_id(name)
    layer.find("datasource").text = layer_source(name, geopackage)
    layer.find("layername").text = shown_title(plan, name, language)
    layer.find("resourceMetadata/abstract").text = not_drawn(plan, name, language) or None
    table: gpd.GeoDataFrame = plan.layers[name]
    for bound, value in zip(_BOUNDS, np.round(table.total_bounds, 6), strict=True):
        for extent in ("extent", "wgs84extent"):
            layer.find(f"{extent}/{bound}").text = f"{value:.6f}"


def _set_style(layer: etree._Element, style: etree._Element) -> None:
    of_file = {"version", "styleCategories"}
    layer.attrib.update({key: text for key, text in style.attrib.items() if key not in of_file})
    for part in list(style):
        old = layer.find(part.tag)
        if old is None:
            layer.append(part)
        else:
            layer.replace(old, part)


def _extent(frame: Box) -> dict[str, str]:
    return {name: f"{value:.3f}" for name, value in zip(_BOUNDS, frame, strict=True)}
