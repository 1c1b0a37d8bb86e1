"""Energy that a session has drawn by a moment: the one rule for figures, queues and peaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.routing.truck_kernel import CURVE_ROWS, hours_to, slope_at
from planner.runs.kernel_decorators import inner_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


STRETCHES_OF_BATTERY = 40
"""Where a charging curve falls or rises, power is its mean over this part of the battery."""

_SLIVER_KWH = 1e-6
"""Energy that is no stretch of its own."""


class Draws(NamedTuple):
    """Power of sessions over time: stretches of constant power, one after the other from plug-in.

    Parameters
    ----------
    offset : (n_sessions + 1,) int64
        Where the stretches of each session begin.
    until_h : (n_stretches,) float64
        End of each stretch, hours since plug-in, ascending in a session.
    until_kwh : (n_stretches,) float64
        Energy drawn by then, kWh; at a session's last stretch all of it.
    """

    offset: NDArray[np.int64]
    until_h: NDArray[np.float64]
    until_kwh: NDArray[np.float64]


@inner_kernel
def drawn_by(draws: Draws, session: int, at_h: float) -> float:
    """Energy that a session has drawn by so many hours after plug-in, kWh; none before it."""
    begun_h, begun_kwh = 0.0, 0.0
    if at_h <= 0.0:
        return 0.0
    for stretch in range(draws.offset[session], draws.offset[session + 1]):
        ends_h, ends_kwh = draws.until_h[stretch], draws.until_kwh[stretch]
        if at_h < ends_h:
            share = (at_h - begun_h) / (ends_h - begun_h)
            return float(begun_kwh + (ends_kwh - begun_kwh) * share)
        begun_h, begun_kwh = ends_h, ends_kwh
    return begun_kwh


@kernel(nogil=True)
def fill_drawn(
    draws: Draws,
    session: NDArray[np.int64],
    plug_in_h: NDArray[np.float64],
    start_h: float,
    end_h: float,
    drawn_kwh: NDArray[np.float64],
) -> None:
    """Fill the energy that sessions draw between two moments, kWh, (n,).

    Parameters
    ----------
    session : (n,) int64
        Sessions, and when each begins, hours.
    """
    for row in range(len(session)):
        at = session[row]
        until_kwh = drawn_by(draws, at, end_h - plug_in_h[row])
        drawn_kwh[row] = until_kwh - drawn_by(draws, at, start_h - plug_in_h[row])


@kernel(nogil=True)
def fill_power_between(
    draws: Draws,
    session: NDArray[np.int64],
    plug_in_h: NDArray[np.float64],
    start_h: float,
    end_h: float,
    row: NDArray[np.int64],
    from_h: NDArray[np.float64],
    to_h: NDArray[np.float64],
    power_kw: NDArray[np.float64],
) -> int:
    """Fill stretches of power that sessions draw between two moments, and count them.

    Parameters
    ----------
    session : (n,) int64
        Sessions, and when each begins, hours.
    row : (n_stretches,) int64
        Filled with the position in ``session`` of each stretch.
    from_h, to_h, power_kw : (n_stretches,) float64
        Filled; there is room for all stretches, inside and outside.
    """
    n = 0
    for at in range(len(session)):
        since_h, since_kwh = 0.0, 0.0
        for stretch in range(draws.offset[session[at]], draws.offset[session[at] + 1]):
            until_h, until_kwh = draws.until_h[stretch], draws.until_kwh[stretch]
            begins_h = max(plug_in_h[at] + since_h, start_h)
            ends_h = min(plug_in_h[at] + until_h, end_h)
            if ends_h > begins_h:
                row[n], from_h[n], to_h[n] = at, begins_h, ends_h
                power_kw[n] = (until_kwh - since_kwh) / (until_h - since_h)
                n += 1
            since_h, since_kwh = until_h, until_kwh
    return n


@kernel(nogil=True)
def fill_energy_by_hour(
    place: NDArray[np.int32],
    from_h: NDArray[np.float64],
    to_h: NDArray[np.float64],
    power_kw: NDArray[np.float64],
    kwh: NDArray[np.float64],
) -> None:
    """Add up the energy of stretches of power by place and hour of the day, all days together.

    Parameters
    ----------
    place : (n,) int32
        Where each stretch is drawn.
    from_h, to_h, power_kw : (n,) float64
        From when to when, hours, from Monday 00:00 on, and how much, kW.
    kwh : (n_places, n_hours_a_day) float64
        Added to, kWh.
    """
    for stretch in range(len(place)):
        hour = int(np.floor(from_h[stretch]))
        while hour < to_h[stretch]:
            part_h = min(to_h[stretch], hour + 1.0) - max(from_h[stretch], float(hour))
            kwh[place[stretch], hour % kwh.shape[1]] += power_kw[stretch] * part_h
            hour += 1


@inner_kernel
def stretches_along(
    curve: NDArray[np.float64],
    kind: int,
    from_kwh: float,
    charged_kwh: float,
    first: int,
    until_h: NDArray[np.float64],
    until_kwh: NDArray[np.float64],
) -> int:
    """Count the stretches of a session along a charging curve; write them where there is room.

    Each ends at the very moment at which its energy is in the battery.

    Parameters
    ----------
    kind : int
        Kind of the charging point.
    from_kwh : float
        Energy in the battery at plug-in.
    first : int
        Where its stretches begin in ``until_h`` and ``until_kwh``.
    """
    n = len(curve) // CURVE_ROWS
    step_kwh = curve[n - 1] / STRETCHES_OF_BATTERY
    begun_h, at_kwh, to_kwh = hours_to(curve, kind, from_kwh), from_kwh, from_kwh + charged_kwh
    segment, count = 0, 0
    while at_kwh < to_kwh:
        while segment < n - 2 and curve[segment + 1] <= at_kwh + _SLIVER_KWH:
            segment += 1
        next_kwh = curve[segment + 1]
        if slope_at(curve, kind, segment) != 0.0:
            next_kwh = min(next_kwh, at_kwh + step_kwh)
        if next_kwh >= to_kwh - _SLIVER_KWH or next_kwh <= at_kwh:
            next_kwh = to_kwh
        if first + count < len(until_h):
            until_h[first + count] = hours_to(curve, kind, next_kwh) - begun_h
            until_kwh[first + count] = next_kwh - from_kwh
        count += 1
        at_kwh = next_kwh
    return count


@kernel
def fill_stretches(
    curves: NDArray[np.float64],
    curve_idx: NDArray[np.int64],
    kind: NDArray[np.int64],
    from_kwh: NDArray[np.float64],
    charged_kwh: NDArray[np.float64],
    draws: Draws,
) -> None:
    """Fill the stretches of sessions; without room for any, ``offset`` alone."""
    draws.offset[0] = 0
    for row in range(len(from_kwh)):
        draws.offset[row + 1] = draws.offset[row] + stretches_along(
            curves[curve_idx[row]],
            kind[row],
            from_kwh[row],
            charged_kwh[row],
            draws.offset[row],
            draws.until_h,
            draws.until_kwh,
        )
