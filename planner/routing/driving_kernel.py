"""Driver rules: what they ask for, bounds on it, and the way from abroad."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.routing.driving_calendar_kernel import (
    DriverWeek,
    DrivingBan,
    ban_ahead,
    ban_wait_h,
    day_drive_h,
    day_rest_h,
    first_day,
)
from planner.routing.truck_kernel import Truck, hpc_charging_h, hpc_level, lpc_level
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

TOLERANCE = 1e-9
"""Hours, kilometres or kilowatt-hours that count as nothing."""

DOMINANCE_TOLERANCE = 1e-11
"""Slack when labels are compared, so that rounding does not keep copies of the same state."""


class Limits(NamedTuple):
    """Driver rules and plugging times as a kernel sees them, hours.

    ``stop_cost_h`` passes at every stop, plugged in or not, before its break, rest or queue begins:
    the truck leaves the road and parks. ``first_part_h`` and ``second_part_h`` are those of a break
    in two parts, inf where it is not split. Where days differ by ``week``, ``drive_to_rest_h`` is
    the longest day and ``rest_h`` the shortest rest, as bounds on plans have it.
    """

    drive_to_break_h: float
    break_h: float
    drive_to_rest_h: float
    rest_h: float
    plug_overhead_h: float
    frees_plug_when_charged: bool
    stop_cost_h: float = 0.0
    first_part_h: float = np.inf
    second_part_h: float = np.inf
    ban: DrivingBan = DrivingBan()
    week: DriverWeek = DriverWeek()


@inner_kernel(**UNCOUNTED)
def energy_session_h(truck: Truck, from_kwh: float, charged_kwh: float, limits: Limits) -> float:
    """Length of a high-power session that lasts as long as its energy takes, hours."""
    return float(hpc_charging_h(truck, from_kwh, charged_kwh) + limits.plug_overhead_h)


@inner_kernel(**UNCOUNTED)
def unplugged_h(n_breaks: float, n_rests: float, limits: Limits) -> float:
    """Time that breaks and rests take which are stops of their own, hours."""
    return float(
        n_breaks * (limits.break_h + limits.stop_cost_h)
        + n_rests * (limits.rest_h + limits.stop_cost_h)
    )


@inner_kernel(**UNCOUNTED)
def standing_h(n_breaks: float, n_rests: float, day: float, limits: Limits) -> float:
    """Time that breaks and rests take which are stops of their own, the first rest after a day."""
    if limits.week.n_days == 0:
        return unplugged_h(n_breaks, n_rests, limits)
    hours = n_breaks * (limits.break_h + limits.stop_cost_h)
    for number in range(int(n_rests)):
        hours += limits.stop_cost_h + day_rest_h(day + number, limits.rest_h, limits.week)
    return float(hours)


@inner_kernel(**UNCOUNTED)
def set_out(
    clock_h: float,
    since_break_h: float,
    since_rest_h: float,
    has_part: float,
    day: float,
    limits: Limits,
) -> tuple[float, float, float, float, float]:
    """Clock, counters, part and day of a truck that drives on once no ban holds."""
    wait_h = ban_wait_h(clock_h, limits.ban) if limits.ban.days != 0 else 0.0
    if wait_h == 0.0:
        return clock_h, since_break_h, since_rest_h, has_part, day
    since_break_h, since_rest_h, has_part, day = after_wait(
        wait_h, since_break_h, since_rest_h, has_part, day, limits
    )
    return clock_h + wait_h, since_break_h, since_rest_h, has_part, day


@inner_kernel(**UNCOUNTED)
def after_wait(
    wait_h: float,
    since_break_h: float,
    since_rest_h: float,
    has_part: float,
    day: float,
    limits: Limits,
) -> tuple[float, float, float, float]:
    """Counters, part and day after waiting for the end of a ban.

    The wait counts as the break or the daily rest that it is long enough for.
    """
    if wait_h >= limits.stop_cost_h + limits.break_h - TOLERANCE:
        since_break_h, has_part = 0.0, 0.0
    rest_h = day_rest_h(day, limits.rest_h, limits.week)
    if since_rest_h > 0.0 and wait_h >= limits.stop_cost_h + rest_h - TOLERANCE:
        since_rest_h, day = 0.0, day + 1.0
    return since_break_h, since_rest_h, has_part, day


@inner_kernel(**UNCOUNTED)
def counts_as_part(hold_h: float, limits: Limits) -> bool:
    """Whether a stop that is no break is long enough to be the first part of one."""
    return bool(hold_h >= limits.first_part_h - TOLERANCE)


@inner_kernel(**UNCOUNTED)
def saved_by_part_h(limits: Limits) -> float:
    """By how much a break is shorter whose first part is taken, hours."""
    return float(limits.break_h - limits.second_part_h)


@inner_kernel(**UNCOUNTED)
def least_stop_h(
    drive_h: float,
    since_break_h: float,
    since_rest_h: float,
    charging_h: float,
    saved_h: float,
    clock_h: float,
    day: float,
    limits: Limits,
) -> float:
    """Lower bound on the hours that stops add to a remaining drive.

    For every number of rests: as many breaks as the driving beyond the rests needs at least, each
    taken to cover a full stretch. Without a rest the truck is plugged in at most as long as it
    stands, so standing lasts at least as long as the missing energy takes at high power.

    Parameters
    ----------
    drive_h : float
        Least remaining driving time, hours.
    charging_h : float
        Time that the missing energy takes at high power, hours; negative where none is missing.
    saved_h : float
        By how much the first break is shorter at most, hours.
    clock_h, day : float
        When it begins, and on which day of the driver's week. Who cannot end it before a ban
        stands all through that.
    """
    left_h = drive_h - TOLERANCE
    day_left_h = day_drive_h(day, limits.drive_to_rest_h, limits.week) - since_rest_h
    first_h = min(limits.drive_to_break_h - since_break_h, day_left_h)
    stretch_h = min(limits.drive_to_break_h, limits.drive_to_rest_h)
    least = np.inf
    n_rests = 0
    reach_h = day_left_h
    while standing_h(0.0, n_rests, day, limits) < least:
        if n_rests > 0 and limits.week.n_days != 0:
            reach_h += day_drive_h(day + n_rests, limits.drive_to_rest_h, limits.week)
        elif n_rests > 0:
            reach_h = day_left_h + n_rests * limits.drive_to_rest_h
        if reach_h >= left_h:
            beyond_h = left_h - first_h - n_rests * stretch_h
            n_breaks = max(0.0, np.ceil(beyond_h / limits.drive_to_break_h))
            hours = standing_h(n_breaks, n_rests, day, limits)
            if n_breaks > 0.0:
                hours -= saved_h
            if n_rests == 0:
                hours = max(hours, charging_h)
            least = min(least, hours)
        n_rests += 1
    if limits.ban.days != 0:
        begin_h, end_h = ban_ahead(clock_h, limits.ban)
        if clock_h + left_h > begin_h:
            least = max(least, end_h - max(clock_h, begin_h))
    return least


@inner_kernel
def entry_state(
    departure_h: float, energy_kwh: float, abroad_km: float, truck: Truck, limits: Limits
) -> tuple[float, float, float, float, float]:
    """Clock, energy, counters and day of a truck when it enters the road graph from abroad.

    Abroad there is a charging site everywhere and no ban. The truck stops when a break or a daily
    rest is due or its energy is down to the minimum, for a break's length unless the daily rest is
    due, and is plugged in all the time; each such stop counts as a break. In a ban it waits where
    it would enter.

    Returns
    -------
    clock_h, energy_kwh, since_break_h, since_rest_h, day : float
    """
    clock_h = departure_h
    since_break_h = 0.0
    since_rest_h = 0.0
    day = first_day(departure_h, limits.week)
    left_km = abroad_km
    while left_km > TOLERANCE:
        of_day_h = day_drive_h(day, limits.drive_to_rest_h, limits.week)
        rule_h = min(limits.drive_to_break_h - since_break_h, of_day_h - since_rest_h)
        reach_km = max(0.0, energy_kwh - truck.min_kwh) / truck.kwh_per_km
        step_km = min(left_km, reach_km, rule_h * truck.speed_kmh)
        step_h = step_km / truck.speed_kmh
        clock_h += step_h
        since_break_h += step_h
        since_rest_h += step_h
        energy_kwh -= step_km * truck.kwh_per_km
        left_km -= step_km
        if left_km <= TOLERANCE:
            break
        since_break_h = 0.0
        clock_h += limits.stop_cost_h
        if of_day_h - since_rest_h <= TOLERANCE:
            since_rest_h = 0.0
            rest_h = day_rest_h(day, limits.rest_h, limits.week)
            day += 1.0
            clock_h += rest_h
            energy_kwh = lpc_level(truck, energy_kwh, rest_h)
        else:
            clock_h += limits.break_h
            energy_kwh = hpc_level(truck, energy_kwh, limits.break_h)
    clock_h, since_break_h, since_rest_h, _, day = set_out(
        clock_h, since_break_h, since_rest_h, 0.0, day, limits
    )
    return clock_h, energy_kwh, since_break_h, since_rest_h, day


@inner_kernel
def charged_at_border(
    entry: tuple[float, float, float, float, float],
    charged_kwh: float,
    truck: Truck,
    limits: Limits,
) -> tuple[float, float, float, float, float]:
    """Entry state of a truck that charges right before the border.

    The session lasts as long as its energy takes; it is no break and resets no counter.

    Parameters
    ----------
    entry : clock_h, energy_kwh, since_break_h, since_rest_h, day
        As from :func:`entry_state`.
    charged_kwh : float
        Energy charged on top, > 0.
    """
    session_h = limits.stop_cost_h + energy_session_h(truck, entry[1], charged_kwh, limits)
    clock_h, since_break_h, since_rest_h, _, day = set_out(
        entry[0] + session_h, entry[2], entry[3], 0.0, entry[4], limits
    )
    return clock_h, entry[1] + charged_kwh, since_break_h, since_rest_h, day
