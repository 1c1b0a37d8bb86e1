"""Print layouts of a QGIS project: A4 sheets with maps, legends, scale bar and sources.

Their templates say what lies where; a part is found by the name that it has in QGIS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from planner.reporting.gis.qgis_xml import layer_id
from planner.reporting.gis.template_filling import fill, read_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.reporting.gis.themes import Theme
    from planner.tables.language import Language

Box = tuple[float, float, float, float]
"""West, south, east, north of a map."""

_IDENTIFIER = re.compile(r"\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}")
_LEGEND_OF_SIZES = "legend of sizes"
_SCALE_BAR_STEP_MM = 18.0
"""The longest step of a scale bar, which has two."""


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """What all sheets of a project have in common.

    Parameters
    ----------
    extent : tuple of float
        What has to be on the maps: west, south, east, north, metres.
    sources : str
        Makers of the inputs, at the foot.
    n_classes : mapping of str to int
        Classes of colour in the legend of each layer.
    """

    extent: Box
    sources: str
    n_classes: Mapping[str, int]


def sheet(frame: SheetFrame, theme: Theme, title: str, language: Language) -> etree._Element:
    """Print layout of a theme, A4 upright."""
    made = _filled("sheet.qpt", frame, [theme], title, language)
    made.set("name", theme.name)
    _make_identifiers_its_own(made, theme.shown)
    return made


def comparison(
    frame: SheetFrame, themes: Sequence[Theme], title: str, name: str, language: Language
) -> etree._Element:
    """Print layout of two or three themes side by side, A4 across.

    Parameters
    ----------
    themes : sequence of Theme
        What the maps show, from left to right.
    """
    made = _filled(f"comparison-{len(themes)}.qpt", frame, themes, title, language)
    made.set("name", name)
    return made


def _filled(
    template: str,
    frame: SheetFrame,
    themes: Sequence[Theme],
    title: str,
    language: Language,
) -> etree._Element:
    root = read_template(template)
    # QGIS puts title and symbols of a legend of sizes before the classes of colour.
    first = 2 if themes[0].sizes else 0
    classes = range(first, frame.n_classes[themes[0].shown] + first)
    if not themes[0].sizes:
        root.remove(root.find(f"LayoutItem[@id='{_LEGEND_OF_SIZES}']"))
    values = {
        "title": title,
        "sources": frame.sources,
        "theme": themes[0],
        "themes": themes,
        "layer_id": layer_id,
        "nodes": ",".join(str(node) for node in classes),
    }
    fill(root, values, language)
    maps = {each.get("id"): each for each in root.iter("LayoutItem") if _is_map(each)}
    for key, theme in zip(sorted(maps), themes, strict=True):
        _aim(maps[key], frame.extent, theme)
    for bar in root.iterfind("LayoutItem[@numUnitsPerSegment]"):
        (shown,) = (each for each in maps.values() if each.get("uuid") == bar.get("mapUuid"))
        _scale(bar, shown)
    return root


def _is_map(item: etree._Element) -> bool:
    return item.find("Extent") is not None


def _aim(item: etree._Element, extent: Box, theme: Theme) -> None:
    """Show an extent on a map, and the layers of a theme where it follows none."""
    width, height = _size_mm(item)
    names = ("xmin", "ymin", "xmax", "ymax")
    bounds = fitted(extent, width / height)
    shown = item.find("Extent")
    shown.attrib.update({name: f"{value:.3f}" for name, value in zip(names, bounds, strict=True)})
    if item.get("followPreset") == "false":
        # Without names of roads and places, which would cover maps as small as these.
        for layer in (*theme.layers, "countries"):
            etree.SubElement(item.find("LayerSet"), "Layer", provider="ogr").text = layer_id(layer)


def _size_mm(item: etree._Element) -> tuple[float, float]:
    width, height, _ = item.get("size").split(",")
    return float(width), float(height)


def fitted(frame: Box, aspect: float) -> Box:
    """The least frame of an aspect (width by height) around another one."""
    west, south, east, north = frame
    half_width = max(east - west, (north - south) * aspect) / 2.0
    half_height = half_width / aspect
    middle_x, middle_y = (west + east) / 2.0, (south + north) / 2.0
    return (
        middle_x - half_width,
        middle_y - half_height,
        middle_x + half_width,
        middle_y + half_height,
    )


def _scale(bar: etree._Element, shown: etree._Element) -> None:
    """Give a scale bar round steps of a map's kilometres."""
    west, east = (float(shown.find("Extent").get(name)) for name in ("xmin", "xmax"))
    km_per_mm = (east - west) / 1000.0 / _size_mm(shown)[0]
    step_km = _round_down(_SCALE_BAR_STEP_MM * km_per_mm)
    bar.set("numUnitsPerSegment", f"{step_km:g}")
    bar.set("segmentMillimeters", f"{step_km / km_per_mm:.4f}")


def _round_down(value: float) -> float:
    """The largest of 1, 2, 5, 10, 20 ... not above a value; at least 1."""
    nice = [step * 10**power for power in range(6) for step in (1, 2, 5)]
    return float(max((each for each in nice if each <= value), default=1))


def _make_identifiers_its_own(root: etree._Element, key: str) -> None:
    """Tell the parts of a layout from those of others of the same template."""
    for node in root.iter(etree.Element):
        for name, value in node.attrib.items():
            if _IDENTIFIER.fullmatch(value):
                node.set(name, f"{{{uuid5(NAMESPACE_URL, f'print layout {key} {value}')}}}")
