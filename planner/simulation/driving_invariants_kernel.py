"""The longest drives of planned trips between breaks and between daily and weekly rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.driving_calendar_kernel import (
    day_of_week,
    day_rest_h,
    driven_before_h,
    until_ban_h,
)
from planner.routing.driving_kernel import Limits, after_wait, counts_as_part, entry_state
from planner.routing.trip_bound_kernel import HPC_BREAK, HPC_INTERMEDIATE, LPC_REST
from planner.routing.truck_kernel import truck_of
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEK_H, LAST_WEEK_H, LONG_DAYS, REDUCED_RESTS, DAYS = range(5)
"""What is counted of a driver's week: driving in it and in the week before, hours, days of more
than the regular driving time, rests shorter than the regular one, days of driving."""

N_COUNTS = 5

TO_BREAK, TO_REST, TO_WEEKLY_REST = range(3)
"""Columns of the longest drives."""

N_DRIVES = 3


@inner_kernel
def due_length_h(kind: int, has_part: bool, day: float, limits: Limits) -> float:  # noqa: FBT001
    """Least length of a stop of its kind, hours."""
    if kind == LPC_REST:
        return float(day_rest_h(day, limits.rest_h, limits.week))
    if kind == HPC_INTERMEDIATE:
        return 0.0
    return float(limits.second_part_h if has_part else limits.break_h)


@inner_kernel
def begin_week(counts: NDArray[np.float64], day: float, limits: Limits) -> None:
    """Begin the counts of a driver's week with what is assumed of the days before the trip."""
    for column in range(N_COUNTS):
        counts[column] = 0.0
    week = limits.week
    if week.n_days > 0:
        today = day_of_week(day, week)
        counts[WEEK_H] = driven_before_h(today, week)
        since = today if today < week.n_days else today - week.n_days
        counts[LONG_DAYS] = min(since, week.n_long_days)
        counts[REDUCED_RESTS] = min(since, week.n_reduced_rests)
        counts[DAYS] = since


@inner_kernel
def end_day(
    counts: NDArray[np.float64], driven_h: float, stood_h: float, limits: Limits, slack_h: float
) -> bool:
    """Count a day and the rest after it; whether the law allows both.

    Parameters
    ----------
    driven_h, stood_h : float
        Driving of the day, and the rest after it, hours; that at the end of the trip is none.
    """
    week = limits.week
    if week.n_days == 0:
        return True
    counts[DAYS] += 1
    counts[LONG_DAYS] += 1 if driven_h > week.day_h + slack_h else 0
    is_right = (
        counts[DAYS] <= week.n_days
        and counts[LONG_DAYS] <= week.n_long_days
        and counts[WEEK_H] <= week.hours + slack_h
        and counts[WEEK_H] + counts[LAST_WEEK_H] <= week.hours + week.next_hours + slack_h
    )
    if stood_h >= week.weekly_rest_h - slack_h:
        counts[LAST_WEEK_H], counts[WEEK_H] = counts[WEEK_H], 0.0
        counts[LONG_DAYS], counts[REDUCED_RESTS], counts[DAYS] = 0.0, 0.0, 0.0
    elif 0.0 < stood_h < week.rest_h - slack_h:
        counts[REDUCED_RESTS] += 1
        is_right = is_right and counts[REDUCED_RESTS] <= week.n_reduced_rests
    return bool(is_right)


@kernel
def fill_longest_drives(
    is_served: NDArray[np.bool_],
    departure_h: NDArray[np.float64],
    initial_kwh: NDArray[np.float64],
    abroad_before_km: NDArray[np.float64],
    entry_h: NDArray[np.float64],
    truck: NDArray[np.float64],
    limits: Limits,
    stop_offset: NDArray[np.int64],
    stop_kind: NDArray[np.int8],
    stop_plug_h: NDArray[np.float64],
    stop_hold_h: NDArray[np.float64],
    leg_start_h: NDArray[np.float64],
    leg_drive_h: NDArray[np.float64],
    unplugged_offset: NDArray[np.int64],
    unplugged_leg: NDArray[np.int32],
    unplugged_after_drive_h: NDArray[np.float64],
    unplugged_length_h: NDArray[np.float64],
    unplugged_is_rest: NDArray[np.bool_],
    tolerance_h: float,
    longest_h: NDArray[np.float64],
    banned_h: NDArray[np.float64],
) -> None:
    """Follow each trip's counters from stop to stop.

    Parameters
    ----------
    departure_h, initial_kwh, abroad_before_km : (n_trips,) float64
        What the entry from abroad depends on.
    entry_h : (n_trips,) float64
        When it enters the road graph.
    truck : (n_trips, n_columns) float64
        Columns as in ``Truck``.
    leg_start_h, leg_drive_h : (n_trips + n_stops,) float64
        When each leg begins, hours, and its driving time; a trip has one leg more than stops.
    tolerance_h : float
        By how much a break may lie beside its leg, hours.
    longest_h : (n_trips, 3) float64
        Filled with the longest drives without break, daily and weekly rest, hours; infinite where
        a break or rest does not lie on its leg, not in order, or is too short, or a day or rest
        is one more than the week allows. Unserved trips stay as they are.
    banned_h : (n_trips,) float64
        Filled with when it first drives in a ban, NaN where it never does.
    """
    counts = np.empty(N_COUNTS)
    for trip in range(len(is_served)):
        banned_h[trip] = np.nan
        if not is_served[trip]:
            continue
        clock_h, _, since_break_h, since_rest_h, day = entry_state(
            departure_h[trip],
            initial_kwh[trip],
            abroad_before_km[trip],
            truck_of(truck[trip]),
            limits,
        )
        if limits.ban.days != 0:
            # Charging before the border may have led into a ban.
            since_break_h, since_rest_h, _, day = after_wait(
                entry_h[trip] - clock_h, since_break_h, since_rest_h, 0.0, day, limits
            )
        begin_week(counts, day, limits)
        counts[WEEK_H] += since_rest_h
        first_stop, n_stops = stop_offset[trip], stop_offset[trip + 1] - stop_offset[trip]
        row, end = unplugged_offset[trip], unplugged_offset[trip + 1]
        has_part, is_right = False, True
        for leg in range(n_stops + 1):
            driven_h = 0.0
            clock_h = leg_start_h[first_stop + trip + leg]
            while True:
                is_unplugged = row < end and unplugged_leg[row] == leg
                until_h = leg_drive_h[first_stop + trip + leg]
                if is_unplugged:
                    until_h = unplugged_after_drive_h[row]
                step_h = until_h - driven_h
                is_right = is_right and step_h >= -tolerance_h
                if until_ban_h(clock_h, limits.ban) < step_h - tolerance_h and np.isnan(
                    banned_h[trip]
                ):
                    banned_h[trip] = clock_h + until_ban_h(clock_h, limits.ban)
                since_break_h += step_h
                since_rest_h += step_h
                counts[WEEK_H] += step_h
                longest_h[trip, TO_BREAK] = max(longest_h[trip, TO_BREAK], since_break_h)
                longest_h[trip, TO_REST] = max(longest_h[trip, TO_REST], since_rest_h)
                longest_h[trip, TO_WEEKLY_REST] = max(
                    longest_h[trip, TO_WEEKLY_REST], counts[WEEK_H]
                )
                if not is_unplugged:
                    break
                is_rest = unplugged_is_rest[row]
                kind = LPC_REST if is_rest else HPC_BREAK
                length_h = unplugged_length_h[row]
                due_h = due_length_h(kind, has_part, day, limits)
                is_right = is_right and length_h >= due_h - tolerance_h
                since_break_h, has_part = 0.0, False
                if is_rest:
                    is_right = is_right and end_day(
                        counts, since_rest_h, length_h, limits, tolerance_h
                    )
                    since_rest_h, day = 0.0, day + 1.0
                clock_h += step_h + limits.stop_cost_h + length_h
                driven_h = until_h
                row += 1
            if leg < n_stops:
                stop = first_stop + leg
                kind, hold_h = stop_kind[stop], stop_hold_h[stop]
                due_h = due_length_h(kind, has_part, day, limits)
                is_right = is_right and hold_h >= due_h - tolerance_h
                # All that a stop lasts beyond its charging or break is the wait for a ban's end.
                wait_h = 0.0
                if limits.ban.days != 0:
                    is_break = kind == HPC_BREAK and limits.frees_plug_when_charged
                    wait_h = hold_h - (due_h if is_break else stop_plug_h[stop])
                has_part = kind == HPC_INTERMEDIATE and (
                    has_part or counts_as_part(hold_h - wait_h, limits)
                )
                if kind in (HPC_BREAK, LPC_REST):
                    since_break_h = 0.0
                if kind == LPC_REST:
                    is_right = is_right and end_day(
                        counts, since_rest_h, hold_h, limits, tolerance_h
                    )
                    since_rest_h, day = 0.0, day + 1.0
                if wait_h > 0.0:
                    day_driven_h, before = since_rest_h, day
                    since_break_h, since_rest_h, part, day = after_wait(
                        wait_h, since_break_h, since_rest_h, 1.0 if has_part else 0.0, day, limits
                    )
                    has_part = part > 0.0
                    if day > before:
                        is_right = is_right and end_day(
                            counts, day_driven_h, hold_h, limits, tolerance_h
                        )
        is_right = is_right and end_day(counts, since_rest_h, 0.0, limits, tolerance_h)
        if row < end or not is_right:
            longest_h[trip, TO_BREAK], longest_h[trip, TO_REST] = np.inf, np.inf
