"""The quickest legal way to drive a trip without charging on the roads that are planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.routing.drive_stops_kernel import EXTRA_H, drive_outcomes
from planner.routing.driving_kernel import Limits, entry_state
from planner.routing.truck_kernel import truck_of
from planner.runs.kernel_decorators import inner_kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@inner_kernel
def drive_uncharged(
    drive_h: float,
    departure_h: float,
    initial_kwh: float,
    abroad_before_km: float,
    truck: NDArray[np.float64],
    limits: Limits,
    outcomes: NDArray[np.float64],
) -> tuple[tuple[float, float, float, float, float], NDArray[np.float64], int]:
    """Enter the roads and drive to the destination in the least time.

    Parameters
    ----------
    drive_h : float
        Driving time of the direct way, hours.
    departure_h, initial_kwh, abroad_before_km : float
        What the entry from abroad depends on.
    truck : (n_columns,) float64
        Columns as in ``Truck``.
    outcomes : (capacity, 7) float64
        Working space.

    Returns
    -------
    entry : clock_h, energy_kwh, since_break_h, since_rest_h, day
        As from :func:`~planner.routing.driving_kernel.entry_state`.
    outcomes : (capacity, 7) float64
        As from :func:`~planner.routing.drive_stops_kernel.drive_outcomes`.
    best : int
        Row of the shortest outcome, the first of several.
    """
    entry = entry_state(departure_h, initial_kwh, abroad_before_km, truck_of(truck), limits)
    outcomes, n_outcomes = drive_outcomes(
        drive_h, entry[2], entry[3], 0.0, entry[0], entry[4], limits, outcomes
    )
    best = 0
    for row in range(1, n_outcomes):
        if outcomes[row, EXTRA_H] < outcomes[best, EXTRA_H]:
            best = row
    return entry, outcomes, best
