"""What of simulated stops lies inside the horizon: joining and arriving, time, energy, power."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.simulation.drawn_energy import drawn_between_kwh, power_between
from planner.simulation.queues import ALL_STOPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.simulation.drawn_energy import DrawnPower
    from planner.simulation.queues import ChargingDemand, QueueResult


class InsideHorizon(NamedTuple):
    """What all figures of simulated stops ask for, once for all of them, each (n,).

    Parameters
    ----------
    joins : bool
        Whether the truck joins the queue it is served from inside the horizon.
    wait_h : float64
        How long it waits, hours, >= 0.
    hours_h, energy_kwh : float64
        Time at the charging point and energy inside the horizon, hours and kWh, >= 0.
    """

    joins: NDArray[np.bool_]
    wait_h: NDArray[np.float64]
    hours_h: NDArray[np.float64]
    energy_kwh: NDArray[np.float64]


def inside_horizon(
    demand: ChargingDemand, result: QueueResult, stop: NDArray[np.int64] | slice = ALL_STOPS
) -> InsideHorizon:
    """What of stops lies inside the horizon.

    Parameters
    ----------
    stop : (n,) int64 or slice
        Which stops of the demand those of the result are.
    """
    return InsideHorizon(
        joins_inside_horizon(demand, result),
        result.wait_h,
        hours_inside_horizon(demand, result),
        energy_inside_horizon(demand, result, stop),
    )


def joins_inside_horizon(demand: ChargingDemand, result: QueueResult) -> NDArray[np.bool_]:
    """Stops whose truck joins the queue it is served from inside the horizon, (n_stops,)."""
    return _is_inside(demand, result.queue_h)


def arrives_inside_horizon(demand: ChargingDemand, result: QueueResult) -> NDArray[np.bool_]:
    """Stops whose truck arrives at the site inside the horizon, (n_stops,)."""
    return _is_inside(demand, result.arrival_h)


def _is_inside(demand: ChargingDemand, time_h: NDArray[np.float64]) -> NDArray[np.bool_]:
    inside: NDArray[np.bool_] = (time_h >= demand.start_h) & (
        time_h < demand.start_h + demand.horizon_h
    )
    return inside


def hours_inside_horizon(demand: ChargingDemand, result: QueueResult) -> NDArray[np.float64]:
    """Time at the charging point that falls inside the horizon, hours, >= 0, (n_stops,)."""
    start_h, end_h = demand.counted_h
    inside_h = np.minimum(result.release_h, end_h)
    inside_h -= np.maximum(result.plug_in_h, start_h)
    return np.maximum(inside_h, 0.0, out=inside_h)


def energy_inside_horizon(
    demand: ChargingDemand, result: QueueResult, stop: NDArray[np.int64] | slice = ALL_STOPS
) -> NDArray[np.float64]:
    """Energy that each stop of the result draws inside the horizon, kWh, >= 0, (n,)."""
    return drawn_between_kwh(
        demand.draws, draw_of_stop(demand, result, stop), result.plug_in_h, *demand.counted_h
    )


def drawn_power(
    demand: ChargingDemand, result: QueueResult, stop: NDArray[np.int64] | slice = ALL_STOPS
) -> DrawnPower:
    """Stretches of power that stops draw inside the horizon; a session is a stop of the result."""
    return power_between(
        demand.draws, draw_of_stop(demand, result, stop), result.plug_in_h, *demand.counted_h
    )


def draw_of_stop(
    demand: ChargingDemand, result: QueueResult, stop: NDArray[np.int64] | slice = ALL_STOPS
) -> NDArray[np.int64]:
    """Where the power of stops, as they were served, stands in the demand's draws, (n,).

    Parameters
    ----------
    stop : (n,) int64 or slice
        Which stops of the demand those of the result are.
    """
    n_stops = demand.n_stops
    draw = np.arange(n_stops)[stop]
    draw[np.flatnonzero(result.is_lpc_rejected)] += n_stops
    return draw
