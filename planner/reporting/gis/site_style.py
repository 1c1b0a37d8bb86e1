"""How QGIS shows charging sites."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from planner.plan.schemas import REGISTER, SITES
from planner.reporting.gis.labels import LabelRule
from planner.reporting.gis.qgis_xml import circle
from planner.reporting.gis.renderers import graduated_renderer, size_legend_of
from planner.reporting.gis.style_parts import (
    TEXT_COLOUR,
    VIRIDIS,
    LayerStyle,
    legend_counts,
    points_label,
    quantity_tip,
)

if TYPE_CHECKING:
    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

USE_BOUNDS = (0.0, 0.15, 0.30, 0.45, 0.60, 1.0)
"""Classes of utilisation, the same for all solutions, so that their maps can be laid side by side.

Above 60 % a site without many points has long queues: the last class is wide.
"""
_WITHOUT_POINTS = -1.0
_TIP = SITES.without(
    "solution_name", "site_id", "name", "lon", "lat", *(column.name for column in REGISTER)
)
_LARGEST_CIRCLE_MM, _MM_PER_ROOT_POINT = 7.0, 1.45


def has_sites_without_points(plan: PlanMap) -> bool:
    """Whether a site has no high-power point in one of the solutions."""
    return any((plan.layers[name]["n_hpc"] == 0).any() for name in plan.view_of_sites)


def n_site_classes(plan: PlanMap) -> int:
    """Classes of colour in the legend of sites."""
    return len(VIRIDIS) + int(has_sites_without_points(plan))


def circle_mm(plan: PlanMap) -> float:
    """Diameter of the circle of a site with one high-power point, mm; areas follow the points."""
    return min(_MM_PER_ROOT_POINT, _LARGEST_CIRCLE_MM / sqrt(max(_most_points(plan), 1.0)))


def site_style(plan: PlanMap, language: Language) -> LayerStyle:
    """Circles: area by high-power points, colour by utilisation.

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
    per_root = circle_mm(plan)
    size = f'if("n_hpc" > 0, {per_root:.4g} * sqrt("n_hpc"), 0.8)'
    bounds = zip(pairwise(USE_BOUNDS), VIRIDIS, strict=True)
    classes = []
    if has_sites_without_points(plan):
        label = language.text("no high-power point")
        hollow = circle("255,255,255,255", 1.2, "130,130,130,255")
        classes.append((_WITHOUT_POINTS, _WITHOUT_POINTS / 2.0, label, hollow))
    for (lower, upper), colour in bounds:
        label = _range_label(f"{lower:.0%}"[:-1], f"{upper:.0%}"[:-1], language)
        classes.append((lower, upper, label, circle(f"{colour},235", 2.6)))
    counts = legend_counts(int(_most_points(plan)))
    sizes = {points_label(n, language): per_root * n**0.5 for n in counts}
    renderer = graduated_renderer(
        "marker",
        f'if("n_hpc" > 0, coalesce("utilisation_share", 0), {_WITHOUT_POINTS:g})',
        classes,
        method="GraduatedColor",
        expressions={"size": size},
        draw_last='-"n_hpc"',
        size_legend=size_legend_of(language.text("High-power points"), sizes),
    )
    return LayerStyle(renderer, _site_labels(), quantity_tip(_TIP, language), '"name"')


def _most_points(plan: PlanMap) -> float:
    return float(max(plan.layers[name]["n_hpc"].max() for name in plan.view_of_sites))


def _range_label(lower: str, upper: str, language: Language) -> str:
    if lower == "0":
        return language.text("up to {upper} % of the time", upper=upper)
    if upper == "100":
        return language.text("over {lower} % of the time", lower=lower)
    return language.text("{lower} to {upper} % of the time", lower=lower, upper=upper)


def _site_labels() -> tuple[LabelRule, ...]:
    more_points_first = {"Priority": 'min(10, 3 + "n_hpc")'}
    return (
        LabelRule("names of others keep off", '"name"', 7.5, TEXT_COLOUR, is_drawn=False),
        LabelRule(
            "site names",
            '"name"',
            7.5,
            TEXT_COLOUR,
            nearer_than=400_000,
            distance_mm=1.6,
            wrap=22,
            expressions=more_points_first,
        ),
    )
