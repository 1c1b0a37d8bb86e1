"""Figures of a layout with high-power points of two classes, whole and by site.

Waits, time lost and sessions are those of trucks that join a queue for high power inside the
horizon; occupied time and energy are cut off at its ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.group_sums import p95_per_site
from planner.simulation.inside_horizon import (
    energy_inside_horizon,
    hours_inside_horizon,
    joins_inside_horizon,
)
from planner.simulation.metrics import ratio_or_nan, sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.charging_demand import ChargingDemand
    from planner.simulation.class_demand import ClassDemand
    from planner.simulation.class_queues import ClassLayout, ClassResult


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Figures of places, each (n_places,): of all sites together, or of each.

    Parameters
    ----------
    n_fast, n_slow : int64
        High-power points of the faster and of the slower class.
    n_sessions : int64
        High-power sessions.
    slow_session_share : float64
        Part of them at the slower class; NaN without any.
    mean_wait_min, longer_charging_min, mean_lost_min, p95_lost_min : float64
        Wait, longer charging, and both together; NaN without sessions.
    fast_use_share, slow_use_share : float64
        Part of the time in which points are occupied; NaN without points.
    energy_fast_kwh, energy_slow_kwh : float64
        Energy charged, kWh.
    """

    n_fast: NDArray[np.int64]
    n_slow: NDArray[np.int64]
    n_sessions: NDArray[np.int64]
    slow_session_share: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]
    longer_charging_min: NDArray[np.float64]
    mean_lost_min: NDArray[np.float64]
    p95_lost_min: NDArray[np.float64]
    fast_use_share: NDArray[np.float64]
    slow_use_share: NDArray[np.float64]
    energy_fast_kwh: NDArray[np.float64]
    energy_slow_kwh: NDArray[np.float64]


def class_figures(
    trucks: ClassDemand,
    layout: ClassLayout,
    result: ClassResult,
    served: ChargingDemand,
    *,
    by_site: bool = False,
) -> ClassFigures:
    """Figures of all sites together, or of each.

    Parameters
    ----------
    served : ChargingDemand
        From :func:`~planner.simulation.class_queues.as_served`.
    """
    demand, queues = trucks.demand, result.queues
    place = demand.stop_site_idx if by_site else np.zeros_like(demand.stop_site_idx)
    n_places = demand.n_sites if by_site else 1

    def points(n: NDArray[np.int32]) -> NDArray[np.int64]:
        return (n if by_site else n.sum(keepdims=True)).astype(np.int64)

    def total(is_chosen: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
        return sum_by(place[is_chosen], values[is_chosen], n_places)

    counted = queues.is_hpc & joins_inside_horizon(demand, queues)
    n_sessions = np.bincount(place[counted], minlength=n_places)
    is_slow, is_fast = result.is_slow, queues.is_hpc & ~result.is_slow
    n_fast, n_slow = points(layout.n_fast), points(layout.n_slow)
    inside_h, energy_kwh = (
        hours_inside_horizon(demand, queues),
        energy_inside_horizon(served, queues),
    )
    lost_min = 60.0 * result.lost_h
    return ClassFigures(
        n_fast=n_fast,
        n_slow=n_slow,
        n_sessions=n_sessions,
        slow_session_share=ratio_or_nan(total(counted, is_slow.astype(np.float64)), n_sessions),
        mean_wait_min=ratio_or_nan(total(counted, 60.0 * queues.wait_h), n_sessions),
        longer_charging_min=ratio_or_nan(
            total(counted, 60.0 * result.longer_charging_h), n_sessions
        ),
        mean_lost_min=ratio_or_nan(total(counted, lost_min), n_sessions),
        p95_lost_min=p95_per_site(place[counted], lost_min[counted], n_sessions),
        fast_use_share=ratio_or_nan(total(is_fast, inside_h), n_fast * demand.horizon_h),
        slow_use_share=ratio_or_nan(total(is_slow, inside_h), n_slow * demand.horizon_h),
        energy_fast_kwh=total(is_fast, energy_kwh),
        energy_slow_kwh=total(is_slow, energy_kwh),
    )
