"""When trucks draw their energy: at full power from plug-in on, until all of it is in the battery.

Whatever cuts energy off at a moment or asks for power at one takes it from here: energy inside the
horizon, peaks of sites and of all sites, scores of layouts. The rest of the time at the charging
point draws nothing. Where a charging curve falls or rises, power is taken as its mean over each
fortieth of the battery: the energy and the length of each such stretch are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.simulation.drawn_energy_kernel import (
    Draws,
    fill_drawn,
    fill_power_between,
    fill_stretches,
)
from planner.simulation.occupancy import load_in_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.charging_curves import TripCurves
    from planner.simulation.occupancy import LoadInOrder


@dataclass(frozen=True)
class DrawnPower:
    """Power drawn in a time, each (n,): which session, from when to when, how much."""

    session: NDArray[np.int64]
    from_h: NDArray[np.float64]
    to_h: NDArray[np.float64]
    power_kw: NDArray[np.float64]

    @cached_property
    def in_order(self) -> LoadInOrder:
        """Its begins and ends in the order of time."""
        return load_in_order(self.from_h, self.to_h, self.power_kw)


class EnergyInSteps(NamedTuple):
    """Energy drawn by session and step of time, each (n,); a session has a row per step it is in.

    Parameters
    ----------
    step : int64
        Number of the step, from Monday 00:00.
    """

    session: NDArray[np.int64]
    step: NDArray[np.int64]
    energy_kwh: NDArray[np.float64]


def draws_at_full_power(
    energy_kwh: NDArray[np.float64],
    power_kw: float | NDArray[np.float64],
    plug_h: NDArray[np.float64],
) -> Draws:
    """Sessions at one power each.

    Parameters
    ----------
    energy_kwh : (n_sessions,) float64
        Energy charged, kWh, > 0.
    power_kw : float or (n_sessions,) float64
        Power until it is in the battery, kW, > 0.
    plug_h : (n_sessions,) float64
        Time at the charging point, hours; a session too short for its energy draws it over all of
        that time.
    """
    charging_h = np.minimum(energy_kwh / power_kw, plug_h)
    return Draws(np.arange(len(energy_kwh) + 1), charging_h, energy_kwh)


def draws_along_curves(
    curves: TripCurves,
    trip: NDArray[np.int64],
    kind: NDArray[np.int64],
    from_kwh: NDArray[np.float64],
    energy_kwh: NDArray[np.float64],
    plug_h: NDArray[np.float64],
) -> Draws:
    """Sessions along charging curves.

    Parameters
    ----------
    trip, kind : (n_sessions,) int64
        Truck and kind of charging point of each.
    from_kwh : (n_sessions,) float64
        Energy in the battery at plug-in, kWh.
    energy_kwh, plug_h : (n_sessions,) float64
        As for :func:`draws_at_full_power`.
    """
    sessions = curves.of_class, curves.class_idx[trip], kind, from_kwh, energy_kwh
    no_room = Draws(np.empty(len(trip) + 1, np.int64), np.empty(0), np.empty(0))
    fill_stretches(*sessions, no_room)
    n_stretches = int(no_room.offset[-1])
    draws = Draws(no_room.offset, np.empty(n_stretches), np.empty(n_stretches))
    fill_stretches(*sessions, draws)
    lasts_h = draws.until_h[draws.offset[1:] - 1]
    shorter = np.minimum(plug_h / lasts_h, 1.0)
    return draws._replace(until_h=draws.until_h * np.repeat(shorter, np.diff(draws.offset)))


def joined(one: Draws, other: Draws) -> Draws:
    """Sessions of both, one behind the other."""
    return Draws(
        np.concatenate([one.offset, one.offset[-1] + other.offset[1:]]),
        np.concatenate([one.until_h, other.until_h]),
        np.concatenate([one.until_kwh, other.until_kwh]),
    )


def chosen_draws(draws: Draws, session: NDArray[np.int64]) -> Draws:
    """Some sessions of them, in this order."""
    n_stretches = draws.offset[session + 1] - draws.offset[session]
    offset = np.concatenate([[0], np.cumsum(n_stretches)])
    behind_first = np.arange(offset[-1]) - np.repeat(offset[:-1], n_stretches)
    stretch = np.repeat(draws.offset[session], n_stretches) + behind_first
    return Draws(offset, draws.until_h[stretch], draws.until_kwh[stretch])


def drawn_between_kwh(
    draws: Draws,
    session: NDArray[np.int64],
    plug_in_h: NDArray[np.float64],
    start_h: float,
    end_h: float,
) -> NDArray[np.float64]:
    """Energy that sessions draw between two moments, kWh, >= 0, (n,).

    Parameters
    ----------
    session : (n,) int64
        Sessions, and when each begins, hours since Monday 00:00.
    """
    drawn_kwh = np.empty(len(session))
    fill_drawn(draws, session, plug_in_h, start_h, end_h, drawn_kwh)
    return drawn_kwh


def power_between(
    draws: Draws,
    session: NDArray[np.int64],
    plug_in_h: NDArray[np.float64],
    start_h: float,
    end_h: float,
) -> DrawnPower:
    """Stretches of power that sessions draw between two moments; parameters as for the energy."""
    most = int((draws.offset[session + 1] - draws.offset[session]).sum())
    row, (from_h, to_h, power_kw) = np.empty(most, np.int64), np.empty((3, most))
    n = fill_power_between(draws, session, plug_in_h, start_h, end_h, row, from_h, to_h, power_kw)
    return DrawnPower(row[:n], from_h[:n], to_h[:n], power_kw[:n])


def power_in_steps(drawn: DrawnPower, step_h: float) -> EnergyInSteps:
    """Cut stretches of power at the ends of steps of time.

    Parameters
    ----------
    step_h : float
        Length of a step, hours, > 0.
    """
    first = np.floor(drawn.from_h / step_h).astype(np.int64)
    n_steps = np.maximum(np.ceil(drawn.to_h / step_h).astype(np.int64) - first, 1)
    # A stretch of power that goes on over full steps has a part in each of them.
    stretch = np.repeat(np.arange(len(first)), n_steps)
    begin = np.cumsum(n_steps) - n_steps
    step = first[stretch] + np.arange(len(stretch)) - begin[stretch]
    part_h = np.minimum(drawn.to_h[stretch], (step + 1) * step_h) - np.maximum(
        drawn.from_h[stretch], step * step_h
    )
    return EnergyInSteps(drawn.session[stretch], step, drawn.power_kw[stretch] * part_h)
