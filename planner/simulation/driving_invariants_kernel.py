"""The longest drives of planned trips between breaks and between daily rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from planner.routing.driving_kernel import Limits, counts_as_part, entry_state
from planner.routing.trip_bound_kernel import HPC_BREAK, HPC_INTERMEDIATE, LPC_REST
from planner.routing.truck_kernel import truck_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True)
def due_length_h(kind: int, has_part: bool, limits: Limits) -> float:  # noqa: FBT001
    """Least length of a stop of its kind, hours."""
    if kind == LPC_REST:
        return float(limits.rest_h)
    if kind == HPC_INTERMEDIATE:
        return 0.0
    return float(limits.second_part_h if has_part else limits.break_h)


@njit(cache=True)
def fill_longest_drives(
    is_served: NDArray[np.bool_],
    departure_h: NDArray[np.float64],
    initial_kwh: NDArray[np.float64],
    abroad_before_km: NDArray[np.float64],
    truck: NDArray[np.float64],
    limits: Limits,
    stop_offset: NDArray[np.int64],
    stop_kind: NDArray[np.int8],
    stop_hold_h: NDArray[np.float64],
    leg_drive_h: NDArray[np.float64],
    unplugged_offset: NDArray[np.int64],
    unplugged_leg: NDArray[np.int32],
    unplugged_after_drive_h: NDArray[np.float64],
    unplugged_length_h: NDArray[np.float64],
    unplugged_is_rest: NDArray[np.bool_],
    tolerance_h: float,
    longest_h: NDArray[np.float64],
) -> None:
    """Follow each trip's counters from stop to stop.

    Parameters
    ----------
    departure_h, initial_kwh, abroad_before_km : (n_trips,) float64
        What the entry from abroad depends on.
    truck : (n_trips, n_columns) float64
        Columns as in ``Truck``.
    leg_drive_h : (n_trips + n_stops,) float64
        Driving time of each leg, hours; a trip has one leg more than stops.
    tolerance_h : float
        By how much a break may lie beside its leg, hours.
    longest_h : (n_trips, 2) float64
        Filled with the longest drive without break and without daily rest, hours; infinite where
        a break or rest does not lie on its leg, not in order, or is too short. Unserved trips stay
        as they are.
    """
    for trip in range(len(is_served)):
        if not is_served[trip]:
            continue
        _, _, since_break_h, since_rest_h = entry_state(
            departure_h[trip],
            initial_kwh[trip],
            abroad_before_km[trip],
            truck_of(truck[trip]),
            limits,
        )
        first_stop, n_stops = stop_offset[trip], stop_offset[trip + 1] - stop_offset[trip]
        row, end = unplugged_offset[trip], unplugged_offset[trip + 1]
        has_part = False
        for leg in range(n_stops + 1):
            driven_h = 0.0
            while True:
                is_unplugged = row < end and unplugged_leg[row] == leg
                until_h = leg_drive_h[first_stop + trip + leg]
                if is_unplugged:
                    until_h = unplugged_after_drive_h[row]
                step_h = until_h - driven_h
                if not step_h >= -tolerance_h:
                    longest_h[trip, 0], longest_h[trip, 1] = np.inf, np.inf
                since_break_h += step_h
                since_rest_h += step_h
                longest_h[trip, 0] = max(longest_h[trip, 0], since_break_h)
                longest_h[trip, 1] = max(longest_h[trip, 1], since_rest_h)
                if not is_unplugged:
                    break
                is_rest = unplugged_is_rest[row]
                kind = LPC_REST if is_rest else HPC_BREAK
                if unplugged_length_h[row] < due_length_h(kind, has_part, limits) - tolerance_h:
                    longest_h[trip, 0], longest_h[trip, 1] = np.inf, np.inf
                since_break_h, has_part = 0.0, False
                if is_rest:
                    since_rest_h = 0.0
                driven_h = until_h
                row += 1
            if leg < n_stops:
                kind = stop_kind[first_stop + leg]
                hold_h = stop_hold_h[first_stop + leg]
                if hold_h < due_length_h(kind, has_part, limits) - tolerance_h:
                    longest_h[trip, 0], longest_h[trip, 1] = np.inf, np.inf
                has_part = kind == HPC_INTERMEDIATE and (has_part or counts_as_part(hold_h, limits))
                if kind in (HPC_BREAK, LPC_REST):
                    since_break_h = 0.0
                if kind == LPC_REST:
                    since_rest_h = 0.0
        if row < end:
            longest_h[trip, 0], longest_h[trip, 1] = np.inf, np.inf
