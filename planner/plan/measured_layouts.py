"""Layouts in the full simulation: their figures, and the conservation laws that hold there."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from planner.routing.drivers import drivers_of
from planner.simulation.driving_invariants import check_driving
from planner.simulation.group_figures import group_figures
from planner.simulation.group_sums import Partitions, sums_of_groups
from planner.simulation.hourly_profile import hourly_profile
from planner.simulation.inside_horizon import drawn_power, inside_horizon
from planner.simulation.invariants import check_energy, check_peaks, check_queues
from planner.simulation.metrics import (
    daily_waits_min,
    destination_arrival_h,
    layout_figures,
    simultaneous_peak_kw,
    site_figures_of,
)
from planner.simulation.queues import simulate
from planner.simulation.site_hours import site_hours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.plan.computed_plan import ComputedPlan
    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.group_figures import GroupFigures
    from planner.simulation.hourly_profile import HourlyProfile
    from planner.simulation.metrics import LayoutFigures, SiteFigures
    from planner.simulation.queues import ChargerLayout, QueueResult
    from planner.simulation.site_hours import SiteHours

_NAMES = {"tcu_share": "tcu", "ecu_share": "ecu", "long_wait_share": "share_wait_over_15_min"}
"""Names in tables and ``run.json`` where they are not those of the figures."""


@dataclass(frozen=True, slots=True)
class MeasuredLayout:
    """A layout, and what happened with it."""

    layout: ChargerLayout
    run: QueueResult
    drawn: DrawnPower
    figures: LayoutFigures
    sites: SiteFigures
    profile: HourlyProfile
    site_hours: SiteHours
    groups: Sequence[GroupFigures]
    """Those beside the sites."""


def measured_layout(
    plan: ComputedPlan, layout: ChargerLayout, of_stops: Partitions
) -> MeasuredLayout:
    """Simulate a layout in full.

    Parameters
    ----------
    of_stops : Partitions
        Groups of the plan's stops: its sites, and any others.
    """
    demand, n_sites = plan.demand, plan.demand.n_sites
    run = simulate(demand, layout)
    drawn, inside = drawn_power(demand, run), inside_horizon(demand, run)
    groups = group_figures(run, drawn, inside, of_stops)
    # Sums are added up stop by stop, those of groups class by class.
    sums = sums_of_groups(run, inside, Partitions.by(demand.stop_site_idx, n_sites))
    return MeasuredLayout(
        layout,
        run,
        drawn,
        layout_figures(demand, run, layout, inside),
        site_figures_of(demand, layout, sums, groups[0].p95_wait_min, groups[0].peak_power_kw),
        hourly_profile(demand, run),
        site_hours(demand, run, drawn, inside),
        groups[1:],
    )


class LawsOfPlans(NamedTuple):
    """Figures of the laws that stop plans keep whatever the layout, checked once for all layouts.

    Parameters
    ----------
    driving, energy : dict
        Of drivers and their rules, and of what trucks charge and drive.
    """

    driving: dict[str, float | int]
    energy: dict[str, float | int]

    @classmethod
    def of(cls, plan: ComputedPlan) -> Self:
        """Laws that the stop plans of a plan keep.

        Raises
        ------
        InvariantError
            If one is broken.
        """
        consumption = np.where(
            plan.trips.is_loaded,
            plan.vehicle_values("consumption_loaded_kwh_km"),
            plan.vehicle_values("consumption_empty_kwh_km"),
        )
        drivers = drivers_of(plan.scenario)
        return cls(
            check_driving(plan.plans, plan.trips, drivers),
            check_energy(
                plan.plans,
                battery_kwh=plan.vehicle_values("battery_kwh"),
                consumption_kwh_km=consumption,
                least_soc_share=drivers.least_soc_share(plan.vehicle_values("min_soc_share")),
            ),
        )


@dataclass(frozen=True, slots=True)
class NamedFigures:
    """What is told of a named solution beyond the figures of every one.

    What its simulation leaves by stop and by stretch of power is gone: that of all named solutions
    would be a gigabyte for the trucks of a large country.

    Parameters
    ----------
    figures : dict
        For ``run.json``, see :func:`figures_of_layout`.
    laws : dict
        Figures of its conservation laws.
    arrival_h : (n_trips,) float64
        When each trip ends, all waiting included, hours since Monday 00:00; NaN for unserved ones.
    waits_by_day_min : (n_days,) float64
        Mean wait of each day's HPC processes, NaN without any.
    """

    figures: dict[str, float | int]
    laws: dict[str, float | int]
    arrival_h: NDArray[np.float64]
    waits_by_day_min: NDArray[np.float64]

    @classmethod
    def of(cls, plan: ComputedPlan, measured: MeasuredLayout, of_plans: LawsOfPlans) -> Self:
        """Figures of a measured layout.

        Parameters
        ----------
        of_plans : LawsOfPlans
            What its trucks' stop plans keep.

        Raises
        ------
        InvariantError
            If a conservation law is broken.
        """
        return cls(
            figures_of_layout(measured),
            of_plans.driving
            | check_queues(plan.plans, plan.demand, measured.layout, measured.run)
            | of_plans.energy,
            destination_arrival_h(plan.plans, plan.demand, measured.run),
            daily_waits_min(plan.demand, measured.run),
        )


def class_of_stop(plan: ComputedPlan) -> NDArray[np.int16]:
    """Vehicle class of the truck of each stop, (n_stops,)."""
    demand = plan.demand
    of_trip = plan.trips.vehicle_class_idx[demand.trip_idx]
    return np.repeat(of_trip, np.diff(demand.trip_stop_offset))


def figures_of_layout(measured: MeasuredLayout) -> dict[str, float | int]:
    """Figures of a measured layout for ``run.json``."""
    peak_kw = simultaneous_peak_kw(measured.drawn)
    of_sites = measured.sites.peak_power_kw
    check_peaks(of_sites, peak_kw)
    return tabulated(measured.figures) | {
        "highest_site_peak_kw": float(of_sites.max(initial=0.0)),
        "sum_of_site_peaks_kw": float(of_sites.sum()),
        "simultaneous_peak_kw": peak_kw,
    }


def tabulated(figures: LayoutFigures) -> dict[str, float | int]:
    """Figures under the names that tables and ``run.json`` use."""
    return {_NAMES.get(name, name): value for name, value in asdict(figures).items()}
