"""How QGIS shows what a kWh costs at each site of a plan."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from planner.plan.market_schemas import MARKET_SITES
from planner.reporting.gis.labels import LabelRule
from planner.reporting.gis.plan_layers import MARKET_LAYER
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
    import geopandas as gpd

    from planner.reporting.gis.plan_map import PlanMap
    from planner.tables.language import Language

_NOBODY_BUILDS = -1.0
_TIP = MARKET_SITES.quantities(
    "price_eur_kwh",
    "cheapest_hour_eur_kwh",
    "dearest_hour_eur_kwh",
    "n_hpc_market",
    "n_hpc_plan",
    "mean_wait_min",
    "profit_eur_day",
    "subsidy_eur_day",
)
_LARGEST_CIRCLE_MM, _MM_PER_ROOT_POINT, _SMALLEST_MM, _CROSS_MM = 7.0, 1.45, 0.8, 2.0


def market_style(plan: PlanMap, language: Language) -> LayerStyle:
    """Circles: area by points that operators build, colour by price; crosses where nobody builds.

    Parameters
    ----------
    plan : PlanMap
        A plan with a market.
    language : Language
        Of legends and tips.

    Returns
    -------
    LayerStyle
    """
    sites = plan.layers[MARKET_LAYER]
    most = max(float(sites["n_hpc_market"].max()), 1.0)
    per_root = min(_MM_PER_ROOT_POINT, _LARGEST_CIRCLE_MM / sqrt(most))
    sizes = {points_label(n, language): per_root * sqrt(n) for n in legend_counts(int(most))}
    circle_mm = f'max({_SMALLEST_MM:g}, {per_root:.4g} * sqrt("n_hpc_market"))'
    renderer = graduated_renderer(
        "marker",
        f'if("is_open", "price_eur_kwh", {_NOBODY_BUILDS:g})',
        _classes(sites, language),
        method="GraduatedColor",
        expressions={"size": f'if("is_open", {circle_mm}, {_CROSS_MM:g})'},
        draw_last='-"n_hpc_market"',
        size_legend=size_legend_of(language.text("Points that pay"), sizes),
    )
    label = LabelRule(
        "prices",
        '"name" || \': \' || format_number("price_eur_kwh", 2)',
        7.5,
        TEXT_COLOUR,
        features='"price_eur_kwh" is not null',
        nearer_than=400_000,
        distance_mm=1.6,
        wrap=22,
        expressions={"Priority": 'min(10, 3 + "n_hpc_market")'},
    )
    return LayerStyle(renderer, (label,), quantity_tip(_TIP, language), '"name"')


def n_market_classes(plan: PlanMap) -> int:
    """Classes in the legend of prices."""
    sites = plan.layers[MARKET_LAYER]
    return len(price_bounds(sites)) - 1 + int(not sites["is_open"].all())


def price_bounds(sites: gpd.GeoDataFrame) -> list[float]:
    """Bounds of up to five classes of price with about as many sites each, in whole cents.

    Most sites cost nearly the same and a few very much more, so that equal steps would show one
    colour.

    Parameters
    ----------
    sites : GeoDataFrame
        Layer of the market.

    Returns
    -------
    list of float
        Ascending, EUR/kWh; every price lies between the first and the last, which are its ends.
    """
    prices = sites.loc[sites["is_open"], "price_eur_kwh"].dropna().to_numpy()
    if not len(prices):
        return [0.0, 1.0]
    low, high = float(np.floor(100.0 * prices.min())), float(np.ceil(100.0 * prices.max()))
    inner = np.round(100.0 * np.quantile(prices, np.linspace(0.0, 1.0, len(VIRIDIS) + 1)[1:-1]))
    between = {float(bound) for bound in inner if low < bound < high}
    return [bound / 100.0 for bound in sorted({low, *between, max(high, low + 1.0)})]


def _classes(
    sites: gpd.GeoDataFrame, language: Language
) -> list[tuple[float, float, str, dict[str, str]]]:
    classes = []
    bounds = price_bounds(sites)
    n_classes = len(bounds) - 1
    # of few classes the first and the last colour of the scale, and those between evenly
    steps = np.linspace(0, len(VIRIDIS) - 1, n_classes).round().astype(int)
    for (lower, upper), step in zip(pairwise(bounds), steps.tolist(), strict=True):
        from_text, to_text = language.number(lower, 2), language.number(upper, 2)
        label = language.text("{lower} to {upper} EUR/kWh", lower=from_text, upper=to_text)
        classes.append((lower, upper, label, circle(f"{VIRIDIS[step]},235", 2.6)))
    if not sites["is_open"].all():
        # last: a legend of sizes is drawn with the first symbol
        cross = circle("90,90,90,255", _CROSS_MM, "90,90,90,255") | {
            "name": "cross2",
            "outline_width": "0.4",
        }
        label = language.text("nobody builds")
        classes.append((_NOBODY_BUILDS, _NOBODY_BUILDS / 2.0, label, cross))
    return classes
