"""Driver rules on a stretch of driving: unplugged breaks and rests, and bans on the road.

Breaks and rests at rest areas are taken as late as the rules allow, on arc length. Nothing is lost
by that: moving an unplugged break or rest to a later point of the same drive leaves every counter
after it equal or lower and every arrival after it the same, and a stop at a charging site in
between either resets what the moved break would have reset or does not look at it. Only a queue
looks at the clock: the search adds breaks and rests right before a site where they let its queue
get shorter. When a break is
due before the daily limit, the driver may also take the daily rest there and save the break: a
real choice, so both ways on are followed. A driving ban that finds the truck on the road stands for
the rest that it is long enough for (:mod:`planner.routing.driving_calendar_kernel`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.driving_calendar_kernel import (
    ban_ahead,
    ban_wait_h,
    day_drive_h,
    day_rest_h,
    until_ban_h,
)
from planner.routing.driving_kernel import (
    DOMINANCE_TOLERANCE,
    TOLERANCE,
    Limits,
    saved_by_part_h,
    standing_h,
)
from planner.runs.kernel_decorators import UNCOUNTED, inner_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXTRA_H, SINCE_BREAK_H, SINCE_REST_H, N_BREAKS, N_RESTS, HAS_PART, N_SHORT = range(7)
"""Columns of the outcomes of a drive; the last two say whether the first part of a break is still
taken, and whether the first break is the second part of one."""

N_OUTCOME_COLUMNS = 7

BAN_H = HAS_PART
"""Column of a way that is not at its end: by how much bans make its breaks and rests longer."""

AFTER_DRIVE_H, IS_REST, LENGTH_H = range(3)
"""Columns of the breaks and rests on a drive."""

N_PLACED_COLUMNS = 3

_NONE, _BREAK, _REST = range(3)


@inner_kernel
def drive_outcomes(
    drive_h: float,
    since_break_h: float,
    since_rest_h: float,
    has_part: float,
    clock_h: float,
    day: float,
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
    clock_h : float
        When the truck sets out, not in a ban.
    day : float
        Day of the driver's week.
    outcomes : (capacity, 7) float64
        Filled with a row per way: extra hours, both counters at the end, breaks, rests, whether
        the first part is still taken, and whether the first break is the second part alone. A ban
        on the road is the rest or break that it stands for, its length part of the extra hours.

    Returns
    -------
    outcomes : (capacity, 7) float64
        The same array, or a larger copy.
    n_outcomes : int
    """
    has_bans, has_weeks = limits.ban.days != 0, limits.week.n_days != 0
    slack_h = min(
        limits.drive_to_break_h - since_break_h,
        day_drive_h(day, limits.drive_to_rest_h, limits.week) - since_rest_h,
    )
    if has_bans:
        slack_h = min(slack_h, until_ban_h(clock_h, limits.ban))
    if drive_h <= slack_h + TOLERANCE:
        outcomes[0, EXTRA_H] = 0.0
        outcomes[0, SINCE_BREAK_H] = since_break_h + drive_h
        outcomes[0, SINCE_REST_H] = since_rest_h + drive_h
        outcomes[0, N_BREAKS] = 0.0
        outcomes[0, N_RESTS] = 0.0
        outcomes[0, HAS_PART] = has_part
        outcomes[0, N_SHORT] = 0.0
        return outcomes, 1
    # Two stretches of driving with a stop between them cover at least the shorter limit.
    shorter_h = min(limits.drive_to_break_h, limits.drive_to_rest_h)
    stack = np.empty((2 * int(drive_h / shorter_h) + 6, N_OUTCOME_COLUMNS))
    _write_row(stack, 0, (drive_h, since_break_h, since_rest_h, 0.0, 0.0, 0.0, 0.0))
    depth = 1
    n_outcomes = 0
    while depth > 0:
        depth -= 1
        left_h, break_h, rest_h = stack[depth, 0], stack[depth, 1], stack[depth, 2]
        n_breaks, n_rests, n_short = stack[depth, 3], stack[depth, 4], stack[depth, N_SHORT]
        ban_h = stack[depth, BAN_H]
        today = day + n_rests
        of_day_h = day_drive_h(today, limits.drive_to_rest_h, limits.week)
        slack_h = min(limits.drive_to_break_h - break_h, of_day_h - rest_h)
        is_caught = False
        now_h = clock_h
        if has_bans:
            stood_h = standing_h(n_breaks, n_rests, day, limits) + ban_h
            if n_short > 0.0:
                stood_h -= saved_by_part_h(limits)
            now_h = clock_h + drive_h - left_h + stood_h
            until_h = until_ban_h(now_h, limits.ban)
            if until_h < min(left_h, slack_h) - TOLERANCE:
                is_caught, slack_h = True, until_h
        if left_h <= slack_h + TOLERANCE and not is_caught:
            extra_h = standing_h(n_breaks, n_rests, day, limits)
            if n_short > 0.0:
                extra_h -= saved_by_part_h(limits)
            extra_h += ban_h
            row = (extra_h, break_h + left_h, rest_h + left_h, n_breaks, n_rests, 0.0, n_short)
            outcomes, n_outcomes = _keep_outcome(outcomes, n_outcomes, row, has_weeks)
            continue
        left_h -= slack_h
        rest_h += slack_h
        now_h += slack_h
        if depth + 2 > len(stack):
            stack = _with_rows(stack, depth)
        longer_h = 0.0
        if has_bans:
            stop_h = limits.stop_cost_h + day_rest_h(today, limits.rest_h, limits.week)
            longer_h = ban_wait_h(now_h + stop_h, limits.ban)
        if not is_caught or is_rest_in_ban(now_h, today, limits):
            row = (left_h, 0.0, 0.0, n_breaks, n_rests + 1.0, ban_h + longer_h, n_short)
            _write_row(stack, depth, row)
            depth += 1
            if is_caught:
                continue
        if is_caught or of_day_h - rest_h > TOLERANCE:
            if n_breaks + n_rests == 0.0:
                n_short = has_part
            if has_bans:
                stop_h = limits.stop_cost_h + limits.break_h
                if n_short > 0.0 and n_breaks + n_rests == 0.0:
                    stop_h -= saved_by_part_h(limits)
                longer_h = ban_wait_h(now_h + stop_h, limits.ban)
            row = (left_h, 0.0, rest_h, n_breaks + 1.0, n_rests, ban_h + longer_h, n_short)
            _write_row(stack, depth, row)
            depth += 1
    return outcomes, n_outcomes


@inner_kernel(**UNCOUNTED)
def is_rest_in_ban(clock_h: float, day: float, limits: Limits) -> bool:
    """Whether a ban that finds a truck on the road is long enough for the rest after a day."""
    rest_h = limits.stop_cost_h + day_rest_h(day, limits.rest_h, limits.week)
    return bool(ban_ahead(clock_h, limits.ban)[1] - clock_h >= rest_h - TOLERANCE)


@inner_kernel
def place_stops(
    drive_h: float,
    start: tuple[float, float, float, float, float],
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
    start : (float, float, float, float, float)
        Driving since the last break and the last daily rest, hours, whether the first part of a
        break is taken, the clock, hours, and the day of the driver's week.
    end : (float, float)
        Driving since the last break and the last daily rest at the end of the drive, hours.
    n_rests : int
        How many of the stops are rests.
    stops : (n_breaks + n_rests, 3) float64
        Filled with a row per stop: driving on this drive before it, hours, whether it is a daily
        rest, and its length, hours. NaN where no order has the outcome.
    """
    for stop in range(len(stops)):
        stops[stop, AFTER_DRIVE_H], stops[stop, IS_REST] = np.nan, 0.0
        stops[stop, LENGTH_H] = np.nan
    n_due, n_due_rests = len(stops), n_rests
    is_before_queue = n_due > 0 and end[0] == 0.0
    is_rest_last = is_before_queue and n_rests > 0 and end[1] == 0.0
    if is_before_queue:
        n_due -= 1
        n_due_rests -= 1 if is_rest_last else 0
    n_due_breaks = n_due - n_due_rests
    left_h, break_h, rest_h = np.empty(n_due + 1), np.empty(n_due + 1), np.empty(n_due + 1)
    clock_h, day = np.empty(n_due + 1), np.empty(n_due + 1)
    left_h[0], break_h[0], rest_h[0] = drive_h, start[0], start[1]
    clock_h[0], day[0] = start[3], start[4]
    # Which stop is being tried at each depth, first the break.
    tried = np.full(n_due + 1, _NONE)
    depth = 0
    while depth >= 0:
        of_day_h = day_drive_h(day[depth], limits.drive_to_rest_h, limits.week)
        slack_h = min(limits.drive_to_break_h - break_h[depth], of_day_h - rest_h[depth])
        until_h = until_ban_h(clock_h[depth], limits.ban)
        is_caught = until_h < min(left_h[depth], slack_h) - TOLERANCE
        if is_caught:
            slack_h = until_h
        is_end = left_h[depth] <= slack_h + TOLERANCE and not is_caught
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
        now_h = clock_h[depth] + slack_h
        if is_caught and is_rest != is_rest_in_ban(now_h, day[depth], limits):
            continue
        if is_rest:
            if n_due_rests == 0:
                continue
            n_due_rests -= 1
        else:
            if n_due_breaks == 0 or (of_day_h - since_rest_h <= TOLERANCE and not is_caught):
                continue
            n_due_breaks -= 1
        has_part = depth == 0 and start[2] > 0.0
        stops[depth, LENGTH_H] = stop_length_h(now_h, is_rest, has_part, day[depth], limits)
        clock_h[depth + 1] = now_h + limits.stop_cost_h + stops[depth, LENGTH_H]
        day[depth + 1] = day[depth] + (1.0 if is_rest else 0.0)
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
        has_part = n_due == 0 and start[2] > 0.0
        now_h = clock_h[n_due] + left_h[n_due]
        stops[n_due, LENGTH_H] = stop_length_h(now_h, is_rest_last, has_part, day[n_due], limits)


@inner_kernel(**UNCOUNTED)
def stop_length_h(
    clock_h: float,
    is_rest: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
    has_part: bool,  # noqa: FBT001
    day: float,
    limits: Limits,
) -> float:
    """Length of an unplugged break or rest for which the truck leaves the road now, hours.

    It lasts until no ban holds any more.
    """
    if is_rest:
        length_h = day_rest_h(day, limits.rest_h, limits.week)
    else:
        length_h = limits.second_part_h if has_part else limits.break_h
    if limits.ban.days != 0:
        length_h += ban_wait_h(clock_h + limits.stop_cost_h + length_h, limits.ban)
    return float(length_h)


@inner_kernel
def _with_rows(stack: NDArray[np.float64], n_rows: int) -> NDArray[np.float64]:
    """Return a copy with room for twice as many rows."""
    larger = np.empty((2 * len(stack), stack.shape[1]))
    for row in range(n_rows):
        _copy_row(stack, row, larger, row)
    return larger


@inner_kernel(**UNCOUNTED)
def _write_row(
    table: NDArray[np.float64],
    row: int,
    values: tuple[float, float, float, float, float, float, float],
) -> None:
    """Write a row value by value, which compiles much faster than assigning it at once."""
    table[row, 0], table[row, 1], table[row, 2] = values[0], values[1], values[2]
    table[row, 3], table[row, 4], table[row, 5] = values[3], values[4], values[5]
    table[row, 6] = values[6]


@inner_kernel(**UNCOUNTED)
def _copy_row(
    table: NDArray[np.float64], row: int, other: NDArray[np.float64], other_row: int
) -> None:
    """Copy a row."""
    for column in range(N_OUTCOME_COLUMNS):
        other[other_row, column] = table[row, column]


@inner_kernel
def _keep_outcome(
    outcomes: NDArray[np.float64],
    n_outcomes: int,
    row: tuple[float, float, float, float, float, float, float],
    is_day_compared: bool,  # noqa: FBT001 - kernels have no keyword-only arguments
) -> tuple[NDArray[np.float64], int]:
    """Add a way unless another is no worse; drop the ways it makes needless.

    Where days differ, a way is worse or better than others with as many rests alone.
    """
    kept = 0
    for other in range(n_outcomes):
        if (
            outcomes[other, EXTRA_H] <= row[EXTRA_H] + DOMINANCE_TOLERANCE
            and outcomes[other, SINCE_BREAK_H] <= row[SINCE_BREAK_H] + DOMINANCE_TOLERANCE
            and outcomes[other, SINCE_REST_H] <= row[SINCE_REST_H] + DOMINANCE_TOLERANCE
            and not (is_day_compared and outcomes[other, N_RESTS] != row[N_RESTS])
        ):
            return outcomes, n_outcomes
    for other in range(n_outcomes):
        if (
            row[EXTRA_H] <= outcomes[other, EXTRA_H]
            and row[SINCE_BREAK_H] <= outcomes[other, SINCE_BREAK_H]
            and row[SINCE_REST_H] <= outcomes[other, SINCE_REST_H]
            and not (is_day_compared and outcomes[other, N_RESTS] != row[N_RESTS])
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
