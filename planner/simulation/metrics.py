"""Figures of a simulated layout: waiting, utilisation, energy; whole, by site and by day.

Waits and sessions are those of trucks that join a queue inside the horizon; occupied time and
energy are cut off at its ends, energy as it is drawn from plug-in on
(:mod:`planner.simulation.drawn_energy`). UWTI, TCU and ECU are named after Fadranski, Tietz and
Göhlich (2026); the formulas are this planner's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.simulation.group_sums import (
    Partitions,
    p95_waits_min,
    peak_power_kw,
    sums_of_groups,
)
from planner.simulation.inside_horizon import (
    arrives_inside_horizon,
    drawn_power,
    energy_inside_horizon,
    inside_horizon,
    joins_inside_horizon,
)
from planner.simulation.occupancy import peaks_of_groups
from planner.simulation.queues import ALL_STOPS
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.stop_plans import StopPlans
    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.group_sums_kernel import StopSums
    from planner.simulation.inside_horizon import InsideHorizon
    from planner.simulation.queues import ChargerLayout, ChargingDemand, QueueResult

NAMEPLATE_KW = 1000.0
"""Power of an HPC point that ECU is measured against, kW."""

LONG_WAIT_MIN = 15.0
"""Waits above this count as long, minutes."""

_DAYS_PER_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class LayoutFigures:
    """Figures of one layout.

    Parameters
    ----------
    n_hpc, n_lpc : int
        Charging points.
    n_hpc_processes, n_lpc_sessions, n_lpc_rejected : int
        HPC sessions, those after an LPC rejection included; LPC sessions; LPC rejections; each
        inside the horizon.
    sessions_per_hpc_day, sessions_per_lpc_day : float
        Those sessions per charging point and day of the horizon; 0 without charging points.
    mean_wait_min : float
        UWTI: mean waiting of an HPC process, zeros included, minutes; 0 without processes.
    p50_wait_min, p95_wait_min, max_wait_min : float
        Least wait that 50, 95 and 100 % of HPC processes do not exceed, minutes.
    long_wait_share : float
        HPC processes that wait longer than 15 minutes.
    tcu_share : float
        Occupied time of HPC points inside the horizon over charging points times horizon; 0 without
        charging points.
    ecu_share : float
        HPC energy inside the horizon over charging points times 1 MW times horizon; 0 without
        charging points.
    ecu_year_5_days_share, ecu_year_6_days_share : float
        ECU of a year in which 5 or 6 days of each week are like the mean day of the horizon and
        nobody charges on the others. Means what it says where the horizon holds working days only.
    energy_hpc_mwh, energy_lpc_mwh : float
        Energy charged inside the horizon, MWh.
    lpc_energy_share : float
        Part of the energy charged at LPC points; 0 without energy.
    """

    n_hpc: int
    n_lpc: int
    n_hpc_processes: int
    n_lpc_sessions: int
    n_lpc_rejected: int
    sessions_per_hpc_day: float
    sessions_per_lpc_day: float
    mean_wait_min: float
    p50_wait_min: float
    p95_wait_min: float
    max_wait_min: float
    long_wait_share: float
    tcu_share: float
    ecu_share: float
    ecu_year_5_days_share: float
    ecu_year_6_days_share: float
    energy_hpc_mwh: float
    energy_lpc_mwh: float
    lpc_energy_share: float


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """Figures of each site, each (n_sites,).

    Parameters
    ----------
    n_sessions_hpc, n_sessions_lpc : int64
        Sessions whose trucks join inside the horizon.
    energy_hpc_kwh, energy_lpc_kwh : float64
        Energy charged inside the horizon, kWh.
    mean_wait_min, p95_wait_min : float64
        Waiting of HPC sessions, minutes; NaN without sessions.
    utilisation_share : float64
        TCU of the site; NaN without HPC points.
    peak_power_kw : float64
        Highest power drawn at any moment of the horizon, HPC and LPC together, kW.
    """

    n_sessions_hpc: NDArray[np.int64]
    n_sessions_lpc: NDArray[np.int64]
    energy_hpc_kwh: NDArray[np.float64]
    energy_lpc_kwh: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]
    p95_wait_min: NDArray[np.float64]
    utilisation_share: NDArray[np.float64]
    peak_power_kw: NDArray[np.float64]


def layout_figures(
    demand: ChargingDemand,
    result: QueueResult,
    layout: ChargerLayout,
    inside: InsideHorizon | None = None,
) -> LayoutFigures:
    """Figures of a whole layout.

    Parameters
    ----------
    layout : ChargerLayout
        The charging points they were simulated with.
    inside : InsideHorizon, optional
        What :func:`~planner.simulation.inside_horizon.inside_horizon` gives, where that is known.

    Returns
    -------
    LayoutFigures
        Waiting, utilisation and energy.
    """
    is_hpc = result.is_hpc
    inside = inside or inside_horizon(demand, result)
    is_counted = inside.joins
    # Taken by their numbers: choosing by truth values costs several times as much.
    at_hpc, at_lpc = np.flatnonzero(is_hpc), np.flatnonzero(~is_hpc)
    wait_min = np.sort(60.0 * inside.wait_h.take(np.flatnonzero(is_hpc & is_counted)))
    hpc_mwh = float(inside.energy_kwh.take(at_hpc).sum()) / 1000.0
    lpc_mwh = float(inside.energy_kwh.take(at_lpc).sum()) / 1000.0
    n_hpc = int(layout.n_hpc.sum())
    plug_time_h = n_hpc * demand.horizon_h
    ecu = _ratio(1000.0 * hpc_mwh, plug_time_h * NAMEPLATE_KW)
    p50, p95, longest = (_quantile(wait_min, share) for share in (0.5, 0.95, 1.0))
    n_long = len(wait_min) - int(np.searchsorted(wait_min, LONG_WAIT_MIN, side="right"))
    n_lpc, n_lpc_sessions = int(layout.n_lpc.sum()), int((~is_hpc & is_counted).sum())
    n_days = demand.horizon_h / HOURS_PER_DAY
    return LayoutFigures(
        n_hpc=n_hpc,
        n_lpc=n_lpc,
        n_hpc_processes=len(wait_min),
        n_lpc_sessions=n_lpc_sessions,
        n_lpc_rejected=int((result.is_lpc_rejected & arrives_inside_horizon(demand, result)).sum()),
        sessions_per_hpc_day=_ratio(len(wait_min), n_hpc * n_days),
        sessions_per_lpc_day=_ratio(n_lpc_sessions, n_lpc * n_days),
        mean_wait_min=_ratio(float(wait_min.sum()), len(wait_min)),
        p50_wait_min=float(p50),
        p95_wait_min=float(p95),
        max_wait_min=float(longest),
        long_wait_share=_ratio(float(n_long), len(wait_min)),
        tcu_share=_ratio(float(inside.hours_h.take(at_hpc).sum()), plug_time_h),
        ecu_share=ecu,
        ecu_year_5_days_share=ecu * 5.0 / _DAYS_PER_WEEK,
        ecu_year_6_days_share=ecu * 6.0 / _DAYS_PER_WEEK,
        energy_hpc_mwh=hpc_mwh,
        energy_lpc_mwh=lpc_mwh,
        lpc_energy_share=_ratio(lpc_mwh, hpc_mwh + lpc_mwh),
    )


def _quantile(ascending: NDArray[np.float64], share: float) -> float:
    """Least of some values with at least a share of them up to it; 0 where there are none.

    Notes
    -----
    As ``numpy.quantile`` with ``inverted_cdf``, which sorts them once more.
    """
    if not len(ascending):
        return 0.0
    return float(ascending[max(math.ceil(len(ascending) * share - 1.0), 0)])


def site_figures(
    demand: ChargingDemand,
    result: QueueResult,
    layout: ChargerLayout,
    stop: NDArray[np.int64] | slice = ALL_STOPS,
) -> SiteFigures:
    """Figures of each site.

    Parameters
    ----------
    result : QueueResult
        What happened at ``stop``.
    layout : ChargerLayout
        The charging points they were simulated with.
    stop : (n,) int64 or slice
        All stops at some sites, ascending; the figures of other sites are those of no stops.

    Returns
    -------
    SiteFigures
        Sessions, energy, waiting, utilisation and peak power.
    """
    each_site = Partitions.by(demand.stop_site_idx[stop], demand.n_sites)
    inside = inside_horizon(demand, result, stop)
    sums = sums_of_groups(result, inside, each_site)
    return site_figures_of(
        demand,
        layout,
        sums,
        p95_waits_min(result, inside, each_site, sums.n_hpc),
        peak_power_kw(drawn_power(demand, result, stop), each_site),
    )


def site_figures_of(
    demand: ChargingDemand,
    layout: ChargerLayout,
    sums: StopSums,
    p95_wait_min: NDArray[np.float64],
    peak_power_kw: NDArray[np.float64],
) -> SiteFigures:
    """Figures of each site by the sums over its stops, each (n_sites,)."""
    return SiteFigures(
        n_sessions_hpc=sums.n_hpc,
        n_sessions_lpc=sums.n_lpc,
        energy_hpc_kwh=sums.hpc_kwh,
        energy_lpc_kwh=sums.lpc_kwh,
        mean_wait_min=ratio_or_nan(sums.wait_min, sums.n_hpc),
        p95_wait_min=p95_wait_min,
        utilisation_share=ratio_or_nan(sums.hpc_occupied_h, layout.n_hpc * demand.horizon_h),
        peak_power_kw=peak_power_kw,
    )


def loads_of_sites(
    demand: ChargingDemand, result: QueueResult
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Energy inside the horizon, kWh, and peak power, kW, of each site, both (n_sites,)."""
    energy_kwh = sum_by(demand.stop_site_idx, energy_inside_horizon(demand, result), demand.n_sites)
    each_site = Partitions.by(demand.stop_site_idx, demand.n_sites)
    return energy_kwh, peak_power_kw(drawn_power(demand, result), each_site)


def simultaneous_peak_kw(drawn: DrawnPower) -> float:
    """Highest power that all sites draw together at one moment of the horizon, kW."""
    everywhere = np.zeros((1, 1), np.int32)
    at = np.zeros(len(drawn.session), np.int64)
    return float(peaks_of_groups(drawn.in_order, at, everywhere, 1)[0])


def daily_waits_min(demand: ChargingDemand, result: QueueResult) -> NDArray[np.float64]:
    """Mean waiting of the HPC processes of each day, by when the truck joins the queue.

    Returns
    -------
    (n_days,) float64
        Minutes, for each full or begun day of the horizon; NaN without processes.
    """
    n_days = int(np.ceil(demand.horizon_h / HOURS_PER_DAY))
    chosen = result.is_hpc & joins_inside_horizon(demand, result)
    since_start_h = result.queue_h[chosen] - demand.start_h
    day = np.minimum((since_start_h / HOURS_PER_DAY).astype(np.int64), n_days - 1)
    wait_min = sum_by(day, 60.0 * result.wait_h[chosen], n_days)
    return ratio_or_nan(wait_min, np.bincount(day, minlength=n_days))


def destination_arrival_h(
    plans: StopPlans, demand: ChargingDemand, result: QueueResult
) -> NDArray[np.float64]:
    """When each trip ends, all waiting included.

    Parameters
    ----------
    plans : StopPlans
        The plans that the demand was built from.

    Returns
    -------
    (n_trips,) float64
        Arrival at the destination, hours since Monday 00:00; NaN for unserved trips.
    """
    arrival_h = np.where(plans.is_served, plans.entry_h + plans.first_leg_h, np.nan)
    last = demand.trip_stop_offset[1:] - 1
    arrival_h[demand.trip_idx] = demand.leg_ends_h(last, result.departure_h[last])
    return arrival_h


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def ratio_or_nan(
    part: NDArray[np.float64], whole: NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
) -> NDArray[np.float64]:
    """Part of each whole; NaN of nothing."""
    ratio = np.full(len(part), np.nan)
    np.divide(part, whole, out=ratio, where=whole != 0)
    return ratio


def sum_by(
    idx: NDArray[np.integer[Any]], values: NDArray[np.float64], n: int
) -> NDArray[np.float64]:
    """Sum of the values of each of n numbers."""
    return np.bincount(idx, values, minlength=n).astype(np.float64)
