"""Trucks at the border: their state when they enter the road graph, and what they charged there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.border_entry_kernel import fill_entry_states

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.demand.trips import Trips
    from planner.routing.drivers import Drivers


def entry_states(
    trips: Trips, entry_h: NDArray[np.float64], drivers: Drivers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """States in which trucks enter the road graph, and the energy charged right before it.

    Parameters
    ----------
    entry_h : (n_trips,) float64
        When they enter it by their plans, hours since Monday 00:00. A truck that comes later than
        its way from abroad takes has charged before the border for the time between.
    drivers : Drivers
        Those that the plans are made with.

    Returns
    -------
    state : (n_trips, 3) float64
        Energy, kWh, and driving since the last break and the last daily rest, hours.
    charged_kwh : (n_trips,) float64
        Energy charged right before the border because nothing could be reached without, kWh;
        what is charged farther away, in breaks and rests abroad, is not in it.
    """
    trucks = drivers.trucks(trips)
    state = np.zeros((trips.n_trips, 3))
    state[:, 0] = trips.initial_soc_share * trucks[:, 0]
    charged_kwh = np.zeros(trips.n_trips)
    fill_entry_states(
        trucks,
        trips.departure_h,
        trips.abroad_before_km,
        np.asarray(entry_h, np.float64),
        drivers.limits,
        state,
        charged_kwh,
    )
    return state, charged_kwh
