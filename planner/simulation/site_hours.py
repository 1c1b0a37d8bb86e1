"""Load and waits of each site by the hour of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.simulation.drawn_energy_kernel import fill_energy_by_hour
from planner.simulation.hourly_profile_kernel import fill_waits_by_hour_of_day
from planner.tables.time_units import HOURS_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.inside_horizon import InsideHorizon
    from planner.simulation.queues import ChargingDemand, QueueResult


@dataclass(frozen=True, slots=True)
class SiteHours:
    """Means over the days of the horizon, each (n_sites, 24) float64.

    Parameters
    ----------
    power_kw : float64
        Power of high-power and overnight charging; over all hours it is the energy of a day.
    mean_wait_min : float64
        Mean wait of the sessions whose truck joins in the hour; NaN without any.
    """

    power_kw: NDArray[np.float64]
    mean_wait_min: NDArray[np.float64]


def site_hours(
    demand: ChargingDemand, result: QueueResult, drawn: DrawnPower, inside: InsideHorizon
) -> SiteHours:
    """Load and waits of each site in a simulated run, which drew this power inside the horizon."""
    shape = demand.n_sites, HOURS_PER_DAY
    n_joining, wait_min = np.zeros(shape, np.int64), np.zeros(shape)
    fill_waits_by_hour_of_day(
        demand.stop_site_idx,
        result.queue_h,
        inside.wait_h,
        result.is_hpc,
        inside.joins,
        n_joining,
        wait_min,
    )
    mean_wait_min = np.full(shape, np.nan)
    np.divide(wait_min, n_joining, out=mean_wait_min, where=n_joining > 0)
    return SiteHours(_mean_power_kw(demand, drawn), mean_wait_min)


def _mean_power_kw(demand: ChargingDemand, drawn: DrawnPower) -> NDArray[np.float64]:
    kwh = np.zeros((demand.n_sites, HOURS_PER_DAY))
    site = demand.stop_site_idx[drawn.session]
    fill_energy_by_hour(site, drawn.from_h, drawn.to_h, drawn.power_kw, kwh)
    n_days = demand.horizon_h / HOURS_PER_DAY
    return np.asarray(kwh / n_days)
