"""Waiting and occupied points of a simulated layout by hour of the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.hourly_profile_kernel import fill_profile
from planner.simulation.metrics import ratio_or_nan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.queues import ChargingDemand, QueueResult


@dataclass(frozen=True, slots=True)
class HourlyProfile:
    """Waiting and occupancy by hour of the horizon, each (n_hours,).

    Parameters
    ----------
    hour : int64
        Hours since Monday 00:00.
    n_hpc_arrivals : int64
        Trucks that join an HPC queue in the hour.
    mean_wait_min : float64
        Mean waiting of those trucks, minutes; NaN without any.
    n_waiting : float64
        Trucks waiting for an HPC point, mean over the hour.
    n_hpc_occupied, n_lpc_occupied : float64
        Charging points occupied, mean over the hour.
    """

    hour: NDArray[np.int64]
    n_hpc_arrivals: NDArray[np.int64]
    mean_wait_min: NDArray[np.float64]
    n_waiting: NDArray[np.float64]
    n_hpc_occupied: NDArray[np.float64]
    n_lpc_occupied: NDArray[np.float64]


def hourly_profile(demand: ChargingDemand, result: QueueResult) -> HourlyProfile:
    """Waiting and occupancy by hour.

    Returns
    -------
    HourlyProfile
        One entry for each full or begun hour of the horizon.
    """
    first_hour = int(np.floor(demand.start_h))
    n_hours = int(np.ceil(demand.start_h + demand.horizon_h)) - first_hour
    n_arrivals = np.zeros(n_hours, np.int64)
    wait_min, n_waiting, n_hpc, n_lpc = np.zeros((4, n_hours))
    fill_profile(
        result.queue_h,
        result.plug_in_h,
        result.release_h,
        result.is_hpc,
        float(first_hour),
        n_arrivals,
        wait_min,
        n_waiting,
        n_hpc,
        n_lpc,
    )
    return HourlyProfile(
        hour=first_hour + np.arange(n_hours),
        n_hpc_arrivals=n_arrivals,
        mean_wait_min=ratio_or_nan(wait_min, n_arrivals),
        n_waiting=n_waiting,
        n_hpc_occupied=n_hpc,
        n_lpc_occupied=n_lpc,
    )
