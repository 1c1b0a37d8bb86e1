"""Legs of planned trips: when they begin, what is driven on them, and how bans make them longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.driving_calendar_kernel import (
    DAY_H,
    DAYS_A_WEEK,
    DrivingBan,
    ban_ahead,
    fill_leg_ends,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.driving_kernel import Limits
    from planner.routing.stop_plans import StopPlans

_TOLERANCE_H = 1e-6


class Legs(NamedTuple):
    """Legs of which a driving ban may lie in the way; none where ``ban`` has no days.

    Parameters
    ----------
    piece_offset : (n_legs + 1,) int64
        Where the pieces of each leg begin.
    drive_h, stand_h : (n_pieces,) float64
        Driving, then standing of each piece, hours: for a break or rest as long as it must be, or
        for parking at the end of the leg.
    parking_h : float
        Leaving the road and parking at a stop, hours.
    """

    ban: DrivingBan
    piece_offset: NDArray[np.int64]
    drive_h: NDArray[np.float64]
    stand_h: NDArray[np.float64]
    parking_h: float

    def driven_h(self, leg: NDArray[np.int64]) -> NDArray[np.float64]:
        """Driving time of legs, hours, (n,)."""
        until_h = np.concatenate([[0.0], np.cumsum(self.drive_h)])
        driven_h: NDArray[np.float64] = (
            until_h[self.piece_offset[leg + 1]] - until_h[self.piece_offset[leg]]
        )
        return driven_h

    def banned_h(self, until_h: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hours of bans from Monday 00:00 until some times, (n,)."""
        ban, (weeks, hour) = self.ban, np.divmod(until_h, DAY_H * DAYS_A_WEEK)
        length_h = ban.until_h - ban.from_h
        days = [day for day in range(DAYS_A_WEEK) if (ban.days >> day) & 1]
        banned_h = weeks * length_h * len(days)
        for day in days:
            banned_h += np.clip(hour - DAY_H * day - ban.from_h, 0.0, length_h)
        return banned_h

    def ends_h(
        self, leg: NDArray[np.int64], departure_h: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """When trucks that may set out on these legs then come to their ends, hours, (n,)."""
        end_h = np.empty(len(leg))
        fill_leg_ends(
            departure_h, leg, self.piece_offset, self.drive_h, self.stand_h, self.ban, end_h
        )
        return end_h


NO_LEGS = Legs(DrivingBan(), np.zeros(1, np.int64), np.empty(0), np.empty(0), 0.0)
"""Where no ban lies in the way: legs last as long as planned."""


def leg_times(plans: StopPlans, limits: Limits) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When each leg begins by the plan, and its driving time, hours.

    Returns
    -------
    start_h, drive_h : (n_trips + n_stops,) float64
        In the order of ``plans.leg_offset``; NaN for unserved trips. Driving is without breaks,
        rests and parking at the stop.
    """
    leg_offset = plans.leg_offset
    drive_h, end_h = np.empty(leg_offset[-1]), np.empty(leg_offset[-1])
    is_first, is_last = (np.zeros(len(drive_h), dtype=np.bool_) for _ in range(2))
    is_first[leg_offset[:-1]], is_last[leg_offset[1:] - 1] = True, True
    drive_h[is_first] = plans.first_leg_h
    drive_h[~is_first] = plans.stop_next_leg_h
    end_h[is_last], end_h[~is_last] = plans.arrival_h, plans.stop_arrival_h
    start_h = end_h - drive_h
    leg = leg_offset[plans.unplugged_trip_idx] + plans.unplugged_leg
    held_h = limits.stop_cost_h + plans.unplugged_length_h
    drive_h[~is_last] -= limits.stop_cost_h
    return start_h, drive_h - np.bincount(leg, held_h, minlength=len(drive_h))


def legs_after_stops(plans: StopPlans, plan_stop_idx: NDArray[np.int64], limits: Limits) -> Legs:
    """Legs that begin at some stops, for trucks that may be later than planned.

    Parameters
    ----------
    plan_stop_idx : (n_legs,) int64
        Stops of the plans, ascending.
    """
    start_h, drive_h = leg_times(plans, limits)
    leg_offset, trip = plans.leg_offset, plans.unplugged_trip_idx
    leg = leg_offset[trip] + plans.unplugged_leg
    is_last = np.zeros(len(drive_h), dtype=np.bool_)
    is_last[leg_offset[1:] - 1] = True
    all_legs = np.arange(len(drive_h))
    # Pieces in the order of driving: breaks and rests as they come, then the way to the leg's end.
    piece_leg = np.concatenate([leg, all_legs])
    order = np.lexsort((np.repeat([0, 1], [len(leg), len(all_legs)]), piece_leg))
    piece_leg = piece_leg[order]
    until_h = np.concatenate([plans.unplugged_after_drive_h, drive_h])[order]
    before_h = np.roll(until_h, 1)
    before_h[np.searchsorted(piece_leg, all_legs)] = 0.0
    due_h = limits.stop_cost_h + _due_lengths_h(plans, limits, start_h, leg)
    stand_h = np.concatenate([due_h, np.where(is_last, 0.0, limits.stop_cost_h)])[order]
    stop_trip = np.searchsorted(plans.stop_offset, plan_stop_idx, side="right") - 1
    chosen = plan_stop_idx + stop_trip + 1
    first, last = (np.searchsorted(piece_leg, chosen, side=side) for side in ("left", "right"))
    offset = np.concatenate([[0], np.cumsum(last - first)])
    rows = np.arange(offset[-1]) + np.repeat(first - offset[:-1], last - first)
    drives_h = np.maximum(0.0, until_h - before_h)
    return Legs(limits.ban, offset, drives_h[rows], stand_h[rows], limits.stop_cost_h)


def _due_lengths_h(
    plans: StopPlans, limits: Limits, leg_start_h: NDArray[np.float64], leg: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How long unplugged breaks and rests must be, hours, (n_unplugged,).

    One that lasts to the end of a ban need not where the truck comes to it later: it then stands
    as long as it must, or until the ban begins where that is later.
    """
    due_h = plans.unplugged_length_h.copy()
    held_h = limits.stop_cost_h + plans.unplugged_length_h
    stood_before_h = np.concatenate([[0.0], np.cumsum(held_h)])[:-1]
    first_of_leg = np.searchsorted(leg, leg)
    stood_before_h -= stood_before_h[first_of_leg]
    begin_h = leg_start_h[leg] + plans.unplugged_after_drive_h + stood_before_h + limits.stop_cost_h
    shortest_break_h = min(limits.break_h, limits.second_part_h)
    for row in np.flatnonzero(due_h > shortest_break_h):
        end_h = begin_h[row] + due_h[row]
        ban_h = ban_ahead(end_h - _TOLERANCE_H, limits.ban)
        if abs(ban_h[1] - end_h) > _TOLERANCE_H:
            continue
        least_h = limits.rest_h if plans.unplugged_is_rest[row] else shortest_break_h
        due_h[row] = min(due_h[row], max(least_h, ban_h[0] - begin_h[row]))
    return due_h
