"""How QGIS shows each layer: symbols, labels, names of fields, what a click tells.

The same elements make the default style in the GeoPackage and the layer in the project.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from lxml import etree

from planner.reporting.gis.labels import LabelRule, labeling
from planner.reporting.gis.map_fields import FID, layer_fields
from planner.reporting.gis.qgis_xml import VERSION, area, circle, document, element, stroke
from planner.reporting.gis.renderers import (
    categorised_renderer,
    circle_size_legend,
    graduated_renderer,
    no_renderer,
    single_renderer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.language import Language

USE_BOUNDS = (0.0, 0.15, 0.30, 0.45, 0.60, 1.0)
"""Classes of utilisation, the same for all solutions, so that their maps can be laid side by side.

Above 60 % a site without many points has long queues: the last class is wide.
"""
_USE_COLOURS = ("253,231,37", "122,209,81", "34,168,132", "42,120,142", "68,1,84")
"""Viridis, dark for busy: told apart by colour-blind readers and in grey."""
_WITHOUT_POINTS = -1.0

_LAND, _PLANNED_LAND, _BORDER = "236,236,232,255", "250,250,248,255", "168,170,172,255"
_FLOW_COLOUR, _ROAD_COLOUR = "150,163,178,255", "205,210,215,255"
_UNSERVED_COLOURS = ("213,94,0,255", "204,121,167,255", "0,114,178,255", "0,0,0,255")
"""Okabe and Ito."""
_TEXT, _SOFT_TEXT, _PLATE = "30,34,38,255", "84,90,96,255", "0,73,146,255"

_WIDEST_MM, _NARROWEST_MM = 2.4, 0.25
_LARGEST_CIRCLE_MM, _MM_PER_ROOT_POINT = 7.5, 1.7
_FARTHEST, _MIDDLE, _NEAR = 20_000_000, 2_500_000, 300_000
"""Scales (1:n) at which more roads and places get their names."""
_NICE = tuple(step * 10**power for power in range(6) for step in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """How a layer is shown.

    Parameters
    ----------
    renderer : element
        Its symbols.
    labels : tuple of LabelRule
        Its labels; none where empty.
    tip : str
        HTML that a pointer on a feature brings up.
    display : str
        Expression that names a feature in lists.
    """

    renderer: etree._Element
    labels: tuple[LabelRule, ...] = ()
    tip: str = ""
    display: str = field(default='"fid"')


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
            return _countries()
        case "network":
            return _network(plan, language)
        case "flows":
            return _flows(plan, language)
        case "roads":
            return LayerStyle(no_renderer(), _road_labels(), display='"road"')
        case "unserved":
            return _unserved(plan, language)
        case "places":
            return LayerStyle(no_renderer(), _place_labels(), display='"place"')
        case _:
            return _sites(plan, language)


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


def has_sites_without_points(plan: PlanMap) -> bool:
    """Whether a site has no high-power point in one of the solutions."""
    return any((plan.layers[name]["n_hpc"] == 0).any() for name in plan.view_of_sites)


def n_site_classes(plan: PlanMap) -> int:
    """Classes of colour in the legend of sites."""
    return len(_USE_COLOURS) + int(has_sites_without_points(plan))


def flow_bounds(most_trucks_per_day: float) -> list[float]:
    """Bounds of up to five classes of trucks per day, in round figures.

    Parameters
    ----------
    most_trucks_per_day : float
        The strongest flow, >= 0.

    Returns
    -------
    list of float
        Ascending, from 0 to at least the strongest flow.
    """
    inner = [float(nice) for nice in _NICE if nice < most_trucks_per_day][-4:]
    return [0.0, *inner, max(most_trucks_per_day, 1.0)]


def circle_mm(plan: PlanMap) -> float:
    """Diameter of the circle of a site with one high-power point, mm; areas follow the points."""
    return min(_MM_PER_ROOT_POINT, _LARGEST_CIRCLE_MM / sqrt(max(_most_points(plan), 1.0)))


def circle_counts(most_points: int) -> list[int]:
    """Up to three round numbers of points for a legend, ascending.

    Parameters
    ----------
    most_points : int
        Points of the largest site.

    Returns
    -------
    list of int
    """
    nice = [count for count in _NICE if count <= max(most_points, 1)]
    return sorted({nice[0], nice[len(nice) // 2], nice[-1]})


def _sites(plan: PlanMap, language: Language) -> LayerStyle:
    per_root = circle_mm(plan)
    size = f'if("n_hpc" > 0, {per_root:.4g} * sqrt("n_hpc"), 0.8)'
    bounds = zip(pairwise(USE_BOUNDS), _USE_COLOURS, strict=True)
    classes = []
    if has_sites_without_points(plan):
        label = language.text("no high-power point")
        hollow = circle("255,255,255,255", 1.2, "130,130,130,255")
        classes.append((_WITHOUT_POINTS, _WITHOUT_POINTS / 2.0, label, hollow))
    for (lower, upper), colour in bounds:
        label = _range_label(f"{lower:.0%}"[:-1], f"{upper:.0%}"[:-1], language)
        classes.append((lower, upper, label, circle(f"{colour},235", 2.6)))
    counts = circle_counts(int(_most_points(plan)))
    sizes = {_points_label(n, language): per_root * n**0.5 for n in counts}
    renderer = graduated_renderer(
        "marker",
        f'if("n_hpc" > 0, coalesce("utilisation_share", 0), {_WITHOUT_POINTS:g})',
        classes,
        method="GraduatedColor",
        expressions={"size": size},
        draw_last='-"n_hpc"',
        size_legend=circle_size_legend(language.text("High-power points"), sizes),
    )
    return LayerStyle(renderer, _site_labels(), _site_tip(language), '"name"')


def _most_points(plan: PlanMap) -> float:
    return float(max(plan.layers[name]["n_hpc"].max() for name in plan.view_of_sites))


def _points_label(n_points: int, language: Language) -> str:
    if n_points == 1:
        return language.text("1 point")
    return language.text("{n} points", n=language.count(n_points))


def _range_label(lower: str, upper: str, language: Language) -> str:
    if lower == "0":
        return language.text("up to {upper} % of the time", upper=upper)
    if upper == "100":
        return language.text("over {lower} % of the time", lower=lower)
    return language.text("{lower} to {upper} % of the time", lower=lower, upper=upper)


def _site_labels() -> tuple[LabelRule, ...]:
    more_points_first = {"Priority": 'min(10, 3 + "n_hpc")'}
    return (
        LabelRule("names of others keep off", '"name"', 7.5, _TEXT, is_drawn=False),
        LabelRule(
            "site names",
            '"name"',
            7.5,
            _TEXT,
            nearer_than=400_000,
            distance_mm=1.6,
            wrap=22,
            expressions=more_points_first,
        ),
    )


def _site_tip(language: Language) -> str:
    rows = [
        (language.text("High-power points"), '"n_hpc"', ""),
        (language.text("Overnight points"), '"n_lpc"', ""),
        (language.text("In use"), 'round(100 * "utilisation_share")', " %"),
        (language.text("Mean wait"), 'round("mean_wait_min", 1)', " min"),
        (language.text("95 % wait at most"), 'round("p95_wait_min", 1)', " min"),
        (language.text("Energy charged"), 'round("energy_mwh", 1)', " MWh"),
        (language.text("Peak power"), 'format_number("peak_power_kw", 0)', " kW"),
        (language.text("Grid connection"), 'format_number("grid_connection_kw", 0)', " kW"),
    ]
    root = element("div", children=[element("b", text='[% "name" %]')])
    table = element("table")
    for title, expression, unit in rows:
        shown = f"[% coalesce(to_string({expression}) || '{unit}', '\N{EN DASH}') %]"
        table.append(element("tr", children=[element("td", text=title), element("td", text=shown)]))
    root.append(table)
    return _html(root)


def _network(plan: PlanMap, language: Language) -> LayerStyle:
    # The same classes in all views, so that maps can be laid side by side.
    most = max(float(plan.layers[name]["trucks_per_day"].max()) for name in plan.networks)
    bounds = flow_bounds(most)
    n_classes = len(bounds) - 1
    classes = []
    for number, (lower, upper) in enumerate(pairwise(bounds)):
        share = (number / max(n_classes - 1, 1)) ** 1.3
        width = _NARROWEST_MM + share * (_WIDEST_MM - _NARROWEST_MM)
        colour = _ROAD_COLOUR if number == 0 and n_classes > 1 else _FLOW_COLOUR
        label = _flow_label(lower, upper, number == n_classes - 1, language)
        classes.append((lower, upper, label, stroke(colour, width)))
    renderer = graduated_renderer(
        "line",
        "trucks_per_day",
        classes,
        method="GraduatedSize",
        draw_last='"trucks_per_day"',
    )
    return LayerStyle(renderer, (), _flow_tip(language, ""), _SECTION)


def _flow_label(lower: float, upper: float, is_last: bool, language: Language) -> str:  # noqa: FBT001  # a class is the last or not
    if is_last and lower > 0.0:
        return language.text("over {lower}", lower=language.count(lower))
    if lower == 0.0:
        return language.text("up to {upper}", upper=language.count(upper))
    return language.text(
        "{lower} to {upper}", lower=language.count(lower), upper=language.count(upper)
    )


_SECTION = '"road" || \' \' || "from_place" || \' \N{EN DASH} \' || "to_place"'


def _flow_tip(language: Language, direction: str) -> str:
    trucks = language.text("electric trucks per day")
    shown = f'[% format_number("trucks_per_day", 0) %] {trucks}{direction}'
    root = element(
        "div",
        children=[
            element("b", text=f"[% {_SECTION} %]"),
            element("br"),
            element("span", text=shown),
        ],
    )
    return _html(root)


def _flows(plan: PlanMap, language: Language) -> LayerStyle:
    flows = plan.layers["flows"]["trucks_per_day"]
    most = max(float(flows.max()) if len(flows) else 0.0, 1.0)
    width = f'scale_linear("trucks_per_day", 0, {most:.6g}, 0.15, {_WIDEST_MM:g})'
    # Each direction lies on the right of the road's middle.
    beside = f"({width}) / 2 + 0.1"
    renderer = single_renderer(
        "line", stroke("94,129,160,220", 0.8, 0.5), {"outlineWidth": width, "offset": beside}
    )
    label = LabelRule(
        "trucks per day",
        'format_number("trucks_per_day", 0)',
        7.0,
        _SOFT_TEXT,
        nearer_than=300_000,
        is_line=True,
        repeat_mm=60.0,
    )
    return LayerStyle(renderer, (label,), _flow_tip(language, ', [% "direction" %]'), _SECTION)


def _road_labels() -> tuple[LabelRule, ...]:
    def rule(name: str, nearer: int, farther: int, rank: int, repeat_mm: float) -> LabelRule:
        return LabelRule(
            name,
            '"road"',
            6.5,
            "255,255,255,255",
            features=f'"rank" <= {rank}' if rank else "",
            nearer_than=nearer,
            farther_than=farther,
            bold=True,
            plate=_PLATE,
            is_line=True,
            repeat_mm=repeat_mm,
            distance_mm=0.0,
            expressions={"Priority": 'max(1, 9 - "rank" / 8)'},
        )

    return (
        rule("main roads, from afar", _FARTHEST, _MIDDLE, 24, 80.0),
        rule("larger roads", _MIDDLE, _NEAR, 80, 70.0),
        rule("all roads, near", _NEAR, 0, 0, 60.0),
    )


def _place_labels() -> tuple[LabelRule, ...]:
    def rule(name: str, nearer: int, farther: int, isolation_km: int) -> LabelRule:
        return LabelRule(
            name,
            '"place"',
            8.0,
            _SOFT_TEXT,
            features=f'"isolation_km" > {isolation_km}' if isolation_km else "",
            nearer_than=nearer,
            farther_than=farther,
            expressions={"Priority": 'min(8, "isolation_km" / 12)'},
        )

    return (
        rule("main places, from afar", _FARTHEST, _MIDDLE, 45),
        rule("larger places", _MIDDLE, _NEAR, 10),
        rule("all places, near", _NEAR, 0, 0),
    )


def _unserved(plan: PlanMap, language: Language) -> LayerStyle:
    counts = plan.layers["unserved"].groupby("reason")["n_trips"].sum()
    reasons = list(counts.sort_values(ascending=False, kind="stable").index)
    shown = reasons[: len(_UNSERVED_COLOURS)]
    categories = [
        (reason, reason, _triangle(colour))
        for reason, colour in zip(shown, _UNSERVED_COLOURS, strict=False)
    ]
    if len(reasons) > len(shown) or not reasons:
        categories.append(("", language.text("other reasons"), _triangle("90,90,90,255")))
    most = max(int(plan.layers["unserved"]["n_trips"].max()) if reasons else 1, 1)
    size = f'1.3 + 4.2 * sqrt("n_trips" / {most}.0)'
    renderer = categorised_renderer("marker", "reason", categories, {"size": size})
    label = LabelRule(
        "unserved trips",
        '"place" || \': \' || "n_trips"',
        7.5,
        _TEXT,
        nearer_than=900_000,
        expressions={"Priority": 'min(10, "n_trips")'},
    )
    trips = language.text("unserved trips")
    root = element(
        "div",
        children=[
            element("b", text='[% "place" %]'),
            element("br"),
            element("span", text=f'[% "n_trips" %] {trips}, [% "reason" %]'),
        ],
    )
    return LayerStyle(renderer, (label,), _html(root), '"place"')


def _triangle(colour: str) -> dict[str, str]:
    return circle(colour, 2.6, "255,255,255,255") | {"name": "triangle"}


def _countries() -> LayerStyle:
    categories: Sequence[tuple[str, str, dict[str, str]]] = (
        ("1", "", area(_PLANNED_LAND, _BORDER, 0.35)),
        ("0", "", area(_LAND, _BORDER, 0.2)),
    )
    value = "if(\"n_sites\" > 0, '1', '0')"
    return LayerStyle(categorised_renderer("fill", value, categories), display='"name"')


def _field_configuration(name: str) -> etree._Element:
    config = element("config", children=[element("Option")])
    return element(
        "field",
        {"name": name, "configurationFlags": "None"},
        [element("editWidget", {"type": ""}, [config])],
    )


def _html(root: etree._Element) -> str:
    text: str = etree.tostring(root, encoding="unicode", method="html")
    return text
