"""How QGIS shows the depots of a plan."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

from planner.plan.depot_schemas import DEPOTS
from planner.reporting.gis.labels import LabelRule
from planner.reporting.gis.plan_layers import DEPOT_LAYER
from planner.reporting.gis.qgis_xml import circle
from planner.reporting.gis.renderers import graduated_renderer, size_legend_of
from planner.reporting.gis.style_parts import (
    TEXT_COLOUR,
    LayerStyle,
    legend_counts,
    quantity_tip,
)

if TYPE_CHECKING:
    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_SOC_BOUNDS = (0.0, 0.5, 0.7, 0.85, 0.95, 1.0)
_COLOURS = ("213,94,0", "230,159,0", "240,228,66", "86,180,233", "0,114,178")
"""Okabe and Ito, from little charge to much."""
_NO_DEPARTURES = -1.0
_TIP = DEPOTS.quantities(
    "n_departures",
    "arrival_soc_share",
    "departure_soc_share",
    "grid_peak_kw",
    "energy_trucks_kwh",
    "cost_per_kwh",
)
_LARGEST_MM, _MM_PER_ROOT_TRIP, _SMALLEST_MM = 4.8, 0.5, 2.2


def depot_style(plan: PlanMap, language: Language) -> LayerStyle:
    """Squares: area by departures, colour by the mean charge on leaving.

    Parameters
    ----------
    plan : PlanMap
        A plan with depots.
    language : Language
        Of legends and tips.

    Returns
    -------
    LayerStyle
    """
    depots = plan.layers[DEPOT_LAYER]
    most = max(int(depots["n_departures"].max()), 1)
    per_root = min(_MM_PER_ROOT_TRIP, _LARGEST_MM / sqrt(most))
    sizes = {language.count(n): max(per_root * sqrt(n), _SMALLEST_MM) for n in legend_counts(most)}
    classes = []
    for (lower, upper), colour in zip(pairwise(_SOC_BOUNDS), _COLOURS, strict=True):
        legend = language.text(
            "leave with {lower} to {upper}",
            lower=language.percent(lower),
            upper=language.percent(upper),
        )
        classes.append((lower, upper, legend, _square(f"{colour},255")))
    if not depots["n_departures"].all():
        legend = language.text("no departures")
        classes.append((_NO_DEPARTURES, _NO_DEPARTURES / 2.0, legend, _square("200,200,200,255")))
    renderer = graduated_renderer(
        "marker",
        f'coalesce("departure_soc_share", {_NO_DEPARTURES:g})',
        classes,
        method="GraduatedColor",
        expressions={"size": f'max({_SMALLEST_MM:g}, {per_root:.4g} * sqrt("n_departures"))'},
        draw_last='-"n_departures"',
        size_legend=size_legend_of(language.text("Departures"), sizes),
    )
    label = LabelRule(
        "depots",
        '"depot_id"',
        8.0,
        TEXT_COLOUR,
        nearer_than=5_000_000,
        distance_mm=1.8,
        wrap=22,
        expressions={"Priority": "9"},
    )
    return LayerStyle(
        renderer, (label,), quantity_tip(_TIP, language, '"depot_id"', '"currency"'), '"depot_id"'
    )


def _square(colour: str) -> dict[str, str]:
    return circle(colour, 3.0, "20,24,28,255") | {"name": "square", "outline_width": "0.35"}
