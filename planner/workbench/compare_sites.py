"""Sites of two plans side by side: figures, how they are coloured, and what differs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.plan.map_classes import (
    ROUND_NUMBERS,
    USE,
    class_colours,
    doubling_limits,
    share_limits,
    size_counts,
)
from planner.plan.schemas import SITES
from planner.reporting.group_data import classes_of
from planner.reporting.page_tables import PageColumn
from planner.reporting.phrases import phrase
from planner.tables.forms import decimals, kept_decimals, written
from planner.tables.language import LANGUAGES
from planner.tables.layout_quantities import MEAN_WAIT, N_HPC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.tables.language import Language
    from planner.tables.table import Quantity

POINTS = SITES.quantities(N_HPC)[0]
MEASURES: tuple[Quantity, ...] = (
    POINTS,
    *SITES.quantities(MEAN_WAIT, "energy_mwh", "peak_power_kw", USE),
)
"""What the maps can show of sites."""

_LARGE_CHANGE = 0.75
"""Quantile of what changes at all, beyond which a change is large."""
_SMALL_PART = 0.1
"""Of a large change, up to which sites count as alike."""
_IN_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class AllSites:
    """Sites of several plans, each once.

    Parameters
    ----------
    sites : DataFrame
        ``name``, ``road``, ``lon`` and ``lat`` by ``site_id``, in the order in which plans have
        them.
    """

    sites: pd.DataFrame

    @classmethod
    def of(cls, tables: Sequence[pd.DataFrame]) -> AllSites:
        """Sites of tables of ``SITES``; of the same key the first one tells where it is."""
        columns = ["site_id", "name", "road", "lon", "lat"]
        rows = pd.concat([table[columns] for table in tables])
        return cls(rows.drop_duplicates("site_id").set_index("site_id"))

    @property
    def lon(self) -> NDArray[np.float64]:
        """Longitudes, degrees, (n_sites,)."""
        return self.sites["lon"].to_numpy(np.float64)

    @property
    def lat(self) -> NDArray[np.float64]:
        """Latitudes, degrees, (n_sites,)."""
        return self.sites["lat"].to_numpy(np.float64)

    def told(self) -> dict[str, list[str]]:
        """Keys, names and motorways for the scripts."""
        return {
            "site_id": self.sites.index.tolist(),
            "name": self.sites["name"].tolist(),
            "road": self.sites["road"].tolist(),
        }

    def figures(self, plan: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
        """Measures of a plan by name, (n_sites,) each; NaN where it has no such site.

        Parameters
        ----------
        plan : DataFrame
            Rows of ``SITES`` of one plan.
        """
        rows = plan.set_index("site_id").reindex(self.sites.index)
        return {each.name: rows[each.name].to_numpy(np.float64) for each in MEASURES}


def measures() -> list[dict[str, Any]]:
    """What can be shown, for the scripts: key, form and title by language."""
    return [
        {"key": each.name, "form": each.form, "title": PageColumn.of(each).title.texts}
        for each in MEASURES
    ]


def site_values(figures: dict[str, NDArray[np.float64]]) -> dict[str, list[float | None]]:
    """Measures for the scripts; None where they are not known."""
    return {each.name: known(figures[each.name], each) for each in MEASURES}


def known(values: NDArray[np.float64], quantity: Quantity) -> list[float | None]:
    """Figures as a reader can use them; None where they are not known."""
    rounded = values.round(kept_decimals(quantity.form)).tolist()
    return [value if math.isfinite(value) else None for value in rounded]


def colour_classes(of_plans: Sequence[dict[str, NDArray[np.float64]]]) -> dict[str, Any]:
    """Classes of what colours the map, by measure: the same for all plans that are shown."""
    classes = {}
    for each in MEASURES:
        values = np.concatenate([figures[each.name] for figures in of_plans])
        limits = share_limits(values) if each.form == "percent" else doubling_limits(values)
        classes[each.name] = classes_of(PageColumn.of(each).title, limits, each.form)
    return classes


def largest_points(of_plans: Sequence[dict[str, NDArray[np.float64]]]) -> int:
    """Most high-power points of a site in any of some plans, 1 at least."""
    most = max(np.nanmax(figures[POINTS.name], initial=0.0) for figures in of_plans)
    return max(int(most), 1)


def pair_told(
    before: dict[str, NDArray[np.float64]], after: dict[str, NDArray[np.float64]]
) -> dict[str, Any]:
    """All that the maps show of two plans.

    Returns
    -------
    dict
        ``before`` and ``after`` (measures by name, a value for each site); ``has`` (whether each of
        the two has the site); ``changes`` (by measure its ``values`` and their classes);
        ``classes``; ``mostPoints`` and ``pointSizes`` (for the sizes of sites).
    """
    most = largest_points([before, after])
    changes = {}
    for each in MEASURES:
        old, new = before[each.name], after[each.name]
        if each is POINTS:  # a site that one of the plans lacks has no points there
            old, new = np.nan_to_num(old), np.nan_to_num(new)
        values = new - old
        changes[each.name] = {"values": known(values, each)} | change_classes(values, each)
    return {
        "before": site_values(before),
        "after": site_values(after),
        "has": [np.isfinite(each[POINTS.name]).tolist() for each in (before, after)],
        "changes": changes,
        "classes": colour_classes([before, after]),
        "mostPoints": most,
        "pointSizes": size_counts(most),
    }


def change_limits(changes: NDArray[np.float64], quantity: Quantity) -> tuple[float, float]:
    """From where on a change of a site is one, and a large one, in the unit of the quantity.

    Returns
    -------
    tuple of float
        A tenth of a large change, and what a quarter of all sites that change goes beyond: round,
        and no less than what figures of the quantity are written to.
    """
    unit = 1.0 / _IN_PERCENT if quantity.form == "percent" else 1.0
    least = unit * 10.0 ** -decimals(quantity.form)
    sizes = np.abs(changes[np.isfinite(changes)])
    sizes = sizes[sizes >= least]
    typical = float(np.quantile(sizes, _LARGE_CHANGE)) if len(sizes) else 0.0
    steps = [least * number for number in ROUND_NUMBERS if least * number <= typical]
    large = round(max(steps, default=least), 10)
    return round(max(_SMALL_PART * large, least / 2.0), 10), large


def change_classes(changes: NDArray[np.float64], quantity: Quantity) -> dict[str, Any]:
    """Classes of lower and higher figures, for the map of differences."""
    small, large = change_limits(changes, quantity)

    def amount(value: float, language: Language) -> str:
        if quantity.form == "percent":
            return language.text("{n} pp", n=language.figure(round(_IN_PERCENT * value, 6)))
        if quantity.form == "count":
            return language.figure(value)
        return written(value, quantity.form, language)

    def labels(language: Language) -> list[str]:
        over, within = amount(large, language), amount(small, language)
        return [
            language.text("lower by over {n}", n=over),
            language.text("lower"),
            language.text("less than {n} apart", n=within),
            language.text("higher"),
            language.text("higher by over {n}", n=over),
        ]

    title = phrase("Difference: {measure}", measure=PageColumn.of(quantity).title)
    return {
        "title": title.texts,
        "limits": [-large, -small, small, large],
        "colours": class_colours(5),
        "labels": {language.code: labels(language) for language in LANGUAGES},
    }
