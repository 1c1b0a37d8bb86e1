"""Trucks that come from abroad: their state when they enter the road graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.routing.driving_kernel import TOLERANCE, entry_state
from planner.routing.truck_kernel import hpc_level, truck_of
from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from planner.routing.driving_kernel import Limits


@kernel(nogil=True)
def fill_entry_states(
    truck: NDArray[np.float64],
    departure_h: NDArray[np.float64],
    abroad_before_km: NDArray[np.float64],
    entry_h: NDArray[np.float64],
    limits: Limits,
    state: NDArray[np.float64],
    charged_kwh: NDArray[np.float64],
) -> None:
    """Bring trucks from their departure abroad to the border.

    Parameters
    ----------
    truck : (n_trips, n_columns) float64
        As :func:`~planner.routing.truck_kernel.truck_of` reads it.
    departure_h, abroad_before_km, entry_h : (n_trips,) float64
        Departure, way abroad and planned entry; who has no way abroad is left as it is.
    state : (n_trips, 3) float64
        Energy at departure, kWh; becomes energy, and driving since the last break and the last
        daily rest, at entry.
    charged_kwh : (n_trips,) float64
        Becomes what is charged right before the border.
    """
    for trip in range(len(departure_h)):
        if abroad_before_km[trip] <= 0.0:
            continue
        of_trip = truck_of(truck[trip])
        clock_h, energy_kwh, since_break_h, since_rest_h, _ = entry_state(
            departure_h[trip], state[trip, 0], abroad_before_km[trip], of_trip, limits
        )
        session_h = entry_h[trip] - clock_h
        if session_h > TOLERANCE:
            charging_h = session_h - limits.stop_cost_h - limits.plug_overhead_h
            begun_kwh = energy_kwh
            energy_kwh = hpc_level(of_trip, begun_kwh, charging_h)
            charged_kwh[trip] = energy_kwh - begun_kwh
        state[trip, 0], state[trip, 1] = energy_kwh, since_break_h
        state[trip, 2] = since_rest_h
