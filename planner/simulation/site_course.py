"""How queues grow and clear: trucks that wait at each site from moment to moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.metrics import ratio_or_nan, sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.queues import ChargingDemand, QueueResult


def trucks_waiting(demand: ChargingDemand, result: QueueResult, step_h: float) -> NDArray[np.int64]:
    """Trucks that wait for a charging point at the beginning of each step of the horizon.

    Parameters
    ----------
    step_h : float
        Length of a step, hours, > 0.

    Returns
    -------
    (n_steps, n_sites) int64
        A truck waits from when it joins the queue it is served from until it plugs in, of high
        power or, at a site that has overnight points alone, of these.
    """
    n_steps = round(demand.horizon_h / step_h)
    site = demand.stop_site_idx.astype(np.int64)

    def so_far(at_h: NDArray[np.float64]) -> NDArray[np.int64]:
        """Trucks of each step and site for which the moment has come, (n_steps, n_sites)."""
        step = np.ceil((at_h - demand.start_h) / step_h).clip(0, n_steps).astype(np.int64)
        counts = np.bincount(step * demand.n_sites + site, minlength=(n_steps + 1) * demand.n_sites)
        return np.cumsum(counts.reshape(n_steps + 1, demand.n_sites)[:-1], axis=0)

    return so_far(result.queue_h) - so_far(result.plug_in_h)


def waits_by_hour(demand: ChargingDemand, result: QueueResult) -> NDArray[np.float64]:
    """Mean wait at each site of the trucks that join a high-power queue in each hour.

    Returns
    -------
    (n_hours, n_sites) float64
        Minutes, of each full or begun hour of the horizon; NaN without any truck.
    """
    n_hours = int(np.ceil(demand.horizon_h))
    hour = np.floor(result.queue_h - demand.start_h).astype(np.int64)
    chosen = result.is_hpc & (hour >= 0) & (hour < n_hours)
    cell = hour[chosen] * demand.n_sites + demand.stop_site_idx[chosen]
    n_cells = n_hours * demand.n_sites
    wait_min = sum_by(cell, 60.0 * result.wait_h[chosen], n_cells)
    n_joining = np.bincount(cell, minlength=n_cells)
    return ratio_or_nan(wait_min, n_joining).reshape(n_hours, demand.n_sites)
