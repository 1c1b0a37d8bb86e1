"""Trips that no sequence of sites can serve, told from lengths and full batteries alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.stop_planner_kernel import TripRows

ROUNDING_KWH = 1e-3
"""Far more than kernels leave to rounding."""


class LeastKm(NamedTuple):
    """Least lengths between ends and sites, past any other sites, km.

    ``direct`` (n_origins, n_destinations), ``from_origin`` (n_origins, n_sites),
    ``to_destination`` (n_destinations, n_sites), ``between`` (n_sites, n_sites). All sites count as
    places to turn, also those that are closed: so they are lower bounds.
    """

    direct: NDArray[np.float64]
    from_origin: NDArray[np.float64]
    to_destination: NDArray[np.float64]
    between: NDArray[np.float64]


@kernel
def are_out_of_range(
    pair_of_trip: NDArray[np.int64],
    trips: TripRows,
    least: LeastKm,
    is_closed: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Trips that cannot be driven though the truck leaves each site with a full battery.

    Parameters
    ----------
    pair_of_trip : (n_trips,) int64
    is_closed : (n_sites,) bool
        Sites that no truck goes to.

    Returns
    -------
    (n_trips,) bool
        False proves nothing: charging may end before the battery is full.
    """
    n_sites = len(is_closed)
    is_out = np.zeros(len(pair_of_trip), np.bool_)
    is_seen = np.empty(n_sites, np.bool_)
    to_do = np.empty(n_sites, np.int64)
    for trip in range(len(pair_of_trip)):
        pair = pair_of_trip[trip]
        origin, destination = trips.pair_origin[pair], trips.pair_destination[pair]
        battery_kwh, min_kwh, kwh_per_km = (
            trips.truck[trip, 0],
            trips.truck[trip, 1],
            trips.truck[trip, 2],
        )
        start_kwh = trips.initial_kwh[trip] + ROUNDING_KWH
        if trips.abroad_before_km[trip] > 0.0:  # it charges before the border
            start_kwh = battery_kwh + ROUNDING_KWH
        first_km = (start_kwh - min(trips.floor_kwh[trip], min_kwh)) / kwh_per_km
        next_km = (battery_kwh + ROUNDING_KWH - min_kwh) / kwh_per_km
        last_km = (battery_kwh + ROUNDING_KWH - trips.required_kwh[trip]) / kwh_per_km
        direct_km = least.direct[origin, destination]
        if direct_km <= (start_kwh - trips.required_kwh[trip]) / kwh_per_km:
            continue
        n_to_do = 0
        for site in range(n_sites):
            is_seen[site] = is_closed[site]
            if not is_closed[site] and least.from_origin[origin, site] <= first_km:
                is_seen[site] = True
                to_do[n_to_do] = site
                n_to_do += 1
        is_out[trip] = True
        while n_to_do > 0:
            n_to_do -= 1
            place = to_do[n_to_do]
            if least.to_destination[destination, place] <= last_km:
                is_out[trip] = False
                break
            for site in range(n_sites):
                if not is_seen[site] and least.between[place, site] <= next_km:
                    is_seen[site] = True
                    to_do[n_to_do] = site
                    n_to_do += 1
    return is_out
