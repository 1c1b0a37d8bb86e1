"""Where trucks that never charge have to stop on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.drive_stops_kernel import (
    N_BREAKS,
    N_OUTCOME_COLUMNS,
    N_PLACED_COLUMNS,
    N_RESTS,
    SINCE_BREAK_H,
    SINCE_REST_H,
    place_stops,
)
from planner.routing.uncharged_drive_kernel import drive_uncharged
from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.driving_kernel import Limits


@kernel
def fill_stops_due(
    drive_h: NDArray[np.float64],
    departure_h: NDArray[np.float64],
    initial_kwh: NDArray[np.float64],
    abroad_before_km: NDArray[np.float64],
    truck: NDArray[np.float64],
    limits: Limits,
    first: NDArray[np.int64],
    entry_h: NDArray[np.float64],
    stops: NDArray[np.float64],
) -> None:
    """Fill the breaks and rests of the shortest legal ways to drive trips.

    Parameters
    ----------
    drive_h : (n_trips,) float64
        Driving time of the direct way, hours.
    departure_h, initial_kwh, abroad_before_km : (n_trips,) float64
        What the entry from abroad depends on.
    truck : (n_trips, n_columns) float64
        Columns as in ``Truck``.
    first : (n_trips + 1,) int64
        First stop of each trip, of which
        :func:`~planner.simulation.reference_trips.reference_trips` tells how many there are.
    entry_h : (n_trips,) float64
        Filled: when the truck enters the road graph.
    stops : (n_stops, 3) float64
        Filled as by :func:`~planner.routing.drive_stops_kernel.place_stops`.
    """
    outcomes = np.empty((16, N_OUTCOME_COLUMNS))
    for trip in range(len(drive_h)):
        entry, outcomes, best = drive_uncharged(
            drive_h[trip],
            departure_h[trip],
            initial_kwh[trip],
            abroad_before_km[trip],
            truck[trip],
            limits,
            outcomes,
        )
        entry_h[trip] = entry[0]
        placed = np.empty(
            (int(outcomes[best, N_BREAKS] + outcomes[best, N_RESTS]), N_PLACED_COLUMNS)
        )
        place_stops(
            drive_h[trip],
            (entry[2], entry[3], 0.0, entry[0], entry[4]),
            (outcomes[best, SINCE_BREAK_H], outcomes[best, SINCE_REST_H]),
            int(outcomes[best, N_RESTS]),
            limits,
            placed,
        )
        for stop in range(first[trip + 1] - first[trip]):
            for column in range(N_PLACED_COLUMNS):
                stops[first[trip] + stop, column] = placed[stop, column]
