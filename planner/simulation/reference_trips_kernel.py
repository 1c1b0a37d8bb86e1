"""The quickest legal way to drive a trip that never has to charge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.drive_stops_kernel import (
    EXTRA_H,
    N_BREAKS,
    N_OUTCOME_COLUMNS,
    N_RESTS,
)
from planner.routing.uncharged_drive_kernel import drive_uncharged
from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.driving_kernel import Limits


@kernel
def fill_reference_trips(
    drive_h: NDArray[np.float64],
    departure_h: NDArray[np.float64],
    initial_kwh: NDArray[np.float64],
    abroad_before_km: NDArray[np.float64],
    truck: NDArray[np.float64],
    limits: Limits,
    stop_h: NDArray[np.float64],
    n_breaks: NDArray[np.int16],
    n_rests: NDArray[np.int16],
) -> None:
    """Fill the shortest standing time that the driver rules allow, and what it consists of.

    Parameters
    ----------
    drive_h : (n_trips,) float64
        Driving time of the direct way, hours; inf where there is none, which fills NaN.
    departure_h, initial_kwh, abroad_before_km : (n_trips,) float64
        What the entry from abroad depends on.
    truck : (n_trips, n_columns) float64
        Columns as in ``Truck``.
    stop_h : (n_trips,) float64
        Filled, hours.
    n_breaks, n_rests : (n_trips,) int16
        Filled.
    """
    outcomes = np.empty((16, N_OUTCOME_COLUMNS))
    for trip in range(len(drive_h)):
        stop_h[trip] = np.nan
        n_breaks[trip], n_rests[trip] = 0, 0
        if not np.isfinite(drive_h[trip]):
            continue
        _, outcomes, best = drive_uncharged(
            drive_h[trip],
            departure_h[trip],
            initial_kwh[trip],
            abroad_before_km[trip],
            truck[trip],
            limits,
            outcomes,
        )
        stop_h[trip] = outcomes[best, EXTRA_H]
        n_breaks[trip] = int(outcomes[best, N_BREAKS])
        n_rests[trip] = int(outcomes[best, N_RESTS])
