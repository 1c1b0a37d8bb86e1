"""What drivers may do by the calendar: hours of a driving ban, days of their week.

A truck that a ban finds on the road leaves it and stands until the ban ends; one at a site goes on
charging or resting and drives on at its end. Nobody drives in a ban, so nothing that a driver does
before it depends on what comes after: who comes earlier with as much charge and no more driving
behind him never ends later.

Days of a driver's week are counted by daily rests, not by the clock, two weeks in turn: as many
long days and reduced rests as the law allows come first, then regular ones, then the weekly rest.
That is no loss to trips of as many days; on longer ones a day counts as long that need not be.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.runs.kernel_decorators import inner_kernel, kernel

TOLERANCE = 1e-9
"""Hours that count as nothing."""

DAY_H = 24.0
DAYS_A_WEEK = 7


class DrivingBan(NamedTuple):
    """Hours without driving on days of the week; bit ``d`` of ``days`` is day ``d`` from Monday."""

    days: int = 0
    from_h: float = 0.0
    until_h: float = 0.0


class DriverWeek(NamedTuple):
    """Days between weekly rests; no limits by the week where ``n_days`` is 0.

    ``day_h`` and ``rest_h`` are the regular ones. A week has ``n_days`` of them and the next
    ``n_next_days``, with ``hours`` and ``next_hours`` of driving at most. Drivers have not driven
    in it before their trips, or since Monday where ``begins_monday``.
    """

    n_days: int = 0
    n_next_days: int = 0
    hours: float = np.inf
    next_hours: float = np.inf
    n_long_days: int = 0
    long_day_h: float = 0.0
    day_h: float = 0.0
    n_reduced_rests: int = 0
    reduced_rest_h: float = 0.0
    rest_h: float = 0.0
    weekly_rest_h: float = 0.0
    begins_monday: bool = False


@kernel
def ban_ahead(clock_h: float, ban: DrivingBan) -> tuple[float, float]:
    """Begin and end of the ban that holds or comes next, hours; inf where there is none."""
    if ban.days == 0:
        return np.inf, np.inf
    today = int(np.floor(clock_h / DAY_H))
    for day in range(today, today + DAYS_A_WEEK + 1):
        if (ban.days >> (day % DAYS_A_WEEK)) & 1 == 0:
            continue
        if clock_h >= DAY_H * day + ban.until_h - TOLERANCE:
            continue
        last = day
        # From midnight to midnight bans of two days are one.
        while ban.until_h - ban.from_h >= DAY_H and (ban.days >> ((last + 1) % DAYS_A_WEEK)) & 1:
            last += 1
        return DAY_H * day + ban.from_h, DAY_H * last + ban.until_h
    return np.inf, np.inf


@inner_kernel
def until_ban_h(clock_h: float, ban: DrivingBan) -> float:
    """Hours that may be driven until a ban begins, 0 in one, inf where there is none."""
    return float(max(0.0, ban_ahead(clock_h, ban)[0] - clock_h))


@inner_kernel
def ban_wait_h(clock_h: float, ban: DrivingBan) -> float:
    """Hours that a truck stands until it may drive, 0 outside bans."""
    begin_h, end_h = ban_ahead(clock_h, ban)
    return float(end_h - clock_h) if clock_h >= begin_h - TOLERANCE else 0.0


@inner_kernel
def day_of_week(day: float, week: DriverWeek) -> int:
    """Days that a driver has driven in the present week, 0 to 5; from ``n_days`` on in the next."""
    return int(day) % (week.n_days + week.n_next_days)


@inner_kernel
def driven_before_h(day: int, week: DriverWeek) -> float:
    """Driving time on the days of the same week before a day, hours, where they are driven out."""
    since = day if day < week.n_days else day - week.n_days
    n_long = min(since, week.n_long_days)
    return float(n_long * week.long_day_h + (since - n_long) * week.day_h)


@inner_kernel
def day_drive_h(day: float, longest_h: float, week: DriverWeek) -> float:
    """Longest driving time on a day, hours; ``longest_h`` where there are no weeks."""
    if week.n_days == 0:
        return longest_h
    today = day_of_week(day, week)
    since = today if today < week.n_days else today - week.n_days
    of_day_h = week.long_day_h if since < week.n_long_days else week.day_h
    of_week_h = week.hours if today < week.n_days else week.next_hours
    return float(min(of_day_h, of_week_h - driven_before_h(today, week)))


@inner_kernel
def day_rest_h(day: float, shortest_h: float, week: DriverWeek) -> float:
    """Rest after a day, hours; ``shortest_h`` where there are no weeks."""
    if week.n_days == 0:
        return shortest_h
    today = day_of_week(day, week)
    if today in (week.n_days - 1, week.n_days + week.n_next_days - 1):
        return week.weekly_rest_h
    since = today if today < week.n_days else today - week.n_days
    return week.reduced_rest_h if since < week.n_reduced_rests else week.rest_h


@inner_kernel
def first_day(departure_h: float, week: DriverWeek) -> float:
    """Day of the driver's week on which a trip begins."""
    if week.n_days == 0 or not week.begins_monday:
        return 0.0
    day = int(np.floor(departure_h / DAY_H)) % DAYS_A_WEEK
    # Who sets out on a Sunday has had the weekly rest and begins the next week.
    return 0.0 if day == DAYS_A_WEEK - 1 else float(min(day, week.n_days - 1))


@inner_kernel
def leg_end_h(
    departure_h: float,
    first: int,
    last: int,
    drive_h: np.ndarray,
    stand_h: np.ndarray,
    ban: DrivingBan,
) -> float:
    """When a truck comes to the end of a leg on which it drives and stands in turn, hours.

    Parameters
    ----------
    departure_h : float
        When it could drive on, hours since Monday 00:00.
    first, last : int
        Rows of the leg's pieces.
    drive_h, stand_h : (n_pieces,) float64
        Driving, then standing of each piece, hours.
    """
    clock_h = departure_h
    for piece in range(first, last):
        left_h = drive_h[piece]
        while left_h > TOLERANCE:
            begin_h, end_h = ban_ahead(clock_h, ban)
            step_h = max(0.0, begin_h - clock_h)
            if left_h <= step_h + TOLERANCE:
                clock_h += left_h
                break
            left_h -= step_h
            clock_h = end_h
        clock_h += stand_h[piece]
    return clock_h


@kernel
def fill_leg_ends(
    departure_h: np.ndarray,
    leg: np.ndarray,
    piece_offset: np.ndarray,
    drive_h: np.ndarray,
    stand_h: np.ndarray,
    ban: DrivingBan,
    end_h: np.ndarray,
) -> None:
    """Fill when trucks come to the ends of their legs, hours, (n,)."""
    for row in range(len(leg)):
        first, last = piece_offset[leg[row]], piece_offset[leg[row] + 1]
        end_h[row] = leg_end_h(departure_h[row], first, last, drive_h, stand_h, ban)
