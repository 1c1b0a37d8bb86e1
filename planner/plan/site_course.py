"""The course of the simulated days at each site: queues, waits and power, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.plan.load_series import LoadSteps
from planner.plan.site_hour_schemas import SITE_HOURS
from planner.simulation.inside_horizon import drawn_power
from planner.simulation.site_course import trucks_waiting, waits_by_hour
from planner.tables.layout_quantities import MEAN_WAIT
from planner.tables.table import Quantity, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.queues import ChargingDemand, QueueResult

STEP_MIN = 15
"""Length of a step, minutes."""

# fmt: off
N_WAITING = Quantity("n_waiting", "int64", "trucks", "count", "Trucks waiting",
                     "Trucks that wait for a charging point as the step begins.")
SITE_COURSE = Table(
    "site_course",
    "one step of the simulated days at a site",
    (
        *SITE_HOURS.quantities("site_id"),
        Quantity("step", "int64", "", "count", "Step", "Number of the step since Monday 00:00."),
        N_WAITING,
        replace(MEAN_WAIT, meaning="Mean wait of the trucks that join a high-power queue in the "
                                   "hour of the step; NaN without any."),
        replace(SITE_HOURS.quantities("power_kw")[0],
                meaning="Power of high-power and overnight charging, mean over the step."),
    ),
    key=("site_id", "step"),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class SiteCourse:
    """What happens at sites, each (n_steps, n_sites).

    Parameters
    ----------
    start_h : float
        When the first step begins, hours since Monday 00:00.
    n_waiting : int64
        Trucks that wait as the step begins.
    mean_wait_min : float64
        Mean wait of the trucks that join in the hour of the step, minutes; NaN without any.
    power_kw : float64
        Power drawn, mean over the step.
    """

    start_h: float
    n_waiting: NDArray[np.int64]
    mean_wait_min: NDArray[np.float64]
    power_kw: NDArray[np.float64]

    @property
    def n_steps(self) -> int:
        """Steps of all days."""
        return len(self.n_waiting)

    def among(self, which: NDArray[np.bool_]) -> SiteCourse:
        """The same among more sites, at which nothing happens.

        Parameters
        ----------
        which : (n_all_sites,) bool
            The sites of this course.
        """

        def spread(values: NDArray[Any], elsewhere: float) -> NDArray[Any]:
            found = np.full((self.n_steps, len(which)), elsewhere, values.dtype)
            found[:, which] = values
            return found

        return SiteCourse(
            self.start_h,
            spread(self.n_waiting, 0),
            spread(self.mean_wait_min, np.nan),
            spread(self.power_kw, 0.0),
        )


def site_course(demand: ChargingDemand, result: QueueResult) -> SiteCourse:
    """Course of a simulated layout in steps of :data:`STEP_MIN`."""
    steps = LoadSteps(demand, STEP_MIN, demand.n_sites)
    kwh = steps.energy_kwh(drawn_power(demand, result), demand.stop_site_idx.astype(np.int64))
    per_hour = round(1.0 / steps.step_h)
    return SiteCourse(
        start_h=demand.start_h,
        n_waiting=trucks_waiting(demand, result, steps.step_h),
        mean_wait_min=np.repeat(waits_by_hour(demand, result), per_hour, axis=0)[: steps.n_steps],
        power_kw=kwh.T / steps.step_h,
    )
