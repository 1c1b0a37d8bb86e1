"""The drivers' taste for the sites of plans that are already made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.routing.site_choice_kernel import gumbel_draw
from planner.runs.kernel_decorators import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.routing.corridor_kernel import Legs


@kernel(nogil=True)
def fill_tastes(
    legs: Legs,
    origin: NDArray[np.int64],
    destination: NDArray[np.int64],
    trip_id: NDArray[np.int64],
    stop_offset: NDArray[np.int64],
    stop_site_idx: NDArray[np.int32],
    corridor_detour_km: NDArray[np.float64],
    taste_key: np.uint64,
    site_hash: NDArray[np.uint64],
    taste: NDArray[np.float64],
) -> None:
    """Fill the perceived cost of each plan beyond its time, in scales of the draws.

    Parameters
    ----------
    origin, destination : (n_trips,) int64
        Rows of the legs.
    trip_id : (n_trips,) int64
    stop_offset : (n_trips + 1,) int64
    stop_site_idx : (n_stops,) int32
    corridor_detour_km : (n_widths,) float64
        Ascending.
    site_hash : (n_sites,) uint64
    taste : (n_trips,) float64
        Filled.
    """
    n_sites = len(site_hash)
    detour_km = np.empty(n_sites)
    for trip in range(len(trip_id)):
        first, last = stop_offset[trip], stop_offset[trip + 1]
        taste[trip] = 0.0
        if first == last:
            continue
        row, column = origin[trip], destination[trip]
        for site in range(n_sites):
            through_km = legs.from_origin_km[row, site] + legs.to_destination_km[column, site]
            detour_km[site] = through_km - legs.direct_km[row, column]
        longest_km = -np.inf
        liking = 0.0
        for stop in range(first, last):
            site = stop_site_idx[stop]
            longest_km = max(longest_km, detour_km[site])
            liking += gumbel_draw(taste_key, trip_id[trip], site_hash[site])
        width = 0
        while width + 1 < len(corridor_detour_km) and corridor_detour_km[width] < longest_km:
            width += 1
        best = -np.inf
        for site in range(n_sites):
            if detour_km[site] <= corridor_detour_km[width]:
                best = max(best, gumbel_draw(taste_key, trip_id[trip], site_hash[site]))
        taste[trip] = (last - first) * best - liking
