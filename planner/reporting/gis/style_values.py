"""What the styles of layers are filled with: classes, sizes and figures that follow from a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from planner.network.country_outlines import least_sites
from planner.plan.depot_schemas import DEPOTS
from planner.plan.group_schemas import GROUPS
from planner.plan.map_classes import (
    ROUND_NUMBERS,
    USE,
    SiteClasses,
    class_colours,
    class_labels,
    doubling_limits,
    size_counts,
)
from planner.plan.market_schemas import MARKET_SITES
from planner.plan.schemas import BUILT, REGISTER, SITES
from planner.plan.site_changes import CHANGES_LAYER, SITE_CHANGES
from planner.reporting.gis.added_layers import ADDED_LAYERS
from planner.reporting.gis.group_layers import GROUP_LAYERS
from planner.reporting.gis.map_tips import figures_of_tip
from planner.reporting.gis.plan_layers import DEPOT_LAYER, MARKET_LAYER
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd

    from planner.reporting.gis.plan_map import PlanMap
    from planner.reporting.gis.template_filling import ClassOfTemplate
    from planner.tables.language import Language

_SITE_TIP = SITES.without(
    "solution_name",
    "site_id",
    "name",
    "lon",
    "lat",
    *(column.name for column in (*BUILT, *REGISTER)),
)
_CHANGES_TIP = SITE_CHANGES.without("site_id", "name", "lon", "lat")
_MARKET_TIP = MARKET_SITES.quantities(
    "price_eur_kwh",
    "cheapest_hour_eur_kwh",
    "dearest_hour_eur_kwh",
    "n_hpc_market",
    "n_hpc_plan",
    MEAN_WAIT,
    "profit_eur_day",
    "subsidy_eur_day",
)
_DEPOT_TIP = DEPOTS.quantities(
    "n_departures",
    "arrival_soc_share",
    "departure_soc_share",
    "grid_peak_kw",
    "energy_trucks_kwh",
    "cost_per_kwh",
)
_GROUP_TIP = GROUPS.without("solution_name", "grouping", "group")
_N_COLOURS = 5
"""Classes of sites, prices, charges and flows in their templates, without the odd one."""
_N_REASONS = 4
_THOUSAND = 1000.0


@dataclass(frozen=True, slots=True)
class StyleValues:
    """What the style of a layer is filled with.

    Parameters
    ----------
    classes : sequence of tuple, optional
        Classes of the template that stay; all by default.
    sizes_mm : mapping of str to float
        Sizes in its legend by label.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    classes: Sequence[ClassOfTemplate] | None = None
    sizes_mm: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """Symbols whose area follows a number.

    Parameters
    ----------
    most : float
        The largest number.
    per_root_mm : float
        Size of a symbol of one at most, mm; less where the largest would go beyond ``largest_mm``.
    smallest_mm, largest_mm : float
        Least and greatest size, mm.
    """

    most: float
    per_root_mm: float
    largest_mm: float
    smallest_mm: float = 0.0

    def mm(self, number: float) -> float:
        return max(self._mm_per_root * sqrt(number), self.smallest_mm)

    @property
    def _mm_per_root(self) -> float:
        return min(self.per_root_mm, self.largest_mm / sqrt(max(self.most, 1.0)))

    def values(self) -> dict[str, str]:
        return {
            "mm_per_root": f"{self._mm_per_root:.4g}",
            "smallest_mm": f"{self.smallest_mm:g}",
        }

    def legend(self, label: Callable[[int], str]) -> dict[str, float]:
        return {label(n): self.mm(n) for n in size_counts(int(self.most))}


def style_values(plan: PlanMap, layer: str, language: Language) -> tuple[str, StyleValues]:
    """Template of a layer's style and what it is filled with.

    Parameters
    ----------
    plan : PlanMap
        The plan: sizes and widths follow from its figures.
    """
    if layer in ADDED_LAYERS:
        return f"{layer}.qml", _added(plan, layer, language)
    own: dict[str, Callable[[PlanMap, Language], StyleValues]] = {
        "countries": _countries,
        "network": _network,
        "flows": _flows,
        "unserved": _unserved,
        "sites": _sites,
        CHANGES_LAYER: _changes,
        DEPOT_LAYER: _depots,
        MARKET_LAYER: _market,
    }
    if layer in GROUP_LAYERS:
        return f"{layer.partition('_')[0]}.qml", _groups(plan, layer, language)
    kind = layer if layer in own else layer.partition("_")[0]
    values = own[kind](plan, language) if kind in own else StyleValues()
    return f"{kind}.qml", values


def _sites(plan: PlanMap, language: Language) -> StyleValues:
    """Circles: area by high-power points, colour by utilisation.

    Classes fit the values of all solutions, so that their maps can be laid side by side.
    """
    layers = [plan.layers[view.sites] for view in plan.views if not view.is_change]
    has_sites_without_points = any((sites["n_hpc"] == 0).any() for sites in layers)
    of_run = SiteClasses.of(layers)
    limits = of_run.limits(USE)
    labels = class_labels(limits, USE.form, language)
    bounds = zip(pairwise([0.0, *limits, 1.0]), labels, strict=True)
    classes: list[ClassOfTemplate] = [(0, {})] if has_sites_without_points else []
    classes += [
        (1 + colour, {**_ends(lower, upper), "label": label})
        for colour, ((lower, upper), label) in zip(class_colours(len(labels)), bounds, strict=True)
    ]
    sizes = _Sizes(of_run.most_points, 1.45, 7.0)
    return StyleValues(
        sizes.values() | {"figures": figures_of_tip(_SITE_TIP, language)},
        classes,
        sizes.legend(lambda n: _points(n, language)),
    )


def _changes(plan: PlanMap, language: Language) -> StyleValues:
    """Circles: area by points more or fewer, colour by which."""
    layers = [plan.layers[view.sites] for view in plan.views if view.is_change]
    most = max(float(sites["n_hpc_change"].abs().max()) for sites in layers)
    sizes = _Sizes(max(most, 1.0), 1.45, 7.0, 0.8)
    return StyleValues(
        sizes.values() | {"figures": figures_of_tip(_CHANGES_TIP, language)},
        sizes_mm=sizes.legend(lambda n: _points(n, language)),
    )


def _market(plan: PlanMap, language: Language) -> StyleValues:
    """Circles: area by points that operators build, colour by price; crosses where none."""
    sites = plan.layers[MARKET_LAYER]
    sizes = _Sizes(max(float(sites["n_hpc_market"].max()), 1.0), 1.45, 7.0)
    classes = _classes(price_bounds(sites))
    if not sites["is_open"].all():
        # last: a legend of sizes is drawn with the first symbol
        classes.append((_N_COLOURS, {}))
    return StyleValues(
        sizes.values() | {"figures": figures_of_tip(_MARKET_TIP, language)},
        classes,
        sizes.legend(lambda n: _points(n, language)),
    )


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
    inner = np.round(100.0 * np.quantile(prices, np.linspace(0.0, 1.0, _N_COLOURS + 1)[1:-1]))
    between = {float(bound) for bound in inner if low < bound < high}
    return [bound / 100.0 for bound in sorted({low, *between, max(high, low + 1.0)})]


def _depots(plan: PlanMap, language: Language) -> StyleValues:
    """Squares: area by departures, colour by the mean charge on leaving."""
    departures = plan.layers[DEPOT_LAYER]["n_departures"]
    sizes = _Sizes(max(int(departures.max()), 1), 0.5, 4.8, 2.2)
    n_classes = _N_COLOURS if departures.all() else _N_COLOURS + 1
    return StyleValues(
        sizes.values() | {"figures": figures_of_tip(_DEPOT_TIP, language, '"currency"')},
        [(index, {}) for index in range(n_classes)],
        sizes.legend(language.count),
    )


def _unserved(plan: PlanMap, language: Language) -> StyleValues:
    """Triangles: area by trips, colour by reason."""
    unserved = plan.layers["unserved"]
    counts = unserved.groupby("reason")["n_trips"].sum()
    reasons = list(counts.sort_values(ascending=False, kind="stable").index)
    shown = range(min(len(reasons), _N_REASONS))
    others = [_N_REASONS] if len(reasons) > _N_REASONS or not reasons else []
    sizes = _Sizes(int(unserved["n_trips"].max()) if reasons else 1, 1.6, 6.5, 1.2)
    return StyleValues(
        sizes.values() | {"reasons": reasons},
        [(index, {}) for index in (*shown, *others)],
        sizes.legend(language.count),
    )


def _network(plan: PlanMap, _: Language) -> StyleValues:
    """Grey lines, wider for more trucks; roads with next to none thin and light.

    The same classes in all views, so that maps can be laid side by side.
    """
    most = max(float(plan.layers[name]["trucks_per_day"].max()) for name in plan.networks)
    return StyleValues(classes=_classes(flow_bounds(most)))


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
    inner = [float(nice) for nice in ROUND_NUMBERS if nice < most_trucks_per_day]
    return [0.0, *inner[1 - _N_COLOURS :], max(most_trucks_per_day, 1.0)]


def _flows(plan: PlanMap, _: Language) -> StyleValues:
    """Each direction on its own side, as wide as its trucks."""
    flows = plan.layers["flows"]["trucks_per_day"]
    most = max(float(flows.max()) if len(flows) else 0.0, 1.0)
    return StyleValues({"most": f"{most:.6g}"})


def _groups(plan: PlanMap, layer: str, language: Language) -> StyleValues:
    """Areas, lines or points in the classes of the report, by the figure of their group."""
    (figure,) = GROUPS.quantities(GROUP_LAYERS[layer].figure)
    shown = plan.layers[layer][figure.name].to_numpy(np.float64)
    limits = doubling_limits(shown)
    bounds = [0.0, *limits, max(float(np.nanmax(shown)), limits[-1] + 1.0)]
    classes = [
        (colour, {**ends, "label": label})
        for (colour, ends), label in zip(
            _classes(bounds), class_labels(limits, figure.form, language), strict=True
        )
    ]
    return StyleValues({"figures": figures_of_tip(_GROUP_TIP, language)}, classes)


def _added(plan: PlanMap, layer: str, language: Language) -> StyleValues:
    """Lines, or circles by a power, an energy or a number; their classes are in the template."""
    added = ADDED_LAYERS[layer]
    figures: dict[str, object] = {"figures": figures_of_tip(added.figures, language)}
    if not added.size:
        return StyleValues(figures)
    most = float(plan.layers[layer][added.size].max())
    if not added.size_unit:
        # Spaces are tens where points are ones.
        mm_per_root = 1.45 if added.size.endswith("_hpc") else 0.5
        sizes = _Sizes(max(most, 1.0), mm_per_root, 7.0, 0.8)
        return StyleValues(figures | sizes.values(), sizes_mm=sizes.legend(language.count))
    sizes = _Sizes(max(most / _THOUSAND, 1.0), 3.0, 7.0, 0.8)
    return StyleValues(
        figures | sizes.values(),
        sizes_mm=sizes.legend(lambda n: f"{language.count(n)} {added.size_unit}"),
    )


def _countries(plan: PlanMap, _: Language) -> StyleValues:
    """Land, lighter where it is planned, with borders."""
    return StyleValues({"least": least_sites(plan.layers["countries"]["n_sites"].to_numpy())})


def _classes(bounds: Sequence[float]) -> list[ClassOfTemplate]:
    """Classes between bounds.

    Of few classes the first and the last colour of the template, and those between evenly.
    """
    colours = class_colours(len(bounds) - 1)
    return [
        (colour, _ends(lower, upper))
        for colour, (lower, upper) in zip(colours, pairwise(bounds), strict=True)
    ]


def _ends(lower: float, upper: float) -> dict[str, str]:
    """Bounds of a class as its attributes.

    With all their digits: QGIS leaves out what lies above the last bound, and that is the largest
    figure itself.
    """
    return {
        name: np.format_float_positional(bound, trim="-")
        for name, bound in (("lower", lower), ("upper", upper))
    }


def _points(n_points: int, language: Language) -> str:
    """What a legend of sizes says of a number of points."""
    if n_points == 1:
        return language.text("1 point")
    return language.text("{n} points", n=language.count(n_points))
