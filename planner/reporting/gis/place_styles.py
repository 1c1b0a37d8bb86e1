"""How QGIS shows places, unserved trips and countries."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from planner.reporting.gis.labels import LabelRule
from planner.reporting.gis.qgis_xml import area, circle, element
from planner.reporting.gis.renderers import categorised_renderer, no_renderer, size_legend_of
from planner.reporting.gis.style_parts import (
    FAR,
    FARTHEST,
    MIDDLE,
    NEAR,
    SOFT_TEXT_COLOUR,
    TEXT_COLOUR,
    LayerStyle,
    html,
    legend_counts,
    tip_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_PLANNED_SHARE = 0.05
"""Part of the sites that makes a country one that is planned: a few may lie across its border."""
_LAND, _PLANNED_LAND, _BORDER = "236,236,232,255", "250,250,248,255", "168,170,172,255"
_LARGEST_TRIANGLE_MM, _MM_PER_ROOT_TRIP, _SMALLEST_MM = 6.5, 1.6, 1.2
_UNSERVED_COLOURS = ("213,94,0,255", "204,121,167,255", "0,114,178,255", "0,0,0,255")
"""Okabe and Ito."""


def place_style() -> LayerStyle:
    """Nothing but names of places, those far from busier ones first."""
    return LayerStyle(no_renderer(), _place_labels(), display='"place"')


def _place_labels() -> tuple[LabelRule, ...]:
    def rule(name: str, nearer: int, farther: int, isolation_km: int) -> LabelRule:
        return LabelRule(
            name,
            '"place"',
            8.0,
            SOFT_TEXT_COLOUR,
            features=f'"isolation_km" > {isolation_km}' if isolation_km else "",
            nearer_than=nearer,
            farther_than=farther,
            expressions={"Priority": 'min(8, "isolation_km" / 12)'},
        )

    return (
        rule("few places, from very far", FARTHEST, FAR, 90),
        rule("main places, from afar", FAR, MIDDLE, 45),
        rule("larger places", MIDDLE, NEAR, 10),
        rule("all places, near", NEAR, 0, 0),
    )


def n_unserved_classes(plan: PlanMap) -> int:
    """Classes of colour in the legend of unserved trips."""
    n_reasons = int(plan.layers["unserved"]["reason"].nunique())
    return min(n_reasons, len(_UNSERVED_COLOURS) + 1)


def unserved_style(plan: PlanMap, language: Language) -> LayerStyle:
    """Triangles: area by trips, colour by reason.

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
    counts = plan.layers["unserved"].groupby("reason")["n_trips"].sum()
    reasons = list(counts.sort_values(ascending=False, kind="stable").index)
    shown = reasons[: len(_UNSERVED_COLOURS)]
    categories = [
        (reason, reason, _triangle(colour))
        for reason, colour in zip(shown, _UNSERVED_COLOURS, strict=False)
    ]
    if len(reasons) > len(shown) or not reasons:
        categories.append(("", language.text("other reasons"), _triangle("90,90,90,255")))
    most = int(plan.layers["unserved"]["n_trips"].max()) if reasons else 1
    per_root = min(_MM_PER_ROOT_TRIP, _LARGEST_TRIANGLE_MM / sqrt(most))
    sizes = {language.count(n): max(per_root * sqrt(n), _SMALLEST_MM) for n in legend_counts(most)}
    size = f'max({_SMALLEST_MM:g}, {per_root:.4g} * sqrt("n_trips"))'
    renderer = categorised_renderer(
        "marker",
        "reason",
        categories,
        {"size": size},
        size_legend_of(language.template("Trips"), sizes),
    )
    label = LabelRule(
        "unserved trips",
        '"place" || \': \' || "n_trips"',
        7.5,
        TEXT_COLOUR,
        nearer_than=900_000,
        expressions={"Priority": 'min(10, "n_trips")'},
    )
    trips = language.text("unserved trips")
    root = element(
        "div",
        children=[
            element("b", text=tip_text('"place"')),
            element("br"),
            element("span", text=f'[% "n_trips" %] {trips}, ' + tip_text('"reason"')),
        ],
    )
    return LayerStyle(renderer, (label,), html(root), '"place"')


def _triangle(colour: str) -> dict[str, str]:
    return circle(colour, 2.6, "255,255,255,255") | {"name": "triangle"}


def country_style(plan: PlanMap) -> LayerStyle:
    """Land, lighter where a good part of the sites lies, with borders.

    Parameters
    ----------
    plan : PlanMap
        The plan.

    Returns
    -------
    LayerStyle
    """
    n_sites = int(plan.layers["countries"]["n_sites"].sum())
    least = max(1, round(_PLANNED_SHARE * n_sites))
    categories: Sequence[tuple[str, str, dict[str, str]]] = (
        ("1", "", area(_PLANNED_LAND, _BORDER, 0.35)),
        ("0", "", area(_LAND, _BORDER, 0.2)),
    )
    value = f"if(\"n_sites\" >= {least}, '1', '0')"
    return LayerStyle(categorised_renderer("fill", value, categories), display='"name"')
