"""How QGIS shows roads: their flows and their numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from planner.reporting.gis.labels import LabelRule
from planner.reporting.gis.qgis_xml import element, stroke
from planner.reporting.gis.renderers import graduated_renderer, no_renderer, single_renderer
from planner.reporting.gis.style_parts import (
    FAR,
    FARTHEST,
    MIDDLE,
    NEAR,
    ROUND_NUMBERS,
    SOFT_TEXT_COLOUR,
    LayerStyle,
    html,
    tip_text,
)

if TYPE_CHECKING:
    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_FLOW_COLOUR, _ROAD_COLOUR = "150,163,178,255", "205,210,215,255"
_PLATE = "0,73,146,255"
_WIDEST_MM, _NARROWEST_MM = 2.4, 0.25


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
    inner = [float(nice) for nice in ROUND_NUMBERS if nice < most_trucks_per_day][-4:]
    return [0.0, *inner, max(most_trucks_per_day, 1.0)]


def network_style(plan: PlanMap, language: Language) -> LayerStyle:
    """Grey lines, wider for more trucks; roads with next to none thin and light.

    Parameters
    ----------
    plan : PlanMap
        The plan: sizes and widths follow from its figures.
    language : Language
        Of legends and tips.

    Returns
    -------
    LayerStyle
    """
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


_SECTION = (
    """if("road" = 'access', '', "road" || ' ') || """
    """"from_place" || ' \N{EN DASH} ' || "to_place\""""
)


def _flow_tip(language: Language, direction: str) -> str:
    trucks = language.text("electric trucks per day")
    shown = f'[% format_number("trucks_per_day", 0) %] {trucks}{direction}'
    root = element(
        "div",
        children=[
            element("b", text=tip_text(_SECTION)),
            element("br"),
            element("span", text=shown),
        ],
    )
    return html(root)


def flow_style(plan: PlanMap, language: Language) -> LayerStyle:
    """Each direction on its own side, as wide as its trucks.

    Parameters
    ----------
    plan : PlanMap
        The plan: sizes and widths follow from its figures.
    language : Language
        Of legends and tips.

    Returns
    -------
    LayerStyle
    """
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
        SOFT_TEXT_COLOUR,
        nearer_than=300_000,
        is_line=True,
        repeat_mm=60.0,
    )
    return LayerStyle(renderer, (label,), _flow_tip(language, ', [% "direction" %]'), _SECTION)


def road_style() -> LayerStyle:
    """Nothing but numbers of roads, those with most traffic first."""
    return LayerStyle(no_renderer(), _road_labels(), display='"road"')


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
        rule("few roads, from very far", FARTHEST, FAR, 9, 90.0),
        rule("main roads, from afar", FAR, MIDDLE, 24, 80.0),
        rule("larger roads", MIDDLE, NEAR, 80, 70.0),
        rule("all roads, near", NEAR, 0, 0, 60.0),
    )
