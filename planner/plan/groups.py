"""Figures of groups of sites and of trucks: by region, motorway, grid operator, vehicle class."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from planner.grid.needs import UNKNOWN
from planner.plan.energy_years import year_gwh
from planner.plan.front_groups import FrontGroups
from planner.plan.measured_layouts import class_of_stop
from planner.simulation.group_sums import Partitions
from planner.simulation.invariants import check_group_peaks
from planner.simulation.metrics import sum_by
from planner.tables.layout_quantities import MEAN_WAIT, P95_WAIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.plan.computed_plan import ComputedPlan
    from planner.plan.measured_layouts import MeasuredLayout
    from planner.simulation.group_figures import GroupFigures

ALL = "all"
"""Grouping, and its only group."""

VEHICLE_CLASS = "vehicle_class"

_OF_SITES_ALONE = (
    "n_sites",
    "n_hpc",
    "n_lpc",
    "simultaneous_peak_kw",
    "sum_of_site_peaks_kw",
)


@dataclass(frozen=True, slots=True)
class Grouping:
    """What stops are put together by.

    Parameters
    ----------
    groups : sequence of str
        Its groups in reading order.
    of_site : (n_sites,) int64 or None
        Group of each site; None where groups are of trucks.
    """

    name: str
    groups: Sequence[str]
    of_site: NDArray[np.int64] | None


class Groupings(NamedTuple):
    """Ways to put the sites and trucks of a plan together, and the groups of each of its stops.

    Parameters
    ----------
    of_stops : Partitions
        Each site for itself, then those ways.
    """

    each: Sequence[Grouping]
    of_stops: Partitions


def groupings_of(plan: ComputedPlan, region_of_site: NDArray[np.object_] | None) -> Groupings:
    """Ways to put the sites and trucks of a plan together.

    Parameters
    ----------
    region_of_site : (n_sites,) object, optional
        Region of each site, empty where it is not known; None where the study has no regions.
    """
    of_sites = site_labels(plan.sites, region_of_site)
    classes = list(plan.scenario.vehicles.mix)
    found: list[Grouping] = []
    n_sites = plan.sites.n_sites
    of_cells = [(np.repeat(np.arange(n_sites), len(classes)), n_sites)]
    for name, labels in of_sites.items():
        if not any(labels):
            continue
        named = [str(label) or UNKNOWN for label in labels]
        groups = sorted(set(named), key=reading_order)
        of_site = pd.Index(groups).get_indexer(pd.Index(named)).astype(np.int64)
        found.append(Grouping(name, groups, of_site))
        of_cells.append((np.repeat(of_site, len(classes)), len(groups)))
    found.append(Grouping(VEHICLE_CLASS, classes, None))
    of_cells.append((np.tile(np.arange(len(classes)), n_sites), len(classes)))
    # A cell is what trucks of a class do at a site.
    cell = plan.demand.stop_site_idx.astype(np.int64) * len(classes) + class_of_stop(plan)
    return Groupings(found, Partitions.of(cell, of_cells))


def group_columns(
    plan: ComputedPlan, groupings: Groupings, measured: MeasuredLayout
) -> dict[str, NDArray[np.float64]]:
    """Figures of all groups in a measured layout, by column of ``GROUPS``, each (n_groups,).

    Raises
    ------
    InvariantError
        If the peak of a group lies outside what the peaks of its sites allow.
    """
    n_days = len(plan.scenario.demand.days)
    parts = [
        _columns(grouping, figures, measured, n_days)
        for grouping, figures in zip(groupings.each, measured.groups, strict=True)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def front_groups(
    groupings: Groupings, columns: Sequence[dict[str, NDArray[np.float64]]]
) -> FrontGroups:
    """Gather the figures of groups in all solutions."""
    names = [(grouping.name, group) for grouping in groupings.each for group in grouping.groups]
    return FrontGroups(
        names=names,
        of_site={each.name: each.of_site for each in groupings.each if each.of_site is not None},
        figures={name: np.stack([each[name] for each in columns]) for name in columns[0]},
    )


def site_labels(
    sites: Sites, region_of_site: NDArray[np.object_] | None
) -> dict[str, NDArray[np.object_]]:
    """Group of each site by grouping, empty where it is not known, each (n_sites,)."""
    register = sites.register()
    regions = {} if region_of_site is None else {"region": region_of_site}
    return {
        ALL: np.full(sites.n_sites, ALL, dtype=object),
        **regions,
        "road": sites.road,
        "grid_operator_mv": register["grid_operator_mv"],
        "grid_operator_hv": register["grid_operator_hv"],
    }


def reading_order(group: str) -> tuple[bool, list[tuple[int, str]]]:
    """A2 before A10, what is not known last."""
    parts = re.split(r"([0-9]+)", group.casefold())
    return group == UNKNOWN, [(int(part), "") if part.isdigit() else (0, part) for part in parts]


def _columns(
    grouping: Grouping, figures: GroupFigures, measured: MeasuredLayout, n_days: int
) -> dict[str, NDArray[np.float64]]:
    """Figures of the groups of a grouping by column."""
    of_sites = _sums_over_sites(grouping, measured)
    if grouping.of_site is not None:
        check_group_peaks(measured.sites.peak_power_kw, grouping.of_site, figures.peak_power_kw)
        of_sites["simultaneous_peak_kw"] = figures.peak_power_kw
    day_mwh = figures.energy_kwh / 1000.0 / n_days
    return {
        **of_sites,
        "n_sessions_hpc": figures.n_sessions_hpc.astype(np.float64),
        "n_sessions_lpc": figures.n_sessions_lpc.astype(np.float64),
        "energy_day_mwh": day_mwh,
        "energy_year_5_days_gwh": year_gwh(day_mwh, days_a_week=5),
        "energy_year_6_days_gwh": year_gwh(day_mwh, days_a_week=6),
        MEAN_WAIT.name: figures.mean_wait_min,
        P95_WAIT.name: figures.p95_wait_min,
    }


def _sums_over_sites(
    grouping: Grouping, measured: MeasuredLayout
) -> dict[str, NDArray[np.float64]]:
    """Sites, points and peaks of each group; NaN where groups are of trucks, each (n_groups,)."""
    n_groups, of_site = len(grouping.groups), grouping.of_site
    if of_site is None:
        return {name: np.full(n_groups, np.nan) for name in _OF_SITES_ALONE}
    summed: dict[str, NDArray[Any]] = {
        "n_sites": np.ones(len(of_site)),
        "n_hpc": measured.layout.n_hpc,
        "n_lpc": measured.layout.n_lpc,
        "sum_of_site_peaks_kw": measured.sites.peak_power_kw,
    }
    return {name: sum_by(of_site, values, n_groups) for name, values in summed.items()}
