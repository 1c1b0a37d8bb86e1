"""Figures of groups of sites and of trucks: by region, motorway, grid operator, vehicle class."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.plan.energy_years import year_gwh
from planner.plan.group_schemas import GROUPS
from planner.plan.measured_layouts import class_of_stop
from planner.simulation.invariants import check_peaks
from planner.simulation.metrics import site_figures
from planner.simulation.queues import ChargerLayout
from planner.tables.layout_quantities import MEAN_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from planner.network.sites import Sites
    from planner.plan.computed_plan import ComputedPlan
    from planner.plan.measured_layouts import MeasuredLayout
    from planner.simulation.queues import ChargingDemand

UNKNOWN = "unknown"
"""Group of sites of which the grouping's figure is not known."""
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
    of_stop : (n_stops,) int64
        Group of each stop of the demand.
    """

    name: str
    groups: Sequence[str]
    of_site: NDArray[np.int64] | None
    of_stop: NDArray[np.int64]


def group_table(
    plan: ComputedPlan,
    of_name: Mapping[str, MeasuredLayout],
    region_of_site: NDArray[np.object_] | None,
) -> pd.DataFrame:
    """Figures of all groups in the named solutions.

    Parameters
    ----------
    of_name : mapping
        Named solutions, measured.
    region_of_site : (n_sites,) object, optional
        Region of each site, empty where it is not known; None where the study has no regions.

    Returns
    -------
    DataFrame
        ``GROUPS``: by solution, then grouping, then group.

    Raises
    ------
    InvariantError
        If the peak of a group lies outside what the peaks of its sites allow.
    """
    groupings = _groupings(plan, region_of_site)
    # A group is measured as if it were one site, and a vehicle class likewise.
    demands = [
        replace(
            plan.demand,
            stop_site_idx=grouping.of_stop.astype(np.int32),
            n_sites=len(grouping.groups),
        )
        for grouping in groupings
    ]
    tables = [
        _figures(plan, demand, grouping, measured).assign(solution_name=name)
        for name, measured in of_name.items()
        for grouping, demand in zip(groupings, demands, strict=True)
    ]
    return pd.concat(tables, ignore_index=True)[GROUPS.column_names]


def _groupings(
    plan: ComputedPlan, region_of_site: NDArray[np.object_] | None
) -> tuple[Grouping, ...]:
    of_sites = site_labels(plan.sites, region_of_site)
    site_of_stop = plan.demand.stop_site_idx
    found = []
    for name, labels in of_sites.items():
        if not any(labels):
            continue
        named = [str(label) or UNKNOWN for label in labels]
        groups = sorted(set(named), key=reading_order)
        of_site = pd.Index(groups).get_indexer(pd.Index(named)).astype(np.int64)
        found.append(Grouping(name, groups, of_site, of_site[site_of_stop]))
    classes = list(plan.scenario.vehicles.mix)
    of_stop = class_of_stop(plan).astype(np.int64)
    return (*found, Grouping(VEHICLE_CLASS, classes, None, of_stop))


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


def _figures(
    plan: ComputedPlan, demand: ChargingDemand, grouping: Grouping, measured: MeasuredLayout
) -> pd.DataFrame:
    """Figures of the groups of a grouping in a measured layout."""
    n_groups = len(grouping.groups)
    of_sites = _sums_over_sites(grouping, measured)
    layout = ChargerLayout(
        np.nan_to_num(of_sites["n_hpc"]).astype(np.int32),
        np.nan_to_num(of_sites["n_lpc"]).astype(np.int32),
    )
    figures = site_figures(demand, measured.run, layout)
    if grouping.of_site is not None:
        of_sites["simultaneous_peak_kw"] = figures.peak_power_kw
        for group in range(n_groups):
            own = measured.sites.peak_power_kw[grouping.of_site == group]
            check_peaks(own, float(figures.peak_power_kw[group]))
    energy_kwh = figures.energy_hpc_kwh + figures.energy_lpc_kwh
    day_mwh = energy_kwh / 1000.0 / len(plan.scenario.demand.days)
    return pd.DataFrame(
        {
            "grouping": grouping.name,
            "group": list(grouping.groups),
            **of_sites,
            "n_sessions_hpc": figures.n_sessions_hpc.astype(np.int64),
            "n_sessions_lpc": figures.n_sessions_lpc.astype(np.int64),
            "energy_day_mwh": day_mwh,
            "energy_year_5_days_gwh": year_gwh(day_mwh, days_a_week=5),
            "energy_year_6_days_gwh": year_gwh(day_mwh, days_a_week=6),
            MEAN_WAIT.name: figures.mean_wait_min,
            "p95_wait_min": figures.p95_wait_min,
        }
    )


def _sums_over_sites(grouping: Grouping, measured: MeasuredLayout) -> dict[str, Any]:
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
    return {
        name: np.bincount(of_site, values, minlength=n_groups) for name, values in summed.items()
    }
