"""Driver rules on a stretch of driving: unplugged breaks and rests, and the way from abroad.

Breaks and rests at rest areas are taken as late as the rules allow, on arc length. Nothing is lost
by that: moving an unplugged break or rest to a later point of the same drive leaves every counter
after it equal or lower and every arrival after it the same, and a stop at a charging site in
between either resets what the moved break would have reset or does not look at it. Only a queue
looks at the clock: the search adds breaks and rests right before a site where they let its queue
get shorter. When a break is
due before the daily limit, the driver may also take the daily rest there and save the break: a
real choice, so both ways on are followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit

from planner.routing.truck_kernel import Truck, hpc_charging_h, hpc_level, lpc_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 1e-9
"""Hours, kilometres or kilowatt-hours that count as nothing."""

DOMINANCE_TOLERANCE = 1e-11
"""Slack when labels are compared, so that rounding does not keep copies of the same state."""

EXTRA_H, SINCE_BREAK_H, SINCE_REST_H, N_BREAKS, N_RESTS, HAS_PART = range(6)
"""Columns of the outcomes of a drive; the last says whether the first part of a break is taken."""

N_OUTCOME_COLUMNS = 6

AFTER_DRIVE_H, IS_REST = range(2)
"""Columns of the breaks and rests on a drive."""

_NONE, _BREAK, _REST = range(3)


class Limits(NamedTuple):
    """Driver rules and plugging times as a kernel sees them, hours.

    ``stop_cost_h`` passes at every stop, plugged in or not, before its break, rest or queue begins:
    the truck leaves the road and parks. ``first_part_h`` and ``second_part_h`` are those of a break
    in two parts, inf where it is not split.
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


@njit(cache=True)
def energy_session_h(truck: Truck, from_kwh: float, charged_kwh: float, limits: Limits) -> float:
    """Length of a high-power session that lasts as long as its energy takes, hours."""
    return float(hpc_charging_h(truck, from_kwh, charged_kwh) + limits.plug_overhead_h)


@njit(cache=True)
def unplugged_h(n_breaks: float, n_rests: float, limits: Limits) -> float:
    """Time that breaks and rests take which are stops of their own, hours."""
    return float(
        n_breaks * (limits.break_h + limits.stop_cost_h)
        + n_rests * (limits.rest_h + limits.stop_cost_h)
    )


@njit(cache=True)
def counts_as_part(hold_h: float, limits: Limits) -> bool:
    """Whether a stop that is no break is long enough to be the first part of one."""
    return bool(hold_h >= limits.first_part_h - TOLERANCE)


@njit(cache=True)
def saved_by_part_h(limits: Limits) -> float:
    """By how much a break is shorter whose first part is taken, hours."""
    return float(limits.break_h - limits.second_part_h)


@njit(cache=True)
def drive_outcomes(
    drive_h: float,
    since_break_h: float,
    since_rest_h: float,
    has_part: float,
    limits: Limits,
    outcomes: NDArray[np.float64],
) -> tuple[NDArray[np.float64], int]:
    """All undominated ways to take unplugged breaks and rests on a drive.

    Parameters
    ----------
    drive_h : float
        Driving time of the leg, hours.
    since_break_h, since_rest_h : float
        Driving since the last break and the last daily rest, hours.
    has_part : float
        1 where the first part of a split break is taken: the next break, if no rest comes before
        it, is the second part alone. Else 0.
    outcomes : (capacity, 6) float64
        Filled with a row per way: extra hours, both counters at the end, breaks, rests, and
        whether the first part is still taken.

    Returns
    -------
    outcomes : (capacity, 6) float64
        The same array, or a larger copy.
    n_outcomes : int
    """
    slack_h = min(limits.drive_to_break_h - since_break_h, limits.drive_to_rest_h - since_rest_h)
    if drive_h <= slack_h + TOLERANCE:
        outcomes[0, EXTRA_H] = 0.0
        outcomes[0, SINCE_BREAK_H] = since_break_h + drive_h
        outcomes[0, SINCE_REST_H] = since_rest_h + drive_h
        outcomes[0, N_BREAKS] = 0.0
        outcomes[0, N_RESTS] = 0.0
        outcomes[0, HAS_PART] = has_part
        return outcomes, 1
    # Two stretches of driving with a stop between them cover at least the shorter limit.
    shorter_h = min(limits.drive_to_break_h, limits.drive_to_rest_h)
    stack = np.empty((2 * int(drive_h / shorter_h) + 6, N_OUTCOME_COLUMNS))
    _write_row(stack, 0, (drive_h, since_break_h, since_rest_h, 0.0, 0.0, 0.0))
    depth = 1
    n_outcomes = 0
    while depth > 0:
        depth -= 1
        left_h, break_h, rest_h = stack[depth, 0], stack[depth, 1], stack[depth, 2]
        n_breaks, n_rests, n_short = stack[depth, 3], stack[depth, 4], stack[depth, 5]
        slack_h = min(limits.drive_to_break_h - break_h, limits.drive_to_rest_h - rest_h)
        if left_h <= slack_h + TOLERANCE:
            extra_h = unplugged_h(n_breaks, n_rests, limits)
            if n_short > 0.0:
                extra_h -= saved_by_part_h(limits)
            row = (extra_h, break_h + left_h, rest_h + left_h, n_breaks, n_rests, 0.0)
            outcomes, n_outcomes = _keep_outcome(outcomes, n_outcomes, row)
            continue
        left_h -= slack_h
        rest_h += slack_h
        _write_row(stack, depth, (left_h, 0.0, 0.0, n_breaks, n_rests + 1.0, n_short))
        depth += 1
        if limits.drive_to_rest_h - rest_h > TOLERANCE:
            if n_breaks + n_rests == 0.0:
                n_short = has_part
            _write_row(stack, depth, (left_h, 0.0, rest_h, n_breaks + 1.0, n_rests, n_short))
            depth += 1
    return outcomes, n_outcomes


@njit(cache=True)
def place_stops(
    drive_h: float,
    start: tuple[float, float],
    end: tuple[float, float],
    n_rests: int,
    limits: Limits,
    stops: NDArray[np.float64],
) -> None:
    """Say where on a drive the breaks and rests of one of its outcomes are taken.

    Of several orders with the same outcome it is the one that :func:`drive_outcomes` keeps: breaks
    first. A stop right before a queue, which leaves nothing driven since, is the last.

    Parameters
    ----------
    start, end : (float, float)
        Driving since the last break and the last daily rest, hours, at both ends of the drive.
    n_rests : int
        How many of the stops are rests.
    stops : (n_breaks + n_rests, 2) float64
        Filled with a row per stop: driving on this drive before it, hours, and whether it is a
        daily rest. NaN where no order has the outcome.
    """
    for stop in range(len(stops)):
        stops[stop, AFTER_DRIVE_H], stops[stop, IS_REST] = np.nan, 0.0
    n_due, n_due_rests = len(stops), n_rests
    is_before_queue = n_due > 0 and end[0] == 0.0
    is_rest_last = is_before_queue and n_rests > 0 and end[1] == 0.0
    if is_before_queue:
        n_due -= 1
        n_due_rests -= 1 if is_rest_last else 0
    n_due_breaks = n_due - n_due_rests
    left_h, break_h, rest_h = np.empty(n_due + 1), np.empty(n_due + 1), np.empty(n_due + 1)
    left_h[0], break_h[0], rest_h[0] = drive_h, start[0], start[1]
    # Which stop is being tried at each depth, first the break.
    tried = np.full(n_due + 1, _NONE)
    depth = 0
    while depth >= 0:
        slack_h = min(
            limits.drive_to_break_h - break_h[depth], limits.drive_to_rest_h - rest_h[depth]
        )
        is_end = left_h[depth] <= slack_h + TOLERANCE
        if is_end and depth == n_due:
            is_same_break = abs(break_h[depth] + left_h[depth] - end[0]) <= TOLERANCE
            is_same_rest = abs(rest_h[depth] + left_h[depth] - end[1]) <= TOLERANCE
            if (is_same_break or is_before_queue) and (is_same_rest or is_rest_last):
                break
        if is_end or depth == n_due or tried[depth] == _REST:
            depth -= 1
            if depth >= 0:
                n_due_breaks += 1 if tried[depth] == _BREAK else 0
                n_due_rests += 1 if tried[depth] == _REST else 0
            continue
        tried[depth] += 1
        is_rest = tried[depth] == _REST
        since_rest_h = rest_h[depth] + slack_h
        if is_rest:
            if n_due_rests == 0:
                continue
            n_due_rests -= 1
        else:
            if n_due_breaks == 0 or limits.drive_to_rest_h - since_rest_h <= TOLERANCE:
                continue
            n_due_breaks -= 1
        left_h[depth + 1] = left_h[depth] - slack_h
        break_h[depth + 1] = 0.0
        rest_h[depth + 1] = 0.0 if is_rest else since_rest_h
        tried[depth + 1] = _NONE
        depth += 1
    if depth < 0:
        return
    for stop in range(n_due):
        stops[stop, AFTER_DRIVE_H] = max(0.0, drive_h - left_h[stop + 1])
        stops[stop, IS_REST] = 1.0 if tried[stop] == _REST else 0.0
    if is_before_queue:
        stops[n_due, AFTER_DRIVE_H] = drive_h
        stops[n_due, IS_REST] = 1.0 if is_rest_last else 0.0


@njit(cache=True)
def _write_row(
    table: NDArray[np.float64],
    row: int,
    values: tuple[float, float, float, float, float, float],
) -> None:
    """Write a row value by value, which compiles much faster than assigning it at once."""
    table[row, 0], table[row, 1], table[row, 2] = values[0], values[1], values[2]
    table[row, 3], table[row, 4], table[row, 5] = values[3], values[4], values[5]


@njit(cache=True)
def _copy_row(
    table: NDArray[np.float64], row: int, other: NDArray[np.float64], other_row: int
) -> None:
    """Copy a row."""
    for column in range(N_OUTCOME_COLUMNS):
        other[other_row, column] = table[row, column]


@njit(cache=True)
def _keep_outcome(
    outcomes: NDArray[np.float64],
    n_outcomes: int,
    row: tuple[float, float, float, float, float, float],
) -> tuple[NDArray[np.float64], int]:
    """Add a way unless another is no worse; drop the ways it makes needless."""
    kept = 0
    for other in range(n_outcomes):
        if (
            outcomes[other, EXTRA_H] <= row[EXTRA_H] + DOMINANCE_TOLERANCE
            and outcomes[other, SINCE_BREAK_H] <= row[SINCE_BREAK_H] + DOMINANCE_TOLERANCE
            and outcomes[other, SINCE_REST_H] <= row[SINCE_REST_H] + DOMINANCE_TOLERANCE
        ):
            return outcomes, n_outcomes
    for other in range(n_outcomes):
        if (
            row[EXTRA_H] <= outcomes[other, EXTRA_H]
            and row[SINCE_BREAK_H] <= outcomes[other, SINCE_BREAK_H]
            and row[SINCE_REST_H] <= outcomes[other, SINCE_REST_H]
        ):
            continue
        _copy_row(outcomes, other, outcomes, kept)
        kept += 1
    if kept == len(outcomes):
        larger = np.empty((2 * kept, outcomes.shape[1]))
        for other in range(kept):
            _copy_row(outcomes, other, larger, other)
        outcomes = larger
    _write_row(outcomes, kept, row)
    return outcomes, kept + 1


@njit(cache=True)
def least_stop_h(
    drive_h: float,
    since_break_h: float,
    since_rest_h: float,
    charging_h: float,
    saved_h: float,
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
    """
    left_h = drive_h - TOLERANCE
    day_left_h = limits.drive_to_rest_h - since_rest_h
    first_h = min(limits.drive_to_break_h - since_break_h, day_left_h)
    stretch_h = min(limits.drive_to_break_h, limits.drive_to_rest_h)
    least = np.inf
    n_rests = 0
    while unplugged_h(0.0, n_rests, limits) < least:
        if day_left_h + n_rests * limits.drive_to_rest_h >= left_h:
            beyond_h = left_h - first_h - n_rests * stretch_h
            n_breaks = max(0.0, np.ceil(beyond_h / limits.drive_to_break_h))
            hours = unplugged_h(n_breaks, n_rests, limits)
            if n_breaks > 0.0:
                hours -= saved_h
            if n_rests == 0:
                hours = max(hours, charging_h)
            least = min(least, hours)
        n_rests += 1
    return least


@njit(cache=True)
def entry_state(
    departure_h: float, energy_kwh: float, abroad_km: float, truck: Truck, limits: Limits
) -> tuple[float, float, float, float]:
    """Clock, energy and counters of a truck when it enters the road graph from abroad.

    Abroad there is a charging site everywhere. The truck stops when a break or a daily rest is
    due or its energy is down to the minimum, for a break's length unless the daily rest is due,
    and is plugged in all the time; each such stop counts as a break.

    Returns
    -------
    clock_h, energy_kwh, since_break_h, since_rest_h : float
    """
    clock_h = departure_h
    since_break_h = 0.0
    since_rest_h = 0.0
    left_km = abroad_km
    while left_km > TOLERANCE:
        rule_h = min(limits.drive_to_break_h - since_break_h, limits.drive_to_rest_h - since_rest_h)
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
        if limits.drive_to_rest_h - since_rest_h <= TOLERANCE:
            since_rest_h = 0.0
            clock_h += limits.rest_h
            energy_kwh = lpc_level(truck, energy_kwh, limits.rest_h)
        else:
            clock_h += limits.break_h
            energy_kwh = hpc_level(truck, energy_kwh, limits.break_h)
    return clock_h, energy_kwh, since_break_h, since_rest_h


@njit(cache=True)
def charged_at_border(
    entry: tuple[float, float, float, float], charged_kwh: float, truck: Truck, limits: Limits
) -> tuple[float, float, float, float]:
    """Entry state of a truck that charges right before the border.

    The session lasts as long as its energy takes; it is no break and resets no counter.

    Parameters
    ----------
    entry : clock_h, energy_kwh, since_break_h, since_rest_h
        As from :func:`entry_state`.
    charged_kwh : float
        Energy charged on top, > 0.
    """
    session_h = limits.stop_cost_h + energy_session_h(truck, entry[1], charged_kwh, limits)
    return entry[0] + session_h, entry[1] + charged_kwh, entry[2], entry[3]
